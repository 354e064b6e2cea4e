//! States whose values are documented, but listed by no schema, or not all of them: an order's status is
//! declared as plain text, and a fetched payment's lacks what its webhook may tell.

use crate::model::End::{self, Failure, Open, Success};
use crate::model::Variant;

/// The values of a state.
#[derive(Debug)]
pub(crate) struct State {
    /// The member that tells it.
    pub member: &'static str,
    /// Whether the member is this state where it is declared as plain text too. Where it is not, such text
    /// has other values.
    pub plain: bool,
    /// Each value with what it means for what comes after it, and in words.
    pub values: &'static [(&'static str, End, &'static str)],
    /// The same of values that begin with what they are the state of, by how they end.
    pub suffixes: &'static [(&'static str, End, &'static str)],
}

/// The state that a member tells.
pub(crate) fn of(member: &str) -> Option<&'static State> {
    STATES.iter().find(|state| state.member == member)
}

impl State {
    pub(crate) fn variants(&self) -> Vec<Variant> {
        let variant = |(value, end, doc): &(&str, End, &str)| Variant {
            name: String::new(),
            value: (*value).to_owned(),
            doc: (*doc).to_owned(),
            end: *end,
        };
        self.values.iter().map(variant).collect()
    }

    /// Says what a list of values means, and which of them are ends.
    pub(crate) fn explain(&self, variants: &mut [Variant]) {
        for variant in variants {
            let whole = self.values.iter().find(|(value, ..)| *value == variant.value);
            let ending = || self.suffixes.iter().find(|(suffix, ..)| variant.value.ends_with(suffix));
            let Some((_, end, doc)) = whole.or_else(ending) else { continue };
            variant.end = *end;
            if variant.doc.is_empty() {
                variant.doc = (*doc).to_owned();
            }
        }
    }

    /// Adds what a list of values lacks.
    pub(crate) fn extend(&self, variants: &mut Vec<Variant>) {
        let listed = |state: &Variant| variants.iter().any(|variant| variant.value == state.value);
        let lacking: Vec<Variant> = self.variants().into_iter().filter(|state| !listed(state)).collect();
        variants.extend(lacking);
    }
}

