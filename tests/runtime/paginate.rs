//! Lists that come in pages, over real HTTP: their order, their end, and what happens when something is
//! wrong in the middle.

use std::{
    collections::BTreeSet,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use crate::support::{Reply, Request, Server, encode, refusal};
use cashfree_pg::{
    Call, Error, ErrorKind, Items, Pages, Paginated, RetryPolicy, v2022_09_01, v2023_08_01, v2025_01_01,
    v2025_01_01::{
        operations::FetchRecon,
        types::{FetchReconFilters, FetchReconRequest, Pagination, SettlementFilters, SettlementQuery},
    },
};
use futures_core::{FusedStream, Stream};
use serde_json::{Value, json};

/// A page with entries of these ids.
fn page(cursor: Value, ids: &[&str]) -> Value {
    let data: Vec<Value> = ids.iter().map(|id| json!({ "event_id": id })).collect();
    json!({ "cursor": cursor, "limit": 10, "data": data })
}

fn asked(request: &Request) -> Value {
    request.json()["pagination"]["cursor"].clone()
}

/// A server that gives these answers one after the other, and a refusal after the last.
async fn scripted(replies: impl IntoIterator<Item = Reply>) -> Server {
    let replies: Vec<Reply> = replies.into_iter().collect();
    let replies = Mutex::new(replies.into_iter());
    Server::start(move |_| {
        replies.lock().unwrap().next().unwrap_or_else(|| refusal(400, "test", "asked_too_often"))
    })
    .await
}

async fn pages_of(bodies: impl IntoIterator<Item = Value>) -> Server {
    scripted(bodies.into_iter().map(|body| Reply::json(200, body))).await
}

fn recon(server: &Server) -> Call<FetchRecon> {
    recon_from(server, Pagination::new(10))
}

fn recon_from(server: &Server, pagination: Pagination) -> Call<FetchRecon> {
    let filters = FetchReconFilters::new("2025-01-01T00:00:00+05:30", "2025-01-31T23:59:59+05:30");
    let client = server.builder().retry(RetryPolicy::off()).build().unwrap();
    client.v2025_01_01().fetch_recon(FetchReconRequest::new(pagination, filters))
}

/// Takes what is left of the stream; an error ends it.
async fn ids(items: &mut Items<FetchRecon>) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        ids.push(item?.event_id.unwrap());
    }
    Ok(ids)
}

async fn count(pages: &mut Pages<FetchRecon>) -> usize {
    let mut count = 0;
    while let Some(page) = pages.next().await {
        page.unwrap();
        count += 1;
    }
    count
}

#[tokio::test]
async fn items_come_in_order_and_every_page_is_a_call_of_its_own() {
    let server =
        pages_of([page("c1".into(), &["1", "2"]), page("c2".into(), &["3"]), page(Value::Null, &["4"])])
            .await;
    let call = recon(&server).idempotency_key("only-for-one-request").request_id("only-for-one-request");
    let mut items = call.items();
    assert!(server.seen().is_empty(), "nothing is sent before it is polled");
    assert_eq!(ids(&mut items).await.unwrap(), ["1", "2", "3", "4"]);
    assert!(items.is_terminated() && items.next().await.is_none());

    let seen = server.seen();
    assert_eq!(seen.iter().map(asked).collect::<Vec<_>>(), [Value::Null, "c1".into(), "c2".into()]);
    for name in ["x-idempotency-key", "x-request-id"] {
        let values: BTreeSet<&str> = seen.iter().map(|request| request.header(name)).collect();
        assert_eq!(values.len(), 3, "{name}: {values:?}");
        assert!(!values.contains("only-for-one-request") && !values.contains(""));
    }
    for request in &seen {
        let mut body = request.json();
        body["pagination"].as_object_mut().unwrap().remove("cursor");
        assert_eq!(
            body,
            json!({
                "pagination": { "limit": 10 },
                "filters": { "start_date": "2025-01-01T00:00:00+05:30", "end_date": "2025-01-31T23:59:59+05:30" },
            })
        );
    }
}

