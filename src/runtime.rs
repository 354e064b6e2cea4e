//! What happens to every request, once, for all operations of all versions.
//!
//! An attempt ends in one of a few ways; [`judge`] alone says what each means for the caller and whether
//! a repeat is safe. The rest is bookkeeping: headers that stay the same on every attempt, waits that end
//! before the deadline, and one memory: once an attempt to change something may have been carried out,
//! the call does not call itself failed unless Cashfree says so.
//!
//! Nothing here is spawned. A call is one future; dropping it leaves nothing behind.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::RETRY_AFTER};
use serde::de::IgnoredAny;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    api_error::{self, ApiError},
    client::Inner,
    error::{Cause, Error, ErrorKind, Failure},
    observe::{AttemptReport, Recorder},
    request::{Draft, Prepared},
    response::{RateLimit, Response, ResponseMeta},
    retry::{RetryPolicy, later},
    types::{Body, DecodeError, Invalid},
};

/// Some servers send it before JSON, where it has no business.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// No explanation needs more.
const ERROR_BODY_LIMIT: usize = 256 * 1024;

/// Reads a successful body. A callback, so that the code below exists once and not once per operation.
type Reader<'a> = &'a mut (dyn FnMut(&[u8]) -> Result<(), Unread> + Send);

/// Why a body did not become an answer.
pub(crate) struct Unread {
    pub(crate) error: DecodeError,
    /// It is about what was asked for, or may be; else it says nothing of it.
    pub(crate) meant: bool,
}

/// Sends a call and reads its answer.
pub(crate) async fn send<T: Body + Send>(draft: Draft) -> Result<Response<T>, Error> {
    send_and_read(draft, read).await
}

/// The answer that a body is, where it is one.
pub(crate) fn read<T: Body>(body: &[u8]) -> Result<T, Unread> {
    match T::decode(body) {
        Ok(value) if !value.is_silent() || T::is_meant_by(body) => Ok(value),
        Ok(_) => {
            let error = DecodeError::new("$", "an answer", "nothing that the specification lists");
            Err(Unread { error, meant: false })
        }
        Err(error) => Err(Unread { error, meant: T::is_meant_by(body) }),
    }
}

/// Sends a call and reads its answer in another way than by its type alone.
pub(crate) async fn send_and_read<T: Send>(
    draft: Draft,
    mut decode: impl FnMut(&[u8]) -> Result<T, Unread> + Send,
) -> Result<Response<T>, Error> {
    let mut value = None;
    let meta = observed(&draft, &mut |body| {
        value = Some(decode(body)?);
        Ok(())
    })
    .await?;
    match value {
        Some(value) => Ok(Response::new(value, meta)),
        // A call succeeds only after its body was read, so this is never reached.
        None => {
            let error = DecodeError::new("$", "a body", "none");
            Err(Failure::new(ErrorKind::Undecodable, Cause::Decode(error)).into_error(draft.info, meta))
        }
    }
}

async fn observed(draft: &Draft, read: Reader<'_>) -> Result<ResponseMeta, Error> {
    let observer = draft.cashfree.inner().observer.as_deref();
    #[cfg(feature = "tracing")]
    {
        use tracing::Instrument as _;
        let span = crate::observe::span(&draft.info);
        let recorder = Recorder::start(observer, &draft.info, span.clone());
        recorded(draft, read, recorder).instrument(span).await
    }
    #[cfg(not(feature = "tracing"))]
    recorded(draft, read, Recorder::start(observer, &draft.info)).await
}

async fn recorded(
    draft: &Draft,
    read: Reader<'_>,
    mut recorder: Recorder<'_>,
) -> Result<ResponseMeta, Error> {
    let started = Instant::now();
    let mut meta = ResponseMeta::default();
    let outcome = run(draft, read, started, &mut recorder, &mut meta).await;
    meta.elapsed = started.elapsed();
    let outcome = match outcome {
        Ok(()) => Ok(meta),
        Err(failure) => Err(failure.into_error(draft.info.clone(), meta)),
    };
    recorder.finish(outcome.as_ref());
    outcome
}

