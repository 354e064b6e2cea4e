//! Members that every published body of a type has, reviewed by hand: `cargo xtask always DIR` measures them.
//!
//! Answers are read tolerantly, so that every member of them is optional. Of these members a caller need not
//! think so: an accessor gives them, or an error that says which one is missing.

/// The members of a type, by their names on the wire.
pub(crate) fn of(type_name: &str) -> &'static [&'static str] {
    ALWAYS.iter().find(|(name, _)| *name == type_name).map_or(&[], |(_, members)| members)
}

/// What identifies an entity, what it comes to and how it stands: what a caller cannot go on without.
pub const ALWAYS: &[(&str, &[&str])] = &[
    ("Dispute", &["dispute_id", "dispute_type", "dispute_amount", "dispute_status"]),
    ("DisputedOrder", &["order_id", "order_amount", "order_currency", "cf_payment_id"]),
    ("EventAutoRefund", &["order_id", "cf_payment_id", "cf_refund_id", "refund_amount", "refund_status"]),
    ("EventOrder", &["order_id", "order_amount", "order_currency"]),
    ("EventPayment", &["cf_payment_id", "payment_amount", "payment_currency", "payment_status"]),
    (
        "EventRefund",
        &["order_id", "cf_payment_id", "cf_refund_id", "refund_id", "refund_amount", "refund_status"],
    ),
    (
        "Link",
        &[
            "cf_link_id",
            "link_id",
            "link_amount",
            "link_amount_paid",
            "link_currency",
            "link_status",
            "link_url",
        ],
    ),
    ("Offer", &["offer_id", "offer_status"]),
    (
        "Order",
        &["cf_order_id", "order_id", "order_amount", "order_currency", "order_status", "payment_session_id"],
    ),
    ("OrderExtendedData", &["cf_order_id", "order_id", "order_amount", "order_currency"]),
    ("PayOrderResult", &["cf_payment_id", "payment_amount", "payment_method", "channel", "action", "data"]),
    ("Payment", &["cf_payment_id", "order_id", "payment_amount", "payment_currency", "payment_status"]),
    ("PaymentEvent", &["data"]),
    ("PaymentEventData", &["order", "payment"]),
    ("PaymentLinkOrder", &["cf_order_id", "order_id", "order_amount", "order_currency", "order_status"]),
    ("Plan", &["plan_id", "plan_name", "plan_type"]),
    (
        "Refund",
        &[
            "cf_payment_id",
            "cf_refund_id",
            "order_id",
            "refund_id",
            "refund_amount",
            "refund_currency",
            "refund_status",
        ],
    ),
    ("RefundEvent", &["data"]),
    ("RefundEventData", &["refund"]),
    ("SettlementEvent", &["data"]),
    ("SettlementEventData", &["settlement"]),
    ("Simulation", &["simulation_id", "entity", "entity_id"]),
    ("SubscriptionPaymentEvent", &["data"]),
    (
        "SubscriptionPaymentEventData",
        &["cf_payment_id", "payment_id", "subscription_id", "payment_amount", "payment_status"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_there_once_in_order() {
        assert!(ALWAYS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
