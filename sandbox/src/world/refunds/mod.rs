//! Refunds: of a paid order, in parts, never more than was captured.

mod entity;
mod state;

use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(crate) use state::{RefundEvent, RefundStatus};

use super::World;
use super::call::{Call, amount, text};
use super::clock::Time;
use super::ledger::{Entry, Kind};
use super::vendors::{Share, parts};
use crate::gateway::problem::Problem;

#[derive(Debug)]
pub(crate) struct Refund {
    number: u64,
    id: String,
    order: usize,
    payment: usize,
    amount: Decimal,
    status: RefundStatus,
    speed: String,
    automatic: bool,
    created: Time,
    processed: Option<Time>,
    shares: Vec<Share>,
    request: Value,
}

impl World {
    pub(super) fn create_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let id = call.text("refund_id").unwrap_or_default();
        if self.refunds.find(&key(order, &id)).is_some() {
            return Err(Problem::conflict("refund_already_exists", "refund with same id is already present"));
        }
        if self.orders[order].voided {
            return Err(Problem::invalid("order_id_voided", "the order's payment was voided"));
        }
        let paid = self.orders[order].paid_by.filter(|payment| self.payments[*payment].captured.is_some());
        let Some(payment) = paid else {
            return Err(Problem::invalid("order_id_not_paid", "order has no captured payment to refund"));
        };
        let wanted = amount(&call.body["refund_amount"]);
        let left = self.refundable(payment);
        if wanted <= Decimal::ZERO || wanted > left {
            let rule = format!("should be greater than 0 and at most {left}, the amount not yet refunded");
            return Err(Problem::member("refund_amount", &rule, &call.body["refund_amount"]));
        }
        let shares = self.shares(&call.body["refund_splits"], wanted)?;
        self.must_be_shared(&shares, order, wanted)?;
        let speed = call.text("refund_speed").unwrap_or_else(|| "STANDARD".to_owned());
        let at = self.add_refund(order, payment, wanted, id, (speed, false, shares, call.body.clone()));
        // The answer says PENDING, as the real one does; the bank is quick here, and the webhook tells.
        let answer = self.refund_entity(at);
        if let Some(event) = RefundEvent::asked_by(&call.body["refund_note"]) {
            self.refund_event(at, event);
        }
        Ok(answer)
    }

    fn add_refund(
        &mut self,
        order: usize,
        payment: usize,
        amount: Decimal,
        id: String,
        (speed, automatic, shares, request): (String, bool, Vec<Share>, Value),
    ) -> usize {
        let number = self.ids.number();
        let id = if automatic { format!("auto_refund_{number}") } else { id };
        let (created, processed, status) = (self.now(), None, RefundStatus::Pending);
        let key = key(order, &id);
        let refund = Refund {
            number,
            id,
            order,
            payment,
            amount,
            status,
            speed,
            automatic,
            created,
            processed,
            shares,
            request,
        };
        let at = self.refunds.insert(key, refund);
        self.refunds.alias(number.to_string(), at);
        self.orders[order].refunds.push(at);
        self.payments[payment].refunding += amount;
        at
    }

    /// What can still be given back of a payment.
    pub(super) fn refundable(&self, payment: usize) -> Decimal {
        let moved = self.ledger.of_payment(payment);
        let left = moved.captured - moved.refunded - moved.disputed - self.payments[payment].refunding;
        left.max(Decimal::ZERO)
    }

    /// What a payer's bank gets of `wanted`, which it takes whatever was planned: of refunds that are under way,
    /// those fail that it leaves nothing for, the latest first.
    pub(super) fn make_way(&mut self, payment: usize, wanted: Decimal) -> Decimal {
        let moved = self.ledger.of_payment(payment);
        let taken = wanted.min(moved.captured - moved.refunded - moved.disputed);
        for refund in self.orders[self.payments[payment].order].refunds.clone().into_iter().rev() {
            if self.refundable(payment) >= taken {
                break;
            }
            if self.refunds[refund].payment == payment {
                self.refund_event(refund, RefundEvent::Fail);
            }
        }
        taken
    }

    /// What refunds that are under way will take from a vendor.
    pub(super) fn giving_back(&self, order: usize, vendor: usize) -> Decimal {
        let refunds = self.orders[order].refunds.iter().map(|refund| &self.refunds[*refund]);
        let parts = refunds.filter(|refund| refund.status.is_open()).flat_map(Refund::parts);
        parts.filter(|(of, _)| *of == vendor).map(|(_, part)| part).sum()
    }

    /// Gives back a payment that its order had no use for.
    pub(super) fn auto_refund(&mut self, payment: usize) {
        let order = self.payments[payment].order;
        let Some(amount) = self.payments[payment].captured else { return };
        let details = ("STANDARD".to_owned(), true, Vec::new(), Value::Null);
        let at = self.add_refund(order, payment, amount, String::new(), details);
        self.refund_event(at, RefundEvent::Process);
    }

    /// What happens to a refund happens here, if it can.
    fn refund_event(&mut self, at: usize, event: RefundEvent) -> bool {
        let Some(next) = self.refunds[at].status.next(event) else { return false };
        let now = self.now();
        let refund = &mut self.refunds[at];
        refund.status = next;
        let (order, payment, amount) = (refund.order, refund.payment, refund.amount);
        if !next.is_open() {
            refund.processed = Some(now);
            self.payments[payment].refunding -= amount;
        }
        if next == RefundStatus::Success {
            let number = self.refunds[at].number.to_string();
            self.ledger_add(Entry::new(now, Kind::Refunded, amount, number).of_payment(order, payment));
            self.take_shares_back(at);
        }
        if !matches!(next, RefundStatus::Pending | RefundStatus::Active) {
            self.emit_refund(at);
        }
        true
    }

    fn take_shares_back(&mut self, at: usize) {
        let refund = &self.refunds[at];
        let (order, payment, number) = (refund.order, refund.payment, refund.number.to_string());
        for (vendor, part) in refund.parts() {
            let entry = Entry::new(self.now(), Kind::SplitBack, part, number.clone());
            self.ledger_add(entry.of_payment(order, payment).of_vendor(vendor));
        }
    }

    /// Decides a refund that waits: what its bank does.
    pub(crate) fn decide_refund(&mut self, number: &str, status: &str) -> Result<Value, Problem> {
        let at = self.refunds.find_alias(number).ok_or_else(refund_not_found)?;
        let event = RefundEvent::to(status);
        if !event.is_some_and(|event| self.refund_event(at, event)) {
            let message = format!("a refund that is {} cannot become {status}", self.refunds[at].status);
            return Err(Problem::invalid("refund_invalid", message));
        }
        Ok(self.refund_entity(at))
    }

    /// The merchant may cancel a refund that is under way.
    pub(super) fn update_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let at = self.refunds.find(&key(order, call.path("refund_id"))).ok_or_else(refund_not_found)?;
        if call.text("refund_status").as_deref() != Some("CANCELLED") {
            let asked = &call.body["refund_status"];
            return Err(Problem::member("refund_status", "should be CANCELLED", asked));
        }
        if !self.refund_event(at, RefundEvent::Cancel) {
            let message = format!("a refund that is {} cannot be cancelled", self.refunds[at].status);
            return Err(Problem::invalid("refund_invalid", message));
        }
        Ok(self.refund_entity(at))
    }

    pub(super) fn fetch_refunds(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        Ok(self.orders[order].refunds.iter().map(|refund| self.refund_entity(*refund)).collect())
    }

    pub(super) fn fetch_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let at = self.refunds.find(&key(order, call.path("refund_id"))).ok_or_else(refund_not_found)?;
        Ok(self.refund_entity(at))
    }
}

impl Refund {
    /// What vendors give back of it.
    fn parts(&self) -> Vec<(usize, Decimal)> {
        parts(&self.shares, self.amount)
    }

    /// As the merchant asked for it to be shared.
    fn splits(&self) -> Value {
        match &self.request["refund_splits"] {
            Value::Null => json!([]),
            splits => splits.clone(),
        }
    }

    pub(super) fn note(&self) -> Option<String> {
        text(&self.request["refund_note"])
    }
}

fn refund_not_found() -> Problem {
    Problem::not_found("refund_get_not_found", "refund does not exist")
}

/// Refunds are named within their order.
fn key(order: usize, id: &str) -> String {
    format!("{order}/{id}")
}
