//! What no text of a call may show: the caller's secret, and what the request carries that is secret or
//! somebody's own.

use std::sync::LazyLock;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use regex_lite::Regex;
use serde_json::Value;
use url::form_urlencoded;

use super::{REDACTED, without_card_numbers};

/// No explanation needs more bytes; the whole answer is in `raw_body`.
const LONGEST_TEXT: usize = 4096;

/// Words in the names of members whose value a server must not be quoted with.
const WORDS: &[&str] = &[
    "aadhaar",
    "aadhar",
    "access_key",
    "accesskey",
    "account",
    "address",
    "api_key",
    "apikey",
    "appid",
    "bank_details",
    "card",
    "credit_ref",
    "creditref",
    "cryptogram",
    "cvc",
    "cvv",
    "date_of_birth",
    "dateofbirth",
    "doc_value",
    "email",
    "exp_month",
    "exp_year",
    "expiry",
    "file",
    "gst",
    "iban",
    "license",
    "licence",
    "mobile",
    "name",
    "otp",
    "pan",
    "passcode",
    "passport",
    "password",
    "phone",
    "pin",
    "private_key",
    "privatekey",
    "qrcode",
    "secret",
    "session",
    "token",
    "uidai",
    "upi",
    "voter",
    "vpa",
    "_cin",
    "_dob",
];

/// No code is longer.
const LONGEST_CODE: usize = 64;

/// A shorter value would be found in words that have nothing to do with it.
const SHORTEST: usize = 3;

/// A value of fewer characters is only cut out where it stands by itself.
const ALONE: usize = 8;

/// An identifier of a payment session, an address of e-mail or UPI, an Indian mobile number, a PAN or GSTIN, and
/// digits that the words before them say are secret: how to know quickly that a text has none, and what goes where it may have one.
static PATTERNS: LazyLock<Vec<(Hint, Regex, String)>> = LazyLock::new(|| {
    let named = r"(?i)\b(otp|cvv|cvc|pin|passcode|a/c|account|aadhaa?r|uidai)((?: number| no| is)?[^0-9a-z]{1,4})[0-9]{3,18}(?:[ -][0-9]{4}){0,2}\b";
    let tax_number = r"\b(?:[0-9]{2})?[A-Z]{5}[0-9]{4}[A-Z](?:[0-9A-Z]Z[0-9A-Z])?\b";
    let patterns: [(Hint, &str, &str); 5] = [
        (|text| text.contains("session_"), r"\bsession_[A-Za-z0-9_-]{12,}", ""),
        (|text| text.contains('@'), r"[A-Za-z0-9._%+-]+@[A-Za-z0-9][A-Za-z0-9.-]*", ""),
        (|text| has_digits(text, 5), r"(?:\+91[ -]?|\b(?:0|91)?)[6-9][0-9]{4}[ -]?[0-9]{5}\b", ""),
        (|text| has_digits(text, 4), tax_number, ""),
        (|text| has_digits(text, 3), named, "$1$2"),
    ];
    let ready =
        |(hint, pattern, before)| Some((hint, Regex::new(pattern).ok()?, format!("{before}{REDACTED}")));
    patterns.into_iter().filter_map(ready).collect()
});

type Hint = fn(&str) -> bool;

/// Whether so many digits stand together.
fn has_digits(text: &str, count: usize) -> bool {
    text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit()).any(|run| run.len() >= count)
}

/// What must not show. The values of a request are looked up when a text is there to be cleaned.
pub(crate) struct Hidden {
    secrets: Vec<String>,
    values: Vec<String>,
}

