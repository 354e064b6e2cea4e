//! Amounts in serde's formats.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Amount;
use crate::types::json;

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::serialize_number(&self.to_json_text(), serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> de::Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount: a number or a numeric string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, rupees: i64) -> Result<Amount, E> {
        Ok(Decimal::from(rupees).into())
    }

    fn visit_u64<E: de::Error>(self, rupees: u64) -> Result<Amount, E> {
        Ok(Decimal::from(rupees).into())
    }

    fn visit_i128<E: de::Error>(self, rupees: i128) -> Result<Amount, E> {
        self.visit_str(&rupees.to_string())
    }

    fn visit_u128<E: de::Error>(self, rupees: u128) -> Result<Amount, E> {
        self.visit_str(&rupees.to_string())
    }

    fn visit_f64<E: de::Error>(self, rupees: f64) -> Result<Amount, E> {
        Amount::try_from(rupees).map_err(E::custom)
    }

    // How serde_json gives numbers when some crate in the tree has turned on `arbitrary_precision`.
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
        let number = serde_json::Number::deserialize(de::value::MapAccessDeserializer::new(map))?;
        self.visit_str(&number.to_string())
    }
}
