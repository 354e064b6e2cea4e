//! The laws.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{World, decimal, text};

/// Two percent, and 18 percent tax on that.
fn charges(amount: Decimal) -> Decimal {
    let fee = (amount * Decimal::new(2, 2)).round_dp(2);
    fee + (fee * Decimal::new(18, 2)).round_dp(2)
}

/// What came in and went out.
#[derive(Default, Debug)]
struct Sums {
    captured: Decimal,
    charges: Decimal,
    refunded: Decimal,
    disputed: Decimal,
}

impl World<'_> {
    pub(super) async fn audit(&mut self) {
        let mut sums = Sums::default();
        for at in 0..self.orders.len() {
            self.audit_order(at, &mut sums).await;
        }
        for link in self.links.clone() {
            self.audit_link(&link, &mut sums).await;
        }
        for subscription in self.subscriptions.clone() {
            self.audit_subscription(&subscription, &mut sums).await;
        }
        let version = self.later_version();
        for dispute in self.disputes.clone() {
            let shown = self.get(version, &format!("/disputes/{dispute}")).await;
            assert_eq!(shown["dispute_id"].to_string(), dispute);
        }
        self.audit_money(sums).await;
    }

    /// One order: its own law, and that every version and every list says the same.
    async fn audit_order(&mut self, at: usize, sums: &mut Sums) {
        let id = self.orders[at].id.clone();
        let version = self.version();
        let order = self.get(version, &format!("/orders/{id}")).await;
        let other = self.version();
        let same = self.get(other, &format!("/orders/{id}")).await;
        for name in
            ["order_id", "order_status", "order_amount", "payment_session_id", "created_at", "order_note"]
        {
            assert_eq!(order[name], same[name], "{name} of {id} in {version} and {other}");
        }
        assert_eq!(text(&order["cf_order_id"]), text(&same["cf_order_id"]));
        let payments = self.list(version, &format!("/orders/{id}/payments"), "cf_payment_id").await;
        let refunds = self.list(version, &format!("/orders/{id}/refunds"), "refund_id").await;
        let voided = payments.iter().any(|one| one["payment_status"] == "VOID");
        let paid = order["order_status"] == "PAID";
        assert!(
            paid || !self.orders[at].was_paid || voided,
            "{id} was paid and is {}",
            order["order_status"]
        );
        self.orders[at].was_paid = paid;

        let mut counting = 0;
        for payment in &payments {
            counting += usize::from(self.audit_payment(payment, &refunds, sums));
        }
        assert_eq!(counting, usize::from(paid), "{id}: {payments:?}");
    }

    /// A list, each of whose things is what it is alone.
    async fn list(&self, version: &str, path: &str, id: &str) -> Vec<Value> {
        let listed = self.get(version, path).await.as_array().expect("a list").clone();
        for one in &listed {
            let alone = self.get(version, &format!("{path}/{}", text(&one[id]))).await;
            assert_eq!(*one, alone, "{path}");
        }
        listed
    }

    /// Whether it is the payment that its order is paid by.
    fn audit_payment(&mut self, payment: &Value, refunds: &[Value], sums: &mut Sums) -> bool {
        let number = text(&payment["cf_payment_id"]);
        self.expect_payment(payment, refunds);
        let success = payment["payment_status"] == "SUCCESS";
        let part = &payment["authorization"]["captured_amount"];
        let captured = match (payment["is_captured"] == true, part.is_null()) {
            (false, _) => Decimal::ZERO,
            (true, true) => decimal(&payment["payment_amount"]),
            (true, false) => decimal(part),
        };
        assert!(success || captured.is_zero(), "{payment}");
        let of_payment = || refunds.iter().filter(|one| text(&one["cf_payment_id"]) == number);
        let sum = |statuses: &[&str]| -> Decimal {
            let counted =
                of_payment().filter(|one| statuses.contains(&one["refund_status"].as_str().unwrap_or("")));
            counted.map(|one| decimal(&one["refund_amount"])).sum()
        };
        let (gone, going) = (sum(&["SUCCESS"]), sum(&["PENDING", "ACTIVE", "ONHOLD"]));
        assert!(gone + going <= captured, "{gone} and {going} of {captured} refunded of {payment}");
        let automatic = of_payment().any(|one| one["refund_type"] == "PAYMENT_AUTO_REFUND");
        sums.captured += captured;
        sums.refunded += gone;
        if captured > Decimal::ZERO && !automatic {
            sums.charges += charges(captured);
        }
        success && !automatic
    }

    async fn audit_link(&mut self, id: &str, sums: &mut Sums) {
        let version = self.version();
        let link = self.get(version, &format!("/links/{id}")).await;
        let (amount, paid) = (decimal(&link["link_amount"]), decimal(&link["link_amount_paid"]));
        assert!(paid <= amount, "{link}");
        assert_eq!(link["link_status"] == "PAID", paid == amount, "{link}");
        let orders = self.get(version, &format!("/links/{id}/orders?status=ALL")).await;
        let mut captured = Decimal::ZERO;
        for order in orders.as_array().expect("orders") {
            let order_id = text(&order["order_id"]);
            let alone = self.get(version, &format!("/orders/{order_id}")).await;
            assert_eq!(order["order_status"], alone["order_status"], "{order_id}");
            let payments = self.list(version, &format!("/orders/{order_id}/payments"), "cf_payment_id").await;
            let refunds = self.list(version, &format!("/orders/{order_id}/refunds"), "refund_id").await;
            for payment in &payments {
                let before = sums.captured;
                if self.audit_payment(payment, &refunds, sums) {
                    captured += sums.captured - before;
                }
            }
        }
        assert_eq!(captured, paid, "{link}");
    }

    async fn audit_subscription(&mut self, id: &str, sums: &mut Sums) {
        let version = self.later_version();
        let shown = self.get(version, &format!("/subscriptions/{id}")).await;
        let payments = self.list(version, &format!("/subscriptions/{id}/payments"), "payment_id").await;
        let over = ["CANCELLED", "CUSTOMER_CANCELLED", "COMPLETED", "EXPIRED", "LINK_EXPIRED"];
        let status = shown["subscription_status"].as_str().expect("a status");
        let success = |one: &&Value| one["payment_status"] == "SUCCESS";
        let charged = payments.iter().filter(|one| one["payment_type"] == "CHARGE").filter(success);
        let most = shown["plan_details"]["plan_max_cycles"].as_u64().expect("cycles");
        assert!(charged.clone().count() as u64 <= most, "{shown}");
        assert!(charged.clone().all(|one| decimal(&one["payment_amount"]) <= Decimal::ONE_HUNDRED));
        for payment in &payments {
            let open = matches!(payment["payment_status"].as_str(), Some("INITIALIZED" | "PENDING"));
            assert!(!open || !over.contains(&status), "{status} {payment}");
            self.expect_charge(payment);
            if success(&payment) {
                sums.captured += decimal(&payment["payment_amount"]);
                sums.charges += charges(decimal(&payment["payment_amount"]));
            }
        }
    }

    /// Everything that came in and did not go out is owed, or was settled, or is with vendors.
    async fn audit_money(&mut self, mut sums: Sums) {
        let version = self.later_version();
        let rows = self.recon(version, &mut None).await;
        let of = |kind: &str| -> Decimal {
            rows.iter().filter(|row| row["event_type"] == kind).map(|row| decimal(&row["event_amount"])).sum()
        };
        sums.disputed = of("DISPUTE");
        // Refunds of subscriptions are seen in reconciliation only.
        assert!(of("REFUND") >= sums.refunded);
        sums.refunded = of("REFUND");
        assert_eq!(of("PAYMENT"), sums.captured, "captured");
        let mut last = String::new();
        for row in &rows {
            let time = text(&row["event_time"]);
            assert!(time >= last, "{time} after {last}");
            last = time;
        }

        let (mut with_vendors, mut paid_out, mut owed) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for vendor in self.vendors.clone() {
            let balance = self.get(version, &format!("/easy-split/vendors/{vendor}/balances")).await;
            let mut sum = Decimal::ZERO;
            let mut of_order: BTreeMap<String, Decimal> = BTreeMap::new();
            for row in self.vendor_rows(version, &vendor).await {
                let moved = decimal(&row["credit"]) - decimal(&row["debit"]);
                sum += moved;
                // Of a refund a vendor may have to give back what it has been paid out already.
                assert!(sum >= Decimal::ZERO || moved > Decimal::ZERO || row["type"] == "REFUND", "{row}");
                if row["type"] == "transaction" || row["type"] == "REFUND" {
                    let got = of_order.entry(text(&row["merchant_order_id"])).or_default();
                    *got += moved;
                    assert!(*got >= Decimal::ZERO, "{vendor} gives back more than it got: {row}");
                }
                if row["type"] == "vendor_settlement" {
                    paid_out -= moved;
                }
            }
            assert_eq!(sum, decimal(&balance["vendor_unsettled"]), "{vendor}");
            with_vendors += sum;
            owed = decimal(&balance["merchant_unsettled"]);
        }
        self.expect_settlements(&rows);
        let settled: Decimal = rows
            .iter()
            .filter(|row| row["event_type"] == "SETTLEMENT")
            .map(|row| {
                decimal(&row["event_amount"])
                    * if row["sale_type"] == "DEBIT" { Decimal::ONE } else { -Decimal::ONE }
            })
            .sum();
        let on_the_way = self.on_the_way();
        let expected = sums.captured
            - sums.charges
            - sums.refunded
            - sums.disputed
            - with_vendors
            - paid_out
            - self.charges;
        assert_eq!(settled + on_the_way + owed, expected, "{sums:?} {} {}", self.by_hand, self.charges);
    }

    /// What has been taken from what is owed, and has not arrived.
    fn on_the_way(&self) -> Decimal {
        let mut on_the_way: BTreeMap<String, Decimal> = BTreeMap::new();
        for event in self.sandbox.webhooks() {
            if event.event_type.starts_with("SETTLEMENT_") {
                let body: Value = serde_json::from_str(&event.body).expect("JSON");
                let settlement = &body["data"]["settlement"];
                let id = settlement["settlement_id"].to_string();
                if event.event_type == "SETTLEMENT_INITIATED" {
                    on_the_way.insert(id, decimal(&settlement["settlement_amount"]));
                } else {
                    on_the_way.remove(&id);
                }
            }
        }
        on_the_way.values().sum()
    }

    async fn vendor_rows(&self, version: &str, vendor: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let body = json!({
                "pagination": {"limit": 10, "cursor": cursor}, "filters": {"merchant_vendor_id": vendor},
            });
            let page = self.call(version, "POST", "/recon/vendor", body).await.ok();
            rows.extend(page["data"].as_array().expect("rows").iter().cloned());
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                return rows;
            }
        }
    }
}
