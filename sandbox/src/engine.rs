//! What every operation has in common: version, credentials, rate limit, faults, idempotency, validation.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::faults::{FaultKind, Faults, Strike};
use crate::multipart;
use crate::problem::Problem;
use crate::webhook::{self, Delivery};
use crate::world::{Call, Content, Event, World};
use crate::{Credentials, money, shape, spec, validate};

/// How many requests the log remembers.
const LOG: usize = 10_000;
/// The window of the rate limit.
const MINUTE_MILLIS: i64 = 60_000;

/// What the builder decided.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) credentials: Credentials,
    pub(crate) webhook_url: Option<String>,
    pub(crate) webhook_version: Option<String>,
    pub(crate) webhook_retries: Vec<Duration>,
    pub(crate) webhook_copies: u32,
    pub(crate) rate_limit: u32,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    /// `http://127.0.0.1:8700`
    pub(crate) origin: String,
}

/// A request the sandbox has answered, for tests that count attempts.
#[derive(Debug, Clone)]
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
    /// `x-request-id`
    pub request_id: Option<String>,
    /// The status answered; `None` where the connection was reset.
    pub status: Option<u16>,
}

impl RequestRecord {
    fn to_json(&self) -> Value {
        json!({
            "operation": self.operation, "method": self.method, "path": self.path, "version": self.version,
            "idempotency_key": self.idempotency_key, "request_id": self.request_id, "status": self.status,
        })
    }
}

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }
}

/// What goes out, and how it is to be spoilt on the way.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) spoilt: Spoilt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoilt {
    No,
    Reset,
    Truncated,
}

impl Reply {
    pub(crate) fn new(status: u16, media: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", media.to_owned())];
        Self { status, headers, body, delay: Duration::ZERO, spoilt: Spoilt::No }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", money::to_json(body))
    }

    fn problem(problem: &Problem) -> Self {
        Self::json(problem.status, &problem.body())
    }
}

/// A request that was answered under an idempotency key.
#[derive(Debug)]
struct Answered {
    fingerprint: [u8; 32],
    status: u16,
    body: Vec<u8>,
}

#[derive(Debug)]
struct Inner {
    world: World,
    faults: Faults,
    /// By account and key.
    answered: BTreeMap<(String, String), Answered>,
    /// When each request of the last minute came, by account.
    recent: BTreeMap<String, VecDeque<i64>>,
    log: VecDeque<RequestRecord>,
    deliveries: Vec<Delivery>,
    /// Deliveries begun before the last reset are given up.
    epoch: u64,
}

/// The sandbox, without its socket.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) config: Config,
    inner: Mutex<Inner>,
    /// How many deliveries there are, for those who wait for one.
    delivered: watch::Sender<usize>,
}

impl Engine {
    pub(crate) fn new(config: Config, faults: Faults) -> Self {
        let inner = Inner {
            world: World::new(config.clock, config.seed),
            faults,
            answered: BTreeMap::new(),
            recent: BTreeMap::new(),
            log: VecDeque::new(),
            deliveries: Vec::new(),
            epoch: 0,
        };
        Self { config, inner: Mutex::new(inner), delivered: watch::Sender::new(0) }
    }

    /// A panic in one request does not take the others down with it.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses the state, and sends the events that come of it.
    pub(crate) fn with_world<T>(self: &Arc<Self>, act: impl FnOnce(&mut World) -> T) -> T {
        let mut inner = self.lock();
        let result = act(&mut inner.world);
        let events = std::mem::take(&mut inner.world.outbox);
        drop(inner);
        events.into_iter().for_each(|event| self.dispatch(event));
        result
    }

    pub(crate) fn with_faults<T>(&self, act: impl FnOnce(&mut Faults) -> T) -> T {
        act(&mut self.lock().faults)
    }

