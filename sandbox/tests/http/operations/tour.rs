//! A way through all products.

use serde_json::{Value, json};

use crate::common::{self, Merchant, order, send};

/// Goes through all products as a merchant would; what a version does not have is left out.
pub(crate) struct Tour<'a> {
    pub(crate) merchant: Merchant<'a>,
    pub(crate) known: Vec<&'static str>,
}

impl Tour<'_> {
    pub(crate) fn has(&self, operation: &str) -> bool {
        self.known.contains(&operation)
    }

    /// Calls an operation that must succeed, if the version has it.
    pub(crate) async fn call(&self, operation: &str, method: &str, path: &str, body: Value) -> Value {
        if !self.has(operation) {
            return Value::Null;
        }
        let answer = self.merchant.call(method, path, body).await;
        assert!((200..300).contains(&answer.status), "{} {operation}: {answer:?}", self.merchant.version);
        answer.json()
    }

    pub(crate) async fn get(&self, operation: &str, path: &str) -> Value {
        self.call(operation, "GET", path, Value::Null).await
    }

    pub(crate) async fn post(&self, operation: &str, path: &str, body: Value) -> Value {
        self.call(operation, "POST", path, body).await
    }

    pub(crate) async fn upload(&self, operation: &str, path: &str, parts: &[(&str, &str)]) {
        if !self.has(operation) {
            return;
        }
        let mut body = String::new();
        for (name, value) in parts {
            body += &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--x--\r\n";
        let headers = [
            ("x-client-id", self.merchant.sandbox.client_id()),
            ("x-client-secret", self.merchant.sandbox.client_secret()),
            ("x-api-version", self.merchant.version),
            ("content-type", "multipart/form-data; boundary=x"),
        ];
        let url = format!("{}{path}", self.merchant.sandbox.base_url());
        let answer = send("POST", &url, &headers, body.into_bytes()).await.expect("an answer");
        common::schema::answer(self.merchant.version, operation, &answer.ok())
            .unwrap_or_else(|fault| panic!("{fault}"));
    }

    pub(crate) async fn orders(&self) -> String {
        let mut body = order("order_1", 2000.0);
        body["cart_details"] = json!({
            "cart_name": "c", "shipping_charge": 5,
            "customer_shipping_address": {"full_name": "A", "address_1": "1", "city": "Pune", "pincode": "411001"},
            "cart_items": [{"item_id": "i", "item_name": "n", "item_original_unit_price": 5}],
        });
        let created = self.post("PGCreateOrder", "/orders", body).await;
        self.get("PGFetchOrder", "/orders/order_1").await;
        self.get("PGFetchOrderExtendedData", "/orders/order_1/extended").await;
        let mut pay = json!({
            "payment_session_id": created["payment_session_id"], "save_instrument": true,
            "payment_method": {"card": common::card("4706131211212123")},
        });
        let payment = self.post("PGPayOrder", "/orders/sessions", pay.clone()).await["cf_payment_id"].clone();
        let payment = payment.to_string().trim_matches('"').to_owned();
        let otp = json!({"otp": "111000", "action": "SUBMIT_OTP"});
        self.post("PGOrderAuthenticatePayment", &format!("/orders/pay/authenticate/{payment}"), otp).await;
        self.get("PGOrderFetchPayments", "/orders/order_1/payments").await;
        let shown = self.get("PGOrderFetchPayment", &format!("/orders/order_1/payments/{payment}")).await;
        assert_eq!(shown["payment_group"], "debit_card");
        let shipped = json!({
            "shipment_details": [{"tracking_company": "t", "tracking_urls": ["u"], "tracking_numbers": ["1"]}],
            "order_delivery_status": {"status": "SHIPPED"},
        });
        self.call("PGUpdateOrderExtendedData", "PUT", "/orders/order_1/extended", shipped).await;
        let refund = json!({"refund_id": "refund_1", "refund_amount": 10});
        self.post("PGOrderCreateRefund", "/orders/order_1/refunds", refund).await;
        self.get("PGOrderFetchRefunds", "/orders/order_1/refunds").await;
        self.get("PGOrderFetchRefund", "/orders/order_1/refunds/refund_1").await;

        let created = self.post("PGCreateOrder", "/orders", order("order_2", 10.0)).await;
        pay["payment_session_id"] = created["payment_session_id"].clone();
        pay["payment_method"] =
            json!({"upi": {"channel": "collect", "upi_id": "testsuccess@gocash", "authorize_only": true}});
        self.post("PGPayOrder", "/orders/sessions", pay.clone()).await;
        let capture = json!({"action": "CAPTURE", "amount": 5});
        self.post("PGAuthorizeOrder", "/orders/order_2/authorization", capture).await;
        self.post("PGCreateOrder", "/orders", order("order_3", 10.0)).await;
        let end = json!({"order_status": "TERMINATED"});
        self.call("PGTerminateOrder", "PATCH", "/orders/order_3", end).await;
        let created = self.post("PGCreateOrder", "/orders", order("order_4", 10.0)).await;
        pay["payment_session_id"] = created["payment_session_id"].clone();
        pay["payment_method"] = json!({"netbanking": {"channel": "link", "netbanking_bank_code": 3021}});
        let open = self.post("PGPayOrder", "/orders/sessions", pay).await["cf_payment_id"].clone();
        let decide = json!({
            "entity": "PAYMENTS", "entity_id": open.to_string().trim_matches('"'),
            "entity_simulation": {"payment_status": "FAILED", "payment_error_code": "BANK_DECLINED"},
        });
        let simulation = self.post("PGSimulatePayment", "/simulate", decide).await;
        if self.has("PGFetchSimulation") {
            let path = format!("/simulate/{}", simulation["simulation_id"].as_str().expect("an id"));
            self.get("PGFetchSimulation", &path).await;
        }
        payment
    }

    pub(crate) async fn links_and_offers(&self) {
        let link = json!({
            "link_id": "link_1", "link_amount": 10, "link_currency": "INR", "link_purpose": "p",
            "customer_details": {"customer_phone": "9999999999"},
        });
        self.post("PGCreateLink", "/links", link).await;
        let url = format!("{}/links/link_1", self.merchant.sandbox.control_url());
        send("POST", &url, &[], b"{}".to_vec()).await.expect("opened").ok();
        self.get("PGFetchLink", "/links/link_1").await;
        let orders = self.get("PGLinkFetchOrders", "/links/link_1/orders?status=ALL").await;
        assert_eq!(orders.as_array().map(Vec::len), Some(1));
        self.post("PGCancelLink", "/links/link_1/cancel", Value::Null).await;
        let offer = json!({
            "offer_meta": {
                "offer_title": "Ten off", "offer_description": "Ten off", "offer_code": "TEN",
                "offer_start_time": "2020-01-01T00:00:00", "offer_end_time": "2090-01-01T00:00:00",
            },
            "offer_tnc": {"offer_tnc_type": "text", "offer_tnc_value": "none"},
            "offer_details": {
                "offer_type": "DISCOUNT",
                "discount_details": {"discount_type": "flat", "discount_value": 10, "max_discount_amount": 10},
            },
            "offer_validations": {"min_amount": 1, "max_allowed": 5, "payment_method": {"all": {}}},
        });
        let offer = self.post("PGCreateOffer", "/offers", offer).await;
        self.get("PGFetchOffer", &format!("/offers/{}", offer["offer_id"].as_str().expect("an id"))).await;
        let query =
            json!({"queries": {"amount": 8000, "customer_details": {"customer_phone": "8714268343"}}});
        for (operation, path) in [
            ("PGEligibilityFetchOffers", "offers"),
            ("PGEligibilityFetchPaymentMethods", "payment_methods"),
            ("PGEligibilityFetchCardlessEMI", "cardlessemi"),
            ("PGEligibilityFetchPaylater", "paylater"),
        ] {
            let listed = self.post(operation, &format!("/eligibility/{path}"), query.clone()).await;
            assert!(
                listed.as_array().is_some_and(|all| all.iter().any(|one| one["eligibility"] == true)),
                "{listed}"
            );
        }
    }

    pub(crate) async fn customers_and_disputes(&self, payment: &str) {
        self.post("PGCreateCustomer", "/customers", json!({"customer_phone": "9999999999"})).await;
        let cards =
            self.get("PGCustomerFetchInstruments", "/customers/c_1/instruments?instrument_type=card").await;
        let path =
            format!("/customers/c_1/instruments/{}", cards[0]["instrument_id"].as_str().expect("a card"));
        self.get("PGCustomerFetchInstrument", &path).await;
        self.get("PGCustomerInstrumentsFetchCryptogram", &format!("{path}/cryptogram")).await;
        self.call("PGCustomerDeleteInstrument", "DELETE", &path, Value::Null).await;
        let mut par = common::card("4111111111111111");
        par["card_type"] = json!("PLAIN_CARD");
        let one = self.post("PGCreatePAR", "/utilities/pars", par.clone()).await;
        assert_eq!(self.post("PGCreatePAR", "/utilities/pars", par).await, one, "a card has one account");
        let dispute = self.merchant.sandbox.open_dispute(payment).expect("a dispute");
        self.get("PGFetchDisputeByID", &format!("/disputes/{dispute}")).await;
        self.get("PGFetchOrderDisputes", "/orders/order_1/disputes").await;
        self.get("PGFetchPaymentDisputes", &format!("/payments/{payment}/disputes")).await;
        let path = format!("/disputes/{dispute}/documents");
        self.upload("PGUploadDisputesDocuments", &path, &[("doc_type", "proof")]).await;
        self.call("PGAcceptDisputeByID", "PUT", &format!("/disputes/{dispute}/accept"), Value::Null).await;
    }

    pub(crate) async fn settlements(&self) {
        let mark = json!({"order_id": "order_1", "meta_data": {"settlement_date": "2030-01-01"}});
        self.post("MarkForSettlement", "/orders/settlements", mark).await;
        self.merchant.sandbox.advance(std::time::Duration::from_secs(86_400 * 2000));
        self.get("PGOrderFetchSettlement", "/orders/order_2/settlements").await;
        let body = json!({
            "pagination": {"limit": 10},
            "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2090-01-01T00:00:00Z"},
        });
        for (operation, path) in [
            ("PGFetchSettlements", "/settlements"),
            ("PGFetchRecon", "/recon"),
            ("PGSettlementFetchRecon", "/settlement/recon"),
            ("PGESReconVendor", "/recon/vendor"),
            ("PGESOrderRecon", "/split/order/vendor/recon"),
        ] {
            let page = self.post(operation, path, body.clone()).await;
            assert!(
                page.is_null() || page["data"].as_array().is_some_and(|rows| !rows.is_empty()),
                "{operation}"
            );
        }
    }

    pub(crate) async fn vendors(&self) {
        let vendor = json!({
            "vendor_id": "vendor_1", "status": "ACTIVE", "name": "V", "email": "v@example.com",
            "phone": "9999999999", "schedule_option": 1, "kyc_details": [{"account_type": "BUSINESS"}],
            "bank": [{"account_number": "12345", "ifsc": "HDFC0000001", "account_holder": "V"}],
        });
        let mut made = vendor.clone();
        if self.merchant.version >= "2026-01-01" {
            for name in ["bank", "kyc_details"] {
                made[name] = vendor[name][0].clone();
            }
        }
        self.post("PGESCreateVendors", "/easy-split/vendors", made).await;
        self.get("PGESFetchVendors", "/easy-split/vendors/vendor_1").await;
        self.call("PGESUpdateVendors", "PATCH", "/easy-split/vendors/vendor_1", vendor).await;
        self.upload(
            "PGESUploadVendorsDocs",
            "/easy-split/vendor-docs/vendor_1",
            &[("doc_type", "PAN"), ("doc_value", "ABCDE1234F")],
        )
        .await;
        self.get("PGESGetVendorsDocs", "/easy-split/vendor-docs/vendor_1").await;
        let found =
            self.get("PGESDownloadVendorsDocs", "/easy-split/vendor-docs/vendor_1/download/PAN").await;
        if let Some(url) = found["download_url"].as_str() {
            let file = send("GET", url, &[], Vec::new()).await.expect("a file");
            assert_eq!((file.status, file.text.as_str()), (200, "%PDF"));
        }
        let adjustment = json!({"vendor_id": "vendor_1", "adjustment_id": 1, "amount": 50, "type": "CREDIT"});
        self.post("PGESCreateAdjustment", "/easy-split/vendors/vendor_1/adjustment", adjustment).await;
        let transfer =
            json!({"transfer_from": "MERCHANT", "transfer_type": "ON_DEMAND", "transfer_amount": 10});
        self.post("PGESCreateOnDemandTransfer", "/easy-split/vendors/vendor_1/transfer", transfer).await;
        self.get("PGESGetVendorBalance", "/easy-split/vendors/vendor_1/balances").await;
        let charges = "/easy-split/amount/10.5/charges?rate_type=VENDOR_ON_DEMAND";
        self.get("PGESGetVendorBalanceTransferCharges", charges).await;
        let split = json!({"split": [{"vendor_id": "vendor_1", "amount": 1}], "disable_split": false});
        self.post("PGOrderSplitAfterPayment", "/easy-split/orders/order_1/split", split).await;
        self.get("PGSplitOrderRecon", "/easy-split/orders/order_1").await;
        let always = json!({
            "active": true, "product_type": "STATIC_QR",
            "scheme": [{"merchantVendorId": "vendor_1", "percentage": "10"}],
        });
        self.post("PGOrderStaticSplit", "/easy-split/static-split", always).await;
    }

    pub(crate) async fn subscriptions(&self) {
        let plan =
            json!({"plan_id": "p", "plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 500});
        self.post("SubsCreatePlan", "/plans", plan).await;
        self.get("SubsFetchPlan", "/plans/p").await;
        let body = json!({
            "subscription_id": "s", "plan_details": {"plan_id": "p"},
            "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        });
        self.post("SubsCreateSubscription", "/subscriptions", body).await;
        self.get("SubsFetchSubscription", "/subscriptions/s").await;
        let query = json!({"queries": {"subscription_id": "s"}});
        self.post("SubscriptionEligibility", "/subscriptions/eligibility/payment_methods", query).await;
        let pay = |id: &str, kind: &str, upi: Value| {
            json!({
                "subscription_id": "s", "payment_id": id, "payment_type": kind, "payment_amount": 100,
                "payment_method": {"upi": upi},
            })
        };
        let waits = json!({"channel": "link"});
        let at_once = json!({"channel": "collect", "upi_id": "testsuccess@gocash"});
        self.post("SubsCreatePayment", "/subscriptions/pay", pay("a_1", "AUTH", waits.clone())).await;
        let parts = [("payment_id", "a_1"), ("action", "SUBMIT_DOCUMENT")];
        self.upload("SubscriptionDocumentUpload", "/subscriptions/pay/documents/a_1", &parts).await;
        self.post("SubsCreatePayment", "/subscriptions/pay", pay("a_2", "AUTH", at_once.clone())).await;
        self.post("SubsCreatePayment", "/subscriptions/pay", pay("c_1", "CHARGE", at_once)).await;
        self.post("SubsCreatePayment", "/subscriptions/pay", pay("c_2", "CHARGE", waits)).await;
        self.get("SubsFetchSubscriptionPayments", "/subscriptions/s/payments").await;
        self.get("SubsFetchSubscriptionPayment", "/subscriptions/s/payments/c_1").await;
        let cancel = json!({"subscription_id": "s", "payment_id": "c_2", "action": "CANCEL"});
        self.post("SubsManageSubscriptionPayment", "/subscriptions/s/payments/c_2/manage", cancel).await;
        let refund =
            json!({"subscription_id": "s", "payment_id": "c_1", "refund_id": "r_1", "refund_amount": 1});
        self.post("SubsCreateRefund", "/subscriptions/s/refunds", refund).await;
        self.get("SubsFetchSubscriptionRefund", "/subscriptions/s/refunds/r_1").await;
        let cancel = json!({"subscription_id": "s", "action": "CANCEL"});
        self.post("SubsManageSubscription", "/subscriptions/s/manage", cancel).await;
    }

    pub(crate) async fn terminals(&self, order: &Value) {
        let terminal = json!({
            "terminal_id": "t_1", "terminal_phone_no": "9876543210", "terminal_name": "Counter",
            "terminal_email": "t@example.com", "terminal_type": "SPOS",
        });
        let id = self.post("SposCreateTerminal", "/terminal", terminal).await["cf_terminal_id"].to_string();
        self.get("SposFetchTerminal", "/terminal/9876543210").await;
        let change = json!({"terminal_type": "SPOS", "terminal_email": "u@example.com"});
        self.call("SposUpdateTerminal", "PATCH", &format!("/terminal/{id}"), change).await;
        let status = json!({"terminal_status": "INACTIVE"});
        self.call("SposUpdateTerminalStatus", "PATCH", &format!("/terminal/{id}/status"), status).await;
        let status = json!({"terminal_status": "ACTIVE"});
        self.call("SposUpdateTerminalStatus", "PATCH", &format!("/terminal/{id}/status"), status).await;
        let document = json!({"doc_type": "PHOTO", "doc_value": "v", "file": "f"});
        self.post("SposUploadTerminalDocs", &format!("/terminal/{id}/docs"), document).await;
        let codes = format!("/terminal/qrcodes?cf_terminal_id={id}&terminal_phone_no=9876543210");
        let codes = self.get("SposFetchTerminalQRCodes", &codes).await;
        assert!(codes[0]["qrCode"].as_str().is_some_and(|code| code.starts_with("data:image/")));
        let made =
            self.post("TerminalCreateQRCodes", "/partners/merchant/qrcodes", json!({"vpa_count": 2})).await;
        let soundbox = json!({
            "vpa": made[0]["vpa"].as_str().unwrap_or("shop@bank"), "cf_terminal_id": id, "device_serial_no": "d_1",
        });
        self.post("SposOnboardSoundboxVpa", "/terminal/soundbox", soundbox.clone()).await;
        let given = format!("/partners/merchant/qrcodes?cf_terminal_id={id}&status=ACTIVE");
        self.get("TerminalGetQRCodes", &given).await;
        let change = json!({"vpa": "shop@bank", "cf_terminal_id": id, "language": "hi"});
        self.call("SposUpdateSoundboxVpa", "PATCH", &format!("/terminal/{id}/soundbox"), change).await;
        let found = format!("/terminal/soundbox/qrcodes?cf_terminal_id={id}&device_serial_no=d_1");
        self.get("SposFetchTerminalSoundboxVpa", &found).await;
        self.post("SposDemapSoundboxVpa", "/terminal/demap/soundbox", soundbox).await;
        let pay =
            json!({"cf_order_id": order["cf_order_id"], "cf_terminal_id": id, "payment_method": "QR_CODE"});
        let started = self.post("SposCreateTerminalTransaction", "/terminal/transactions", pay).await;
        let payment = started["cf_payment_id"].to_string().trim_matches('"').to_owned();
        self.merchant.sandbox.decide_payment(&payment, "SUCCESS");
        let order_id = order["order_id"].as_str().expect("an id");
        let shown = self.get("PGOrderFetchPayments", &format!("/orders/{order_id}/payments")).await;
        let utr = shown[0]["bank_reference"].as_str().expect("a reference");
        self.get("SposFetchTerminalTransaction", &format!("/terminal/{id}/payments?utr={utr}")).await;
    }
}
