//! One Escrow: fund sources, and the money that moves into, between and out of them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::{Call, amount};
use super::clock::{Time, at_millis};
use super::{World, check, clock};
use crate::gateway::problem::Problem;

/// A Unix time above this counts milliseconds: seconds would be in the year 33658.
const MILLISECONDS_FROM: i64 = 1_000_000_000_000;

#[derive(Debug)]
pub(crate) struct FundSource {
    /// `PI_…`, by which callers speak of it.
    id: String,
    number: u64,
    name: String,
    account: String,
    balance: Decimal,
    created: Time,
    updated: Time,
}

/// One line of the statement.
#[derive(Debug)]
pub(crate) struct Movement {
    source: usize,
    number: u64,
    event: &'static str,
    amount: Decimal,
    balance: Decimal,
    remarks: Option<String>,
    time: Time,
}

impl World {
    pub(super) fn create_fund_source(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let name = check::present(call.body, "displayName")?;
        let (number, now) = (self.ids.short(), self.now());
        let id = format!("PI_ESC_{number}");
        let account = format!("{}{number:010}", call.text("accountPrefix").unwrap_or_default());
        let balance = Decimal::ZERO;
        let source = FundSource {
            id: id.clone(),
            number,
            name,
            account: account.clone(),
            balance,
            created: now,
            updated: now,
        };
        self.fund_sources.insert(&id, source);
        Ok(frame(
            "Virtual account created",
            json!({ "paymentInstrumentId": id, "virtualAccountNumber": account }),
        ))
    }

    pub(super) fn fetch_fund_source(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let source = &self.fund_sources[self.fund_source(call.path("paymentInstrumentId"))?];
        let balance = format!("{:.2}", source.balance);
        Ok(frame(
            "Fund source",
            json!({
                "id": source.number, "fsDisplayType": "ESCROW", "fsName": source.id, "displayName": source.name,
                "bankName": "Example Bank", "ifsc": "YESB0CMSNOC", "bankAccount": source.account,
                "virtualAccount": source.account, "balance": balance, "availableBalance": balance,
                "fundsOnHold": "0.00", "overdraft": "0.00", "status": "ACTIVE",
                "addedOn": clock::write(source.created), "updatedOn": clock::write(source.updated),
            }),
        ))
    }

    pub(super) fn debit_wallet(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let source = self.named_source(call, "paymentInstrumentId")?;
        let reference = self.reference(call, "referenceId")?;
        self.take(source, call, "CONNECTED_WALLET_DEBIT")?;
        self.remember(&reference);
        Ok(frame("Debited", json!({ "referenceId": reference, "message": "Wallet debited" })))
    }

    pub(super) fn recharge_wallet(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let source = self.named_source(call, "paymentInstrumentId")?;
        let (reference, sum) = (self.reference(call, "rechargeId")?, positive(call)?);
        self.move_money(source, sum, "CONNECTED_WALLET_RECHARGE", call.text("remarks"));
        self.remember(&reference);
        Ok(frame("Recharged", json!({ "referenceId": reference, "message": "Wallet recharged" })))
    }

    pub(super) fn transfer_funds(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let from = self.named_source(call, "paymentInstrumentId")?;
        let to = self.named_source(call, "toPaymentInstrumentId")?;
        let reference = self.reference(call, "transferId")?;
        let sum = self.take(from, call, "INTERNAL_TRANSFER")?;
        self.move_money(to, sum, "INTERNAL_TRANSFER", call.text("remarks"));
        self.remember(&reference);
        Ok(frame("Transferred", json!({ "transferId": reference })))
    }

    pub(super) fn whitelist_account(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.named_source(call, "paymentInstrumentId")?;
        Ok(frame("Bank account whitelisted", Value::Null))
    }

