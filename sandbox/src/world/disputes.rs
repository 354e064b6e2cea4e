//! Disputes: opened through the sandbox's controls, as banks open them; answered through the API.

use serde_json::{Value, json};

use super::payments::payment_not_found;
use super::{Call, World, text};
use crate::problem::Problem;
use crate::{clock, money};

const DISPUTE: &str = "dispute";
/// The merchant's time to answer.
const RESPOND_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(7);

impl World {
    /// What a payer's bank does. Answers the dispute's id.
    pub(crate) fn open_dispute(&mut self, payment: u64) -> Result<u64, Problem> {
        let paid = self.payments.get(&payment).ok_or_else(payment_not_found)?;
        let order = self.orders.get(&paid.order).ok_or_else(payment_not_found)?;
        if paid.status != "SUCCESS" {
            return Err(Problem::invalid("payment_invalid", "only a successful payment can be disputed"));
        }
        let amount = money::number(paid.amount);
        let now = self.stamp();
        let customer = &order.request["customer_details"];
        let dispute = json!({
            "dispute_type": "CHARGEBACK",
            "reason_code": "1401",
            "reason_description": "Fraud Transaction",
            "dispute_amount": amount,
            "dispute_amount_currency": order.currency,
            "created_at": now,
            "updated_at": now,
            "respond_by": clock::write(self.now() + RESPOND_WITHIN),
            "resolved_at": null,
            "dispute_status": "CHARGEBACK_CREATED",
            "cf_dispute_remarks": "Opened in the sandbox",
            "preferred_evidence": [{
                "document_type": "Delivery/Service Proof",
                "document_description": "Shows that the customer received what was paid for.",
            }],
            "dispute_evidence": [],
            "order_details": {
                "order_id": order.id, "order_currency": order.currency,
                "order_amount": money::number(order.amount), "cf_payment_id": payment.to_string(),
                "payment_currency": order.currency, "payment_amount": amount,
            },
            "customer_details":
                super::pick(customer, &["customer_name", "customer_phone", "customer_email"]),
            "_version": order.version,
        });
        let id = self.next_id() % 1_000_000_000;
        let mut dispute = dispute;
        dispute["dispute_id"] = json!(id);
        self.records.insert(DISPUTE, id.to_string(), dispute.clone());
        self.emit_dispute("DISPUTE_CREATED", &dispute);
        Ok(id)
    }

    pub(super) fn fetch_dispute(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.records.find(DISPUTE, call.path("dispute_id"), "dispute_request_not_found").cloned()
    }

    pub(super) fn fetch_disputes(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let (member, id) = if call.path("order_id").is_empty() {
            let id = call.path("cf_payment_id");
            self.payment_number(id)?;
            ("cf_payment_id", id)
        } else {
            let id = call.path("order_id");
            self.order(id)?;
            ("order_id", id)
        };
        let of = |one: &&Value| text(&one["order_details"][member]).as_deref() == Some(id);
        Ok(self.records.of(DISPUTE).filter(of).cloned().collect())
    }

    pub(super) fn accept_dispute(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let now = self.stamp();
        let dispute = self.open(call)?;
        dispute["dispute_status"] = json!("CHARGEBACK_MERCHANT_ACCEPTED");
        dispute["updated_at"] = json!(now);
        dispute["resolved_at"] = json!(now);
        let dispute = dispute.clone();
        self.emit_dispute("DISPUTE_CLOSED", &dispute);
        Ok(dispute)
    }

    pub(super) fn upload_dispute_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let now = self.stamp();
        let document = json!({
            "document_id": self.next_id() % 1_000_000_000,
            "document_name": call.body["file"],
            "document_type": call.body["doc_type"],
        });
        let dispute = self.open(call)?;
        if let Some(evidence) = dispute["dispute_evidence"].as_array_mut() {
            evidence.push(document);
        }
        dispute["dispute_status"] = json!("CHARGEBACK_DOCS_RECEIVED");
        dispute["updated_at"] = json!(now);
        let dispute = dispute.clone();
        self.emit_dispute("DISPUTE_UPDATED", &dispute);
        Ok(json!([dispute]))
    }

    /// A dispute that still takes an answer.
    fn open(&mut self, call: &Call<'_>) -> Result<&mut Value, Problem> {
        let dispute = self.records.find(DISPUTE, call.path("dispute_id"), "dispute_request_not_found")?;
        if !dispute["resolved_at"].is_null() {
            return Err(Problem::invalid("request_failed", "dispute is closed"));
        }
        Ok(dispute)
    }

    fn emit_dispute(&mut self, kind: &str, dispute: &Value) {
        let mut shown = super::pick(
            dispute,
            &[
                "dispute_type",
                "reason_code",
                "reason_description",
                "dispute_amount",
                "dispute_amount_currency",
                "created_at",
                "updated_at",
                "respond_by",
                "dispute_status",
                "cf_dispute_remarks",
            ],
        );
        shown["dispute_id"] = json!(text(&dispute["dispute_id"]));
        shown["dispute_action_on"] = json!("MERCHANT");
        if kind == "DISPUTE_CLOSED" {
            shown["resolved_at"] = dispute["resolved_at"].clone();
        }
        let mut order = dispute["order_details"].clone();
        order["cf_payment_id"] = json!(text(&order["cf_payment_id"]).and_then(|id| id.parse::<u64>().ok()));
        let customer = dispute["customer_details"].clone();
        let data = json!({ "dispute": shown, "order_details": order, "customer_details": customer });
        self.emit_of(dispute, kind, data);
    }
}