impl Hidden {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| !secret.is_empty()).map(str::to_owned).collect();
        Self { secrets, values: Vec::new() }
    }

    /// The values of a JSON body whose names say that they are nobody else's business.
    pub(crate) fn json(&mut self, body: &[u8]) {
        if let Ok(body) = serde_json::from_slice::<Value>(body) {
            self.walk("", &body);
        }
    }

    fn walk(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.walk(name, value)),
            Value::Array(items) => items.iter().for_each(|item| self.walk(name, item)),
            Value::String(text) => self.value(name, text),
            Value::Number(number) => self.value(name, &number.to_string()),
            Value::Bool(_) | Value::Null => {}
        }
    }

    /// A value, if its name says so.
    pub(crate) fn value(&mut self, name: &str, value: &str) {
        // With a mark before it, so that a word can be looked for at the beginning of another only.
        let name = format!("_{}", name.to_ascii_lowercase());
        if value.chars().count() >= SHORTEST && WORDS.iter().any(|word| name.contains(word)) {
            self.values.push(value.to_owned());
        }
    }

    /// A text of a server's: one line, not endless, and without what must not show.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = one_line(text);
        let mut values: Vec<&String> = self.secrets.iter().chain(&self.values).collect();
        // A value may be part of another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in values {
            for form in forms(value, &text) {
                if let Some(clean) = without(&text, &form) {
                    text = clean;
                }
            }
        }
        for (may_have, pattern, instead) in PATTERNS.iter() {
            if may_have(&text) {
                text = pattern.replace_all(&text, instead.as_str()).into_owned();
            }
        }
        let was_cut = cut(&mut text, LONGEST_TEXT);
        let mut text = without_card_numbers(&text).into_owned();
        if was_cut {
            text.push('…');
        }
        text
    }

    /// A code of a server's. In one of small letters nobody is quoted: that a customer is called "order" must not
    /// make `order_not_found` another code.
    pub(crate) fn clean_code(&self, code: &str) -> String {
        let is_plain =
            code.len() <= LONGEST_CODE && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if is_plain && !self.secrets.iter().any(|secret| code.contains(secret.as_str())) {
            return code.to_owned();
        }
        self.clean(code)
    }

    /// The value of a header, as far as it needs to be known.
    pub(crate) fn clean_header(&self, text: &str) -> String {
        const LONGEST: usize = 128;
        let mut text = self.clean(text);
        cut(&mut text, LONGEST);
        text
    }
}

/// How a value may stand in a text: as it is, in JSON, in a URL, in a form.
fn forms(value: &str, text: &str) -> Vec<String> {
    let mut forms = vec![one_line(value)];
    // Whatever an encoding changes has one of these in it.
    if text.contains(['\\', '%', '+']) {
        let json = Value::from(value).to_string();
        forms.push(json[1..json.len() - 1].to_owned());
        forms.push(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string());
        forms.push(form_urlencoded::byte_serialize(value.as_bytes()).collect());
    }
    forms
}

