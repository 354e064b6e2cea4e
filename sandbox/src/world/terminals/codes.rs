//! QR codes that stand on a counter: made in stock, then given to a terminal.

use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::call::{Call, text};
use crate::world::{World, qr};

/// The most that are made at once.
const MOST: u64 = 100;

/// A UPI id with its code.
#[derive(Debug)]
pub(crate) struct StaticCode {
    vpa: String,
    terminal: Option<usize>,
}

impl StaticCode {
    fn status(&self) -> &'static str {
        if self.terminal.is_some() { "ACTIVE" } else { "INACTIVE" }
    }

    fn intent(&self) -> String {
        format!("upi://pay?pa={}", self.vpa)
    }
}

impl World {
    pub(crate) fn create_codes(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let count = text(&call.body["vpa_count"]).and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
        if !(1..=MOST).contains(&count) {
            let rule = format!("should be 1 to {MOST}");
            return Err(Problem::member("vpa_count", &rule, &call.body["vpa_count"]));
        }
        let first = self.static_codes.len();
        for _ in 0..count {
            let vpa = format!("cashfree.{}@sandbox", self.ids.token(12).to_lowercase());
            self.static_codes.push(StaticCode { vpa, terminal: None });
        }
        Ok((first..self.static_codes.len()).map(|at| self.code_entity(at)).collect())
    }

    fn code_entity(&self, at: usize) -> Value {
        let code = &self.static_codes[at];
        json!({
            "cf_terminal_id": code.terminal.map(|terminal| self.terminals[terminal].number),
            "vpa": code.vpa, "status": code.status(), "qrCode": qr::image(&code.intent()),
        })
    }

    pub(crate) fn fetch_codes(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let terminal = call.query("cf_terminal_id").unwrap_or("");
        let status = call.query("status").unwrap_or("");
        let wanted = |code: &StaticCode| {
            let at = code.terminal.map(|at| self.terminals[at].number.to_string());
            (terminal.is_empty() || at.is_none_or(|at| at == terminal))
                && (status.is_empty() || code.status().eq_ignore_ascii_case(status))
        };
        let codes = self.static_codes.iter().enumerate().filter(|(_, code)| wanted(code));
        Ok(codes.map(|(at, _)| self.code_entity(at)).collect())
    }

    /// The address that a terminal's code pays to.
    pub(super) fn vpa_of(&self, terminal: usize) -> Option<&str> {
        self.static_codes.iter().find(|code| code.terminal == Some(terminal)).map(|code| code.vpa.as_str())
    }

    /// A code that is in stock goes to a terminal.
    pub(super) fn give_code(&mut self, vpa: &str, terminal: usize) {
        if let Some(code) = self.static_codes.iter_mut().find(|code| code.vpa == vpa) {
            code.terminal = Some(terminal);
        }
    }

    /// The codes at a terminal: its own, and those it was given.
    pub(crate) fn fetch_terminal_codes(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.terminal(call.query("cf_terminal_id").unwrap_or(""))?;
        if call.query("terminal_phone_no").is_some_and(|phone| phone != self.terminals[at].phone) {
            return Err(Problem::not_found("terminal_post_not_found", "terminal does not exist"));
        }
        let own = format!("upi://pay?pa=terminal.{}@sandbox", self.terminals[at].number);
        let given = self.static_codes.iter().filter(|code| code.terminal == Some(at)).map(StaticCode::intent);
        let codes = std::iter::once(own).chain(given).map(|intent| {
            json!({
                "bank": "TEST BANK", "qrCode": qr::image(&intent), "qrCodeUrl": intent, "status": "ACTIVE",
            })
        });
        Ok(codes.collect())
    }
}
