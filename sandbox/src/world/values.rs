//! The values that decide an outcome in Cashfree's test environment, and here: one table, which
//! `cashfree-sandbox help values` and the README print.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::payments::Outcome;

/// The one-time password of every test card.
pub(crate) const OTP: &str = "111000";
/// A card payment fails at this wrong one-time password.
pub(crate) const OTP_ATTEMPTS: u8 = 3;
/// What pay later and cardless EMI ask for.
pub(crate) const CREDIT: Credit = Credit { phone: "8714268343", pan: "1234", otp: "777777" };
/// The bank of net banking that exists for tests only.
pub(crate) const TEST_BANK: (u64, &str, &str) = (3333, "TESTR", "TEST Bank");
/// The account that third-party validation accepts.
pub(crate) const VALIDATED: (&str, &str) = ("1111222233", "TEST0001234");
/// An order with this note is paid by blocking the money only.
pub(crate) const PREAUTHORISED: &str = "preauth_transaction";

/// What pay later and cardless EMI ask for.
pub(crate) struct Credit {
    pub(crate) phone: &'static str,
    pub(crate) pan: &'static str,
    pub(crate) otp: &'static str,
}

/// Why a payment failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    code: String,
    reason: &'static str,
    source: &'static str,
    description: &'static str,
    raw: &'static str,
}

impl Failure {
    fn known(code: String, row: &Row) -> Self {
        let (reason, source, description, raw) = (row.1, row.2, row.3, row.4);
        Self { code, reason, source, description, raw }
    }

    /// The failure with this code; with one that is not known, a refusal by the bank.
    pub(crate) fn by_code(code: &str) -> Self {
        let row = FAILURES.iter().find(|row| row.0 == code).unwrap_or(&FAILURES[0]);
        Self::known(code.to_owned(), row)
    }

    /// `ZM::Transaction declined`
    pub(crate) fn message(&self) -> String {
        format!("{}::{}", self.raw, self.description.trim_end_matches('.'))
    }

    /// As a payment's `error_details`.
    pub(crate) fn details(&self) -> Value {
        json!({
            "error_code": self.code, "error_description": self.description, "error_reason": self.reason,
            "error_source": self.source, "error_code_raw": self.raw,
            "error_description_raw": self.reason, "error_subcode_raw": self.raw,
        })
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }
}

/// Code, reason, source, description, what the bank calls it.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const FAILURES: [Row; 15] = [
    ("TRANSACTION_DECLINED", "payment_declined", "bank", "The payment was declined.", "ZM"),
    ("INVALID_VPA", "invalid_vpa", "customer", "There is no such UPI id.", "ZH"),
    ("USER_DECLINED", "declined_by_user", "customer", "The payer declined the request.", "ZA"),
    ("COLLECT_EXPIRED", "request_expired", "customer", "The payer did not complete in time.", "U69"),
    ("ISSUER_TIMEOUT", "issuer_timeout", "bank", "The payer's bank did not answer in time.", "U90"),
    ("INSUFFICIENT_FUNDS", "insufficient_funds", "customer", "The account does not hold enough.", "51"),
    ("BANK_DECLINED", "bank_declined", "bank", "The payer's bank declined.", "U30"),
    ("RISK_DECLINED", "risk_check_failed", "cashfree", "The risk check declined the payment.", "K1"),
    ("NETWORK_ERROR", "network_error", "gateway", "The network failed on the way to the bank.", "U28"),
    ("INVALID_PIN", "invalid_pin", "customer", "The UPI PIN was wrong.", "Z9"),
    ("INVALID_OTP", "invalid_otp", "customer", "The one-time password was wrong.", "A5"),
    ("TPV_FAILED", "account_mismatch", "customer", "The account is not the one that was named.", "T1"),
    ("ISSUER_NOT_AVAILABLE", "issuer_unavailable", "bank", "The payer's bank cannot be reached.", "91"),
    ("TIME_LIMIT", "time_limit_reached", "customer", "The time for the payment was over.", "TO"),
    ("DEBIT_FAILED", "debit_failed", "bank", "The account could not be debited.", "U31"),
];

/// What a UPI id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Succeeds,
    Fails(&'static str),
    Drops,
    /// Third-party validation: the account of the order's customer has to be [`VALIDATED`].
    Validates,
}

