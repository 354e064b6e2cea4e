//! The first API, over the same orders, payments, refunds and settlements as all later ones.
//!
//! What it answers is not published beyond `status`, `reason` and `paymentLink`; the other names are those of its
//! notifications. An order made here tells of its payments as the oldest version does.

use serde_json::{Value, json};

use super::World;
use super::call::{Call, amount, text};
use super::clock::{self, Time};
use crate::gateway::problem::Problem;

/// As many rows as a list has where no count is given.
const ROWS: usize = 50;

impl World {
    pub(super) fn first_create_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let field = |name: &str| call.body[name].clone();
        let request = json!({
            "order_id": field("orderId"), "order_amount": field("orderAmount"), "order_note": field("orderNote"),
            "order_currency": call.text("orderCurrency").unwrap_or_else(|| "INR".to_owned()),
            "customer_details": {
                "customer_id": "first_api", "customer_name": field("customerName"),
                "customer_phone": field("customerPhone"), "customer_email": field("customerEmail"),
            },
            "order_meta": { "return_url": field("returnUrl"), "notify_url": field("notifyUrl") },
        });
        let version = crate::spec::versions().next().unwrap_or_default();
        let order = self.new_order(version, &request)?;
        Ok(ok(json!({ "paymentLink": self.first_link(order, call) })))
    }

    pub(super) fn first_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.first_order_of(call)?;
        let order = &self.orders[at];
        let customer = order.customer();
        let details = json!({
            "orderId": order.id, "orderAmount": format!("{:.2}", order.amount), "orderCurrency": order.currency,
            "orderNote": order.request["order_note"], "orderStatus": order.status.as_str(),
            "customerName": customer["customer_name"], "customerPhone": customer["customer_phone"],
            "customerEmail": customer["customer_email"], "addedOn": clock::write_plain(order.created),
        });
        Ok(ok(json!({ "details": details })))
    }

    pub(super) fn first_order_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.first_order_of(call)?;
        Ok(ok(json!({ "paymentLink": self.first_link(order, call) })))
    }

    pub(super) fn first_order_status(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.first_order_of(call)?;
        let order = &self.orders[at];
        let mut answer = json!({
            "orderStatus": order.status.as_str(), "orderAmount": format!("{:.2}", order.amount),
        });
        if let Some(payment) = order.paid_by.or_else(|| order.payments.last().copied()) {
            super::call::overlay(&mut answer, self.first_payment(payment));
        }
        Ok(ok(answer))
    }

    pub(super) fn first_email(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.first_order_of(call)?;
        self.must_be_payable(order)?;
        Ok(ok(json!({ "message": "the payment link was sent" })))
    }

    pub(super) fn first_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.first_order_of(call)?;
        let payment = self.payment(&call.text("referenceId").unwrap_or_default())?;
        // A refund is of the payment that the order was paid by, which must be the one that is meant.
        let other = self.orders[at].paid_by.is_some_and(|paid| paid != payment);
        if other || self.payments[payment].order != at {
            let rule = "should be the payment that the order was paid by";
            return Err(Problem::member("referenceId", rule, &call.body["referenceId"]));
        }
        let order = self.orders[at].id.clone();
        let id = format!("first_{}", self.ids.short());
        let body = json!({
            "refund_id": id, "refund_amount": call.body["refundAmount"], "refund_note": call.body["refundNote"],
        });
        let path = [("order_id".to_owned(), order)];
        let made = self.create_refund(&Call { path: &path, query: &[], body: &body, ..*call })?;
        Ok(ok(json!({ "message": "the refund was taken", "refundId": text(&made["cf_refund_id"]) })))
    }

    pub(super) fn first_transactions(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let rows =
            self.payments.iter().enumerate().map(|(at, payment)| (payment.number, payment.started, at));
        let page = Page::read(call)?.fill(rows);
        let rows: Vec<Value> = page.iter().map(|(_, at)| self.first_payment(*at)).collect();
        Ok(ok(json!({ "transactions": rows, "lastId": last(&page) })))
    }

    pub(super) fn first_refunds(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let entities: Vec<Value> = (0..self.refunds.len()).map(|at| self.refund_entity(at)).collect();
        let rows = entities.iter().enumerate().filter_map(|(at, refund)| {
            let number = text(&refund["cf_refund_id"])?.parse().ok()?;
            Some((number, clock::read(&text(&refund["created_at"])?)?, at))
        });
        let page = Page::read(call)?.fill(rows);
        let row = |refund: &Value| {
            json!({
                "refundId": refund["cf_refund_id"], "orderId": refund["order_id"],
                "referenceId": refund["cf_payment_id"], "refundAmount": format!("{:.2}", amount(&refund["refund_amount"])),
                "refundStatus": refund["refund_status"], "note": refund["refund_note"],
            })
        };
        let rows: Vec<Value> = page.iter().map(|(_, at)| row(&entities[*at])).collect();
        Ok(ok(json!({ "refunds": rows, "lastId": last(&page) })))
    }

    pub(super) fn first_settlements(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let merchants =
            self.settlements.iter().enumerate().filter(|(_, settlement)| settlement.vendor.is_none());
        let page = Page::read(call)?.fill(merchants.map(|(at, one)| (one.number, one.initiated, at)));
        let rows: Vec<Value> = page.iter().map(|(_, at)| self.first_settled(*at)).collect();
        Ok(ok(json!({ "settlements": rows, "lastId": last(&page) })))
    }

    pub(super) fn first_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let wanted = call.text("settlementId").unwrap_or_default();
        let found = self.settlements.iter().position(|one| one.number.to_string() == wanted);
        let missing = || Problem::not_found("settlement_not_found", "settlement does not exist");
        Ok(ok(json!({ "settlement": self.first_settled(found.ok_or_else(missing)?) })))
    }

    /// Whoever gets here has them.
    pub(super) fn first_verify(&mut self, _: &Call<'_>) -> Result<Value, Problem> {
        Ok(ok(json!({ "message": "the credentials are right" })))
    }

    fn first_order_of(&self, call: &Call<'_>) -> Result<usize, Problem> {
        self.order(&call.text("orderId").unwrap_or_default())
    }

    fn first_link(&self, order: usize, call: &Call<'_>) -> String {
        format!("{}/_sandbox/checkout/{}", call.origin, self.orders[order].session)
    }

    fn first_payment(&self, at: usize) -> Value {
        let payment = &self.payments[at];
        json!({
            "orderId": self.orders[payment.order].id, "referenceId": payment.number.to_string(),
            "txAmount": format!("{:.2}", payment.amount), "txStatus": payment.status.as_str(),
            "txTime": clock::write_plain(payment.completed.unwrap_or(payment.started)), "txMsg": payment.message,
        })
    }

    fn first_settled(&self, at: usize) -> Value {
        let settlement = &self.settlements[at];
        json!({
            "id": settlement.number.to_string(), "amount": format!("{:.2}", settlement.amount),
            "status": settlement.status.as_str(), "utr": settlement.utr().to_string(),
            "initiatedOn": clock::write_plain(settlement.initiated),
            "settledOn": settlement.arrived.map(clock::write_plain),
        })
    }
}

