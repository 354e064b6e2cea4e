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
use crate::world::{Call, Event, World};
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

    /// Waits until `enough` deliveries say so.
    pub(crate) async fn wait_for(&self, mut enough: impl FnMut(&[Delivery]) -> bool) {
        let mut changes = self.delivered.subscribe();
        loop {
            if enough(&self.lock().deliveries) {
                return;
            }
            if changes.changed().await.is_err() {
                return;
            }
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
        let version = self.config.webhook_version.clone().unwrap_or_else(|| event.version.clone());
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
            tokio::spawn(Arc::clone(self).deliver(delivery));
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
        multipart::read(media, &incoming.body).map_err(|what| malformed(what))?
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
