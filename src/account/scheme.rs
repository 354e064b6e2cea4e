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

    pub(crate) fn headers(self) -> impl Iterator<Item = &'static HeaderName> {
        let (first, second) = match self {
            Self::Merchant => (&CLIENT_ID, Some(&CLIENT_SECRET)),
            Self::MerchantSigned => (&CLIENT_ID, Some(&CLIENT_SIGNATURE)),
            Self::Partner => (&CLIENT_ID, Some(&PARTNER_API_KEY)),
            Self::PartnerMerchant => (&PARTNER_MERCHANT_ID, Some(&PARTNER_API_KEY)),
            Self::PartnerKey => (&PARTNER_API_KEY, None),
            Self::Bearer => (&AUTHORIZATION, None),
        };
        std::iter::once(first).chain(second)
    }

    /// Whether an account with these headers has all that this kind asks for.
    pub(crate) fn is_among(self, account: &HeaderMap) -> bool {
        self.headers().all(|name| account.contains_key(name))
    }
}
