//! Simulations: the caller decides what becomes of something that waits.

use serde_json::{Value, json};

use super::call::{Call, text};
use super::payments::Outcome;
use super::{World, check};
use crate::gateway::problem::Problem;

impl World {
    pub(super) fn simulate(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("entity_id").unwrap_or_default();
        let wanted = &call.body["entity_simulation"];
        let entity = call.text("entity").unwrap_or_default();
        match entity.as_str() {
            "PAYMENTS" => self.simulate_payment(&id, wanted)?,
            "SUBS_PAYMENTS" => {
                must_have_status(wanted)?;
                self.simulate_charge(&id, wanted)?;
            }
            "SUBS_EXECUTION" => {
                must_have_status(wanted)?;
                match text(&wanted["payment_status"]).as_deref() {
                    Some("SUCCESS") => {}
                    Some("FAILED") => {
                        check::present(call.body, "entity_simulation.payment_error_code")?;
                    }
                    _ => {
                        let path = "entity_simulation.payment_status";
                        let rule = "should be SUCCESS or FAILED";
                        return Err(Problem::member(path, rule, &wanted["payment_status"]));
                    }
                }
                self.simulate_charge(&id, wanted)?;
            }
            "SUBS_RESCHEDULE" => self.reschedule_charge(&id)?,
            "VBA_TRANSFER" => self.collect(&id, &call.body["vba_simulation"])?,
            _ => {
                let message = format!("entity : cannot be simulated. Value received: {entity}");
                return Err(Problem::invalid("entity_unsupported", message));
            }
        }
        let simulation_id = format!("sim_{}", self.ids.token(33));
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

    fn simulate_payment(&mut self, id: &str, wanted: &Value) -> Result<(), Problem> {
        let at = self.payments.find(id).ok_or_else(|| entity_invalid(id))?;
        must_have_status(wanted)?;
        let status = text(&wanted["payment_status"]).unwrap_or_default();
        let error = text(&wanted["payment_error_code"]);
        let Some(outcome) = Outcome::parse(&status, error.as_deref()) else {
            let rule = "should be SUCCESS, FAILED, PENDING or USER_DROPPED";
            let path = "entity_simulation.payment_status";
            return Err(Problem::member(path, rule, &wanted["payment_status"]));
        };
        if !self.payments[at].status.is_open() {
            return Err(Problem::invalid("entity_id_invalid", "payment is no longer pending"));
        }
        self.decide(at, outcome);
        Ok(())
    }

    pub(super) fn fetch_simulation(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let missing = || Problem::not_found("simulation_id_invalid", "simulation does not exist");
        self.simulations.get(call.path("simulation_id")).cloned().ok_or_else(missing)
    }
}

fn must_have_status(wanted: &Value) -> Result<(), Problem> {
    match text(&wanted["payment_status"]) {
        Some(_) => Ok(()),
        None => Err(Problem::missing("entity_simulation.payment_status")),
    }
}

pub(super) fn entity_invalid(id: &str) -> Problem {
    Problem::invalid("entity_id_invalid", format!("entity_id : names no payment. Value received: {id}"))
}