    pub(crate) fn reset(&self) {
        let mut inner = self.lock();
        let clock = inner.world.clock;
        inner.world = World::new(clock, self.config.seed);
        inner.faults.clear();
        inner.answered.clear();
        inner.recent.clear();
        inner.log.clear();
        inner.deliveries.clear();
        inner.epoch += 1;
        drop(inner);
        self.delivered.send_replace(0);
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.lock().deliveries.clone()
    }

    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.lock().log.iter().cloned().collect()
    }

    pub(crate) fn requests_json(&self) -> Value {
        self.lock().log.iter().map(RequestRecord::to_json).collect()
    }

    /// Waits for a delivery that `wanted` accepts. The state is not locked meanwhile: `wanted` may look at it.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Delivery) -> bool) -> Option<Delivery> {
        let mut changes = self.delivered.subscribe();
        let mut seen = 0;
        loop {
            let new: Vec<Delivery> = {
                let deliveries = &self.lock().deliveries;
                // There are fewer than before where the sandbox has been reset.
                let new = deliveries.get(seen..).unwrap_or(deliveries).to_vec();
                seen = deliveries.len();
                new
            };
            if let Some(found) = new.into_iter().find(&wanted) {
                return Some(found);
            }
            changes.changed().await.ok()?;
        }
    }

    /// Answers a request to `/pg`; `path` is what follows.
    pub(crate) fn answer(self: &Arc<Self>, path: &str, incoming: &Incoming) -> Reply {
        let mut inner = self.lock();
        let mut record = RequestRecord {
            operation: String::new(),
            method: incoming.method.to_string(),
            path: path.to_owned(),
            version: incoming.header("x-api-version").unwrap_or("").to_owned(),
            idempotency_key: incoming.header("x-idempotency-key").map(str::to_owned),
            request_id: incoming.header("x-request-id").map(str::to_owned),
            status: None,
        };
        let mut reply = inner
            .answer(&self.config, path, incoming, &mut record.operation)
            .unwrap_or_else(|problem| Reply::problem(&problem));
        let request_id = record.request_id.clone().unwrap_or_else(|| inner.world.token(32).to_lowercase());
        reply.headers.push(("x-request-id", request_id));
        if spec::versions().any(|known| known == record.version) {
            reply.headers.push(("x-api-version", record.version.clone()));
        }
        record.status = (reply.spoilt != Spoilt::Reset).then_some(reply.status);
        if inner.log.len() == LOG {
            inner.log.pop_front();
        }
        inner.log.push_back(record);
        let events = std::mem::take(&mut inner.world.outbox);
        drop(inner);
        events.into_iter().for_each(|event| self.dispatch(event));
        reply
    }

    /// Sends `event` to everyone who is to hear of it.
    pub(crate) fn dispatch(self: &Arc<Self>, event: Event) {
        let own = event.notify_url.clone().filter(|url| Some(url) != self.config.webhook_url.as_ref());
        let targets: Vec<String> = self.config.webhook_url.iter().cloned().chain(own).collect();
        let version = match (&self.config.webhook_version, &event.content) {
            (Some(version), Content::Data(_) | Content::Verbatim(_)) => version.clone(),
            _ => event.version.clone(),
        };
        let body = webhook::body(&event, &version);
        let key = STANDARD.encode(Sha256::digest(&body));
        let mut delivery = Delivery {
            event_type: event.kind,
            idempotency_key: (version.as_str() >= "2025-01-01").then_some(key),
            version,
            url: None,
            attempt: 1,
            timestamp: String::new(),
            signature: String::new(),
            body: String::from_utf8_lossy(&body).into_owned(),
            status: None,
            error: None,
        };
        if targets.is_empty() {
            self.sign(&mut delivery);
            delivery.error = Some("no webhook url is configured, and the order has no notify_url".to_owned());
            self.log_delivery(delivery, None);
            return;
        }
        for url in targets {
            let delivery = Delivery { url: Some(url), ..delivery.clone() };
            for _ in 0..self.config.webhook_copies {
                tokio::spawn(Arc::clone(self).deliver(delivery.clone()));
            }
        }
    }

    /// Every attempt is signed anew, as the real ones are.
    fn sign(&self, delivery: &mut Delivery) {
        delivery.timestamp = self.lock().world.clock.millis().to_string();
        let secret = &self.config.credentials.client_secret;
        delivery.signature = webhook::sign(secret, &delivery.timestamp, delivery.body.as_bytes());
    }

    async fn deliver(self: Arc<Self>, mut delivery: Delivery) {
        let epoch = self.lock().epoch;
        let url = delivery.url.clone().unwrap_or_default();
        let allowed = webhook::is_local(&url) || self.config.webhook_url.as_deref() == Some(&url);
        let mut waits = self.config.webhook_retries.iter();
        loop {
            self.sign(&mut delivery);
            let mut headers = vec![
                ("x-webhook-signature", delivery.signature.clone()),
                ("x-webhook-timestamp", delivery.timestamp.clone()),
                ("x-webhook-version", delivery.version.clone()),
                ("x-webhook-attempt", delivery.attempt.to_string()),
            ];
            headers.extend(delivery.idempotency_key.clone().map(|key| ("x-idempotency-key", key)));
            let result = if allowed {
                webhook::post(&url, &headers, delivery.body.clone().into_bytes()).await
            } else {
                Err("only http:// on this machine is delivered to, or the sandbox's own webhook url"
                    .to_owned())
            };
            (delivery.status, delivery.error) = match result {
                Ok(status) => (Some(status), None),
                Err(error) => (None, Some(error)),
            };
            if !self.log_delivery(delivery.clone(), Some(epoch)) || delivery.is_delivered() || !allowed {
                return;
            }
            let Some(wait) = waits.next() else { return };
            tokio::time::sleep(*wait).await;
            if self.lock().epoch != epoch {
                return;
            }
            delivery.attempt += 1;
        }
    }

    /// False where the sandbox has been reset since.
    fn log_delivery(&self, delivery: Delivery, epoch: Option<u64>) -> bool {
        let mut inner = self.lock();
        if epoch.is_some_and(|epoch| epoch != inner.epoch) {
            return false;
        }
        inner.deliveries.push(delivery);
        let count = inner.deliveries.len();
        drop(inner);
        self.delivered.send_replace(count);
        true
    }
}

