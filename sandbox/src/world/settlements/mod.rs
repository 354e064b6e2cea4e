//! Settlements: once a day what came in before that day goes out, net of charges, refunds, disputes and
//! vendors' shares, in one transfer with one reference.

mod entity;
mod order;
mod recon;
mod simulation;
mod split_recon;
mod state;

use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use state::{SettlementEvent, SettlementStatus};

use super::clock::{self, Time};
use super::due::Task;
use super::ledger::{Entry, Kind};
use super::{World, money};
use crate::gateway::problem::Problem;

/// Two percent for the service, and 18 percent tax on that.
const CHARGE: Decimal = Decimal::from_parts(2, 0, 0, false, 2);
const TAX: Decimal = Decimal::from_parts(18, 0, 0, false, 2);
/// The hour at which settlements are put together, in India.
const HOUR: u32 = 15;
/// They arrive so long after.
const TRANSFER: chrono::TimeDelta = chrono::TimeDelta::hours(2);

/// What is kept of a payment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charges {
    pub(crate) fee: Decimal,
    pub(crate) tax: Decimal,
}

impl Charges {
    pub(crate) fn of(amount: Decimal) -> Self {
        let fee = (amount * CHARGE).round_dp(2);
        Self { fee, tax: (fee * TAX).round_dp(2) }
    }
}

#[derive(Debug)]
pub(crate) struct Settlement {
    pub(crate) number: u64,
    pub(crate) status: SettlementStatus,
    pub(crate) initiated: Time,
    pub(crate) arrived: Option<Time>,
    /// Positions in the ledger.
    pub(crate) entries: Vec<usize>,
    pub(crate) amount: Decimal,
    /// To a vendor, not to the merchant.
    pub(crate) vendor: Option<usize>,
    /// Why it failed, where that was said.
    reason: Option<String>,
}

impl Settlement {
    /// The bank's number of the transfer: the same digits as a number and as a text.
    pub(crate) fn utr(&self) -> u64 {
        1_600_000_000_000_000 + self.number
    }
}

impl World {
    /// Every movement of money goes through here, so that none is forgotten in a settlement.
    pub(super) fn ledger_add(&mut self, entry: Entry) {
        self.ledger.add(entry);
        self.schedule_settlement();
    }

    pub(super) fn schedule_settlement(&mut self) {
        if !self.settlement_scheduled {
            self.settlement_scheduled = true;
            self.due.at(clock::next_hour(self.now(), HOUR), Task::SettlementRun);
        }
    }

    /// What came in before today goes out. What does not, because it is of today or adds up to nothing, waits.
    pub(crate) fn settlement_run(&mut self) {
        self.settlement_scheduled = false;
        let today = self.now() - chrono::TimeDelta::hours(i64::from(HOUR));
        let orders = &self.orders;
        let held = |entry: &Entry| entry.order.is_some_and(|order| orders[order].marked);
        let next = self.settlements.len();
        if let Some(taken) = self.ledger.settle(next, |entry| entry.at < today && !held(entry)) {
            let amount = taken.iter().map(|at| self.ledger.entries()[*at].merchant()).sum();
            self.begin_settlement(taken, amount, None);
        }
        for vendor in 0..self.vendors.len() {
            self.pay_vendor(vendor, today);
        }
        // Of today something may still go to a vendor of which nothing is left for the merchant.
        if self.ledger.since(today) < self.ledger.entries().len() {
            self.schedule_settlement();
        }
    }

    fn begin_settlement(&mut self, entries: Vec<usize>, amount: Decimal, vendor: Option<usize>) -> usize {
        let settlement = Settlement {
            number: self.ids.short(),
            status: SettlementStatus::Initiated,
            initiated: self.now(),
            arrived: None,
            amount,
            entries,
            vendor,
            reason: None,
        };
        let (number, utr) = (settlement.number.to_string(), settlement.utr().to_string());
        let at = self.settlements.insert(number, settlement);
        self.settlements.alias(utr, at);
        self.due.at(self.now() + TRANSFER, Task::SettlementArrives(at));
        self.emit_settlement(at);
        at
    }

