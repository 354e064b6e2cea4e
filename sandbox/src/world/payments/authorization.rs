//! Blocked money: captured in whole or in part, or released.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::PaymentStatus;
use crate::gateway::problem::Problem;
use crate::world::call::{Call, text, with};
use crate::world::clock::Time;
use crate::world::{World, clock, money};

impl World {
    /// Captures or releases the blocked money of an order.
    pub(crate) fn authorize_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let at = self.blocked(order)?;
        let action = call.text("action").unwrap_or_default().to_ascii_uppercase();
        match action.as_str() {
            "CAPTURE" => {
                let most = self.payments[at].amount;
                let wanted = money::decimal(&call.body["amount"]).unwrap_or(most);
                if wanted <= Decimal::ZERO || wanted > most {
                    let message =
                        format!("amount : should be within the authorised amount. Value received: {wanted}");
                    return Err(Problem::invalid("payment_amount_invalid", message));
                }
                self.capture(at, wanted, true);
                self.close_authorization(at, "CAPTURE", Some(wanted));
                self.link_paid(order);
                self.keep_card(at);
            }
            "VOID" => {
                self.release(at);
                self.close_authorization(at, "VOID", None);
            }
            "" => return Err(Problem::missing("action")),
            _ => {
                return Err(Problem::member("action", "should be CAPTURE or VOID", &call.body["action"]));
            }
        }
        Ok(self.payment_entity(at))
    }

    /// The order's payment that is neither captured nor released.
    fn blocked(&self, order: usize) -> Result<usize, Problem> {
        let refuse = |message| Err(Problem::invalid("authorize_only_invalid", message));
        let Some(at) = self.orders[order].paid_by else {
            return refuse("order has no payment to capture or void");
        };
        let payment = &self.payments[at];
        match (payment.authorize_only, payment.captured) {
            (true, None) if payment.status == PaymentStatus::Success => Ok(at),
            (true, Some(_)) => refuse("payment is already captured"),
            _ => refuse("order has no payment to capture or void"),
        }
    }

    pub(super) fn close_authorization(&mut self, at: usize, action: &str, captured: Option<Decimal>) {
        let (time, reference) = (clock::write(self.now()), self.ids.number().to_string());
        let payment = &mut self.payments[at];
        let open = payment.authorization_entity();
        payment.authorization = with(
            open,
            json!({
                "action": action, "status": "SUCCESS", "captured_amount": captured.map(money::number),
                "action_reference": reference, "action_time": time,
            }),
        );
    }

    /// When the money goes back by itself, if the payment says so.
    pub(super) fn blocked_until(&self, at: usize) -> Option<Time> {
        let end = text(&self.payments[at].authorization["end_time"]);
        end.and_then(|end| clock::read(&end)).filter(|end| *end > self.now())
    }
}

impl super::Payment {
    /// What has become of the blocked money: nothing, for a payment that blocks none.
    pub(super) fn authorization_entity(&self) -> Value {
        let asked = &self.authorization;
        if !self.authorize_only || self.status.is_open() {
            return Value::Null;
        }
        if !asked["status"].is_null() {
            return asked.clone();
        }
        json!({
            "action": null, "status": "PENDING", "captured_amount": null,
            "start_time": asked["start_time"], "end_time": asked["end_time"],
            "approve_by": asked["approve_by"], "action_reference": null, "action_time": null,
        })
    }
}
