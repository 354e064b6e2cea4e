//! What generated types are made of: exact money, ids, times, open enums, and the reader and writer
//! that keep every byte of meaning a body came with.

pub(crate) mod amount;
pub(crate) mod id;
mod open_enum;
pub(crate) mod outcome;
pub(crate) mod timestamp;
pub(crate) mod union;
pub(crate) mod unlisted;

pub use amount::{Amount, InexactAmountError, IntoAmount, ParseAmountError};
pub use id::Id;
pub use open_enum::UnknownValue;
pub use outcome::{DecodeError, Invalid, Missing, Violation};
/// An exact decimal that is not money: a percentage, a rate, a count with a fraction.
pub use rust_decimal::Decimal;
pub use timestamp::{ParseTimestampError, Timestamp};
pub use union::UnknownUnion;
pub use unlisted::Unlisted;

pub use crate::wire::with_personal_data;

use std::fmt;

use crate::wire::{self, Leaf, json};

/// Only types of this crate are bodies, so that more can be asked of them without breaking anyone.
pub(crate) mod sealed {
    /// A type of this crate, or of serde_json.
    pub trait Sealed {}

    impl<T: super::Leaf> Sealed for T {}
    impl<T: super::Leaf> Sealed for [T] {}
    impl Sealed for () {}
}

/// What generated code names, and nobody else.
pub(crate) mod internal {
    pub(crate) use super::open_enum::open_enum;
    pub(crate) use crate::wire::{Blank, Member, key_union, object};
}

/// A type that an answer's body is read into: every generated type, lists of them, and free JSON.
///
/// Reading here is exact: the digits of an amount are taken from the text of the body, and a member that
/// comes twice is an error. Serde's `Deserialize`, which all these types also have, sees what the format
/// makes of the text: numbers as binary floats, the last of two members. What a float cannot be sure of
/// (more than 15 digits; an id with a fraction) is refused or set aside, but what it has lost before is
/// gone, so keep the bytes and decode those where it matters.
pub trait Body: sealed::Sealed + Sized {
    /// Reads a whole JSON body.
    ///
    /// # Errors
    /// [`DecodeError`] with the JSON path of the first member that cannot be read.
    fn decode(body: &[u8]) -> Result<Self, DecodeError>;

    /// Whether there is anything in it that was asked for.
    #[doc(hidden)]
    fn is_silent(&self) -> bool {
        false
    }

    /// Shows it as `Debug` does, and free JSON as no more than its kind.
    #[doc(hidden)]
    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Whether a body has anything of what was asked for, though it may not be readable.
    #[doc(hidden)]
    fn is_meant_by(_body: &[u8]) -> bool {
        true
    }
}

impl<T: Leaf> Body for T {
    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        // Where any JSON will do, no JSON will: `202 Accepted` may come without a body.
        let nothing = T::EXPECTED == serde_json::Value::EXPECTED && body.trim_ascii().is_empty();
        wire::read_body(if nothing { b"null" } else { body })
    }

    fn is_silent(&self) -> bool {
        Leaf::is_silent(self)
    }

    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f)
    }

    fn is_meant_by(body: &[u8]) -> bool {
        json::whole(body).is_ok_and(T::is_about)
    }
}

/// An answer of which the specification says only that it came: whatever its body holds, nothing is read.
impl Body for () {
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        Ok(())
    }

    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("()")
    }
}

/// A type that a request's body is written from.
pub trait Payload: sealed::Sealed {
    /// Checks every limit of the specification, then writes JSON.
    ///
    /// # Errors
    /// [`Invalid`] with all broken limits at once.
    fn to_body(&self) -> Result<Vec<u8>, Invalid>;
}

impl<T: Leaf> Payload for T {
    fn to_body(&self) -> Result<Vec<u8>, Invalid> {
        wire::write_request(self)
    }
}

