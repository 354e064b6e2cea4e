//! The way of a request through the gateway, from its headers to the bytes of its answer.

use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};

use super::apply::State;
use super::body;
use super::config::{Config, Happening};
use super::engine::Engine;
use super::faults::{FaultKind, Strike};
use super::idempotency::{self, Outcome};
use super::input::{Asked, Input, Once};
use super::limits::Turn;
use super::log::{self, RequestRecord};
use super::problem::Problem;
use super::reply::{Incoming, Reply, Spoilt};
use crate::spec::{self, Operation, Spec, example, quirks, shape};
use crate::world::World;
use crate::world::call::Call;

/// A request that has reached an operation.
struct Reached {
    spec: &'static Spec,
    operation: &'static Operation,
    path: Vec<(String, String)>,
}

impl Engine {
    /// Answers a request to the API, or to a product; `path` is what follows `/pg`, or all of it.
    pub(crate) fn answer(self: &Arc<Self>, path: &str, incoming: &Incoming) -> Reply {
        let mut record = RequestRecord {
            method: incoming.method.to_string(),
            path: path.to_owned(),
            version: incoming.header("x-api-version").unwrap_or("").to_owned(),
            idempotency_key: incoming.header("x-idempotency-key").map(str::to_owned),
            request_id: incoming.header("x-request-id").map(str::to_owned),
            request_body: shown(incoming),
            ..RequestRecord::default()
        };
        let reached = reach(path, incoming);
        let read = reached.as_ref().ok().map(|reached| body::read(reached.operation, incoming));
        let mut state = self.lock();
        let at = state.catch_up();
        let mut reply = match reached {
            Ok(reached) => {
                record.operation.clone_from(&reached.operation.id);
                let read = read.unwrap_or(Ok(Value::Null));
                let answered = state.let_through(&self.config, at, reached, read, incoming, &mut record);
                answered.unwrap_or_else(|problem| refused(&problem, &self.config, &mut record))
            }
            Err(problem) => refused(&problem, &self.config, &mut record),
        };
        let request_id = record.request_id.get_or_insert_with(|| request_id(&mut state.random));
        reply.headers.push(("x-request-id", request_id.clone()));
        if spec::versions().any(|known| known == record.version) {
            reply.headers.push(("x-api-version", record.version.clone()));
        }
        record.status = (reply.spoilt != Spoilt::Reset).then_some(reply.status);
        record.time = state.world.stamp();
        record.response_body = log::shown(&reply.body);
        state.log.add(record.clone());
        let sent = state.take_sent();
        drop(state);
        self.config.tell(Happening::Request(&record));
        self.send(sent);
        reply
    }
}

/// A form without the fields that say who calls.
fn without_credentials(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|name, _| name != "appId" && name != "secretKey");
    }
    body
}

/// Finds the version and the operation that a request is for.
fn reach(path: &str, incoming: &Incoming) -> Result<Reached, Problem> {
    let of_product = |spec: &'static Spec| {
        let (operation, path) = spec.route(incoming.method.as_str(), &incoming.path)?;
        Some(Reached { spec, operation, path })
    };
    if let Some(reached) = spec::products().find_map(of_product) {
        return Ok(reached);
    }
    let version = incoming
        .header("x-api-version")
        .ok_or_else(|| Problem::invalid("request_failed", "version is missing in header"))?;
    let spec = spec::find(version).ok_or_else(|| {
        let known: Vec<&str> = spec::versions().collect();
        let message = format!("x-api-version : is none of {}. Value received: {version}", known.join(", "));
        Problem::invalid("version_invalid", message)
    })?;
    let (operation, path) = spec
        .route(incoming.method.as_str(), path)
        .ok_or_else(|| Problem::invalid("request_failed", "bad URL, please check API documentation"))?;
    Ok(Reached { spec, operation, path })
}

