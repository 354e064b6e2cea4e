//! The operations of the first API, each as a type.

use super::call::Operation;

macro_rules! operations {
    ($($does:ident $marker:ident $name:ident $path:literal)+) => {$(
        #[doc = concat!("[`", stringify!($name), "`](super::Client::", stringify!($name), "): `POST ", $path, "`")]
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub struct $marker;

        impl crate::call::operation::sealed::Sealed for $marker {}

        impl Operation for $marker {
            const NAME: &'static str = stringify!($name);
            const PATH: &'static str = $path;
            const READS: bool = operations!($does);
        }
    )+};
    (changes) => { false };
    (reads) => { true };
}

// All are POST. What creates an order, moves money back or writes to the customer changes something; the rest
// asks for what is there.
operations! {
    changes CreateOrder create_order "/api/v1/order/create"
    reads FetchOrder fetch_order "/api/v1/order/info"
    reads FetchOrderLink fetch_order_link "/api/v1/order/info/link"
    reads FetchOrderStatus fetch_order_status "/api/v1/order/info/status"
    changes SendPaymentEmail send_payment_email "/api/v1/order/email"
    changes CreateRefund create_refund "/api/v1/order/refund"
    reads FetchTransactions fetch_transactions "/api/v1/transactions"
    reads FetchRefunds fetch_refunds "/api/v1/refunds"
    reads FetchSettlements fetch_settlements "/api/v1/settlements"
    reads FetchSettlement fetch_settlement "/api/v1/settlement"
    reads VerifyCredentials verify_credentials "/api/v1/credentials/verify"
}
