//! A successful answer: its value, what came beside it, and its body as it came.

use std::{fmt, ops::Deref};

use bytes::Bytes;

use crate::{
    answer::{error::Error, meta::ResponseMeta},
    types::{Body, Missing, with_personal_data},
};

/// A successful answer: its value, to which it dereferences, and its [`ResponseMeta`].
///
/// A member can be read and borrowed through it. To **move** one out, take the value first, or the compiler
/// says "cannot move out of dereference of `Response<…>`" (E0507):
///
/// ```no_run
/// # #[cfg(feature = "v2025-01-01")]
/// # async fn run(api: cashfree_pg::v2025_01_01::Client) -> Result<(), cashfree_pg::Error> {
/// let order = api.fetch_order("order_1").await?;
/// println!("{:?}, request id {:?}", order.order_status, order.meta().request_id());
/// let order = order.into_inner();
/// let session: Option<String> = order.payment_session_id;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the value as the types show themselves: without what is secret, and without personal data
/// unless [`show_personal_data`](crate::CashfreeBuilder::show_personal_data) asks for it. Of JSON as it came it
/// shows the kind or the length only.
#[derive(Clone)]
pub struct Response<T> {
    /// It passes through many hands, and may be large.
    value: Box<T>,
    meta: ResponseMeta,
    raw_body: Bytes,
    personal: bool,
}

impl<T> Response<T> {
    pub(crate) fn new(value: impl Into<Box<T>>, meta: ResponseMeta, raw_body: Bytes) -> Self {
        Self { value: value.into(), meta, raw_body, personal: false }
    }

    pub(crate) fn showing_personal_data(mut self, show: bool) -> Self {
        self.personal = show;
        self
    }

    /// The value, to move members out of it, without the metadata.
    pub fn into_inner(self) -> T {
        *self.value
    }

    /// The value and the metadata.
    pub fn into_parts(self) -> (T, ResponseMeta) {
        (*self.value, self.meta)
    }

    /// The value, the metadata and the body, to make another value of.
    pub(crate) fn into_all(self) -> (T, ResponseMeta, Bytes) {
        (*self.value, self.meta, self.raw_body)
    }

    /// The body as it came, to keep for an audit. It may hold anything: do not log it.
    pub fn raw_body(&self) -> &[u8] {
        &self.raw_body
    }

    /// A member that has to be there, or an error that keeps the answer.
    ///
    /// Answers are read tolerantly, so every member is an `Option`. Accessors of members that every published
    /// answer has give [`Missing`] in place of none, which `?` takes for an [`Error`]; this gives that error the
    /// metadata and the body as well.
    ///
    /// # Errors
    /// [`Undecodable`](crate::ErrorKind::Undecodable), if the member is missing.
    pub fn require<'a, M>(&'a self, member: impl FnOnce(&'a T) -> Result<M, Missing>) -> Result<M, Error> {
        member(&self.value)
            .map_err(|missing| Error::missing_in(missing, self.meta.clone(), self.raw_body.clone()))
    }

    /// Status, request id, rate limit, attempts and so on.
    pub fn meta(&self) -> &ResponseMeta {
        &self.meta
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Body> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Shown<'a, T>(&'a T);
        impl<T: Body> fmt::Debug for Shown<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.show_body(f)
            }
        }
        let show = |f: &mut fmt::Formatter<'_>| {
            f.debug_struct("Response").field("value", &Shown(&*self.value)).field("meta", &self.meta).finish()
        };
        if self.personal { with_personal_data(|| show(f)) } else { show(f) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_does_not_show() {
        let value = serde_json::json!({ "card_number": "4111111111111111" });
        let shown = format!("{:?}", Response::new(value, ResponseMeta::default(), Bytes::new()));
        assert!(shown.starts_with("Response { value: {\"card_number\"}, meta: ResponseMeta {"), "{shown}");
        assert!(!shown.contains("4111"), "{shown}");
    }

    #[test]
    fn a_member_that_is_missing_is_named_and_the_answer_kept() {
        let meta = ResponseMeta { request_id: Some("r-1".into()), ..ResponseMeta::default() };
        let answer = Response::new(serde_json::json!({}), meta, Bytes::from_static(b"{}"));
        let missing = Missing::new("Order", "order_id");
        let error = answer.require(|_| Err::<(), _>(missing)).unwrap_err();
        assert_eq!((error.kind(), error.missing()), (crate::ErrorKind::Undecodable, Some(missing)));
        assert_eq!(error.to_string(), "undecodable answer: Order without order_id; request id r-1");
        assert_eq!((error.raw_body(), error.is_retryable()), (Some(&b"{}"[..]), false));
        let bare = Error::from(missing);
        assert_eq!((bare.kind(), bare.raw_body()), (crate::ErrorKind::Undecodable, None));
        assert!(answer.require(|value| Ok(value.is_object())).unwrap());
    }
}