impl Inner {
    fn answer(
        &mut self,
        config: &Config,
        path: &str,
        incoming: &Incoming,
        operation_id: &mut String,
    ) -> Result<Reply, Problem> {
        let version = incoming.header("x-api-version");
        let version = version.ok_or_else(|| {
            Problem::invalid("version_missing", "x-api-version : is missing in the headers")
        })?;
        let spec = spec::find(version).ok_or_else(|| {
            let known: Vec<&str> = spec::versions().collect();
            let message =
                format!("x-api-version : is none of {}. Value received: {version}", known.join(", "));
            Problem::invalid("version_invalid", message)
        })?;
        let Some((operation, values)) = spec.route(incoming.method.as_str(), path) else {
            return Err(Problem::invalid("request_failed", "bad URL, please check API documentation"));
        };
        operation_id.clone_from(&operation.id);
        let account = if operation.public {
            "public".to_owned()
        } else {
            config.credentials.account(incoming).ok_or_else(Problem::unauthenticated)?
        };

        let limit = self.take_turn(&account, config.rate_limit);
        let mut reply = match limit {
            Err(retry) => rate_limited(config.rate_limit, retry),
            Ok(remaining) => {
                let call = Call {
                    spec,
                    operation,
                    path: values,
                    query: spec::parse_query(&incoming.query),
                    body: Value::Null,
                    origin: &config.origin,
                };
                let mut reply = self.struck(config, call, incoming, &account);
                if !reply.headers.iter().any(|(name, _)| *name == "x-ratelimit-limit") {
                    reply.headers.extend(limits(config.rate_limit, remaining, 0));
                }
                reply
            }
        };
        if let Some(key) = incoming.header("x-idempotency-key") {
            reply.headers.push(("x-idempotency-key", key.to_owned()));
        }
        Ok(reply)
    }

