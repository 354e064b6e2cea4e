//! The verifier as a caller uses it: inputs, secrets, clocks, and signatures made by another program.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cashfree_pg::webhook::{
    Delivery, Event, LegacySigning, SignedHeaders, Verifier, VerifierBuilder, WebhookError,
    is_dashboard_test, sign,
};

/// Well formed, and made by nobody.
const NO_SIGNATURE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const SECRET: &str = "a_dummy_secret";
const TIMESTAMP: &str = "1754500000123";
const BODY: &[u8] =
    br#"{"data":{"order":{"order_id":"o_1","order_amount":5.00}},"type":"PAYMENT_SUCCESS_WEBHOOK"}"#;
/// `printf '%s' "$TIMESTAMP$BODY" | openssl dgst -sha256 -hmac "$SECRET" -binary | base64`
const SIGNATURE: &str = "VWxuY9poTFaC6YFlI2Ls5EY01lgkty6/5bm1V8nm5PE=";

fn at(milliseconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(milliseconds)
}

/// A verifier whose clock stands at the time of signing.
fn builder() -> VerifierBuilder {
    Verifier::builder().secret(SECRET).clock(|| at(1_754_500_000_123))
}

fn headers() -> SignedHeaders {
    SignedHeaders::new(SIGNATURE, TIMESTAMP)
}

#[test]
fn agrees_with_openssl() {
    assert_eq!(sign(SECRET, TIMESTAMP, BODY), SIGNATURE);
    // Secrets of one block, and longer: by Python's hmac.
    assert_eq!(sign([b'k'; 64], TIMESTAMP, b"{}"), "RSfONz0CP8YNaVuJ9HKpXs+cFuXO9BnwwfYvDJZQe5A=");
    assert_eq!(sign([b'k'; 100], TIMESTAMP, b"{}"), "Hu4LUzoMinb64DaAkB3z0ZDfseKgubinnAhgQbuPrbo=");

    let event = builder().build().verify(headers(), BODY).unwrap();
    assert_eq!(event.event_type(), "PAYMENT_SUCCESS_WEBHOOK");
    assert_eq!(event.raw_body(), BODY);
}

#[test]
fn takes_headers_as_people_have_them() {
    let verifier = builder().build();
    let check = |event: Result<Event, WebhookError>| {
        let event = event.unwrap();
        assert_eq!(event.version(), Some("2025-01-01"));
        assert_eq!(event.attempt(), Some(3));
        assert_eq!(event.dedupe_key(), "key");
    };

    let mut map = http::HeaderMap::new();
    map.insert("x-webhook-signature", SIGNATURE.parse().unwrap());
    map.insert("X-Webhook-Timestamp", TIMESTAMP.parse().unwrap());
    map.insert("x-webhook-version", "2025-01-01".parse().unwrap());
    map.insert("x-webhook-attempt", "3".parse().unwrap());
    map.insert("x-idempotency-key", "key".parse().unwrap());
    map.insert("traceparent", "00-1-2-00".parse().unwrap());
    check(verifier.verify(&map, BODY));

    let pairs = [
        ("X-WEBHOOK-SIGNATURE", SIGNATURE),
        ("x-Webhook-timeStamp", TIMESTAMP),
        ("X-Webhook-Version", "2025-01-01"),
        ("X-Webhook-Attempt", "3"),
        ("X-Idempotency-Key", "key"),
    ];
    check(verifier.verify(pairs, BODY));
    check(verifier.verify(pairs.iter().copied(), BODY));
    let owned: HashMap<String, String> =
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    check(verifier.verify(&owned, BODY));
    check(verifier.verify(owned, BODY));
    let bytes: BTreeMap<&str, Vec<u8>> =
        pairs.iter().map(|(name, value)| (*name, value.as_bytes().to_vec())).collect();
    check(verifier.verify(&bytes, BODY));

    check(verifier.verify(headers().version("2025-01-01").attempt("3").idempotency_key("key"), BODY));
    // Setting a header again replaces it.
    check(
        verifier
            .verify(headers().version("x").version("2025-01-01").attempt("3").idempotency_key("key"), BODY),
    );
}

