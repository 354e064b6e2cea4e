//! The outline of every version and product: what it offers, small enough to read in a diff. `cargo xtask regen` refreshes
//! the snapshots.

use std::path::Path;

#[test]
fn every_document_is_as_its_outline_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi");
    let files = |folder| std::fs::read_dir(folder).expect("a folder of specifications");
    let mut files: Vec<_> = files(folder.join("products"))
        .chain(files(folder))
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let feature = file.file_stem().and_then(|s| s.to_str()).expect("a name such as v2025-01-01");
        let spec = cashfree_codegen::spec::load(&file).expect("a specification");
        let version = feature.strip_prefix('v').filter(|date| date.starts_with('2')).unwrap_or(feature);
        let outline = cashfree_codegen::generate(&spec, version).expect("a version to generate").outline;
        insta::assert_snapshot!(feature.replace('-', "_"), outline);
    }
}
