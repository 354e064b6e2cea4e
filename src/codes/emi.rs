//! EMI plans, so that a checkout offers only instalments the amount is good for.

use rust_decimal::Decimal;

use crate::types::{Amount, IntoAmount};

/// What an EMI is taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmiKind {
    /// A credit card.
    Credit,
    /// A debit card.
    Debit,
    /// No card: a loan by phone number.
    Cardless,
}

/// Who pays the interest of an EMI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmiType {
    /// The customer.
    Standard,
    /// Not the customer.
    NoCost,
}

use EmiKind::{Cardless, Credit, Debit};
use EmiType::{NoCost, Standard};

/// A number of monthly instalments that a bank offers.
///
/// ```
/// use cashfree_pg::codes::{EmiKind, EmiPlan};
/// use cashfree_pg::types::Amount;
///
/// let months: Vec<u8> = EmiPlan::fitting(Amount::from_rupees(2_999))
///     .filter(|plan| plan.kind == EmiKind::Credit && plan.code == "hdfc")
///     .map(|plan| plan.months)
///     .collect();
/// assert_eq!(months, [3]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EmiPlan {
    /// What it is taken on.
    pub kind: EmiKind,
    /// Who pays its interest.
    pub emi_type: EmiType,
    /// The name of the bank or lender.
    pub bank: &'static str,
    /// The `card_bank_name` of an EMI payment, or the `provider` of a cardless one.
    pub code: &'static str,
    /// The smallest amount it takes.
    pub minimum: Amount,
    /// The largest amount it takes.
    pub maximum: Amount,
    /// How many instalments, one a month: the `emi_tenure` of an EMI payment.
    pub months: u8,
    annual_basis_points: u32,
}

impl EmiPlan {
    /// The yearly interest in percent: `15.99`.
    pub fn annual_percent(&self) -> Decimal {
        Decimal::new(i64::from(self.annual_basis_points), 2).normalize()
    }

    /// Whether an amount can be paid by it; both limits can.
    pub fn fits(&self, amount: impl IntoAmount) -> bool {
        (self.minimum..=self.maximum).contains(&amount.into_amount())
    }

    /// The plans an amount can be paid by.
    pub fn fitting(amount: impl IntoAmount) -> impl Iterator<Item = &'static EmiPlan> {
        let amount = amount.into_amount();
        Self::ALL.iter().filter(move |plan| plan.fits(amount))
    }
}

#[expect(clippy::too_many_arguments, reason = "one argument for each column of the table below")]
const fn plan(
    kind: EmiKind,
    emi_type: EmiType,
    bank: &'static str,
    code: &'static str,
    minimum_rupees: i64,
    maximum_rupees: i64,
    annual_basis_points: u32,
    months: u8,
) -> EmiPlan {
    let (minimum, maximum) = (Amount::from_rupees(minimum_rupees), Amount::from_rupees(maximum_rupees));
    EmiPlan { kind, emi_type, bank, code, minimum, maximum, months, annual_basis_points }
}

impl EmiPlan {
    /// Every plan known in November 2026, by kind and bank.
    pub const ALL: &'static [EmiPlan] = PLANS;
}