#[test]
fn what_is_not_sent_is_none() {
    let event = builder().build().verify(headers(), BODY).unwrap();
    assert_eq!((event.version(), event.attempt()), (None, None));
    let verifier = builder().default_version("2022-09-01").build();
    assert_eq!(verifier.verify(headers(), BODY).unwrap().version(), Some("2022-09-01"));
    assert_eq!(verifier.verify(headers().version(""), BODY).unwrap().version(), Some("2022-09-01"));
    let event = verifier.verify(headers().version("2025-01-01").attempt("soon"), BODY).unwrap();
    assert_eq!((event.version(), event.attempt()), (Some("2025-01-01"), None));
}

#[test]
fn several_secrets_while_one_is_replaced() {
    let clock = || at(1_754_500_000_123);
    for secrets in [[SECRET, "new"], ["new", SECRET]] {
        let verifier = Verifier::builder().secrets(secrets).clock(clock).build();
        assert!(verifier.verify(headers(), BODY).is_ok());
    }
    let verifier = Verifier::builder().secrets(["new", "newer"]).clock(clock).build();
    assert_eq!(verifier.verify(headers(), BODY).unwrap_err(), WebhookError::SignatureMismatch);
}

#[test]
fn no_secret_verifies_nothing() {
    let signed_with_nothing = SignedHeaders::new(sign("", TIMESTAMP, BODY), TIMESTAMP);
    for verifier in [
        Verifier::builder().build(),
        Verifier::new(""),
        Verifier::builder().secrets(Vec::<String>::new()).build(),
        Verifier::builder().secrets(["", ""]).build(),
    ] {
        let error = verifier.verify(signed_with_nothing.clone(), BODY).unwrap_err();
        assert_eq!(error, WebhookError::NoSecret);
        assert_eq!(error.http_status(), 500);
        assert_eq!(
            verifier.verify_legacy(LegacySigning::SortedKeys, b"a=b&signature=c").unwrap_err(),
            WebhookError::NoSecret
        );
    }
}

#[test]
fn tolerates_five_minutes_to_either_side() {
    let signed = 1_754_500_000_123;
    let verify = |now: u64| {
        let verifier = Verifier::builder().secret(SECRET).clock(move || at(now)).build();
        verifier.verify(headers(), BODY).map(|_| ())
    };
    let limit = Duration::from_secs(300);
    assert_eq!(verify(signed), Ok(()));
    assert_eq!(verify(signed + 300_000), Ok(()));
    assert_eq!(verify(signed - 300_000), Ok(()));
    let old = verify(signed + 300_001).unwrap_err();
    assert_eq!(old, WebhookError::TooOld { age: Duration::from_millis(300_001), limit });
    let early = verify(signed - 300_001).unwrap_err();
    assert_eq!(early, WebhookError::FromTheFuture { ahead: Duration::from_millis(300_001), limit });
    assert!(old.is_clock_problem() && early.is_clock_problem());
    // A clock that has lost its battery.
    assert!(verify(0).unwrap_err().is_clock_problem());
}

#[test]
fn a_clock_is_blamed_only_if_the_signature_is_right() {
    let verifier = Verifier::builder().secret("another").clock(|| at(0)).build();
    let error = verifier.verify(headers(), BODY).unwrap_err();
    assert_eq!(error, WebhookError::SignatureMismatch);
    assert!(!error.is_clock_problem());
}

#[test]
fn the_window_can_be_moved() {
    let after_the_last_retry = || at(1_754_500_000_123 + 42 * 60_000);
    let before = || at(1_754_500_000_123 - 6 * 60_000);
    let verify = |builder: VerifierBuilder| builder.build().verify(headers(), BODY).map(|_| ());

    assert!(verify(builder().clock(after_the_last_retry)).unwrap_err().is_clock_problem());
    assert_eq!(verify(builder().max_age(Verifier::RETRY_TOLERANCE).clock(after_the_last_retry)), Ok(()));
    assert_eq!(verify(builder().tolerance(Duration::from_secs(3600)).clock(after_the_last_retry)), Ok(()));
    // A greater age does not open the future.
    assert!(verify(builder().max_age(Verifier::RETRY_TOLERANCE).clock(before)).is_err());
    assert_eq!(verify(builder().tolerance(Duration::from_secs(3600)).clock(before)), Ok(()));
    for clock in [after_the_last_retry(), before(), at(0)] {
        let verifier = builder().without_timestamp_check_dangerous().clock(move || clock);
        assert_eq!(verify(verifier), Ok(()));
    }
}

