//! The README's examples, as they are written there but for the port.

use std::io::Write as _;
use std::process::{Command, Stdio};

use cashfree_sandbox::Sandbox;

const README: &str = include_str!("../README.md");

/// The blocks of code in a language.
fn blocks(language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let blocks = README.split(&opening).skip(1);
    blocks.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

/// Runs a program over its standard input; nothing where it is not installed.
async fn run(program: &str, arguments: &[&str], source: String) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(_) => {
            println!("no {program} here: its example is not run");
            return None;
        }
    };
    child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("written");
    let waited = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("no panic");
    let output = waited.expect("it ran");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program}: {said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

async fn here(source: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::builder().start().await.expect("started");
    let root = sandbox.base_url().trim_end_matches("/pg");
    let source = source.replace("http://127.0.0.1:8700", root);
    (sandbox, source)
}

#[tokio::test]
async fn the_payment_by_curl_is_refunded_and_told() {
    let example = blocks("sh").into_iter().find(|block| block.contains("curl")).expect("an example");
    let (sandbox, source) = here(&example).await;
    if run("curl", &["--version"], String::new()).await.is_none() {
        return;
    }
    let Some(said) = run("bash", &["-eu"], source).await else { return };
    assert!(said.contains("PAYMENT_SUCCESS_WEBHOOK") && said.contains("REFUND_STATUS_WEBHOOK"), "{said}");
    assert!(sandbox.requests().iter().all(|one| one.status == Some(200)));
}

#[tokio::test]
async fn the_payment_by_python_fails_as_it_should() {
    let [example] = &blocks("python")[..] else { panic!("one example") };
    let (_sandbox, source) = here(example).await;
    let Some(said) = run("python3", &["-"], source).await else { return };
    assert!(said.contains("INSUFFICIENT_FUNDS"), "{said}");
}

#[tokio::test]
async fn the_payment_by_node_is_settled() {
    let [example] = &blocks("js")[..] else { panic!("one example") };
    let (_sandbox, source) = here(example).await;
    let Some(said) = run("node", &["-"], source).await else { return };
    assert!(said.contains("settlement_id"), "{said}");
}
