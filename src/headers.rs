//! The headers by which the payments API is told who calls and what, and tells what it did: each name once.

use http::{HeaderName, header};

pub(crate) static AUTHORIZATION: HeaderName = header::AUTHORIZATION;
pub(crate) static CLIENT_ID: HeaderName = HeaderName::from_static("x-client-id");
pub(crate) static CLIENT_SECRET: HeaderName = HeaderName::from_static("x-client-secret");
pub(crate) static CLIENT_SIGNATURE: HeaderName = HeaderName::from_static("x-client-signature");
pub(crate) static PARTNER_API_KEY: HeaderName = HeaderName::from_static("x-partner-apikey");
pub(crate) static PARTNER_MERCHANT_ID: HeaderName = HeaderName::from_static("x-partner-merchantid");

pub(crate) static API_VERSION: HeaderName = HeaderName::from_static("x-api-version");
pub(crate) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("x-idempotency-key");
pub(crate) static IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("x-idempotency-replayed");
pub(crate) static DEPRECATED_AT: HeaderName = HeaderName::from_static("x-deprecated-at");

pub(crate) static RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
pub(crate) static RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
pub(crate) static RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
pub(crate) static RATE_LIMIT_RETRY: HeaderName = HeaderName::from_static("x-ratelimit-retry");
pub(crate) static RATE_LIMIT_TYPE: HeaderName = HeaderName::from_static("x-ratelimit-type");
