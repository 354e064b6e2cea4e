//! What a build script writes: the code of each version, and the lists of them that `cashfree-pg` includes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Fault, SpecError};
use crate::generate_file;

/// A version or a product to be generated.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its specification.
    pub file: PathBuf,
    /// `2025-01-01`, or the name of a product: `one-escrow`.
    pub name: String,
    /// Whether it is a product.
    pub is_product: bool,
    /// Its module: `v2025_01_01`.
    pub module: String,
    /// The source of the module, which includes the generated code.
    pub source: PathBuf,
}

/// Generates every document into the folder `out`.
///
/// # Errors
/// The file, the JSON pointer and the reason where a specification cannot be used.
pub fn build(out: &Path, documents: &[Document]) -> Result<(), SpecError> {
    let (mut modules, mut registries) = (String::new(), String::new());
    let (mut payloads, mut operations) = (String::new(), String::new());
    for Document { file, name, is_product, module, source } in documents {
        write(out, &format!("{module}.rs"), &generate_file(file, name)?.code)?;
        let what = if *is_product { "the product" } else { "API version" };
        let _ = write!(
            modules,
            "#[path = {source:?}]\npub mod {module};\n\nimpl Cashfree {{\n\
             /// The typed client of {what} {name}. It shares this handle's connections and policy.\n\
             pub fn {module}(&self) -> {module}::Client {{\n{module}::Client::new(self.clone())\n}}\n}}\n\n"
        );
        let _ = write!(registries, "({name:?}, crate::{module}::REGISTRY), ");
        let _ = write!(operations, "({name:?}, crate::{module}::OPERATIONS), ");
        if !is_product {
            let _ = write!(payloads, "{} = {name:?} in {module}, ", module.replacen('v', "V", 1));
        }
    }
    write(out, "versions.rs", &modules)?;
    write(out, "payloads.rs", &format!("any_payload! {{ {payloads} }}"))?;
    write(out, "registries.rs", &format!("&[{registries}]"))?;
    write(out, "operations.rs", &format!("&[{operations}]"))
}

fn write(out: &Path, name: &str, content: &str) -> Result<(), SpecError> {
    let file = out.join(name);
    std::fs::write(&file, content).map_err(|e| Fault::new("", e.to_string()).in_file(file))
}
