//! What happens to every request, once, for all operations of all versions.
//!
//! An attempt ends in one of a few ways; [`judge`](super::judge) alone says what each means for the caller and whether
//! a repeat is safe. The rest is bookkeeping: headers that stay the same on every attempt, waits that end
//! before the deadline, and the memory of a [`Course`].
//!
//! Nothing here is spawned. A call is one future; dropping it leaves nothing behind.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use tokio::{
    sync::SemaphorePermit,
    time::{Instant, sleep},
};

use crate::{
    account::tokens::{Fetching, Token},
    answer::{
        cause::{Cause, Failure},
        error::Error,
        kind::ErrorKind,
        meta::{ResponseMeta, shown_headers},
        raw::RawJson,
        response::Response,
    },
    call::{
        course::Course,
        info::OperationInfo,
        judge::{Reader, Unread, Verdict, judge},
        observe::{AttemptReport, Recorder},
        prepared::Prepared,
        request::Draft,
        retry::{RetryPolicy, later},
        transport::{End, attempt},
    },
    types::{Body, DecodeError, Invalid},
};

/// Sends a call and reads its answer.
pub(crate) async fn send<T: Body + Send>(draft: Box<Draft>) -> Result<Response<T>, Error> {
    send_and_read(draft, read).await
}

/// The answer that a body is, where it is one.
pub(crate) fn read<T: Body>(body: &[u8]) -> Result<Box<T>, Unread> {
    match T::decode(body).map(Box::new) {
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
    draft: Box<Draft>,
    mut decode: impl FnMut(&[u8]) -> Result<Box<T>, Unread> + Send,
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
            Ok(Response::<T>::new(value, meta, body).showing_personal_data(shows))
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
        let span = crate::call::observe::span(&draft.info);
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
        let (token, permit) = match may_go(draft, &mut request, deadline).await {
            Ok(both) => both,
            // What an earlier attempt ended in says more than why there is none after it.
            Err(failure) => return Err(course.end(meta).unwrap_or(failure)),
        };
        let attempt_started = Instant::now();
        meta.attempts += 1;
        recorder.sending(meta.attempts);
        let given_up = course.given_up(meta.attempts);
        let mut end =
            attempt(&client.transport, &draft.info.method, &request, given_up, client.body_limit).await;
        drop(permit);
        let sent = !matches!(end, End::NoConnection(_));
        note(&mut end, draft, &request, policy, meta);

        let verdict = judge(end, &meta.headers, policy, draft, read);
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
                (!policy.is_last(meta.attempts)).then_some(Duration::ZERO)
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

/// Waits for what an attempt needs: a token where the operation takes one, and room under the limits.
async fn may_go<'a>(
    draft: &'a Draft,
    request: &mut Prepared,
    deadline: Instant,
) -> Result<(Option<Arc<Token>>, Option<SemaphorePermit<'a>>), Failure> {
    let client = draft.cashfree.inner();
    let mut token = None;
    if let Some(source) = request.token {
        let fetched = client.tokens.get(deadline, || fetch(draft, source, deadline)).await?;
        request.headers.insert(AUTHORIZATION, fetched.header.clone());
        token = Some(fetched);
    }
    let permit = match &client.gate {
        Some(gate) => gate.enter(deadline).await.map_err(|no_room| no_room_failure(no_room.0))?,
        None => None,
    };
    // A request that no time is left for would be sent all the same, and then abandoned.
    if Instant::now() >= deadline {
        return Err(Failure::new(ErrorKind::NeverSent, Cause::NoTimeLeft));
    }
    Ok((token, permit))
}

/// Keeps what an answer says beside its body.
fn note(end: &mut End, draft: &Draft, request: &Prepared, policy: &RetryPolicy, meta: &mut ResponseMeta) {
    let client = draft.cashfree.inner();
    (meta.status, meta.headers) = match end {
        End::Answered(answer) => {
            let said = [request.request_id.as_str(), &draft.info.version];
            let headers = std::mem::take(&mut answer.headers);
            (Some(answer.status), shown_headers(headers, said, || client.secrets()))
        }
        End::NoConnection(_) | End::Broken(_) | End::Redirected => (None, HeaderMap::new()),
    };
    if let (Some(gate), Some(status)) = (&client.gate, meta.status) {
        let figures = meta.rate_limit();
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        gate.learn(&figures, refused.then(|| policy.wait_after_429(figures.wait())));
    }
}

/// Fetches a token, by a call of its own.
fn fetch<'a>(call: &'a Draft, source: &'static OperationInfo, deadline: Instant) -> Fetching<'a> {
    let info = source.call(&call.cashfree.inner().environment, true);
    let mut draft = Draft::new(call.cashfree.clone(), info.clone(), source.into());
    draft.retry = call.retry.clone();
    draft.timeout = Some(deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1)));
    Box::pin(async move {
        let (answer, meta) = send::<RawJson>(draft).await?.into_parts();
        let unread = |error| Failure::new(ErrorKind::Undecodable, Cause::Decode(error));
        Token::read(&answer.json()).map_err(|error| unread(error).into_error(info, meta))
    })
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
