//! The outline of every version and product: what it offers, small enough to read in a diff. `cargo xtask regen` refreshes
//! the snapshots.

use std::path::Path;

/// What the README counts of each is what there is.
#[test]
fn the_readme_counts_rightly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let mut counted = 0;
    for row in readme.lines().filter(|line| line.starts_with("| [`") && line.contains("/outline__")) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = columns[1].split("snapshots/").nth(1).and_then(|rest| rest.split(')').next());
        let file = root.join("tests/snapshots").join(name.expect("a link"));
        let outline = std::fs::read_to_string(file).expect("an outline");
        let lines = |from: &str, to: &str| {
            let part = outline.split(from).nth(1).and_then(|rest| rest.split(to).next()).expect(from);
            part.lines().filter(|line| line.contains(" -> ")).count()
        };
        let number = |text: &str| if text.is_empty() { 0 } else { text.parse().expect("a number") };
        assert_eq!(number(columns[2]), lines("## Operations", "## Events"), "{row}");
        assert_eq!(number(columns[3]), lines("## Events", "## Types"), "{row}");
        counted += 1;
    }
    let outlines = std::fs::read_dir(root.join("tests/snapshots")).expect("a folder");
    let all = outlines
        .filter(|file| file.as_ref().is_ok_and(|f| f.file_name().to_string_lossy().starts_with("outline__")));
    assert_eq!(counted, all.count(), "each has its row");
}

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
