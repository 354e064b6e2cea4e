//! Generates the client of every API version whose feature is on, and the list of those versions.
//!
//! A version is one file in `openapi/`, one feature and one module in `src/`; this script and the
//! include in `lib.rs` are all that knows how they belong together.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=openapi");
    #[cfg(feature = "generated")]
    if let Err(error) = generate() {
        println!("cargo::error={error}");
    }
}

#[cfg(feature = "generated")]
fn generate() -> Result<(), Box<dyn std::error::Error>> {
    use std::{env, fmt::Write as _, fs, path::PathBuf};

    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files: Vec<PathBuf> =
        fs::read_dir(root.join("openapi"))?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|e| e == "yaml"));
    files.sort();

    let (mut modules, mut registries) = (String::new(), String::new());
    let (mut payloads, mut operations) = (String::new(), String::new());
    for file in files {
        let Some(feature) = file.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let module = feature.replace('-', "_");
        if env::var_os(format!("CARGO_FEATURE_{}", module.to_uppercase())).is_none() {
            continue;
        }
        let version = feature.trim_start_matches('v');
        let generated = cashfree_codegen::generate_file(&file, version)?;
        fs::write(out.join(format!("{module}.rs")), generated.code)?;

        let path = root.join("src").join(format!("{module}.rs"));
        let doc = format!(
            "The typed client of API version {version}. It shares this handle's connections and policy."
        );
        write!(
            modules,
            "#[path = {path:?}]\npub mod {module};\n\nimpl Cashfree {{\n    #[doc = {doc:?}]\n    \
             pub fn {module}(&self) -> {module}::Client {{\n        {module}::Client::new(self.clone())\n    }}\n}}\n\n"
        )?;
        write!(registries, "({version:?}, crate::{module}::REGISTRY), ")?;
        write!(payloads, "{} = {version:?} in {module}, ", module.replacen('v', "V", 1))?;
        write!(operations, "({version:?}, crate::{module}::OPERATIONS), ")?;
    }
    fs::write(out.join("versions.rs"), modules)?;
    fs::write(out.join("payloads.rs"), format!("any_payload! {{ {payloads} }}"))?;
    fs::write(out.join("registries.rs"), format!("&[{registries}]"))?;
    fs::write(out.join("operations.rs"), format!("&[{operations}]"))?;
    Ok(())
}
