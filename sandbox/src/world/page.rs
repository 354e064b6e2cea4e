//! Pages: a limit, a cursor that stays good while others write, and bounds in time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::call::{Call, text};
use super::clock::{self, Time};
use crate::gateway::problem::Problem;
use crate::spec::items;

/// What a caller asks for.
pub(in crate::world) struct Page {
    limit: usize,
    /// Where it goes on: a position in a list that only grows at its end.
    pub(in crate::world) start: usize,
    pub(in crate::world) from: Option<Time>,
    pub(in crate::world) till: Option<Time>,
}

impl Page {
    /// Reads `pagination` and the bounds of `filters`.
    pub(in crate::world) fn read(call: &Call<'_>, least: usize) -> Result<Self, Problem> {
        let pagination = &call.body["pagination"];
        let limit = match text(&pagination["limit"]).and_then(|limit| limit.parse().ok()) {
            None => 10,
            Some(limit) if limit < least => {
                let message = format!("pagination.limit : should be at least {least}");
                return Err(Problem::invalid("pagination.limit_invalid", message));
            }
            Some(limit) if limit > 1000 => {
                let message = "pagination.limit : should be at max 1000";
                return Err(Problem::invalid("pagination.limit_invalid", message));
            }
            Some(limit) => limit,
        };
        let start = match text(&pagination["cursor"]) {
            None => 0,
            Some(cursor) => read_cursor(&cursor).ok_or_else(|| {
                Problem::invalid("pagination.cursor_invalid", "pagination.cursor : is not valid")
            })?,
        };
        let filters = &call.body["filters"];
        let (from, till) = (bound(&filters["start_date"])?, bound(&filters["end_date"])?);
        if from.zip(till).is_some_and(|(from, till)| from > till) {
            let message = "start date can not be greater than end date";
            return Err(Problem::invalid("order_expiry_time_invalid", message));
        }
        Ok(Self { limit, start, from, till })
    }

    /// The page of what `rows` gives, with the position of each.
    pub(in crate::world) fn fill(&self, rows: impl Iterator<Item = (usize, Value)>) -> Value {
        let mut rows = rows.skip_while(|(at, _)| *at < self.start);
        let mut data = Vec::new();
        while data.len() < self.limit {
            match rows.next() {
                Some((_, row)) => data.push(row),
                None => break,
            }
        }
        let next = (data.len() == self.limit).then(|| rows.next()).flatten();
        let cursor = next.map(|(at, _)| STANDARD.encode(format!("at:{at}")));
        json!({ "cursor": cursor, "limit": self.limit, "data": data })
    }
}

fn bound(value: &Value) -> Result<Option<Time>, Problem> {
    let Some(text) = text(value) else { return Ok(None) };
    clock::read(&text).map(Some).ok_or_else(|| {
        let message = "time should be ISO8601 string. Example 2021-07-02T10:20:12+05:30 for IST, \
                       2021-07-02T10:20:12Z for UTC";
        Problem::invalid("order_expiry_time_invalid", message)
    })
}

fn read_cursor(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("at:")?.parse().ok()
}

/// The ids that a filter lists; none stands for all.
pub(in crate::world) fn listed(filter: &Value) -> Option<Vec<String>> {
    let ids: Vec<String> = items(filter).filter_map(text).collect();
    (!ids.is_empty()).then_some(ids)
}
