//! The settlement of one order: what of it has arrived, and the wish to settle it by itself.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{SettlementEvent, SettlementStatus};
use crate::gateway::problem::Problem;
use crate::world::call::{Call, text, with};
use crate::world::due::Task;
use crate::world::ledger::{Entry, Kind};
use crate::world::{World, clock, money};

impl World {
    /// The settlement an entry arrived with.
    pub(super) fn arrived(&self, entry: &Entry) -> Option<usize> {
        entry.settlement.filter(|at| self.settlements[*at].status == SettlementStatus::Success)
    }

    pub(crate) fn fetch_order_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let missing = || Problem::not_found("settlement_get_not_found", "order has no settlement yet");
        let answer = self.order_settlement(order).ok_or_else(missing)?;
        // 2023-08-01 declares a page of reconciliation instead.
        let entries = self.ledger.of_order(order).filter(|entry| self.arrived(entry).is_some());
        let rows: Vec<Value> = entries.map(|entry| self.recon_row(entry)).collect();
        Ok(with(answer, json!({ "cursor": null, "limit": rows.len(), "data": rows })))
    }

    /// What has arrived of the payment that an order was paid by.
    pub(super) fn order_settlement(&self, order: usize) -> Option<Value> {
        self.payment_settlement(self.orders[order].paid_by?)
    }

    /// What has arrived of a payment, net of whatever of it went out with it or later.
    pub(super) fn payment_settlement(&self, at: usize) -> Option<Value> {
        let payment = &self.payments[at];
        let arrived = || {
            let of_order = self.ledger.of_order(payment.order);
            of_order.filter(move |entry| entry.payment == Some(at) && self.arrived(entry).is_some())
        };
        let paid = arrived().find(|entry| entry.kind == Kind::Captured)?;
        let sum: Decimal = arrived().map(Entry::merchant).sum();
        let settlement = &self.settlements[self.arrived(paid)?];
        let shown = &self.orders[payment.order];
        Some(json!({
            "cf_payment_id": payment.number.to_string(),
            "cf_settlement_id": settlement.number.to_string(),
            "settlement_currency": "INR",
            "order_id": shown.id,
            "entity": "settlement",
            "order_amount": money::number(shown.amount),
            "order_currency": shown.currency,
            "payment_time": clock::write(payment.started),
            "service_charge": money::number(paid.fee),
            "service_tax": money::number(paid.tax),
            "settlement_amount": money::number(sum),
            "settlement_id": settlement.number,
            "transfer_id": settlement.number,
            "transfer_time": settlement.arrived.map(clock::write),
            "transfer_utr": settlement.utr().to_string(),
            "forex_conversion_handling_charge": null,
            "forex_conversion_handling_tax": null,
            "forex_conversion_rate": null,
            "charges_currency": "INR",
        }))
    }

    /// An order that is to be settled by itself, on the day that the merchant names or at once.
    pub(crate) fn mark_for_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(&call.text("order_id").unwrap_or_default())?;
        let day = &call.body["meta_data"]["settlement_date"];
        let when = match text(day) {
            None => self.now(),
            Some(day) => clock::read(&day).ok_or_else(|| {
                Problem::new(
                    400,
                    "INVALID_REQUEST_TYPE",
                    "api_request_failed",
                    "Invalid settlementDate Format",
                )
            })?,
        };
        let captured = self.orders[order].paid_by.filter(|paid| self.payments[*paid].captured.is_some());
        if captured.is_none() {
            return Err(Problem::invalid("order_id_not_paid", "order has no captured payment to settle"));
        }
        let settled = self.ledger.of_order(order).any(|entry| entry.settlement.is_some());
        if self.orders[order].marked || settled {
            return Err(Problem::invalid("api_request_failed", "Duplicate request"));
        }
        self.orders[order].marked = true;
        if when <= self.now() {
            self.order_settles(order);
        } else {
            self.due.at(when, Task::OrderSettles(order));
        }
        Ok(json!({}))
    }

    /// Settles an order by itself; the transfer takes no time. What adds up to nothing waits for the others.
    pub(crate) fn order_settles(&mut self, order: usize) {
        let next = self.settlements.len();
        let taken = self.ledger.settle(next, |entry| entry.order == Some(order));
        self.orders[order].marked = false;
        if let Some(taken) = taken {
            let amount = taken.iter().map(|at| self.ledger.entries()[*at].merchant()).sum();
            let at = self.begin_settlement(taken, amount, None);
            self.settlement_event(at, SettlementEvent::Arrive);
        }
        self.schedule_settlement();
    }
}
