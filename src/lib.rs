//! Cashfree Payments for Rust: one typed client per API version, exact with money, safe to retry.
//!
//! Everything starts from one [`Cashfree`] handle, which holds the environment, the credentials, the
//! connections and the policy of an account. Each API version is a module with a client of its own, made
//! from the handle; all of them share it.
//!
//! ```
//! # #[cfg(feature = "v2025-01-01")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = cashfree_sandbox::Sandbox::start().await?;
//! # let (environment, id, secret) =
//! #     (Environment::custom(sandbox.base_url())?, sandbox.client_id(), sandbox.client_secret());
//! use cashfree_pg::types::Amount;
//! use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails};
//! use cashfree_pg::{Cashfree, Credentials, Environment};
//!
//! let cashfree = Cashfree::builder()
//!     .environment(environment) // Environment::Sandbox or Environment::Production
//!     .credentials(Credentials::merchant(id, secret))
//!     .build()?;
//!
//! let customer = CustomerDetails::new("customer_1", "9999999999");
//! let request = CreateOrderRequest::new("499.50".parse::<Amount>()?, "INR", customer).order_note("two tickets");
//! let order = cashfree.v2025_01_01().create_order(request).await?;
//!
//! assert_eq!(order.order_amount, Some(Amount::from_paise(49_950)));
//! assert!(order.payment_session_id.is_some());
//! assert_eq!(order.meta().attempts(), 1);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "v2025-01-01"))]
//! # fn main() {}
//! ```
//!
//! # What is where
//! | | |
//! |---|---|
//! | [`Cashfree`], [`CashfreeBuilder`] | the handle, and its settings |
//! | `v2022_09_01`, `v2023_08_01`, `v2025_01_01`, `v2026_01_01` | an API version each: `Client`, `types`, `operations`, `webhook` |
//! | `virtual_bank_accounts`, `import_payments`, `global_collections`, `bbps`, `one_escrow`, `partner_onboarding` | a product beside the payments API each |
//! | `legacy` | the client of the first API, which spoke forms |
//! | [`Call`], [`Response`] | an operation before it is sent, and its answer with [`ResponseMeta`] |
//! | [`Call::pages`], [`Call::items`] | lists that come in pages, as streams |
//! | [`Error`], [`ErrorKind`] | what went wrong, told apart by what to do about it |
//! | [`RetryPolicy`], [`RateLimiter`] | what is repeated, and how fast requests go out |
//! | [`types`] | [`Amount`](types::Amount), [`Id`](types::Id), [`Timestamp`](types::Timestamp), and how bodies are read |
//! | [`webhook`] | verify a delivery, then read it |
//! | [`codes`] | banks, wallets, EMI plans, error codes and states that the API documents but does not serve |
//! | [`UntypedCall`] | a request that this crate has no types for |
//! | [`Observer`] | hears of every call, for metrics |
//! | `guide` | pages on checkout, webhooks, refunds, retries, errors, testing and more |
//!
//! # The rules
//! - **Only what is safe is repeated.** A POST or PATCH of the payments API carries an idempotency key,
//!   by which Cashfree carries it out once however often it arrives; [`RetryPolicy`] says what is repeated and
//!   when. Where nobody can know what happened, the error says so: [`ErrorKind::OutcomeUnknown`].
//! - **Money is never a float.** [`Amount`](types::Amount) takes its digits from the text of the body.
//! - **Reading is tolerant, writing is strict.** A value or a member that is not listed is kept and written
//!   back; a member that does not fit reads as absent and is kept as well. A request that breaks a limit of the
//!   specification is refused before it is sent, with the name of the member. Therefore every member is an
//!   `Option`, and what the specification requires is an argument of `new`.
//! - **Nothing secret is shown.** Neither `Debug` nor `Display` nor a span has a credential, a body or a card
//!   number.
//!
//! # Features
//! On by default: `v2025-01-01` and `rustls-aws-lc`. Features only ever add; in particular no version changes the
//! types of another.
//!
//! | feature | |
//! |---|---|
//! | `v2022-09-01`, `v2023-08-01`, `v2025-01-01`, `v2026-01-01` | the typed client of an API version; turns on `client` |
//! | `virtual-bank-accounts`, `import-payments`, `global-collections`, `bbps`, `one-escrow`, `partner-onboarding` | the typed client of a product beside the payments API; likewise |
//! | `legacy` | the client of the first API, `/api/v1`, with its forms |
//! | `client` | [`Cashfree`] and the untyped request; without it the crate verifies webhooks and knows codes and types |
//! | `rustls-aws-lc` | TLS by rustls on aws-lc, with the certificate checks of the platform |
//! | `rustls-ring` | TLS by rustls on ring; the quickest to build, and see the guide on TLS beside other crates |
//! | `native-tls` | TLS of the system: OpenSSL, SChannel or Secure Transport |
//! | `http2` | HTTP/2, where the server offers it |
//! | `system-proxy` | the proxy settings of macOS and Windows, besides the environment variables |
//! | `tracing` | one span a call, and events for retries |
//! | `test-util` | `Error::fake` and `Response::fake`, for tests of what calls this crate |
//! | `axum` | `webhook::axum::Webhook`, an extractor for axum 0.8 |
//! | `schemars` | `schemars::JsonSchema` for every generated type |
//!
//! `generated`, `registry` and `__rustls` are internal and may change at any time. Where several TLS features
//! are on, [`Tls`] says which is used. The crate needs Rust 1.88 and, for calls, a Tokio runtime with time and
//! I/O enabled.

