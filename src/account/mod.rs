//! Who calls, and where: the handle, how it is set up, and what it is made of.

pub(crate) mod builder;
pub(crate) mod credentials;
pub(crate) mod environment;
mod from_env;
pub(crate) mod handle;
mod parse;
pub(crate) mod scheme;
pub(crate) mod secret;
pub(crate) mod tls;
pub(crate) mod tokens;
pub(crate) mod version;
