//! The controls: what payers and banks do, the clock, faults, webhooks, and looks at everything.

use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

use super::pages;
use crate::gateway::Engine;
use crate::gateway::faults::Fault;
use crate::gateway::input::Input;
use crate::gateway::log::RequestRecord;
use crate::gateway::problem::Problem;
use crate::gateway::reply::{Incoming, Reply};
use crate::spec::{self, parse_query, percent_decode};
use crate::webhook::Delivery;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::sign::verify;
use crate::world::call::text;
use crate::world::clock::Clock;
use crate::world::values;

/// The longest that a request for a webhook waits for it.
const LONGEST_WAIT: u64 = 25;

pub(super) async fn answer(engine: &Arc<Engine>, path: &str, incoming: &Incoming) -> Reply {
    // Controls need no credentials: any page in a developer's browser could send the webhooks elsewhere.
    if incoming.method != Method::GET && incoming.is_of_another_page() {
        return Reply::json(403, &json!({ "message": "only the sandbox's own pages may do this" }));
    }
    let path: Vec<String> = path.trim_end_matches('/').split('/').map(percent_decode).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if let (&Method::GET, ["webhooks"]) = (&incoming.method, path.as_slice()) {
        return webhooks(engine, incoming).await;
    }
    if let Some(reply) = settings(engine, &path, incoming) {
        return reply;
    }
    match deeds(engine, &path, incoming) {
        Some(Ok(input)) => acted(engine, input),
        Some(Err(message)) => wrong(&message),
        None => {
            pages::answer(engine, &path, incoming).unwrap_or_else(|| Reply::plain(404, "no such control\n"))
        }
    }
}

/// What an input comes to, as an answer.
pub(super) fn acted(engine: &Arc<Engine>, input: Input) -> Reply {
    match engine.act(input) {
        Ok(answer) => Reply::json(200, &answer),
        Err(problem) => refused(engine, &problem),
    }
}

pub(super) fn refused(engine: &Engine, problem: &Problem) -> Reply {
    Reply::problem(problem, &engine.config.origin)
}

fn wrong(message: &str) -> Reply {
    Reply::json(400, &json!({ "message": message }))
}

/// Looks at the sandbox itself, and its settings.
fn settings(engine: &Arc<Engine>, path: &[&str], incoming: &Incoming) -> Option<Reply> {
    let body = || incoming.json();
    Some(match (&incoming.method, path) {
        (&Method::GET, [""]) => Reply::json(200, &about(engine, &incoming.origin(&engine.config.origin))),
        (&Method::DELETE, ["state"]) => match engine.reset() {
            Ok(()) => Reply::json(200, &json!({})),
            Err(problem) => refused(engine, &problem),
        },
        (&Method::GET, ["requests"]) => requests(engine, incoming),
        (&Method::GET, ["faults"]) => Reply::json(200, &engine.with_faults(|faults| faults.list())),
        (&Method::DELETE, ["faults"]) => {
            engine.with_faults(|faults| faults.clear());
            Reply::json(200, &json!({}))
        }
        (&Method::POST, ["faults"]) => match Fault::from_json(&body()) {
            Ok(fault) => {
                let answer = fault.to_json();
                engine.with_faults(|faults| faults.add(fault));
                Reply::json(200, &answer)
            }
            Err(message) => wrong(&message),
        },
        (&Method::GET, ["clock"]) => Reply::json(200, &clock(engine)),
        (&Method::POST, ["clock"]) => move_clock(engine, &body()),
        (&Method::GET, ["endpoints"]) => Reply::json(
            200,
            &engine.with_state(|state| state.post.endpoints.iter().map(Endpoint::to_json).collect()),
        ),
        (&Method::GET, ["values"]) => Reply::plain(200, &values::table()),
        (&Method::POST, ["verify"]) => verified(engine, &body()),
        _ => return None,
    })
}

/// What payers, banks and whoever tests can do.
fn deeds(engine: &Engine, path: &[&str], incoming: &Incoming) -> Option<Result<Input, String>> {
    if incoming.method == Method::DELETE && path == ["endpoints"] {
        return Some(Ok(Input::NoEndpoints));
    }
    if incoming.method != Method::POST {
        return None;
    }
    let query = parse_query(&incoming.query);
    let body = incoming.json();
    // A short deed may stand in the address.
    let named = |name: &str| {
        let asked = query.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
        asked.or_else(|| text(&body[name]))
    };
    let status = || named("status").unwrap_or_default();
    let error = || named("error_code");
    let owned = |text: &&str| (*text).to_owned();
    let input = match path {
        ["disputes"] => Input::Dispute { asked: body.clone() },
        ["disputes", id] => Input::MoveDispute { dispute: owned(id), status: status() },
        ["incidents"] => Input::Incident { asked: body.clone() },
        ["incidents", id] => Input::MoveIncident { incident: owned(id), status: status() },
        ["refunds", id] => Input::Refund { refund: owned(id), status: status() },
        ["settlements", id] => Input::Settlement { settlement: owned(id), status: status() },
        ["subscriptions", id, "customer"] => {
            Input::Customer { subscription: owned(id), action: named("action").unwrap_or_default() }
        }
        ["pay", id] if named("status").is_some() => {
            Input::Decide { payment: owned(id), status: status(), error: error() }
        }
        ["pay", id] => Input::Visit { payment: owned(id) },
        ["subscriptions", "pay", id] => {
            Input::Charge { payment: owned(id), status: status(), error: error() }
        }
        ["trigger"] => {
            let Some(kind) = named("type") else { return Some(Err("type is missing".to_owned())) };
            Input::Trigger { kind, version: named("version"), set: body["set"].clone() }
        }
        ["webhooks", id, "resend"] => match id.parse() {
            Ok(webhook) => Input::Resend { webhook },
            Err(_) => return Some(Err("the id of a webhook is a number".to_owned())),
        },
        ["endpoints"] => match serde_json::from_value::<Endpoint>(with_defaults(body)) {
            Ok(endpoint) => {
                let near = || engine.config.rules.check(&endpoint.url).map_err(str::to_owned);
                match endpoint.check().and_then(|()| near()) {
                    Ok(()) => Input::Endpoint { endpoint },
                    Err(message) => return Some(Err(message)),
                }
            }
            Err(error) => return Some(Err(error.to_string())),
        },
        _ => return None,
    };
    Some(Ok(input))
}

