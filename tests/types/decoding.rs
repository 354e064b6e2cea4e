//! Reading never lies: whatever a body holds, each member is read, or set aside and kept, or refused by name.
//!
//! Every member of every type of every version gets values that belong anywhere but there. The cases that the live API is
//! known for are in `cases.rs`.

use std::sync::LazyLock;

use crate::reference::Json;
use cashfree_pg::registry::{Entry, VERSIONS};
use cashfree_pg::types::{Amount, Body};
use cashfree_pg::v2025_01_01;
use proptest::prelude::*;

/// Values that fit few members, or only just.
const VALUES: &[&str] = &[
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "7",
    "-1",
    "1.5",
    "499.10",
    "1e2",
    "1E+2",
    "25e-1",
    "1e400",
    "-1e-400",
    "9007199254740993",
    "18446744073709551616",
    "123456789012345678901234567890",
    "12345678901234567.89",
    "0.1234567890123456789012345678901234567890",
    "1.2345678901234567890123456789012345e3",
    r#""""#,
    r#"" ""#,
    r#""x""#,
    r#""null""#,
    r#""NA""#,
    r#""true""#,
    r#""12""#,
    r#""0012""#,
    r#""1.50""#,
    r#""1e5""#,
    r#""1_000""#,
    r#""+5""#,
    r#""2025-01-15T12:20:29+05:30""#,
    r#""\u00e9\ud83d\ude00\"\\\/\n""#,
    r#""\ud800""#,
    "[]",
    "[null]",
    r#"[1, "a"]"#,
    "[[]]",
    "[{}]",
    r#"[{"a": 1.10}, {"a": null}]"#,
    "[1.0, 2.50]",
    r#"["1.0", 2]"#,
    "[true]",
    r#"["only"]"#,
    "{}",
    r#"{"a": null}"#,
    r#"{"a": 1}"#,
    r#"{"a": "1"}"#,
    r#"{"a": 123456789012345678901234567890}"#,
    r#"{"a": {"b": [1.10, {"c": 0.1234567890123456789}]}}"#,
    r#"{"a": 1, "a": 2}"#,
    r#"{"\ud800": 1}"#,
    r#"{"upi": {}}"#,
    r#"{"upi": null, "card": {"channel": 1}}"#,
    r#"{"upi": {}, "card": {}}"#,
    r#"{"upi": {"channel": "link"}, "beside": 1.10}"#,
    r#"{"card": "x"}"#,
    r#"{"card": [{"channel": "link"}]}"#,
    r#"{"payment_method": {"upi": {"channel": "link"}}}"#,
];

