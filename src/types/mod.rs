//! What generated types are made of: exact money, ids, times, open enums, and the reader and writer
//! that keep every byte of meaning a body came with.

mod amount;
mod id;
mod outcome;
mod timestamp;

pub use amount::{Amount, InexactAmountError, ParseAmountError};
pub use id::Id;
pub use outcome::{DecodeError, Invalid, Violation};
pub use timestamp::{ParseTimestampError, Timestamp};

/// A type that an answer's body is read into.
pub trait Body: Sized {
    /// Reads a whole JSON body.
    ///
    /// # Errors
    /// [`DecodeError`] with the JSON path of the first member that cannot be read.
    fn decode(body: &[u8]) -> Result<Self, DecodeError>;
}

impl Body for serde_json::Value {
    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(body).map_err(|e| DecodeError::not_json(&e))
    }
}
