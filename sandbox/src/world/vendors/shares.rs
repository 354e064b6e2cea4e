//! Shares: who gets which part of a payment, and that nobody gets more than there is.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::call::{Call, amount, flag, text};
use crate::world::ledger::{Entry, Kind};
use crate::world::orders::OrderStatus;
use crate::world::{World, clock, money};

/// A vendor's part, as a sum or as a percentage.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    pub(crate) vendor: usize,
    amount: Option<Decimal>,
    percentage: Decimal,
}

/// Shares of everything that comes in, or of what comes in at one terminal.
#[derive(Debug)]
pub(crate) struct StaticSplit {
    terminal: Option<String>,
    shares: Vec<Share>,
}

/// What each vendor gets of `total`. It is the sum so far that is rounded and not each part: the parts of a whole
/// are neither more than it nor less.
pub(crate) fn parts(shares: &[Share], total: Decimal) -> Vec<(usize, Decimal)> {
    let (mut percent, mut by_percentage, mut left) = (Decimal::ZERO, Decimal::ZERO, total);
    let part = |share: &Share| {
        let wanted = share.amount.unwrap_or_else(|| {
            percent += share.percentage;
            let so_far = (total * percent / Decimal::ONE_HUNDRED).round_dp(2);
            so_far - std::mem::replace(&mut by_percentage, so_far)
        });
        let part = wanted.clamp(Decimal::ZERO, left);
        left -= part;
        (share.vendor, part)
    };
    shares.iter().map(part).collect()
}

impl World {
    /// Reads splits; they must name vendors that are active, and not add up to more than `total`.
    pub(crate) fn shares(&self, splits: &Value, total: Decimal) -> Result<Vec<Share>, Problem> {
        let one = std::slice::from_ref(splits);
        let splits = match splits {
            Value::Object(_) => one,
            other => other.as_array().map_or(&[][..], Vec::as_slice),
        };
        let mut shares = Vec::new();
        for split in splits {
            let id = text(&split["vendor_id"]).or_else(|| text(&split["vendorId"]));
            let id = id.or_else(|| text(&split["merchantVendorId"]));
            let vendor = id.as_deref().and_then(|id| self.vendors.find(id));
            let Some(vendor) = vendor.filter(|vendor| self.vendors[*vendor].is_active()) else {
                let message = format!("vendor {} does not exist", id.unwrap_or_default());
                return Err(Problem::invalid("vendor_id_invalid", message));
            };
            let given = money::decimal(&split["amount"]);
            let share = Share { vendor, amount: given, percentage: amount(&split["percentage"]) };
            let negative = share.percentage < Decimal::ZERO || given.is_some_and(|sum| sum < Decimal::ZERO);
            if negative || given.is_none() && share.percentage.is_zero() {
                return Err(invalid("each share needs an amount or a percentage"));
            }
            if given.is_some() && !share.percentage.is_zero() {
                return Err(invalid("a share has an amount or a percentage, not both"));
            }
            shares.push(share);
        }
        let percent: Decimal = shares.iter().map(|share| share.percentage).sum();
        let amounts: Decimal = shares.iter().filter_map(|share| share.amount).sum();
        let sum = (amounts + total * percent / Decimal::ONE_HUNDRED).round_dp(2);
        if percent > Decimal::ONE_HUNDRED || sum > total {
            return Err(invalid("the shares are more than there is to share"));
        }
        Ok(shares)
    }

    /// A refund of `total` takes from a vendor no more than the vendor got of the order and other refunds leave.
    pub(crate) fn must_be_shared(
        &self,
        shares: &[Share],
        order: usize,
        total: Decimal,
    ) -> Result<(), Problem> {
        let parts = parts(shares, total);
        for (vendor, _) in &parts {
            let of_order = self.ledger.of_order(order).filter(|entry| entry.vendor == Some(*vendor));
            let got: Decimal = of_order.map(Entry::vendor).sum();
            let left = got - self.giving_back(order, *vendor);
            let taken: Decimal = parts.iter().filter(|(one, _)| one == vendor).map(|(_, part)| part).sum();
            if taken > left || left <= Decimal::ZERO {
                let vendor = &self.vendors[*vendor].id;
                let message = format!("vendor {vendor} has {left} of the payment");
                return Err(Problem::invalid("refund_splits_invalid", message));
            }
        }
        Ok(())
    }

    /// Gives vendors their parts of what came in.
    pub(crate) fn share_payment(&mut self, payment: usize, captured: Decimal) {
        let shares = self.orders[self.payments[payment].order].shares.clone();
        self.give_shares(payment, &shares, captured);
    }

    /// Gives the parts of `total`, as far as what is left of the payment goes.
    fn give_shares(&mut self, payment: usize, shares: &[Share], total: Decimal) {
        let order = self.payments[payment].order;
        for (vendor, part) in parts(shares, total) {
            let moved = self.ledger.of_payment(payment);
            let part = part.min(moved.captured - moved.split);
            if part > Decimal::ZERO {
                let number = self.payments[payment].number.to_string();
                let entry = Entry::new(self.now(), Kind::Split, part, number);
                self.ledger_add(entry.of_payment(order, payment).of_vendor(vendor));
            }
        }
    }

    pub(crate) fn split_order(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let order = self.order(call.path("order_id"))?;
        let paid = self.orders[order].paid_by;
        let captured = paid.and_then(|paid| Some((paid, self.payments[paid].captured?)));
        let (OrderStatus::Paid, Some((payment, captured))) = (self.orders[order].status, captured) else {
            return Err(Problem::split("Order not paid"));
        };
        let moved = self.ledger.of_payment(payment);
        let left = captured - moved.split - moved.refunded - moved.disputed;
        let shares = self.shares(&call.body["split"], captured).map_err(|one| Problem::split(one.message))?;
        let wanted: Decimal = parts(&shares, captured).iter().map(|(_, part)| part).sum();
        if wanted > left {
            return Err(Problem::split(format!("{wanted} is more than the {left} that is left to split")));
        }
        self.give_shares(payment, &shares, captured);
        let split = json!({ "split": call.body["split"], "created_at": clock::write(self.now()) });
        self.orders[order].splits.push(split);
        Ok(json!({ "status": "OK", "message": "Order split successful" }))
    }

    /// Shares of everything that comes in from now on.
    pub(crate) fn split_always(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let shares = self
            .shares(&call.body["scheme"], Decimal::ONE_HUNDRED)
            .map_err(|problem| Problem::split(problem.message))?;
        let terminal = call.text("terminal_id").or_else(|| call.text("terminal_reference_id"));
        self.static_splits.retain(|split| split.terminal != terminal);
        if flag(&call.body["active"]) {
            self.static_splits.push(StaticSplit { terminal, shares });
        }
        let mut answer = call.body.clone();
        answer["added_on"] = json!(clock::write(self.now()));
        Ok(answer)
    }

    /// The shares that hold for an order at this terminal though it names none.
    pub(crate) fn static_shares(&self, terminal: Option<usize>) -> Vec<Share> {
        let is_of = |id: &str| {
            terminal.is_some_and(|at| {
                let terminal = &self.terminals[at];
                terminal.name == id || terminal.number.to_string() == id
            })
        };
        let mut splits = self.static_splits.iter();
        let found = splits.find(|split| split.terminal.as_deref().is_none_or(is_of));
        found.map(|split| split.shares.clone()).unwrap_or_default()
    }
}

fn invalid(message: &str) -> Problem {
    Problem::invalid("order_splits_invalid", message)
}
