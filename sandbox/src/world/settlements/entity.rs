//! What the merchant hears of a settlement.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::world::ledger::{Entry, Kind};
use crate::world::{World, clock, money};

/// What a settlement is made of.
struct Sums {
    payments: Decimal,
    fee: Decimal,
    tax: Decimal,
    /// Everything besides: refunds, disputes, shares.
    adjustment: Decimal,
}

impl World {
    fn settlement_sums(&self, at: usize) -> Sums {
        let settlement = &self.settlements[at];
        let of = |pick: &dyn Fn(&Entry) -> Decimal| -> Decimal {
            settlement.entries.iter().map(|at| pick(&self.ledger.entries()[*at])).sum()
        };
        let incoming = if settlement.vendor.is_some() { Kind::Split } else { Kind::Captured };
        let payments = of(&|entry| if entry.kind == incoming { entry.amount } else { Decimal::ZERO });
        let (fee, tax) = (of(&|entry| entry.fee), of(&|entry| entry.tax));
        let kept = if settlement.vendor.is_some() { Decimal::ZERO } else { fee + tax };
        Sums { payments, fee, tax, adjustment: settlement.amount - payments + kept }
    }

    pub(super) fn emit_settlement(&mut self, at: usize) {
        let settlement = &self.settlements[at];
        let sums = self.settlement_sums(at);
        let times = || settlement.entries.iter().map(|at| self.ledger.entries()[*at].at);
        let zero = money::number(Decimal::ZERO);
        let mut shown = json!({
            "settlement_id": settlement.number,
            "status": settlement.status.as_str(),
            "payment_amount": money::number(sums.payments),
            "service_charge": money::number(sums.fee),
            "service_tax": money::number(sums.tax),
            "adjustment": money::number(sums.adjustment),
            "settlement_amount": money::number(settlement.amount),
            "amount_settled": money::number(settlement.amount),
            "settlement_charge": zero,
            "settlement_tax": zero,
            "payment_from": times().min().map(clock::write),
            "payment_till": times().max().map(clock::write),
            "reason": settlement.reason,
            "remarks": null,
            "settled_on": settlement.arrived.map(clock::write),
            "settlement_initiated_on": clock::write(settlement.initiated),
            "settlement_type": "NORMAL_SETTLEMENT",
            "utr": settlement.arrived.map(|_| settlement.utr()),
            "forex_conversion_handling_charge": null, "forex_conversion_handling_tax": null,
            "forex_conversion_rate": null, "charges_currency": "INR",
        });
        let status = settlement.status.as_str();
        let kind = match settlement.vendor {
            None => format!("SETTLEMENT_{status}"),
            Some(vendor) => {
                self.vendor_settlement_event(at, vendor, &mut shown);
                format!("VENDOR_SETTLEMENT_{status}")
            }
        };
        self.emit(&kind, crate::spec::newest(), None, json!({ "settlement": shown }));
    }

    /// What a vendor's settlement says besides.
    fn vendor_settlement_event(&self, at: usize, vendor: usize, shown: &mut Value) {
        let (settlement, vendor) = (&self.settlements[at], &self.vendors[vendor]);
        let orders: std::collections::BTreeSet<usize> =
            settlement.entries.iter().filter_map(|at| self.ledger.entries()[*at].order).collect();
        let bank = vendor.bank();
        shown["utr"] = json!(settlement.utr().to_string());
        if settlement.arrived.is_none() {
            // As the live API says that there is none yet.
            shown["settled_on"] = json!("null");
        }
        shown["vendor_id"] = json!(vendor.id);
        shown["vendor_transaction_amount"] = money::number(settlement.amount);
        shown["account_mode"] = json!("SPLIT");
        shown["settled_orders_count"] = json!(orders.len());
        shown["account_number"] = bank["account_number"].clone();
        shown["ifsc"] = bank["ifsc"].clone();
        shown["vpa"] = vendor.vpa();
    }
}
