//! A webhook endpoint with actix-web: `cargo run -p actix-webhook`.
//!
//! Reads the account's client secret from `CASHFREE_CLIENT_SECRET`, listens on 127.0.0.1:3000.

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use cashfree_pg::webhook::{Verifier, is_dashboard_test};

/// `body` must be the raw bytes: a `web::Json` would have been parsed, and could not be verified.
async fn receive(verifier: web::Data<Verifier>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    match verifier.verify(request.headers(), &body) {
        Ok(event) => {
            println!("{} {:?} {:?}", event.event_type(), event.order_id(), event.status());
            HttpResponse::Ok().finish()
        }
        // Asked when the endpoint is added, perhaps without a signature; it says nothing.
        Err(_) if is_dashboard_test(&body) => HttpResponse::Ok().finish(),
        Err(error) => {
            eprintln!("turned away: {error}");
            let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::new(status)
        }
    }
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = web::Data::new(Verifier::new(std::env::var("CASHFREE_CLIENT_SECRET")?));
    HttpServer::new(move || {
        App::new()
            .app_data(verifier.clone())
            .app_data(web::PayloadConfig::new(verifier.max_body()))
            .route("/webhooks/cashfree", web::post().to(receive))
    })
    .bind(("127.0.0.1", 3000))?
    .run()
    .await?;
    Ok(())
}
