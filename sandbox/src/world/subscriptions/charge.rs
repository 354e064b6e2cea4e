//! Payments of a subscription: begun by the merchant, managed by the merchant.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Charge, ChargeEvent, ChargeStatus, Mandate, Plan, SubscriptionEvent, SubscriptionStatus};
use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount, text, time, with};
use crate::world::clock::Time;
use crate::world::due::Task;
use crate::world::payments::payment_not_found;
use crate::world::{World, check, values};

const KEYS: [&str; 4] = ["card", "enach", "pnach", "upi"];

impl World {
    pub(crate) fn create_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.subscription(&call.text("subscription_id").unwrap_or_default())?;
        let id = call.text("payment_id").unwrap_or_default();
        if self.charges.find(&id).is_some() {
            let message = "subscription payment with same id is already present";
            return Err(Problem::conflict("subscription_payment_already_exists", message));
        }
        let auth = match call.text("payment_type").as_deref() {
            Some("AUTH") => true,
            Some("CHARGE") => false,
            _ => {
                let rule = "should be AUTH or CHARGE";
                return Err(Problem::member("payment_type", rule, &call.body["payment_type"]));
            }
        };
        let sum = match &call.body["payment_amount"] {
            Value::Null if auth => self.subscriptions[at].authorization.amount,
            Value::Null => return Err(Problem::missing("payment_amount")),
            sum => amount(sum),
        };
        if auth {
            self.must_take_auth(at)?;
        } else {
            self.must_take_charge(at, sum, &call.body["payment_amount"])?;
        }
        let mandate = self.mandate(at, call.body, auth)?;
        let scheduled = time(call.body, "payment_schedule_date")?;
        let remarks = call.text("payment_remarks");
        let charge = self.add_charge(at, id, auth, sum, (mandate, scheduled, remarks, call.spec.version));
        let fate = self.charges[charge].mandate.fate.clone();
        if auth {
            let on_account = matches!(self.charges[charge].mandate.key, "enach" | "pnach");
            if on_account {
                self.subscription_event(at, SubscriptionEvent::Submit);
            }
        } else if scheduled.is_some_and(|time| time > self.now()) {
            self.due.at(scheduled.unwrap_or_else(|| self.now()), Task::ChargePresented(charge));
        } else {
            self.present_charge(charge);
        }
        let page = format!("{}/_sandbox/subscriptions/pay/{}", call.origin, self.charges[charge].number);
        let answer = with(self.charge_entity(charge), json!({ "data": { "url": page } }));
        if let Some(outcome) = fate.filter(|_| self.charges[charge].status.is_open()) {
            self.decide_charge(charge, &outcome);
        }
        Ok(answer)
    }

    /// Only a subscription that nobody has authorised takes an authorisation.
    fn must_take_auth(&self, at: usize) -> Result<(), Problem> {
        match self.subscriptions[at].status {
            SubscriptionStatus::Initialized | SubscriptionStatus::BankApprovalPending => Ok(()),
            _ => Err(self.refused(at, "AUTH")),
        }
    }

    /// Charges stay within what the payer has agreed to.
    fn must_take_charge(&self, at: usize, sum: Decimal, shown: &Value) -> Result<(), Problem> {
        let subscription = &self.subscriptions[at];
        if subscription.status != SubscriptionStatus::Active {
            return Err(Problem::invalid("subscription_status_invalid", "subscription is not active"));
        }
        if sum <= Decimal::ZERO {
            return Err(Problem::member("payment_amount", "should be greater than 0", shown));
        }
        if let Some(most) = subscription.plan.most.filter(|most| sum > *most) {
            return Err(Problem::member("payment_amount", &format!("should be at most {most}"), shown));
        }
        self.must_have_cycles(at, &subscription.plan)
    }

    /// Something is left to charge by this plan.
    pub(super) fn must_have_cycles(&self, at: usize, plan: &Plan) -> Result<(), Problem> {
        if self.has_cycles(at, plan) {
            return Ok(());
        }
        Err(Problem::invalid("subscription_status_invalid", "the plan's cycles are used up"))
    }

    /// Whether another charge is within the plan's cycles, if those that are open succeed.
    pub(super) fn has_cycles(&self, at: usize, plan: &Plan) -> bool {
        let subscription = &self.subscriptions[at];
        let open = |charge: &&usize| {
            let charge = &self.charges[**charge];
            !charge.auth && charge.status.is_open()
        };
        let open = subscription.payments.iter().filter(open).count() as u64;
        plan.cycles.is_none_or(|most| subscription.cycles + open < most)
    }

    /// 2023-08-01 declares the method under its key, 2025-01-01 without: there its members tell which it is.
    fn mandate(&self, at: usize, body: &Value, auth: bool) -> Result<Mandate, Problem> {
        let asked = &body["payment_method"];
        let keyed = KEYS.into_iter().find(|key| asked[*key].is_object());
        let flat = || match asked {
            Value::Object(_) if text(&asked["card_number"]).is_some() => Some("card"),
            Value::Object(_) if text(&asked["mandate_creation_date"]).is_some() => Some("pnach"),
            Value::Object(_) if text(&asked["account_number"]).is_some() => Some("enach"),
            Value::Object(_) if text(&asked["channel"]).is_some() => Some("upi"),
            _ => None,
        };
        let known = self.subscriptions[at].authorization.method.clone();
        let (key, details) = match (keyed, flat(), known) {
            (Some(key), ..) => (key, &asked[key]),
            (None, Some(key), _) => (key, asked),
            // A charge goes by what was authorised.
            (None, None, Some(known)) if !auth => return Ok(Mandate { fate: None, ..known }),
            (None, None, _) => ("upi", &Value::Null),
        };
        let wrapped = json!({ "payment_method": { key: details } });
        check::vpa(&wrapped, "payment_method.upi.upi_id")?;
        if key == "card" {
            check::card(&wrapped, "payment_method.card", self.now())?;
        }
        let fate = text(&details["upi_id"]).and_then(|id| values::outcome(&id, None));
        Ok(Mandate { key, details: shown(key, details), card_expires: card_expires(details), fate })
    }

    pub(super) fn add_charge(
        &mut self,
        at: usize,
        id: String,
        auth: bool,
        amount: Decimal,
        (mandate, scheduled, remarks, version): (Mandate, Option<Time>, Option<String>, &'static str),
    ) -> usize {
        let charge = Charge {
            number: self.ids.number(),
            transaction: self.ids.number(),
            order: self.ids.number(),
            subscription: at,
            auth,
            amount,
            status: ChargeStatus::Initialized,
            scheduled,
            decided: None,
            initiated: self.now(),
            remarks,
            retries: 0,
            failure: None,
            mandate,
            version,
            documents: Vec::new(),
            refunded: Decimal::ZERO,
            id: id.clone(),
        };
        let number = charge.number.to_string();
        let charge = self.charges.insert(id, charge);
        self.charges.alias(number, charge);
        self.subscriptions[at].payments.push(charge);
        charge
    }

    /// The payment of the subscription that a path names.
    fn charge_of(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let subscription = self.subscription(call.path("subscription_id"))?;
        let charge = self.charges.find(call.path("payment_id"));
        charge
            .filter(|charge| self.charges[*charge].subscription == subscription)
            .ok_or_else(payment_not_found)
    }

    pub(crate) fn fetch_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let charge = self.charge_of(call)?;
        Ok(self.charge_entity(charge))
    }

    pub(crate) fn fetch_subscription_payments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.subscription(call.path("subscription_id"))?;
        Ok(self.subscriptions[at].payments.iter().map(|charge| self.charge_entity(*charge)).collect())
    }

    pub(crate) fn manage_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let charge = self.charge_of(call)?;
        let done = match call.text("action").as_deref() {
            Some("CANCEL") => self.cancel_charge(charge),
            Some("RETRY") => {
                let when = time(call.body, "action_details.next_scheduled_time")?;
                self.retry_charge(charge, when)
            }
            _ => {
                let rule = "should be CANCEL or RETRY";
                return Err(Problem::member("action", rule, &call.body["action"]));
            }
        };
        if !done {
            let message = "payment does not take this action now";
            return Err(Problem::invalid("payment_status_invalid", message));
        }
        Ok(self.charge_entity(charge))
    }

    fn retry_charge(&mut self, at: usize, when: Option<Time>) -> bool {
        let subscription = self.charges[at].subscription;
        let status = self.subscriptions[subscription].status;
        let takes = matches!(status, SubscriptionStatus::Active | SubscriptionStatus::OnHold);
        if !takes || self.charges[at].auth || !self.charge_event(at, ChargeEvent::Retry) {
            return false;
        }
        let charge = &mut self.charges[at];
        charge.retries += 1;
        charge.failure = None;
        charge.scheduled = when.or(charge.scheduled);
        self.await_bank(at, when);
        true
    }

    /// The mandate on paper, for the bank.
    pub(crate) fn upload_subscription_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.charges.find(call.path("payment_id")).ok_or_else(payment_not_found)?;
        let charge = &mut self.charges[at];
        if !charge.auth || !charge.status.is_open() {
            return Err(Problem::invalid("payment_status_invalid", "payment takes no document now"));
        }
        charge.documents.extend(call.text("file"));
        let (id, subscription) = (charge.id.clone(), charge.subscription);
        let status = self.subscriptions[subscription].authorization.status;
        Ok(json!({
            "payment_id": id, "authorization_status": status, "action": call.body["action"],
            "payment_message": "document received",
        }))
    }
}

