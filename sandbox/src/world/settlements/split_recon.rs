//! Reconciliation of what vendors get.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::SettlementStatus;
use crate::gateway::problem::Problem;
use crate::spec::items;
use crate::world::call::{Call, text};
use crate::world::ledger::{Entry, Kind};
use crate::world::page::{Page, listed};
use crate::world::{World, clock, money};

/// What stands in a column that has nothing to say.
const NONE: &str = "NA";

impl World {
    /// What moved a vendor's balance.
    pub(crate) fn recon_of_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let page = Page::read(call, 10)?;
        let filters = &call.body["filters"];
        let vendor = match text(&filters["merchant_vendor_id"]) {
            None => None,
            Some(id) => Some(self.vendors.find(&id).ok_or_else(|| Problem::split("Vendor does not exist"))?),
        };
        let settlement = text(&filters["settlement_id"]).map(|id| self.settlements.find(&id));
        let entries = self.ledger.entries();
        let wanted = |entry: &Entry| {
            entry.vendor.is_some()
                && entry.kind != Kind::Charged
                && vendor.is_none_or(|vendor| entry.vendor == Some(vendor))
                && settlement.is_none_or(|at| at.is_some() && entry.payout == at)
                && page.from.is_none_or(|from| entry.at >= from)
                && page.till.is_none_or(|till| entry.at <= till)
        };
        let rows = match vendor {
            Some(vendor) => self.ledger.of_vendor(vendor).to_vec(),
            None => (0..entries.len()).collect(),
        };
        let rows = rows.into_iter().filter(|at| wanted(&entries[*at]));
        Ok(page.fill(rows.map(|at| (at, self.vendor_row(&entries[at])))))
    }

    fn vendor_row(&self, entry: &Entry) -> Value {
        let payout = entry.payout.map(|at| &self.settlements[at]);
        let paid = payout.filter(|one| one.status == SettlementStatus::Success);
        let order = entry.order.map_or(NONE, |at| &self.orders[at].id);
        let time = clock::write_plain(entry.at);
        let kind = match entry.kind {
            Kind::Split => "transaction",
            Kind::SplitBack => "REFUND",
            Kind::VendorPaid | Kind::VendorReturned => "vendor_settlement",
            _ => "adjustment",
        };
        // With one decimal at least, and with both where there are paise.
        let scale = entry.amount.normalize().scale().max(1) as usize;
        let sum = format!("{:.scale$}", entry.amount);
        let credit = entry.vendor() > Decimal::ZERO;
        let own = matches!(entry.kind, Kind::VendorPaid | Kind::VendorReturned);
        json!({
            "amount": money::number(entry.amount),
            "settlement_eligibility_time": if own { NONE.to_owned() } else { time.clone() },
            "merchant_order_id": order,
            "tx_time": time,
            "settlement_id": payout.map(|one| one.number),
            "settled": paid.is_some(),
            "fee": if own { "0.0" } else { NONE },
            "tax": if own { "0.0" } else { NONE },
            "entity_id": entry.reference,
            "type": kind,
            "merchant_vendor_id": entry.vendor.map(|vendor| &self.vendors[vendor].id),
            "added_on_time": time,
            "settlement_time": paid.and_then(|one| one.arrived).map_or(NONE.to_owned(), clock::write_plain),
            "settlement_utr": paid.map_or(NONE.to_owned(), |one| one.utr().to_string()),
            "currency": "INR",
            "debit": if credit { NONE } else { sum.as_str() },
            "credit": if credit { sum.as_str() } else { NONE },
            "refund_arn": if entry.kind == Kind::SplitBack { &entry.reference } else { NONE },
        })
    }

    /// What came in and went back, with who gets which part.
    pub(crate) fn recon_of_orders(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let page = Page::read(call, 10)?;
        let orders = listed(&call.body["filters"]["order_ids"]);
        let entries = self.ledger.entries();
        let first = page.from.map_or(0, |from| self.ledger.since(from)).max(page.start);
        let rows = (first..entries.len())
            .map(|at| (at, &entries[at]))
            .take_while(|(_, entry)| page.till.is_none_or(|till| entry.at <= till))
            .filter(|(_, entry)| matches!(entry.kind, Kind::Captured | Kind::Refunded))
            .filter_map(|(at, entry)| {
                let order = entry.order?;
                let listed = orders.as_ref().is_none_or(|orders| orders.contains(&self.orders[order].id));
                listed.then(|| (at, self.order_split_row(entry, order)))
            });
        Ok(page.fill(rows))
    }

    fn order_split_row(&self, entry: &Entry, at: usize) -> Value {
        let order = &self.orders[at];
        let settlement = self.arrived(entry).map(|at| &self.settlements[at]);
        let time = clock::write(entry.at);
        let customer = order.customer();
        let moved = entry.payment.map(|payment| self.ledger.of_payment(payment)).unwrap_or_default();
        let left = (moved.captured - moved.split - moved.refunded).max(Decimal::ZERO);
        let plain = |sum: Decimal| format!("{sum:.2}");
        let kind = if entry.kind == Kind::Captured { "transaction" } else { "refund" };
        json!({
            "amount": money::number(entry.amount), "settlement_eligibility_time": time,
            "status": "SUCCESS", "merchant_order_id": order.id, "tx_time": time,
            "settled": if settlement.is_some() { "YES" } else { "NO" }, "entity_id": entry.reference,
            "merchant_settlement_utr": settlement.map(|one| one.utr().to_string()), "currency": "INR",
            "sale_type": if kind == "refund" { "DEBIT" } else { "CREDIT" },
            "customer_name": customer["customer_name"], "customer_email": customer["customer_email"],
            "customer_phone": customer["customer_phone"],
            "merchant_vendor_commission": plain(moved.split), "split_service_charge": plain(Decimal::ZERO),
            "split_service_tax": plain(Decimal::ZERO), "pg_service_charge": plain(entry.fee),
            "pg_service_tax": plain(entry.tax), "pg_charge_postpaid": "NO",
            "merchant_settlement_id": settlement.map(|one| one.number.to_string()), "added_on": time,
            "tags": order.request["order_tags"].as_object().map(|tags| Value::from(tags.clone()).to_string()),
            "entity_type": kind,
            "settlement_initiated_on": settlement.map(|one| clock::write(one.initiated)),
            "settlement_time": settlement.and_then(|one| one.arrived).map(clock::write),
            "order_splits": self.order_splits(at),
            "eligible_split_balance": plain(left),
        })
    }

    /// The splits an order was made with, and those of later.
    fn order_splits(&self, at: usize) -> Value {
        let order = &self.orders[at];
        let shown = |split: &Value, time: &Value| {
            let parts = items(split).map(|part| {
                json!({
                    "merchant_vendor_id": text(&part["vendor_id"]).or_else(|| text(&part["vendorId"])),
                    "percentage": part["percentage"], "tags": part["tags"],
                })
            });
            json!({ "split": parts.collect::<Value>(), "created_at": time })
        };
        let first = &order.request["order_splits"];
        let first = items(first).next().map(|_| shown(first, &json!(clock::write(order.created))));
        let later = order.splits.iter().map(|split| shown(&split["split"], &split["created_at"]));
        first.into_iter().chain(later).collect()
    }

    /// Everything about the split of one order.
    pub(crate) fn split_of_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.order(call.path("order_id"))?;
        let mut vendors: Vec<(usize, Decimal, Option<usize>)> = Vec::new();
        for entry in self.ledger.of_order(at) {
            let Some(vendor) = entry.vendor else { continue };
            match vendors.iter_mut().find(|(one, ..)| *one == vendor) {
                Some((_, sum, payout)) => {
                    *sum += entry.vendor();
                    *payout = payout.or(entry.payout);
                }
                None => vendors.push((vendor, entry.vendor(), entry.payout)),
            }
        }
        let eligible = clock::write(clock::next_hour(self.orders[at].created, super::HOUR));
        let vendors = vendors.into_iter().map(|(vendor, sum, payout)| {
            json!({
                "vendor_id": self.vendors[vendor].id,
                "settlement_id": payout.map(|at| self.settlements[at].number),
                "settlement_amount": money::number(sum), "settlement_eligibility_date": eligible,
            })
        });
        let refunds = self.orders[at].refunds.iter().map(|refund| self.refund_entity(*refund));
        Ok(json!({
            "settlement": self.order_settlement(at),
            "refunds": refunds.collect::<Value>(),
            "vendors": vendors.collect::<Value>(),
        }))
    }
}
