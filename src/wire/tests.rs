//! The cursor and the writer beside serde_json: what is JSON, and how it is written, is not ours to decide.

use proptest::prelude::*;

use super::reader::{DEEPEST, Reader};
use super::{
    Member, Writer, json, key_union, object, read_body, with_personal_data, write_request, write_root,
};
use crate::types::{Amount, Body, Id, Unlisted};

/// Whether the cursor takes a text, and what it says the value is.
fn taken(text: &str) -> Option<&str> {
    let mut reader = Reader::new(text, true);
    let value = reader.skip().ok()?;
    reader.end().ok().map(|()| value)
}

#[track_caller]
fn assert_the_same(text: &str) {
    assert_eq!(taken(text), json::whole(text.as_bytes()).ok(), "{text:?}");
}

/// JSON, and what is nearly that.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", " ", "null", "nul", "nulll", "true", "tru", "falsey", "0", "-0", "-", "00", "01", "-01", "1.",
    ".5", "1.5", "1e", "1e+", "1e+5", "1E-5", "1e5.5", "+1", "1_0", "NaN", "\"", "\"\"", "\"\\\"",
    "\"\\\"\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD800\"", "\"\\u00e9\u{e9}\"", "\"\u{7f}\"",
    "\"a\nb\"", "\"\u{0}\"", "[", "[]", "[,]", "[1,]", "[1 2]", "[1,2]x", " [ 1 , 2 ] ", "\u{feff}1",
    "{", "{}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\" : 1 , \"b\":[{}]}",
    "{\"a\":1 \"b\":2}", "{\"\\ud800\":1}", "[}", "{]", "1//", "[1]]", "\u{a0}1", "\u{b}1",
];

#[test]
fn what_is_json_is_what_serde_json_takes() {
    for text in TEXTS {
        assert_the_same(text);
    }
    for depth in [DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 2, 10_000] {
        for (open, inner, close) in
            [("[", "", "]"), ("[", "1", "]"), ("{\"a\":", "{}", "}"), ("[[],", "[]", "]")]
        {
            assert_the_same(&format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
}

#[test]
fn every_cut_and_every_wrong_byte_is_noticed() {
    let body = r#"{"a" : [1.50, -2e3, "x\u00e9\n", true, null], "b":{"c":{} , "d":[]},"é":false}"#;
    for at in (0..body.len()).filter(|at| body.is_char_boundary(*at)) {
        assert_the_same(&body[..at]);
        assert_the_same(&body[at..]);
        for wrong in ["\"", "\\", "{", "]", ",", ":", "0", "-", ".", "e", " ", "\n", "t"] {
            assert_the_same(&format!("{}{wrong}{}", &body[..at], &body[at..]));
            let rest = body[at..].chars().next().map_or(0, char::len_utf8);
            assert_the_same(&format!("{}{wrong}{}", &body[..at], &body[at + rest..]));
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_made_up_is_understood_alike(text in "[\\[\\]{}:,\"\\\\0-9eE+. \\-tfnulrsa\u{e9}]{0,24}") {
        prop_assert_eq!(taken(&text), json::whole(text.as_bytes()).ok());
    }

    #[test]
    fn a_text_is_written_as_serde_json_writes_it(text in "(?s).{0,40}", plain in "[a-z0-9 :/+]{0,40}") {
        for text in [text, plain] {
            let mut to = Writer::plain();
            to.string(&text);
            prop_assert_eq!(to.into_text(), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn an_amount_is_written_without_trailing_zeros(mantissa in any::<i128>(), scale in 0..29u32, cut in 0..90u32) {
        let decimal = rust_decimal::Decimal::try_from_i128_with_scale(mantissa >> (32 + cut), scale);
        let amount = decimal.map(Amount::from).unwrap();
        let written = write_root(&amount);
        prop_assert_eq!(&written, &amount.plain().to_string());
        prop_assert_eq!(read_body::<Amount>(written.as_bytes()).unwrap(), amount);
    }
}

#[test]
fn a_formatter_that_was_asked_for_is_heeded() {
    struct Spaced;
    impl serde_json::ser::Formatter for Spaced {
        fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, out: &mut W) -> std::io::Result<()> {
            out.write_all(b": ")
        }
    }
    let mut body = Bare { rest_: Unlisted::default() };
    body.unlisted_mut().set("a", 1.5);
    assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"a":1.5}"#);
    assert_eq!(serde_json::to_string_pretty(&body).unwrap(), "{\n  \"a\": 1.5\n}");
    let mut out = Vec::new();
    serde::Serialize::serialize(&body, &mut serde_json::Serializer::with_formatter(&mut out, Spaced))
        .unwrap();
    assert_eq!(out, br#"{"a": 1.5}"#);
}

key_union! {
    /// What generated code makes of a union whose arms are no objects.
    Proof {
        Otp(String) = "otp" [.sensitive().length(0, 4)],
        Email(String) = "email" [.personal()],
        Payment(Id) = "cf_payment_id" [.number()],
    }
}

/// What holds such a union.
#[derive(Clone, PartialEq)]
struct Proven {
    proof: Option<Proof>,
    rest_: Unlisted,
}

object!(Proven { 0 proof: Member::new("proof") });

#[test]
fn an_arm_is_kept_to_itself_as_a_member_is() {
    let shown = |body: &str| format!("{:?}", Proven::decode(body.as_bytes()).unwrap());
    let otp = r#"{"proof":{"otp":"123456"}}"#;
    assert_eq!(shown(otp), "Proven { proof: Otp([redacted]) }");
    assert_eq!(with_personal_data(|| shown(otp)), "Proven { proof: Otp([redacted]) }");
    let email = r#"{"proof":{"email":"a@b.example"}}"#;
    assert_eq!(shown(email), "Proven { proof: Email([personal]) }");
    assert!(with_personal_data(|| shown(email)).contains("Email(\"a@b"));
}

#[test]
fn an_arm_has_the_form_and_the_limits_that_are_declared() {
    let body = r#"{"proof":{"cf_payment_id":12}}"#;
    let payment = Proven::decode(body.as_bytes()).unwrap();
    assert_eq!(payment.unlisted().misfits().count(), 0);
    assert_eq!(write_request(&payment).unwrap(), body.as_bytes());
    let otp = Proven { proof: Some(Proof::Otp("12345".into())), rest_: Unlisted::default() };
    let broken = write_request(&otp).unwrap_err().to_string();
    assert!(broken.contains("proof.otp") && broken.contains("at most 4 characters"), "{broken}");
}

/// What generated code makes of a schema without members.
#[derive(Clone, PartialEq)]
struct Bare {
    rest_: Unlisted,
}

object!(Bare {});

#[test]
fn what_came_on_several_lines_goes_on_one() {
    let bare = Bare::decode(b"{\n \"b\": [1,\r\n2.50, \"x\\n\"] }").unwrap();
    assert_eq!(serde_json::to_string(&bare).unwrap(), r#"{"b":[1,2.50,"x\n"]}"#);
}
