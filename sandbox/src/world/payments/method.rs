//! How a payer pays: what has to be said for it, and how it is shown afterwards.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Outcome;
use crate::gateway::problem::Problem;
use crate::world::call::text;
use crate::world::{World, check, codes, values};

/// The members of `payment_method` that name a method.
const KEYS: [&str; 8] =
    ["app", "banktransfer", "card", "cardless_emi", "emi", "netbanking", "paylater", "upi"];

/// What `order_meta.payment_methods` calls the groups.
const GROUPS: [(&str, &[&str]); 11] = [
    ("cc", &["credit_card"]),
    ("dc", &["debit_card"]),
    ("ppc", &["prepaid_card"]),
    ("nb", &["net_banking"]),
    ("upi", &["upi"]),
    ("app", &["wallet"]),
    ("paylater", &["pay_later"]),
    ("cardlessemi", &["cardless_emi"]),
    ("emi", &["credit_card_emi", "debit_card_emi", "cardless_emi"]),
    ("ccemi", &["credit_card_emi"]),
    ("dcemi", &["debit_card_emi"]),
];

/// A way to pay, checked.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    /// `upi`, `card`, …: the member of `payment_method` it was asked for by.
    pub(crate) key: &'static str,
    pub(crate) group: &'static str,
    /// `collect`, `link`, …
    pub(crate) channel: String,
    /// What stands under the key, card numbers masked.
    pub(crate) details: Value,
    /// Decided by a test value.
    pub(crate) fate: Option<Outcome>,
}

impl Method {
    fn new(key: &'static str, group: &'static str, asked: &Value, details: Value) -> Self {
        let channel = text(&asked["channel"]).unwrap_or_else(|| "link".to_owned());
        Self { key, group, channel, details, fate: None }
    }

    /// UPI by an app on the payer's phone, for payments that are started here.
    pub(crate) fn upi(channel: &str) -> Self {
        let details = json!({ "channel": channel, "upi_id": null });
        Self { key: "upi", group: "upi", channel: channel.to_owned(), details, fate: None }
    }

    /// The payer is sent to a page.
    pub(crate) fn redirects(&self) -> bool {
        self.channel == "link" && self.key != "upi"
    }

    pub(crate) fn is_card(&self) -> bool {
        matches!(self.key, "card" | "emi")
    }
}

impl World {
    /// Reads `payment_method`: the one method that is named. Members that are null, or that name none, do not
    /// count.
    pub(super) fn method(&self, body: &Value, order: usize, amount: Decimal) -> Result<Method, Problem> {
        let all = &body["payment_method"];
        let mut named = KEYS.into_iter().filter(|key| all[*key].is_object());
        let (Some(key), None) = (named.next(), named.next()) else {
            return Err(Problem::member("payment_method", "should name one method", all));
        };
        let asked = &all[key];
        let method = match key {
            "upi" => self.upi(body, asked, order)?,
            "card" => self.card(body, asked, order)?,
            "emi" => self.card_emi(body, asked, amount)?,
            "netbanking" => netbanking(asked)?,
            "app" => {
                check::phone(body, "payment_method.app.phone")?;
                let phone = check::present(body, "payment_method.app.phone")?;
                let provider = check::present(body, "payment_method.app.provider")?;
                let details = json!({ "channel": asked["channel"], "provider": provider, "phone": phone });
                Method::new("app", "wallet", asked, details)
            }
            "cardless_emi" => cardless_emi(body, asked, amount)?,
            "paylater" => {
                check::phone(body, "payment_method.paylater.phone")?;
                let details = json!({
                    "channel": asked["channel"], "provider": asked["provider"], "phone": asked["phone"],
                });
                Method::new("paylater", "pay_later", asked, details)
            }
            _ => {
                let message = "bank transfers do not exist in the test environment";
                return Err(Problem::invalid("payment_method_unsupported", message));
            }
        };
        self.is_offered(&method, order)?;
        Ok(method)
    }

    /// An order may say by which methods it can be paid.
    fn is_offered(&self, method: &Method, order: usize) -> Result<(), Problem> {
        let listed = text(&self.orders[order].request["order_meta"]["payment_methods"]);
        let Some(listed) = listed else { return Ok(()) };
        let groups = |name: &str| GROUPS.iter().find(|(known, _)| *known == name).map(|(_, groups)| *groups);
        let mut known = listed.split(',').filter_map(|name| groups(name.trim())).peekable();
        if known.peek().is_none() || known.any(|groups| groups.contains(&method.group)) {
            return Ok(());
        }
        let message = format!("the order takes {listed} only");
        Err(Problem::invalid("payment_method_unsupported", message))
    }

    fn upi(&self, body: &Value, asked: &Value, order: usize) -> Result<Method, Problem> {
        let collect = asked["channel"] == "collect";
        if collect {
            check::present(body, "payment_method.upi.upi_id")?;
        }
        check::vpa(body, "payment_method.upi.upi_id")?;
        let id = text(&asked["upi_id"]);
        let details = json!({
            "channel": asked["channel"], "upi_id": id, "upi_payer_ifsc": null,
            "upi_payer_account_number": null, "upi_instrument": "UPI", "upi_instrument_number": null,
        });
        let mut method = Method::new("upi", "upi", asked, details);
        let account = self.orders[order].account();
        method.fate = id.and_then(|id| values::outcome(&id, account));
        Ok(method)
    }

