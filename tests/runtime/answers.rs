//! Answers under a 200 that do not say what was asked: nothing is taken for done that nobody said was.

use crate::support::{Reply, Server};
use cashfree_pg::types::{Amount, Body};
use cashfree_pg::v2025_01_01::types::{
    CreateOrderRequest, CreateRefundRequest, CustomerDetails, FetchReconFilters, FetchReconRequest, Order,
    Pagination, Payment, PaymentStatus,
};
use cashfree_pg::{ApiVersion, Cashfree, Error, ErrorKind, Method};

const ERROR: &str = r#"{"message":"bad","code":"order_amount_invalid","type":"invalid_request_error"}"#;
const OLD_ERROR: &str = r#"{"status":"ERROR","subCode":"403","message":"Token is not valid"}"#;

async fn serve(body: &str) -> (Server, Cashfree) {
    let body = body.to_owned();
    let server = Server::start(move |_| Reply::json(200, &body)).await;
    let cashfree = server.client();
    (server, cashfree)
}

async fn create(cashfree: &Cashfree) -> Result<Option<String>, Error> {
    let customer = CustomerDetails::new("c_1", "9999999999");
    let request = CreateOrderRequest::new(Amount::from_rupees(1), "INR", customer);
    cashfree.v2025_01_01().create_order(request).await.map(|order| order.into_inner().order_id)
}

async fn refund(cashfree: &Cashfree) -> Result<(), Error> {
    let request = CreateRefundRequest::new(Amount::from_rupees(1), "refund_1");
    cashfree.v2025_01_01().create_order_refund("o_1", request).await.map(drop)
}

#[tokio::test]
async fn a_change_is_not_done_by_an_answer_that_is_silent_of_it() {
    for body in [
        ERROR,
        OLD_ERROR,
        "{}",
        "[{}]",
        &format!("[{ERROR}]"),
        r#"{"data":{"order_id":"a"}}"#,
        r#"{"status":"OK"}"#,
        r#"["a"]"#,
        "null",
        "true",
        "[]",
        r#"{"lane":1,"lane":2}"#,
    ] {
        let (server, cashfree) = serve(body).await;
        for result in [create(&cashfree).await.map(drop), refund(&cashfree).await] {
            let error = result.expect_err(body);
            assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{body}: {error}");
            assert_eq!(error.raw_body(), Some(body.as_bytes()));
            assert!(!error.is_retryable() && error.status().is_some_and(|status| status == 200));
            assert_eq!(error.code(), (body == ERROR).then_some("order_amount_invalid"));
        }
        assert_eq!(server.seen().len(), 2, "the same comes again however often one asks");
    }
    // What is about the order, and cannot be read: it is there.
    for body in [r#"{"order_id":"o_1","order_amount":"many"}"#, r#"{"order_id":"o_1","order_id":"o_2"}"#] {
        let error = create(&serve(body).await.1).await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{body}");
    }
    for body in [r#"{"order_id":"o_1"}"#, r#"[{"order_id":"o_1"}]"#, "\u{feff}{\"order_id\":\"o_1\"}"] {
        assert_eq!(create(&serve(body).await.1).await.expect(body).as_deref(), Some("o_1"));
    }
}

