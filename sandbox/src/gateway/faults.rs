//! Faults on request: what a network and a gateway do on a bad day.

use std::time::Duration;

use serde_json::{Value, json};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The answer comes late.
    Delay(Duration),
    /// The connection is reset before anything has happened.
    ResetBefore,
    /// The connection is reset after the operation took effect: the caller cannot know.
    ResetAfter,
    /// The operation takes effect; its answer breaks off half way.
    Truncated,
    /// The operation takes effect; its answer comes byte by byte, and takes so long.
    SlowDrip(Duration),
    /// The operation takes effect; its answer announces more than comes, and the connection is closed.
    WrongLength,
    /// The operation takes effect; the connection is closed after the head of the answer.
    EarlyClose,
    /// 502 with a gateway's HTML page.
    Html502,
    /// 503 with a gateway's HTML page.
    Html503,
    /// 504 with a gateway's HTML page.
    Html504,
    /// 500 without a body.
    Empty500,
    /// 429, with this many seconds to wait.
    RateLimited(u32),
}

/// The kinds by their names over HTTP.
const KINDS: [&str; 12] = [
    "delay",
    "reset_before",
    "reset_after",
    "truncated",
    "slow_drip",
    "wrong_length",
    "early_close",
    "html_502",
    "html_503",
    "html_504",
    "empty_500",
    "rate_limited",
];

impl FaultKind {
    fn name(&self) -> &'static str {
        match self {
            Self::Delay(_) => "delay",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::Truncated => "truncated",
            Self::SlowDrip(_) => "slow_drip",
            Self::WrongLength => "wrong_length",
            Self::EarlyClose => "early_close",
            Self::Html502 => "html_502",
            Self::Html503 => "html_503",
            Self::Html504 => "html_504",
            Self::Empty500 => "empty_500",
            Self::RateLimited(_) => "rate_limited",
        }
    }
}

/// A fault: what, where, how often.
///
/// ```
/// use cashfree_sandbox::{Fault, FaultKind};
/// let fault = Fault::new(FaultKind::Html502).operation("PGCreateOrder").times(2);
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    kind: FaultKind,
    operation: Option<String>,
    times: Option<u32>,
    percent: u8,
    after_effect: bool,
}

impl Fault {
    /// A fault that happens once, to the next request of any operation.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, operation: None, times: Some(1), percent: 100, after_effect: false }
    }

    /// Only for this operation: its id in the spec, such as `PGCreateOrder`.
    #[must_use]
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.operation = Some(id.into());
        self
    }

    /// For the next `count` requests.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self
    }

    /// Until it is cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// For this share of requests, drawn from the sandbox's seed.
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.percent = percent.min(100);
        self
    }

    /// Lets the operation take effect before a gateway's page or an `Empty500` is answered.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Reads the body of `POST /_sandbox/faults`; the error says what is wrong with it.
    pub(crate) fn from_json(body: &Value) -> Result<Self, String> {
        let number = |name: &str, default: u64| match &body[name] {
            Value::Null => Ok(default),
            value => value.as_u64().ok_or_else(|| format!("{name} should be a whole number")),
        };
        let ms = || Ok::<_, String>(Duration::from_millis(number("ms", 1000)?));
        let kind = match body["kind"].as_str() {
            Some("delay") => FaultKind::Delay(ms()?),
            Some("reset_before") => FaultKind::ResetBefore,
            Some("reset_after") => FaultKind::ResetAfter,
            Some("truncated") => FaultKind::Truncated,
            Some("slow_drip") => FaultKind::SlowDrip(ms()?),
            Some("wrong_length") => FaultKind::WrongLength,
            Some("early_close") => FaultKind::EarlyClose,
            Some("html_502") => FaultKind::Html502,
            Some("html_503") => FaultKind::Html503,
            Some("html_504") => FaultKind::Html504,
            Some("empty_500") => FaultKind::Empty500,
            Some("rate_limited") => FaultKind::RateLimited(small(number("retry_seconds", 1)?)),
            _ => return Err(format!("kind should be one of {}", KINDS.join(", "))),
        };
        let percent = number("percent", 100)?;
        if percent > 100 {
            return Err("percent should be at most 100".to_owned());
        }
        let times = match &body["times"] {
            Value::Null if body["percent"].is_null() => Some(1),
            Value::Null => None,
            _ => Some(small(number("times", 1)?)),
        };
        Ok(Self {
            kind,
            operation: body["operation"].as_str().map(str::to_owned),
            times,
            percent: u8::try_from(percent).unwrap_or(100),
            after_effect: body["after_effect"] == true,
        })
    }

    pub(crate) fn to_json(&self) -> Value {
        let detail = match &self.kind {
            FaultKind::Delay(time) | FaultKind::SlowDrip(time) => {
                json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
            }
            FaultKind::RateLimited(seconds) => json!(seconds),
            _ => Value::Null,
        };
        let kind = self.kind.name();
        let mut fault = json!({
            "kind": kind, "operation": self.operation, "times": self.times, "percent": self.percent,
            "after_effect": self.after_effect,
        });
        match self.kind {
            FaultKind::Delay(_) | FaultKind::SlowDrip(_) => fault["ms"] = detail,
            FaultKind::RateLimited(_) => fault["retry_seconds"] = detail,
            _ => {}
        }
        fault
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A fault that strikes the request at hand.
#[derive(Debug, Clone)]
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    /// Whether the operation takes effect.
    pub(crate) effect: bool,
}

