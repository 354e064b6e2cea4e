//! Generates the client of every API version whose feature is on, and the list of those versions.
//!
//! A version is one file in `openapi/`, one feature and one module in `src/`; this script and the
//! include in `lib.rs` are all that knows how they belong together.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=openapi");
    #[cfg(feature = "generated")]
    if let Err(error) = generate() {
        // Cargo shows one line of it.
        println!("cargo::error={}", error.to_string().replace('\n', " "));
    }
}

#[cfg(feature = "generated")]
fn generate() -> Result<(), Box<dyn std::error::Error>> {
    use cashfree_codegen::build::{Version, build};
    use std::{env, fs, path::PathBuf};

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut versions = Vec::new();
    for entry in fs::read_dir(root.join("openapi"))? {
        let file = entry?.path();
        let Some(feature) = file.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let module = feature.replace('-', "_");
        let is_on = env::var_os(format!("CARGO_FEATURE_{}", module.to_uppercase())).is_some();
        if is_on && file.extension().is_some_and(|extension| extension == "yaml") {
            let version = feature.trim_start_matches('v').to_owned();
            let source = root.join("src").join(format!("{module}.rs"));
            versions.push(Version { version, module, source, file });
        }
    }
    versions.sort_by(|a, b| a.version.cmp(&b.version));
    build(&PathBuf::from(env::var("OUT_DIR")?), &versions)?;
    Ok(())
}
