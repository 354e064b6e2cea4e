//! Generates the client of every API version and every product whose feature is on, and the lists of them.
//!
//! Each is one file in `openapi/` or `openapi/products/`, one feature and one module in `src/versions/` or `src/products/`;
//! this script and the includes in `lib.rs` are all that knows how they belong together.

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
    use cashfree_codegen::build::build;
    use std::{env, path::PathBuf};

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut documents = enabled(&root, "openapi", "src/versions", false)?;
    documents.extend(enabled(&root, "openapi/products", "src/products", true)?);
    build(&PathBuf::from(env::var("OUT_DIR")?), &documents)?;
    Ok(())
}

/// The documents of a folder whose feature is on, by name; their modules are in the folder `modules`.
#[cfg(feature = "generated")]
fn enabled(
    root: &std::path::Path,
    folder: &str,
    modules: &str,
    is_product: bool,
) -> std::io::Result<Vec<cashfree_codegen::build::Document>> {
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(root.join(folder))? {
        let file = entry?.path();
        let Some(feature) = file.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let module = feature.replace('-', "_");
        let is_on = std::env::var_os(format!("CARGO_FEATURE_{}", module.to_uppercase())).is_some();
        if is_on && file.extension().is_some_and(|extension| extension == "yaml") {
            let name = if is_product { feature } else { feature.trim_start_matches('v') }.to_owned();
            let source = root.join(modules).join(format!("{module}.rs"));
            documents.push(cashfree_codegen::build::Document { file, name, is_product, module, source });
        }
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(documents)
}
