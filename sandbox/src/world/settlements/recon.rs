//! Reconciliation: the ledger, row by row.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::call::{Call, overlay, pick, with};
use crate::world::ledger::{Entry, Kind};
use crate::world::page::{Page, listed};
use crate::world::{World, clock, customers, money};

impl World {
    /// Everything that happened in a span of time.
    pub(crate) fn fetch_recon(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let page = Page::read(call, 10)?;
        let first = page.from.map_or(0, |from| self.ledger.since(from)).max(page.start);
        let entries = self.ledger.entries();
        let rows = (first..entries.len()).map(|at| (at, &entries[at]));
        let rows = rows.take_while(|(_, entry)| page.till.is_none_or(|till| entry.at <= till));
        let rows = rows.filter(|(_, entry)| is_shown(entry));
        Ok(page.fill(rows.map(|(at, entry)| (at, self.recon_row(entry)))))
    }

    /// What went out with some settlements.
    pub(crate) fn fetch_settlement_recon(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let page = Page::read(call, 10)?;
        let wanted = self.settlements_wanted(call);
        let entries = self.settled.iter().enumerate().skip(page.start);
        let rows = entries.filter(|(_, (settlement, entry))| self.is_in(&page, &wanted, *settlement, *entry));
        Ok(page.fill(rows.map(|(at, (_, entry))| (at, self.recon_row(&self.ledger.entries()[*entry])))))
    }

    /// The payments that have been settled, as rows of 2023-08-01 and as entities of the others.
    pub(crate) fn fetch_settlements(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let page = Page::read(call, 1)?;
        let wanted = self.settlements_wanted(call);
        let orders = listed(&call.body["filters"]["order_ids"]);
        let rows = self.settled.iter().enumerate().skip(page.start);
        let rows = rows.filter(|(_, (settlement, entry))| self.is_in(&page, &wanted, *settlement, *entry));
        let rows = rows.filter_map(|(at, (_, entry))| {
            let entry = &self.ledger.entries()[*entry];
            let (order, payment) = (entry.order?, entry.payment.filter(|_| entry.kind == Kind::Captured)?);
            if orders.as_ref().is_some_and(|orders| !orders.contains(&self.orders[order].id)) {
                return None;
            }
            Some((at, with(self.recon_row(entry), self.payment_settlement(payment).unwrap_or_default())))
        });
        Ok(page.fill(rows))
    }

    /// The settlements that a filter names; nothing for all.
    fn settlements_wanted(&self, call: &Call<'_>) -> Option<Vec<usize>> {
        let filters = &call.body["filters"];
        let by_id = listed(&filters["cf_settlement_ids"]);
        let by_utr = listed(&filters["settlement_utrs"]);
        if by_id.is_none() && by_utr.is_none() {
            return None;
        }
        let by_id = by_id.unwrap_or_default();
        let by_utr = by_utr.unwrap_or_default();
        let found = by_id.iter().filter_map(|id| self.settlements.find(id));
        Some(found.chain(by_utr.iter().filter_map(|utr| self.settlements.find_alias(utr))).collect())
    }

    /// Whether an entry still counts as part of a settlement that is asked for.
    fn is_in(&self, page: &Page, wanted: &Option<Vec<usize>>, settlement: usize, entry: usize) -> bool {
        let arrived = self.settlements[settlement].arrived;
        self.arrived(&self.ledger.entries()[entry]) == Some(settlement)
            && wanted.as_ref().is_none_or(|wanted| wanted.contains(&settlement))
            && page.from.is_none_or(|from| arrived.is_some_and(|arrived| arrived >= from))
            && page.till.is_none_or(|till| arrived.is_some_and(|arrived| arrived <= till))
    }

    /// A row with the members of every version's and every operation's view, flat and in groups.
    pub(super) fn recon_row(&self, entry: &Entry) -> Value {
        let event = event_details(entry);
        let mut row = with(self.order_columns(entry), self.payment_columns(entry));
        overlay(&mut row, self.settlement_columns(entry));
        overlay(&mut row, self.refund_columns(entry));
        overlay(&mut row, event.clone());
        let groups = json!({
            "event_details": event,
            "order_details": pick(&row, &["order_id", "order_amount", "order_currency", "order_tags"]),
            "customer_details":
                pick(&row, &["customer_phone", "customer_email", "customer_name", "customer_id"]),
            "payment_details": pick(
                &row,
                &[
                    "payment_amount", "payment_currency", "bank_reference", "payment_time", "payment_mode",
                    "payment_service_charge", "payment_service_tax", "cf_payment_id", "status",
                ],
            ),
            "settlement_details": pick(
                &row,
                &[
                    "cf_settlement_id", "settlement_date", "utr", "service_charge", "service_tax",
                    "settlement_type", "settlement_initiated_on", "settlement_charge", "settlement_tax",
                    "vendor_commission",
                ],
            ),
            "dispute_details":
                pick(&row, &["closed_in_favor_of", "dispute_resolved_on", "dispute_category", "dispute_note"]),
            "refund_details":
                pick(&row, &["refund_processed_at", "refund_arn", "refund_note", "refund_id"]),
        });
        with(row, groups)
    }

