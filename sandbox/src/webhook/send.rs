//! The way to a receiver.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper::{Request, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};

use super::endpoint::{STRANGER, is_beside};
use super::post::Shipment;

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes one attempt; answers the receiver's status.
pub(crate) async fn send(shipment: &Shipment) -> Result<u16, String> {
    match tokio::time::timeout(PATIENCE, attempt(shipment)).await {
        Ok(answer) => answer.map_err(|error| cause(&*error)),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

/// Receivers close connections when they like; a new one each time cannot be one they closed.
async fn attempt(shipment: &Shipment) -> Result<u16, Box<dyn Error + Send + Sync>> {
    let url: Uri = shipment.url.parse()?;
    let authority = url.authority().ok_or("the URL has no host")?;
    let host = authority.host().trim_matches(['[', ']']);
    let is_secret = url.scheme_str() == Some("https");
    let port = authority.port_u16().unwrap_or(if is_secret { 443 } else { 80 });

    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let shown = authority.as_str().rsplit('@').next().unwrap_or_default();
    let mut request = Request::post(path)
        .header(header::HOST, shown)
        .header(header::USER_AGENT, concat!("cashfree-sandbox/", env!("CARGO_PKG_VERSION")))
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in &shipment.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(shipment.body.clone())))?;

    // What stands behind a name, or a number that only the system takes for an address, is known only now.
    let found = lookup_host((host, port)).await?;
    let found: Vec<SocketAddr> = found.filter(|found| shipment.anywhere || is_beside(found.ip())).collect();
    if found.is_empty() {
        return Err(STRANGER.into());
    }
    let stream = TcpStream::connect(found.as_slice()).await?;
    stream.set_nodelay(true)?;
    if is_secret {
        #[cfg(feature = "tls")]
        return exchange(secrecy::wrap(stream, host).await?, request).await;
        #[cfg(not(feature = "tls"))]
        return Err("https:// needs the feature `tls` of cashfree-sandbox".into());
    }
    exchange(stream, request).await
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<u16, Box<dyn Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with `sender`.
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?.status().as_u16())
}

/// The innermost reason: what a user can act on.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(feature = "tls")]
mod secrecy {
    use std::error::Error;
    use std::sync::Arc;

    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream;

    pub(super) async fn wrap(
        stream: TcpStream,
        host: &str,
    ) -> Result<TlsStream<TcpStream>, Box<dyn Error + Send + Sync>> {
        // The provider is named, so that it does not depend on the process.
        let provider = Arc::new(ring::default_provider());
        let anyone = Arc::new(Anyone(Arc::clone(&provider)));
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let config = config.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth();
        let name = ServerName::try_from(host.to_owned())?;
        Ok(TlsConnector::from(Arc::new(config)).connect(name, stream).await?)
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
        ) -> Result<ServerCertVerified, rustls::Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.signature_verification_algorithms.supported_schemes()
        }
    }
}
