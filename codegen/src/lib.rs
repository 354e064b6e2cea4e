//! Turns one OpenAPI document into one typed client of `cashfree-pg`.
//!
//! The way of a document: `spec` reads it, `fixups` mend the known faults of one version, `normalise` writes
//! out what it says in a roundabout way, `read` makes the `model` of it, `witness` has progenitor confirm it,
//! and `emit` writes the code; `outline` makes the outline of a version. [`generate`] goes all the way.
//!
//! Only `cashfree-pg` and the development commands of its repository use this crate; each release belongs to
//! one release of `cashfree-pg`.

#[doc(hidden)]
pub mod always;
#[doc(hidden)]
pub mod build;
mod emit;
mod error;
#[doc(hidden)]
pub mod fixups;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod names;
#[doc(hidden)]
pub mod normalise;
#[doc(hidden)]
pub mod outline;
#[doc(hidden)]
pub mod places;
mod prose;
mod read;
#[doc(hidden)]
pub mod sensitive;
mod share;
#[doc(hidden)]
pub mod spec;
mod states;
#[doc(hidden)]
pub mod vocabulary;
mod witness;

use std::path::Path;

pub use error::{Fault, SpecError};
use serde_json::Value;

use crate::fixups::Stale;
use crate::model::Api;

/// What is made of one specification.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The Rust code of the version, to be included in its module.
    pub code: String,
    /// Its outline, to be reviewed.
    pub outline: String,
}

/// The model of `version`, and the fixups that found nothing to mend.
///
/// # Errors
/// The JSON pointer and the reason where the specification cannot be used.
#[doc(hidden)]
pub fn model(spec: &Value, version: &str) -> Result<(Api, Vec<Stale>), Fault> {
    // Schemas are read, by progenitor too, as deep as they are nested: on a stack that no document fills.
    let roomy = std::thread::Builder::new().stack_size(256 << 20);
    std::thread::scope(|scope| {
        let reading = roomy.spawn_scoped(scope, || read_model(spec, version));
        match reading.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(model)) => model,
            Ok(Err(_)) => Err(Fault::new("", "the generator panicked")),
            Err(e) => Err(Fault::new("", format!("no thread to read the document in: {e}"))),
        }
    })
}

fn read_model(spec: &Value, version: &str) -> Result<(Api, Vec<Stale>), Fault> {
    spec::expect_openapi(spec)?;
    let mut spec = spec.clone();
    let stale = fixups::apply(&mut spec, version);
    let mut lost = Vec::new();
    normalise::normalise(&mut spec, &mut lost)?;
    let api = read::read(&spec, version, lost)?;
    witness::testify(&spec, &api)?;
    Ok((api, stale))
}

/// Generates the client of `version` from its specification.
///
/// # Errors
/// The JSON pointer and the reason where the specification cannot be used.
pub fn generate(spec: &Value, version: &str) -> Result<Generated, Fault> {
    let (api, _) = model(spec, version)?;
    Ok(Generated { code: emit::emit(&api), outline: outline::outline(&api) })
}

/// Generates the client of `version` from a file.
///
/// # Errors
/// The file, the JSON pointer and the reason where the specification cannot be used.
pub fn generate_file(file: &Path, version: &str) -> Result<Generated, SpecError> {
    let spec = spec::load(file)?;
    generate(&spec, version).map_err(|fault| fault.in_file(file))
}
