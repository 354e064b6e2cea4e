//! `serve`: the sandbox, with settings from the command line or the environment.

use std::path::PathBuf;
use std::time::Duration;

use cashfree_sandbox::{Builder, Endpoint, Sandbox};
use clap::Args;
use serde_json::json;

use super::terminal::Lines;

/// The waits between attempts at a webhook, as Cashfree publishes them.
const PUBLISHED_RETRIES: [u64; 3] = [2 * 60, 10 * 60, 30 * 60];

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Port to listen on; 0 for any
    #[arg(long, value_name = "PORT", env = "CASHFREE_SANDBOX_PORT", default_value_t = 8700)]
    port: u16,
    /// Address to listen on; 0.0.0.0 lets other machines and containers in
    #[arg(long, value_name = "ADDRESS", env = "CASHFREE_SANDBOX_HOST", default_value = "127.0.0.1")]
    host: String,
    /// Where webhooks go; DATE=URL for bodies of one API version; may be given again
    #[arg(long, value_name = "URL", env = "CASHFREE_SANDBOX_WEBHOOK_URL", value_delimiter = ',', value_parser = endpoint)]
    webhook_url: Vec<Endpoint>,
    /// API version of webhook bodies; that of the call without it
    #[arg(long, value_name = "DATE", env = "CASHFREE_SANDBOX_WEBHOOK_VERSION")]
    webhook_version: Option<String>,
    /// Waits between attempts at a webhook, such as 200ms,1s,3s; or `published` for 2, 10 and 30 minutes
    #[arg(long, value_name = "WAITS", env = "CASHFREE_SANDBOX_WEBHOOK_RETRIES", value_parser = waits)]
    webhook_retries: Option<Waits>,
    /// Sends each webhook so often
    #[arg(long, value_name = "N", env = "CASHFREE_SANDBOX_WEBHOOK_COPIES", default_value_t = 1)]
    webhook_copies: u32,
    /// Delivers to any host that an order or a control names, not only to this machine and those beside it
    #[arg(long, env = "CASHFREE_SANDBOX_DELIVER_ANYWHERE")]
    deliver_anywhere: bool,
    /// The merchant's id
    #[arg(long, value_name = "ID", env = "CASHFREE_SANDBOX_CLIENT_ID", default_value = "TEST_CLIENT_ID")]
    client_id: String,
    /// The merchant's secret; it also signs webhooks
    #[arg(
        long,
        value_name = "SECRET",
        env = "CASHFREE_SANDBOX_CLIENT_SECRET",
        hide_env_values = true,
        default_value = "TEST_CLIENT_SECRET"
    )]
    client_secret: String,
    /// Requests a minute; or `published` for those of each operation
    #[arg(long, value_name = "N", env = "CASHFREE_SANDBOX_RATE_LIMIT", value_parser = rate_limit)]
    rate_limit: Option<RateLimit>,
    /// The same seed gives the same ids; a new one each time without it
    #[arg(long, value_name = "N", env = "CASHFREE_SANDBOX_SEED")]
    seed: Option<u64>,
    /// Keeps everything that happens in this file, and begins where it ends
    #[arg(long, value_name = "FILE", env = "CASHFREE_SANDBOX_STATE")]
    state: Option<PathBuf>,
    /// Answers in which the live API breaks its own specification
    #[arg(long, env = "CASHFREE_SANDBOX_QUIRKS")]
    quirks: bool,
    /// Refuses operations that are not imitated, instead of answering an example
    #[arg(long, env = "CASHFREE_SANDBOX_STRICT")]
    strict: bool,
    /// Serves https:// with a certificate of its own making
    #[arg(long, env = "CASHFREE_SANDBOX_TLS")]
    tls: bool,
    /// Where the authority of that certificate is kept; .cashfree-sandbox in the home folder without it
    #[arg(long, value_name = "FOLDER", env = "CASHFREE_SANDBOX_TLS_FOLDER")]
    tls_folder: Option<PathBuf>,
    /// Prints one JSON object a line
    #[arg(long, env = "CASHFREE_SANDBOX_JSON")]
    json: bool,
    /// Prints nothing but how to begin
    #[arg(long, short, env = "CASHFREE_SANDBOX_QUIET", conflicts_with = "json")]
    quiet: bool,
}

#[derive(Debug, Clone)]
struct Waits(Vec<Duration>);

#[derive(Debug, Clone, Copy)]
enum RateLimit {
    Account(u32),
    Published,
}

fn endpoint(text: &str) -> Result<Endpoint, String> {
    let dated = text.split_once('=').filter(|(date, _)| date.len() == 10 && !date.contains(':'));
    let endpoint = match dated {
        Some((date, url)) => Endpoint::new(url).version(date),
        None => Endpoint::new(text),
    };
    match endpoint.url.starts_with("http://") || endpoint.url.starts_with("https://") {
        true => Ok(endpoint),
        false => Err("should begin with http:// or https://".to_owned()),
    }
}

