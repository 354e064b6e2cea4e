//! A gateway with books: what it carried out, and how often. It knows nothing of the crate.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::wire::{Act, Asked, End};

/// What was asked and carried out, by the id of the order, the refund or the thing that is changed.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) asked: HashMap<String, u32>,
    pub(crate) carried_out: HashMap<String, u32>,
    /// By request id: what the first attempt sent, which every other has to repeat.
    attempts: HashMap<String, Asked>,
    pub(crate) differing: Vec<String>,
    pub(crate) faults: u32,
}

pub(crate) struct World {
    seed: u64,
    percent: u32,
    pub(crate) books: Mutex<Books>,
}

const ERROR: &str = r#"{"message":"said the gateway","code":"CODE","type":"TYPE"}"#;

fn refusal(status: u16, code: &str, kind: &str) -> Act {
    Act::answer(status, ERROR.replace("CODE", code).replace("TYPE", kind))
}

impl World {
    pub(crate) fn new(seed: u64, percent: u32) -> Self {
        Self { seed, percent, books: Mutex::default() }
    }

    pub(crate) fn carried_out(&self, id: &str) -> u32 {
        self.books.lock().unwrap().carried_out.get(id).copied().unwrap_or_default()
    }

    pub(crate) fn asked(&self, id: &str) -> u32 {
        self.books.lock().unwrap().asked.get(id).copied().unwrap_or_default()
    }

    /// Deals with a request. Whether and how it goes wrong is decided by the seed, the id and the number of the
    /// attempt: never by who came first.
    pub(crate) fn handle(&self, asked: Asked) -> Act {
        let mut books = self.books.lock().unwrap();
        let (id, name) = thing(&asked);
        if !asked.request_id.is_empty() {
            let first = books.attempts.entry(asked.request_id.clone()).or_insert_with(|| asked.clone());
            let same = (&first.key, &first.body, &first.path) == (&asked.key, &asked.body, &asked.path);
            if !same {
                books.differing.push(id.clone());
            }
        }
        let attempt = books.asked.entry(id.clone()).or_default();
        *attempt += 1;
        let mut chance = chance(self.seed, &format!("{id} {attempt}"));
        let reads = id.starts_with("read_");
        if chance.u32(..100) >= self.percent {
            return if reads { whole(name, &id) } else { carry_out(&mut books, &id, name) };
        }
        books.faults += 1;
        if reads {
            return if chance.bool() {
                not_done(chance.u32(..20))
            } else {
                done(chance.u32(..18), name, &id, None)
            };
        }
        match chance.bool() {
            true => not_done(chance.u32(..20)),
            false => {
                let answer = carry_out(&mut books, &id, name);
                done(chance.u32(..18), name, &id, Some(answer))
            }
        }
    }
}

/// The id of what a request is about, and the name it has in the answer.
fn thing(asked: &Asked) -> (String, &'static str) {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    for name in ["refund_id", "order_id", "id"] {
        if let Some(id) = body[name].as_str() {
            return (id.to_owned(), name);
        }
    }
    let last = asked.path.split(['/', '?']).rfind(|segment| segment.contains('_')).unwrap_or_default();
    (last.to_owned(), if asked.method == "GET" { "order_id" } else { "id" })
}

fn whole(name: &str, id: &str) -> Act {
    let mut body = json!({ "order_amount": 10.5, "refund_amount": 10.5 });
    body[name] = id.into();
    Act::answer(200, body.to_string())
}

/// Carries it out once; a repeat is answered in one of the ways that are seen.
fn carry_out(books: &mut Books, id: &str, name: &str) -> Act {
    let before = books.carried_out.get(id).copied().unwrap_or_default();
    if before == 0 {
        books.carried_out.insert(id.to_owned(), 1);
        return whole(name, id);
    }
    match chance(0, id).u32(..4) {
        0 => whole(name, id).with("x-idempotency-replayed", "true"),
        1 => whole(name, id),
        2 => refusal(409, "order_already_exists", "invalid_request_error"),
        _ => refusal(422, "idempotency_key_reused", "idempotency_error"),
    }
}

/// Nothing is carried out, and the answer does not always say so.
fn not_done(fault: u32) -> Act {
    match fault {
        0 => Act::Nothing(End::Reset),
        1 => Act::Nothing(End::Close),
        2 => Act::answer(503, "<html>later</html>"),
        3 => refusal(500, "api_error", "api_error"),
        4 => refusal(429, "rate_limit_exceeded", "rate_limit_error"),
        5 => refusal(400, "order_amount_invalid", "invalid_request_error"),
        6 => refusal(401, "request_failed", "authentication_error"),
        7 => Act::answer(403, "<html>no</html>"),
        8 => refusal(404, "order_not_found", "invalid_request_error"),
        9 => refusal(200, "order_amount_invalid", "invalid_request_error"),
        10 => Act::answer(200, "{}"),
        11 => Act::answer(200, "[{}]"),
        12 => Act::answer(200, "<html>sign in</html>"),
        13 => Act::answer(200, r#"{"data":{"order_id":"another"}}"#),
        14 => Act::answer(302, "").with("location", "/pg/elsewhere"),
        15 => Act::answer(408, ""),
        16 => Act::answer(204, ""),
        17 => Act::answer(200, "null"),
        18 => refusal(400, "api_request_timeout", "api_error"),
        _ => Act::answer(200, r#"{"status":"ERROR","subCode":"403","message":"Token is not valid"}"#),
    }
}

/// It was carried out, and the answer gets lost, or does not say so.
fn done(fault: u32, name: &str, id: &str, answer: Option<Act>) -> Act {
    let answer = answer.unwrap_or_else(|| whole(name, id));
    match fault {
        0 => Act::Nothing(End::Reset),
        1 => Act::Nothing(End::Close),
        2 => refusal(502, "bank_processing_failure", "api_error"),
        3 => Act::answer(504, "<html>gateway</html>"),
        4 => Act::answer(400, r#"{"x":1e400,"code":"api_request_timeout","message":"\ud800"}"#),
        5 => refusal(400, "api_request_timeout", "api_error").cut(60, End::Close),
        6 => Act::answer(400, "\u{feff}{\"code\":\"api_request_timeout\"}"),
        7 => answer.cut(3, End::Close),
        8 => answer.cut(3, End::Reset),
        9 => Act::answer(200, format!(r#"{{"{name}":"{id}","#)),
        10 => Act::answer(200, "<html>done</html>"),
        11 => Act::answer(200, format!(r#"{{"{name}":"{id}","{name}":"{id}"}}"#)),
        12 => Act::answer(500, ""),
        13 => Act::answer(408, "<html>late</html>"),
        14 => Act::answer(200, format!("[{{\"{name}\":\"{id}\"}}]")),
        15 => Act::answer(200, format!("\u{feff}{{\"{name}\":\"{id}\"}}")),
        16 => Act::answer(200, format!(r#"{{"{name}":"{id}","unlisted":1e400}}"#)),
        _ => Act::answer(200, ""),
    }
}

/// Seeded by both, and the same with every Rust.
fn chance(seed: u64, text: &str) -> fastrand::Rng {
    fastrand::Rng::with_seed(text.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    }))
}
