//! TLS 1.3 with exactly one certificate on each side: the one on the partner's card. A listener may
//! wait for several partners; the certificate says which has come.
//!
//! No certificate authority is asked and no name is compared: two people read the card's
//! fingerprint to one another, and that certificate is pinned by its SHA-256. Sessions are never
//! resumed, so a card that was replaced counts from the next connection on.

use std::sync::Arc;

use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::NoServerSessionStorage;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, OtherError,
    ServerConfig, ServerConnection, SignatureScheme,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Both sides name the protocol, so that bytes meant for another service are never taken for ours.
const ALPN: &[u8] = b"renkei";

/// Why certificates or keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// Not PEM of what was expected.
    #[error("read the border {what}: {why}; restore it from backup or take a new card")]
    Pem {
        /// Which piece.
        what: &'static str,
        /// What is wrong.
        why: String,
    },
    /// Certificate and key do not fit each other or the library refuses them.
    #[error("use the border certificate: {0}; restore keys and certificate from one backup")]
    Refused(#[from] Error),
}

/// The peer showed another certificate than any card of those who are waited for.
#[derive(Debug, thiserror::Error)]
#[error(
    "it shows the certificate {seen}, {}; exchange cards again if that is right",
    named(pinned)
)]
struct WrongCertificate {
    seen: String,
    pinned: Vec<(Nation, String)>,
}

fn named(pinned: &[(Nation, String)]) -> String {
    let one =
        |(partner, digest): &(Nation, String)| format!("the card of {partner} names {digest}");
    pinned.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Both ends of the border's TLS.
pub(crate) struct Tls {
    /// For the side that listens.
    pub(crate) acceptor: TlsAcceptor,
    /// For the side that dials.
    pub(crate) connector: TlsConnector,
    pin: Arc<Pin>,
}

impl Tls {
    /// Shows `certificate` and takes only the certificates of `partners` (all PEM).
    ///
    /// # Errors
    /// [`TlsError`] when a piece is no PEM or key and certificate do not fit.
    pub(crate) fn new(
        certificate: &str,
        key: &str,
        partners: &[(Nation, &str)],
    ) -> Result<Self, TlsError> {
        let pem = |what| {
            move |e: rustls::pki_types::pem::Error| TlsError::Pem { what, why: e.to_string() }
        };
        let own = CertificateDer::from_pem_slice(certificate.as_bytes())
            .map_err(pem("certificate of this node"))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(pem("key of this node"))?;
        let mut pinned = Vec::new();
        for (partner, theirs) in partners {
            let theirs = CertificateDer::from_pem_slice(theirs.as_bytes())
                .map_err(pem("certificate on the partner's card"))?;
            pinned.push((*partner, Digest::of(&theirs)));
        }
        let provider = Arc::new(ring::default_provider());
        let pin = Arc::new(Pin { pinned, provider: provider.clone() });

        let mut server = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(pin.clone())
            .with_single_cert(vec![own.clone()], key.clone_key())?;
        server.alpn_protocols = vec![ALPN.into()];
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;

        let mut client = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(pin.clone())
            .with_client_auth_cert(vec![own], key)?;
        client.alpn_protocols = vec![ALPN.into()];
        client.resumption = Resumption::disabled();
        client.enable_sni = false;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(server)),
            connector: TlsConnector::from(Arc::new(client)),
            pin,
        })
    }

    /// Which partner's certificate the peer of a session showed.
    pub(crate) fn peer(&self, session: &ServerConnection) -> Option<Nation> {
        self.pin.partner(session.peer_certificates()?.first()?)
    }
}

/// What went wrong in a TLS stream, in words for the operator.
pub(crate) fn words(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(CertificateError::Other(OtherError(wrong)))) => {
            wrong.to_string()
        }
        Some(Error::AlertReceived(alert)) => {
            format!("it refused our certificate or our TLS ({alert:?}); exchange cards again")
        }
        Some(Error::NoCertificatesPresented) => "it shows no certificate".into(),
        _ if error.kind() == std::io::ErrorKind::UnexpectedEof => "the connection was cut".into(),
        _ => error.to_string(),
    }
}

/// Takes the certificates of those who are waited for and no other.
#[derive(Debug)]
struct Pin {
    pinned: Vec<(Nation, Digest)>,
    provider: Arc<CryptoProvider>,
}

impl Pin {
    fn partner(&self, certificate: &CertificateDer<'_>) -> Option<Nation> {
        let seen = Digest::of(certificate);
        self.pinned.iter().find(|(_, digest)| *digest == seen).map(|(partner, _)| *partner)
    }

    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        if self.partner(certificate).is_some() {
            return Ok(());
        }
        let short = |digest: Digest| digest.to_hex().chars().take(16).collect::<String>();
        let wrong = WrongCertificate {
            seen: short(Digest::of(certificate)),
            pinned: self
                .pinned
                .iter()
                .map(|(partner, digest)| (*partner, short(*digest)))
                .collect(),
        };
        Err(CertificateError::Other(OtherError(Arc::new(wrong))).into())
    }

    fn check_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// TLS 1.2 is not offered; were it spoken all the same, nothing would be believed.
fn no_tls12() -> Result<HandshakeSignatureValid, Error> {
    Err(Error::General("the border speaks TLS 1.3 only".into()))
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        no_tls12()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}

impl ClientCertVerifier for Pin {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(end_entity).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        no_tls12()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes()
    }
}
