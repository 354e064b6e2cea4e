//! The post office: what is to be delivered, every attempt at it, and when the next is due.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Delivery;
use super::endpoint::{Endpoint, STRANGER, is_near};
use super::event::{self, Content, Event};

/// How many attempts, and how many parcels that are done with, are remembered.
const REMEMBERED: usize = 10_000;

/// How deliveries are made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rules {
    /// In no journal: it is what a receiver checks by today.
    #[serde(skip)]
    pub(crate) secret: String,
    /// The version of all bodies, where an endpoint has none of its own.
    pub(crate) version: Option<String>,
    /// How often each is sent, whatever the receiver answers.
    pub(crate) copies: u32,
    /// To any host that an order or a control names.
    pub(crate) anywhere: bool,
    /// Bodies break their version the way the live API does.
    pub(crate) quirks: bool,
    /// The waits between attempts.
    pub(crate) retries: Vec<Duration>,
}

impl Rules {
    /// What is wrong with a receiver that the sandbox was not started with.
    pub(crate) fn check(&self, url: &str) -> Result<(), &'static str> {
        if self.anywhere || is_near(url) { Ok(()) } else { Err(STRANGER) }
    }
}

/// One event on its way to one receiver.
#[derive(Debug)]
struct Parcel {
    kind: String,
    version: String,
    url: String,
    /// To whatever address its URL stands for.
    anywhere: bool,
    key: Option<String>,
    body: Vec<u8>,
    attempt: u32,
    delivered: bool,
    stage: Stage,
}

impl Parcel {
    fn is_allowed(&self) -> bool {
        self.anywhere || is_near(&self.url)
    }
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    OnItsWay,
    /// Its next attempt is due then, in milliseconds since 1970.
    Waits(i64),
    /// It arrived, or nobody will try it again.
    Done,
}

/// What is needed to make an attempt.
#[derive(Debug)]
pub(crate) struct Shipment {
    pub(crate) url: String,
    pub(crate) anywhere: bool,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) timestamp: String,
}

/// All deliveries.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) rules: Rules,
    /// The endpoints that the sandbox was started with.
    own: Vec<Endpoint>,
    pub(crate) endpoints: Vec<Endpoint>,
    parcels: BTreeMap<u64, Parcel>,
    serial: u64,
    log: VecDeque<Delivery>,
    /// How many attempts there have been.
    logged: u64,
}

impl Post {
    pub(crate) fn new(rules: Rules, own: Vec<Endpoint>) -> Self {
        let (endpoints, parcels, log) = (own.clone(), BTreeMap::new(), VecDeque::new());
        Self { rules, own, endpoints, parcels, serial: 0, log, logged: 0 }
    }

    /// The endpoints after a start with `own`: what was added or taken away since the last one stays so, unless
    /// this one names it anew, or does no more.
    pub(crate) fn endpoints_with(&self, own: &[Endpoint]) -> Vec<Endpoint> {
        let gone = |one: &&Endpoint| self.own.contains(one) && !own.contains(one);
        let news = own.iter().filter(|one| !self.own.contains(one) && !self.endpoints.contains(one));
        self.endpoints.iter().filter(|one| !gone(one)).chain(news).cloned().collect()
    }

    /// Goes on by these settings.
    pub(crate) fn start(&mut self, rules: Rules, own: Vec<Endpoint>, endpoints: Vec<Endpoint>) {
        let secret = std::mem::take(&mut self.rules.secret);
        (self.rules, self.own, self.endpoints) = (Rules { secret, ..rules }, own, endpoints);
    }

    /// Takes an event: a parcel for everyone who is to hear of it. Answers those that are to be sent.
    pub(crate) fn accept(&mut self, event: &Event, now: &str) -> Vec<u64> {
        let anywhere = self.rules.anywhere;
        let wanting = self.endpoints.iter().filter(|endpoint| endpoint.wants(&event.kind));
        let mut targets: Vec<(String, Option<String>, bool)> = wanting
            .map(|one| (one.url.clone(), one.version.clone(), anywhere || self.own.contains(one)))
            .collect();
        let named = event.notify_url.clone().filter(|url| targets.iter().all(|(known, ..)| known != url));
        targets.extend(named.map(|url| (url, None, anywhere)));
        if targets.is_empty() {
            self.nowhere(event, now);
            return Vec::new();
        }
        let mut sent = Vec::new();
        for (url, version, anywhere) in targets {
            for _ in 0..self.rules.copies {
                sent.push(self.add(event, (url.clone(), version.clone(), anywhere)));
            }
        }
        sent
    }

    fn add(&mut self, event: &Event, (url, version, anywhere): (String, Option<String>, bool)) -> u64 {
        let rules = &self.rules;
        let version = version_of(event, version.or_else(|| rules.version.clone()));
        let parcel = Parcel {
            kind: event.kind.clone(),
            body: event.body(&version, &rules.secret, rules.quirks),
            key: (version.as_str() >= "2025-01-01").then(|| event.key()),
            version,
            url,
            anywhere,
            attempt: 1,
            delivered: false,
            stage: Stage::OnItsWay,
        };
        self.serial += 1;
        self.parcels.insert(self.serial, parcel);
        if self.parcels.len() > REMEMBERED {
            let done = self.parcels.iter().find(|(_, parcel)| parcel.stage == Stage::Done).map(|(id, _)| *id);
            done.and_then(|id| self.parcels.remove(&id));
        }
        self.serial
    }

