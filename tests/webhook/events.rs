//! What handlers ask for first, for one body of every kind of event and of the versions that differ.

use cashfree_pg::webhook::{Delivery, Event, Subject, Verifier, WebhookError};

const SECRET: &str = "a_dummy_secret";

fn event(body: &str) -> Event {
    let delivery = Delivery::body_as_is(body).sign(SECRET);
    let event = Verifier::new(SECRET).verify(delivery.headers(), body.as_bytes()).unwrap();
    assert_eq!(event.raw_body(), body.as_bytes());
    event
}

/// An event whose `data` is given.
fn of(event_type: &str, data: &str) -> Event {
    event(&format!(r#"{{"data":{data},"event_time":"2025-01-15T12:20:29+05:30","type":"{event_type}"}}"#))
}

/// Order, payment, entity, status, amount, currency.
type Summary<'a> =
    (Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<String>, Option<&'a str>);

fn summary(event: &Event) -> Summary<'_> {
    (
        event.order_id(),
        event.payment_id(),
        event.entity_id(),
        event.status(),
        event.amount().map(|amount| amount.to_string()),
        event.currency(),
    )
}

fn amount(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn payments() {
    // The id is a number until 2022-09-01 and a text since.
    for id in ["1453002795", "\"1453002795\""] {
        let event = of(
            "PAYMENT_SUCCESS_WEBHOOK",
            &format!(
                r#"{{"order":{{"order_id":"o_1","order_amount":170.00}},"payment":{{"cf_payment_id":{id},
                "payment_status":"SUCCESS","payment_amount":170.00,"payment_currency":"INR"}}}}"#
            ),
        );
        assert_eq!(
            summary(&event),
            (
                Some("o_1"),
                Some("1453002795"),
                Some("1453002795"),
                Some("SUCCESS"),
                amount("170.00"),
                Some("INR")
            )
        );
        assert!(event.is_final());
        assert_eq!(event.dedupe_key(), "PAYMENT_SUCCESS_WEBHOOK:1453002795:SUCCESS");
        assert_eq!(event.event_time().unwrap().as_str(), "2025-01-15T12:20:29+05:30");
    }
}

#[test]
fn a_success_that_is_pending_is_not_final() {
    for (status, is_final) in [
        ("SUCCESS", true),
        ("FAILED", true),
        ("USER_DROPPED", true),
        ("CANCELLED", true),
        ("VOID", true),
        ("PENDING", false),
        ("FLAGGED", false),
        ("NOT_ATTEMPTED", false),
        ("SOMETHING_NEW", false),
    ] {
        let data = format!(r#"{{"payment":{{"cf_payment_id":"1","payment_status":"{status}"}}}}"#);
        let event = of("PAYMENT_SUCCESS_WEBHOOK", &data);
        assert_eq!((event.status(), event.is_final()), (Some(status), is_final));
    }
    let event = of("PAYMENT_SUCCESS_WEBHOOK", r#"{"payment":{"cf_payment_id":"1"}}"#);
    assert_eq!((event.status(), event.is_final()), (None, false));
}

#[test]
fn amounts_and_ids_never_pass_through_a_float() {
    let data =
        r#"{"payment":{"cf_payment_id":12345678901234567890123,"payment_amount":9007199254740993.01}}"#;
    let event = of("PAYMENT_SUCCESS_WEBHOOK", data);
    assert_eq!(event.payment_id(), Some("12345678901234567890123"));
    assert_eq!(event.amount().unwrap().to_string(), "9007199254740993.01");
    // An escaped name is the same name.
    let event = of("X", r#"{"pay\u006dent":{"payment_am\u006funt":0.10}}"#);
    assert_eq!(event.amount().unwrap().to_string(), "0.10");
}

#[test]
fn refunds() {
    let refund = r#"{"refund":{"cf_refund_id":11,"cf_payment_id":78,"refund_id":"r_1","order_id":"o_1",
        "refund_amount":2.00,"refund_currency":"INR","refund_status":"SUCCESS"}}"#;
    let event = of("REFUND_STATUS_WEBHOOK", refund);
    let expected = (Some("o_1"), Some("78"), Some("11"), Some("SUCCESS"), amount("2.00"), Some("INR"));
    assert_eq!(summary(&event), expected);
    assert!(event.is_final());
    assert!(!of("REFUND_STATUS_WEBHOOK", &refund.replace("SUCCESS", "ONHOLD")).is_final());

    let event = of("AUTO_REFUND_STATUS_WEBHOOK", &refund.replace("\"refund\"", "\"auto_refund\""));
    assert_eq!(summary(&event), expected);

    // Of a subscription: flat.
    let event = of(
        "SUBSCRIPTION_REFUND_STATUS",
        r#"{"payment_id":"p","cf_payment_id":"78","refund_id":"r","cf_refund_id":"ref_2","refund_amount":1,
            "refund_status":"PENDING","failure_details":null}"#,
    );
    let expected = (None, Some("78"), Some("ref_2"), Some("PENDING"), amount("1"), None);
    assert_eq!(summary(&event), expected);
}

