//! A payment link as the API shows it, and as the merchant hears of it.

use serde_json::{Value, json};

use crate::world::call::{flag, pick, text, with};
use crate::world::{World, clock, money, qr};

impl World {
    pub(super) fn link_entity(&self, at: usize, origin: &str) -> Value {
        let link = &self.links[at];
        let url = format!("{origin}/_sandbox/links/{}", link.id);
        let extra = json!({
            "cf_link_id": link.number.to_string(),
            "link_status": link.status.as_str(),
            "link_amount": money::number(link.amount),
            "link_amount_paid": money::number(link.paid),
            "link_partial_payments": flag(&link.request["link_partial_payments"]),
            "link_auto_reminders": flag(&link.request["link_auto_reminders"]),
            "link_created_at": clock::write(link.created),
            "link_expiry_time": clock::write(link.expires),
            "link_qrcode": qr::image(&url),
            "link_url": url,
        });
        with(link.request.clone(), extra)
    }

    /// What a link's event says of the order that was paid.
    pub(super) fn link_event_order(&self, order: usize) -> Value {
        let order = &self.orders[order];
        json!({
            "order_amount": format!("{:.2}", order.amount),
            "order_id": order.id,
            "order_expiry_time": clock::write(order.expires),
            "order_hash": order.link.map(|link| &self.links[link].id),
            "transaction_id": order.number,
            "transaction_status": "SUCCESS",
        })
    }

    /// A link's event has its amounts as texts.
    pub(super) fn emit_link(&mut self, at: usize, order: Value) {
        let link = &self.links[at];
        let names = [
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
        ];
        let mut data = pick(&self.link_entity(at, &self.origin), &names);
        let least = money::decimal(&link.request["link_minimum_partial_amount"]);
        data["link_amount"] = json!(format!("{:.2}", link.amount));
        data["link_amount_paid"] = json!(format!("{:.2}", link.paid));
        data["link_minimum_partial_amount"] = json!(least.map(|least| format!("{least:.2}")));
        data["cf_link_id"] = json!(link.number);
        data["order"] = order;
        let (version, notify_url) = (link.version, text(&link.request["link_meta"]["notify_url"]));
        self.emit("PAYMENT_LINK_EVENT", version, notify_url, data);
    }

    /// What the pages show of a link.
    pub(crate) fn link_summary(&self, id: &str) -> Option<Value> {
        let at = self.links.find(id)?;
        let link = &self.links[at];
        let left = link.amount - link.paid;
        Some(json!({
            "link_id": link.id, "link_status": link.status.as_str(), "is_open": link.status.is_open(),
            "link_amount": money::number(link.amount), "link_amount_paid": money::number(link.paid),
            "link_currency": link.request["link_currency"], "link_purpose": link.request["link_purpose"],
            "left": money::number(left), "least": money::number(link.least(left)),
        }))
    }
}