    /// Counts a request; answers how many are left, or the seconds to wait.
    fn take_turn(&mut self, account: &str, limit: u32) -> Result<u32, u32> {
        let now = self.world.clock.millis();
        let recent = self.recent.entry(account.to_owned()).or_default();
        while recent.front().is_some_and(|then| now - then >= MINUTE_MILLIS) {
            recent.pop_front();
        }
        if recent.len() >= limit as usize {
            let oldest = recent.front().copied().unwrap_or(now);
            let seconds = (MINUTE_MILLIS - (now - oldest)).div_euclid(1000).clamp(1, 59);
            return Err(u32::try_from(seconds).unwrap_or(59));
        }
        recent.push_back(now);
        Ok(limit - u32::try_from(recent.len()).unwrap_or(limit))
    }

    /// Answers, with the faults that were asked for.
    fn struck(&mut self, config: &Config, call: Call<'_>, incoming: &Incoming, account: &str) -> Reply {
        let world = &mut self.world;
        let strikes = self.faults.strike(&call.operation.id, || world.percentile());
        let effect = strikes.iter().all(|strike| strike.effect);
        let mut reply = if effect {
            self.once(call, incoming, account).unwrap_or_else(|problem| Reply::problem(&problem))
        } else {
            Reply::new(200, "application/json", Vec::new())
        };
        for Strike { kind, .. } in strikes {
            match kind {
                FaultKind::Delay(time) => reply.delay += time,
                FaultKind::ResetBefore | FaultKind::ResetAfter => reply.spoilt = Spoilt::Reset,
                FaultKind::Truncated => reply.spoilt = Spoilt::Truncated,
                FaultKind::Html502 => {
                    let page = "<html><head><title>502 Bad Gateway</title></head>\
                                <body><center><h1>502 Bad Gateway</h1></center></body></html>";
                    reply = Reply { delay: reply.delay, ..Reply::new(502, "text/html", page.into()) };
                }
                FaultKind::Empty500 => {
                    reply =
                        Reply { delay: reply.delay, headers: Vec::new(), ..Reply::new(500, "", Vec::new()) };
                }
                FaultKind::RateLimited(retry) => {
                    reply = Reply { delay: reply.delay, ..rate_limited(config.rate_limit, retry) };
                }
            }
        }
        reply
    }

    /// Answers a request once: the same again under its idempotency key is answered from memory.
    fn once(&mut self, mut call: Call<'_>, incoming: &Incoming, account: &str) -> Result<Reply, Problem> {
        let (body, digest) = read_body(&call, incoming)?;
        let key = incoming.header("x-idempotency-key").filter(|_| incoming.method != Method::GET);
        let key = key.map(|key| (account.to_owned(), key.to_owned()));
        let fingerprint = fingerprint(&incoming.method, &incoming.path, &digest);
        if let Some(answered) = key.as_ref().and_then(|key| self.answered.get(key)) {
            if answered.fingerprint != fingerprint {
                return Err(Problem::idempotency());
            }
            let mut reply = Reply::new(answered.status, "application/json", answered.body.clone());
            reply.headers.push(("x-idempotency-replayed", "true".to_owned()));
            return Ok(reply);
        }
        call.body = body;
        let reply = match self.serve(&call) {
            Ok(answer) => Reply::json(call.operation.status, &answer),
            Err(problem) => Reply::problem(&problem),
        };
        if let Some(key) = key {
            let body = reply.body.clone();
            self.answered.insert(key, Answered { fingerprint, status: reply.status, body });
        }
        Ok(reply)
    }

    fn serve(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        validate::parameters(call.spec, call.operation, &call.path, &call.query)?;
        if let Some(request) = &call.operation.request {
            validate::body(call.spec, &request.schema, &call.body)?;
        }
        let answer = self.world.serve(call)?;
        let Some(schema) = &call.operation.answer else { return Ok(json!({})) };
        Ok(match answer {
            Some(answer) => shape::project(call.spec, schema, answer),
            None => shape::example(call.spec, schema, &call.known(), &self.world.stamp()),
        })
    }
}

