//! String enumerations that stay open: a value the specification does not list is kept and written back.
//!
//! Cashfree adds states and providers without a new API version, and a payment must not become
//! unreadable because of it.

use std::fmt;

use crate::redact;

/// A value that the specification does not list.
///
/// It can only be made by reading or parsing a value that has no variant of its own, so that
/// `Unknown("PAID")` and `Paid` can never both stand for the same text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value)
    }

    /// The value as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownValue").field(&redact::name(&self.0)).finish()
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$meta])*
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq, ::std::cmp::Eq, ::std::hash::Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A value that the specification does not list.
            Unknown($crate::types::UnknownValue),
        }

        impl $name {
            /// The values that the specification lists, as they stand on the wire.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The values that the specification lists.
            pub const VARIANTS: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it stands on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// Whether the specification lists the value.
            #[inline]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown($crate::types::UnknownValue::new(::std::borrow::ToOwned::to_owned(other))),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        /// By the text, so that listing another value changes no order.
        impl ::std::cmp::Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                ::std::cmp::Ord::cmp(self.as_str(), other.as_str())
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::cmp::PartialEq<$name> for str {
            #[inline]
            fn eq(&self, other: &$name) -> bool {
                self == other.as_str()
            }
        }

        impl ::std::cmp::PartialEq<$name> for &str {
            #[inline]
            fn eq(&self, other: &$name) -> bool {
                *self == other.as_str()
            }
        }

        impl ::std::cmp::PartialEq<::std::string::String> for $name {
            #[inline]
            fn eq(&self, other: &::std::string::String) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            #[inline]
            fn from(value: $name) -> Self {
                ::std::borrow::ToOwned::to_owned(value.as_str())
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::wire::Leaf for $name {
            const EXPECTED: &'static str = "text";

            #[inline]
            fn read(
                into: &mut ::std::option::Option<Self>,
                reader: &mut $crate::wire::Reader<'_>,
                at: $crate::wire::At<'_>,
            ) -> ::std::result::Result<$crate::wire::Fit, $crate::types::DecodeError> {
                let found = $crate::wire::read_text(reader, at.form)?;
                ::std::result::Result::Ok(found.map_or($crate::wire::Fit::Misfit, |(text, fit)| {
                    *into = ::std::option::Option::Some(Self::from(&*text));
                    fit
                }))
            }

            #[inline]
            fn write(
                &self,
                to: &mut $crate::wire::Writer,
                member: &$crate::wire::Member,
                path: &$crate::wire::Path<'_>,
            ) {
                if let ::std::option::Option::Some(broken) = to.broken() {
                    $crate::wire::Scalar::check(self, member, path, broken);
                }
                $crate::wire::write_text(self.as_str(), to, member.form);
            }

            #[inline]
            fn show(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt($crate::redact::name(self.as_str()), f)
            }

            #[cfg(feature = "schemars")]
            #[inline]
            fn schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        impl $crate::wire::Scalar for $name {
            #[inline]
            fn text(&self) -> ::std::string::String {
                ::std::string::String::from(self.as_str())
            }

            /// A listed value is valid whatever else the specification says about it.
            #[inline]
            fn check(
                &self,
                member: &$crate::wire::Member,
                path: &$crate::wire::Path<'_>,
                broken: &mut ::std::vec::Vec<$crate::types::Violation>,
            ) {
                if let Self::Unknown(value) = self {
                    $crate::wire::check_text(value.as_str(), member, path, broken);
                }
            }
        }

        $crate::wire::value_impls!($name, _ => {
            ::schemars::json_schema!({ "type": "string", "examples": $name::VALUES })
        });
    };
}

pub(crate) use open_enum;
