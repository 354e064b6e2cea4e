//! The development commands of this project: `cargo xtask help` lists them.

fn main() -> std::process::ExitCode {
    xtask::main()
}
