//! What the fuzz targets of decoding check, over a bounded number of bodies that are the same on every run: the
//! fixtures as they are and what becomes of them when they are damaged, read as what they are and as anything
//! else.

use std::collections::BTreeSet;
use std::path::Path;

use cashfree_pg::registry::{Entry, VERSIONS};
use serde_json::Value;

use crate::damage::damage;

/// A body and what it says it is.
struct Fixture {
    file: String,
    version: String,
    kind: String,
    name: String,
    body: Vec<u8>,
}

fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let index: Vec<Value> =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).expect("an index")).expect("JSON");
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let fixtures = index.iter().map(|row| Fixture {
        file: text(row, "file"),
        version: text(row, "api_version"),
        kind: text(row, "kind"),
        name: text(row, "name"),
        body: std::fs::read(folder.join(text(row, "file"))).expect("a body"),
    });
    fixtures.collect()
}

fn entry(fixture: &Fixture) -> &'static Entry {
    let mut entries = crate::reference::entries(&fixture.version).iter();
    entries
        .find(|entry| entry.kind == fixture.kind && entry.name == fixture.name)
        .unwrap_or_else(|| panic!("{}: no such {} in {}", fixture.file, fixture.kind, fixture.version))
}

fn enabled(fixture: &Fixture) -> bool {
    VERSIONS.iter().any(|(version, _)| *version == fixture.version)
}

/// Puts another JSON value in place of one somewhere in the body, so that most damaged bodies are JSON still.
fn replace(random: &mut fastrand::Rng, value: &mut Value) {
    let inner = match value {
        Value::Object(members) if !members.is_empty() => {
            let index = random.usize(..members.len());
            members.values_mut().nth(index)
        }
        Value::Array(items) if !items.is_empty() => {
            let index = random.usize(..items.len());
            items.get_mut(index)
        }
        _ => None,
    };
    match inner {
        Some(inner) if random.u8(..4) > 0 => replace(random, inner),
        _ => {
            *value = match random.u8(..6) {
                0 => Value::Null,
                1 => random.bool().into(),
                2 => random.i64(..).into(),
                3 => (random.f64() * 1e6).into(),
                4 => Value::Array(vec![value.clone(); random.usize(..3)]),
                _ => value.to_string().into(),
            }
        }
    }
}

fn run(
    seed: u64,
    rounds: usize,
    mut make: impl FnMut(&mut fastrand::Rng, &Fixture) -> (&'static Entry, Vec<u8>),
) {
    let mut random = fastrand::Rng::with_seed(seed);
    let fixtures: Vec<Fixture> = fixtures().into_iter().filter(enabled).collect();
    for round in 0..rounds {
        let fixture = &fixtures[round % fixtures.len()];
        if fixture.file.contains("/error__") {
            continue;
        }
        let (entry, body) = make(&mut random, fixture);
        if std::panic::catch_unwind(|| crate::reference::check(entry, &body)).is_err() {
            panic!("round {round}, {} {}: {:?}", entry.kind, entry.name, String::from_utf8_lossy(&body));
        }
    }
}

#[test]
fn every_fixture_is_listed_and_there_is_one_for_every_event() {
    let fixtures = fixtures();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for found in std::fs::read_dir(folder).expect("a folder").map(|found| found.expect("a file").path()) {
            if found.is_dir() {
                folders.push(found);
            } else {
                files += 1;
            }
        }
    }
    // What two versions have alike is one file.
    let listed: BTreeSet<&str> = fixtures.iter().map(|fixture| fixture.file.as_str()).collect();
    assert_eq!(files, listed.len() + 1, "the index is the only file that is not in it");
    for (version, entries) in VERSIONS {
        for event in entries.iter().filter(|entry| entry.kind == "webhook") {
            // A product's event is one of the versions' too.
            let is_version = version.starts_with('2');
            let of = |f: &&Fixture| !is_version || f.version == *version;
            let found = fixtures.iter().find(|f| of(f) && f.name == event.name);
            let body = &found.unwrap_or_else(|| panic!("{version} has no {}", event.name)).body;
            assert!(
                (event.misfits)(body).is_ok_and(|misfits| misfits.is_empty()),
                "{version} {}",
                event.name
            );
            let body: Value = serde_json::from_slice(body).expect("JSON");
            assert!([&body["type"], &body["event"]].contains(&&Value::from(event.name)), "{}", event.name);
        }
    }
}

#[test]
fn bodies_as_they_are() {
    run(0, 400, |_, fixture| (entry(fixture), fixture.body.clone()));
}

#[test]
fn bodies_with_bytes_changed() {
    run(0x9e37_79b9_7f4a_7c15, 6_000, |random, fixture| {
        let mut body = fixture.body.clone();
        for _ in 0..random.usize(1..6) {
            damage(random, &mut body);
        }
        (entry(fixture), body)
    });
}

#[test]
fn bodies_with_values_changed() {
    run(0xd1b5_4a32_d192_ed03, 6_000, |random, fixture| {
        let mut body: Value = serde_json::from_slice(&fixture.body).expect("JSON");
        for _ in 0..random.usize(1..6) {
            replace(random, &mut body);
        }
        (entry(fixture), body.to_string().into_bytes())
    });
}

#[test]
fn bodies_read_as_something_else() {
    run(0x2545_f491_4f6c_dd1d, 6_000, |random, fixture| {
        let entries = crate::reference::entries(&fixture.version);
        let mut body = fixture.body.clone();
        if random.bool() {
            damage(random, &mut body);
        }
        (&entries[random.usize(..entries.len())], body)
    });
}

#[test]
fn what_the_fuzz_targets_run() {
    for (version, entries) in VERSIONS {
        for index in 0..entries.len() {
            let choice = u16::try_from(index).expect("fewer entries than that").to_be_bytes();
            for body in ["{}", "[{}]", "null", "{\"order_amount\": 1e2, \"new\": [1.10]}", "{"] {
                crate::reference::any(version, &[&choice, body.as_bytes()].concat());
            }
        }
    }
}
