//! What becomes an [`Amount`], and what does not.

use std::fmt;

use rust_decimal::Decimal;

use super::Amount;

/// What is taken where an amount is asked for: an [`Amount`], or a [`Decimal`] of rupees.
///
/// Integers and floats are not: see [`Amount`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an amount of money",
    label = "write `Amount::from_paise(49_950)`, `Amount::from_rupees(499)` or `\"499.50\".parse::<Amount>()?`",
    note = "a bare number does not say whether it counts rupees or paise",
    note = "a `Decimal` of rupees is taken as it is; a float only by `Amount::try_from`"
)]
pub trait IntoAmount: Sized {
    /// The amount.
    fn into_amount(self) -> Amount;
}

impl IntoAmount for Amount {
    fn into_amount(self) -> Amount {
        self
    }
}

impl IntoAmount for &Amount {
    fn into_amount(self) -> Amount {
        *self
    }
}

impl IntoAmount for Decimal {
    fn into_amount(self) -> Amount {
        self.into()
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
