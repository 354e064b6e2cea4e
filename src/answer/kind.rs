//! What a caller does next.

use std::fmt;

/// What to do about an [`Error`](crate::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No attempt left: no connection, none that was trusted, or no time. Repeating is safe.
    NeverSent,
    /// Cashfree answered with an error: [`Error::api_error`](crate::Error::api_error) says which. For a request that changes
    /// something this is a 4xx, or a refusal in the body of the first API: nothing was changed by this call. For a
    /// read it may be a 5xx, which is retryable.
    ///
    /// A refusal does not settle an earlier call with the same idempotency key: that one may have been
    /// carried out.
    Rejected,
    /// Too many requests: repeat after [`Error::retry_after`](crate::Error::retry_after). Nothing was changed by this call; an
    /// earlier call with the same idempotency key is not settled by it.
    RateLimited,
    /// A request that changes something was sent, and no readable answer came: a timeout, a broken
    /// connection, an answer that is cut, a 5xx, a 408. It may or may not have happened. Ask for the
    /// state of the order or refund before you repeat, or repeat with the same
    /// [`Error::idempotency_key`](crate::Error::idempotency_key).
    ///
    /// A 4xx belongs here too where its body does not let it be told from a timeout.
    ///
    /// So does a conflict over an idempotency key of your own: a 409, 423 or 425, or a 4xx about
    /// idempotency (a 422 of type `idempotency_error`), that is no replay. Cashfree did not carry out this call, perhaps because an
    /// earlier one with that key is under way or was carried out. [`Error::api_error`](crate::Error::api_error) says which; ask,
    /// as a repeat may be refused for ever.
    OutcomeUnknown,
    /// A read got no readable answer. Nothing was changed by it.
    Unanswered,
    /// Cashfree answered with a success about what was asked for, and it does not fit the types: it has
    /// happened. [`Error::raw_body`](crate::Error::raw_body) has the answer, [`Error::decode_error`](crate::Error::decode_error) the member that does not fit.
    ///
    /// A read is undecodable too where the answer has nothing of what was asked for. For a change such a
    /// success is [`OutcomeUnknown`](Self::OutcomeUnknown): nobody said what it was a success of.
    Undecodable,
    /// The request breaks a limit of the specification: [`Error::invalid`](crate::Error::invalid) says which. Nothing was sent.
    InvalidInput,
    /// A setting is missing or wrong: [`Error::field`](crate::Error::field) says which. Nothing was sent.
    Configuration,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverSent => "never sent",
            Self::Rejected => "rejected",
            Self::RateLimited => "rate limited",
            Self::OutcomeUnknown => "outcome unknown",
            Self::Unanswered => "unanswered",
            Self::Undecodable => "undecodable answer",
            Self::InvalidInput => "invalid input",
            Self::Configuration => "wrong configuration",
        })
    }
}