#[test]
fn settlements() {
    let event = of(
        "SETTLEMENT_SUCCESS",
        r#"{"settlement":{"settlement_id":738,"status":"SUCCESS","amount_settled":97.94,"settlement_amount":98,
            "payment_amount":100,"utr":1644822317781212}}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("738"), Some("SUCCESS"), amount("97.94"), None));

    let event = of(
        "VENDOR_SETTLEMENT_CREATED",
        r#"{"settlement":{"settlement_id":4,"status":"CREATED","amount_settled":null,"settlement_amount":12.5,
            "settled_on":"null","vendor_id":"v"}}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("4"), Some("CREATED"), amount("12.5"), None));
    assert!(!event.is_final());

    let event = of(
        "ICA_SETTLEMENT_UPDATE",
        r#"{"cf_ica_settlement_id":12,"status":"NOT_INITIATED","settlement_amount_inr":243651.95}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("12"), Some("NOT_INITIATED"), amount("243651.95"), None));
}

#[test]
fn disputes() {
    let dispute = |status: &str, updated: &str| {
        of(
            "DISPUTE_UPDATED",
            &format!(
                r#"{{"dispute":{{"dispute_id":"d_1","dispute_amount":4,"dispute_status":"{status}",
                "updated_at":"{updated}","dispute_amount_currency":"INR"}},
                "order_details":{{"order_id":"o_1","cf_payment_id":885,"order_currency":"INR"}}}}"#
            ),
        )
    };
    let event = dispute("CHARGEBACK_CREATED", "2023-06-15T21:16:51+05:30");
    let expected =
        (Some("o_1"), Some("885"), Some("d_1"), Some("CHARGEBACK_CREATED"), amount("4"), Some("INR"));
    assert_eq!(summary(&event), expected);
    assert!(!event.is_final());
    assert!(dispute("CHARGEBACK_MERCHANT_WON", "2023").is_final());
    assert!(dispute("RETRIEVAL_MERCHANT_ACCEPTED", "2023").is_final());
    assert!(!dispute("DISPUTE_UNDER_REVIEW", "2023").is_final());
    // Two updates in one status are two events.
    let again = dispute("CHARGEBACK_CREATED", "2023-06-16T09:00:00+05:30");
    assert_ne!(event.dedupe_key(), again.dedupe_key());
}

#[test]
fn payment_links_and_forms() {
    let link = |payment: u32| {
        of(
            "PAYMENT_LINK_EVENT",
            &format!(
                r#"{{"cf_link_id":15,"link_id":"l_1","link_status":"PARTIALLY_PAID","link_currency":"INR",
                "link_amount":"200.12","link_amount_paid":"55.00",
                "order":{{"order_id":"o_1","order_amount":"22.00","transaction_id":{payment}}}}}"#
            ),
        )
    };
    let event = link(102);
    let expected =
        (Some("o_1"), Some("102"), Some("l_1"), Some("PARTIALLY_PAID"), amount("55.00"), Some("INR"));
    assert_eq!(summary(&event), expected);
    assert!(!event.is_final());
    // Each part is paid once.
    assert_ne!(event.dedupe_key(), link(103).dedupe_key());

    let event = of(
        "PAYMENT_LINK_EVENT",
        r#"{"link_id":"l_2","link_status":"EXPIRED","link_amount_paid":"0.00","order":null}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("l_2"), Some("EXPIRED"), amount("0.00"), None));
    assert!(event.is_final());

    let event = of(
        "PAYMENT_FORM_ORDER_WEBHOOK",
        r#"{"form":{"cf_form_id":1,"form_id":null,"form_currency":"INR"},
            "order":{"order_id":"o_9","order_amount":"22.10","order_status":"PAID","transaction_id":5}}"#,
    );
    let expected = (Some("o_9"), Some("5"), Some("o_9"), Some("PAID"), amount("22.10"), Some("INR"));
    assert_eq!(summary(&event), expected);
}

