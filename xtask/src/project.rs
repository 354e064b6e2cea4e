//! Where things are in the project, and which API versions and products it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use cashfree_codegen::spec;
use serde_json::Value;

/// A document that is generated from: an API version, which is a date, or a product. Versions come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Document {
    is_product: bool,
    name: String,
}

impl FromStr for Document {
    type Err = anyhow::Error;

    /// An API version.
    fn from_str(text: &str) -> Result<Self> {
        // The parser takes `2025-1-1` too, which is another text.
        match chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(date) if date.format("%Y-%m-%d").to_string() == text => {
                Ok(Self { is_product: false, name: text.to_owned() })
            }
            _ => bail!("an API version is a date such as 2025-01-01, and {text} is none"),
        }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Document {
    pub(crate) fn product(name: &str) -> Self {
        Self { is_product: true, name: name.to_owned() }
    }

    pub(crate) fn is_product(&self) -> bool {
        self.is_product
    }

    /// The cargo feature: `v2025-01-01`, `one-escrow`.
    pub(crate) fn feature(&self) -> String {
        if self.is_product { self.name.clone() } else { format!("v{}", self.name) }
    }

    /// The module: `v2025_01_01`, `one_escrow`.
    pub(crate) fn module(&self) -> String {
        self.feature().replace('-', "_")
    }

    /// The specification, from the root of the project.
    pub(crate) fn spec_file(&self) -> String {
        format!("openapi/{}{}.yaml", self.folder(), self.feature())
    }

    /// The source of the module, from the root of the project.
    pub(crate) fn module_file(&self) -> String {
        let room = if self.is_product { "products" } else { "versions" };
        format!("src/{room}/{}.rs", self.module())
    }

    fn folder(&self) -> &'static str {
        if self.is_product { "products/" } else { "" }
    }

    /// The version that `name` stands for, as a feature or, with underscores, as a module.
    fn version_in(name: &str) -> Option<Self> {
        name.strip_prefix('v')?.replace('_', "-").parse().ok()
    }

