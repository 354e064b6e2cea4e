//! The sandbox as any program meets it, whatever language that is written in: over HTTP.

#[path = "../common/mod.rs"]
mod common;

mod delivery;
mod first_api;
mod gateway;
mod money;
mod operations;
mod pages;
mod payments;
mod products;
mod quirks;
mod refusals;
mod robustness;
mod subscriptions;
mod time;
mod vendors;
