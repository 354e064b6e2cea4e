//! Payments: started by a session, decided by a test value, an OTP, a simulation, a page or the time limit.

mod authorization;
mod entity;
mod event;
mod method;
mod otp;
mod outcome;
mod start;
mod state;

use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use outcome::Outcome;
pub(crate) use state::{PaymentEvent, PaymentStatus};

use super::World;
use super::call::Call;
use super::clock::Time;
use super::offers::Redemption;
use super::values::Failure;
use crate::gateway::problem::Problem;
pub(crate) use method::Method;

#[derive(Debug)]
pub(crate) struct Payment {
    pub(crate) number: u64,
    pub(crate) order: usize,
    pub(crate) amount: Decimal,
    pub(crate) status: PaymentStatus,
    pub(crate) method: Method,
    pub(crate) message: Option<String>,
    pub(crate) started: Time,
    pub(crate) completed: Option<Time>,
    pub(crate) failure: Option<Failure>,
    pub(crate) bank_reference: Option<String>,
    surcharge: Value,
    pub(crate) offer: Option<Redemption>,
    /// The money is only blocked until it is captured or released.
    pub(crate) authorize_only: bool,
    authorization: Value,
    pub(crate) captured: Option<Decimal>,
    /// What refunds that are under way will take.
    pub(crate) refunding: Decimal,
    save_instrument: bool,
    wrong_otps: u8,
}

impl World {
    /// The payment that a path or a body names; the API takes it as text or number.
    pub(crate) fn payment(&self, id: &str) -> Result<usize, Problem> {
        self.payments.find(id).ok_or_else(payment_not_found)
    }

    pub(super) fn fetch_payments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let newest_first = self.orders[order].payments.iter().rev();
        Ok(newest_first.map(|payment| self.payment_entity(*payment)).collect())
    }

    pub(super) fn fetch_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let payment = self.payment(call.path("cf_payment_id"))?;
        if self.payments[payment].order != order {
            return Err(payment_not_found());
        }
        Ok(self.payment_entity(payment))
    }
}

pub(super) fn payment_not_found() -> Problem {
    Problem::not_found("payment_not_found", "payment does not exist")
}

impl Payment {
    /// Whether its card is to be kept.
    pub(super) fn saves_card(&self) -> bool {
        self.save_instrument && self.method.key == "card" && self.method.details["instrument_id"].is_null()
    }
}
