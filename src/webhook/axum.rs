//! An extractor for `axum`: a handler that takes a [`Webhook`] runs for verified events only.

use std::fmt;

use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::headers::SIGNATURE;
use super::{Event, Verifier, WebhookError, is_dashboard_test};

/// A verified event. Takes the [`Verifier`] from the router's state.
///
/// Reads at most [`Verifier::max_body`] bytes, verifies them, and answers in the handler's place if they
/// are not what they should be: see [`WebhookError::http_status`]. The dashboard's test call is answered
/// with 200 even if it is not signed; the handler does not see it then.
///
/// ```
/// use axum::{Router, routing::post};
/// use cashfree_pg::webhook::{Verifier, axum::Webhook};
///
/// async fn receive(Webhook(event): Webhook) {
///     println!("{} {}", event.event_type(), event.dedupe_key());
/// }
///
/// let app: Router = Router::new()
///     .route("/webhooks/cashfree", post(receive))
///     .with_state(Verifier::new("client secret"));
/// ```
#[derive(Debug, Clone)]
pub struct Webhook(pub Event);

impl<S> FromRequest<S> for Webhook
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let verifier = Verifier::from_ref(state);
        let (head, body) = request.into_parts();
        let body = match Limited::new(body, verifier.max_body()).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(WebhookError::BodyTooLarge { limit: verifier.max_body() }.into());
            }
            Err(_) => return Err(WebhookError::BodyUnreadable.into()),
        };
        verifier.verify_bytes(&head.headers, body.clone()).map(Self).map_err(|error| {
            let unsigned = error == WebhookError::MissingHeader { name: SIGNATURE };
            WebhookRejection { dashboard_test: unsigned && is_dashboard_test(&body), error }
        })
    }
}

/// Why a request did not become a [`Webhook`].
#[derive(Debug, Clone)]
pub struct WebhookRejection {
    error: WebhookError,
    dashboard_test: bool,
}

impl WebhookRejection {
    /// What was wrong.
    pub fn error(&self) -> &WebhookError {
        &self.error
    }

    /// Whether it is the dashboard's test call, not signed: answered with 200, although nothing was
    /// verified.
    pub fn is_dashboard_test(&self) -> bool {
        self.dashboard_test
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        if self.dashboard_test {
            return StatusCode::OK;
        }
        StatusCode::from_u16(self.error.http_status()).unwrap_or(StatusCode::BAD_REQUEST)
    }
}

impl From<WebhookError> for WebhookRejection {
    fn from(error: WebhookError) -> Self {
        Self { error, dashboard_test: false }
    }
}

impl IntoResponse for WebhookRejection {
    /// Says nothing but the status: the reason is for the endpoint's owner, who finds it in
    /// [`error`](Self::error).
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
