//! Plans and subscriptions, their payments and refunds.
//!
//! A subscription is initialised; a successful `AUTH` payment activates it; then it is charged, on demand or by
//! the calendar, within what its plan allows.

mod charge;
mod decide;
mod entity;
mod event;
mod plan;
mod refund;
mod returns;
mod schedule;
mod state;

use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) use plan::Plan;
pub(crate) use refund::ChargeRefund;
pub(crate) use state::{ChargeEvent, ChargeStatus, SubscriptionEvent, SubscriptionStatus};

use super::call::{Call, text, time};
use super::clock::Time;
use super::due::Task;
use super::payments::Outcome;
use super::vendors::Share;
use super::{World, check};
use crate::gateway::problem::Problem;

/// Subscriptions end after two years where the caller does not say when.
const DEFAULT_EXPIRY: chrono::TimeDelta = chrono::TimeDelta::days(730);
/// A payer has so long to authorise.
const AUTHORISE_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// The member that says when the first charge is.
const FIRST_CHARGE: &str = "subscription_first_charge_time";

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    number: u64,
    session: String,
    status: SubscriptionStatus,
    plan: Plan,
    request: Value,
    version: &'static str,
    created: Time,
    expires: Time,
    first_charge: Option<Time>,
    /// When the next charge by the calendar is presented.
    next_charge: Option<Time>,
    /// How many charges have succeeded.
    cycles: u64,
    /// How many days of the calendar have gone by, charged for or not.
    drawn: u64,
    authorization: Authorization,
    shares: Vec<Share>,
    /// Its payments, oldest first.
    payments: Vec<usize>,
}

/// The mandate.
#[derive(Debug, Clone)]
struct Authorization {
    amount: Decimal,
    refund: bool,
    status: &'static str,
    reference: Option<String>,
    time: Option<Time>,
    payment: Option<String>,
    method: Option<Mandate>,
}

/// How the payer lets be charged.
#[derive(Debug, Clone)]
struct Mandate {
    /// `upi`, `enach`, `pnach`, `card`
    key: &'static str,
    details: Value,
    /// The last day of the card's month.
    card_expires: Option<Time>,
    fate: Option<Outcome>,
}

/// A payment of a subscription.
#[derive(Debug)]
pub(crate) struct Charge {
    id: String,
    number: u64,
    transaction: u64,
    order: u64,
    subscription: usize,
    /// The authorisation, and not a charge.
    auth: bool,
    amount: Decimal,
    status: ChargeStatus,
    scheduled: Option<Time>,
    /// When its bank has decided; of a charge that is presented again, the second time.
    decided: Option<Time>,
    initiated: Time,
    remarks: Option<String>,
    retries: u64,
    failure: Option<String>,
    mandate: Mandate,
    version: &'static str,
    documents: Vec<String>,
    /// What refunds took of it, and will.
    refunded: Decimal,
}

