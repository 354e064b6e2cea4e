//! An order as the API shows it.

use serde_json::{Value, json};

use super::OrderStatus;
use crate::world::call::pick;
use crate::world::{World, clock, money};

const CUSTOMER: [&str; 8] = [
    "customer_id",
    "customer_name",
    "customer_email",
    "customer_phone",
    "customer_bank_account_number",
    "customer_bank_ifsc",
    "customer_bank_code",
    "customer_uid",
];

const META: [&str; 4] = ["return_url", "notify_url", "payment_methods", "payment_methods_filters"];

impl World {
    pub(crate) fn order_entity(&self, order: usize, origin: &str) -> Value {
        let order = &self.orders[order];
        let request = &order.request;
        // What an order of 2022-09-01 has instead of its payments, refunds and settlements.
        let at = |part: &str| json!({ "url": format!("{origin}/pg/orders/{}/{part}", order.id) });
        let mut customer = pick(order.customer(), &CUSTOMER);
        if customer["customer_uid"].is_null() {
            customer["customer_uid"] = json!(self.customer_uid(&customer["customer_phone"]));
        }
        let link = order.link.map(|link| self.links[link].id.clone());
        json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "link_id": link,
            "entity": "order",
            "order_currency": order.currency,
            "order_amount": money::number(order.amount),
            "order_status": order.status.as_str(),
            "payment_session_id": order.session,
            "order_expiry_time": clock::write(order.expires),
            "order_note": request["order_note"],
            "created_at": clock::write(order.created),
            "order_splits": match &request["order_splits"] {
                Value::Null => json!([]),
                splits => splits.clone(),
            },
            "customer_details": customer,
            "order_meta": pick(&request["order_meta"], &META),
            "order_tags": request["order_tags"],
            "cart_details": order.cart.as_ref().map(|id| json!({ "cart_id": id })),
            "terminal_data": self.terminal_data(&request["terminal"], order.terminal),
            "products": match &request["products"] {
                Value::Null => json!({
                    "one_click_checkout": { "enabled": false, "conditions": [] },
                    "verify_pay": { "enabled": false, "conditions": [] },
                }),
                products => products.clone(),
            },
            "payments": at("payments"),
            "refunds": at("refunds"),
            "settlements": at("settlements"),
        })
    }

    fn terminal_data(&self, request: &Value, known: Option<usize>) -> Value {
        let number =
            known.map_or_else(|| request["cf_terminal_id"].clone(), |at| json!(self.terminals[at].number));
        match request {
            Value::Null => Value::Null,
            terminal => json!({
                "agent_mobile_number": terminal["terminal_phone_no"],
                "cf_terminal_id": number,
                "merchant_terminal_id": terminal["terminal_id"],
                "terminal_type": terminal["terminal_type"],
            }),
        }
    }

    /// What the pages show of an order.
    pub(crate) fn order_summary(&self, at: usize) -> Value {
        let order = &self.orders[at];
        json!({
            "order_id": order.id, "cf_order_id": order.number.to_string(),
            "order_amount": money::number(order.amount), "order_currency": order.currency,
            "order_status": order.status.as_str(), "created_at": clock::write(order.created),
            "payment_session_id": order.session, "version": order.version,
            "is_payable": order.status == OrderStatus::Active,
            "return_url": order.request["order_meta"]["return_url"],
            "customer_phone": order.customer()["customer_phone"],
            "payments": order.payments.iter().map(|one| self.payment_summary(*one)).collect::<Value>(),
            "refunds": order.refunds.iter().map(|one| self.refund_summary(*one)).collect::<Value>(),
            "disputes": order.disputes.iter().map(|one| self.dispute_summary(*one)).collect::<Value>(),
        })
    }
}
