//! What the types become in formats that are not JSON, and that they read it back.
use std::fmt::Debug;

use cashfree_pg::types::{Amount, Body};
use cashfree_pg::v2025_01_01::types::{Order, Refund};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A row as a user keeps it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Row<T> {
    value: T,
}

fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let row = Row { value };
    let text = toml::to_string(&row).unwrap_or_else(|e| panic!("{row:?}: {e}"));
    assert!(!text.contains("serde_json"), "{text}");
    assert_eq!(toml::from_str::<Row<T>>(&text).unwrap_or_else(|e| panic!("{text}: {e}")), row, "{text}");

    let mut cbor = Vec::new();
    ciborium::into_writer(&row, &mut cbor).unwrap();
    assert_eq!(ciborium::from_reader::<Row<T>, _>(&cbor[..]).unwrap(), row);

    for pack in [rmp_serde::to_vec(&row).unwrap(), rmp_serde::to_vec_named(&row).unwrap()] {
        assert_eq!(rmp_serde::from_slice::<Row<T>>(&pack).unwrap(), row);
    }

    let value = serde_json::to_value(&row).unwrap();
    assert_eq!(serde_json::from_value::<Row<T>>(value).unwrap(), row);
    let text = serde_json::to_string_pretty(&row).unwrap();
    assert_eq!(serde_json::from_str::<Row<T>>(&text).unwrap(), row);
}

#[test]
fn an_amount_keeps_its_value_in_every_format() {
    for text in [
        "0",
        "499.50",
        "-0.05",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "562949953421312.3",
        "0.1234567890123456789",
        "-79228162514264337593543950335",
        "0.0000000000000000000000000001",
    ] {
        let amount: Amount = text.parse().unwrap();
        let json = serde_json::to_string(&amount).unwrap();
        assert!(!json.starts_with('"') && json.parse() == Ok(amount), "{json}");
        // A number in a text of its own is not read exactly by serde_json, so only what fits is.
        if text.len() <= 16 {
            round_trips(amount);
        } else {
            let toml = toml::to_string(&Row { value: amount }).unwrap();
            assert_eq!(toml::from_str::<Row<Amount>>(&toml).unwrap().value, amount, "{toml}");
        }
    }
}

#[test]
fn an_object_keeps_what_it_came_with_in_every_format() {
    let body = br#"{"refund_id":1e3,"refund_amount":499.50,"order_id":-0,"lane":9223372036854775808,
        "rate":0.12345678901234567890,"refund_note":{"by":"bank","n":12345678901234567890123}}"#;
    let refund = Refund::decode(body).unwrap();
    assert_eq!(refund.refund_id, Some("1e3".to_owned()));
    let again: Refund = toml::from_str(&toml::to_string(&refund).unwrap()).unwrap();
    assert_eq!((&again.refund_id, &again.order_id), (&refund.refund_id, &refund.order_id));
    assert_eq!(again.refund_amount, refund.refund_amount);
    assert_eq!(again.unlisted().get("rate"), Some("0.12345678901234567890".into()));
    // In JSON every digit and every form stays.
    let json = serde_json::to_string(&refund).unwrap();
    for part in [r#""refund_id":1e3"#, r#":499.5,"#, r#""order_id":-0"#, r#""n":12345678901234567890123"#] {
        assert!(json.contains(part), "{part}: {json}");
    }
    round_trips(Order::decode(br#"{"order_id":"o_1","order_amount":499.5,"order_tags":{"a":"b"}}"#).unwrap());
}
