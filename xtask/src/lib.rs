//! The development commands of this project: `cargo xtask help` lists them.

mod always;
mod compile_cost;
mod cost;
mod derive;
pub mod document;
mod files;
mod import;
mod plant;
mod project;
mod release;
mod render;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::project::Project;

const HELP: &str = "\
cargo xtask COMMAND

  regen             lint every specification, generate every version, and refresh whatever is derived:
                    outlines in tests/snapshots, docs/migrating, formatting
  regen --check     change nothing; print what is stale as a unified diff and exit 1
  regen --import FILE --version YYYY-MM-DD
                    take an OpenAPI 3.0 document (YAML or JSON) as its vendor published it: repair it, put
                    it into openapi/, add its feature and module, and say what a person should look at
  diff OLD NEW [--markdown]
                    what changes for a user between two versions (or specification files)
  always DIR [--least N]
                    which members every sample body of a type under DIR has, of types seen N times (3)
  conform DIR       decode and encode every sample body under DIR
  compile-cost [VERSION] [--rounds N]
                    the time of `cargo check` of one version's code against progenitor's output as it comes
  cost              what a program with this crate costs to build, against the same by hand on reqwest
  check             what continuous integration checks
  release --dry-run everything of a release but the upload: versions, changelog, packages; each package
                    unpacked elsewhere, built, tested and documented there against the others

  --root DIR        work on another copy of the project (without formatting it)";

