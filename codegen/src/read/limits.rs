//! Limits: what is checked before a request is sent.

use serde_json::Value;

use crate::error::Fault;
use crate::model::{Limits, Ty};

/// The limits that mean something for the type: a `minimum` on text is a slip of the document. Those that
/// the client does not check are added to `unchecked`.
pub(super) fn limits(schema: &Value, ty: &Ty, at: &str, unchecked: &mut Vec<Fault>) -> Limits {
    let mut limits = Limits::default();
    match ty {
        Ty::Text | Ty::Id | Ty::Timestamp | Ty::Named(_) => {
            limits.length = span(schema, "minLength", "maxLength");
            limits.pattern = pattern(schema, at, unchecked);
        }
        Ty::Amount | Ty::Decimal => limits.range = range(schema, f64::floor, f64::ceil, at, unchecked),
        Ty::Integer => limits.range = range(schema, f64::ceil, f64::floor, at, unchecked),
        Ty::List(_) => limits.count = span(schema, "minItems", "maxItems"),
        Ty::Map(_) => limits.count = span(schema, "minProperties", "maxProperties"),
        Ty::Bool | Ty::Json | Ty::Upload | Ty::Boxed(_) | Ty::Unit => {}
    }
    // What the value is declared as has limits that what it is read as does not keep.
    let not_kept: &[&str] = match (ty, schema["type"].as_str()) {
        (Ty::Amount, Some("string")) => &["minLength", "maxLength", "pattern"],
        (Ty::Text | Ty::Id, Some("integer" | "number")) => &["minimum", "maximum"],
        (Ty::Named(_), _) => &["minProperties", "maxProperties"],
        _ => &[],
    };
    for word in not_kept.iter().copied().chain(["multipleOf", "uniqueItems"]) {
        if schema.get(word).is_some_and(|value| *value != false) {
            unchecked.push(Fault::new(at, format!("{word} is not checked")));
        }
    }
    limits
}

fn span(schema: &Value, least: &str, most: &str) -> (Option<u32>, Option<u32>) {
    // A size beyond all memory is no limit.
    let size = |word: &str| {
        let size = schema[word].as_f64().filter(|size| size.fract() == 0.0 && *size >= 0.0)?;
        (size < f64::from(u32::MAX)).then_some(size as u32)
    };
    (size(least).filter(|least| *least > 0), size(most))
}

/// Bounds are whole numbers; between them nothing is refused that the document allows.
fn range(
    schema: &Value,
    low: fn(f64) -> f64,
    high: fn(f64) -> f64,
    at: &str,
    unchecked: &mut Vec<Fault>,
) -> (Option<i64>, Option<i64>) {
    let whole = low(0.5) > 0.0;
    let mut bound = |word: &str, exclusive: &str, round: fn(f64) -> f64, step: i64| {
        let exact = schema[word].as_i64();
        let bound = exact.or_else(|| schema[word].as_f64().map(|f| round(f) as i64))?;
        let excluded = schema[exclusive] == true && schema[word].as_f64() == Some(bound as f64);
        if !whole && (excluded || schema[word].as_f64() != Some(bound as f64)) {
            let reason = format!("{word} is checked as at the next whole number, {bound}, which is allowed");
            unchecked.push(Fault::new(at, reason));
        }
        Some(if whole && excluded { bound.saturating_add(step) } else { bound })
    };
    (bound("minimum", "exclusiveMinimum", low, 1), bound("maximum", "exclusiveMaximum", high, -1))
}

/// A pattern that the client's own expressions can read.
fn pattern(schema: &Value, at: &str, unchecked: &mut Vec<Fault>) -> Option<String> {
    let pattern = schema["pattern"].as_str()?;
    match regex_lite::Regex::new(pattern) {
        Ok(_) => Some(pattern.to_owned()),
        Err(e) => {
            unchecked.push(Fault::new(at, format!("the pattern {pattern} is not checked: {e}")));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(schema: Value, ty: &Ty) -> (Limits, usize) {
        let mut unchecked = Vec::new();
        (limits(&schema, ty, "/a", &mut unchecked), unchecked.len())
    }

    #[test]
    fn limits_that_mean_nothing_for_the_type_are_left_out() {
        let schema =
            json!({ "minLength": 3, "maxLength": 50.0, "minimum": 1, "pattern": "^a", "maxItems": 2 });
        let (text, _) = of(schema.clone(), &Ty::Text);
        assert_eq!(text.length, (Some(3), Some(50)));
        assert_eq!(
            (text.range, text.count, text.pattern.as_deref()),
            ((None, None), (None, None), Some("^a"))
        );
        assert_eq!(of(schema.clone(), &Ty::Amount).0, Limits { range: (Some(1), None), ..Limits::default() });
        let list = Ty::List(Box::new(Ty::Text));
        assert_eq!(of(schema.clone(), &list).0, Limits { count: (None, Some(2)), ..Limits::default() });
        assert_eq!(of(schema, &Ty::Bool), (Limits::default(), 0));
    }

    #[test]
    fn a_bound_with_a_fraction_refuses_nothing_that_is_allowed() {
        let schema = json!({ "minimum": 0.5, "maximum": 99.5 });
        let (amount, unchecked) = of(schema.clone(), &Ty::Amount);
        assert_eq!((amount.range, unchecked), ((Some(0), Some(100)), 2));
        let (integer, unchecked) = of(schema, &Ty::Integer);
        assert_eq!((integer.range, unchecked), ((Some(1), Some(99)), 0));
        let schema =
            json!({ "minimum": 0, "exclusiveMinimum": true, "maximum": 9.5, "exclusiveMaximum": true });
        assert_eq!(of(schema.clone(), &Ty::Integer).0.range, (Some(1), Some(9)));
        assert_eq!(of(schema, &Ty::Amount), (Limits { range: (Some(0), Some(10)), ..Limits::default() }, 2));
    }

    #[test]
    fn what_is_not_checked_is_said() {
        for schema in [
            json!({ "pattern": "^(?=.*[0-9])" }),
            json!({ "pattern": "[" }),
            json!({ "multipleOf": 5 }),
            json!({ "uniqueItems": true }),
            json!({ "type": "integer", "maximum": 99 }),
        ] {
            let (limits, unchecked) = of(schema.clone(), &Ty::Text);
            assert_eq!((limits, unchecked), (Limits::default(), 1), "{schema}");
        }
        let text = json!({ "type": "string", "maxLength": 9, "pattern": "^[0-9]" });
        assert_eq!(of(text, &Ty::Amount), (Limits::default(), 2));
        let object = json!({ "type": "object", "minProperties": 1 });
        assert_eq!(of(object, &Ty::Named("A".into())), (Limits::default(), 1));
        assert_eq!(
            of(json!({ "maxLength": 18_446_744_073_709_551_615_u64 }), &Ty::Text),
            (Limits::default(), 0)
        );
    }
}
