//! What arrives at virtual accounts: taken, or rejected by a lock of the account.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::call::{Call, amount, text};
use super::super::clock::{self, Time};
use super::super::page::Page;
use super::super::{World, money};
use super::{SwitchStatus, VirtualAccount};
use crate::gateway::problem::Problem;

#[derive(Debug)]
pub(crate) struct Transfer {
    account: usize,
    utr: String,
    remitter_account: String,
    remitter_name: String,
    amount: Decimal,
    reference: u64,
    time: Time,
    taken: bool,
}

impl VirtualAccount {
    /// Whether the account takes a transfer: it is active, the remitter may pay into it, and so much.
    fn takes(&self, number: Option<&str>, remitter: &str, paid: Decimal) -> bool {
        let mut numbers = self.numbers.iter().filter(|n| number.is_none_or(|number| n.number == number));
        let active = numbers.any(|number| number.status == SwitchStatus::Active);
        let allowed = self.settings["remitter_lock_details"]["allowed_remitters"].as_array();
        let allowed = allowed.is_none_or(|allowed| {
            allowed.is_empty()
                || allowed.iter().any(|one| text(&one["account_number"]).as_deref() == Some(remitter))
        });
        let bound = |name: &str| money::decimal(&self.settings["amount_lock_details"][name]);
        let enough = bound("min_amount").is_none_or(|least| paid >= least);
        active && allowed && enough && bound("max_amount").is_none_or(|most| paid <= most)
    }
}

impl World {
    /// A transfer to a virtual account, by its id or one of its numbers. The merchant hears of one that is taken,
    /// by the older kind of event. A number that is nobody's here is taken too, and nothing is kept of it.
    pub(in crate::world) fn collect(&mut self, account: &str, transfer: &Value) -> Result<(), Problem> {
        for name in ["utr", "amount", "remitter_account", "remitter_name"] {
            if text(&transfer[name]).is_none() {
                return Err(Problem::missing(&format!("vba_simulation.{name}")));
            }
        }
        let given = |name: &str| text(&transfer[name]).unwrap_or_default();
        let number = self.virtual_accounts.find_alias(account);
        let at = number.or_else(|| self.virtual_accounts.find(account));
        let (paid, reference, time) = (amount(&transfer["amount"]), self.ids.short(), self.now());
        let remitter = given("remitter_account");
        let taken =
            at.is_none_or(|at| self.virtual_accounts[at].takes(number.map(|_| account), &remitter, paid));
        if let Some(account) = at {
            self.transfers.push(Transfer {
                account,
                utr: given("utr"),
                remitter_account: remitter.clone(),
                remitter_name: given("remitter_name"),
                amount: paid,
                reference,
                time,
                taken,
            });
        }
        if taken {
            let holder = at.map(|at| self.virtual_accounts[at].holder.clone()).unwrap_or_default();
            let id = at.map_or(account, |at| &self.virtual_accounts[at].id);
            let body = json!({
                "event": "AMOUNT_COLLECTED", "amount": format!("{paid:.2}"), "vAccountId": id,
                "virtualVpaId": "", "isVpa": "0", "referenceId": reference,
                "email": text(&holder["virtual_account_email"]).unwrap_or_default(),
                "phone": text(&holder["virtual_account_phone"]).unwrap_or_else(|| given("phone")),
                "utr": given("utr"), "creditRefNo": given("utr"), "remitterAccount": remitter,
                "remitterName": given("remitter_name"), "paymentTime": clock::write_plain(time),
            });
            self.emit_flat("AMOUNT_COLLECTED", body);
        }
        Ok(())
    }

    pub(in crate::world) fn fetch_virtual_account_payments(
        &mut self,
        call: &Call<'_>,
    ) -> Result<Value, Problem> {
        let (from, to) = (call.time("start_range")?, call.time("end_range")?);
        let account = match call.text("virtual_account_id") {
            None => None,
            Some(id) => Some(self.virtual_accounts.find(&id).ok_or_else(|| {
                Problem::not_found("virtual_account_not_found", "virtual account does not exist")
            })?),
        };
        let wanted = call.text("status").unwrap_or_default();
        let page = Page::read(call, 1)?;
        let found = self.transfers.iter().enumerate().filter(|(_, transfer)| {
            account.is_none_or(|account| transfer.account == account)
                && from.is_none_or(|from| transfer.time >= from)
                && to.is_none_or(|to| transfer.time <= to)
                && (wanted == "ALL" || wanted == transfer.status())
        });
        let mut page = page.fill(found.map(|(at, transfer)| (at, self.transfer_entity(transfer))));
        let limit = text(&page["limit"]);
        Ok(
            json!({ "cursor": page["cursor"], "limit": limit, "payments": { "payment_details": page["data"].take() } }),
        )
    }

    pub(in crate::world) fn fetch_virtual_account_payments_by_utr(
        &mut self,
        call: &Call<'_>,
    ) -> Result<Value, Problem> {
        let utr = call.path("utr");
        let found = self.transfers.iter().filter(|transfer| transfer.utr == utr);
        let found: Vec<_> = found.map(|transfer| self.transfer_entity(transfer)).collect();
        if found.is_empty() {
            return Err(Problem::not_found("payment_not_found", "no payment has this utr"));
        }
        Ok(json!({ "payment_details": found }))
    }

    fn transfer_entity(&self, transfer: &Transfer) -> Value {
        json!({
            "virtual_account_id": self.virtual_accounts[transfer.account].id, "utr": transfer.utr,
            "remitter_account": transfer.remitter_account, "remitter_name": transfer.remitter_name,
            "amount": format!("{:.2}", transfer.amount), "reference_id": transfer.reference.to_string(),
            "credit_ref_number": transfer.utr, "txtime": clock::write_plain(transfer.time),
            "is_settled": "false", "txstatus": transfer.status(),
        })
    }
}

impl Transfer {
    fn status(&self) -> &'static str {
        if self.taken { "SUCCESS" } else { "REJECTED" }
    }
}
