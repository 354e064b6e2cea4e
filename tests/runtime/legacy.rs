//! The first API: what is sent, what its answers mean, and what is repeated.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{Reply, SECRET, Server, builder, encode, fields, quick_retries};
use cashfree_pg::{
    Cashfree, Credentials, Environment, Error, ErrorKind, Response,
    legacy::{Call, Client, Operation, Record},
    types::{Amount, Body as _},
};

const AMOUNT: Amount = Amount::from_paise(49_950);
const OK: &str = r#"{"status":"OK","message":"done"}"#;
const NO: &str = r#"{"status":"ERROR","reason":"Order Id does not exist"}"#;

type Sending = std::pin::Pin<Box<dyn Future<Output = Result<Response<Record>, Error>> + Send>>;

fn sending<O: Operation + 'static>(call: Call<O>) -> Sending {
    call.into_future()
}

/// Every operation, with all that it has a method for.
fn every_call(api: &Client) -> Vec<Sending> {
    let order = api
        .create_order("order_1", AMOUNT)
        .order_currency("INR")
        .order_note("two tickets")
        .customer_name("Asha Rao")
        .customer_phone("9999999999")
        .customer_email("asha@shop.example")
        .return_url("https://shop.example/paid?a=1&b=2")
        .notify_url("https://shop.example/notify")
        .field("sellerPhone", "");
    vec![
        sending(order),
        sending(api.fetch_order("order_1")),
        sending(api.fetch_order_link("order_1")),
        sending(api.fetch_order_status("order_1")),
        sending(api.send_payment_email("order_1")),
        sending(api.create_refund("order_1", 13_307, Amount::from_rupees(99)).refund_note("one came late")),
        sending(api.fetch_transactions("2026-01-01", "2026-01-31").last_id(7).count(2_u32)),
        sending(api.fetch_refunds("2026-01-01", "2026-01-31").last_id("7").count(2_u32)),
        sending(api.fetch_settlements("2026-01-01", "2026-01-31").last_id("7").count(2_u32)),
        sending(api.fetch_settlement("settlement_1").last_id("7").count(2_u32)),
        sending(api.verify_credentials()),
    ]
}

