//! What must never be shown, put wherever it can be. These tests hear every span and event of their process, and so
//! have one of their own.
#![cfg(feature = "client")]

#[path = "../support/mod.rs"]
mod support;

mod calls;
#[cfg(feature = "legacy")]
mod legacy;
#[cfg(all(feature = "global-collections", feature = "one-escrow", feature = "virtual-bank-accounts"))]
mod tokens;

/// Everything that can be seen of an error, sources included.
fn seen_of(error: &cashfree_pg::Error) -> String {
    use std::{error::Error as _, fmt::Write as _};

    let mut text = format!("{error} {error:?} {error:#?} {:?}", error.api_error());
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}