#[test]
fn subscriptions() {
    // 2026 puts the subscription next to the payment; it is still about the payment.
    let payment = |retry: u32| {
        of(
            "SUBSCRIPTION_PAYMENT_FAILED",
            &format!(
                r#"{{"payment_id":"p_1","cf_payment_id":"49","cf_txn_id":"t","cf_order_id":"8","subscription_id":"s_1",
                "cf_subscription_id":"23","subscription_details":{{"cf_subscription_id":"23",
                "subscription_id":"s_1","subscription_status":"ACTIVE"}},"payment_amount":399.00,
                "payment_currency":"INR","retry_attempts":{retry},"payment_status":"FAILED"}}"#
            ),
        )
    };
    let event = payment(0);
    let expected = (None, Some("49"), Some("49"), Some("FAILED"), amount("399.00"), Some("INR"));
    assert_eq!(summary(&event), expected);
    assert_eq!(event.subscription_id(), Some("s_1"));
    assert_ne!(event.dedupe_key(), payment(1).dedupe_key());

    let changed = |status: &str, time: &str| {
        event_at(
            "SUBSCRIPTION_STATUS_CHANGED",
            &format!(
                r#"{{"subscription_details":{{"cf_subscription_id":"23","subscription_id":"s_1",
                "subscription_status":"{status}"}},"authorization_details":{{"authorizationAmount":1.00}}}}"#
            ),
            time,
        )
    };
    let event = changed("ACTIVE", "2025-08-07T10:31:35+05:30");
    assert_eq!(summary(&event), (None, None, Some("23"), Some("ACTIVE"), None, None));
    assert!(!event.is_final());
    assert!(changed("CUSTOMER_CANCELLED", "").is_final());
    // It can be put on hold and be active again.
    assert_ne!(event.dedupe_key(), changed("ACTIVE", "2025-09-07T10:31:35+05:30").dedupe_key());

    let event = of(
        "SUBSCRIPTION_CARD_EXPIRY_REMINDER",
        r#"{"subscription_status_webhook":{"subscription_details":{"cf_subscription_id":"23",
            "subscription_id":"s_1","subscription_status":"ACTIVE"}},"card_expiry_date":"2025-09-30"}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("23"), Some("ACTIVE"), None, None));
    assert_eq!(event.subscription_id(), Some("s_1"));

    let event = of(
        "SUBSCRIPTION_CONTROLLED_NOTIFICATION_STATUS",
        r#"{"cf_notification_id":"2","notification_id":"n","notification_status":"FAILED","cf_payment_id":"7",
            "payment_amount":1,"payment_status":"INITIALIZED","subscription_id":"s_1"}"#,
    );
    assert_eq!(summary(&event), (None, Some("7"), Some("2"), Some("FAILED"), amount("1"), None));

    let event = of(
        "SUBSCRIPTION_CONTROLLED_EXECUTION_STATUS",
        r#"{"cf_execution_id":"3","execution_id":"e","execution_status":"SUCCESS","cf_payment_id":"7",
            "payment_amount":1,"payment_status":"SUCCESS","subscription_id":"s_1"}"#,
    );
    assert_eq!(summary(&event), (None, Some("7"), Some("3"), Some("SUCCESS"), amount("1"), None));
}

