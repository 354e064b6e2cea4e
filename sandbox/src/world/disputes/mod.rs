//! Disputes: opened and decided by banks, through the sandbox's controls; answered through the API.

mod entity;
mod state;

use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use state::{DisputeEvent, DisputeStage, KINDS};

use super::World;
use super::call::{Call, amount, text};
use super::clock::Time;
use super::due::Task;
use super::ledger::{Entry, Kind};
use super::payments::{PaymentStatus, payment_not_found};
use crate::gateway::problem::Problem;

/// The merchant's time to answer.
const RESPOND_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(7);

#[derive(Debug)]
pub(crate) struct Dispute {
    number: u64,
    payment: usize,
    kind: &'static str,
    stage: DisputeStage,
    amount: Decimal,
    reason_code: String,
    reason: String,
    remarks: String,
    created: Time,
    updated: Time,
    respond_by: Time,
    resolved: Option<Time>,
    /// Files of the merchant's: id, name, type.
    evidence: Vec<(u64, String, String)>,
}

impl World {
    /// What a payer's bank does. Answers the dispute's id.
    pub(crate) fn open_dispute(&mut self, asked: &Value) -> Result<u64, Problem> {
        let id = text(&asked["cf_payment_id"]).ok_or_else(|| Problem::missing("cf_payment_id"))?;
        let payment = self.payment(&id).map_err(|_| payment_not_found())?;
        let left = self.refundable(payment);
        if self.payments[payment].status != PaymentStatus::Success || left <= Decimal::ZERO {
            return Err(Problem::invalid("payment_invalid", "only what was captured can be disputed"));
        }
        let kind = text(&asked["dispute_type"]).unwrap_or_else(|| "CHARGEBACK".to_owned());
        let Some(kind) = KINDS.into_iter().find(|known| *known == kind) else {
            return Err(Problem::member("dispute_type", "is no kind of dispute", &asked["dispute_type"]));
        };
        let wanted = if asked["dispute_amount"].is_null() { left } else { amount(&asked["dispute_amount"]) };
        if wanted <= Decimal::ZERO || wanted > left {
            let rule = format!("should be greater than 0 and at most {left}");
            return Err(Problem::member("dispute_amount", &rule, &asked["dispute_amount"]));
        }
        let now = self.now();
        let dispute = Dispute {
            number: self.ids.short(),
            payment,
            kind,
            stage: DisputeStage::Created,
            amount: wanted,
            reason_code: text(&asked["reason_code"]).unwrap_or_else(|| "1401".to_owned()),
            reason: text(&asked["reason_description"]).unwrap_or_else(|| "Fraud Transaction".to_owned()),
            remarks: "Opened in the sandbox".to_owned(),
            created: now,
            updated: now,
            respond_by: now + RESPOND_WITHIN,
            resolved: None,
            evidence: Vec::new(),
        };
        let number = dispute.number;
        let at = self.disputes.insert(number.to_string(), dispute);
        self.orders[self.payments[payment].order].disputes.push(at);
        self.due.at(now + RESPOND_WITHIN, Task::DisputeEnds(at));
        self.emit_dispute("DISPUTE_CREATED", at, None);
        Ok(number)
    }

    fn dispute(&self, id: &str) -> Result<usize, Problem> {
        let missing = || Problem::not_found("dispute_request_not_found", "dispute does not exist");
        self.disputes.find(id).ok_or_else(missing)
    }

