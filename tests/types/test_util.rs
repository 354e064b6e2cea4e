//! Errors and answers made by hand are like those that come of calls.

use std::time::Duration;

use cashfree_pg::types::{Amount, Body};
use cashfree_pg::v2025_01_01::types::Refund;
use cashfree_pg::{Error, ErrorKind, Response, ResponseMeta, StatusCode};

/// What a shop has in front of this crate.
trait Refunds {
    fn refund(&self, id: &str) -> Result<Response<Refund>, Error>;
}

struct Fake(fn() -> Result<Response<Refund>, Error>);

impl Refunds for Fake {
    fn refund(&self, _: &str) -> Result<Response<Refund>, Error> {
        (self.0)()
    }
}

fn describe(refunds: &impl Refunds) -> String {
    match refunds.refund("refund_1") {
        Ok(refund) => format!("{:?} after {}", refund.refund_amount, refund.meta().attempts()),
        Err(error) if error.is_outcome_unknown() => format!("ask with {:?}", error.idempotency_key()),
        Err(error) if error.is_retryable() => format!("again in {:?}", error.retry_after()),
        Err(error) => format!("{:?} {:?}", error.kind(), error.code()),
    }
}

#[test]
fn a_fake_behind_a_trait_says_what_a_call_would() {
    let paid = Fake(|| {
        let refund = Refund::decode(br#"{"refund_amount":99.25}"#).expect("a refund");
        assert_eq!(refund.refund_amount, Some(Amount::from_paise(9_925)));
        Ok(Response::fake(refund).with_meta(ResponseMeta::fake().attempts(2)))
    });
    assert_eq!(describe(&paid), "Some(Amount(99.25)) after 2");
    let unknown = Fake(|| {
        let meta = ResponseMeta::fake().idempotency_key("key-1");
        Err(Error::fake(ErrorKind::OutcomeUnknown).meta(meta).build())
    });
    assert_eq!(describe(&unknown), r#"ask with Some("key-1")"#);
    let limited =
        Fake(|| Err(Error::fake(ErrorKind::RateLimited).retry_after(Duration::from_secs(7)).build()));
    assert_eq!(describe(&limited), "again in Some(7s)");
    let refused = Fake(|| Err(Error::fake(ErrorKind::Rejected).code("refund_amount_too_high").build()));
    assert_eq!(describe(&refused), r#"Rejected Some("refund_amount_too_high")"#);
}

#[test]
fn an_error_of_every_kind_has_what_that_kind_has() {
    let kinds = [
        (ErrorKind::NeverSent, None, true, 0),
        (ErrorKind::Rejected, Some(400), false, 1),
        (ErrorKind::RateLimited, Some(429), true, 1),
        (ErrorKind::OutcomeUnknown, None, false, 1),
        (ErrorKind::Unanswered, None, true, 1),
        (ErrorKind::Undecodable, Some(200), false, 1),
        (ErrorKind::InvalidInput, None, false, 0),
        (ErrorKind::Configuration, None, false, 0),
    ];
    for (kind, status, retryable, attempts) in kinds {
        let error = Error::fake(kind).operation("create_order").member("order_amount").build();
        assert_eq!((error.kind(), error.is_retryable()), (kind, retryable), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status, "{error:?}");
        assert_eq!(error.meta().attempts(), attempts, "{error:?}");
        assert_eq!(error.is_outcome_unknown(), kind == ErrorKind::OutcomeUnknown);
        assert_eq!(error.api_error().is_some(), status.is_some_and(|status| status >= 400));
        assert_eq!(error.field().is_some(), kind == ErrorKind::Configuration);
        assert_eq!(error.invalid().is_some(), kind == ErrorKind::InvalidInput);
        assert_eq!(error.decode_error().is_some(), kind == ErrorKind::Undecodable);
    }
    let answered = Error::fake(ErrorKind::OutcomeUnknown)
        .status(StatusCode::BAD_GATEWAY)
        .code("bank_processing_failure")
        .message("the bank did not answer")
        .build();
    assert_eq!(
        answered.to_string(),
        "request (2025-01-01): outcome unknown: 502 bank_processing_failure: the bank did not answer"
    );
}
