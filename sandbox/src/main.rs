//! `cashfree-sandbox`: the sandbox as a program.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // For the HTTP client of the commands that talk to a running sandbox.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = cli::Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(arguments.run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("cashfree-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}
