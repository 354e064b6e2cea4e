//! Version 2026-01-01 of the API.
//!
//! Start with [`Cashfree::v2026_01_01`](crate::Cashfree::v2026_01_01).

include!(concat!(env!("OUT_DIR"), "/v2026_01_01.rs"));
