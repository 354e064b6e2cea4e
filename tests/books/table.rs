//! The table of ARCHITECTURE.md, row by row: what each ending is to a read, to anything else, and whether it is
//! repeated. A row of the page that is not tried here fails the test, and so does a case without a row.

use std::time::Duration;

use cashfree_pg::{ApiVersion, Cashfree, ErrorKind, Method, RawJson, Response};
use serde_json::json;

use super::Way;
use super::wire::{Act, End, Server};

/// How a row begins, and what ends so.
struct Row {
    ending: &'static str,
    cases: fn() -> Vec<Act>,
}

const WHOLE: &str = r#"{"order_id":"o_1","order_amount":10.5}"#;

fn error(code: &str, kind: &str) -> String {
    json!({ "message": "said the gateway", "code": code, "type": kind }).to_string()
}

const ROWS: &[Row] = &[
    Row { ending: "no connection", cases: Vec::new },
    Row {
        ending: "connection broke, or timed out",
        cases: || vec![Act::Nothing(End::Reset), Act::Nothing(End::Close), Act::Nothing(End::Stall)],
    },
    Row {
        ending: "2xx that can be read",
        cases: || {
            vec![
                Act::answer(200, WHOLE),
                Act::answer(201, format!("[{WHOLE}]")),
                Act::answer(202, format!("\u{feff}{WHOLE}")),
            ]
        },
    },
    Row {
        ending: "2xx about what was asked for",
        cases: || {
            let twice = Act::answer(200, r#"{"order_id":"o_1","order_id":"o_2"}"#);
            vec![Act::answer(200, r#"{"order_id":"o_1","order_amount":"many"}"#), twice]
        },
    },
    Row {
        ending: "2xx, whole JSON without any member",
        cases: || {
            ["{}", "[{}]", "null", "7", r#"{"data":{"order_id":"o_1"}}"#]
                .map(|body| Act::answer(200, body))
                .into()
        },
    },
    Row {
        ending: "2xx whose body is an error's",
        cases: || {
            let older = r#"{"status":"ERROR","subCode":"403","message":"no"}"#;
            vec![
                Act::answer(200, error("order_amount_invalid", "invalid_request_error")),
                Act::answer(200, older),
            ]
        },
    },
    Row {
        ending: "2xx that is cut",
        cases: || {
            let whole = || Act::answer(200, WHOLE);
            vec![
                whole().cut(3, End::Close),
                whole().cut(3, End::Reset),
                // Nothing is missing but what the length promised.
                whole().cut(0, End::Reset),
                Act::answer(200, &WHOLE[..20]),
                Act::answer(200, "<html>sign in</html>"),
                Act::answer(200, ""),
            ]
        },
    },
    Row { ending: "answer longer than the limit", cases: || vec![Act::answer(200, vec![b' '; LIMIT + 1])] },
    Row {
        ending: "429",
        cases: || {
            vec![Act::answer(429, error("rate_limit_exceeded", "rate_limit_error")), Act::answer(429, "")]
        },
    },
    Row {
        ending: "408, a 4xx with the code",
        cases: || {
            vec![
                Act::answer(408, ""),
                Act::answer(400, error("api_request_timeout", "api_error")),
                Act::answer(404, error("api_request_timeout", "api_error")),
                Act::answer(400, r#"{"x":1e400,"code":"api_request_timeout","message":"\ud800"}"#),
                Act::answer(400, error("order_amount_invalid", "invalid_request_error")).cut(80, End::Close),
                Act::answer(400, "<html>Bad Request</html>"),
                Act::answer(400, r#"{"error":{"code":"order_amount_invalid"}}"#),
            ]
        },
    },
    Row {
        ending: "409, 423, 425",
        cases: || {
            vec![
                Act::answer(409, error("order_already_exists", "invalid_request_error")),
                Act::answer(423, ""),
                Act::answer(425, ""),
                Act::answer(422, error("key_reused", "idempotency_error")),
                Act::answer(422, error("key_reused", "IDEMPOTENCY_ERROR")),
                Act::answer(400, error("key_reused", "idempotency_error")),
                Act::answer(422, "<html>no</html>"),
                Act::answer(422, error("key_reused", "idempotency_error")).cut(70, End::Reset),
            ]
        },
    },
    Row {
        ending: "other 4xx",
        cases: || {
            vec![
                Act::answer(400, error("order_amount_invalid", "invalid_request_error")),
                Act::answer(401, error("request_failed", "authentication_error")),
                Act::answer(403, "<html>Forbidden</html>"),
                Act::answer(404, error("order_not_found", "invalid_request_error")),
                Act::answer(413, ""),
                Act::answer(422, error("order_amount_invalid", "invalid_request_error")),
            ]
        },
    },
    Row {
        ending: "500, 502, 503, 504",
        cases: || {
            let bank = Act::answer(502, error("bank_processing_failure", "api_error"));
            vec![Act::answer(500, ""), bank, Act::answer(503, "<html>later</html>"), Act::answer(504, "")]
        },
    },
    Row { ending: "other 5xx", cases: || vec![Act::answer(501, ""), Act::answer(599, "")] },
    Row {
        ending: "1xx or 3xx",
        cases: || {
            [301, 302, 303, 307, 308]
                .map(|status| Act::answer(status, "").with("location", "/pg/elsewhere"))
                .into()
        },
    },
];

/// The longest answer that the clients here read.
pub(crate) const LIMIT: usize = 50_000;

/// The cells of the page's table, row by row.
fn page() -> Vec<Vec<String>> {
    let page = include_str!("../../ARCHITECTURE.md");
    let table = page.split_once("| ending |").expect("the table").1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn kind(cell: &str) -> Option<ErrorKind> {
    [
        ErrorKind::NeverSent,
        ErrorKind::Rejected,
        ErrorKind::RateLimited,
        ErrorKind::OutcomeUnknown,
        ErrorKind::Unanswered,
        ErrorKind::Undecodable,
    ]
    .into_iter()
    .find(|kind| cell == format!("`{kind:?}`"))
}

fn attempts(cell: &str) -> u32 {
    match cell {
        "never" | "–" => 1,
        "always" | "if safe" => 3,
        _ if cell.starts_with("after the wait") => 3,
        other => panic!("what is {other}?"),
    }
}

/// A read, or a change with a key of the caller's own; typed, since a table of bodies needs a type.
async fn call(
    cashfree: &Cashfree,
    reads: bool,
    time: Duration,
) -> Result<Option<String>, cashfree_pg::Error> {
    use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails};
    let api = cashfree.v2025_01_01();
    if reads {
        return api.fetch_order("o_1").timeout(time).await.map(|order| order.into_inner().order_id);
    }
    let amount = cashfree_pg::types::Amount::from_rupees(10);
    let request =
        CreateOrderRequest::new(amount, "INR", CustomerDetails::new("c_1", "9999999999")).order_id("o_1");
    let call = api.create_order(request).idempotency_key("key-1").timeout(time);
    call.await.map(|order| order.into_inner().order_id)
}

async fn check(way: Way, row: &Row, act: Act, cells: &[String]) {
    let what = format!("{way:?}, {}: {act:?}", row.ending).chars().take(300).collect::<String>();
    let stalls = matches!(act, Act::Nothing(End::Stall));
    let server = Server::start(way.is_http2(), move |_| act.clone()).await;
    // The last attempt has what is left of the call's time.
    let (attempt, whole) = if stalls { (300, 2_000) } else { (60_000, 60_000) };
    let retry = super::quick().attempt_timeout(Duration::from_millis(attempt));
    let Some(cashfree) = way.client(&server.url(), retry) else { return };
    let time = Duration::from_millis(whole);
    let (read, change) = (call(&cashfree, true, time), call(&cashfree, false, time));
    let results = match stalls {
        true => tokio::join!(read, change),
        // One by one: over HTTP/2 the end of one's connection is the end of the other's.
        false => (read.await, change.await),
    };
    for (reads, result, cell) in [(true, results.0, &cells[1]), (false, results.1, &cells[2])] {
        match (result, kind(cell)) {
            (Ok(id), None) => assert_eq!((id.as_deref(), cell.as_str()), (Some("o_1"), "success"), "{what}"),
            (Err(error), Some(kind)) => {
                assert_eq!(error.kind(), kind, "{what}, reads: {reads}: {error}");
                assert_eq!(error.meta().attempts(), attempts(&cells[3]), "{what}, reads: {reads}: {error}");
            }
            (result, _) => panic!("{what}, reads: {reads}: {result:?}, and not {cell}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_the_page_holds() {
    let page = page();
    let endings: Vec<&str> = page.iter().map(|cells| cells[0].as_str()).collect();
    assert_eq!(endings.len(), ROWS.len(), "{endings:#?}");
    for (row, cells) in ROWS.iter().zip(&page) {
        assert!(cells[0].starts_with(row.ending), "{} is not {}", cells[0], row.ending);
        for way in Way::ALL {
            for act in (row.cases)() {
                check(*way, row, act, cells).await;
            }
        }
    }
    // Without a server. A client that the user brought may have sent it before, and says no more than that.
    for (way, cells) in [(Way::Http1, &page[0]), (Way::OwnHttp1, &page[1])] {
        let Some(cashfree) = way.client("http://127.0.0.1:1/pg", super::quick()) else { continue };
        for (reads, cell) in [(true, &cells[1]), (false, &cells[2])] {
            let error = call(&cashfree, reads, Duration::from_secs(60)).await.unwrap_err();
            let expected = (kind(cell), attempts(&cells[3]));
            assert_eq!((Some(error.kind()), error.meta().attempts()), expected, "{way:?}, reads: {reads}");
        }
    }
}

/// "If safe" leaves out what has no key and is not known to be safe.
#[tokio::test]
async fn what_is_not_safe_is_not_repeated() {
    let server = Server::start(false, |_| Act::answer(503, "")).await;
    let cashfree = Way::Http1.client(&server.url(), super::quick()).unwrap();
    let version = ApiVersion::new("2025-01-01").unwrap();
    let attempts =
        |result: Result<Response<RawJson>, cashfree_pg::Error>| result.unwrap_err().meta().attempts();
    for (method, expected) in [("GET", 3), ("PUT", 3), ("DELETE", 3), ("POST", 3), ("PATCH", 3), ("LOCK", 1)]
    {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(
            attempts(cashfree.request(version, method.clone(), "/orders").await),
            expected,
            "{method}"
        );
    }
}
