//! The SDK against the sandbox: what a program meets in production, from an order to its settlement.
#![cfg(feature = "client")]

#[path = "../support/shop.rs"]
mod shop;

#[cfg(feature = "v2025-01-01")]
mod faults;
#[cfg(all(feature = "legacy", feature = "v2025-01-01"))]
mod first_api;
#[cfg(feature = "v2025-01-01")]
mod input;
#[cfg(all(
    feature = "bbps",
    feature = "global-collections",
    feature = "import-payments",
    feature = "one-escrow",
    feature = "partner-onboarding"
))]
mod neighbours;
mod payments;
mod products;
#[cfg(all(
    feature = "v2026-01-01",
    feature = "virtual-bank-accounts",
    feature = "global-collections",
    feature = "one-escrow",
    feature = "partner-onboarding"
))]
mod virtual_accounts;
