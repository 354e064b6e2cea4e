//! What must not be read in a text that someone else wrote.
//!
//! Errors quote Cashfree's own message, and a server may quote the request in it; `Debug` of what was answered
//! shows texts. Before such a text is kept or shown, what must not be seen is cut out of it.

mod cards;
#[cfg(feature = "client")]
mod hidden;

use std::borrow::Cow;

#[cfg(feature = "client")]
pub(crate) use hidden::Hidden;

const REDACTED: &str = "[redacted]";

/// No name and no id needs more characters.
const LONGEST_NAME: usize = 64;

/// A text for `Debug`: without card numbers, and of a URL only where it leads. Its path and query may be all
/// that is needed to pay.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if let Some((scheme, rest)) = text.split_once("://")
        && matches!(scheme, "http" | "https" | "upi" | "intent")
        && let Some(end) = rest.find(['/', '?', '#'])
        && end + 1 < rest.len()
    {
        return Cow::Owned(format!("{scheme}://{}/{REDACTED}", without_user(&rest[..end])));
    }
    match without_sessions(text) {
        Cow::Borrowed(text) => without_card_numbers(text),
        Cow::Owned(text) => Cow::Owned(without_card_numbers(&text).into_owned()),
    }
}

/// A text without the identifiers of payment sessions.
fn without_sessions(text: &str) -> Cow<'_, str> {
    const BEGIN: &str = "session_";
    const SHORTEST: usize = BEGIN.len() + 12;
    let token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let (mut clean, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(BEGIN) {
        let length = rest[at..].find(|c| !token(c)).unwrap_or(rest.len() - at);
        clean.push_str(&rest[..at]);
        clean.push_str(if length < SHORTEST { &rest[at..at + length] } else { REDACTED });
        rest = &rest[at + length..];
    }
    if clean.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

fn without_user(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// A name that is not known, which may be anything: shown if it looks like a name.
pub(crate) fn name(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if name.len() <= LONGEST_NAME && digits < 8 && name.chars().all(plain) { name } else { "[name]" }
}

/// Names for `Debug`.
pub(crate) fn names<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    names.map(name)
}

fn without_card_numbers(text: &str) -> Cow<'_, str> {
    let found = cards::find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut clean, mut copied) = (String::with_capacity(text.len()), 0);
    for place in found {
        clean.push_str(&text[copied..place.start]);
        clean.push_str(REDACTED);
        copied = place.end;
    }
    clean.push_str(&text[copied..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_shows_without_what_pays() {
        for (text, expected) in [
            ("two tickets", "two tickets"),
            ("card 4111 1111 1111 1111", "card [redacted]"),
            ("https://payments.example/checkout/session_x?a=1", "https://payments.example/[redacted]"),
            ("https://user:password@shop.example/a", "https://shop.example/[redacted]"),
            ("upi://pay?pa=asha@bank", "upi://pay/[redacted]"),
            ("https://shop.example/", "https://shop.example/"),
            ("open session_AbCd0123456789xyz, or session_2", "open [redacted], or session_2"),
            ("https://shop.example", "https://shop.example"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_name_that_looks_like_none_is_not_shown() {
        for known in ["order_id", "customer.phone", "lane-3", "PARTIALLY_PAID"] {
            assert_eq!(name(known), known);
        }
        for unknown in ["4111111111111111", "asha@bank", "a b", "\u{202e}", &"x".repeat(65), "9876543210"] {
            assert_eq!(name(unknown), "[name]");
        }
    }
}
