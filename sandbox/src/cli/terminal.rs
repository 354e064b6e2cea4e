//! A line on the terminal for each request and each attempt at a webhook.

use std::io::{IsTerminal as _, Write as _};

use cashfree_sandbox::{Delivery, Happening, RequestRecord};
use serde_json::json;

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    None,
    /// Lines to read.
    Text,
    /// One JSON object a line.
    Json,
}

impl Lines {
    pub(super) fn print(self, happening: Happening<'_>) {
        let line = match (self, happening) {
            (Self::None, _) => return,
            (Self::Text, Happening::Request(one)) => request(one),
            (Self::Text, Happening::Delivery(one)) => delivery(one),
            (Self::Json, Happening::Request(one)) => request_json(one),
            (Self::Json, Happening::Delivery(one)) => delivery_json(one),
            _ => return,
        };
        // Nobody reads any more: there is nobody to tell.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

fn request(one: &RequestRecord) -> String {
    let clock = one.time.get(11..19).unwrap_or("");
    let status = one.status.map_or_else(|| "reset".to_owned(), |status| status.to_string());
    let good = one.status.is_some_and(|status| status < 400);
    let code = one.code.as_deref().map(|code| format!("  {code}")).unwrap_or_default();
    let mut notes = String::new();
    if one.replayed {
        notes += "  (replayed)";
    }
    if one.example {
        notes += "  (an example: nothing is imitated here)";
    }
    format!(
        "{clock}  {}  {:6} {}  {} {}{code}{notes}",
        painted(&format!("{status:5}"), good),
        one.method,
        one.path,
        one.operation,
        one.version
    )
}

fn delivery(one: &Delivery) -> String {
    let url = one.url.as_deref().unwrap_or("nowhere");
    let outcome = match (one.status, &one.error) {
        (Some(status), _) => status.to_string(),
        (None, error) => error.clone().unwrap_or_default(),
    };
    let attempt = if one.attempt > 1 { format!(", attempt {}", one.attempt) } else { String::new() };
    let sign = painted("hook ", one.is_delivered());
    format!("          {sign}  #{} {} -> {url}: {outcome}{attempt}", one.id, one.event_type)
}

/// Green or red, where somebody looks.
fn painted(text: &str, good: bool) -> String {
    match std::io::stdout().is_terminal() {
        true => format!("\x1b[{}m{text}\x1b[0m", if good { 32 } else { 31 }),
        false => text.to_owned(),
    }
}

fn request_json(one: &RequestRecord) -> String {
    json!({ "request": {
        "time": one.time, "method": one.method, "path": one.path, "version": one.version,
        "operation": one.operation, "status": one.status, "code": one.code, "example": one.example,
        "replayed": one.replayed, "request_id": one.request_id, "idempotency_key": one.idempotency_key,
    }})
    .to_string()
}

fn delivery_json(one: &Delivery) -> String {
    json!({ "delivery": {
        "id": one.id, "type": one.event_type, "version": one.version, "url": one.url, "attempt": one.attempt,
        "status": one.status, "error": one.error, "delivered": one.is_delivered(),
    }})
    .to_string()
}
