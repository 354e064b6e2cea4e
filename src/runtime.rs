//! What happens to every request, once, for all operations of all versions.
//!
//! An attempt ends in one of a few ways; [`judge`](crate::judge) alone says what each means for the caller and whether
//! a repeat is safe. The rest is bookkeeping: headers that stay the same on every attempt, waits that end
//! before the deadline, and one memory: once an attempt to change something may have been carried out,
//! the call does not call itself failed unless Cashfree says so.
//!
//! Nothing here is spawned. A call is one future; dropping it leaves nothing behind.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION};
use tokio::time::{Instant, sleep};

use crate::{
    api_error::ApiError,
    error::{Cause, Error, ErrorKind, Failure},
    judge::{Repeat, Verdict, judge},
    observe::{AttemptReport, Recorder},
    request::{Draft, Prepared},
    response::{Response, ResponseMeta, shown_headers},
    retry::{RetryPolicy, Waits, later},
    transport::{End, attempt},
    types::{Body, DecodeError, Invalid},
};

/// Reads a successful body. A callback, so that the code below exists once and not once per operation.
pub(crate) type Reader<'a> = &'a mut (dyn FnMut(&Bytes) -> Result<(), Unread> + Send);

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
        value = Some((decode(body)?, body.clone()));
        Ok(())
    })
    .await?;
    match value {
        Some((value, body)) => {
            let shows = draft.cashfree.inner().shows_personal_data;
            Ok(Response::new(value, meta, body).showing_personal_data(shows))
        }
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
    let policy = draft.retry.as_ref().unwrap_or(&client.retry);
    let deadline = later(started, draft.timeout.unwrap_or(client.timeout));
    let refuse = |invalid| Failure::new(ErrorKind::InvalidInput, Cause::Invalid(invalid));
    if draft.timeout.is_some_and(|timeout| timeout.is_zero()) {
        return Err(refuse(Invalid::one("timeout", "must not be zero")));
    }
    let mut request = draft.prepare().map_err(refuse)?;
    meta.request_id = Some(request.request_id.clone());
    meta.idempotency_key = request.idempotency_key.clone();

    let mut course = Course::new(draft, &request, policy, deadline);
    let mut renewed = false;
    loop {
        let token = match request.token {
            Some(source) => match client.tokens.get(&draft.cashfree, source, deadline).await {
                Ok(token) => Some(token),
                // What an earlier attempt ended in says more.
                Err(no_token) => return Err(course.end(meta).unwrap_or(no_token)),
            },
            None => None,
        };
        if let Some(token) = &token {
            request.headers.insert(AUTHORIZATION, token.header.clone());
        }
        let permit = match &client.gate {
            Some(gate) => match gate.enter(deadline).await {
                Ok(permit) => permit,
                // What an earlier attempt ended in says more than that there is no room for the next.
                Err(no_room) => return Err(course.end(meta).unwrap_or_else(|| no_room_failure(no_room.0))),
            },
            None => None,
        };
        let attempt_started = Instant::now();
        // A request that no time is left for would be sent all the same, and then abandoned.
        if attempt_started >= deadline {
            let late = || Failure::new(ErrorKind::NeverSent, Cause::NoTimeLeft);
            return Err(course.end(meta).unwrap_or_else(late));
        }
        meta.attempts += 1;
        recorder.sending(meta.attempts);
        let given_up = policy
            .limit_of(meta.attempts)
            .map_or(deadline, |limit| later(attempt_started, limit).min(deadline));
        let end = attempt(client, &draft.info.method, &request, given_up).await;
        drop(permit);
        let sent = !matches!(end, End::NoConnection(_));
        (meta.status, meta.headers) = match &end {
            End::Answered(answer) => {
                let said = [request.request_id.as_str(), &draft.info.version];
                (Some(answer.status), shown_headers(answer.headers.clone(), said, &client.secrets()))
            }
            End::NoConnection(_) | End::Broken(_) | End::Redirected => (None, HeaderMap::new()),
        };
        if let (Some(gate), Some(status)) = (&client.gate, meta.status) {
            let figures = meta.rate_limit();
            let refused = status == StatusCode::TOO_MANY_REQUESTS;
            gate.learn(&figures, refused.then(|| policy.wait_after_429(figures.wait())));
        }

        let verdict = judge(end, policy, draft, read);
        let Some(Verdict { failure, repeat }) = verdict else {
            recorder.attempt(&report(meta, attempt_started, None, None));
            return Ok(());
        };
        let failure = course.weigh(failure, sent, meta);
        let wait = match token {
            // Refused before anything was done. A new token may have been given elsewhere, so one is fetched, once.
            Some(token) if meta.status == Some(StatusCode::UNAUTHORIZED) && !renewed => {
                renewed = true;
                client.tokens.forget(&token, deadline).await;
                Some(Duration::ZERO)
            }
            _ => course.wait_before(repeat, meta.attempts),
        };
        recorder.attempt(&report(meta, attempt_started, Some(failure.kind), wait));
        course.remember(failure, sent, meta);
        match wait {
            Some(wait) => sleep(wait).await,
            None => return Err(course.end(meta).unwrap_or_else(|| no_room_failure(None))),
        }
    }
}

