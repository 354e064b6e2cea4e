//! Every generated type by the name of what it is the body of.
//!
//! For checking the types against bodies that are not known at compile time: `cargo xtask conform`, the
//! property tests and the fuzz targets. No part of the API: behind the internal feature `registry`.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use crate::types::{Body, DecodeError, Invalid, Payload};
use crate::wire::{self, Leaf, Path};
use crate::{Call, Cashfree, Error, OperationInfo, ResponseMeta, Upload};

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
    /// The type's JSON Schema.
    #[cfg(feature = "schemars")]
    pub schema: fn() -> serde_json::Value,
}

impl Entry {
    pub(crate) const fn of<T: Leaf + std::fmt::Debug>(kind: &'static str, name: &'static str) -> Self {
        Self {
            kind,
            name,
            round_trip: |body| T::decode(body).map(|value| wire::write_root(&value)),
            debug: |body| T::decode(body).map(|value| format!("{value:?}")),
            check: |body| T::decode(body).map(|value| value.to_body().err()),
            misfits: |body| {
                T::decode(body).map(|value| {
                    let mut paths = Vec::new();
                    value.misfits(&Path::Root, &mut paths);
                    paths
                })
            },
            members: T::members,
            #[cfg(feature = "schemars")]
            schema: || {
                let mut generator = schemars::SchemaGenerator::default();
                let mut schema = T::schema(&mut generator).to_value();
                // A named type is only referred to; the root is to be the schema itself.
                let definitions = generator.take_definitions(true);
                let name =
                    schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")).map(str::to_owned);
                if let Some(definition) = name.and_then(|name| definitions.get(&name)) {
                    schema = definition.clone();
                }
                if let serde_json::Value::Object(schema) = &mut schema {
                    schema.insert("$defs".into(), definitions.into());
                }
                schema
            },
        }
    }
}

/// An operation, to be called with arguments that are only known by name.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its facts.
    pub info: OperationInfo,
    /// Calls the generated method. The error is about the body that was to be sent.
    pub call: fn(&Cashfree, &Arguments) -> Result<Sending, DecodeError>,
}

/// A call on its way: the answer's metadata, and its body decoded and encoded again.
pub type Sending = Pin<Box<dyn Future<Output = Result<(ResponseMeta, String), Error>> + Send>>;

/// What an operation is called with.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    /// The values of the path, the query and the form, by their names on the wire.
    pub texts: BTreeMap<String, String>,
    /// The JSON body, to be decoded into the request's type.
    pub body: Vec<u8>,
    /// The file of a form.
    pub file: Option<Upload>,
}

impl Arguments {
    /// Whether there is a value of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name) || (name == "file" && self.file.is_some())
    }

    /// The value of that name, read as what the argument is.
    pub(crate) fn value<T: Body>(&self, name: &str) -> Result<T, DecodeError> {
        let text = self.texts.get(name).map(String::as_str).unwrap_or_default();
        T::decode(serde_json::Value::from(text).to_string().as_bytes())
    }

    /// The value of that name as a list of one.
    #[allow(dead_code)] // no published version has a list among its arguments
    pub(crate) fn list<T: Body>(&self, name: &str) -> Result<[T; 1], DecodeError> {
        self.value(name).map(|value| [value])
    }

    pub(crate) fn body<T: Body>(&self) -> Result<T, DecodeError> {
        T::decode(&self.body)
    }

    pub(crate) fn file(&self) -> Result<Upload, DecodeError> {
        self.file.clone().ok_or_else(|| DecodeError::new("file", "a file", "nothing"))
    }
}

/// An answer that can be encoded again.
pub(crate) trait Answer {
    fn json(&self) -> String;
}

impl<T: Leaf> Answer for T {
    fn json(&self) -> String {
        wire::write_root(self)
    }
}

impl Answer for () {
    fn json(&self) -> String {
        "null".to_owned()
    }
}

pub(crate) fn sending<O>(call: Call<O>) -> Sending
where
    O: crate::Operation + 'static,
    O::Output: Answer,
{
    Box::pin(async move {
        let (answer, meta) = call.send().await?.into_parts();
        Ok((meta, answer.json()))
    })
}

/// The operations of every enabled version.
pub const OPERATIONS: &[(&str, &[Operation])] = include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// The entries of every enabled version.
pub const VERSIONS: &[(&str, &[Entry])] = include!(concat!(env!("OUT_DIR"), "/registries.rs"));

/// Whether an error body tells its code or its message. The body itself stays in the error.
pub fn reads_error(body: &[u8]) -> bool {
    let error =
        crate::ApiError::read(http::StatusCode::BAD_REQUEST, body, false, &crate::redact::Hidden::new([]));
    error.code().is_some() || error.message().is_some()
}
