//! The kinds of credentials, and the headers of each.

use http::{HeaderMap, HeaderName};

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

    fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Merchant => &["x-client-id", "x-client-secret"],
            Self::MerchantSigned => &["x-client-id", "x-client-signature"],
            Self::Partner => &["x-client-id", "x-partner-apikey"],
            Self::PartnerMerchant => &["x-partner-merchantid", "x-partner-apikey"],
            Self::PartnerKey => &["x-partner-apikey"],
            Self::Bearer => &["authorization"],
        }
    }

    /// The headers of this kind among those of an account, if it has all of them.
    pub(crate) fn among(self, account: &HeaderMap) -> Option<HeaderMap> {
        let one = |name: &&'static str| Some((HeaderName::from_static(name), account.get(*name)?.clone()));
        self.headers().iter().map(one).collect()
    }
}
