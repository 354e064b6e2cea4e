//! SoftPOS terminals, their soundboxes and transactions.

use serde_json::{Value, json};

use super::records::overlay;
use super::{Call, World, text};
use crate::money;
use crate::problem::Problem;

const TERMINAL: &str = "terminal";
const SOUNDBOX: &str = "soundbox";

impl World {
    pub(super) fn create_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let name = call.text("terminal_id").unwrap_or_default();
        if self.records.of(TERMINAL).any(|one| text(&one["terminal_id"]).as_deref() == Some(&name)) {
            return Err(Problem::conflict(
                "terminal_already_exists",
                "terminal with same id is already present",
            ));
        }
        let id = self.next_id() % 1_000_000_000;
        let extra = json!({
            "cf_terminal_id": id, "terminal_status": "ACTIVE", "added_on": self.stamp(),
            "last_updated_on": self.stamp(),
            // As the API spells it.
            "teminal_id": name,
        });
        let terminal = self.entity(call, extra);
        self.records.insert(TERMINAL, id.to_string(), terminal.clone());
        Ok(terminal)
    }

    fn terminal(&mut self, id: &str) -> Result<&mut Value, Problem> {
        self.records.find(TERMINAL, id, "terminal_post_not_found")
    }

    pub(super) fn fetch_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let phone = call.path("terminal_phone_no");
        let found =
            self.records.of(TERMINAL).find(|one| text(&one["terminal_phone_no"]).as_deref() == Some(phone));
        found.cloned().ok_or_else(|| Problem::not_found("terminal_post_not_found", "terminal does not exist"))
    }

    /// Serves the change of a terminal and of its status alike.
    pub(super) fn update_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let now = self.stamp();
        let terminal = self.terminal(call.path("cf_terminal_id"))?;
        overlay(terminal, call.body.clone());
        terminal["last_updated_on"] = json!(now);
        Ok(json!([terminal]))
    }

    pub(super) fn upload_terminal_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let terminal = self.terminal(call.path("cf_terminal_id"))?;
        Ok(json!([{
            "cf_terminal_id": terminal["cf_terminal_id"], "doc_type": call.body["doc_type"],
            "doc_value": call.body["doc_value"], "status": "ACTIVE",
        }]))
    }

    pub(super) fn create_terminal_transaction(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let number = call.text("cf_order_id").unwrap_or_default();
        let order = self.orders.values().find(|order| order.number.to_string() == number);
        let order = order
            .map(|order| order.id.clone())
            .ok_or_else(|| Problem::not_found("order_not_found", "Order Reference Id does not exist"))?;
        let method = call.text("payment_method").unwrap_or_default();
        let payment = self.start_payment(&order, "upi", &json!({ "channel": "qrcode" }), &Value::Null)?;
        let sum = self.payments.get(&payment).map(|payment| money::number(payment.amount));
        Ok(json!({
            "cf_payment_id": payment.to_string(),
            "payment_amount": sum,
            "payment_method": method,
            "payment_url": format!("{}/_sandbox/pay/{payment}", call.origin),
            "qrcode": "data:image/png;base64,iVBORw0KGgo=",
            "timeout": self.stamp(),
        }))
    }

    pub(super) fn fetch_terminal_transaction(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.terminal(call.path("cf_terminal_id"))?;
        let utr = call.query("utr");
        let payment =
            self.payments.values().find(|one| one.bank_reference.as_deref() == utr && utr.is_some());
        let payment = payment.ok_or_else(super::payments::payment_not_found)?;
        let mut entity = self.payment_entity(payment);
        if let Some(order) = self.orders.get(&payment.order) {
            entity["customer_details"] = order.request["customer_details"].clone();
        }
        Ok(entity)
    }

    pub(super) fn onboard_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.text("device_serial_no").unwrap_or_default();
        self.terminal(&call.text("cf_terminal_id").unwrap_or_default())?;
        let soundbox = self.entity(call, json!({}));
        self.records.insert(SOUNDBOX, device, soundbox.clone());
        Ok(soundbox)
    }

    pub(super) fn update_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let of_terminal =
            |one: &&Value| text(&one["cf_terminal_id"]).as_deref() == Some(call.path("cf_terminal_id"));
        let found =
            self.records.of(SOUNDBOX).find(of_terminal).and_then(|one| text(&one["device_serial_no"]));
        let soundbox = self.records.find(SOUNDBOX, &found.unwrap_or_default(), "resource_post_not_found")?;
        overlay(soundbox, call.body.clone());
        Ok(soundbox.clone())
    }

    pub(super) fn fetch_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.query("device_serial_no").unwrap_or("").to_owned();
        let soundbox = self.records.find(SOUNDBOX, &device, "resource_get_not_found")?;
        Ok(json!([soundbox]))
    }

    pub(super) fn remove_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.text("device_serial_no").unwrap_or_default();
        let soundbox = self.records.find(SOUNDBOX, &device, "resource_post_not_found")?.clone();
        self.records.remove(SOUNDBOX, &device);
        Ok(json!([soundbox]))
    }
}
