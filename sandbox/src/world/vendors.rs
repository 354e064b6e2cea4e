//! Easy-split: vendors, their documents, balances and transfers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::records::overlay;
use super::{Call, World, amount, text};
use crate::money;
use crate::problem::Problem;

const VENDOR: &str = "vendor";
const DOCUMENT: &str = "vendor document";

impl World {
    pub(super) fn create_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("vendor_id").unwrap_or_default();
        self.records.must_be_new(VENDOR, &id)?;
        let extra = json!({
            "added_on": self.stamp(), "updated_on": self.stamp(), "remarks": null, "related_docs": [],
            "schedule_option": schedule(&call.body["schedule_option"]),
            "balance": money::number(Decimal::ZERO),
        });
        let vendor = self.entity(call, extra);
        self.records.insert(VENDOR, id, vendor.clone());
        Ok(vendor)
    }

    fn vendor(&mut self, call: &Call<'_>) -> Result<&mut Value, Problem> {
        self.records.find(VENDOR, call.path("vendor_id"), "vendor_not_found")
    }

    pub(super) fn fetch_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.vendor(call).cloned()
    }

    pub(super) fn update_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let now = self.stamp();
        let mut changes = call.body.clone();
        changes["schedule_option"] = schedule(&call.body["schedule_option"]);
        changes["updated_on"] = json!(now);
        let vendor = self.vendor(call)?;
        overlay(vendor, changes);
        vendor["vendor_id"] = json!(call.path("vendor_id"));
        Ok(vendor.clone())
    }

    pub(super) fn upload_vendor_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.vendor(call)?;
        let kind = call.text("doc_type").unwrap_or_default();
        let document = self.entity(call, json!({ "status": "RECEIVED", "remarks": "" }));
        self.records.insert(DOCUMENT, format!("{}/{kind}", call.path("vendor_id")), document.clone());
        Ok(document)
    }

    pub(super) fn fetch_vendor_documents(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.vendor(call)?;
        let vendor = call.path("vendor_id");
        let of_vendor = |one: &&Value| text(&one["vendor_id"]).as_deref() == Some(vendor);
        let documents: Vec<Value> = self.records.of(DOCUMENT).filter(of_vendor).cloned().collect();
        Ok(json!({ "documents": documents }))
    }

    pub(super) fn download_vendor_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = format!("{}/{}", call.path("vendor_id"), call.path("doc_type"));
        self.records.find(DOCUMENT, &id, "document_request_not_found")?;
        Ok(json!({ "download_url": format!("{}/_sandbox/documents/{id}", call.origin) }))
    }

    pub(super) fn fetch_vendor_balance(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let vendor = self.vendor(call)?;
        Ok(balances(vendor))
    }

    pub(super) fn adjust_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let sum = positive(&call.body["amount"])?;
        let credit = call.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("CREDIT"));
        let vendor = self.vendor(call)?;
        change_balance(vendor, if credit { sum } else { -sum })?;
        Ok(json!({ "message": "Vendor & merchant balances updated", "status": "OK" }))
    }

    pub(super) fn transfer_vendor_balance(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let sum = positive(&call.body["transfer_amount"])?;
        let settlement = self.next_id() % 1_000_000_000;
        let to_vendor = call.text("transfer_from").is_some_and(|from| from.eq_ignore_ascii_case("MERCHANT"));
        let vendor = self.vendor(call)?;
        change_balance(vendor, if to_vendor { sum } else { -sum })?;
        Ok(json!({
            "settlement_id": settlement,
            "transfer_details": {
                "vendor_id": call.path("vendor_id"), "transfer_from": call.body["transfer_from"],
                "transfer_type": call.body["transfer_type"], "transfer_amount": money::number(sum),
                "remark": call.body["remark"], "tags": call.body["tags"],
            },
            "balances": balances(vendor),
            "charges": charges(sum),
        }))
    }

    pub(super) fn transfer_charges(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        Ok(charges(positive(&json!(call.path("amount")))?))
    }

    pub(super) fn split_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        if self.order(call.path("order_id"))?.status != "PAID" {
            return Err(Problem::invalid("order_id_not_paid", "order is not paid"));
        }
        Ok(json!({ "status": "OK", "message": "Order split successful" }))
    }
}

fn positive(value: &Value) -> Result<Decimal, Problem> {
    let sum = amount(value);
    if sum <= Decimal::ZERO {
        return Err(Problem::invalid("api_request_failed", "Amount should be greater than zero"));
    }
    Ok(sum)
}

fn change_balance(vendor: &mut Value, by: Decimal) -> Result<(), Problem> {
    let balance = amount(&vendor["balance"]) + by;
    if balance < Decimal::ZERO {
        return Err(Problem::invalid("api_request_failed", "Vendor does not have sufficient balance"));
    }
    vendor["balance"] = money::number(balance);
    Ok(())
}

fn balances(vendor: &Value) -> Value {
    json!({
        "merchant_id": 1, "vendor_id": vendor["vendor_id"],
        "merchant_unsettled": money::number(Decimal::ZERO), "vendor_unsettled": vendor["balance"],
    })
}

fn charges(sum: Decimal) -> Value {
    json!({
        "service_charges": money::number(Decimal::ZERO), "service_tax": money::number(Decimal::ZERO),
        "amount": money::number(sum), "billed_to": "MERCHANT", "is_postpaid": false,
    })
}

/// The request names a schedule by number, the answer describes it.
fn schedule(option: &Value) -> Value {
    json!([{
        "settlement_schedule_message": "Settled on the next working day", "schedule_id": option,
        "merchant_default": true,
    }])
}
