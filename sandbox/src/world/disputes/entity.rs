//! A dispute as the API shows it, and as the merchant hears of it.

use serde_json::{Value, json};

use crate::world::call::pick;
use crate::world::{World, clock, customers, money};

impl World {
    pub(super) fn dispute_entity(&self, at: usize) -> Value {
        let dispute = &self.disputes[at];
        let payment = &self.payments[dispute.payment];
        let order = &self.orders[payment.order];
        let evidence = dispute.evidence.iter().map(
            |(id, name, kind)| json!({ "document_id": id, "document_name": name, "document_type": kind }),
        );
        json!({
            "dispute_id": dispute.number,
            "dispute_type": dispute.kind,
            "reason_code": dispute.reason_code,
            "reason_description": dispute.reason,
            "dispute_amount": money::number(dispute.amount),
            "dispute_amount_currency": order.currency,
            "created_at": clock::write(dispute.created),
            "updated_at": clock::write(dispute.updated),
            "respond_by": clock::write(dispute.respond_by),
            "resolved_at": dispute.resolved.map(clock::write),
            "dispute_status": format!("{}_{}", dispute.kind, dispute.stage),
            "cf_dispute_remarks": dispute.remarks,
            "preferred_evidence": [{
                "document_type": "Delivery/Service Proof",
                "document_description": "Shows that the customer received what was paid for.",
            }],
            "dispute_evidence": evidence.collect::<Value>(),
            "order_details": {
                "order_id": order.id, "order_currency": order.currency,
                "order_amount": money::number(order.amount), "cf_payment_id": payment.number.to_string(),
                "payment_currency": order.currency, "payment_amount": money::number(payment.amount),
            },
            "customer_details": customers::shown(order.customer()),
        })
    }

    pub(super) fn emit_dispute(&mut self, kind: &str, at: usize, update: Option<&str>) {
        let entity = self.dispute_entity(at);
        let names = [
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
        ];
        let mut shown = pick(&entity, &names);
        let payment = &self.payments[self.disputes[at].payment];
        let (order, number) = (payment.order, payment.number);
        shown["dispute_id"] = json!(self.disputes[at].number.to_string());
        shown["dispute_action_on"] = json!("MERCHANT");
        if !entity["resolved_at"].is_null() {
            shown["resolved_at"] = entity["resolved_at"].clone();
        }
        if let Some(update) = update {
            shown["dispute_update"] = json!(update);
        }
        let mut details = entity["order_details"].clone();
        details["cf_payment_id"] = json!(number);
        let data = json!({
            "dispute": shown, "order_details": details, "customer_details": entity["customer_details"],
            "terminal_details": self.terminal_details(self.orders[order].terminal),
        });
        self.emit_of_order(kind, order, data);
    }

    /// What the pages show of a dispute.
    pub(crate) fn dispute_summary(&self, at: usize) -> Value {
        let dispute = &self.disputes[at];
        json!({
            "dispute_id": dispute.number, "dispute_status": format!("{}_{}", dispute.kind, dispute.stage),
            "dispute_amount": money::number(dispute.amount), "is_open": dispute.resolved.is_none(),
        })
    }
}
