//! Why a delivery was turned away, one variant per cause.
//!
//! An operator who reads "signature mismatch" looks for a wrong secret; one who reads "too old" looks
//! at a clock. The two are never mixed up here: a clock is only blamed once the signature is right.

use std::fmt;
use std::time::Duration;

use crate::redact;

/// Why a webhook was turned away.
///
/// No variant holds a secret, a signature or a value from the body, so an error is safe to log. The one
/// thing of a body that `Debug` may show is the name of a member, of a body that is verified, in
/// [`DuplicateMember`](Self::DuplicateMember); `Display` shows nothing of it.
///
/// ```
/// use cashfree_pg::webhook::{SignedHeaders, Verifier, WebhookError};
///
/// let verifier = Verifier::new("client secret");
/// let error = verifier.verify([("x-webhook-timestamp", "1746427759733")], b"{}").unwrap_err();
/// assert_eq!(error, WebhookError::MissingHeader { name: "x-webhook-signature" });
/// assert_eq!(error.http_status(), 401);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The verifier was built without a secret, or with empty ones only. Nothing can be verified.
    NoSecret,
    /// A header that every delivery carries is not there.
    MissingHeader {
        /// The header.
        name: &'static str,
    },
    /// A header that decides something is there more than once. Picking one of them would be a guess
    /// that a proxy in front may have made differently, so this is an error even if they are equal.
    DuplicateHeader {
        /// The header.
        name: &'static str,
    },
    /// A header is not text (UTF-8).
    MalformedHeader {
        /// The header.
        name: &'static str,
    },
    /// The timestamp is not a number of seconds or milliseconds written in ASCII digits.
    MalformedTimestamp,
    /// The signature is not 32 bytes in padded standard base64 (44 characters).
    MalformedSignature,
    /// The signature is well formed and fits none of the secrets.
    ///
    /// The usual reasons: the secret of the other environment, a secret that has been rotated, or a body
    /// that was parsed and written again on the way here (`170.00` became `170`).
    SignatureMismatch,
    /// The signature is right, and was made longer ago than the verifier tolerates.
    TooOld {
        /// How long ago, by the verifier's clock.
        age: Duration,
        /// The most it tolerates.
        limit: Duration,
    },
    /// The signature is right, and was made further in the future than the verifier tolerates.
    FromTheFuture {
        /// How far ahead, by the verifier's clock.
        ahead: Duration,
        /// The most it tolerates.
        limit: Duration,
    },
    /// The body is larger than the verifier accepts. It was not looked at.
    BodyTooLarge {
        /// The most bytes it accepts.
        limit: usize,
    },
    /// The body could not be read from the connection. Only framework glue reports this.
    BodyUnreadable,
    /// The body is neither JSON nor, where it may be one, a form.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1; 0 where the line itself is the place.
        column: usize,
    },
    /// The body nests objects or arrays deeper than any event does.
    TooDeep {
        /// The deepest nesting accepted.
        limit: usize,
    },
    /// An object of the body (or the form) has the same member twice. Parsers disagree on which one
    /// counts, so nothing that is read from such a body can be relied on.
    DuplicateMember {
        /// The member that comes twice, cut off after 64 characters; `[name]` where it looks like none.
        ///
        /// `None` for a form, and for a body that has to be read before it is verified
        /// ([`verify_legacy`](super::Verifier::verify_legacy)): there a name is whatever the sender wrote, a
        /// card number included.
        name: Option<String>,
    },
    /// The body should carry its own signature, and it, or a member that it signs, is not there. See
    /// [`verify_legacy`](super::Verifier::verify_legacy).
    MissingMember {
        /// The member.
        name: &'static str,
    },
    /// The body carries its own signature, which is right, and what it signs begins like an ordinary
    /// delivery: with a timestamp and `{`. Someone has captured one and cut it into values. See
    /// [`verify_legacy`](super::Verifier::verify_legacy).
    SignedAsDelivery,
    /// The body is well formed, and is not an event.
    NotAnEvent {
        /// What is missing or wrong.
        reason: &'static str,
    },
}

/// The most characters of a member's name that an error keeps. Enough to find it by.
const MAX_NAME: usize = 64;

