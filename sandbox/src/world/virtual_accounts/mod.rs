//! Virtual bank accounts: numbers that customers pay to, the groups that are told, and what arrives.

mod groups;
mod state;
mod transfers;

use serde_json::{Value, json};

pub(crate) use groups::Group;
pub(crate) use state::{SwitchEvent, SwitchStatus};
pub(crate) use transfers::Transfer;

use super::call::{Call, overlay, pick, text};
use super::clock::Time;
use super::{World, check, clock};
use crate::gateway::problem::Problem;

/// The banks that have virtual accounts, with the beginning of their branch codes.
const BANKS: [(&str, &str); 3] = [("ICIC", "ICIC0000103"), ("UTIB", "UTIB0CCH274"), ("YESB", "YESB0CMSNOC")];

/// What the caller says of an account beside who it is for.
const SETTINGS: [&str; 4] =
    ["kyc_details", "remitter_lock_details", "amount_lock_details", "notification_group"];
/// Who it is for.
const HOLDER: [&str; 3] = ["virtual_account_name", "virtual_account_email", "virtual_account_phone"];

#[derive(Debug)]
pub(crate) struct VirtualAccount {
    id: String,
    holder: Value,
    settings: Value,
    /// One for each bank.
    numbers: Vec<Number>,
}

/// The account's number at a bank.
#[derive(Debug)]
struct Number {
    bank: &'static str,
    ifsc: &'static str,
    number: String,
    status: SwitchStatus,
    created: Time,
    updated: Time,
}

impl World {
    pub(super) fn create_virtual_account(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let details = &call.body["virtual_account_details"];
        for name in ["virtual_account_id", "virtual_account_name"] {
            if text(&details[name]).is_none() {
                return Err(Problem::missing(&format!("virtual_account_details.{name}")));
            }
        }
        check::phone(details, "virtual_account_phone")?;
        check::email(details, "virtual_account_email")?;
        let id = text(&details["virtual_account_id"]).unwrap_or_default();
        if self.virtual_accounts.find(&id).is_some() {
            let message = "virtual account with same id is already present";
            return Err(Problem::conflict("virtual_account_already_exists", message));
        }
        self.must_be_a_group(call)?;
        let banks = banks(&call.body["bank_codes"])?;
        let numbers = banks.into_iter().map(|bank| self.number_at(bank)).collect();
        let (holder, settings) = (pick(details, &HOLDER), pick(call.body, &SETTINGS));
        let at =
            self.virtual_accounts.insert(&id, VirtualAccount { id: id.clone(), holder, settings, numbers });
        self.know_numbers(at);
        Ok(self.virtual_account_entity(at))
    }

    pub(super) fn fetch_virtual_account(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        Ok(self.virtual_account_entity(self.virtual_account(call)?))
    }

    pub(super) fn update_virtual_account(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.virtual_account(call)?;
        check::phone(call.body, "virtual_account_phone")?;
        check::email(call.body, "virtual_account_email")?;
        self.must_be_a_group(call)?;
        let banks =
            if call.body["bank_codes"].is_null() { Vec::new() } else { banks(&call.body["bank_codes"])? };
        let now = self.now();
        for bank in banks {
            if !self.virtual_accounts[at].numbers.iter().any(|number| number.bank == bank.0) {
                let number = self.number_at(bank);
                self.virtual_accounts[at].numbers.push(number);
            }
        }
        let account = &mut self.virtual_accounts[at];
        overlay(&mut account.holder, given(call.body, &HOLDER));
        overlay(&mut account.settings, given(call.body, &SETTINGS));
        account.numbers.iter_mut().for_each(|number| number.updated = now);
        self.know_numbers(at);
        Ok(self.virtual_account_entity(at))
    }

    pub(super) fn change_virtual_account_status(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.virtual_account(call)?;
        let event = wanted(call)?;
        let (bank, now) = (call.text("bank_codes"), self.now());
        let mut known = false;
        for number in &mut self.virtual_accounts[at].numbers {
            if bank.as_deref().is_some_and(|bank| bank != number.bank) {
                continue;
            }
            known = true;
            if let Some(next) = number.status.next(event) {
                (number.status, number.updated) = (next, now);
            }
        }
        if !known {
            let rule = "should be a bank of the virtual account";
            return Err(Problem::member("bank_codes", rule, &call.body["bank_codes"]));
        }
        Ok(self.virtual_account_entity(at))
    }

    fn virtual_account(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let missing = || Problem::not_found("virtual_account_not_found", "virtual account does not exist");
        self.virtual_accounts.find(call.path("virtual_account_id")).ok_or_else(missing)
    }

    fn number_at(&mut self, (bank, ifsc): (&'static str, &'static str)) -> Number {
        let now = self.now();
        let number = format!("{}{:010}", "8808", self.ids.number() % 10_000_000_000);
        Number { bank, ifsc, number, status: SwitchStatus::Active, created: now, updated: now }
    }

    /// Money finds an account by any of its numbers.
    fn know_numbers(&mut self, at: usize) {
        let numbers: Vec<String> =
            self.virtual_accounts[at].numbers.iter().map(|number| number.number.clone()).collect();
        numbers.into_iter().for_each(|number| self.virtual_accounts.alias(number, at));
    }

    fn virtual_account_entity(&self, at: usize) -> Value {
        let account = &self.virtual_accounts[at];
        let mut details = account.holder.clone();
        details["virtual_account_id"] = json!(account.id);
        let each = account.numbers.iter().map(|number| {
            let mut entity = json!({
                "vba_bank_code": number.bank, "vba_account_number": number.number, "vba_ifsc": number.ifsc,
                "vba_status": number.status.as_str(), "vba_created_on": clock::write(number.created),
                "vba_last_updated_on": clock::write(number.updated), "virtual_account_details": details,
            });
            overlay(&mut entity, account.settings.clone());
            entity
        });
        json!({ "virtual_bank_accounts": each.collect::<Vec<_>>() })
    }
}

/// The members of `source` that are there.
fn given(source: &Value, names: &[&str]) -> Value {
    let there = names.iter().filter(|name| !source[**name].is_null());
    there.map(|name| ((*name).to_owned(), source[*name].clone())).collect()
}

/// The status that a call asks for, as what has to happen.
fn wanted(call: &Call<'_>) -> Result<SwitchEvent, Problem> {
    let status = call.text("status").ok_or_else(|| Problem::missing("status"))?;
    let rule = "should be ACTIVE or INACTIVE";
    SwitchEvent::to(&status).ok_or_else(|| Problem::member("status", rule, &call.body["status"]))
}

/// The banks that a caller names; the last of those that there are where none is named.
fn banks(named: &Value) -> Result<Vec<(&'static str, &'static str)>, Problem> {
    let Some(named) = named.as_array().filter(|named| !named.is_empty()) else {
        return Ok(vec![BANKS[BANKS.len() - 1]]);
    };
    let find = |code: &Value| BANKS.into_iter().find(|(bank, _)| code == bank);
    let rule = "should be ICIC, UTIB or YESB";
    named.iter().map(|code| find(code).ok_or_else(|| Problem::member("bank_codes", rule, code))).collect()
}
