//! Everything that should not get in, and the error that each of it gets.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use cashfree_pg::webhook::{Event, SignedHeaders, Verifier, WebhookError, sign};

const SECRET: &str = "a_dummy_secret";
const TIMESTAMP: &str = "1754500000123";
const BODY: &str = r#"{"data":{"order":{"order_id":"o_1","order_amount":170.00},"payment":{"cf_payment_id":"7","payment_status":"SUCCESS","payment_amount":170.00}},"event_time":"2025-08-06T22:36:40+05:30","type":"PAYMENT_SUCCESS_WEBHOOK"}"#;
const SIGNATURE_HEADER: &str = "x-webhook-signature";
const TIMESTAMP_HEADER: &str = "x-webhook-timestamp";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_754_500_000_123)
}

fn verifier() -> Verifier {
    Verifier::builder().secret(SECRET).clock(now).build()
}

fn verify(signature: &str, timestamp: &str, body: &[u8]) -> Result<Event, WebhookError> {
    verifier().verify(SignedHeaders::new(signature, timestamp), body)
}

/// What a body gets that is signed as it should be.
fn signed(body: impl AsRef<[u8]>) -> Result<Event, WebhookError> {
    let body = body.as_ref();
    verify(&sign(SECRET, TIMESTAMP, body), TIMESTAMP, body)
}

fn not_an_event<T>(result: Result<T, WebhookError>) -> bool {
    matches!(result, Err(WebhookError::NotAnEvent { .. }))
}

fn not_json(result: Result<Event, WebhookError>) -> bool {
    matches!(result, Err(WebhookError::NotJson { .. }))
}

/// Nothing stands between the timestamp and the body in what is signed.
#[test]
fn digits_of_the_timestamp_are_no_beginning_of_a_body() {
    let body = br#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{}}"#;
    let signature = cashfree_pg::webhook::sign("secret", "1746427759733", body);
    let verifier = Verifier::builder().secret("secret").without_timestamp_check_dangerous().build();
    let moved = [b"733", &body[..]].concat();
    let headers = SignedHeaders::new(signature.clone(), "1746427759");
    let error = verifier.verify_signature(headers, &moved).unwrap_err();
    assert!(matches!(error, WebhookError::NotAnEvent { .. }), "{error:?}");
    verifier.verify_signature(SignedHeaders::new(signature, "1746427759733"), body).unwrap();

    let zeros = "0".repeat(30) + "1746427759733";
    let headers = SignedHeaders::new(cashfree_pg::webhook::sign("secret", &zeros, body), zeros);
    assert_eq!(verifier.verify(headers, body).unwrap_err(), WebhookError::MalformedTimestamp);
}

#[test]
fn no_bit_can_be_flipped() {
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    assert!(verify(&signature, TIMESTAMP, BODY.as_bytes()).is_ok());
    let verifier = verifier();
    let flips = |text: &str| {
        let text = text.as_bytes().to_vec();
        (0..text.len() * 8).map(move |bit| {
            let mut flipped = text.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        })
    };
    let headers = |signature: &[u8], timestamp: &[u8]| {
        [(SIGNATURE_HEADER, signature.to_vec()), (TIMESTAMP_HEADER, timestamp.to_vec())]
    };
    for body in flips(BODY) {
        let result = verifier.verify(headers(signature.as_bytes(), TIMESTAMP.as_bytes()), &body);
        assert_eq!(result.unwrap_err(), WebhookError::SignatureMismatch);
    }
    for flipped in flips(&signature) {
        let error = verifier.verify(headers(&flipped, TIMESTAMP.as_bytes()), BODY.as_bytes()).unwrap_err();
        let expected = [WebhookError::SignatureMismatch, WebhookError::MalformedSignature];
        assert!(expected.contains(&error), "{flipped:?}: {error}");
    }
    for flipped in flips(TIMESTAMP) {
        let error = verifier.verify(headers(signature.as_bytes(), &flipped), BODY.as_bytes()).unwrap_err();
        let expected = [WebhookError::SignatureMismatch, WebhookError::MalformedTimestamp];
        assert!(expected.contains(&error), "{flipped:?}: {error}");
    }
}