// Says of each item which feature has it; only docs.rs has what that needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod account;
#[cfg(feature = "client")]
mod answer;
#[cfg(feature = "client")]
mod call;
pub mod codes;
#[cfg(all(doc, feature = "v2025-01-01"))]
pub mod guide;
#[cfg(feature = "client")]
mod headers;
#[cfg(feature = "legacy")]
pub mod legacy;
mod redact;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;
// Without an API version nothing uses all that generated types are made of; the default version does.
#[cfg_attr(not(feature = "v2025-01-01"), allow(dead_code, unused_macros, unused_imports))]
pub mod types;
pub mod webhook;
// As above.
#[cfg_attr(not(feature = "v2025-01-01"), allow(dead_code, unused_macros, unused_imports))]
mod wire;

#[cfg(feature = "client")]
pub use self::{
    account::{
        builder::CashfreeBuilder,
        credentials::Credentials,
        environment::{BaseUrl, Environment},
        handle::Cashfree,
        scheme::AuthScheme,
        secret::Secret,
        tls::Tls,
        version::ApiVersion,
    },
    answer::{
        api_error::ApiError,
        cause::TransportError,
        error::Error,
        kind::ErrorKind,
        meta::{RateLimit, ResponseMeta},
        raw::RawJson,
        response::Response,
    },
    call::{
        info::{CallInfo, OperationInfo},
        limit::RateLimiter,
        multipart::Upload,
        observe::{AttemptReport, CallEnd, CallReport, Observer},
        operation::{Call, Operation},
        pages::{Items, Pages, Paginated},
        retry::RetryPolicy,
        untyped::UntypedCall,
    },
};

#[cfg(feature = "test-util")]
pub use self::answer::fake::{FakeError, FakeMeta};

// One module for each enabled API version and product, and a method of `Cashfree` for each: see build.rs.
#[cfg(feature = "generated")]
include!(concat!(env!("OUT_DIR"), "/versions.rs"));

pub use chrono;
#[cfg(feature = "client")]
pub use http::{Method, StatusCode};
/// The HTTP client underneath, in the version and with the features that this crate uses it.
#[cfg(feature = "client")]
pub use reqwest;

/// The code of README.md, which is compiled and run with the other examples.
#[cfg(all(doctest, feature = "v2025-01-01"))]
#[doc = include_str!("../README.md")]
struct Readme;
