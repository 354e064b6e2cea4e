//! Turns one OpenAPI document into one typed client of `cashfree-pg`.

pub mod compare;
pub mod document;
mod error;
pub mod fits;
pub mod lint;
pub mod normalise;
pub mod repair;
pub mod spec;

pub use error::{Fault, SpecError};

use serde_json::Value;

/// What is generated from one specification. (Stub: the generator replaces it.)
pub struct Generated {
    /// The Rust module.
    pub code: String,
    /// The outline for reviewers.
    pub outline: String,
}

/// Generates one version. (Stub: the generator replaces it.)
///
/// # Errors
/// A fault that stops the generator.
pub fn generate(spec: &Value, version: &str) -> Result<Generated, Fault> {
    let mut outline = format!("version {version}\n");
    for (path, method, _, operation) in spec::operations(spec) {
        outline += &format!("{} {method} {path}\n", operation["operationId"]);
    }
    Ok(Generated { code: String::new(), outline })
}
