//! Where each kind of event keeps what every handler asks for first.
//!
//! A kind is known by a member that only it has, not by the name of its event: names are an open set and
//! differ between versions and even between pages of the documentation, shapes do not. Two kinds have the shape of
//! another, which they must not be taken for; those are known by a word of their names.

use serde_json::Value;

use super::body::Fields;
use super::entity::{Entity, Subject};

/// What an event is about. Members are JSON pointers; the first that has a text or a number counts.
pub(super) struct Place {
    /// An event that has this member is about this.
    known_by: &'static str,
    /// If this is in its name.
    named: &'static str,
    subject: for<'e> fn(Entity<'e>) -> Subject<'e>,
    id: &'static [&'static str],
    status: &'static [&'static str],
    amount: &'static [&'static str],
    currency: &'static [&'static str],
    /// What else tells one event from the next, where the same status can come up again for the same id.
    also: &'static [&'static str],
    /// Where this is false the money is only held: not what the status says, and not the end.
    taken: &'static str,
    /// The statuses after which no other follows. `_X` stands for any status that ends so.
    finals: &'static [&'static str],
    /// Those of them that are a good end.
    successes: &'static [&'static str],
}

const EVENT_TIME: &str = "/event_time";
const PAYMENT_ENDS: &[&str] = &["SUCCESS", "FAILED", "USER_DROPPED", "CANCELLED", "VOID"];
const REFUND_ENDS: &[&str] = &["SUCCESS", "FAILED", "CANCELLED"];
const SETTLEMENT_ENDS: &[&str] = &["SUCCESS", "FAILED", "REVERSED"];
const RUN_ENDS: &[&str] = &["SUCCESS", "FAILED", "CANCELLED"];
const SUBSCRIPTION_ENDS: &[&str] =
    &["CANCELLED", "CUSTOMER_CANCELLED", "COMPLETED", "EXPIRED", "LINK_EXPIRED", "CARD_EXPIRED"];

const NOTHING: Place = Place {
    known_by: "",
    named: "",
    subject: |entity| Subject::Other(entity),
    id: &[],
    status: &[],
    amount: &[],
    currency: &[],
    also: &[],
    taken: "",
    finals: &[],
    successes: &[],
};

/// A charge of a subscription, which is tried again under the same id.
const SUBSCRIPTION_PAYMENT: Place = Place {
    known_by: "/data/payment_status",
    subject: |entity| Subject::SubscriptionPayment(entity),
    successes: &["SUCCESS"],
    id: &["/data/cf_payment_id", "/data/payment_id"],
    status: &["/data/payment_status"],
    amount: &["/data/payment_amount"],
    currency: &["/data/payment_currency"],
    also: &["/data/cf_txn_id", "/data/retry_attempts"],
    finals: PAYMENT_ENDS,
    ..NOTHING
};

