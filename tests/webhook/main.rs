//! Deliveries: forged, damaged, repeated and right ones, in real bytes and with real signatures.

#[path = "../../fuzz/checks.rs"]
mod checks;
#[path = "../support/damage.rs"]
mod damage;
#[path = "../support/samples.rs"]
mod samples;

mod adversarial;
#[cfg(feature = "axum")]
mod axum;
#[cfg(all(feature = "axum", feature = "v2025-01-01"))]
mod delivery;
mod events;
mod fuzz;
mod typed;
mod verify;