/// The attempts of a call.
async fn run(
    draft: &Draft,
    read: Reader<'_>,
    started: Instant,
    recorder: &mut Recorder<'_>,
    meta: &mut ResponseMeta,
) -> Result<(), Failure> {
    let client = draft.cashfree.inner();
    let method = &draft.info.method;
    let policy = draft.retry.as_ref().unwrap_or(&client.retry);
    let deadline = later(started, draft.timeout.unwrap_or(client.timeout));
    let refuse = |invalid| Failure::new(ErrorKind::InvalidInput, Cause::Invalid(invalid));
    if draft.timeout.is_some_and(|timeout| timeout.is_zero()) {
        return Err(refuse(Invalid::one("timeout", "must not be zero")));
    }
    let request = draft.prepare().map_err(refuse)?;
    meta.request_id = Some(request.request_id.clone());
    meta.idempotency_key = request.idempotency_key.clone();
    let reads = draft.info.is_read();
    let repeatable = reads || request.idempotency_key.is_some() || is_idempotent(method);

    let mut waits = policy.waits();
    let mut doubt = false;
    let mut last: Option<Failure> = None;
    loop {
        let permit = match &client.gate {
            Some(gate) => match gate.enter(deadline).await {
                Ok(permit) => permit,
                // What an earlier attempt ended in says more than that there is no room for the next.
                Err(no_room) => return Err(last.unwrap_or_else(|| no_room_failure(no_room.0))),
            },
            None => None,
        };
        let attempt_started = Instant::now();
        // A request that no time is left for would be sent all the same, and then abandoned.
        if attempt_started >= deadline {
            return Err(last.unwrap_or_else(|| Failure::new(ErrorKind::NeverSent, Cause::NoTimeLeft)));
        }
        meta.attempts += 1;
        let given_up = policy
            .limit_of(meta.attempts)
            .map_or(deadline, |limit| later(attempt_started, limit).min(deadline));
        let end = attempt(client, method, &request, given_up).await;
        drop(permit);
        if let (Some(gate), End::Answered(answer)) = (&client.gate, &end) {
            let figures = RateLimit::read(&answer.headers);
            let refused = answer.status == StatusCode::TOO_MANY_REQUESTS;
            gate.learn(&figures, refused.then(|| policy.wait_after_429(figures.wait())));
        }
        (meta.status, meta.headers) = match &end {
            End::Answered(answer) => (Some(answer.status), answer.headers.clone()),
            End::NoConnection(_) | End::Broken(_) | End::Redirected => (None, HeaderMap::new()),
        };

        let verdict = judge(end, reads, policy, client.credentials.secret(), read);
        let Some(Verdict { mut failure, repeat }) = verdict else {
            recorder.attempt(&report(meta, attempt_started, None, None));
            return Ok(());
        };
        // A repeat that is refused does not say what became of the first: it may be refused because the
        // first was carried out. Only an answer that Cashfree marks as the first one's settles it.
        let settled =
            meta.is_replayed() || matches!(failure.kind, ErrorKind::Undecodable | ErrorKind::OutcomeUnknown);
        // Nor does it say what became of an earlier call, where the caller may have used the key before.
        let conflict = draft.idempotency_key.is_some()
            && !reads
            && failure.api.as_ref().is_some_and(ApiError::may_be_conflict);
        if (doubt || conflict) && !settled {
            failure.kind = ErrorKind::OutcomeUnknown;
            failure.retryable = false;
            failure.doubt = true;
        }
        doubt |= failure.kind == ErrorKind::OutcomeUnknown;

        let wait = match repeat {
            Repeat::Never => None,
            Repeat::IfSafe(_) if !repeatable => None,
            Repeat::IfSafe(asked) => Some(waits.backoff(meta.attempts).max(asked.unwrap_or_default())),
            Repeat::Always => Some(waits.backoff(meta.attempts)),
            Repeat::After(asked) => Some(waits.at_least(asked)),
        };
        let wait =
            wait.filter(|wait| !policy.is_last(meta.attempts) && later(Instant::now(), *wait) < deadline);
        recorder.attempt(&report(meta, attempt_started, Some(failure.kind), wait));
        match wait {
            Some(wait) => {
                last = Some(failure);
                sleep(wait).await;
            }
            None => return Err(failure),
        }
    }
}

fn report(
    meta: &ResponseMeta,
    started: Instant,
    failure: Option<ErrorKind>,
    retry_in: Option<Duration>,
) -> AttemptReport {
    AttemptReport {
        attempt: meta.attempts,
        status: meta.status,
        failure,
        retry_in,
        elapsed: started.elapsed(),
    }
}

fn no_room_failure(wait: Option<Duration>) -> Failure {
    Failure { retry_after: wait, ..Failure::new(ErrorKind::RateLimited, Cause::LocalLimit) }
}

/// How an attempt ended, before anyone asks what that means.
enum End {
    Answered(Answer),
    /// Nothing was written: there was no connection to write to.
    NoConnection(reqwest::Error),
    /// Something may have been written, and no status came.
    Broken(Cause),
    /// A redirect was followed, and someone else answered.
    Redirected,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// Why the body is not whole.
    cut: Option<Cause>,
}

