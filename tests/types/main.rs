//! What users hold: read without loss, written strictly, and shown without secrets. Most of it goes over every type of
//! every version, by the registry.

#[cfg(feature = "registry")]
#[path = "../support/damage.rs"]
mod damage;
#[cfg(feature = "registry")]
#[path = "../../fuzz/decoding.rs"]
mod reference;
#[cfg(feature = "registry")]
#[path = "../specs/mod.rs"]
mod specs;
#[cfg(feature = "registry")]
#[path = "../support/mod.rs"]
mod support;

#[cfg(all(feature = "registry", feature = "v2022-09-01", feature = "v2023-08-01", feature = "v2025-01-01"))]
mod cases;
#[cfg(all(feature = "registry", feature = "v2022-09-01", feature = "v2023-08-01", feature = "v2025-01-01"))]
mod decoding;
#[cfg(feature = "v2025-01-01")]
mod formats;
#[cfg(feature = "registry")]
mod fuzz;
#[cfg(all(feature = "registry", feature = "schemars"))]
mod schemars;
#[cfg(feature = "registry")]
mod sensitive;
#[cfg(all(feature = "test-util", feature = "v2025-01-01"))]
mod test_util;
#[cfg(feature = "registry")]
mod writing;
