//! Requests to others: only to hosts that the settings name, TLS against the public roots or those of a file. No
//! redirect is followed; how long an answer may take, and how large it may be, the caller says.

use std::path::Path;

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Cheap to clone; keeps connections open.
pub type Client = hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client that trusts the public roots, or only the certificates of a file.
///
/// # Errors
/// A file that cannot be read or holds no certificate, in words for the person at the terminal.
pub fn client(ca_file: Option<&Path>) -> Result<Client, String> {
    let unusable = |e: rustls::Error| format!("TLS cannot be used: {e}");
    let ring = rustls::crypto::ring::default_provider();
    let builder = HttpsConnectorBuilder::new();
    let builder = match ca_file {
        None => builder.with_provider_and_webpki_roots(ring).map_err(unusable)?,
        Some(path) => {
            let config = ClientConfig::builder_with_provider(ring.into())
                .with_safe_default_protocol_versions()
                .map_err(unusable)?
                .with_root_certificates(roots(path)?)
                .with_no_client_auth();
            builder.with_tls_config(config)
        }
    };
    let tls = builder.https_or_http().enable_http1().build();
    Ok(hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(tls))
}

fn roots(path: &Path) -> Result<RootCertStore, String> {
    let wrong = |why: String| format!("cannot use the certificates in {}: {why}", path.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| wrong(e.to_string()))? {
        let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
        roots.add(certificate).map_err(|e| wrong(e.to_string()))?;
    }
    if roots.is_empty() { Err(wrong("there are none".into())) } else { Ok(roots) }
}