#[tokio::test]
async fn a_read_says_that_it_read_nothing() {
    for body in ["{}", r#"{"data":{"order_id":"a"}}"#, "[]", r#"{"status":"OK"}"#] {
        let (_server, cashfree) = serve(body).await;
        let error = cashfree.v2025_01_01().fetch_order("o_1").await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{body}: {error}");
    }
    for body in ["[{}]", &format!("[{ERROR}]"), "{}", r#"[{},{"lane":1}]"#] {
        let (_server, cashfree) = serve(body).await;
        let error = cashfree.v2025_01_01().fetch_order_payments("o_1").await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{body}: {error}");
    }
    for body in [ERROR, OLD_ERROR] {
        let (_server, cashfree) = serve(body).await;
        for error in [
            cashfree.v2025_01_01().fetch_order("o_1").await.expect_err(body),
            cashfree.v2025_01_01().fetch_order_payments("o_1").await.expect_err(body),
        ] {
            assert_eq!(error.kind(), ErrorKind::Unanswered, "{body}: {error}");
            assert!(error.api_error().is_some_and(|api| api.message().is_some()), "{body}");
        }
    }
    let (_server, cashfree) = serve(r#"[{"cf_payment_id":1},null]"#).await;
    let error = cashfree.v2025_01_01().fetch_order_payments("o_1").await.unwrap_err();
    assert!(error.to_string().contains("at $[1]: expected an object, found null"), "{error}");
    for (body, payments) in [("[]", 0), (r#"[{"cf_payment_id":1},{}]"#, 2), (r#"{"cf_payment_id":1}"#, 1)] {
        let (_server, cashfree) = serve(body).await;
        assert_eq!(cashfree.v2025_01_01().fetch_order_payments("o_1").await.expect(body).len(), payments);
    }
}

#[tokio::test]
async fn an_error_body_is_no_success_of_an_untyped_request_either() {
    let version = ApiVersion::new("2025-01-01").unwrap();
    for body in [ERROR, OLD_ERROR] {
        let (_server, cashfree) = serve(body).await;
        let request = |method| cashfree.request(version, method, "/orders");
        assert_eq!(request(Method::POST).await.expect_err(body).kind(), ErrorKind::OutcomeUnknown);
        assert_eq!(request(Method::GET).await.expect_err(body).kind(), ErrorKind::Unanswered);
    }
    for body in [r#"{"message":"done","code":"ok"}"#, r#"{"status":"OK","message":"done"}"#, "{}"] {
        let (_server, cashfree) = serve(body).await;
        cashfree.request(version, Method::POST, "/orders").await.expect(body);
    }
    let (_server, cashfree) = serve("\u{feff}{\"a\":1}").await;
    assert_eq!(cashfree.request(version, Method::GET, "/orders").await.unwrap().json()["a"], 1);
}

#[tokio::test]
async fn a_page_in_a_wrapper_is_no_end() {
    for body in [
        r#"{"data":{"cursor":"A","data":[{"event_id":"1"}]}}"#,
        r#"{"data":{"message":"busy"}}"#,
        r#"{"data":[{},{}],"cursor":null}"#,
    ] {
        let (_server, cashfree) = serve(body).await;
        let request = FetchReconRequest::new(
            Pagination::new(10),
            FetchReconFilters::new("2025-01-01T00:00:00+05:30", "2025-01-31T23:59:59+05:30"),
        );
        let mut pages = cashfree.v2025_01_01().fetch_recon(request).pages();
        let error = pages.next().await.expect("an end").expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{body}: {error}");
    }
}

#[test]
fn one_object_in_place_of_a_list_goes_back_as_it_came() {
    use cashfree_pg::types::Payload;
    for body in [r#"{"cf_payment_id":"1","zz":2}"#, r#"[{"cf_payment_id":"1"}]"#, "[]"] {
        let payments = Vec::<Payment>::decode(body.as_bytes()).expect(body);
        assert_eq!(String::from_utf8(payments.to_body().unwrap()).unwrap(), body);
    }
    let mut payments = Vec::<Payment>::decode(br#"{"cf_payment_id":"1"}"#).unwrap();
    payments.push(payments[0].clone());
    assert_eq!(payments.to_body().unwrap(), br#"[{"cf_payment_id":"1"},{"cf_payment_id":"1"}]"#);
}

/// What is somebody's own shows where that is asked for, and what pays never.
#[tokio::test]
async fn an_answer_shows_itself_without_personal_data() {
    let body = r#"{"order_id":"o_1","payment_session_id":"session_MARKED0123456789",
        "customer_details":{"customer_name":"Asha Rao","customer_email":"asha@mail.example","customer_phone":"9876543210"},
        "order_meta":{"return_url":"https://shop.example/thanks?order=o_1"}}"#;
    let (server, cashfree) = serve(body).await;
    let order = cashfree.v2025_01_01().fetch_order("o_1").await.unwrap();
    let shown = format!("{order:?} {:?}", *order);
    for hidden in ["Asha", "asha@", "98765", "session_M", "thanks"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    assert!(shown.contains(r#"order_id: "o_1""#) && shown.contains("[personal]"), "{shown}");

    let asked = server.builder().show_personal_data(true).build().unwrap();
    let order = asked.v2025_01_01().fetch_order("o_1").await.unwrap();
    let shown = format!("{order:?}");
    assert!(shown.contains("Asha Rao") && shown.contains("9876543210"), "{shown}");
    assert!(!shown.contains("session_M"), "{shown}");
    assert!(!format!("{:?}", *order).contains("Asha"), "the value without its response was not asked about");
}

#[tokio::test]
async fn a_reconciliation_is_repeated_and_fails_as_a_read() {
    let server = Server::start(|_| Reply::json(502, "")).await;
    let request = FetchReconRequest::new(
        Pagination::new(10),
        FetchReconFilters::new("2025-01-01T00:00:00+05:30", "2025-01-31T23:59:59+05:30"),
    );
    let error = server.client().v2025_01_01().fetch_recon(request).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable(), error.meta().attempts()), (ErrorKind::Rejected, true, 3));
}

#[tokio::test]
async fn a_member_that_is_always_there_is_given_or_named() {
    let (_server, cashfree) =
        serve(r#"{"order_id":"o_1","order_amount":"1.50","order_status":"PAID","cf_order_id":7}"#).await;
    let order = cashfree.v2025_01_01().fetch_order("o_1").await.unwrap();
    assert_eq!(order.order_id(), Ok("o_1"));
    assert_eq!(order.order_amount(), Ok("1.50".parse::<Amount>().unwrap()));
    assert_eq!(order.cf_order_id().unwrap(), "7");
    let missing = order.payment_session_id().unwrap_err();
    assert_eq!((missing.type_name(), missing.member()), ("Order", "payment_session_id"));
    assert_eq!(missing.to_string(), "Order without payment_session_id");
    // As an error of the call, it keeps what came.
    let error = order.require(|order| order.payment_session_id()).unwrap_err();
    assert_eq!((error.kind(), error.status().map(|s| s.as_u16())), (ErrorKind::Undecodable, Some(200)));
    assert!(error.raw_body().is_some_and(|body| body.starts_with(br#"{"order_id":"o_1""#)));
}

#[test]
fn a_status_knows_its_end() {
    let statuses = PaymentStatus::VARIANTS.iter().cloned().chain([PaymentStatus::from("SOMETHING_NEW")]);
    let ends: Vec<String> = statuses.filter(|s| s.is_final()).map(|s| s.to_string()).collect();
    assert_eq!(ends, ["CANCELLED", "FAILED", "SUCCESS", "USER_DROPPED", "VOID"]);
    let order = |status: &str| Order::decode(format!(r#"{{"order_status":{status}}}"#).as_bytes()).unwrap();
    for (status, end) in [
        (r#""PAID""#, (true, true)),
        (r#""TERMINATED""#, (true, false)),
        // An attempt that began in time may still pay it.
        (r#""EXPIRED""#, (false, false)),
        (r#""ACTIVE""#, (false, false)),
        (r#""PAID_TWICE""#, (false, false)),
        ("null", (false, false)),
        ("7", (false, false)),
    ] {
        let order = order(status);
        assert_eq!((order.is_final(), order.is_success()), end, "{status}");
    }
    for (payment, end) in [
        (r#"{"payment_status":"SUCCESS"}"#, (true, true)),
        (r#"{"payment_status":"SUCCESS","is_captured":true}"#, (true, true)),
        // Blocked, and to be captured or voided.
        (r#"{"payment_status":"SUCCESS","is_captured":false}"#, (false, false)),
        (r#"{"payment_status":"FAILED","is_captured":false}"#, (true, false)),
        (r#"{"payment_status":"VOID","is_captured":false}"#, (true, false)),
    ] {
        let read = Payment::decode(payment.as_bytes()).unwrap();
        assert_eq!((read.is_final(), read.is_success()), end, "{payment}");
    }
}
