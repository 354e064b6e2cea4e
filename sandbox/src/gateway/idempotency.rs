//! Answers that are given again under their idempotency key. What is kept is what came of a call and not its
//! bytes, so that a repeat in another version gets that version's shape.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::problem::Problem;

/// Keys are kept for a day: how long is not published.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What came of a call: nothing, where there is only an example to give.
pub(super) type Outcome = Result<Option<Value>, Problem>;

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By account and key.
    answered: BTreeMap<(String, String), Answered>,
    /// In the order they were answered.
    order: VecDeque<(i64, (String, String))>,
}

#[derive(Debug)]
struct Answered {
    fingerprint: String,
    outcome: Outcome,
}

impl Memory {
    /// What came of the call that used this key before; an error where that was another call.
    pub(super) fn recall(
        &mut self,
        account: &str,
        key: &str,
        fingerprint: &str,
        now: i64,
    ) -> Result<Option<Outcome>, Problem> {
        while self.order.front().is_some_and(|(then, _)| now - then >= KEPT_MILLIS) {
            if let Some((_, key)) = self.order.pop_front() {
                self.answered.remove(&key);
            }
        }
        match self.answered.get(&(account.to_owned(), key.to_owned())) {
            None => Ok(None),
            Some(answered) if answered.fingerprint == fingerprint => Ok(Some(answered.outcome.clone())),
            Some(_) => Err(Problem::idempotency()),
        }
    }

    pub(super) fn keep(&mut self, account: &str, key: &str, fingerprint: &str, outcome: Outcome, now: i64) {
        let key = (account.to_owned(), key.to_owned());
        self.order.push_back((now, key.clone()));
        self.answered.insert(key, Answered { fingerprint: fingerprint.to_owned(), outcome });
    }
}

/// The same for the same request, in whichever version.
pub(super) fn fingerprint(method: &str, path: &str, query: &str, body: &Value) -> String {
    let digest = Sha256::new().chain_update(method).chain_update([0]).chain_update(path);
    let digest = digest.chain_update([0]).chain_update(query).chain_update([0]);
    format!("{:x}", digest.chain_update(body.to_string()).finalize())
}
