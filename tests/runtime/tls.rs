//! Certificates are checked: only one that is valid, for this host and from a trusted root, is talked to.

use std::sync::Arc;

use crate::support::{Reply, builder, read_request, write_answer};
use cashfree_pg::{ApiVersion, Error, ErrorKind, Method, Tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::net::TcpListener;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

/// A server with this certificate, and its port.
async fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> u16 {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                while let Some(request) = read_request(&mut stream, &mut Vec::new()).await {
                    let reply = Reply::json(200, serde_json::json!({ "target": request.target }));
                    write_answer(&mut stream, &reply).await.unwrap();
                }
            });
        }
    });
    port
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Calls `https://host:port`, trusting these roots besides the system's.
async fn call(host: &str, port: u16, roots: &[String]) -> Result<(), Error> {
    let builder = roots.iter().fold(builder(&format!("https://{host}:{port}/pg")), |builder, root| {
        builder.root_certificate(root.as_bytes())
    });
    let version = ApiVersion::new("2025-01-01").unwrap();
    builder.build()?.request(version, Method::POST, "/orders").await.map(drop)
}

#[tokio::test]
async fn only_a_valid_certificate_is_talked_to() {
    let authority = authority();
    let root = vec![authority.pem()];
    let issued = |host: &str, until: i32| {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        (params.signed_by(&key, &authority).unwrap().der().clone(), key)
    };
    let (good, good_key) = issued("localhost", 2090);
    let (expired, expired_key) = issued("localhost", 2021);
    let (elsewhere, elsewhere_key) = issued("api.cashfree.com", 2090);
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();

    let good = serve(good, &good_key).await;
    call("localhost", good, &root).await.unwrap();

    let refused = [
        ("an unknown root", call("localhost", good, &[]).await),
        ("another host", call("127.0.0.1", good, &root).await),
        ("expired", call("localhost", serve(expired, &expired_key).await, &root).await),
        ("for another host", call("localhost", serve(elsewhere, &elsewhere_key).await, &root).await),
        (
            "self-signed",
            call("localhost", serve(own.cert.der().clone(), &own.signing_key).await, &root).await,
        ),
    ];
    for (name, result) in refused {
        let error = result.expect_err(name);
        assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::NeverSent, 3), "{name}");
        let chain = format!("{:?}", anyhow::Error::new(error));
        assert!(chain.contains("certificate"), "{name}: {chain}");
    }
}

#[test]
fn a_root_that_is_no_certificate_is_refused() {
    let build = |pem: &str| builder("https://localhost/pg").root_certificate(pem).build();
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = build(pem).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Configuration, Some("root_certificate")),
            "{pem}"
        );
    }
}

#[test]
fn a_tls_that_is_not_compiled_in_is_a_wrong_setting() {
    for (tls, feature, compiled) in [
        (Tls::RustlsRing, "rustls-ring", cfg!(feature = "rustls-ring")),
        (Tls::RustlsAwsLc, "rustls-aws-lc", cfg!(feature = "rustls-aws-lc")),
        (Tls::Native, "native-tls", cfg!(feature = "native-tls")),
    ] {
        match builder("https://localhost/pg").tls(tls).build() {
            Ok(_) => assert!(compiled),
            Err(error) => {
                assert!(!compiled, "{error}");
                assert_eq!(
                    error.to_string(),
                    format!("wrong configuration: tls needs the cargo feature {feature}")
                );
            }
        }
    }
}
