//! What the merchant has to be told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{World, text};
use crate::common;

impl World<'_> {
    /// An event of this kind must have told of a change.
    fn expect(&mut self, change: String, kind: &str) {
        self.changed.insert(change, kind.to_owned());
    }

    pub(super) fn expect_payment(&mut self, payment: &Value, refunds: &[Value]) {
        let number = text(&payment["cf_payment_id"]);
        match payment["payment_status"].as_str() {
            Some("SUCCESS" | "VOID") => self.expect(format!("payment {number}"), "PAYMENT_SUCCESS_WEBHOOK"),
            Some("FAILED") => self.expect(format!("payment {number}"), "PAYMENT_FAILED_WEBHOOK"),
            Some("USER_DROPPED") => {
                self.expect(format!("payment {number}"), "PAYMENT_USER_DROPPED_WEBHOOK");
            }
            _ => {}
        }
        for refund in refunds.iter().filter(|one| text(&one["cf_payment_id"]) == number) {
            let (id, status) = (text(&refund["cf_refund_id"]), text(&refund["refund_status"]));
            let (kind, change) = match refund["refund_type"] == "PAYMENT_AUTO_REFUND" {
                true => ("AUTO_REFUND_STATUS_WEBHOOK", id),
                false => ("REFUND_STATUS_WEBHOOK", format!("{id} {status}")),
            };
            if ["SUCCESS", "FAILED", "CANCELLED"].contains(&status.as_str()) {
                self.expect(format!("{kind} {change}"), kind);
            }
        }
    }

    pub(super) fn expect_charge(&mut self, charge: &Value) {
        if charge["payment_type"] == "CHARGE" && charge["payment_status"] == "SUCCESS" {
            let kind = "SUBSCRIPTION_PAYMENT_SUCCESS";
            self.expect(format!("{kind} {}", text(&charge["cf_payment_id"])), kind);
        }
    }

    pub(super) fn expect_settlements(&mut self, rows: &[Value]) {
        for row in rows.iter().filter(|row| row["event_type"] == "SETTLEMENT") {
            let kinds: &[&str] = match row["sale_type"] == "DEBIT" {
                true => &["SETTLEMENT_INITIATED", "SETTLEMENT_SUCCESS"],
                false => &["SETTLEMENT_REVERSED"],
            };
            for kind in kinds {
                self.expect(format!("{kind} {}", text(&row["event_id"])), kind);
            }
        }
    }

    /// Exactly one event for each change, each with a key of its own, each as its version declares it.
    pub(super) fn audit_events(&self) {
        let mut keys = BTreeSet::new();
        let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for event in self.sandbox.webhooks() {
            let body: Value = serde_json::from_str(&event.body).expect("JSON");
            let fits = common::schema::event(&event.version, &event.event_type, &body);
            // 2022-09-01 knows nothing of these.
            let unknown = event.version == "2022-09-01" && event.event_type.starts_with("INSTRUMENT_");
            assert!(unknown || fits.is_ok(), "{fits:?}");
            if let Some(key) = &event.idempotency_key {
                assert!(keys.insert(key.clone()), "{key} twice");
            }
            if let Some(change) = change(&event.event_type, &body["data"]) {
                told.entry(change).or_default().push(event.event_type.clone());
            }
        }
        let twice: Vec<_> = told.iter().filter(|(_, kinds)| kinds.len() > 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for (change, kind) in &self.changed {
            assert_eq!(told.get(change), Some(&vec![kind.clone()]), "{change}");
        }
        assert!(!self.changed.is_empty(), "something happened");
    }
}

/// What an event tells that happens once only.
fn change(kind: &str, data: &Value) -> Option<String> {
    let id = match kind {
        "PAYMENT_SUCCESS_WEBHOOK" | "PAYMENT_FAILED_WEBHOOK" | "PAYMENT_USER_DROPPED_WEBHOOK" => {
            // One of the three for each payment.
            return Some(format!("payment {}", text(&data["payment"]["cf_payment_id"])));
        }
        "PAYMENT_CHARGES_WEBHOOK" => text(&data["payment"]["cf_payment_id"]),
        "REFUND_STATUS_WEBHOOK" => {
            format!("{} {}", text(&data["refund"]["cf_refund_id"]), text(&data["refund"]["refund_status"]))
        }
        "AUTO_REFUND_STATUS_WEBHOOK" => text(&data["auto_refund"]["cf_refund_id"]),
        "SUBSCRIPTION_PAYMENT_SUCCESS" | "SUBSCRIPTION_PAYMENT_CANCELLED" => text(&data["cf_payment_id"]),
        "SUBSCRIPTION_PAYMENT_NOTIFICATION_INITIATED" => text(&data["cf_payment_id"]),
        "SUBSCRIPTION_REFUND_STATUS" => text(&data["cf_refund_id"]),
        "DISPUTE_CREATED" => format!("{} {}", data["dispute"]["dispute_id"], data["dispute"]["dispute_type"]),
        _ if kind.contains("SETTLEMENT_") => text(&data["settlement"]["settlement_id"]),
        _ => return None,
    };
    Some(format!("{kind} {id}"))
}
