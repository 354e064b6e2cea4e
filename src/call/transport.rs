//! One attempt, from the request's bytes to the answer's, over reqwest or over a way of the user's own.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::CONTENT_LENGTH};
use tokio::time::{Instant, timeout_at};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    answer::cause::{Cause, TransportError},
    call::prepared::Prepared,
};

/// No explanation needs more.
const ERROR_BODY_LIMIT: usize = 256 * 1024;

type BoxError = Box<dyn StdError + Send + Sync>;
type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Hook =
    dyn Fn(http::Request<Bytes>) -> Boxed<Result<http::Response<Bytes>, TransportError>> + Send + Sync;

/// How requests leave.
pub(crate) enum Transport {
    Http {
        client: reqwest::Client,
        /// The user brought it: how often it sends what it is given is not known.
        own: bool,
    },
    Hook(Box<Hook>),
}

impl Transport {
    pub(crate) fn hook<F, R>(hook: F) -> Self
    where
        F: Fn(http::Request<Bytes>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 'static,
    {
        Self::Hook(Box::new(move |request| Box::pin(hook(request))))
    }
}

/// How an attempt ended, before anyone asks what that means.
pub(crate) enum End {
    Answered(Answer),
    /// Nothing was written: there was no connection to write to.
    NoConnection(Cause),
    /// Something may have been written, and no status came.
    Broken(Cause),
    /// A redirect was followed, and someone else answered.
    Redirected,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Why the body is not whole.
    pub(crate) cut: Option<Cause>,
}

/// Sends a request once.
pub(crate) async fn attempt(
    transport: &Transport,
    method: &Method,
    request: &Prepared,
    given_up: Instant,
    limit: usize,
) -> End {
    match transport {
        Transport::Http { client, own } => over_http(client, *own, method, request, given_up, limit).await,
        Transport::Hook(hook) => over_hook(hook, method, request, given_up, limit).await,
    }
}

async fn over_http(
    client: &reqwest::Client,
    own: bool,
    method: &Method,
    request: &Prepared,
    given_up: Instant,
    limit: usize,
) -> End {
    let mut http = reqwest::Request::new(method.clone(), request.url.clone());
    *http.headers_mut() = request.headers.clone();
    *http.body_mut() = request.body.clone().map(reqwest::Body::from);
    let executing = CONNECTED_BY.scope(connected_by(given_up), client.execute(http));
    let mut response = match timeout_at(given_up, executing).await {
        Ok(Ok(response)) => response,
        // A client that the user brought may have tried before, and found no connection only now.
        Ok(Err(error)) if !own && (error.is_connect() || error.is_builder()) => {
            return End::NoConnection(Cause::Http(error.without_url()));
        }
        Ok(Err(error)) => return End::Broken(Cause::Http(error.without_url())),
        Err(_) => return End::Broken(Cause::TimedOut),
    };
    let status = response.status();
    // No client that is accepted follows redirects; should one do it all the same, whoever answered is not
    // who was asked.
    if *response.url() != request.url {
        return End::Redirected;
    }
    let headers = std::mem::take(response.headers_mut());
    let (body, mut cut) = read_body(response, limit_of(status, limit), given_up).await;
    // HTTP/2 may end an answer early and call that no error.
    let has_body = method != Method::HEAD && status != StatusCode::NO_CONTENT;
    if cut.is_none() && has_body && promised(&headers).is_some_and(|length| length != body.len()) {
        cut = Some(Cause::CutShort);
    }
    End::Answered(Answer { status, headers, body, cut })
}

fn limit_of(status: StatusCode, limit: usize) -> usize {
    if status.is_success() { limit } else { limit.min(ERROR_BODY_LIMIT) }
}

/// The length that the headers promise.
fn promised(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The body, or the part of it that came, and why it is not whole.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
    given_up: Instant,
) -> (Bytes, Option<Cause>) {
    let mut body = Vec::new();
    loop {
        match timeout_at(given_up, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() > limit => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                return (body.into(), Some(Cause::TooLarge { limit }));
            }
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => return (body.into(), None),
            Ok(Err(error)) => return (body.into(), Some(Cause::Http(error.without_url()))),
            Err(_) => return (body.into(), Some(Cause::TimedOut)),
        }
    }
}

async fn over_hook(hook: &Hook, method: &Method, request: &Prepared, given_up: Instant, limit: usize) -> End {
    let mut http = http::Request::new(request.body.clone().unwrap_or_default());
    *http.method_mut() = method.clone();
    *http.headers_mut() = request.headers.clone();
    match request.url.as_str().parse() {
        Ok(uri) => *http.uri_mut() = uri,
        Err(error) => return End::NoConnection(Cause::Transport(TransportError::not_sent(error))),
    }
    let response = match timeout_at(given_up, hook(http)).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) if error.is_not_sent() => return End::NoConnection(Cause::Transport(error)),
        Ok(Err(error)) => return End::Broken(Cause::Transport(error)),
        Err(_) => return End::Broken(Cause::TimedOut),
    };
    let (parts, mut body) = response.into_parts();
    let limit = limit_of(parts.status, limit);
    let cut = (body.len() > limit).then_some(Cause::TooLarge { limit });
    body.truncate(limit);
    End::Answered(Answer { status: parts.status, headers: parts.headers, body, cut })
}

tokio::task_local! {
    /// When the attempt that is under way needs its connection.
    static CONNECTED_BY: Instant;
}

/// A little before the attempt is given up: whoever has no connection by then is told that nothing was sent.
/// Had both the same end, nobody could tell.
fn connected_by(given_up: Instant) -> Instant {
    let now = Instant::now();
    given_up - given_up.saturating_duration_since(now) / 10
}

/// Ends the making of a connection when the attempt that asked for it needs it no more. The client's own
/// limit is the same for all calls, and may be longer than a call has time.
#[derive(Clone, Copy)]
pub(crate) struct ConnectInTime;

impl<S> Layer<S> for ConnectInTime {
    type Service = InTime<S>;

    fn layer(&self, connector: S) -> InTime<S> {
        InTime(connector)
    }
}

/// A connector with that limit.
#[derive(Clone)]
pub(crate) struct InTime<S>(S);

impl<S, R> Service<R> for InTime<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Boxed<Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        match CONNECTED_BY.try_with(|deadline| *deadline) {
            Ok(deadline) => Box::pin(async move {
                let late = || io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
                timeout_at(deadline, connecting).await.unwrap_or_else(|_| Err(late().into()))
            }),
            Err(_) => Box::pin(connecting),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http { own: false, .. } => "Http",
            Self::Http { own: true, .. } => "OwnHttp",
            Self::Hook(_) => "Hook",
        })
    }
}