#[test]
fn seconds_and_milliseconds() {
    let verifier = builder().build();
    for timestamp in ["1754500000", "1754500000000"] {
        let headers = SignedHeaders::new(sign(SECRET, timestamp, BODY), timestamp);
        assert!(verifier.verify(headers, BODY).is_ok(), "{timestamp}");
    }
    // As text they are what is signed: the same moment in the other unit has another signature.
    let headers = SignedHeaders::new(sign(SECRET, "1754500000", BODY), "1754500000000");
    assert_eq!(verifier.verify(headers, BODY).unwrap_err(), WebhookError::SignatureMismatch);
}

#[test]
fn verifying_and_reading_can_be_apart() {
    let verifier = builder().build();
    let headers = headers().version("2025-01-01");
    verifier.verify_signature(headers.clone(), BODY).unwrap();
    let event = Event::parse_verified(headers, BODY).unwrap();
    assert_eq!((event.order_id(), event.version()), (Some("o_1"), Some("2025-01-01")));

    let nonsense = b"no event";
    let headers = SignedHeaders::new(sign(SECRET, TIMESTAMP, nonsense), TIMESTAMP);
    verifier.verify_signature(headers.clone(), nonsense).unwrap();
    assert!(verifier.verify(headers, nonsense).unwrap_err().is_body_problem());
}

#[test]
fn debug_gives_nothing_away() {
    let builder = Verifier::builder().secrets(["s3cr3t-one", "s3cr3t-two"]);
    let mut shown = format!("{builder:?}");
    shown.push_str(&format!("{:?}", builder.build()));
    // The secrets, also as the numbers their bytes would be printed as.
    assert!(!shown.contains("s3cr3t") && !shown.contains("115, 51"), "{shown}");
    assert!(Verifier::new("x").clone().max_body() == Verifier::DEFAULT_MAX_BODY);

    let body = br#"{"type":"X","data":{"customer_details":{"customer_phone":"9999912345"}}}"#;
    let delivery = Delivery::body_as_is(body.to_vec()).sign(SECRET);
    let event = Verifier::new(SECRET).verify(delivery.headers(), body).unwrap();
    let shown = format!("{event:?}");
    assert!(shown.contains("customer_details") && !shown.contains("99999"), "{shown}");

    // Nor a signature, which makes a replay, nor a body, as text or as the numbers of its bytes.
    let signature = delivery.headers()[1].1.clone();
    let signed = SignedHeaders::new(&signature, TIMESTAMP).version("2025-01-01");
    let shown = format!(
        "{delivery:?} {signed:?} {:?} {:?}",
        Delivery::body_as_is(body.to_vec()),
        Delivery::event("X").data(serde_json::json!({ "customer_phone": "9999912345" })),
    );
    assert!(!shown.contains(&signature) && !shown.contains("99999") && !shown.contains("57, 57"), "{shown}");
    assert!(shown.contains("x-webhook-signature") && shown.contains("2025-01-01"), "{shown}");
}

#[test]
fn is_cheap_to_share() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Verifier>();
    shared::<Event>();
    shared::<WebhookError>();
}

