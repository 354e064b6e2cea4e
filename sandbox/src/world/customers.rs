//! Customers and the cards they let us keep.

use serde_json::{Value, json};

use super::{Call, World, text};
use crate::problem::Problem;

const CUSTOMER: &str = "customer";
const INSTRUMENT: &str = "instrument";

impl World {
    pub(super) fn create_customer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let uid = format!("cfcustom_{}", self.next_id());
        let customer = self.entity(call, json!({ "customer_uid": uid }));
        self.records.insert(CUSTOMER, uid, customer.clone());
        Ok(customer)
    }

    /// Keeps the card of a successful payment that asked for it.
    pub(super) fn save_instrument(&mut self, payment: u64) {
        let Some(paid) = self.payments.get(&payment) else { return };
        let card = paid.method["card"].clone();
        let Some(order) = self.orders.get(&paid.order) else { return };
        let customer = order.request["customer_details"]["customer_id"].clone();
        if card.is_null() || customer.is_null() {
            return;
        }
        let (order, version) = (paid.order.clone(), order.version);
        let id = self.uuid();
        let mut instrument = json!({
            "customer_id": customer,
            "afa_reference": payment.to_string(),
            "instrument_id": id,
            "instrument_type": "card",
            "instrument_uid": self.token(32),
            "instrument_display": card["card_number"],
            "instrument_status": "ACTIVE",
            "created_at": self.stamp(),
            "instrument_meta": {
                "card_network": card["card_network"], "card_bank_name": card["card_bank_name"],
                "card_country": card["card_country"], "card_type": card["card_type"],
                "card_token_details": null,
            },
            "_version": version,
        });
        self.records.insert(INSTRUMENT, id, instrument.clone());
        if let Some(event) = instrument.as_object_mut() {
            event.remove("_version");
            let created = event.remove("created_at").unwrap_or_default();
            event.insert("added_at".to_owned(), created);
        }
        self.emit("INSTRUMENT_ACTIVE_WEBHOOK", &order, json!({ "instrument": instrument }));
    }

    pub(super) fn fetch_instruments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let customer = call.path("customer_id");
        let all = self.records.of(INSTRUMENT);
        Ok(all.filter(|one| text(&one["customer_id"]).as_deref() == Some(customer)).cloned().collect())
    }

    pub(super) fn fetch_instrument(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("instrument_id");
        let instrument = self.records.find(INSTRUMENT, id, "instrument_not_found")?;
        if text(&instrument["customer_id"]).as_deref() != Some(call.path("customer_id")) {
            return Err(Problem::not_found("instrument_not_found", "instrument does not exist"));
        }
        Ok(instrument.clone())
    }

    pub(super) fn delete_instrument(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let mut instrument = self.fetch_instrument(call)?;
        self.records.remove(INSTRUMENT, call.path("instrument_id"));
        instrument["instrument_status"] = json!("INACTIVE");
        Ok(instrument)
    }

    pub(super) fn fetch_cryptogram(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let instrument = self.fetch_instrument(call)?;
        let shown = text(&instrument["instrument_display"]).unwrap_or_default();
        let hidden = shown.chars().count().saturating_sub(4);
        Ok(json!({
            "instrument_id": instrument["instrument_id"],
            "token_requestor_id": self.next_id().to_string(),
            "card_number": "4111111111111111",
            "card_expiry_mm": "12",
            "card_expiry_yy": "30",
            "cryptogram": self.token(28),
            "card_display": shown.chars().skip(hidden).collect::<String>(),
        }))
    }
}
