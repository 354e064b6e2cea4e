//! What a merchant, payers and banks may do next.

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Order, World, decimal, text};
use crate::common;

/// JSON numbers are what callers send.
fn number(amount: Decimal) -> Value {
    json!(amount.to_string().parse::<f64>().expect("a number"))
}

impl World<'_> {
    pub(super) async fn step(&mut self) {
        match self.random.u8(..42) {
            0..=5 => self.create_order().await,
            6..=13 => self.pay().await,
            14..=18 => self.decide().await,
            19..=21 => self.refund().await,
            22 => self.decide_refund().await,
            23..=24 => self.authorize().await,
            25 => self.terminate().await,
            26..=27 => self.link().await,
            28..=29 => self.vendor().await,
            30..=31 => self.dispute().await,
            32..=35 => self.subscription().await,
            36 => self.terminal().await,
            37 => self.settle().await,
            38 => self.pages().await,
            _ => self.pass_time(),
        }
    }

    fn pass_time(&mut self) {
        let random = &mut self.random;
        let minutes = match random.u8(..10) {
            0..=4 => random.u64(1..30),
            5..=7 => random.u64(60..60 * 24),
            8 => random.u64(60 * 24..60 * 24 * 4),
            _ => random.u64(60 * 24 * 4..60 * 24 * 35),
        };
        self.sandbox.advance(Duration::from_secs(minutes * 60));
    }

    fn pass_hours(&mut self) {
        let hours = self.random.u64(1..24);
        self.sandbox.advance(Duration::from_secs(hours * 60 * 60));
    }

    fn splits(&mut self, total: Decimal) -> Value {
        let vendor = self.vendors[self.random.usize(..self.vendors.len())].clone();
        match self.random.u8(..4) {
            0 => json!([{"vendor_id": vendor, "percentage": self.random.u8(1..60)}]),
            1 => json!([{"vendor_id": vendor, "amount": number((total / Decimal::TWO).round_dp(2))}]),
            _ => Value::Null,
        }
    }

    async fn create_order(&mut self) {
        let (id, version, amount) = (self.name("order"), self.version(), self.amount(2000));
        let mut body = common::order(&id, 0.0);
        body["order_amount"] = number(amount);
        body["order_splits"] = self.splits(amount);
        if self.random.u8(..8) == 0 {
            body["order_note"] = json!("preauth_transaction");
        }
        let created = self.call(version, "POST", "/orders", body).await.ok();
        let session = text(&created["payment_session_id"]);
        self.orders.push(Order { id, number: created["cf_order_id"].clone(), session, was_paid: false });
    }

    async fn pay(&mut self) {
        let Some(at) = self.pick(self.orders.len()) else { return };
        let upi = |id: &str| json!({"upi": {"channel": "collect", "upi_id": id}});
        let mut emi = common::card("4111111111111111");
        (emi["card_bank_name"], emi["emi_tenure"]) = (json!("hdfc"), json!(3));
        let method = match self.random.u8(..14) {
            0..=2 => upi("testsuccess@gocash"),
            3 => upi("testinsufficientfunds@gocash"),
            4 => upi("testuserdropped@gocash"),
            5 => upi("someone@bank"),
            6 => json!({"upi": {"channel": "link", "authorize_only": true}}),
            7 => {
                json!({"upi": {"channel": "collect", "upi_id": "testsuccess@gocash", "authorize_only": true}})
            }
            8 => json!({"card": common::card("4706131211212123")}),
            9 => json!({"netbanking": {"channel": "link", "netbanking_bank_code": 3333}}),
            10 => {
                json!({"app": {"channel": "link", "provider": "phonepe", "phone": "9999999999"}, "card": null})
            }
            11 => json!({"paylater": {"channel": "link", "provider": "simpl", "phone": "8714268343"}}),
            12 => json!({ "emi": emi }),
            _ => json!({"upi": {"channel": "link"}}),
        };
        let body = json!({
            "payment_session_id": self.orders[at].session, "payment_method": method,
            "save_instrument": self.random.bool(),
        });
        let version = self.version();
        let answer = self.call(version, "POST", "/orders/sessions", body).await;
        if answer.status == 200 && method["card"].is_object() && self.random.bool() {
            let path = format!("/orders/pay/authenticate/{}", text(&answer.json()["cf_payment_id"]));
            let otp = if self.random.u8(..4) == 0 { "000000" } else { "111000" };
            self.call(version, "POST", &path, json!({"otp": otp, "action": "SUBMIT_OTP"})).await;
        }
    }

    /// A payment of a random order, of any status.
    async fn any_payment(&mut self) -> Option<(String, Value)> {
        let at = self.pick(self.orders.len())?;
        let id = self.orders[at].id.clone();
        let version = self.version();
        let payments = self.get(version, &format!("/orders/{id}/payments")).await;
        let payments = payments.as_array()?.clone();
        let payment = self.pick(payments.len())?;
        Some((id, payments[payment].clone()))
    }

    async fn decide(&mut self) {
        let Some((_, payment)) = self.any_payment().await else { return };
        let statuses = ["SUCCESS", "SUCCESS", "SUCCESS", "FAILED", "USER_DROPPED", "CANCELLED", "FLAGGED"];
        let status = statuses[self.random.usize(..statuses.len())];
        let path = format!("pay/{}?status={status}", text(&payment["cf_payment_id"]));
        self.control(&path, Value::Null).await;
    }

    /// Refunds of one payment, one after the other: also more than there is, and of what is not paid.
    pub(super) async fn refund(&mut self) {
        let Some((mut order, mut payment)) = self.any_payment().await else { return };
        for _ in 0..3 {
            if payment["is_captured"] != true {
                (order, payment) = self.any_payment().await.unwrap_or((order, payment));
            }
        }
        let most = decimal(&payment["payment_amount"]);
        for _ in 0..self.random.u8(1..4) {
            let part = match self.random.u8(..4) {
                0 => most,
                1 => most + Decimal::new(1, 2),
                _ => (most / Decimal::from(self.random.u8(2..6))).round_dp(2),
            };
            let notes = ["SUCCESS", "FAILED", "PENDING", "ACTIVE", "a ticket came back", "one more"];
            let note = notes[self.random.usize(..notes.len())];
            let body = json!({
                "refund_id": self.name("refund"), "refund_amount": number(part), "refund_note": note,
                "refund_splits": self.splits(part),
            });
            let version = self.version();
            let answer = self.call(version, "POST", &format!("/orders/{order}/refunds"), body).await;
            if answer.status == 200 && matches!(note, "PENDING" | "ACTIVE") {
                self.waiting.push(text(&answer.json()["cf_refund_id"]));
            }
        }
    }

    async fn decide_refund(&mut self) {
        let Some(at) = self.pick(self.waiting.len()) else { return };
        let refund = self.waiting.swap_remove(at);
        let status = ["SUCCESS", "FAILED", "CANCELLED"][self.random.usize(..3)];
        self.control(&format!("refunds/{refund}?status={status}"), Value::Null).await;
    }

    async fn authorize(&mut self) {
        let Some((order, payment)) = self.any_payment().await else { return };
        let most = decimal(&payment["payment_amount"]);
        let amount = if self.random.bool() { most } else { (most / Decimal::TWO).round_dp(2) };
        let action = if self.random.u8(..3) == 0 { "VOID" } else { "CAPTURE" };
        let body = json!({"action": action, "amount": number(amount)});
        let version = self.version();
        self.call(version, "POST", &format!("/orders/{order}/authorization"), body).await;
    }

    async fn terminate(&mut self) {
        let Some(at) = self.pick(self.orders.len()) else { return };
        let path = format!("/orders/{}", self.orders[at].id);
        let version = self.later_version();
        self.call(version, "PATCH", &path, json!({"order_status": "TERMINATED"})).await;
    }

    async fn link(&mut self) {
        let create = self.links.is_empty() || self.random.u8(..3) == 0;
        if create {
            let (id, version) = (self.name("link"), self.version());
            let body = json!({
                "link_id": id, "link_amount": number(self.amount(500)), "link_currency": "INR",
                "link_purpose": "test", "link_partial_payments": self.random.bool(),
                "customer_details": {"customer_phone": "9999999999"},
            });
            self.call(version, "POST", "/links", body).await.ok();
            self.links.push(id);
            return;
        }
        let id = self.links[self.random.usize(..self.links.len())].clone();
        if self.random.u8(..8) == 0 {
            let version = self.version();
            self.call(version, "POST", &format!("/links/{id}/cancel"), Value::Null).await;
            return;
        }
        let part = self.amount(300);
        let body = if self.random.bool() { json!({"amount": number(part)}) } else { json!({}) };
        let opened = self.control(&format!("links/{id}"), body).await;
        if opened.status == 200 && self.random.u8(..4) > 0 {
            let path = format!("pay/{}?status=SUCCESS", text(&opened.json()["cf_payment_id"]));
            self.control(&path, Value::Null).await;
        }
    }

    pub(super) async fn create_vendor(&mut self) {
        let id = self.name("vendor");
        let body = json!({
            "vendor_id": id, "status": "ACTIVE", "name": "V", "email": "v@example.com", "phone": "9999999999",
            "kyc_details": {"account_type": "BUSINESS"}, "bank": {"account_number": "12345", "ifsc": "HDFC0000001"},
        });
        let version = self.later_version();
        self.call(version, "POST", "/easy-split/vendors", body).await.ok();
        self.vendors.push(id);
    }

    async fn vendor(&mut self) {
        let (version, sum) = (self.later_version(), self.amount(100));
        let vendor = self.vendors[self.random.usize(..self.vendors.len())].clone();
        match self.random.u8(..5) {
            0 if self.vendors.len() < 3 => self.create_vendor().await,
            0 | 1 => {
                let credit = self.random.bool();
                let body = json!({
                    "vendor_id": vendor, "adjustment_id": self.serial + 1_000_000, "amount": number(sum),
                    "type": if credit { "CREDIT" } else { "DEBIT" },
                });
                self.serial += 1;
                let path = format!("/easy-split/vendors/{vendor}/adjustment");
                if self.call(version, "POST", &path, body).await.status == 200 {
                    self.by_hand += if credit { sum } else { -sum };
                }
            }
            2 | 3 => {
                let merchant = self.random.bool();
                // A vendor takes all that it has, at any hour of the day.
                if !merchant {
                    self.pass_hours();
                }
                let balance = self.get(version, &format!("/easy-split/vendors/{vendor}/balances")).await;
                let sum = if merchant { sum } else { sum.max(decimal(&balance["vendor_unsettled"])) };
                let body = json!({
                    "transfer_from": if merchant { "MERCHANT" } else { "VENDOR" },
                    "transfer_type": "ON_DEMAND", "transfer_amount": number(sum),
                });
                let path = format!("/easy-split/vendors/{vendor}/transfer");
                let answer = self.call(version, "POST", &path, body).await;
                if answer.status == 200 {
                    let charges = answer.json()["charges"].clone();
                    self.charges += decimal(&charges["service_charges"]) + decimal(&charges["service_tax"]);
                    if merchant {
                        self.by_hand += sum;
                    } else {
                        self.pass_hours();
                    }
                }
            }
            _ => {
                let Some((order, _)) = self.any_payment().await else { return };
                let body = json!({"split": [{"vendor_id": vendor, "amount": number(sum)}]});
                self.call(version, "POST", &format!("/easy-split/orders/{order}/split"), body).await;
            }
        }
    }

    async fn dispute(&mut self) {
        if self.disputes.is_empty() || self.random.bool() {
            let Some((_, payment)) = self.any_payment().await else { return };
            let asked = json!({"cf_payment_id": payment["cf_payment_id"]});
            let opened = self.control("disputes", asked).await;
            if opened.status == 200 {
                self.disputes.push(opened.json()["dispute_id"].to_string());
            }
            return;
        }
        let id = self.disputes[self.random.usize(..self.disputes.len())].clone();
        if self.random.u8(..4) == 0 {
            let version = self.later_version();
            self.call(version, "PUT", &format!("/disputes/{id}/accept"), Value::Null).await;
            return;
        }
        let stages = ["UNDER_REVIEW", "INSUFFICIENT_EVIDENCE", "MERCHANT_WON", "MERCHANT_LOST", "CREATED"];
        let stage = stages[self.random.usize(..stages.len())];
        self.control(&format!("disputes/{id}?status={stage}"), Value::Null).await;
    }

    async fn subscription(&mut self) {
        if self.subscriptions.is_empty() || self.random.u8(..5) == 0 {
            return self.subscribe().await;
        }
        let id = self.subscriptions[self.random.usize(..self.subscriptions.len())].clone();
        let version = self.later_version();
        match self.random.u8(..8) {
            0..=2 => {
                let kind = if self.random.bool() { "AUTH" } else { "CHARGE" };
                let upi =
                    ["testsuccess@gocash", "testfailure@gocash", "someone@bank"][self.random.usize(..3)];
                // 2025-01-01 declares the method without its key.
                let mut method = json!({"channel": "collect", "upi_id": upi});
                method["upi"] = json!({"channel": "collect", "upi_id": upi});
                let body = json!({
                    "subscription_id": id, "payment_id": self.name("charge"), "payment_type": kind,
                    "payment_amount": number(self.amount(120)), "payment_method": method,
                });
                self.call(version, "POST", "/subscriptions/pay", body).await;
            }
            3 | 4 => {
                let payments = self.get(version, &format!("/subscriptions/{id}/payments")).await;
                let payments = payments.as_array().cloned().unwrap_or_default();
                let Some(at) = self.pick(payments.len()) else { return };
                let payment = text(&payments[at]["payment_id"]);
                match self.random.u8(..4) {
                    0 => {
                        let action = if self.random.bool() { "CANCEL" } else { "RETRY" };
                        let body = json!({"subscription_id": id, "payment_id": payment, "action": action});
                        let path = format!("/subscriptions/{id}/payments/{payment}/manage");
                        self.call(version, "POST", &path, body).await;
                    }
                    1 => {
                        let body = json!({
                            "subscription_id": id, "payment_id": payment, "refund_id": self.name("refund"),
                            "refund_amount": number(self.amount(60)),
                        });
                        self.call(version, "POST", &format!("/subscriptions/{id}/refunds"), body).await;
                    }
                    _ => {
                        let status = if self.random.u8(..3) == 0 { "FAILED" } else { "SUCCESS" };
                        let body = json!({
                            "entity": "SUBS_PAYMENTS", "entity_id": payment,
                            "entity_simulation": {"payment_status": status},
                        });
                        self.call(version, "POST", "/simulate", body).await;
                    }
                }
            }
            5 | 6 => {
                let action = ["PAUSE", "ACTIVATE", "PAUSE", "ACTIVATE", "CANCEL"][self.random.usize(..5)];
                let body = json!({"subscription_id": id, "action": action});
                self.call(version, "POST", &format!("/subscriptions/{id}/manage"), body).await;
            }
            _ => {
                let action = ["PAUSE", "ACTIVATE", "CANCEL"][self.random.usize(..3)];
                self.control(&format!("subscriptions/{id}/customer?action={action}"), Value::Null).await;
            }
        }
    }

    async fn subscribe(&mut self) {
        let (id, version) = (self.name("subscription"), self.later_version());
        let kind = if self.random.bool() { "PERIODIC" } else { "ON_DEMAND" };
        let units = ["DAY", "WEEK", "MONTH"];
        let body = json!({
            "subscription_id": id,
            "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
            "plan_details": {
                "plan_name": "P", "plan_type": kind, "plan_amount": 50, "plan_max_amount": 100,
                "plan_max_cycles": self.random.u8(1..5), "plan_intervals": self.random.u8(1..3),
                "plan_interval_type": units[self.random.usize(..3)],
            },
            "authorization_details": {
                "authorization_amount": number(self.amount(5)), "authorization_amount_refund": self.random.bool(),
            },
            "subscription_payment_splits": self.random.bool().then(|| json!([
                {"vendor_id": self.vendors[0], "percentage": 20},
            ])),
        });
        self.call(version, "POST", "/subscriptions", body).await.ok();
        self.subscriptions.push(id);
    }

    async fn terminal(&mut self) {
        let version = self.version();
        if self.terminals.is_empty() {
            let id = self.name("terminal");
            let body = json!({
                "terminal_id": id, "terminal_phone_no": "9876543210", "terminal_name": "Counter",
                "terminal_email": "t@example.com", "terminal_type": "SPOS",
            });
            let made = self.call(version, "POST", "/terminal", body).await.ok();
            self.terminals.push(made["cf_terminal_id"].to_string());
            return;
        }
        let Some(at) = self.pick(self.orders.len()) else { return };
        let body = json!({
            "cf_order_id": self.orders[at].number, "cf_terminal_id": self.terminals[0], "payment_method": "QR_CODE",
        });
        self.call(version, "POST", "/terminal/transactions", body).await;
    }
}
