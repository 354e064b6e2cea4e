//! Cashfree's first API, `/api/v1`: forms in, JSON out. For integrations that still speak it; a new one takes a
//! dated version.
//!
//! [`Client`] has a method per operation; it is made by [`Cashfree::legacy`], and shares credentials, connections,
//! timeouts, rate limiter, observer and errors with the clients of the dated versions.
//!
//! ```no_run
//! use cashfree_pg::types::Amount;
//! use cashfree_pg::{Cashfree, ErrorKind};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let api = Cashfree::from_env()?.legacy();
//! let order = api
//!     .create_order("order_1", Amount::from_paise(49_950))
//!     .customer_name("Asha Rao")
//!     .customer_phone("9999999999")
//!     .customer_email("asha@shop.example")
//!     .return_url("https://shop.example/paid")
//!     .await;
//! match order {
//!     Ok(order) => println!("pay at {:?}", order.payment_link()),
//!     // Never sent a second time by itself: ask whether it is there.
//!     Err(error) if error.kind() == ErrorKind::OutcomeUnknown => {
//!         let status = api.fetch_order_status("order_1").await?;
//!         println!("{:?}", status.text("orderStatus"));
//!     }
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is different
//! - **Where it goes**: `https://api.cashfree.com` in production, `https://test.cashfree.com` for the sandbox; of
//!   the URL of a [custom environment](crate::Environment::custom) a final `/pg` is dropped.
//! - **Who calls**: only [`Credentials::merchant`](crate::Credentials::merchant), whose id and secret travel as the
//!   fields `appId` and `secretKey` of every form.
//! - **Nothing makes a repeat safe.** There is no idempotency key, so `create_order`, `create_refund` and
//!   `send_payment_email` are sent again only where they cannot have been carried out: there was no connection, or
//!   a 429 turned them away. Where an answer is missing they end in
//!   [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown) after one attempt. All other operations only read, and
//!   are repeated as the client's [`RetryPolicy`](crate::RetryPolicy) says.
//! - **A refusal is in the body**: `{"status":"ERROR","reason":"…"}` is
//!   [`Rejected`](crate::ErrorKind::Rejected), 200 included, with the reason as
//!   [`message`](crate::ApiError::message); a 429 stays [`RateLimited`](crate::ErrorKind::RateLimited). Under a 5xx
//!   or a 408 it settles nothing: to a change the outcome is unknown, as where a success does not say `OK`.
//! - **Answers are not specified**, so a [`Record`] keeps all of it, to be read by name.
//! - Fields that have no method here are set by [`field`](Call::field). What is wrong with a field, or with who
//!   calls, is [`InvalidInput`](crate::ErrorKind::InvalidInput) and names it; nothing is sent then.
//!
//! What is sent to an order's `notifyUrl` is verified by
//! [`Verifier::verify_legacy`](crate::webhook::Verifier::verify_legacy) with
//! [`LegacySigning::OrderNotify`](crate::webhook::LegacySigning::OrderNotify). Neither needs this module.

mod call;
mod fields;
pub mod operations;
mod record;

pub use self::call::{Call, Operation};
use self::operations as op;
pub use self::record::Record;
use crate::{
    account::handle::Cashfree,
    types::{Id, IntoAmount},
    wire::Member,
};

/// A member that must not be empty.
const fn filled(name: &'static str) -> Member {
    Member::new(name).length(1, usize::MAX)
}

const ORDER_ID: &Member = &filled("orderId");
const START_DATE: &Member = &filled("startDate");
const END_DATE: &Member = &filled("endDate");

impl Cashfree {
    /// The client of the first API: see [`legacy`](crate::legacy).
    pub fn legacy(&self) -> Client {
        Client { cashfree: self.clone() }
    }
}

/// The operations of Cashfree's first API. Amounts are in rupees.
///
/// ```
/// use cashfree_pg::{Cashfree, Credentials, Environment};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // In place of the network: what this test wants to be answered.
/// let answer = r#"{"status":"OK","orderStatus":"PAID","orderAmount":"499.50"}"#;
/// let cashfree = Cashfree::builder()
///     .environment(Environment::Sandbox)
///     .credentials(Credentials::merchant("app id", "secret key"))
///     .transport(move |_| async move { Ok(http::Response::new(answer.into())) })
///     .build()?;
///
/// let status = cashfree.legacy().fetch_order_status("order_1").await?;
/// assert_eq!(status.text("orderStatus").as_deref(), Some("PAID"));
/// assert_eq!(status.amount("orderAmount")?, Some("499.50".parse()?));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "PaymentGateway")]
pub struct Client {
    cashfree: Cashfree,
}

impl Client {
    /// The handle that this client was made from.
    pub fn cashfree(&self) -> &Cashfree {
        &self.cashfree
    }

