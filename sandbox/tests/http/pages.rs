//! The pages: what a browser is served, what the pages ask for, and what headless Chromium makes of them where
//! it is installed. `tests/browser/pages.mjs` clicks through all of them.

use std::process::Command;

use crate::common::{Merchant, send};
use cashfree_sandbox::Sandbox;
use serde_json::json;

const VERSION: &str = "2025-01-01";
const ASKS_FOR_JSON: [(&str, &str); 1] = [("accept", "application/json")];

fn root(sandbox: &Sandbox) -> &str {
    sandbox.base_url().trim_end_matches("/pg")
}

async fn get(sandbox: &Sandbox, path: &str, headers: &[(&str, &str)]) -> crate::common::Answer {
    let url = format!("{}{path}", root(sandbox));
    send("GET", &url, headers, Vec::new()).await.expect("an answer")
}

#[tokio::test]
async fn every_file_that_a_page_names_is_served() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let order = merchant.order("o_1", 250.5).await;
    let session = order["payment_session_id"].as_str().expect("a session");
    for page in ["/".to_owned(), format!("/_sandbox/checkout/{session}")] {
        let answer = get(&sandbox, &page, &[]).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.header("content-type").is_some_and(|media| media.starts_with("text/html")), "{page}");
        let named = answer.text.split('"').filter(|text| text.starts_with("/_sandbox/files/"));
        let named: Vec<&str> = named.collect();
        assert!(named.len() >= 2, "{page}: {named:?}");
        for file in named {
            assert_eq!(get(&sandbox, file, &[]).await.status, 200, "{file}");
        }
    }
    assert_eq!(get(&sandbox, "/_sandbox/cashfree.js", &[]).await.status, 200);
    for missing in ["/_sandbox/files/none.js", "/_sandbox/checkout/session_none", "/_sandbox/pay/none"] {
        assert_eq!(get(&sandbox, missing, &[]).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn a_page_learns_what_it_shows() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let order = merchant.order("o_1", 250.5).await;
    let session = order["payment_session_id"].as_str().expect("a session");
    let seen = get(&sandbox, &format!("/_sandbox/checkout/{session}"), &ASKS_FOR_JSON).await.json();
    assert_eq!((&seen["order_id"], &seen["is_payable"]), (&json!("o_1"), &json!(true)));
    merchant.pay(&order, "testsuccess@gocash").await;
    let seen = get(&sandbox, &format!("/_sandbox/checkout/{session}"), &ASKS_FOR_JSON).await.json();
    assert_eq!((&seen["order_status"], &seen["is_payable"]), (&json!("PAID"), &json!(false)));
    let world = get(&sandbox, "/_sandbox/world", &[]).await.json();
    assert_eq!(world["orders"][0]["order_id"], "o_1");
    assert_eq!(world["orders"][0]["payments"][0]["payment_status"], "SUCCESS");
}

#[tokio::test]
async fn no_page_but_the_sandboxs_own_changes_anything() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let order = merchant.order("o_1", 250.5).await;
    let payment = merchant.pay(&order, "someone@bank").await;
    let (pay, own) = (format!("/_sandbox/pay/{payment}?status=SUCCESS"), root(&sandbox).to_owned());
    let post = async |path: &str, headers: &[(&str, &str)], body: serde_json::Value| {
        let url = format!("{own}{path}");
        send("POST", &url, headers, body.to_string().into_bytes()).await.expect("an answer").status
    };
    let strangers = [
        [("origin", "https://shop.example"), ("content-type", "text/plain")],
        [("origin", "http://localhost:3000"), ("content-type", "text/plain")],
        [("origin", "null"), ("content-type", "text/plain")],
        [("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
        [("origin", own.as_str()), ("sec-fetch-site", "same-site")],
    ];
    for headers in &strangers {
        assert_eq!(post(&pay, headers, json!({})).await, 403, "{headers:?}");
        let endpoint = json!({"url": "http://127.0.0.1:9/hook"});
        assert_eq!(post("/_sandbox/endpoints", headers, endpoint).await, 403, "{headers:?}");
        assert_eq!(post("/_sandbox/clock", headers, json!({"advance_seconds": 5})).await, 403, "{headers:?}");
        let url = format!("{own}/_sandbox/state");
        assert_eq!(send("DELETE", &url, headers, Vec::new()).await.expect("an answer").status, 403);
    }
    // To look is to change nothing, and a shop's page sends its payers here.
    for (accept, page) in [("text/html", format!("{own}/")), ("application/json", own.clone())] {
        let headers = [("accept", accept), ("origin", page.as_str()), ("sec-fetch-site", "cross-site")];
        assert_eq!(get(&sandbox, &pay, &headers).await.status, 200);
    }
    assert_eq!(merchant.get("/orders/o_1").await.ok()["order_status"], "ACTIVE", "nobody has paid");
    let other = [("origin", "http://elsewhere"), ("sec-fetch-site", "same-origin")];
    assert_eq!(post("/_sandbox/clock", &other, json!({"advance_seconds": 5})).await, 200, "through a proxy");
    assert_eq!(post(&pay, &[("origin", own.as_str())], json!({})).await, 200);
    assert_eq!(merchant.get("/orders/o_1").await.ok()["order_status"], "PAID");
}

/// The page after its scripts have run, or nothing where there is no Chromium.
fn rendered(url: &str) -> Option<String> {
    let profile = std::env::temp_dir().join(format!("cashfree-sandbox-{}-{}", std::process::id(), url.len()));
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--virtual-time-budget=5000", "--dump-dom", url])
        .output()
        .ok()?;
    let _ = std::fs::remove_dir_all(profile);
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_what_there_is() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let order = merchant.order("o_1", 250.5).await;
    let session = order["payment_session_id"].as_str().expect("a session");
    let checkout = format!("{}/_sandbox/checkout/{session}", root(&sandbox));
    let Some(page) = rendered(&checkout) else {
        println!("no chromium here: the pages are not looked at");
        return;
    };
    assert!(page.contains("Pay ₹250.50") && page.contains("o_1"), "{page}");
    merchant.pay(&order, "testsuccess@gocash").await;
    let page = rendered(&checkout).expect("it was there");
    assert!(page.contains("This order is paid.") && !page.contains("Pay ₹"), "{page}");
    let dashboard = rendered(&format!("{}/", root(&sandbox))).expect("it was there");
    assert!(dashboard.contains("o_1") && dashboard.contains("PAID"), "{dashboard}");
}
