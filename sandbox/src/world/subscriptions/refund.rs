//! Refunds of a subscription's payments: each through its own subscription, never more than was paid.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::ChargeStatus;
use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount};
use crate::world::ledger::{Entry, Kind};
use crate::world::payments::payment_not_found;
use crate::world::refunds::{RefundEvent, RefundStatus};
use crate::world::{World, money};

#[derive(Debug)]
pub(crate) struct ChargeRefund {
    id: String,
    number: String,
    charge: usize,
    amount: Decimal,
    status: RefundStatus,
    speed: String,
    note: Value,
    version: &'static str,
}

impl World {
    pub(crate) fn create_subscription_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let subscription = self.subscription(call.path("subscription_id"))?;
        let id = call.text("refund_id").unwrap_or_default();
        if self.charge_refunds.find(&key(subscription, &id)).is_some() {
            let message = "subscription refund with same id is already present";
            return Err(Problem::conflict("subscription_refund_already_exists", message));
        }
        let by_id = call.text("payment_id").and_then(|id| self.charges.find(&id));
        let by_number = || call.text("cf_payment_id").and_then(|id| self.charges.find_alias(&id));
        let charge = by_id.or_else(by_number);
        let charge = charge.filter(|at| self.charges[*at].subscription == subscription);
        let charge = charge.ok_or_else(payment_not_found)?;
        let wanted = amount(&call.body["refund_amount"]);
        let left = self.charges[charge].amount - self.charges[charge].refunded;
        let paid = self.charges[charge].status == ChargeStatus::Success;
        if !paid || wanted <= Decimal::ZERO || wanted > left {
            let rule = "should be at most what was paid and not yet refunded";
            return Err(Problem::member("refund_amount", rule, &call.body["refund_amount"]));
        }
        let refund = ChargeRefund {
            number: format!("SUB_{}", self.ids.uuid()),
            charge,
            amount: wanted,
            status: RefundStatus::Pending,
            speed: call.text("refund_speed").unwrap_or_else(|| "STANDARD".to_owned()),
            note: call.body["refund_note"].clone(),
            version: call.spec.version,
            id,
        };
        let at = self.add_charge_refund(subscription, refund);
        let answer = self.charge_refund_entity(at);
        if let Some(event) = RefundEvent::asked_by(&call.body["refund_note"]) {
            self.charge_refund_event(at, event);
        }
        Ok(answer)
    }

    fn add_charge_refund(&mut self, subscription: usize, refund: ChargeRefund) -> usize {
        self.charges[refund.charge].refunded += refund.amount;
        let (key, number) = (key(subscription, &refund.id), refund.number.clone());
        let at = self.charge_refunds.insert(key, refund);
        self.charge_refunds.alias(number, at);
        at
    }

    /// The payer gets back what the authorisation took, where that was agreed.
    pub(super) fn refund_auth(&mut self, charge: usize) {
        let (subscription, amount) = (self.charges[charge].subscription, self.charges[charge].amount);
        if amount <= Decimal::ZERO {
            return;
        }
        let refund = ChargeRefund {
            id: format!("auth_{}", self.charges[charge].number),
            number: format!("SUB_{}", self.ids.uuid()),
            charge,
            amount,
            status: RefundStatus::Pending,
            speed: "STANDARD".to_owned(),
            note: json!("authorisation"),
            version: self.charges[charge].version,
        };
        let at = self.add_charge_refund(subscription, refund);
        self.charge_refund_event(at, RefundEvent::Process);
    }

    /// What happens to a refund of a charge happens here, if it can.
    fn charge_refund_event(&mut self, at: usize, event: RefundEvent) -> bool {
        let Some(next) = self.charge_refunds[at].status.next(event) else { return false };
        let refund = &mut self.charge_refunds[at];
        refund.status = next;
        let (charge, amount, number) = (refund.charge, refund.amount, refund.number.clone());
        match next {
            RefundStatus::Success => {
                let entry = Entry::new(self.now(), Kind::Refunded, amount, number).of_charge(charge);
                self.ledger_add(entry);
            }
            RefundStatus::Failed | RefundStatus::Cancelled => self.charges[charge].refunded -= amount,
            _ => {}
        }
        if !matches!(next, RefundStatus::Pending | RefundStatus::Active) {
            self.emit_charge_refund(at);
        }
        true
    }

    /// Decides a refund that waits: what its bank does.
    pub(crate) fn decide_charge_refund(
        &mut self,
        number: &str,
        status: &str,
    ) -> Option<Result<Value, Problem>> {
        let at = self.charge_refunds.find_alias(number)?;
        let event = RefundEvent::to(status);
        if !event.is_some_and(|event| self.charge_refund_event(at, event)) {
            let message =
                format!("a refund that is {} cannot become {status}", self.charge_refunds[at].status);
            return Some(Err(Problem::invalid("refund_invalid", message)));
        }
        Some(Ok(self.charge_refund_entity(at)))
    }

    pub(crate) fn fetch_subscription_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let subscription = self.subscription(call.path("subscription_id"))?;
        let missing = || Problem::not_found("refund_get_not_found", "subscription refund does not exist");
        let at = self.charge_refunds.find(&key(subscription, call.path("refund_id"))).ok_or_else(missing)?;
        Ok(self.charge_refund_entity(at))
    }

    fn charge_refund_entity(&self, at: usize) -> Value {
        let refund = &self.charge_refunds[at];
        let charge = &self.charges[refund.charge];
        json!({
            "payment_id": charge.id, "cf_payment_id": charge.number.to_string(),
            "refund_id": refund.id, "cf_refund_id": refund.number,
            "refund_amount": money::number(refund.amount), "refund_note": refund.note,
            "refund_speed": refund.speed, "refund_status": refund.status.as_str(),
        })
    }

    fn emit_charge_refund(&mut self, at: usize) {
        let refund = &self.charge_refunds[at];
        let charge = &self.charges[refund.charge];
        let gateway = json!({
            "gateway_name": "CASHFREE", "gateway_payment_id": charge.number.to_string(),
            "gateway_refund_id": refund.number,
        });
        let mut data = self.charge_refund_entity(at);
        data["failure_details"] =
            if refund.status == RefundStatus::Failed { json!("refused by the bank") } else { Value::Null };
        data["refund_gateway_details"] = gateway.clone();
        data["payment_gateway_details"] = gateway;
        self.emit("SUBSCRIPTION_REFUND_STATUS", refund.version, None, data);
    }
}

/// Refunds are named within their subscription.
fn key(subscription: usize, id: &str) -> String {
    format!("{subscription}/{id}")
}
