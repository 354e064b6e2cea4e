//! Signatures, as Cashfree puts them beside a body or into it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::spec::members;

/// `base64(HMAC-SHA256(secret, timestamp + body))`: what Cashfree puts into `x-webhook-signature`.
#[must_use]
pub fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    hmac(secret, [timestamp.as_bytes(), body])
}

/// Whether `signature` is that of the body and the timestamp.
#[must_use]
pub fn verify(secret: &str, timestamp: &str, body: &[u8], signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(timestamp.as_bytes());
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

/// The signature that stands inside a flat body: over all other values, in the order of their names.
pub(super) fn sign_inside(secret: &str, body: &Value) -> String {
    let mut values: Vec<(&String, String)> = members(body)
        .filter(|(name, value)| *name != "signature" && !value.is_object() && !value.is_array())
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    values.sort();
    let text: String = values.into_iter().map(|(_, value)| value).collect();
    hmac(secret, [text.as_bytes()])
}

fn hmac<const N: usize>(secret: &str, parts: [&[u8]; N]) -> String {
    // HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    parts.into_iter().for_each(|part| mac.update(part));
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_signature_is_the_documented_one() {
        // echo -n '1629271506{"a":1}' | openssl dgst -sha256 -hmac cfsk_ma_prod_abc_123456 -binary | base64
        let signature = sign("cfsk_ma_prod_abc_123456", "1629271506", br#"{"a":1}"#);
        assert_eq!(signature, "aRjrv8yFpF1QYxNgZM8Hi6C6dfMpMHzxriGeUUnMzz4=");
        assert_ne!(signature, sign("another", "1629271506", br#"{"a":1}"#));
        assert!(verify("cfsk_ma_prod_abc_123456", "1629271506", br#"{"a":1}"#, &signature));
        assert!(!verify("cfsk_ma_prod_abc_123456", "1629271507", br#"{"a":1}"#, &signature));
        assert!(!verify("cfsk_ma_prod_abc_123456", "1629271506", br#"{"a":1}"#, "nonsense"));
    }

    #[test]
    fn a_signature_inside_is_over_the_values_by_name() {
        let body = json!({ "b": "2", "a": 1, "signature": "old" });
        assert_eq!(sign_inside("s", &body), sign("s", "", b"12"));
    }
}
