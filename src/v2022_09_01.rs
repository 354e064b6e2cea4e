//! Cashfree's API, version 2022-09-01.

include!(concat!(env!("OUT_DIR"), "/v2022_09_01.rs"));