fn event_at(event_type: &str, data: &str, time: &str) -> Event {
    event(&format!(r#"{{"data":{data},"event_time":"{time}","type":"{event_type}"}}"#))
}

#[test]
fn instruments_terminals_incidents_and_imports() {
    let event = of(
        "INSTRUMENT_ACTIVE_WEBHOOK",
        r#"{"instrument":{"customer_id":"c","instrument_id":"i_1","instrument_status":"ACTIVE"}}"#,
    );
    assert_eq!(summary(&event), (None, None, Some("i_1"), Some("ACTIVE"), None, None));
    let event =
        of("TERMINAL_STATUS_UPDATE", r#"{"cf_terminal_id":5,"terminal_id":9,"terminal_status":"ACTIVE"}"#);
    assert_eq!(summary(&event), (None, None, Some("5"), Some("ACTIVE"), None, None));
    let event = of("HEALTH_ALERT", r#"{"incident":{"id":"x","status":"OPEN"},"instruments":{}}"#);
    assert_eq!(summary(&event), (None, None, Some("x"), Some("OPEN"), None, None));
    let event = of(
        "PAYMENT_VERIFICATION_UPDATE",
        r#"{"order_id":"o_1","cf_payment_id":77,"payment_status":"SUCCESS",
            "payment_verification_status":"ACTION_REQUIRED","required_details":[]}"#,
    );
    assert_eq!(summary(&event), (Some("o_1"), Some("77"), Some("77"), Some("ACTION_REQUIRED"), None, None));
    assert!(!event.is_final());
    let event =
        of("ABANDONED_CHECKOUT_WEBHOOK", r#"{"order":{"order_id":"o_1","order_amount":9.90},"cart":{}}"#);
    assert_eq!(summary(&event), (Some("o_1"), None, Some("o_1"), None, amount("9.90"), None));
}

#[test]
fn collections_name_the_event_elsewhere() {
    let collected = event(
        r#"{"event":"AMOUNT_COLLECTED","amount":"10.50","vAccountId":"v","referenceId":990,
            "utr":"u","paymentTime":"2019-02-05 11:44:10"}"#,
    );
    assert_eq!(collected.event_type(), "AMOUNT_COLLECTED");
    assert_eq!(summary(&collected), (None, Some("990"), Some("990"), None, amount("10.50"), None));
    assert!(collected.event_time().unwrap().to_datetime().is_ok());

    let settled = event(
        r#"{"event":"INR_SETTLEMENT_INITIATED","amount":"100.00","currency":"USD","referenceId":990,
            "status":"COLLECTED","settlement":{"id":"s_1","inrAmount":8312.55,"status":"INITIATED"}}"#,
    );
    assert_eq!(settled.event_type(), "INR_SETTLEMENT_INITIATED");
    assert_eq!(
        summary(&settled),
        (None, Some("990"), Some("s_1"), Some("INITIATED"), amount("8312.55"), None)
    );

    let reversed = event(
        r#"{"event":"INTERNATIONAL_PAYMENT_REVERSAL_INITIATED","amount":"100.00","currency":"USD",
            "referenceId":990,"status":"REJECTED","reversal":{"status":"INITIATED"}}"#,
    );
    assert_eq!(
        summary(&reversed),
        (None, Some("990"), Some("990"), Some("INITIATED"), amount("100.00"), Some("USD"))
    );
}

#[test]
fn what_is_not_known_stays_readable() {
    let body = r#"{"type":"SOMETHING_NEW","data":{"thing":{"id":"t","price":1.50}},"later":[1,{"a":null}]}"#;
    let event = event(body);
    assert_eq!(event.event_type(), "SOMETHING_NEW");
    assert_eq!(summary(&event), (None, None, None, None, None, None));
    assert_eq!(*event.json(), serde_json::from_str::<serde_json::Value>(body).unwrap());
    assert_eq!(event.payload::<serde_json::Value>().unwrap(), *event.json());
    assert!(event.event_time().is_none());
    // Nothing to tell it by but its bytes.
    assert!(event.dedupe_key().starts_with("SOMETHING_NEW:"));
    assert_eq!(event.dedupe_key(), self::event(body).dedupe_key());
    assert_ne!(event.dedupe_key(), self::event(&body.replace("1.50", "1.5")).dedupe_key());
}

#[test]
fn words_for_nothing_are_nothing() {
    let event = of(
        "PAYMENT_SUCCESS_WEBHOOK",
        r#"{"order":{"order_id":""},"order_details":{"order_id":"o_1"},
            "payment":{"cf_payment_id":"null","payment_amount":null,"payment_status":"null"}}"#,
    );
    assert_eq!(summary(&event), (Some("o_1"), None, None, None, None, None));
}

