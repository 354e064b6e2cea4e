//! JSON as it is written: once, into one buffer, and checked on the way where it is to be sent.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::path::Path;
use super::reader::is_plain;
use crate::types::outcome::{Invalid, Violation};

/// What is being written.
pub(crate) struct Writer {
    pub(super) out: String,
    /// The limits that are broken, where somebody wants to know.
    broken: Option<Vec<Violation>>,
}

impl Writer {
    /// Writes whatever there is.
    pub(super) fn plain() -> Self {
        Self { out: String::new(), broken: None }
    }

    /// Checks every limit too.
    pub(super) fn checking() -> Self {
        // Most requests fit into that.
        Self { out: String::with_capacity(1024), broken: Some(Vec::new()) }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// What was written, if it breaks no limit.
    pub(super) fn finish(self) -> Result<Vec<u8>, Invalid> {
        match self.broken {
            Some(broken) if !broken.is_empty() => Err(Invalid::new(broken)),
            _ => Ok(self.out.into_bytes()),
        }
    }

    /// Where broken limits go, if they are asked for.
    pub(crate) fn broken(&mut self) -> Option<&mut Vec<Violation>> {
        self.broken.as_mut()
    }

    /// Says of a member that it breaks a rule.
    pub(super) fn breaks(&mut self, path: &Path<'_>, rule: &str) {
        if let Some(broken) = &mut self.broken {
            broken.push(Violation::new(path.dotted(), rule));
        }
    }

    pub(crate) fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// A string of JSON.
    pub(crate) fn string(&mut self, text: &str) {
        push_string(&mut self.out, text);
    }

    pub(super) fn display(&mut self, value: impl std::fmt::Display) {
        // Writing into a `String` does not fail.
        let _ = write!(self.out, "{value}");
    }

    /// The digits of a number without trailing zeros, as amounts stand in JSON.
    pub(super) fn plain_number(&mut self, value: Decimal) {
        let (scale, mantissa) = (value.scale() as usize, u64::try_from(value.mantissa()));
        let (Ok(mantissa), Some(unit)) = (mantissa, 10u64.checked_pow(value.scale())) else {
            // Negative, or longer than real amounts are.
            return self.display(value.normalize());
        };
        self.display(mantissa / unit);
        let fraction = mantissa % unit;
        if fraction > 0 {
            let whole = self.out.len();
            self.display(format_args!(".{fraction:0scale$}"));
            let digits = self.out[whole..].trim_end_matches('0').len();
            self.out.truncate(whole + digits);
        }
    }

    /// A comma, unless what begins at `start` is still empty.
    pub(super) fn comma(&mut self, start: usize) {
        if self.out.len() > start {
            self.out.push(',');
        }
    }

    /// The name of a member, in the object that begins at `start`.
    pub(super) fn name(&mut self, start: usize, name: &str) {
        self.comma(start);
        self.string(name);
        self.out.push(':');
    }
}

/// Appends a string of JSON.
pub(super) fn push_string(out: &mut String, text: &str) {
    if is_plain(text.as_bytes()) {
        out.reserve(text.len() + 3);
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}
