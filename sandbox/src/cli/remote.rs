//! Commands that talk to a running sandbox.

use clap::Args;
use serde_json::{Map, Value, json};

/// Where the sandbox is.
#[derive(Debug, Args)]
struct Running {
    /// The address of the running sandbox
    #[arg(long, value_name = "URL", env = "CASHFREE_SANDBOX_URL", default_value = "http://127.0.0.1:8700")]
    url: String,
}

impl Running {
    async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}/_sandbox/{path}", self.url.trim_end_matches('/'));
        let client = reqwest::Client::builder()
            .no_proxy()
            // The sandbox's certificate is of its own making.
            .tls_danger_accept_invalid_certs(true)
            .build()
            .map_err(|error| error.to_string())?;
        let request = client.post(&url).header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.map_err(|_| format!("there is no sandbox at {}", self.url))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        match status.is_success() {
            true => Ok(answer),
            false => Err(answer["message"].as_str().unwrap_or(&text).trim().to_owned()),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Trigger {
    /// The event's type, such as PAYMENT_SUCCESS_WEBHOOK
    #[arg(value_name = "TYPE")]
    kind: String,
    /// Sets a member of the body: data.order.order_id=order_1; may be given again
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<(String, Value)>,
    /// The API version of the body; the newest without it
    #[arg(long, value_name = "DATE")]
    version: Option<String>,
    #[command(flatten)]
    running: Running,
}

/// A value is JSON where it can be read as such, and text where not.
fn assignment(text: &str) -> Result<(String, Value), String> {
    let (path, value) = text.split_once('=').ok_or("should be PATH=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((path.to_owned(), value))
}

impl Trigger {
    pub(super) async fn run(self) -> Result<(), String> {
        let set: Map<String, Value> = self.set.into_iter().collect();
        let body = json!({ "type": self.kind, "version": self.version, "set": set });
        self.running.post("trigger", &body).await?;
        println!("sent {}", self.kind);
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Resend {
    /// The id of the webhook, as the sandbox prints and lists it
    id: u64,
    #[command(flatten)]
    running: Running,
}

impl Resend {
    pub(super) async fn run(self) -> Result<(), String> {
        self.running.post(&format!("webhooks/{}/resend", self.id), &json!({})).await?;
        println!("sent {} again", self.id);
        Ok(())
    }
}
