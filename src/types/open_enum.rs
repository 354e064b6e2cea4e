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
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A value that the specification does not list.
            Unknown($crate::types::UnknownValue),
        }

        impl $name {
            /// The values that the specification lists.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// Whether the specification lists the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown($crate::types::UnknownValue::new(other.to_owned())),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        /// By the text, so that listing another value changes no order.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::types::internal::Leaf for $name {
            const EXPECTED: &'static str = "text";

            fn read(
                raw: &str,
                at: $crate::types::internal::At<'_>,
            ) -> Result<Option<(Self, $crate::types::internal::Fit)>, $crate::types::DecodeError> {
                let found = <String as $crate::types::internal::Leaf>::read(raw, at)?;
                Ok(found.map(|(text, fit)| (Self::from(text), fit)))
            }

            fn write(&self, out: &mut String, form: $crate::types::internal::Form) {
                $crate::types::internal::Leaf::write(&self.as_str().to_owned(), out, form);
            }

            /// A listed value is valid whatever else the specification says about it.
            fn check(
                &self,
                member: &$crate::types::internal::Member,
                path: &$crate::types::internal::Path<'_>,
                broken: &mut Vec<$crate::types::Violation>,
            ) {
                if !self.is_known() {
                    $crate::types::internal::Leaf::check(&self.as_str().to_owned(), member, path, broken);
                }
            }

            fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt($crate::redact::name(self.as_str()), f)
            }

            #[cfg(feature = "schemars")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        $crate::types::internal::value_impls!($name, _ => {
            schemars::json_schema!({ "type": "string", "examples": $name::VALUES })
        });
    };
}

pub(crate) use open_enum;
