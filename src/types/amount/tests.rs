use proptest::prelude::*;

use rust_decimal::Decimal;
use serde::Deserialize as _;

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
    assert_eq!(format!("{:08.1}", amount("-5.16")), "-00005.2");
    assert_eq!(format!("{:+}", amount("5.1")), "+5.1");
    assert_eq!(format!("{:.1}", amount("-0.04")), "0.0");
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
    // A float of serde_json's own, and of any other format, is trusted with 15 digits.
    assert_eq!(serde_json::to_string(&amount("1000000000000000.3")).unwrap(), "1000000000000000.3");
    let value = serde_json::to_value(amount("1000000000000000.3")).unwrap();
    assert_eq!(value, serde_json::json!("1000000000000000.3"));
    // As the key of a map, in which JSON has texts only.
    let by_amount = std::collections::BTreeMap::from([(amount("10.10"), 1)]);
    assert_eq!(serde_json::to_string(&by_amount).unwrap(), r#"{"10.1":1}"#);
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
    fn any_precision_shows_what_rounding_gives(amount in any_amount(), places in 0usize..=60, width in 0usize..=80) {
        let shown = format!("{amount:>width$.places$}");
        let read: Amount = shown.trim().parse().unwrap();
        prop_assert_eq!(read, amount.round(u32::try_from(places).unwrap()));
        prop_assert_eq!(shown.trim().split_once('.').map_or(0, |(_, decimals)| decimals.len()), places);
        prop_assert!(shown.len() >= width);
    }

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