impl World {
    pub(super) fn create_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let body = call.body;
        check::phone(body, "customer_details.customer_phone")?;
        check::email(body, "customer_details.customer_email")?;
        check::url(body, "subscription_meta.return_url")?;
        let id = call.text("subscription_id").unwrap_or_default();
        if self.subscriptions.find(&id).is_some() {
            let message = "subscription with same id is already present";
            return Err(Problem::conflict("subscription_already_exists", message));
        }
        let now = self.now();
        let plan = self.plan_of(&body["plan_details"])?;
        let expires = match time(body, "subscription_expiry_time")? {
            None => now + DEFAULT_EXPIRY,
            Some(time) if time > now => time,
            Some(_) => {
                let path = "subscription_expiry_time";
                return Err(Problem::member(path, "should be a time in the future", &body[path]));
            }
        };
        let shares = self.shares(&body["subscription_payment_splits"], Decimal::ONE_HUNDRED)?;
        let asked = &body["authorization_details"];
        let subscription = Subscription {
            number: self.ids.number(),
            session: format!("sub_session_{}", self.ids.token(48)),
            status: SubscriptionStatus::Initialized,
            plan,
            request: body.clone(),
            version: call.spec.version,
            created: now,
            expires,
            first_charge: time(body, FIRST_CHARGE)?,
            next_charge: None,
            cycles: 0,
            drawn: 0,
            authorization: Authorization {
                amount: super::money::decimal(&asked["authorization_amount"]).unwrap_or(Decimal::ONE),
                refund: super::call::flag(&asked["authorization_amount_refund"]),
                status: "INITIALIZED",
                reference: None,
                time: None,
                payment: None,
                method: None,
            },
            shares,
            payments: Vec::new(),
            id: id.clone(),
        };
        let session = subscription.session.clone();
        let at = self.subscriptions.insert(id, subscription);
        self.subscriptions.alias(session, at);
        self.due.at(expires, Task::SubscriptionExpires(at));
        self.due.at(now + AUTHORISE_WITHIN, Task::AuthorisationEnds(at));
        Ok(self.subscription_entity(at))
    }

    fn subscription(&self, id: &str) -> Result<usize, Problem> {
        let missing = || Problem::not_found("subscription_not_found", "subscription does not exist");
        self.subscriptions.find(id).ok_or_else(missing)
    }

    /// The methods that a subscription may be authorised by; none stands for all.
    pub(crate) fn mandates_of(&self, id: &str) -> Result<Vec<String>, Problem> {
        let request = &self.subscriptions[self.subscription(id)?].request;
        Ok(crate::spec::items(&request["authorization_details"]["payment_methods"])
            .filter_map(text)
            .collect())
    }

    pub(super) fn fetch_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.subscription(call.path("subscription_id"))?;
        Ok(self.subscription_entity(at))
    }

    pub(super) fn manage_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.subscription(call.path("subscription_id"))?;
        let action = call.text("action").unwrap_or_default();
        let event = match action.as_str() {
            "CANCEL" => SubscriptionEvent::Cancel,
            "PAUSE" => SubscriptionEvent::Pause,
            "ACTIVATE" => SubscriptionEvent::Activate,
            "CHANGE_PLAN" => {
                self.change_plan(at, &call.body["action_details"])?;
                return Ok(self.subscription_entity(at));
            }
            _ => {
                let rule = "should be CANCEL, PAUSE, ACTIVATE or CHANGE_PLAN";
                return Err(Problem::member("action", rule, &call.body["action"]));
            }
        };
        let wanted = time(call.body, "action_details.next_scheduled_time")?;
        if !self.subscription_event(at, event) {
            return Err(self.refused(at, &action));
        }
        if event == SubscriptionEvent::Activate {
            self.schedule_charge(at, wanted);
        }
        Ok(self.subscription_entity(at))
    }

    fn refused(&self, at: usize, what: &str) -> Problem {
        let message =
            format!("a subscription that is {} does not take {what}", self.subscriptions[at].status);
        Problem::invalid("subscription_status_invalid", message)
    }

    fn change_plan(&mut self, at: usize, details: &Value) -> Result<(), Problem> {
        let status = self.subscriptions[at].status;
        if !matches!(status, SubscriptionStatus::Active | SubscriptionStatus::Initialized) {
            return Err(self.refused(at, "CHANGE_PLAN"));
        }
        if text(&details["plan_id"]).is_none() {
            return Err(Problem::missing("action_details.plan_id"));
        }
        let plan = self.plan_of(details)?;
        self.must_have_cycles(at, &plan)?;
        let now = self.now();
        let subscription = &mut self.subscriptions[at];
        subscription.plan = plan;
        // Its days are no days of the plan before: they are counted from the change, or from the first day that
        // was agreed on, if that is still to come.
        let agreed = time(&subscription.request, FIRST_CHARGE)?;
        subscription.first_charge = agreed.filter(|first| *first > now);
        (subscription.next_charge, subscription.drawn) = (None, 0);
        if status == SubscriptionStatus::Active {
            self.schedule_charge(at, None);
        }
        Ok(())
    }

    /// What happens to a subscription happens here, if it can.
    fn subscription_event(&mut self, at: usize, event: SubscriptionEvent) -> bool {
        let Some(next) = self.subscriptions[at].status.next(event) else { return false };
        self.subscriptions[at].status = next;
        self.emit_subscription(at);
        let over = !matches!(
            next,
            SubscriptionStatus::Initialized
                | SubscriptionStatus::BankApprovalPending
                | SubscriptionStatus::Active
                | SubscriptionStatus::OnHold
                | SubscriptionStatus::CustomerPaused
        );
        if over {
            self.subscriptions[at].next_charge = None;
            for charge in self.subscriptions[at].payments.clone() {
                self.cancel_charge(charge);
            }
        }
        true
    }

    /// What the payer does at the bank or in an app.
    pub(crate) fn customer_manages(&mut self, id: &str, action: &str) -> Result<Value, Problem> {
        let at = self.subscription(id)?;
        let event = match action {
            "CANCEL" => SubscriptionEvent::CustomerCancels,
            "PAUSE" => SubscriptionEvent::Pause,
            "ACTIVATE" => SubscriptionEvent::Activate,
            _ => {
                return Err(Problem::member("action", "should be CANCEL, PAUSE or ACTIVATE", &action.into()));
            }
        };
        if !self.subscription_event(at, event) {
            return Err(self.refused(at, action));
        }
        if event == SubscriptionEvent::Activate {
            self.schedule_charge(at, None);
        }
        Ok(self.subscription_entity(at))
    }

    pub(crate) fn subscription_expires(&mut self, at: usize) {
        if self.subscriptions[at].expires <= self.now() {
            self.subscription_event(at, SubscriptionEvent::Expire);
        }
    }

    /// A payer who has not authorised by now will not.
    pub(crate) fn authorisation_ends(&mut self, at: usize) {
        self.subscription_event(at, SubscriptionEvent::GiveUp);
    }
}