/// Every state, as Cashfree documents its life.
const STATES: &[State] = &[
    State {
        member: "order_status",
        plain: true,
        values: &[
            ("ACTIVE", Open, "Can be paid."),
            (
                "PAID",
                Success,
                "A payment has succeeded, or its money is held until it is captured. Final, unless that is voided.",
            ),
            ("EXPIRED", Open, "Its time is over. An attempt begun before may still make it `PAID`."),
            ("TERMINATION_REQUESTED", Open, "Is being closed; an attempt under way may still succeed."),
            ("TERMINATED", Failure, "Closed on request: it can no longer be paid. Final."),
        ],
        suffixes: &[],
    },
    State {
        member: "payment_status",
        plain: false,
        values: &[
            (
                "SUCCESS",
                Success,
                "The money was taken, or is held until it is captured: `is_captured` says which.",
            ),
            (
                "FAILED",
                Failure,
                "Declined, for the reason in `error_details`; the order can be tried again. Final.",
            ),
            (
                "PENDING",
                Open,
                "The bank has not decided yet: wait for the webhook or ask again, and do not deliver.",
            ),
            ("NOT_ATTEMPTED", Open, "Begun, and nothing was sent to the bank yet."),
            (
                "USER_DROPPED",
                Failure,
                "The customer left before finishing. Final, unless the bank answers late.",
            ),
            ("VOID", Failure, "What was held is released; the customer was not charged. Final."),
            ("CANCELLED", Failure, "Called off before it was decided. Final."),
            ("FLAGGED", Open, "Held back by a risk check until it is reviewed."),
        ],
        suffixes: &[],
    },
    State {
        member: "refund_status",
        plain: true,
        values: &[
            ("SUCCESS", Success, "The bank has paid the money back. Final."),
            ("PENDING", Open, "Accepted and under way; the bank has not confirmed it yet."),
            ("FAILED", Failure, "The bank did not take it; the money is still yours. Final."),
            ("CANCELLED", Failure, "Called off, and nothing was paid back. Final."),
            ("ONHOLD", Open, "Waits, mostly for a balance that covers it."),
        ],
        suffixes: &[],
    },
    State {
        member: "link_status",
        plain: true,
        values: &[
            ("ACTIVE", Open, "Can be paid."),
            ("PARTIALLY_PAID", Open, "Paid in part; the rest can still be paid."),
            ("PAID", Success, "Paid in full. Final."),
            ("EXPIRED", Failure, "Its time is over; what had been paid by then stays paid. Final."),
            ("CANCELLED", Failure, "You called it off; nobody can pay it any more. Final."),
        ],
        suffixes: &[],
    },
    State {
        member: "subscription_status",
        plain: true,
        values: &[
            ("INITIALIZED", Open, "Created; the customer has not authorised it."),
            ("BANK_APPROVAL_PENDING", Open, "Authorised by the customer, not yet by the bank."),
            ("ACTIVE", Open, "Can be charged."),
            ("ON_HOLD", Open, "A charge has failed; no other follows until it is resumed."),
            ("CUSTOMER_PAUSED", Open, "Paused by the customer; nothing is charged meanwhile."),
            ("CUSTOMER_CANCELLED", Failure, "The customer has ended it. Final."),
            ("COMPLETED", Success, "All cycles are charged. Final."),
            ("EXPIRED", Failure, "Its time is over. Final."),
            ("CANCELLED", Failure, "You have ended it. Final."),
            ("LINK_EXPIRED", Failure, "The customer did not authorise it in time. Final."),
        ],
        suffixes: &[],
    },
    State {
        member: "dispute_status",
        plain: false,
        values: &[],
        suffixes: &[
            ("_CREATED", Open, "Opened: accept it, or hand in evidence by `respond_by`."),
            ("_DOCS_RECEIVED", Open, "Your evidence has arrived and waits for its review."),
            ("_UNDER_REVIEW", Open, "Your evidence is being weighed; nothing to do."),
            ("_INSUFFICIENT_EVIDENCE", Open, "Your evidence does not suffice; send more by `respond_by`."),
            ("_MERCHANT_WON", Success, "Decided for you: the money stays yours. Final."),
            ("_MERCHANT_LOST", Failure, "Decided for the customer: the disputed amount is theirs. Final."),
            ("_MERCHANT_ACCEPTED", Failure, "Accepted by you: the disputed amount goes back. Final."),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_values_is_explained_and_gets_those_it_lacks() {
        let variant =
            |value: &str, doc: &str| Variant { value: value.into(), doc: doc.into(), ..Variant::default() };
        let mut variants = vec![variant("NEW", ""), variant("PAID", "Mine."), variant("ACTIVE", "")];
        let state = of("order_status").expect("a state");
        state.extend(&mut variants);
        state.explain(&mut variants);
        let found: Vec<_> = variants.iter().map(|v| (v.value.as_str(), v.end, v.doc.as_str())).collect();
        let expected = [("NEW", Open, ""), ("PAID", Success, "Mine."), ("ACTIVE", Open, "Can be paid.")];
        assert_eq!(found[..3], expected);
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn a_dispute_ends_by_its_last_words() {
        let mut variants = ["CHARGEBACK_MERCHANT_WON", "CHARGEBACK_MERCHANT_LOST", "DISPUTE_CREATED"]
            .map(|value| Variant { value: value.into(), ..Variant::default() });
        of("dispute_status").expect("a state").explain(&mut variants);
        assert_eq!(variants[0].doc, "Decided for you: the money stays yours. Final.");
        assert_eq!(variants.map(|variant| variant.end), [Success, Failure, Open]);
    }
}
