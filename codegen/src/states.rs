//! States whose values are documented, but listed by no schema, or not all of them: an order's status is
//! declared as plain text, and a fetched payment's lacks what its webhook may tell.

use crate::model::Variant;

/// The values of a state.
#[derive(Debug)]
pub(crate) struct State {
    /// The member that tells it.
    pub member: &'static str,
    /// Whether the member is this state where it is declared as plain text too. Where it is not, such text
    /// has other values.
    pub plain: bool,
    /// Each value with what it means.
    pub values: &'static [(&'static str, &'static str)],
}

/// The state that a member tells.
pub(crate) fn of(member: &str) -> Option<&'static State> {
    STATES.iter().find(|state| state.member == member)
}

impl State {
    pub(crate) fn variants(&self) -> Vec<Variant> {
        let variant = |(value, doc): &(&str, &str)| Variant {
            name: String::new(),
            value: (*value).to_owned(),
            doc: (*doc).to_owned(),
        };
        self.values.iter().map(variant).collect()
    }

    /// Adds what a list of values lacks, and says what the others mean.
    pub(crate) fn extend(&self, variants: &mut Vec<Variant>) {
        for state in self.variants() {
            match variants.iter_mut().find(|variant| variant.value == state.value) {
                None => variants.push(state),
                Some(variant) if variant.doc.is_empty() => variant.doc = state.doc,
                Some(_) => {}
            }
        }
    }
}

/// Every state, as Cashfree documents its life.
const STATES: &[State] = &[
    State {
        member: "order_status",
        plain: true,
        values: &[
            ("ACTIVE", "Can be paid."),
            ("PAID", "A payment has succeeded. Final."),
            ("EXPIRED", "Its time is over. An attempt begun before may still make it `PAID`."),
            ("TERMINATION_REQUESTED", "Is being closed; an attempt under way may still succeed."),
            ("TERMINATED", "Closed on request: it can no longer be paid. Final."),
        ],
    },
    State {
        member: "payment_status",
        plain: false,
        values: &[
            ("SUCCESS", "The money was taken, or blocked where it is captured later."),
            ("FAILED", "Declined: `error_details` says by whom and why. Final."),
            ("PENDING", "Not decided yet: the customer or the bank still has to act."),
            ("NOT_ATTEMPTED", "Begun, and nothing was sent to the bank yet."),
            ("USER_DROPPED", "The customer left before finishing. Final, unless the bank answers late."),
            ("VOID", "Was authorised and released without a capture. Final."),
            ("CANCELLED", "Given up before it was decided. Final."),
            ("FLAGGED", "Held back by a risk check until it is reviewed."),
        ],
    },
    State {
        member: "refund_status",
        plain: true,
        values: &[
            ("SUCCESS", "The bank has taken the refund. Final."),
            ("PENDING", "On its way."),
            ("FAILED", "The bank did not take it; the money is still yours. Final."),
            ("CANCELLED", "Withdrawn before it was sent. Final."),
            ("ONHOLD", "Waits, mostly for a balance that covers it."),
        ],
    },
    State {
        member: "link_status",
        plain: true,
        values: &[
            ("ACTIVE", "Can be paid."),
            ("PARTIALLY_PAID", "Paid in part; the rest can still be paid."),
            ("PAID", "Paid in full. Final."),
            ("EXPIRED", "Its time is over. Final."),
            ("CANCELLED", "Cancelled by you. Final."),
        ],
    },
    State {
        member: "subscription_status",
        plain: true,
        values: &[
            ("INITIALIZED", "Created; the customer has not authorised it."),
            ("BANK_APPROVAL_PENDING", "Authorised by the customer, not yet by the bank."),
            ("ACTIVE", "Can be charged."),
            ("ON_HOLD", "A charge has failed; no other follows until it is resumed."),
            ("CUSTOMER_PAUSED", "Paused by the customer."),
            ("CUSTOMER_CANCELLED", "Cancelled by the customer. Final."),
            ("COMPLETED", "All cycles are charged. Final."),
            ("EXPIRED", "Its time is over. Final."),
            ("CANCELLED", "Cancelled by you. Final."),
            ("LINK_EXPIRED", "The customer did not authorise it in time. Final."),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_values_gets_those_it_lacks() {
        let variant =
            |value: &str, doc: &str| Variant { name: String::new(), value: value.into(), doc: doc.into() };
        let mut variants = vec![variant("NEW", ""), variant("PAID", "Mine."), variant("ACTIVE", "")];
        of("order_status").expect("a state").extend(&mut variants);
        let found: Vec<_> = variants.iter().map(|v| (v.value.as_str(), v.doc.as_str())).collect();
        assert_eq!(found[..3], [("NEW", ""), ("PAID", "Mine."), ("ACTIVE", "Can be paid.")]);
        assert_eq!(found.len(), 6);
    }
}
