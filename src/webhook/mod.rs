//! Webhooks: verify first, then parse.
