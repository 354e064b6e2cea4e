//! Where things are in the project, and which API versions it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use cashfree_codegen::spec;
use serde_json::Value;

/// An API version: a date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(String);

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        // The parser takes `2025-1-1` too, which is another text.
        match chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) if date.format("%Y-%m-%d").to_string() == text => Ok(Self(text.to_owned())),
            _ => bail!("an API version is a date such as 2025-01-01, and {text} is none"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Version {
    /// The cargo feature: `v2025-01-01`.
    pub(crate) fn feature(&self) -> String {
        format!("v{}", self.0)
    }

    /// The module: `v2025_01_01`.
    pub(crate) fn module(&self) -> String {
        self.feature().replace('-', "_")
    }

    /// The specification, from the root of the project.
    pub(crate) fn spec_file(&self) -> String {
        format!("openapi/v{}.yaml", self.0)
    }

    /// The source of the module, from the root of the project.
    pub(crate) fn module_file(&self) -> String {
        format!("src/{}.rs", self.module())
    }

    /// The version that `name` stands for, as a feature or, with underscores, as a module.
    fn in_name(name: &str) -> Option<Self> {
        name.strip_prefix('v')?.replace('_', "-").parse().ok()
    }
}

/// A copy of the project.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    pub(crate) fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// A file or folder, by its path from the root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The content of a file, by its path from the root; `None` where there is no such file.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Result<Option<String>> {
        let path = self.path(&relative);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e).with_context(|| format!("reading {}", path.display())),
        }
    }

    /// The names of the files in a folder, sorted; none where there is no such folder.
    pub(crate) fn names_in(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.path(folder);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// The versions that have a specification, oldest first.
    pub(crate) fn versions(&self) -> Result<Vec<Version>> {
        let names = self.names_in("openapi")?;
        let mut versions: Vec<_> =
            names.iter().filter_map(|n| n.strip_suffix(".yaml")).filter_map(Version::in_name).collect();
        versions.sort();
        Ok(versions)
    }

    /// Every version's specification.
    pub(crate) fn specs(&self) -> Result<BTreeMap<Version, Value>> {
        let versions = self.versions()?;
        versions.into_iter().map(|v| Ok((v.clone(), spec::load(&self.path(v.spec_file()))?))).collect()
    }

    /// A specification by its version or its file: a name for it, and the file.
    pub(crate) fn find_spec(&self, what: &str) -> (String, PathBuf) {
        let version = what.strip_prefix('v').unwrap_or(what);
        let file = match version.parse::<Version>() {
            Ok(version) => self.path(version.spec_file()),
            Err(_) => PathBuf::from(what),
        };
        let name = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        (name.strip_prefix('v').unwrap_or(&name).to_owned(), file)
    }

    /// Where specifications, features and modules are not the same set.
    pub(crate) fn disagreements(&self) -> Result<Vec<String>> {
        let specs: BTreeSet<_> = self.versions()?.into_iter().collect();
        let manifest = self.read("Cargo.toml")?.context("there is no Cargo.toml")?;
        let features = features(&manifest)?;
        let modules: BTreeSet<_> = self
            .names_in("src")?
            .iter()
            .filter_map(|name| Version::in_name(name.strip_suffix(".rs").unwrap_or(name)))
            .collect();
        let mut missing = Vec::new();
        for version in specs.iter().chain(&features).chain(&modules).collect::<BTreeSet<_>>() {
            if !specs.contains(version) {
                missing.push(format!("version {version} has no {}", version.spec_file()));
            }
            if !features.contains(version) {
                missing.push(format!("version {version} has no feature {} in Cargo.toml", version.feature()));
            }
            if !modules.contains(version) {
                missing.push(format!("version {version} has no {}", version.module_file()));
            }
        }
        Ok(missing)
    }
}

/// The versions that have a feature in a Cargo.toml.
pub(crate) fn features(manifest: &str) -> Result<BTreeSet<Version>> {
    let manifest: toml_edit::DocumentMut = manifest.parse().context("reading Cargo.toml")?;
    let features =
        manifest.get("features").and_then(|f| f.as_table()).context("Cargo.toml has no [features]")?;
    Ok(features.iter().filter_map(|(name, _)| Version::in_name(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_version_is_forgotten_anywhere() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        assert!(!project.versions().expect("the folder of specifications").is_empty());
        assert_eq!(project.disagreements().expect("a readable project"), [""; 0]);
    }

    #[test]
    fn a_version_is_a_real_date() {
        for text in ["2025-02-29", "2025-13-01", "2025-1-1", "v2025-01-01", "2025-01-01 ", "latest", ""] {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
        let version: Version = "2024-02-29".parse().expect("a leap day");
        assert_eq!(version.feature(), "v2024-02-29");
        assert_eq!(version.module(), "v2024_02_29");
    }
}