/// A text without a value, if it has it.
fn without(text: &str, value: &str) -> Option<String> {
    if value.trim().is_empty() || !text.contains(value) {
        return None;
    }
    if value.chars().count() >= ALONE {
        return Some(text.replace(value, REDACTED));
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(value) {
        let (before, after) = (&rest[..at], &rest[at + value.len()..]);
        clean.push_str(before);
        let touches = clean.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        clean.push_str(if touches { value } else { REDACTED });
        rest = after;
    }
    clean.push_str(rest);
    Some(clean)
}

/// Whether a character shows as nothing, or turns around what stands beside it: it has no business in a line of
/// a log, where it makes one text look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line, in which everything that is there can be seen.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Not endless. What the cut left of a card number or a secret is no longer known as one, so what stands
/// directly before it goes as well.
fn cut(text: &mut String, longest: usize) -> bool {
    if text.len() <= longest {
        return false;
    }
    let end = (0..=longest).rfind(|&end| text.is_char_boundary(end)).unwrap_or_default();
    text.truncate(end);
    let whole = text.trim_end_matches(|c: char| c.is_numeric() || !c.is_alphanumeric()).len();
    text.truncate(whole);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str, secret: &str) -> String {
        Hidden::new([secret]).clean(text)
    }

    #[test]
    fn secrets_go_in_every_form_and_ids_stay() {
        let cases = [
            ("card 4111111111111111 declined", "card [redacted] declined"),
            ("key s3c\"ret was refused", "key [redacted] was refused"),
            (r#"{"key":"s3c\"ret"}"#, r#"{"key":"[redacted]"}"#),
            ("?key=s3c%22ret", "?key=[redacted]"),
            ("appId=1&secretKey=s3c%22ret", "appId=1&secretKey=[redacted]"),
            ("order 1234567890123 of 2025-01-01", "order 1234567890123 of 2025-01-01"),
            ("₹ 10 for 4111111111111112", "₹ 10 for 4111111111111112"),
            ("session_AbCd0123456789_x is over", "[redacted] is over"),
            ("asha@bank and asha.rao+1@mail.example", "[redacted] and [redacted]"),
            ("call +91 98765 43210, 9876543210 or 09876543210", "call [redacted], [redacted] or [redacted]"),
            ("payment 5114910002", "payment 5114910002"),
            ("otp 731905, CVV: 847", "otp [redacted], CVV: [redacted]"),
            ("Account number 026291800001191", "Account number [redacted]"),
            ("pin code of order 12345", "pin code of order 12345"),
            ("pan ABCPE1234F, gst 29ABCPE1234F1Z5", "pan [redacted], gst [redacted]"),
            ("Aadhaar: 2345 6789 0123 is invalid", "Aadhaar: [redacted] is invalid"),
            ("UTR 234567890123, IFSC HDFC0001234", "UTR 234567890123, IFSC HDFC0001234"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text, "s3c\"ret"), expected);
        }
    }

    #[test]
    fn what_the_request_carries_goes() {
        let mut hidden = Hidden::new([]);
        hidden.json(
            br#"{"card_cvv":"123","otp":111000,"customer":{"customer_name":"Asha Rao","note":"hello"}}"#,
        );
        hidden.value("doc_number", "ABCDE1234F");
        hidden.value("pan", "ABCDE1234F");
        hidden.value("upi_pin", "4711");
        hidden.value("appId", "app_77");
        hidden.value("customerName", "Ravi & Söhne");
        for (text, expected) in [
            ("cvv 123 of Asha Rao", "cvv [redacted] of [redacted]"),
            ("said 4711, in order 47110", "said [redacted], in order 47110"),
            ("panABCDE1234Fend", "pan[redacted]end"),
            ("otp 111000, order 21110007, code 12345", "otp [redacted], order 21110007, code 12345"),
            ("hello, ABCDE1234F", "hello, [redacted]"),
            ("no app app_77", "no app [redacted]"),
            ("customerName=Ravi+%26+S%C3%B6hne&a=1", "customerName=[redacted]&a=1"),
        ] {
            assert_eq!(hidden.clean(text), expected);
        }
    }

    /// What `Debug` hides of a request, an error must not quote.
    #[cfg(feature = "registry")]
    #[test]
    fn every_secret_member_of_every_document_is_known_here() {
        // Of answers only.
        let never_sent = [
            "download_url",
            "firaFileDownloadUrl",
            "link",
            "onboarding_link",
            "order_hash",
            "par",
            "signature",
        ];
        let mut seen = 0;
        for (document, entries) in crate::registry::VERSIONS {
            for (name, secret) in entries.iter().flat_map(|entry| (entry.members)()) {
                let mut hidden = Hidden::new([]);
                hidden.value(name, "the value");
                let is_known = !hidden.values.is_empty() || never_sent.contains(&name);
                assert!(!secret || is_known, "{document}: {name}");
                seen += usize::from(secret);
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn a_code_is_one_whatever_the_customer_is_called() {
        let mut hidden = Hidden::new(["secret_of_letters"]);
        for name in ["api", "order", "Order", "idempotency"] {
            hidden.value("customer_name", name);
        }
        for code in ["api_request_timeout", "order_already_exists", "idempotency_error"] {
            assert_eq!(hidden.clean_code(code), code);
        }
        for (code, shown) in
            [("no_secret_of_letters", "no_[redacted]"), ("Order 4111111111111111", "[redacted] [redacted]")]
        {
            assert_eq!(hidden.clean_code(code), shown);
        }
    }

    #[test]
    fn a_line_stays_a_line() {
        let text = "line one\nFATAL forged\u{1b}[2J \u{202e}evil\u{2069} \u{200b}4111\u{200b}1111\u{200b}1111\u{200b}1111";
        assert_eq!(clean(text, ""), "line one FATAL forged [2J evil [redacted]");
    }

    #[test]
    fn a_long_text_is_cut() {
        for text in ["1 ", "x 1 ", "1", "₹", "4111 1111 1111 1111 ", "s3cret, ", "a@", "session_"] {
            let clean = clean(&text.repeat(250_000 / text.len()), "s3cret");
            assert!(clean.len() <= LONGEST_TEXT + '…'.len_utf8());
            assert!(clean.ends_with('…') || clean == REDACTED, "{clean}");
            assert!(!clean.contains("4111") && !clean.contains("s3c"), "{clean}");
        }
        // A cut through the middle of a card number.
        let text = format!("{}4111111111111111{}", "x".repeat(LONGEST_TEXT - 14), "x".repeat(100));
        assert!(!clean(&text, "").contains('4'));
    }
}
