//! A refund as the API shows it, and as the merchant hears of it.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Refund, RefundStatus};
use crate::spec::items;
use crate::world::{World, clock, money};

impl World {
    pub(crate) fn refund_entity(&self, at: usize) -> Value {
        let refund = &self.refunds[at];
        let order = &self.orders[refund.order];
        json!({
            "cf_payment_id": self.payments[refund.payment].number.to_string(),
            "cf_refund_id": refund.number.to_string(),
            "order_id": order.id,
            "refund_id": refund.id,
            "entity": "refund",
            "refund_amount": money::number(refund.amount),
            "refund_currency": order.currency,
            "refund_note": refund.note(),
            "refund_status": refund.status.as_str(),
            "refund_arn": refund.arn(),
            "refund_charge": money::number(Decimal::ZERO),
            "status_description": refund.description(),
            "metadata": null,
            "refund_splits": refund.splits(),
            "refund_type": if refund.automatic { "PAYMENT_AUTO_REFUND" } else { "MERCHANT_INITIATED" },
            "refund_mode": refund.speed,
            "created_at": clock::write(refund.created),
            "processed_at": refund.processed.map(clock::write),
            "refund_speed": {
                "requested": refund.speed,
                "accepted": refund.speed,
                "processed": refund.processed.map(|_| &refund.speed),
                "message": null,
            },
            "forex_conversion_handling_charge": null,
            "forex_conversion_handling_tax": null,
            "forex_conversion_rate": null,
            "charges_currency": null,
        })
    }

    pub(super) fn emit_refund(&mut self, at: usize) {
        let refund = &self.refunds[at];
        let order = refund.order;
        let (kind, data) = if refund.automatic {
            ("AUTO_REFUND_STATUS_WEBHOOK", self.auto_refund_event(at))
        } else {
            ("REFUND_STATUS_WEBHOOK", self.refund_event_data(at))
        };
        self.emit_of_order(kind, order, data);
    }

    fn refund_event_data(&self, at: usize) -> Value {
        let refund = &self.refunds[at];
        let order = &self.orders[refund.order];
        let split = |split: &Value| {
            json!({
                "merchantVendorId": split["vendor_id"], "amount": split["amount"],
                "percentage": split["percentage"],
            })
        };
        let zero = money::number(Decimal::ZERO);
        let terminal = self.terminal_details(order.terminal);
        json!({
            "refund": {
                "cf_refund_id": refund.number,
                "cf_payment_id": self.payments[refund.payment].number,
                "refund_id": refund.id,
                "order_id": order.id,
                "refund_amount": money::number(refund.amount),
                "refund_currency": order.currency,
                "entity": "Refund",
                "refund_type": "MERCHANT_INITIATED",
                "refund_arn": refund.arn(),
                "refund_status": refund.status.as_str(),
                "status_description": refund.description(),
                "created_at": clock::write(refund.created),
                "processed_at": refund.processed.map(clock::write),
                "refund_note": refund.note(),
                "refund_splits": items(&refund.splits()).map(split).collect::<Value>(),
                "metadata": null,
                "refund_charge": zero,
                "refund_mode": refund.speed,
                "requested_speed": refund.speed,
                "processed_speed": refund.speed,
                "service_charge": zero,
                "service_tax": zero,
                "terminal_details": terminal,
            },
            "terminalDetails": terminal,
        })
    }

    fn auto_refund_event(&self, at: usize) -> Value {
        let refund = &self.refunds[at];
        let (order, payment) = (&self.orders[refund.order], &self.payments[refund.payment]);
        json!({
            "auto_refund": {
                "event": "AUTO-REFUND",
                "cf_refund_id": refund.number,
                "cf_payment_id": payment.number.to_string(),
                "bank_reference": payment.bank_reference,
                "order_id": order.id,
                "refund_amount": money::number(refund.amount),
                "refund_currency": order.currency,
                "refund_type": "PAYMENT_AUTO_REFUND",
                "refund_arn": refund.arn(),
                "refund_status": refund.status.as_str(),
                "status_description": refund.description(),
                "refund_reason": "The order had no use for the payment.",
                "created_at": clock::write(refund.created),
                "processed_at": refund.processed.map(clock::write),
                "refund_charge": money::number(Decimal::ZERO),
                "refund_splits": null,
                "metadata": null,
            },
            "terminal_details": self.terminal_details(order.terminal),
        })
    }

    /// What the pages show of a refund.
    pub(crate) fn refund_summary(&self, at: usize) -> Value {
        let refund = &self.refunds[at];
        json!({
            "cf_refund_id": refund.number.to_string(), "refund_id": refund.id,
            "refund_amount": money::number(refund.amount), "refund_status": refund.status.as_str(),
            "is_open": refund.status.is_open(), "automatic": refund.automatic,
        })
    }
}

impl Refund {
    /// The bank's number of a refund that went through.
    pub(super) fn arn(&self) -> Option<String> {
        (self.status == RefundStatus::Success)
            .then(|| (205_900_000_000 + self.number % 1_000_000_000).to_string())
    }

    fn description(&self) -> &'static str {
        match self.status {
            RefundStatus::Success => "Refund processed successfully",
            RefundStatus::Failed => "Refund failed at the bank",
            RefundStatus::Cancelled => "Refund cancelled",
            RefundStatus::OnHold => "Refund on hold",
            RefundStatus::Pending | RefundStatus::Active => "In Progress",
        }
    }
}
