//! An order's extended data: what is in its cart, where it goes, and how far it has got.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::OrderStatus;
use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount, overlay};
use crate::world::{World, clock, money};

impl World {
    pub(crate) fn fetch_extended(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.order(call.path("order_id"))?;
        let order = &self.orders[at];
        let cart = &order.request["cart_details"];
        let customer = order.customer();
        let address = |name: &str| match &cart[name] {
            Value::Null => Value::Null,
            address => json!({
                "name": address["full_name"], "address_line_one": address["address_1"],
                "address_line_two": address["address_2"], "country": address["country"],
                "state": address["state"], "city": address["city"], "pin_code": address["pincode"],
                "phone": customer["customer_phone"], "email": customer["customer_email"],
            }),
        };
        // The offer that the order was paid with.
        let paid = order.payments.iter().map(|payment| &self.payments[*payment]);
        let mut captured = paid.filter(|payment| payment.captured.is_some());
        let offer = captured.find_map(|payment| payment.offer.as_ref());
        let mut entity = json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "order_amount": money::number(order.amount),
            "order_currency": order.currency,
            "created_at": clock::write(order.created),
            "charges": {
                "shipping_charges": money::number(amount(&cart["shipping_charge"])),
                "cod_handling_charges": money::number(Decimal::ZERO),
            },
            "customer_details": customer,
            "shipping_address": address("customer_shipping_address"),
            "billing_address": address("customer_billing_address"),
            "cart": match cart {
                Value::Null => Value::Null,
                cart => json!({ "name": cart["cart_name"], "items": cart["cart_items"] }),
            },
            "offer": offer.map(|offer| self.offer_entity(offer.offer)),
        });
        // No version declares it, so only `--quirks` shows it here; the answer to an update always does.
        overlay(&mut entity, order.delivery.clone());
        Ok(entity)
    }

    /// Only what has been paid is sent.
    pub(crate) fn update_extended(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.order(call.path("order_id"))?;
        if self.orders[at].status != OrderStatus::Paid {
            return Err(Problem::invalid("order_id_not_paid", "order is not paid"));
        }
        let order = &mut self.orders[at];
        if order.delivery.is_null() {
            order.delivery = json!({});
        }
        for name in ["shipment_details", "order_delivery_status"] {
            if !call.body[name].is_null() {
                order.delivery[name] = call.body[name].clone();
            }
        }
        Ok(json!({
            "cf_order_id": order.number.to_string(),
            "order_id": order.id,
            "shipment_details": order.delivery["shipment_details"],
            "order_delivery_status": order.delivery["order_delivery_status"],
        }))
    }
}
