//! The ledger: every movement of money, once, in the order it happened. Nothing is ever changed in it but
//! which settlement an entry went out with.
//!
//! Refund limits, settlements, reconciliation and vendors' balances are read from here and from nowhere else,
//! so that they cannot disagree.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::clock::Time;

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A payment came in; the charges for it are the entry's `fee` and `tax`.
    Captured,
    /// A refund went out.
    Refunded,
    /// A dispute was lost or accepted.
    Disputed,
    /// A vendor's share of a payment, from the merchant to the vendor.
    Split,
    /// A vendor's share of a refund, back to the merchant.
    SplitBack,
    /// The merchant gave to a vendor, by an adjustment or a transfer.
    ToVendor,
    /// The merchant took from a vendor.
    FromVendor,
    /// What the merchant pays for a transfer.
    Charged,
    /// A vendor's balance was paid out.
    VendorPaid,
    /// A vendor's payout came back.
    VendorReturned,
    /// A settlement arrived at the merchant's bank. Moves no balance: the entries in it do.
    Settled,
    /// A settlement came back from the bank.
    SettlementReversed,
}

/// One movement. Amounts are never negative; the kind says which way they went.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Time,
    pub(crate) kind: Kind,
    pub(crate) amount: Decimal,
    pub(crate) fee: Decimal,
    pub(crate) tax: Decimal,
    /// The id of what moved it: a payment's, a refund's, a dispute's, a settlement's.
    pub(crate) reference: String,
    pub(crate) order: Option<usize>,
    pub(crate) payment: Option<usize>,
    /// A subscription's payment.
    pub(crate) charge: Option<usize>,
    pub(crate) vendor: Option<usize>,
    pub(crate) remarks: Option<String>,
    /// The settlement it went out with, to the merchant.
    pub(crate) settlement: Option<usize>,
    /// The payout it went out with, to its vendor.
    pub(crate) payout: Option<usize>,
}

impl Entry {
    pub(crate) fn new(at: Time, kind: Kind, amount: Decimal, reference: impl Into<String>) -> Self {
        Self {
            at,
            kind,
            amount,
            fee: Decimal::ZERO,
            tax: Decimal::ZERO,
            reference: reference.into(),
            order: None,
            payment: None,
            charge: None,
            vendor: None,
            remarks: None,
            settlement: None,
            payout: None,
        }
    }

    pub(crate) fn of_payment(mut self, order: usize, payment: usize) -> Self {
        (self.order, self.payment) = (Some(order), Some(payment));
        self
    }

    pub(crate) fn of_charge(mut self, charge: usize) -> Self {
        self.charge = Some(charge);
        self
    }

    pub(crate) fn of_vendor(mut self, vendor: usize) -> Self {
        self.vendor = Some(vendor);
        self
    }

    /// What it does to what the merchant is owed.
    pub(crate) fn merchant(&self) -> Decimal {
        match self.kind {
            Kind::Captured => self.amount - self.fee - self.tax,
            Kind::SplitBack | Kind::FromVendor => self.amount,
            Kind::Refunded | Kind::Disputed | Kind::Split | Kind::ToVendor | Kind::Charged => -self.amount,
            _ => Decimal::ZERO,
        }
    }

    /// What it does to what its vendor is owed.
    pub(crate) fn vendor(&self) -> Decimal {
        match self.kind {
            Kind::Split | Kind::ToVendor | Kind::VendorReturned => self.amount,
            Kind::SplitBack | Kind::FromVendor | Kind::VendorPaid => -self.amount,
            _ => Decimal::ZERO,
        }
    }

    /// Whether it goes out with a settlement of the merchant's.
    fn is_settled_somehow(&self) -> bool {
        use Kind::{Settled, SettlementReversed, VendorPaid, VendorReturned};
        !matches!(self.kind, VendorPaid | VendorReturned | Settled | SettlementReversed)
    }
}

/// What has moved because of one payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) captured: Decimal,
    pub(crate) refunded: Decimal,
    pub(crate) disputed: Decimal,
    pub(crate) split: Decimal,
}

/// All movements, and the sums that are asked for.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    unsettled: Vec<usize>,
    owed: Decimal,
    by_payment: HashMap<usize, Moved>,
    by_order: HashMap<usize, Vec<usize>>,
    by_vendor: HashMap<usize, Vec<usize>>,
    balances: HashMap<usize, Decimal>,
}

