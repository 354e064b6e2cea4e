//! The handle that everything starts from: one per account, shared by all versions and tasks.

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderMap;

use crate::{
    account::{
        credentials::Credentials,
        environment::{BaseUrl, Environment},
        secret::Secret,
        tokens::Tokens,
    },
    answer::error::Error,
    call::{
        limit::{Gate, RateLimiter},
        observe::Observer,
        retry::RetryPolicy,
        transport::Transport,
    },
};

/// Cashfree Payments: environment, credentials, connections and policy.
///
/// Cheap to clone; all clones share one pool of connections. It needs a Tokio runtime with time and
/// network enabled.
///
/// ```
/// use cashfree_pg::{Cashfree, Credentials, Environment};
///
/// let cashfree = Cashfree::builder()
///     .environment(Environment::Sandbox)
///     .credentials(Credentials::merchant("id", "secret"))
///     .build()?;
/// # Ok::<(), cashfree_pg::Error>(())
/// ```
#[derive(Clone)]
pub struct Cashfree(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Arc<Transport>,
    pub(crate) environment: Environment,
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    /// Those every request carries, and those that say who calls.
    pub(crate) common_headers: HeaderMap,
    pub(crate) credential_headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) gate: Option<Gate>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) tokens: Tokens,
    pub(crate) body_limit: usize,
    pub(crate) shows_personal_data: bool,
}

impl Cashfree {
    /// The same connections and policy for another account: of another merchant whom a partner acts for, or with
    /// a token that took the place of one that ended. A rate limiter counts each account by itself.
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the credential that cannot be sent.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, Error> {
        let inner = &*self.0;
        Ok(Self::new(Inner {
            transport: Arc::clone(&inner.transport),
            environment: inner.environment.clone(),
            base_url: inner.base_url.clone(),
            credential_headers: credentials.headers()?,
            credentials,
            common_headers: inner.common_headers.clone(),
            timeout: inner.timeout,
            retry: inner.retry.clone(),
            limiter: inner.limiter.clone(),
            gate: inner.limiter.as_ref().map(RateLimiter::start),
            observer: inner.observer.clone(),
            tokens: Tokens::default(),
            body_limit: inner.body_limit,
            shows_personal_data: inner.shows_personal_data,
        }))
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// What no text may show.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.tokens.secrets();
        secrets.push(self.credentials.secret().into());
        secrets
    }
}

impl fmt::Debug for Cashfree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cashfree")
            .field("environment", &self.0.environment)
            .field("credentials", &self.0.credentials)
            .field("timeout", &self.0.timeout)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}
