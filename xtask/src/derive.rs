//! What is made from the specifications and committed: an outline of each version, and what changes from
//! each version to the next. Reviewers read these instead of generated code.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use crate::files::Files;
use crate::project::{Project, Version};
use crate::render::Comparison;

/// Every derived file as it should be, and those of versions that are no more gone.
pub(crate) fn derived(project: &Project, specs: &BTreeMap<Version, Value>) -> Result<Files> {
    let mut files = Files::default();
    for (version, spec) in specs {
        let outline = outline(version, spec)?;
        files.put(format!("tests/snapshots/outline__{}.snap", version.module()), snapshot(&outline));
    }
    for ((old_version, old), (version, new)) in specs.iter().zip(specs.iter().skip(1)) {
        let guide = Comparison::of(old, new).markdown(&old_version.to_string(), &version.to_string());
        files.put(format!("docs/migrating/{old_version}-to-{version}.md"), guide);
    }
    for (folder, is_derived) in [
        (
            "tests/snapshots",
            (|name| name.starts_with("outline__") && name.ends_with(".snap")) as fn(&str) -> bool,
        ),
        ("docs/migrating", |name| name.contains("-to-") && name.ends_with(".md")),
    ] {
        for name in project.names_in(folder)?.into_iter().filter(|name| is_derived(name)) {
            let path = format!("{folder}/{name}");
            if !files.contains(&path) {
                files.remove(path);
            }
        }
    }
    Ok(files)
}

/// Generates a version, and gives its outline.
fn outline(version: &Version, spec: &Value) -> Result<String> {
    let generated = cashfree_codegen::generate(spec, &version.to_string());
    Ok(generated.map_err(|fault| fault.in_file(version.spec_file()))?.outline)
}

/// An outline as insta keeps it, so that the test of the outlines reads what is written here.
fn snapshot(outline: &str) -> String {
    format!("---\nsource: tests/outline.rs\nexpression: outline\n---\n{}\n", outline.trim_end())
}
