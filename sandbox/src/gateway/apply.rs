//! The state, and what each input does to it. Nothing here depends on anything but the state, the input and
//! its time.

use std::time::Duration;

use serde_json::{Value, json};

use super::config::Config;
use super::faults::Faults;
use super::idempotency::{Memory, Outcome};
use super::input::{Asked, Input};
use super::journal::{Entry, Journal};
use super::limits::Limits;
use super::log::Log;
use super::problem::Problem;
use crate::spec;
use crate::webhook::event::Content;
use crate::webhook::post::Post;
use crate::webhook::sample;
use crate::world::call::Call;
use crate::world::clock::{Clock, at_millis};
use crate::world::due::Task;
use crate::world::payments::Outcome as Decision;
use crate::world::{World, money};

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) post: Post,
    pub(crate) clock: Clock,
    pub(super) faults: Faults,
    pub(super) memory: Memory,
    pub(super) limits: Limits,
    pub(super) log: Log,
    pub(super) journal: Option<Journal>,
    /// For what does not belong to the world: faults by chance, request ids.
    pub(super) random: fastrand::Rng,
    /// How often everything has been forgotten.
    pub(super) epoch: u64,
    /// Parcels that are to be sent.
    sent: Vec<u64>,
}

impl State {
    pub(super) fn new(config: &Config, faults: Faults) -> Self {
        let clock = config.clock;
        Self {
            world: World::new(config.seed, config.origin.clone()),
            post: Post::new(config.rules.clone(), config.endpoints.clone()),
            clock,
            faults,
            memory: Memory::default(),
            limits: Limits::default(),
            log: Log::default(),
            journal: None,
            random: fastrand::Rng::with_seed(config.seed),
            epoch: 0,
            sent: Vec::new(),
        }
    }

    /// Does what has fallen due; answers the time.
    pub(super) fn catch_up(&mut self) -> i64 {
        let now = self.clock.millis().max(self.world.now().timestamp_millis());
        self.pass(now);
        now
    }

    /// What falls due is told before whatever comes next, which may change who is told.
    fn pass(&mut self, to: i64) {
        self.world.catch_up(at_millis(to));
        self.dispatch();
    }

    /// Plays an entry of the journal again.
    pub(super) fn again(&mut self, entry: Entry<Input>) {
        self.pass(entry.at);
        let _ = self.apply(entry.at, &entry.input);
        self.dispatch();
        self.sent.clear();
    }

    /// Goes on by the settings of this start. What has happened since the last input is told by them.
    pub(super) fn start(&mut self, config: &Config) -> Result<(), Problem> {
        let (rules, own) = (config.rules.clone(), config.endpoints.clone());
        let endpoints = self.post.endpoints_with(&own);
        let at = self.world.now().timestamp_millis();
        self.act(at, &Input::Start { rules, own, endpoints }).map(drop)
    }

    /// Does what an input says, and keeps it.
    pub(super) fn act(&mut self, at: i64, input: &Input) -> Result<Value, Problem> {
        let done = self.apply(at, input);
        self.keep(at, input)?;
        done
    }

