//! The sandbox without its socket: one lock around the state, and tasks that deliver and keep time.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Notify, watch};

use super::apply::State;
use super::config::{Config, Happening};
use super::faults::Faults;
use super::input::Input;
use super::journal::Journal;
use super::log::RequestRecord;
use super::problem::Problem;
use crate::webhook::Delivery;
use crate::webhook::endpoint::STRANGER;
use crate::webhook::post::Shipment;
use crate::webhook::send::send;
use crate::world::World;
use crate::world::clock::Clock;

/// The longest time between two looks at the clock, which may be moved from outside.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) config: Config,
    state: Mutex<State>,
    /// How many deliveries there are, for those who wait for one.
    delivered: watch::Sender<u64>,
    /// Something new may be due.
    wake: Notify,
}

impl Engine {
    /// An engine in the state that its journal says, if it has one.
    pub(crate) fn new(mut config: Config, faults: Faults) -> io::Result<Self> {
        let journal = config.state.as_deref().map(|path| Journal::open(path, config.seed)).transpose()?;
        let (journal, past) = journal.map_or((None, None), |(journal, past)| (Some(journal), past));
        if let Some(past) = &past {
            config.seed = past.seed;
        }
        let mut state = State::new(&config, faults);
        for entry in past.into_iter().flat_map(|past| past.entries) {
            state.again(entry);
        }
        state.journal = journal;
        state.start(&config).map_err(|problem| io::Error::other(problem.message))?;
        let (delivered, wake) = (watch::Sender::new(state.post.count()), Notify::new());
        Ok(Self { config, state: Mutex::new(state), delivered, wake })
    }

    /// A panic in one request does not take the others down with it.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, keeps what changed it, and sends what comes of it.
    pub(crate) fn act(self: &Arc<Self>, input: Input) -> Result<Value, Problem> {
        let mut state = self.lock();
        let at = state.catch_up();
        let done = state.act(at, &input);
        let sent = state.take_sent();
        drop(state);
        self.send(sent);
        done
    }

    /// Looks at the world as it is now.
    pub(crate) fn look<T>(self: &Arc<Self>, look: impl FnOnce(&World) -> T) -> T {
        let mut state = self.lock();
        state.catch_up();
        let seen = look(&state.world);
        let sent = state.take_sent();
        drop(state);
        self.send(sent);
        seen
    }

    pub(crate) fn with_faults<T>(&self, act: impl FnOnce(&mut Faults) -> T) -> T {
        act(&mut self.lock().faults)
    }

    /// Forgets everything but the settings, the time and the endpoints.
    pub(crate) fn reset(&self) -> Result<(), Problem> {
        let result = self.lock().reset(&self.config, Clock::system().millis());
        self.delivered.send_replace(0);
        result
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.lock().post.log().cloned().collect()
    }

    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.lock().log.iter().cloned().collect()
    }

    pub(crate) fn request(&self, id: &str) -> Option<RequestRecord> {
        let state = self.lock();
        state.log.iter().rev().find(|one| one.request_id.as_deref() == Some(id)).cloned()
    }

    /// Answers to looks at more than the world.
    pub(crate) fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Waits for a delivery that `wanted` accepts. The state is not locked meanwhile: `wanted` may look at it.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&Delivery) -> bool) -> Option<Delivery> {
        let mut changes = self.delivered.subscribe();
        let mut seen = 0;
        loop {
            let new: Vec<Delivery> = {
                let state = self.lock();
                // There are fewer than before where the sandbox has been reset.
                let from = if state.post.count() < seen { 0 } else { seen };
                seen = state.post.count();
                state.post.since(from).cloned().collect()
            };
            if let Some(found) = new.into_iter().find(&wanted) {
                return Some(found);
            }
            changes.changed().await.ok()?;
        }
    }

    /// Sends parcels, each in a task of its own, and looks at what is due next.
    pub(super) fn send(self: &Arc<Self>, parcels: Vec<u64>) {
        if !parcels.is_empty() {
            let count = self.lock().post.count();
            self.delivered.send_replace(count);
        }
        for id in parcels.into_iter().filter(|id| *id != 0) {
            tokio::spawn(Arc::clone(self).deliver(id));
        }
        self.wake.notify_one();
    }

    /// Makes one attempt at a parcel, and books it.
    async fn deliver(self: Arc<Self>, id: u64) {
        let (epoch, shipment, timestamp) = {
            let state = self.lock();
            let timestamp = state.clock.millis().to_string();
            (state.epoch, state.post.ship(id, &timestamp), timestamp)
        };
        let result = match &shipment {
            Some(shipment) => send(shipment).await,
            None => Err(STRANGER.to_owned()),
        };
        let timestamp = shipment.map_or(timestamp, |Shipment { timestamp, .. }| timestamp);
        let mut state = self.lock();
        // Deliveries begun before the last reset are given up.
        if state.epoch != epoch {
            return;
        }
        let (status, error) = match result {
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(error)),
        };
        let at = state.catch_up();
        let input = Input::Attempted { webhook: id, timestamp, status, error };
        let _ = state.act(at, &input);
        let noted = state.post.log().next_back().cloned();
        let (count, sent) = (state.post.count(), state.take_sent());
        drop(state);
        if let Some(delivery) = noted {
            self.config.tell(Happening::Delivery(&delivery));
        }
        self.delivered.send_replace(count);
        self.send(sent);
    }

    /// Sends what was on its way when the sandbox last ended.
    pub(crate) fn resume(self: &Arc<Self>) {
        let state = self.lock();
        let open = state.post.on_their_way().collect();
        drop(state);
        self.send(open);
    }

    /// Does what falls due, as it falls due, until it is dropped.
    pub(crate) async fn keep_time(self: Arc<Self>) {
        loop {
            let wait = {
                let state = self.lock();
                let until = state.world.due.next().map(|next| next.timestamp_millis() - state.clock.millis());
                match until {
                    Some(millis) if !state.clock.is_still() => {
                        Duration::from_millis(u64::try_from(millis).unwrap_or(0)).min(LOOK)
                    }
                    _ => Duration::MAX,
                }
            };
            if wait == Duration::MAX {
                self.wake.notified().await;
            } else {
                let _ = tokio::time::timeout(wait, self.wake.notified()).await;
            }
            let mut state = self.lock();
            state.catch_up();
            let sent = state.take_sent();
            drop(state);
            if !sent.is_empty() {
                self.send(sent);
            }
        }
    }
}