/// Runs the command of the command line.
pub fn main() -> ExitCode {
    if let Some(code) = cost::in_place_of_rustc() {
        return code;
    }
    match run(Arguments::from_command_line()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let root = arguments.option("--root")?;
    let project = match &root {
        Some(root) => Project::at(root),
        None => Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/..")),
    };
    let command = arguments.positional().unwrap_or_else(|| "help".to_owned());
    match command.as_str() {
        "regen" => return run_regen(&project, arguments, root.is_none()),
        "diff" => run_diff(&project, arguments)?,
        "always" => return run_always(&project, arguments),
        "conform" => return run_conform(&project, arguments),
        "compile-cost" => return run_compile_cost(&project, arguments),
        "cost" => {
            arguments.end()?;
            cost::cost(&project)?;
        }
        "check" => {
            arguments.end()?;
            return status(Command::new(project.path(".ci/run")).current_dir(project.path("")));
        }
        "release" => {
            if !arguments.flag("--dry-run") {
                bail!("uploading is a person's: try `release --dry-run`, then see CONTRIBUTING.md");
            }
            arguments.end()?;
            release::dry_run(&project)?;
        }
        "plant-faults" => {
            let file = arguments.positional().context("plant-faults needs a file to write")?;
            arguments.end()?;
            plant::plant(&project, &PathBuf::from(file))?;
        }
        "help" | "--help" | "-h" => println!("{HELP}"),
        other => bail!("there is no command {other}\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn run_regen(project: &Project, mut arguments: Arguments, whole: bool) -> Result<ExitCode> {
    let check = arguments.flag("--check");
    let import = arguments.option("--import")?;
    let version = arguments.option("--version")?;
    arguments.end()?;
    match (import, version) {
        (Some(_), _) if check => bail!("--check changes nothing, and --import does"),
        (Some(file), Some(version)) => import::import(project, &PathBuf::from(file), version.parse()?)?,
        (None, None) => return regen(project, check, whole),
        _ => bail!("--import and --version go together"),
    }
    Ok(ExitCode::SUCCESS)
}

fn run_diff(project: &Project, mut arguments: Arguments) -> Result<()> {
    let markdown = arguments.flag("--markdown");
    let (Some(old), Some(new)) = (arguments.positional(), arguments.positional()) else {
        bail!("diff needs two versions or files");
    };
    arguments.end()?;
    diff(project, &old, &new, markdown)
}

fn run_always(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let samples = arguments.positional().context("always needs the directory of samples")?;
    let least = arguments.option("--least")?.map_or(Ok(3), |least| least.parse())?;
    arguments.end()?;
    let seen = always::measure(project, samples.as_ref())?;
    print!("{}", always::report(&seen, least));
    Ok(if always::broken(&seen).is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_conform(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let samples = arguments.positional().context("conform needs the directory of samples")?;
    arguments.end()?;
    let samples = std::path::absolute(samples)?;
    let mut conform = cargo(project, &["run", "--quiet", "--all-features", "--example", "conform", "--"]);
    status(conform.arg(samples))
}

fn run_compile_cost(project: &Project, mut arguments: Arguments) -> Result<ExitCode> {
    let rounds = arguments.option("--rounds")?.map_or(Ok(3), |n| n.parse()).context("--rounds")?;
    let version = arguments.positional().unwrap_or_else(|| "2025-01-01".to_owned());
    arguments.end()?;
    let kept = compile_cost::compile_cost(project, &version.parse()?, rounds)?;
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what changes for a user between two versions or files.
fn diff(project: &Project, old: &str, new: &str, markdown: bool) -> Result<()> {
    let model = |what: &str| -> Result<_> {
        let (name, file) = project.find_spec(what);
        let spec = cashfree_codegen::spec::load(&file)?;
        let (api, _) = cashfree_codegen::model(&spec, &name).map_err(|fault| fault.in_file(&file))?;
        Ok((name, api))
    };
    let (old, new) = (model(old)?, model(new)?);
    let comparison = render::Comparison::of(&old.1, &new.1);
    if markdown {
        print!("{}", comparison.markdown(&old.0, &new.0));
    } else {
        print!("{}", comparison.text());
    }
    Ok(())
}

/// Lints, generates and derives; writes what is stale, or shows it.
fn regen(project: &Project, check: bool, format: bool) -> Result<ExitCode> {
    let specs = project.specs()?;
    let mut faults = project.disagreements()?;
    for (version, spec) in &specs {
        let at = |f: cashfree_codegen::Fault| f.in_file(version.spec_file()).to_string();
        faults.extend(document::lint::lint(spec).into_iter().map(at));
    }
    if !faults.is_empty() {
        bail!("the specifications are not sound:\n{}", faults.join("\n"));
    }
    let models = derive::models(&specs, |version| version.spec_file().into())?;
    for (version, model) in &models {
        let file = version.spec_file();
        faults.extend(model.stale.iter().map(|stale| format!("{file}: {stale}")));
        model.api.not_generated.iter().for_each(|lost| println!("{file}: {}: {}", lost.pointer, lost.reason));
    }
    if !faults.is_empty() {
        bail!("fixups that mend nothing, in codegen/src/fixups:\n{}", faults.join("\n"));
    }
    let stale = derive::derived(project, &models)?.stale(project)?;
    if check {
        stale.print_diff(project)?;
        let formatted = !format || cargo(project, &["fmt", "--all", "--", "--check"]).status()?.success();
        if stale.is_empty() && formatted {
            return Ok(ExitCode::SUCCESS);
        }
        eprintln!("stale: run `cargo xtask regen`");
        return Ok(ExitCode::FAILURE);
    }
    stale.write(project)?;
    stale.print_names();
    if format {
        return status(&mut cargo(project, &["fmt", "--all"]));
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo(project: &Project, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(project.path(""));
    command
}

/// Runs a command and passes its failure on.
fn status(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().with_context(|| format!("running {}", command.get_program().display()))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The command line, taken apart piece by piece.
struct Arguments(Vec<String>);

impl Arguments {
    fn from_command_line() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|a| a != name);
        self.0.len() < before
    }

    fn option(&mut self, name: &str) -> Result<Option<String>> {
        let Some(i) = self.0.iter().position(|a| a == name) else { return Ok(None) };
        if i + 1 == self.0.len() {
            bail!("{name} needs a value");
        }
        self.0.remove(i);
        Ok(Some(self.0.remove(i)))
    }

    fn positional(&mut self) -> Option<String> {
        let i = self.0.iter().position(|a| !a.starts_with('-') || a == "--help" || a == "-h")?;
        Some(self.0.remove(i))
    }

    fn end(self) -> Result<()> {
        match self.0.first() {
            Some(rest) => bail!("what is {rest}?\n\n{HELP}"),
            None => Ok(()),
        }
    }
}