/// The order counts where an event has several of these members: a dispute comes with an order, a
/// notification with the payment it announces.
const PLACES: &[Place] = &[
    // What a payment cost, which is no payment, though it may repeat all of one.
    Place {
        known_by: "/data/payment",
        named: "CHARGES",
        subject: |entity| Subject::PaymentCharges(entity),
        id: &["/data/payment/cf_payment_id"],
        ..NOTHING
    },
    Place {
        known_by: "/data/payment",
        subject: |entity| Subject::Payment(entity),
        successes: &["SUCCESS"],
        id: &["/data/payment/cf_payment_id"],
        status: &["/data/payment/payment_status"],
        amount: &["/data/payment/payment_amount"],
        currency: &["/data/payment/payment_currency"],
        taken: "/data/payment/is_captured",
        finals: PAYMENT_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/refund",
        subject: |entity| Subject::Refund(entity),
        successes: &["SUCCESS"],
        id: &["/data/refund/cf_refund_id", "/data/refund/refund_id"],
        status: &["/data/refund/refund_status"],
        amount: &["/data/refund/refund_amount"],
        currency: &["/data/refund/refund_currency"],
        finals: REFUND_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/auto_refund",
        subject: |entity| Subject::AutoRefund(entity),
        successes: &["SUCCESS"],
        id: &["/data/auto_refund/cf_refund_id"],
        status: &["/data/auto_refund/refund_status"],
        amount: &["/data/auto_refund/refund_amount"],
        currency: &["/data/auto_refund/refund_currency"],
        finals: REFUND_ENDS,
        ..NOTHING
    },
    // Of the bank and of vendors alike. What was paid out is empty until it was.
    Place {
        known_by: "/data/settlement",
        subject: |entity| Subject::Settlement(entity),
        successes: &["SUCCESS"],
        id: &["/data/settlement/settlement_id"],
        status: &["/data/settlement/status"],
        amount: &["/data/settlement/amount_settled", "/data/settlement/settlement_amount"],
        finals: SETTLEMENT_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/dispute",
        subject: |entity| Subject::Dispute(entity),
        successes: &["_MERCHANT_WON"],
        id: &["/data/dispute/dispute_id"],
        status: &["/data/dispute/dispute_status"],
        amount: &["/data/dispute/dispute_amount"],
        currency: &["/data/dispute/dispute_amount_currency", "/data/order_details/order_currency"],
        also: &["/data/dispute/updated_at"],
        finals: &["_MERCHANT_WON", "_MERCHANT_LOST", "_MERCHANT_ACCEPTED"],
        ..NOTHING
    },
    // A link that is paid in parts is PARTIALLY_PAID once for each of them.
    Place {
        known_by: "/data/link_id",
        subject: |entity| Subject::Link(entity),
        successes: &["PAID"],
        id: &["/data/link_id"],
        status: &["/data/link_status"],
        amount: &["/data/link_amount_paid"],
        currency: &["/data/link_currency"],
        also: &["/data/order/transaction_id"],
        finals: &["PAID", "EXPIRED", "CANCELLED"],
        ..NOTHING
    },
    Place {
        known_by: "/data/form",
        subject: |entity| Subject::Order(entity),
        successes: &["PAID"],
        id: &["/data/order/order_id"],
        status: &["/data/order/order_status"],
        amount: &["/data/order/order_amount"],
        currency: &["/data/form/form_currency"],
        also: &["/data/order/transaction_id"],
        finals: &["PAID", "TERMINATED"],
        ..NOTHING
    },
    Place {
        known_by: "/data/instrument",
        id: &["/data/instrument/instrument_id"],
        status: &["/data/instrument/instrument_status"],
        also: &[EVENT_TIME],
        finals: &["FAILED"],
        ..NOTHING
    },
    Place {
        known_by: "/data/terminal_status",
        id: &["/data/cf_terminal_id"],
        status: &["/data/terminal_status"],
        also: &[EVENT_TIME],
        ..NOTHING
    },
    Place {
        known_by: "/data/incident",
        id: &["/data/incident/id"],
        status: &["/data/incident/status"],
        also: &[EVENT_TIME],
        ..NOTHING
    },
    Place {
        known_by: "/data/notification_id",
        subject: |entity| Subject::SubscriptionPayment(entity),
        id: &["/data/cf_notification_id", "/data/notification_id"],
        status: &["/data/notification_status"],
        amount: &["/data/payment_amount"],
        finals: RUN_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/execution_id",
        subject: |entity| Subject::SubscriptionPayment(entity),
        id: &["/data/cf_execution_id", "/data/execution_id"],
        status: &["/data/execution_status"],
        amount: &["/data/payment_amount"],
        finals: RUN_ENDS,
        ..NOTHING
    },
    // Whether the documents of a payment to a merchant abroad were accepted.
    Place {
        known_by: "/data/payment_verification_status",
        id: &["/data/cf_payment_id"],
        status: &["/data/payment_verification_status"],
        also: &[EVENT_TIME],
        ..NOTHING
    },
    // Of a subscription.
    Place {
        known_by: "/data/refund_status",
        subject: |entity| Subject::SubscriptionRefund(entity),
        successes: &["SUCCESS"],
        id: &["/data/cf_refund_id", "/data/refund_id"],
        status: &["/data/refund_status"],
        amount: &["/data/refund_amount"],
        finals: REFUND_ENDS,
        ..NOTHING
    },
    // That a customer agrees to be charged has the members of a charge, and its amount may be given back.
    Place {
        named: "AUTH_STATUS",
        subject: |entity| Subject::SubscriptionAuthorization(entity),
        ..SUBSCRIPTION_PAYMENT
    },
    SUBSCRIPTION_PAYMENT,
    Place {
        known_by: "/data/subscription_details",
        subject: |entity| Subject::Subscription(entity),
        id: &["/data/subscription_details/cf_subscription_id", "/data/subscription_details/subscription_id"],
        status: &["/data/subscription_details/subscription_status"],
        also: &[EVENT_TIME],
        finals: SUBSCRIPTION_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/subscription_status_webhook",
        subject: |entity| Subject::Subscription(entity),
        id: &[
            "/data/subscription_status_webhook/subscription_details/cf_subscription_id",
            "/data/subscription_status_webhook/subscription_details/subscription_id",
        ],
        status: &["/data/subscription_status_webhook/subscription_details/subscription_status"],
        also: &[EVENT_TIME],
        finals: SUBSCRIPTION_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/cf_ica_settlement_id",
        subject: |entity| Subject::Settlement(entity),
        successes: &["SUCCESS"],
        id: &["/data/cf_ica_settlement_id"],
        status: &["/data/status"],
        amount: &["/data/settlement_amount_inr"],
        finals: SETTLEMENT_ENDS,
        ..NOTHING
    },
    Place {
        known_by: "/data/order",
        subject: |entity| Subject::Order(entity),
        successes: &["PAID"],
        id: &["/data/order/order_id"],
        status: &["/data/order/order_status"],
        amount: &["/data/order/order_amount"],
        currency: &["/data/order/order_currency"],
        also: &[EVENT_TIME],
        finals: &["PAID", "TERMINATED"],
        ..NOTHING
    },
    // From here on: bodies without `data`. The first API's order notification,
    Place {
        known_by: "/txStatus",
        subject: |entity| Subject::Payment(entity),
        successes: &["SUCCESS"],
        id: &["/referenceId"],
        status: &["/txStatus"],
        amount: &["/orderAmount"],
        finals: PAYMENT_ENDS,
        ..NOTHING
    },
    // the first subscriptions,
    Place {
        known_by: "/cf_event",
        subject: |entity| Subject::Subscription(entity),
        id: &["/cf_paymentId", "/cf_subReferenceId"],
        status: &["/cf_status"],
        amount: &["/cf_amount"],
        also: &["/cf_eventTime"],
        finals: &["CANCELLED", "COMPLETED", "EXPIRED"],
        ..NOTHING
    },
    // and collections: international ones settle in rupees, virtual accounts have no status.
    Place {
        known_by: "/settlement",
        subject: |entity| Subject::Settlement(entity),
        id: &["/settlement/id"],
        status: &["/settlement/status"],
        amount: &["/settlement/inrAmount"],
        also: &["/updatedStatusTime"],
        ..NOTHING
    },
    Place {
        known_by: "/event",
        subject: |entity| Subject::Collection(entity),
        id: &["/referenceId", "/utr"],
        status: &["/reversal/status", "/status"],
        amount: &["/amount"],
        currency: &["/currency"],
        also: &["/updatedStatusTime"],
        ..NOTHING
    },
];