#[test]
fn other_ways_to_sign_are_wrong() {
    let mismatch = |message: &str| {
        // `sign` joins its two arguments, so this signs `message` and nothing else.
        let signature = sign(SECRET, "", message.as_bytes());
        let error = verify(&signature, TIMESTAMP, BODY.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::SignatureMismatch, "{message}");
    };
    assert!(
        verify(&sign(SECRET, "", format!("{TIMESTAMP}{BODY}").as_bytes()), TIMESTAMP, BODY.as_bytes())
            .is_ok()
    );
    mismatch(&format!("{TIMESTAMP}.{BODY}"));
    mismatch(&format!("{BODY}{TIMESTAMP}"));
    mismatch(&format!("{TIMESTAMP}{BODY}\n"));
    mismatch(&format!("{TIMESTAMP} {BODY}"));
    mismatch(BODY);
    mismatch("");
}

#[test]
fn the_body_has_to_be_what_was_sent() {
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    for changed in [
        // What is left of it by one parser, and by another.
        BODY.replace("170.00", "170.0"),
        BODY.replace("170.00", "170"),
        BODY.replace(':', ": "),
        format!("{BODY}\n"),
        format!(" {BODY}"),
        format!("\u{feff}{BODY}"),
        BODY.replace("o_1", "o_2"),
        String::new(),
    ] {
        let error = verify(&signature, TIMESTAMP, changed.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::SignatureMismatch, "{changed}");
    }
}

#[test]
fn signatures_in_other_forms_are_malformed() {
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    let bytes = STANDARD.decode(&signature).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    for malformed in [
        String::new(),
        hex,
        STANDARD_NO_PAD.encode(&bytes),
        STANDARD.encode(&bytes[..31]),
        STANDARD.encode([&bytes[..], b"!"].concat()),
        // The right bytes, with letters that base64 has no use for.
        signature.replacen(signature.chars().next().unwrap(), "-", 1),
        URL_SAFE.encode([0xfb; 32]),
        format!("{signature}="),
        format!("{signature}\n"),
        format!("{signature}{signature}"),
        format!("{signature},{signature}"),
        format!("sha256={signature}"),
        signature.replacen(&signature[4..5], " ", 1),
        "签名签名签名签名签名签名签名签名签".to_owned(),
        "=".repeat(44),
        "A".repeat(1_000_000),
    ] {
        let error = verify(&malformed, TIMESTAMP, BODY.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::MalformedSignature, "{malformed:.80}");
    }
    let headers = [(SIGNATURE_HEADER, &b"\xff\xfe"[..]), (TIMESTAMP_HEADER, TIMESTAMP.as_bytes())];
    let error = verifier().verify(headers, BODY.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::MalformedSignature);
}

#[test]
fn timestamps_that_are_none() {
    let unchecked = Verifier::builder().secret(SECRET).without_timestamp_check_dangerous().build();
    for timestamp in [
        "",
        "-1",
        "+1754500000123",
        "1e18",
        "NaN",
        "inf",
        "1754500000.123",
        "1754500000123.",
        "1754500000123,1754500000123",
        "1754500000 123",
        "0x1989",
        "2025-08-06T22:36:40Z",
        "１７５４５００００",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
    ] {
        let headers = || SignedHeaders::new(sign(SECRET, timestamp, BODY.as_bytes()), timestamp);
        for verifier in [&verifier(), &unchecked] {
            let error = verifier.verify(headers(), BODY.as_bytes()).unwrap_err();
            assert_eq!(error, WebhookError::MalformedTimestamp, "{timestamp}");
        }
    }
    for (timestamp, future) in [
        ("0", false),
        ("1", false),
        ("0000000000000", false),
        ("100000000000", false),
        ("99999999999", true),
        ("1000000000000000000", true),
        ("18446744073709551615", true),
    ] {
        let error =
            verify(&sign(SECRET, timestamp, BODY.as_bytes()), timestamp, BODY.as_bytes()).unwrap_err();
        assert!(error.is_clock_problem(), "{timestamp}: {error}");
        assert_eq!(matches!(error, WebhookError::FromTheFuture { .. }), future, "{timestamp}: {error}");
        let error =
            verify(&sign("wrong", timestamp, BODY.as_bytes()), timestamp, BODY.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::SignatureMismatch);
    }
}

