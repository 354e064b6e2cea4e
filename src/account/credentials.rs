//! Who calls.

use std::{borrow::Cow, fmt};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    account::secret::Secret,
    answer::error::Error,
    headers::{
        AUTHORIZATION, CLIENT_ID, CLIENT_SECRET, CLIENT_SIGNATURE, PARTNER_API_KEY, PARTNER_MERCHANT_ID,
    },
};

/// The headers that say who calls.
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
pub struct Credentials(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Merchant { client_id: String, client_secret: Secret },
    MerchantSigned { client_id: String, client_signature: Secret },
    Partner { client_id: String, partner_api_key: Secret },
    PartnerMerchant { partner_merchant_id: String, partner_api_key: Secret },
    PartnerKey { partner_api_key: Secret },
    Bearer { token: Secret },
}

impl Credentials {
    /// A merchant: `x-client-id` and `x-client-secret`, from the dashboard.
    #[doc(alias = "XClientId")]
    #[doc(alias = "XClientSecret")]
    pub fn merchant(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self(Kind::Merchant { client_id: client_id.into(), client_secret: client_secret.into() })
    }

    /// A merchant who signs: `x-client-id` and `x-client-signature`. The signature is sent as it is given.
    #[doc(alias = "XClientSignature")]
    pub fn merchant_signed(client_id: impl Into<String>, client_signature: impl Into<Secret>) -> Self {
        Self(Kind::MerchantSigned { client_id: client_id.into(), client_signature: client_signature.into() })
    }

    /// A partner on behalf of a merchant's app: `x-client-id` and `x-partner-apikey`.
    #[doc(alias = "XPartnerKey")]
    pub fn partner(client_id: impl Into<String>, partner_api_key: impl Into<Secret>) -> Self {
        Self(Kind::Partner { client_id: client_id.into(), partner_api_key: partner_api_key.into() })
    }

    /// A partner on behalf of a merchant id: `x-partner-merchantid` and `x-partner-apikey`.
    #[doc(alias = "XPartnerMerchantId")]
    pub fn partner_merchant(
        partner_merchant_id: impl Into<String>,
        partner_api_key: impl Into<Secret>,
    ) -> Self {
        Self(Kind::PartnerMerchant {
            partner_merchant_id: partner_merchant_id.into(),
            partner_api_key: partner_api_key.into(),
        })
    }

    /// A partner on nobody's behalf: `x-partner-apikey` alone, for the onboarding of merchants.
    pub fn partner_key(partner_api_key: impl Into<Secret>) -> Self {
        Self(Kind::PartnerKey { partner_api_key: partner_api_key.into() })
    }

    /// A bearer token that you were given, for One Escrow. When it ends, go on with
    /// [`Cashfree::with_credentials`](crate::Cashfree::with_credentials).
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Kind::Bearer { token: token.into() })
    }

    /// The members: name, header, value. The last is the secret.
    fn parts(&self) -> Vec<(&'static str, &'static HeaderName, &str)> {
        let partner_key = |key| ("partner_api_key", &PARTNER_API_KEY, Secret::expose(key));
        match &self.0 {
            Kind::Merchant { client_id, client_secret } => vec![
                ("client_id", &CLIENT_ID, client_id),
                ("client_secret", &CLIENT_SECRET, client_secret.expose()),
            ],
            Kind::MerchantSigned { client_id, client_signature } => vec![
                ("client_id", &CLIENT_ID, client_id),
                ("client_signature", &CLIENT_SIGNATURE, client_signature.expose()),
            ],
            Kind::Partner { client_id, partner_api_key } => {
                vec![("client_id", &CLIENT_ID, client_id), partner_key(partner_api_key)]
            }
            Kind::PartnerMerchant { partner_merchant_id, partner_api_key } => vec![
                ("partner_merchant_id", &PARTNER_MERCHANT_ID, partner_merchant_id),
                partner_key(partner_api_key),
            ],
            Kind::PartnerKey { partner_api_key } => vec![partner_key(partner_api_key)],
            Kind::Bearer { token } => vec![("token", &AUTHORIZATION, token.expose())],
        }
    }

    /// The headers, all marked sensitive: an id is no secret, but it has no business in a log either.
    pub(crate) fn headers(&self) -> Result<HeaderMap, Error> {
        self.parts()
            .into_iter()
            .map(|(field, name, value)| {
                let value =
                    if *name == AUTHORIZATION { bearer(value) } else { sensitive(value, value.into()) };
                Ok((name.clone(), value.map_err(|problem| Error::configuration(field, problem))?))
            })
            .collect()
    }

    /// A merchant's id and secret, which the first API takes as fields of a form.
    #[cfg(feature = "legacy")]
    pub(crate) fn merchant_pair(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Kind::Merchant { client_id, client_secret } => Some((client_id, client_secret.expose())),
            _ => None,
        }
    }

    /// The value that must not show in any text this crate makes.
    pub(crate) fn secret(&self) -> &str {
        self.parts().last().map_or("", |(.., value)| value)
    }
}

/// The value of `authorization` with a token; the error says what is wrong with the token.
pub(crate) fn bearer(token: &str) -> Result<HeaderValue, &'static str> {
    sensitive(token, format!("Bearer {token}").into())
}

/// A header's value with a credential in it.
fn sensitive(credential: &str, value: Cow<'_, str>) -> Result<HeaderValue, &'static str> {
    if credential.trim().is_empty() {
        return Err("must not be empty");
    }
    // HeaderValue::from_str lets a tab pass, and bytes above ASCII: no credential has either.
    if !credential.bytes().all(|b| b.is_ascii_graphic() || b == b' ') || credential.trim() != credential {
        return Err(
            "holds a character that cannot be sent in a header, such as a line break or an outer blank",
        );
    }
    let mut value = HeaderValue::from_str(&value).map_err(|_| "cannot be sent in a header")?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