impl Call<'_> {
    /// Everything the caller has told us: body, path and query, as one object.
    pub(crate) fn known(&self) -> Value {
        let mut known = match &self.body {
            Value::Object(body) => body.clone(),
            _ => serde_json::Map::new(),
        };
        for (name, value) in self.query.iter().chain(&self.path) {
            known.insert(name.clone(), Value::String(value.clone()));
        }
        Value::Object(known)
    }
}

/// The body as JSON, and a digest that is the same for the same content.
fn read_body(call: &Call<'_>, incoming: &Incoming) -> Result<(Value, Vec<u8>), Problem> {
    let Some(request) = &call.operation.request else { return Ok((Value::Null, Vec::new())) };
    let malformed = |what: &str| Problem::invalid("request_invalid", format!("body : {what}"));
    let body = if request.multipart {
        let media = incoming.header("content-type").unwrap_or("");
        multipart::read(media, &incoming.body).map_err(malformed)?
    } else {
        serde_json::from_slice(&incoming.body).map_err(|_| malformed("is not valid JSON"))?
    };
    if !body.is_object() && !body.is_array() {
        return Err(malformed("should be a JSON object"));
    }
    let digest = Sha256::digest(body.to_string()).to_vec();
    Ok((body, digest))
}

fn fingerprint(method: &Method, path: &str, body: &[u8]) -> [u8; 32] {
    let digest = Sha256::new().chain_update(method.as_str()).chain_update([0]);
    digest.chain_update(path).chain_update([0]).chain_update(body).finalize().into()
}

