//! What becomes of a subscription's payment, and what comes of that.

use serde_json::Value;

use super::{ChargeEvent, ChargeStatus, SubscriptionEvent, SubscriptionStatus};
use crate::gateway::problem::Problem;
use crate::world::World;
use crate::world::call::text;
use crate::world::clock::Time;
use crate::world::due::Task;
use crate::world::ledger::{Entry, Kind};
use crate::world::payments::Outcome;
use crate::world::settlements::Charges;
use crate::world::simulate::entity_invalid;
use crate::world::vendors::parts;

/// The state of an authorisation that was given.
const STANDS: &str = "ACTIVE";
/// A bank takes so long over a charge by UPI or card. One on an account stays open until somebody decides.
const BANK_TAKES: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// A payer is told so long before the card of a mandate expires.
const REMIND_BEFORE: chrono::TimeDelta = chrono::TimeDelta::days(30);

impl World {
    /// What happens to a payment of a subscription happens here, if it can.
    pub(super) fn charge_event(&mut self, at: usize, event: ChargeEvent) -> bool {
        let next = self.charges[at].status.next(event);
        if let Some(next) = next {
            self.charges[at].status = next;
        }
        next.is_some()
    }

    /// The charge goes to the bank, if the subscription still takes one.
    pub(crate) fn present_charge(&mut self, at: usize) {
        if self.charges[at].status != ChargeStatus::Initialized {
            return;
        }
        if self.subscriptions[self.charges[at].subscription].status != SubscriptionStatus::Active {
            self.cancel_charge(at);
            return;
        }
        self.charge_event(at, ChargeEvent::Present);
        self.await_bank(at, None);
    }

    pub(super) fn await_bank(&mut self, at: usize, from: Option<Time>) {
        if matches!(self.charges[at].mandate.key, "upi" | "card") {
            let decided = from.unwrap_or_else(|| self.now()).max(self.now()) + BANK_TAKES;
            self.charges[at].decided = Some(decided);
            self.due.at(decided, Task::ChargeDecided(at));
        }
    }

    pub(crate) fn charge_decided(&mut self, at: usize) {
        let charge = &self.charges[at];
        let due = charge.decided.is_some_and(|decided| decided <= self.now());
        if due && charge.status == ChargeStatus::Pending {
            self.decide_charge(at, &Outcome::Success);
        }
    }

    pub(super) fn cancel_charge(&mut self, at: usize) -> bool {
        self.decide_charge(at, &Outcome::Cancelled)
    }

    /// Decides a payment that waits. False where it is decided already.
    pub(crate) fn decide_charge(&mut self, at: usize, outcome: &Outcome) -> bool {
        let (event, kind) = match outcome {
            Outcome::Success => (ChargeEvent::Succeed, "SUBSCRIPTION_PAYMENT_SUCCESS"),
            Outcome::Failed(_) => (ChargeEvent::Fail, "SUBSCRIPTION_PAYMENT_FAILED"),
            Outcome::UserDropped | Outcome::Cancelled => {
                (ChargeEvent::Cancel, "SUBSCRIPTION_PAYMENT_CANCELLED")
            }
            Outcome::Pending | Outcome::Flagged => return false,
        };
        if !self.charge_event(at, event) {
            return false;
        }
        if let Outcome::Failed(failure) = outcome {
            self.charges[at].failure = Some(failure.code().to_owned());
        }
        if self.charges[at].auth {
            self.auth_decided(at, event == ChargeEvent::Succeed);
        } else {
            if event == ChargeEvent::Succeed {
                self.book_charge(at);
            }
            self.emit_charge(kind, at);
            self.charge_counts(at, event);
        }
        true
    }

    /// The mandate stands, or does not.
    fn auth_decided(&mut self, at: usize, success: bool) {
        let now = self.now();
        let charge = &self.charges[at];
        let (subscription, mandate) = (charge.subscription, charge.mandate.clone());
        let (id, reference) = (charge.id.clone(), charge.transaction.to_string());
        let authorization = &mut self.subscriptions[subscription].authorization;
        // A mandate that stands is not touched by an attempt at another.
        if authorization.status != STANDS {
            authorization.status = if success { STANDS } else { "FAILED" };
            authorization.time = Some(now);
            authorization.reference = Some(reference);
            authorization.payment = Some(id);
            authorization.method = Some(mandate.clone());
        }
        if success {
            self.book_charge(at);
        }
        self.emit_charge("SUBSCRIPTION_AUTH_STATUS", at);
        let event = if success { SubscriptionEvent::Authorise } else { SubscriptionEvent::Refuse };
        if self.subscription_event(subscription, event) && success {
            self.end_other_auths(subscription);
            self.schedule_charge(subscription, None);
            if let Some(expires) = mandate.card_expires {
                self.due.at((expires - REMIND_BEFORE).max(now), Task::CardExpires(subscription));
            }
            if self.subscriptions[subscription].authorization.refund {
                self.refund_auth(at);
            }
        }
    }