    /// Pays out what a vendor got before `cutoff`, if it adds up to something.
    fn pay_vendor(&mut self, vendor: usize, cutoff: Time) {
        let next = self.settlements.len();
        let taken = self.ledger.pay_out(vendor, next, cutoff);
        let sum: Decimal = taken.iter().map(|at| self.ledger.entries()[*at].vendor()).sum();
        if sum <= Decimal::ZERO || !self.vendors[vendor].is_active() {
            return self.ledger.take_back(&taken);
        }
        let at = self.begin_settlement(taken, sum, Some(vendor));
        self.vendor_moves(at, Kind::VendorPaid);
    }

    /// Pays out part of a vendor's balance at once. What is left of it counts for the next payout.
    pub(super) fn pay_vendor_now(&mut self, vendor: usize, amount: Decimal) -> u64 {
        let at = self.begin_settlement(Vec::new(), amount, Some(vendor));
        self.vendor_moves(at, Kind::VendorPaid);
        self.settlements[at].number
    }

    fn vendor_moves(&mut self, at: usize, kind: Kind) {
        let settlement = &self.settlements[at];
        let Some(vendor) = settlement.vendor else { return };
        let number = settlement.number.to_string();
        let mut entry = Entry::new(self.now(), kind, settlement.amount, number).of_vendor(vendor);
        entry.payout = (!settlement.entries.is_empty()).then_some(at);
        self.ledger_add(entry);
    }

    /// What happens to a settlement happens here, if it can.
    pub(super) fn settlement_event(&mut self, at: usize, event: SettlementEvent) -> bool {
        let Some(next) = self.settlements[at].status.next(event) else { return false };
        let now = self.now();
        let settlement = &mut self.settlements[at];
        settlement.status = next;
        let (number, amount) = (settlement.number.to_string(), settlement.amount);
        let (vendor, entries) = (settlement.vendor, settlement.entries.clone());
        match (next, vendor) {
            (SettlementStatus::Success, _) => {
                settlement.arrived = Some(now);
                if vendor.is_none() {
                    let mut entry = Entry::new(now, Kind::Settled, amount, number);
                    entry.settlement = Some(at);
                    self.ledger.add(entry);
                    self.settled.extend(entries.iter().map(|entry| (at, *entry)));
                }
            }
            (_, Some(_)) => {
                self.ledger.take_back(&entries);
                self.vendor_moves(at, Kind::VendorReturned);
            }
            (_, None) => {
                self.ledger.release(&entries);
                if next == SettlementStatus::Reversed {
                    let mut entry = Entry::new(now, Kind::SettlementReversed, amount, number);
                    entry.settlement = Some(at);
                    self.ledger.add(entry);
                }
                self.schedule_settlement();
            }
        }
        self.emit_settlement(at);
        true
    }

    pub(crate) fn settlement_arrives(&mut self, at: usize) {
        self.settlement_event(at, SettlementEvent::Arrive);
    }

    /// What the bank does with a settlement.
    pub(crate) fn decide_settlement(&mut self, id: &str, status: &str) -> Result<Value, Problem> {
        let missing = || Problem::not_found("settlement_get_not_found", "settlement does not exist");
        let at = self.settlements.find(id).or_else(|| self.settlements.find_alias(id)).ok_or_else(missing)?;
        let event = SettlementEvent::to(status);
        if !event.is_some_and(|event| self.settlement_event(at, event)) {
            let message =
                format!("a settlement that is {} cannot become {status}", self.settlements[at].status);
            return Err(Problem::invalid("request_failed", message));
        }
        Ok(self.settlement_summary(at))
    }

    /// What the pages show of a settlement.
    pub(crate) fn settlement_summary(&self, at: usize) -> Value {
        let settlement = &self.settlements[at];
        serde_json::json!({
            "settlement_id": settlement.number, "status": settlement.status.as_str(),
            "amount": money::number(settlement.amount), "utr": settlement.utr().to_string(),
            "initiated_on": clock::write(settlement.initiated),
            "settled_on": settlement.arrived.map(clock::write),
            "vendor_id": settlement.vendor.map(|vendor| self.vendors[vendor].id.clone()),
        })
    }
}