async fn attempt(client: &Inner, method: &Method, request: &Prepared, given_up: Instant) -> End {
    let mut http = reqwest::Request::new(method.clone(), request.url.clone());
    *http.headers_mut() = request.headers.clone();
    *http.body_mut() = request.body.clone().map(reqwest::Body::from);
    let mut response = match timeout_at(given_up, client.http.execute(http)).await {
        Ok(Ok(response)) => response,
        // A client that the user brought may find no connection only after it followed a redirect.
        Ok(Err(error)) if !client.own_http && (error.is_connect() || error.is_builder()) => {
            return End::NoConnection(error.without_url());
        }
        Ok(Err(error)) => return End::Broken(Cause::Http(error.without_url())),
        Err(_) => return End::Broken(Cause::TimedOut),
    };
    let status = response.status();
    // Only a client that the user brought follows redirects; whoever answered is not who was asked.
    if *response.url() != request.url {
        return End::Redirected;
    }
    let headers = std::mem::take(response.headers_mut());
    let limit = if status.is_success() { client.body_limit } else { client.body_limit.min(ERROR_BODY_LIMIT) };
    let (body, cut) = read_body(response, limit, given_up).await;
    End::Answered(Answer { status, headers, body, cut })
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

/// What a failure means, and when the request may be sent again.
struct Verdict {
    failure: Failure,
    repeat: Repeat,
}

impl Verdict {
    fn new(kind: ErrorKind, cause: Cause, repeat: Repeat) -> Self {
        let mut failure = Failure::new(kind, cause);
        // What only reads can be asked again, if that may end differently.
        if matches!(kind, ErrorKind::Rejected | ErrorKind::Unanswered) {
            failure.retryable = !matches!(repeat, Repeat::Never);
        }
        if let Repeat::After(wait) = repeat {
            failure.retry_after = Some(wait);
        }
        Self { failure, repeat }
    }

    fn with_body(mut self, body: Bytes) -> Self {
        self.failure.raw_body = Some(body);
        self
    }
}

#[derive(Clone, Copy)]
enum Repeat {
    /// It would end the same way, or do harm.
    Never,
    /// If carrying it out twice is the same as once; not before the wait that was asked for.
    IfSafe(Option<Duration>),
    /// It was not carried out.
    Always,
    /// It was not carried out, and is to wait so long.
    After(Duration),
}

/// The table of everything that can happen; `None` is success.
fn judge(end: End, reads: bool, policy: &RetryPolicy, secret: &str, read: Reader<'_>) -> Option<Verdict> {
    // No readable answer: for a read that is all there is to say, for anything else it may have happened.
    let unanswered = if reads { ErrorKind::Unanswered } else { ErrorKind::OutcomeUnknown };
    let Answer { status, headers, body, cut } = match end {
        End::Answered(answer) => answer,
        End::NoConnection(error) => {
            return Some(Verdict::new(ErrorKind::NeverSent, Cause::Http(error), Repeat::Always));
        }
        End::Broken(cause) => return Some(Verdict::new(unanswered, cause, Repeat::IfSafe(None))),
        End::Redirected => return Some(Verdict::new(unanswered, Cause::Redirected, Repeat::Never)),
    };
    if status.is_success() {
        return judge_success(status, body, cut, unanswered, secret, read);
    }
    if !status.is_client_error() && !status.is_server_error() {
        let verdict = Verdict::new(unanswered, Cause::UnexpectedStatus(status), Repeat::Never);
        return Some(verdict.with_body(body));
    }

    let api = ApiError::read(status, &body, cut.is_some(), secret);
    let asked = RateLimit::read(&headers).wait();
    let (kind, repeat) = match status.as_u16() {
        429 => (ErrorKind::RateLimited, Repeat::After(policy.wait_after_429(asked))),
        400..=499 if !api.may_be_given_up() => (ErrorKind::Rejected, Repeat::Never),
        code => {
            // 502 is also what Cashfree says when a bank did: the bank may have moved the money.
            let kind = if reads { ErrorKind::Rejected } else { ErrorKind::OutcomeUnknown };
            let asked = asked.filter(|_| headers.contains_key(RETRY_AFTER));
            (kind, if matches!(code, 400..=500 | 502..=504) { Repeat::IfSafe(asked) } else { Repeat::Never })
        }
    };
    let mut verdict = Verdict::new(kind, Cause::Api, repeat);
    verdict.failure.api = Some(api);
    Some(verdict.with_body(body))
}

fn judge_success(
    status: StatusCode,
    body: Bytes,
    cut: Option<Cause>,
    unanswered: ErrorKind,
    secret: &str,
    read: Reader<'_>,
) -> Option<Verdict> {
    let json = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body);
    let verdict = match cut {
        // It would be as long the next time.
        Some(cause @ Cause::TooLarge { .. }) => Verdict::new(unanswered, cause, Repeat::Never),
        Some(cause) => Verdict::new(unanswered, cause, Repeat::IfSafe(None)),
        // The status says that it was done, the body that it was not.
        None if api_error::is_error_body(json) => {
            let mut verdict = Verdict::new(unanswered, Cause::ErrorInSuccess, Repeat::Never);
            verdict.failure.api = Some(ApiError::read(status, json, false, secret));
            verdict
        }
        None => match read(json) {
            Ok(()) => return None,
            // Whole JSON of another shape comes again however often one asks.
            Err(Unread { error, meant }) if serde_json::from_slice::<IgnoredAny>(json).is_ok() => {
                // Nobody said that what was to be changed was.
                let unsaid = !meant && unanswered == ErrorKind::OutcomeUnknown;
                let kind = if unsaid { unanswered } else { ErrorKind::Undecodable };
                Verdict::new(kind, Cause::Decode(error), Repeat::Never)
            }
            Err(Unread { error, .. }) => {
                Verdict::new(unanswered, Cause::NotReadable(error), Repeat::IfSafe(None))
            }
        },
    };
    Some(verdict.with_body(body))
}

/// Carried out twice it is the same as once, even without an idempotency key.
fn is_idempotent(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::DELETE)
}
