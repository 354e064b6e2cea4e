//! Signatures that travel inside the body, as retired APIs and virtual bank accounts send them.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use percent_encoding::percent_decode;
use serde_json::Value;

use super::WebhookError;
use super::body::Fields;
use super::sign;
use crate::types::json;

const SIGNATURE: &str = "signature";
const NESTED: &str = "a body that carries its signature holds texts and numbers only";
/// From the seconds of today to the milliseconds of the year 2286.
const TIMESTAMP_DIGITS: RangeInclusive<usize> = 10..=13;

/// How a body that carries its own signature is signed.
/// See [`Verifier::verify_legacy`](super::Verifier::verify_legacy).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LegacySigning {
    /// All values but `signature`, in the order of their names, without anything between them: the first
    /// version of subscriptions (`cf_event=…`), the first payouts, and `AMOUNT_COLLECTED` of virtual bank
    /// accounts.
    ///
    /// The body may be a form or a flat JSON object of texts and numbers. An object inside is turned
    /// away: the rule does not say how it would be signed.
    SortedKeys,
    /// Seven values in this order, without anything between them: `orderId`, `orderAmount`,
    /// `referenceId`, `txStatus`, `paymentMode`, `txMsg`, `txTime`. What the first payment API sent to
    /// the notify URL of an order. Such a body names no event; its
    /// [`event_type`](super::Event::event_type) is `ORDER_NOTIFY`.
    OrderNotify,
}

const ORDER_NOTIFY: [&str; 7] =
    ["orderId", "orderAmount", "referenceId", "txStatus", "paymentMode", "txMsg", "txTime"];

impl LegacySigning {
    /// Signs fields by this rule, for tests and local senders.
    ///
    /// ```
    /// use cashfree_pg::webhook::LegacySigning;
    ///
    /// let fields = [("cf_event", "SUBSCRIPTION_NEW_PAYMENT"), ("cf_amount", "499.00")];
    /// let turned = [("cf_amount", "499.00"), ("cf_event", "SUBSCRIPTION_NEW_PAYMENT")];
    /// let rule = LegacySigning::SortedKeys;
    /// assert_eq!(rule.sign("secret", &fields), rule.sign("secret", &turned));
    /// ```
    pub fn sign(self, secret: impl AsRef<[u8]>, fields: &[(&str, &str)]) -> String {
        let parts: Vec<&[u8]> = match self {
            Self::SortedKeys => {
                let mut sorted: Vec<_> = fields.iter().filter(|(name, _)| *name != SIGNATURE).collect();
                sorted.sort();
                sorted.iter().map(|(_, value)| value.as_bytes()).collect()
            }
            Self::OrderNotify => ORDER_NOTIFY
                .iter()
                .filter_map(|wanted| fields.iter().find(|(name, _)| name == wanted))
                .map(|(_, value)| value.as_bytes())
                .collect(),
        };
        sign::encode(sign::tag(&sign::key(secret.as_ref()), &parts))
    }

    /// Refuses a body whose signature cannot be one, or that holds more than texts and numbers, before it is
    /// read: anyone can send a long one, and nobody has signed it yet.
    pub(super) fn check_form(body: &[u8]) -> Result<(), WebhookError> {
        let is_json = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        let members = if is_json { std::str::from_utf8(body).ok().and_then(json::members) } else { None };
        let signature = match &members {
            // What is wrong with the body is said by the one who reads all of it.
            Some(members) => {
                members.iter().find(|(name, _)| name == SIGNATURE).and_then(|(_, raw)| json::string(raw))
            }
            None if is_json => None,
            None => {
                let value = body.split(|b| *b == b'&').find_map(|pair| pair.strip_prefix(b"signature="));
                value.map(|value| percent_decode(value).decode_utf8_lossy().into_owned())
            }
        };
        if signature.is_some_and(|signature| sign::decode(signature.as_bytes()).is_none()) {
            return Err(WebhookError::MalformedSignature);
        }
        if members.into_iter().flatten().any(|(_, value)| value.starts_with(['{', '['])) {
            return Err(WebhookError::NotAnEvent { reason: NESTED });
        }
        Ok(())
    }

    /// The signature in a body, and the parts of the message it signs.
    pub(super) fn parts(self, fields: &Fields) -> Result<(Cow<'_, str>, Vec<Cow<'_, str>>), WebhookError> {
        let mut members: Vec<(&str, Cow<'_, str>)> = Vec::new();
        let written = fields.written_members();
        for (name, value) in fields.json.as_object().into_iter().flatten() {
            let text = match value {
                Value::String(text) => Some(Cow::from(text)),
                Value::Number(_) => written.get(name.as_str()).map(|number| Cow::from(number.get())),
                _ => None,
            };
            members.push((name, text.ok_or(WebhookError::NotAnEvent { reason: NESTED })?));
        }
        let mut take = |name: &'static str| {
            let at = members.iter().position(|(n, _)| *n == name);
            at.map(|at| members.swap_remove(at).1).ok_or(WebhookError::MissingMember { name })
        };
        let signature = take(SIGNATURE)?;
        let parts = match self {
            Self::OrderNotify => ORDER_NOTIFY.into_iter().map(take).collect::<Result<_, _>>()?,
            Self::SortedKeys => {
                members.sort();
                members.into_iter().map(|(_, text)| text).collect()
            }
        };
        Ok((signature, parts))
    }

    /// Refuses a signed text that an ordinary delivery may have been signed with: a timestamp in seconds or
    /// milliseconds, and a JSON object.
    ///
    /// Both kinds are signed with the same secret and in the same way, and a signature in the body covers
    /// values without their names. So whoever has captured one ordinary delivery could cut its timestamp
    /// and body into values of a form, put its signature beside them, and have an event of their own making,
    /// of any age. No documented body of this kind signs a text that begins so.
    ///
    /// An ordinary delivery whose body is a form is not told apart like this: ten digits and then a letter
    /// is what real values may look like.
    pub(super) fn refuse_delivery(message: &[u8]) -> Result<(), WebhookError> {
        let digits = message.iter().take_while(|b| b.is_ascii_digit()).count();
        let is_object = message[digits..].trim_ascii_start().starts_with(b"{");
        if TIMESTAMP_DIGITS.contains(&digits) && is_object {
            return Err(WebhookError::SignedAsDelivery);
        }
        Ok(())
    }

    /// The event, where the body does not name it.
    pub(super) fn event_type(self) -> Option<&'static str> {
        match self {
            Self::SortedKeys => None,
            Self::OrderNotify => Some("ORDER_NOTIFY"),
        }
    }
}
