//! What must not be read in a message that a server wrote.
//!
//! Errors quote Cashfree's own message, and a server may quote the request in it. Before such a text
//! is kept, credentials and anything that looks like a card number are cut out.

/// A card number has 13 to 19 digits and a Luhn check digit, with or without blanks or hyphens.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// So many bytes a card number has at most: 19 digits with something between each two.
const LONGEST_CARD_NUMBER: usize = 19 + 18;

/// No explanation needs more bytes; the whole answer is in `raw_body`.
const LONGEST_TEXT: usize = 4096;

/// `text` without the given secrets and without card numbers, and not endless.
pub(crate) fn clean(text: &str, secret: &str) -> String {
    let mut text = if secret.is_empty() { text.to_owned() } else { text.replace(secret, "[redacted]") };
    let cut = text.len() > LONGEST_TEXT;
    if cut {
        let end = (0..=LONGEST_TEXT).rfind(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or_default());
        // What the cut left of a card number is no longer known as one.
        let whole = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-')).len();
        text.truncate(whole);
    }
    let mut text = without_card_numbers(&text);
    if cut {
        text.push('…');
    }
    text
}

fn without_card_numbers(text: &str) -> String {
    let groups = digit_groups(text);
    let mut clean = String::with_capacity(text.len());
    let (mut copied, mut first) = (0, 0);
    while first < groups.len() {
        // The longest row of groups that makes a card number: `4111 1111 1111 1111 12` is one and a rest.
        // No longer than a card number can be, or a text of many digits would take forever.
        let row = (first..groups.len())
            .take_while(|&last| groups[last].1 - groups[first].0 <= LONGEST_CARD_NUMBER)
            .take_while(|&last| last == first || separates(&text[groups[last - 1].1..groups[last].0]))
            .filter(|&last| is_card_number(&text[groups[first].0..groups[last].1]))
            .last();
        match row {
            Some(last) => {
                clean.push_str(&text[copied..groups[first].0]);
                clean.push_str("[redacted]");
                copied = groups[last].1;
                first = last + 1;
            }
            None => first += 1,
        }
    }
    clean.push_str(&text[copied..]);
    clean
}

/// Where the runs of digits begin and end.
fn digit_groups(text: &str) -> Vec<(usize, usize)> {
    let mut groups = Vec::new();
    let mut start = None;
    for (i, byte) in text.bytes().chain([b' ']).enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                groups.push((from, i));
                start = None;
            }
            _ => {}
        }
    }
    groups
}

fn separates(between: &str) -> bool {
    matches!(between, " " | "-")
}

fn is_card_number(run: &str) -> bool {
    let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
    if !CARD_DIGITS.contains(&digits.len()) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| match i % 2 {
            0 => d,
            _ if d > 4 => 2 * d - 9,
            _ => 2 * d,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_and_secrets_go_and_ids_stay() {
        let cases = [
            ("card 4111111111111111 declined", "card [redacted] declined"),
            ("card 4111 1111 1111 1111 declined", "card [redacted] declined"),
            ("card 4111-1111-1111-1111.", "card [redacted]."),
            ("4111 1111 1111 1111 12/30", "[redacted] 12/30"),
            ("7 4111111111111111", "7 [redacted]"),
            ("order 1234567890123 of 2025-01-01", "order 1234567890123 of 2025-01-01"),
            ("key s3cret was refused", "key [redacted] was refused"),
            ("₹ 10 for 4111111111111112", "₹ 10 for 4111111111111112"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text, "s3cret"), expected);
        }
    }

    #[test]
    fn the_longest_card_number_goes() {
        let number = "6 0 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ";
        let numbers: Vec<String> =
            (0..10).map(|check| format!("{number}{check}")).filter(|n| is_card_number(n)).collect();
        assert_eq!((numbers.len(), numbers[0].len()), (1, LONGEST_CARD_NUMBER));
        assert_eq!(clean(&numbers[0], ""), "[redacted]");
    }

    #[test]
    fn a_long_text_is_read_fast_and_cut() {
        let started = std::time::Instant::now();
        for text in ["1 ", "x 1 ", "1", "₹", "4111 1111 1111 1111 ", "s3cret, "] {
            let clean = clean(&text.repeat(1_000_000 / text.len()), "s3cret");
            assert!(clean.len() <= LONGEST_TEXT + '…'.len_utf8() && clean.ends_with('…'));
            assert!(!clean.contains("4111") && !clean.contains("s3c"), "{clean}");
        }
        // A cut through the middle of a card number.
        let text = format!("{}4111111111111111{}", "x".repeat(LONGEST_TEXT - 14), "x".repeat(100));
        assert!(!clean(&text, "").contains('4'));
        // What is read whole has many digits too.
        without_card_numbers(&"1 ".repeat(20_000));
        assert!(started.elapsed() < std::time::Duration::from_secs(10), "took {:?}", started.elapsed());
    }
}
