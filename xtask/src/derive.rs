//! What is made from the specifications and committed: an outline of each version and product, and what changes from
//! each version to the next. Reviewers read these instead of generated code.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use cashfree_codegen::fixups::Stale;
use cashfree_codegen::model::Api;
use cashfree_codegen::outline::outline;
use serde_json::Value;

use crate::files::Files;
use crate::project::{Document, Project};
use crate::render::Comparison;

/// A version or a product as it would be generated.
pub(crate) struct Model {
    pub(crate) api: Api,
    /// The fixups that found nothing to mend.
    pub(crate) stale: Vec<Stale>,
}

/// The model of every document. A fault is told with the file that `file` gives for it.
pub(crate) fn models(
    specs: &BTreeMap<Document, Value>,
    file: impl Fn(&Document) -> PathBuf,
) -> Result<BTreeMap<Document, Model>> {
    let model = |(version, spec): (&Document, &Value)| {
        let (api, stale) = cashfree_codegen::model(spec, &version.to_string())
            .map_err(|fault| fault.in_file(file(version)))?;
        Ok((version.clone(), Model { api, stale }))
    };
    specs.iter().map(model).collect()
}

/// Every derived file as it should be, and those of versions that are no more gone.
pub(crate) fn derived(project: &Project, models: &BTreeMap<Document, Model>) -> Result<Files> {
    let mut files = Files::default();
    for (document, model) in models {
        files.put(
            format!("tests/snapshots/outline__{}.snap", document.module()),
            snapshot(&outline(&model.api)),
        );
    }
    let versions = || models.iter().filter(|(document, _)| !document.is_product());
    for ((old_version, old), (version, new)) in versions().zip(versions().skip(1)) {
        let comparison = Comparison::of(&old.api, &new.api);
        let guide = comparison.markdown(&old_version.to_string(), &version.to_string());
        files.put(format!("docs/migrating/{old_version}-to-{version}.md"), guide);
    }
    for (folder, is_derived) in [
        (
            "tests/snapshots",
            (|name| name.starts_with("outline__") && name.ends_with(".snap")) as fn(&str) -> bool,
        ),
        ("docs/migrating", is_guide),
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

/// Whether a name is that of a guide from one version to another: anything else there was written by somebody.
fn is_guide(name: &str) -> bool {
    let versions = name.strip_suffix(".md").and_then(|name| name.split_once("-to-"));
    versions.is_some_and(|(old, new)| [old, new].iter().all(|version| version.parse::<Document>().is_ok()))
}

/// An outline as insta keeps it, so that the test of the outlines reads what is written here.
fn snapshot(outline: &str) -> String {
    format!("---\nsource: tests/outline.rs\nexpression: outline\n---\n{}\n", outline.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_made_here_is_taken_for_a_guide() {
        assert!(is_guide("2023-08-01-to-2025-01-01.md"));
        for name in [
            "from-java-to-rust.md",
            "2023-08-01-to-rust.md",
            "how-to-upgrade.md",
            "2023-08-01-to-2025-01-01.txt",
        ] {
            assert!(!is_guide(name), "{name}");
        }
    }
}
