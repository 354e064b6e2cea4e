//! Cashfree's own error body, whatever is left of it.

use std::{borrow::Cow, fmt};

use http::StatusCode;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};

use crate::{
    redact::Hidden,
    wire::{Lossy, json},
};

/// What Cashfree said when it refused: `{message, code, type, help?}`.
///
/// There is one for every 4xx and 5xx answer. A gateway may answer with HTML or nothing: then only the
/// status is there, and [`Error::raw_body`](crate::Error::raw_body) has the rest.
///
/// Its texts are one line each, and what they quote of credentials, card numbers, payment sessions, addresses
/// of e-mail and UPI, phone numbers, and of members of the request that hold such things or somebody's name, is
/// cut out of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    message: Option<String>,
    code: Option<String>,
    kind: Option<String>,
    help: Option<String>,
    meaning: Meaning,
}

/// What follows from a refusal, told by its texts as they came: what is cut out of them for show must not
/// change what a caller does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Meaning {
    given_up: bool,
    conflict: bool,
}

impl Meaning {
    /// `whole` says that the body is one whole object, and an error body: no code or type is missing that was sent.
    fn of(status: StatusCode, code: Option<&str>, kind: Option<&str>, whole: bool) -> Self {
        // Codes have been published with a comma behind them.
        let is = |text: &str, code: &str| {
            text.trim_matches(|c: char| !c.is_ascii_alphanumeric()).eq_ignore_ascii_case(code)
        };
        let names_key =
            |text: Option<&str>| text.is_some_and(|text| text.to_lowercase().contains("idempotency"));
        Self {
            given_up: status == StatusCode::REQUEST_TIMEOUT
                || match code {
                    Some(code) => is(code, "api_request_timeout"),
                    // Where the code is told apart from others by nothing else, and is not known.
                    None => status == StatusCode::BAD_REQUEST && !whole,
                },
            conflict: match status {
                StatusCode::CONFLICT | StatusCode::LOCKED | StatusCode::TOO_EARLY => true,
                _ if names_key(kind) || names_key(code) => true,
                StatusCode::UNPROCESSABLE_ENTITY => kind.is_none() && !whole,
                _ => false,
            },
        }
    }
}

impl ApiError {
    /// Reads what there is. `cut` says that more was to come.
    pub(crate) fn read(status: StatusCode, body: &[u8], cut: bool, hidden: &Hidden) -> Self {
        let (mut found, read) = Found::read(["message", "code", "type", "help"], body);
        if found.twice {
            found.texts[1..=2].fill(None);
        }
        let whole = read && !cut && !found.twice && found.texts[..3].iter().any(Option::is_some);
        let [message, code, kind, help] = found.texts;
        let meaning = Meaning::of(status, code.as_deref(), kind.as_deref(), whole);
        let shown = |text: Option<String>| text.map(|text| hidden.clean(&text));
        let word = |text: Option<String>| text.map(|text| hidden.clean_code(&text));
        Self {
            status,
            message: shown(message),
            code: word(code),
            kind: word(kind),
            help: shown(help),
            meaning,
        }
    }

    /// The refusal that a whole body of the first API is: its `status` is `ERROR`, and `reason` or `error` says why.
    #[cfg(feature = "legacy")]
    pub(crate) fn of_first_api(status: StatusCode, body: &[u8], hidden: &Hidden) -> Option<Self> {
        let (found, read) = Found::read(["status", "reason", "error", "message"], body);
        let [state, reason, error, message] = found.texts;
        let refused = read && !found.twice && state.is_some_and(|state| state.eq_ignore_ascii_case("error"));
        let message = reason.or(error).or(message).map(|text| hidden.clean(&text));
        let meaning = Meaning::of(status, None, None, true);
        refused.then_some(Self { status, message, code: None, kind: None, help: None, meaning })
    }

    /// A 4xx that is no refusal, or may be none: Cashfree, or a gateway before it, stopped waiting for the
    /// work to be done.
    pub(crate) fn may_be_given_up(&self) -> bool {
        self.meaning.given_up
    }

    /// The request, or its idempotency key, collides with what is there already, or may.
    pub(crate) fn may_be_conflict(&self) -> bool {
        self.meaning.conflict
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Cashfree's explanation, for people.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Cashfree's code for the problem: `order_not_found`. An open set; see [`crate::codes`].
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Cashfree's class of the problem (`type`): `invalid_request_error`, `authentication_error`,
    /// `idempotency_error`, `rate_limit_error`, `api_error`. An open set.
    pub fn error_type(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Where to read more.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        match (&self.code, &self.message) {
            (None, None) => f.write_str(" without a readable explanation"),
            (code, message) => {
                if let Some(code) = code {
                    write!(f, " {code}")?;
                }
                if let Some(message) = message {
                    write!(f, ": {message}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ApiError {}

/// What may stand in an error body beside the members that make it one.
const OF_ERRORS: [&str; 8] = ["message", "code", "type", "help", "status", "subCode", "data", "request_id"];

/// A longer body need not be looked at to see that it is more than an error.
const LONGEST_ERROR: usize = 16 * 1024;

/// Whether a body is that of an error, of today's form or of the one of Cashfree's older products, and of
/// nothing else. Such a body has been seen under a 200.
pub(crate) fn is_error_body(body: &[u8]) -> bool {
    if body.len() > LONGEST_ERROR {
        return false;
    }
    let Some(members) = json::members_among(body, &OF_ERRORS) else { return false };
    let raw = |name: &str| members.iter().rfind(|(found, _)| found == name).map(|(_, raw)| *raw);
    let text = |name: &str| raw(name).and_then(json::string);
    let any = |names: [&str; 2]| names.iter().any(|name| raw(name).is_some());
    let today = text("type").is_some_and(|kind| kind.ends_with("_error")) && any(["code", "message"]);
    let older = text("status").is_some_and(|status| status.eq_ignore_ascii_case("error"));
    today || older && any(["subCode", "message"])
}

/// The four members, each read by itself: one that is no JSON takes none of the others along, and what
/// came before the end of a body that is cut counts.
struct Found {
    names: [&'static str; 4],
    texts: [Option<String>; 4],
    /// One of them comes twice, and which of the two is meant cannot be known.
    twice: bool,
}

impl Found {
    /// What there is of the members, and whether the body is one whole object.
    fn read(names: [&'static str; 4], body: &[u8]) -> (Self, bool) {
        let mut found = Self { names, texts: Default::default(), twice: false };
        let body = String::from_utf8_lossy(body);
        let mut reader = serde_json::Deserializer::from_str(body.trim_start_matches('\u{feff}'));
        let read = found.deserialize(&mut reader).and_then(|()| reader.end()).is_ok();
        (found, read)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Found {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Found {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(Lossy)? {
            let value = members.next_value::<&RawValue>()?.get();
            let known = self.names.iter().position(|known| *known == name);
            if let Some(slot) = known.map(|index| &mut self.texts[index])
                && value != "null"
            {
                let text = Lossy.deserialize(&mut serde_json::Deserializer::from_str(value));
                self.twice |= slot.replace(text.map_or_else(|_| plain(value), Cow::into_owned)).is_some();
            }
        }
        Ok(())
    }
}

/// What is no text, with nothing escaped that need not be: it could hide a secret.
fn plain(raw: &str) -> String {
    serde_json::from_str::<Value>(raw).map_or_else(|_| raw.to_owned(), |value| value.to_string())
}