/// A list that is sent need not be a `Vec`.
impl<T: Leaf> Payload for [T] {
    fn to_body(&self) -> Result<Vec<u8>, Invalid> {
        wire::write_requests(self)
    }
}

#[cfg(test)]
// What the macros make is public, and used, where generated code uses them.
#[allow(unreachable_pub, private_interfaces, dead_code, unused_imports)]
mod tests {
    use super::internal::{Member, key_union, object, open_enum};
    use super::*;

    open_enum! {
        /// What generated code makes of an enumeration whose values clash in Rust.
        State { Paid = "PAID", Paid_ = "paid", Empty = "", }
    }

    key_union! {
        /// A union that holds itself.
        Way { Node(Box<Tree>) = "node", State(State) = "state", }
    }

    /// What generated code makes of a schema that holds itself.
    #[derive(Clone, PartialEq)]
    struct Tree {
        parent: Option<Box<Tree>>,
        way: Option<Way>,
        rest_: Unlisted,
    }

    object!(Tree { 0 parent: Member::new("parent"), 1 way: Member::new("way") });

    #[test]
    fn a_type_inside_itself_goes_round() {
        for body in [
            r#"{"parent":{"parent":{"way":{"state":"paid"}}}}"#,
            r#"{"way":{"node":{"way":{"state":""},"more":[1]}}}"#,
        ] {
            let tree = Tree::decode(body.as_bytes()).expect("a tree");
            assert_eq!(wire::write_root(&tree), body);
            assert_eq!(tree.clone(), tree);
        }
        let tree = Tree::decode(br#"{"parent":{"parent":{"way":{"state":"paid"}}}}"#).expect("a tree");
        let state = tree.parent.and_then(|p| p.parent).and_then(|p| p.way);
        assert_eq!(state, Some(Way::State(State::Paid_)));
    }

    /// What generated code makes of a schema with personal and secret members.
    #[derive(Clone, PartialEq)]
    struct Customer {
        name: Option<String>,
        otp: Option<String>,
        note: Option<String>,
        rest_: Unlisted,
    }

    object!(Customer {
        0 name: Member::new("name").personal(),
        1 otp: Member::new("otp").sensitive(),
        2 note: Member::new("note"),
    });

    #[test]
    fn personal_data_shows_only_where_that_is_asked_for() {
        let body =
            br#"{"name":"Asha Rao","otp":"111000","note":"card 4111 1111 1111 1111","asha@bank":1,"lane":2}"#;
        let customer = Customer::decode(body).expect("a customer");
        let hidden = r#"Customer { name: "[personal]", otp: "[redacted]", note: "card [redacted]", unlisted: {"[name]", "lane"} }"#;
        let hidden =
            hidden.replace(r#""[personal]""#, "[personal]").replace(r#""[redacted]","#, "[redacted],");
        assert_eq!(format!("{customer:?}"), hidden);
        let shown = with_personal_data(|| format!("{customer:?}"));
        assert_eq!(shown, hidden.replace("[personal]", r#""Asha Rao""#));
        let panicked = std::panic::catch_unwind(|| with_personal_data(|| panic!("on the way")));
        assert!(panicked.is_err());
        assert_eq!(format!("{customer:?}"), hidden);
    }

    #[test]
    fn an_error_names_no_member_that_is_not_listed() {
        let card = "4111111111111111";
        for (body, path) in [
            (format!(r#"{{"{card}":1,"{card}":2}}"#), "$.*"),
            (r#"{"note":1,"note":2}"#.to_owned(), "$.note"),
        ] {
            let error = Customer::decode(body.as_bytes()).expect_err("twice");
            assert_eq!(error.path(), path);
            assert!(!format!("{error} {error:?}").contains(card));
        }
    }

    #[test]
    fn an_answer_without_a_body_is_read_from_anything() {
        for body in [&b""[..], b"{}", b"OK"] {
            assert_eq!(<()>::decode(body), Ok(()));
        }
    }
}
