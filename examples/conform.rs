//! Decodes a directory of published bodies and encodes them again: what `cargo xtask conform` runs.
//!
//! `DIR/index.json` lists the bodies: `file`, `api_version`, `kind` (request, response or webhook),
//! `name` (operation id or event type) and, for a response, `status`. One line for each body that fails
//! or loses something, a summary, and exit 1 if there was one. With `--misfits`, also a line for each
//! member that did not fit its type and was set aside (kept, but read as absent). A published request must
//! also be one that this crate sends: its limits and required members are Cashfree's, not stricter.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use cashfree_pg::registry::{Entry, VERSIONS, reads_error};
use serde_json::Value;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let misfits = args.iter().any(|arg| arg == "--misfits");
    args.retain(|arg| arg != "--misfits");
    let [dir] = args.as_slice() else {
        eprintln!("usage: conform [--misfits] DIR");
        return ExitCode::from(2);
    };
    match run(Path::new(dir), misfits) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conform: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(dir: &Path, misfits: bool) -> Result<bool, Box<dyn std::error::Error>> {
    let index: Vec<BTreeMap<String, Value>> =
        serde_json::from_slice(&std::fs::read(dir.join("index.json"))?)?;
    let (mut decoded, mut lossless, mut refused) = (0, 0, 0);
    for row in &index {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        let file = text("file");
        let body = std::fs::read(dir.join(file))?;
        match check(text("api_version"), text("kind"), text("name"), row.get("status"), &body) {
            Err(problem) => println!("{file}: {problem}"),
            Ok(lost) => {
                decoded += 1;
                if let Ok(entry) = find(text("api_version"), text("kind"), text("name"), &body) {
                    if misfits {
                        for path in (entry.misfits)(&body).unwrap_or_default() {
                            println!("{file}: {path} did not fit");
                        }
                    }
                    if entry.kind == "request"
                        && let Ok(Some(invalid)) = (entry.check)(&body)
                    {
                        refused += 1;
                        println!("{file}: would not be sent: {invalid}");
                    }
                }
                match lost {
                    None => lossless += 1,
                    Some(path) => println!("{file}: decoded, but {path} is not the same after encoding"),
                }
            }
        }
    }
    println!("conform: {} bodies, {decoded} decoded, {lossless} lossless, {refused} refused", index.len());
    Ok(decoded == index.len() && lossless == index.len() && refused == 0)
}

/// The JSON path that was lost, if any.
fn check(
    version: &str,
    kind: &str,
    name: &str,
    status: Option<&Value>,
    body: &[u8],
) -> Result<Option<String>, String> {
    if status.and_then(Value::as_str).is_some_and(|status| !status.starts_with('2')) {
        // Read by the runtime for every operation alike, and kept whole in the error.
        return if reads_error(body) { Ok(None) } else { Err("no error body".into()) };
    }
    let entry = find(version, kind, name, body)?;
    let encoded = (entry.round_trip)(body).map_err(|error| error.to_string())?;
    let before: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let after: Value = serde_json::from_str(&encoded).map_err(|error| error.to_string())?;
    Ok(lost(&before, &after, "$"))
}

fn find(version: &str, kind: &str, name: &str, body: &[u8]) -> Result<&'static Entry, String> {
    let entries = |version: &str| VERSIONS.iter().find(|(v, _)| *v == version).map(|(_, entries)| *entries);
    let find =
        |entries: &'static [Entry], name: &str| entries.iter().find(|e| e.kind == kind && e.name == name);
    // A webhook product with a version of its own is in every API version; other products are listed behind those.
    let is_version = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
    let newest = || VERSIONS.iter().rfind(|(name, _)| is_version(name));
    let entries = match entries(version) {
        None if kind == "webhook" => newest().map(|(_, entries)| *entries),
        entries => entries,
    };
    let entries = entries.ok_or_else(|| format!("version {version} is not enabled"))?;
    let type_in_body = || {
        let body: Value = serde_json::from_slice(body).ok()?;
        find(entries, body.get("type").or(body.get("event"))?.as_str()?)
    };
    find(entries, name)
        .or_else(|| if kind == "webhook" { type_in_body() } else { None })
        .ok_or_else(|| format!("no {kind} of {name} in {version}"))
}

/// The first path at which two bodies differ: numbers by value, null the same as absent.
fn lost(before: &Value, after: &Value, path: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let (before, after) = (before.get(name), after.get(name));
                lost(before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null), &format!("{path}.{name}"))
            })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .enumerate()
            .find_map(|(index, (before, after))| lost(before, after, &format!("{path}[{index}]"))),
        (Value::Number(before), Value::Number(after)) if before.as_f64() == after.as_f64() => None,
        (before, after) => (before != after).then(|| path.to_owned()),
    }
}
