//! `cashfree-sandbox serve`: the sandbox as a program.

use std::process::ExitCode;

use cashfree_sandbox::{Builder, Sandbox};

const USAGE: &str = "\
usage: cashfree-sandbox serve [options]

  --port PORT               port of 127.0.0.1 (default 8700)
  --webhook-url URL         where webhooks go (http only)
  --webhook-version DATE    version of webhook bodies (default: that of the call)
  --client-id ID            (default TEST_CLIENT_ID)
  --client-secret SECRET    (default TEST_CLIENT_SECRET); also signs webhooks
  --rate-limit N            requests a minute (default 10000)
  --seed N                  same seed, same ids (default 1)";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|one| one == "--help" || one == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let settings = match settings(&arguments) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let sandbox = match settings.start().await {
        Ok(sandbox) => sandbox,
        Err(problem) => {
            eprintln!("cannot listen: {problem}");
            return ExitCode::FAILURE;
        }
    };
    introduce(&sandbox);
    tokio::select! {
        () = sandbox.serve() => ExitCode::FAILURE,
        _ = tokio::signal::ctrl_c() => ExitCode::SUCCESS,
    }
}

fn settings(arguments: &[String]) -> Result<Builder, String> {
    let mut arguments = arguments.iter();
    match arguments.next().map(String::as_str) {
        Some("serve") => {}
        Some(other) => return Err(format!("no such command: {other}")),
        None => return Err("no command".to_owned()),
    }
    let mut builder = Sandbox::builder().port(8700);
    let mut credentials = cashfree_sandbox::Credentials::default();
    while let Some(option) = arguments.next() {
        let (option, inline) = match option.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (option.as_str(), None),
        };
        let value = inline.or_else(|| arguments.next().cloned());
        let value = value.ok_or_else(|| format!("{option} needs a value"))?;
        builder = match option {
            "--port" => builder.port(number(option, &value)?),
            "--webhook-url" if value.starts_with("http://") => builder.webhook_url(value),
            "--webhook-url" => return Err(format!("--webhook-url should begin with http://: {value}")),
            "--webhook-version" => builder.webhook_version(value),
            "--rate-limit" => builder.rate_limit(number(option, &value)?),
            "--seed" => builder.seed(number(option, &value)?),
            "--client-id" => {
                credentials.client_id = value;
                builder
            }
            "--client-secret" => {
                credentials.client_secret = value;
                builder
            }
            _ => return Err(format!("no such option: {option}")),
        };
    }
    Ok(builder.all_credentials(credentials))
}

fn number<T: std::str::FromStr>(option: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{option} should be a number: {value}"))
}

/// How to use what has just started, ready to paste.
fn introduce(sandbox: &Sandbox) {
    let versions: Vec<&str> = cashfree_sandbox::versions().collect();
    let newest = versions.last().copied().unwrap_or_default();
    println!(
        "Cashfree sandbox, API versions {versions}
base URL       {base}
client id      {id}
client secret  {secret}

Create an order:

  curl -s {base}/orders \\
    -H 'x-client-id: {id}' -H 'x-client-secret: {secret}' \\
    -H 'x-api-version: {newest}' -H 'content-type: application/json' \\
    -d '{{\"order_id\":\"order_1\",\"order_amount\":499.50,\"order_currency\":\"INR\",\"customer_details\":{{\"customer_id\":\"c_1\",\"customer_phone\":\"9999999999\"}}}}'

Pay it, with the payment_session_id of the answer:

  curl -s {base}/orders/sessions -H 'x-api-version: {newest}' -H 'content-type: application/json' \\
    -d '{{\"payment_session_id\":\"SESSION\",\"payment_method\":{{\"upi\":{{\"channel\":\"collect\",\"upi_id\":\"testsuccess@gocash\"}}}}}}'

Webhooks so far: curl -s {control}/webhooks
Ctrl-C stops.",
        versions = versions.join(", "),
        base = sandbox.base_url(),
        id = sandbox.client_id(),
        secret = sandbox.client_secret(),
        control = sandbox.control_url(),
    );
}