fn ok(mut answer: Value) -> Value {
    answer["status"] = json!("OK");
    answer
}

/// Where a list goes on.
fn last(page: &[(u64, usize)]) -> Option<String> {
    page.last().map(|(number, _)| number.to_string())
}

/// Some days, and where to go on.
struct Page {
    from: Time,
    till: Time,
    after: u64,
    count: usize,
}

impl Page {
    fn read(call: &Call<'_>) -> Result<Self, Problem> {
        let day = |name: &str, time: &str| {
            let written = call.text(name).unwrap_or_default();
            let wrong = || Problem::member(name, "should be a day such as 2026-01-31", &call.body[name]);
            clock::read(&format!("{written}T{time}+05:30")).ok_or_else(wrong)
        };
        let number = |name: &str| call.text(name).and_then(|number| number.parse::<u64>().ok());
        let count = number("count").and_then(|count| usize::try_from(count).ok());
        Ok(Self {
            from: day("startDate", "00:00:00")?,
            till: day("endDate", "23:59:59")?,
            after: number("lastId").unwrap_or_default(),
            count: count.unwrap_or(ROWS),
        })
    }

    /// The rows of the page: number and position.
    fn fill(&self, rows: impl Iterator<Item = (u64, Time, usize)>) -> Vec<(u64, usize)> {
        rows.filter(|(number, time, _)| *number > self.after && (self.from..=self.till).contains(time))
            .map(|(number, _, at)| (number, at))
            .take(self.count)
            .collect()
    }
}
