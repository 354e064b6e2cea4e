//! Who calls: one of four pairs of headers, or whatever else a product takes.

use std::fmt;

use serde_json::Value;

use super::reply::Incoming;

/// What the sandbox accepts as credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `x-client-id`
    pub client_id: String,
    /// `x-client-secret`, which also signs webhooks.
    pub client_secret: String,
    /// `x-client-signature`
    pub client_signature: String,
    /// `x-partner-apikey`
    pub partner_apikey: String,
    /// `x-partner-merchantid`
    pub partner_merchantid: String,
    /// `authorization: Bearer …`, where a product takes a token that it does not issue itself.
    pub bearer_token: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            client_id: "TEST_CLIENT_ID".to_owned(),
            client_secret: "TEST_CLIENT_SECRET".to_owned(),
            client_signature: "TEST_CLIENT_SIGNATURE".to_owned(),
            partner_apikey: "TEST_PARTNER_APIKEY".to_owned(),
            partner_merchantid: "TEST_PARTNER_MERCHANTID".to_owned(),
            bearer_token: "TEST_BEARER_TOKEN".to_owned(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Credentials {
    /// The account that the headers prove, if they do.
    pub(super) fn account(&self, incoming: &Incoming) -> Option<String> {
        let is = |name: &str, value: &str| incoming.header(name) == Some(value);
        let (id, secret) = (("x-client-id", &self.client_id), ("x-client-secret", &self.client_secret));
        let signature = ("x-client-signature", &self.client_signature);
        let apikey = ("x-partner-apikey", &self.partner_apikey);
        let merchant = ("x-partner-merchantid", &self.partner_merchantid);
        let pairs = [[id, secret], [id, signature], [id, apikey], [merchant, apikey]];
        let proven = pairs.iter().any(|pair| pair.iter().all(|(name, value)| is(name, value)));
        proven.then(|| self.client_id.clone())
    }

    /// The account that the headers of one of these ways prove; `issued` knows the tokens that were issued.
    pub(super) fn account_by(
        &self,
        ways: &[Vec<String>],
        incoming: &Incoming,
        body: Option<&Value>,
        issued: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let proves = |header: &String| {
            let given = incoming.header(header);
            match header.as_str() {
                "x-client-id" => given == Some(&self.client_id),
                "x-client-secret" => given == Some(&self.client_secret),
                // Fields of a form, in the first API.
                "appid" => body.is_some_and(|body| body["appId"] == self.client_id),
                "secretkey" => body.is_some_and(|body| body["secretKey"] == self.client_secret),
                "x-partner-apikey" => given == Some(&self.partner_apikey),
                "x-partner-merchantid" => given == Some(&self.partner_merchantid),
                "authorization" => given
                    .and_then(|given| given.strip_prefix("Bearer "))
                    .is_some_and(|token| token == self.bearer_token || issued(token)),
                _ => false,
            }
        };
        ways.iter().any(|way| way.iter().all(proves)).then(|| self.client_id.clone())
    }
}
