//! Every generated type by the name of what it is the body of.
//!
//! For checking the types against bodies that are not known at compile time: `cargo xtask conform`, the
//! property tests and the fuzz targets. No part of the API: behind the internal feature `registry`.

use crate::types::{Body, DecodeError, Invalid, Payload, internal};

/// A type and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// `request`, `response`, `webhook` or `type`.
    pub kind: &'static str,
    /// The operation id, the event type or the type's name.
    pub name: &'static str,
    /// Decodes a body and encodes it again.
    pub round_trip: fn(&[u8]) -> Result<String, DecodeError>,
    /// Decodes a body and shows it with `Debug`.
    pub debug: fn(&[u8]) -> Result<String, DecodeError>,
    /// Decodes a body and sends it as a request: the limits it breaks, if any.
    pub check: fn(&[u8]) -> Result<Option<Invalid>, DecodeError>,
    /// Decodes a body and lists the paths of the members that were set aside.
    pub misfits: fn(&[u8]) -> Result<Vec<String>, DecodeError>,
    /// The members of an object type, as (name, sensitive).
    pub members: fn() -> Vec<(&'static str, bool)>,
}

impl Entry {
    pub(crate) const fn of<T: internal::Leaf + std::fmt::Debug + serde::Serialize>(
        kind: &'static str,
        name: &'static str,
    ) -> Self {
        Self {
            kind,
            name,
            round_trip: |body| T::decode(body).map(|value| internal::write_root(&value)),
            debug: |body| T::decode(body).map(|value| format!("{value:?}")),
            check: |body| T::decode(body).map(|value| value.to_body().err()),
            misfits: |body| {
                T::decode(body).map(|value| {
                    let mut paths = Vec::new();
                    value.misfits(&internal::Path::Root, &mut paths);
                    paths
                })
            },
            members: T::members,
        }
    }
}

/// The entries of every enabled version.
pub const VERSIONS: &[(&str, &[Entry])] = include!(concat!(env!("OUT_DIR"), "/registries.rs"));

/// Whether an error body tells its code or its message. The body itself stays in the error.
pub fn reads_error(body: &[u8]) -> bool {
    let error = crate::ApiError::read(http::StatusCode::BAD_REQUEST, body, "");
    error.code().is_some() || error.message().is_some()
}
