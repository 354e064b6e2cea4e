//! Why a specification was refused: the file, the place in it and the reason, so that the build log is
//! enough to mend it.

use std::path::PathBuf;

/// A specification that no client can be generated from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {pointer}: {reason}", file.display())]
pub struct SpecError {
    /// The file, as it was given.
    pub file: PathBuf,
    /// A JSON pointer into the file: `/paths/~1orders/post`.
    pub pointer: String,
    /// What is wrong there.
    pub reason: String,
}

/// A fault inside a document whose file is not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer into the document.
    pub pointer: String,
    /// What is wrong there.
    pub reason: String,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }

    /// The fault, with the file it was found in.
    pub fn in_file(self, file: impl Into<PathBuf>) -> SpecError {
        SpecError { file: file.into(), pointer: self.pointer, reason: self.reason }
    }
}
