// What must hold for every input, whoever makes it up: a fuzzer, or the seeded loop of the ordinary tests.

use cashfree_pg::webhook::{
    Event, LegacySigning, SignedHeaders, Verifier, WebhookError, is_dashboard_test, sign,
};

const SECRET: &str = "a_dummy_secret";

fn verifier() -> Verifier {
    Verifier::builder().secrets(["another", SECRET]).without_timestamp_check_dangerous().build()
}

/// Input that nobody has signed is never an event: the first line is the signature, the second the
/// timestamp, the rest the body.
pub(crate) fn unsigned(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == b'\n');
    let [signature, timestamp, body] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let headers = [("x-webhook-signature", signature), ("X-Webhook-Timestamp", timestamp)];
    let error = verifier().verify(headers, body).expect_err("nobody signed this");
    assert!(!error.is_body_problem() && !error.is_clock_problem());
    for signing in [LegacySigning::SortedKeys, LegacySigning::OrderNotify] {
        assert!(verifier().verify_legacy(signing, input).is_err());
    }
}

/// Any body that is signed verifies; reading it works or fails with an error about the body, and what is
/// read is what was sent.
pub(crate) fn signed(body: &[u8]) {
    let timestamp = "1754500000123";
    for content_type in [None, Some("application/json"), Some("application/x-www-form-urlencoded")] {
        let mut headers = SignedHeaders::new(sign(SECRET, timestamp, body), timestamp);
        if let Some(content_type) = content_type {
            headers = headers.content_type(content_type);
        }
        let verified = verifier().verify_signature(headers.clone(), body);
        let event = verifier().verify(headers.clone(), body);
        if body.len() > Verifier::DEFAULT_MAX_BODY {
            assert!(matches!(verified, Err(WebhookError::BodyTooLarge { .. })));
            assert!(event.is_err());
            continue;
        }
        if body.first().is_some_and(u8::is_ascii_digit) {
            // It may be the end of the timestamp.
            assert!(matches!(verified, Err(WebhookError::NotAnEvent { .. })));
            assert!(event.is_err());
            continue;
        }
        assert_eq!(verified, Ok(()));
        match event {
            Ok(event) => read(&event, body),
            Err(error) => assert!(error.is_body_problem(), "{error}"),
        }
    }
    let _ = is_dashboard_test(body);
}

fn read(event: &Event, body: &[u8]) {
    assert_eq!(event.raw_body(), body);
    assert!(!event.event_type().is_empty());
    assert!(!event.dedupe_key().is_empty());
    assert_eq!(event.dedupe_key(), event.content_key());
    assert!(event.json().is_object());
    // Of JSON around what no value holds, such as half a surrogate pair, the rest is read.
    let whole = serde_json::from_slice::<serde_json::Value>(body).ok();
    if !body.starts_with(b"{") || whole.is_some() {
        assert_eq!(event.payload::<serde_json::Value>().as_ref(), Ok(event.json()));
    }
    if let (b'{', Some(whole)) = (body[0], whole) {
        assert_eq!(&whole, event.json());
    }
    let _ = (event.order_id(), event.payment_id(), event.subscription_id(), event.entity_id());
    let _ = (event.amount(), event.currency(), event.status(), event.is_final(), event.is_test());
    let _ = event.event_time().map(|time| time.to_datetime());
    let _ = format!("{event:?}");
}
