//! Settlements on request, and not at their hour.

use serde_json::{Value, json};

use super::SettlementEvent;
use crate::gateway::problem::Problem;
use crate::spec::items;
use crate::world::World;
use crate::world::call::{Call, text};
use crate::world::ledger::Entry;

impl World {
    /// Settles orders, or everything up to a time.
    pub(crate) fn simulate_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let named = items(&call.body["merchantOrderIds"]).filter_map(text);
        let orders = named.map(|id| self.order(&id)).collect::<Result<Vec<usize>, Problem>>()?;
        let till = call.time("txnTime")?;
        let wanted = |entry: &Entry| match orders.as_slice() {
            [] => till.is_none_or(|till| entry.at <= till),
            orders => entry.order.is_some_and(|order| orders.contains(&order)),
        };
        let taken = self.ledger.settle(self.settlements.len(), wanted);
        let Some(taken) = taken else {
            return Err(Problem::invalid("request_failed", "there is nothing left to settle"));
        };
        let amount = taken.iter().map(|at| self.ledger.entries()[*at].merchant()).sum();
        let at = self.begin_settlement(taken, amount, None);
        match call.body["status"].as_str() {
            Some("SUCCESS") => {
                self.settlement_event(at, SettlementEvent::Arrive);
            }
            Some("FAILED") => {
                let reason = call.text("errorReason");
                self.settlements[at].reason = reason.map(|reason| reason.trim_matches('"').to_owned());
                self.settlement_event(at, SettlementEvent::Fail);
            }
            _ => {}
        }
        for order in orders {
            self.orders[order].marked = false;
        }
        self.schedule_settlement();
        let simulation_id = format!("sim_{}", self.ids.token(33));
        let simulation = json!({
            "simulation_id": simulation_id, "entity": "settlement",
            "settlement_ids": [self.settlements[at].number], "simulation_status": call.body["status"],
        });
        self.simulations.insert(simulation_id, simulation.clone());
        Ok(simulation)
    }
}
