//! Charges by the calendar: announced a day before, presented on their day.

use super::SubscriptionStatus;
use crate::world::World;
use crate::world::clock::Time;
use crate::world::due::Task;

/// A payer is told so long before.
const ANNOUNCED: chrono::TimeDelta = chrono::TimeDelta::hours(24);

impl World {
    /// Puts the next charge of a plan that goes by the calendar on its day.
    pub(super) fn schedule_charge(&mut self, at: usize, wanted: Option<Time>) {
        let now = self.now();
        let subscription = &mut self.subscriptions[at];
        if !subscription.plan.periodic || subscription.status != SubscriptionStatus::Active {
            return;
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted > now) {
            subscription.first_charge = Some(wanted);
            subscription.drawn = 0;
        }
        let first = match subscription.first_charge {
            Some(first) => first,
            // Without a wish of the merchant's, the first charge is one interval after the authorisation.
            None => match subscription.plan.nth(now, 1) {
                Some(first) => *subscription.first_charge.insert(first),
                None => return,
            },
        };
        // Days that have passed while it was on hold are not charged for.
        let mut next = subscription.plan.nth(first, subscription.drawn);
        while next.is_some_and(|next| next <= now) {
            subscription.drawn += 1;
            next = subscription.plan.nth(first, subscription.drawn);
        }
        let Some(next) = next else { return };
        subscription.next_charge = Some(next);
        self.due.at((next - ANNOUNCED).max(now), Task::ChargeAnnounced(at));
    }

    /// Tells the payer of the next charge, and makes it.
    pub(crate) fn announce_charge(&mut self, at: usize) {
        let subscription = &self.subscriptions[at];
        let Some(next) = subscription.next_charge else { return };
        if subscription.status != SubscriptionStatus::Active || next - ANNOUNCED > self.now() {
            return;
        }
        if next >= subscription.expires {
            return;
        }
        let plan = &subscription.plan;
        if !self.has_cycles(at, plan) {
            // Those that are open are the last, unless one of them ends otherwise.
            self.subscriptions[at].next_charge = None;
            return;
        }
        let Some(amount) = plan.recurring.or(plan.most) else { return };
        let Some(mandate) = subscription.authorization.method.clone() else { return };
        let id = format!("{}_{}", subscription.id, subscription.drawn + 1);
        let version = subscription.version;
        let id = if self.charges.find(&id).is_some() { format!("{id}_{}", self.ids.token(6)) } else { id };
        let mandate = super::Mandate { fate: None, ..mandate };
        let charge = self.add_charge(at, id, false, amount, (mandate, Some(next), None, version));
        self.due.at(next, Task::ChargePresented(charge));
        self.emit_charge("SUBSCRIPTION_PAYMENT_NOTIFICATION_INITIATED", charge);
        let subscription = &mut self.subscriptions[at];
        subscription.drawn += 1;
        subscription.next_charge = None;
        let subscription = &self.subscriptions[at];
        let first = subscription.first_charge.filter(|_| self.has_cycles(at, &subscription.plan));
        let after = first.and_then(|first| subscription.plan.nth(first, subscription.drawn));
        if let Some(after) = after.filter(|after| *after < subscription.expires) {
            self.subscriptions[at].next_charge = Some(after);
            self.due.at((after - ANNOUNCED).max(self.now()), Task::ChargeAnnounced(at));
        }
    }

    pub(crate) fn card_expires(&mut self, at: usize) {
        let status = self.subscriptions[at].status;
        if matches!(status, SubscriptionStatus::Active | SubscriptionStatus::OnHold) {
            self.emit_card_expiry(at);
        }
    }
}
