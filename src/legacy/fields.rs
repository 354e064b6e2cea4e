//! Setters for fields that some operations have.

use super::{call::Call, operations as op};
use crate::{types::Id, wire::Member};

/// Setters for fields of some operations.
macro_rules! fields {
    ($($operation:ident),+ { $($(#[$doc:meta])* $method:ident: $name:literal, $taken:ty, $value:ty;)+ }) => {
        fields!(@ [$($operation)+] { $($(#[$doc])* $method: $name, $taken, $value;)+ });
    };
    (@ [$first:ident $($rest:ident)*] $fields:tt) => {
        fields!(# $first $fields);
        fields!(@ [$($rest)*] $fields);
    };
    (@ [] $fields:tt) => {};
    (# $operation:ident { $($(#[$doc:meta])* $method:ident: $name:literal, $taken:ty, $value:ty;)+ }) => {
        impl Call<op::$operation> {
            $(
                $(#[$doc])*
                pub fn $method(self, value: impl Into<$taken>) -> Self {
                    self.with(const { &Member::new($name) }, <$value>::from(value.into()))
                }
            )+
        }
    };
}

fields!(CreateOrder {
    /// The currency: `INR`.
    order_currency: "orderCurrency", String, String;
    /// A note on the order.
    order_note: "orderNote", String, String;
    /// The customer's name.
    customer_name: "customerName", String, String;
    /// The customer's phone number.
    customer_phone: "customerPhone", String, String;
    /// The customer's e-mail address.
    customer_email: "customerEmail", String, String;
    /// Where the customer's browser goes after the payment.
    return_url: "returnUrl", String, String;
    /// Where the payment is notified: see [`Verifier::verify_legacy`](crate::webhook::Verifier::verify_legacy).
    notify_url: "notifyUrl", String, String;
});
fields!(CreateRefund {
    /// A note on the refund.
    refund_note: "refundNote", String, String;
});
fields!(FetchTransactions, FetchRefunds, FetchSettlements, FetchSettlement {
    /// Begins after this entry: the `lastId` of the answer before.
    last_id: "lastId", Id, Id;
    /// How many entries at most.
    count: "count", u32, i64;
});
