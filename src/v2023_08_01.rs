//! Cashfree's API, version 2023-08-01.

include!(concat!(env!("OUT_DIR"), "/v2023_08_01.rs"));
