//! Money that is exact from the first byte read to the last byte written.
//!
//! The API writes amounts as JSON numbers and as strings. Read into an `f64`, `0.1 + 0.2` is no longer
//! `0.3` and a refund of the rest is refused; so an [`Amount`] is a decimal, and binary floating point
//! is reached only through methods that say they lose.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

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
/// assert!(price > 499);
/// # Ok::<(), cashfree_pg::types::ParseAmountError>(())
/// ```
///
/// # Arithmetic
/// `+`, `-`, `*` by an integer and `sum()` panic where the result cannot be carried exactly, like the
/// integers of the standard library do on overflow; it takes some 10²⁶ rupees with paise to get there. The
/// `checked_` methods give `None` instead. For percentages and division convert to [`Decimal`], where
/// the rounding is yours to choose.
///
/// # JSON
/// Writes a number without noise (`499.5`, never `0.30000000000000004`) and reads numbers and numeric
/// strings. The types of this crate take an amount's digits from the text of the body. A `Deserialize`
/// from elsewhere may get numbers as `f64`; one with more than 15 digits is then an error, because
/// digits may already have been lost. In the same way `serde_json::to_value` keeps an amount beyond 15
/// digits only as closely as an `f64` does; `serde_json::to_string` keeps it exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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
        self.to_json_text().parse().unwrap_or(f64::NAN)
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
        add_exactly(self.0, other.0)
            .or_else(|| add_exactly(self.0.normalize(), other.0.normalize()))
            .map(Self::from)
    }

    /// The exact difference, or `None` where it cannot be carried.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The exact product, or `None` where it cannot be carried.
    pub fn checked_mul(self, factor: i64) -> Option<Self> {
        let product = |value: Decimal| {
            decimal(value.mantissa().checked_mul(i128::from(factor))?, value.scale()).map(Self::from)
        };
        product(self.0).or_else(|| product(self.0.normalize()))
    }

    /// Reads the text of a JSON number (`499.50`, `1e2`) without losing a digit.
    pub(crate) fn from_json_text(text: &str) -> Result<Self, ParseAmountError> {
        text.parse()
    }

    /// The amount as the text of a JSON number: plain, and without trailing zeros.
    pub(crate) fn to_json_text(self) -> String {
        self.0.normalize().to_string()
    }
}

/// `Decimal`'s own sum rounds what does not fit into 96 bits; money must not.
fn add_exactly(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let aligned = |value: Decimal| value.mantissa().checked_mul(10i128.pow(scale - value.scale()));
    decimal(aligned(a)?.checked_add(aligned(b)?)?, scale)
}

/// `mantissa` / 10^`scale`, giving up trailing zeros where there are too many digits.
fn decimal(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
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

/// A text that is no [`Amount`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseAmountError {
    /// There is no text.
    Empty,
    /// A character that has no place in a plain number, such as a blank, a currency sign or a thousands
    /// separator.
    UnexpectedCharacter {
        /// The character.
        found: char,
        /// Where it is, counted in bytes from 0.
        position: usize,
    },
    /// The text ends where a digit is needed: `-`, `5.`, `1e`.
    MissingDigit,
    /// More digits than can be carried exactly: some 28, or more than 28 after the point.
    TooManyDigits,
}

impl fmt::Display for ParseAmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an amount is missing: the text is empty"),
            Self::UnexpectedCharacter { found, position } => {
                write!(f, "an amount is a plain number like 1499.50: unexpected {found:?} at byte {position}")
            }
            Self::MissingDigit => f.write_str("an amount is a plain number like 1499.50: a digit is missing"),
            Self::TooManyDigits => f.write_str("the amount has more digits than can be carried exactly"),
        }
    }
}

impl std::error::Error for ParseAmountError {}

impl FromStr for Amount {
    type Err = ParseAmountError;

