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
