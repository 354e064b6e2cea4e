//! What 2026-01-01 has and no version before it: its answers, and what they do.

use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

use super::tour::Tour;
use crate::common::{Merchant, order, send};

const VERSION: &str = "2026-01-01";

impl Tour<'_> {
    pub(crate) async fn newest(&self) {
        if !self.has("PGPayOrderAuthorizeOnly") {
            return;
        }
        let created = self.post("PGCreateOrder", "/orders", order("order_6", 20.0)).await;
        let blocked =
            self.post("PGPayOrderAuthorizeOnly", "/orders/sessions/authorize", token(&created)).await;
        assert_eq!((&blocked["payment_status"], &blocked["is_captured"]), (&json!("SUCCESS"), &json!(false)));
        let capture = json!({"action": "CAPTURE", "amount": 20});
        self.post("PGAuthorizeOrder", "/orders/order_6/authorization", capture).await;
        let refund = json!({"refund_id": "refund_1", "refund_amount": 2, "refund_note": "PENDING"});
        self.post("PGOrderCreateRefund", "/orders/order_6/refunds", refund).await;
        let cancel = json!({"refund_status": "CANCELLED", "remarks": "no need"});
        let refund =
            self.call("PGOrderUpdateRefund", "PUT", "/orders/order_6/refunds/refund_1", cancel).await;
        assert_eq!(refund["refund_status"], "CANCELLED");

        let settle = json!({"merchantOrderIds": ["order_6"], "status": "SUCCESS"});
        let simulated = self.post("PGSimulateSettlement", "/simulate/settlement", settle).await;
        let path = format!("/simulate/settlement/{}", simulated["simulation_id"].as_str().expect("an id"));
        assert_eq!(self.get("PGFetchSettlementSimulation", &path).await, simulated);
        let settled = self.get("PGOrderFetchSettlement", "/orders/order_6/settlements").await;
        assert_eq!(settled["cf_settlement_id"], simulated["settlement_ids"][0].to_string());

        let bin = json!({"card_number": "4706131211212123"});
        let known = self.post("PGGetCardBin", "/utilities/cardbin", bin).await;
        assert_eq!((&known["scheme"], &known["type"]), (&json!("visa"), &json!("debit_card")));
        let paid = json!({"filter": {"payment_status": "SUCCESS"}, "pagination": {"page_size": 5}});
        let paid = self.post("SposFetchTerminalTransactions", "/terminal/payments", paid).await;
        assert_eq!(paid.as_array().map(Vec::len), Some(1), "{paid}");
        self.downtimes().await;
        self.returned_charge().await;
    }

    async fn downtimes(&self) {
        let none = self.get("FetchActiveEcosystemDowntimes", "/incident").await;
        assert_eq!(none, json!({"count": 0, "incidents": []}));
        let url = format!("{}/incidents", self.merchant.sandbox.control_url());
        let down =
            json!({"payment_method": {"card": {"card_issuer": ["HDFC Bank"]}}, "incident_impact": "LOW"});
        let opened = send("POST", &url, &[], down.to_string().into_bytes()).await.expect("an answer").ok();
        let id = opened["incident_id"].as_str().expect("an id");
        let one = self.get("FetchDowntimeById", &format!("/incident/{id}")).await;
        assert_eq!((&one["incident_status"], &one["incident_impact"]), (&json!("ACTIVE"), &json!("LOW")));
        for (query, count) in [
            ("", 1),
            ("?payment_method=upi", 0),
            ("?payment_method=upi&payment_method=card", 1),
            ("?incident_status=RESOLVED,UPCOMING", 0),
        ] {
            let found = self.get("FetchActiveEcosystemDowntimes", &format!("/incident{query}")).await;
            assert_eq!(found["count"], count, "{query}");
        }
        let over = format!("{url}/{id}?status=RESOLVED");
        send("POST", &over, &[], Vec::new()).await.expect("an answer").ok();
        assert_eq!(self.get("FetchActiveEcosystemDowntimes", "/incident").await["count"], 0);
        let again = send("POST", &over, &[], Vec::new()).await.expect("an answer");
        assert_eq!(again.status, 400, "{again:?}");
        let told = self.merchant.sandbox.webhooks();
        assert_eq!(told.iter().filter(|one| one.event_type == "HEALTH_ALERT").count(), 2);
    }

    async fn returned_charge(&self) {
        let body = json!({
            "subscription_id": "back", "plan_details": {"plan_id": "p"},
            "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        });
        self.post("SubsCreateSubscription", "/subscriptions", body).await;
        for (id, kind, upi) in
            [("b_1", "AUTH", "testsuccess@gocash"), ("b_2", "CHARGE", "testfailure@gocash")]
        {
            let pay = json!({
                "subscription_id": "back", "payment_id": id, "payment_type": kind, "payment_amount": 100,
                "payment_method": {"upi": {"channel": "collect", "upi_id": upi}},
            });
            self.post("SubsCreatePayment", "/subscriptions/pay", pay).await;
        }
        let charge = self.get("SubsFetchSubscriptionPayment", "/subscriptions/back/payments/b_2").await;
        assert_eq!(charge["payment_status"], "FAILED", "{charge}");
        let id = charge["cf_payment_id"].as_str().expect("an id");
        let path = format!("/subscriptions/charge/{id}/transaction-return-summary/generate");
        let made = self.post("SubsGenerateTransactionReturnSummary", &path, Value::Null).await;
        let link = made["data"]["link"].as_str().expect("a link");
        let file = send("GET", link, &[], Vec::new()).await.expect("a file");
        assert!(file.status == 200 && file.text.contains("b_2"), "{file:?}");
    }
}

fn token(order: &Value) -> Value {
    json!({
        "payment_session_id": order["payment_session_id"],
        "authorization_data": {
            "token_number": "4111111111111111", "token_expiry_month": "12", "token_expiry_year": "30",
            "token_cryptogram": "AgAAAAAA", "eci": "05", "transaction_type": "TOKEN",
        },
    })
}

#[tokio::test]
async fn what_is_not_settled_by_a_failed_simulation_is_settled_later() {
    if !cashfree_sandbox::versions().any(|version| version == VERSION) {
        return;
    }
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let made = merchant.order("order_1", 100.0).await;
    let nothing = json!({"merchantOrderIds": ["order_1"], "status": "SUCCESS"});
    assert_eq!(merchant.post("/simulate/settlement", nothing.clone()).await.status, 400);
    merchant.pay(&made, "testsuccess@gocash").await;
    let reason =
        "Due to some technical issues at the bank, your amount will be settled in the next settlement cycle.";
    let fails = json!({"merchantOrderIds": ["order_1"], "status": "FAILED", "errorReason": reason});
    assert_eq!(merchant.post("/simulate/settlement", fails).await.ok()["simulation_status"], "FAILED");
    let told = sandbox.webhooks();
    let failed = told.iter().find(|one| one.event_type == "SETTLEMENT_FAILED").expect("told");
    assert!(failed.body.contains(reason), "{}", failed.body);
    merchant.post("/simulate/settlement", nothing.clone()).await.ok();
    let settled = merchant.get("/orders/order_1/settlements").await.ok();
    assert_eq!(settled["settlement_amount"], 97.64);
    assert_eq!(merchant.post("/simulate/settlement", nothing).await.status, 400, "only once");
    let missing = json!({"merchantOrderIds": ["order_9"], "status": "SUCCESS"});
    assert_eq!(merchant.post("/simulate/settlement", missing).await.status, 404);
}
