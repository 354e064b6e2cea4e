//! Which members are never shown: secrets, and personal data that only shows where a user asks for it.
//!
//! A page of its own, since it is the one that security reviews. The names hold for any specification,
//! imported ones included.

use heck::ToSnakeCase;

use crate::model::{Exposure, Ty};

/// Members that are never shown: whoever holds one can pay, log in or steal an identity with it. Written
/// like this or in any other casing.
const SENSITIVE: &[&str] = &[
    "bank_account",
    "bank_details",
    "card_alias",
    "card_holder_name",
    "credit_ref_no",
    "credit_ref_number",
    "doc_value",
    // A signed link to somebody's passport, bank statement or payments, and the document itself.
    "download_url",
    "driving_license",
    "file",
    "fira_file_download_url",
    "invoice_file",
    "link",
    "onboarding_link",
    "order_hash",
    "remitter_account",
    "signature",
    "uidai",
    "virtual_account",
    "voter_id",
];

/// Words that make a member sensitive in any specification, imported ones included. They are too short to be
/// looked for inside other words: `company` has nothing to do with a PAN.
const SENSITIVE_WORDS: &[&str] = &[
    "access_key",
    "account_no",
    "accountno",
    "api_key",
    "apikey",
    "card_no",
    "cardno",
    "cin",
    "cvc",
    "exp_month",
    "exp_year",
    "expiry_mm",
    "expiry_month",
    "expiry_year",
    "expiry_yy",
    "gst",
    "gstin",
    "iban",
    "mpin",
    "otp",
    "pan",
    "par",
    "passcode",
    "pin",
    "private_key",
    "upi",
    "vpa",
];

/// Last words of what is none for all that: how much it is, how long, how many.
const NO_SECRET_ENDS: &[&str] = &["_amount", "_count", "_length"];

/// Parts of a name that do the same wherever they stand, in whatever casing.
const SENSITIVE_PARTS: &[&str] = &[
    "aadhaar",
    "aadhar",
    "accountnumber",
    "cardexpiry",
    "cardnumber",
    "cryptogram",
    "cvv",
    "passportnumber",
    "password",
    // A link to pay by, as a picture.
    "qrcode",
    "secret",
    "sessionid",
    "token",
    "vpaid",
];

/// Members with a word of a secret that are none: how many, how long, by which means.
pub const NOT_SENSITIVE: &[&str] = &[
    "business_non_gst_declaration",
    "isVpa",
    "session_id_expiry",
    "terminal_vpa_prefix",
    "upi_app_priority",
    "upi_expiry_minutes",
    "upi_instrument",
    "upi_intent",
    "upi_issuer",
    "upi_payer_ifsc",
    "upi_psp",
    "upi_redirect_url",
    "upi_vpa",
    "vpa_count",
];

/// Members that tell who somebody is, or where that person can be found.
const PERSONAL: &[&str] = &[
    "accountname",
    "beneficiaryname",
    "customername",
    "dateofbirth",
    "dob",
    "firstname",
    "fullname",
    "lastname",
    "mobile",
    "mobileno",
    "name",
    "pincode",
    "remittername",
    "signatoryname",
    "virtualaccountname",
];

/// Parts of a name that do the same wherever they stand.
const PERSONAL_PARTS: &[&str] = &["accountholder", "address", "email", "mobilenumber", "phone", "holdername"];

/// Who may see a member. What has members of its own shows those that may be shown.
pub fn exposure(name: &str, ty: &Ty) -> Exposure {
    // Whether there is one, or what it costs, tells nobody what it is.
    if matches!(ty, Ty::Named(_) | Ty::Boxed(_) | Ty::Bool | Ty::Amount) {
        Exposure::Open
    } else if is_sensitive(name) {
        Exposure::Secret
    } else if is_personal(name) {
        Exposure::Personal
    } else {
        Exposure::Open
    }
}

/// Whether a member tells who somebody is, whichever casing its name is in.
pub fn is_personal(name: &str) -> bool {
    let run = joined(name);
    PERSONAL.contains(&run.as_str()) || PERSONAL_PARTS.iter().any(|part| run.contains(part))
}

/// Whether a member is kept out of `Debug` output and error texts, whichever casing its name is in.
pub fn is_sensitive(name: &str) -> bool {
    // A postal code is no PIN.
    let snake = name.to_snake_case().replace("pin_code", "pincode");
    let words = format!("_{snake}_");
    let run = joined(name);
    !NOT_SENSITIVE.contains(&name)
        && !NO_SECRET_ENDS.iter().any(|end| snake.ends_with(end))
        && (SENSITIVE.iter().any(|secret| joined(secret) == run)
            || SENSITIVE_WORDS.iter().any(|word| words.contains(&format!("_{word}_")))
            || SENSITIVE_PARTS.iter().any(|part| run.contains(part)))
}

/// A name without the marks between its words: `upi_id` and `upiId` are both `upiid`.
fn joined(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_name() {
        for name in ["card_cvv", "card_number", "payment_session_id", "upi_payer_account_number", "otp"] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in ["order_id", "card_network", "payment_amount"] {
            assert!(!is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn whether_and_how_much_is_no_secret() {
        for (name, ty, exposure) in [
            ("gst_amount", Ty::Decimal, Exposure::Open),
            ("order_gst", Ty::Amount, Exposure::Open),
            ("pan_verified", Ty::Bool, Exposure::Open),
            ("otp_length", Ty::Integer, Exposure::Open),
            ("otp", Ty::Integer, Exposure::Secret),
            ("cvv", Ty::Decimal, Exposure::Secret),
            ("pin_code", Ty::Text, Exposure::Personal),
            ("mobile", Ty::Text, Exposure::Personal),
            ("agent_mobile_number", Ty::Text, Exposure::Personal),
            ("dateOfBirth", Ty::Timestamp, Exposure::Personal),
        ] {
            assert_eq!(super::exposure(name, &ty), exposure, "{name}");
        }
    }

    #[test]
    fn secrets_are_known_in_any_casing() {
        for name in [
            "accessKey",
            "accountNo",
            "account_no",
            "apiKey",
            "api_key",
            "apikey",
            "atm_pin",
            "cardCvv",
            "cardExpiryDate",
            "cardHolderName",
            "cardNo",
            "cardNumber",
            "cvc",
            "customerPAN",
            "cvv",
            "downloadUrl",
            "expYear",
            "expiryMM",
            "expiry_mm",
            "expiry_month",
            "iban",
            "mpin",
            "panNumber",
            "pan-number",
            "passcode",
            "passportNumber",
            "paymentSessionId",
            "private_key",
            "upiId",
            "virtualVpaId",
            "virtual_vpaid",
        ] {
            assert!(is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn a_secret_inside_another_word_is_none() {
        for name in [
            "company",
            "participant",
            "link_partial_payments",
            "account_note",
            "accountType",
            "file_name",
            "signature_version",
            "upi_expiry_minutes",
        ] {
            assert!(!is_sensitive(name), "{name}");
        }
    }
}