fn refused(problem: &Problem, config: &Config, record: &mut RequestRecord) -> Reply {
    record.code = Some(problem.code.to_string());
    // The first API says in the body that it refuses, under a 200.
    if record.path.starts_with("/api/v1/") && problem.status != 429 {
        return Reply::json(200, &json!({ "status": "ERROR", "reason": problem.message }));
    }
    Reply::problem(problem, &config.origin)
}

/// A request's body as the log has it: without the secret of a form.
fn shown(incoming: &Incoming) -> Option<String> {
    let body = log::shown(&incoming.body)?;
    if !incoming.path.starts_with("/api/v1/") {
        return Some(body);
    }
    Some(body.split('&').filter(|field| !field.starts_with("secretKey=")).collect::<Vec<_>>().join("&"))
}

fn request_id(random: &mut fastrand::Rng) -> String {
    (0..32).map(|_| random.lowercase()).collect()
}

impl State {
    /// Credentials, rate limit and faults; then the call.
    fn let_through(
        &mut self,
        config: &Config,
        at: i64,
        reached: Reached,
        body: Result<Value, Problem>,
        incoming: &Incoming,
        record: &mut RequestRecord,
    ) -> Result<Reply, Problem> {
        let operation = reached.operation;
        let account = if operation.public {
            Some(String::new())
        } else if operation.credentials.is_empty() {
            config.credentials.account(incoming)
        } else {
            config.credentials.account_by(&operation.credentials, incoming, body.as_ref().ok(), |token| {
                self.world.is_token(token)
            })
        };
        let account = account.ok_or_else(Problem::unauthenticated)?;
        // Who called is known now, and is nothing to keep.
        let body = body.map(without_credentials);
        let turn = self.limits.take(config.rate_limit, operation, &account, &incoming.peer, at);
        let mut reply = if turn.retry > 0 {
            limited(&turn, config, record)
        } else {
            self.struck(config, at, (reached, body, &account, &turn), incoming, record)
        };
        if !reply.headers.iter().any(|(name, _)| *name == "x-ratelimit-limit") && reply.status != 500 {
            reply.headers.extend(turn.headers());
        }
        if let Some(key) = incoming.header("x-idempotency-key") {
            reply.headers.push(("x-idempotency-key", key.to_owned()));
        }
        if operation.public {
            // Browsers call these, from the merchant's page.
            reply.headers.push(("access-control-allow-origin", "*".to_owned()));
        }
        Ok(reply)
    }

    /// Answers, with the faults that were asked for.
    fn struck(
        &mut self,
        config: &Config,
        at: i64,
        (reached, body, account, turn): (Reached, Result<Value, Problem>, &str, &Turn),
        incoming: &Incoming,
        record: &mut RequestRecord,
    ) -> Reply {
        let random = &mut self.random;
        let strikes = self.faults.strike(&reached.operation.id, || random.u8(..100));
        let effect = strikes.iter().all(|strike| strike.effect);
        let mut reply = if effect {
            self.made(config, at, (reached, body, account), incoming, record)
                .unwrap_or_else(|problem| refused(&problem, config, record))
        } else {
            Reply::new(200, "application/json", Vec::new())
        };
        for Strike { kind, .. } in strikes {
            let delay = reply.delay;
            match kind {
                FaultKind::Delay(time) => reply.delay = delay.saturating_add(time),
                FaultKind::ResetBefore | FaultKind::ResetAfter => reply.spoilt = Spoilt::Reset,
                FaultKind::Truncated => reply.spoilt = Spoilt::Truncated,
                FaultKind::SlowDrip(time) => reply.spoilt = Spoilt::Drip(time),
                FaultKind::WrongLength => reply.spoilt = Spoilt::WrongLength,
                FaultKind::EarlyClose => reply.spoilt = Spoilt::EarlyClose,
                FaultKind::Html502 => reply = Reply { delay, ..gateway_page(502, "Bad Gateway") },
                FaultKind::Html503 => reply = Reply { delay, ..gateway_page(503, "Service Unavailable") },
                FaultKind::Html504 => reply = Reply { delay, ..gateway_page(504, "Gateway Time-out") },
                FaultKind::Empty500 => {
                    reply = Reply { delay, headers: Vec::new(), ..Reply::new(500, "", Vec::new()) };
                }
                FaultKind::RateLimited(retry) => {
                    reply = Reply { delay, ..limited(&turn.over(retry), config, record) };
                }
            }
        }
        reply
    }