    /// Reads a plain number: `499.50`, `-3`, `.5`, `1e2`. Nothing is trimmed and there are no thousands
    /// separators.
    fn from_str(text: &str) -> Result<Self, ParseAmountError> {
        if text.is_empty() {
            return Err(ParseAmountError::Empty);
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = split_digits(rest);
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => match split_digits(rest) {
                ("", rest) => return Err(unexpected(text, rest)),
                split => split,
            },
            None => ("", rest),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(unexpected(text, rest));
        }
        let (exponent, rest) = match rest.strip_prefix(['e', 'E']) {
            Some(rest) => split_exponent(text, rest)?,
            None => (0, rest),
        };
        if !rest.is_empty() {
            return Err(unexpected(text, rest));
        }
        exact(negative, whole, fraction, exponent).map(Self::from).ok_or(ParseAmountError::TooManyDigits)
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn split_exponent<'t>(text: &str, rest: &'t str) -> Result<(i64, &'t str), ParseAmountError> {
    let (negative, rest) = match rest.strip_prefix(['+', '-']) {
        Some(after) => (rest.starts_with('-'), after),
        None => (false, rest),
    };
    let (digits, rest) = split_digits(rest);
    if digits.is_empty() {
        return Err(unexpected(text, rest));
    }
    // An exponent that leaves an i32 leaves the range of amounts as well.
    let size = i64::from(digits.parse::<i32>().unwrap_or(i32::MAX));
    Ok((if negative { -size } else { size }, rest))
}

/// What is wrong at the start of `rest`, the end of `text`.
fn unexpected(text: &str, rest: &str) -> ParseAmountError {
    match rest.chars().next() {
        Some(found) => ParseAmountError::UnexpectedCharacter { found, position: text.len() - rest.len() },
        None => ParseAmountError::MissingDigit,
    }
}

/// The decimal these digits write, if it can be carried exactly.
fn exact(negative: bool, whole: &str, fraction: &str, exponent: i64) -> Option<Decimal> {
    let digits = [whole, fraction].concat();
    let mut digits = digits.trim_start_matches('0');
    let mut scale = i64::try_from(fraction.len()).ok()? - exponent;
    if digits.is_empty() {
        let scale = u32::try_from(scale.max(0)).unwrap_or(u32::MAX).min(Decimal::MAX_SCALE);
        return decimal(0, scale);
    }
    // Zeros at the end show how it was written; those an i128 has no room for are given up.
    while (scale > i64::from(Decimal::MAX_SCALE) || digits.len() > 38) && scale > 0 {
        let Some(shorter) = digits.strip_suffix('0') else { break };
        digits = shorter;
        scale -= 1;
    }
    let mut mantissa: i128 = digits.parse().ok()?;
    if scale < 0 {
        let power = u32::try_from(-scale).ok()?;
        mantissa = mantissa.checked_mul(10i128.checked_pow(power)?)?;
        scale = 0;
    }
    decimal(if negative { -mantissa } else { mantissa }, u32::try_from(scale).ok()?)
}

impl fmt::Display for Amount {
    /// Plain rupees with the decimals it has, `499.50`; a precision (`{:.2}`) rounds as
    /// [`Amount::round`] does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.precision().and_then(|places| u32::try_from(places).ok()) {
            Some(places) => self.round(places).0.fmt(f),
            None => self.0.fmt(f),
        }
    }
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

/// A float that does not name one amount exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InexactAmountError {
    /// NaN or an infinity.
    NotFinite,
    /// More than 15 digits, more than an `f64` can be trusted with: noise of earlier arithmetic, or a
    /// number that was rounded when it became an `f64`.
    TooManyDigits,
}

impl fmt::Display for InexactAmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFinite => "NaN and infinities are no amounts",
            Self::TooManyDigits => "a float of more than 15 digits: the amount may have lost precision",
        })
    }
}

impl std::error::Error for InexactAmountError {}

impl TryFrom<f64> for Amount {
    type Error = InexactAmountError;

