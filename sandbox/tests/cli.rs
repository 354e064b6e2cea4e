//! The program: what it prints, how it ends, what it keeps, and what its other commands do.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver as Lines, channel};
use std::time::{Duration, Instant};

use common::{Receiver, order, send};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cashfree-sandbox");
const HEADERS: [(&str, &str); 4] = [
    ("x-client-id", "TEST_CLIENT_ID"),
    ("x-client-secret", "TEST_CLIENT_SECRET"),
    ("x-api-version", "2025-01-01"),
    ("content-type", "application/json"),
];

/// The program, serving; it is killed when it is dropped.
struct Served {
    child: Child,
    lines: Lines<String>,
    base: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let base = loop {
            let line = lines.recv_timeout(Duration::from_secs(20)).expect("a base URL");
            if let Some(at) = line.find("http") {
                let url: String =
                    line[at..].chars().take_while(|c| !c.is_whitespace() && *c != '"').collect();
                break url;
            }
        };
        Self { child, lines, base }
    }

    fn origin(&self) -> &str {
        self.base.trim_end_matches("/pg")
    }

    /// The next line that `wanted` accepts.
    fn line(&self, wanted: impl Fn(&str) -> bool) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(10)).expect("another line");
            if wanted(&line) {
                return line;
            }
        }
    }

    async fn post(&self, path: &str, body: Value) -> common::Answer {
        let url = format!("{}{path}", self.base);
        send("POST", &url, &HEADERS, body.to_string().into_bytes()).await.expect("an answer")
    }

    async fn get(&self, path: &str) -> common::Answer {
        send("GET", &format!("{}{path}", self.base), &HEADERS, Vec::new()).await.expect("an answer")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().expect("run")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A path of its own, with nothing there.
fn file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cashfree-sandbox-{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_and_each_delivery_is_a_line() {
    let hooks = Receiver::start(0).await;
    let served = Served::start(&["--webhook-url", &format!("2023-08-01={}", hooks.url)]);
    let created = served.post("/orders", order("order_1", 5.0)).await.ok();
    let line = served.line(|line| line.contains("PGCreateOrder"));
    assert!(line.contains("200") && line.contains("POST") && line.contains("PGCreateOrder"), "{line}");
    served.post("/orders", order("order_1", 5.0)).await;
    assert!(served.line(|line| line.contains("409")).contains("order_already_exists"));
    let pay = json!({
        "payment_session_id": created["payment_session_id"],
        "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
    });
    served.post("/orders/sessions", pay).await.ok();
    let line = served.line(|line| line.contains("hook"));
    assert!(line.contains("PAYMENT_SUCCESS_WEBHOOK") && line.ends_with(": 200"), "{line}");
    assert_eq!(hooks.wait(1).await[0].header("x-webhook-version"), Some("2023-08-01"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_can_be_json_and_none() {
    let served = Served::start(&["--json"]);
    served.get("/orders/x").await;
    let line: Value = serde_json::from_str(&served.line(|line| line.contains("request"))).expect("JSON");
    assert_eq!(
        (&line["request"]["status"], &line["request"]["code"]),
        (&json!(404), &json!("order_not_found"))
    );
    let quiet = Served::start(&["--quiet"]);
    quiet.line(|line| line.contains("Ctrl-C"));
    quiet.get("/orders/x").await;
    let more = quiet.lines.recv_timeout(Duration::from_millis(300));
    assert!(more.as_ref().map_or(true, String::is_empty), "{more:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_differ_from_run_to_run_unless_a_seed_is_given() {
    let mut ids = Vec::new();
    for arguments in [&[][..], &[], &["--seed", "7"], &["--seed", "7"]] {
        let served = Served::start(arguments);
        let answer = served.post("/orders", order("order_1", 5.0)).await.ok();
        ids.push(answer["cf_order_id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[2], ids[3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_when_it_is_asked_to() {
    for signal in ["-TERM", "-INT"] {
        let mut served = Served::start(&[]);
        served.signal(signal);
        let asked = Instant::now();
        let status = served.child.wait().expect("ended");
        assert!(status.success() && asked.elapsed() < Duration::from_secs(5), "{signal} {status}");
    }
}

#[test]
fn the_environment_is_read_and_nonsense_is_named() {
    let mut command = Command::new(PROGRAM);
    let output = command.arg("serve").env("CASHFREE_SANDBOX_PORT", "nonsense").output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--port"));
    for (arguments, named) in [
        (&["serve", "--webhook-url", "ftp://x"][..], "http://"),
        (&["serve", "--webhook-retries", "soon"], "soon"),
        (&["serve", "--rate-limit", "many"], "published"),
        (&["dance"], "dance"),
        (&[], "serve"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(named), "{arguments:?} {}", said(&output));
    }
    let output = run(&["serve", "--port", "0", "--webhook-version", "1999-01-01"]);
    assert!(!output.status.success() && said(&output).contains("2025-01-01"), "{}", said(&output));
    assert!(said(&run(&["--version"])).starts_with("cashfree-sandbox "));
    for arguments in [&["values"][..], &["help", "values"]] {
        assert!(said(&run(arguments)).contains("testinsufficientfunds"), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_triggered_resent_and_verified_from_the_command_line() {
    let hooks = Receiver::start(0).await;
    let served = Served::start(&["--webhook-url", &hooks.url, "--quiet"]);
    let url = served.origin().to_owned();
    let at = |arguments: &[&str]| run(&[arguments, &["--url", &url]].concat());
    let set = "data.order.order_id=mine";
    let output =
        at(&["trigger", "PAYMENT_FAILED_WEBHOOK", "--set", set, "--set", "data.order.order_amount=12.5"]);
    assert!(output.status.success(), "{}", said(&output));
    let received = hooks.wait(1).await.remove(0);
    assert_eq!(received.json()["data"]["order"]["order_id"], "mine");
    assert_eq!(received.json()["data"]["order"]["order_amount"], 12.5);
    let old = at(&["trigger", "PAYMENT_SUCCESS_WEBHOOK", "--version", "2022-09-01"]);
    assert!(old.status.success(), "{}", said(&old));
    assert_eq!(hooks.wait(2).await[1].header("x-webhook-version"), Some("2022-09-01"));
    assert!(said(&at(&["trigger", "NOTHING"])).contains("PAYMENT_LINK_EVENT"));
    assert!(at(&["resend", "1"]).status.success());
    assert_eq!(hooks.wait(3).await[2].body, received.body);
    assert!(!at(&["resend", "99"]).status.success());
    assert!(said(&run(&["resend", "1", "--url", "http://127.0.0.1:9"])).contains("no sandbox"));

    let body = file("body");
    let verify = |content: &[u8], secret: &str| {
        std::fs::write(&body, content).expect("written");
        let [timestamp, signature] =
            ["x-webhook-timestamp", "x-webhook-signature"].map(|name| received.header(name).expect(name));
        let path = body.to_str().expect("a path");
        run(&["verify", path, "--timestamp", timestamp, "--signature", signature, "--client-secret", secret])
    };
    assert!(verify(&received.body, "TEST_CLIENT_SECRET").status.success());
    assert!(!verify(&received.body, "another").status.success());
    let with_line_end = [received.body.as_slice(), b"\n"].concat();
    assert!(said(&verify(&with_line_end, "TEST_CLIENT_SECRET")).contains("line end"));
    std::fs::remove_file(&body).expect("removed");
    let mut piped = Command::new(PROGRAM)
        .args(["verify", "--timestamp", received.header("x-webhook-timestamp").expect("a timestamp")])
        .args(["--signature", received.header("x-webhook-signature").expect("a signature")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    piped.stdin.take().expect("its input").write_all(&received.body).expect("written");
    let mut printed = String::new();
    piped.stdout.take().expect("its output").read_to_string(&mut printed).expect("text");
    assert!(piped.wait().expect("ended").success() && printed == "valid\n", "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_by_a_kill() {
    let state = file("state");
    let path = state.to_str().expect("a path");
    let mut acknowledged: Vec<Value> = Vec::new();
    for round in 0..4_u64 {
        let mut served = Served::start(&["--state", path, "--quiet"]);
        for created in &acknowledged {
            let id = created["order_id"].as_str().expect("an id");
            let shown = served.get(&format!("/orders/{id}")).await.ok();
            assert_eq!(shown["cf_order_id"], created["cf_order_id"]);
            let payments = served.get(&format!("/orders/{id}/payments")).await.ok();
            assert_eq!(
                payments.as_array().map(Vec::len),
                created["payments"].as_u64().map(|n| n as usize),
                "{id}"
            );
        }
        let base = Arc::new(served.base.clone());
        let written = Arc::new(AtomicU64::new(0));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (base, written) = (Arc::clone(&base), Arc::clone(&written));
                tokio::spawn(async move {
                    let mut created = Vec::new();
                    for number in 0.. {
                        let body = order(&format!("order_{round}_{writer}_{number}"), 5.0);
                        let url = format!("{base}/orders");
                        let Ok(answer) = send("POST", &url, &HEADERS, body.to_string().into_bytes()).await
                        else {
                            break;
                        };
                        let mut order = answer.ok();
                        order["payments"] = json!(0);
                        let body = json!({
                            "payment_session_id": order["payment_session_id"],
                            "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
                        });
                        let url = format!("{base}/orders/sessions");
                        let paid = send("POST", &url, &HEADERS, body.to_string().into_bytes()).await;
                        match paid {
                            Ok(answer) if answer.status == 200 => order["payments"] = json!(1),
                            // It may have been made, and nobody was told.
                            _ => break,
                        }
                        created.push(order);
                        written.fetch_add(1, Ordering::Relaxed);
                    }
                    created
                })
            })
            .collect();
        while written.load(Ordering::Relaxed) < 5 {
            assert!(!writers.iter().all(|writer| writer.is_finished()), "nobody writes");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(70 * round)).await;
        served.child.kill().expect("killed");
        for writer in writers {
            acknowledged.extend(writer.await.expect("no panic"));
        }
    }
    std::fs::remove_file(&state).expect("removed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn https_is_served_by_a_certificate_that_can_be_trusted() {
    let folder = std::env::temp_dir().join(format!("cashfree-sandbox-tls-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let hooks = Receiver::start(0).await;
    let mut authorities = Vec::new();
    for _ in 0..2 {
        let path = folder.to_str().expect("a path");
        let served = Served::start(&["--tls", "--tls-folder", path, "--webhook-url", &hooks.url]);
        let authority = std::fs::read_to_string(folder.join("ca.pem")).expect("an authority");
        let client = trusting(&authority).no_proxy().build().expect("a client");
        let port = served.base.trim_end_matches("/pg").rsplit(':').next().expect("a port");
        for host in ["localhost", "127.0.0.1"] {
            let request = client.get(format!("https://{host}:{port}/pg/orders/x"));
            let answer = HEADERS.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            assert_eq!(answer.send().await.expect("an answer").status(), 404, "{host}");
        }
        // A client that takes it for its proxy finds Cashfree's own hosts there, and no other.
        let proxy = format!("http://127.0.0.1:{port}");
        let proxy = reqwest::Proxy::all(proxy).expect("a proxy");
        let proxied = trusting(&authority).proxy(proxy).build().expect("a client");
        let request = proxied.get("https://sandbox.cashfree.com/pg/orders/x");
        let answer = HEADERS.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        assert_eq!(answer.send().await.expect("an answer").status(), 404);
        proxied.get("https://example.com/").send().await.expect_err("nobody else is there");
        // Webhooks go to https:// as well: to the sandbox itself, which knows nothing of them.
        let url = format!("https://127.0.0.1:{port}/hook");
        let endpoint = json!({"url": url}).to_string();
        let request = client.post(format!("https://127.0.0.1:{port}/_sandbox/endpoints")).body(endpoint);
        assert_eq!(request.send().await.expect("an answer").status(), 200);
        let output = run(&["trigger", "WEBHOOK", "--url", &format!("https://127.0.0.1:{port}")]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(served.line(|line| line.contains("-> https://")).ends_with(": 404"));
        authorities.push(authority);
    }
    assert_eq!(authorities[0], authorities[1], "it is trusted once");
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// A client that trusts this authority and no other.
fn trusting(authority: &str) -> reqwest::ClientBuilder {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("PEM")).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(config)
}