#[test]
fn headers_missing_or_doubled() {
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    let good = [
        (SIGNATURE_HEADER, signature.as_str()),
        (TIMESTAMP_HEADER, TIMESTAMP),
        ("x-webhook-version", "2025-01-01"),
        ("x-webhook-attempt", "1"),
        ("x-idempotency-key", "k"),
        ("content-type", "application/json"),
    ];
    let verify = |headers: &[(&str, &str)]| verifier().verify(headers.iter().copied(), BODY.as_bytes());
    assert!(verify(&good).is_ok());
    assert_eq!(verify(&[]).unwrap_err(), WebhookError::MissingHeader { name: SIGNATURE_HEADER });
    assert_eq!(verify(&good[1..]).unwrap_err(), WebhookError::MissingHeader { name: SIGNATURE_HEADER });
    assert_eq!(verify(&good[..1]).unwrap_err(), WebhookError::MissingHeader { name: TIMESTAMP_HEADER });
    for (name, value) in good {
        for (second, value) in [(name.to_owned(), value), (name.to_uppercase(), ""), (name.to_owned(), "x")] {
            let mut doubled = good.to_vec();
            doubled.push((&second, value));
            assert_eq!(verify(&doubled).unwrap_err(), WebhookError::DuplicateHeader { name });
            doubled.rotate_right(1);
            assert_eq!(verify(&doubled).unwrap_err(), WebhookError::DuplicateHeader { name });
            // Whoever asks for the signature only hears of nothing else.
            let signed = [SIGNATURE_HEADER, TIMESTAMP_HEADER].contains(&name);
            let checked = verifier().verify_signature(doubled.iter().copied(), BODY.as_bytes());
            assert_eq!(checked.is_err(), signed, "{name}");
        }
    }
    // In a map that keeps both.
    let mut map = http::HeaderMap::new();
    map.append(SIGNATURE_HEADER, signature.parse().unwrap());
    map.append(SIGNATURE_HEADER, signature.parse().unwrap());
    map.append(TIMESTAMP_HEADER, TIMESTAMP.parse().unwrap());
    let error = verifier().verify(&map, BODY.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::DuplicateHeader { name: SIGNATURE_HEADER });
    // Headers nobody reads may come as often as they like.
    assert!(
        verify(&[&good[..], &[("via", "a"), ("via", "b"), ("x-webhook-signature2", "c")]].concat()).is_ok()
    );
}

#[test]
fn header_case_blanks_and_alphabets() {
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    let verify = |headers: &[(&str, &[u8])]| verifier().verify(headers.iter().copied(), BODY.as_bytes());
    let swapped: [(&str, &[u8]); 2] =
        [("X-wEBHOOK-sIGNATURE", signature.as_bytes()), ("X-WEBHOOK-TIMESTAMP", TIMESTAMP.as_bytes())];
    assert!(verify(&swapped).is_ok());
    let padded = format!(" \t{signature} \t ");
    let blanks: [(&str, &[u8]); 2] =
        [(SIGNATURE_HEADER, padded.as_bytes()), (TIMESTAMP_HEADER, b" 1754500000123\t")];
    assert!(verify(&blanks).is_ok());
    for name in ["x-webhook-signature ", "x_webhook_signature", "x-webhook-ſignature"] {
        let headers: [(&str, &[u8]); 2] =
            [(name, signature.as_bytes()), (TIMESTAMP_HEADER, TIMESTAMP.as_bytes())];
        assert_eq!(verify(&headers).unwrap_err(), WebhookError::MissingHeader { name: SIGNATURE_HEADER });
    }

    let with = |name: &'static str, value: &'static [u8]| {
        verify(&[
            (SIGNATURE_HEADER, signature.as_bytes()),
            (TIMESTAMP_HEADER, TIMESTAMP.as_bytes()),
            (name, value),
        ])
    };
    let event = with("x-webhook-version", "२०२५-०१-०१".as_bytes()).unwrap();
    assert_eq!(event.version(), Some("२०२५-०१-०१"));
    assert_eq!(with("x-idempotency-key", "कुंजी".as_bytes()).unwrap().dedupe_key(), "कुंजी");
    assert_eq!(with("x-webhook-attempt", "१".as_bytes()).unwrap().attempt(), None);
    assert_eq!(with("x-webhook-attempt", b"-1").unwrap().attempt(), None);
    assert_eq!(with("x-webhook-attempt", b"4294967296").unwrap().attempt(), None);
    for name in ["x-webhook-version", "x-webhook-attempt", "x-idempotency-key"] {
        assert_eq!(with(name, b"\xc3\x28").unwrap_err(), WebhookError::MalformedHeader { name });
    }
}