#[test]
fn members_of_the_wrong_type_are_not_read() {
    let event = of("X", r#"{"order":["o"],"payment":{"cf_payment_id":{"a":1},"payment_amount":"free"}}"#);
    assert_eq!(summary(&event), (None, None, None, None, None, None));
}

/// The one published vector, whose body is not part of this repository either.
#[test]
fn the_published_vector() {
    let Some(folder) = std::env::var_os("CASHFREE_SAMPLES") else { return };
    let file = std::path::Path::new(&folder).join("payment-link-v1/webhook/PAYMENT_LINK_EVENT__2.json");
    let body = std::fs::read(file).unwrap();
    let body = body.trim_ascii_end();
    let (secret, timestamp) = ("cfsk_ma_prod_abc_123456", "1629271506");
    let signature = "MFB3Rkubs4jB97ROS/I4iu9llAAP5ykJ3GZYp95o/Mw=";
    assert_eq!(cashfree_pg::webhook::sign(secret, timestamp, body), signature);
    let signed_at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_629_271_506);
    let verifier = Verifier::builder().secret(secret).clock(move || signed_at).build();
    let headers = cashfree_pg::webhook::SignedHeaders::new(signature, timestamp);
    assert_eq!(verifier.verify(headers, body).unwrap().event_type(), "PAYMENT_LINK_EVENT");
}

/// Cashfree's published bodies are not part of this repository. Where they are at hand, a folder per
/// version with `webhook/*.json`, each must verify, be read, and name what it is about.
#[test]
fn published_bodies() {
    let Some(folder) = std::env::var_os("CASHFREE_SAMPLES") else { return };
    let mut seen = 0;
    for version in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(files) = std::fs::read_dir(version.join("webhook")) else { continue };
        let version = version.file_name().unwrap().to_str().unwrap().to_owned();
        for file in files.map(|entry| entry.unwrap().path()) {
            let body = std::fs::read(&file).unwrap();
            let delivery = Delivery::body_as_is(body.clone()).version(&version).sign(SECRET);
            let event = Verifier::new(SECRET).verify(delivery.headers(), &body).unwrap();
            assert_eq!(event.version(), Some(version.as_str()));
            assert_eq!(event.raw_body(), body);
            assert!(event.entity_id().is_some() && event.status().is_some(), "{}: {event:?}", file.display());
            assert!(event.event_time().unwrap().to_datetime().is_ok(), "{}", file.display());
            println!("{version} {} {:?} {}", event.content_key(), summary(&event), event.is_final());
            seen += 1;
        }
    }
    assert!(seen > 0, "no bodies in CASHFREE_SAMPLES");
}

/// What has the members of a payment and is none: neither ships anything, nor credits a month.
#[test]
fn charges_and_authorisations_are_no_payments() {
    let paid = r#"{"payment":{"cf_payment_id":7,"payment_status":"SUCCESS","payment_amount":1.00,
        "payment_service_charge":0.02}}"#;
    match of("PAYMENT_CHARGES_WEBHOOK", paid).subject() {
        Subject::PaymentCharges(charges) => {
            assert_eq!((charges.id(), charges.payment_id()), (Some("7"), Some("7")));
            assert!(!charges.is_success() && !charges.is_final());
            assert_eq!((charges.status(), charges.amount()), (None, None));
        }
        other => panic!("{other:?}"),
    }
    let flat = r#"{"cf_payment_id":7,"subscription_id":"s","payment_status":"SUCCESS","payment_amount":1.00,
        "payment_type":"AUTH"}"#;
    match of("SUBSCRIPTION_AUTH_STATUS", flat).subject() {
        Subject::SubscriptionAuthorization(authorised) => {
            assert!(authorised.is_success());
            assert_eq!(authorised.subscription_id(), Some("s"));
        }
        other => panic!("{other:?}"),
    }
    // What the published body of a charge says of itself.
    let charge = of("SUBSCRIPTION_PAYMENT_SUCCESS", flat);
    assert!(matches!(charge.subject(), Subject::SubscriptionPayment(charge) if charge.is_success()));
}

