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
    "account_no",
    "accountno",
    "cin",
    "expiry_mm",
    "expiry_yy",
    "gst",
    "gstin",
    "otp",
    "pan",
    "par",
    "upi",
    "vpa",
];

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
    "firstname",
    "fullname",
    "lastname",
    "name",
    "pincode",
    "remittername",
    "signatoryname",
    "virtualaccountname",
];

/// Parts of a name that do the same wherever they stand.
const PERSONAL_PARTS: &[&str] = &["accountholder", "address", "email", "phone", "holdername"];

/// Who may see a member. What has members of its own shows those that may be shown.
pub fn exposure(name: &str, ty: &Ty) -> Exposure {
    if matches!(ty, Ty::Named(_) | Ty::Boxed(_)) {
        Exposure::Open
    } else if is_sensitive(name) {
        Exposure::Secret
    } else if is_personal(name) && *ty != Ty::Bool {
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
    let words = format!("_{}_", name.to_snake_case());
    let run = joined(name);
    !NOT_SENSITIVE.contains(&name)
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
    fn secrets_are_known_in_any_casing() {
        for name in [
            "accountNo",
            "account_no",
            "cardCvv",
            "cardExpiryDate",
            "cardHolderName",
            "cardNumber",
            "customerPAN",
            "cvv",
            "downloadUrl",
            "expiryMM",
            "expiry_mm",
            "panNumber",
            "pan-number",
            "passportNumber",
            "paymentSessionId",
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