fn with_defaults(mut endpoint: Value) -> Value {
    if endpoint["events"].is_null() && endpoint.is_object() {
        endpoint["events"] = json!([]);
    }
    endpoint
}

fn about(engine: &Engine, origin: &str) -> Value {
    let config = &engine.config;
    json!({
        "base_url": format!("{origin}/pg"),
        "sandbox": env!("CARGO_PKG_VERSION"),
        "versions": spec::versions().collect::<Vec<_>>(),
        "client_id": config.credentials.client_id,
        "client_secret": config.credentials.client_secret,
        "webhook_url": engine.with_state(|state| state.post.endpoints.first().map(|one| one.url.clone())),
        "seed": config.seed,
        "quirks": config.quirks,
        "strict": config.strict,
    })
}

fn clock(engine: &Arc<Engine>) -> Value {
    let now = engine.look(|world| world.stamp());
    json!({ "now": now, "frozen": engine.with_state(|state| state.clock.is_still()) })
}

fn move_clock(engine: &Arc<Engine>, body: &Value) -> Reply {
    let mut done = false;
    if let Some(still) = body["freeze"].as_bool() {
        done = true;
        let system = Clock::system().millis();
        if let Err(problem) = engine.act(Input::Freeze { still, system }) {
            return refused(engine, &problem);
        }
    }
    if let Some(seconds) = body["advance_seconds"].as_u64() {
        done = true;
        if let Err(problem) = engine.act(Input::Advance { millis: seconds.saturating_mul(1000) }) {
            return refused(engine, &problem);
        }
    }
    match done {
        true => Reply::json(200, &clock(engine)),
        false => wrong("advance_seconds should be a whole number, or freeze true or false"),
    }
}

fn requests(engine: &Engine, incoming: &Incoming) -> Reply {
    let query = parse_query(&incoming.query);
    let of = |name: &str| query.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let all = engine.requests();
    let wanted = all.iter().filter(|one| of("operation").is_none_or(|operation| one.operation == operation));
    let mut listed: Vec<Value> = wanted.map(RequestRecord::to_json).collect();
    if let Some(last) = of("last").and_then(|last| last.parse::<usize>().ok()) {
        listed.drain(..listed.len().saturating_sub(last));
    }
    Reply::json(200, &Value::from(listed))
}

/// The attempts at webhooks; with `wait`, those of a kind as soon as there is one.
async fn webhooks(engine: &Arc<Engine>, incoming: &Incoming) -> Reply {
    let query = parse_query(&incoming.query);
    let of = |name: &str| query.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let delivered = of("delivered").map(|text| text == "true");
    let wanted = |one: &Delivery| {
        of("type").is_none_or(|kind| one.event_type == kind)
            && of("contains").is_none_or(|text| one.body.contains(text))
            && delivered.is_none_or(|delivered| one.is_delivered() == delivered)
    };
    if let Some(seconds) = of("wait").and_then(|wait| wait.parse::<u64>().ok()) {
        let limit = Duration::from_secs(seconds.min(LONGEST_WAIT));
        let _ = tokio::time::timeout(limit, engine.wait_for(wanted)).await;
    }
    let mut listed: Vec<Value> =
        engine.deliveries().iter().filter(|one| wanted(one)).map(Delivery::to_json).collect();
    if let Some(last) = of("last").and_then(|last| last.parse::<usize>().ok()) {
        listed.drain(..listed.len().saturating_sub(last));
    }
    Reply::json(200, &Value::from(listed))
}

/// Whether a signature is right: for receivers that say it is not.
fn verified(engine: &Engine, body: &Value) -> Reply {
    let member = |name: &str| text(&body[name]).ok_or_else(|| format!("{name} is missing"));
    let parts = (member("body"), member("timestamp"), member("signature"));
    let (Ok(signed), Ok(timestamp), Ok(signature)) = parts else {
        return wrong("body, timestamp and signature should be texts");
    };
    let secret = text(&body["secret"]).unwrap_or_else(|| engine.config.credentials.client_secret.clone());
    let valid = verify(&secret, &timestamp, signed.as_bytes(), &signature);
    Reply::json(200, &json!({ "valid": valid }))
}
