//! No secret in `{:?}`: every member of every type of every version, with a marked value in each.
//!
//! What is a secret is said here once more, by words in names, so that a name that the generator's list has
//! forgotten is found.

use cashfree_pg::registry::{Entry, VERSIONS};

/// Names whose value nobody but its owner may see, as runs of words.
const SECRETS: &[&str] = &[
    "aadhaar",
    "aadhar",
    "account no",
    "account number",
    "card cvv",
    "card expiry",
    "card number",
    "client secret",
    "credit ref no",
    "cryptogram",
    "cvv",
    "download url",
    "driving license",
    "expiry mm",
    "expiry yy",
    "file",
    "gst",
    "gstin",
    "onboarding link",
    "otp",
    "pan",
    "passport number",
    "password",
    "remitter account",
    "secret",
    "session id",
    "token reference id",
    "token requestor id",
    "uidai",
    "upi id",
    "upi instrument number",
    "voter id",
    "vpa",
    "vpa id",
];

/// Names that hold one of these words and are none: whether there is one, how many there are.
const NO_SECRETS: &[&str] = &[
    "business_non_gst_declaration",
    "isVpa",
    "session_id_expiry",
    "terminal_vpa_prefix",
    "upi_vpa",
    "vpa_count",
];

/// `vAccountNumber` and `v_account_number` as ` v account number `.
fn words(name: &str) -> String {
    let mut words = String::from(" ");
    for c in name.chars() {
        if c.is_uppercase() || c == '_' {
            words.push(' ');
        }
        if c != '_' {
            words.extend(c.to_lowercase());
        }
    }
    // The published `vaccount_number` and `accountnumber` of some members.
    words.replace("vaccount", "v account").replace("accountnumber", "account number") + " "
}

fn is_secret(name: &str) -> bool {
    let words = words(name);
    SECRETS.iter().any(|secret| words.contains(&format!(" {secret} "))) && !NO_SECRETS.contains(&name)
}

fn types() -> impl Iterator<Item = (&'static str, &'static Entry)> {
    let all = VERSIONS.iter().flat_map(|(version, entries)| entries.iter().map(move |e| (*version, e)));
    all.filter(|(_, entry)| !(entry.members)().is_empty())
}

/// What `{:?}` shows of a body; nothing where an amount in it is refused, with an error that shows nothing.
fn shown(entry: &Entry, body: &str) -> String {
    (entry.debug)(body.as_bytes()).unwrap_or_else(|error| format!("{error} {error:?}"))
}

const MARKS: [&str; 2] = ["MARKED", "4111110000001111"];

fn is_marked(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

#[test]
fn the_value_of_a_secret_member_is_never_shown() {
    let mut secrets = 0;
    for (version, entry) in types() {
        for (name, _) in (entry.members)() {
            if !is_secret(name) {
                continue;
            }
            secrets += 1;
            for value in [
                "\"MARKED\"",
                "4111110000001111",
                "[\"MARKED\", 4111110000001111]",
                "[{\"x\": \"MARKED\"}]",
                "{\"x\": \"MARKED\"}",
            ] {
                let shown = shown(entry, &format!(r#"{{"{name}": {value}}}"#));
                assert!(!is_marked(&shown), "{version} {}.{name}: {shown}", entry.name);
            }
        }
    }
    assert!(secrets > 200, "{secrets}");
}

#[test]
fn other_members_are_shown() {
    // Or the test above would pass on a Debug that shows nothing at all.
    let (_, entry) = types().find(|(_, entry)| entry.kind == "type" && entry.name == "Payment").unwrap();
    let shown = shown(
        entry,
        r#"{"order_id": "MARKED", "payment_amount": 7.5, "payment_method": {"upi": {"upi_id": "MARKED", "channel": "link"}}}"#,
    );
    assert_eq!(
        shown,
        r#"Payment { order_id: "MARKED", payment_amount: 7.5, payment_method: Upi(UpiPayment { channel: "link", upi_id: [redacted] }) }"#
    );
}

#[test]
fn what_is_under_a_name_that_nobody_lists_is_never_shown() {
    let hidden = r#"{"card_number": "MARKED", "other": [4111110000001111, "MARKED", {"deep": "MARKED"}]}"#;
    for (version, entry) in types() {
        let at = |name: &str| format!("{version} {} {}.{name}", entry.kind, entry.name);
        let unlisted =
            shown(entry, &format!(r#"{{"zz_card": "MARKED", "zz_cvv": 4111110000001111, "zz": {hidden}}}"#));
        assert!(!is_marked(&unlisted), "{}: {unlisted}", at("zz"));
        // Inside whatever member: free JSON, a map, a union of another key, a type that does not list it.
        for (name, _) in (entry.members)() {
            for value in
                [hidden, &format!("[{hidden}]"), &format!(r#"{{"upi": {hidden}, "card": {hidden}}}"#)]
            {
                let shown = shown(entry, &format!(r#"{{"{name}": {value}}}"#));
                assert!(!is_marked(&shown), "{}: {shown}", at(name));
            }
        }
    }
}

#[test]
fn nor_is_it_in_an_error_or_a_broken_limit() {
    for (version, entry) in types() {
        for (name, _) in (entry.members)() {
            for value in ["\"MARKED\"", "\"MARKED\\u0000 is longer than anything\"", "[\"MARKED\"]"] {
                let body = format!(r#"{{"{name}": {value}}}"#);
                let text = match (entry.check)(body.as_bytes()) {
                    Ok(invalid) => {
                        invalid.map(|invalid| format!("{invalid} {invalid:?}")).unwrap_or_default()
                    }
                    Err(error) => format!("{error} {error:?}"),
                };
                assert!(!is_marked(&text), "{version} {}.{name}: {text}", entry.name);
            }
        }
    }
}
