//! Turns one OpenAPI document into one typed client of `cashfree-pg`.
//!
//! The way of a document: [`spec`] reads it, [`fixups`] mend the known faults of one version,
//! [`normalise`] brings it into one shape, progenitor decides Rust names and types ([`read`]), and
//! [`emit`] writes what differs from type to type; [`names`] keeps apart what Rust would call the same.
//! [`generate`] goes all the way.

pub mod api;
pub mod compare;
pub mod document;
pub mod emit;
mod error;
pub mod fits;
pub mod fixups;
pub mod lint;
pub mod names;
pub mod normalise;
pub mod outline;
pub mod read;
pub mod repair;
pub mod review;
pub mod spec;
pub mod vocabulary;

use std::path::Path;

pub use error::{Fault, SpecError};
use serde_json::Value;

/// What is made of one specification.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The Rust code of the version, to be included in its module.
    pub code: String,
    /// Its outline, to be reviewed.
    pub outline: String,
}

/// Generates the client of `version` from its specification.
///
/// # Errors
/// The JSON pointer and the reason where the specification cannot be used.
pub fn generate(spec: &Value, version: &str) -> Result<Generated, Fault> {
    spec::expect_openapi(spec)?;
    let mut spec = spec.clone();
    fixups::apply(&mut spec, version)?;
    normalise::normalise(&mut spec)?;
    let tokens = read::run_progenitor(&spec)?;
    let api = read::read(&spec, version, tokens)?;
    let file = syn::parse2(emit::emit(&api))
        .map_err(|e| Fault::new("", format!("the emitted code does not parse: {e}")))?;
    Ok(Generated { code: prettyplease::unparse(&file), outline: outline::outline(&api) })
}

/// Generates the client of `version` from a file.
///
/// # Errors
/// The file, the JSON pointer and the reason where the specification cannot be used.
pub fn generate_file(file: &Path, version: &str) -> Result<Generated, SpecError> {
    let spec = spec::load(file)?;
    generate(&spec, version).map_err(|fault| fault.in_file(file))
}
