//! Vendors' balances: adjustments, transfers and what they cost.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount, text};
use crate::world::ledger::{Entry, Kind};
use crate::world::{World, money};

/// What a transfer on demand costs the merchant, and 18 percent tax on that.
const TRANSFER_CHARGE: Decimal = Decimal::from_parts(10, 0, 0, false, 0);
const TRANSFER_TAX: Decimal = Decimal::from_parts(180, 0, 0, false, 2);
/// The least that is transferred.
const LEAST_TRANSFER: Decimal = Decimal::from_parts(10, 0, 0, false, 0);

impl World {
    pub(crate) fn fetch_vendor_balance(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        Ok(self.balances(at))
    }

    fn balances(&self, vendor: usize) -> Value {
        json!({
            "merchant_id": 1, "vendor_id": self.vendors[vendor].id,
            "merchant_unsettled": money::number(self.ledger.owed()),
            "vendor_unsettled": money::number(self.ledger.balance(vendor)),
        })
    }

    pub(crate) fn adjust_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        let sum = positive(&call.body["amount"])?;
        let kind = match call.text("type").unwrap_or_default().to_ascii_uppercase().as_str() {
            "CREDIT" => Kind::ToVendor,
            "DEBIT" => Kind::FromVendor,
            _ => return Err(Problem::split("type should be CREDIT or DEBIT")),
        };
        let id = format!("{}/{}", self.vendors[at].id, call.text("adjustment_id").unwrap_or_default());
        if self.adjustments.contains(&id) {
            return Err(Problem::split("Duplicate request"));
        }
        self.must_have(at, kind, sum)?;
        self.adjustments.insert(id);
        let reference = call.text("adjustment_id").unwrap_or_default();
        let mut entry = Entry::new(self.now(), kind, sum, reference).of_vendor(at);
        entry.remarks = call.text("remarks");
        self.ledger_add(entry);
        Ok(json!({ "message": "Vendor & merchant balances updated", "status": "OK" }))
    }

    fn must_have(&self, vendor: usize, kind: Kind, sum: Decimal) -> Result<(), Problem> {
        if matches!(kind, Kind::FromVendor | Kind::VendorPaid) && self.ledger.balance(vendor) < sum {
            return Err(Problem::split("Vendor does not have sufficient balance"));
        }
        Ok(())
    }

    /// From the merchant's balance to the vendor's, or from the vendor's balance to the vendor's bank.
    pub(crate) fn transfer_vendor_balance(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        let sum = positive(&call.body["transfer_amount"])?;
        if sum < LEAST_TRANSFER {
            return Err(Problem::split(format!("transfer_amount should be at least {LEAST_TRANSFER}")));
        }
        let from = call.text("transfer_from").unwrap_or_default().to_ascii_uppercase();
        let settlement = match from.as_str() {
            "MERCHANT" => {
                let number = self.ids.short();
                let mut entry = Entry::new(self.now(), Kind::ToVendor, sum, number.to_string()).of_vendor(at);
                entry.remarks = call.text("remark");
                self.ledger_add(entry);
                number
            }
            "VENDOR" => {
                if !self.vendors[at].is_active() {
                    return Err(self.vendor_refuses(at));
                }
                self.must_have(at, Kind::VendorPaid, sum)?;
                self.pay_vendor_now(at, sum)
            }
            _ => return Err(Problem::split("transfer_from should be MERCHANT or VENDOR")),
        };
        let cost = TRANSFER_CHARGE + TRANSFER_TAX;
        self.ledger_add(Entry::new(self.now(), Kind::Charged, cost, settlement.to_string()).of_vendor(at));
        Ok(json!({
            "settlement_id": settlement,
            "transfer_details": {
                "vendor_id": self.vendors[at].id, "transfer_from": call.body["transfer_from"],
                "transfer_type": call.body["transfer_type"], "transfer_amount": money::number(sum),
                "remark": call.body["remark"], "tags": call.body["tags"],
            },
            "balances": self.balances(at),
            "charges": charges(sum),
        }))
    }

    pub(crate) fn transfer_charges(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let sum = positive(&json!(call.path("amount")))?;
        if text(&json!(call.query("rate_type"))).is_none() {
            return Err(Problem::split("rate_type is missing"));
        }
        Ok(charges(sum))
    }
}

fn positive(value: &Value) -> Result<Decimal, Problem> {
    let sum = amount(value);
    if sum <= Decimal::ZERO {
        return Err(Problem::split("Amount should be greater than zero"));
    }
    Ok(sum)
}

fn charges(sum: Decimal) -> Value {
    json!({
        "service_charges": money::number(TRANSFER_CHARGE), "service_tax": money::number(TRANSFER_TAX),
        "amount": money::number(sum), "billed_to": "MERCHANT", "is_postpaid": false,
    })
}
