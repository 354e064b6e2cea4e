//! Webhooks on their way: receivers that close, several endpoints, keys, retries on the sandbox's clock, and
//! events that are sent on request.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use crate::common::{Merchant, PATIENCE, Receiver, order, send};
use cashfree_sandbox::{Clock, Delivery, Endpoint, Sandbox, sign, verify};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const VERSION: &str = "2025-01-01";

/// A server that answers with these bytes once it has read a request, and closes.
async fn closing(answer: &'static str) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let (sender, came) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !is_whole(&request) {
                match stream.read(&mut piece).await {
                    Ok(count) if count > 0 => request.extend_from_slice(&piece[..count]),
                    _ => break,
                }
            }
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
            let _ = sender.send(String::from_utf8_lossy(&request).into_owned());
        }
    });
    (url, came)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}

#[tokio::test]
async fn a_receiver_that_answers_and_closes_gets_each_event_once() {
    for answer in [
        // Flask, gunicorn; python -m http.server; a server that says nothing of how long its answer is.
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ] {
        let (url, mut came) = closing(answer).await;
        let waits = [Duration::from_millis(20); 3];
        let sandbox =
            Sandbox::builder().webhook_url(url).webhook_retries(waits).start().await.expect("started");
        for number in 0..20 {
            sandbox.deliver("SETTLEMENT_SUCCESS", json!({ "settlement": { "settlement_id": number } }));
        }
        let mut bodies = BTreeSet::new();
        for _ in 0..20 {
            let next = tokio::time::timeout(PATIENCE, came.recv()).await;
            let request = next.expect("another event").expect("a receiver");
            bodies.insert(request.split("\r\n\r\n").last().expect("a body").to_owned());
        }
        assert_eq!(bodies.len(), 20, "{answer:?}");
        for _ in 0..PATIENCE.as_millis() / 10 {
            if sandbox.webhooks().len() >= 20 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Long enough for a retry, if one is due.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(came.try_recv().is_err(), "{answer:?} brought one more");
        let log = sandbox.webhooks();
        assert_eq!(log.len(), 20, "{answer:?}");
        assert!(log.iter().all(|one| one.is_delivered() && one.attempt == 1), "{answer:?} {log:?}");
    }
}

#[tokio::test]
async fn a_receiver_that_closes_without_an_answer_has_not_answered() {
    let (url, mut came) = closing("").await;
    let waits = [Duration::from_millis(20)];
    let sandbox = Sandbox::builder().webhook_url(url).webhook_retries(waits).start().await.expect("started");
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    for _ in 0..2 {
        tokio::time::timeout(PATIENCE, came.recv()).await.expect("an attempt");
    }
    let last = sandbox.wait_for_webhook(PATIENCE, |one| one.attempt == 2).await.expect("booked");
    assert!(last.status.is_none() && last.error.is_some(), "{last:?}");
}

#[tokio::test]
async fn every_event_has_a_key_of_its_own() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let plan = json!({"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 500});
    let body = json!({
        "subscription_id": "s", "plan_details": plan,
        "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
    });
    merchant.post("/subscriptions", body).await.ok();
    let auth = json!({
        "subscription_id": "s", "payment_id": "a", "payment_type": "AUTH",
        "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
    });
    merchant.post("/subscriptions/pay", auth).await.ok();
    for action in ["PAUSE", "ACTIVATE", "PAUSE", "ACTIVATE"] {
        let body = json!({"subscription_id": "s", "action": action});
        merchant.post("/subscriptions/s/manage", body).await.ok();
    }
    let changes =
        sandbox.webhooks().into_iter().filter(|one| one.event_type == "SUBSCRIPTION_STATUS_CHANGED");
    let keys: Vec<Option<String>> = changes.map(|one| one.idempotency_key).collect();
    assert_eq!(keys.len(), 5);
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 5, "{keys:?}");
}

#[tokio::test]
async fn each_endpoint_gets_its_version_and_what_it_asked_for() {
    let (old, new, picky) = (Receiver::start(0).await, Receiver::start(0).await, Receiver::start(0).await);
    let sandbox = Sandbox::builder()
        .endpoint(Endpoint::new(&old.url).version("2022-09-01"))
        .endpoint(Endpoint::new(&new.url).version("2025-01-01"))
        .endpoint(Endpoint::new(&picky.url).events(["REFUND_STATUS_WEBHOOK"]))
        .start()
        .await
        .expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2023-08-01" };
    let created = merchant.order("order_1", 5.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    merchant.post("/orders/order_1/refunds", json!({"refund_id": "r_1", "refund_amount": 1})).await.ok();
    let (old, new, picky) = (old.wait(2).await, new.wait(2).await, picky.wait(1).await);
    for (received, version, number) in [(&old, "2022-09-01", true), (&new, "2025-01-01", false)] {
        let paid = received.iter().find(|one| one.json()["type"] == "PAYMENT_SUCCESS_WEBHOOK").expect("paid");
        assert_eq!(paid.header("x-webhook-version"), Some(version));
        assert_eq!(paid.json()["data"]["payment"]["cf_payment_id"].is_u64(), number, "{version}");
        assert_eq!(paid.header("x-idempotency-key").is_some(), version >= "2025-01-01");
    }
    // The third has no version: it gets that of the call.
    assert_eq!(picky[0].header("x-webhook-version"), Some("2023-08-01"));
    assert_eq!((picky.len(), &picky[0].json()["type"]), (1, &json!("REFUND_STATUS_WEBHOOK")));
}

#[tokio::test]
async fn endpoints_come_and_go_over_http() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::start().await.expect("started");
    let url = format!("{}/endpoints", sandbox.control_url());
    let put = |body: Value| send("POST", &url, &[], body.to_string().into_bytes());
    assert_eq!(put(json!({"url": "nonsense"})).await.expect("an answer").status, 400);
    assert_eq!(put(json!({"url": hooks.url, "version": "1999-01-01"})).await.expect("an answer").status, 400);
    let stranger = put(json!({"url": "https://shop.example/hook"})).await.expect("an answer");
    assert!(stranger.status == 400 && stranger.text.contains("--deliver-anywhere"), "{stranger:?}");
    put(json!({"url": hooks.url, "version": VERSION})).await.expect("an answer").ok();
    let listed = send("GET", &url, &[], Vec::new()).await.expect("a list").ok();
    assert_eq!(listed, json!([{"url": hooks.url, "version": VERSION, "events": []}]));
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    hooks.wait(1).await;
    sandbox.reset();
    assert_eq!(send("GET", &url, &[], Vec::new()).await.expect("a list").ok(), listed, "a setting stays");
    send("DELETE", &url, &[], Vec::new()).await.expect("an answer").ok();
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    assert_eq!(sandbox.webhooks().last().map(|one| one.url.clone()), Some(None));
    assert!(Sandbox::builder().webhook_url("nonsense").start().await.is_err());
    assert!(Sandbox::builder().webhook_version("1999-01-01").start().await.is_err());
}

#[tokio::test]
async fn retries_are_on_the_sandboxs_clock() {
    let hooks = Receiver::start(3).await;
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let minutes = [2, 10, 30].map(|minutes| Duration::from_secs(minutes * 60));
    let sandbox = Sandbox::builder()
        .webhook_url(&hooks.url)
        .webhook_retries(minutes)
        .clock(clock)
        .start()
        .await
        .expect("started");
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    let mut at = 1_700_000_000_000_u64;
    for (attempt, wait) in [(1, 0), (2, 2), (3, 10), (4, 30)] {
        at += wait * 60 * 1000;
        sandbox.advance(Duration::from_secs(wait * 60));
        let booked = sandbox.wait_for_webhook(PATIENCE, |one| one.attempt == attempt).await;
        let booked = booked.expect("an attempt");
        assert_eq!(booked.timestamp, at.to_string());
        assert_eq!(booked.is_delivered(), attempt == 4);
    }
    sandbox.advance(Duration::from_secs(100 * 60));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(sandbox.webhooks().len(), 4);
}

#[tokio::test]
async fn a_webhook_is_sent_again_with_its_key_and_a_new_signature() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::builder().webhook_url(&hooks.url).start().await.expect("started");
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    hooks.wait(1).await;
    let first = sandbox.wait_for_webhook(PATIENCE, |one| one.is_delivered()).await.expect("sent");
    assert!(sandbox.resend(first.id) && !sandbox.resend(999));
    let received = hooks.wait(2).await;
    assert_eq!(received[0].header("x-idempotency-key"), received[1].header("x-idempotency-key"));
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(received[1].header("x-webhook-attempt"), Some("2"));
    let url = format!("{}/webhooks/{}/resend", sandbox.control_url(), first.id);
    send("POST", &url, &[], Vec::new()).await.expect("an answer").ok();
    hooks.wait(3).await;
    let unknown = format!("{}/webhooks/999/resend", sandbox.control_url());
    assert_eq!(send("POST", &unknown, &[], Vec::new()).await.expect("an answer").status, 404);
}