const ORDER_ID: &[&str] = &[
    "/data/order/order_id",
    "/data/refund/order_id",
    "/data/auto_refund/order_id",
    "/data/order_details/order_id",
    "/data/payment/order_id",
    "/data/order_id",
    "/orderId",
];

const PAYMENT_ID: &[&str] = &[
    "/data/payment/cf_payment_id",
    "/data/refund/cf_payment_id",
    "/data/auto_refund/cf_payment_id",
    "/data/order_details/cf_payment_id",
    "/data/cf_payment_id",
    // Links and forms call it so.
    "/data/order/transaction_id",
    "/cf_referenceId",
    "/referenceId",
];

const REFUND_ID: &[&str] = &["/data/refund/refund_id", "/data/auto_refund/refund_id", "/data/refund_id"];

const SUBSCRIPTION_ID: &[&str] = &[
    "/data/subscription_id",
    "/data/subscription_details/subscription_id",
    "/data/subscription_status_webhook/subscription_details/subscription_id",
];

/// What handlers ask for first, looked up once.
#[derive(Clone)]
pub(super) struct Summary {
    pub(super) about: for<'e> fn(Entity<'e>) -> Subject<'e>,
    pub(super) order_id: Option<String>,
    pub(super) payment_id: Option<String>,
    pub(super) refund_id: Option<String>,
    pub(super) subscription_id: Option<String>,
    pub(super) subject_id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) also: Vec<String>,
    pub(super) is_final: bool,
    pub(super) is_success: bool,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            about: |entity| Subject::Other(entity),
            order_id: None,
            payment_id: None,
            refund_id: None,
            subscription_id: None,
            subject_id: None,
            status: None,
            amount: None,
            currency: None,
            also: Vec::new(),
            is_final: false,
            is_success: false,
        }
    }
}

impl Summary {
    pub(super) fn of(event_type: &str, fields: &Fields) -> Self {
        let everywhere = Self {
            order_id: fields.text_at(ORDER_ID),
            payment_id: fields.text_at(PAYMENT_ID),
            refund_id: fields.text_at(REFUND_ID),
            subscription_id: fields.text_at(SUBSCRIPTION_ID),
            ..Self::default()
        };
        let present = |pointer| fields.json.pointer(pointer).is_some_and(|value| !value.is_null());
        let is_meant = |place: &&Place| event_type.contains(place.named) && present(place.known_by);
        let Some(subject) = PLACES.iter().find(is_meant) else {
            return everywhere;
        };
        let status = fields.text_at(subject.status);
        let ended = |ends| status.as_deref().is_some_and(|status| is_one_of(status, ends));
        let is_success = ended(subject.successes);
        let is_held = is_success && fields.json.pointer(subject.taken) == Some(&Value::Bool(false));
        let mut also: Vec<String> =
            subject.also.iter().filter_map(|pointer| fields.text_at(&[pointer])).collect();
        if is_held {
            also.push("held".to_owned());
        }
        Self {
            subject_id: fields.text_at(subject.id),
            amount: fields.text_at(subject.amount),
            currency: fields.text_at(subject.currency),
            is_final: ended(subject.finals) && !is_held,
            is_success: is_success && !is_held,
            also,
            about: subject.subject,
            status,
            ..everywhere
        }
    }
}

fn is_one_of(status: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| *end == status || end.starts_with('_') && status.ends_with(end))
}
