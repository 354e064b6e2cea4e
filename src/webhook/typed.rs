//! Which version an event is of, and so which types it is read as.
//!
//! One endpoint may get bodies of several versions, and only a header tells them apart. Reading one as
//! another mostly works, which is worse than failing: a member that moved is simply not there. So the
//! header decides, and what it does not decide stays raw.

use super::Event;
use crate::types::DecodeError;

/// Writes [`AnyPayload`] for the versions that are on: `build.rs` calls it with their list.
macro_rules! any_payload {
    ($($variant:ident = $version:literal in $module:ident,)*) => {
        /// What an event carries, as the types of its version: one variant for each version that is on.
        ///
        /// The variants are there by feature, and another feature only adds one; hence a `match` needs an arm
        /// for the rest, and one that names its versions means the same whatever else is on.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum AnyPayload {
            $(
                #[doc = concat!("A body of version ", $version, ".")]
                $variant(crate::$module::webhook::Payload),
            )*
            /// A version that is off, that this crate does not know, or that the delivery does not name; or a
            /// type that the version does not list. The [`Event`] has its JSON.
            Unknown,
        }

        impl AnyPayload {
            /// The versions whose events are typed: those of the enabled features, oldest first.
            pub const VERSIONS: &'static [&'static str] = &[$($version),*];

            #[inline]
            // A version without webhooks has no payload but the unknown one.
            #[allow(unreachable_patterns)]
            pub(super) fn of(event: &Event) -> Result<Self, DecodeError> {
                match event.version() {
                    $(
                        Some($version) => Ok(match crate::$module::webhook::Payload::of(event)? {
                            crate::$module::webhook::Payload::Unknown => Self::Unknown,
                            payload => Self::$variant(payload),
                        }),
                    )*
                    _ => Ok(Self::Unknown),
                }
            }
        }
    };
}

#[cfg(feature = "generated")]
include!(concat!(env!("OUT_DIR"), "/payloads.rs"));
#[cfg(not(feature = "generated"))]
any_payload! {}

impl Event {
    /// What it carries, as the types of [its version](Self::version) and [its type](Self::event_type).
    ///
    /// The version is the one the delivery names, else the verifier's
    /// [`default_version`](super::VerifierBuilder::default_version), and must be that of an enabled feature to
    /// the letter. There is no nearest one: `2021-09-21`, which has no types here, is
    /// [`AnyPayload::Unknown`]. Whoever has checked that such a body fits a version's types reads it with that
    /// version's own `webhook::Payload::of`, which does not look at the version.
    ///
    /// # Errors
    /// [`DecodeError`], where a member that must not be misread, an amount, does not fit.
    ///
    #[cfg_attr(feature = "v2025-01-01", doc = "```")]
    #[cfg_attr(not(feature = "v2025-01-01"), doc = "```ignore")]
    /// use cashfree_pg::v2025_01_01::webhook::Payload;
    /// use cashfree_pg::webhook::{AnyPayload, Delivery, Verifier};
    ///
    /// let delivery = Delivery::event("PAYMENT_SUCCESS_WEBHOOK")
    ///     .data_text(r#"{"payment":{"cf_payment_id":"7","payment_amount":170.00}}"#)
    ///     .version("2025-01-01")
    ///     .sign("secret");
    /// let event = Verifier::new("secret").verify(delivery.headers(), delivery.body())?;
    ///
    /// match event.typed()? {
    ///     AnyPayload::V2025_01_01(Payload::PaymentEvent(payload)) => {
    ///         let payment = payload.data.and_then(|data| data.payment).ok_or("no payment")?;
    ///         assert_eq!(payment.payment_amount, Some("170.00".parse()?));
    ///     }
    ///     _ => println!("{}: {}", event.event_type(), event.json()),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn typed(&self) -> Result<AnyPayload, DecodeError> {
        AnyPayload::of(self)
    }
}