// Kind, type, bank, code, minimum and maximum in rupees, yearly interest in basis points (16_00 is 16%),
// months. One row a line.
#[rustfmt::skip]
const PLANS: &[EmiPlan] = &[
    plan(Credit, Standard, "HDFC Bank", "hdfc", 1_000, 500_000, 16_00, 3),
    plan(Credit, Standard, "HDFC Bank", "hdfc", 3_000, 500_000, 16_00, 6),
    plan(Credit, Standard, "HDFC Bank", "hdfc", 3_000, 500_000, 16_00, 9),
    plan(Credit, Standard, "HDFC Bank", "hdfc", 3_000, 500_000, 16_00, 12),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 3),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 6),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 9),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 12),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 18),
    plan(Credit, Standard, "Axis Bank", "axis", 2_500, 1_000_000, 16_00, 24),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 3),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 6),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 9),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 12),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 18),
    plan(Credit, Standard, "ICICI Bank", "icici", 1_500, 500_000, 15_99, 24),
    plan(Credit, Standard, "Kotak Bank", "kotak", 1_000, 1_000_000, 16_00, 3),
    plan(Credit, Standard, "Kotak Bank", "kotak", 2_500, 1_000_000, 16_00, 6),
    plan(Credit, Standard, "Kotak Bank", "kotak", 2_500, 1_000_000, 16_00, 9),
    plan(Credit, Standard, "Kotak Bank", "kotak", 2_500, 1_000_000, 16_00, 12),
    plan(Credit, Standard, "Kotak Bank", "kotak", 2_500, 1_000_000, 16_00, 18),
    plan(Credit, Standard, "Kotak Bank", "kotak", 2_500, 1_000_000, 16_00, 24),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 3),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 6),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 9),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 12),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 18),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 24),
    plan(Credit, Standard, "Bank of Baroda", "bob", 2_500, 1_000_000, 16_00, 36),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 11_88, 3),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 14_00, 6),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 15_00, 9),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 15_00, 12),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 15_00, 18),
    plan(Credit, Standard, "Standard Chartered", "standard chartered", 2_000, 500_000, 15_00, 24),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 13_00, 3),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 14_00, 6),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 15_00, 9),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 15_00, 12),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 15_00, 18),
    plan(Credit, Standard, "RBL Bank", "rbl", 1_500, 1_000_000, 15_00, 24),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 3),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 6),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 9),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 12),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 18),
    plan(Credit, Standard, "AU Small Bank", "au", 2_000, 1_000_000, 16_00, 24),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 3),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 6),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 9),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 12),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 18),
    plan(Credit, Standard, "Yes Bank", "yes", 1_500, 1_000_000, 16_00, 24),
    plan(Credit, Standard, "HSBC", "hsbc", 2_000, 1_000_000, 12_50, 3),
    plan(Credit, Standard, "HSBC", "hsbc", 2_000, 1_000_000, 12_50, 6),
    plan(Credit, Standard, "HSBC", "hsbc", 2_000, 1_000_000, 13_50, 9),
    plan(Credit, Standard, "HSBC", "hsbc", 2_000, 1_000_000, 13_50, 12),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 14_00, 3),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 14_00, 6),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 14_00, 9),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 14_00, 12),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 15_00, 18),
    plan(Credit, Standard, "American Express", "amex", 5_000, 1_000_000, 15_00, 24),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 3_000, 500_000, 16_00, 3),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 6),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 9),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 12),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 18),
    plan(Debit, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 24),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 3_000, 500_000, 16_00, 3),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 6),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 9),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 12),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 18),
    plan(Cardless, Standard, "HDFC Bank", "hdfc", 5_000, 500_000, 16_00, 24),
    plan(Cardless, Standard, "Kotak Bank", "kotak", 3_000, 200_000, 19_00, 3),
    plan(Cardless, Standard, "Kotak Bank", "kotak", 5_000, 200_000, 19_00, 6),
    plan(Cardless, Standard, "Kotak Bank", "kotak", 5_000, 200_000, 19_00, 9),
    plan(Cardless, Standard, "Kotak Bank", "kotak", 5_000, 200_000, 19_00, 12),
    plan(Cardless, Standard, "ICICI Bank", "icici", 7_000, 500_000, 17_00, 3),
    plan(Cardless, Standard, "ICICI Bank", "icici", 7_000, 500_000, 17_00, 6),
    plan(Cardless, Standard, "ICICI Bank", "icici", 7_000, 500_000, 17_00, 9),
    plan(Cardless, Standard, "ICICI Bank", "icici", 7_000, 500_000, 17_00, 12),
    plan(Cardless, Standard, "IDFC Bank", "idfc", 5_000, 100_000, 24_00, 3),
    plan(Cardless, Standard, "IDFC Bank", "idfc", 5_000, 100_000, 24_00, 6),
    plan(Cardless, Standard, "IDFC Bank", "idfc", 5_000, 100_000, 24_00, 9),
    plan(Cardless, Standard, "IDFC Bank", "idfc", 5_000, 100_000, 24_00, 12),
    plan(Cardless, Standard, "CASHe", "cashe", 1_000, 100_000, 23_78, 3),
    plan(Cardless, Standard, "CASHe", "cashe", 6_000, 100_000, 25_28, 6),
    plan(Cardless, Standard, "CASHe", "cashe", 9_000, 100_000, 25_63, 9),
    plan(Cardless, Standard, "CASHe", "cashe", 12_000, 100_000, 25_80, 12),
    plan(Cardless, NoCost, "ZestMoney", "zestmoney", 5_000, 150_000, 0, 3),
    plan(Cardless, Standard, "ZestMoney", "zestmoney", 5_000, 150_000, 36_00, 6),
    plan(Cardless, Standard, "ZestMoney", "zestmoney", 5_000, 150_000, 36_00, 9),
    plan(Cardless, Standard, "ZestMoney", "zestmoney", 5_000, 150_000, 36_00, 12),
];
