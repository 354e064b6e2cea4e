//! Who calls: the four pairs of headers Cashfree accepts, and a string that never shows itself.

use std::fmt;

use http::{HeaderName, HeaderValue};

use crate::error::Error;

/// A string that is never printed: `Debug` shows `[redacted]`, and there is no `Display`.
///
/// ```
/// use cashfree_pg::Secret;
///
/// let secret = Secret::new("cfsk_ma_test_1");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// assert_eq!(secret.expose(), "cfsk_ma_test_1");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Named so that a reader of the code sees where it gets out.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The pair of headers that says who calls.
///
/// Values are checked when the client is built: an empty one, or one with a character that no header
/// can hold, is a configuration error that names the field.
///
/// ```
/// use cashfree_pg::Credentials;
///
/// let credentials = Credentials::merchant("id", "secret");
/// assert_eq!(format!("{credentials:?}"), r#"Merchant { client_id: "id", client_secret: [redacted] }"#);
/// ```
#[derive(Clone)]
pub struct Credentials(Pair);

#[derive(Debug, Clone)]
enum Pair {
    Merchant { client_id: String, client_secret: Secret },
    MerchantSigned { client_id: String, client_signature: Secret },
    Partner { client_id: String, partner_api_key: Secret },
    PartnerMerchant { partner_merchant_id: String, partner_api_key: Secret },
}

impl Credentials {
    /// A merchant: `x-client-id` and `x-client-secret`, from the dashboard.
    #[doc(alias = "XClientId")]
    #[doc(alias = "XClientSecret")]
    pub fn merchant(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self(Pair::Merchant { client_id: client_id.into(), client_secret: client_secret.into() })
    }

    /// A merchant who signs: `x-client-id` and `x-client-signature`. The signature is sent as it is given.
    #[doc(alias = "XClientSignature")]
    pub fn merchant_signed(client_id: impl Into<String>, client_signature: impl Into<Secret>) -> Self {
        Self(Pair::MerchantSigned { client_id: client_id.into(), client_signature: client_signature.into() })
    }

    /// A partner on behalf of a merchant's app: `x-client-id` and `x-partner-apikey`.
    #[doc(alias = "XPartnerKey")]
    pub fn partner(client_id: impl Into<String>, partner_api_key: impl Into<Secret>) -> Self {
        Self(Pair::Partner { client_id: client_id.into(), partner_api_key: partner_api_key.into() })
    }

    /// A partner on behalf of a merchant id: `x-partner-merchantid` and `x-partner-apikey`.
    #[doc(alias = "XPartnerMerchantId")]
    pub fn partner_merchant(
        partner_merchant_id: impl Into<String>,
        partner_api_key: impl Into<Secret>,
    ) -> Self {
        Self(Pair::PartnerMerchant {
            partner_merchant_id: partner_merchant_id.into(),
            partner_api_key: partner_api_key.into(),
        })
    }

    /// The two members: name, header, value.
    fn parts(&self) -> [(&'static str, &'static str, &str); 2] {
        match &self.0 {
            Pair::Merchant { client_id, client_secret } => [
                ("client_id", "x-client-id", client_id),
                ("client_secret", "x-client-secret", client_secret.expose()),
            ],
            Pair::MerchantSigned { client_id, client_signature } => [
                ("client_id", "x-client-id", client_id),
                ("client_signature", "x-client-signature", client_signature.expose()),
            ],
            Pair::Partner { client_id, partner_api_key } => [
                ("client_id", "x-client-id", client_id),
                ("partner_api_key", "x-partner-apikey", partner_api_key.expose()),
            ],
            Pair::PartnerMerchant { partner_merchant_id, partner_api_key } => [
                ("partner_merchant_id", "x-partner-merchantid", partner_merchant_id),
                ("partner_api_key", "x-partner-apikey", partner_api_key.expose()),
            ],
        }
    }

    /// The headers, both marked sensitive: an id is no secret, but it has no business in a log either.
    pub(crate) fn headers(&self) -> Result<[(HeaderName, HeaderValue); 2], Error> {
        let [first, second] = self.parts();
        Ok([header(first)?, header(second)?])
    }

    /// A merchant's id and secret, which the first API takes as fields of a form.
    #[cfg(feature = "legacy")]
    pub(crate) fn merchant_pair(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Pair::Merchant { client_id, client_secret } => Some((client_id, client_secret.expose())),
            _ => None,
        }
    }

    /// The value that must not show in any text this crate makes.
    pub(crate) fn secret(&self) -> &str {
        self.parts()[1].2
    }
}

fn header(
    (field, name, value): (&'static str, &'static str, &str),
) -> Result<(HeaderName, HeaderValue), Error> {
    if value.trim().is_empty() {
        return Err(Error::configuration(field, "must not be empty"));
    }
    // HeaderValue::from_str lets a tab pass, and bytes above ASCII: no credential has either.
    if !value.bytes().all(|b| b.is_ascii_graphic() || b == b' ') || value.trim() != value {
        return Err(Error::configuration(
            field,
            "holds a character that cannot be sent in a header, such as a line break or an outer blank",
        ));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Error::configuration(field, "cannot be sent in a header"))?;
    value.set_sensitive(true);
    Ok((HeaderName::from_static(name), value))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
