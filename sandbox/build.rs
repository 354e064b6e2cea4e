//! Embeds every `openapi/v*.yaml` of the repository, as JSON, so that the sandbox learns of a new API
//! version by the presence of its file. YAML is read here and not at run time: it is slow in a debug build.

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

    let mut versions = Vec::new();
    for entry in fs::read_dir(&specs).map_err(|e| format!("{}: {e}", specs.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(version) = name.strip_prefix('v').and_then(|n| n.strip_suffix(".yaml")) {
            versions.push(version.to_owned());
        }
    }
    versions.sort();

    let mut list = String::from("&[\n");
    for version in versions {
        let source = specs.join(format!("v{version}.yaml"));
        println!("cargo::rerun-if-changed={}", source.display());
        let mut document: Value = yaml_serde::from_str(&fs::read_to_string(&source)?)
            .map_err(|e| format!("{}: {e}", source.display()))?;
        shorten(&mut document, false);
        let target = Path::new(&out).join(format!("v{version}.json"));
        fs::write(&target, serde_json::to_string(&document)?)?;
        writeln!(list, "    ({version:?}, include_str!({:?})),", target.display().to_string())?;
    }
    list.push(']');
    fs::write(Path::new(&out).join("specs.rs"), list)?;
    Ok(())
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
