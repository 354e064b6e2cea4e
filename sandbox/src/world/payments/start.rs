//! The beginning of a payment: by a session, a link, a terminal.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::method::Method;
use super::{Outcome, Payment, PaymentStatus};
use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount, flag, text};
use crate::world::due::Task;
use crate::world::{World, check, money, qr};

/// An attempt has this long, unless it says otherwise.
const TIME_LIMIT: chrono::TimeDelta = chrono::TimeDelta::minutes(15);

impl World {
    pub(crate) fn pay_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order_of_session(call)?;
        let method = self.method(call.body, order, self.orders[order].amount)?;
        let (key, fate) = (method.key, method.fate.clone());
        let at = self.start_payment(order, method, call.body)?;
        let payment = &self.payments[at];
        let answer = json!({
            // The kinds of a card payment are one in the answer.
            "payment_method": if key == "emi" { "card" } else { key },
            "channel": payment.method.channel,
            "action": payment.action(),
            "cf_payment_id": payment.number.to_string(),
            "payment_amount": money::number(payment.amount),
            "data": payment.next_step(call.origin),
        });
        if let Some(outcome) = fate {
            self.decide(at, outcome);
        }
        Ok(answer)
    }

    /// Blocks the amount on a card whose holder has been authenticated elsewhere.
    pub(crate) fn pay_authorize_only(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order_of_session(call)?;
        for name in ["token_number", "token_expiry_month", "token_expiry_year", "token_cryptogram"] {
            check::present(call.body, &format!("authorization_data.{name}"))?;
        }
        let token = &call.body["authorization_data"];
        let card = json!({
            "channel": "post", "card_number": token["token_number"],
            "card_expiry_mm": token["token_expiry_month"], "card_expiry_yy": token["token_expiry_year"],
            "cryptogram": token["token_cryptogram"], "token_requestor_id": token["transaction_type"],
        });
        let body = json!({ "payment_method": { "card": card } });
        let method = self.method(&body, order, self.orders[order].amount)?;
        let at = self.start_payment(order, method, &body)?;
        self.payments[at].authorize_only = true;
        self.decide(at, Outcome::Success);
        Ok(self.payment_entity(at))
    }

    /// The order that a call pays, whose session is all the credentials it has.
    fn order_of_session(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let session = call.text("payment_session_id").unwrap_or_default();
        let order = self.orders.find_alias(&session).filter(|_| session.starts_with("session_"));
        let Some(order) = order else {
            return Err(Problem::invalid("payment_session_id_invalid", "payment_session_id is not valid"));
        };
        self.must_be_payable(order)?;
        Ok(order)
    }

    /// A payment that waits, of an order that takes one; `request` is what came with the method.
    pub(crate) fn start_payment(
        &mut self,
        order: usize,
        method: Method,
        request: &Value,
    ) -> Result<usize, Problem> {
        self.must_be_payable(order)?;
        self.link_must_have_room(order)?;
        let price = self.orders[order].amount;
        let offer = self.redeem(request, &method, price)?;
        let surcharge = &request["payment_surcharge"];
        let extra = amount(&surcharge["payment_surcharge_service_charge"]).max(Decimal::ZERO)
            + amount(&surcharge["payment_surcharge_service_tax"]).max(Decimal::ZERO);
        let discount = offer.as_ref().map_or(Decimal::ZERO, |offer| offer.discount);
        let asked = &request["payment_method"][method.key];
        let by_note = self.orders[order].is_preauthorised() && method.channel == "link";
        let authorize_only = match method.key {
            "upi" => by_note || flag(&asked["authorize_only"]),
            "card" => by_note,
            _ => false,
        };
        let redirects = method.redirects();
        let payment = Payment {
            number: self.ids.number(),
            order,
            amount: price - discount + extra,
            status: if redirects { PaymentStatus::NotAttempted } else { PaymentStatus::Pending },
            method,
            message: None,
            started: self.now(),
            completed: None,
            failure: None,
            bank_reference: None,
            surcharge: surcharge.clone(),
            offer,
            authorize_only,
            authorization: asked["authorization"].clone(),
            captured: None,
            refunding: Decimal::ZERO,
            save_instrument: flag(&request["save_instrument"]),
            wrong_otps: 0,
        };
        let minutes = text(&asked["upi_expiry_minutes"]).and_then(|minutes| minutes.parse().ok());
        let limit =
            minutes.map_or(TIME_LIMIT, |minutes: i64| chrono::TimeDelta::minutes(minutes.clamp(1, 60)));
        let at = self.payments.insert(payment.number.to_string(), payment);
        self.orders[order].payments.push(at);
        self.due.at(self.now() + limit, Task::AttemptEnds(at));
        Ok(at)
    }
}

impl Payment {
    fn action(&self) -> &'static str {
        match (self.method.key, self.method.channel.as_str()) {
            ("upi", _) => "custom",
            (_, "post") => "post",
            _ => "link",
        }
    }

    /// What a UPI app is called with.
    pub(crate) fn upi_intent(&self) -> String {
        format!("upi://pay?pa=sandbox@cashfree&am={:.2}&tr={}", self.amount, self.number)
    }

    /// What the payer is to do now: `data` of the answer to a payment.
    fn next_step(&self, origin: &str) -> Value {
        let mut step = json!({
            "url": null, "payload": null, "content_type": null, "method": null, "redirect_to_bank": null,
        });
        match (self.method.key, self.method.channel.as_str()) {
            ("upi", "collect") => {}
            ("upi", "qrcode") => step["payload"] = json!({ "qrcode": qr::image(&self.upi_intent()) }),
            ("upi", _) => {
                let apps = ["bhim", "default", "gpay", "paytm", "phonepe", "web"];
                let intent = self.upi_intent();
                step["payload"] = apps.iter().map(|app| ((*app).to_owned(), json!(intent))).collect();
            }
            (_, "post") => {
                step["url"] = json!(format!("{origin}/pg/orders/pay/authenticate/{}", self.number));
                step["content_type"] = json!("application/json");
                step["method"] = json!("post");
                step["redirect_to_bank"] = json!(format!("{origin}/_sandbox/pay/{}", self.number));
            }
            _ => step["url"] = json!(format!("{origin}/_sandbox/pay/{}", self.number)),
        }
        step
    }
}
