//! What becomes of a payment, and what comes of that: for its order, its link, its vendors and the ledger.

use rust_decimal::Decimal;

use super::{PaymentEvent, PaymentStatus};
use crate::world::World;
use crate::world::due::Task;
use crate::world::ledger::{Entry, Kind};
use crate::world::orders::{OrderEvent, OrderStatus};
use crate::world::settlements::Charges;
use crate::world::values::Failure;

/// Blocked money goes back after this many days.
const BLOCKED: chrono::TimeDelta = chrono::TimeDelta::days(7);
/// What a payment cost is told so long after it.
const CHARGES_AFTER: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// What becomes of an open payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failed(Failure),
    UserDropped,
    Cancelled,
    Flagged,
    Pending,
}

impl Outcome {
    /// Reads a status of a payment that somebody decides.
    pub(crate) fn parse(status: &str, error: Option<&str>) -> Option<Self> {
        Some(match status {
            "SUCCESS" => Self::Success,
            "FAILED" => Self::Failed(Failure::by_code(error.unwrap_or("TRANSACTION_DECLINED"))),
            "USER_DROPPED" => Self::UserDropped,
            "CANCELLED" => Self::Cancelled,
            "FLAGGED" => Self::Flagged,
            "PENDING" => Self::Pending,
            _ => return None,
        })
    }

    fn event(&self) -> PaymentEvent {
        match self {
            Self::Success => PaymentEvent::Succeed,
            Self::Failed(_) => PaymentEvent::Fail,
            Self::UserDropped => PaymentEvent::Drop,
            Self::Cancelled => PaymentEvent::Cancel,
            Self::Flagged => PaymentEvent::Flag,
            Self::Pending => PaymentEvent::Attempt,
        }
    }
}

impl World {
    /// What happens to a payment happens here, if it can.
    pub(super) fn payment_event(&mut self, payment: usize, event: PaymentEvent) -> bool {
        let next = self.payments[payment].status.next(event);
        if let Some(next) = next {
            self.payments[payment].status = next;
        }
        next.is_some()
    }

    /// The payer has come to the page.
    pub(crate) fn attempt(&mut self, payment: usize) {
        self.payment_event(payment, PaymentEvent::Attempt);
    }

    /// Decides an open payment. False where it is decided already.
    pub(crate) fn decide(&mut self, at: usize, outcome: Outcome) -> bool {
        if matches!(outcome, Outcome::Success | Outcome::Failed(_) | Outcome::Flagged) {
            self.payment_event(at, PaymentEvent::Attempt);
        }
        if !self.payment_event(at, outcome.event()) {
            return false;
        }
        if matches!(outcome, Outcome::Pending | Outcome::Flagged) {
            return true;
        }
        let now = self.now();
        let payment = &mut self.payments[at];
        payment.completed = Some(now);
        payment.message = Some(match &outcome {
            Outcome::Success if payment.authorize_only => "PRE_AUTH|00::Transaction success".to_owned(),
            Outcome::Success => "00::Transaction success".to_owned(),
            Outcome::Failed(failure) => failure.message(),
            _ => "User dropped and did not complete the two factor authentication".to_owned(),
        });
        if let Outcome::Failed(failure) = &outcome {
            payment.failure = Some(failure.clone());
        }
        let reference = (230_000_000_000 + payment.number % 1_000_000_000).to_string();
        payment.bank_reference = Some(reference.clone());
        self.payments.alias(reference, at);
        match outcome {
            Outcome::Success => self.succeed(at),
            Outcome::Failed(_) => self.fail(at, "PAYMENT_FAILED_WEBHOOK"),
            _ => self.fail(at, "PAYMENT_USER_DROPPED_WEBHOOK"),
        }
        true
    }

    fn succeed(&mut self, at: usize) {
        let order = self.payments[at].order;
        let blocked = self.payments[at].authorize_only;
        let useful = self.order_event(order, OrderEvent::Pay);
        if useful {
            self.orders[order].paid_by = Some(at);
            self.orders[order].voided = false;
        }
        if useful && blocked {
            self.block(at);
        } else if !blocked {
            let amount = self.payments[at].amount;
            self.capture(at, amount, useful);
        }
        self.count_redemption(at);
        self.emit_payment("PAYMENT_SUCCESS_WEBHOOK", at);
        match (useful, blocked) {
            (true, true) => {}
            (true, false) => {
                self.link_paid(order);
                self.keep_card(at);
            }
            (false, true) => {
                self.release(at);
            }
            (false, false) => self.auto_refund(at),
        }
    }

    fn fail(&mut self, at: usize, kind: &str) {
        let order = self.payments[at].order;
        self.emit_payment(kind, at);
        if self.orders[order].status == OrderStatus::TerminationRequested && !self.has_open_payment(order) {
            self.order_event(order, OrderEvent::Terminate);
        }
    }

    /// The money of an order's payment is blocked until it is captured or released.
    fn block(&mut self, at: usize) {
        let until = self.blocked_until(at).unwrap_or_else(|| self.now() + BLOCKED);
        self.due.at(until, Task::BlockEnds(at));
    }

    /// Money comes in. A payment that goes straight back costs nothing and is shared with nobody.
    pub(super) fn capture(&mut self, at: usize, amount: Decimal, useful: bool) {
        let payment = &mut self.payments[at];
        payment.captured = Some(amount);
        let (order, number) = (payment.order, payment.number.to_string());
        let mut entry = Entry::new(self.now(), Kind::Captured, amount, number).of_payment(order, at);
        if useful {
            let charges = Charges::of(amount);
            (entry.fee, entry.tax) = (charges.fee, charges.tax);
            self.due.at(self.now() + CHARGES_AFTER, Task::ChargesKnown(at));
        }
        self.ledger_add(entry);
        if useful {
            self.share_payment(at, amount);
        }
    }

    /// Blocked money goes back to the payer.
    pub(super) fn release(&mut self, at: usize) -> bool {
        if self.payments[at].captured.is_some() || !self.payment_event(at, PaymentEvent::Release) {
            return false;
        }
        let order = self.payments[at].order;
        if self.orders[order].paid_by == Some(at) {
            self.orders[order].paid_by = None;
            self.orders[order].voided = true;
            self.order_event(order, OrderEvent::Void);
            self.expire_order(order);
        }
        true
    }

    pub(crate) fn block_ends(&mut self, at: usize) {
        let payment = &self.payments[at];
        if payment.status == PaymentStatus::Success && payment.captured.is_none() {
            self.release(at);
            self.close_authorization(at, "VOID", None);
        }
    }

    /// The time for an attempt is over.
    pub(crate) fn attempt_ends(&mut self, at: usize) {
        match self.payments[at].status {
            PaymentStatus::NotAttempted => self.decide(at, Outcome::UserDropped),
            PaymentStatus::Pending | PaymentStatus::Flagged => {
                self.decide(at, Outcome::Failed(Failure::by_code("TIME_LIMIT")))
            }
            _ => false,
        };
    }
}
