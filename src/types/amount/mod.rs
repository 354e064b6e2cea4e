//! Money that is exact from the first byte read to the last byte written.
//!
//! The API writes amounts as JSON numbers and as strings. Read into an `f64`, `0.1 + 0.2` is no longer
//! `0.3` and a refund of the rest is refused; so an [`Amount`] is a decimal, and binary floating point
//! is reached only through methods that say they lose.

mod arithmetic;
mod convert;
mod parse;
mod serial;
#[cfg(test)]
mod tests;

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

pub use convert::{InexactAmountError, IntoAmount};
pub use parse::ParseAmountError;

/// An amount of money, in the major unit of its currency: rupees, not paise.
///
/// It holds 28 decimal digits exactly, any number of them after the point. What does not fit is refused
/// and never rounded. Equality, order and hash go by value; [`Display`](fmt::Display) keeps the decimals
/// that were written.
///
/// ```
/// use cashfree_pg::types::Amount;
///
/// let price: Amount = "499.50".parse()?;
/// assert_eq!(price, Amount::from_paise(49_950));
/// assert_eq!((price * 2 + Amount::from_rupees(1)).to_string(), "1000.00");
/// assert_eq!(price.to_paise(), Some(49_950));
/// assert!(price > Amount::from_rupees(499));
/// # Ok::<(), cashfree_pg::types::ParseAmountError>(())
/// ```
///
/// # No integer is an amount
/// 49950 may be paise, as Cashfree's rivals and most databases count, or rupees; the factor between them is
/// a hundred. So an integer becomes an amount by [`from_paise`](Self::from_paise) or
/// [`from_rupees`](Self::from_rupees) only, and is not compared with one:
///
/// ```compile_fail,E0277
/// use cashfree_pg::types::{Amount, IntoAmount};
/// fn charge(amount: impl IntoAmount) -> Amount { amount.into_amount() }
/// charge(49_950); // which of the two?
/// ```
/// ```compile_fail,E0277
/// let amount: cashfree_pg::types::Amount = 49_950.into();
/// ```
/// ```compile_fail,E0308
/// assert!(cashfree_pg::types::Amount::from_paise(49_950) == 49_950);
/// ```
///
/// Nor is there a default: an amount that is not there is not 0.
///
/// ```compile_fail,E0277
/// let absent: Option<cashfree_pg::types::Amount> = None;
/// absent.unwrap_or_default();
/// ```
///
/// # Arithmetic
/// `+`, `-`, `*` by an integer and `sum()` panic where the result cannot be carried exactly, like the
/// integers of the standard library do on overflow; it takes some 10²⁶ rupees with paise to get there. The
/// `checked_` methods give `None` instead. For percentages and division convert to [`Decimal`], where
/// the rounding is yours to choose.
///
/// # Serde
/// In JSON text it is a number without noise and with all its digits (`499.5`, never
/// `0.30000000000000004`). In other formats, [`serde_json::Value`] among them, it is an integer or a float
/// as long as 15 digits are enough, which every float carries, and a text beyond that. Numbers and numeric
/// strings are read. The types of this crate take an amount's digits from the text of the body; a
/// `Deserialize` from elsewhere may get numbers as `f64`, of which 15 digits are sure. One that shows more is an
/// error; one that was longer than an `f64` holds and shows fewer cannot be told from a short one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

impl Amount {
    /// No money at all.
    pub const ZERO: Amount = Amount(Decimal::ZERO);

    /// `Decimal::new` as a constant.
    const fn of(value: i64, scale: u32) -> Self {
        let size = value.unsigned_abs();
        Self(Decimal::from_parts(size as u32, (size >> 32) as u32, 0, value < 0, scale))
    }

    /// An amount in whole rupees.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// const FEE: Amount = Amount::from_rupees(25);
    /// assert_eq!(FEE.to_string(), "25");
    /// ```
    pub const fn from_rupees(rupees: i64) -> Self {
        Self::of(rupees, 0)
    }

    /// An amount in paise, hundredths of a rupee.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// assert_eq!(Amount::from_paise(49_950).to_string(), "499.50");
    /// ```
    pub const fn from_paise(paise: i64) -> Self {
        Self::of(paise, 2)
    }

    /// The amount in paise; `None` where it has fractions of a paisa or leaves an `i64`.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// assert_eq!("499.5".parse::<Amount>()?.to_paise(), Some(49_950));
    /// assert_eq!("0.005".parse::<Amount>()?.to_paise(), None);
    /// # Ok::<(), cashfree_pg::types::ParseAmountError>(())
    /// ```
    pub fn to_paise(self) -> Option<i64> {
        let exact = self.0.normalize();
        let shift = 2u32.checked_sub(exact.scale())?;
        let paise = exact.mantissa().checked_mul(10i128.pow(shift))?;
        i64::try_from(paise).ok()
    }

