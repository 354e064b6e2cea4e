//! Settlements and reconciliation: what was paid, less charges, page by page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Call, Payment, World, text};
use crate::problem::Problem;
use crate::spec::items;
use crate::{clock, money};

const SETTLED: &str = "settlement";
/// Two percent for the service, and 18 percent tax on that.
const CHARGE: Decimal = Decimal::from_parts(2, 0, 0, false, 2);
const TAX: Decimal = Decimal::from_parts(18, 0, 0, false, 2);

/// What is kept of a payment, and what is paid out.
struct Parts {
    charge: Decimal,
    tax: Decimal,
    settled: Decimal,
}

impl Parts {
    fn of(amount: Decimal) -> Self {
        let charge = (amount * CHARGE).round_dp(2);
        let tax = (charge * TAX).round_dp(2);
        Self { charge, tax, settled: amount - charge - tax }
    }
}

impl World {
    fn captured(&self, order: &str) -> Option<(&Payment, Decimal)> {
        let of_order = self.payments.values().filter(|payment| payment.order == order);
        of_order.filter(|payment| payment.status == "SUCCESS").find_map(|one| Some((one, one.captured?)))
    }

    pub(super) fn fetch_order_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?.id.clone();
        let missing = || Problem::not_found("settlement_get_not_found", "order has no settlement yet");
        let (payment, amount) = self.captured(&order).ok_or_else(missing)?;
        let mut answer = self.settlement_entity(payment, amount);
        // 2023-08-01 declares a page of reconciliation instead.
        let rows = self.recon_rows().into_iter();
        let rows: Vec<Value> = rows.filter(|row| text(&row["order_id"]).as_ref() == Some(&order)).collect();
        super::records::overlay(&mut answer, json!({ "cursor": null, "limit": rows.len(), "data": rows }));
        Ok(answer)
    }

    fn settlement_entity(&self, payment: &Payment, amount: Decimal) -> Value {
        let parts = Parts::of(amount);
        let order = self.orders.get(&payment.order);
        json!({
            "cf_payment_id": payment.id.to_string(),
            "cf_settlement_id": settlement_id(payment).to_string(),
            "settlement_currency": "INR",
            "order_id": payment.order,
            "entity": "settlement",
            "order_amount": order.map(|order| money::number(order.amount)),
            "payment_time": clock::write(payment.started),
            "service_charge": money::number(parts.charge),
            "service_tax": money::number(parts.tax),
            "settlement_amount": money::number(parts.settled),
            "settlement_id": settlement_id(payment),
            "transfer_id": settlement_id(payment),
            "transfer_time": payment.completed.map(clock::write),
            "transfer_utr": utr(payment),
            "forex_conversion_handling_charge": null,
            "forex_conversion_handling_tax": null,
            "forex_conversion_rate": null,
            "charges_currency": "INR",
        })
    }

    pub(super) fn mark_for_settlement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("order_id").unwrap_or_default();
        let order = self.order(&id)?.id.clone();
        if self.captured(&order).is_none() {
            return Err(Problem::invalid("order_id_not_paid", "order has no captured payment to settle"));
        }
        if self.records.get_mut(SETTLED, &order).is_some() {
            return Err(Problem::invalid("api_request_failed", "Duplicate request"));
        }
        let marked = self.entity(call, json!({}));
        self.records.insert(SETTLED, &order, marked);
        self.emit_settlement(&order);
        Ok(json!({}))
    }

    fn emit_settlement(&mut self, order: &str) {
        let Some((payment, amount)) = self.captured(order) else { return };
        let parts = Parts::of(amount);
        let time = clock::write(payment.started);
        let zero = money::number(Decimal::ZERO);
        let data = json!({ "settlement": {
            "settlement_id": settlement_id(payment),
            "utr": settlement_id(payment),
            "status": "SUCCESS",
            "payment_amount": money::number(amount),
            "service_charge": money::number(parts.charge),
            "service_tax": money::number(parts.tax),
            "settlement_amount": money::number(parts.settled),
            "amount_settled": money::number(parts.settled),
            "adjustment": zero,
            "settlement_charge": zero,
            "settlement_tax": zero,
            "payment_from": time,
            "payment_till": time,
            "reason": null,
            "remarks": null,
            "settled_on": self.stamp(),
            "settlement_initiated_on": self.stamp(),
            "settlement_type": "NORMAL_SETTLEMENT",
        }});
        self.emit("SETTLEMENT_SUCCESS", order, data);
    }

    /// One page of what was paid and refunded; every reconciliation operation answers its own view of it.
    pub(super) fn recon(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let pagination = &call.body["pagination"];
        let limit = match &pagination["limit"] {
            Value::Null => 10,
            limit => text(limit)
                .and_then(|limit| limit.parse().ok())
                .filter(|limit| (1..=1000).contains(limit))
                .ok_or_else(|| {
                    Problem::invalid(
                        "limit_invalid",
                        format!("pagination.limit : should be 1 to 1000. Value received: {limit}"),
                    )
                })?,
        };
        let start = match text(&pagination["cursor"]).filter(|cursor| !cursor.is_empty()) {
            None => 0,
            Some(cursor) => read_cursor(&cursor)
                .ok_or_else(|| Problem::invalid("cursor_invalid", "pagination.cursor : is not valid"))?,
        };
        let filters = &call.body["filters"];
        let rows = if call.operation.id == "PGFetchSettlements" {
            self.settlement_rows()
        } else {
            self.recon_rows()
        };
        let rows: Vec<Value> = rows.into_iter().filter(|row| wanted(row, filters)).collect();
        let end = rows.len().min(start.saturating_add(limit));
        let cursor = (end < rows.len()).then(|| STANDARD.encode(format!("at:{end}")));
        Ok(json!({
            "cursor": cursor, "limit": limit,
            "data": rows.get(start..end).unwrap_or_default(),
        }))
    }

    /// A settlement for each payment, as a row of 2023-08-01 and as an entity of the others.
    fn settlement_rows(&self) -> Vec<Value> {
        let captured = self.payments.values().filter_map(|payment| Some((payment, payment.captured?)));
        let rows = captured.map(|(payment, amount)| {
            let mut row = self.recon_row(payment, "PAYMENT", amount, &payment.id.to_string(), &Value::Null);
            super::records::overlay(&mut row, self.settlement_entity(payment, amount));
            row
        });
        rows.collect()
    }

    fn recon_rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        for payment in self.payments.values() {
            let Some(amount) = payment.captured else { continue };
            rows.push(self.recon_row(payment, "PAYMENT", amount, &payment.id.to_string(), &Value::Null));
            for refund in self.refunds.iter().filter(|refund| refund.payment() == payment.id) {
                let shown = self.refund_entity(refund);
                let id = text(&shown["cf_refund_id"]).unwrap_or_default();
                rows.push(self.recon_row(payment, "REFUND", refund.amount, &id, &shown));
            }
        }
        rows
    }

    /// A row with the members of every version's and every operation's view, flat and in groups.
    fn recon_row(&self, payment: &Payment, kind: &str, amount: Decimal, id: &str, refund: &Value) -> Value {
        let order = self.orders.get(&payment.order);
        let request = order.map_or(&Value::Null, |order| &order.request);
        let customer = &request["customer_details"];
        let parts = if kind == "PAYMENT" {
            Parts::of(amount)
        } else {
            Parts { charge: Decimal::ZERO, tax: Decimal::ZERO, settled: amount }
        };
        let sale = if kind == "PAYMENT" { "CREDIT" } else { "DEBIT" };
        let (charge, tax) = (money::number(parts.charge), money::number(parts.tax));
        let time = clock::write(payment.started);
        let settled_on = payment.completed.map(clock::write);
        let settlement = settlement_id(payment);
        let order_amount = order.map(|order| money::number(order.amount));
        let event = json!({
            "event_id": id, "event_type": kind, "sale_type": sale, "event_status": "SUCCESS",
            "event_settlement_amount": money::number(parts.settled), "event_amount": money::number(amount),
            "entity": "recon", "event_time": time, "event_currency": "INR",
            "event_service_charge": charge, "event_service_tax": tax,
        });
        let group = |names: &[&str], row: &Value| super::pick(row, names);
        let mut row = json!({
            "order_id": payment.order, "order_amount": order_amount, "order_currency": "INR",
            "order_tags": request["order_tags"],
            "customer_name": customer["customer_name"], "customer_email": customer["customer_email"],
            "customer_phone": customer["customer_phone"], "customer_id": customer["customer_id"],
            "payment_amount": money::number(payment.amount), "payment_currency": "INR",
            "payment_utr": payment.bank_reference, "bank_reference": payment.bank_reference,
            "payment_time": time, "payment_mode": payment.key, "payment_group": payment.group(),
            "payment_service_charge": charge, "payment_service_tax": tax,
            "cf_payment_id": payment.id.to_string(), "status": "SUCCESS",
            "cf_settlement_id": settlement.to_string(), "settlement_id": settlement,
            "settlement_date": settled_on, "settlement_utr": utr(payment), "utr": utr(payment),
            "service_charge": charge, "service_tax": tax,
            "refund_id": refund["refund_id"], "refund_arn": refund["refund_arn"],
            "refund_note": refund["refund_note"], "refund_processed_at": refund["processed_at"],
            // The views of easy-split.
            "amount": money::number(amount), "merchant_order_id": payment.order, "tx_time": time,
            "currency": "INR", "type": kind, "entity_id": id, "entity_type": kind,
            "settlement_time": settled_on, "settlement_eligibility_time": settled_on, "added_on": time,
        });
        super::records::overlay(&mut row, event.clone());
        let groups = json!({
            "event_details": event,
            "order_details": group(&["order_id", "order_amount", "order_currency", "order_tags"], &row),
            "customer_details":
                group(&["customer_phone", "customer_email", "customer_name", "customer_id"], &row),
            "payment_details": group(
                &[
                    "payment_amount", "payment_currency", "bank_reference", "payment_time", "payment_mode",
                    "payment_service_charge", "payment_service_tax", "cf_payment_id", "status",
                ],
                &row,
            ),
            "settlement_details": group(
                &["cf_settlement_id", "settlement_date", "utr", "service_charge", "service_tax"],
                &row,
            ),
            "refund_details":
                group(&["refund_processed_at", "refund_arn", "refund_note", "refund_id"], &row),
        });
        super::records::overlay(&mut row, groups);
        row
    }
}

fn wanted(row: &Value, filters: &Value) -> bool {
    let listed = |filter: &str, member: &str| {
        let mut ids = items(&filters[filter]).filter_map(text).peekable();
        ids.peek().is_none() || ids.any(|id| text(&row[member]).as_deref() == Some(&id))
    };
    let time = text(&row["event_time"]).and_then(|time| clock::read(&time));
    let bound = |name: &str| text(&filters[name]).and_then(|time| clock::read(&time));
    listed("cf_settlement_ids", "cf_settlement_id")
        && listed("settlement_utrs", "settlement_utr")
        && listed("order_ids", "order_id")
        && bound("start_date").is_none_or(|start| time.is_none_or(|time| time >= start))
        && bound("end_date").is_none_or(|end| time.is_none_or(|time| time <= end))
}

fn read_cursor(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("at:")?.parse().ok()
}

fn settlement_id(payment: &Payment) -> u64 {
    payment.id % 1_000_000_000
}

fn utr(payment: &Payment) -> String {
    format!("UTR{}", settlement_id(payment))
}