    /// What happens to a dispute happens here, if it can.
    fn dispute_event(&mut self, at: usize, event: DisputeEvent) -> Result<(), Problem> {
        let now = self.now();
        let dispute = &mut self.disputes[at];
        let Some(next) = dispute.stage.next(event) else {
            let message = format!("the dispute is {}_{}", dispute.kind, dispute.stage);
            return Err(Problem::invalid("request_failed", message));
        };
        dispute.stage = next;
        dispute.updated = now;
        let over = matches!(next, DisputeStage::Won | DisputeStage::Lost | DisputeStage::Accepted);
        dispute.resolved = over.then_some(now);
        if matches!(next, DisputeStage::Lost | DisputeStage::Accepted) {
            let (payment, amount, number) = (dispute.payment, dispute.amount, dispute.number.to_string());
            // Refunds of meanwhile may have left less than the payer's bank asked for.
            let amount = self.make_way(payment, amount);
            let order = self.payments[payment].order;
            if amount > Decimal::ZERO {
                self.ledger_add(Entry::new(now, Kind::Disputed, amount, number).of_payment(order, payment));
            }
        }
        let (kind, update) = match event {
            DisputeEvent::Reopen => ("DISPUTE_CREATED", None),
            _ if over => ("DISPUTE_CLOSED", None),
            DisputeEvent::Answer => ("DISPUTE_UPDATED", Some("DOCS_RECEIVED")),
            DisputeEvent::AskMore => ("DISPUTE_UPDATED", Some("MORE_DOCS_REQUESTED")),
            _ => ("DISPUTE_UPDATED", Some("STATUS_CHANGED")),
        };
        self.emit_dispute(kind, at, update);
        Ok(())
    }

    /// What the bank decides: the next stage, or, for a dispute that was won, the next kind of it.
    pub(crate) fn move_dispute(&mut self, id: &str, stage: &str) -> Result<Value, Problem> {
        let at = self.dispute(id)?;
        let stage =
            KINDS.iter().find_map(|kind| stage.strip_prefix(kind)?.strip_prefix('_')).unwrap_or(stage);
        let Some(event) = DisputeEvent::to(stage) else {
            let rule =
                "should be UNDER_REVIEW, INSUFFICIENT_EVIDENCE, MERCHANT_WON, MERCHANT_LOST or CREATED";
            return Err(Problem::member("status", rule, &Value::from(stage)));
        };
        if event == DisputeEvent::Reopen {
            let graver = KINDS.iter().skip_while(|kind| **kind != self.disputes[at].kind).nth(1);
            let Some(graver) = graver.filter(|_| self.disputes[at].stage.next(event).is_some()) else {
                return Err(Problem::invalid("request_failed", "the dispute cannot be opened again"));
            };
            let respond_by = self.now() + RESPOND_WITHIN;
            self.disputes[at].kind = graver;
            self.disputes[at].respond_by = respond_by;
            self.due.at(respond_by, Task::DisputeEnds(at));
        }
        self.dispute_event(at, event)?;
        Ok(self.dispute_entity(at))
    }

    /// What nobody answered in time is lost.
    pub(crate) fn dispute_ends(&mut self, at: usize) {
        let dispute = &self.disputes[at];
        let waits = matches!(dispute.stage, DisputeStage::Created | DisputeStage::InsufficientEvidence);
        if waits && dispute.respond_by <= self.now() {
            let _ = self.dispute_event(at, DisputeEvent::Lose);
        }
    }

    pub(super) fn fetch_dispute(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.dispute(call.path("dispute_id"))?;
        Ok(self.dispute_entity(at))
    }

    pub(super) fn fetch_disputes(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let (order, payment) = if call.path("order_id").is_empty() {
            let payment = self.payment(call.path("cf_payment_id"))?;
            (self.payments[payment].order, Some(payment))
        } else {
            (self.order(call.path("order_id"))?, None)
        };
        let wanted = |at: &&usize| payment.is_none_or(|payment| self.disputes[**at].payment == payment);
        let disputes = self.orders[order].disputes.iter().filter(wanted);
        Ok(disputes.map(|at| self.dispute_entity(*at)).collect())
    }

    pub(super) fn accept_dispute(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.dispute(call.path("dispute_id"))?;
        self.dispute_event(at, DisputeEvent::Accept)?;
        Ok(self.dispute_entity(at))
    }

    pub(super) fn upload_dispute_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.dispute(call.path("dispute_id"))?;
        if self.disputes[at].stage.next(DisputeEvent::Answer).is_none() {
            return self.dispute_event(at, DisputeEvent::Answer).map(|()| Value::Null);
        }
        let name = call.text("file").unwrap_or_default();
        let document = (self.ids.short(), name, call.text("doc_type").unwrap_or_default());
        self.disputes[at].evidence.push(document);
        self.dispute_event(at, DisputeEvent::Answer)?;
        Ok(serde_json::json!([self.dispute_entity(at)]))
    }
}
