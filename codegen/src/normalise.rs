//! Stub: only the name of a method, as the generator has it.

use heck::ToSnakeCase;

const PREFIXES: [&str; 4] = ["PGES", "PG", "Subs", "Spos"];

/// The name of the client's method for an operation id.
pub fn method_name(operation_id: &str) -> String {
    let prefix = PREFIXES.into_iter().find(|prefix| {
        operation_id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    });
    let rest = operation_id.strip_prefix(prefix.unwrap_or_default()).unwrap_or(operation_id);
    let name = rest.to_snake_case();
    let says_its_product = ["subscription", "plan"].iter().any(|word| name.contains(word));
    match (prefix, name.split_once('_')) {
        (Some("Subs"), Some((verb, noun))) if !says_its_product => format!("{verb}_subscription_{noun}"),
        _ => name,
    }
}
