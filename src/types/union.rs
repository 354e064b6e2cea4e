//! Unions told apart by the key that is present: `{"upi": {…}}` is a UPI payment, never an empty card.

use std::fmt;

use serde_json::Value;

use super::json;
use crate::redact;

/// A union value that matches no key of the specification, or more than one.
#[derive(Clone, PartialEq)]
pub struct UnknownUnion(String);

impl UnknownUnion {
    pub(crate) fn new(raw: &str) -> Self {
        Self(raw.to_owned())
    }

    pub(crate) fn raw(&self) -> &str {
        &self.0
    }

    /// The value as it came.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }

    /// The keys of the value, where it is an object.
    pub fn keys(&self) -> Vec<String> {
        json::members(&self.0).unwrap_or_default().into_iter().map(|(name, _)| name.into_owned()).collect()
    }
}

impl fmt::Debug for UnknownUnion {
    /// The keys only: the value may hold a card number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys();
        let shown: Vec<&str> = redact::names(keys.iter().map(String::as_str)).collect();
        f.debug_tuple("Unknown").field(&shown).finish()
    }
}

/// Which key decides: the only one of `keys` that is present and not null. An object that holds nothing
/// but `wrapper` is looked into first.
pub(crate) fn deciding<'a>(
    raw: &'a str,
    keys: &[&'static str],
    wrapper: Option<&str>,
) -> Option<(&'static str, &'a str, bool)> {
    let members = json::members(raw)?;
    if let ([(name, inner)], Some(wrapper)) = (members.as_slice(), wrapper)
        && name == wrapper
    {
        return deciding(inner, keys, None).map(|(key, value, _)| (key, value, false));
    }
    let alone = members.len() == 1;
    let mut known = members
        .iter()
        .filter(|(_, value)| *value != "null")
        .filter_map(|(name, value)| keys.iter().find(|key| *key == name).map(|key| (*key, *value)));
    match (known.next(), known.next()) {
        (Some((key, value)), None) => Some((key, value, alone)),
        _ => None,
    }
}

macro_rules! key_union {
    ($(#[$meta:meta])* $name:ident $(in $wrapper:literal)? { $($(#[$doc:meta])* $variant:ident($type:ty) = $key:literal,)* }) => {
        $(#[$meta])*
        // One value a payment: a box around every arm would cost its users more than the room it saves.
        #[allow(clippy::large_enum_variant)]
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant($type),)*
            /// A value whose key the specification does not list, kept as it came.
            Unknown($crate::types::UnknownUnion),
        }

        impl $name {
            /// The key that says which variant a value is, where there is one.
            pub fn key(&self) -> ::std::option::Option<&'static str> {
                match self {
                    $(Self::$variant(_) => ::std::option::Option::Some($key),)*
                    Self::Unknown(_) => ::std::option::Option::None,
                }
            }
        }

        impl $crate::types::internal::Leaf for $name {
            const EXPECTED: &'static str = "an object with one key";

            fn read(
                raw: &str,
                at: $crate::types::internal::At<'_>,
            ) -> ::std::result::Result<
                ::std::option::Option<(Self, $crate::types::internal::Fit)>,
                $crate::types::DecodeError,
            > {

                let wrapper: ::std::option::Option<&str> =
                    ::std::option::Option::None $(.or(::std::option::Option::Some($wrapper)))?;
                if let ::std::option::Option::Some((key, value, alone)) = $crate::types::internal::deciding(raw, &[$($key),*], wrapper) {
                    let path = $crate::types::internal::Path::Member(at.path, key);
                    let at = $crate::types::internal::At { path: &path, ..at };
                    let found = match key {
                        $($key => <$type as $crate::types::internal::Leaf>::read(value, at)?.map(|(arm, fit)| (Self::$variant(arm), fit)),)*
                        _ => ::std::option::Option::None,
                    };
                    if let ::std::option::Option::Some((union, fit)) = found {
                        return ::std::result::Result::Ok(::std::option::Option::Some((union, if alone { fit } else { $crate::types::internal::Fit::Reformed })));
                    }
                }
                ::std::result::Result::Ok(::std::option::Option::Some((Self::Unknown($crate::types::UnknownUnion::new(raw)), $crate::types::internal::Fit::Exact)))
            }

            fn write(&self, out: &mut ::std::string::String, form: $crate::types::internal::Form) {
                match self {
                    $(Self::$variant(arm) => {
                        out.push_str(::std::concat!("{\"", $key, "\":"));
                        $crate::types::internal::Leaf::write(arm, out, form);
                        out.push('}');
                    })*
                    Self::Unknown(value) => out.push_str(value.raw()),
                }
            }

            fn check(
                &self,
                member: &$crate::types::internal::Member,
                path: &$crate::types::internal::Path<'_>,
                broken: &mut ::std::vec::Vec<$crate::types::Violation>,
            ) {
                match self {
                    $(Self::$variant(arm) => {
                        let path = $crate::types::internal::Path::Member(path, $key);
                        $crate::types::internal::Leaf::check(arm, member, &path, broken);
                    })*
                    Self::Unknown(_) => {}
                }
            }

            fn show(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant(arm) => {
                        f.write_str(::std::concat!(::std::stringify!($variant), "("))?;
                        $crate::types::internal::Leaf::show(arm, f)?;
                        f.write_str(")")
                    })*
                    Self::Unknown(value) => ::std::fmt::Debug::fmt(value, f),
                }
            }

            #[cfg(feature = "registry")]
            fn misfits(&self, path: &$crate::types::internal::Path<'_>, found: &mut ::std::vec::Vec<::std::string::String>) {
                match self {
                    $(Self::$variant(arm) => {
                        let path = $crate::types::internal::Path::Member(path, $key);
                        $crate::types::internal::Leaf::misfits(arm, &path, found);
                    })*
                    Self::Unknown(_) => found.push(::std::string::ToString::to_string(path)),
                }
            }

            #[cfg(feature = "schemars")]
            fn schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        $crate::types::internal::value_impls!($name, generator => {
            #[allow(unused_mut)] // where nothing wraps the union
            let mut arms = ::std::vec![$({
                let arm = <$type as $crate::types::internal::Leaf>::schema(generator);
                ::schemars::json_schema!({ "type": "object", "required": [$key], "properties": { $key: arm } })
            }),*];
            $(
                let inner = ::schemars::json_schema!({ "anyOf": ::std::clone::Clone::clone(&arms) });
                let wrapped = ::schemars::json_schema!({
                    "type": "object", "required": [$wrapper], "properties": { $wrapper: inner }
                });
                arms.push(wrapped);
            )?
            ::schemars::json_schema!({ "anyOf": arms })
        });
    };
}

pub(crate) use key_union;
