//! A client from the environment: who calls, and where, without a line of code.

use std::env;

use crate::{
    account::{builder::CashfreeBuilder, credentials::Credentials},
    answer::error::Error,
};

impl CashfreeBuilder {
    /// Begins with environment and credentials from environment variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `CASHFREE_ENVIRONMENT` | `sandbox`, `production`, or a base URL; required |
    /// | `CASHFREE_CLIENT_ID` | with one of the three below |
    /// | `CASHFREE_CLIENT_SECRET` | a merchant |
    /// | `CASHFREE_CLIENT_SIGNATURE` | a merchant who signs |
    /// | `CASHFREE_PARTNER_API_KEY` | a partner; with `CASHFREE_CLIENT_ID` or the one below |
    /// | `CASHFREE_PARTNER_MERCHANT_ID` | a partner, for a merchant id |
    ///
    /// A partner's key alone and a bearer token come from no variable, since a forgotten one would look the same:
    /// [`Credentials::partner_key`], [`Credentials::bearer`].
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the variable that is missing, empty, wrong,
    /// or contradicts another.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| match env::var(name) {
            Ok(value) => Some(value),
            Err(env::VarError::NotPresent) => None,
            // Reads as empty, and so as wrong.
            Err(env::VarError::NotUnicode(_)) => Some(String::new()),
        })
    }

    /// The same as [`from_env`](Self::from_env), from a source of your own.
    ///
    /// ```
    /// use cashfree_pg::CashfreeBuilder;
    ///
    /// let error = CashfreeBuilder::from_vars(|name| match name {
    ///     "CASHFREE_ENVIRONMENT" => Some("sandbox".to_owned()),
    ///     "CASHFREE_CLIENT_ID" => Some("id".to_owned()),
    ///     _ => None,
    /// });
    /// assert_eq!(error.err().unwrap().field(), Some("CASHFREE_CLIENT_SECRET"));
    /// ```
    ///
    /// # Errors
    /// As for [`from_env`](Self::from_env).
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let optional = |name: &'static str| match lookup(name) {
            Some(value) if value.trim().is_empty() => {
                Err(Error::configuration(name, "is set, but empty or not text"))
            }
            value => Ok(value),
        };
        let required =
            |name: &'static str| optional(name)?.ok_or_else(|| Error::configuration(name, "is not set"));

        let environment = required("CASHFREE_ENVIRONMENT")?;
        let environment = environment.parse().map_err(|_| {
            Error::configuration("CASHFREE_ENVIRONMENT", "must be sandbox, production, or a base URL")
        })?;

        let client_id = optional("CASHFREE_CLIENT_ID")?;
        let client_secret = optional("CASHFREE_CLIENT_SECRET")?;
        let client_signature = optional("CASHFREE_CLIENT_SIGNATURE")?;
        let partner_api_key = optional("CASHFREE_PARTNER_API_KEY")?;
        let partner_merchant_id = optional("CASHFREE_PARTNER_MERCHANT_ID")?;
        let contradicts = |name, other| {
            Err(Error::configuration(
                name,
                format!("is set together with {other}: only one can say who calls"),
            ))
        };
        let credentials = match (partner_api_key, partner_merchant_id, client_secret, client_signature) {
            (None, None, Some(secret), None) => Credentials::merchant(needed_id(client_id)?, secret),
            (None, None, None, Some(signature)) => {
                Credentials::merchant_signed(needed_id(client_id)?, signature)
            }
            (Some(key), None, None, None) => Credentials::partner(needed_id(client_id)?, key),
            (Some(key), Some(merchant), None, None) if client_id.is_none() => {
                Credentials::partner_merchant(merchant, key)
            }
            (None, None, None, None) => {
                needed_id(client_id)?;
                return Err(Error::configuration("CASHFREE_CLIENT_SECRET", "is not set"));
            }
            (None, Some(_), ..) => {
                return Err(Error::configuration("CASHFREE_PARTNER_API_KEY", "is not set"));
            }
            (None, None, Some(_), Some(_)) => {
                return contradicts("CASHFREE_CLIENT_SIGNATURE", "CASHFREE_CLIENT_SECRET");
            }
            (Some(_), _, Some(_), _) => {
                return contradicts("CASHFREE_PARTNER_API_KEY", "CASHFREE_CLIENT_SECRET");
            }
            (Some(_), _, None, Some(_)) => {
                return contradicts("CASHFREE_PARTNER_API_KEY", "CASHFREE_CLIENT_SIGNATURE");
            }
            (Some(_), Some(_), None, None) => {
                return contradicts("CASHFREE_PARTNER_MERCHANT_ID", "CASHFREE_CLIENT_ID");
            }
        };
        Ok(Self::default().environment(environment).credentials(credentials))
    }
}

fn needed_id(client_id: Option<String>) -> Result<String, Error> {
    client_id.ok_or_else(|| Error::configuration("CASHFREE_CLIENT_ID", "is not set"))
}
