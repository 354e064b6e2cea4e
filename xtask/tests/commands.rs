//! The commands, run as a developer runs them, on copies of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cashfree_codegen::spec;
use serde_json::Value;
use tempfile::TempDir;
use xtask::document::lint;

/// As much of the project as the commands read, in a folder of its own.
struct Copy(TempDir);

impl Copy {
    /// A copy with these versions, and every derived file fresh.
    fn with(versions: &[&str]) -> Self {
        let copy = Self(tempfile::tempdir().expect("a folder"));
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        fs::create_dir(copy.path("openapi")).expect("a folder");
        fs::create_dir_all(copy.path("src/versions")).expect("a folder");
        let mut manifest = "[package]\nname = \"copy\"\n\n[features]\n# One per version.\n".to_owned();
        for version in versions {
            let file = format!("openapi/v{version}.yaml");
            fs::copy(project.join(&file), copy.path(&file)).expect("a specification");
            fs::write(
                copy.path(&format!("src/versions/v{}.rs", version.replace('-', "_"))),
                "//! A version.\n",
            )
            .expect("a file");
            manifest += &format!("v{version} = [\"generated\"]\n");
        }
        fs::write(copy.path("Cargo.toml"), manifest + "# Not a version.\nclient = []\n").expect("a manifest");
        copy.succeeds(&["regen"]);
        copy
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|e| panic!("{relative}: {e}"))
    }

    /// Runs a command: whether it succeeded, and what it printed.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.arg("--root").arg(self.0.path()).args(arguments).output().expect("xtask runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).expect("text"))
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let (success, text) = self.run(arguments);
        assert!(success, "{arguments:?}: {text}");
        text
    }

    fn fails(&self, arguments: &[&str]) -> String {
        let (success, text) = self.run(arguments);
        assert!(!success, "{arguments:?}: {text}");
        text
    }

    /// Every file and what is in it.
    fn content(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), fs::read_to_string(path).expect("text"));
                }
            }
        }
        files
    }
}

#[test]
fn importing_what_is_there_changes_nothing() {
    let versions = ["2022-09-01", "2023-08-01", "2025-01-01"];
    let copy = Copy::with(&versions);
    let before = copy.content();
    for version in versions {
        let file = copy.path(&format!("openapi/v{version}.yaml"));
        let text = copy.succeeds(&["regen", "--import", &file.to_string_lossy(), "--version", version]);
        assert!(text.ends_with(&format!("Nothing to write: {version} is as it was.\n")), "{text}");
        assert!(!text.contains("What changes") && !text.contains("In the former"), "{text}");
        assert!(before == copy.content(), "{version} changed");
    }
    // The same as JSON.
    let as_json = spec::load(&copy.path("openapi/v2025-01-01.yaml")).expect("a specification").to_string();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("spec.json");
    fs::write(&file, as_json).expect("a file");
    copy.succeeds(&["regen", "--import", &file.to_string_lossy(), "--version", "2025-01-01"]);
    assert!(before == copy.content(), "the same as JSON changed something");
    copy.succeeds(&["regen", "--check"]);
}