    pub(super) fn fetch_statement(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let source = match call.query("paymentInstrumentId") {
            Some(id) => Some(self.fund_source(id)?),
            None => None,
        };
        let number = |name: &str| call.query(name).and_then(|text| text.parse::<i64>().ok());
        let moment = |name: &str| {
            let given = number(name).unwrap_or_default();
            at_millis(if given < MILLISECONDS_FROM { given.saturating_mul(1000) } else { given })
        };
        let (from, till) = (moment("startTime"), moment("endTime"));
        let start = number("cursor").and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
        let most = number("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
        let mut rows = self.movements.iter().enumerate().skip(start).filter(|(_, row)| {
            source.is_none_or(|source| row.source == source) && (from..=till).contains(&row.time)
        });
        let page: Vec<Value> =
            rows.by_ref().take(most.unwrap_or(10)).map(|(_, row)| self.movement_entity(row)).collect();
        let next = rows.next().map(|(at, _)| at.to_string());
        Ok(json!({
            "prevCursor": "", "hasNext": next.is_some(), "nextCursor": next.unwrap_or_default(), "batches": page,
        }))
    }

    fn fund_source(&self, id: &str) -> Result<usize, Problem> {
        let missing = || Problem::not_found("fund_source_not_found", "fund source does not exist");
        self.fund_sources.find(id).ok_or_else(missing)
    }

    /// The fund source that a member of the body names.
    fn named_source(&self, call: &Call<'_>, member: &str) -> Result<usize, Problem> {
        let named = call.text(member).unwrap_or_default();
        let rule = "should be the id of a fund source";
        self.fund_source(&named).map_err(|_| Problem::member(member, rule, &call.body[member]))
    }

    /// The caller's own id of a movement, which may come once; one of ours where there is none.
    fn reference(&mut self, call: &Call<'_>, member: &str) -> Result<String, Problem> {
        match call.text(member) {
            Some(id) if self.moved.contains(&id) => {
                Err(Problem::member(member, "has been used", &call.body[member]))
            }
            Some(id) => Ok(id),
            None => Ok(self.ids.number().to_string()),
        }
    }

    fn remember(&mut self, reference: &str) {
        self.moved.insert(reference.to_owned());
    }

    /// Takes the sum of a call out of a fund source, if so much is there.
    fn take(&mut self, source: usize, call: &Call<'_>, event: &'static str) -> Result<Decimal, Problem> {
        let sum = positive(call)?;
        if self.fund_sources[source].balance < sum {
            return Err(Problem::new(
                422,
                "invalid_request_error",
                "insufficient_balance",
                "balance is too low",
            ));
        }
        self.move_money(source, -sum, event, call.text("remarks"));
        Ok(sum)
    }

    fn move_money(&mut self, at: usize, amount: Decimal, event: &'static str, remarks: Option<String>) {
        let (number, time) = (self.ids.short(), self.now());
        let source = &mut self.fund_sources[at];
        source.balance += amount;
        source.updated = time;
        let balance = source.balance;
        self.movements.push(Movement { source: at, number, event, amount, balance, remarks, time });
    }

    fn movement_entity(&self, row: &Movement) -> Value {
        let amount = format!("{:.2}", row.amount.abs());
        json!({
            "id": row.number, "eventId": row.number, "txTime": clock::write(row.time), "event": row.event,
            "eventType": if row.amount.is_sign_negative() { "DEBIT" } else { "CREDIT" },
            "transactionAmount": amount, "amount": amount, "serviceCharge": "0.00", "serviceTax": "0.00",
            "remarks": row.remarks, "closingBalance": format!("{:.2}", row.balance),
            "paymentInstrumentId": self.fund_sources[row.source].id,
        })
    }
}

/// The ids of movements that callers gave.
pub(crate) type Moved = BTreeSet<String>;

fn positive(call: &Call<'_>) -> Result<Decimal, Problem> {
    let sum = amount(&call.body["amount"]);
    let rule = || Problem::member("amount", "should be more than 0", &call.body["amount"]);
    if sum > Decimal::ZERO { Ok(sum) } else { Err(rule()) }
}

fn frame(message: &str, data: Value) -> Value {
    json!({ "status": "SUCCESS", "subCode": "200", "message": message, "data": data })
}
