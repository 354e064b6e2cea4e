//! What came in and what was answered, for tests that count attempts and for people who look.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::spec::{items, members};

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;
/// How many of them with their bodies.
const WITH_BODIES: usize = 500;
/// The longest body that is remembered.
const LONGEST: usize = 16 * 1024;
/// Beyond so many bytes only the length is told: to read them a second time would take as long as the first.
const LARGEST: usize = 128 * 1024;
/// What is not shown, also of test cards: logs get copied.
const SECRET: [&str; 6] = ["card_number", "card_cvv", "otp", "cryptogram", "account_number", "content"];

/// A request the sandbox has answered.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The operation's id in the spec; empty where the request reached none.
    pub operation: String,
    /// `GET`, ...
    pub method: String,
    /// The path, below `/pg`.
    pub path: String,
    /// `x-api-version`
    pub version: String,
    /// `x-idempotency-key`
    pub idempotency_key: Option<String>,
    /// `x-request-id`, as it was answered.
    pub request_id: Option<String>,
    /// The status answered; `None` where the connection was reset.
    pub status: Option<u16>,
    /// The code of an error.
    pub code: Option<String>,
    /// The answer was an example made from a schema: nothing is imitated here.
    pub example: bool,
    /// The answer was given before, under the same key.
    pub replayed: bool,
    /// The time on the sandbox's clock, as the API writes it.
    pub time: String,
    /// The body that came, card numbers and the like taken out; only of the newest.
    pub request_body: Option<String>,
    /// The body that was answered, in the same way.
    pub response_body: Option<String>,
}

impl RequestRecord {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "operation": self.operation, "method": self.method, "path": self.path, "version": self.version,
            "idempotency_key": self.idempotency_key, "request_id": self.request_id, "status": self.status,
            "code": self.code, "example": self.example, "replayed": self.replayed, "time": self.time,
            "request_body": self.request_body, "response_body": self.response_body,
        })
    }
}

#[derive(Debug, Default)]
pub(super) struct Log(VecDeque<RequestRecord>);

impl Log {
    pub(super) fn add(&mut self, record: RequestRecord) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        if let Some(old) = self.0.len().checked_sub(WITH_BODIES).and_then(|at| self.0.get_mut(at)) {
            (old.request_body, old.response_body) = (None, None);
        }
        self.0.push_back(record);
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &RequestRecord> {
        self.0.iter()
    }
}

/// A body as it may be shown.
pub(super) fn shown(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    if body.len() > LARGEST {
        return Some(format!("{} bytes", body.len()));
    }
    let text = match serde_json::from_slice(body) {
        Ok(value) => hide(&value).to_string(),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    Some(match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    })
}

/// The same without what is secret.
pub(super) fn hide(value: &Value) -> Value {
    match value {
        Value::Object(_) => members(value)
            .map(|(name, member)| {
                let text =
                    member.as_str().map(str::to_owned).or_else(|| member.as_u64().map(|n| n.to_string()));
                match text.filter(|_| SECRET.contains(&name.as_str())) {
                    Some(text) => (name.clone(), json!(masked(&text))),
                    None => (name.clone(), hide(member)),
                }
            })
            .collect(),
        Value::Array(_) => items(value).map(hide).collect(),
        other => other.clone(),
    }
}

fn masked(text: &str) -> String {
    let count = text.chars().count();
    let last: String = text.chars().skip(count.saturating_sub(4)).collect();
    if count > 8 { format!("…{last}") } else { "***".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_not_shown() {
        let body =
            json!({"card": {"card_number": "4111111111111111", "card_cvv": "123"}, "otp": 111_000, "a": 1});
        let shown = shown(body.to_string().as_bytes()).expect("a body");
        assert!(shown.contains("…1111") && !shown.contains("4111111111111111"), "{shown}");
        assert!(!shown.contains("123") && !shown.contains("111000"), "{shown}");
        assert_eq!(super::shown(b""), None);
    }

    #[test]
    fn the_oldest_are_forgotten_and_before_that_their_bodies() {
        let mut log = Log::default();
        for number in 0..=REMEMBERED {
            let record = RequestRecord {
                path: number.to_string(),
                request_body: Some("{}".to_owned()),
                ..RequestRecord::default()
            };
            log.add(record);
        }
        assert_eq!(log.iter().next().map(|one| one.path.as_str()), Some("1"));
        assert_eq!(log.iter().filter(|one| one.request_body.is_some()).count(), WITH_BODIES);
    }
}
