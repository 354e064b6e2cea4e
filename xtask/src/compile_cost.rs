//! What a generated version costs whoever compiles it, against what progenitor gives as it comes.
//!
//! The promise is in ARCHITECTURE.md; machines differ, so the command measures both on the same one, in
//! turns, and compares.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cashfree_codegen::model::{Api, Arm, Body, Member, Operation, Place, Shape, Ty, Type};
use cashfree_codegen::spec;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

use crate::cost::{processor_time, since};
use crate::project::{Document, Project};

/// How much of progenitor's time a version of ours may take.
const PROMISE: f64 = 0.6;

/// Measures, prints, and says whether the promise is kept.
pub(crate) fn compile_cost(project: &Project, version: &Document, rounds: usize) -> Result<bool> {
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
\"As it comes\" is progenitor's builder interface, with its struct builders, newtypes for limits and closed enums,
for a plain document of the same types and operations, those of webhooks included. Multipart operations are left
out, since progenitor has none.
";

fn own_arguments(feature: &str) -> Vec<String> {
    ["--package", "cashfree-pg", "--lib", "--no-default-features", "--features", feature]
        .map(str::to_owned)
        .to_vec()
}

/// The lines of the code that this project generates for a version.
fn generated_lines(project: &Project, version: &Document) -> Result<usize> {
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
        Ok(since(start, before))
    }
}

/// A crate of nothing but progenitor's output.
struct Reference {
    folder: PathBuf,
    source: PathBuf,
    lines: usize,
}

impl Reference {
    fn write(project: &Project, version: &Document, parent: &Path) -> Result<Self> {
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
fn as_it_comes(project: &Project, version: &Document) -> Result<String> {
    let file = version.spec_file();
    let (api, _) = cashfree_codegen::model(&spec::load(&project.path(&file))?, &version.to_string())
        .map_err(|fault| fault.in_file(&file))?;
    let document = serde_json::from_value(document(&api)).context("reading the document for progenitor")?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&document).context("running progenitor")?;
    Ok(prettyplease::unparse(&syn::parse2(tokens).context("reading progenitor's output")?))
}

/// A version as a plain document of the same types and operations, with whatever of it progenitor takes.
fn document(api: &Api) -> Value {
    let mut paths = json!({});
    for operation in api.operations.iter().filter(|operation| operation.body != Body::Form) {
        paths[&operation.path][operation.method.to_lowercase()] = as_operation(operation);
    }
    let types = api.types.iter().map(|ty| (ty.name.clone(), as_type(ty)));
    json!({
        "openapi": "3.0.3",
        "info": { "title": "As it comes", "version": api.version },
        "paths": paths,
        "components": { "schemas": types.collect::<Map<_, _>>() },
    })
}

fn as_operation(operation: &Operation) -> Value {
    let parameters = operation.arguments().iter().filter(|a| a.place != Place::Json).map(|a| {
        let place = if a.place == Place::Path { "path" } else { "query" };
        json!({ "name": a.name, "in": place, "required": a.required, "description": a.doc, "schema": as_value(&a.ty) })
    });
    let content = |ty: &Ty| json!({ "application/json": { "schema": as_value(ty) } });
    let mut answer = json!({ "description": "" });
    if operation.output != Ty::Unit {
        answer["content"] = content(&operation.output);
    }
    let mut node = json!({
        "operationId": operation.name,
        "description": operation.doc,
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": { "200": answer },
    });
    if let Some(body) = operation.json() {
        node["requestBody"] = json!({ "required": true, "content": content(&body.ty) });
    }
    node
}

fn as_type(ty: &Type) -> Value {
    let mut schema = match &ty.shape {
        Shape::Enum(variants) => {
            let values: Vec<&str> = variants.iter().map(|variant| variant.value.as_str()).collect();
            json!({ "type": "string", "enum": values })
        }
        Shape::Union { arms, .. } => {
            let arm = |arm: &Arm| {
                json!({ "type": "object", "required": [arm.key], "properties": { &arm.key: as_value(&arm.ty) },
                        "additionalProperties": false })
            };
            json!({ "oneOf": arms.iter().map(arm).collect::<Vec<_>>() })
        }
        Shape::Object(members) => {
            let required: Vec<&str> = ty.required().iter().map(|member| member.name.as_str()).collect();
            let properties = members.iter().map(|member| (member.name.clone(), as_member(member)));
            json!({ "type": "object", "required": required, "properties": properties.collect::<Map<_, _>>() })
        }
    };
    schema["description"] = ty.doc.clone().into();
    schema
}

/// A member with the limits that progenitor checks by a type of its own.
fn as_member(member: &Member) -> Value {
    let mut schema = as_value(&member.ty);
    if member.ty == Ty::Text {
        let (least, most) = member.limits.length;
        for (word, limit) in [("minLength", least.map(Value::from)), ("maxLength", most.map(Value::from))] {
            if let Some(limit) = limit {
                schema[word] = limit;
            }
        }
        if let Some(pattern) = &member.limits.pattern {
            schema["pattern"] = pattern.as_str().into();
        }
    }
    if schema.get("$ref").is_none() {
        schema["description"] = member.doc.clone().into();
    }
    schema
}

fn as_value(ty: &Ty) -> Value {
    match ty {
        Ty::Text | Ty::Id | Ty::Timestamp | Ty::Upload => json!({ "type": "string" }),
        Ty::Amount | Ty::Decimal => json!({ "type": "number" }),
        Ty::Integer => json!({ "type": "integer" }),
        Ty::Bool => json!({ "type": "boolean" }),
        Ty::Json | Ty::Unit => json!({}),
        Ty::Named(name) => spec::refer_to(name),
        Ty::Boxed(inner) => as_value(inner),
        Ty::List(item) => json!({ "type": "array", "items": as_value(item) }),
        Ty::Map(value) => json!({ "type": "object", "additionalProperties": as_value(value) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_something_to_compare_with() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for version in project.documents().expect("versions") {
            let code = as_it_comes(&project, &version).expect("progenitor's output");
            assert!(code.contains("pub mod builder"), "the interface that comes first");
        }
    }
}
