//! Orders: created active, then paid, expired or terminated.

mod entity;
mod extended;
mod state;

use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use state::{OrderEvent, OrderStatus};

use super::call::{Call, amount, text};
use super::clock::Time;
use super::due::Task;
use super::vendors::Share;
use super::{World, check, codes, values};
use crate::gateway::problem::Problem;

/// Orders expire after this many days where the caller does not say when.
const DEFAULT_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(30);

#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
    pub(crate) status: OrderStatus,
    pub(crate) session: String,
    pub(crate) created: Time,
    pub(crate) expires: Time,
    /// The API version it was created with.
    pub(crate) version: &'static str,
    /// What the caller sent.
    pub(crate) request: Value,
    pub(crate) cart: Option<String>,
    /// What is known of its delivery.
    pub(crate) delivery: Value,
    /// The payment link it belongs to.
    pub(crate) link: Option<usize>,
    /// The terminal it was made at.
    pub(crate) terminal: Option<usize>,
    /// Who gets which part of it.
    pub(crate) shares: Vec<Share>,
    /// Splits that were asked for, with their times.
    pub(crate) splits: Vec<Value>,
    /// Its payments, refunds and disputes, oldest first.
    pub(crate) payments: Vec<usize>,
    pub(crate) refunds: Vec<usize>,
    pub(crate) disputes: Vec<usize>,
    /// The payment that made it paid.
    pub(crate) paid_by: Option<usize>,
    /// Blocked money was released.
    pub(crate) voided: bool,
    /// The merchant asked for it to be settled by itself.
    pub(crate) marked: bool,
}

impl Order {
    pub(crate) fn customer(&self) -> &Value {
        &self.request["customer_details"]
    }

    pub(crate) fn notify_url(&self) -> Option<String> {
        text(&self.request["order_meta"]["notify_url"])
    }

    /// Whether its payments only block the money.
    pub(crate) fn is_preauthorised(&self) -> bool {
        self.request["order_note"] == values::PREAUTHORISED
    }

    /// The account it has to be paid from, if it says so.
    pub(crate) fn account(&self) -> Option<(&str, &str)> {
        let customer = self.customer();
        let number = customer["customer_bank_account_number"].as_str()?;
        Some((number, customer["customer_bank_ifsc"].as_str().unwrap_or("")))
    }
}

impl World {
    pub(super) fn create_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.new_order(call.spec.version, call.body)?;
        Ok(self.order_entity(order, call.origin))
    }

    /// Makes an order of what a caller sent, or of what a link says.
    pub(super) fn new_order(&mut self, version: &'static str, request: &Value) -> Result<usize, Problem> {
        check_order(request)?;
        let now = self.now();
        let id = match text(&request["order_id"]) {
            Some(id) if self.orders.find(&id).is_some() => {
                let message = "order with same id is already present";
                return Err(Problem::conflict("order_already_exists", message));
            }
            Some(id) => id,
            None => format!("order_{}", self.ids.token(32)),
        };
        let expires = match super::call::time(request, "order_expiry_time")? {
            None => now + DEFAULT_EXPIRY,
            Some(time) if time > now => time,
            Some(_) => {
                let rule = "should be a time in the future";
                return Err(Problem::member("order_expiry_time", rule, &request["order_expiry_time"]));
            }
        };
        let price = amount(&request["order_amount"]);
        let terminal = self.terminal_of(&request["terminal"]);
        let mut shares = self.shares(&request["order_splits"], price)?;
        if shares.is_empty() {
            shares = self.static_shares(terminal);
        }
        let order = Order {
            number: self.ids.number(),
            amount: price,
            currency: text(&request["order_currency"]).unwrap_or_else(|| "INR".to_owned()),
            status: OrderStatus::Active,
            session: format!("session_{}", self.ids.token(64)),
            created: now,
            expires,
            version,
            request: request.clone(),
            cart: request["cart_details"].is_object().then(|| self.ids.token(16)),
            delivery: Value::Null,
            link: None,
            terminal,
            shares,
            splits: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            paid_by: None,
            voided: false,
            marked: false,
            id,
        };
        let (id, session, number) = (order.id.clone(), order.session.clone(), order.number.to_string());
        let at = self.orders.insert(id, order);
        self.orders.alias(session, at);
        self.orders.alias(number, at);
        self.due.at(expires, Task::OrderExpires(at));
        Ok(at)
    }

    /// The order that a path names.
    pub(super) fn order(&self, id: &str) -> Result<usize, Problem> {
        self.orders
            .find(id)
            .ok_or_else(|| Problem::not_found("order_not_found", "Order Reference Id does not exist"))
    }

    /// What happens to an order happens here, if it can.
    pub(super) fn order_event(&mut self, order: usize, event: OrderEvent) -> bool {
        let next = self.orders[order].status.next(event);
        if let Some(next) = next {
            self.orders[order].status = next;
        }
        next.is_some()
    }

    /// The error of an order that may not be paid.
    pub(super) fn must_be_payable(&self, order: usize) -> Result<(), Problem> {
        match self.orders[order].status {
            OrderStatus::Active => Ok(()),
            OrderStatus::Paid => Err(Problem::invalid("order_already_paid", "order is already paid")),
            _ => Err(Problem::invalid("order_inactive", "order is no longer active")),
        }
    }

    pub(super) fn fetch_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        Ok(self.order_entity(order, call.origin))
    }

    pub(super) fn terminate_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        if call.text("order_status").as_deref() != Some("TERMINATED") {
            let asked = &call.body["order_status"];
            return Err(Problem::member("order_status", "should be TERMINATED", asked));
        }
        match self.orders[order].status {
            OrderStatus::Terminated | OrderStatus::TerminationRequested => {}
            _ => {
                self.must_be_payable(order)?;
                self.end_order(order);
            }
        }
        Ok(self.order_entity(order, call.origin))
    }

    /// Ends an order as soon as no attempt at it is open.
    pub(super) fn end_order(&mut self, order: usize) {
        let open = self.has_open_payment(order);
        let event = if open { OrderEvent::AskTermination } else { OrderEvent::Terminate };
        self.order_event(order, event);
    }

    pub(super) fn has_open_payment(&self, order: usize) -> bool {
        self.orders[order].payments.iter().any(|payment| self.payments[*payment].status.is_open())
    }

    pub(super) fn expire_order(&mut self, order: usize) {
        if self.orders[order].expires <= self.now() {
            self.order_event(order, OrderEvent::Expire);
        }
    }
}

fn check_order(request: &Value) -> Result<(), Problem> {
    let price = &request["order_amount"];
    if amount(price) < Decimal::ONE {
        return Err(Problem::member("order_amount", "Invalid amount", price));
    }
    check::id(request, "order_id")?;
    check::member(request, "order_currency", "is no currency", codes::is_currency)?;
    check::id(request, "customer_details.customer_id")?;
    check::phone(request, "customer_details.customer_phone")?;
    check::email(request, "customer_details.customer_email")?;
    check::url(request, "order_meta.return_url")?;
    check::url(request, "order_meta.notify_url")
}
