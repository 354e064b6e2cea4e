//! Settlements, and pages of what they are made of.

use serde_json::{Value, json};

use super::{World, text};
use crate::common;

impl World<'_> {
    pub(super) async fn settle(&mut self) {
        let newest = "2026-01-01";
        if self.versions.contains(&newest) && self.random.u8(..3) == 0 {
            let Some(at) = self.pick(self.orders.len()) else { return };
            let status = ["SUCCESS", "FAILED", "PENDING"][self.random.usize(..3)];
            let body = json!({"merchantOrderIds": [self.orders[at].id], "status": status});
            self.call(newest, "POST", "/simulate/settlement", body).await;
            return;
        }
        if self.random.bool() {
            let Some(at) = self.pick(self.orders.len()) else { return };
            let body =
                json!({"order_id": self.orders[at].id, "meta_data": {"settlement_date": "2025-01-01"}});
            let version = self.later_version();
            self.call(version, "POST", "/orders/settlements", body).await;
            return;
        }
        let ids: Vec<String> = self
            .sandbox
            .webhooks()
            .iter()
            .filter(|one| one.event_type.ends_with("SETTLEMENT_INITIATED"))
            .map(|one| serde_json::from_str::<Value>(&one.body).expect("JSON"))
            .map(|body| body["data"]["settlement"]["settlement_id"].to_string())
            .collect();
        let Some(at) = self.pick(ids.len()) else { return };
        let status = ["SUCCESS", "FAILED", "REVERSED"][self.random.usize(..3)];
        self.control(&format!("settlements/{}?status={status}", ids[at]), Value::Null).await;
    }

    /// Pages through reconciliation while others write: no row twice, none left out.
    pub(super) async fn pages(&mut self) {
        let version = self.version();
        let mut seen: Vec<(String, String, String)> = Vec::new();
        let mut cursor = Value::Null;
        let before = self.recon(version, &mut None).await.len();
        loop {
            let page = self.recon_page(version, &cursor).await;
            let rows = page["data"].as_array().expect("rows");
            seen.extend(rows.iter().map(|row| {
                (text(&row["event_type"]), text(&row["event_id"]), text(&row["event_settlement_amount"]))
            }));
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                break;
            }
            self.refund().await;
        }
        assert!(seen.len() >= before, "a row was left out: {seen:?}");
        // A vendor's share of a payment has the payment's id, and so may a second.
        let mut once: Vec<_> =
            seen.into_iter().filter(|(kind, ..)| kind == "PAYMENT" || kind == "REFUND").collect();
        let count = once.len();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), count, "a row came twice");
    }

    pub(super) async fn recon_page(&self, version: &str, cursor: &Value) -> Value {
        let body = json!({
            "pagination": {"limit": 50, "cursor": cursor},
            "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2190-01-01T00:00:00Z"},
        });
        let mut page = self.call(version, "POST", "/recon", body).await.ok();
        if let Some(rows) = page["data"].as_array_mut() {
            rows.iter_mut().for_each(|row| *row = common::flat(row));
        }
        page
    }

    /// All rows of reconciliation.
    pub(super) async fn recon(&self, version: &str, cursor: &mut Option<Value>) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut at = cursor.take().unwrap_or_default();
        loop {
            let page = self.recon_page(version, &at).await;
            rows.extend(page["data"].as_array().expect("rows").iter().cloned());
            at = page["cursor"].clone();
            if at.is_null() {
                return rows;
            }
        }
    }
}
