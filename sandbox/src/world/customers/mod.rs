//! Customers and the cards they let us keep.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::call::{Call, amount, pick, text, with};
use super::clock::Time;
use super::{World, check, clock, values};
use crate::gateway::problem::Problem;

#[derive(Debug)]
pub(crate) struct Customer {
    uid: String,
    request: Value,
}

/// A card that a customer let us keep.
#[derive(Debug)]
pub(crate) struct Instrument {
    id: String,
    uid: String,
    pub(crate) customer: String,
    /// As payments by it show it.
    pub(crate) card: Value,
    /// Where its last use can be looked up.
    payment: u64,
    created: Time,
    deleted: bool,
}

impl Instrument {
    pub(crate) fn is_active(&self) -> bool {
        !self.deleted
    }
}

impl World {
    /// A phone is one customer, however often it is sent.
    pub(super) fn create_customer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        check::phone(call.body, "customer_phone")?;
        check::email(call.body, "customer_email")?;
        let phone = call.text("customer_phone").unwrap_or_default();
        let at = match self.customers.find(&phone) {
            Some(at) => {
                super::call::overlay(&mut self.customers[at].request, call.body.clone());
                at
            }
            None => {
                let uid = format!("cfcustom_{}", self.ids.number());
                self.customers.insert(phone, Customer { uid, request: call.body.clone() })
            }
        };
        let customer = &self.customers[at];
        Ok(with(customer.request.clone(), json!({ "customer_uid": customer.uid })))
    }

    /// The id of the customer with this phone, if there is one.
    pub(super) fn customer_uid(&self, phone: &Value) -> Option<&str> {
        let at = self.customers.find(&text(phone)?)?;
        Some(&self.customers[at].uid)
    }

    /// Keeps the card of a successful payment that asked for it.
    pub(super) fn keep_card(&mut self, payment: usize) {
        let paid = &self.payments[payment];
        let Some(customer) = text(&self.orders[paid.order].customer()["customer_id"]) else { return };
        if !paid.saves_card() {
            return;
        }
        let (order, number, card) = (paid.order, paid.number, paid.method.details.clone());
        let (id, uid, created) = (self.ids.uuid(), self.ids.token(32), self.now());
        let kept = Instrument {
            id: id.clone(),
            uid,
            customer: customer.clone(),
            card,
            payment: number,
            created,
            deleted: false,
        };
        let at = self.instruments.insert(id, kept);
        self.instruments_of.entry(customer).or_default().push(at);
        let data = json!({ "instrument": self.instrument_entity(at) });
        self.emit_of_order("INSTRUMENT_ACTIVE_WEBHOOK", order, data);
    }

    fn instrument_entity(&self, at: usize) -> Value {
        let kept = &self.instruments[at];
        let card = &kept.card;
        let number = &card["card_number"];
        json!({
            "customer_id": kept.customer,
            "afa_reference": kept.payment.to_string(),
            "instrument_id": kept.id,
            "instrument_type": "card",
            "instrument_uid": kept.uid,
            "instrument_display": number,
            "instrument_status": if kept.deleted { "INACTIVE" } else { "ACTIVE" },
            "created_at": clock::write(kept.created),
            "added_at": clock::write(kept.created),
            "instrument_meta": {
                "card_network": card["card_network"], "card_bank_name": card["card_bank_name"],
                "card_country": card["card_country"], "card_type": card["card_type"],
                "sub_type": card["card_sub_type"], "card_par": null, "card_token_details": null,
            },
        })
    }

    pub(super) fn fetch_instruments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let of_customer = self.instruments_of.get(call.path("customer_id"));
        let kept = of_customer.into_iter().flatten().filter(|at| self.instruments[**at].is_active());
        Ok(kept.map(|at| self.instrument_entity(*at)).collect())
    }

    fn instrument(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let found = self.instruments.find(call.path("instrument_id"));
        let own = |at: &usize| {
            let kept = &self.instruments[*at];
            kept.is_active() && kept.customer == call.path("customer_id")
        };
        found
            .filter(own)
            .ok_or_else(|| Problem::not_found("instrument_not_found", "instrument does not exist"))
    }

    pub(super) fn fetch_instrument(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.instrument(call)?;
        Ok(self.instrument_entity(at))
    }

    pub(super) fn delete_instrument(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.instrument(call)?;
        self.instruments[at].deleted = true;
        Ok(self.instrument_entity(at))
    }

    /// A cryptogram is good for one payment, so each is another.
    pub(super) fn fetch_cryptogram(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.instrument(call)?;
        let (requestor, cryptogram) = (self.ids.number(), self.ids.token(28));
        let kept = &self.instruments[at];
        let shown = text(&kept.card["card_number"]).unwrap_or_default();
        let hidden = shown.chars().count().saturating_sub(4);
        let last: String = shown.chars().skip(hidden).collect();
        Ok(json!({
            "instrument_id": kept.id,
            "token_requestor_id": requestor.to_string(),
            "card_number": token_number(&kept.uid, &last),
            "card_expiry_mm": "12",
            "card_expiry_yy": "30",
            "cryptogram": cryptogram,
            "card_display": last,
        }))
    }

    /// The account behind a card: the same for the same card, and for no other.
    pub(super) fn create_par(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let wrapped = json!({ "payment_method": { "card": call.body } });
        check::card(&wrapped, "payment_method.card", self.now())?;
        let number = call.text("card_number").unwrap_or_default();
        let digest = Sha256::digest(number.as_bytes());
        let letters =
            digest.iter().map(|byte| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[usize::from(byte % 32)]));
        Ok(json!({ "par": format!("V001{}", letters.take(25).collect::<String>()) }))
    }

    /// What the number of a card tells of it.
    pub(super) fn card_bin(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let number = call.text("card_number").or_else(|| call.text("card_bin")).unwrap_or_default();
        if number.len() < 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::not_found("cardbin_details_not_found", "nothing is known of this card"));
        }
        let kind = values::card(&number);
        Ok(json!({
            "card_bin": number.get(..6), "scheme": kind.scheme, "card_network": kind.scheme,
            "type": kind.card_type, "card_type": kind.card_type, "sub_type": kind.sub_type,
            "card_sub_type": kind.sub_type, "bank_name": "TEST BANK", "card_bank_name": "TEST BANK",
            "country": "IN", "card_country": "IN", "country_code": "IN",
        }))
    }

    /// The amount an eligibility query is about: its own, or its order's.
    pub(super) fn queried_amount(&self, call: &Call<'_>) -> Result<rust_decimal::Decimal, Problem> {
        let query = &call.body["queries"];
        match text(&query["order_id"]) {
            Some(order) => Ok(self.orders[self.order(&order)?].amount),
            None if text(&query["amount"]).is_some() => Ok(amount(&query["amount"])),
            None => Err(Problem::missing("queries.amount")),
        }
    }
}

/// A number that stands in for a card's, ends as it does, and has a check digit.
fn token_number(uid: &str, last: &str) -> String {
    let digits = Sha256::digest(uid.as_bytes());
    let middle: String = digits.iter().take(5).map(|byte| char::from(b'0' + byte % 10)).collect();
    let fits = |check: &u32| values::passes_luhn(&format!("489537{middle}{check}{last}"));
    let check = (0..10).find(fits).unwrap_or(0);
    format!("489537{middle}{check}{last}")
}

/// What an order's event may show of its customer.
pub(super) fn shown(customer: &Value) -> Value {
    pick(customer, &["customer_name", "customer_phone", "customer_email"])
}
