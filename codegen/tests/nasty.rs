//! Documents that are hard to generate from. Those in `nasty/taken` become a client that compiles: the crate
//! in that folder is made of them, and CI checks it. Those in `nasty/refused` are refused with the file, the
//! place and the reason. What becomes of each is a snapshot to review.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cashfree_codegen::{generate_file, model, spec};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nasty").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() > 30);
    files
}

fn name(file: &Path) -> &str {
    file.file_stem().and_then(|stem| stem.to_str()).expect("a name")
}

#[test]
fn what_is_taken_becomes_what_was_reviewed() {
    let mut outlines = String::new();
    for file in files("taken") {
        let generated = generate_file(&file, name(&file)).unwrap_or_else(|e| panic!("{e}"));
        syn::parse_file(&generated.code).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let _ = writeln!(outlines, "{}", generated.outline.replace("## ", "").replace("\n\n", "\n"));
    }
    insta::assert_snapshot!("taken", outlines);
}

#[test]
fn what_is_refused_is_refused_with_file_place_and_reason() {
    let mut refusals = String::new();
    for file in files("refused") {
        let error = generate_file(&file, "2099-01-01").expect_err(name(&file));
        assert_eq!(error.file, file);
        assert!(!error.reason.is_empty());
        let _ = writeln!(refusals, "{}: {}: {}", name(&file), error.pointer, error.reason);
    }
    insta::assert_snapshot!("refused", refusals);
}

#[test]
fn the_same_document_gives_the_same_client() {
    for file in files("taken") {
        let code = || generate_file(&file, "2099-01-01").expect("a document to generate from").code;
        assert_eq!(code(), code(), "{}", file.display());
    }
}

#[test]
fn every_type_has_a_name_of_its_own_and_every_place_a_type() {
    for file in files("taken") {
        let (api, _) = model(&spec::load(&file).expect("a document"), "2099-01-01").expect("a model");
        for pair in api.types.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}: {}", file.display(), pair[1].name);
        }
        let named = api.types.iter().flat_map(|ty| ty.shape.tys()).filter_map(|ty| ty.named());
        for name in named {
            assert!(api.get(name).is_some(), "{}: {name} is not there", file.display());
        }
    }
}