impl WebhookError {
    pub(super) fn duplicate_member(name: &str) -> Self {
        let name: String = name.chars().take(MAX_NAME).collect();
        Self::DuplicateMember { name: Some(redact::name(&name).to_owned()) }
    }

    /// The same, without what the sender wrote.
    pub(super) fn before_verification(self) -> Self {
        match self {
            Self::DuplicateMember { .. } => Self::DuplicateMember { name: None },
            other => other,
        }
    }

    /// The status to answer with: 401 if the sender did not prove itself, 400 if what it sent makes no
    /// sense, 413 if it is too large, 500 if the verifier has no secret.
    ///
    /// Cashfree takes any status but a 2xx for a failed delivery, and tries again.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::NoSecret => 500,
            Self::MissingHeader { .. }
            | Self::MissingMember { .. }
            | Self::SignatureMismatch
            | Self::SignedAsDelivery
            | Self::TooOld { .. }
            | Self::FromTheFuture { .. } => 401,
            Self::BodyTooLarge { .. } => 413,
            Self::DuplicateHeader { .. }
            | Self::MalformedHeader { .. }
            | Self::MalformedTimestamp
            | Self::MalformedSignature
            | Self::BodyUnreadable
            | Self::NotJson { .. }
            | Self::TooDeep { .. }
            | Self::DuplicateMember { .. }
            | Self::NotAnEvent { .. } => 400,
        }
    }

    /// Whether the signature was right and only the time did not fit: look at the clocks, or at how long
    /// retries take to arrive.
    pub fn is_clock_problem(&self) -> bool {
        matches!(self, Self::TooOld { .. } | Self::FromTheFuture { .. })
    }

    /// Whether the delivery was signed properly and in time, and its body could not be understood.
    ///
    /// Cashfree will send the same bytes again; what to do with them is for a person to decide.
    ///
    /// Not so for a body that carries its own signature
    /// ([`verify_legacy`](super::Verifier::verify_legacy)): there it has to be read before it can be verified.
    pub fn is_body_problem(&self) -> bool {
        matches!(
            self,
            Self::NotJson { .. }
                | Self::TooDeep { .. }
                | Self::DuplicateMember { .. }
                | Self::NotAnEvent { .. }
        )
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSecret => f.write_str("the webhook verifier has no secret"),
            Self::MissingHeader { name } => write!(f, "the header {name} is missing"),
            Self::DuplicateHeader { name } => write!(f, "the header {name} is there more than once"),
            Self::MalformedHeader { name } => write!(f, "the header {name} is not text"),
            Self::MalformedTimestamp => {
                f.write_str("the webhook timestamp is not a number of seconds or milliseconds")
            }
            Self::MalformedSignature => f.write_str("the webhook signature is not 32 bytes in base64"),
            Self::SignatureMismatch => f.write_str("the webhook signature fits no secret"),
            Self::TooOld { age, limit } => write!(
                f,
                "the webhook was signed {} s ago, more than the {} s tolerated",
                age.as_secs(),
                limit.as_secs()
            ),
            Self::FromTheFuture { ahead, limit } => write!(
                f,
                "the webhook was signed {} s in the future, more than the {} s tolerated",
                ahead.as_secs(),
                limit.as_secs()
            ),
            Self::BodyTooLarge { limit } => write!(f, "the webhook body is larger than {limit} bytes"),
            Self::BodyUnreadable => f.write_str("the webhook body could not be read"),
            Self::NotJson { line, column } => {
                write!(f, "the webhook body is not JSON at line {line}, column {column}")
            }
            Self::TooDeep { limit } => write!(f, "the webhook body nests deeper than {limit} levels"),
            Self::DuplicateMember { .. } => f.write_str("the webhook body has a member twice"),
            Self::MissingMember { name } => write!(f, "the webhook body has no member {name}"),
            Self::SignedAsDelivery => {
                f.write_str("the signature in the webhook body was made for an ordinary delivery")
            }
            Self::NotAnEvent { reason } => write!(f, "the webhook body is not an event: {reason}"),
        }
    }
}

impl std::error::Error for WebhookError {}
