//! What a generated version costs whoever compiles it, against what progenitor gives as it comes.
//!
//! The promise is in ARCHITECTURE.md; machines differ, so the command measures both on the same one, in
//! turns, and compares.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cashfree_codegen::normalise::{self, key};
use cashfree_codegen::{fixups, spec};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

use crate::project::{Project, Version};

/// How much of progenitor's time a version of ours may take.
const PROMISE: f64 = 0.6;

/// Measures, prints, and says whether the promise is kept.
pub(crate) fn compile_cost(project: &Project, version: &Version, rounds: usize) -> Result<bool> {
    let folder = tempfile::tempdir().context("making a folder")?;
    let reference = Reference::write(project, version, folder.path())?;
    let (root, target) = (project.path(""), folder.path().join("target-ours"));
    let with_version = Check {
        folder: root.clone(),
        target: target.clone(),
        arguments: own_arguments(&version.feature()),
        touched: root.join("src/lib.rs"),
    };
    let hand_written = Check { arguments: own_arguments("client"), ..with_version.clone() };
    let as_it_comes = Check {
        target: folder.path().join("target-reference"),
        arguments: Vec::new(),
        touched: reference.source.clone(),
        folder: reference.folder.clone(),
    };
    let checks = [&as_it_comes, &with_version, &hand_written];
    eprintln!("building the dependencies of all three, once");
    for check in checks {
        check.run()?;
    }
    let mut best = [Duration::MAX; 3];
    for round in 1..=rounds {
        for (check, best) in checks.into_iter().zip(&mut best) {
            *best = check.timed()?.min(*best);
        }
        eprintln!("round {round} of {rounds}: best so far {best:.2?}");
    }
    let [reference_time, whole, hand_written] = best.map(|time| time.as_secs_f64());
    let generated = whole - hand_written;
    let own_lines = generated_lines(project, version)?;
    let unit = if processor_time().is_some() { "seconds of processor time" } else { "seconds" };
    println!(
        "cargo check of version {version}, dependencies and build script done, best of {rounds}, {unit}"
    );
    println!("  progenitor as it comes     {reference_time:>6.2}  {:>6} lines", reference.lines);
    println!("  cashfree-pg, one version   {whole:>6.2}  ratio {:.2}", whole / reference_time);
    println!("    hand-written             {hand_written:>6.2}");
    println!(
        "    generated                {generated:>6.2}  {own_lines:>6} lines  ratio {:.2}",
        generated / reference_time
    );
    println!("{}", NOTE.trim_end());
    let kept = whole / reference_time <= PROMISE;
    println!("promised: a ratio of at most {PROMISE}; {}", if kept { "kept" } else { "not kept" });
    Ok(kept)
}

const NOTE: &str = "\
\"As it comes\" is progenitor's builder interface, with its struct builders, newtypes for limits and closed enums.
Its document is this project's normalised one, since progenitor refuses the published ones: the same types on
both sides, those of webhooks included. From there only this was changed: multipart operations and header
parameters out (not supported, and an argument of every method), unions as one object for each key, our own
formats back to what they were declared as, and no defaults, minimums, maximums and examples.
";

fn own_arguments(feature: &str) -> Vec<String> {
    ["--package", "cashfree-pg", "--lib", "--no-default-features", "--features", feature]
        .map(str::to_owned)
        .to_vec()
}

/// The lines of the code that this project generates for a version.
fn generated_lines(project: &Project, version: &Version) -> Result<usize> {
    let file = version.spec_file();
    let generated = cashfree_codegen::generate(&spec::load(&project.path(&file))?, &version.to_string());
    Ok(generated.map_err(|fault| fault.in_file(file))?.code.lines().count())
}

/// One `cargo check` that can be repeated.
#[derive(Clone)]
struct Check {
    folder: PathBuf,
    target: PathBuf,
    arguments: Vec<String>,
    touched: PathBuf,
}

impl Check {
    fn run(&self) -> Result<()> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["check", "--quiet"]).args(&self.arguments).current_dir(&self.folder);
        command.env("CARGO_TARGET_DIR", &self.target);
        // A cache or an earlier run must not do the work that is measured.
        command
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTC_WRAPPER")
            .env_remove("RUSTC_WORKSPACE_WRAPPER");
        command.env("RUSTFLAGS", "--cap-lints allow").stdin(Stdio::null());
        let status = command.status().context("running cargo check")?;
        if !status.success() {
            bail!("cargo check failed in {}", self.folder.display());
        }
        Ok(())
    }

    fn timed(&self) -> Result<Duration> {
        let file = std::fs::File::options().append(true).open(&self.touched);
        let touched = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
        touched.with_context(|| format!("touching {}", self.touched.display()))?;
        let (start, before) = (Instant::now(), processor_time());
        self.run()?;
        Ok(match (before, processor_time()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed(),
        })
    }
}

/// The processor time of all processes that this one has waited for, where Linux tells it: on a machine that
/// does something else besides, the clock on the wall measures that too.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets; of the rest, 14 and 15 are user and system time.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// A crate of nothing but progenitor's output.
struct Reference {
    folder: PathBuf,
    source: PathBuf,
    lines: usize,
}

