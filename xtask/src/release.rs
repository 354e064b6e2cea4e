//! Everything of a release but the upload.
//!
//! What users build is a package, not this repository: a file that `include` forgets, or a path that leads out of
//! the package, shows only where the repository is not. So each package is unpacked into a folder elsewhere, and
//! built, tested and documented there against the other packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::Project;

/// What is published, in the order of publishing: none needs one that comes after it.
const PUBLISHED: [&str; 3] = ["cashfree-codegen", "cashfree-sandbox", "cashfree-pg"];

/// What every package has beside its sources.
const ALWAYS: [&str; 5] = ["Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// What crates.io takes.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Does everything but upload, and says what is left to a person.
pub(crate) fn dry_run(project: &Project) -> Result<()> {
    let workspace = Workspace::read(project)?;
    let faults = workspace.faults();
    if !faults.is_empty() {
        bail!("this cannot be released:\n  {}", faults.join("\n  "));
    }
    let elsewhere = tempfile::tempdir().context("making a folder")?;
    let packages = workspace.unpack(project, elsewhere.path())?;
    // A folder of its own: what is unpacked has the names of what is here.
    build(project, &packages, &workspace.target.join("fresh"))?;

    println!("\n{} can be released. Left to do:", workspace.version);
    let dirty = output(project, "git", &["status", "--porcelain"])?;
    if !dirty.is_empty() {
        println!("  commit what is not committed");
    }
    workspace.left_to_do().iter().for_each(|left| println!("  {left}"));
    PUBLISHED.iter().for_each(|name| println!("  cargo publish -p {name}"));
    Ok(())
}

/// What cargo and the changelog say of this project.
struct Workspace {
    packages: Vec<Value>,
    target: PathBuf,
    version: String,
    changelog: String,
}

impl Workspace {
    fn read(project: &Project) -> Result<Self> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let text = output(project, &cargo, &["metadata", "--no-deps", "--format-version", "1"])?;
        let mut metadata: Value = serde_json::from_str(&text).context("reading `cargo metadata`")?;
        let Value::Array(packages) = metadata["packages"].take() else {
            bail!("`cargo metadata` has no packages")
        };
        let target = metadata["target_directory"].as_str().context("cargo has no target directory")?.into();
        let main = packages.iter().find(|package| package["name"] == PUBLISHED[2]);
        let version =
            main.and_then(|package| package["version"].as_str()).context("there is no cashfree-pg")?;
        let changelog = project.read("CHANGELOG.md")?.context("there is no CHANGELOG.md")?;
        Ok(Self { version: version.to_owned(), packages, target, changelog })
    }

    fn published(&self) -> impl Iterator<Item = (&str, &Value)> {
        let published = self.packages.iter().filter(|package| package["publish"].is_null());
        published.filter_map(|package| Some((package["name"].as_str()?, package)))
    }

    /// What has to be mended before anything is built.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for name in
            PUBLISHED.iter().filter(|name| !self.published().any(|(published, _)| published == **name))
        {
            faults.push(format!("{name} is not published: is it there, without `publish = false`?"));
        }
        for (name, package) in self.published() {
            if !PUBLISHED.contains(&name) {
                faults.push(format!(
                    "{name} would be published: give it `publish = false`, or a place in the order"
                ));
                continue;
            }
            if package["version"] != *self.version {
                faults.push(format!("{name} is {}, and not {}", package["version"], self.version));
            }
            faults.extend(self.faults_of_dependencies(name, package));
            for key in ["description", "license", "documentation", "homepage", "readme", "rust_version"] {
                if package[key].is_null() {
                    faults.push(format!("{name} has no `{key}`"));
                }
            }
            for (key, most) in [("keywords", 5), ("categories", 5)] {
                if !matches!(package[key].as_array().map_or(0, Vec::len), n if (1..=most).contains(&n)) {
                    faults.push(format!("{name} needs `{key}`: at least one, at most {most}"));
                }
            }
        }
        if self.entry().is_none_or(|(_, text)| text.trim().is_empty()) {
            faults.push(format!("CHANGELOG.md says nothing of {}", self.version));
        }
        faults
    }

    /// Ours are released together: each asks for exactly the others' version, and for none that comes after it.
    fn faults_of_dependencies(&self, name: &str, package: &Value) -> Vec<String> {
        let place = |name: &str| PUBLISHED.iter().position(|published| *published == name);
        let exactly = format!("={}", self.version);
        let mut faults = Vec::new();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(on) = dependency["name"].as_str().filter(|on| place(on).is_some()) else { continue };
            if dependency["req"] != *exactly {
                faults.push(format!("{name} asks for {on} {}, and not {exactly}", dependency["req"]));
            }
            if place(on) >= place(name) {
                faults.push(format!("{name} needs {on}, which is published after it"));
            }
        }
        faults
    }

    /// The heading of this version in the changelog, and what stands under it.
    fn entry(&self) -> Option<(&str, &str)> {
        let entries = self.changelog.split("\n## ").skip(1);
        let mut entries = entries.filter_map(|entry| entry.split_once('\n'));
        entries.find(|(heading, _)| heading.split_whitespace().next() == Some(&self.version))
    }

    /// What does not keep anybody from trying, and what a release must not be without.
    fn left_to_do(&self) -> Vec<String> {
        let mut left = Vec::new();
        if self.entry().is_some_and(|(heading, _)| heading.contains("unreleased")) {
            left.push(format!("CHANGELOG.md: put the date in place of \"unreleased\" at {}", self.version));
        }
        if self.published().any(|(_, package)| package["repository"].is_null()) {
            left.push("Cargo.toml: `repository`, once there is a public one, in every crate".to_owned());
        }
        left
    }

    /// Packages what is published, and unpacks it.
    fn unpack(&self, project: &Project, elsewhere: &Path) -> Result<Vec<PathBuf>> {
        println!("packaging");
        let mut cargo = crate::cargo(project, &["package", "--quiet", "--no-verify", "--allow-dirty"]);
        cargo.args(PUBLISHED.iter().flat_map(|name| ["-p", name]));
        // It warns of every test and example that a package leaves out.
        run(&mut cargo)?;
        let mut packages = Vec::new();
        for name in PUBLISHED {
            let name = format!("{name}-{}", self.version);
            let file = self.target.join("package").join(format!("{name}.crate"));
            let size = fs::metadata(&file).with_context(|| file.display().to_string())?.len();
            println!("  {name}: {} kB", size / 1024);
            if size > LARGEST {
                bail!("{name} is larger than what crates.io takes");
            }
            run(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(elsewhere))?;
            let package = elsewhere.join(&name);
            look_into(project, &package)?;
            packages.push(package);
        }
        Ok(packages)
    }
}

