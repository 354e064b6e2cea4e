//! Descriptions as rustdoc takes them, and what is said of limits in words.

use crate::model::Limits;

/// A description as rustdoc takes it: brackets and angle brackets in prose are no links and no tags, and
/// nothing in it is a program that rustdoc would run as a test.
pub(crate) fn escape(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if is_fence(line) {
            if !in_block && lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            lines.push(if in_block { "```".into() } else { "```text".into() });
            in_block = !in_block;
        } else if in_block {
            lines.push(line.trim_end().to_owned());
        } else {
            // Markdown takes what is indented for a program, behind the mark of a list too.
            lines.push(escape_line(&line.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    if in_block {
        lines.push("```".into());
    }
    lines.join("\n")
}

/// Whether a line opens or closes a block of code, in a list or a quotation too.
fn is_fence(line: &str) -> bool {
    let is_list_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || "-*+.)>".contains(c);
    let line = line.trim_start_matches(is_list_mark);
    line.starts_with("~~~") || (line.starts_with("```") && !line.trim_start_matches('`').contains('`'))
}

/// A description as an entry of a list, indented where it goes on.
pub(crate) fn entry(name: &str, text: &str) -> String {
    let text = escape(text);
    let starts = if text.starts_with("```") { "\n" } else { "" };
    format!("- `{name}`: {starts}{text}").replace('\n', "\n  ").replace("\n  \n", "\n\n")
}

/// A line of prose. A backtick without another on its line is a character like any other.
fn escape_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (taken, after) = match c {
            '`' => {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                let (mark, after) = rest.split_at(ticks);
                match after.find(mark) {
                    Some(end) => rest.split_at(ticks + end + ticks),
                    None => {
                        escaped.push_str(&"\\`".repeat(ticks));
                        rest = after;
                        continue;
                    }
                }
            }
            // What is escaped already, stays so.
            '\\' => rest.split_at(1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
            '[' | ']' | '<' | '>' => {
                escaped.push('\\');
                rest.split_at(1)
            }
            c => rest.split_at(c.len_utf8()),
        };
        escaped.push_str(taken);
        rest = after;
    }
    escaped
}

/// The lines of a documentation comment, paragraph by paragraph.
pub(crate) fn comment(paragraphs: &[String]) -> String {
    let text = paragraphs.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n\n");
    let line = |line: &str| if line.is_empty() { "///\n".to_owned() } else { format!("/// {line}\n") };
    text.lines().map(line).collect()
}

/// What is said of limits.
pub(crate) fn limits_in_words(limits: &Limits) -> String {
    let span = |(min, max): (Option<u32>, Option<u32>), unit: &str| match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {min} {unit}.")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {unit}.")),
        (Some(min), None) => Some(format!("At least {min} {unit}.")),
        (None, Some(max)) => Some(format!("At most {max} {unit}.")),
        (None, None) => None,
    };
    let range = match limits.range {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}.")),
        (Some(min), None) => Some(format!("At least {min}.")),
        (None, Some(max)) => Some(format!("At most {max}.")),
        (None, None) => None,
    };
    let pattern = limits.pattern.as_ref().map(|pattern| format!("Pattern: `{pattern}`."));
    let items = limits.items.as_ref().map(|items| format!("Each: {}", limits_in_words(items)));
    let parts = [span(limits.length, "characters"), span(limits.count, "entries"), range, pattern, items];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_makes_no_links_and_no_tags() {
        assert_eq!(escape("a <b> [c] and `[code] <T>`, [d]"), r"a \<b\> \[c\] and `[code] <T>`, \[d\]");
    }

    #[test]
    fn a_block_of_code_in_a_list_is_a_block_of_its_own() {
        assert_eq!(entry("a", "One.\n\nTwo."), "- `a`: One.\n\n  Two.");
        assert_eq!(entry("a", "```\nb()\n```"), "- `a`: \n  ```text\n  b()\n  ```");
        assert_eq!(escape("~~~\n```\nb()\n~~~"), "```text\n```\nb()\n\n```text\n```");
    }

    #[test]
    fn limits_are_said_in_words() {
        let limits =
            |length, count, range| limits_in_words(&Limits { length, count, range, ..Limits::default() });
        let none = (None, None);
        assert_eq!(limits((Some(3), Some(50)), none, (None, None)), "3 to 50 characters.");
        assert_eq!(limits((Some(10), Some(10)), none, (None, None)), "Exactly 10 characters.");
        assert_eq!(limits(none, (None, Some(15)), (Some(1), None)), "At most 15 entries. At least 1.");
        assert_eq!(limits(none, none, (None, None)), "");
        let items = Limits { length: (None, Some(6)), ..Limits::default() };
        let list = Limits { items: Some(Box::new(items)), ..Limits::default() };
        assert_eq!(limits_in_words(&list), "Each: At most 6 characters.");
    }
}