type Object = (&'static str, &'static Entry, Vec<&'static str>);

/// Every entry of every version that has members.
static OBJECTS: LazyLock<Vec<Object>> = LazyLock::new(|| {
    let all =
        VERSIONS.iter().flat_map(|(version, entries)| entries.iter().map(move |entry| (*version, entry)));
    let objects = all.filter_map(|(version, entry)| {
        let members: Vec<_> = (entry.members)().into_iter().map(|(name, _)| name).collect();
        (!members.is_empty()).then_some((version, entry, members))
    });
    objects.collect()
});

/// Reads an object with `value` in all these members: as it came, or refused for money or for a name given
/// twice, by its path.
fn check_members((version, entry, names): &Object, value: &str) {
    let mut names = names.clone();
    loop {
        let members = names.iter().map(|name| format!("{name:?}: {value}")).collect::<Vec<_>>();
        let body = format!("{{ {} }}", members.join(" , "));
        let at = format!("{version} {} {}: {body}", entry.kind, entry.name);
        let written = (entry.round_trip)(body.as_bytes());
        let Err(error) = &written else {
            assert_eq!(written.ok().and_then(|text| Json::parse(&text)), Json::parse(&body), "{at}");
            let misfits = (entry.misfits)(body.as_bytes()).unwrap();
            let shown = (entry.debug)(body.as_bytes()).unwrap();
            for name in names {
                // What is neither read nor absent is reported.
                let read = shown.contains(&format!(" {name}: ")) || value == "null";
                assert!(read || misfits.contains(&format!("$.{name}")), "{at}\n{shown} {misfits:?}");
            }
            return;
        };
        let is_named = |name: &&str| {
            let rest = error.path().strip_prefix("$.").and_then(|path| path.strip_prefix(name));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let refused = names.iter().position(is_named).unwrap_or_else(|| panic!("{at}: {error}"));
        assert!(
            error.expected().contains("amount") || error.found().contains("twice"),
            "{at}: only money and names given twice are refused: {error}"
        );
        names.remove(refused);
    }
}

#[test]
fn any_value_in_place_of_any_member_is_kept_reported_or_refused() {
    let types: Vec<&Object> = OBJECTS.iter().filter(|(_, entry, _)| entry.kind == "type").collect();
    assert!(types.iter().map(|(_, _, names)| names.len()).sum::<usize>() > 3000);
    for object in types {
        for value in VALUES {
            check_members(object, value);
        }
    }
}

#[test]
fn null_is_the_same_as_absent_for_every_member() {
    for (version, entry, names) in OBJECTS.iter() {
        let empty = ((entry.round_trip)(b"{}"), (entry.debug)(b"{}"), (entry.misfits)(b"{}"));
        assert_eq!(empty.0.as_deref(), Ok("{}"), "{version} {}", entry.name);
        let nulls = names.iter().map(|name| format!("\"{name}\":null")).collect::<Vec<_>>().join(",");
        let nulls = format!("{{{nulls}}}").into_bytes();
        let read = ((entry.round_trip)(&nulls), (entry.debug)(&nulls), (entry.misfits)(&nulls));
        assert_eq!(read, empty, "{version} {}", entry.name);
    }
}

#[test]
fn members_that_are_not_listed_are_kept_as_they_came() {
    for (version, entry, _) in OBJECTS.iter() {
        let body =
            r#"{"zz_new":{"a":[1.10,"x",null,12345678901234567890.5]},"a b\"c":"\u00e9","zz_null":null}"#;
        let written = (entry.round_trip)(body.as_bytes()).unwrap();
        assert_eq!(Json::parse(&written), Json::parse(body), "{version} {}", entry.name);
        assert!((entry.misfits)(body.as_bytes()).unwrap().is_empty());
    }
}

#[test]
fn a_member_given_twice_is_refused() {
    for (version, entry, names) in OBJECTS.iter() {
        for name in names.first().into_iter().chain(&["zz_new"]) {
            let body = format!(r#"{{"{name}":null,"{name}":null}}"#);
            let error = (entry.round_trip)(body.as_bytes()).unwrap_err();
            // A name that is not listed may be anything, a card number included.
            let path = if *name == "zz_new" { "$.*".to_owned() } else { format!("$.{name}") };
            assert_eq!(error.path(), path, "{version} {}", entry.name);
        }
    }
}

/// JSON of any shape, as text, so that numbers may have any number of digits.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|b| b.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
        ".{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        r"[0-9]{1,20}(\.[0-9]{1,4})?".prop_map(|digits| format!("\"{digits}\"")),
        Just(r#""\ud800x""#.to_owned()),
    ];
    let name = prop_oneof!["[a-z_]{1,8}", ".{0,6}", Just("upi".to_owned()), Just("card".to_owned())];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::btree_map(name.clone(), inner, 0..5).prop_map(|members| {
                let members =
                    members.iter().map(|(n, v)| format!("{}:{v}", serde_json::to_string(n).unwrap()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// Every enumeration of every version.
static ENUMS: LazyLock<Vec<&Entry>> = LazyLock::new(|| {
    let all = VERSIONS.iter().flat_map(|(_, entries)| *entries);
    // Of the types, these are the ones that text alone is.
    let is_enum = |entry: &&Entry| {
        entry.kind == "type" && (entry.misfits)(b"\"x\"").is_ok_and(|misfits| misfits.is_empty())
    };
    let enums: Vec<_> = all.filter(is_enum).collect();
    assert!(enums.len() > 50, "{}", enums.len());
    enums
});

fn config() -> ProptestConfig {
    // No files of failures: what fails is shrunk and printed, and becomes a test of its own.
    ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_json_in_place_of_any_member(which: prop::sample::Index, member: prop::sample::Index, value in any_json()) {
        let (version, entry, names) = &OBJECTS[which.index(OBJECTS.len())];
        check_members(&(version, entry, vec![names[member.index(names.len())]]), &value);
    }

    #[test]
    fn any_json_as_a_whole_body(which: prop::sample::Index, body in any_json()) {
        let all: Vec<&Entry> = VERSIONS.iter().flat_map(|(_, entries)| *entries).collect();
        crate::reference::check(all[which.index(all.len())], body.as_bytes());
    }

    #[test]
    fn any_text_in_any_enum_comes_back(which: prop::sample::Index, text in ".{0,20}") {
        let body = serde_json::to_string(&text).unwrap();
        let entry = ENUMS[which.index(ENUMS.len())];
        let written = (entry.round_trip)(body.as_bytes()).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn amounts_are_exact_to_28_digits(paise in -9_999_999_999_999_999_999_999_999_999_i128..9_999_999_999_999_999_999_999_999_999_i128) {
        let (whole, cents) = (paise.unsigned_abs() / 100, paise.unsigned_abs() % 100);
        let sign = if paise < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{cents:02}");
        for body in [format!(r#"{{"order_amount":{text}}}"#), format!(r#"{{"order_amount":"{text}"}}"#)] {
            let order = v2025_01_01::types::Order::decode(body.as_bytes()).unwrap();
            prop_assert_eq!(order.order_amount, Some(text.parse::<Amount>().unwrap()));
            prop_assert_eq!(Json::parse(&serde_json::to_string(&order).unwrap()), Json::parse(&body));
        }
    }
}

#[test]
fn every_listed_value_of_an_enum_has_its_variant() {
    use v2025_01_01::types::PaymentStatus as Status;
    for value in Status::VALUES {
        let status = Status::from(*value);
        assert!(status.is_known());
        assert_eq!(status.as_str(), *value);
    }
    let odd = Status::from("success ");
    assert!(!odd.is_known());
    assert_eq!((odd.as_str(), odd.to_string().as_str()), ("success ", "success "));
}
