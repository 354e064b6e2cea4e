//! Wrong input: each has its own error that names the field, nothing is sent, nothing panics, and no secret is
//! printed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::shop::handle;
use cashfree_pg::types::{Amount, Invalid};
use cashfree_pg::v2025_01_01::types::*;
use cashfree_pg::webhook::{Delivery, Verifier, WebhookError};
use cashfree_pg::{
    ApiVersion, Cashfree, CashfreeBuilder, Credentials, Environment, Error, ErrorKind, Method, Upload,
};
use cashfree_sandbox::Sandbox;

const SECRET: &str = "MARKED_SECRET";

/// The field of a configuration error, having looked at all it says.
fn field(error: &Error) -> &str {
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    unmarked(error);
    error.field().unwrap_or_default()
}

/// The members of an input error, having looked at all it says.
fn members(error: &Error) -> Vec<&str> {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(!error.is_retryable() && !error.is_outcome_unknown());
    unmarked(error);
    error.invalid().expect("what is wrong").violations().iter().map(|one| one.member()).collect()
}

fn unmarked(error: &Error) {
    let said = format!("{error} {error:?} {:?}", std::error::Error::source(error).map(ToString::to_string));
    assert!(!said.contains("MARKED"), "{said}");
}

fn rupees(text: &str) -> Amount {
    text.parse().expect("an amount")
}

