//! The first API has its keys in the form, beside what the customer is called: neither shows anywhere, however the
//! server quotes them.

use crate::seen_of;
use crate::support::{Reply, Server, fields, log::Log};
use cashfree_pg::{Credentials, types::Amount};

const APP: &str = "app_MARKED_ID";
const ODD_SECRET: &str = "cfsk_\"MARKED\" & odd";
const CUSTOMER: [&str; 3] = ["Asha Marked Rao", "9876501234", "asha.marked@mail.example"];

fn check(where_: &str, text: &str, app_too: bool) {
    for mark in ["MARKED", "Marked", "marked", "odd", "9876501234"] {
        // `Debug` of credentials has the id: it is no secret, but no answer is to be quoted with it.
        let text = if app_too { text.to_owned() } else { text.replace(APP, "") };
        assert!(!text.contains(mark), "{mark} shows in {where_}: {text}");
    }
}

/// A server that quotes the whole form, as it came and as it was meant.
async fn quoting(status: u16, member: &'static str) -> Server {
    Server::start(move |request| {
        let raw = String::from_utf8_lossy(&request.body).into_owned();
        let plain: Vec<String> = fields(request).into_iter().map(|(n, v)| format!("{n} {v}")).collect();
        let quote = format!("{raw} {}", plain.join(", "));
        let said = if member == "key" { "OK" } else { "ERROR" };
        Reply::json(status, serde_json::json!({ "status": said, member: quote, &quote: 1 }))
    })
    .await
}

/// Makes a call into every kind of answer and returns what an observer saw.
async fn run_all() -> String {
    let log = Log::default();
    for status in [200, 400, 401, 429, 500] {
        for member in ["reason", "error", "message", "key"] {
            let server = quoting(status, member).await;
            let cashfree = server.builder().credentials(Credentials::merchant(APP, ODD_SECRET));
            let cashfree = cashfree.observer(log.clone()).build().unwrap();
            let api = cashfree.legacy();
            check("a client", &format!("{cashfree:?} {api:?}"), false);
            let [name, phone, email] = CUSTOMER;
            let call = api.create_order("order_1", Amount::from_paise(49_950)).customer_name(name);
            let call = call.customer_phone(phone).customer_email(email);
            check("a call", &format!("{call:?} {call:#?}"), true);
            match call.await {
                Ok(answer) => check("an answer", &format!("{answer:?} {answer:#?}"), true),
                Err(error) => {
                    let text = seen_of(&error);
                    check("an error", &text, true);
                    assert!(member == "key" || text.contains("order_1"), "{text}");
                }
            }
            let sent = fields(server.seen().last().unwrap());
            assert!(sent.contains(&("secretKey".to_owned(), ODD_SECRET.to_owned())), "it was in the way");
        }
    }
    log.text()
}

#[tokio::test]
async fn nothing_secret_shows() {
    let observed = run_all().await;
    assert!(observed.contains("/api/v1/order/create") && observed.contains("create_order"));
    check("an observer", &observed, true);
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn nor_in_a_span_or_an_event() {
    let log = Log::default();
    let hearing = log.hear();
    run_all().await;
    drop(hearing);
    let text = log.text();
    assert!(text.contains("/api/v1/order/create") && text.contains("trying again after a wait"), "{text}");
    check("a span or an event", &text, true);
}