    fn order_columns(&self, entry: &Entry) -> Value {
        let Some(order) = entry.order.map(|at| &self.orders[at]) else { return json!({}) };
        let customer = with(
            customers::shown(order.customer()),
            json!({ "customer_id": order.customer()["customer_id"] }),
        );
        let columns = json!({
            "order_id": order.id, "order_amount": money::number(order.amount),
            "order_currency": order.currency, "order_tags": order.request["order_tags"],
        });
        with(columns, customer)
    }

    fn payment_columns(&self, entry: &Entry) -> Value {
        if let Some(charge) = entry.charge {
            return self.charge_columns(charge, entry);
        }
        let Some(payment) = entry.payment.map(|at| &self.payments[at]) else { return json!({}) };
        let (charge, tax) = (money::number(entry.fee), money::number(entry.tax));
        json!({
            "payment_amount": money::number(payment.amount), "payment_currency": "INR",
            "payment_utr": payment.bank_reference, "bank_reference": payment.bank_reference,
            "payment_time": clock::write(payment.started), "payment_mode": payment.method.key,
            "payment_group": payment.method.group, "payment_service_charge": charge,
            "payment_service_tax": tax, "cf_payment_id": payment.number.to_string(),
            "status": payment.status.as_str(), "service_charge": charge, "service_tax": tax,
        })
    }

    fn settlement_columns(&self, entry: &Entry) -> Value {
        let Some(at) = self.arrived(entry) else { return json!({}) };
        let settlement = &self.settlements[at];
        let zero = money::number(Decimal::ZERO);
        let utr = settlement.utr().to_string();
        let mut columns = json!({
            "cf_settlement_id": settlement.number.to_string(), "settlement_id": settlement.number,
            "settlement_date": settlement.arrived.map(clock::write), "settlement_utr": utr, "utr": utr,
            "settlement_initiated_on": clock::write(settlement.initiated),
            "settlement_type": "NORMAL_SETTLEMENT", "settlement_charge": zero, "settlement_tax": zero,
        });
        if entry.kind == Kind::Settled {
            columns["amount_settled"] = money::number(settlement.amount);
        }
        columns
    }

    /// What a row says of the refund, the dispute or the adjustment that it is.
    fn refund_columns(&self, entry: &Entry) -> Value {
        match entry.kind {
            Kind::Refunded => {
                let Some(at) = self.refunds.find_alias(&entry.reference) else { return json!({}) };
                let shown = self.refund_entity(at);
                json!({
                    "refund_id": shown["refund_id"], "refund_arn": shown["refund_arn"],
                    "refund_note": shown["refund_note"], "refund_processed_at": shown["processed_at"],
                })
            }
            Kind::Disputed => json!({
                "closed_in_favor_of": "CUSTOMER", "dispute_resolved_on": clock::write(entry.at),
                "resolved_on": clock::write(entry.at), "dispute_category": "CHARGEBACK",
                "dispute_note": format!("dispute {}", entry.reference),
            }),
            Kind::Split | Kind::SplitBack | Kind::ToVendor | Kind::FromVendor | Kind::Charged => json!({
                "adjustment": money::number(entry.merchant()),
                "adjustment_remarks": self.vendor_remarks(entry),
                "vendor_commission": money::number(Decimal::ZERO),
            }),
            _ => json!({}),
        }
    }

    fn vendor_remarks(&self, entry: &Entry) -> String {
        let vendor = entry.vendor.map_or("", |vendor| &self.vendors[vendor].id);
        let what = match entry.kind {
            Kind::Split => "share of vendor",
            Kind::SplitBack => "share of a refund from vendor",
            Kind::ToVendor => "to vendor",
            Kind::Charged => "charges for a transfer to vendor",
            _ => "from vendor",
        };
        let remarks = entry.remarks.as_deref().map(|remarks| format!(": {remarks}"));
        format!("{what} {vendor}{}", remarks.unwrap_or_default())
    }
}

/// Vendors' payouts are in their own reconciliation.
fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.kind, Kind::VendorPaid | Kind::VendorReturned)
}

fn event_details(entry: &Entry) -> Value {
    let kind = match entry.kind {
        Kind::Captured => "PAYMENT",
        Kind::Refunded => "REFUND",
        Kind::Disputed => "DISPUTE",
        Kind::Settled | Kind::SettlementReversed => "SETTLEMENT",
        _ => "ADJUSTMENT",
    };
    let credit = match entry.kind {
        Kind::Settled => false,
        Kind::SettlementReversed => true,
        _ => entry.merchant() > Decimal::ZERO,
    };
    let settled = match entry.kind {
        Kind::Settled | Kind::SettlementReversed => entry.amount,
        _ => entry.merchant().abs(),
    };
    json!({
        "event_id": entry.reference, "event_type": kind,
        "sale_type": if credit { "CREDIT" } else { "DEBIT" }, "event_status": "SUCCESS",
        "event_settlement_amount": money::number(settled), "event_amount": money::number(entry.amount),
        "entity": "recon", "event_time": clock::write(entry.at), "event_currency": "INR",
        "event_service_charge": money::number(entry.fee), "event_service_tax": money::number(entry.tax),
    })
}
