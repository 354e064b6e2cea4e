//! The limits of the specification, and what is said of a value that breaks one.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use regex_lite::Regex;
use rust_decimal::Decimal;

use super::path::Path;
use super::table::Member;
use crate::types::outcome::Violation;

pub(crate) fn check_text(text: &str, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
    // A character has one byte to four, so that few texts have to be counted.
    let (min, max) = member.length;
    if text.len() > max || text.len() / 4 < min {
        check_span(text.chars().count(), member.length, "character", path, broken);
    }
    if let Some(pattern) = member.pattern
        && !matches(pattern, text)
    {
        broken.push(Violation::new(path.dotted(), format!("must match the pattern {pattern}")));
    }
}

/// Whether a text matches a pattern of the specification. A pattern that cannot be compiled says nothing.
fn matches(pattern: &'static str, text: &str) -> bool {
    /// There are as many as the specifications have, so that none is ever taken out.
    static COMPILED: LazyLock<RwLock<HashMap<&str, Option<Regex>>>> = LazyLock::new(RwLock::default);
    let matches = |regex: &Option<Regex>| regex.as_ref().is_none_or(|regex| regex.is_match(text));
    if let Some(regex) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return matches(regex);
    }
    let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    matches(compiled.entry(pattern).or_insert_with(|| Regex::new(pattern).ok()))
}

pub(crate) fn check_span(
    have: usize,
    (min, max): (usize, usize),
    unit: &str,
    path: &Path<'_>,
    broken: &mut Vec<Violation>,
) {
    let (bound, limit) = match have {
        _ if have < min => ("at least", min),
        _ if have > max => ("at most", max),
        _ => return,
    };
    let plural = if limit == 1 { "" } else { "s" };
    broken
        .push(Violation::new(path.dotted(), format!("must have {bound} {limit} {unit}{plural}, has {have}")));
}

pub(super) fn check_range(value: Decimal, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
    if let Some(minimum) = member.minimum
        && value < Decimal::from(minimum)
    {
        broken.push(Violation::new(path.dotted(), format!("must be at least {minimum}")));
    }
    if let Some(maximum) = member.maximum
        && value > Decimal::from(maximum)
    {
        broken.push(Violation::new(path.dotted(), format!("must be at most {maximum}")));
    }
}
