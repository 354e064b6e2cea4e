//! One-time passwords of cards and of lenders.

use serde_json::{Value, json};

use super::{Outcome, PaymentEvent};
use crate::gateway::problem::Problem;
use crate::world::World;
use crate::world::call::Call;
use crate::world::values::{self, Failure};

impl World {
    pub(crate) fn authenticate_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.payment(call.path("cf_payment_id"))?;
        let payment = &self.payments[at];
        if !payment.status.is_open() {
            return Err(Problem::invalid("orderpay_already_exists", "payment is already completed"));
        }
        let right = match payment.method.key {
            "card" | "emi" => values::OTP,
            "paylater" | "cardless_emi" => values::CREDIT.otp,
            _ => return Err(Problem::invalid("payment_method_unsupported", "payment takes no OTP")),
        };
        let number = payment.number.to_string();
        let action = call.text("action").unwrap_or_default();
        let answer = |status: &str, message: &str| {
            json!({
                "cf_payment_id": number, "action": action,
                "authenticate_status": status, "payment_message": message,
            })
        };
        if action.eq_ignore_ascii_case("RESEND_OTP") {
            return Ok(answer("SUCCESS", "OTP sent again"));
        }
        self.payment_event(at, PaymentEvent::Attempt);
        if call.text("otp").as_deref() == Some(right) {
            self.decide(at, Outcome::Success);
            return Ok(answer("SUCCESS", "payment successful"));
        }
        self.payments[at].wrong_otps += 1;
        if self.payments[at].wrong_otps >= values::OTP_ATTEMPTS {
            self.decide(at, Outcome::Failed(Failure::by_code("INVALID_OTP")));
        }
        Ok(answer("FAILED", "OTP is not valid"))
    }
}