    /// The product that `name` stands for, as a feature or as a module.
    fn product_in(name: &str) -> Option<Self> {
        Some(Self::product(&name.replace('_', "-")))
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

    /// What has a specification: versions, oldest first, and products.
    pub(crate) fn documents(&self) -> Result<Vec<Document>> {
        let mut documents = self.documents_in("openapi", ".yaml", Document::version_in)?;
        documents.extend(self.documents_in("openapi/products", ".yaml", Document::product_in)?);
        documents.sort();
        Ok(documents)
    }

    fn documents_in(
        &self,
        folder: &str,
        extension: &str,
        document: fn(&str) -> Option<Document>,
    ) -> Result<Vec<Document>> {
        let names = self.names_in(folder)?;
        Ok(names.iter().filter_map(|name| name.strip_suffix(extension)).filter_map(document).collect())
    }

    /// Every document's specification.
    pub(crate) fn specs(&self) -> Result<BTreeMap<Document, Value>> {
        let documents = self.documents()?;
        documents.into_iter().map(|d| Ok((d.clone(), spec::load(&self.path(d.spec_file()))?))).collect()
    }

    /// A specification by its version, its product or its file: a name for it, and the file.
    pub(crate) fn find_spec(&self, what: &str) -> (String, PathBuf) {
        let product = self.path(Document::product(what).spec_file());
        let file = match what.strip_prefix('v').unwrap_or(what).parse::<Document>() {
            Ok(version) => self.path(version.spec_file()),
            Err(_) if product.is_file() => product,
            Err(_) => PathBuf::from(what),
        };
        let name = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let version = name.strip_prefix('v').filter(|rest| rest.parse::<Document>().is_ok());
        (version.map(str::to_owned).unwrap_or(name), file)
    }

    /// Where specifications, features and modules are not the same set.
    pub(crate) fn disagreements(&self) -> Result<Vec<String>> {
        let specs: BTreeSet<_> = self.documents()?.into_iter().collect();
        let manifest = self.read("Cargo.toml")?.context("there is no Cargo.toml")?;
        let features = features(&manifest)?;
        let mut modules =
            BTreeSet::from_iter(self.documents_in("src/versions", ".rs", Document::version_in)?);
        modules.extend(self.documents_in("src/products", ".rs", Document::product_in)?);
        // Any feature might be a product's, so one is only missed where there is something else of the product.
        let dated = features.iter().filter(|document| !document.is_product);
        let mut missing = Vec::new();
        for document in specs.iter().chain(dated).chain(&modules).collect::<BTreeSet<_>>() {
            let what = if document.is_product { "product" } else { "version" };
            if !specs.contains(document) {
                missing.push(format!("{what} {document} has no {}", document.spec_file()));
            }
            if !features.contains(document) {
                missing
                    .push(format!("{what} {document} has no feature {} in Cargo.toml", document.feature()));
            }
            if !modules.contains(document) {
                missing.push(format!("{what} {document} has no {}", document.module_file()));
            }
        }
        Ok(missing)
    }
}

/// Every feature of a Cargo.toml, as the version or the product that it would be.
pub(crate) fn features(manifest: &str) -> Result<BTreeSet<Document>> {
    let manifest: toml_edit::DocumentMut = manifest.parse().context("reading Cargo.toml")?;
    let features =
        manifest.get("features").and_then(|f| f.as_table()).context("Cargo.toml has no [features]")?;
    let document = |name: &str| Document::version_in(name).or_else(|| Document::product_in(name));
    Ok(features.iter().filter_map(|(name, _)| document(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_document_is_forgotten_anywhere() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        assert!(!project.documents().expect("the folder of specifications").is_empty());
        assert_eq!(project.disagreements().expect("a readable project"), [""; 0]);
    }

    #[test]
    fn every_document_is_fuzzed() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let manifest = project.read("fuzz/Cargo.toml").expect("readable").expect("there");
        for document in project.documents().expect("the folder of specifications") {
            let feature = format!("\"{}\"", document.feature());
            assert!(manifest.contains(&feature), "fuzz/Cargo.toml does not turn {feature} on");
        }
    }

    /// In the documentation a page is a module: a link to a file leads nowhere there, so that it has to be a
    /// definition, of which the guide has one of its own.
    #[test]
    fn every_page_is_in_the_guide_with_its_links() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let guide = project.read("src/guide.rs").expect("readable").expect("there");
        for folder in ["", "guide/", "migrating/"] {
            let names = project.names_in(&format!("docs/{folder}")).expect("a readable folder");
            for page in names.iter().filter_map(|name| name.strip_suffix(".md")) {
                assert!(guide.contains(&format!("\"{folder}{page}\"")), "src/guide.rs lacks {folder}{page}");
                let text = project.read(format!("docs/{folder}{page}.md")).expect("readable").expect("there");
                for line in text.lines() {
                    if let Some((name, _)) = line.strip_prefix('[').and_then(|line| line.split_once("]: ")) {
                        assert!(guide.contains(&format!("\"[{name}]: ")), "src/guide.rs defines no {name}");
                    }
                    let inline = line.split("](").skip(1).find(|to| !to.starts_with("http"));
                    assert_eq!(inline, None, "{folder}{page}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_document_is_found_by_the_name_it_has() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for (what, name) in [
            ("v2025-01-01", "2025-01-01"),
            ("2025-01-01", "2025-01-01"),
            ("virtual-bank-accounts", "virtual-bank-accounts"),
            ("elsewhere/vendor.yaml", "vendor"),
        ] {
            assert_eq!(project.find_spec(what).0, name);
        }
    }

    #[test]
    fn a_version_is_a_real_date() {
        for text in ["2025-02-29", "2025-13-01", "2025-1-1", "v2025-01-01", "2025-01-01 ", "latest", ""] {
            assert!(text.parse::<Document>().is_err(), "{text:?}");
        }
        let version: Document = "2024-02-29".parse().expect("a leap day");
        assert_eq!(version.feature(), "v2024-02-29");
        assert_eq!(version.module(), "v2024_02_29");
    }
}