    /// The nearest `f64`, for charts and statistics. Never pay by it.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// assert_eq!(Amount::from_paise(10).to_f64_lossy(), 0.1);
    /// ```
    pub fn to_f64_lossy(self) -> f64 {
        // The text of a decimal is always a float's text too, and parsing it rounds correctly, which
        // the arithmetic conversion of `Decimal` does not promise.
        self.plain().to_string().parse().unwrap_or(f64::NAN)
    }

    /// The amount a float seems to mean: its shortest decimal text, cut to 28 decimals where it is
    /// longer. `None` for NaN, infinities and what is too large.
    ///
    /// The noise of earlier arithmetic comes along: round it off with [`Amount::round`], or refuse it
    /// with `Amount::try_from`.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// let noisy = Amount::from_f64_lossy(0.1 + 0.2).unwrap();
    /// assert_eq!(noisy.to_string(), "0.30000000000000004");
    /// assert_eq!(noisy.round(2).to_string(), "0.30");
    /// assert_eq!(Amount::from_f64_lossy(f64::NAN), None);
    /// ```
    pub fn from_f64_lossy(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = value.to_string();
        let end = text.find('.').map_or(text.len(), |point| text.len().min(point + 29));
        // A float has 17 digits at most, so what is left always fits if its whole part does.
        text.get(..end)?.parse().ok()
    }

    /// How many decimals it was written with: 2 for `499.50`, 1 for `499.5`.
    pub fn decimal_places(self) -> u32 {
        self.0.scale()
    }

    /// Rounded to so many decimals, halves away from zero as on a bill; decimals are added where there
    /// are fewer and they fit.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// let third: Amount = "33.335".parse()?;
    /// assert_eq!(third.round(2).to_string(), "33.34");
    /// assert_eq!(third.round(5).to_string(), "33.33500");
    /// # Ok::<(), cashfree_pg::types::ParseAmountError>(())
    /// ```
    #[must_use]
    pub fn round(self, decimal_places: u32) -> Self {
        let decimal_places = decimal_places.min(Decimal::MAX_SCALE);
        let mut rounded =
            self.0.round_dp_with_strategy(decimal_places, RoundingStrategy::MidpointAwayFromZero);
        // Adds zeros, and changes nothing else.
        rounded.rescale(decimal_places);
        Self::from(rounded)
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The exact sum, or `None` where it cannot be carried.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        arithmetic::add_exactly(self.0, other.0)
            .or_else(|| arithmetic::add_exactly(self.0.normalize(), other.0.normalize()))
            .map(Self::from)
    }

    /// The exact difference, or `None` where it cannot be carried.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The exact product, or `None` where it cannot be carried.
    pub fn checked_mul(self, factor: i64) -> Option<Self> {
        let product = |value: Decimal| {
            arithmetic::decimal(value.mantissa().checked_mul(i128::from(factor))?, value.scale())
                .map(Self::from)
        };
        product(self.0).or_else(|| product(self.0.normalize()))
    }

    /// The amount without trailing zeros, as it stands in JSON.
    pub(crate) fn plain(self) -> Decimal {
        self.0.normalize()
    }
}

impl fmt::Display for Amount {
    /// Plain rupees with the decimals it has, `499.50`; a precision (`{:.2}`) rounds as
    /// [`Amount::round`] does, and adds zeros where there are fewer decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = f.precision().and_then(|places| u32::try_from(places).ok());
        let shown =
            places.filter(|places| *places < self.0.scale()).map_or(*self, |places| self.round(places));
        let mut digits = shown.abs().0.to_string();
        // By hand: `Decimal` panics where the zeros that are asked for need more than 32 characters.
        if let Some(missing) = f.precision().map(|places| places.saturating_sub(decimals_of(&digits)))
            && missing > 0
        {
            if !digits.contains('.') {
                digits.push('.');
            }
            digits.extend(std::iter::repeat_n('0', missing));
        }
        f.pad_integral(!shown.is_negative(), "", &digits)
    }
}

fn decimals_of(digits: &str) -> usize {
    digits.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({})", self.0)
    }
}

impl From<Decimal> for Amount {
    fn from(mut value: Decimal) -> Self {
        if value.is_zero() {
            // A decimal knows a negative zero; money does not.
            value.set_sign_positive(true);
        }
        Self(value)
    }
}

impl From<Amount> for Decimal {
    fn from(value: Amount) -> Self {
        value.0
    }
}
