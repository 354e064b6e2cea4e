//! A payment as the API shows it.

use serde_json::{Value, json};

use super::{Payment, PaymentStatus};
use crate::world::{World, clock, money};

impl World {
    pub(crate) fn payment_entity(&self, at: usize) -> Value {
        let payment = &self.payments[at];
        let order = &self.orders[payment.order];
        json!({
            "cf_payment_id": payment.number.to_string(),
            "order_id": order.id,
            "entity": "payment",
            "error_details": payment.failure.as_ref().map(|failure| failure.details()),
            "is_captured": payment.captured.is_some(),
            "order_amount": money::number(order.amount),
            "order_currency": order.currency,
            "payment_group": payment.method.group,
            "payment_currency": order.currency,
            "payment_amount": money::number(payment.amount),
            "payment_time": clock::write(payment.started),
            "payment_completion_time": payment.completed.map(clock::write),
            "payment_status": payment.status.as_str(),
            "payment_message": payment.message,
            "bank_reference": payment.bank_reference,
            "auth_id": payment.auth_id(),
            "authorization": payment.authorization_entity(),
            "payment_method": payment.method_entity(),
            "international_payment": { "international": false },
            "payment_gateway_details": payment.gateway(),
            "payment_surcharge": payment.surcharge,
            "payment_offers": self.offers_entity(at),
        })
    }

    /// What the pages show of a payment.
    pub(crate) fn payment_summary(&self, at: usize) -> Value {
        let payment = &self.payments[at];
        json!({
            "cf_payment_id": payment.number.to_string(), "payment_status": payment.status.as_str(),
            "payment_amount": money::number(payment.amount), "payment_group": payment.method.group,
            "is_open": payment.status.is_open(), "is_captured": payment.captured.is_some(),
            "captured": payment.captured.map(money::number),
            "left": money::number(self.refundable(at)),
            "order_id": self.orders[payment.order].id,
            "error_code": payment.failure.as_ref().map(|failure| failure.code()),
        })
    }
}

impl Payment {
    /// The method under its key.
    fn method_entity(&self) -> Value {
        json!({ self.method.key: self.method.details })
    }

    /// Banks give card payments a number of their own.
    pub(super) fn auth_id(&self) -> Option<String> {
        let decided = matches!(self.status, PaymentStatus::Success | PaymentStatus::Void);
        (decided && self.method.is_card()).then(|| format!("{:06}", self.number * 7 % 1_000_000))
    }

    pub(super) fn gateway(&self) -> Value {
        json!({
            "gateway_name": "CASHFREE",
            "gateway_order_id": self.number.to_string(),
            "gateway_payment_id": self.number.to_string(),
            "gateway_order_reference_id": "null",
            "gateway_status_code": null,
            "gateway_settlement": "CASHFREE",
            "gateway_reference_name": null,
        })
    }
}
