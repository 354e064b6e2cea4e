//! Turns one OpenAPI document into one typed client of `cashfree-pg`.

mod error;
pub mod fixups;
pub mod normalise;
pub mod spec;
pub mod vocabulary;

pub use error::{Fault, SpecError};
