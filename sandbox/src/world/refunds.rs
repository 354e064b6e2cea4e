//! Refunds: of a paid order, in parts, never more than was paid.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Call, World, amount};
use crate::clock::{self, Time};
use crate::money;
use crate::problem::Problem;

#[derive(Debug)]
pub(crate) struct Refund {
    number: u64,
    id: String,
    pub(crate) order: String,
    payment: u64,
    pub(crate) amount: Decimal,
    status: &'static str,
    speed: String,
    automatic: bool,
    created: Time,
    processed: Option<Time>,
    request: Value,
}

impl World {
    pub(super) fn create_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?.id.clone();
        let id = call.text("refund_id").unwrap_or_default();
        if self.refunds.iter().any(|refund| refund.order == order && refund.id == id) {
            return Err(Problem::conflict("refund_already_exists", "refund with same id is already present"));
        }
        let captured = |one: &&super::Payment| one.order == order && one.status == "SUCCESS";
        let Some((payment, paid)) = self
            .payments
            .values()
            .filter(captured)
            .filter(|payment| !self.refunds.iter().any(|one| one.automatic && one.payment == payment.id))
            .find_map(|payment| Some((payment.id, payment.captured?)))
        else {
            return Err(Problem::invalid("order_id_not_paid", "order has no captured payment to refund"));
        };
        let wanted = amount(&call.body["refund_amount"]);
        let left = paid - self.refunded(payment);
        if wanted <= Decimal::ZERO || wanted > left {
            let message = format!(
                "refund_amount : should be greater than 0 and at most {left}, the amount not yet refunded. Value received: {wanted}"
            );
            return Err(Problem::invalid("refund_amount_invalid", message));
        }
        let refund = Refund {
            number: self.next_id(),
            id,
            order,
            payment,
            amount: wanted,
            status: "PENDING",
            speed: call.text("refund_speed").unwrap_or_else(|| "STANDARD".to_owned()),
            automatic: false,
            created: self.now(),
            processed: None,
            request: call.body.clone(),
        };
        let answer = self.refund_entity(&refund);
        self.refunds.push(refund);
        // The answer says PENDING, as the real one does; the bank is quick here, and the webhook tells.
        self.process_refund(self.refunds.len() - 1);
        Ok(answer)
    }

    /// What has been, or is being, given back of a payment.
    fn refunded(&self, payment: u64) -> Decimal {
        let of_payment = |refund: &&Refund| refund.payment == payment && refund.status != "CANCELLED";
        self.refunds.iter().filter(of_payment).map(|refund| refund.amount).sum()
    }

    /// Gives back a payment that the order had no use for.
    pub(super) fn auto_refund(&mut self, payment: u64) {
        let Some(paid) = self.payments.get(&payment) else { return };
        let (order, amount) = (paid.order.clone(), paid.amount);
        let number = self.next_id();
        let created = self.now();
        self.refunds.push(Refund {
            number,
            id: format!("auto_refund_{number}"),
            order,
            payment,
            amount,
            status: "PENDING",
            speed: "STANDARD".to_owned(),
            automatic: true,
            created,
            processed: None,
            request: Value::Null,
        });
        self.process_refund(self.refunds.len() - 1);
    }

    fn process_refund(&mut self, index: usize) {
        let now = self.now();
        let Some(refund) = self.refunds.get_mut(index) else { return };
        refund.status = "SUCCESS";
        refund.processed = Some(now);
        let order = refund.order.clone();
        let refund = &self.refunds[index];
        let (kind, data) = if refund.automatic {
            ("AUTO_REFUND_STATUS_WEBHOOK", self.auto_refund_event(refund))
        } else {
            ("REFUND_STATUS_WEBHOOK", self.refund_event(refund))
        };
        self.emit(kind, &order, data);
    }

    pub(super) fn fetch_refunds(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?.id.clone();
        let of_order = self.refunds.iter().filter(|refund| refund.order == order);
        Ok(of_order.map(|refund| self.refund_entity(refund)).collect())
    }

    pub(super) fn fetch_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?.id.clone();
        let id = call.path("refund_id");
        let found = self.refunds.iter().find(|refund| refund.order == order && refund.id == id);
        found
            .map(|refund| self.refund_entity(refund))
            .ok_or_else(|| Problem::not_found("refund_get_not_found", "refund does not exist"))
    }

    pub(super) fn refund_entity(&self, refund: &Refund) -> Value {
        json!({
            "cf_payment_id": refund.payment.to_string(),
            "cf_refund_id": refund.number.to_string(),
            "order_id": refund.order,
            "refund_id": refund.id,
            "entity": "refund",
            "refund_amount": money::number(refund.amount),
            "refund_currency": self.currency(&refund.order),
            "refund_note": refund.request["refund_note"],
            "refund_status": refund.status,
            "refund_arn": refund.arn(),
            "refund_charge": money::number(Decimal::ZERO),
            "status_description": refund.description(),
            "metadata": null,
            "refund_splits": refund.splits(),
            "refund_type": if refund.automatic { "PAYMENT_AUTO_REFUND" } else { "MERCHANT_INITIATED" },
            "refund_mode": refund.speed,
            "created_at": clock::write(refund.created),
            "processed_at": refund.processed.map(clock::write),
            "refund_speed": {
                "requested": refund.speed,
                "accepted": refund.speed,
                "processed": refund.processed.map(|_| &refund.speed),
                "message": null,
            },
            "forex_conversion_handling_charge": null,
            "forex_conversion_handling_tax": null,
            "forex_conversion_rate": null,
            "charges_currency": null,
        })
    }

    fn currency(&self, order: &str) -> &str {
        self.orders.get(order).map_or("INR", |order| order.currency.as_str())
    }

    fn refund_event(&self, refund: &Refund) -> Value {
        let splits: Vec<Value> = crate::spec::items(&refund.splits())
            .map(|split| {
                json!({
                    "merchantVendorId": split["vendor_id"], "amount": split["amount"],
                    "percentage": split["percentage"],
                })
            })
            .collect();
        let zero = money::number(Decimal::ZERO);
        json!({
            "refund": {
                "cf_refund_id": refund.number,
                "cf_payment_id": refund.payment,
                "refund_id": refund.id,
                "order_id": refund.order,
                "refund_amount": money::number(refund.amount),
                "refund_currency": self.currency(&refund.order),
                "entity": "Refund",
                "refund_type": "MERCHANT_INITIATED",
                "refund_arn": refund.arn(),
                "refund_status": refund.status,
                "status_description": refund.description(),
                "created_at": clock::write(refund.created),
                "processed_at": refund.processed.map(clock::write),
                "refund_note": refund.request["refund_note"],
                "refund_splits": splits,
                "metadata": null,
                "refund_charge": zero,
                "refund_mode": refund.speed,
                "requested_speed": refund.speed,
                "processed_speed": refund.speed,
                "service_charge": zero,
                "service_tax": zero,
            },
            "terminalDetails": null,
        })
    }

    fn auto_refund_event(&self, refund: &Refund) -> Value {
        json!({
            "auto_refund": {
                "event": "AUTO-REFUND",
                "cf_refund_id": refund.number,
                "cf_payment_id": refund.payment.to_string(),
                "bank_reference": self.payments.get(&refund.payment).and_then(|one| one.bank_reference.clone()),
                "order_id": refund.order,
                "refund_amount": money::number(refund.amount),
                "refund_currency": self.currency(&refund.order),
                "refund_type": "PAYMENT_AUTO_REFUND",
                "refund_arn": refund.arn(),
                "refund_status": refund.status,
                "status_description": "Auto-Refund processed successfully",
                "refund_reason": "Multiple payments were performed against same order.",
                "created_at": clock::write(refund.created),
                "processed_at": refund.processed.map(clock::write),
                "refund_charge": money::number(Decimal::ZERO),
                "refund_splits": null,
                "metadata": null,
            },
        })
    }
}

impl Refund {
    pub(super) fn payment(&self) -> u64 {
        self.payment
    }

    fn arn(&self) -> Option<String> {
        self.processed.map(|_| format!("{}", 205_900_000_000 + self.number % 1_000_000_000))
    }

    fn description(&self) -> &'static str {
        if self.processed.is_some() { "Refund processed successfully" } else { "In Progress" }
    }

    fn splits(&self) -> Value {
        match &self.request["refund_splits"] {
            Value::Null => json!([]),
            splits => splits.clone(),
        }
    }
}
