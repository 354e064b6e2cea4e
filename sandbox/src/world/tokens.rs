//! Bearer tokens, as Global Collections issues them.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::World;
use super::call::Call;
use crate::gateway::problem::Problem;

/// How long a token lasts.
const LIFE: TimeDelta = TimeDelta::minutes(5);

impl World {
    pub(super) fn issue_token(&mut self, _: &Call<'_>) -> Result<Value, Problem> {
        let (token, end) = (self.ids.token(48), self.now() + LIFE);
        let now = self.now();
        self.tokens.retain(|_, end| *end > now);
        self.tokens.insert(token.clone(), end);
        Ok(json!({
            "status": "SUCCESS", "subCode": "200", "message": "Token generated",
            "data": { "token": token, "expiry": end.timestamp() },
        }))
    }

    /// Whoever gets here has one.
    pub(super) fn verify_token(&mut self, _: &Call<'_>) -> Result<Value, Problem> {
        let end = self.tokens.values().max().map(|end| end.timestamp());
        Ok(json!({ "accountId": 1, "agentId": 1, "channel": "API", "enableApi": true, "expiry": end }))
    }

    /// Whether a token was issued and has not ended.
    pub(crate) fn is_token(&self, token: &str) -> bool {
        self.tokens.get(token).is_some_and(|end| *end > self.now)
    }
}