fn limits(limit: u32, remaining: u32, retry: u32) -> [(&'static str, String); 4] {
    [
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", remaining.to_string()),
        ("x-ratelimit-retry", retry.to_string()),
        ("x-ratelimit-type", "app_id".to_owned()),
    ]
}

fn rate_limited(limit: u32, retry: u32) -> Reply {
    let mut reply = Reply::problem(&Problem::rate_limited());
    reply.headers.extend(limits(limit, 0, retry));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    fn engine() -> Arc<Engine> {
        let config = Config {
            credentials: Credentials::default(),
            webhook_url: None,
            webhook_version: None,
            webhook_retries: Vec::new(),
            webhook_copies: 1,
            rate_limit: 10_000,
            clock: Clock::system(),
            seed: 1,
            origin: "http://127.0.0.1:1".to_owned(),
        };
        Arc::new(Engine::new(config, Faults::default()))
    }

    /// Calls an operation with a body made from its schema, in which `known` decides what it names.
    fn call(engine: &Arc<Engine>, spec: &Spec, id: &str, known: &Value) -> Reply {
        let operation = spec.operations.iter().find(|one| one.id == id).unwrap_or_else(|| panic!("no {id}"));
        let mut path = operation.path.clone();
        let mut query = String::new();
        for parameter in &operation.parameters {
            let value = shape::example(spec, &parameter.schema, &known[&parameter.name], "2025-01-01");
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if parameter.in_query {
                query.push_str(&format!("{}={value}&", parameter.name));
            } else {
                path = path.replace(&format!("{{{}}}", parameter.name), &value);
            }
        }
        let credentials = Credentials::default();
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            headers.insert(name, value.parse().expect("a header"));
        };
        set("x-api-version", spec.version);
        set("x-client-id", &credentials.client_id);
        set("x-client-secret", &credentials.client_secret);
        let body = operation.request.as_ref().map_or(Value::Null, |request| {
            shape::example(spec, &request.schema, known, "2030-01-01T00:00:00+05:30")
        });
        let body = if operation.request.as_ref().is_some_and(|request| request.multipart) {
            set("content-type", "multipart/form-data; boundary=x");
            let parts = spec::members(&body).map(|(name, value)| {
                let value = value.as_str().unwrap_or_default();
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            });
            format!("{}--x--\r\n", parts.collect::<String>())
        } else {
            body.to_string()
        };
        let method = operation.method.parse().expect("a method");
        let incoming = Incoming { method, path: path.clone(), query, headers, body: body.into() };
        engine.answer(&path, &incoming)
    }

    fn json_of(reply: &Reply) -> Value {
        serde_json::from_slice(&reply.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&reply.body)))
    }

    /// Everything that can be named, so that every operation finds what it asks for.
    fn populate(engine: &Arc<Engine>, spec: &Spec) -> Value {
        let mut known = json!({
            "order_id": "order_1", "refund_id": "refund_1", "link_id": "link_1", "plan_id": "plan_1",
            "subscription_id": "subscription_1", "payment_id": "payment_1", "vendor_id": "vendor_1",
            "customer_id": "customer_1", "device_serial_no": "device_1", "doc_type": "PAN", "file": "a.pdf",
            "customer_phone": "9999999999", "terminal_phone_no": "9999999999", "terminal_type": "SPOS",
            "order_expiry_time": "2090-01-01T00:00:00Z", "link_expiry_time": "2090-01-01T00:00:00Z",
            "order_amount": 100, "link_amount": 100, "link_minimum_partial_amount": 1,
            "payment_type": "AUTH", "action": "CANCEL", "product_type": "PG", "amount": 5, "limit": 10,
            "type": "CREDIT", "refund_amount": 1, "payment_amount": 10, "payment_surcharge": {}, "order_meta": {}, "filters": {},
            "pagination": {"limit": 10, "cursor": ""}, "status": "ACTIVE", "order_splits": [], "transfer_from": "MERCHANT",
            "netbanking_bank_code": 3021, "netbanking_bank_name": "TESTR", "order_currency": "INR",
        });
        let order = json_of(&call(engine, spec, "PGCreateOrder", &known));
        known["payment_session_id"] = order["payment_session_id"].clone();
        known["cf_order_id"] = order["cf_order_id"].clone();
        known["payment_method"] = json!({"card": {"channel": "link", "card_number": "4111111111111111"}});
        known["save_instrument"] = json!(true);
        let pay = json_of(&call(engine, spec, "PGPayOrder", &known));
        known["cf_payment_id"] = pay["cf_payment_id"].clone();
        known["otp"] = json!("111000");
        known["action"] = json!("SUBMIT_OTP");
        call(engine, spec, "PGOrderAuthenticatePayment", &known);
        known["action"] = json!("CANCEL");
        let instruments = json_of(&call(engine, spec, "PGCustomerFetchInstruments", &known));
        known["instrument_id"] = instruments[0]["instrument_id"].clone();
        call(engine, spec, "PGOrderCreateRefund", &known);
        known["link_partial_payments"] = json!(true);
        call(engine, spec, "PGCreateLink", &known);
        engine.with_world(|world| {
            let part = Some(rust_decimal::Decimal::TEN);
            let (_, payment) = world.open_link("link_1", part).expect("an open link");
            world.settle(payment, crate::world::Outcome::Success);
        });
        known["payment_method"] = json!({"all": {}});
        let offer = json_of(&call(engine, spec, "PGCreateOffer", &known));
        known["offer_id"] = offer["offer_id"].clone();
        let payment = known["cf_payment_id"].to_string().trim_matches('"').parse().expect("a number");
        known["dispute_id"] =
            json!(engine.with_world(|world| world.open_dispute(payment)).expect("a payment to dispute"));
        let terminal = json_of(&call(engine, spec, "SposCreateTerminal", &known));
        known["cf_terminal_id"] = terminal["cf_terminal_id"].clone();
        known["utr"] = json!(engine.with_world(|world| world.payments[&payment].bank_reference.clone()));
        if spec.version >= "2023-08-01" {
            // 2023-08-01 declares the method under its key, 2025-01-01 without.
            let upi = json!({"channel": "collect", "upi_id": "testsuccess@gocash"});
            known["payment_method"] = upi.clone();
            known["payment_method"]["upi"] = upi;
            for id in ["SubsCreatePlan", "SubsCreateSubscription", "SubsCreatePayment", "SubsCreateRefund"] {
                assert_eq!(call(engine, spec, id, &known).status, 200, "{} {id}", spec.version);
            }
            for id in ["PGESCreateVendors", "PGESUploadVendorsDocs", "SposOnboardSoundboxVpa"] {
                assert_eq!(call(engine, spec, id, &known).status, 200, "{} {id}", spec.version);
            }
            known["entity"] = json!("PAYMENTS");
            known["payment_status"] = json!("SUCCESS");
            for order_id in ["order_3", "order_4"] {
                let mut other = known.clone();
                other["order_id"] = json!(order_id);
                let order = json_of(&call(engine, spec, "PGCreateOrder", &other));
                other["payment_session_id"] = order["payment_session_id"].clone();
                other["payment_method"] = json!({"upi": {"channel": "link"}});
                known["entity_id"] =
                    json_of(&call(engine, spec, "PGPayOrder", &other))["cf_payment_id"].clone();
                if order_id == "order_3" {
                    let simulation = json_of(&call(engine, spec, "PGSimulatePayment", &known));
                    known["simulation_id"] = simulation["simulation_id"].clone();
                }
            }
        }
        known
    }

    /// What single operations need besides: a new id, or an action of their own.
    const SPECIAL: &[(&str, &str, &str)] = &[
        ("PGCreateOrder", "order_id", "order_2"),
        ("PGCreateLink", "link_id", "link_2"),
        ("PGOrderCreateRefund", "refund_id", "refund_2"),
        ("SposCreateTerminal", "terminal_id", "terminal_2"),
        ("SubsCreatePlan", "plan_id", "plan_2"),
        ("SubsCreateSubscription", "subscription_id", "subscription_2"),
        ("SubsCreatePayment", "payment_id", "payment_2"),
        ("SubsCreateRefund", "refund_id", "refund_2"),
        ("PGESCreateVendors", "vendor_id", "vendor_2"),
        ("PGAuthorizeOrder", "action", "CAPTURE"),
        ("PGOrderAuthenticatePayment", "action", "SUBMIT_OTP"),
        ("PGTerminateOrder", "order_status", "TERMINATED"),
        ("PGUpdateOrderExtendedData", "status", "DELIVERED"),
    ];

    /// What a paid order and a decided payment refuse.
    const REFUSED: &[(&str, &str)] = &[
        ("PGPayOrder", "order_already_paid"),
        ("SposCreateTerminalTransaction", "order_already_paid"),
        ("PGOrderAuthenticatePayment", "orderpay_already_exists"),
        ("PGAuthorizeOrder", "authorize_only_invalid"),
        ("PGTerminateOrder", "order_already_paid"),
        ("SubsManageSubscriptionPayment", "payment_status_invalid"),
    ];

    #[tokio::test]
    async fn every_operation_of_every_version_answers_what_its_spec_declares() {
        for spec in spec::versions().filter_map(spec::find) {
            let mut refused = Vec::new();
            for operation in &spec.operations {
                // A world of its own for each, so that no order of operations matters.
                let engine = engine();
                let mut known = populate(&engine, spec);
                for (only, member, value) in SPECIAL {
                    if *only == operation.id {
                        known[*member] = json!(value);
                    }
                }
                let reply = call(&engine, spec, &operation.id, &known);
                let answer = json_of(&reply);
                let what = format!("{} {}: {} {answer}", spec.version, operation.id, reply.status);
                if reply.status == operation.status {
                    let schema = operation.answer.as_ref().expect("declared");
                    let slip = operation.id == "SubscriptionEligibility";
                    let fit = validate::body(spec, schema, &answer);
                    assert!(slip || fit.is_ok(), "{fit:?} {what}");
                    let items = answer.as_array().map_or(1, Vec::len);
                    assert!(items > 0, "{what}");
                } else {
                    refused
                        .push((operation.id.as_str(), answer["code"].as_str().expect("a code").to_owned()));
                }
            }
            refused.retain(|(id, code)| !REFUSED.contains(&(id, code)));
            assert!(refused.is_empty(), "{} {refused:#?}", spec.version);
        }
    }
}