#[tokio::test]
async fn what_was_sent_again_is_not_retried_besides() {
    for failures in [1, 2] {
        let hooks = Receiver::start(failures).await;
        let sandbox = Sandbox::builder()
            .webhook_url(&hooks.url)
            .webhook_retries([60, 60].map(Duration::from_secs))
            .clock(Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000)))
            .start()
            .await
            .expect("started");
        sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
        let attempt = async |number: u32| {
            let booked = sandbox.wait_for_webhook(PATIENCE, |one| one.attempt == number).await;
            booked.expect("an attempt").id
        };
        let id = attempt(1).await;
        sandbox.advance(Duration::from_secs(30));
        assert!(sandbox.resend(id));
        attempt(2).await;
        // The retry of the first attempt would be due now; that of the second one is in half a minute.
        sandbox.advance(Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(sandbox.webhooks().len(), 2, "{failures}");
        sandbox.advance(Duration::from_secs(30));
        if failures == 2 {
            attempt(3).await;
        }
        sandbox.advance(Duration::from_secs(600));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(sandbox.webhooks().len(), failures + 1);
    }
}

/// The path of a state that is not there yet.
fn state(name: &str) -> PathBuf {
    let state = std::env::temp_dir().join(format!("sandbox-{name}-{}", std::process::id()));
    let _ = std::fs::remove_file(&state);
    state
}

