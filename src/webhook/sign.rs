//! The signing rule, in one place for the verifier, for tests and for local senders.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

pub(super) type Key = Hmac<Sha256>;

/// A secret made ready for signing. Does by hand the padding that `new_from_slice` would do, because
/// that one can fail in its type although it cannot for this algorithm.
pub(super) fn key(secret: &[u8]) -> Key {
    let mut block = [0_u8; 64];
    if secret.len() <= block.len() {
        block[..secret.len()].copy_from_slice(secret);
    } else {
        block[..32].copy_from_slice(&Sha256::digest(secret));
    }
    <Key as KeyInit>::new(&block.into())
}

/// The signature of `parts`, taken as one message.
pub(super) fn tag(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The bytes of a signature, if it is one.
pub(super) fn decode(signature: &[u8]) -> Option<[u8; 32]> {
    // Two more than needed: the decoder rounds its estimate up to whole groups of three.
    let mut bytes = [0_u8; 34];
    match STANDARD.decode_slice(signature, &mut bytes) {
        Ok(32) => bytes[..32].try_into().ok(),
        _ => None,
    }
}

pub(super) fn encode(tag: [u8; 32]) -> String {
    STANDARD.encode(tag)
}

/// Signs a delivery as Cashfree does: `base64(HMAC-SHA256(secret, timestamp ‖ body))`, with nothing
/// between the timestamp and the body.
///
/// For tests and for local senders. To verify, use a [`Verifier`](super::Verifier): comparing strings
/// gives the signature away byte by byte.
///
/// ```
/// let signature = cashfree_pg::webhook::sign("secret", "1746427759733", b"{}");
/// assert_eq!(signature.len(), 44);
/// ```
pub fn sign(secret: impl AsRef<[u8]>, timestamp: &str, body: &[u8]) -> String {
    encode(tag(&key(secret.as_ref()), &[timestamp.as_bytes(), body]))
}