    /// Checks whether the id and the secret are accepted: `POST /api/v1/credentials/verify`.
    ///
    /// If not, the call is [`Rejected`](crate::ErrorKind::Rejected).
    #[doc(alias = "verifyCredentials")]
    pub fn verify_credentials(&self) -> Call<op::VerifyCredentials> {
        Call::new(&self.cashfree)
    }
}

/// # Orders
impl Client {
    /// Creates an order: `POST /api/v1/order/create`. The answer has a [`payment_link`](Record::payment_link).
    ///
    /// `order_id` is your own, and new. The API also wants the customer's name, phone and e-mail, and a return URL.
    #[doc(alias = "createOrders")]
    pub fn create_order(&self, order_id: impl Into<Id>, amount: impl IntoAmount) -> Call<op::CreateOrder> {
        let call = Call::new(&self.cashfree).with(ORDER_ID, order_id.into());
        call.with(const { &Member::new("orderAmount") }, amount.into_amount())
    }

    /// The details of an order: `POST /api/v1/order/info`.
    #[doc(alias = "getDetails")]
    pub fn fetch_order(&self, order_id: impl Into<Id>) -> Call<op::FetchOrder> {
        Call::new(&self.cashfree).with(ORDER_ID, order_id.into())
    }

    /// Where the customer pays for an order: `POST /api/v1/order/info/link`.
    #[doc(alias = "getLink")]
    pub fn fetch_order_link(&self, order_id: impl Into<Id>) -> Call<op::FetchOrderLink> {
        Call::new(&self.cashfree).with(ORDER_ID, order_id.into())
    }

    /// The state of an order and of its payment: `POST /api/v1/order/info/status`.
    #[doc(alias = "getStatus")]
    pub fn fetch_order_status(&self, order_id: impl Into<Id>) -> Call<op::FetchOrderStatus> {
        Call::new(&self.cashfree).with(ORDER_ID, order_id.into())
    }

    /// Writes to the customer, with the link to pay: `POST /api/v1/order/email`.
    #[doc(alias = "triggerPaymentEmail")]
    pub fn send_payment_email(&self, order_id: impl Into<Id>) -> Call<op::SendPaymentEmail> {
        Call::new(&self.cashfree).with(ORDER_ID, order_id.into())
    }
}

/// # Payments, refunds and settlements
impl Client {
    /// Pays back a payment or a part of it: `POST /api/v1/order/refund`.
    ///
    /// `reference_id` is Cashfree's, of the payment: the `referenceId` of its notification. The API also wants a
    /// [note](Call::refund_note).
    #[doc(alias = "initiateRefund")]
    pub fn create_refund(
        &self,
        order_id: impl Into<Id>,
        reference_id: impl Into<Id>,
        amount: impl IntoAmount,
    ) -> Call<op::CreateRefund> {
        let call = Call::new(&self.cashfree).with(ORDER_ID, order_id.into());
        let call = call.with(const { &filled("referenceId") }, reference_id.into());
        call.with(const { &Member::new("refundAmount") }, amount.into_amount())
    }

    /// The payments of some days: `POST /api/v1/transactions`. Dates are written `2026-01-31`.
    #[doc(alias = "fetchTransactions")]
    pub fn fetch_transactions(
        &self,
        start_date: impl Into<String>,
        end_date: impl Into<String>,
    ) -> Call<op::FetchTransactions> {
        self.of_days(start_date.into(), end_date.into())
    }

    /// The refunds of some days: `POST /api/v1/refunds`. Dates are written `2026-01-31`.
    #[doc(alias = "fetchAllRefunds")]
    pub fn fetch_refunds(
        &self,
        start_date: impl Into<String>,
        end_date: impl Into<String>,
    ) -> Call<op::FetchRefunds> {
        self.of_days(start_date.into(), end_date.into())
    }

    /// The settlements of some days: `POST /api/v1/settlements`. Dates are written `2026-01-31`.
    #[doc(alias = "fetchAllSettlements")]
    pub fn fetch_settlements(
        &self,
        start_date: impl Into<String>,
        end_date: impl Into<String>,
    ) -> Call<op::FetchSettlements> {
        self.of_days(start_date.into(), end_date.into())
    }

    /// What a settlement settled: `POST /api/v1/settlement`.
    #[doc(alias = "fetchSettlementById")]
    pub fn fetch_settlement(&self, settlement_id: impl Into<Id>) -> Call<op::FetchSettlement> {
        Call::new(&self.cashfree).with(const { &filled("settlementId") }, settlement_id.into())
    }

    fn of_days<O: Operation>(&self, start_date: String, end_date: String) -> Call<O> {
        Call::new(&self.cashfree).with(START_DATE, start_date).with(END_DATE, end_date)
    }
}