impl Reference {
    fn write(project: &Project, version: &Version, parent: &Path) -> Result<Self> {
        let folder = parent.join("reference");
        let source = folder.join("src/lib.rs");
        let code = as_it_comes(project, version)?;
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("Cargo.toml"), REFERENCE_MANIFEST)?;
        // The same versions of what both use.
        std::fs::copy(project.path("Cargo.lock"), folder.join("Cargo.lock"))?;
        std::fs::write(&source, &code)?;
        Ok(Self { folder, source, lines: code.lines().count() })
    }
}

const REFERENCE_MANIFEST: &str = r#"[package]
name = "as-it-comes"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures-core = "0.3"
progenitor-client = "0.15"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"
uuid = { version = "1", features = ["serde"] }
"#;

/// progenitor's output for a version, with its builders.
fn as_it_comes(project: &Project, version: &Version) -> Result<String> {
    let file = version.spec_file();
    let mut document = spec::load(&project.path(&file))?;
    let prepared =
        fixups::apply(&mut document, &version.to_string()).and_then(|()| normalise::normalise(&mut document));
    prepared.map_err(|fault| fault.in_file(&file))?;
    acceptable(&mut document);
    let document = serde_json::from_value(document).context("reading the document for progenitor")?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&document).context("running progenitor")?;
    Ok(prettyplease::unparse(&syn::parse2(tokens).context("reading progenitor's output")?))
}

/// Takes out of a normalised document what progenitor refuses, and what only our own generator knows.
fn acceptable(document: &mut Value) {
    for schema in spec::schemas_mut(document).values_mut() {
        let Some(arms) = schema.get(key::UNION).and_then(Value::as_array) else { continue };
        let arms = arms.iter().map(|arm| {
            let members = Map::from_iter([(arm[0].as_str().unwrap_or_default().to_owned(), arm[1].clone())]);
            json!({ "type": "object", "required": [arm[0]], "properties": members, "additionalProperties": false })
        });
        *schema = json!({ "oneOf": arms.collect::<Vec<_>>() });
    }
    spec::each_schema(document, &mut |schema, _| as_declared(schema));
    let schemas = std::mem::take(spec::schemas_mut(document));
    document["components"] = json!({ "schemas": schemas });
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.retain(|_, operation| {
                operation.pointer("/requestBody/content/multipart~1form-data").is_none()
            });
        }
    }
    for (_, _, operation) in spec::operations_mut(document) {
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.retain(|parameter| parameter["in"] == "path" || parameter["in"] == "query");
        }
    }
}

/// A leaf as the specification declares it, with the words that progenitor takes.
fn as_declared(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    if let Some(declared) = map.remove(key::DECLARED) {
        map.insert("type".to_owned(), declared);
    }
    let properties: Vec<String> = map
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    map.retain(|word, value| match word.as_str() {
        "format" => {
            matches!(value.as_str(), Some("int32" | "int64" | "float" | "double" | "date-time" | "date"))
        }
        "required" => {
            let names = value.as_array_mut();
            names.is_some_and(|names| {
                names.retain(|name| properties.iter().any(|p| name == p));
                !names.is_empty()
            })
        }
        word => !matches!(word, "default" | "minimum" | "maximum" | "example" | "nullable" | "title"),
    });
    if let Some(values) = map.get_mut("enum").and_then(Value::as_array_mut) {
        let mut seen = Vec::new();
        values.retain(|value| {
            !seen.contains(value) && {
                seen.push(value.clone());
                true
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progenitor_is_given_what_was_declared() {
        let mut document = json!({
            "paths": { "/a": {
                "post": { "requestBody": { "content": { "multipart/form-data": {} } } },
                "get": { "parameters": [{ "name": "x-api-version", "in": "header" }, { "name": "b", "in": "query" }] } } },
            "components": { "schemas": {
                "Order": { "required": ["order_amount", "gone"], "properties": { "order_amount": {
                    "type": "number", "format": "x-amount", key::DECLARED: "number", "minimum": 1, "default": 1 } } },
                "Status": { "type": "string", "enum": ["PAID", "PAID"], "maxLength": 3 },
                "Method": { key::UNION: [["upi", { "type": "string" }]] } } } });
        acceptable(&mut document);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Order": { "required": ["order_amount"], "properties": { "order_amount": { "type": "number" } } },
                "Status": { "type": "string", "enum": ["PAID"], "maxLength": 3 },
                "Method": { "oneOf": [{ "type": "object", "required": ["upi"], "additionalProperties": false,
                                        "properties": { "upi": { "type": "string" } } }] } })
        );
        let path = &document["paths"]["/a"];
        assert!(path.get("post").is_none());
        assert_eq!(path["get"]["parameters"], json!([{ "name": "b", "in": "query" }]));
    }

    #[test]
    fn every_version_has_something_to_compare_with() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for version in project.versions().expect("versions") {
            let code = as_it_comes(&project, &version).expect("progenitor's output");
            assert!(code.contains("pub mod builder"), "the interface that comes first");
        }
    }
}
