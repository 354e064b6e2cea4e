//! Embeds every `openapi/v*.yaml` and `openapi/products/*.yaml` of the repository, as JSON, so that the sandbox learns
//! of a new API version or product by the presence of its file. YAML is read here and not at run time: it is slow in a debug build.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("openapi");
    // A link in the repository, which some checkouts for Windows make a file of; a folder in a package.
    let specs = if here.is_dir() { here } else { here.with_file_name("../openapi") };
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed={}", specs.display());

    let versions = embed(&specs, Path::new(&out), |name| name.strip_prefix('v'))?;
    fs::write(Path::new(&out).join("specs.rs"), versions)?;
    let products = embed(&specs.join("products"), Path::new(&out), |name| Some(name))?;
    fs::write(Path::new(&out).join("products.rs"), products)?;
    let first =
        embed(Path::new("."), Path::new(&out), |name| Some(name).filter(|name| *name == "first-api"))?;
    fs::write(Path::new(&out).join("first.rs"), first)?;
    Ok(())
}

/// Writes the documents of a folder as JSON, and answers the list of them, by the names that `named` makes of theirs.
fn embed(folder: &Path, out: &Path, named: fn(&str) -> Option<&str>) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = file.strip_suffix(".yaml").and_then(named) {
            files.push((name.to_owned(), file));
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for (name, file) in files {
        let source = folder.join(file);
        println!("cargo::rerun-if-changed={}", source.display());
        let mut document: Value = yaml_serde::from_str(&fs::read_to_string(&source)?)
            .map_err(|e| format!("{}: {e}", source.display()))?;
        shorten(&mut document, false);
        let whole = document.clone();
        join(&mut document, &whole);
        let target = out.join(format!("{name}.json"));
        fs::write(&target, serde_json::to_string(&document)?)?;
        writeln!(list, "    ({name:?}, include_str!({:?})),", target.display().to_string())?;
    }
    list.push(']');
    Ok(list)
}

/// Makes one object of those that are described in parts.
fn join(value: &mut Value, whole: &Value) {
    if let Some(joined) = joined(value, whole) {
        *value = joined;
    }
    match value {
        Value::Object(object) => object.values_mut().for_each(|member| join(member, whole)),
        Value::Array(list) => list.iter_mut().for_each(|one| join(one, whole)),
        _ => {}
    }
}

fn joined(schema: &Value, whole: &Value) -> Option<Value> {
    let parts = schema.get("allOf")?.as_array().filter(|parts| parts.len() > 1)?;
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for part in parts {
        let pointer = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        let part = pointer.map_or(Some(part), |pointer| whole.pointer(pointer))?;
        let part = joined(part, whole).unwrap_or_else(|| part.clone());
        properties.extend(part["properties"].as_object()?.clone());
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    Some(serde_json::json!({ "type": "object", "properties": properties, "required": required }))
}

/// Takes away what is for readers only: half of a document. Names of members are left alone.
fn shorten(value: &mut Value, members: bool) {
    match value {
        Value::Object(object) => {
            let prose = ["description", "summary", "example", "examples", "tags", "info", "servers", "title"];
            object.retain(|name, _| members || !prose.contains(&name.as_str()));
            object.iter_mut().for_each(|(name, member)| shorten(member, !members && name == "properties"));
        }
        Value::Array(list) => list.iter_mut().for_each(|one| shorten(one, false)),
        _ => {}
    }
}
