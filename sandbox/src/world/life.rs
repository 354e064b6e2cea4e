//! Lives: the states of a thing, what may happen to it, and what comes of it.
//!
//! Each life is one table. What is not in the table cannot happen, so that a handler that forgets a case
//! refuses instead of inventing a transition. The tests walk every table.

/// An enum of states as the API writes them, an enum of what may happen, and the table between them.
macro_rules! life {
    (
        $(#[$meta:meta])*
        $State:ident by $Event:ident [$($event:ident),* $(,)?] {
            $($state:ident $name:literal { $($on:ident => $next:ident),* $(,)? })*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum $State { $($state),* }

        /// What may happen in this life.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum $Event { $($event),* }

        impl $State {
            /// As the API writes it.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$state => $name),* }
            }

            /// What comes of `event`; nothing where it cannot happen.
            pub(crate) fn next(self, event: $Event) -> Option<Self> {
                match (self, event) {
                    $($((Self::$state, $Event::$on) => Some(Self::$next),)*)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $State {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[cfg(test)]
        impl crate::world::life::Life for $State {
            type Event = $Event;
            const NAME: &'static str = stringify!($State);
            const STATES: &'static [Self] = &[$(Self::$state),*];
            const EVENTS: &'static [$Event] = &[$($Event::$event),*];
            fn after(self, event: $Event) -> Option<Self> { self.next(event) }
            fn name(self) -> &'static str { self.as_str() }
        }
    };
}
pub(crate) use life;

/// What the tests may ask of every life.
#[cfg(test)]
pub(crate) trait Life: Copy + Eq + std::fmt::Debug + 'static {
    type Event: Copy + std::fmt::Debug + 'static;
    const NAME: &'static str;
    const STATES: &'static [Self];
    const EVENTS: &'static [Self::Event];
    fn after(self, event: Self::Event) -> Option<Self>;
    fn name(self) -> &'static str;
}

#[cfg(test)]
mod tests {
    use super::Life;
    use crate::world::disputes::DisputeStage;
    use crate::world::incidents::IncidentStatus;
    use crate::world::links::LinkStatus;
    use crate::world::orders::OrderStatus;
    use crate::world::payments::PaymentStatus;
    use crate::world::refunds::RefundStatus;
    use crate::world::settlements::SettlementStatus;
    use crate::world::subscriptions::{ChargeStatus, SubscriptionStatus};
    use crate::world::terminals::TerminalStatus;
    use crate::world::vendors::VendorStatus;

    /// Every state is reached from the first, every event happens somewhere, and what is final has no way out.
    fn is_sound<L: Life>(last: &[L]) {
        let mut reached = vec![L::STATES[0]];
        let mut at = 0;
        while let Some(state) = reached.get(at).copied() {
            let next = L::EVENTS.iter().filter_map(|event| state.after(*event));
            for next in next.collect::<Vec<_>>() {
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
            at += 1;
        }
        for state in L::STATES {
            assert!(reached.contains(state), "{} never comes to {state:?}", L::NAME);
            let ends = L::EVENTS.iter().all(|event| state.after(*event).is_none_or(|next| next == *state));
            assert_eq!(ends, last.contains(state), "{} {state:?}", L::NAME);
        }
        for event in L::EVENTS {
            let happens = L::STATES.iter().any(|state| state.after(*event).is_some());
            assert!(happens, "{} {event:?} never happens", L::NAME);
        }
        let mut names: Vec<&str> = L::STATES.iter().map(|state| state.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), L::STATES.len(), "{} has a name twice", L::NAME);
    }

    #[test]
    fn every_life_is_sound() {
        is_sound(&[OrderStatus::Terminated]);
        is_sound(&[
            PaymentStatus::Failed,
            PaymentStatus::UserDropped,
            PaymentStatus::Cancelled,
            PaymentStatus::Void,
        ]);
        is_sound(&[IncidentStatus::Resolved]);
        is_sound(&[RefundStatus::Success, RefundStatus::Failed, RefundStatus::Cancelled]);
        is_sound(&[LinkStatus::Paid, LinkStatus::Cancelled]);
        is_sound(&[
            SubscriptionStatus::Cancelled,
            SubscriptionStatus::CustomerCancelled,
            SubscriptionStatus::Completed,
            SubscriptionStatus::Expired,
            SubscriptionStatus::LinkExpired,
        ]);
        is_sound(&[ChargeStatus::Success, ChargeStatus::Cancelled]);
        is_sound(&[DisputeStage::Lost, DisputeStage::Accepted]);
        is_sound(&[SettlementStatus::Failed, SettlementStatus::Reversed]);
        is_sound(&[VendorStatus::Deleted]);
        is_sound::<TerminalStatus>(&[]);
    }
}
