//! Unions told apart by the key that is present: `{"upi": {…}}` is a UPI payment, never an empty card.

use super::path::Path;
use super::reader::Reader;
use super::table::{At, Fit};
use crate::types::outcome::DecodeError;

/// Reads the value of a key as the arm that belongs to it.
type ReadArm<'a> = &'a mut dyn FnMut(&'static str, &mut Reader<'_>, At<'_>) -> Result<Fit, DecodeError>;

/// Reads the arm whose key decides: the only one of `keys` that is present and not null. An object that holds
/// nothing but `wrapper` is looked into first. None if nothing decides, or the arm does not fit.
pub(crate) fn read_union(
    reader: &mut Reader<'_>,
    at: At<'_>,
    keys: &[&'static str],
    wrapper: Option<&str>,
    read_arm: ReadArm<'_>,
) -> Result<Option<Fit>, DecodeError> {
    if reader.peek() != b'{' {
        return reader.skip().map(|_| None);
    }
    let start = reader.mark();
    let (mut members, mut deciding, mut readable, mut wrapped) = (0, 0, true, None);
    let mut fit = Ok(Fit::Misfit);
    let mut more = reader.enter(b'}')?;
    while more {
        let name = reader.name()?.get();
        readable &= name.is_some();
        members += 1;
        let is = |key: &str| name.as_deref() == Some(key);
        let mark = reader.mark();
        if members == 1 && wrapper.is_some_and(is) {
            wrapped = Some(mark);
            reader.skip()?;
        } else if let Some(key) = keys.iter().find(|key| is(key)).filter(|_| reader.peek() != b'n') {
            deciding += 1;
            if deciding == 1 {
                let path = Path::Member(at.path, key);
                fit = read_arm(key, reader, At { path: &path, ..at });
            }
            // An arm that cannot be read is only wrong if no other key follows, by which none decides.
            if deciding > 1 || fit.is_err() {
                reader.go_back(mark);
                reader.skip()?;
            }
        } else {
            reader.skip()?;
        }
        more = reader.goes_on(b'}')?;
    }
    match wrapped {
        Some(inner) if members == 1 => {
            reader.go_back(inner);
            let fit = read_union(reader, at, keys, None, read_arm)?;
            reader.leave(b'}')?;
            Ok(fit.map(|_| Fit::Reformed))
        }
        Some(_) => {
            reader.go_back(start);
            read_union(reader, at, keys, None, read_arm)
        }
        None if !readable || deciding != 1 => Ok(None),
        None => Ok(match fit? {
            Fit::Misfit => None,
            // What stands beside it has no place in the arm.
            _ if members > 1 => Some(Fit::Reformed),
            fit => Some(fit),
        }),
    }
}

/// What the table of an object would say of an arm: limits, form, and who may see it.
macro_rules! arm {
    ($key:literal $($fact:tt)*) => { const { $crate::wire::Member::new($key)$($fact)* } };
}

macro_rules! key_union {
    ($(#[$meta:meta])* $name:ident $(in $wrapper:literal)? {
        $($(#[$doc:meta])* $variant:ident($type:ty) = $key:literal $([$($fact:tt)*])?,)*
    }) => {
        $(#[$meta])*
        // One value a payment: a box around every arm would cost its users more than the room it saves.
        #[allow(clippy::large_enum_variant)]
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant($type),)*
            /// A value whose key the specification does not list, kept as it came.
            Unknown($crate::types::union::UnknownUnion),
        }

        impl $name {
            /// The key that says which variant a value is, where there is one.
            #[inline]
            pub fn key(&self) -> ::std::option::Option<&'static str> {
                match self {
                    $(Self::$variant(_) => ::std::option::Option::Some($key),)*
                    Self::Unknown(_) => ::std::option::Option::None,
                }
            }
        }

        impl $crate::wire::Leaf for $name {
            const EXPECTED: &'static str = "an object with one key";

            #[inline]
            fn read(
                into: &mut ::std::option::Option<Self>,
                reader: &mut $crate::wire::Reader<'_>,
                at: $crate::wire::At<'_>,
            ) -> ::std::result::Result<$crate::wire::Fit, $crate::types::outcome::DecodeError> {
                let wrapper: ::std::option::Option<&str> =
                    ::std::option::Option::None $(.or(::std::option::Option::Some($wrapper)))?;
                let mark = reader.mark();
                let fit = $crate::wire::read_union(reader, at, &[$($key),*], wrapper, &mut |key, reader, at| {
                    match key {
                        $($key => {
                            let mut arm = ::std::option::Option::None;
                            let at = $crate::wire::At { form: $crate::wire::arm!($key $($($fact)*)?).form, ..at };
                            let fit = <$type as $crate::wire::Leaf>::read(&mut arm, reader, at)?;
                            *into = arm.map(Self::$variant);
                            ::std::result::Result::Ok(fit)
                        })*
                        _ => ::std::result::Result::Ok($crate::wire::Fit::Misfit),
                    }
                })?;
                ::std::result::Result::Ok(fit.unwrap_or_else(|| {
                    *into = ::std::option::Option::Some(Self::Unknown($crate::types::union::UnknownUnion::new(reader.since(mark))));
                    $crate::wire::Fit::Exact
                }))
            }

            #[inline]
            fn write(
                &self,
                to: &mut $crate::wire::Writer,
                _: &$crate::wire::Member,
                path: &$crate::wire::Path<'_>,
            ) {
                match self {
                    $(Self::$variant(arm) => {
                        to.raw(::std::concat!("{\"", $key, "\":"));
                        let path = $crate::wire::Path::Member(path, $key);
                        let member = &$crate::wire::arm!($key $($($fact)*)?);
                        $crate::wire::Leaf::write(arm, to, member, &path);
                        to.raw("}");
                    })*
                    Self::Unknown(value) => to.raw(value.raw()),
                }
            }

            #[inline]
            fn show(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant(arm) => {
                        f.write_str(::std::concat!(::std::stringify!($variant), "("))?;
                        match $crate::wire::hidden(&$crate::wire::arm!($key $($($fact)*)?)) {
                            ::std::option::Option::Some(instead) => f.write_str(instead)?,
                            ::std::option::Option::None => $crate::wire::Leaf::show(arm, f)?,
                        }
                        f.write_str(")")
                    })*
                    Self::Unknown(value) => ::std::fmt::Debug::fmt(value, f),
                }
            }

            #[cfg(feature = "registry")]
            #[inline]
            fn misfits(&self, path: &$crate::wire::Path<'_>, found: &mut ::std::vec::Vec<::std::string::String>) {
                match self {
                    $(Self::$variant(arm) => {
                        let path = $crate::wire::Path::Member(path, $key);
                        $crate::wire::Leaf::misfits(arm, &path, found);
                    })*
                    Self::Unknown(_) => found.push(::std::string::ToString::to_string(path)),
                }
            }

            #[cfg(feature = "schemars")]
            #[inline]
            fn schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        $crate::wire::value_impls!($name, generator => {
            #[allow(unused_mut)] // where nothing wraps the union
            let mut arms = ::std::vec![$({
                let mut arm = <$type as $crate::wire::Leaf>::schema(generator).to_value();
                $crate::wire::declare(&mut arm, $crate::wire::arm!($key $($($fact)*)?).form);
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

pub(crate) use {arm, key_union};
