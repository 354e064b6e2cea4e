//! What falls due: expiries, time limits, charges, settlements, retries. On the sandbox's clock, in order.

use std::collections::BTreeMap;

use super::clock::Time;

/// Something to do at a time. Whoever does it looks first whether it still has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// An order may no longer be paid.
    OrderExpires(usize),
    /// An attempt at a payment has had its time.
    AttemptEnds(usize),
    /// Blocked money that nobody captured goes back.
    BlockEnds(usize),
    /// What a payment cost is known.
    ChargesKnown(usize),
    LinkExpires(usize),
    /// What is to be settled is put together.
    SettlementRun,
    /// A settlement arrives at the bank.
    SettlementArrives(usize),
    /// The merchant asked for an order to be settled on a day.
    OrderSettles(usize),
    /// A dispute that nobody answered is lost.
    DisputeEnds(usize),
    SubscriptionExpires(usize),
    /// An authorisation that nobody completed.
    AuthorisationEnds(usize),
    /// The payer is told of the next charge.
    ChargeAnnounced(usize),
    /// A charge is presented to the bank.
    ChargePresented(usize),
    /// The bank has decided about a charge.
    ChargeDecided(usize),
    /// A card of a mandate is about to expire.
    CardExpires(usize),
    /// A downtime that was announced begins.
    IncidentBegins(usize),
    IncidentEnds(usize),
    /// A webhook is to be tried again.
    Webhook(u64),
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Due {
    queue: BTreeMap<(Time, u64), Task>,
    serial: u64,
}

impl Due {
    /// Adds a task; of two at the same time the one that was added first is done first.
    pub(crate) fn at(&mut self, time: Time, task: Task) {
        self.serial += 1;
        self.queue.insert((time, self.serial), task);
    }

    /// Takes the next task that is due by `time`.
    pub(crate) fn pop(&mut self, time: Time) -> Option<(Time, Task)> {
        let first = self.queue.first_entry().filter(|first| first.key().0 <= time)?;
        let ((at, _), task) = first.remove_entry();
        Some((at, task))
    }

    /// When the next task is due.
    pub(crate) fn next(&self) -> Option<Time> {
        self.queue.first_key_value().map(|((time, _), _)| *time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::clock::at_millis;

    #[test]
    fn tasks_come_in_order_and_not_before_their_time() {
        let mut due = Due::default();
        due.at(at_millis(20), Task::OrderExpires(2));
        due.at(at_millis(10), Task::OrderExpires(1));
        due.at(at_millis(20), Task::LinkExpires(3));
        assert_eq!(due.pop(at_millis(9)), None);
        assert_eq!(due.next(), Some(at_millis(10)));
        assert_eq!(due.pop(at_millis(30)), Some((at_millis(10), Task::OrderExpires(1))));
        assert_eq!(due.pop(at_millis(30)), Some((at_millis(20), Task::OrderExpires(2))));
        assert_eq!(due.pop(at_millis(30)), Some((at_millis(20), Task::LinkExpires(3))));
        assert_eq!(due.next(), None);
    }
}
