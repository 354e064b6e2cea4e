//! Simulations: the caller decides what becomes of a pending test payment.

use serde_json::{Value, json};

use super::{Call, Outcome, World, text};
use crate::problem::Problem;

impl World {
    pub(super) fn simulate(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("entity_id").unwrap_or_default();
        let wanted = &call.body["entity_simulation"];
        match call.text("entity").as_deref() {
            Some("PAYMENTS") => {
                let number = self.payment_number(&id).map_err(|_| entity_invalid(&id))?;
                let status = text(&wanted["payment_status"]).unwrap_or_default();
                let error = text(&wanted["payment_error_code"]);
                let Some(outcome) = Outcome::parse(&status, error) else {
                    return Err(Problem::invalid("payment_status_missing", "payment_status : is missing"));
                };
                if self.payments.get(&number).is_some_and(|payment| payment.status != "PENDING") {
                    return Err(Problem::invalid("entity_id_invalid", "payment is no longer pending"));
                }
                self.settle(number, outcome);
            }
            Some("SUBS_PAYMENTS") => self.simulate_subscription_payment(&id, wanted)?,
            _ => {}
        }
        let simulation_id = format!("sim_{}", self.token(33));
        let simulation = json!({
            "simulation_id": simulation_id,
            "entity": call.body["entity"],
            "entity_id": id,
            "entity_simulation": {
                "payment_status": text(&wanted["payment_status"]).unwrap_or_else(|| "SUCCESS".to_owned()),
                "payment_error_code": wanted["payment_error_code"],
            },
        });
        self.simulations.insert(simulation_id, simulation.clone());
        Ok(simulation)
    }

    pub(super) fn fetch_simulation(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("simulation_id");
        let missing = || Problem::not_found("simulation_id_invalid", "simulation does not exist");
        self.simulations.get(id).cloned().ok_or_else(missing)
    }
}

pub(super) fn entity_invalid(id: &str) -> Problem {
    Problem::invalid("entity_id_invalid", format!("entity_id : names no payment. Value received: {id}"))
}