fn waits(text: &str) -> Result<Waits, String> {
    if text == "published" {
        return Ok(Waits(PUBLISHED_RETRIES.map(Duration::from_secs).to_vec()));
    }
    let wait = |part: &str| {
        let part = part.trim();
        let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().map_err(|_| format!("{part:?} is no wait"))?;
        match &part[digits.len()..] {
            "ms" => Ok(Duration::from_millis(number)),
            "s" | "" => Ok(Duration::from_secs(number)),
            "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
            unit => Err(format!("{unit:?} should be ms, s or m")),
        }
    };
    text.split(',').map(wait).collect::<Result<Vec<_>, String>>().map(Waits)
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    match text {
        "published" => Ok(RateLimit::Published),
        number => {
            number.parse().map(RateLimit::Account).map_err(|_| "should be a number, or published".to_owned())
        }
    }
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), String> {
        let lines = match (self.quiet, self.json) {
            (true, _) => Lines::None,
            (false, true) => Lines::Json,
            (false, false) => Lines::Text,
        };
        let ended = asked_to_end()?;
        let folder = self.tls.then(|| self.tls_folder.clone().or_else(home)).flatten();
        let host = self.host.clone();
        let sandbox = self.builder(folder.clone()).observe(move |one| lines.print(one)).start().await;
        let sandbox = sandbox.map_err(|problem| format!("cannot serve {host}: {problem}"))?;
        if lines == Lines::Json {
            println!("{}", json!({ "serving": { "base_url": sandbox.base_url(), "seed": sandbox.seed() } }));
        } else {
            introduce(&sandbox, folder.as_deref());
        }
        tokio::select! {
            () = sandbox.serve() => Err("stopped serving".to_owned()),
            () = ended => Ok(()),
        }
    }

    fn builder(self, tls_folder: Option<PathBuf>) -> Builder {
        let mut builder = Sandbox::builder()
            .port(self.port)
            .host(self.host)
            .credentials(self.client_id, self.client_secret)
            .webhook_copies(self.webhook_copies)
            .deliver_anywhere(self.deliver_anywhere)
            .quirks(self.quirks)
            .strict(self.strict)
            .seed(self.seed.unwrap_or_else(|| u64::from(fastrand::u32(..))));
        for endpoint in self.webhook_url {
            builder = builder.endpoint(endpoint);
        }
        if let Some(version) = self.webhook_version {
            builder = builder.webhook_version(version);
        }
        if let Some(Waits(waits)) = self.webhook_retries {
            builder = builder.webhook_retries(waits);
        }
        builder = match self.rate_limit {
            Some(RateLimit::Account(limit)) => builder.rate_limit(limit),
            Some(RateLimit::Published) => builder.published_rate_limits(),
            None => builder,
        };
        if let Some(file) = self.state {
            builder = builder.state(file);
        }
        if self.tls { builder.tls(tls_folder) } else { builder }
    }
}

/// Where the authority is kept, so that it is trusted once.
fn home() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".cashfree-sandbox"))
}

/// Ctrl-C, or what ends a container. Heard of from now on, so that neither ends it on the way to serving.
#[cfg(unix)]
fn asked_to_end() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| error.to_string());
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn asked_to_end() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// How to use what has just started, ready to paste.
fn introduce(sandbox: &Sandbox, tls_folder: Option<&std::path::Path>) {
    let versions: Vec<&str> = cashfree_sandbox::versions().collect();
    let newest = versions.last().copied().unwrap_or_default();
    let base = sandbox.base_url();
    let page = base.trim_end_matches("pg");
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let trust = match (sandbox.authority(), tls_folder) {
        (Some(_), Some(folder)) => format!("\ntrust          {}", folder.join("ca.pem").display()),
        _ => String::new(),
    };
    let curl = if sandbox.authority().is_some() { "curl -sk" } else { "curl -s" };
    println!(
        "Cashfree sandbox, API versions {versions}
base URL       {base}
client id      {id}
client secret  {secret}
in a browser   {page}
seed           {seed}{trust}

Create an order:

  {curl} {base}/orders \\
    -H 'x-client-id: {id}' -H 'x-client-secret: {secret}' \\
    -H 'x-api-version: {newest}' -H 'content-type: application/json' \\
    -d '{{\"order_id\":\"order_1\",\"order_amount\":499.50,\"order_currency\":\"INR\",\"customer_details\":{{\"customer_id\":\"c_1\",\"customer_phone\":\"9999999999\"}}}}'

Pay it, with the payment_session_id of the answer, or in a browser:

  {curl} {base}/orders/sessions -H 'x-api-version: {newest}' -H 'content-type: application/json' \\
    -d '{{\"payment_session_id\":\"SESSION\",\"payment_method\":{{\"upi\":{{\"channel\":\"collect\",\"upi_id\":\"testsuccess@gocash\"}}}}}}'

Webhooks so far: {curl} {control}/webhooks
Ctrl-C stops.
",
        versions = versions.join(", "),
        seed = sandbox.seed(),
        control = sandbox.control_url(),
    );
}
