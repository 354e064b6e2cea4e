//! Turns one OpenAPI document into one typed client of `cashfree-pg`.

mod error;
pub mod spec;

pub use error::{Fault, SpecError};
