//! Offers: who may use them, and what they take off.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::{Call, amount, pick, text, with};
use super::payments::Method;
use super::{World, clock, money};
use crate::gateway::problem::Problem;
use crate::spec::items;

#[derive(Debug)]
pub(crate) struct Offer {
    id: String,
    request: Value,
    used: u64,
}

/// An offer that a payment uses.
#[derive(Debug, Clone)]
pub(crate) struct Redemption {
    pub(crate) offer: usize,
    pub(crate) discount: Decimal,
    cashback: Decimal,
}

impl World {
    pub(super) fn create_offer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = self.ids.uuid();
        let at = self.offers.insert(id.clone(), Offer { id, request: call.body.clone(), used: 0 });
        Ok(self.offer_entity(at))
    }

    pub(super) fn fetch_offer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.offers.find(call.path("offer_id")).ok_or_else(offer_not_found)?;
        Ok(self.offer_entity(at))
    }

    pub(super) fn offer_entity(&self, at: usize) -> Value {
        let offer = &self.offers[at];
        let status = if self.is_running(offer) { "active" } else { "inactive" };
        with(offer.request.clone(), json!({ "offer_id": offer.id, "offer_status": status }))
    }

    /// Whether it has begun and has not ended.
    fn is_running(&self, offer: &Offer) -> bool {
        let bound = |name: &str| text(&offer.request["offer_meta"][name]).and_then(|time| clock::read(&time));
        let now = self.now();
        bound("offer_start_time").is_none_or(|start| start <= now)
            && bound("offer_end_time").is_none_or(|end| now < end)
    }

    /// Whether it may be used for so much, as far as that can be said without a method.
    fn is_open_to(&self, offer: &Offer, price: Decimal) -> bool {
        let rules = &offer.request["offer_validations"];
        let most = text(&rules["max_allowed"]).and_then(|most| most.parse::<u64>().ok());
        self.is_running(offer)
            && price >= amount(&rules["min_amount"])
            && most.is_none_or(|most| offer.used < most)
    }

    pub(super) fn eligible_offers(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let price = self.queried_amount(call)?;
        let kinds: Vec<&str> = items(&call.body["filters"]["offer_type"]).filter_map(Value::as_str).collect();
        let of_kind = |offer: &Offer| {
            let kind = offer.request["offer_details"]["offer_type"].as_str().unwrap_or_default();
            kinds.is_empty() || kinds.contains(&kind)
        };
        let listed = self.offers.iter().enumerate().filter(|(_, offer)| of_kind(offer)).map(|(at, offer)| {
            let eligible = self.is_open_to(offer, price);
            let discount = if eligible { offer.benefit("discount", price) } else { Decimal::ZERO };
            let amounts = json!({
                "order_amount": money::number(price), "payable_amount": money::number(price - discount),
            });
            json!({
                "eligibility": eligible, "entity_type": "offer", "entity_value": offer.id,
                "entity_details": with(self.offer_entity(at), amounts),
            })
        });
        Ok(listed.collect())
    }

    /// The offer that a payment asks for, if it applies.
    pub(super) fn redeem(
        &self,
        request: &Value,
        method: &Method,
        price: Decimal,
    ) -> Result<Option<Redemption>, Problem> {
        let Some(id) = text(&request["offer_id"]) else { return Ok(None) };
        let at = self.offers.find(&id).ok_or_else(offer_not_found)?;
        let offer = &self.offers[at];
        if !self.is_open_to(offer, price) || !offer.takes(method) {
            return Err(Problem::invalid("offer_id_invalid", "the offer does not apply to this payment"));
        }
        let (discount, cashback) = (offer.benefit("discount", price), offer.benefit("cashback", price));
        Ok(Some(Redemption { offer: at, discount, cashback }))
    }

    /// An offer is used once its payment succeeds.
    pub(super) fn count_redemption(&mut self, payment: usize) {
        if let Some(redemption) = &self.payments[payment].offer {
            let offer = redemption.offer;
            self.offers[offer].used += 1;
        }
    }

    /// `payment_offers` of a payment.
    pub(super) fn offers_entity(&self, payment: usize) -> Value {
        let Some(used) = &self.payments[payment].offer else { return Value::Null };
        let offer = &self.offers[used.offer];
        let meta = ["offer_title", "offer_description", "offer_code", "offer_start_time", "offer_end_time"];
        let done = self.payments[payment].captured.is_some();
        json!([{
            "offer_id": offer.id,
            "offer_type": offer.request["offer_details"]["offer_type"],
            "offer_meta": pick(&offer.request["offer_meta"], &meta),
            "offer_redemption": {
                "redemption_status": if done { "SUCCESS" } else { "PENDING" },
                "discount_amount": money::number(used.discount),
                "cashback_amount": money::number(used.cashback),
            },
        }])
    }
}

impl Offer {
    /// What it is worth: `discount` or `cashback`. Less than the price, so that something is left to pay.
    fn benefit(&self, kind: &str, price: Decimal) -> Decimal {
        let details = &self.request["offer_details"][format!("{kind}_details")];
        let value = amount(&details[format!("{kind}_value")]);
        let most = amount(&details[format!("max_{kind}_amount")]);
        let worth = match details[format!("{kind}_type")].as_str() {
            Some("flat") => value,
            Some(_) => (price * value / Decimal::ONE_HUNDRED).round_dp(2),
            None => return Decimal::ZERO,
        };
        let worth = if most > Decimal::ZERO { worth.min(most) } else { worth };
        worth.clamp(Decimal::ZERO, (price - Decimal::ONE).max(Decimal::ZERO))
    }

    /// Whether it is for payments of this kind.
    fn takes(&self, method: &Method) -> bool {
        let rules = &self.request["offer_validations"]["payment_method"];
        let same = |rule: &Value, value: &Value| match (rule.as_str(), value.as_str()) {
            (Some(rule), Some(value)) => rule.eq_ignore_ascii_case(value),
            _ => true,
        };
        let any = |rules: &Value, value: &Value| {
            items(rules).next().is_none() || items(rules).any(|rule| same(rule, value))
        };
        let details = &method.details;
        match method.key {
            _ if rules["all"].is_object() => true,
            "card" => {
                let rule = &rules["card"];
                let kind = details["card_type"].as_str().unwrap_or_default();
                let kinds = json!(if kind == "debit_card" { "dc" } else { "cc" });
                rule.is_object()
                    && (any(&rule["type"], &details["card_type"]) || any(&rule["type"], &kinds))
                    && any(&rule["scheme_name"], &details["card_network"])
            }
            "netbanking" => {
                let rule = &rules["netbanking"];
                rule.is_object() && same(&rule["bank_name"], &details["netbanking_bank_name"])
            }
            "app" | "paylater" => {
                let rule = &rules[method.key];
                rule.is_object() && same(&rule["provider"], &details["provider"])
            }
            "emi" => rules["emi"].is_object(),
            key => rules[key].is_object(),
        }
    }
}

fn offer_not_found() -> Problem {
    Problem::not_found("offer_not_found", "offer does not exist")
}
