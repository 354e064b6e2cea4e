//! HTTPS with a certificate of our own making, for clients that have `https://` built in.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that the certificate is good for, besides the one that was asked for.
const NAMES: [&str; 5] = ["localhost", "127.0.0.1", "::1", "sandbox.cashfree.com", "api.cashfree.com"];

/// An authority that nobody but this machine need trust, and what it has certified.
pub(crate) struct Identity {
    /// What clients are told to trust, as PEM.
    pub(crate) authority: String,
    pub(crate) acceptor: tokio_rustls::TlsAcceptor,
}

impl Identity {
    /// Makes a certificate for `host`, by the authority in `folder`, which is made on first use: whoever trusts
    /// it once need not do so again.
    pub(crate) fn make(host: &str, folder: Option<&Path>) -> io::Result<Self> {
        let authority = Authority::open(folder)?;
        let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        names.push(host.to_owned());
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.distinguished_name.push(DnType::CommonName, "Cashfree sandbox on this machine");
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = Issuer::new(authority_params(), authority.key);
        let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { authority: authority.certificate, acceptor: Arc::new(config).into() })
    }
}

/// Certificate and key, as PEM.
struct Authority {
    certificate: String,
    key: KeyPair,
}

impl Authority {
    fn open(folder: Option<&Path>) -> io::Result<Self> {
        let files = folder.map(|folder| (folder.join("ca.pem"), folder.join("ca.key")));
        if let Some((certificate, key)) = &files
            && let (Ok(certificate), Ok(key)) =
                (std::fs::read_to_string(certificate), std::fs::read_to_string(key))
        {
            let key = KeyPair::from_pem(&key).map_err(io::Error::other)?;
            return Ok(Self { certificate, key });
        }
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = authority_params().self_signed(&key).map_err(io::Error::other)?.pem();
        if let Some((certificate_file, key_file)) = files {
            keep(&certificate_file, &certificate, &key_file, &key)?;
        }
        Ok(Self { certificate, key })
    }
}

/// What the authority is, whenever it was made.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Cashfree sandbox authority of this machine");
    params
}

fn keep(certificate_file: &PathBuf, certificate: &str, key_file: &PathBuf, key: &KeyPair) -> io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = certificate_file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(certificate_file, certificate)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Whoever has the key is trusted as the authority is.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(key_file)?.write_all(key.serialize_pem().as_bytes())
}
