//! Merchants whom a partner brings, as partner onboarding keeps them. Nobody checks their documents here.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::call::{Call, overlay, pick};
use super::clock::Time;
use super::{World, check, clock};
use crate::gateway::problem::Problem;

/// What is kept of a merchant beside the id, as the caller gave it.
const KEPT: [&str; 2] = ["merchant_email", "merchant_name"];
/// How long a link to onboard is good.
const LINK_LIFE: TimeDelta = TimeDelta::hours(1);

#[derive(Debug)]
pub(crate) struct Merchant {
    id: String,
    kept: Value,
    created: Time,
}

impl World {
    pub(super) fn create_merchant(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = check::present(call.body, "merchant_id")?;
        check::email(call.body, "merchant_email")?;
        check::phone(call.body, "poc_phone")?;
        if self.merchants.find(&id).is_some() {
            let message = "merchant with same id is already present";
            return Err(Problem::conflict("merchant_already_exists", message));
        }
        let merchant = Merchant { id: id.clone(), kept: pick(call.body, &KEPT), created: self.now() };
        let at = self.merchants.insert(id, merchant);
        Ok(self.merchant_entity(at))
    }

    pub(super) fn fetch_merchant(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        Ok(self.merchant_entity(self.merchant(call)?))
    }

    pub(super) fn update_merchant(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.merchant(call)?;
        check::phone(call.body, "poc_phone")?;
        if let Some(name) = call.text("merchant_name") {
            overlay(&mut self.merchants[at].kept, json!({ "merchant_name": name }));
        }
        Ok(self.merchant_entity(at))
    }

    pub(super) fn upload_merchant_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.merchant(call)?;
        let kind = check::present(call.body, "document_type")?;
        Ok(json!({ "document_type": kind, "uploaded_on": self.stamp() }))
    }

    pub(super) fn create_onboarding_link(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.merchant(call)?;
        let link = format!("https://onboarding.example/{}", self.ids.token(24));
        let ends = clock::write(self.now() + LINK_LIFE);
        Ok(json!({ "created_at": self.stamp(), "expires_at": ends, "onboarding_link": link }))
    }

    fn merchant(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let missing = || Problem::not_found("merchant_not_found", "merchant does not exist");
        self.merchants.find(call.path("merchant_id")).ok_or_else(missing)
    }

    fn merchant_entity(&self, at: usize) -> Value {
        let merchant = &self.merchants[at];
        let status = "MIN_KYC_PENDING";
        let mut entity = merchant.kept.clone();
        overlay(
            &mut entity,
            json!({
                "merchant_id": merchant.id, "created_at": clock::write(merchant.created),
                "onboarding_status": status,
                "product_status": [{ "product_name": "PAYMENT_GATEWAY", "product_min_kyc_status": status }],
            }),
        );
        entity
    }
}