#[test]
fn a_document_full_of_faults_is_repaired_and_reported() {
    let copy = Copy::with(&["2025-01-01"]);
    let vendor = copy.path("vendor.yaml");
    let vendor = vendor.to_string_lossy();
    copy.succeeds(&["plant-faults", &vendor]);
    let spoilt = spec::parse(&copy.read("vendor.yaml")).expect("a document");
    assert!(lint::lint(&spoilt).len() > 10, "the faults are there");

    let report = copy.succeeds(&["regen", "--import", &vendor, "--version", "2099-01-01"]);
    for line in [
        "/paths/~1orders/post/callbacks\n      callbacks dropped",
        "/components/schemas/PlanEntity/properties/planted_status/enum/2\n      the enum value \"ACTIVE\" is given twice",
        "/components/schemas/CreateOrderRequest/properties/planted_channels/enum\n      an enum on an array",
        "the required name \"customer_details.\" ends in a dot: customer_details taken",
        "the required name \"meta_data.settlement_date\" is no property: dropped",
        "/paths/~1customers~1{customer_id}~1instruments?instrument_type=card\n      the query string",
        "/paths/~1pg~1utilities~1pars\n      the path repeats the path of the server",
        "the path parameter order_id is given twice: the first one kept",
        "/paths/~1orders~1{order_id}~1payments/get\n      the path parameter order_id was not declared",
        "the id SubsFetchSubscription was taken: named PostSubscriptionsTransactionReturnSummaryGenerate",
        "/paths/~1orders~1{order_id}~1nameless/get/operationId\n      no id: named GetOrdersNameless",
        "the format \"rupees\" of number is unknown: dropped",
        "/paths/~1orders~1{order_id}~1refunds/post/responses/204\n      an answer without a body: a body is expected",
        "planted_note\n      nullable without a type: taken to be string",
        "/paths/~1customers/post/requestBody/content/application~1json/example\n      the example does not fit (/customer_phone",
        "/components/schemas/order_meta\n      is called `OrderMeta2`: its own name is taken",
        "Repaired by a guess: please look at these",
        "Left as it is: please look at these (2):",
        "Not generated (",
        "/components/schemas/OrderMeta/properties/planted_fee\n      nobody has said yet what the number `planted_fee` is",
        "the client cannot send the cookie `tenant`",
    ] {
        assert!(report.contains(line), "{line:?} is not in:\n{report}");
    }

    let mended = spec::load(&copy.path("openapi/v2099-01-01.yaml")).expect("the imported specification");
    assert_eq!(lint::lint(&mended), []);
    assert!(copy.read("Cargo.toml").contains(
        "v2025-01-01 = [\"generated\"]\nv2099-01-01 = [\"generated\"]\n# Not a version.\nclient = []\n"
    ));
    assert!(
        copy.read("src/versions/v2099_01_01.rs")
            .contains("include!(concat!(env!(\"OUT_DIR\"), \"/v2099_01_01.rs\"));")
    );
    assert!(copy.read("docs/migrating/2025-01-01-to-2099-01-01.md").contains("GetOrdersNameless"));
    // Reviewers and the outline test find it in place, and nothing is stale.
    assert!(copy.path("tests/snapshots/outline__v2099_01_01.snap").is_file());
    copy.succeeds(&["regen", "--check"]);
    // Once repaired, there is nothing left to repair; what only a person can decide is still open.
    let own = copy.path("openapi/v2099-01-01.yaml");
    let again = copy.succeeds(&["regen", "--import", &own.to_string_lossy(), "--version", "2099-01-01"]);
    assert!(again.starts_with("Left as it is: please look at these (2):"), "{again}");
    assert!(again.ends_with("\n\nNothing to write: 2099-01-01 is as it was.\n"), "{again}");
}

#[test]
fn importing_again_shows_what_changed() {
    let copy = Copy::with(&["2025-01-01"]);
    let vendor = copy.path("vendor.yaml");
    let changed = copy.read("openapi/v2025-01-01.yaml").replace("link_notes", "link_remarks");
    fs::write(&vendor, &changed).expect("a file");
    let report = copy.succeeds(&["regen", "--import", &vendor.to_string_lossy(), "--version", "2025-01-01"]);
    assert!(report.contains("What changes against the former 2025-01-01"), "{report}");
    assert!(report.contains("+ link_remarks: map") && report.contains("- link_notes: map"), "{report}");
    let fresh = copy.read("openapi/v2025-01-01.yaml");
    assert!(fresh.contains("link_remarks:\n"), "the facts are theirs");
    copy.succeeds(&["regen", "--check"]);
}