impl Ledger {
    pub(crate) fn add(&mut self, entry: Entry) {
        let at = self.entries.len();
        if entry.is_settled_somehow() {
            self.unsettled.push(at);
            self.owed += entry.merchant();
        }
        if let Some(payment) = entry.payment {
            let moved = self.by_payment.entry(payment).or_default();
            match entry.kind {
                Kind::Captured => moved.captured += entry.amount,
                Kind::Refunded => moved.refunded += entry.amount,
                Kind::Disputed => moved.disputed += entry.amount,
                Kind::Split => moved.split += entry.amount,
                Kind::SplitBack => moved.split -= entry.amount,
                _ => {}
            }
        }
        if let Some(order) = entry.order {
            self.by_order.entry(order).or_default().push(at);
        }
        if let Some(vendor) = entry.vendor {
            self.by_vendor.entry(vendor).or_default().push(at);
            *self.balances.entry(vendor).or_default() += entry.vendor();
        }
        self.entries.push(entry);
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The position of the first entry at `time` or later: time never goes back.
    pub(crate) fn since(&self, time: Time) -> usize {
        self.entries.partition_point(|entry| entry.at < time)
    }

    pub(crate) fn of_payment(&self, payment: usize) -> Moved {
        self.by_payment.get(&payment).copied().unwrap_or_default()
    }

    pub(crate) fn of_order(&self, order: usize) -> impl Iterator<Item = &Entry> {
        self.by_order.get(&order).into_iter().flatten().map(|at| &self.entries[*at])
    }

    pub(crate) fn of_vendor(&self, vendor: usize) -> &[usize] {
        self.by_vendor.get(&vendor).map_or(&[], Vec::as_slice)
    }

    /// What a vendor is owed.
    pub(crate) fn balance(&self, vendor: usize) -> Decimal {
        self.balances.get(&vendor).copied().unwrap_or_default()
    }

    /// What the merchant is owed and has not been settled.
    pub(crate) fn owed(&self) -> Decimal {
        self.owed
    }

    /// Takes what is not settled yet and `wanted` into `settlement`, unless it adds up to nothing to pay out.
    /// Answers the entries' positions.
    pub(crate) fn settle(
        &mut self,
        settlement: usize,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Option<Vec<usize>> {
        let (taken, left): (Vec<usize>, Vec<usize>) =
            self.unsettled.iter().partition(|at| wanted(&self.entries[**at]));
        let sum: Decimal = taken.iter().map(|at| self.entries[*at].merchant()).sum();
        if sum <= Decimal::ZERO {
            return None;
        }
        for at in &taken {
            self.entries[*at].settlement = Some(settlement);
        }
        self.unsettled = left;
        self.owed -= sum;
        Some(taken)
    }

    /// Gives back what a settlement took that did not arrive.
    pub(crate) fn release(&mut self, taken: &[usize]) {
        for at in taken {
            self.entries[*at].settlement = None;
            self.owed += self.entries[*at].merchant();
        }
        self.unsettled.extend(taken);
        self.unsettled.sort_unstable();
    }

    /// Takes what a vendor got before `cutoff` and was not paid out into `payout`, and whatever went from the
    /// vendor until now: what has gone cannot be paid out any more.
    pub(crate) fn pay_out(&mut self, vendor: usize, payout: usize, cutoff: Time) -> Vec<usize> {
        let mut taken = self.of_vendor(vendor).to_vec();
        taken.retain(|at| {
            let entry = &self.entries[*at];
            entry.payout.is_none() && (entry.at < cutoff || entry.vendor() < Decimal::ZERO)
        });
        for at in &taken {
            self.entries[*at].payout = Some(payout);
        }
        taken
    }

    /// Gives back what a payout took that did not arrive.
    pub(crate) fn take_back(&mut self, taken: &[usize]) {
        for at in taken {
            self.entries[*at].payout = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::clock::at_millis;

    fn entry(kind: Kind, amount: i64) -> Entry {
        Entry::new(at_millis(amount), kind, Decimal::from(amount), "x").of_payment(0, 0).of_vendor(0)
    }

    #[test]
    fn sums_follow_the_entries() {
        let mut ledger = Ledger::default();
        let mut captured = entry(Kind::Captured, 100);
        (captured.fee, captured.tax) = (Decimal::from(2), Decimal::from(1));
        ledger.add(captured);
        ledger.add(entry(Kind::Split, 101));
        assert_eq!(ledger.owed(), Decimal::from(-4));
        assert_eq!(ledger.balance(0), Decimal::from(101));
        assert_eq!(ledger.settle(0, |_| true), None, "there is nothing to pay out");
        ledger.add(entry(Kind::SplitBack, 102));
        let taken = ledger.settle(0, |_| true).expect("something to pay out");
        assert_eq!((taken.len(), ledger.owed()), (3, Decimal::ZERO));
        assert_eq!(ledger.settle(1, |_| true), None, "nothing is left");
        ledger.release(&taken);
        assert_eq!(ledger.owed(), Decimal::from(98));
        assert!(ledger.entries().iter().all(|entry| entry.settlement.is_none()), "none is settled any more");
        let moved = ledger.of_payment(0);
        assert_eq!((moved.captured, moved.split), (Decimal::from(100), Decimal::from(-1)));
        assert_eq!(ledger.since(at_millis(101)), 1);
    }

    #[test]
    fn a_vendor_is_paid_what_came_before_the_cutoff_and_once() {
        let mut ledger = Ledger::default();
        ledger.add(entry(Kind::Split, 101));
        ledger.add(entry(Kind::Split, 103));
        assert!(ledger.pay_out(0, 0, at_millis(101)).is_empty());
        let taken = ledger.pay_out(0, 0, at_millis(102));
        assert_eq!(taken, [0]);
        assert_eq!(ledger.pay_out(0, 1, at_millis(200)), [1], "the first has been paid");
        ledger.take_back(&taken);
        assert_eq!(ledger.pay_out(0, 2, at_millis(200)), [0], "it did not arrive");
        ledger.add(entry(Kind::Split, 201));
        ledger.add(entry(Kind::Split, 203));
        ledger.add(entry(Kind::FromVendor, 204));
        assert_eq!(
            ledger.pay_out(0, 3, at_millis(202)),
            [2, 4],
            "what has gone since is not left to pay out"
        );
    }
}
