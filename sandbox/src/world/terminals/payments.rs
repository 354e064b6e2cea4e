//! What is paid at terminals.

use serde_json::{Value, json};

use super::TerminalStatus;
use crate::gateway::problem::Problem;
use crate::world::call::{Call, text, time, with};
use crate::world::payments::{Method, payment_not_found};
use crate::world::{World, clock, money, qr};

/// So many payments stand on a page that does not say.
const PAGE: usize = 10;

impl World {
    pub(crate) fn create_terminal_transaction(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let number = call.text("cf_order_id").unwrap_or_default();
        let order = self.orders.find_alias(&number);
        let order = order
            .ok_or_else(|| Problem::not_found("order_not_found", "Order Reference Id does not exist"))?;
        let by_number = call.text("cf_terminal_id").map(|id| self.terminal(&id)).transpose()?;
        let by_phone = match by_number {
            None => call.text("terminal_phone_no").map(|phone| self.terminal_by_phone(&phone)).transpose()?,
            known => known,
        };
        if let Some(terminal) = by_phone {
            if self.terminals[terminal].status == TerminalStatus::Inactive {
                return Err(Problem::invalid("terminal_status_invalid", "terminal is not active"));
            }
            self.orders[order].terminal = Some(terminal);
        }
        let method = call.text("payment_method").unwrap_or_default();
        let payment = self.start_payment(order, Method::upi("qrcode"), &Value::Null)?;
        let payment = &self.payments[payment];
        Ok(json!({
            "cf_payment_id": payment.number.to_string(),
            "payment_amount": money::number(payment.amount),
            "payment_method": method,
            "payment_url": format!("{}/_sandbox/pay/{}", call.origin, payment.number),
            "qrcode": qr::image(&payment.upi_intent()),
            "timeout": clock::write(payment.started + chrono::TimeDelta::minutes(15)),
        }))
    }

    pub(crate) fn fetch_terminal_transaction(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.terminal(call.path("cf_terminal_id"))?;
        let payment = call.query("utr").and_then(|utr| self.payments.find_alias(utr));
        let payment = payment.ok_or_else(payment_not_found)?;
        let order = self.payments[payment].order;
        let customer = self.orders[order].customer().clone();
        Ok(with(self.payment_entity(payment), json!({ "customer_details": customer })))
    }

    /// A page of what has been paid at terminals, the latest first.
    pub(crate) fn fetch_terminal_transactions(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let filter = &call.body["filter"];
        let (from, till) = (time(filter, "start_date")?, time(filter, "end_date")?);
        let wanted = |at: &usize| {
            let payment = &self.payments[*at];
            let Some(number) = self.orders[payment.order].terminal else { return false };
            let terminal = &self.terminals[number];
            let is = |name: &str, value: &str| text(&filter[name]).is_none_or(|asked| asked == value);
            is("cf_terminal_id", &terminal.number.to_string())
                && is("terminal_phone_no", &terminal.phone)
                && is("terminal_vpa", self.vpa_of(number).unwrap_or(""))
                && is("payment_group", payment.method.group)
                && is("payment_status", payment.status.as_str())
                && from.is_none_or(|from| payment.started >= from)
                && till.is_none_or(|till| payment.started <= till)
        };
        let mut found: Vec<usize> = (0..self.payments.len()).filter(wanted).collect();
        if filter["sort_order"] != "ASC" {
            found.reverse();
        }
        let number = |name: &str, least: usize| match text(&call.body["pagination"][name]) {
            None => Ok(None),
            Some(asked) => match asked.parse::<usize>() {
                Ok(number) if number >= least => Ok(Some(number)),
                _ => {
                    let path = format!("pagination.{name}");
                    Err(Problem::member(&path, &format!("should be at least {least}"), &json!(asked)))
                }
            },
        };
        let size = number("page_size", 1)?.unwrap_or(PAGE);
        let before = number("page_number", 1)?.unwrap_or(1).saturating_sub(1).saturating_mul(size);
        Ok(found.into_iter().skip(before).take(size).map(|at| self.terminal_payment(at)).collect())
    }

    fn terminal_payment(&self, at: usize) -> Value {
        let payment = &self.payments[at];
        let number = self.orders[payment.order].terminal;
        let terminal = number.map(|at| &self.terminals[at]);
        json!({
            "cf_terminal_id": terminal.map(|terminal| terminal.number),
            "terminal_id": terminal.map(|terminal| terminal.name.clone()),
            "terminal_vpa": number.and_then(|at| self.vpa_of(at)),
            "cf_payment_id": payment.number.to_string(),
            "payment_amount": money::number(payment.amount),
            "payment_mode": payment.method.group.to_uppercase(),
            "payment_status": payment.status.as_str(),
            "payment_time": clock::write(payment.started),
            "error_details": self.payment_entity(at)["error_details"],
        })
    }
}
