//! Easy split: vendors, their documents, balances and transfers.

mod balance;
mod documents;
mod shares;
mod state;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use shares::{Share, StaticSplit, parts};
pub(crate) use state::{VendorEvent, VendorStatus};

use super::call::{Call, overlay, text, with};
use super::clock::Time;
use super::{World, check, clock};
use crate::gateway::problem::Problem;
use crate::spec::members;
use crate::spec::validate::is_nothing;
use documents::Document;

#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) id: String,
    status: VendorStatus,
    request: Value,
    added: Time,
    updated: Time,
    /// By their type.
    documents: BTreeMap<String, Document>,
}

impl Vendor {
    pub(crate) fn is_active(&self) -> bool {
        self.status == VendorStatus::Active
    }

    /// The account payouts go to; a list by the specification, an object in practice.
    pub(crate) fn bank(&self) -> &Value {
        let bank = &self.request["bank"];
        bank.get(0).unwrap_or(bank)
    }

    pub(crate) fn vpa(&self) -> Value {
        let upi = &self.request["upi"];
        upi.get(0).unwrap_or(upi)["vpa"].clone()
    }
}

impl World {
    pub(super) fn create_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("vendor_id").unwrap_or_default();
        for name in ["name", "email", "phone"] {
            if call.text(name).is_none() {
                return Err(Problem::split(format!("{name} is missing")));
            }
        }
        check_vendor(call.body)?;
        check::id(call.body, "vendor_id")?;
        if self.vendors.find(&id).is_some() {
            return Err(Problem::split("Vendor with same id already exists"));
        }
        let now = self.now();
        let status = call.text("status").unwrap_or_default();
        let Some(status) = VendorEvent::to(&status).and_then(|event| VendorStatus::Active.next(event)) else {
            return Err(Problem::split("status should be ACTIVE, BLOCKED or DELETED"));
        };
        let vendor = Vendor {
            id: id.clone(),
            status,
            request: call.body.clone(),
            added: now,
            updated: now,
            documents: BTreeMap::new(),
        };
        let at = self.vendors.insert(id, vendor);
        Ok(self.vendor_entity(at))
    }

    fn vendor(&self, id: &str) -> Result<usize, Problem> {
        self.vendors.find(id).ok_or_else(|| Problem::split("Vendor does not exist"))
    }

    pub(super) fn fetch_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        Ok(self.vendor_entity(at))
    }

    pub(super) fn update_vendor(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.vendor(call.path("vendor_id"))?;
        check_vendor(call.body)?;
        // What is not said stays as it is.
        let status = call.text("status").unwrap_or_else(|| self.vendors[at].status.to_string());
        let event = VendorEvent::to(&status);
        let Some(next) = event.and_then(|event| self.vendors[at].status.next(event)) else {
            return Err(self.vendor_refuses(at));
        };
        let now = self.now();
        let vendor = &mut self.vendors[at];
        let said = members(call.body).filter(|(_, value)| !is_nothing(value));
        overlay(&mut vendor.request, said.map(|(name, value)| (name.clone(), value.clone())).collect());
        (vendor.status, vendor.updated) = (next, now);
        if next == VendorStatus::Active {
            // What was kept back while it was blocked is due.
            self.schedule_settlement();
        }
        Ok(self.vendor_entity(at))
    }

    fn vendor_refuses(&self, at: usize) -> Problem {
        Problem::split(format!("Vendor is {}", self.vendors[at].status))
    }

    fn vendor_entity(&self, at: usize) -> Value {
        let vendor = &self.vendors[at];
        let kyc = &vendor.request["kyc_details"];
        let kyc = kyc.get(0).unwrap_or(kyc);
        let documents = vendor.documents.iter().map(|(kind, document)| document.entity(&vendor.id, kind));
        let extra = json!({
            "vendor_id": vendor.id,
            "status": vendor.status.as_str(),
            "added_on": clock::write(vendor.added),
            "updated_on": clock::write(vendor.updated),
            "vendor_type": "VENDOR",
            "account_type": kyc["account_type"],
            "business_type": kyc["business_type"],
            "remarks": "",
            "bank_details": null,
            "related_docs": documents.collect::<Value>(),
            // The request names a schedule by number, the answer describes it.
            "schedule_option": [{
                "settlement_schedule_message": "Settled on the next working day",
                "schedule_id": vendor.request["schedule_option"], "merchant_default": true,
            }],
        });
        with(vendor.request.clone(), extra)
    }
}

fn check_vendor(body: &Value) -> Result<(), Problem> {
    check::phone(body, "phone")
        .and(check::email(body, "email"))
        .map_err(|problem| Problem::split(problem.message))?;
    let bank = &body["bank"];
    let bank = bank.get(0).unwrap_or(bank);
    if bank.is_object() && (text(&bank["account_number"]).is_none() || text(&bank["ifsc"]).is_none()) {
        return Err(Problem::split("bank needs account_number and ifsc"));
    }
    Ok(())
}
