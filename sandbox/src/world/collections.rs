//! Global Collections: accounts abroad, and the payments that are made up for them. No event tells of one: by
//! which rule those are signed is not published.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::call::{Call, amount};
use super::clock::Time;
use super::{World, check, clock, money};
use crate::gateway::problem::Problem;

/// The merchant's accounts.
const ACCOUNTS: [Account; 3] = [
    Account { id: "vacc_usd_1", number: "8331200417", currency: "USD", country: "US", rail: "ACH" },
    Account { id: "vacc_eur_1", number: "5407324931", currency: "EUR", country: "DE", rail: "SEPA" },
    Account { id: "vacc_gbp_1", number: "3192681900", currency: "GBP", country: "GB", rail: "FPS" },
];

/// An account abroad.
struct Account {
    id: &'static str,
    number: &'static str,
    currency: &'static str,
    country: &'static str,
    rail: &'static str,
}

/// A payment from abroad.
#[derive(Debug)]
pub(crate) struct Foreign {
    account: usize,
    amount: String,
    remitter_account: String,
    reference: u64,
    time: Time,
    /// The number of its invoice.
    invoice: Option<String>,
}

impl World {
    pub(super) fn fetch_foreign_accounts(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let currency = call.query("currency");
        let wanted =
            ACCOUNTS.iter().filter(|account| currency.is_none_or(|currency| account.currency == currency));
        let all: Vec<Value> = wanted.map(account_entity).collect();
        let size = number(call, "size").filter(|size| *size > 0).unwrap_or(10);
        let page = number(call, "page").unwrap_or_default();
        let pages: Vec<&[Value]> = all.chunks(size).collect();
        let last = page.saturating_add(1) >= pages.len();
        Ok(done(json!({
            "totalPages": pages.len(), "totalElements": all.len(), "first": page == 0, "last": last,
            "vAccounts": pages.get(page).copied().unwrap_or_default(),
        })))
    }

    pub(super) fn simulate_foreign_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let known = |name| call.text(name).unwrap_or_default();
        let (account, currency, paid) = (known("vAccountNumber"), known("currency"), known("amount"));
        let found = ACCOUNTS.iter().position(|one| one.number == account);
        let rule = "should be the number of a virtual account";
        let account =
            found.ok_or_else(|| Problem::member("vAccountNumber", rule, &call.body["vAccountNumber"]))?;
        if ACCOUNTS[account].currency != currency {
            let rule = format!("should be {}", ACCOUNTS[account].currency);
            return Err(Problem::member("currency", &rule, &call.body["currency"]));
        }
        if amount(&call.body["amount"]) <= 0.into() {
            return Err(Problem::member("amount", "should be more than 0", &call.body["amount"]));
        }
        let (reference, time) = (self.ids.short(), self.now());
        let remitter_account = known("remitterAccountNumber");
        self.foreign.push(Foreign {
            account,
            amount: paid,
            remitter_account,
            reference,
            time,
            invoice: None,
        });
        Ok(json!({ "status": "SUCCESS", "subCode": "200", "message": "Payment simulated" }))
    }

    pub(super) fn fetch_foreign_payments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let day = |name: &str| {
            let given = call.query(name).unwrap_or_default();
            let rule = "should be a day, as YYYY-MM-DD";
            clock::read(given).ok_or_else(|| Problem::member(name, rule, &json!(given)))
        };
        let (from, till) = (day("startDate")?, day("endDate")?);
        let till = till.checked_add_signed(TimeDelta::days(1)).unwrap_or(till);
        let after = number(call, "lastReturnId").unwrap_or_default() as u64;
        let found =
            self.foreign.iter().filter(|one| (from..till).contains(&one.time) && one.reference > after);
        let most = number(call, "maxReturn").unwrap_or(10);
        Ok(done(json!({ "payments": found.take(most).map(foreign_entity).collect::<Vec<_>>() })))
    }

    pub(super) fn add_foreign_invoice(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let reference = call.path("referenceId");
        let found = self.foreign.iter_mut().find(|one| one.reference.to_string() == reference);
        let missing = || Problem::not_found("payment_not_found", "payment does not exist");
        let payment = found.ok_or_else(missing)?;
        let invoice = check::present(call.body, "invoiceNumber")?;
        payment.invoice = Some(invoice.clone());
        Ok(json!({
            "cmsProfileId": 1, "cmsPaymentId": payment.reference, "invoiceNumber": invoice,
            "invoiceAmount": money::number(amount(&call.body["invoiceAmount"])), "status": "IN_REVIEW",
            "remitterName": call.text("remitterName"),
        }))
    }
}

/// A number of the query.
fn number(call: &Call<'_>, name: &str) -> Option<usize> {
    call.query(name)?.parse().ok()
}

fn done(data: Value) -> Value {
    json!({ "status": "SUCCESS", "subCode": "200", "message": "Done", "data": data })
}

fn account_entity(account: &Account) -> Value {
    let Account { id, number, currency, country, rail } = account;
    json!({
        "vaccountId": id, "accountNumber": number, "accountType": "CHECKING", "paymentType": "LOCAL",
        "bankName": "Example Bank", "bankAddress": "1 Main Street", "bankCountry": country,
        "currency": currency, "routingCode": "026073150", "routingCodeType": rail, "status": "ACTIVE",
    })
}

fn foreign_entity(payment: &Foreign) -> Value {
    let Account { id, number, currency, country, rail } = ACCOUNTS[payment.account];
    let time = clock::write_plain(payment.time);
    let status = if payment.invoice.is_some() { "COLLECTED" } else { "AWAITING_DETAILS" };
    json!({
        "referenceId": payment.reference, "amount": payment.amount, "currency": currency, "status": status,
        "paymentRail": rail, "paymentTime": time, "updatedStatusTime": time, "utr": format!("UTR{}", payment.reference),
        "vAccountId": id, "vAccountNumber": number, "remitterAccount": payment.remitter_account,
        "remitterCountry": country, "remitterName": "Example Remitter",
    })
}
