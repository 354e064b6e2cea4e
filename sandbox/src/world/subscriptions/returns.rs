//! Summaries of charges that came back from the bank.

use serde_json::{Value, json};

use super::ChargeStatus;
use crate::gateway::problem::Problem;
use crate::world::call::Call;
use crate::world::payments::payment_not_found;
use crate::world::{World, clock};

impl World {
    pub(crate) fn generate_return_summary(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.charge(call.path("payment_id")).map_err(|_| payment_not_found())?;
        let charge = &self.charges[at];
        if charge.status != ChargeStatus::Failed {
            let message = format!("a payment that is {} has not come back", charge.status);
            return Err(Problem::invalid("payment_id_invalid", message));
        }
        let link = format!("{}/_sandbox/returns/{}", call.origin, charge.number);
        Ok(json!({
            "status": 200, "message": "Transaction return summary generated",
            "data": { "paymentId": charge.number, "status": "GENERATED", "link": link },
        }))
    }

    /// What stands in the document.
    pub(crate) fn return_summary(&self, id: &str) -> Option<String> {
        let charge = &self.charges[self.charge(id).ok()?];
        if charge.status != ChargeStatus::Failed {
            return None;
        }
        let subscription = &self.subscriptions[charge.subscription];
        Some(format!(
            "Return of payment {} ({})\nsubscription {}\namount INR {:.2}\npresented {}\nreason {}\n",
            charge.id,
            charge.number,
            subscription.id,
            charge.amount,
            clock::write(charge.initiated),
            charge.failure.as_deref().unwrap_or("unknown"),
        ))
    }
}
