//! Embeds every `openapi/v*.yaml` of the repository, as JSON, so that the sandbox learns of a new API
//! version by the presence of its file. YAML is read here and not at run time: it is slow in a debug build.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let specs = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../openapi");
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
        let document: serde_json::Value = yaml_serde::from_str(&fs::read_to_string(&source)?)
            .map_err(|e| format!("{}: {e}", source.display()))?;
        let target = Path::new(&out).join(format!("v{version}.json"));
        fs::write(&target, serde_json::to_string(&document)?)?;
        writeln!(list, "    ({version:?}, include_str!({:?})),", target.display().to_string())?;
    }
    list.push(']');
    fs::write(Path::new(&out).join("specs.rs"), list)?;
    Ok(())
}