#[tokio::test]
async fn wrong_settings_are_named_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let build = |change: &dyn Fn(CashfreeBuilder) -> CashfreeBuilder| {
        change(handle(&sandbox)).build().expect_err("a wrong setting")
    };
    let credentials = |credentials: Credentials| build(&|builder| builder.credentials(credentials.clone()));

    for text in ["staging", "Sandbox", "", "api.cashfree.com"] {
        assert_eq!(field(&text.parse::<Environment>().expect_err(text)), "environment", "{text:?}");
    }
    for url in
        ["http://", "https:// /pg", "ftp://127.0.0.1/pg", "https://u:MARKED@host/pg", "https://host/pg?a=b"]
    {
        assert_eq!(field(&Environment::custom(url).expect_err(url)), "base_url", "{url:?}");
    }
    let plain =
        build(&|builder| builder.environment(Environment::custom("http://example.com/pg").expect("a URL")));
    assert_eq!(field(&plain), "base_url");
    assert_eq!(field(&Cashfree::builder().build().expect_err("nothing is set")), "environment");
    let nobody = Cashfree::builder().environment(Environment::Sandbox).build().expect_err("nobody");
    assert_eq!(field(&nobody), "credentials");

    assert_eq!(field(&credentials(Credentials::merchant("", SECRET))), "client_id");
    assert_eq!(field(&credentials(Credentials::merchant("  ", SECRET))), "client_id");
    assert_eq!(field(&credentials(Credentials::merchant("id", ""))), "client_secret");
    assert_eq!(field(&credentials(Credentials::partner("id", ""))), "partner_api_key");
    for bad in ["\n", "\r\nx-other: 1", "\0", "\t", "\u{7f}", "\u{e9}"] {
        let bad = format!("{SECRET}{bad}MARKED");
        assert_eq!(field(&credentials(Credentials::merchant("id", bad.clone()))), "client_secret", "{bad:?}");
        assert_eq!(field(&credentials(Credentials::merchant(bad.clone(), SECRET))), "client_id", "{bad:?}");
        assert_eq!(field(&credentials(Credentials::merchant_signed("id", bad.clone()))), "client_signature");
        assert_eq!(field(&credentials(Credentials::partner_merchant("id", bad.clone()))), "partner_api_key");
        let agent = build(&|builder| builder.user_agent_suffix(bad.clone()));
        assert_eq!(field(&agent), "user_agent_suffix", "{bad:?}");
    }
    for version in ["2025-1-1", "2025-13-01", "latest", "2025-01-01\n", ""] {
        assert_eq!(field(&version.parse::<ApiVersion>().expect_err(version)), "api_version", "{version:?}");
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn wrong_requests_are_named_by_member_and_not_sent() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let api = handle(&sandbox).build().expect("a handle").v2025_01_01();
    let customer = || CustomerDetails::new("customer_1", "9999999999");
    let request = |amount: &str| CreateOrderRequest::new(rupees(amount), "INR", customer());
    let refused = |request: CreateOrderRequest| {
        let api = &api;
        async move { api.create_order(request).send().await.expect_err("a limit") }
    };

    for amount in ["0", "0.99", "-1", "10.001", "0.005"] {
        assert_eq!(members(&refused(request(amount)).await)[0], "order_amount", "{amount}");
    }
    for id in ["", "ab", &"x".repeat(46)] {
        assert_eq!(members(&refused(request("10").order_id(id)).await), ["order_id"], "{id:?}");
    }
    let error = refused(request("10").order_note("no")).await;
    assert_eq!(members(&error), ["order_note"]);
    assert_eq!((error.operation(), error.api_version()), (Some("create_order"), Some("2025-01-01")));
    let many =
        (0..16).map(|n| (format!("tag_{n}"), "x".to_owned())).collect::<std::collections::BTreeMap<_, _>>();
    assert_eq!(members(&refused(request("10").order_tags(many)).await), ["order_tags"]);
    // All of them at once, inner ones with their place.
    let customer = CustomerDetails::new("c", "MARKED");
    let all = CreateOrderRequest::new(rupees("0"), "INR", customer).order_id("ab");
    let error = refused(all).await;
    let mut named = members(&error);
    named.sort_unstable();
    assert_eq!(
        named,
        ["customer_details.customer_id", "customer_details.customer_phone", "order_amount", "order_id"]
    );

    // Amounts that are none do not even become a request.
    for text in ["", "ten", "NaN", "inf", "1e400", "1,000", "0x10"] {
        assert!(text.parse::<Amount>().is_err(), "{text:?}");
    }
    assert!([f64::NAN, f64::INFINITY, 1e300].into_iter().all(|float| Amount::try_from(float).is_err()));

    for amount in ["0.001", "12.345"] {
        let refund = CreateRefundRequest::new(rupees(amount), "refund_1");
        let error =
            api.create_order_refund("order_1", refund).send().await.expect_err("a fraction of a paisa");
        assert_eq!(members(&error), ["refund_amount"]);
    }
    let refund = CreateRefundRequest::new(rupees("1"), "r");
    let error = api.create_order_refund("order_1", refund).send().await.expect_err("too short");
    assert_eq!(members(&error), ["refund_id"]);
    let customer = CustomerContact::new("12345");
    assert_eq!(
        members(&api.create_customer(customer).send().await.expect_err("a phone")),
        ["customer_phone"]
    );

    assert_eq!(sandbox.requests().len(), 0);

    // The sandbox would have heard of it: what is right arrives.
    api.create_order(request("10").order_id("abc")).send().await.expect("an order");
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test]
async fn what_is_beside_the_body_is_checked_likewise() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let api = handle(&sandbox).build().expect("a handle").v2025_01_01();
    let request =
        || CreateOrderRequest::new(rupees("10"), "INR", CustomerDetails::new("customer_1", "9999999999"));
    for id in ["", ".", ".."] {
        let error = api.fetch_order(id).send().await.expect_err("no id");
        assert_eq!(members(&error), ["order_id"], "{id:?}");
    }
    for key in ["", "a\nb", "a\r\nx-other: 1", "a b", "\u{e9}", &"k".repeat(256)] {
        let error = api.create_order(request()).idempotency_key(key).send().await.expect_err("a key");
        assert_eq!(members(&error), ["idempotency_key"], "{key:?}");
    }
    for id in ["", "a\nb", "\0"] {
        let error = api.fetch_order("order_1").request_id(id).send().await.expect_err("an id");
        assert_eq!(members(&error), ["request_id"], "{id:?}");
    }
    let version: ApiVersion = "2025-01-01".parse().expect("a version");
    for path in ["orders", "/orders?x=1", "/orders/../x", "/or ders", "http://example.com/"] {
        let error = api.cashfree().request(version, Method::GET, path).send().await.expect_err("a path");
        assert_eq!(members(&error), ["path"], "{path:?}");
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_file_is_checked_before_it_is_anything() {
    let member = |result: Result<Upload, Invalid>| {
        result.map(drop).map_err(|invalid| invalid.violations()[0].member().to_owned()).expect_err("a file")
    };
    assert_eq!(member(Upload::new("", "application/pdf", &b"x"[..])), "file_name");
    assert_eq!(member(Upload::new("a\r\nb.pdf", "application/pdf", &b"x"[..])), "file_name");
    assert_eq!(member(Upload::new("a.pdf", "pdf", &b"x"[..])), "media_type");
    assert_eq!(member(Upload::new("a.pdf", "application/pdf", &b""[..])), "bytes");
}

#[tokio::test]
async fn wrong_credentials_are_rejected_and_not_repeated() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let credentials = Credentials::merchant(sandbox.client_id(), SECRET);
    let api = handle(&sandbox).credentials(credentials).build().expect("a handle").v2025_01_01();
    let error = api.fetch_order("order_1").send().await.expect_err("another secret");
    assert_eq!(
        (error.kind(), error.status().map(|status| status.as_u16())),
        (ErrorKind::Rejected, Some(401))
    );
    assert_eq!(error.api_error().and_then(|api| api.error_type()), Some("authentication_error"));
    assert!(!error.is_retryable());
    unmarked(&error);
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn wrong_webhooks_are_told_apart() {
    let body = br#"{"data":{"payment":{"cf_payment_id":"7"}},"type":"PAYMENT_SUCCESS_WEBHOOK"}"#;
    let now = UNIX_EPOCH + Duration::from_secs(1_750_000_000);
    let verifier = Verifier::builder().secret(SECRET).clock(move || now).build();
    let signed = |at: SystemTime| Delivery::body_as_is(body.to_vec()).at(at).sign(SECRET).headers();
    let verify = |headers: Vec<(&'static str, String)>, body: &[u8]| {
        let error = verifier.verify(headers, body).expect_err("a wrong delivery");
        assert!(!format!("{error} {error:?}").contains("MARKED"));
        error
    };
    let without = |name: &str| signed(now).into_iter().filter(|(one, _)| *one != name).collect::<Vec<_>>();

    for name in ["x-webhook-signature", "x-webhook-timestamp"] {
        assert_eq!(verify(without(name), body), WebhookError::MissingHeader { name });
    }
    let other = Delivery::body_as_is(body.to_vec()).at(now).sign("another").headers();
    assert_eq!(verify(other, body), WebhookError::SignatureMismatch);
    let hour = Duration::from_secs(3600);
    let limit = Verifier::DEFAULT_TOLERANCE;
    assert_eq!(verify(signed(now - hour), body), WebhookError::TooOld { age: hour, limit });
    assert_eq!(verify(signed(now + hour), body), WebhookError::FromTheFuture { ahead: hour, limit });
    // Cut off on the way, the signature is wrong; cut off before it was signed, the body is.
    let half = &body[..body.len() / 2];
    assert_eq!(verify(signed(now), half), WebhookError::SignatureMismatch);
    let signed_half = Delivery::body_as_is(half.to_vec()).at(now).sign(SECRET).headers();
    assert!(matches!(verify(signed_half, half), WebhookError::NotJson { .. }));
    assert!(verifier.verify(signed(now), body).is_ok());
    assert!(!format!("{verifier:?}").contains("MARKED"));
}
