//! How connections are secured. Certificates are always checked; nothing here turns that off.
//!
//! rustls is set up here and not by reqwest, because reqwest knows aws-lc only, and some want ring. Two
//! things follow: the `rustls` of this crate has to be the one reqwest uses (another version shows as
//! "Unknown TLS backend" when a client is built, which the tests would see), and reqwest's own TLS settings
//! have no effect.

use crate::answer::error::Error;

/// The TLS implementation of a client. Each needs the cargo feature of its name.
///
/// Without a choice it is the first of these that is compiled in: rustls on aws-lc, rustls on ring,
/// native TLS. So a feature that another crate turns on never changes what the default one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// rustls on aws-lc: feature `rustls-aws-lc`, the default.
    RustlsAwsLc,
    /// rustls on ring: feature `rustls-ring`.
    RustlsRing,
    /// The TLS of the system: feature `native-tls`.
    Native,
}

impl Tls {
    /// The order of choice.
    const ALL: [Self; 3] = [Self::RustlsAwsLc, Self::RustlsRing, Self::Native];

    fn feature(self) -> (&'static str, bool) {
        match self {
            Self::RustlsAwsLc => ("rustls-aws-lc", cfg!(feature = "rustls-aws-lc")),
            Self::RustlsRing => ("rustls-ring", cfg!(feature = "rustls-ring")),
            Self::Native => ("native-tls", cfg!(feature = "native-tls")),
        }
    }

    fn is_compiled(self) -> bool {
        self.feature().1
    }
}

/// What a client's TLS is made from.
pub(crate) struct TlsSettings<'a> {
    pub(crate) choice: Option<Tls>,
    /// PEM, each with one or more certificates.
    #[cfg_attr(not(any(feature = "native-tls", feature = "__rustls")), expect(dead_code))]
    pub(crate) roots: &'a [Vec<u8>],
    /// Whether any connection can be `https`. If none can, the system's roots are not even read: a
    /// container without them still reaches a sandbox on loopback.
    pub(crate) needed: bool,
}

/// Sets up TLS.
///
/// # Errors
/// A configuration error on `tls` or `root_certificate`.
pub(crate) fn configure(
    http: reqwest::ClientBuilder,
    settings: &TlsSettings<'_>,
) -> Result<reqwest::ClientBuilder, Error> {
    let chosen = match settings.choice {
        Some(tls) if !tls.is_compiled() => {
            let (feature, _) = tls.feature();
            return Err(Error::configuration("tls", format!("needs the cargo feature {feature}")));
        }
        Some(tls) => Some(tls),
        None => Tls::ALL.into_iter().find(|tls| tls.is_compiled()),
    };
    match chosen {
        None if settings.needed => Err(Error::configuration(
            "tls",
            "is needed for https: turn on one of the cargo features rustls-aws-lc, rustls-ring, native-tls",
        )),
        None => Ok(http),
        Some(Tls::Native) => native(http, settings),
        Some(tls) => rustls(http, tls, settings),
    }
}

#[cfg(feature = "native-tls")]
fn native(
    mut http: reqwest::ClientBuilder,
    settings: &TlsSettings<'_>,
) -> Result<reqwest::ClientBuilder, Error> {
    http = http.tls_backend_native();
    for pem in settings.roots {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| wrong_root())?;
        if certificates.is_empty() {
            return Err(wrong_root());
        }
        http = certificates.into_iter().fold(http, reqwest::ClientBuilder::add_root_certificate);
    }
    Ok(http)
}

#[cfg(not(feature = "native-tls"))]
fn native(http: reqwest::ClientBuilder, _: &TlsSettings<'_>) -> Result<reqwest::ClientBuilder, Error> {
    Ok(http)
}

#[cfg(feature = "__rustls")]
fn rustls(
    http: reqwest::ClientBuilder,
    tls: Tls,
    settings: &TlsSettings<'_>,
) -> Result<reqwest::ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, pem::PemObject},
    };
    use rustls_platform_verifier::Verifier;

    let mut roots = Vec::new();
    for pem in settings.roots {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.push(certificate.map_err(|_| wrong_root())?);
        }
        if roots.len() == before {
            return Err(wrong_root());
        }
    }
    let provider = provider(tls, settings.choice.is_some());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::configuration("tls", format!("does not work: {e}")))?;
    let mut config = if settings.needed || !roots.is_empty() {
        // The roots come first in what can be wrong: without any of our own, only the system can be.
        let given = !roots.is_empty();
        let verifier = verifier(roots, provider).map_err(|e| match given {
            true => wrong_root(),
            false => Error::configuration("tls", format!("cannot use the system's certificates: {e}")),
        })?;
        config
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Verifier>::new(verifier))
            .with_no_client_auth()
    } else {
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    if cfg!(feature = "http2") {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(http.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "__rustls"))]
fn rustls(
    http: reqwest::ClientBuilder,
    _: Tls,
    _: &TlsSettings<'_>,
) -> Result<reqwest::ClientBuilder, Error> {
    Ok(http)
}

/// The checks of the platform: the same as reqwest makes by default.
#[cfg(feature = "__rustls")]
fn verifier(
    roots: Vec<rustls::pki_types::CertificateDer<'static>>,
    provider: std::sync::Arc<rustls::crypto::CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    use rustls_platform_verifier::Verifier;
    if roots.is_empty() {
        return Verifier::new(provider);
    }
    #[cfg(not(target_os = "android"))]
    return Verifier::new_with_extra_roots(roots, provider);
    #[cfg(target_os = "android")]
    return Err(rustls::Error::General("Android takes no roots besides its own".to_owned()));
}

/// The provider that was chosen; without a choice the process's own, if it has set one.
#[cfg(feature = "__rustls")]
fn provider(tls: Tls, chosen: bool) -> std::sync::Arc<rustls::crypto::CryptoProvider> {
    let default = rustls::crypto::CryptoProvider::get_default();
    if let (false, Some(default)) = (chosen, default) {
        return default.clone();
    }
    let provider = match tls {
        #[cfg(feature = "rustls-aws-lc")]
        Tls::RustlsAwsLc => rustls::crypto::aws_lc_rs::default_provider(),
        #[cfg(feature = "rustls-ring")]
        _ => rustls::crypto::ring::default_provider(),
        #[cfg(not(feature = "rustls-ring"))]
        _ => rustls::crypto::aws_lc_rs::default_provider(),
    };
    provider.into()
}

#[cfg(any(feature = "native-tls", feature = "__rustls"))]
fn wrong_root() -> Error {
    Error::configuration("root_certificate", "must be one or more certificates in PEM form")
}
