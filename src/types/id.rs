//! Identifiers that are a string here, whatever the wire had.
//!
//! The API writes one and the same id as `"12376123"` in one place and `12376123` in another, and some
//! ids of a kind are not numbers at all (`refund_40564529`). Reading them as what the specification
//! happens to declare fails on half of the bodies, and as numbers loses leading zeros.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, de};

/// An identifier given by Cashfree or by you: a string that reads from a string or an integer.
///
/// ```
/// use cashfree_pg::types::Id;
///
/// let read: Vec<Id> = serde_json::from_str(r#"["12376123", 12376123, "refund_40564529"]"#)?;
/// assert_eq!(read[0], read[1]);
/// assert_eq!(read[2], "refund_40564529");
/// assert_eq!(read[1].parse(), Ok(12376123));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as an owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({:?})", self.0)
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&String> for Id {
    fn from(id: &String) -> Self {
        Self(id.clone())
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl From<&Id> for String {
    fn from(id: &Id) -> Self {
        id.0.clone()
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Id {
            fn from(id: $integer) -> Self {
                Self(id.to_string())
            }
        }
    )*};
}
from_integers!(i32, i64, u32, u64);

macro_rules! equal_to_text {
    ($($text:ty),*) => {$(
        impl PartialEq<$text> for Id {
            fn eq(&self, text: &$text) -> bool {
                let text: &str = text;
                self.0 == text
            }
        }

        impl PartialEq<Id> for $text {
            fn eq(&self, id: &Id) -> bool {
                id == self
            }
        }
    )*};
}
equal_to_text!(str, &str, String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl<'de> de::Visitor<'de> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: a string or an integer")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<Id, E> {
        Ok(id.into())
    }

    fn visit_string<E: de::Error>(self, id: String) -> Result<Id, E> {
        Ok(id.into())
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<Id, E> {
        Ok(id.into())
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<Id, E> {
        Ok(id.into())
    }

    fn visit_i128<E: de::Error>(self, id: i128) -> Result<Id, E> {
        Ok(Id(id.to_string()))
    }

    fn visit_u128<E: de::Error>(self, id: u128) -> Result<Id, E> {
        Ok(Id(id.to_string()))
    }

    // How serde_json gives numbers when some crate in the tree has turned on `arbitrary_precision`.
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Id, A::Error> {
        let number = serde_json::Number::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let text = number.to_string();
        if text.contains(['.', 'e', 'E']) {
            return Err(de::Error::invalid_type(de::Unexpected::Other("fractional number"), &self));
        }
        Ok(Id(text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_strings_and_integers() {
        for (json, text) in [
            (r#""0012""#, "0012"),
            (r#""refund_40564529""#, "refund_40564529"),
            ("12376123", "12376123"),
            ("-1", "-1"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert_eq!(serde_json::from_str::<Id>(json).unwrap(), text);
        }
    }

    #[test]
    fn refuses_what_would_change_an_id() {
        for json in ["1.5", "1e3", "null", "true", "[]", "{}"] {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
        use serde::de::{IntoDeserializer, value};
        let float = IntoDeserializer::<value::Error>::into_deserializer(184467440737095516160.0);
        assert!(Id::deserialize(float).is_err());
    }

    #[test]
    fn wide_integers_keep_their_digits() {
        use serde::de::{IntoDeserializer, value};
        let wide = IntoDeserializer::<value::Error>::into_deserializer(u128::MAX);
        assert_eq!(Id::deserialize(wide).unwrap(), u128::MAX.to_string());
    }

    #[test]
    fn is_found_by_text() {
        let by_id = HashMap::from([(Id::from(7), "seven")]);
        assert_eq!(by_id.get("7"), Some(&"seven"));
    }

    proptest! {
        #[test]
        fn any_text_round_trips(text: String) {
            let id = Id::from(text.clone());
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<Id>(&json).unwrap(), text);
        }

        #[test]
        fn any_integer_reads_as_its_text(id: i64) {
            prop_assert_eq!(serde_json::from_str::<Id>(&id.to_string()).unwrap(), Id::from(id));
        }
    }
}
