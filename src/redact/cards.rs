//! Card numbers in a text, however they are written.

use std::ops::Range;

/// A card number has 13 to 19 digits and a Luhn check digit.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Between two groups of digits stands a mark or two, and a blank on either side of it.
const LONGEST_SEPARATOR: usize = 3;

/// The zeros of the scripts that a number may be written in beside ASCII: Arabic, Indic, full width.
const ZEROS: [u32; 12] =
    [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xff10];

fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| (code - 0x30) as u8);
    }
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10)).map(|digit| digit as u8)
}

/// Digits that stand together.
struct Group {
    place: Range<usize>,
    digits: Vec<u8>,
}

/// Where card numbers stand.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if text.chars().filter(|c| digit(*c).is_some()).nth(*CARD_DIGITS.start() - 1).is_none() {
        return found;
    }
    let groups = groups(text);
    let mut first = 0;
    while first < groups.len() {
        match row(text, &groups[first..]) {
            Some((length, place)) => {
                found.push(place);
                first += length;
            }
            None => first += 1,
        }
    }
    found
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, c) in text.char_indices() {
        let Some(digit) = digit(c) else { continue };
        match groups.last_mut() {
            Some(group) if group.place.end == at => {
                group.place.end = at + c.len_utf8();
                group.digits.push(digit);
            }
            _ => groups.push(Group { place: at..at + c.len_utf8(), digits: vec![digit] }),
        }
    }
    groups
}

/// The longest row of groups from the first on that makes a card number, and where it stands: `4111 1111 1111
/// 1111 12` is one and a rest.
fn row(text: &str, groups: &[Group]) -> Option<(usize, Range<usize>)> {
    let (mut digits, mut separator, mut best) = (Vec::new(), None, None);
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            let between = &text[groups[index - 1].place.end..group.place.start];
            if !separates(between, &mut separator) {
                break;
            }
        }
        digits.extend(&group.digits);
        if index == 0 && holds_card_number(&digits) {
            best = Some((1, group.place.clone()));
        }
        if digits.len() > *CARD_DIGITS.end() {
            break;
        }
        if is_card_number(&digits) {
            best = Some((index + 1, groups[0].place.start..group.place.end));
        }
    }
    best
}

/// Blanks and hyphens mix; any other separator is the same in the whole row.
fn separates<'t>(between: &'t str, row: &mut Option<&'t str>) -> bool {
    let short = between.chars().count() <= LONGEST_SEPARATOR;
    if !short || between.chars().any(char::is_alphanumeric) {
        return false;
    }
    let plain = |separator: &str| matches!(separator, " " | "-");
    match row {
        Some(first) => between == *first || plain(between) && plain(first),
        None => {
            *row = Some(between);
            true
        }
    }
}

fn is_card_number(digits: &[u8]) -> bool {
    if !CARD_DIGITS.contains(&digits.len()) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| match i % 2 {
            0 => u32::from(d),
            _ if d > 4 => u32::from(2 * d - 9),
            _ => u32::from(2 * d),
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether other digits stand directly before or after a card number, as an expiry date may. Any long number
/// has a window that fits by chance, so here the number must also begin as cards do.
fn holds_card_number(digits: &[u8]) -> bool {
    let windows =
        |length: usize| [digits.get(..length), digits.len().checked_sub(length).map(|at| &digits[at..])];
    let long = digits.len() > 16;
    long && [15, 16].into_iter().flat_map(windows).flatten().any(|window| {
        let begins = matches!(
            (window[0], window[1], window.len()),
            (3, 4 | 7, 15) | (4 | 6 | 8, _, 16) | (5, 0..=5, 16) | (2, 2..=7, 16) | (3, 5, 16)
        );
        begins && is_card_number(window)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_found_however_it_is_written() {
        for written in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111 1111-1111 1111",
            "4111  1111  1111  1111",
            "4111\t1111\t1111\t1111",
            "4111\n1111\n1111\n1111",
            "4111.1111.1111.1111",
            "4111_1111_1111_1111",
            "4111/1111/1111/1111",
            "4111 - 1111 - 1111 - 1111",
            "4111\u{a0}1111\u{a0}1111\u{a0}1111",
            "4111\u{2011}1111\u{2011}1111\u{2011}1111",
            "４１１１１１１１１１１１１１１１",
            "४१११११११११११११११",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            "41111111111111111230",
            "1230004111111111111111",
            "378282246310005",
            "4222222222222",
            "5555555555554444",
        ] {
            for text in [written.to_owned(), format!("card {written} declined"), format!("«{written}».")] {
                let found = find(&text);
                assert_eq!(found.len(), 1, "{text}");
                let rest = text.replace(&text[found[0].clone()], "");
                assert!(!rest.chars().any(|c| digit(c).is_some()), "{text}: {rest}");
            }
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "order 1234567890123 of 2025-01-01",
            "4111111111111112",
            "payment 5114910002 of 499.50 at 2025-01-01 12:00:00",
            "4111 1111 and 1111 1111",
            "x4111:1111 1111.1111",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_longest_card_number_is_found() {
        let number = "6 0 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ";
        let found = (0..10).filter(|check| {
            let text = format!("{number}{check}");
            find(&text).first().is_some_and(|place| *place == (0..text.len()))
        });
        assert_eq!(found.count(), 1);
    }
}
