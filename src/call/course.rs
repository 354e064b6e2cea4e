//! One memory through the attempts of a call: once one that changes something may have been carried out, the call does
//! not call itself failed unless Cashfree says so.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use tokio::time::Instant;

use super::{
    judge::Repeat,
    prepared::Prepared,
    request::Draft,
    retry::{RetryPolicy, Waits, later},
};
use crate::answer::{api_error::ApiError, cause::Failure, kind::ErrorKind, meta::ResponseMeta};

/// What the attempts of a call have come to so far.
pub(super) struct Course<'a> {
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
    pub(super) fn new(draft: &Draft, request: &Prepared, policy: &'a RetryPolicy, deadline: Instant) -> Self {
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

    /// When the attempt that begins now is given up: one that none may follow has all the time that is left.
    pub(super) fn given_up(&self, attempt: u32) -> Instant {
        let limit = self.policy.limit_of(attempt).filter(|_| self.repeatable);
        limit.map_or(self.deadline, |limit| later(Instant::now(), limit).min(self.deadline))
    }

    /// What a failure means after those before it.
    pub(super) fn weigh(&mut self, mut failure: Failure, sent: bool, meta: &ResponseMeta) -> Failure {
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
            failure.retry_after = None;
            failure.doubt = true;
        }
        self.doubt |= failure.kind == ErrorKind::OutcomeUnknown;
        failure
    }

    /// How long to wait before the next attempt, if there is to be one.
    pub(super) fn wait_before(&mut self, repeat: Repeat, attempts: u32) -> Option<Duration> {
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
    pub(super) fn remember(&mut self, failure: Failure, sent: bool, meta: &ResponseMeta) {
        if sent || self.last.as_ref().is_none_or(|last| !last.sent) {
            self.last = Some(Ended { failure, sent, status: meta.status, headers: meta.headers.clone() });
        }
    }

    /// How the call ends, where it does so now; none if nothing was tried.
    pub(super) fn end(&mut self, meta: &mut ResponseMeta) -> Option<Failure> {
        let Ended { failure, status, headers, .. } = self.last.take()?;
        (meta.status, meta.headers) = (status, headers);
        Some(failure)
    }
}

/// Carried out twice it is the same as once, even without an idempotency key.
fn is_idempotent(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::DELETE)
}
