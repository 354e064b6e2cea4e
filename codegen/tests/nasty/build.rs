//! Makes a version of every document in `taken/`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cashfree_codegen::build::{Document, build};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=taken");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut versions = Vec::new();
    for entry in fs::read_dir(Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("taken"))? {
        let file = entry?.path();
        // `n01_bodies_of_numbers.yaml` is the module `v01`.
        let Some(number) = file.file_stem().and_then(|stem| stem.to_str()?.get(1..3)) else { continue };
        let module = format!("v{number}");
        let source = out.join(format!("module_{module}.rs"));
        let include = format!("include!(concat!(env!(\"OUT_DIR\"), \"/{module}.rs\"));\n");
        fs::write(&source, format!("//! A nasty document.\n\n{include}"))?;
        versions.push(Document { name: module.clone(), is_product: false, module, source, file });
    }
    versions.sort_by(|a, b| a.module.cmp(&b.module));
    build(&out, &versions)?;
    Ok(())
}