/// Blocked is not paid, where the event says so.
#[test]
fn money_that_is_only_held_is_no_payment() {
    let payment = |captured: &str| {
        of(
            "PAYMENT_SUCCESS_WEBHOOK",
            &format!(r#"{{"payment":{{"cf_payment_id":7,"payment_status":"SUCCESS"{captured}}}}}"#),
        )
    };
    let held = payment(r#","is_captured":false"#);
    assert!(matches!(held.subject(), Subject::Payment(payment) if !payment.is_success()), "{held:?}");
    assert!(!held.is_final(), "it may be voided");
    for taken in ["", r#","is_captured":true"#, r#","is_captured":null"#] {
        let event = payment(taken);
        assert!(matches!(event.subject(), Subject::Payment(payment) if payment.is_success()), "{taken}");
        assert!(event.is_final());
        assert_ne!(event.content_key(), held.content_key(), "the capture is news");
    }
}

/// What the front page of the documentation once took for a payment.
#[test]
fn a_refund_is_not_taken_for_a_payment() {
    let paid = |event: &Event| matches!(event.subject(), Subject::Payment(payment) if payment.is_success());
    let body = |status: &str| {
        format!(
            r#"{{"cf_refund_id":11,"refund_id":"r_1","cf_payment_id":7,"order_id":"o_1","refund_status":"{status}","refund_amount":2.00}}"#
        )
    };
    for (member, event_type) in
        [("refund", "REFUND_STATUS_WEBHOOK"), ("auto_refund", "AUTO_REFUND_STATUS_WEBHOOK")]
    {
        let event = of(event_type, &format!(r#"{{"{member}":{}}}"#, body("SUCCESS")));
        assert_eq!(
            (event.order_id(), event.status(), event.is_final()),
            (Some("o_1"), Some("SUCCESS"), true)
        );
        assert!(!paid(&event));
        match event.subject() {
            Subject::Refund(refund) if member == "refund" => {
                assert_eq!(
                    (refund.id(), refund.refund_id(), refund.order_id(), refund.payment_id()),
                    (Some("11"), Some("r_1"), Some("o_1"), Some("7"))
                );
                assert!(refund.is_success() && refund.is_final());
                assert_eq!(refund.amount().map(|sum| sum.to_string()), amount("2.00"));
            }
            Subject::AutoRefund(refund) if member == "auto_refund" => assert!(refund.is_success()),
            other => panic!("{other:?}"),
        }
        let failed = of(event_type, &format!(r#"{{"{member}":{}}}"#, body("CANCELLED")));
        match failed.subject() {
            Subject::Refund(refund) | Subject::AutoRefund(refund) => {
                assert!(refund.is_final() && !refund.is_success());
            }
            other => panic!("{other:?}"),
        }
    }
    let payment = |status: &str| {
        of(
            "PAYMENT_SUCCESS_WEBHOOK",
            &format!(
                r#"{{"order":{{"order_id":"o_1"}},"payment":{{"cf_payment_id":"7","payment_status":"{status}"}}}}"#
            ),
        )
    };
    assert!(paid(&payment("SUCCESS")));
    for status in ["PENDING", "FAILED", "VOID", "SOMETHING_NEW"] {
        assert!(!paid(&payment(status)), "{status}");
    }
}

#[test]
fn what_cannot_be_read_takes_nothing_else_along() {
    let payment = r#""order":{"order_id":"o_1"},"payment":{"cf_payment_id":"7","payment_status":"SUCCESS"}"#;
    for odd in
        [&br#""half \ud800 a pair""#[..], b"\"no \xff\xfe UTF-8\"", b"1e400", b"[1e400,{\"\\udfff\":1}]"]
    {
        let data = [b"{\"odd\":", odd, b",", payment.as_bytes(), b"}"].concat();
        let body = [b"{\"type\":\"PAYMENT_SUCCESS_WEBHOOK\",\"data\":", &data[..], b"}"].concat();
        let delivery = Delivery::body_as_is(body.clone()).version("2025-01-01").sign("secret");
        let verifier = Verifier::new("secret");
        let event = verifier.verify(delivery.headers(), delivery.body()).expect("it is signed");
        assert_eq!((event.order_id(), event.status()), (Some("o_1"), Some("SUCCESS")));
        assert_eq!(event.raw_body(), body);
        event.typed().expect("it is typed");
        // Of what nobody signed nothing is read.
        let unsigned = Delivery::body_as_is(body).sign("another secret");
        assert!(verifier.verify(unsigned.headers(), unsigned.body()).is_err());
    }
    for (body, twice) in
        [(&br#"{"type":"X","a":"\ud800","a":1}"#[..], true), (b"{\"type\":\"\\ud800\",}", false)]
    {
        let delivery = Delivery::body_as_is(body).sign("secret");
        let error = Verifier::new("secret").verify(delivery.headers(), delivery.body()).unwrap_err();
        assert_eq!(matches!(error, WebhookError::DuplicateMember { .. }), twice, "{error:?}");
        assert!(twice || matches!(error, WebhookError::NotJson { .. }), "{error:?}");
    }
    let event = of("X", r#"{"payment":{"payment_amount":"1,499.00"}}"#);
    assert_eq!((event.amount(), event.amount_text()), (None, Some("1,499.00")));
}