/// The method as payments by it show it, numbers masked.
fn shown(key: &str, details: &Value) -> Value {
    let mut shown = details.clone();
    if let Value::Object(members) = &mut shown {
        for name in ["card_cvv", "card_expiry_mm", "card_expiry_yy", "card_holder_name"] {
            members.remove(name);
        }
    }
    match key {
        "card" => {
            let number = text(&details["card_number"]).unwrap_or_default();
            let kind = values::card(&number);
            let hidden = number.chars().count().saturating_sub(4);
            let last: String = number.chars().skip(hidden).collect();
            with(
                shown,
                json!({
                    "card_number": format!("{}{last}", "X".repeat(hidden)), "card_network": kind.scheme,
                    "card_type": kind.card_type, "card_sub_type": kind.sub_type, "card_country": "IN",
                    "card_bank_name": "TEST BANK",
                }),
            )
        }
        "upi" if shown.is_null() => json!({ "channel": "link", "upi_id": null }),
        _ => shown,
    }
}

/// The end of a card's last month.
fn card_expires(details: &Value) -> Option<Time> {
    let month: u32 = text(&details["card_expiry_mm"])?.parse().ok()?;
    let year = text(&details["card_expiry_yy"])?;
    let full = if year.len() == 2 { format!("20{year}") } else { year };
    let first = crate::world::clock::read(&format!("{full}-{month:02}-01"))?;
    first.checked_add_months(chrono::Months::new(1))
}
