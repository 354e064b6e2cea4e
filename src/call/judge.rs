//! The table: what each ending of an attempt means for the caller, and whether a repeat is safe.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use serde::de::IgnoredAny;

use crate::{
    answer::{
        api_error::{self, ApiError},
        cause::{Cause, Failure},
        kind::ErrorKind,
        meta::RateLimit,
    },
    call::{
        request::Draft,
        retry::RetryPolicy,
        transport::{Answer, End},
    },
    types::DecodeError,
};

/// Some servers send it before JSON, where it has no business.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a successful body. A callback, so that the code below exists once and not once per operation.
pub(crate) type Reader<'a> = &'a mut (dyn FnMut(&Bytes) -> Result<(), Unread> + Send);

/// Why a body did not become an answer.
pub(crate) struct Unread {
    pub(crate) error: DecodeError,
    /// It is about what was asked for, or may be; else it says nothing of it.
    pub(crate) meant: bool,
}

/// What a failure means, and when the request may be sent again.
pub(crate) struct Verdict {
    pub(crate) failure: Failure,
    pub(crate) repeat: Repeat,
}

impl Verdict {
    fn new(kind: ErrorKind, cause: Cause, repeat: Repeat) -> Self {
        let mut failure = Failure::new(kind, cause);
        // What only reads can be asked again, if that may end differently.
        if matches!(kind, ErrorKind::Rejected | ErrorKind::Unanswered) {
            failure.retryable = !matches!(repeat, Repeat::Never);
        }
        failure.retry_after = match repeat {
            Repeat::After(wait) => Some(wait),
            Repeat::IfSafe(asked) if failure.retryable => asked,
            _ => None,
        };
        Self { failure, repeat }
    }

    fn with_body(mut self, body: Bytes) -> Self {
        self.failure.raw_body = Some(body);
        self
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Repeat {
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
pub(crate) fn judge(
    end: End,
    headers: &HeaderMap,
    policy: &RetryPolicy,
    draft: &Draft,
    read: Reader<'_>,
) -> Option<Verdict> {
    // No readable answer: for a read that is all there is to say, for anything else it may have happened.
    let reads = draft.info.is_read();
    let unanswered = if reads { ErrorKind::Unanswered } else { ErrorKind::OutcomeUnknown };
    let Answer { status, body, cut, .. } = match end {
        End::Answered(answer) => answer,
        End::NoConnection(cause) => return Some(Verdict::new(ErrorKind::NeverSent, cause, Repeat::Always)),
        End::Broken(cause) => return Some(Verdict::new(unanswered, cause, Repeat::IfSafe(None))),
        End::Redirected => return Some(Verdict::new(unanswered, Cause::Redirected, Repeat::Never)),
    };
    // The first API says in the body that it refuses, under whatever status.
    let said = if cut.is_none() { draft.refusal(status, &body) } else { None };
    // But not that it refused what it did not finish: a gateway may speak so as well, and the money be moved.
    let unfinished = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    let refused = said.is_some() && !unfinished;
    if status.is_success() && !refused {
        return judge_success(status, body, cut, unanswered, draft, read);
    }
    if !status.is_client_error() && !status.is_server_error() && !refused {
        let verdict = Verdict::new(unanswered, Cause::UnexpectedStatus(status), Repeat::Never);
        return Some(verdict.with_body(body));
    }

    let api = said.unwrap_or_else(|| ApiError::read(status, &body, cut.is_some(), &draft.hidden()));
    let asked = RateLimit::read(headers).wait();
    let (kind, repeat) = match status.as_u16() {
        429 => (ErrorKind::RateLimited, Repeat::After(policy.wait_after_429(asked))),
        400..=499 if !api.may_be_given_up() => (ErrorKind::Rejected, Repeat::Never),
        _ if refused => (ErrorKind::Rejected, Repeat::Never),
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
    draft: &Draft,
    read: Reader<'_>,
) -> Option<Verdict> {
    let json = match body.strip_prefix(BYTE_ORDER_MARK) {
        Some(json) => body.slice_ref(json),
        None => body.clone(),
    };
    let verdict = match cut {
        // It would be as long the next time.
        Some(cause @ Cause::TooLarge { .. }) => Verdict::new(unanswered, cause, Repeat::Never),
        Some(cause) => Verdict::new(unanswered, cause, Repeat::IfSafe(None)),
        // The status says that it was done, the body that it was not.
        None if api_error::is_error_body(&json) => {
            let mut verdict = Verdict::new(unanswered, Cause::ErrorInSuccess, Repeat::Never);
            verdict.failure.api = Some(ApiError::read(status, &json, false, &draft.hidden()));
            verdict
        }
        None => match read(&json) {
            Ok(()) => return None,
            // Whole JSON of another shape comes again however often one asks.
            Err(Unread { error, meant }) if serde_json::from_slice::<IgnoredAny>(&json).is_ok() => {
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