#[test]
fn what_cannot_be_used_is_refused_and_nothing_is_written() {
    let copy = Copy::with(&["2025-01-01"]);
    let sound = spec::load(&copy.path("openapi/v2025-01-01.yaml")).expect("a specification");
    let vendor = tempfile::tempdir().expect("a folder");
    let file = vendor.path().join("vendor.json");
    let file_name = file.to_string_lossy().into_owned();
    let before = copy.content();
    let refuses = |spoil: &dyn Fn(&mut Value), version: &str, why: &str| {
        let mut spoilt = sound.clone();
        spoil(&mut spoilt);
        fs::write(&file, spoilt.to_string()).expect("a file");
        let text = copy.fails(&["regen", "--import", &file_name, "--version", version]);
        assert!(text.contains(why), "{why:?} is not in: {text}");
        assert!(before == copy.content(), "something was written");
    };
    let nowhere = serde_json::json!({"$ref": "#/components/schemas/Nowhere"});
    refuses(
        &|spec| spec["components"]["schemas"]["OrderMeta"]["properties"]["lost"] = nowhere.clone(),
        "2099-01-01",
        "vendor.json: /components/schemas/OrderMeta/properties/lost: #/components/schemas/Nowhere is not in the document",
    );
    refuses(&|spec| spec["openapi"] = "3.1.0".into(), "2099-01-01", "vendor.json: /openapi: expected 3.0.x");
    refuses(
        &|spec| spec["paths"]["/orders"]["post"] = Value::Null,
        "2099-01-01",
        "/paths/~1orders/post: expected",
    );
    refuses(&|_| {}, "2099-02-30", "2099-02-30 is none");
    fs::write(&file, "{\"openapi\": ").expect("a file");
    assert!(
        copy.fails(&["regen", "--import", &file_name, "--version", "2099-01-01"]).contains("vendor.json")
    );
    assert!(before == copy.content(), "something was written");
}

#[test]
fn an_import_that_fails_in_the_middle_leaves_every_file_as_it_was() {
    let copy = Copy::with(&["2023-08-01", "2025-01-01"]);
    let vendor = tempfile::tempdir().expect("a folder");
    let file = vendor.path().join("vendor.yaml");
    let changed = copy.read("openapi/v2025-01-01.yaml").replace("link_notes", "link_remarks");
    fs::write(&file, changed).expect("a file");
    let file = file.to_string_lossy().into_owned();
    let before = copy.content();
    for target in [
        "docs/migrating/2023-08-01-to-2025-01-01.md",
        "openapi/v2025-01-01.yaml",
        "tests/snapshots/outline__v2025_01_01.snap",
    ] {
        for ending in ["new", "old"] {
            // Where the new file, or the old one, would go, there is a folder in the way.
            let in_the_way = copy.path(&format!("{target}.{ending}"));
            fs::create_dir(&in_the_way).expect("a folder");
            let text = copy.fails(&["regen", "--import", &file, "--version", "2025-01-01"]);
            assert!(text.contains("nothing was changed") && text.contains(target), "{text}");
            fs::remove_dir(&in_the_way).expect("the folder");
            assert!(before == copy.content(), "something was written although {target}.{ending} failed");
        }
    }
    copy.succeeds(&["regen", "--import", &file, "--version", "2025-01-01"]);
    assert!(before != copy.content());
}

#[test]
fn a_refreshed_document_brings_facts_and_keeps_what_is_ours() {
    let copy = Copy::with(&["2025-01-01"]);
    let ours = copy.read("openapi/v2025-01-01.yaml");
    // As a vendor publishes it: without our webhooks, words and examples.
    let mut bare = spec::parse(&ours).expect("a document");
    bare.as_object_mut().expect("an object").shift_remove("x-webhooks");
    for schema in spec::schemas_mut(&mut bare).values_mut() {
        if schema.get("description").is_some() {
            schema["description"] = "Theirs.".into();
        }
    }
    let whole = spec::parse(&ours).expect("a document");
    let (published, of_webhooks) = (reached_from(&whole, "/paths"), reached_from(&whole, "/x-webhooks"));
    assert!(!of_webhooks.is_subset(&published));
    spec::schemas_mut(&mut bare).retain(|name, _| published.contains(name) || !of_webhooks.contains(name));
    let file = copy.path("vendor.json");
    fs::write(&file, bare.to_string()).expect("a file");
    let text = copy.succeeds(&["regen", "--import", &file.to_string_lossy(), "--version", "2025-01-01"]);
    fs::remove_file(&file).expect("the file");
    assert!(text.ends_with("Nothing to write: 2025-01-01 is as it was.\n"), "{text}");
    assert_eq!(copy.read("openapi/v2025-01-01.yaml"), ours);
}

