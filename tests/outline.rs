//! The outline of every version: what it offers, small enough to read in a diff. `cargo xtask regen` refreshes
//! the snapshots.

use std::path::Path;

#[test]
fn every_version_is_as_its_outline_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of specifications")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let feature = file.file_stem().and_then(|s| s.to_str()).expect("a name such as v2025-01-01");
        let spec = cashfree_codegen::spec::load(&file).expect("a specification");
        let version = feature.trim_start_matches('v');
        let outline = cashfree_codegen::generate(&spec, version).expect("a version to generate").outline;
        insta::assert_snapshot!(feature.replace('-', "_"), outline);
    }
}
