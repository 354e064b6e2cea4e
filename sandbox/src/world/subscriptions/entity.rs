//! Subscriptions and their payments as the API shows them.

use serde_json::{Value, json};

use super::{Authorization, Mandate};
use crate::world::call::with;
use crate::world::ledger::Entry;
use crate::world::{World, clock, money};

impl World {
    pub(super) fn subscription_entity(&self, at: usize) -> Value {
        let subscription = &self.subscriptions[at];
        let authorization = subscription.authorization.entity();
        let extra = json!({
            "cf_subscription_id": subscription.number.to_string(),
            "subscription_session_id": subscription.session,
            "subscription_status": subscription.status.as_str(),
            "subscription_expiry_time": clock::write(subscription.expires),
            "subscription_first_charge_time": subscription.first_charge.map(clock::write),
            "next_schedule_date": subscription.next_charge.map(clock::write),
            "plan_details": subscription.plan.entity(),
            // The specification says authorisation, the API sends authorization.
            "authorisation_details": authorization,
            "authorization_details": authorization,
        });
        with(subscription.request.clone(), extra)
    }

    pub(super) fn charge_entity(&self, at: usize) -> Value {
        let charge = &self.charges[at];
        let subscription = &self.subscriptions[charge.subscription];
        json!({
            "payment_id": charge.id,
            "cf_payment_id": charge.number.to_string(),
            "cf_subscription_id": subscription.number.to_string(),
            "cf_txn_id": charge.transaction.to_string(),
            "cf_order_id": charge.order.to_string(),
            "subscription_id": subscription.id,
            "payment_type": if charge.auth { "AUTH" } else { "CHARGE" },
            "payment_amount": money::number(charge.amount),
            "payment_status": charge.status.as_str(),
            "payment_initiated_date": clock::write(charge.initiated),
            "payment_schedule_date": charge.scheduled.map(clock::write),
            "payment_remarks": charge.remarks,
            "payment_method": charge.mandate.entity(),
            "retry_attempts": charge.retries,
            "failure_details": { "failure_reason": charge.failure },
            "authorization_details": subscription.authorization.entity(),
        })
    }

    /// What reconciliation says of a subscription's payment.
    pub(crate) fn charge_columns(&self, at: usize, entry: &Entry) -> Value {
        let charge = &self.charges[at];
        let (fee, tax) = (money::number(entry.fee), money::number(entry.tax));
        json!({
            "order_id": charge.id, "order_amount": money::number(charge.amount), "order_currency": "INR",
            "payment_amount": money::number(charge.amount), "payment_currency": "INR",
            "payment_time": clock::write(charge.initiated), "payment_mode": charge.mandate.key,
            "payment_group": charge.mandate.key, "payment_service_charge": fee,
            "payment_service_tax": tax, "cf_payment_id": charge.number.to_string(),
            "status": charge.status.as_str(), "service_charge": fee, "service_tax": tax,
        })
    }

    /// What the pages show of a subscription.
    pub(crate) fn subscription_summary(&self, at: usize) -> Value {
        let subscription = &self.subscriptions[at];
        let payments = subscription.payments.iter().rev().map(|at| self.charge_summary(*at));
        json!({
            "subscription_id": subscription.id, "subscription_status": subscription.status.as_str(),
            "subscription_session_id": subscription.session,
            "plan_name": subscription.plan.entity()["plan_name"],
            "plan_type": subscription.plan.entity()["plan_type"],
            "authorization_amount": money::number(subscription.authorization.amount),
            "next_charge": subscription.next_charge.map(clock::write), "cycles": subscription.cycles,
            "created_at": clock::write(subscription.created),
            "return_url": subscription.request["subscription_meta"]["return_url"],
            "payments": payments.take(20).collect::<Value>(),
        })
    }

    pub(crate) fn charge_summary(&self, at: usize) -> Value {
        let charge = &self.charges[at];
        json!({
            "payment_id": charge.id, "cf_payment_id": charge.number.to_string(),
            "payment_status": charge.status.as_str(), "payment_amount": money::number(charge.amount),
            "payment_type": if charge.auth { "AUTH" } else { "CHARGE" }, "is_open": charge.status.is_open(),
            "subscription_id": self.subscriptions[charge.subscription].id,
        })
    }
}

impl Mandate {
    /// The method under its key; where a version declares a text, it is the key.
    pub(super) fn entity(&self) -> Value {
        json!({ self.key: self.details })
    }
}

impl Authorization {
    pub(super) fn entity(&self) -> Value {
        json!({
            "authorization_amount": money::number(self.amount),
            "authorization_amount_refund": self.refund,
            "approve_by_time": null,
            "authorization_reference": self.reference,
            "authorization_time": self.time.map(clock::write),
            "authorization_status": self.status,
            "payment_id": self.payment,
            "payment_method": self.method.as_ref().map(Mandate::entity),
            "payment_group": self.method.as_ref().map(|method| method.key),
            "instrument_id": null,
        })
    }

    /// As some events have it, in camel case.
    pub(super) fn camel(&self) -> Value {
        json!({
            "authorizationAmount": money::number(self.amount),
            "authorizationAmountRefund": self.refund,
            "approveByTime": null,
            "authorizationReference": self.reference,
            "authorizationTime": self.time.map(clock::write),
            "authorizationStatus": self.status,
            "paymentId": self.payment,
            "paymentMethod": self.method.as_ref().map(|method| method.key),
            "instrumentId": null,
        })
    }
}
