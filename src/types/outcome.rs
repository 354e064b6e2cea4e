//! What can go wrong on the way in ([`DecodeError`]) and on the way out ([`Invalid`]).

use std::fmt;

/// A body that does not fit the type it was read as.
///
/// It names the member and the kind of value found there, never the value itself: bodies hold card
/// numbers and the error may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    expected: String,
    found: String,
}

impl DecodeError {
    pub(crate) fn new(
        path: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), expected: expected.into(), found: found.into() }
    }

    /// The body is no JSON at all.
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self::new("$", "JSON", format!("something else at line {}, column {}", error.line(), error.column()))
    }

    /// Where in the body, as a JSON path: `$.customer_details.customer_id`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the specification says belongs there.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The kind of JSON value found instead.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

impl std::error::Error for DecodeError {}

/// A member that every published answer of a type has, and that was not there.
///
/// It becomes an [`Error`](crate::Error) of kind [`Undecodable`](crate::ErrorKind::Undecodable) by `?`; with
/// [`Response::require`](crate::Response::require) one that keeps the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    type_name: &'static str,
    member: &'static str,
}

impl Missing {
    #[allow(dead_code)] // for generated code
    pub(crate) const fn new(type_name: &'static str, member: &'static str) -> Self {
        Self { type_name, member }
    }

    /// The type: `Order`.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The member, by its name on the wire: `order_id`.
    pub fn member(&self) -> &'static str {
        self.member
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} without {}", self.type_name, self.member)
    }
}

impl std::error::Error for Missing {}

/// One member of a request that breaks a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    member: String,
    rule: String,
}

impl Violation {
    pub(crate) fn new(member: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { member: member.into(), rule: rule.into() }
    }

    /// The member, as a dotted path: `customer_details.customer_phone`.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The rule it breaks: `at least 3 characters, has 2`. Never holds the value.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.member, self.rule)
    }
}

/// A request that breaks one or more limits of the specification. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    violations: Vec<Violation>,
}

impl Invalid {
    pub(crate) fn new(violations: Vec<Violation>) -> Self {
        Self { violations }
    }

    pub(crate) fn one(member: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::new(vec![Violation::new(member, rule)])
    }

    /// Every broken limit, in the order of the members.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.violations.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