#[tokio::test]
async fn every_way_to_write_the_end_is_the_end() {
    let mut absent = page(Value::Null, &["2"]);
    absent.as_object_mut().unwrap().remove("cursor");
    let ends = [
        ("null cursor", page(Value::Null, &["2"]), vec!["1", "2"]),
        ("empty cursor", page("".into(), &["2"]), vec!["1", "2"]),
        ("absent cursor", absent, vec!["1", "2"]),
        ("no data and a new cursor", page("c2".into(), &[]), vec!["1"]),
        ("no data and the same cursor", page("c1".into(), &[]), vec!["1"]),
        ("null data", json!({ "cursor": null, "data": null, "limit": 10 }), vec!["1"]),
        ("absent data", json!({ "cursor": null, "limit": 10 }), vec!["1"]),
    ];
    for (name, end, expected) in ends {
        let bodies = [page("c1".into(), &["1"]), end];
        let server = pages_of(bodies.clone()).await;
        assert_eq!(ids(&mut recon(&server).items()).await.unwrap(), expected, "{name}");
        assert_eq!(server.seen().len(), 2, "{name}");

        // The last page is handed out, and the place is where it came from.
        let server = pages_of(bodies).await;
        let mut pages = recon(&server).pages();
        assert_eq!(count(&mut pages).await, 2, "{name}");
        assert_eq!(pages.cursor(), Some("c1"), "{name}");
        assert!(pages.is_terminated() && pages.next().await.is_none(), "{name}");
        assert_eq!(server.seen().len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_cursor_that_was_used_before_is_an_error_and_no_loop() {
    let first = || page("c1".into(), &["1"]);
    let stories = [
        ("the same at once", vec![first(), page("c1".into(), &["2"])], vec!["1"]),
        ("a circle", vec![first(), page("c2".into(), &["2"]), page("c1".into(), &["3"])], vec!["1", "2"]),
    ];
    for (name, bodies, expected) in stories {
        let requests = bodies.len();
        let server = pages_of(bodies).await;
        let mut items = recon(&server).items();
        let mut got = Vec::new();
        let error = loop {
            match items.next().await.unwrap() {
                Ok(item) => got.push(item.event_id.unwrap()),
                Err(error) => break error,
            }
        };
        assert_eq!(got, expected, "{name}");
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{name}");
        assert_eq!(error.decode_error().unwrap().path(), "$.cursor", "{name}");
        assert!(!error.is_retryable(), "{name}");
        // What the page held is not lost.
        let body: Value = serde_json::from_slice(error.raw_body().unwrap()).unwrap();
        assert_eq!(body["cursor"], "c1", "{name}");
        assert_eq!(server.seen().len(), requests, "{name}");
    }

    // A cursor that the stream was begun with counts as used.
    let server = pages_of([page("stored".into(), &["1"])]).await;
    let pagination = Pagination::new(10).cursor("stored");
    let error = ids(&mut recon_from(&server, pagination).items()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
}

#[tokio::test]
async fn after_an_error_the_same_page_is_asked_for_again() {
    let server = scripted([
        Reply::json(200, page("c1".into(), &["1", "2"])),
        refusal(500, "api_error", "internal_error"),
        Reply::Reset(Vec::new()),
        refusal(429, "rate_limit_error", "too_many_requests"),
        Reply::json(200, json!({ "cursor": "c1", "data": "maintenance" })),
        Reply::json(200, page("c2".into(), &["3"])),
        Reply::json(200, page(Value::Null, &["4"])),
    ])
    .await;
    let mut items = recon(&server).items();
    let (mut got, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => got.push(item.event_id.unwrap()),
            Err(error) => {
                assert_eq!(items.cursor(), Some("c1"));
                assert!(!items.is_terminated());
                errors.push(error.kind());
            }
        }
    }
    assert_eq!(got, ["1", "2", "3", "4"]);
    assert_eq!(
        errors,
        [ErrorKind::Rejected, ErrorKind::Unanswered, ErrorKind::RateLimited, ErrorKind::Undecodable]
    );
    let seen = server.seen();
    let asked: Vec<Value> = seen.iter().map(asked).collect();
    assert_eq!(
        asked,
        [json!(null), json!("c1"), json!("c1"), json!("c1"), json!("c1"), json!("c1"), json!("c2")]
    );
    let keys: BTreeSet<&str> = seen.iter().map(|request| request.header("x-idempotency-key")).collect();
    assert_eq!(keys.len(), seen.len(), "an answer that failed is not replayed");
}

#[tokio::test]
async fn a_page_keeps_the_calls_own_retries_and_timeout() {
    let server = scripted([
        refusal(500, "api_error", "internal_error"),
        Reply::json(200, page("c1".into(), &["1"])),
        Reply::Stall(Vec::new()),
        Reply::json(200, page(Value::Null, &["2"])),
    ])
    .await;
    let mut pages =
        recon(&server).retry(crate::support::quick_retries()).timeout(Duration::from_secs(1)).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.meta().attempts(), 2);
    assert!(pages.next().await.unwrap().unwrap_err().is_timeout());
    // The time that is up was that page's own.
    let last = pages.next().await.unwrap().unwrap();
    assert_eq!(last.data.as_ref().unwrap()[0].event_id.as_deref(), Some("2"));
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_request_that_breaks_a_limit_is_not_sent() {
    let server = pages_of([]).await;
    let filters = FetchReconFilters::new("2025-01-01", "2025-01-31");
    let mut request = FetchReconRequest::new(Pagination::new(10), filters);
    request.filters = None;
    let mut pages = server.client().v2025_01_01().fetch_recon(request).pages();
    for _ in 0..2 {
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.invalid().unwrap().violations()[0].member(), "filters");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_place_can_be_stored_and_resumed_from() {
    let all = |request: &Request| {
        Reply::json(
            200,
            match asked(request).as_str() {
                None => page("c1".into(), &["1", "2"]),
                Some("c1") => page("c2".into(), &["3", "4"]),
                Some("c2") => page(Value::Null, &["5"]),
                Some(_) => return refusal(400, "invalid_request_error", "cursor_invalid"),
            },
        )
    };
    let server = Server::start(all).await;
    // Wherever it stops, what comes after is what was left, and what is given twice is of one page.
    let rest = [
        (None, vec!["1", "2", "3", "4", "5"]),
        (None, vec!["1", "2", "3", "4", "5"]),
        (Some("c1"), vec!["3", "4", "5"]),
        (Some("c1"), vec!["3", "4", "5"]),
        (Some("c2"), vec!["5"]),
        (Some("c2"), vec!["5"]),
    ];
    for (taken, (place, expected)) in rest.into_iter().enumerate() {
        let mut items = recon(&server).items();
        for _ in 0..taken {
            items.next().await.unwrap().unwrap();
        }
        assert_eq!(items.cursor(), place, "after {taken}");
        let mut pagination = Pagination::new(10);
        if let Some(place) = items.cursor() {
            pagination = pagination.cursor(place);
        }
        drop(items);
        let mut resumed = recon_from(&server, pagination).items();
        assert_eq!(resumed.cursor(), place, "a stream begins at the cursor of its request");
        assert_eq!(ids(&mut resumed).await.unwrap(), expected, "after {taken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_dropped_sends_nothing_more_and_one_page_is_asked_for_at_a_time() {
    let under_way = Arc::new(Mutex::new((0_usize, 0_usize)));
    let server = Server::start({
        let under_way = under_way.clone();
        move |request| {
            {
                let mut under_way = under_way.lock().unwrap();
                under_way.0 += 1;
                under_way.1 = under_way.1.max(under_way.0);
            }
            std::thread::sleep(Duration::from_millis(20));
            under_way.lock().unwrap().0 -= 1;
            let next = asked(request).as_str().map_or(1, |cursor| cursor.parse::<u32>().unwrap() + 1);
            Reply::json(200, page(next.to_string().into(), &["a", "b"]))
        }
    })
    .await;
    let mut items = recon(&server).items();
    for _ in 0..5 {
        items.next().await.unwrap().unwrap();
    }
    drop(items);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.seen().len(), 3, "two entries a page, five taken");
    assert_eq!(under_way.lock().unwrap().1, 1);

    let mut pages = recon(&server).pages();
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.seen().len(), 4, "nothing is fetched ahead");
}

#[tokio::test]
async fn dropping_a_wait_for_the_next_page_keeps_the_request() {
    let server = pages_of([page(Value::Null, &["1"])]).await;
    let mut pages = recon(&server).pages();
    let mut dropped = 0;
    let first = loop {
        // One poll, and the future is gone.
        match poll_fn(|cx| Poll::Ready(pin!(pages.next()).poll(cx))).await {
            Poll::Ready(page) => break page,
            Poll::Pending => dropped += 1,
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    assert!(dropped > 0);
    first.unwrap().unwrap();
    assert!(pages.next().await.is_none());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn dropping_the_stream_ends_the_request_that_is_under_way() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let mut pages = recon(&server).pages();
    while server.seen().is_empty() {
        assert!(tokio::time::timeout(Duration::from_millis(5), pages.next()).await.is_err());
    }
    assert_eq!(server.abandoned(), 0);
    drop(pages);
    let left = async {
        while server.abandoned() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), left).await.expect("the connection is given up");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_no_page_is_never_taken_for_the_end() {
    let answers = [
        ("$.data", json!({ "cursor": null, "data": "none" })),
        ("$.data", json!({ "cursor": null, "data": [{ "event_id": "1" }, 7] })),
        ("$.cursor", json!({ "cursor": { "next": "c1" }, "data": [{ "event_id": "1" }] })),
        ("$", json!({ "event_id": "1", "event_amount": 10 })),
        ("$", json!({})),
        ("$.data", json!({ "cursor": "A", "limit": 10 })),
    ];
    for (path, body) in answers {
        let server = pages_of([body.clone()]).await;
        let error = recon(&server).pages().next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{body}");
        assert_eq!(error.decode_error().unwrap().path(), path, "{body}");
        assert_eq!(serde_json::from_slice::<Value>(error.raw_body().unwrap()).unwrap(), body);
    }

    // Cut in the middle: the rest may come with the next try.
    let whole = encode(&Reply::json(200, page(Value::Null, &["1", "2"])));
    let server = scripted([
        Reply::Close(whole[..whole.len() - 5].to_vec()),
        Reply::json(200, page(Value::Null, &["1", "2"])),
    ])
    .await;
    let mut items = recon(&server).items();
    assert_eq!(items.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unanswered);
    assert_eq!(ids(&mut items).await.unwrap(), ["1", "2"]);
}

/// Amounts and long cursors go through unchanged.
#[tokio::test]
async fn cursors_are_sent_back_as_they_came() {
    let cursor = r#"eyJ+/="\\ \u0905 अ 🙂"#;
    let server =
        pages_of([page(cursor.into(), &["1"]), page(12345.into(), &["2"]), page(Value::Null, &["3"])]).await;
    assert_eq!(ids(&mut recon(&server).items()).await.unwrap().len(), 3);
    let asked: Vec<Value> = server.seen().iter().map(asked).collect();
    assert_eq!(asked, [Value::Null, cursor.into(), "12345".into()]);
}

/// What a stream of the `futures` crate has to be: it can be named, moved between threads and polled.
#[tokio::test]
async fn they_are_streams() {
    fn named<S: Stream<Item = Result<T, Error>> + FusedStream + Unpin + Send + 'static, T>(stream: S) -> S {
        stream
    }
    let server = pages_of([page("c1".into(), &["1"]), page(Value::Null, &["2"])]).await;
    drop(named(recon(&server).pages()));
    let mut items = named(recon(&server).items());
    let task = tokio::spawn(async move {
        let mut ids = Vec::new();
        while let Some(item) = poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
            ids.push(item.unwrap().event_id.unwrap());
        }
        ids
    });
    assert_eq!(task.await.unwrap(), ["1", "2"]);
}

/// Settlements are published as a page by one version only; all of them answer with pages.
#[tokio::test]
async fn settlements_come_in_pages_in_every_version() {
    let server = pages_of([
        json!({ "cursor": "c1", "limit": 1, "data": [{ "cf_settlement_id": 1, "settlement_amount": 10.1 }] }),
        json!({ "cursor": null, "limit": 1, "data": [{ "cf_settlement_id": "2", "unheard_of": true }] }),
        json!({ "cf_settlement_id": "3", "settlement_amount": 1 }),
    ])
    .await;
    let request = || SettlementQuery::new(Pagination::new(1), SettlementFilters::new());
    let api = server.client().v2025_01_01();
    let mut items = api.fetch_settlements(request()).items();
    let first = items.next().await.unwrap().unwrap();
    assert_eq!(first.cf_settlement_id.unwrap().as_str(), "1");
    assert_eq!(first.settlement_amount.unwrap().to_string(), "10.1");
    assert_eq!(items.next().await.unwrap().unwrap().unlisted().get("unheard_of"), Some(true.into()));
    assert!(items.next().await.is_none());

    let error = api.fetch_settlements(request()).items().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable, "one settlement is no page and no end");
}

/// That this compiles is the test: the operations with a cursor of every version.
#[test]
fn every_operation_with_a_cursor_is_paginated() {
    fn paginated<O: Paginated>() {}
    paginated::<v2022_09_01::operations::FetchRecon>();
    paginated::<v2022_09_01::operations::FetchSettlementRecon>();
    paginated::<v2022_09_01::operations::FetchSettlements>();
    paginated::<v2023_08_01::operations::FetchRecon>();
    paginated::<v2023_08_01::operations::FetchSettlementRecon>();
    paginated::<v2023_08_01::operations::FetchSettlements>();
    paginated::<v2023_08_01::operations::FetchVendorRecon>();
    paginated::<v2023_08_01::operations::FetchVendorOrderRecon>();
    paginated::<v2025_01_01::operations::FetchRecon>();
    paginated::<v2025_01_01::operations::FetchSettlementRecon>();
    paginated::<v2025_01_01::operations::FetchSettlements>();
    paginated::<v2025_01_01::operations::FetchVendorRecon>();
    paginated::<v2025_01_01::operations::FetchVendorOrderRecon>();
}

/// A version that is imported later has its pages found by their shape.
#[test]
fn pages_are_found_by_their_shape() {
    let spec = |answer: Value| {
        let object = |properties: Value| json!({ "type": "object", "properties": properties });
        let pagination = object(json!({ "limit": { "type": "integer" }, "cursor": { "type": "string" } }));
        json!({
            "openapi": "3.0.0",
            "info": { "title": "later", "version": "2030-01-01" },
            "paths": { "/things": { "post": {
                "operationId": "PGListThings",
                "requestBody": { "content": { "application/json": {
                    "schema": object(json!({ "pagination": pagination })) } } },
                "responses": { "200": { "description": "things", "content": { "application/json": {
                    "schema": object(answer) } } } },
            } } },
        })
    };
    let emits = |answer: Value| {
        let code = cashfree_codegen::generate(&spec(answer), "2030-01-01").unwrap().code;
        let documented = code.contains("[`items`](crate::Call::items)");
        assert_eq!(code.contains("impl crate::Paginated for ListThings"), documented);
        documented
    };
    let cursor = json!({ "type": "string" });
    let things = json!({ "type": "array", "items": { "type": "string" } });
    assert!(emits(json!({ "cursor": cursor, "data": things })));
    assert!(!emits(json!({ "data": things })));
    assert!(!emits(json!({ "cursor": cursor, "things": things })));
    assert!(!emits(json!({ "cursor": cursor, "data": cursor })));
    assert!(!emits(json!({ "cursor": { "type": "boolean" }, "data": things })));
}
