//! The world behind the API: what there is, what has happened to it, and what falls due.
//!
//! One handler serves all versions: it builds an entity with everything any version has, and
//! [`shape`](crate::spec::shape) cuts it to the version of the call. The same is true of events. Nothing here
//! reads a clock or draws a random number of its own, so that the same calls at the same times make the same
//! world again: that is how `--state` brings one back.

pub(crate) mod call;
mod check;
pub(crate) mod clock;
mod codes;
mod collections;
mod customers;
pub(crate) mod disputes;
pub(crate) mod due;
mod eligibility;
mod escrow;
mod first_api;
mod ids;
pub(crate) mod incidents;
pub(crate) mod ledger;
pub(crate) mod life;
pub(crate) mod links;
mod merchants;
pub(crate) mod money;
mod offers;
mod operations;
pub(crate) mod orders;
mod page;
pub(crate) mod payments;
pub(crate) mod qr;
pub(crate) mod refunds;
pub(crate) mod settlements;
mod simulate;
pub(crate) mod subscriptions;
mod table;
pub(crate) mod terminals;
mod tokens;
pub(crate) mod values;
pub(crate) mod vendors;
mod virtual_accounts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use clock::Time;
use due::{Due, Task};
use ids::Ids;
use ledger::Ledger;
use table::Table;

use crate::webhook::event::{Content, Event};

/// Everything that `DELETE /_sandbox/state` forgets.
#[derive(Debug)]
pub(crate) struct World {
    now: Time,
    /// `http://127.0.0.1:8700`
    pub(crate) origin: String,
    pub(crate) ids: Ids,
    pub(crate) due: Due,
    pub(crate) ledger: Ledger,
    pub(crate) orders: Table<orders::Order>,
    pub(crate) payments: Table<payments::Payment>,
    refunds: Table<refunds::Refund>,
    pub(crate) links: Table<links::Link>,
    offers: Table<offers::Offer>,
    customers: Table<customers::Customer>,
    instruments: Table<customers::Instrument>,
    instruments_of: HashMap<String, Vec<usize>>,
    disputes: Table<disputes::Dispute>,
    pub(crate) settlements: Table<settlements::Settlement>,
    settlement_scheduled: bool,
    /// What has arrived with a settlement: positions of settlements and of entries, in the order they arrived.
    settled: Vec<(usize, usize)>,
    plans: Table<subscriptions::Plan>,
    pub(crate) subscriptions: Table<subscriptions::Subscription>,
    charges: Table<subscriptions::Charge>,
    charge_refunds: Table<subscriptions::ChargeRefund>,
    vendors: Table<vendors::Vendor>,
    static_splits: Vec<vendors::StaticSplit>,
    /// The ids of adjustments that were made.
    adjustments: BTreeSet<String>,
    terminals: Table<terminals::Terminal>,
    soundboxes: Table<terminals::Soundbox>,
    static_codes: Vec<terminals::StaticCode>,
    simulations: BTreeMap<String, Value>,
    incidents: Table<incidents::Incident>,
    virtual_accounts: Table<virtual_accounts::VirtualAccount>,
    notification_groups: Table<virtual_accounts::Group>,
    /// What has arrived at virtual accounts, or was rejected.
    transfers: Vec<virtual_accounts::Transfer>,
    merchants: Table<merchants::Merchant>,
    /// Payments from abroad, in the order of their references.
    foreign: Vec<collections::Foreign>,
    fund_sources: Table<escrow::FundSource>,
    movements: Vec<escrow::Movement>,
    moved: escrow::Moved,
    /// Bearer tokens, with their ends.
    tokens: BTreeMap<String, Time>,
    /// What the merchant is to hear of, until the gateway takes it.
    pub(crate) outbox: Vec<Event>,
    /// Webhooks that are to be tried again, until the gateway takes them.
    pub(crate) retries: Vec<u64>,
}

