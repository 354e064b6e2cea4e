//! What it costs a program to depend on this crate, against the same program by hand on reqwest and serde.
//!
//! Everything is built in the same run, in processor time, so that a busy machine does not count. What each
//! crate costs is told by this program itself, which cargo runs in place of rustc.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// Names the file into which the time of every crate goes, where this program runs in place of rustc.
const LOG: &str = "XTASK_COST_LOG";

const BY_HAND: &str = include_str!("../cost/by_hand.rs");

/// A program; with the feature `ring` the one by hand chooses its provider.
struct Program {
    name: &'static str,
    dependency: String,
    features: &'static [&'static str],
    main: String,
}

fn programs(project: &Project) -> Result<Vec<Program>> {
    let readme = project.read("README.md")?.context("there is no README.md")?;
    let snippet = readme.split("```rust,no_run\n").nth(1).and_then(|rest| rest.split("```").next());
    let snippet = snippet.context("the README has no program")?;
    let root = std::path::absolute(project.path(""))?;
    let ours = |name, tls| Program {
        name,
        dependency: format!(
            "cashfree-pg = {{ path = {root:?}, default-features = false, features = [\"v2025-01-01\", \"{tls}\"] }}"
        ),
        features: &[],
        main: snippet.to_owned(),
    };
    let by_hand = |name, features, reqwest| Program {
        name,
        dependency: format!("{SERDE}\n{reqwest}"),
        features,
        main: BY_HAND.to_owned(),
    };
    Ok(vec![
        by_hand("by hand, reqwest's defaults", &[], DEFAULTS),
        by_hand("by hand, aws-lc", &[], AWS_LC),
        ours("cashfree-pg, aws-lc", "rustls-aws-lc"),
        by_hand("by hand, ring", &["ring"], RING),
        ours("cashfree-pg, ring", "rustls-ring"),
    ])
}

const SERDE: &str = r#"serde = { version = "1", features = ["derive"] }"#;
const DEFAULTS: &str = r#"reqwest = { version = "0.13", features = ["json"] }"#;
const AWS_LC: &str =
    r#"reqwest = { version = "0.13", default-features = false, features = ["json", "rustls"] }"#;
