//! The way to a receiver.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::post::Shipment;

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends webhooks.
#[derive(Debug, Clone)]
pub(crate) struct Sender(Option<reqwest::Client>);

impl Sender {
    pub(crate) fn new() -> Self {
        let client = reqwest::Client::builder()
            .user_agent(concat!("cashfree-sandbox/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Receivers close connections when they like; a new one each time cannot be one they closed.
            .pool_max_idle_per_host(0);
        // Set up here, so that it depends neither on the process nor on reqwest's features.
        let client = match secrecy() {
            Ok(secrecy) => client.tls_backend_preconfigured(secrecy),
            Err(_) => return Self(None),
        };
        Self(client.build().ok())
    }

    /// Makes one attempt; answers the receiver's status.
    pub(crate) async fn send(&self, shipment: &Shipment) -> Result<u16, String> {
        let Some(client) = &self.0 else { return Err("there is no HTTP client".to_owned()) };
        let mut request = client.post(&shipment.url).header("content-type", "application/json");
        for (name, value) in &shipment.headers {
            request = request.header(*name, value);
        }
        match request.body(shipment.body.clone()).send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) if error.is_timeout() => Err("no answer in time".to_owned()),
            Err(error) => Err(cause(&error)),
        }
    }
}

fn secrecy() -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let anyone = Arc::new(Anyone(Arc::clone(&provider)));
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth())
}

/// Receivers in development have certificates of their own making. What they are sent is made up, and signed.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// The innermost reason: what a user can act on.
fn cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
