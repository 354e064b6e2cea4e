//! Payment links: paid in one go or in parts, cancelled or expired.

mod entity;
mod state;

use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(crate) use state::{LinkEvent, LinkStatus};

use super::call::{Call, amount, flag, time, with};
use super::clock::Time;
use super::due::Task;
use super::orders::OrderStatus;
use super::payments::Method;
use super::payments::Outcome;
use super::{World, check, codes, money};
use crate::gateway::problem::Problem;

/// Links expire after this many days where the caller does not say when.
const DEFAULT_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(30);

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: String,
    number: u64,
    amount: Decimal,
    paid: Decimal,
    status: LinkStatus,
    created: Time,
    expires: Time,
    version: &'static str,
    request: Value,
    /// The orders that were made for it.
    orders: Vec<usize>,
}

impl Link {
    /// The least that may be paid of what is left.
    fn least(&self, left: Decimal) -> Decimal {
        if !flag(&self.request["link_partial_payments"]) {
            return left;
        }
        let least = &self.request["link_minimum_partial_amount"];
        money::decimal(least).unwrap_or(Decimal::ONE).min(left)
    }
}

impl World {
    pub(super) fn create_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        check_link(call.body)?;
        let id = call.text("link_id").unwrap_or_default();
        if self.links.find(&id).is_some() {
            return Err(Problem::conflict("link_already_exists", "link with same id is already present"));
        }
        let now = self.now();
        let expires = match call.time("link_expiry_time")? {
            None => now + DEFAULT_EXPIRY,
            Some(time) if time > now => time,
            Some(_) => {
                let asked = &call.body["link_expiry_time"];
                return Err(Problem::member("link_expiry_time", "should be a time in the future", asked));
            }
        };
        let price = amount(&call.body["link_amount"]);
        self.shares(&call.body["order_splits"], price)?;
        let link = Link {
            number: self.ids.number(),
            amount: price,
            paid: Decimal::ZERO,
            status: LinkStatus::Active,
            created: now,
            expires,
            version: call.spec.version,
            request: call.body.clone(),
            orders: Vec::new(),
            id: id.clone(),
        };
        let at = self.links.insert(id, link);
        self.due.at(expires, Task::LinkExpires(at));
        Ok(self.link_entity(at, call.origin))
    }

    fn link(&self, id: &str) -> Result<usize, Problem> {
        self.links.find(id).ok_or_else(|| Problem::not_found("link_get_not_found", "link does not exist"))
    }

    pub(super) fn fetch_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.link(call.path("link_id"))?;
        Ok(self.link_entity(at, call.origin))
    }

    /// Nobody may pay a cancelled link: its orders end, attempts that are open at them, and what is blocked for
    /// them goes back.
    pub(super) fn cancel_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.link(call.path("link_id"))?;
        let Some(next) = self.links[at].status.next(LinkEvent::Cancel) else {
            return Err(Problem::invalid("link_inactive", "link is no longer active"));
        };
        self.links[at].status = next;
        for order in self.links[at].orders.clone() {
            for payment in self.orders[order].payments.clone() {
                self.decide(payment, Outcome::Cancelled);
                self.block_ends(payment);
            }
            self.end_order(order);
        }
        self.emit_link(at, Value::Null);
        Ok(self.link_entity(at, call.origin))
    }

    pub(super) fn fetch_link_orders(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.link(call.path("link_id"))?;
        let all = call.query("status").is_some_and(|status| status.eq_ignore_ascii_case("ALL"));
        let wanted = |order: &&usize| all || self.orders[**order].status == OrderStatus::Paid;
        let orders = self.links[at].orders.iter().filter(wanted);
        Ok(orders.map(|order| self.order_entity(*order, call.origin)).collect())
    }

    /// What opening a link does: an order over `part`, or over what is left. An order over as much that nobody
    /// has paid yet is used again.
    pub(crate) fn open_link(&mut self, id: &str, part: Option<Decimal>) -> Result<usize, Problem> {
        let at = self.link(id)?;
        let link = &self.links[at];
        if !link.status.is_open() {
            return Err(Problem::invalid("link_inactive", "link is no longer active"));
        }
        let left = link.amount - link.paid;
        let wanted = part.unwrap_or(left);
        let least = link.least(left);
        if wanted < least || wanted > left || wanted.normalize().scale() > 2 {
            let message = format!("amount : should be {least} to {left}. Value received: {wanted}");
            return Err(Problem::invalid("order_amount_invalid", message));
        }
        let open = |order: &&usize| {
            let order = &self.orders[**order];
            order.status == OrderStatus::Active && order.amount == wanted
        };
        if let Some(order) = link.orders.iter().find(open) {
            return Ok(*order);
        }
        // A link knows its customer by phone only; an order has an id.
        let customer = &link.request["customer_details"];
        let customer = with(customer.clone(), json!({ "customer_id": customer["customer_phone"] }));
        let meta = &link.request["link_meta"];
        // An amount is of the whole link, and would be too much of a part; a percentage is of whatever is paid.
        let whole = wanted == link.amount;
        let splits = crate::spec::items(&link.request["order_splits"]);
        let splits: Value =
            splits.filter(|one| whole || money::decimal(&one["amount"]).is_none()).cloned().collect();
        let (token, version) = (self.ids.token(20), self.links[at].version);
        let link = &self.links[at];
        let request = json!({
            "order_id": format!("CFPay_{token}"),
            "order_amount": money::number(wanted),
            "order_currency": link.request["link_currency"],
            "order_tags": { "cf_link_id": link.number.to_string(), "link_id": id },
            "customer_details": customer,
            "order_splits": splits,
            "order_meta": {
                "return_url": meta["return_url"], "notify_url": meta["notify_url"],
                "payment_methods": meta["payment_methods"],
            },
        });
        let order = self.new_order(version, &request)?;
        self.orders[order].link = Some(at);
        self.links[at].orders.push(order);
        Ok(order)
    }

    /// Opens a link and starts a payment that waits for the payer's decision.
    pub(crate) fn open_link_to_pay(&mut self, id: &str, part: Option<Decimal>) -> Result<usize, Problem> {
        let order = self.open_link(id, part)?;
        self.start_payment(order, Method::upi("link"), &Value::Null)
    }

    /// Parts never add up to more than the link's amount: attempts that are open elsewhere count as paid.
    pub(super) fn link_must_have_room(&self, order: usize) -> Result<(), Problem> {
        let Some(at) = self.orders[order].link else { return Ok(()) };
        let link = &self.links[at];
        if !link.status.is_open() {
            return Err(Problem::invalid("link_inactive", "link is no longer active"));
        }
        let kept = |one: &&usize| {
            let blocked =
                self.orders[**one].paid_by.is_some_and(|paid| self.payments[paid].captured.is_none());
            **one != order && (blocked || self.has_open_payment(**one))
        };
        let kept: Decimal = link.orders.iter().filter(kept).map(|order| self.orders[*order].amount).sum();
        if link.paid + kept + self.orders[order].amount > link.amount {
            let message = "what is left of the link is being paid already";
            return Err(Problem::invalid("order_amount_invalid", message));
        }
        Ok(())
    }

    /// Books a captured order on its link. What the payer was given off, or paid on top, is no part of the link.
    pub(super) fn link_paid(&mut self, order: usize) {
        let Some(at) = self.orders[order].link else { return };
        let payment = self.orders[order].paid_by.map(|paid| &self.payments[paid]);
        let Some((payment, captured)) = payment.and_then(|paid| Some((paid, paid.captured?))) else { return };
        let price = self.orders[order].amount;
        let part = if captured == payment.amount { price } else { captured.min(price) };
        let link = &mut self.links[at];
        let event = if link.paid + part >= link.amount { LinkEvent::PayAll } else { LinkEvent::PayPart };
        let Some(next) = link.status.next(event) else { return };
        link.paid += part;
        link.status = next;
        let event = self.link_event_order(order);
        self.emit_link(at, event);
    }

    pub(super) fn expire_link(&mut self, at: usize) {
        if let Some(next) = self.links[at].status.next(LinkEvent::Expire) {
            self.links[at].status = next;
            self.emit_link(at, Value::Null);
        }
    }
}

fn check_link(body: &Value) -> Result<(), Problem> {
    let price = &body["link_amount"];
    if amount(price) < Decimal::ONE {
        return Err(Problem::member("link_amount", "should be at least 1", price));
    }
    let least = &body["link_minimum_partial_amount"];
    if flag(&body["link_partial_payments"]) && amount(least) > amount(price) {
        return Err(Problem::member("link_minimum_partial_amount", "should be at most link_amount", least));
    }
    check::id(body, "link_id")?;
    check::member(body, "link_currency", "is no currency", codes::is_currency)?;
    check::phone(body, "customer_details.customer_phone")?;
    check::email(body, "customer_details.customer_email")?;
    check::url(body, "link_meta.return_url")?;
    check::url(body, "link_meta.notify_url")?;
    time(body, "link_expiry_time").map(drop)
}
