//! Plans, subscriptions, their payments and refunds.
//!
//! A subscription is initialised; a successful `AUTH` payment activates it; then it takes `CHARGE` payments.
//! Payments wait for `POST /simulate` with `SUBS_PAYMENTS`, except by the UPI ids that decide at once.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::records::overlay;
use super::simulate::entity_invalid;
use super::{Call, Outcome, World, amount, text};
use crate::money;
use crate::problem::Problem;

const PLAN: &str = "plan";
const SUBSCRIPTION: &str = "subscription";
const PAYMENT: &str = "subscription payment";
const REFUND: &str = "subscription refund";

impl World {
    pub(super) fn create_plan(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("plan_id").unwrap_or_default();
        self.records.must_be_new(PLAN, &id)?;
        let plan = self.entity(call, json!({ "plan_status": "ACTIVE" }));
        self.records.insert(PLAN, id, plan.clone());
        Ok(plan)
    }

    pub(super) fn fetch_plan(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.records.find(PLAN, call.path("plan_id"), "plan_not_found").cloned()
    }

    pub(super) fn create_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("subscription_id").unwrap_or_default();
        self.records.must_be_new(SUBSCRIPTION, &id)?;
        let plan = self.plan_of(&call.body["plan_details"])?;
        let asked = &call.body["authorization_details"];
        let authorization = json!({
            "authorization_amount": money::number(money::decimal(&asked["authorization_amount"]).unwrap_or(Decimal::ONE)),
            "authorization_amount_refund": asked["authorization_amount_refund"] == true,
            "authorization_reference": null,
            "authorization_time": null,
            "authorization_status": "INITIALIZED",
            "payment_id": null,
            "payment_method": null,
        });
        let extra = json!({
            "cf_subscription_id": self.next_id().to_string(),
            "subscription_session_id": format!("sub_session_{}", self.token(48)),
            "subscription_status": "INITIALIZED",
            "plan_details": plan,
            // The spec says authorisation, the API sends authorization.
            "authorisation_details": authorization,
            "authorization_details": authorization,
        });
        let subscription = self.entity(call, extra);
        self.records.insert(SUBSCRIPTION, id, subscription.clone());
        Ok(subscription)
    }

    /// The plan that is named, or the one that is described.
    fn plan_of(&mut self, details: &Value) -> Result<Value, Problem> {
        let described = details["plan_type"].is_string() && details["plan_name"].is_string();
        match text(&details["plan_id"]) {
            Some(id) => match self.records.get_mut(PLAN, &id) {
                Some(plan) => Ok(plan.clone()),
                None if described => Ok(details.clone()),
                None => Err(Problem::not_found("plan_not_found", "plan does not exist")),
            },
            None => Ok(details.clone()),
        }
    }

    fn subscription(&mut self, id: &str) -> Result<&mut Value, Problem> {
        self.records.find(SUBSCRIPTION, id, "subscription_not_found")
    }

    pub(super) fn fetch_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.subscription(call.path("subscription_id")).cloned()
    }

    pub(super) fn manage_subscription(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("subscription_id");
        let status = text(&self.subscription(id)?["subscription_status"]).unwrap_or_default();
        let action = call.text("action").unwrap_or_default();
        let refuse = || {
            let message = format!("a subscription that is {status} does not take {action}");
            Err(Problem::invalid("subscription_status_invalid", message))
        };
        let next = match (action.as_str(), status.as_str()) {
            ("CANCEL", "CANCELLED") => return refuse(),
            ("CANCEL", _) => "CANCELLED",
            ("PAUSE", "ACTIVE") => "CUSTOMER_PAUSED",
            ("ACTIVATE", "CUSTOMER_PAUSED" | "ON_HOLD") => "ACTIVE",
            ("CHANGE_PLAN", "ACTIVE" | "INITIALIZED") => {
                let plan = self.plan_of(&call.body["action_details"])?;
                self.subscription(id)?["plan_details"] = plan;
                return self.subscription(id).cloned();
            }
            ("PAUSE" | "ACTIVATE" | "CHANGE_PLAN", _) => return refuse(),
            _ => {
                let message = "action : should be CANCEL, PAUSE, ACTIVATE or CHANGE_PLAN. Value received: ";
                return Err(Problem::invalid("action_invalid", format!("{message}{action}")));
            }
        };
        self.set_subscription_status(id, next);
        self.subscription(id).cloned()
    }

    fn set_subscription_status(&mut self, id: &str, status: &str) {
        let Some(subscription) = self.records.get_mut(SUBSCRIPTION, id) else { return };
        subscription["subscription_status"] = json!(status);
        let subscription = subscription.clone();
        let details = super::pick(
            &subscription,
            &[
                "cf_subscription_id",
                "subscription_id",
                "subscription_status",
                "subscription_expiry_time",
                "subscription_first_charge_time",
                "subscription_tags",
            ],
        );
        let customer = &subscription["customer_details"];
        let plan = super::pick(
            &subscription["plan_details"],
            &[
                "plan_id",
                "plan_name",
                "plan_type",
                "plan_max_cycles",
                "plan_recurring_amount",
                "plan_max_amount",
                "plan_interval_type",
                "plan_intervals",
                "plan_currency",
                "plan_note",
                "plan_status",
            ],
        );
        let data = json!({
            "subscription_details": details,
            "customer_details":
                super::pick(customer, &["customer_name", "customer_email", "customer_phone"]),
            "plan_details": plan,
            "authorization_details": subscription["authorization_details"],
            "payment_gateway_details": {
                "gateway_name": "CASHFREE",
                "gateway_subscription_id": subscription["cf_subscription_id"],
                "gateway_plan_id": subscription["plan_details"]["plan_id"],
                "gateway_auth_id": null,
            },
        });
        self.emit_of(&subscription, "SUBSCRIPTION_STATUS_CHANGED", data);
    }

    pub(super) fn create_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.text("subscription_id").unwrap_or_default();
        let payment_id = call.text("payment_id").unwrap_or_default();
        let subscription = self.subscription(&id)?.clone();
        self.records.must_be_new(PAYMENT, &payment_id)?;
        let kind = call.text("payment_type").unwrap_or_default();
        let active = subscription["subscription_status"] == "ACTIVE";
        match kind.as_str() {
            "AUTH" => {}
            "CHARGE" if active => {}
            "CHARGE" => {
                return Err(Problem::invalid("subscription_status_invalid", "subscription is not active"));
            }
            _ => {
                let message = format!("payment_type : should be AUTH or CHARGE. Value received: {kind}");
                return Err(Problem::invalid("payment_type_invalid", message));
            }
        }
        let authorization = &subscription["authorization_details"];
        let sum = match &call.body["payment_amount"] {
            Value::Null => amount(&authorization["authorization_amount"]),
            sum => amount(sum),
        };
        let method = &call.body["payment_method"];
        let upi = text(&method["upi"]["upi_id"]).or_else(|| text(&method["upi_id"]));
        let name = method.as_object().and_then(|method| method.keys().next());
        let name = name.filter(|name| method[name.as_str()].is_object()).map_or("upi", String::as_str);
        let extra = json!({
            "cf_payment_id": self.next_id().to_string(),
            "cf_subscription_id": subscription["cf_subscription_id"],
            "cf_txn_id": self.next_id().to_string(),
            "cf_order_id": self.next_id().to_string(),
            "payment_amount": money::number(sum),
            "payment_status": if kind == "AUTH" { "INITIALIZED" } else { "PENDING" },
            "payment_initiated_date": self.stamp(),
            "payment_method": name,
            "retry_attempts": 0,
            "failure_details": { "failure_reason": null },
            "authorization_details": authorization,
            "data": {},
        });
        let payment = self.entity(call, extra);
        let answer = payment.clone();
        self.records.insert(PAYMENT, &payment_id, payment);
        match upi.as_deref() {
            Some("testsuccess@gocash") => self.settle_subscription_payment(&payment_id, &Outcome::Success),
            Some("testfailure@gocash") => {
                self.settle_subscription_payment(&payment_id, &Outcome::Failed("DEBIT_FAILED".to_owned()));
            }
            _ => {}
        }
        Ok(answer)
    }

    /// Decides a payment that waits.
    fn settle_subscription_payment(&mut self, id: &str, outcome: &Outcome) {
        let now = self.stamp();
        let Some(payment) = self.records.get_mut(PAYMENT, id).filter(|one| waits(one)) else { return };
        let auth = payment["payment_type"] == "AUTH";
        let (status, kind, reason) = match outcome {
            Outcome::Success => ("SUCCESS", "SUBSCRIPTION_PAYMENT_SUCCESS", None),
            Outcome::Failed(reason) => ("FAILED", "SUBSCRIPTION_PAYMENT_FAILED", Some(reason.as_str())),
            Outcome::UserDropped => ("CANCELLED", "SUBSCRIPTION_PAYMENT_CANCELLED", None),
            Outcome::Pending => return,
        };
        payment["payment_status"] = json!(status);
        payment["failure_details"] = json!({ "failure_reason": reason });
        let authorization = json!({
            "authorization_status": if status == "SUCCESS" { "ACTIVE" } else { "FAILED" },
            "authorization_time": now,
            "authorization_reference": payment["cf_txn_id"],
            "payment_id": id,
            "payment_method": payment["payment_method"],
        });
        if auth {
            overlay(&mut payment["authorization_details"], authorization);
        }
        let payment = payment.clone();
        let subscription = text(&payment["subscription_id"]).unwrap_or_default();
        if auth && let Some(entity) = self.records.get_mut(SUBSCRIPTION, &subscription) {
            entity["authorization_details"] = payment["authorization_details"].clone();
            entity["authorisation_details"] = payment["authorization_details"].clone();
        }
        self.emit_subscription_payment(if auth { "SUBSCRIPTION_AUTH_STATUS" } else { kind }, &payment);
        if auth && status == "SUCCESS" {
            self.set_subscription_status(&subscription, "ACTIVE");
        }
    }

    fn emit_subscription_payment(&mut self, kind: &str, payment: &Value) {
        let mut data = super::pick(
            payment,
            &[
                "payment_id",
                "cf_payment_id",
                "cf_txn_id",
                "cf_order_id",
                "subscription_id",
                "cf_subscription_id",
                "payment_type",
                "authorization_details",
                "payment_amount",
                "payment_schedule_date",
                "payment_initiated_date",
                "payment_remarks",
                "retry_attempts",
                "failure_details",
                "payment_status",
            ],
        );
        data["payment_currency"] = json!("INR");
        data["payment_gateway_details"] = json!({
            "gateway_name": "CASHFREE",
            "gateway_subscription_id": payment["cf_subscription_id"],
            "gateway_payment_id": payment["cf_payment_id"],
        });
        self.emit_of(payment, kind, data);
    }

    pub(super) fn simulate_subscription_payment(&mut self, id: &str, wanted: &Value) -> Result<(), Problem> {
        let by_number = |one: &&Value| text(&one["cf_payment_id"]).as_deref() == Some(id);
        let found = self.records.of(PAYMENT).find(by_number).map(|one| text(&one["payment_id"]));
        let id = found.flatten().unwrap_or_else(|| id.to_owned());
        let payment = self.records.get_mut(PAYMENT, &id).ok_or_else(|| entity_invalid(&id))?;
        if !waits(payment) {
            return Err(Problem::invalid("entity_id_invalid", "payment is no longer pending"));
        }
        let status = text(&wanted["payment_status"]).unwrap_or_default();
        if let Some(outcome) = Outcome::parse(&status, text(&wanted["payment_error_code"])) {
            self.settle_subscription_payment(&id, &outcome);
        }
        Ok(())
    }

    fn subscription_payment(&mut self, call: &Call<'_>) -> Result<&mut Value, Problem> {
        let payment = self.records.find(PAYMENT, call.path("payment_id"), "payment_not_found")?;
        if text(&payment["subscription_id"]).as_deref() != Some(call.path("subscription_id")) {
            return Err(super::payments::payment_not_found());
        }
        Ok(payment)
    }

    pub(super) fn fetch_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.subscription_payment(call).cloned()
    }

    pub(super) fn fetch_subscription_payments(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("subscription_id");
        self.subscription(id)?;
        let all = self.records.of(PAYMENT);
        Ok(all.filter(|one| text(&one["subscription_id"]).as_deref() == Some(id)).cloned().collect())
    }

    pub(super) fn manage_subscription_payment(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let action = call.text("action").unwrap_or_default();
        let payment = self.subscription_payment(call)?;
        match (action.as_str(), waits(payment), payment["payment_status"] == "FAILED") {
            ("CANCEL", true, _) => {
                payment["payment_status"] = json!("CANCELLED");
                let payment = payment.clone();
                self.emit_subscription_payment("SUBSCRIPTION_PAYMENT_CANCELLED", &payment);
            }
            ("RETRY", _, true) => {
                let attempts = payment["retry_attempts"].as_u64().unwrap_or(0);
                payment["payment_status"] = json!("PENDING");
                payment["retry_attempts"] = json!(attempts + 1);
                if !call.body["action_details"]["next_scheduled_time"].is_null() {
                    payment["payment_schedule_date"] =
                        call.body["action_details"]["next_scheduled_time"].clone();
                }
            }
            ("CANCEL" | "RETRY", ..) => {
                return Err(Problem::invalid(
                    "payment_status_invalid",
                    "payment does not take this action now",
                ));
            }
            _ => {
                let message = format!("action : should be CANCEL or RETRY. Value received: {action}");
                return Err(Problem::invalid("action_invalid", message));
            }
        }
        self.fetch_subscription_payment(call)
    }

    pub(super) fn create_subscription_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.subscription(call.path("subscription_id"))?;
        let id = call.text("refund_id").unwrap_or_default();
        self.records.must_be_new(REFUND, &id)?;
        let (by_id, by_number) = (call.text("payment_id"), call.text("cf_payment_id"));
        let named = |one: &&Value| {
            by_id.is_some() && text(&one["payment_id"]) == by_id
                || by_number.is_some() && text(&one["cf_payment_id"]) == by_number
        };
        let payment = self.records.of(PAYMENT).find(named).cloned();
        let payment = payment.ok_or_else(super::payments::payment_not_found)?;
        let of_payment = |one: &&Value| one["payment_id"] == payment["payment_id"];
        let given: Decimal =
            self.records.of(REFUND).filter(of_payment).map(|one| amount(&one["refund_amount"])).sum();
        let wanted = amount(&call.body["refund_amount"]);
        let left = amount(&payment["payment_amount"]) - given;
        if payment["payment_status"] != "SUCCESS" || wanted <= Decimal::ZERO || wanted > left {
            let message = "refund_amount : should be at most what was paid and not yet refunded";
            return Err(Problem::invalid("refund_amount_invalid", message));
        }
        let extra = json!({
            "payment_id": payment["payment_id"],
            "cf_payment_id": payment["cf_payment_id"],
            "cf_refund_id": format!("SUB_{}", self.uuid()),
            "refund_amount": money::number(wanted),
            "refund_speed": call.text("refund_speed").unwrap_or_else(|| "STANDARD".to_owned()),
            "refund_status": "PENDING",
        });
        let refund = self.entity(call, extra);
        let mut done = refund.clone();
        done["refund_status"] = json!("SUCCESS");
        self.records.insert(REFUND, id, done.clone());
        let mut data = super::pick(
            &done,
            &[
                "payment_id",
                "cf_payment_id",
                "refund_id",
                "cf_refund_id",
                "refund_amount",
                "refund_speed",
                "refund_note",
                "refund_status",
            ],
        );
        data["failure_details"] = Value::Null;
        data["refund_gateway_details"] = json!({
            "gateway_name": "CASHFREE", "gateway_payment_id": payment["cf_payment_id"],
            "gateway_refund_id": done["cf_refund_id"],
        });
        self.emit_of(&done, "SUBSCRIPTION_REFUND_STATUS", data);
        Ok(refund)
    }

    pub(super) fn fetch_subscription_refund(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.records.find(REFUND, call.path("refund_id"), "refund_get_not_found").cloned()
    }

    pub(super) fn upload_subscription_document(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let id = call.path("payment_id");
        self.records.find(PAYMENT, id, "payment_not_found")?;
        Ok(json!({
            "payment_id": id, "authorization_status": "PENDING", "action": call.body["action"],
            "payment_message": "document received",
        }))
    }
}

fn waits(payment: &Value) -> bool {
    payment["payment_status"] == "INITIALIZED" || payment["payment_status"] == "PENDING"
}
