//! Payment links: paid in one go or in parts, cancelled or expired. And offers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::records::overlay;
use super::{Call, World, amount, text};
use crate::money;
use crate::problem::Problem;
use crate::{clock, spec};

const LINK: &str = "link";
const OFFER: &str = "offer";
/// Links expire after this many days where the caller does not say when.
const DEFAULT_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(30);

impl World {
    pub(super) fn create_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("link_id").unwrap_or_default();
        self.records.must_be_new(LINK, &id)?;
        let price = amount(&call.body["link_amount"]);
        if price < Decimal::ONE {
            return Err(Problem::invalid("link_amount_invalid", "link_amount : should be at least 1"));
        }
        let now = self.now();
        let expiry = match call.text("link_expiry_time") {
            None => now + DEFAULT_EXPIRY,
            Some(time) => clock::read(&time).filter(|time| *time > now).ok_or_else(|| {
                let message = "link_expiry_time : should be a time in the future. Value received: ";
                Problem::invalid("link_expiry_time_invalid", format!("{message}{time}"))
            })?,
        };
        let url = format!("{}/_sandbox/links/{id}", call.origin);
        let extra = json!({
            "cf_link_id": self.next_id().to_string(),
            "link_status": "ACTIVE",
            "link_amount": money::number(price),
            "link_amount_paid": money::number(Decimal::ZERO),
            "link_partial_payments": call.body["link_partial_payments"] == true,
            "link_auto_reminders": call.body["link_auto_reminders"] == true,
            "link_created_at": clock::write(now),
            "link_expiry_time": clock::write(expiry),
            "link_url": url,
            "link_qrcode": "data:image/png;base64,iVBORw0KGgo=",
            "_notify_url": call.body["link_meta"]["notify_url"],
        });
        let link = self.entity(call, extra);
        self.records.insert(LINK, id, link.clone());
        Ok(link)
    }

    /// The link, its expiry accounted for.
    fn link(&mut self, id: &str) -> Result<&mut Value, Problem> {
        let now = self.now();
        let link = self.records.find(LINK, id, "link_get_not_found")?;
        let expiry = text(&link["link_expiry_time"]).and_then(|time| clock::read(&time));
        if is_open(link) && expiry.is_some_and(|expiry| expiry <= now) {
            link["link_status"] = json!("EXPIRED");
        }
        Ok(link)
    }

    pub(super) fn fetch_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.link(call.path("link_id")).cloned()
    }

    pub(super) fn cancel_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let link = self.link(call.path("link_id"))?;
        if !is_open(link) {
            return Err(Problem::invalid("link_inactive", "link is no longer active"));
        }
        link["link_status"] = json!("CANCELLED");
        let link = link.clone();
        self.emit_link(&link, Value::Null);
        Ok(link)
    }

    pub(super) fn fetch_link_orders(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("link_id");
        self.link(id)?;
        let all = call.query("status").is_some_and(|status| status.eq_ignore_ascii_case("ALL"));
        let of_link = self.orders.values().filter(|order| order.link_id.as_deref() == Some(id));
        let wanted = of_link.filter(|order| all || order.status == "PAID");
        Ok(wanted.map(|order| self.order_entity(order, call.origin)).collect())
    }

    /// What opening a link does: an order over `part`, or over what is left, and a payment that waits.
    pub(crate) fn open_link(&mut self, id: &str, part: Option<Decimal>) -> Result<(String, u64), Problem> {
        let link = self.link(id)?.clone();
        if !is_open(&link) {
            return Err(Problem::invalid("link_inactive", "link is no longer active"));
        }
        let left = amount(&link["link_amount"]) - amount(&link["link_amount_paid"]);
        let wanted = part.unwrap_or(left);
        let least = if link["link_partial_payments"] == true {
            money::decimal(&link["link_minimum_partial_amount"]).unwrap_or(Decimal::ONE).min(left)
        } else {
            left
        };
        if wanted < least || wanted > left {
            let message = format!("amount : should be {least} to {left}. Value received: {wanted}");
            return Err(Problem::invalid("order_amount_invalid", message));
        }
        // A link knows its customer by phone only; an order has an id.
        let mut customer = link["customer_details"].clone();
        overlay(&mut customer, json!({ "customer_id": link["customer_details"]["customer_phone"] }));
        let request = json!({
            "order_id": format!("CFPay_{}", self.token(20)),
            "order_amount": money::number(wanted),
            "order_currency": link["link_currency"],
            "order_tags": { "cf_link_id": text(&link["cf_link_id"]), "link_id": id },
            "customer_details": customer,
            "order_splits": link["order_splits"],
        });
        let version = text(&link["_version"]).and_then(|version| spec::find(&version));
        let version = version.map_or_else(spec::newest, |spec| spec.version);
        let mut order = self.new_order(version, &request)?;
        order.link_id = Some(id.to_owned());
        let order_id = order.id.clone();
        self.orders.insert(order_id.clone(), order);
        let payment = self.start_payment(&order_id, "upi", &json!({ "channel": "link" }), &Value::Null)?;
        Ok((order_id, payment))
    }

    /// Books a paid order on its link.
    pub(super) fn link_paid(&mut self, order: &str) {
        let Some(paid) = self.orders.get(order) else { return };
        let Some(id) = paid.link_id.clone() else { return };
        let event = json!({
            "order_amount": format!("{:.2}", paid.amount),
            "order_id": paid.id,
            "order_expiry_time": clock::write(paid.expires),
            "order_hash": id,
            "transaction_id": paid.number,
            "transaction_status": "SUCCESS",
        });
        let sum = paid.amount;
        let Some(link) = self.records.get_mut(LINK, &id) else { return };
        let total = amount(&link["link_amount_paid"]) + sum;
        let complete = total >= amount(&link["link_amount"]);
        link["link_amount_paid"] = money::number(total);
        link["link_status"] = json!(if complete { "PAID" } else { "PARTIALLY_PAID" });
        let link = link.clone();
        self.emit_link(&link, event);
    }

    /// A link's event has its amounts as texts.
    fn emit_link(&mut self, link: &Value, order: Value) {
        let mut data = super::pick(
            link,
            &[
                "link_id",
                "link_status",
                "link_currency",
                "link_partial_payments",
                "link_purpose",
                "link_created_at",
                "customer_details",
                "link_meta",
                "link_url",
                "link_expiry_time",
                "link_notes",
                "link_auto_reminders",
                "link_notify",
            ],
        );
        for name in ["link_amount", "link_amount_paid", "link_minimum_partial_amount"] {
            data[name] = money::decimal(&link[name]).map_or(Value::Null, |sum| json!(format!("{sum:.2}")));
        }
        data["cf_link_id"] = json!(text(&link["cf_link_id"]).and_then(|id| id.parse::<u64>().ok()));
        data["order"] = order;
        self.emit_of(link, "PAYMENT_LINK_EVENT", data);
    }

    pub(super) fn create_offer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = self.uuid();
        let offer = self.entity(call, json!({ "offer_id": id, "offer_status": "active" }));
        self.records.insert(OFFER, id, offer.clone());
        Ok(offer)
    }

    pub(super) fn fetch_offer(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.records.find(OFFER, call.path("offer_id"), "offer_not_found").cloned()
    }

    pub(super) fn eligible_offers(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let price = self.queried_amount(call)?;
        let offers = self.records.of(OFFER).map(|offer| {
            let mut details = offer.clone();
            overlay(&mut details, json!({ "order_amount": price, "payable_amount": price }));
            json!({
                "eligibility": true, "entity_type": "offer", "entity_value": offer["offer_id"],
                "entity_details": details,
            })
        });
        Ok(offers.collect())
    }

    /// The amount an eligibility query is about: its own, or its order's.
    pub(super) fn queried_amount(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let query = &call.body["queries"];
        match text(&query["order_id"]) {
            Some(order) => Ok(money::number(self.order(&order)?.amount)),
            None => Ok(money::number(amount(&query["amount"]))),
        }
    }
}

fn is_open(link: &Value) -> bool {
    link["link_status"] == "ACTIVE" || link["link_status"] == "PARTIALLY_PAID"
}
