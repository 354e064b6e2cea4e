//! Two declarations of one thing become one: the parts of an `allOf`, the answers of several statuses, the arms of a
//! choice.

use serde_json::{Value, json};

use crate::error::Fault;
use crate::spec::{map, token};

/// What two declarations of one thing say of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Both {
    /// It keeps to both, as with the parts of an `allOf`: the stricter limit counts.
    Hold,
    /// It keeps to one of them, nobody knows which: only a limit of both counts.
    May,
}

/// Adds the properties of `part`. What is one thing here and another there may be anything.
pub(super) fn merge_properties(whole: &mut Value, part: &Value, both: Both, at: &str, lost: &mut Vec<Fault>) {
    if !whole["properties"].is_object() {
        whole["properties"] = json!({});
    }
    let Some(have) = whole["properties"].as_object_mut() else { return };
    for (name, property) in map(part, "properties") {
        match have.get_mut(name) {
            None => drop(have.insert(name.clone(), property.clone())),
            Some(mine) => merge(mine, property, both, &format!("{at}/properties/{}", token(name)), lost),
        }
    }
}

fn merge(mine: &mut Value, theirs: &Value, both: Both, at: &str, lost: &mut Vec<Fault>) {
    if kind(mine) != kind(theirs) {
        lost.push(Fault::new(at, "is declared as two different things: free JSON"));
        let description = mine.get("description").cloned();
        *mine = json!({});
        if let Some(description) = description {
            mine["description"] = description;
        }
        return;
    }
    if theirs["properties"].is_object() {
        merge_properties(mine, theirs, both, at, lost);
    }
    for word in ["items", "additionalProperties"] {
        merge_inner(mine, theirs, word, both, at, lost);
    }
    merge_limits(mine, theirs, both, at, lost);
}

/// What decides whether two declarations of one thing are of the same.
fn kind(schema: &Value) -> [Option<&Value>; 4] {
    ["$ref", "type", "oneOf", "anyOf"].map(|word| schema.get(word))
}

/// Merges what a list or a map holds.
pub(super) fn merge_inner(
    mine: &mut Value,
    theirs: &Value,
    word: &str,
    both: Both,
    at: &str,
    lost: &mut Vec<Fault>,
) {
    let held = |schema: &Value| schema.get(word).is_some_and(Value::is_object);
    match (held(mine), held(theirs)) {
        (true, true) => merge(&mut mine[word], &theirs[word], both, &format!("{at}/{word}"), lost),
        (false, true) if both == Both::Hold => mine[word] = theirs[word].clone(),
        (mine_held, theirs_held) if both == Both::May && mine_held != theirs_held => {
            lost.push(Fault::new(at, "what it holds is only declared in one of two places: free JSON"));
            mine.as_object_mut().and_then(|mine| mine.shift_remove(word));
        }
        _ => {}
    }
}

/// The limits that are numbers, and whether the larger one of two is the stricter.
const BOUNDS: [(&str, bool); 8] = [
    ("minItems", true),
    ("minLength", true),
    ("minProperties", true),
    ("minimum", true),
    ("maxItems", false),
    ("maxLength", false),
    ("maxProperties", false),
    ("maximum", false),
];

/// Whether a word is one that [`merge_limits`] merges.
pub(super) fn is_limit(word: &str) -> bool {
    let others =
        ["deprecated", "enum", "exclusiveMaximum", "exclusiveMinimum", "pattern", "readOnly", "required"];
    others.contains(&word) || BOUNDS.iter().any(|(bound, _)| *bound == word)
}

/// Merges what both say that its value may be.
pub(super) fn merge_limits(mine: &mut Value, theirs: &Value, both: Both, at: &str, lost: &mut Vec<Fault>) {
    for (word, larger) in BOUNDS {
        let exclusive = format!("exclusive{}{}", word[..1].to_uppercase(), &word[1..]);
        let bound = |schema: &Value| {
            let bound = schema[word].as_f64().map(|bound| if larger { bound } else { -bound });
            bound.map_or((f64::NEG_INFINITY, false), |bound| (bound, schema[&exclusive] == true))
        };
        let is_stricter = bound(theirs) > bound(mine);
        if bound(theirs) != bound(mine) && is_stricter == (both == Both::Hold) {
            set(mine, word, theirs.get(word));
            set(mine, &exclusive, theirs.get(&exclusive));
        }
    }
    for flag in ["deprecated", "readOnly"] {
        let is = [&*mine, theirs].map(|schema| schema[flag] == true);
        let counts = if both == Both::Hold { is.contains(&true) } else { is == [true, true] };
        set(mine, flag, counts.then(|| json!(true)).as_ref());
    }
    if mine.get("pattern") != theirs.get("pattern") {
        match (both, mine.get("pattern").is_some()) {
            (Both::Hold, false) => set(mine, "pattern", theirs.get("pattern")),
            (Both::Hold, true) if theirs.get("pattern").is_some() => {
                lost.push(Fault::new(at, format!("the second pattern {} is not checked", theirs["pattern"])));
            }
            (Both::Hold, true) => {}
            (Both::May, _) => set(mine, "pattern", None),
        }
    }
    merge_list(mine, theirs, "required", both == Both::Hold, false);
    merge_list(mine, theirs, "enum", both == Both::May, true);
}

/// Merges two lists: what is in either of them, or what is in both. Where there is none, either nothing is in it,
/// or everything.
fn merge_list(mine: &mut Value, theirs: &Value, word: &str, either: bool, none_is_all: bool) {
    let merged = match (mine[word].as_array(), theirs[word].as_array()) {
        (None, None) => return,
        (Some(one), None) | (None, Some(one)) => (either != none_is_all).then(|| one.clone()),
        (Some(mine), Some(theirs)) if either => {
            let more = theirs.iter().filter(|value| !mine.contains(value));
            Some(mine.iter().chain(more).cloned().collect())
        }
        (Some(mine), Some(theirs)) => {
            Some(mine.iter().filter(|value| theirs.contains(value)).cloned().collect())
        }
    };
    set(mine, word, merged.map(Value::Array).as_ref());
}

/// Sets a word of a schema, or takes it away.
fn set(schema: &mut Value, word: &str, value: Option<&Value>) {
    match (value, schema.as_object_mut()) {
        (Some(value), _) => schema[word] = value.clone(),
        (None, Some(schema)) => drop(schema.shift_remove(word)),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_may_be_one_or_the_other_only_common_limits_count() {
        let mut mine = json!({ "properties": {
            "a": { "type": "string", "maxLength": 3, "enum": ["x"], "pattern": "x", "readOnly": true },
            "b": { "type": "array", "items": { "$ref": "#/components/schemas/A" } },
            "c": { "type": "string", "enum": ["x"] } } });
        let theirs = json!({ "properties": {
            "a": { "type": "string", "maxLength": 9 },
            "b": { "type": "array", "items": { "$ref": "#/components/schemas/B" } },
            "c": { "type": "string", "enum": ["x", "y"] } } });
        let mut lost = Vec::new();
        merge_properties(&mut mine, &theirs, Both::May, "", &mut lost);
        assert_eq!(
            mine["properties"],
            json!({ "a": { "type": "string", "maxLength": 9 }, "b": { "type": "array", "items": {} },
                    "c": { "type": "string", "enum": ["x", "y"] } })
        );
        assert_eq!(lost.len(), 1, "`b` is made of two things: {lost:?}");
    }
}