/// The schemas that a part of a document uses, at any depth.
fn reached_from(document: &Value, part: &str) -> BTreeSet<String> {
    let places = cashfree_codegen::places::Places::of(document);
    let below = |at: &str| {
        let is_below = |pointer: &str| {
            pointer.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let references = places.references.iter().filter(|(pointer, _)| is_below(pointer));
        let names = references.filter_map(|(_, target)| target.strip_prefix("#/components/schemas/"));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut todo = below(part);
    let mut reached = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if reached.insert(name.clone()) {
            todo.extend(below(&format!("/components/schemas/{name}")));
        }
    }
    reached
}

#[test]
fn regen_check_shows_what_is_stale_and_changes_nothing() {
    let copy = Copy::with(&["2023-08-01", "2025-01-01"]);
    copy.succeeds(&["regen", "--check"]);
    let guide = "docs/migrating/2023-08-01-to-2025-01-01.md";
    fs::write(copy.path(guide), copy.read(guide).replace("create_par", "make_par")).expect("a file");
    fs::write(copy.path("tests/snapshots/outline__v2020_01_01.snap"), "of a version that is no more\n")
        .expect("a file");
    let before = copy.content();
    let diff = copy.fails(&["regen", "--check"]);
    for line in [
        "--- a/docs/migrating/2023-08-01-to-2025-01-01.md",
        "-| `make_par` |",
        "+| `create_par` |",
        "-of a version that is no more",
    ] {
        assert!(diff.contains(line), "{line:?} is not in:\n{diff}");
    }
    assert!(before == copy.content(), "--check changed something");
    copy.succeeds(&["regen"]);
    copy.succeeds(&["regen", "--check"]);
}

#[test]
fn regen_names_a_version_that_is_forgotten_somewhere_and_every_fault() {
    let copy = Copy::with(&["2025-01-01"]);
    fs::remove_file(copy.path("src/versions/v2025_01_01.rs")).expect("the module");
    assert!(
        copy.fails(&["regen", "--check"]).contains("version 2025-01-01 has no src/versions/v2025_01_01.rs")
    );
    fs::write(copy.path("src/versions/v2025_01_01.rs"), "").expect("a file");
    let yaml = copy.read("openapi/v2025-01-01.yaml").replacen(
        "operationId: PGFetchOrder\n",
        "operationId: PGCreateOrder\n",
        1,
    );
    fs::write(copy.path("openapi/v2025-01-01.yaml"), yaml).expect("a file");
    let text = copy.fails(&["regen"]);
    let fault = "openapi/v2025-01-01.yaml: /paths/~1orders~1{order_id}/get/operationId: PGCreateOrder is the id of /paths/~1orders/post too";
    assert!(text.contains(fault), "{text}");
}

#[test]
fn diff_tells_what_changes_for_a_user() {
    let copy = Copy::with(&["2022-09-01", "2023-08-01"]);
    let text = copy.succeeds(&["diff", "2022-09-01", "v2023-08-01"]);
    assert!(text.contains("+ terminate_order (PGTerminateOrder PATCH /orders/{order_id})"), "{text}");
    assert!(text.contains("request: ! order_splits[].vendor_id: now required"), "{text}");
    assert!(!text.contains("cf_order_id"), "an id is an id, however it is written: {text}");
    let markdown = copy.succeeds(&["diff", "2022-09-01", "2023-08-01", "--markdown"]);
    assert_eq!(markdown, copy.read("docs/migrating/2022-09-01-to-2023-08-01.md"));
    let file = copy.path("openapi/v2022-09-01.yaml");
    assert_eq!(copy.succeeds(&["diff", "2022-09-01", &file.to_string_lossy()]), "nothing changes\n");
}
