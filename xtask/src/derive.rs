//! What is made from the specifications and committed: an outline of each version, and what changes from
//! each version to the next. Reviewers read these instead of generated code.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, bail};
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

/// Generates a version, and gives its outline. A panic below, in the crates that the generator stands on, is a
/// refusal like any other.
fn outline(version: &Version, spec: &Value) -> Result<String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| cashfree_codegen::generate(spec, &version.to_string())));
    std::panic::set_hook(hook);
    match result {
        Ok(Ok(generated)) => Ok(generated.outline),
        Ok(Err(fault)) => Err(fault.in_file(version.spec_file()).into()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            bail!("{}: the generator gave up: {text}", version.spec_file());
        }
    }
}

/// An outline as insta keeps it, so that the test of the outlines reads what is written here.
fn snapshot(outline: &str) -> String {
    format!("---\nsource: tests/outline.rs\nexpression: outline\n---\n{}\n", outline.trim_end())
}
