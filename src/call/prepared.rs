//! A request that has passed its checks.

use bytes::Bytes;
use http::HeaderMap;
use url::Url;

use super::info::OperationInfo;

/// A request as every attempt sends it.
pub(crate) struct Prepared {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) request_id: String,
    pub(crate) idempotency_key: Option<String>,
    /// The operation that answers the bearer token, which is to be added.
    pub(crate) token: Option<&'static OperationInfo>,
}
