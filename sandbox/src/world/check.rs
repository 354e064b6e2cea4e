//! What production refuses though the specification allows it: phones, addresses, currencies, cards.

use serde_json::Value;

use super::call::{at, text};
use super::clock::Time;
use super::values;
use crate::gateway::problem::Problem;

/// A rule for the member at a dotted path, which may be absent.
pub(crate) fn member(
    body: &Value,
    path: &str,
    rule: &str,
    holds: impl Fn(&str) -> bool,
) -> Result<(), Problem> {
    let value = at(body, path);
    match text(value) {
        Some(text) if !holds(&text) => Err(Problem::member(path, rule, value)),
        _ => Ok(()),
    }
}

/// Fails where the member is absent or empty.
pub(crate) fn present(body: &Value, path: &str) -> Result<String, Problem> {
    text(at(body, path)).ok_or_else(|| Problem::missing(path))
}

pub(crate) fn phone(body: &Value, path: &str) -> Result<(), Problem> {
    member(body, path, "should be a phone number of ten digits", |text| {
        let digits = text.strip_prefix("+91").unwrap_or(text);
        digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

pub(crate) fn email(body: &Value, path: &str) -> Result<(), Problem> {
    member(body, path, "should be an e-mail address", |text| {
        let (name, host) = text.split_once('@').unwrap_or_default();
        let clean = !text.contains(|c: char| c.is_whitespace() || c == ',') && !host.contains('@');
        clean
            && !name.is_empty()
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
    })
}

/// `{order_id}` may stand in it, for the payer's way back.
pub(crate) fn url(body: &Value, path: &str) -> Result<(), Problem> {
    member(body, path, "should be an http or https address", |text| {
        let plain = text.replace(['{', '}'], "");
        let rest = plain.strip_prefix("https://").or_else(|| plain.strip_prefix("http://"));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
        host.is_some_and(|host| !host.is_empty()) && plain.parse::<hyper::Uri>().is_ok()
    })
}

/// Ids of the caller's: letters, digits, `-` and `_`.
pub(crate) fn id(body: &Value, path: &str) -> Result<(), Problem> {
    member(body, path, "should have letters, digits, - and _ only", |text| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    })
}

/// `name@bank`
pub(crate) fn vpa(body: &Value, path: &str) -> Result<(), Problem> {
    member(body, path, "should be a UPI id, such as name@bank", |text| {
        let (name, handle) = text.split_once('@').unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        name.len() > 1 && handle.len() > 1 && name.chars().all(plain) && handle.chars().all(plain)
    })
}

/// A card's number, expiry and security code, where they stand below `path`.
pub(crate) fn card(body: &Value, path: &str, now: Time) -> Result<(), Problem> {
    let of = |name: &str| format!("{path}.{name}");
    let number = present(body, &of("card_number"))?;
    let digits = (12..=19).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let kind = values::card(&number);
    if !digits || !kind.is_test && !values::passes_luhn(&number) {
        return Err(Problem::member(&of("card_number"), "is not a card number", &Value::Null));
    }
    expiry(body, path, now)?;
    let length = if kind.scheme == "amex" { 4 } else { 3 };
    let cvv = present(body, &of("card_cvv"))?;
    if cvv.len() != length || !cvv.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::member(&of("card_cvv"), "is not a security code", &Value::Null));
    }
    Ok(())
}

/// A card is good to the end of its month.
fn expiry(body: &Value, path: &str, now: Time) -> Result<(), Problem> {
    use chrono::Datelike as _;
    let of = |name: &str| format!("{path}.{name}");
    let month: u32 = present(body, &of("card_expiry_mm"))?.parse().unwrap_or(0);
    if !(1..=12).contains(&month) {
        return Err(Problem::member(&of("card_expiry_mm"), "should be 01 to 12", &Value::Null));
    }
    let year = present(body, &of("card_expiry_yy"))?;
    let full: i32 = match year.len() {
        2 => year.parse().map_or(0, |year: i32| now.year() / 100 * 100 + year),
        4 => year.parse().unwrap_or(0),
        _ => 0,
    };
    if (full, month) < (now.year(), now.month()) {
        return Err(Problem::member(&of("card_expiry_yy"), "is in the past", &Value::Null));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::clock;
    use serde_json::json;

    #[test]
    fn what_is_no_phone_address_or_id_is_refused() {
        type Rule = fn(&Value, &str) -> Result<(), Problem>;
        let cases: [(Rule, &[&str], &[&str]); 5] = [
            (phone, &["9999999999", "+919999999999", ""], &["abcdefghij", "999", "99999 9999"]),
            (email, &["a@example.com", "a+b@x.co.in"], &["nonsense", "a@b", "a b@x.in", "@x.in", "a@@x.in"]),
            (
                url,
                &["https://shop.example/back?order_id={order_id}", "http://127.0.0.1:9000/hook"],
                &["nonsense", "https://", "ftp://x/", "http:// x"],
            ),
            (id, &["order_1-A"], &["order 1", "a@b.in", "é"]),
            (vpa, &["testsuccess@gocash", "a.b-c@ok-bank"], &["nonsense", "@bank", "a@b@c", "a b@c"]),
        ];
        for (rule, good, bad) in cases {
            for text in good {
                assert!(rule(&json!({"a": {"b": text}}), "a.b").is_ok(), "{text}");
            }
            for text in bad {
                let problem = rule(&json!({"a": {"b": text}}), "a.b").expect_err(text);
                assert_eq!(problem.code, "a.b_invalid", "{text}");
            }
        }
    }

    #[test]
    fn a_card_has_a_check_digit_an_expiry_and_a_security_code() {
        let now = clock::read("2025-06-15T00:00:00Z").expect("a time");
        let good = json!({
            "card_number": "4111111111111111", "card_expiry_mm": "06", "card_expiry_yy": "25", "card_cvv": "123",
        });
        let check = |name: &str, value: Value| {
            let mut card = good.clone();
            card[name] = value;
            let checked = super::card(&json!({"payment_method": {"card": card}}), "payment_method.card", now);
            checked.map_err(|problem| problem.code.into_owned())
        };
        assert_eq!(check("card_cvv", json!("123")), Ok(()));
        assert_eq!(check("card_expiry_yy", json!("2025")), Ok(()));
        for (name, value, code) in [
            ("card_number", "4111111111111112", "card_number_invalid"),
            ("card_number", "470613123456789O", "card_number_invalid"),
            ("card_number", "", "card_number_missing"),
            ("card_expiry_mm", "13", "card_expiry_mm_invalid"),
            ("card_expiry_mm", "05", "card_expiry_yy_invalid"),
            ("card_expiry_yy", "24", "card_expiry_yy_invalid"),
            ("card_cvv", "", "card_cvv_missing"),
            ("card_cvv", "12", "card_cvv_invalid"),
        ] {
            assert_eq!(check(name, json!(value)), Err(code.to_owned()), "{name} {value}");
        }
    }
}