const VPAS: [(&str, Fate); 14] = [
    ("testsuccess", Fate::Succeeds),
    ("testfailure", Fate::Fails("TRANSACTION_DECLINED")),
    ("testinvalid", Fate::Fails("INVALID_VPA")),
    ("testdeclineuser", Fate::Fails("USER_DECLINED")),
    ("testexpired", Fate::Fails("COLLECT_EXPIRED")),
    ("testtimeoutbank", Fate::Fails("ISSUER_TIMEOUT")),
    ("testinsufficientfunds", Fate::Fails("INSUFFICIENT_FUNDS")),
    ("testbankdeclined", Fate::Fails("BANK_DECLINED")),
    ("testriskflagged", Fate::Fails("RISK_DECLINED")),
    ("testnetworkerror", Fate::Fails("NETWORK_ERROR")),
    ("testinvalidpin", Fate::Fails("INVALID_PIN")),
    ("testuserdropped", Fate::Drops),
    ("testtpvsuccess", Fate::Validates),
    ("testtpvfail", Fate::Fails("TPV_FAILED")),
];

/// What becomes of a payment by `upi_id`; nothing where the id decides nothing. `account` is the one that the
/// order says it has to be paid from.
pub(crate) fn outcome(upi_id: &str, account: Option<(&str, &str)>) -> Option<Outcome> {
    let name = upi_id.strip_suffix("@gocash")?;
    let (_, fate) = VPAS.iter().find(|(known, _)| *known == name)?;
    Some(match fate {
        Fate::Succeeds => Outcome::Success,
        Fate::Fails(code) => Outcome::Failed(Failure::by_code(code)),
        Fate::Drops => Outcome::UserDropped,
        Fate::Validates if account.is_none_or(|account| account == VALIDATED) => Outcome::Success,
        Fate::Validates => Outcome::Failed(Failure::by_code("TPV_FAILED")),
    })
}