/// The faults in waiting, in the order they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> Value {
        self.0.iter().map(Fault::to_json).collect()
    }

    /// The faults that strike a request of `operation`: at most one, besides delays.
    pub(crate) fn strike(&mut self, operation: &str, mut percentile: impl FnMut() -> u8) -> Vec<Strike> {
        let mut strikes = Vec::new();
        let mut decided = false;
        for fault in &mut self.0 {
            let delay = matches!(fault.kind, FaultKind::Delay(_));
            let elsewhere = fault.operation.as_deref().is_some_and(|only| only != operation);
            if elsewhere || decided && !delay || fault.percent < 100 && percentile() >= fault.percent {
                continue;
            }
            match &mut fault.times {
                Some(0) => continue,
                Some(left) => *left -= 1,
                None => {}
            }
            decided |= !delay;
            let effect = match fault.kind {
                FaultKind::ResetBefore | FaultKind::RateLimited(_) => false,
                FaultKind::Html502 | FaultKind::Html503 | FaultKind::Html504 | FaultKind::Empty500 => {
                    fault.after_effect
                }
                _ => true,
            };
            strikes.push(Strike { kind: fault.kind.clone(), effect });
        }
        self.0.retain(|fault| fault.times != Some(0));
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_says_and_where_it_says() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::Empty500).operation("PGCreateOrder").times(2));
        let mut strike = |operation: &str| faults.strike(operation, || 0).len();
        assert_eq!(strike("PGFetchOrder"), 0);
        assert_eq!(strike("PGCreateOrder"), 1);
        assert_eq!(strike("PGCreateOrder"), 1);
        assert_eq!(strike("PGCreateOrder"), 0);
    }

    #[test]
    fn a_share_is_a_share() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::ResetAfter).always().percent(30));
        let mut draws = (0..100_u8).cycle();
        let struck: usize = (0..100).map(|_| faults.strike("x", || draws.next().unwrap_or(0)).len()).sum();
        assert_eq!(struck, 30);
    }

    #[test]
    fn json_is_read_and_nonsense_is_named() {
        for kind in KINDS {
            let fault = Fault::from_json(&json!({ "kind": kind })).expect(kind);
            assert_eq!(fault.to_json()["kind"], kind);
        }
        let fault = Fault::from_json(&json!({"kind": "delay", "ms": 5, "times": 2})).expect("valid");
        assert_eq!(fault.to_json()["ms"], 5);
        assert!(Fault::from_json(&json!({"kind": "flood"})).expect_err("kind").contains("kind"));
        assert!(Fault::from_json(&json!({"kind": "delay", "ms": -5})).expect_err("ms").contains("ms"));
        assert!(Fault::from_json(&json!({"kind": "truncated", "percent": 300})).is_err());
    }
}
