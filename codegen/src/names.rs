//! How operations are called in Rust.

use std::collections::HashMap;

use heck::ToSnakeCase;
use serde_json::Value;

use crate::spec::operations;

/// The vendor prefixes of operation ids, longest first.
const PREFIXES: [&str; 4] = ["PGES", "PG", "Subs", "Spos"];

/// The method name of every operation, by operation id: the id without the vendor prefix, in snake case; where
/// two would be the same, both keep the prefix.
pub fn methods(spec: &Value) -> HashMap<String, String> {
    let ids: Vec<&str> = operations(spec).filter_map(|(_, _, _, o)| o["operationId"].as_str()).collect();
    let short = |id: &str| {
        let rest =
            PREFIXES.iter().find_map(|p| id.strip_prefix(p).filter(|r| r.starts_with(char::is_uppercase)));
        rest.unwrap_or(id).to_snake_case()
    };
    let name = |id: &&str| {
        let unique = ids.iter().filter(|other| short(other) == short(id)).count() == 1;
        (id.to_string(), if unique { short(id) } else { id.to_snake_case() })
    };
    ids.iter().map(name).collect()
}