/// What is in a package that should not be, or the other way round.
fn look_into(project: &Project, package: &Path) -> Result<()> {
    for file in ALWAYS {
        let content =
            fs::read(package.join(file)).with_context(|| package.join(file).display().to_string())?;
        // A checkout without symbolic links has the name of the text in its place.
        if file.starts_with("LICENSE") && content != fs::read(project.path(file))? {
            bail!("{} is not the licence", package.join(file).display());
        }
    }
    for folder in ["tests", "target", ".ci", ".github"] {
        if package.join(folder).exists() {
            bail!("{} does not belong there", package.join(folder).display());
        }
    }
    Ok(())
}

/// Builds, tests and documents unpacked packages against each other, as if they had been published.
fn build(project: &Project, packages: &[PathBuf], target: &Path) -> Result<()> {
    let [codegen, sandbox, client] = packages else { bail!("{} packages", packages.len()) };
    let elsewhere = client.parent().context("a package is in a folder")?;
    fs::create_dir(elsewhere.join(".cargo"))?;
    fs::write(
        elsewhere.join(".cargo/config.toml"),
        format!(
            "[patch.crates-io]\ncashfree-codegen = {{ path = {codegen:?} }}\ncashfree-sandbox = {{ path = {sandbox:?} }}\n"
        ),
    )?;
    let cargo = |package: &Path, arguments: &str| {
        println!("{}: cargo {arguments}", package.file_name().unwrap_or_default().display());
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments.split(' ')).arg("--quiet").current_dir(package);
        run(command.env("CARGO_TARGET_DIR", target).env("RUSTDOCFLAGS", "-D warnings"))
    };
    // Its unit tests read the specifications, which its package has no other use for.
    cargo(codegen, "doc --no-deps")?;
    cargo(sandbox, "install --path . --locked --debug --root ../installed")?;
    for package in [sandbox, client] {
        cargo(package, "test --lib")?;
        cargo(package, "test --doc")?;
        cargo(package, "doc --no-deps --all-features")?;
    }
    println!("the README's program, with the packages");
    let program = elsewhere.join("installed/bin/cashfree-sandbox");
    let mut fresh = Command::new("bash");
    fresh.arg(project.path(".ci/fresh")).arg(client).arg(program);
    run(fresh.env("TMPDIR", elsewhere)) // where the patches are
}