#[test]
fn the_dashboard_test_call() {
    let body = br#"{"type":"WEBHOOK","data":{"test_object":{"test_key":"test_value"}}}"#;
    let delivery = Delivery::body_as_is(body.to_vec()).sign(SECRET);
    let event = Verifier::new(SECRET).verify(delivery.headers(), body).unwrap();
    assert!(event.is_test());
    assert_eq!(event.event_type(), "WEBHOOK");
    assert!(is_dashboard_test(body));

    for other in [
        &br#"{"type":"WEBHOOK","data":{"test_object":{},"order":{"order_id":"o"}}}"#[..],
        br#"{"type":"WEBHOOK","data":{}}"#,
        br#"{"type":"WEBHOOK"}"#,
        br#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{"test_object":{}}}"#,
        br#"["WEBHOOK"]"#,
        b"",
    ] {
        assert!(!is_dashboard_test(other), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn sorted_keys_in_the_body() {
    // printf '%s' '499.00SUBSCRIPTION_NEW_PAYMENT774422' | openssl dgst -sha256 -hmac … -binary | base64
    let signature = "fdaelkJBj4C6uohnMznANd8YqIAwTta1S5x/MtvFsn8=";
    let fields = [
        ("cf_event", "SUBSCRIPTION_NEW_PAYMENT"),
        ("cf_paymentId", "7744"),
        ("cf_retryAttempts", "22"),
        ("cf_amount", "499.00"),
    ];
    assert_eq!(LegacySigning::SortedKeys.sign(SECRET, &fields), signature);
    let verifier = builder().default_version("2021-05-21").build();
    let verify = |body: &str| verifier.verify_legacy(LegacySigning::SortedKeys, body.as_bytes());

    let form = format!(
        "cf_event=SUBSCRIPTION_NEW_PAYMENT&signature={}&cf_paymentId=7744&cf_retryAttempts=22&cf_amount=499.00",
        signature.replace('/', "%2F").replace('=', "%3D")
    );
    let event = verify(&form).unwrap();
    assert_eq!(event.event_type(), "SUBSCRIPTION_NEW_PAYMENT");
    assert_eq!(event.amount().unwrap().to_string(), "499.00");
    assert_eq!(event.entity_id(), Some("7744"));
    assert_eq!(event.raw_body(), form.as_bytes());
    assert_eq!(event.version(), Some("2021-05-21"));
    assert_eq!(event.payload::<serde_json::Value>().unwrap(), *event.json());

    // The same as JSON, with numbers: they count as they are written.
    let json = format!(
        r#"{{"signature":"{signature}","cf_amount":499.00,"cf_event":"SUBSCRIPTION_NEW_PAYMENT","cf_retryAttempts":22,"cf_paymentId":"7744"}}"#
    );
    assert_eq!(verify(&json).unwrap().event_type(), "SUBSCRIPTION_NEW_PAYMENT");
    assert_eq!(verify(&json.replace("499.00", "499.0")).unwrap_err(), WebhookError::SignatureMismatch);
    assert_eq!(verify(&form.replace("499.00", "499.01")).unwrap_err(), WebhookError::SignatureMismatch);
    assert_eq!(
        verify("cf_event=X&cf_amount=1").unwrap_err(),
        WebhookError::MissingMember { name: "signature" }
    );
    assert_eq!(verify("cf_event=X&signature=aaaa").unwrap_err(), WebhookError::MalformedSignature);
    // The form of the signature first, whatever else is wrong.
    let nested =
        |signature: &str| verify(&format!(r#"{{"event":"X","signature":"{signature}","m":{{"id":1}}}}"#));
    assert_eq!(nested("s").unwrap_err(), WebhookError::MalformedSignature);
    assert!(matches!(nested(NO_SIGNATURE).unwrap_err(), WebhookError::NotAnEvent { .. }));
    assert_eq!(
        verify(&format!("{form}&cf_amount=499.00")).unwrap_err(),
        WebhookError::DuplicateMember { name: None }
    );
}

#[test]
fn seven_fields_in_the_body() {
    // printf '%s' 'o_7120.50991SUCCESSCREDIT_CARDTransaction & done2019-05-01 10:11:12' | openssl …
    let signature = "iqWys52O/gFJkVCKKfg/1KvDbpSRmxmXPKBu7sgmfr0=";
    let form = "orderId=o_7&orderAmount=120.50&referenceId=991&txStatus=SUCCESS&paymentMode=CREDIT_CARD\
        &txMsg=Transaction+%26+done&txTime=2019-05-01+10%3A11%3A12\
        &signature=iqWys52O/gFJkVCKKfg/1KvDbpSRmxmXPKBu7sgmfr0%3D";
    let fields = [
        ("orderId", "o_7"),
        ("orderAmount", "120.50"),
        ("referenceId", "991"),
        ("txStatus", "SUCCESS"),
        ("paymentMode", "CREDIT_CARD"),
        ("txMsg", "Transaction & done"),
        ("txTime", "2019-05-01 10:11:12"),
    ];
    assert_eq!(LegacySigning::OrderNotify.sign(SECRET, &fields), signature);
    let verify = |body: &str| builder().build().verify_legacy(LegacySigning::OrderNotify, body.as_bytes());

    let event = verify(form).unwrap();
    assert_eq!(event.event_type(), "ORDER_NOTIFY");
    assert_eq!(event.order_id(), Some("o_7"));
    assert_eq!(event.payment_id(), Some("991"));
    assert_eq!(event.amount().unwrap().to_string(), "120.50");
    assert_eq!(event.status(), Some("SUCCESS"));
    assert!(event.is_final());
    let time = event.event_time().unwrap().to_datetime().unwrap();
    assert_eq!(time.to_rfc3339(), "2019-05-01T10:11:12+05:30");
    assert_eq!(event.dedupe_key(), "ORDER_NOTIFY:991:SUCCESS");

    // The order is not the alphabet's.
    let sorted = builder().build().verify_legacy(LegacySigning::SortedKeys, form.as_bytes());
    assert_eq!(sorted.unwrap_err(), WebhookError::SignatureMismatch);
    assert_eq!(verify(&form.replace("SUCCESS", "FAILED")).unwrap_err(), WebhookError::SignatureMismatch);
    let without = form.replace("&txMsg=Transaction+%26+done", "");
    assert_eq!(verify(&without).unwrap_err(), WebhookError::MissingMember { name: "txMsg" });
}

#[test]
fn a_signature_in_the_body_is_not_enough_for_verify() {
    let form = b"cf_event=X&signature=iqWys52O/gFJkVCKKfg/1KvDbpSRmxmXPKBu7sgmfr0%3D";
    let error = builder().build().verify([("content-type", "application/x-www-form-urlencoded")], form);
    assert_eq!(error.unwrap_err(), WebhookError::MissingHeader { name: "x-webhook-signature" });
}

#[test]
fn an_ordinary_delivery_cut_into_values() {
    let query = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let body = r#"{"data":{"order":{"order_id":"o_1"},"payment":{"payment_amount":1.00,"payment_status":"SUCCESS"}},"type":"X"}"#;
    // The signature is one that was captured, and the pieces make up what it signs.
    let notify = |timestamp: &str, body: &str| {
        let (before, rest) = body.split_once("SUCCESS").unwrap();
        let form = format!(
            "orderId={timestamp}&orderAmount=&referenceId={}&txStatus=SUCCESS&paymentMode={}&txMsg=&txTime=&signature={}",
            query(before),
            query(rest),
            query(&sign(SECRET, timestamp, body.as_bytes())),
        );
        builder().build().verify_legacy(LegacySigning::OrderNotify, form.as_bytes())
    };
    for timestamp in ["1754500000", "17545000001", "175450000012", TIMESTAMP] {
        let error = notify(timestamp, body).unwrap_err();
        assert_eq!((&error, error.http_status()), (&WebhookError::SignedAsDelivery, 401), "{timestamp}");
        assert!(!error.is_body_problem() && !error.is_clock_problem());
        assert_eq!(notify(timestamp, &format!("\n {body}")).unwrap_err(), WebhookError::SignedAsDelivery);
    }
    // The boundary may be cut as well, and the other rule is no way around.
    let json = format!(
        r#"{{"a":1754500,"b":"000123{{\"type\":\"","event":"X","f":"\"}}","signature":"{}"}}"#,
        sign(SECRET, TIMESTAMP, br#"{"type":"X"}"#),
    );
    let error = builder().build().verify_legacy(LegacySigning::SortedKeys, json.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::SignedAsDelivery);

    // Reported only of a signature that is right; and numbers are no timestamps, nor are their ends.
    let unsigned = json.replace("1754500,", "1754501,");
    let error = builder().build().verify_legacy(LegacySigning::SortedKeys, unsigned.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::SignatureMismatch);
    for timestamp in ["175450000", "17545000001234", "o_1754500000"] {
        assert_eq!(notify(timestamp, body).unwrap().order_id(), Some(timestamp));
    }
    assert_eq!(notify(TIMESTAMP, &body[1..]).unwrap().order_id(), Some(TIMESTAMP));
}

#[test]
fn a_name_that_comes_twice_is_not_shown() {
    let card = "4111111111111111";
    let verifier = builder().build();
    // Not verified yet, or a form: not kept at all.
    for body in [
        format!("a=b&{card}=1&{card}=2&signature={NO_SIGNATURE}"),
        format!(r#"{{"{card}":1,"{card}":2,"signature":"{NO_SIGNATURE}"}}"#),
    ] {
        let error = verifier.verify_legacy(LegacySigning::SortedKeys, body.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::DuplicateMember { name: None });
        assert!(!format!("{error} {error:?}").contains("4111"), "{error:?}");
    }
    // Verified JSON: kept in part if it looks like a name, and not shown by Display.
    for (name, kept) in [(card.to_owned(), "[name]".to_owned()), ("e".repeat(65), "e".repeat(64))] {
        let body = format!(r#"{{"type":"X","{name}":1,"{name}":2}}"#);
        let headers = SignedHeaders::new(sign(SECRET, TIMESTAMP, body.as_bytes()), TIMESTAMP);
        let error = verifier.verify(headers, body.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::DuplicateMember { name: Some(kept) });
        assert_eq!(error.to_string(), "the webhook body has a member twice");
    }
}

#[test]
fn forms_signed_by_header() {
    let form = b"type=PAYMENT_LINK_EVENT&note=caf%C3%A9+au+lait";
    let verify = |content_type: &str| {
        let delivery = Delivery::body_as_is(form.to_vec()).content_type(content_type).sign(SECRET);
        Verifier::new(SECRET).verify(delivery.headers(), form)
    };
    let event = verify("application/x-www-form-urlencoded; charset=utf-8").unwrap();
    assert_eq!(event.event_type(), "PAYMENT_LINK_EVENT");
    assert_eq!(event.json()["note"], "café au lait");
    assert_eq!(event.raw_body(), form);
    // What says that it is JSON has to be.
    assert!(matches!(verify("application/json").unwrap_err(), WebhookError::NotJson { .. }));
    // No content type: what looks like a form is one.
    let timestamp = TIMESTAMP;
    let headers = SignedHeaders::new(sign(SECRET, timestamp, form), timestamp);
    assert_eq!(builder().build().verify(headers, form).unwrap().event_type(), "PAYMENT_LINK_EVENT");

    // JSON that is announced as a form, as Cashfree's page on payment links has it.
    let delivery = Delivery::body_as_is(BODY).content_type("application/x-www-form-urlencoded").sign(SECRET);
    let event = Verifier::new(SECRET).verify(delivery.headers(), BODY).unwrap();
    assert_eq!(event.order_id(), Some("o_1"));
}

#[test]
fn deliveries_for_tests_verify() {
    let delivery = Delivery::event("REFUND_STATUS_WEBHOOK")
        .data_text(r#"{"refund":{"cf_refund_id":11,"refund_amount":2.50}}"#)
        .event_time("2025-03-01T00:00:00+05:30")
        .version("2025-01-01")
        .attempt(2)
        .idempotency_key("k")
        .at(at(1_754_500_000_123))
        .sign(SECRET);
    let event = builder().build().verify(delivery.headers(), delivery.body()).unwrap();
    assert_eq!(event.event_type(), "REFUND_STATUS_WEBHOOK");
    assert_eq!(event.amount().unwrap().to_string(), "2.50");
    assert_eq!(event.event_time().unwrap().as_str(), "2025-03-01T00:00:00+05:30");
    assert_eq!((event.version(), event.attempt()), (Some("2025-01-01"), Some(2)));
    assert_eq!((event.dedupe_key(), event.content_key()), ("k".into(), "REFUND_STATUS_WEBHOOK:11:".into()));
    assert_eq!(sign(SECRET, TIMESTAMP, delivery.body()), delivery.headers()[1].1);
}