    /// Keeps an input. What cannot be kept must not be acknowledged.
    pub(super) fn keep(&mut self, at: i64, input: &Input) -> Result<(), Problem> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.write(at, input).map_err(|error| {
            let message = format!("{}: {error}", journal.path().display());
            Problem::new(500, "api_error", "internal_error", message)
        })
    }

    /// Forgets everything but the settings, the time and the endpoints; `system` is what the system's clock shows.
    pub(super) fn reset(&mut self, config: &Config, system: i64) -> Result<(), Problem> {
        let (clock, endpoints) = (self.clock, std::mem::take(&mut self.post.endpoints));
        let (journal, epoch) = (self.journal.take(), self.epoch + 1);
        *self = Self::new(config, Faults::default());
        (self.clock, self.epoch, self.journal) = (clock, epoch, journal);
        self.post.endpoints = endpoints;
        if let Some(journal) = &mut self.journal {
            // What cannot be written now is written with what follows.
            let _ = journal.reset(config.seed);
        }
        let (now, is_still) = (clock.millis(), clock.is_still());
        let mut kept = self.start(config);
        // The clock of the start that plays this again may stand still or not.
        for still in [!is_still, is_still] {
            kept = kept.and(self.act(now, &Input::Freeze { still, system }).map(drop));
        }
        kept
    }

    /// Makes parcels of what has happened.
    fn dispatch(&mut self) {
        let now = self.clock.millis().to_string();
        for event in std::mem::take(&mut self.world.outbox) {
            let parcels = self.post.accept(&event, &now);
            // Nobody listens, but the log has grown.
            self.sent.extend(if parcels.is_empty() { vec![0] } else { parcels });
        }
        let now = self.world.now().timestamp_millis();
        for id in std::mem::take(&mut self.world.retries) {
            if self.post.take_due(id, now) {
                self.sent.push(id);
            }
        }
    }

    /// The parcels that are to be sent now; 0 where there is only something new in the log.
    pub(super) fn take_sent(&mut self) -> Vec<u64> {
        self.dispatch();
        std::mem::take(&mut self.sent)
    }

    /// Does what an input says, at its time.
    fn apply(&mut self, at: i64, input: &Input) -> Result<Value, Problem> {
        match input {
            Input::Call(asked) => self.call(at, asked).and_then(|done| Ok(done.0?.unwrap_or_default())),
            Input::Visit { payment } => {
                let payment = self.world.payment(payment)?;
                self.world.attempt(payment);
                Ok(self.world.payment_summary(payment))
            }
            Input::Decide { payment, status, error } => {
                let payment = self.world.payment(payment)?;
                let outcome = decision(status, error.as_deref())?;
                self.world.decide(payment, outcome);
                Ok(self.world.payment_summary(payment))
            }
            Input::Charge { payment, status, error } => {
                let payment = self.world.charge(payment)?;
                let outcome = decision(status, error.as_deref().or(Some("DEBIT_FAILED")))?;
                self.world.decide_charge(payment, &outcome);
                Ok(self.world.charge_summary(payment))
            }
            Input::OpenLink { link, amount, pay } => {
                let amount = amount.as_ref().and_then(|sum| money::decimal(&json!(sum)));
                self.open_link(link, amount, *pay)
            }
            Input::Dispute { asked } => Ok(json!({ "dispute_id": self.world.open_dispute(asked)? })),
            Input::MoveDispute { dispute, status } => self.world.move_dispute(dispute, status),
            Input::Incident { asked } => self.world.open_incident(asked),
            Input::MoveIncident { incident, status } => self.world.move_incident(incident, status),
            Input::Refund { refund, status } => match self.world.decide_charge_refund(refund, status) {
                Some(decided) => decided,
                None => self.world.decide_refund(refund, status),
            },
            Input::Settlement { settlement, status } => self.world.decide_settlement(settlement, status),
            Input::Customer { subscription, action } => self.world.customer_manages(subscription, action),
            other => self.post_or_clock(at, other),
        }
    }

    fn open_link(
        &mut self,
        link: &str,
        amount: Option<rust_decimal::Decimal>,
        pay: bool,
    ) -> Result<Value, Problem> {
        if pay {
            let payment = self.world.open_link_to_pay(link, amount)?;
            return Ok(self.world.payment_summary(payment));
        }
        let order = self.world.open_link(link, amount)?;
        Ok(self.world.order_summary(order))
    }

    /// Inputs that are about webhooks and the clock.
    fn post_or_clock(&mut self, at: i64, input: &Input) -> Result<Value, Problem> {
        match input {
            Input::Start { rules, own, endpoints } => {
                self.post.start(rules.clone(), own.clone(), endpoints.clone());
            }
            Input::Trigger { kind, version, set } => {
                let usual = self.post.rules.version.as_deref().unwrap_or(spec::newest());
                let version = version.as_deref().unwrap_or(usual);
                let spec = spec::find(version)
                    .ok_or_else(|| Problem::invalid("version_invalid", format!("no version {version}")))?;
                let content = sample::content(spec, kind, set, &self.world.stamp())
                    .map_err(|message| Problem::invalid("type_invalid", message))?;
                self.world.send(kind, version, None, content);
            }
            Input::Deliver { kind, data } => {
                self.world.send(kind, spec::newest(), None, Content::Verbatim(data.clone()));
            }
            Input::DeliverBody { kind, version, body } => {
                self.world.send(kind, version, None, Content::Body(body.clone()));
            }
            Input::Resend { webhook } => {
                if !self.post.resend(*webhook) {
                    return Err(Problem::not_found("webhook_not_found", "no such webhook is remembered"));
                }
                self.sent.push(*webhook);
            }
            Input::Attempted { webhook, timestamp, status, error } => {
                let result = status.ok_or_else(|| error.clone().unwrap_or_default());
                self.attempted(at, *webhook, timestamp, result);
            }
            Input::Endpoint { endpoint } => {
                self.post
                    .endpoints
                    .retain(|known| known.url != endpoint.url || known.version != endpoint.version);
                self.post.endpoints.push(endpoint.clone());
            }
            Input::NoEndpoints => self.post.endpoints.clear(),
            Input::Advance { millis } => {
                self.clock.advance(Duration::from_millis(*millis));
                let to = at.saturating_add(i64::try_from(*millis).unwrap_or(i64::MAX));
                self.world.catch_up(at_millis(to.min(self.clock.millis())));
            }
            Input::Freeze { still, system } => self.clock.freeze(*still, at, *system),
            _ => {}
        }
        Ok(json!({}))
    }

    /// Books an attempt at a webhook, and puts the next into the queue.
    fn attempted(&mut self, at: i64, id: u64, timestamp: &str, result: Result<u16, String>) {
        if let Some(next) = self.post.attempted(id, at, timestamp, result) {
            self.world.due.at(at_millis(next), Task::Webhook(id));
        }
    }

    /// Makes a call once: the same again under its idempotency key is answered from memory. Answers what came of
    /// it, and whether it was remembered.
    pub(super) fn call(&mut self, at: i64, asked: &Asked) -> Result<(Outcome, bool), Problem> {
        if let Some(once) = &asked.once {
            let known = self.memory.recall(&once.account, &once.key, &once.fingerprint, at)?;
            if let Some(outcome) = known {
                return Ok((outcome, true));
            }
        }
        let outcome = self.serve(asked);
        if let Some(once) = &asked.once {
            self.memory.keep(&once.account, &once.key, &once.fingerprint, outcome.clone(), at);
        }
        Ok((outcome, false))
    }

    fn serve(&mut self, asked: &Asked) -> Outcome {
        let gone = || Problem::invalid("request_failed", "the operation is not known any more");
        let spec = spec::document(&asked.version).ok_or_else(gone)?;
        let operation = spec.operations.iter().find(|one| one.id == asked.operation).ok_or_else(gone)?;
        spec::validate::parameters(spec, operation, &asked.path, &asked.query)?;
        if let Some(request) = &operation.request {
            spec::validate::body(spec, &request.schema, &asked.body)?;
        }
        let call = Call {
            spec,
            operation,
            path: &asked.path,
            query: &asked.query,
            body: &asked.body,
            origin: &asked.origin,
        };
        self.world.serve(&call)
    }
}

fn decision(status: &str, error: Option<&str>) -> Result<Decision, Problem> {
    Decision::parse(status, error).ok_or_else(|| {
        let rule = "should be SUCCESS, FAILED, USER_DROPPED, CANCELLED, FLAGGED or PENDING";
        Problem::member("status", rule, &json!(status))
    })
}
