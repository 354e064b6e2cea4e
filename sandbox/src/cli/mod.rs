//! The command line.

mod remote;
mod serve;
mod terminal;

use std::io::Read as _;

use clap::{Args, Parser, Subcommand};

/// A local Cashfree over HTTP, to develop and test against.
#[derive(Debug, Parser)]
#[command(name = "cashfree-sandbox", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until Ctrl-C
    Serve(Box<serve::Serve>),
    /// Make a running sandbox send an event of any type
    Trigger(remote::Trigger),
    /// Make a running sandbox send a webhook again
    Resend(remote::Resend),
    /// Say whether a webhook's signature is right
    Verify(Verify),
    /// Print the UPI ids, cards and notes that decide an outcome
    #[command(long_about = cashfree_sandbox::test_values())]
    Values,
}

impl Arguments {
    pub(crate) async fn run(self) -> Result<(), String> {
        match self.command {
            Command::Serve(serve) => serve.run().await,
            Command::Trigger(trigger) => trigger.run().await,
            Command::Resend(resend) => resend.run().await,
            Command::Verify(verify) => verify.run(),
            Command::Values => {
                print!("{}", cashfree_sandbox::test_values());
                Ok(())
            }
        }
    }
}

#[derive(Debug, Args)]
struct Verify {
    /// The raw body; from standard input without it
    file: Option<std::path::PathBuf>,
    /// The header x-webhook-timestamp
    #[arg(long)]
    timestamp: String,
    /// The header x-webhook-signature
    #[arg(long)]
    signature: String,
    /// The client secret
    #[arg(
        long,
        value_name = "SECRET",
        env = "CASHFREE_SANDBOX_CLIENT_SECRET",
        hide_env_values = true,
        default_value = "TEST_CLIENT_SECRET"
    )]
    client_secret: String,
}

impl Verify {
    fn run(self) -> Result<(), String> {
        let mut body = Vec::new();
        match &self.file {
            Some(file) => {
                body = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
            }
            None => {
                std::io::stdin().read_to_end(&mut body).map_err(|error| error.to_string())?;
            }
        }
        let right = |body: &[u8]| {
            cashfree_sandbox::verify(&self.client_secret, &self.timestamp, body, &self.signature)
        };
        if right(&body) {
            println!("valid");
            return Ok(());
        }
        // The commonest mistake: an editor or a shell adds a line end that was not signed.
        let trimmed = body.trim_ascii_end();
        if trimmed.len() < body.len() && right(trimmed) {
            return Err("not valid as it is; valid without the line end at its end".to_owned());
        }
        Err("not valid: another secret, another timestamp, or not the bytes that were sent".to_owned())
    }
}
