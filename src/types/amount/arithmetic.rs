//! Sums and products that are exact or refused.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use rust_decimal::Decimal;

use super::Amount;

/// `Decimal`'s own sum rounds what does not fit into 96 bits; money must not.
pub(super) fn add_exactly(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let aligned = |value: Decimal| value.mantissa().checked_mul(10i128.pow(scale - value.scale()));
    decimal(aligned(a)?.checked_add(aligned(b)?)?, scale)
}

/// `mantissa` / 10^`scale`, giving up trailing zeros where there are too many digits.
pub(super) fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    loop {
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(mantissa, scale) {
            return Some(decimal);
        }
        if scale == 0 || mantissa % 10 != 0 {
            return None;
        }
        mantissa /= 10;
        scale -= 1;
    }
}

/// The result of an operator.
#[track_caller]
fn carried(result: Option<Amount>) -> Amount {
    match result {
        Some(amount) => amount,
        None => panic!("overflow: the amount cannot be carried exactly; use the checked_ methods"),
    }
}

impl Add for Amount {
    type Output = Amount;

    /// # Panics
    /// On overflow; see [`Amount::checked_add`].
    #[track_caller]
    fn add(self, other: Self) -> Self {
        carried(self.checked_add(other))
    }
}

impl Sub for Amount {
    type Output = Amount;

    /// # Panics
    /// On overflow; see [`Amount::checked_sub`].
    #[track_caller]
    fn sub(self, other: Self) -> Self {
        carried(self.checked_sub(other))
    }
}

impl AddAssign for Amount {
    #[track_caller]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    #[track_caller]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<i64> for Amount {
    type Output = Amount;

    /// # Panics
    /// On overflow; see [`Amount::checked_mul`].
    #[track_caller]
    fn mul(self, factor: i64) -> Self {
        carried(self.checked_mul(factor))
    }
}

impl Mul<Amount> for i64 {
    type Output = Amount;

    #[track_caller]
    fn mul(self, amount: Amount) -> Amount {
        amount * self
    }
}

impl Neg for Amount {
    type Output = Amount;

    fn neg(self) -> Self {
        Self::from(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Amount> for Amount {
    fn sum<I: Iterator<Item = &'a Amount>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}