/// What the attempts of a call have come to so far.
struct Course<'a> {
    policy: &'a RetryPolicy,
    waits: Waits<'a>,
    deadline: Instant,
    reads: bool,
    repeatable: bool,
    /// The caller gave the key, and may have used it before.
    own_key: bool,
    /// An attempt may have been carried out.
    doubt: bool,
    /// The last attempt that was sent, or the last of those that were not.
    last: Option<Ended>,
}

/// A failed attempt, with what its answer said.
struct Ended {
    failure: Failure,
    sent: bool,
    status: Option<StatusCode>,
    headers: HeaderMap,
}

impl<'a> Course<'a> {
    fn new(draft: &Draft, request: &Prepared, policy: &'a RetryPolicy, deadline: Instant) -> Self {
        let reads = draft.info.is_read();
        Self {
            policy,
            waits: policy.waits(),
            deadline,
            reads,
            repeatable: reads || request.idempotency_key.is_some() || is_idempotent(&draft.info.method),
            own_key: draft.idempotency_key.is_some(),
            doubt: false,
            last: None,
        }
    }

    /// What a failure means after those before it.
    fn weigh(&mut self, mut failure: Failure, sent: bool, meta: &ResponseMeta) -> Failure {
        // A repeat that is refused does not say what became of the first: it may be refused because the
        // first was carried out. Only an answer that Cashfree marks as the first one's settles it.
        let settled =
            meta.is_replayed() || matches!(failure.kind, ErrorKind::Undecodable | ErrorKind::OutcomeUnknown);
        // Nor does it say what became of an earlier call, where the caller may have used the key before.
        let conflict =
            self.own_key && !self.reads && failure.api.as_ref().is_some_and(ApiError::may_be_conflict);
        if (self.doubt || conflict) && !settled && sent {
            failure.kind = ErrorKind::OutcomeUnknown;
            failure.retryable = false;
            failure.doubt = true;
        }
        self.doubt |= failure.kind == ErrorKind::OutcomeUnknown;
        failure
    }

    /// How long to wait before the next attempt, if there is to be one.
    fn wait_before(&mut self, repeat: Repeat, attempts: u32) -> Option<Duration> {
        let wait = match repeat {
            Repeat::Never => None,
            Repeat::IfSafe(_) if !self.repeatable => None,
            Repeat::IfSafe(asked) => Some(self.waits.backoff(attempts).max(asked.unwrap_or_default())),
            Repeat::Always => Some(self.waits.backoff(attempts)),
            Repeat::After(asked) => Some(self.waits.at_least(asked)),
        }?;
        let in_time = later(Instant::now(), wait) < self.deadline;
        (in_time && !self.policy.is_last(attempts)).then_some(wait)
    }

    /// Keeps how an attempt ended. One that was not sent says nothing of those that were.
    fn remember(&mut self, failure: Failure, sent: bool, meta: &ResponseMeta) {
        if sent || self.last.as_ref().is_none_or(|last| !last.sent) {
            self.last = Some(Ended { failure, sent, status: meta.status, headers: meta.headers.clone() });
        }
    }

    /// How the call ends, where it does so now; none if nothing was tried.
    fn end(&mut self, meta: &mut ResponseMeta) -> Option<Failure> {
        let Ended { failure, status, headers, .. } = self.last.take()?;
        (meta.status, meta.headers) = (status, headers);
        Some(failure)
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

/// Carried out twice it is the same as once, even without an idempotency key.
fn is_idempotent(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::DELETE)
}
