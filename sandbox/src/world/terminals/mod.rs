//! SoftPOS terminals, their soundboxes, QR codes and transactions.

mod codes;
mod payments;
mod soundbox;
mod state;

use serde_json::{Value, json};

pub(crate) use codes::StaticCode;
pub(crate) use soundbox::Soundbox;
pub(crate) use state::{TerminalEvent, TerminalStatus};

use super::call::{Call, overlay, text, with};
use super::clock::Time;
use super::{World, check, clock};
use crate::gateway::problem::Problem;

#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) number: u64,
    /// The merchant's id of it.
    pub(crate) name: String,
    phone: String,
    status: TerminalStatus,
    request: Value,
    added: Time,
    updated: Time,
    documents: Vec<Value>,
}

impl World {
    pub(super) fn create_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        check::phone(call.body, "terminal_phone_no")?;
        check::email(call.body, "terminal_email")?;
        let name = call.text("terminal_id").unwrap_or_default();
        if self.terminals.find_alias(&name).is_some() {
            let message = "terminal with same id is already present";
            return Err(Problem::conflict("terminal_already_exists", message));
        }
        let now = self.now();
        let terminal = Terminal {
            number: self.ids.short(),
            name: name.clone(),
            phone: call.text("terminal_phone_no").unwrap_or_default(),
            status: TerminalStatus::Active,
            request: call.body.clone(),
            added: now,
            updated: now,
            documents: Vec::new(),
        };
        let (number, phone) = (terminal.number.to_string(), terminal.phone.clone());
        let at = self.terminals.insert(number, terminal);
        self.terminals.alias(name, at);
        self.terminals.alias(format!("phone {phone}"), at);
        Ok(self.terminal_entity(at))
    }

    fn terminal(&self, id: &str) -> Result<usize, Problem> {
        let missing = || Problem::not_found("terminal_post_not_found", "terminal does not exist");
        self.terminals.find(id).ok_or_else(missing)
    }

    fn terminal_by_phone(&self, phone: &str) -> Result<usize, Problem> {
        let missing = || Problem::not_found("terminal_post_not_found", "terminal does not exist");
        self.terminals.find_alias(&format!("phone {phone}")).ok_or_else(missing)
    }

    /// The terminal that an order names, if it is known.
    pub(super) fn terminal_of(&self, asked: &Value) -> Option<usize> {
        let by_number = text(&asked["cf_terminal_id"]).and_then(|id| self.terminals.find(&id));
        let by_name = || text(&asked["terminal_id"]).and_then(|id| self.terminals.find_alias(&id));
        let by_phone = || self.terminal_by_phone(&text(&asked["terminal_phone_no"])?).ok();
        by_number.or_else(by_name).or_else(by_phone)
    }

    /// What events say of the terminal an order was made at.
    pub(super) fn terminal_details(&self, terminal: Option<usize>) -> Value {
        let Some(terminal) = terminal.map(|at| &self.terminals[at]) else { return Value::Null };
        json!({ "cf_terminal_id": terminal.number, "terminal_phone": terminal.phone })
    }

    fn terminal_entity(&self, at: usize) -> Value {
        let terminal = &self.terminals[at];
        let extra = json!({
            "cf_terminal_id": terminal.number, "terminal_status": terminal.status.as_str(),
            "added_on": clock::write(terminal.added), "last_updated_on": clock::write(terminal.updated),
            "terminal_id": terminal.name,
            // As the API spells it.
            "teminal_id": terminal.name,
        });
        with(terminal.request.clone(), extra)
    }

    pub(super) fn fetch_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.terminal_by_phone(call.path("terminal_phone_no"))?;
        Ok(self.terminal_entity(at))
    }

    pub(super) fn update_terminal(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.terminal(call.path("cf_terminal_id"))?;
        check::phone(call.body, "terminal_phone_no")?;
        check::email(call.body, "terminal_email")?;
        let now = self.now();
        let terminal = &mut self.terminals[at];
        let old = terminal.phone.clone();
        overlay(&mut terminal.request, call.body.clone());
        terminal.updated = now;
        if let Some(phone) = call.text("terminal_phone_no").filter(|phone| *phone != old) {
            terminal.phone = phone.clone();
            self.terminals.forget_alias(&format!("phone {old}"));
            self.terminals.alias(format!("phone {phone}"), at);
        }
        Ok(json!([self.terminal_entity(at)]))
    }

    pub(super) fn update_terminal_status(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.terminal(call.path("cf_terminal_id"))?;
        let event = match call.text("terminal_status").as_deref() {
            Some("ACTIVE") => TerminalEvent::Activate,
            Some("INACTIVE") => TerminalEvent::Deactivate,
            _ => {
                let asked = &call.body["terminal_status"];
                return Err(Problem::member("terminal_status", "should be ACTIVE or INACTIVE", asked));
            }
        };
        if let Some(next) = self.terminals[at].status.next(event) {
            let now = self.now();
            let terminal = &mut self.terminals[at];
            (terminal.status, terminal.updated) = (next, now);
            self.emit_terminal(at);
        }
        Ok(json!([self.terminal_entity(at)]))
    }

    fn emit_terminal(&mut self, at: usize) {
        let terminal = &self.terminals[at];
        let data = json!({
            "cf_terminal_id": terminal.number,
            // Declared as a number, whatever the merchant calls it.
            "terminal_id": terminal.name.parse::<u64>().unwrap_or(terminal.number),
            "terminal_name": terminal.request["terminal_name"],
            "terminal_phone": terminal.phone,
            "terminal_status": terminal.status.as_str(),
            "terminal_type": terminal.request["terminal_type"],
            "review_remarks": "",
            "added_on": clock::write(terminal.added),
            "last_updated_on": clock::write(terminal.updated),
        });
        self.emit("TERMINAL_STATUS_UPDATE", crate::spec::newest(), None, data);
    }

    pub(super) fn upload_terminal_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.terminal(call.path("cf_terminal_id"))?;
        let terminal = &mut self.terminals[at];
        let document = json!({
            "cf_terminal_id": terminal.number, "doc_type": call.body["doc_type"],
            "doc_value": call.body["doc_value"], "status": "ACTIVE",
        });
        terminal.documents.retain(|one| one["doc_type"] != document["doc_type"]);
        terminal.documents.push(document);
        Ok(json!(terminal.documents))
    }
}