    /// One mandate is enough: whatever else the payer was asked to authorise takes no money any more.
    fn end_other_auths(&mut self, subscription: usize) {
        for other in self.subscriptions[subscription].payments.clone() {
            if self.charges[other].auth {
                self.cancel_charge(other);
            }
        }
    }

    /// What a charge that is decided means for its subscription.
    fn charge_counts(&mut self, at: usize, event: ChargeEvent) {
        let subscription = self.charges[at].subscription;
        match event {
            ChargeEvent::Succeed => {
                let counted = &mut self.subscriptions[subscription];
                counted.cycles += 1;
                if counted.plan.cycles.is_some_and(|most| counted.cycles >= most) {
                    self.subscription_event(subscription, SubscriptionEvent::Complete);
                } else if self.subscriptions[subscription].status == SubscriptionStatus::OnHold {
                    self.subscription_event(subscription, SubscriptionEvent::Activate);
                    self.schedule_charge(subscription, None);
                }
            }
            ChargeEvent::Fail => {
                self.subscription_event(subscription, SubscriptionEvent::ChargeFails);
            }
            // Its cycle can be charged for on another day.
            ChargeEvent::Cancel if self.subscriptions[subscription].next_charge.is_none() => {
                self.schedule_charge(subscription, None);
            }
            _ => {}
        }
    }

    /// Money comes in. A charge is shared; what an authorisation takes may go back at once, and is no vendor's.
    fn book_charge(&mut self, at: usize) {
        let charge = &self.charges[at];
        let (amount, number) = (charge.amount, charge.number.to_string());
        let (subscription, auth) = (charge.subscription, charge.auth);
        let charges = Charges::of(amount);
        let mut entry = Entry::new(self.now(), Kind::Captured, amount, number.clone()).of_charge(at);
        (entry.fee, entry.tax) = (charges.fee, charges.tax);
        self.ledger_add(entry);
        if auth {
            return;
        }
        for (vendor, part) in parts(&self.subscriptions[subscription].shares, amount) {
            let entry = Entry::new(self.now(), Kind::Split, part, number.clone()).of_charge(at);
            self.ledger_add(entry.of_vendor(vendor));
        }
    }

    /// The payment of a subscription by the id of the merchant's or of ours.
    pub(crate) fn charge(&self, id: &str) -> Result<usize, Problem> {
        self.charges.find(id).or_else(|| self.charges.find_alias(id)).ok_or_else(|| entity_invalid(id))
    }

    pub(crate) fn simulate_charge(&mut self, id: &str, wanted: &Value) -> Result<(), Problem> {
        let at = self.charge(id)?;
        if !self.charges[at].status.is_open() {
            return Err(Problem::invalid("entity_id_invalid", "payment is no longer pending"));
        }
        let error = text(&wanted["payment_error_code"]);
        let error = error.as_deref().or(Some("DEBIT_FAILED"));
        let status = text(&wanted["payment_status"]).unwrap_or_default();
        if let Some(outcome) = Outcome::parse(&status, error) {
            self.decide_charge(at, &outcome);
        }
        Ok(())
    }

    /// The merchant wants a charge presented now, and not on its day.
    pub(crate) fn reschedule_charge(&mut self, id: &str) -> Result<(), Problem> {
        let at = self.charge(id)?;
        if self.charges[at].auth {
            return Err(entity_invalid(id));
        }
        if self.charges[at].status != ChargeStatus::Initialized {
            return Err(Problem::invalid("entity_id_invalid", "payment has been presented already"));
        }
        let subscription = self.charges[at].subscription;
        if self.subscriptions[subscription].status != SubscriptionStatus::Active {
            return Err(self.refused(subscription, "SUBS_RESCHEDULE"));
        }
        let now = self.now();
        self.charges[at].scheduled = Some(now);
        self.present_charge(at);
        Ok(())
    }
}