    /// Nobody listens: the log shows all the same what would have been sent.
    fn nowhere(&mut self, event: &Event, now: &str) {
        let rules = &self.rules;
        let version = version_of(event, rules.version.clone());
        let body = event.body(&version, &rules.secret, rules.quirks);
        self.note(Delivery {
            id: 0,
            event_type: event.kind.clone(),
            idempotency_key: (version.as_str() >= "2025-01-01").then(|| event.key()),
            version,
            url: None,
            attempt: 1,
            timestamp: now.to_owned(),
            signature: super::sign::sign(&rules.secret, now, &body),
            body: String::from_utf8_lossy(&body).into_owned(),
            status: None,
            error: Some("no webhook url is configured, and the order has no notify_url".to_owned()),
        });
    }

    /// What is needed for the next attempt at a parcel, signed anew as the real ones are. Nothing where the
    /// parcel may not be sent: that is an attempt that has failed.
    pub(crate) fn ship(&self, id: u64, now: &str) -> Option<Shipment> {
        let parcel = self.parcels.get(&id).filter(|parcel| parcel.is_allowed())?;
        let (version, key) = (&parcel.version, parcel.key.as_deref());
        let headers = event::headers(&self.rules.secret, now, version, parcel.attempt, key, &parcel.body);
        let (url, body) = (parcel.url.clone(), parcel.body.clone());
        Some(Shipment { url, anywhere: parcel.anywhere, headers, body, timestamp: now.to_owned() })
    }

    /// Books an attempt. Answers when another is to follow.
    pub(crate) fn attempted(
        &mut self,
        id: u64,
        at: i64,
        timestamp: &str,
        result: Result<u16, String>,
    ) -> Option<i64> {
        let parcel = self.parcels.get_mut(&id)?;
        let (status, error) = match result {
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(error)),
        };
        let delivery = Delivery {
            id,
            event_type: parcel.kind.clone(),
            version: parcel.version.clone(),
            url: Some(parcel.url.clone()),
            attempt: parcel.attempt,
            timestamp: timestamp.to_owned(),
            signature: super::sign::sign(&self.rules.secret, timestamp, &parcel.body),
            idempotency_key: parcel.key.clone(),
            body: String::from_utf8_lossy(&parcel.body).into_owned(),
            status,
            error,
        };
        parcel.delivered |= delivery.is_delivered();
        let failed = parcel.is_allowed() && !parcel.delivered;
        let wait = self.rules.retries.get(parcel.attempt as usize - 1).filter(|_| failed);
        let next = wait.map(|wait| at.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)));
        parcel.stage = next.map_or(Stage::Done, Stage::Waits);
        parcel.attempt += u32::from(failed);
        self.note(delivery);
        next
    }

    /// Takes a parcel whose next attempt is due; not one that arrived meanwhile, or waits for another.
    pub(crate) fn take_due(&mut self, id: u64, now: i64) -> bool {
        let parcel = self.parcels.get_mut(&id);
        let due = parcel.filter(|parcel| matches!(parcel.stage, Stage::Waits(then) if then <= now));
        due.map(|parcel| parcel.stage = Stage::OnItsWay).is_some()
    }

    /// Sends a parcel again, though it may have arrived. False where there is none.
    pub(crate) fn resend(&mut self, id: u64) -> bool {
        let Some(parcel) = self.parcels.get_mut(&id) else { return false };
        if parcel.stage == Stage::Done && parcel.delivered {
            parcel.attempt += 1;
        }
        (parcel.stage, parcel.delivered) = (Stage::OnItsWay, false);
        true
    }

    /// The parcels that are on their way, and wait for no attempt that is still to come.
    pub(crate) fn on_their_way(&self) -> impl Iterator<Item = u64> {
        self.parcels.iter().filter(|(_, parcel)| parcel.stage == Stage::OnItsWay).map(|(id, _)| *id)
    }

    fn note(&mut self, delivery: Delivery) {
        if self.log.len() == REMEMBERED {
            self.log.pop_front();
        }
        self.log.push_back(delivery);
        self.logged += 1;
    }

    pub(crate) fn log(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.log.iter()
    }

    /// How many attempts there have been.
    pub(crate) fn count(&self) -> u64 {
        self.logged
    }

    /// The attempts after the first `count` of all that there have been.
    pub(crate) fn since(&self, count: u64) -> impl Iterator<Item = &Delivery> {
        let new = usize::try_from(self.logged.saturating_sub(count)).unwrap_or(usize::MAX);
        self.log.iter().skip(self.log.len().saturating_sub(new))
    }
}

/// Bodies that were given as they are keep the version they were given with.
fn version_of(event: &Event, wanted: Option<String>) -> String {
    match (&event.content, wanted) {
        (Content::Body(_), _) | (_, None) => event.version.clone(),
        (_, Some(version)) => version,
    }
}