/// Runs a command, and says what it said where it fails.
fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("running {}", command.get_program().display()))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{command:?} failed\n{}", String::from_utf8_lossy(&said));
    }
    Ok(())
}

/// What a command prints.
fn output(project: &Project, program: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(project.path("")).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("running {program}"))?;
    if !output.status.success() {
        bail!("{command:?} failed");
    }
    String::from_utf8(output.stdout).with_context(|| format!("what {program} prints"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn workspace() -> Workspace {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        Workspace::read(&project).expect("a project")
    }

    /// A package of this project.
    fn package<'a>(workspace: &'a mut Workspace, name: &str) -> &'a mut Value {
        workspace.packages.iter_mut().find(|package| package["name"] == name).expect("a package")
    }

    #[test]
    fn what_is_published_fits_together() {
        assert_eq!(workspace().faults(), [""; 0]);
    }

    #[test]
    fn a_version_that_was_forgotten_is_found() {
        let mut workspace = workspace();
        let version = workspace.version.clone();
        package(&mut workspace, "cashfree-sandbox")["version"] = json!("0.0.9");
        let dependencies = &mut package(&mut workspace, "cashfree-pg")["dependencies"];
        let dependencies = dependencies.as_array_mut().expect("dependencies");
        let codegen = dependencies.iter_mut().find(|on| on["name"] == "cashfree-codegen").expect("codegen");
        codegen["req"] = json!("^0.1.0");
        workspace.changelog = format!("# Changelog\n\n## {version}\n\n## 0.0.9\n\nText.\n");
        assert_eq!(
            workspace.faults(),
            [
                format!("cashfree-pg asks for cashfree-codegen \"^0.1.0\", and not ={version}"),
                format!("cashfree-sandbox is \"0.0.9\", and not {version}"),
                format!("CHANGELOG.md says nothing of {version}"),
            ]
        );
    }

    #[test]
    fn what_cannot_be_published_in_order_is_found() {
        let mut workspace = workspace();
        let version = workspace.version.clone();
        let on = json!({ "name": "cashfree-pg", "req": format!("={version}") });
        package(&mut workspace, "cashfree-sandbox")["dependencies"] = json!([on]);
        package(&mut workspace, "cashfree-codegen")["publish"] = json!([]);
        package(&mut workspace, "xtask")["publish"] = Value::Null;
        package(&mut workspace, "cashfree-sandbox")["license"] = Value::Null;
        package(&mut workspace, "cashfree-sandbox")["keywords"] = json!([]);
        let faults = workspace.faults().join("\n");
        for fault in [
            "cashfree-codegen is not published",
            "xtask would be published",
            "cashfree-sandbox needs cashfree-pg, which is published after it",
            "cashfree-sandbox has no `license`",
            "cashfree-sandbox needs `keywords`",
        ] {
            assert!(faults.contains(fault), "{fault}: {faults}");
        }
    }

    #[test]
    fn what_is_left_to_a_person_is_said() {
        let mut workspace = workspace();
        workspace.changelog = format!("# Changelog\n\n## {} – unreleased\n\nText.\n", workspace.version);
        package(&mut workspace, "cashfree-pg")["repository"] = Value::Null;
        assert_eq!(workspace.left_to_do().len(), 2);
        workspace.changelog = workspace.changelog.replace("unreleased", "2030-01-01");
        for name in PUBLISHED {
            package(&mut workspace, name)["repository"] = json!("https://example.com/");
        }
        assert_eq!(workspace.left_to_do(), [""; 0]);
    }
}
