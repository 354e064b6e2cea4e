//! What is sent, what is refused before anything is sent, and what a call leaves behind.

use std::{collections::BTreeSet, error::Error as _, time::Duration};

use crate::support::{Reply, Request, SECRET, Server, builder, quick_retries, refusal};
use cashfree_pg::{
    ApiVersion, Cashfree, CashfreeBuilder, Credentials, Environment, Error, ErrorKind, Method, Upload,
};
use serde_json::{Value, json};

fn version() -> ApiVersion {
    ApiVersion::new("2025-01-01").unwrap()
}

/// A request as text, without what changes from run to run.
fn shown(request: &Request) -> String {
    let mut headers: Vec<_> = request.headers.iter().collect();
    headers.sort();
    let mut text = format!("{} {}\n", request.method, request.target);
    for (name, value) in headers {
        let value = match name.as_str() {
            "host" => "(the server)",
            "x-request-id" | "x-idempotency-key" if is_uuid(value) => "(a new UUID)",
            _ => value,
        };
        let value = value.replace(env!("CARGO_PKG_VERSION"), "(version)");
        text += &format!("{name}: {value}\n");
    }
    text + "\n" + &String::from_utf8_lossy(&request.body).replace('\r', "") + "\n"
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|b| *b == b'-').count() == 4
}

#[tokio::test]
async fn requests_are_sent_as_they_should_be() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let cashfree = server.builder().user_agent_suffix("my-shop/2.1").build().unwrap();
    let request = |method, path: &str| cashfree.request(version(), method, path);
    request(Method::GET, "/orders/{order_id}")
        .path("order_id", "a b/ü?#%..")
        .query("utr", "1&2 =3")
        .query("empty", "")
        .await
        .unwrap();
    request(Method::POST, "/orders").json(&json!({ "order_amount": 10.5 })).await.unwrap();
    request(Method::POST, "/orders").idempotency_key("key-1").request_id("support-7").await.unwrap();
    request(Method::PATCH, "/orders/order_1").json(&json!({})).await.unwrap();
    request(Method::PUT, "/disputes/7/accept").await.unwrap();
    request(Method::DELETE, "/customers/c/instruments/i").idempotency_key("key-2").await.unwrap();
    request(Method::POST, "/orders/sessions").without_credentials().json(&json!({})).await.unwrap();
    let file = Upload::new("a b.pdf", "application/pdf", &b"%PDF-1.7"[..]).unwrap();
    request(Method::POST, "/disputes/7/documents").text("doc_type", "PAN").file("file", file).await.unwrap();
    let requests: Vec<_> = server.seen().iter().map(shown).collect();
    insta::assert_snapshot!(requests.join("----\n"));
}