#[tokio::test]
async fn every_operation_sends_its_form() {
    let server = Server::start(|_| Reply::json(200, OK)).await;
    for sending in every_call(&server.client().legacy()) {
        let answer = sending.await.unwrap();
        assert_eq!((answer.message().as_deref(), answer.meta().idempotency_key()), (Some("done"), None));
    }
    let mut shown = String::new();
    for request in server.seen() {
        write!(shown, "{} {}\n{}\n", request.method, request.target, String::from_utf8_lossy(&request.body))
            .unwrap();
        let headers: BTreeMap<_, _> = request.headers.iter().collect();
        for (name, value) in headers {
            let value = match name.as_str() {
                "host" | "content-length" => "(as it is)",
                "x-request-id" if value.len() == 36 => "(a UUID)",
                _ => &value.replace(env!("CARGO_PKG_VERSION"), "(version)"),
            };
            writeln!(shown, "{name}: {value}").unwrap();
        }
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_value_arrives_as_it_was_given() {
    let server = Server::start(|_| Reply::json(200, OK)).await;
    let api = server.client().legacy();
    let odd = ["a&b=c+d%e", "ä ₹ 🎟", "%26%3D", " ", "", "a\r\nb", "\"<>;,/?"];
    for value in odd {
        let call = api.create_order("order/1 &", AMOUNT).order_note(value).field("ä&=", value);
        call.await.unwrap();
        let arrived = fields(server.seen().last().unwrap());
        let expected = [
            ("appId", "client-1"),
            ("secretKey", SECRET),
            ("orderId", "order/1 &"),
            ("orderAmount", "499.50"),
            ("orderNote", value),
            ("ä&=", value),
        ];
        let arrived: Vec<_> = arrived.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(arrived, expected);
    }
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_by_name_and_not_sent() {
    let server = Server::start(|_| Reply::json(200, OK)).await;
    let api = server.client().legacy();
    let thousandth: Amount = "1.005".parse().unwrap();
    let partner = server.builder().credentials(Credentials::partner("client-1", SECRET)).build().unwrap();
    let cases = [
        ("orderId", sending(api.fetch_order(""))),
        ("referenceId", sending(api.create_refund("order_1", "", AMOUNT))),
        ("refundAmount", sending(api.create_refund("order_1", 1, thousandth))),
        ("orderAmount", sending(api.create_order("order_1", -AMOUNT))),
        // As money it has a place already.
        ("orderAmount", sending(api.create_order("order_1", AMOUNT).field("orderAmount", "1"))),
        ("orderNote", sending(api.create_order("order_1", AMOUNT).order_note("a").order_note("b"))),
        ("secretKey", sending(api.verify_credentials().field("secretKey", "another"))),
        ("field", sending(api.verify_credentials().field("", "a"))),
        ("startDate", sending(api.fetch_refunds("", "2026-01-31"))),
        ("request_id", sending(api.verify_credentials().request_id("a b"))),
        ("credentials", sending(partner.legacy().fetch_order("order_1"))),
    ];
    for (member, sending) in cases {
        let error = sending.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{member}");
        assert_eq!(error.invalid().unwrap().violations()[0].member(), member);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn each_environment_has_its_host() {
    let asked = |environment| async {
        let url = Arc::new(Mutex::new(String::new()));
        let transport = {
            let url = url.clone();
            move |request: http::Request<bytes::Bytes>| {
                *url.lock().unwrap() = request.uri().to_string();
                async { Ok(http::Response::new(OK.into())) }
            }
        };
        let cashfree = Cashfree::builder().environment(environment).transport(transport);
        let cashfree = cashfree.credentials(Credentials::merchant("client-1", SECRET)).build().unwrap();
        cashfree.legacy().verify_credentials().await.unwrap();
        url.lock().unwrap().clone()
    };
    let custom = |url| Environment::custom(url).unwrap();
    let path = "/api/v1/credentials/verify";
    for (environment, host) in [
        (Environment::Production, "https://api.cashfree.com"),
        (Environment::Sandbox, "https://test.cashfree.com"),
        (custom("http://127.0.0.1:8700/pg"), "http://127.0.0.1:8700"),
        (custom("http://127.0.0.1:8700/pg/"), "http://127.0.0.1:8700"),
        (custom("http://127.0.0.1:8700"), "http://127.0.0.1:8700"),
        (custom("https://proxy.example/cashfree/pg"), "https://proxy.example/cashfree"),
    ] {
        assert_eq!(asked(environment).await, format!("{host}{path}"));
    }
}

enum Fault {
    NoServer,
    Reply(fn() -> Reply),
    /// As `Reply`, and the client waits for what does not come.
    Slow(fn() -> Reply),
}

fn half() -> Vec<u8> {
    let whole = encode(&Reply::json(200, OK));
    whole[..whole.len() - OK.len() / 2].to_vec()
}

const FAULTS: &[(&str, Fault)] = &[
    ("connection refused", Fault::NoServer),
    ("reset after the request", Fault::Reply(|| Reply::Reset(Vec::new()))),
    ("reset in the middle of the answer", Fault::Reply(|| Reply::Reset(half()))),
    ("content length too long", Fault::Reply(|| Reply::Close(half()))),
    ("slow body", Fault::Slow(|| Reply::Stall(half()))),
    ("200 ERROR", Fault::Reply(|| Reply::json(200, NO))),
    ("200 ERROR in lower case, with an error in place of a reason", {
        Fault::Reply(|| Reply::json(200, r#"{"status":"error","error":"no such order","x":[1]}"#))
    }),
    ("200 ERROR with a message only", {
        Fault::Reply(|| Reply::json(200, "\u{feff}{\"status\":\"ERROR\",\"message\":\"no\"}"))
    }),
    ("200 ERROR cut", Fault::Reply(|| Reply::json(200, &NO[..NO.len() - 1]))),
    ("200 ERROR and OK", Fault::Reply(|| Reply::json(200, r#"{"status":"ERROR","status":"OK"}"#))),
    ("200 OK with a member twice", Fault::Reply(|| Reply::json(200, r#"{"status":"OK","a":1,"a":2}"#))),
    ("200 of another status", Fault::Reply(|| Reply::json(200, r#"{"status":"LATER"}"#))),
    ("200 without a status", Fault::Reply(|| Reply::json(200, r#"{"message":"done"}"#))),
    ("200 of another shape", Fault::Reply(|| Reply::json(200, "[]"))),
    ("200 without a body", Fault::Reply(|| Reply::json(200, ""))),
    ("200 HTML", Fault::Reply(|| Reply::json(200, "<html>Please sign in</html>"))),
    ("302 ERROR", Fault::Reply(|| Reply::json(302, NO))),
    ("302", Fault::Reply(|| Reply::json(302, "").with("location", "/elsewhere"))),
    ("400 ERROR", Fault::Reply(|| Reply::json(400, NO))),
    ("400 HTML", Fault::Reply(|| Reply::json(400, "<html>Bad Request</html>"))),
    ("401 of today's shape", {
        Fault::Reply(|| Reply::json(401, r#"{"message":"no","code":"x","type":"authentication_error"}"#))
    }),
    ("404 HTML", Fault::Reply(|| Reply::json(404, "<html>Not Found</html>"))),
    ("408", Fault::Reply(|| Reply::json(408, ""))),
    ("408 ERROR", Fault::Reply(|| Reply::json(408, NO))),
    ("429", Fault::Reply(|| Reply::json(429, ""))),
    ("429 ERROR", Fault::Reply(|| Reply::json(429, NO))),
    ("500 ERROR", Fault::Reply(|| Reply::json(500, NO))),
    ("500 OK", Fault::Reply(|| Reply::json(500, OK))),
    ("504 ERROR", Fault::Reply(|| Reply::json(504, NO))),
    ("502 HTML", Fault::Reply(|| Reply::json(502, "<html>Bad Gateway</html>"))),
];

/// Runs an operation into a fault, which is there `always` or on the first attempt only.
async fn run(fault: &'static Fault, operation: usize, always: bool) -> (&'static str, String) {
    let attempts = Arc::new(AtomicUsize::new(0));
    let server = Server::start({
        let attempts = attempts.clone();
        move |_| match fault {
            Fault::Reply(reply) | Fault::Slow(reply)
                if attempts.fetch_add(1, Ordering::SeqCst) == 0 || always =>
            {
                reply()
            }
            _ => Reply::json(200, OK),
        }
    })
    .await;
    let url = match fault {
        Fault::NoServer => "http://127.0.0.1:1/pg".to_owned(),
        _ => server.url(),
    };
    let retry = match fault {
        Fault::Slow(_) => quick_retries().attempt_timeout(Duration::from_secs(1)),
        _ => quick_retries(),
    };
    // What may not be repeated waits for all of it.
    let cashfree = builder(&url).retry(retry).timeout(Duration::from_secs(5)).build().unwrap();
    let result = every_call(&cashfree.legacy()).remove(operation).await;
    let seen = server.seen();
    for request in &seen {
        assert_eq!((&request.target, &request.body), (&seen[0].target, &seen[0].body));
    }
    let changes = matches!(operation, 0 | 4 | 5);
    let mut line = match result {
        Ok(answer) => format!("success; {} attempts", answer.meta().attempts()),
        Err(error) => {
            assert_eq!(error.idempotency_key(), None);
            let text = error.to_string().replace(&url, "(the URL)");
            let text = text.split("; request id").next().unwrap().split_once("(v1): ").unwrap().1;
            let doubt = error.kind() == ErrorKind::OutcomeUnknown;
            // Nothing that may have been carried out is repeated, and nothing that reads is in doubt.
            assert!(!doubt || changes && seen.len() == 1, "{text}");
            assert!(error.kind() != ErrorKind::Unanswered || !changes);
            format!("{text}{}", if error.is_retryable() { ", retryable" } else { "" })
        }
    };
    if seen.len() > 1 {
        write!(line, "; sent {} times", seen.len()).unwrap();
    }
    (if changes { "a change" } else { "a read" }, line)
}

/// All operations that change end alike, and all that read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table() {
    let mut table = String::new();
    for (name, fault) in FAULTS {
        let mut ends: BTreeMap<(&str, &str), String> = BTreeMap::new();
        for always in [true, false] {
            // A server that comes up late is the runtime's to test.
            if !always && matches!(fault, Fault::NoServer) {
                continue;
            }
            // One of each kind waits for what is slow.
            let operations = if matches!(fault, Fault::Slow(_)) { vec![0, 1] } else { (0..11).collect() };
            let runs: Vec<_> = operations.into_iter().map(|o| tokio::spawn(run(fault, o, always))).collect();
            for run in runs {
                let (kind, end) = run.await.unwrap_or_else(|e| panic!("{name}: {e}"));
                let when = if always { "always" } else { "once" };
                let first = ends.entry((kind, when)).or_insert_with(|| end.clone());
                assert_eq!(*first, end, "{name}");
            }
        }
        writeln!(table, "\n{name}").unwrap();
        for ((kind, when), end) in ends {
            writeln!(table, "  {kind}, {when}: {end}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn an_answer_is_read_by_name_and_loses_nothing() {
    let body = concat!(
        r#"{ "status":"OK","message":null,"paymentLink":"https:\/\/pay.example\/a","id":00,"#,
        r#""orderAmount":"1234567890123456789.10","fee":0.30,"none":"NA","odd":[1],"flag":true,"#,
        r#""details":{"orderId":"order_1"},"refund":[{"a":1.10},2,{"a":"2.20"}]}"#,
    );
    assert!(Record::decode(body.as_bytes()).is_err(), "00 is no number");
    let body = body.replace(":00", ":885473311000000000001");
    let answer = Record::decode(body.as_bytes()).unwrap();
    assert_eq!(answer.as_str(), body);
    assert_eq!(answer.payment_link().as_deref(), Some("https://pay.example/a"));
    assert_eq!(answer.text("id").as_deref(), Some("885473311000000000001"));
    assert_eq!(answer.text("flag").as_deref(), Some("true"));
    for name in ["message", "odd", "details", "absent"] {
        assert_eq!(answer.text(name), None, "{name}");
    }
    let amount = |name: &str| answer.amount(name).map(|amount| amount.map(|a| a.to_string()));
    assert_eq!(amount("orderAmount"), Ok(Some("1234567890123456789.10".to_owned())));
    assert_eq!(amount("fee"), Ok(Some("0.30".to_owned())));
    assert_eq!([amount("none"), amount("absent"), amount("message")], [Ok(None), Ok(None), Ok(None)]);
    assert_eq!(amount("odd").unwrap_err().path(), "$.odd");
    let rows = answer.records("refund");
    let sum: Amount = rows.iter().map(|row| row.amount("a").unwrap().unwrap()).sum();
    assert_eq!((rows.len(), sum), (2, Amount::from_paise(330)));
    assert_eq!(answer.records("details")[0].text("orderId").as_deref(), Some("order_1"));
    assert_eq!(answer.records("fee"), []);
    assert_eq!(format!("{:?}", answer.records("details")), r#"[Record {"orderId"}]"#);
    assert_eq!(answer.read::<serde_json::Value>().unwrap()["details"]["orderId"], "order_1");
    assert_eq!(answer.names().len(), 11);
}