/// Scheme, type, what kind of it, numbers.
type Cards = (&'static str, &'static str, &'static str, &'static [&'static str]);

const CARDS: [Cards; 10] = [
    ("visa", "debit_card", "", &["4706131211212123", "4062288312345026"]),
    ("visa", "credit_card", "", &["4576238912771450", "4444333322221111", "4111111111111111"]),
    ("visa", "credit_card", "premium", &["4466050254381183", "4136880012657791"]),
    ("visa", "credit_card", "corporate", &["4074970084343075", "4770355457382883"]),
    ("mastercard", "debit_card", "", &["5409162669381034", "5445856839524391"]),
    ("mastercard", "credit_card", "", &["5105105105105100", "5176539438527826"]),
    ("mastercard", "credit_card", "premium", &["5242535837492075", "5203860658394375"]),
    ("mastercard", "credit_card", "corporate", &["5552190758372734", "5506908329471983"]),
    ("rupay", "debit_card", "", &["6074825972083818", "6074828163369590"]),
    ("rupay", "credit_card", "", &["6528591234543575", "65292523412356"]),
];

/// Beginnings of cards that can be kept; any ten digits may follow.
const TOKEN_BINS: [(&str, &[&str]); 2] = [
    ("visa", &["470613", "457623", "436534", "415527", "466535"]),
    ("mastercard", &["559423", "544405", "533983", "555219", "524877"]),
];

/// What is known of a card by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CardKind {
    pub(crate) scheme: &'static str,
    /// `credit_card`, `debit_card`
    pub(crate) card_type: &'static str,
    /// `R` for a person's card, `C` for a company's.
    pub(crate) sub_type: &'static str,
    /// One of the test cards, or of the ranges for keeping cards, where any digits will do.
    pub(crate) is_test: bool,
}

/// The kind of a card. Numbers that are no test cards are told by their first digits.
pub(crate) fn card(number: &str) -> CardKind {
    let known = CARDS.iter().find(|(.., numbers)| numbers.contains(&number));
    if let Some((scheme, card_type, tier, _)) = known {
        let sub_type = if *tier == "corporate" { "C" } else { "R" };
        return CardKind { scheme, card_type, sub_type, is_test: true };
    }
    let any_ten = |bin: &&str| number.strip_prefix(*bin).is_some_and(|rest| rest.len() == 10);
    let vaulted = TOKEN_BINS.iter().any(|(_, bins)| bins.iter().any(any_ten));
    let scheme = match number.as_bytes() {
        [b'5', ..] | [b'2', b'2'..=b'7', ..] => "mastercard",
        [b'3', b'4' | b'7', ..] => "amex",
        [b'3', b'0' | b'6' | b'8', ..] => "diners",
        [b'6' | b'8', ..] => "rupay",
        _ => "visa",
    };
    let debit = ["470613", "607482", "540916", "544585"].iter().any(|bin| number.starts_with(bin));
    let card_type = if debit { "debit_card" } else { "credit_card" };
    CardKind { scheme, card_type, sub_type: "R", is_test: vaulted }
}

/// Whether the check digit is right.
pub(crate) fn passes_luhn(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    !number.is_empty() && sum.is_multiple_of(10)
}

/// The table, as Markdown.
pub(crate) fn table() -> String {
    let mut text = String::from("| UPI id `…@gocash` | outcome | `error_code` |\n|---|---|---|\n");
    for (name, fate) in VPAS {
        let (outcome, code) = match fate {
            Fate::Succeeds => ("paid".to_owned(), "–"),
            Fate::Fails(code) => (lower(Failure::by_code(code).description), code),
            Fate::Drops => ("the payer gave up (`USER_DROPPED`)".to_owned(), "–"),
            Fate::Validates => (
                format!("paid, from account `{}` at `{}` only", VALIDATED.0, VALIDATED.1),
                "`TPV_FAILED` else",
            ),
        };
        let code = if code.contains(' ') || code == "–" { code.to_owned() } else { format!("`{code}`") };
        let _ = writeln!(text, "| `{name}` | {outcome} | {code} |");
    }
    let _ = writeln!(text, "\n| card | type | numbers |\n|---|---|---|");
    for (scheme, card_type, tier, numbers) in CARDS {
        let kind = card_type.trim_end_matches("_card");
        let kind = if tier.is_empty() { kind.to_owned() } else { format!("{kind}, {tier}") };
        let _ = writeln!(text, "| {scheme} | {kind} | {} |", numbers.join(", "));
    }
    for (scheme, bins) in TOKEN_BINS {
        let _ = writeln!(text, "| {scheme} | to keep | {}, and any ten digits |", bins.join(", "));
    }
    let (code, name, _) = TEST_BANK;
    let _ = writeln!(
        text,
        "\n| other | |\n|---|---|\n\
         | a card's one-time password | `{OTP}`; the third wrong one fails the payment |\n\
         | net banking | code `{code}` (`{name}`), or any bank's |\n\
         | pay later, cardless EMI | phone `{}`, PAN digits `{}`, one-time password `{}` |\n\
         | `refund_note` | `SUCCESS`, `FAILED`, `PENDING`, `ACTIVE`: the refund's status |\n\
         | `order_note` `{PREAUTHORISED}` | a card, or UPI by `link`, is blocked and not captured |",
        CREDIT.phone, CREDIT.pan, CREDIT.otp,
    );
    text
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_card_has_its_check_digit_and_kind() {
        for (scheme, card_type, _, numbers) in CARDS {
            for number in numbers {
                assert!(passes_luhn(number), "{number}");
                assert_eq!((card(number).scheme, card(number).card_type), (scheme, card_type), "{number}");
            }
        }
        assert!(!passes_luhn("4111111111111112") && !passes_luhn(""));
        assert!(card("4706131234567890").is_test && !card("470613123456789").is_test);
        assert!(!card("4000000000000002").is_test);
    }

    #[test]
    fn every_failure_has_a_code_and_a_reason_of_its_own() {
        for (at, row) in FAILURES.iter().enumerate() {
            let others = FAILURES.iter().skip(at + 1);
            assert!(others.clone().all(|other| other.0 != row.0 && other.1 != row.1), "{row:?}");
        }
        for (name, fate) in VPAS {
            let decided = outcome(&format!("{name}@gocash"), None).expect("a test id");
            if let (Fate::Fails(code), Outcome::Failed(failure)) = (fate, decided) {
                assert_eq!(failure.code(), code);
            }
        }
        assert_eq!(outcome("testsuccess@bank", None), None);
        let other = outcome("testtpvsuccess@gocash", Some(("1", "TEST0001234")));
        assert!(matches!(other, Some(Outcome::Failed(_))));
        assert_eq!(outcome("testtpvsuccess@gocash", Some(VALIDATED)), Some(Outcome::Success));
    }

    #[test]
    fn the_readme_has_the_table() {
        let readme = include_str!("../../README.md");
        assert!(readme.contains(table().trim()), "README.md should contain:\n{}", table());
    }
}