const RING: &str = r#"
reqwest = { version = "0.13", default-features = false, features = ["json", "rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
"#;

/// What a program costs: seconds of processor time, crates, bytes.
struct Cost {
    release: f64,
    debug: f64,
    touched: f64,
    crates: usize,
    binary: u64,
}

/// Measures and prints a table of it all.
pub(crate) fn cost(project: &Project) -> Result<()> {
    let folder = tempfile::tempdir().context("making a folder")?;
    let mut table = Vec::new();
    for program in programs(project)? {
        eprintln!("building: {}", program.name);
        let site = Site::write(project, &program, folder.path())?;
        let cost = site.measure()?;
        if program.name == "cashfree-pg, aws-lc" {
            print_dearest(&site.log("release")?, cost.release);
        }
        table.push((program.name, cost));
    }
    println!(
        "| seconds of processor time | clean release | clean debug | `main.rs` touched | crates | binary, stripped |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, cost) in &table {
        println!(
            "| {name} | {:.1} | {:.1} | {:.2} | {} | {:.2} MB |",
            cost.release,
            cost.debug,
            cost.touched,
            cost.crates,
            cost.binary as f64 / 1e6
        );
    }
    let [defaults, aws_by_hand, aws, ring_by_hand, ring] = table.as_slice() else { bail!("five programs") };
    for (ours, other) in [(aws, defaults), (aws, aws_by_hand), (ring, defaults), (ring, ring_by_hand)] {
        let (a, b) = (&ours.1, &other.1);
        println!(
            "| {} ÷ {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            ours.0,
            other.0,
            a.release / b.release,
            a.debug / b.debug,
            a.touched / b.touched,
            a.crates as f64 / b.crates as f64,
            a.binary as f64 / b.binary as f64
        );
    }
    Ok(())
}

/// The ten dearest crates of a build, and what is no crate's.
fn print_dearest(crates: &BTreeMap<String, f64>, whole: f64) {
    let mut dearest: Vec<_> = crates.iter().collect();
    dearest.sort_by(|a, b| b.1.total_cmp(a.1));
    println!("The dearest of the release build with aws-lc, in seconds of processor time:\n");
    let scripts = whole - crates.values().sum::<f64>();
    println!("{scripts:>6.1}  what build scripts run (aws-lc's C code, the generator), and cargo");
    dearest.iter().take(10).for_each(|(name, seconds)| println!("{seconds:>6.1}  {name}"));
    println!();
}

/// A program in a folder of its own.
struct Site {
    folder: PathBuf,
}

impl Site {
    fn write(project: &Project, program: &Program, parent: &Path) -> Result<Self> {
        let folder = parent.join(program.name.replace([' ', ',', '\''], "-"));
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("src/main.rs"), &program.main)?;
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [features]\ndefault = {:?}\nring = []\n\n[profile.release]\nstrip = true\n\n\
             [dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n{}\n",
            program.features, program.dependency,
        );
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        // The versions that were tested.
        std::fs::copy(project.path("Cargo.lock"), folder.join("Cargo.lock"))?;
        let site = Self { folder };
        site.cargo(&["fetch"], "fetch", true)?;
        Ok(site)
    }

    fn measure(&self) -> Result<Cost> {
        let release = self.cargo(&["build", "--release"], "release", false)?;
        let debug = self.cargo(&["build"], "debug", false)?;
        // Once to fill the incremental cache, and once for the measure.
        let mut touched = 0.0;
        for _ in 0..2 {
            let main = std::fs::File::options().append(true).open(self.folder.join("src/main.rs"))?;
            main.set_modified(std::time::SystemTime::now())?;
            touched = self.cargo(&["build"], "touched", true)?;
        }
        let binary = std::fs::metadata(self.folder.join("target/release/program"))?.len();
        // All but the program.
        let crates = self.log("release")?.len() - 1;
        std::fs::remove_dir_all(self.folder.join("target"))?;
        Ok(Cost { release, debug, touched, crates, binary })
    }

    /// Runs cargo, and tells what it took.
    fn cargo(&self, arguments: &[&str], log: &str, incremental: bool) -> Result<f64> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg("--quiet").args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command.env("CARGO_TARGET_DIR", self.folder.join("target"));
        // A cache or flags of the caller's must not change what is measured.
        command.env_remove("RUSTFLAGS").env_remove("RUSTC_WORKSPACE_WRAPPER").env_remove("CARGO_INCREMENTAL");
        command.env("RUSTC_WRAPPER", std::env::current_exe()?).env(LOG, self.folder.join(log));
        if !incremental {
            command.env("CARGO_INCREMENTAL", "0");
        }
        let (start, before) = (Instant::now(), processor_time());
        if !command.status().context("running cargo")?.success() {
            bail!("cargo {} failed in {}", arguments.join(" "), self.folder.display());
        }
        Ok(since(start, before).as_secs_f64())
    }

    /// What rustc took for each package.
    fn log(&self, log: &str) -> Result<BTreeMap<String, f64>> {
        let mut crates = BTreeMap::new();
        for line in std::fs::read_to_string(self.folder.join(log))?.lines() {
            let (name, seconds) = line.split_once('\t').context("a line of the log")?;
            *crates.entry(name.to_owned()).or_default() += seconds.parse::<f64>()?;
        }
        Ok(crates)
    }
}

/// In place of rustc: runs it, and notes what it took for which package. `None` where this is not asked for.
pub(crate) fn in_place_of_rustc() -> Option<ExitCode> {
    let log = std::env::var_os(LOG)?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (rustc, rest) = arguments.split_first()?;
    let (start, before) = (Instant::now(), processor_time());
    let status = Command::new(rustc).args(rest).status().ok()?;
    let package = |name| std::env::var(format!("CARGO_PKG_{name}")).ok();
    if let (Some(name), Some(version)) = (package("NAME"), package("VERSION")) {
        let line = format!("{name} {version}\t{}\n", since(start, before).as_secs_f64());
        std::fs::File::options().create(true).append(true).open(log).ok()?.write_all(line.as_bytes()).ok()?;
    }
    Some(ExitCode::from(u8::try_from(status.code()?).ok()?))
}

/// The processor time of all processes that this one has waited for, where Linux tells it: on a machine that
/// does something else besides, the clock on the wall measures that too.
pub(crate) fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets; of the rest, 14 and 15 are user and system time.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// What has passed since then: of processor time where it is told, else on the wall.
pub(crate) fn since(start: Instant, before: Option<Duration>) -> Duration {
    match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    }
}