    /// Makes the call, keeps it, and gives its outcome the shape of its version.
    fn made(
        &mut self,
        config: &Config,
        at: i64,
        (reached, body, account): (Reached, Result<Value, Problem>, &str),
        incoming: &Incoming,
        record: &mut RequestRecord,
    ) -> Result<Reply, Problem> {
        let Reached { spec, operation, path } = reached;
        let body = body?;
        let counts = incoming.method == Method::POST && !operation.public;
        let key = incoming.header("x-idempotency-key").filter(|_| counts);
        let once = key.map(|key| Once {
            account: account.to_owned(),
            key: key.to_owned(),
            fingerprint: idempotency::fingerprint(
                incoming.method.as_str(),
                &incoming.path,
                &incoming.query,
                &body,
            ),
        });
        let asked = Asked {
            version: spec.version.to_owned(),
            operation: operation.id.clone(),
            path,
            query: spec::parse_query(&incoming.query),
            body,
            origin: incoming.origin(&config.origin),
            once,
        };
        record.example = !World::imitates(&operation.id);
        if record.example && config.strict {
            let message = format!("{} is not imitated here, and --strict refuses it", operation.id);
            return Err(Problem::new(501, "api_error", "not_imitated", message));
        }
        let drawn = self.world.ids.drawn();
        let (outcome, replayed) = self.call(at, &asked)?;
        record.replayed = replayed;
        if incoming.method != Method::GET || self.world.ids.drawn() != drawn {
            self.keep(at, &Input::Call(Box::new(asked.clone())))?;
        }
        let mut reply = shaped(config, spec, operation, &asked, outcome, &self.world.stamp())
            .unwrap_or_else(|problem| refused(&problem.declared(&operation.statuses), config, record));
        if replayed {
            reply = reply.with_header("x-idempotency-replayed", "true");
        }
        if record.example {
            reply = reply.with_header("x-sandbox-example", "true");
        }
        Ok(reply)
    }
}

/// The answer in the shape of its version.
fn shaped(
    config: &Config,
    spec: &'static Spec,
    operation: &'static Operation,
    asked: &Asked,
    outcome: Outcome,
    now: &str,
) -> Result<Reply, Problem> {
    let answer = outcome?;
    let Some(schema) = &operation.answer else {
        return Ok(Reply::json(operation.status, &Value::Object(serde_json::Map::new())));
    };
    let body = match answer {
        Some(answer) if config.quirks => quirks::answer(spec, operation, schema, answer),
        Some(answer) => shape::project(spec, schema, answer),
        None => {
            let (path, query) = (asked.path.as_slice(), asked.query.as_slice());
            let call = Call { spec, operation, path, query, body: &asked.body, origin: &asked.origin };
            example::example(spec, schema, &call.known(), now)
        }
    };
    Ok(Reply::json(operation.status, &body))
}

fn limited(turn: &Turn, config: &Config, record: &mut RequestRecord) -> Reply {
    let mut reply = refused(&Problem::rate_limited(), config, record);
    reply.headers.extend(turn.headers());
    reply
}

/// What a gateway in front of the API answers on a bad day.
fn gateway_page(status: u16, what: &str) -> Reply {
    let page = format!(
        "<html><head><title>{status} {what}</title></head><body><center><h1>{status} {what}</h1></center></body></html>"
    );
    Reply::new(status, "text/html", page.into_bytes())
}
