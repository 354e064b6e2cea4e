//! From text to an [`Amount`], without losing a digit.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;

use super::{Amount, arithmetic::decimal};

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
