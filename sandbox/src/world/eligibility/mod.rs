//! What a payer may pay by: looked up for an amount, an order, a phone or a subscription.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::call::{Call, text};
use super::{World, check, codes, money, values};
use crate::gateway::problem::Problem;
use crate::spec::items;

const WALLETS: [(&str, &str, u64); 8] = [
    ("freecharge", "FreeCharge", 4001),
    ("mobikwik", "MobiKwik", 4002),
    ("ola", "Ola Money", 4003),
    ("airtel", "Airtel Money", 4006),
    ("paytm", "PayTM", 4007),
    ("amazon", "Amazon Pay", 4008),
    ("phonepe", "PhonePe", 4009),
    ("test", "Test Wallet (Sandbox)", 4010),
];
const PAY_LATER: [&str; 7] =
    ["flexipay", "freechargepaylater", "kotak", "lazypay", "olapostpaid", "simpl", "zestmoney"];
const HANDLES: [(&str, &str); 4] =
    [("okaxis", "Google Pay"), ("ybl", "PhonePe"), ("paytm", "Paytm"), ("upi", "BHIM")];

impl World {
    /// The phone of the payer: of the query, or of its order.
    fn queried_phone(&self, call: &Call<'_>) -> Result<String, Problem> {
        let query = &call.body["queries"];
        check::phone(call.body, "queries.customer_details.customer_phone")?;
        if let Some(phone) = text(&query["customer_details"]["customer_phone"]) {
            return Ok(phone);
        }
        match text(&query["order_id"]) {
            Some(order) => {
                let order = self.order(&order)?;
                Ok(text(&self.orders[order].customer()["customer_phone"]).unwrap_or_default())
            }
            None => Err(Problem::missing("queries.customer_details.customer_phone")),
        }
    }

    pub(super) fn eligible_methods(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let amount = self.queried_amount(call)?;
        let detail = |nick: &str, display: &str, code: Option<u64>| json!({ "nick": nick, "display": display, "eligibility": true, "code": code });
        let banks = codes::banks().map(|(code, name)| detail(&nick(name), name, Some(code)));
        let wallets = WALLETS.iter().map(|(nick, name, code)| detail(nick, name, Some(*code)));
        let later = PAY_LATER.iter().map(|nick| detail(nick, nick, None));
        let lend = |kind: &'static str| {
            let mut lenders: Vec<&str> =
                codes::plans(kind, None).filter(|plan| plan.takes(amount)).map(|plan| plan.lender).collect();
            lenders.dedup();
            lenders.into_iter().map(|nick| detail(nick, nick, None)).collect::<Vec<Value>>()
        };
        let cards = || ["visa", "mastercard", "rupay", "amex", "diners"].map(|one| detail(one, one, None));
        let all: [(&str, Vec<Value>); 9] = [
            ("upi", vec![detail("upi", "UPI", None)]),
            ("debit_card", cards().to_vec()),
            ("credit_card", cards().to_vec()),
            ("netbanking", banks.collect()),
            ("app", wallets.collect()),
            ("paylater", later.collect()),
            ("cardless_emi", lend("Cardless")),
            ("credit_card_emi", lend("Credit")),
            ("debit_card_emi", lend("Debit")),
        ];
        let listed: Vec<&str> =
            items(&call.body["filters"]["payment_methods"]).filter_map(Value::as_str).collect();
        let wanted = all.into_iter().filter(|(name, _)| listed.is_empty() || listed.contains(name));
        let entries = wanted.map(|(name, details)| {
            json!({
                "eligibility": !details.is_empty(), "entity_type": "payment_methods", "entity_value": name,
                "entity_details": { "payment_method_details": details },
            })
        });
        Ok(entries.collect())
    }

    /// Who lends to this phone; the test phone is the one that everybody lends to.
    pub(super) fn eligible_cardless_emi(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let amount = self.queried_amount(call)?;
        let known = self.queried_phone(call)? == values::CREDIT.phone;
        let mut lenders: Vec<&str> = codes::plans("Cardless", None).map(|plan| plan.lender).collect();
        lenders.dedup();
        let entries = lenders.into_iter().map(|lender| {
            let plans: Vec<Value> = codes::plans("Cardless", Some(lender))
                .filter(|plan| known && plan.takes(amount))
                .map(|plan| plan_entity(&plan, amount))
                .collect();
            json!({
                "eligibility": !plans.is_empty(), "entity_type": "cardlessemi", "entity_value": lender,
                "entity_details": { "payment_method": lender, "emi_plans": plans },
            })
        });
        Ok(entries.collect())
    }

    pub(super) fn eligible_paylater(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.queried_amount(call)?;
        let known = self.queried_phone(call)? == values::CREDIT.phone;
        let entries = PAY_LATER.iter().map(|provider| {
            json!({
                "eligibility": known, "entity_type": "paylater", "entity_value": provider,
                "entity_details": { "payment_method": provider },
            })
        });
        Ok(entries.collect())
    }

    pub(super) fn eligible_mandates(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = text(&call.body["queries"]["subscription_id"]).unwrap_or_default();
        let allowed = self.mandates_of(&id)?;
        let banks = |all: bool| {
            let modes = json!(["DEBIT_CARD", "NET_BANKING", "AADHAAR"]);
            let banks = [
                ("SBIN", "STATE BANK OF INDIA"),
                ("HDFC", "HDFC BANK LTD"),
                ("ICIC", "ICICI BANK LTD"),
                ("UTIB", "AXIS BANK LTD"),
                ("YESB", "YES BANK"),
                ("UTKS", "UTKARSH SMALL FINANCE BANK LTD"),
            ];
            let count = if all { banks.len() } else { 4 };
            let entries = banks
                .iter()
                .take(count)
                .map(|(id, name)| json!({ "bank_id": id, "bank_name": name, "account_auth_modes": modes }));
            entries.collect::<Value>()
        };
        let accounts = json!({
            "account_types": ["SAVINGS", "CURRENT"], "frequent_bank_details": banks(false),
            "all_bank_details": banks(true),
        });
        let handles = HANDLES.map(|(handle, app)| json!({ "handle": handle, "application": app }));
        let all = [
            ("enach", accounts.clone()),
            ("pnach", accounts),
            ("upi", json!({ "available_handles": handles })),
            ("card", json!({ "allowed_card_types": ["CREDIT_CARD", "DEBIT_CARD"] })),
        ];
        let listed: Vec<&str> =
            items(&call.body["filters"]["payment_methods"]).filter_map(Value::as_str).collect();
        let wanted = all.into_iter().filter(|(name, _)| listed.is_empty() || listed.contains(name));
        let entries = wanted.map(|(name, details)| {
            json!({
                "eligibility": allowed.is_empty() || allowed.iter().any(|one| one == name),
                "entity_type": "payment_methods", "entity_value": name, "entity_details": details,
            })
        });
        Ok(entries.collect())
    }
}

fn nick(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Months and sums are whole numbers here.
fn plan_entity(plan: &codes::Plan, amount: Decimal) -> Value {
    let (part, interest) = plan.parts(amount);
    let whole = |sum: Decimal| sum.round().to_i64().unwrap_or_default();
    json!({
        "tenure": plan.months, "interest_rate": money::number(plan.interest), "currency": "INR",
        "emi": whole(part), "total_interest": whole(interest), "total_amount": whole(amount + interest),
    })
}