#[test]
fn large_bodies_are_not_looked_at() {
    let huge = vec![b' '; 64 * 1024 * 1024];
    let limit = Verifier::DEFAULT_MAX_BODY;
    let signature = sign(SECRET, TIMESTAMP, b"");
    assert_eq!(verify(&signature, TIMESTAMP, &huge).unwrap_err(), WebhookError::BodyTooLarge { limit });
    let error = verifier().verify(Vec::<(String, String)>::new(), &huge).unwrap_err();
    assert_eq!(error, WebhookError::BodyTooLarge { limit });
    assert_eq!(error.http_status(), 413);
    let legacy = cashfree_pg::webhook::LegacySigning::SortedKeys;
    assert_eq!(verifier().verify_legacy(legacy, &huge).unwrap_err(), WebhookError::BodyTooLarge { limit });
    assert!(!cashfree_pg::webhook::is_dashboard_test(&huge));

    let headers = || SignedHeaders::new(sign(SECRET, TIMESTAMP, BODY.as_bytes()), TIMESTAMP);
    let builder = || Verifier::builder().secret(SECRET).clock(now);
    assert!(builder().max_body(BODY.len()).build().verify(headers(), BODY.as_bytes()).is_ok());
    let error = builder().max_body(BODY.len() - 1).build().verify(headers(), BODY.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::BodyTooLarge { limit: BODY.len() - 1 });
}