impl World {
    /// A world in which nothing has happened. Its time begins with its first input, which a journal has of long
    /// ago.
    pub(crate) fn new(seed: u64, origin: String) -> Self {
        Self {
            now: clock::at_millis(0),
            origin,
            ids: Ids::new(seed),
            due: Due::default(),
            ledger: Ledger::default(),
            orders: Table::default(),
            payments: Table::default(),
            refunds: Table::default(),
            links: Table::default(),
            offers: Table::default(),
            customers: Table::default(),
            instruments: Table::default(),
            instruments_of: HashMap::new(),
            disputes: Table::default(),
            settlements: Table::default(),
            settlement_scheduled: false,
            settled: Vec::new(),
            plans: Table::default(),
            subscriptions: Table::default(),
            charges: Table::default(),
            charge_refunds: Table::default(),
            vendors: Table::default(),
            static_splits: Vec::new(),
            adjustments: BTreeSet::new(),
            terminals: Table::default(),
            soundboxes: Table::default(),
            static_codes: Vec::new(),
            simulations: BTreeMap::new(),
            incidents: Table::default(),
            virtual_accounts: Table::default(),
            notification_groups: Table::default(),
            transfers: Vec::new(),
            merchants: Table::default(),
            foreign: Vec::new(),
            fund_sources: Table::default(),
            movements: Vec::new(),
            moved: escrow::Moved::new(),
            tokens: BTreeMap::new(),
            outbox: Vec::new(),
            retries: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.now
    }

    /// The current time as the API writes it.
    pub(crate) fn stamp(&self) -> String {
        clock::write(self.now)
    }

    /// Moves the time on, and does on the way whatever falls due, each at its time.
    pub(crate) fn catch_up(&mut self, to: Time) {
        while let Some((at, task)) = self.due.pop(to) {
            self.now = self.now.max(at);
            self.run(task);
        }
        self.now = self.now.max(to);
    }

    fn run(&mut self, task: Task) {
        match task {
            Task::OrderExpires(at) => self.expire_order(at),
            Task::AttemptEnds(at) => self.attempt_ends(at),
            Task::BlockEnds(at) => self.block_ends(at),
            Task::ChargesKnown(at) => self.charges_known(at),
            Task::LinkExpires(at) => self.expire_link(at),
            Task::SettlementRun => self.settlement_run(),
            Task::SettlementArrives(at) => self.settlement_arrives(at),
            Task::OrderSettles(at) => self.order_settles(at),
            Task::DisputeEnds(at) => self.dispute_ends(at),
            Task::SubscriptionExpires(at) => self.subscription_expires(at),
            Task::AuthorisationEnds(at) => self.authorisation_ends(at),
            Task::ChargeAnnounced(at) => self.announce_charge(at),
            Task::ChargePresented(at) => self.present_charge(at),
            Task::ChargeDecided(at) => self.charge_decided(at),
            Task::CardExpires(at) => self.card_expires(at),
            Task::IncidentBegins(at) => {
                self.incident_event(at, incidents::IncidentEvent::Begin);
            }
            Task::IncidentEnds(at) => {
                self.incident_event(at, incidents::IncidentEvent::Resolve);
            }
            Task::Webhook(id) => self.retries.push(id),
        }
    }

    /// Tells whoever listens. `data` has the members of all versions.
    fn emit(&mut self, kind: &str, version: &'static str, notify_url: Option<String>, data: Value) {
        self.send(kind, version, notify_url, Content::Data(data));
    }

    /// Tells whoever listens by an event without the usual envelope, which carries its own signature.
    fn emit_flat(&mut self, kind: &str, body: Value) {
        self.send(kind, crate::spec::newest(), None, Content::Flat(body));
    }

    /// Tells whoever listens, and whoever the order names.
    fn emit_of_order(&mut self, kind: &str, order: usize, data: Value) {
        let order = &self.orders[order];
        let (version, notify_url) = (order.version, order.notify_url());
        self.emit(kind, version, notify_url, data);
    }

    /// Puts an event into the outbox.
    pub(crate) fn send(&mut self, kind: &str, version: &str, notify_url: Option<String>, content: Content) {
        let (key, time) = (self.ids.bytes(), self.stamp());
        let (kind, version) = (kind.to_owned(), version.to_owned());
        self.outbox.push(Event { kind, content, time, version, notify_url, key });
    }
}
