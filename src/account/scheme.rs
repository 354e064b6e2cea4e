//! The kinds of credentials, and the headers of each.

use http::{HeaderMap, HeaderName};

use crate::headers::{
    AUTHORIZATION, CLIENT_ID, CLIENT_SECRET, CLIENT_SIGNATURE, PARTNER_API_KEY, PARTNER_MERCHANT_ID,
};

/// A kind of credentials: which headers say who calls.
///
/// The payments API takes any that an account has; a product beside it says which it takes, in
/// [`OperationInfo::credentials`](crate::OperationInfo::credentials).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthScheme {
    /// [`Credentials::merchant`](crate::Credentials::merchant)
    Merchant,
    /// [`Credentials::merchant_signed`](crate::Credentials::merchant_signed)
    MerchantSigned,
    /// [`Credentials::partner`](crate::Credentials::partner)
    Partner,
    /// [`Credentials::partner_merchant`](crate::Credentials::partner_merchant)
    PartnerMerchant,
    /// [`Credentials::partner_key`](crate::Credentials::partner_key), or the key of a partner who acts for a merchant.
    PartnerKey,
    /// [`Credentials::bearer`](crate::Credentials::bearer), or a token that this crate fetches.
    Bearer,
}

impl AuthScheme {
    /// What an account may have.
    #[allow(dead_code)] // only generated code takes it
    pub(crate) const ACCOUNT: &'static [Self] =
        &[Self::Merchant, Self::MerchantSigned, Self::Partner, Self::PartnerMerchant];

    pub(crate) fn headers(self) -> &'static [&'static HeaderName] {
        match self {
            Self::Merchant => const { &[&CLIENT_ID, &CLIENT_SECRET] },
            Self::MerchantSigned => const { &[&CLIENT_ID, &CLIENT_SIGNATURE] },
            Self::Partner => const { &[&CLIENT_ID, &PARTNER_API_KEY] },
            Self::PartnerMerchant => const { &[&PARTNER_MERCHANT_ID, &PARTNER_API_KEY] },
            Self::PartnerKey => const { &[&PARTNER_API_KEY] },
            Self::Bearer => const { &[&AUTHORIZATION] },
        }
    }

    /// Whether an account with these headers has all that this kind asks for.
    pub(crate) fn is_among(self, account: &HeaderMap) -> bool {
        self.headers().iter().all(|name| account.contains_key(*name))
    }
}