#[test]
fn nesting_has_an_end() {
    // The event itself is one level.
    let nested = |levels: usize, open: &str, close: &str| {
        let (open, close) = (open.repeat(levels - 1), close.repeat(levels - 1));
        signed(format!(r#"{{"type":"X","data":{open}0{close}}}"#))
    };
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        assert!(nested(64, open, close).is_ok());
        for levels in [65, 128, 129, 100_000] {
            assert_eq!(nested(levels, open, close).unwrap_err(), WebhookError::TooDeep { limit: 64 });
        }
    }
    let unclosed = format!(r#"{{"type":"X","data":{}"#, "[".repeat(500_000));
    assert_eq!(signed(unclosed).unwrap_err(), WebhookError::TooDeep { limit: 64 });
}

#[test]
fn members_that_come_twice() {
    for (body, name) in [
        (r#"{"type":"A","type":"B"}"#, "type"),
        (r#"{"type":"A","type":"A"}"#, "type"),
        (r#"{"type":"A","ty\u0070e":"B"}"#, "type"),
        (r#"{"type":"A","data":{},"data":{}}"#, "data"),
        (r#"{"type":"A","data":{"order":{"order_id":"1","order_id":"2"}}}"#, "order_id"),
        (r#"{"type":"A","data":[1,[{"x":1,"y":{"z":0,"z":0}}]]}"#, "z"),
        (r#"{"type":"A","":1,"":2}"#, ""),
    ] {
        assert_eq!(
            signed(body).unwrap_err(),
            WebhookError::DuplicateMember { name: Some(name.into()) },
            "{body}"
        );
    }
    // The same name in another object, or in another case, is another member.
    assert!(signed(r#"{"type":"A","Type":"B","data":{"type":"C","a":[{"type":"D"},{"type":"E"}]}}"#).is_ok());
}

#[test]
fn bodies_that_are_no_event() {
    for body in [
        "{}",
        "[]",
        "null",
        "1",
        r#""PAYMENT_SUCCESS_WEBHOOK""#,
        r#"{"data":{}}"#,
        r#"{"type":null}"#,
        r#"{"type":1}"#,
        r#"{"type":""}"#,
        r#"{"type":["PAYMENT_SUCCESS_WEBHOOK"]}"#,
        r#"{"type":1,"event":"X"}"#,
        r#"{"Type":"X"}"#,
        r#"[{"type":"X"}]"#,
    ] {
        let error = signed(body).unwrap_err();
        assert!(matches!(error, WebhookError::NotAnEvent { .. }), "{body}: {error}");
        assert!(error.is_body_problem());
    }
    assert_eq!(signed(r#"{"type":null,"event":"X"}"#).unwrap().event_type(), "X");
    assert_eq!(signed(" \r\n\t{\"type\":\"X\"}\n").unwrap().event_type(), "X");
    // A known event without what belongs to it is still an event.
    let event = signed(r#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":null}"#).unwrap();
    assert_eq!((event.order_id(), event.amount(), event.is_final()), (None, None, false));
}

#[test]
fn bodies_that_are_not_json() {
    for body in [
        &b""[..],
        b" ",
        b"{",
        b"hello",
        br#"{"type":"X"}}"#,
        br#"{"type":"X"} x"#,
        br#"{"type":"X"}{"type":"Y"}"#,
        br#"{"type":"X",}"#,
        br#"{'type':'X'}"#,
        br#"{"type":"X","data":NaN}"#,
        br#"{"type":"X","data":01}"#,
        b"{\"type\":\"X\",\"data\":\"\n\"}",
        b"{\"type\":\"X\",\"data\":\"\0\"}",
        b"\xef\xbb\xbf{\"type\":\"X\"}",
        b"\xff\xfe{\x00}\x00",
    ] {
        assert!(not_json(signed(body)), "{}", String::from_utf8_lossy(body));
    }
    // JSON around what is no text: the rest is read.
    for body in [
        &br#"{"type":"X","data":"\ud800"}"#[..],
        b"{\"type\":\"X\",\"data\":\"\xff\"}",
        b"{\"type\":\"X\",\"\xc3\x28\":1e999}",
    ] {
        assert_eq!(signed(body).unwrap().event_type(), "X", "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn forms_that_are_none() {
    let form = |timestamp: &str, body: &[u8]| {
        let headers = SignedHeaders::new(sign(SECRET, timestamp, body), timestamp)
            .content_type("application/x-www-form-urlencoded");
        verifier().verify(headers, body)
    };
    assert!(form(TIMESTAMP, b"type=X&&a").is_ok());
    for body in [&b""[..], b"&", b"=", b"a", b"%74ype=X", b"a=%ff", b"%ff=a", b"a=\xff", b"type=", b"[]"] {
        assert!(not_an_event(form(TIMESTAMP, body)), "{}", String::from_utf8_lossy(body));
    }
    let duplicate = form(TIMESTAMP, b"type=X&ty%70e=Y").unwrap_err();
    assert_eq!(duplicate, WebhookError::DuplicateMember { name: None });

    // Digits that move from the timestamp to the body leave the signature right, and the milliseconds
    // become seconds of the same moment.
    let signature = sign(SECRET, TIMESTAMP, b"type=X");
    let moved = SignedHeaders::new(signature.clone(), "1754500000");
    assert!(not_an_event(verifier().verify_signature(moved.clone(), b"123type=X")));
    let headers = moved.content_type("application/x-www-form-urlencoded");
    assert!(not_an_event(verifier().verify(headers, b"123type=X")));
    let moved =
        verify(&sign(SECRET, TIMESTAMP, BODY.as_bytes()), "1754500000", format!("123{BODY}").as_bytes());
    assert!(not_an_event(moved));
    // The other way around the timestamp is no longer a number.
    let (start, rest) = BODY.split_at(1);
    let signature = sign(SECRET, TIMESTAMP, BODY.as_bytes());
    let error = verify(&signature, &format!("{TIMESTAMP}{start}"), rest.as_bytes()).unwrap_err();
    assert_eq!(error, WebhookError::MalformedTimestamp);
}

#[test]
fn nothing_about_the_body_is_said_before_the_signature_is_right() {
    for body in ["", "{", "[]", r#"{"type":"A","type":"B"}"#, &"[".repeat(100_000)] {
        let error =
            verify(&sign("wrong", TIMESTAMP, body.as_bytes()), TIMESTAMP, body.as_bytes()).unwrap_err();
        assert_eq!(error, WebhookError::SignatureMismatch);
    }
}

#[test]
fn errors_say_what_is_wrong_and_nothing_more() {
    let private =
        r#"{"type":"X","data":{"card_number":"4111111111111111","card_number":"4111111111111111"}}"#;
    let error = signed(private).unwrap_err();
    assert_eq!(error.to_string(), "the webhook body has a member twice");
    for error in [
        error,
        verify("secret-looking", TIMESTAMP, b"").unwrap_err(),
        verify(&sign("wrong", TIMESTAMP, b""), TIMESTAMP, b"").unwrap_err(),
    ] {
        let shown = format!("{error} {error:?}");
        for hidden in ["4111", SECRET, "secret-looking"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        assert!((400..500).contains(&error.http_status()));
    }
}
