//! Orders: created active, then paid, expired or terminated.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Call, World, amount, link, pick, text};
use crate::clock::{self, Time};
use crate::money;
use crate::problem::Problem;

/// Orders expire after this many days where the caller does not say when.
const DEFAULT_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(30);

#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
    pub(crate) status: &'static str,
    pub(crate) session: String,
    pub(crate) created: Time,
    pub(crate) expires: Time,
    /// The API version it was created with.
    pub(crate) version: &'static str,
    /// What the caller sent.
    pub(crate) request: Value,
    pub(crate) cart: Option<String>,
    pub(crate) delivery: Value,
    /// The payment link it belongs to.
    pub(crate) link_id: Option<String>,
}

impl World {
    pub(super) fn create_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.new_order(call.spec.version, &call.body)?;
        let entity = self.order_entity(&order, call.origin);
        self.orders.insert(order.id.clone(), order);
        Ok(entity)
    }

    pub(super) fn new_order(&mut self, version: &'static str, request: &Value) -> Result<Order, Problem> {
        let now = self.now();
        let id = match text(&request["order_id"]) {
            Some(id) => id,
            None => format!("order_{}", self.token(32)),
        };
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            let message = "order_id : should have letters, digits, - and _ only. Value received: ";
            return Err(Problem::invalid("order_id_invalid", format!("{message}{id}")));
        }
        if self.orders.contains_key(&id) {
            return Err(Problem::conflict("order_already_exists", "order with same id is already present"));
        }
        let currency = text(&request["order_currency"]).unwrap_or_else(|| "INR".to_owned());
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let message = format!("order_currency : is no currency code. Value received: {currency}");
            return Err(Problem::invalid("order_currency_invalid", message));
        }
        let expires = match text(&request["order_expiry_time"]) {
            None => now + DEFAULT_EXPIRY,
            Some(time) => clock::read(&time).filter(|time| *time > now).ok_or_else(|| {
                let message = "order_expiry_time : should be a time in the future. Value received: ";
                Problem::invalid("order_expiry_time_invalid", format!("{message}{time}"))
            })?,
        };
        Ok(Order {
            number: self.next_id(),
            amount: amount(&request["order_amount"]),
            currency,
            status: "ACTIVE",
            session: format!("session_{}", self.token(64)),
            created: now,
            expires,
            version,
            request: request.clone(),
            cart: request["cart_details"].is_object().then(|| self.token(16)),
            delivery: Value::Null,
            link_id: None,
            id,
        })
    }

    /// The order, its expiry accounted for.
    pub(super) fn order(&mut self, id: &str) -> Result<&mut Order, Problem> {
        let now = self.now();
        let order = self.orders.get_mut(id);
        let order = order
            .ok_or_else(|| Problem::not_found("order_not_found", "Order Reference Id does not exist"))?;
        if order.status == "ACTIVE" && order.expires <= now {
            order.status = "EXPIRED";
        }
        Ok(order)
    }

    pub(super) fn fetch_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.order(call.path("order_id"))?;
        self.show_order(call)
    }

    fn show_order(&self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.orders.get(call.path("order_id"));
        Ok(order.map_or(Value::Null, |order| self.order_entity(order, call.origin)))
    }

    pub(super) fn terminate_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("order_id");
        let pending = self.payments.values().any(|one| one.order == id && one.status == "PENDING");
        let wanted = call.text("order_status").unwrap_or_default();
        let order = self.order(id)?;
        if wanted != "TERMINATED" {
            let message = format!("order_status : should be TERMINATED. Value received: {wanted}");
            return Err(Problem::invalid("order_status_invalid", message));
        }
        match order.status {
            "ACTIVE" => order.status = if pending { "TERMINATION_REQUESTED" } else { "TERMINATED" },
            "TERMINATED" | "TERMINATION_REQUESTED" => {}
            "PAID" => return Err(Problem::invalid("order_already_paid", "order is already paid")),
            _ => return Err(Problem::invalid("order_inactive", "order is no longer active")),
        }
        self.show_order(call)
    }

    pub(super) fn order_entity(&self, order: &Order, origin: &str) -> Value {
        let request = &order.request;
        let at = |part: &str| link(format!("{origin}/pg/orders/{}/{part}", order.id));
        let customer = pick(
            &request["customer_details"],
            &[
                "customer_id",
                "customer_name",
                "customer_email",
                "customer_phone",
                "customer_bank_account_number",
                "customer_bank_ifsc",
                "customer_bank_code",
                "customer_uid",
            ],
        );
        let meta = pick(
            &request["order_meta"],
            &["return_url", "notify_url", "payment_methods", "payment_methods_filters"],
        );
        json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "link_id": order.link_id,
            "entity": "order",
            "order_currency": order.currency,
            "order_amount": money::number(order.amount),
            "order_status": order.status,
            "payment_session_id": order.session,
            "order_expiry_time": clock::write(order.expires),
            "order_note": request["order_note"],
            "created_at": clock::write(order.created),
            "order_splits": match &request["order_splits"] {
                Value::Null => json!([]),
                splits => splits.clone(),
            },
            "customer_details": customer,
            "order_meta": meta,
            "order_tags": request["order_tags"],
            "cart_details": order.cart.as_ref().map(|id| json!({ "cart_id": id })),
            "terminal_data": terminal(&request["terminal"]),
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

    pub(super) fn fetch_extended(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let cart = &order.request["cart_details"];
        let address = |name: &str| match &cart[name] {
            Value::Null => Value::Null,
            address => json!({
                "name": address["full_name"], "address_line_one": address["address_1"],
                "address_line_two": address["address_2"], "country": address["country"],
                "state": address["state"], "city": address["city"], "pin_code": address["pincode"],
            }),
        };
        Ok(json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "order_amount": money::number(order.amount),
            "order_currency": order.currency,
            "created_at": clock::write(order.created),
            "charges": {
                "shipping_charges": money::number(amount(&cart["shipping_charge"])),
                "cod_handling_charges": money::number(Decimal::ZERO),
            },
            "customer_details": order.request["customer_details"],
            "shipping_address": address("customer_shipping_address"),
            "billing_address": address("customer_billing_address"),
            "cart": match cart {
                Value::Null => Value::Null,
                cart => json!({ "name": cart["cart_name"], "items": cart["cart_items"] }),
            },
            "offer": null,
        }))
    }

    pub(super) fn update_extended(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        order.delivery = call.body.clone();
        Ok(json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "shipment_details": order.delivery["shipment_details"],
            "order_delivery_status": order.delivery["order_delivery_status"],
        }))
    }
}

fn terminal(request: &Value) -> Value {
    match request {
        Value::Null => Value::Null,
        terminal => json!({
            "agent_mobile_number": terminal["terminal_phone_no"],
            "cf_terminal_id": terminal["cf_terminal_id"],
            "merchant_terminal_id": terminal["terminal_id"],
            "terminal_type": terminal["terminal_type"],
        }),
    }
}