#[tokio::test]
async fn a_retry_that_was_on_its_way_when_the_sandbox_ended_is_made_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let (sender, mut came) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        // The first attempt fails, and the others are never answered.
        let mut kept = Vec::new();
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            if number > 0 {
                kept.push(stream);
            }
            let _ = sender.send(());
        }
    });
    let state = state("on-its-way");
    let begin = || async {
        let builder = Sandbox::builder().webhook_url(&url).webhook_retries([Duration::from_millis(20)]);
        builder.state(&state).start().await.expect("started")
    };
    let mut attempt = async || tokio::time::timeout(PATIENCE, came.recv()).await.expect("an attempt");
    let sandbox = begin().await;
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    attempt().await;
    attempt().await;
    Merchant { sandbox: &sandbox, version: VERSION }.order("order_1", 5.0).await;
    drop(sandbox);
    let _sandbox = begin().await;
    attempt().await;
    std::fs::remove_file(&state).expect("removed");
}

#[tokio::test]
async fn a_start_with_other_receivers_sends_nothing_of_before() {
    let (one, other) = (Receiver::start(0).await, Receiver::start(0).await);
    let state = state("receivers");
    let rounds = [vec![], vec![&one.url], vec![&other.url, &one.url], vec![&one.url]];
    for (round, urls) in rounds.into_iter().enumerate() {
        let builder = Sandbox::builder().state(&state);
        let builder = urls.iter().fold(builder, |builder, url| builder.webhook_url(*url));
        let sandbox = builder.start().await.expect("started");
        sandbox.deliver("SETTLEMENT_SUCCESS", json!({ "round": round }));
        for url in urls {
            let arrived = |delivery: &Delivery| {
                let body: Value = serde_json::from_str(&delivery.body).expect("JSON");
                delivery.url.as_ref() == Some(url)
                    && body["data"]["round"] == round
                    && delivery.is_delivered()
            };
            sandbox.wait_for_webhook(PATIENCE, arrived).await.expect("sent");
        }
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    for (receiver, rounds) in [(&one, vec![1, 2, 3]), (&other, vec![2])] {
        let received = receiver.wait(rounds.len()).await;
        let seen: Vec<Value> = received.iter().map(|one| one.json()["data"]["round"].clone()).collect();
        assert_eq!(json!(seen), json!(rounds));
    }
    std::fs::remove_file(&state).expect("removed");
}

#[tokio::test]
async fn an_endpoint_that_was_taken_away_is_back_only_when_it_is_named_anew() {
    let state = state("endpoints");
    let (first, second) = ("http://127.0.0.1:9/first", "http://127.0.0.1:9/second");
    for (named, expected) in [
        (vec![first], json!([first])),
        (vec![first], json!(["http://127.0.0.1:9/added"])),
        (vec![first, second], json!(["http://127.0.0.1:9/added", second])),
        (vec![first], json!(["http://127.0.0.1:9/added"])),
        (vec![], json!(["http://127.0.0.1:9/added"])),
        (vec![first], json!(["http://127.0.0.1:9/added", first])),
    ] {
        let builder = Sandbox::builder().state(&state);
        let builder = named.iter().fold(builder, |builder, url| builder.webhook_url(*url));
        let sandbox = builder.start().await.expect("started");
        let url = format!("{}/endpoints", sandbox.control_url());
        let listed = send("GET", &url, &[], Vec::new()).await.expect("a list").ok();
        let listed: Value = listed.as_array().expect("a list").iter().map(|one| one["url"].clone()).collect();
        assert_eq!(listed, expected, "{named:?}");
        if listed == json!([first]) {
            send("DELETE", &url, &[], Vec::new()).await.expect("an answer").ok();
            let added = json!({"url": "http://127.0.0.1:9/added"}).to_string().into_bytes();
            send("POST", &url, &[], added).await.expect("an answer").ok();
        }
    }
    std::fs::remove_file(&state).expect("removed");
}

#[tokio::test]
async fn every_event_type_can_be_triggered_and_has_the_shape_that_is_declared() {
    let sandbox = Sandbox::start().await.expect("started");
    for version in cashfree_sandbox::versions() {
        for kind in cashfree_sandbox::event_types(version) {
            sandbox.trigger(kind, Some(version), json!({})).expect(kind);
            let sent = sandbox.webhooks().pop().expect("sent");
            assert_eq!((sent.event_type.as_str(), sent.version.as_str()), (kind, version));
            let body: Value = serde_json::from_str(&sent.body).expect("JSON");
            crate::common::schema::event(version, kind, &body).unwrap_or_else(|fault| panic!("{fault}"));
        }
    }
    assert!(sandbox.trigger("NOTHING", None, json!({})).is_err());
}

#[tokio::test]
async fn events_are_triggered_over_http_with_values_of_ones_own() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::builder().webhook_url(&hooks.url).start().await.expect("started");
    let url = format!("{}/trigger", sandbox.control_url());
    let body = json!({
        "type": "PAYMENT_FAILED_WEBHOOK", "version": "2023-08-01",
        "set": {"data.order.order_id": "mine", "data.order.order_amount": 12.5},
    });
    send("POST", &url, &[], body.to_string().into_bytes()).await.expect("an answer").ok();
    let received = hooks.wait(1).await.remove(0);
    let sent = received.json();
    assert_eq!(
        (&sent["data"]["order"]["order_id"], &sent["data"]["order"]["order_amount"]),
        (&json!("mine"), &json!(12.5))
    );
    assert_eq!(sent["data"]["payment"]["payment_status"], "FAILED");
    let timestamp = received.header("x-webhook-timestamp").expect("a timestamp");
    let signature = received.header("x-webhook-signature").expect("a signature");
    assert!(verify(sandbox.client_secret(), timestamp, &received.body, signature));
    let refused = send("POST", &url, &[], json!({"type": "NOTHING"}).to_string().into_bytes()).await;
    assert_eq!(refused.expect("an answer").status, 400);

    let check = |signature: &str| {
        let body = json!({
            "body": String::from_utf8_lossy(&received.body), "timestamp": timestamp, "signature": signature,
        });
        send(
            "POST",
            Box::leak(format!("{}/verify", sandbox.control_url()).into_boxed_str()),
            &[],
            body.to_string().into_bytes(),
        )
    };
    assert_eq!(check(signature).await.expect("an answer").ok(), json!({"valid": true}));
    assert_eq!(
        check(&sign("another", timestamp, &received.body)).await.expect("an answer").ok(),
        json!({"valid": false})
    );
}

#[tokio::test]
async fn a_program_can_wait_for_a_webhook_over_http() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::builder().webhook_url(&hooks.url).start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let url =
        format!("{}/webhooks?type=PAYMENT_SUCCESS_WEBHOOK&delivered=true&wait=25", sandbox.control_url());
    let waiting =
        tokio::spawn(async move { send("GET", &url, &[], Vec::new()).await.expect("an answer").ok() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let created = merchant.post("/orders", order("order_1", 5.0)).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    let found = waiting.await.expect("no panic");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert!(found[0]["body"].as_str().is_some_and(|body| body.contains("order_1")));
}
