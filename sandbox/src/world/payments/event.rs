//! What the merchant hears of a payment.

use serde_json::{Value, json};

use super::Payment;
use crate::world::call::{overlay, pick};
use crate::world::settlements::Charges;
use crate::world::{World, clock, money};

impl World {
    pub(super) fn emit_payment(&mut self, kind: &str, at: usize) {
        let payment = &self.payments[at];
        let order = &self.orders[payment.order];
        let mut shown = self.payment_entity(at);
        shown["payment_method"] = payment.method_event();
        let customer = ["customer_name", "customer_id", "customer_email", "customer_phone"];
        let mut data = json!({
            "order": self.event_order(payment.order),
            "payment": shown,
            "customer_details": pick(order.customer(), &customer),
            "payment_gateway_details": payment.gateway(),
            "payment_offers": self.offers_entity(at),
            "terminal_details": self.terminal_details(order.terminal),
        });
        if let Some(failure) = &payment.failure {
            data["error_details"] = failure.details();
        }
        self.emit_of_order(kind, payment.order, data);
    }

    pub(super) fn event_order(&self, order: usize) -> Value {
        let order = &self.orders[order];
        json!({
            "order_id": order.id,
            "order_amount": money::number(order.amount),
            "order_currency": order.currency,
            "order_tags": order.request["order_tags"],
            "order_note": order.request["order_note"],
        })
    }

    /// What a captured payment cost.
    pub(crate) fn charges_known(&mut self, at: usize) {
        let payment = &self.payments[at];
        let Some(captured) = payment.captured else { return };
        let charges = Charges::of(captured);
        let data = json!({
            "order": self.event_order(payment.order),
            "payment": {
                "cf_payment_id": payment.number.to_string(),
                "payment_status": payment.status.as_str(),
                "payment_amount": money::number(payment.amount),
                "payment_currency": self.orders[payment.order].currency,
                "payment_group": payment.method.group,
                "payment_time": clock::write(payment.started),
                "payment_service_charge": money::number(charges.fee),
                "payment_service_tax": money::number(charges.tax),
            },
        });
        self.emit_of_order("PAYMENT_CHARGES_WEBHOOK", payment.order, data);
    }
}

impl Payment {
    /// Events call some methods by other names than the API, and know EMI by card as a card.
    fn method_event(&self) -> Value {
        let mut details = self.method.details.clone();
        let key = match self.method.key {
            "emi" => "card",
            "paylater" => "pay_later",
            key => key,
        };
        match key {
            "netbanking" => {
                details["netbanking_bank_code"] = json!(details["netbanking_bank_code"].to_string());
            }
            "app" => overlay(&mut details, json!({ "upi_id": null })),
            _ => {}
        }
        json!({ key: details })
    }
}
