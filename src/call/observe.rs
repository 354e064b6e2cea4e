//! What others may see of a call: its name, its status, its times. Never what is in it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use http::StatusCode;
use tokio::time::Instant;

use crate::{
    answer::{error::Error, kind::ErrorKind, meta::ResponseMeta},
    call::info::CallInfo,
};

/// Hears of every call, for metrics. No feature is needed; a span per call is in the feature `tracing`.
///
/// The methods run on the task of the call: they should be quick and must not block. A panic in one of them is
/// caught, and does nothing to the call.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use cashfree_pg::{AttemptReport, CallInfo, Observer};
///
/// #[derive(Default)]
/// struct Retries(AtomicU64);
///
/// impl Observer for Retries {
///     fn attempt_finished(&self, _call: &CallInfo, attempt: &AttemptReport) {
///         if attempt.retry_in.is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// A call begins.
    fn call_started(&self, _call: &CallInfo) {}

    /// An attempt got its answer, or gave up.
    fn attempt_finished(&self, _call: &CallInfo, _attempt: &AttemptReport) {}

    /// A call is over. It comes exactly once for every call that began, a dropped one included.
    fn call_finished(&self, _call: &CallInfo, _report: &CallReport) {}
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptReport {
    /// Counted from 1.
    pub attempt: u32,
    /// The status of the answer; `None` if none came.
    pub status: Option<StatusCode>,
    /// Why it failed; `None` for a success.
    pub failure: Option<ErrorKind>,
    /// The wait before the next attempt; `None` if there is none.
    pub retry_in: Option<Duration>,
    /// How long the attempt took.
    pub elapsed: Duration,
}

/// A whole call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallReport {
    /// How it ended.
    pub end: CallEnd,
    /// The status of the last answer; `None` if none came.
    pub status: Option<StatusCode>,
    /// How many attempts were made.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: Duration,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallEnd {
    /// With an answer.
    Succeeded,
    /// With an error of this kind.
    Failed(ErrorKind),
    /// The future was dropped before its end.
    Dropped,
}

/// Tells observer and span about one call; if it is dropped early, that the call was.
pub(crate) struct Recorder<'a> {
    observer: Option<&'a dyn Observer>,
    call: &'a CallInfo,
    started: Instant,
    attempts: u32,
    finished: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl<'a> Recorder<'a> {
    pub(crate) fn start(
        observer: Option<&'a dyn Observer>,
        call: &'a CallInfo,
        #[cfg(feature = "tracing")] span: tracing::Span,
    ) -> Self {
        tell(observer, |observer| observer.call_started(call));
        Self {
            observer,
            call,
            started: Instant::now(),
            attempts: 0,
            finished: false,
            #[cfg(feature = "tracing")]
            span,
        }
    }

    /// An attempt is about to be made: should the call be dropped in it, it was made.
    pub(crate) fn sending(&mut self, attempt: u32) {
        self.attempts = attempt;
    }

    pub(crate) fn attempt(&mut self, report: &AttemptReport) {
        tell(self.observer, |observer| observer.attempt_finished(self.call, report));
        #[cfg(feature = "tracing")]
        if let (Some(failure), Some(wait)) = (report.failure, report.retry_in) {
            tracing::info!(
                parent: &self.span,
                attempt = report.attempt,
                status = report.status.map(|status| status.as_u16()),
                reason = %failure,
                wait_ms = millis(wait),
                "trying again after a wait"
            );
        }
    }

    pub(crate) fn finish(mut self, outcome: Result<&ResponseMeta, &Error>) {
        let (end, meta) = match outcome {
            Ok(meta) => (CallEnd::Succeeded, meta),
            Err(error) => (CallEnd::Failed(error.kind()), error.meta()),
        };
        #[cfg(feature = "tracing")]
        {
            self.span.record("request_id", meta.request_id());
            if let Err(error) = outcome {
                self.span.record("error", tracing::field::display(error.kind()));
            }
        }
        self.report(end, meta.status(), meta.attempts());
    }

    fn report(&mut self, end: CallEnd, status: Option<StatusCode>, attempts: u32) {
        self.finished = true;
        let elapsed = self.started.elapsed();
        #[cfg(feature = "tracing")]
        {
            self.span.record("status", status.map(|status| status.as_u16()));
            self.span.record("attempts", attempts);
            self.span.record("duration_ms", millis(elapsed));
        }
        let report = CallReport { end, status, attempts, elapsed };
        tell(self.observer, |observer| observer.call_finished(self.call, &report));
    }
}

/// An observer only looks on. Were it to panic while a call is dropped by another panic, the process would end.
fn tell(observer: Option<&dyn Observer>, what: impl FnOnce(&dyn Observer)) {
    if let Some(observer) = observer {
        let _ = catch_unwind(AssertUnwindSafe(|| what(observer)));
    }
}

impl Drop for Recorder<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.report(CallEnd::Dropped, None, self.attempts);
        }
    }
}

#[cfg(feature = "tracing")]
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The one span of a call. All its fields are declared here: nothing else can get in.
#[cfg(feature = "tracing")]
pub(crate) fn span(call: &CallInfo) -> tracing::Span {
    use tracing::field::Empty;
    tracing::info_span!(
        "cashfree",
        operation = call.operation(),
        version = call.api_version(),
        method = call.method().as_str(),
        path = call.path(),
        status = Empty,
        attempts = Empty,
        duration_ms = Empty,
        request_id = Empty,
        error = Empty,
    )
}