    /// Takes a float by its shortest decimal text, where that has at most 15 digits: every decimal of
    /// that size survives the way through an `f64`.
    ///
    /// ```
    /// use cashfree_pg::types::Amount;
    /// assert_eq!(Amount::try_from(499.5).unwrap().to_string(), "499.5");
    /// assert!(Amount::try_from(0.1 + 0.2).is_err());
    /// assert!(Amount::try_from(f64::INFINITY).is_err());
    /// ```
    fn try_from(value: f64) -> Result<Self, InexactAmountError> {
        if !value.is_finite() {
            return Err(InexactAmountError::NotFinite);
        }
        let text = value.to_string();
        let significant = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
        if significant > 15 {
            return Err(InexactAmountError::TooManyDigits);
        }
        text.parse().map_err(|_| InexactAmountError::TooManyDigits)
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Amount {
            /// Whole rupees; for paise see [`Amount::from_paise`].
            fn from(rupees: $integer) -> Self {
                Self(Decimal::from(rupees))
            }
        }

        impl PartialEq<$integer> for Amount {
            fn eq(&self, rupees: &$integer) -> bool {
                self.0 == Decimal::from(*rupees)
            }
        }

        impl PartialOrd<$integer> for Amount {
            fn partial_cmp(&self, rupees: &$integer) -> Option<Ordering> {
                self.0.partial_cmp(&Decimal::from(*rupees))
            }
        }

        impl PartialEq<Amount> for $integer {
            fn eq(&self, amount: &Amount) -> bool {
                amount == self
            }
        }

        impl PartialOrd<Amount> for $integer {
            fn partial_cmp(&self, amount: &Amount) -> Option<Ordering> {
                Decimal::from(*self).partial_cmp(&amount.0)
            }
        }
    )*};
}
integers!(i32, i64, u32, u64);

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

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_json_text();
        if let Ok(whole) = text.parse::<i64>() {
            return serializer.serialize_i64(whole);
        }
        let float = self.to_f64_lossy();
        if float.to_string() == text {
            return serializer.serialize_f64(float);
        }
        RawValue::from_string(text).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> de::Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount: a number or a numeric string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, rupees: i64) -> Result<Amount, E> {
        Ok(rupees.into())
    }

    fn visit_u64<E: de::Error>(self, rupees: u64) -> Result<Amount, E> {
        Ok(rupees.into())
    }

    fn visit_i128<E: de::Error>(self, rupees: i128) -> Result<Amount, E> {
        self.visit_str(&rupees.to_string())
    }

    fn visit_u128<E: de::Error>(self, rupees: u128) -> Result<Amount, E> {
        self.visit_str(&rupees.to_string())
    }

    fn visit_f64<E: de::Error>(self, rupees: f64) -> Result<Amount, E> {
        Amount::try_from(rupees).map_err(E::custom)
    }

    // How serde_json gives numbers when some crate in the tree has turned on `arbitrary_precision`.
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
        let number = serde_json::Number::deserialize(de::value::MapAccessDeserializer::new(map))?;
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    /// Any amount at all, with any number of decimals.
    fn any_amount() -> impl Strategy<Value = Amount> {
        const LIMIT: i128 = (1 << 96) - 1;
        prop_oneof![
            (-LIMIT..=LIMIT, 0u32..=28),
            (-10_000_000_000i128..=10_000_000_000, 0u32..=4),
            (-100i128..=100, 0u32..=28),
        ]
        .prop_map(|(mantissa, scale)| Amount::from(Decimal::from_i128_with_scale(mantissa, scale)))
    }

    #[test]
    fn no_number_of_decimals_is_too_much() {
        let tenth: Amount = "0.001".parse().unwrap();
        assert_eq!(tenth.round(31), tenth);
        assert_eq!(tenth.round(u32::MAX).to_string(), tenth.round(28).to_string());
        assert!(format!("{tenth:.60}").starts_with("0.001000"));
    }

    #[test]
    fn reads_plain_numbers_and_exponents() {
        for (text, shown) in [
            ("499.50", "499.50"),
            ("0", "0"),
            ("0.00", "0.00"),
            ("-0.0", "0.0"),
            ("-12.5", "-12.5"),
            (".5", "0.5"),
            ("007.10", "7.10"),
            ("1e2", "100"),
            ("1.5E+3", "1500"),
            ("1.50e1", "15.0"),
            ("25e-2", "0.25"),
            ("0e999999999999", "0"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
            ("1.00000000000000000000000000000000000000000", "1.0000000000000000000000000000"),
            ("1000000000000000000000000000e-27", "1.000000000000000000000000000"),
        ] {
            assert_eq!(amount(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_plain_number() {
        use ParseAmountError::*;
        let found = |found, position| UnexpectedCharacter { found, position };
        for (text, error) in [
            ("", Empty),
            ("-", MissingDigit),
            ("5.", MissingDigit),
            (".", MissingDigit),
            ("1e", MissingDigit),
            ("1e+", MissingDigit),
            (" 5", found(' ', 0)),
            ("5 ", found(' ', 1)),
            ("+5", found('+', 0)),
            ("1,000.00", found(',', 1)),
            ("1_000", found('_', 1)),
            ("₹5", found('₹', 0)),
            ("1.2.3", found('.', 3)),
            ("NaN", found('N', 0)),
            ("inf", found('i', 0)),
            ("0x10", found('x', 1)),
            ("--1", found('-', 1)),
            ("१", found('१', 0)),
            ("79228162514264337593543950336", TooManyDigits),
            ("0.00000000000000000000000000001", TooManyDigits),
            ("1.2345678901234567890123456789012", TooManyDigits),
            ("1e29", TooManyDigits),
            ("1e99999999999999999999", TooManyDigits),
            ("1e-99999999999999999999", TooManyDigits),
        ] {
            assert_eq!(text.parse::<Amount>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn equality_order_and_hash_go_by_value() {
        use std::collections::HashSet;
        assert_eq!(amount("10.10"), amount("10.1"));
        assert_eq!(HashSet::from([amount("10.10"), amount("10.1"), amount("1.01e1")]).len(), 1);
        assert_eq!(HashSet::from([amount("0"), amount("-0.00"), -Amount::ZERO]).len(), 1);
        assert!(amount("9.99") < amount("10"));
        assert!(
            amount("10.00") == 10 && 10 == amount("10.0") && amount("10.01") > 10 && 10 < amount("10.01")
        );
        assert!(amount("18446744073709551615") == u64::MAX);
    }

    #[test]
    fn floats_are_taken_exactly_or_not_at_all() {
        assert_eq!(Amount::try_from(0.1), Ok(amount("0.1")));
        assert_eq!(Amount::try_from(-12345678901.25), Ok(amount("-12345678901.25")));
        assert_eq!(Amount::try_from(0.1 + 0.2), Err(InexactAmountError::TooManyDigits));
        assert_eq!(Amount::try_from(1e16), Err(InexactAmountError::TooManyDigits));
        assert_eq!(Amount::try_from(1e-30), Err(InexactAmountError::TooManyDigits));
        assert_eq!(Amount::try_from(f64::NAN), Err(InexactAmountError::NotFinite));
        assert_eq!(Amount::try_from(f64::NEG_INFINITY), Err(InexactAmountError::NotFinite));
        assert_eq!(Amount::from_f64_lossy(1e-30), Some(Amount::ZERO));
        assert_eq!(Amount::from_f64_lossy(1e300), None);
        assert_eq!(Amount::from_f64_lossy(f64::INFINITY), None);
    }

    #[test]
    fn sums_are_exact_or_refused() {
        let largest = amount("79228162514264337593543950335");
        assert_eq!(largest.checked_add(amount("0.5")), None);
        assert_eq!(largest.checked_add(amount("1")), None);
        assert_eq!(largest.checked_add(amount("-1.00")), Some(amount("79228162514264337593543950334")));
        assert_eq!(largest.checked_mul(2), None);
        assert_eq!(amount("0.1") + amount("0.2"), amount("0.3"));
        assert_eq!([amount("1.10"), amount("2.20")].iter().sum::<Amount>().to_string(), "3.30");
        assert_eq!(3 * amount("0.10"), amount("0.3"));
    }

    #[test]
    #[should_panic(expected = "overflow")]
    fn operators_panic_on_overflow() {
        let _ = amount("79228162514264337593543950335") * 2;
    }

    #[test]
    fn shows_so_many_decimals_as_asked() {
        assert_eq!(format!("{:.2}", amount("5")), "5.00");
        assert_eq!(format!("{:.2}", amount("5.125")), "5.13");
        assert_eq!(format!("{:>8}", amount("5.10")), "    5.10");
        assert_eq!(format!("{:?}", amount("5.10")), "Amount(5.10)");
    }

    #[test]
    fn writes_json_numbers_without_noise() {
        for (text, json) in [
            ("10.10", "10.1"),
            ("10.00", "10"),
            ("0.30", "0.3"),
            ("-0.05", "-0.05"),
            ("100000000000000000000.01", "100000000000000000000.01"),
            ("0.1234567890123456789", "0.1234567890123456789"),
        ] {
            assert_eq!(serde_json::to_string(&amount(text)).unwrap(), json);
            assert_eq!(amount(text).to_json_text(), json);
        }
        assert_eq!(serde_json::to_value(amount("10.10")).unwrap(), serde_json::json!(10.1));
    }

    #[test]
    fn reads_json_numbers_and_strings() {
        for (json, text) in [("10.1", "10.1"), (r#""10.10""#, "10.10"), ("10", "10"), ("1e2", "100")] {
            assert_eq!(serde_json::from_str::<Amount>(json).unwrap(), amount(text), "{json}");
        }
        for json in ["null", "true", "[1]", "{}", r#""""#, r#""1,000""#] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn reads_a_float_only_if_no_digit_can_be_lost() {
        use serde::de::{IntoDeserializer, value::Error};
        let read = |float: f64| Amount::deserialize(IntoDeserializer::<Error>::into_deserializer(float));
        assert_eq!(read(10.1), Ok(amount("10.1")));
        assert!(read(0.1 + 0.2).is_err() && read(1e16).is_err() && read(f64::NAN).is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(amount in any_amount()) {
            let read: Amount = amount.to_string().parse().unwrap();
            prop_assert_eq!(read, amount);
            prop_assert_eq!(read.decimal_places(), amount.decimal_places());
            prop_assert_eq!(Amount::from_json_text(&amount.to_json_text()).unwrap(), amount);
        }

        #[test]
        fn json_keeps_every_digit(amount in any_amount()) {
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(Amount::from_json_text(&json).unwrap(), amount, "{}", json);
        }

        #[test]
        fn paise_round_trip(paise: i64) {
            prop_assert_eq!(Amount::from_paise(paise).to_paise(), Some(paise));
        }

        #[test]
        fn decimals_round_trip(amount in any_amount()) {
            prop_assert_eq!(Amount::from(Decimal::from(amount)), amount);
        }

        #[test]
        fn money_survives_a_float(paise in -99_999_999_999_999i64..=99_999_999_999_999) {
            let amount = Amount::from_paise(paise);
            prop_assert_eq!(Amount::try_from(amount.to_f64_lossy()), Ok(amount));
            prop_assert_eq!(Amount::from_f64_lossy(amount.to_f64_lossy()), Some(amount));
        }

        #[test]
        fn any_float_is_taken_or_refused(value: f64) {
            let _ = Amount::from_f64_lossy(value);
            if let Ok(amount) = Amount::try_from(value) {
                prop_assert_eq!(amount.to_f64_lossy(), value);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[-+0-9.eE]{0,60}") {
            let _ = text.parse::<Amount>();
        }

        #[test]
        fn a_sum_can_be_taken_back(a in any_amount(), b in any_amount()) {
            if let Some(sum) = a.checked_add(b) {
                prop_assert_eq!(sum.checked_sub(b), Some(a));
                prop_assert_eq!(sum, b + a);
            }
        }

        #[test]
        fn a_product_is_a_repeated_sum(amount in any_amount(), factor in 0i64..=5) {
            let sum = (0..factor).try_fold(Amount::ZERO, |sum, _| sum.checked_add(amount));
            if sum.is_some() {
                prop_assert_eq!(amount.checked_mul(factor), sum);
            }
        }
    }
}