    fn card(&self, body: &Value, asked: &Value, order: usize) -> Result<Method, Problem> {
        if let Some(id) = text(&asked["instrument_id"]) {
            return self.kept_card(asked, order, &id);
        }
        let token = text(&asked["cryptogram"]).is_some();
        if token {
            check::present(body, "payment_method.card.token_requestor_id")?;
            check::present(body, "payment_method.card.card_number")?;
        } else {
            check::card(body, "payment_method.card", self.now())?;
        }
        let details = card_details(asked, &text(&asked["card_number"]).unwrap_or_default());
        let group = group_of(&details, "credit_card", "debit_card");
        Ok(Method::new("card", group, asked, details))
    }

    /// A card that the customer let us keep.
    fn kept_card(&self, asked: &Value, order: usize, id: &str) -> Result<Method, Problem> {
        let customer = text(&self.orders[order].customer()["customer_id"]);
        let kept = self.instruments.find(id).map(|at| &self.instruments[at]);
        let kept = kept.filter(|one| one.is_active() && customer.as_deref() == Some(&one.customer));
        let Some(kept) = kept else {
            let path = "payment_method.card.instrument_id";
            return Err(Problem::member(path, "names no card of the customer", &asked["instrument_id"]));
        };
        let mut details = kept.card.clone();
        details["channel"] = asked["channel"].clone();
        details["instrument_id"] = json!(id);
        let group = group_of(&details, "credit_card", "debit_card");
        Ok(Method::new("card", group, asked, details))
    }

    fn card_emi(&self, body: &Value, asked: &Value, amount: Decimal) -> Result<Method, Problem> {
        check::card(body, "payment_method.emi", self.now())?;
        let bank = check::present(body, "payment_method.emi.card_bank_name")?;
        let number = text(&asked["card_number"]).unwrap_or_default();
        let mut details = card_details(asked, &number);
        let kind = if details["card_type"] == "debit_card" { "Debit" } else { "Credit" };
        let plan = plan(kind, &bank, &asked["emi_tenure"], amount)?;
        details["emi_tenure"] = json!(plan.months);
        details["emi_details"] = plan.details(amount);
        let group = group_of(&details, "credit_card_emi", "debit_card_emi");
        Ok(Method::new("emi", group, asked, details))
    }
}

fn group_of(details: &Value, credit: &'static str, debit: &'static str) -> &'static str {
    if details["card_type"] == "debit_card" { debit } else { credit }
}

fn card_details(asked: &Value, number: &str) -> Value {
    let kind = values::card(number);
    let hidden = number.chars().count().saturating_sub(4);
    let last: String = number.chars().skip(hidden).collect();
    json!({
        "channel": asked["channel"],
        "card_number": format!("{}{last}", "X".repeat(hidden)),
        "card_network": kind.scheme,
        "card_type": kind.card_type,
        "card_sub_type": kind.sub_type,
        "card_country": "IN",
        "card_bank_name": text(&asked["card_bank_name"]).unwrap_or_else(|| "TEST BANK".to_owned()),
        "card_network_reference_id": null,
        "instrument_id": null,
        "par": null,
    })
}

fn netbanking(asked: &Value) -> Result<Method, Problem> {
    let code = text(&asked["netbanking_bank_code"]).and_then(|code| code.parse::<u64>().ok());
    let known = match (code, text(&asked["netbanking_bank_name"])) {
        (Some(code), _) => codes::bank(code).map(|name| (code, name.to_owned())),
        (None, Some(name)) if name == values::TEST_BANK.1 => {
            Some((values::TEST_BANK.0, values::TEST_BANK.2.to_owned()))
        }
        (None, Some(name)) => Some((0, name)),
        (None, None) => return Err(Problem::missing("payment_method.netbanking.netbanking_bank_code")),
    };
    let Some((code, name)) = known else {
        let path = "payment_method.netbanking.netbanking_bank_code";
        return Err(Problem::member(path, "names no bank", &asked["netbanking_bank_code"]));
    };
    let details = json!({
        "channel": asked["channel"], "netbanking_bank_code": code, "netbanking_bank_name": name,
        "netbanking_ifsc": null, "netbanking_account_number": null,
    });
    Ok(Method::new("netbanking", "net_banking", asked, details))
}

fn cardless_emi(body: &Value, asked: &Value, amount: Decimal) -> Result<Method, Problem> {
    check::phone(body, "payment_method.cardless_emi.phone")?;
    let provider = check::present(body, "payment_method.cardless_emi.provider")?;
    let mut details = json!({
        "channel": asked["channel"], "provider": provider, "phone": asked["phone"], "emi_details": null,
    });
    // Some lenders let the payer choose the months on their own page.
    if text(&asked["emi_tenure"]).is_some() && codes::plans("Cardless", Some(&provider)).next().is_some() {
        details["emi_details"] = plan("Cardless", &provider, &asked["emi_tenure"], amount)?.details(amount);
    }
    Ok(Method::new("cardless_emi", "cardless_emi", asked, details))
}

/// The lender's plan over so many months, if it takes the amount.
fn plan(kind: &str, lender: &str, months: &Value, amount: Decimal) -> Result<codes::Plan, Problem> {
    let wanted = text(months).and_then(|months| months.parse::<u64>().ok());
    let found = codes::plans(kind, Some(lender)).find(|plan| Some(plan.months) == wanted);
    let Some(plan) = found else {
        return Err(Problem::member("payment_method.emi.emi_tenure", "is none of the bank's plans", months));
    };
    if !plan.takes(amount) {
        let message = format!("{lender} lends no {amount:.2} over {} months", plan.months);
        return Err(Problem::invalid("payment_amount_invalid", message));
    }
    Ok(plan)
}
