//! What the merchant hears of subscriptions. Each version has its own spelling of some members: the events
//! have them all, and are cut to what a version declares.

use serde_json::{Value, json};

use crate::world::call::{pick, with};
use crate::world::{World, customers};

impl World {
    pub(super) fn emit_subscription(&mut self, at: usize) {
        let (data, version) = (self.subscription_event_data(at), self.subscriptions[at].version);
        self.emit("SUBSCRIPTION_STATUS_CHANGED", version, None, data);
    }

    pub(super) fn emit_card_expiry(&mut self, at: usize) {
        let subscription = &self.subscriptions[at];
        let version = subscription.version;
        let expires = subscription.authorization.method.as_ref().and_then(|method| method.card_expires);
        let day = expires.map(|time| (time - chrono::TimeDelta::days(1)).format("%Y-%m-%d").to_string());
        let data = json!({
            "subscription_status_webhook": self.subscription_event_data(at), "card_expiry_date": day,
        });
        self.emit("SUBSCRIPTION_CARD_EXPIRY_REMINDER", version, None, data);
    }

    fn subscription_event_data(&self, at: usize) -> Value {
        let entity = self.subscription_entity(at);
        let subscription = &self.subscriptions[at];
        let plan = [
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
        ];
        let authorization = &subscription.authorization;
        json!({
            "subscription_details": subscription_details(&entity),
            "customer_details": customers::shown(&subscription.request["customer_details"]),
            "plan_details": pick(&subscription.plan.entity(), &plan),
            "authorization_details": with(authorization.entity(), authorization.camel()),
            "payment_gateway_details": {
                "gateway_name": "CASHFREE",
                "gateway_subscription_id": subscription.number.to_string(),
                "gateway_plan_id": subscription.plan.id(),
                "gateway_auth_id": authorization.reference,
            },
        })
    }

    pub(super) fn emit_charge(&mut self, kind: &str, at: usize) {
        let charge = &self.charges[at];
        let (version, subscription) = (charge.version, &self.subscriptions[charge.subscription]);
        let names = [
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
        ];
        let mut data = pick(&self.charge_entity(at), &names);
        data["payment_currency"] = json!("INR");
        data["failureDetails"] = match &charge.failure {
            Some(reason) => json!({ "failureReason": reason }),
            None => Value::Null,
        };
        data["subscription_details"] = subscription_details(&self.subscription_entity(charge.subscription));
        data["payment_gateway_details"] = json!({
            "gateway_name": "CASHFREE",
            "gateway_subscription_id": subscription.number.to_string(),
            "gateway_payment_id": charge.number.to_string(),
        });
        self.emit(kind, version, None, data);
    }
}

fn subscription_details(entity: &Value) -> Value {
    let names = [
        "cf_subscription_id",
        "subscription_id",
        "subscription_status",
        "subscription_expiry_time",
        "subscription_first_charge_time",
        "subscription_tags",
        "next_schedule_date",
    ];
    pick(entity, &names)
}