#[tokio::test]
async fn each_pair_of_credentials_has_its_headers() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let pairs = [
        (Credentials::merchant("a", "b"), ["x-client-id", "x-client-secret"]),
        (Credentials::merchant_signed("a", "b"), ["x-client-id", "x-client-signature"]),
        (Credentials::partner("a", "b"), ["x-client-id", "x-partner-apikey"]),
        (Credentials::partner_merchant("a", "b"), ["x-partner-merchantid", "x-partner-apikey"]),
    ];
    for (credentials, expected) in pairs {
        let cashfree = server.builder().credentials(credentials).build().unwrap();
        cashfree.request(version(), Method::GET, "/orders").await.unwrap();
        let seen = server.seen().pop().unwrap();
        let sent: BTreeSet<_> = seen
            .headers
            .iter()
            .filter(|(name, _)| name.contains("client") || name.contains("partner"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(sent, BTreeSet::from([(expected[0], "a"), (expected[1], "b")]));
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_member_and_not_sent() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let cashfree = server.client();
    let get = |path: &str| cashfree.request(version(), Method::GET, path);
    let calls = [
        get("/orders/{order_id}").path("order_id", ""),
        get("/orders/{order_id}").path("order_id", ".."),
        get("/orders/{order_id}").path("order_id", "."),
        get("/orders/{order_id}"),
        get("/orders").path("order_id", "a"),
        get("orders"),
        get("/orders?a=b"),
        get("/orders/../links"),
        get("/orders/%2e%2E/links"),
        get("/orders\r\nx: y"),
        get("/orders\\x"),
        get("https://example.com/"),
        get("/orders").idempotency_key(""),
        get("/orders").idempotency_key("a\r\nx-client-id: b"),
        get("/orders").idempotency_key("k".repeat(256)),
        get("/orders").request_id("schlüssel"),
        get("/orders/{order_id}").request_id("").idempotency_key("\0"),
    ];
    let mut lines = Vec::new();
    for call in calls {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!((error.meta().attempts(), error.is_retryable()), (0, false));
        assert!(error.invalid().is_some_and(|invalid| !invalid.violations().is_empty()));
        lines.push(error.to_string());
    }
    insta::assert_snapshot!(lines.join("\n"));
    assert!(server.seen().is_empty());
}

#[test]
fn every_wrong_setting_is_named() {
    let custom = |url: &str| Environment::custom(url);
    let with = |environment: Environment, credentials| {
        Cashfree::builder().environment(environment).credentials(credentials)
    };
    let good = || with(custom("http://127.0.0.1:1/pg").unwrap(), Credentials::merchant("id", SECRET));
    let credentials = |credentials| with(Environment::Sandbox, credentials).build().map(drop);
    let built = |builder: CashfreeBuilder| builder.build().map(drop);
    let results: Vec<(&str, Result<(), Error>)> = vec![
        ("nothing", built(Cashfree::builder())),
        ("no credentials", built(Cashfree::builder().environment(Environment::Sandbox))),
        ("unknown environment", "staging".parse::<Environment>().map(drop)),
        ("no URL", custom("api.cashfree.com").map(drop)),
        ("another scheme", custom("ftp://127.0.0.1/").map(drop)),
        ("no host", custom("https:///pg").map(drop)),
        ("a password", custom(&format!("https://user:{SECRET}@example.com/")).map(drop)),
        ("a query", custom("https://example.com/pg?x=1").map(drop)),
        ("insecure", built(good().environment(custom("http://example.com/pg").unwrap()))),
        ("nearly loopback", built(good().environment(custom("http://localhost.example.com/pg").unwrap()))),
        ("empty id", credentials(Credentials::merchant("", SECRET))),
        ("empty secret", credentials(Credentials::merchant("id", " "))),
        ("line break", credentials(Credentials::merchant("id", format!("{SECRET}\n")))),
        ("control character", credentials(Credentials::partner("id", format!("{SECRET}\0")))),
        ("not ASCII", credentials(Credentials::merchant_signed("id", "sécret"))),
        ("merchant id", credentials(Credentials::partner_merchant("a\tb", SECRET))),
        ("no time", built(good().timeout(Duration::ZERO))),
        ("no time to connect", built(good().connect_timeout(Duration::ZERO))),
        ("user agent", built(good().user_agent_suffix("a\nb"))),
        ("proxy", built(good().proxy(format!("nonsense://user:{SECRET}@[")))),
        ("version", ApiVersion::new("2025-1-1").map(drop)),
        ("no such day", ApiVersion::new("2025-02-30").map(drop)),
        ("version with a line break", ApiVersion::new("2025-01-01\n").map(drop)),
    ];
    let mut lines = Vec::new();
    for (name, result) in results {
        let error = result.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{name}");
        assert!(!format!("{error} {error:?}").contains("MARKED"), "{name} shows a secret");
        lines.push(format!("{name}: {error} [{}]", error.field().unwrap()));
    }
    insta::assert_snapshot!(lines.join("\n"));

    for url in ["http://127.0.0.1:1", "http://[::1]:1/pg/", "http://localhost/pg", "http://a.localhost"] {
        built(good().environment(custom(url).unwrap())).unwrap();
    }
    built(good().environment(custom("http://example.com").unwrap()).allow_insecure_http()).unwrap();
}

#[test]
fn the_environment_says_who_and_where_or_what_is_missing() {
    let outcome = |vars: &[(&str, &str)]| {
        let vars: Vec<_> =
            vars.iter().map(|(name, value)| (format!("CASHFREE_{name}"), value.to_string())).collect();
        let lookup = |name: &str| vars.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        match CashfreeBuilder::from_vars(lookup).and_then(CashfreeBuilder::build) {
            Ok(cashfree) => format!("{cashfree:?}").split(", timeout").next().unwrap().to_owned(),
            Err(error) => format!("{error} [{}]", error.field().unwrap()),
        }
    };
    let local = ("ENVIRONMENT", "http://127.0.0.1:8700/pg");
    let (id, secret) = (("CLIENT_ID", "id"), ("CLIENT_SECRET", SECRET));
    let (signature, key) = (("CLIENT_SIGNATURE", SECRET), ("PARTNER_API_KEY", SECRET));
    let merchant = ("PARTNER_MERCHANT_ID", "m");
    let cases: [&[(&str, &str)]; 16] = [
        &[local, id, secret],
        &[local, id, signature],
        &[local, id, key],
        &[local, merchant, key],
        &[id, secret],
        &[("ENVIRONMENT", "staging"), id, secret],
        &[("ENVIRONMENT", "http://example.com/pg"), id, secret],
        &[local],
        &[local, id],
        &[local, secret],
        &[local, id, ("CLIENT_SECRET", "")],
        &[local, merchant],
        &[local, key],
        &[local, id, secret, signature],
        &[local, id, secret, key],
        &[local, id, merchant, key],
    ];
    let lines: Vec<_> = cases
        .iter()
        .map(|vars| {
            let names: Vec<_> = vars.iter().map(|(name, _)| *name).collect();
            let line = outcome(vars);
            assert!(!line.contains("MARKED"));
            format!("{}\n  {line}", names.join(" "))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn an_answer_comes_with_what_is_known_about_it() {
    let server = Server::start(|request| {
        Reply::json(200, r#"{"order_amount":10.10}"#)
            .with("x-request-id", request.header("x-request-id"))
            .with("x-api-version", "2025-01-01")
            .with("x-idempotency-replayed", "true")
            .with("x-ratelimit-limit", 200)
            .with("x-ratelimit-remaining", 199)
            .with("x-ratelimit-retry", 0)
            .with("x-ratelimit-type", "app_id")
            .with("x-deprecated-at", "2027-01-01")
    })
    .await;
    let call =
        server.client().request(version(), Method::POST, "/orders").request_id("r-1").idempotency_key("k-1");
    let (body, meta) = call.await.unwrap().into_parts();
    assert_eq!(body.bytes(), br#"{"order_amount":10.10}"#);
    assert_eq!(meta.status().unwrap().as_u16(), 200);
    assert_eq!((meta.request_id(), meta.idempotency_key()), (Some("r-1"), Some("k-1")));
    assert!(meta.is_replayed());
    let limit = meta.rate_limit();
    assert_eq!((limit.limit(), limit.remaining(), limit.wait()), (Some(200), Some(199), None));
    assert_eq!(limit.scope(), Some("app_id"));
    assert_eq!((meta.api_version(), meta.deprecated_at()), (Some("2025-01-01"), Some("2027-01-01")));
    assert_eq!(meta.attempts(), 1);
    assert!(meta.elapsed() > Duration::ZERO);
}

#[tokio::test]
async fn an_error_comes_with_the_same() {
    let server = Server::start(|_| {
        refusal(404, "invalid_request_error", "order_not_found").with("x-request-id", "r-9")
    })
    .await;
    let error = server.client().request(version(), Method::POST, "/orders").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "request (2025-01-01): rejected: 404 order_not_found: said the server; request id r-9"
    );
    assert_eq!((error.code(), error.request_id()), (Some("order_not_found"), Some("r-9")));
    let api = error.api_error().unwrap();
    assert_eq!((api.error_type(), api.message()), (Some("invalid_request_error"), Some("said the server")));
    assert!(error.idempotency_key().is_some_and(is_uuid));
    assert!(error.source().is_some_and(|source| source.to_string().starts_with("404")));
    assert!(error.raw_body().is_some_and(|body| body.starts_with(b"{")));
}

#[test]
fn errors_go_where_errors_go() {
    #[derive(Debug, thiserror::Error)]
    enum Mine {
        #[error("payment: {0}")]
        Payment(#[from] Error),
    }
    fn mine() -> Result<(), Mine> {
        ApiVersion::new("soon")?;
        Ok(())
    }
    fn any() -> anyhow::Result<()> {
        mine()?;
        Ok(())
    }
    fn sent<T: Send + Sync + 'static>() {}
    sent::<Error>();
    sent::<Cashfree>();
    let error = any().unwrap_err();
    assert!(
        error
            .chain()
            .any(|cause| cause.downcast_ref::<Error>().is_some_and(|e| e.field() == Some("api_version")))
    );
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

/// Every value of a call names the call; whatever comes back has to name the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_keep_their_headers() {
    let server = Server::start(|request| {
        let echo = json!({
            "target": request.target,
            "version": request.header("x-api-version"),
            "key": request.header("x-idempotency-key"),
            "request": request.header("x-request-id"),
            "client": request.header("x-client-id"),
            "body": request.json(),
        });
        Reply::json(200, echo).with("x-request-id", request.header("x-request-id"))
    })
    .await;
    let cashfree =
        server.builder().retry(quick_retries().attempt_timeout(Duration::from_secs(50))).build().unwrap();
    let calls: Vec<_> = (0..1_000)
        .map(|number| {
            let version = ["2023-08-01", "2025-01-01"][number % 2];
            let cashfree = cashfree.clone();
            tokio::spawn(async move {
                let mut call = cashfree
                    .request(ApiVersion::new(version).unwrap(), Method::POST, "/orders/{id}/refunds")
                    .path("id", format!("order_{number}"))
                    .query("n", number.to_string())
                    .request_id(format!("request-{number}"))
                    .idempotency_key(format!("key-{number}"))
                    .json(&json!({ "n": number }));
                if number % 3 == 0 {
                    call = call.without_credentials();
                }
                let answer = call.await.unwrap();
                let expected = json!({
                    "target": format!("/pg/orders/order_{number}/refunds?n={number}"),
                    "version": version,
                    "key": format!("key-{number}"),
                    "request": format!("request-{number}"),
                    "client": if number % 3 == 0 { "" } else { "client-1" },
                    "body": { "n": number },
                });
                assert_eq!(answer.json(), expected);
                assert_eq!(answer.meta().request_id(), Some(format!("request-{number}").as_str()));
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(server.seen().len(), 1_000);
}

#[tokio::test]
async fn generated_keys_differ_from_call_to_call() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let cashfree = server.client();
    for _ in 0..20 {
        cashfree.request(version(), Method::POST, "/orders").await.unwrap();
    }
    let seen = server.seen();
    let values = |name: &str| seen.iter().map(|r| r.header(name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!((values("x-idempotency-key").len(), values("x-request-id").len()), (20, 20));
}

#[tokio::test]
async fn a_401_asks_whether_the_keys_are_of_this_environment() {
    let server = Server::start(|_| refusal(401, "authentication_error", "request_failed")).await;
    let error = server.client().request(version(), Method::GET, "/orders").await.unwrap_err();
    let expected = format!("; sent to {}: are these the keys of that environment?", server.url());
    assert!(error.to_string().contains(&expected), "{error}");
    assert_eq!(error.environment(), Some(&Environment::custom(&server.url()).unwrap()));
    assert_eq!(format!("{} {}", Environment::Sandbox, Environment::Production), "the sandbox production");
}

#[tokio::test]
async fn a_proxy_is_used() {
    let proxy = Server::start(|request| Reply::json(200, json!({ "asked": request.target }))).await;
    let cashfree =
        builder("http://cashfree.localhost:1/pg").proxy(format!("http://{}", proxy.address)).build().unwrap();
    let answer = cashfree.request(version(), Method::GET, "/orders").await.unwrap();
    assert_eq!(answer.json(), json!({ "asked": "http://cashfree.localhost:1/pg/orders" }));
}

#[tokio::test]
async fn an_untyped_answer_keeps_its_text() {
    let server = Server::start(|_| Reply::json(200, r#"{"n":100000000000000000.01}"#)).await;
    let answer = server.client().request(version(), Method::GET, "/orders").await.unwrap();
    #[derive(serde::Deserialize)]
    struct Exact<'a> {
        #[serde(borrow)]
        n: &'a serde_json::value::RawValue,
    }
    let exact: Exact<'_> = serde_json::from_slice(answer.bytes()).unwrap();
    assert_eq!(exact.n.get(), "100000000000000000.01");
    assert_eq!(format!("{:?}", answer.into_inner()), "RawJson(27 bytes)");
    // Well formed, and more than a JSON value holds: not to be taken for null.
    for body in [r#"{"a":"\ud800"}"#.to_owned(), "1e400".to_owned(), "[".repeat(200) + &"]".repeat(200)] {
        let server = Server::start({
            let body = body.clone();
            move |_| Reply::json(200, &body)
        })
        .await;
        let error = server.client().request(version(), Method::POST, "/orders").await.unwrap_err();
        assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::Undecodable, 1), "{body}");
        assert_eq!(error.raw_body(), Some(body.as_bytes()));
    }
    let empty = Server::start(|_| Reply::json(202, "")).await;
    let answer = empty.client().request(version(), Method::GET, "/orders").await.unwrap();
    assert_eq!(answer.json(), Value::Null);
}
