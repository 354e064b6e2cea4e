//! Cashfree's API, version 2025-01-01.

include!(concat!(env!("OUT_DIR"), "/v2025_01_01.rs"));
