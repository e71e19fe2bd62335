//! A wire-tap on the border for tests: holds both nodes' keys, ends TLS on either side, and keeps
//! every plaintext byte that went from the listening node to the dialling one.
//!
//! This is what a partner's own engineer could read: the bytes as they are, and what a node makes of
//! them, for protocol 2 packs them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use renkei_link::{Border, BorderConfig, Event, Restored};
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition};
use renkei_model::time::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::version::TLS13;
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::harness::Node;

type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// What it heard; the tap lives as long as this does.
pub(crate) struct Tap {
    /// Where the dialling node must dial.
    pub(crate) address: SocketAddr,
    /// By connection.
    heard: Heard,
    _runtime: tokio::runtime::Runtime,
}

impl Tap {
    /// Stands between `dialler` and `listener`, whose border listens at `border`.
    pub(crate) fn between(dialler: &Node, listener: &Node, border: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (acceptor, connector) = (acceptor(&listener.dir), connector(&dialler.dir));
        let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = socket.local_addr().unwrap();
        let log = heard.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let (acceptor, connector) = (acceptor.clone(), connector.clone());
                tokio::spawn(carry(stream, border, acceptor, connector, log.clone()));
            }
        });
        Self { address, heard, _runtime: runtime }
    }

    /// Whether `needle` went over so far.
    pub(crate) fn heard(&self, needle: &[u8]) -> bool {
        let holds = |bytes: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle);
        let heard = self.heard.lock().unwrap();
        heard.iter().any(|bytes| holds(bytes) || unpacked(bytes).iter().any(holds))
    }

    /// Bytes heard so far.
    pub(crate) fn len(&self) -> usize {
        self.heard.lock().unwrap().iter().map(Vec::len).sum()
    }
}

/// What a node of the partner takes out of the bytes of one connection, each as canonical CBOR.
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let config = BorderConfig {
        own: Nation::USA,
        partner: Nation::JPN,
        partition: Partition::Exercise("test".into()),
        // Later than any that the real partner was in, so that what the other side holds of it fits.
        epoch: u32::MAX,
        boot: 1,
        policy_version: 1,
        policy: Digest([0; 32]),
    };
    let mut border = Border::restore(config, &Restored::default());
    border.connected(1, Timestamp(0));
    let events = border.receive(1, &without_receipts(bytes), Timestamp(0));
    let taken = events.into_iter().filter_map(|event| match event {
        Event::Observation { release, .. } => Some(release.to_bytes()),
        Event::Record { record, .. } => Some(record.bytes),
        _ => None,
    });
    taken.collect()
}

/// The frames without ACK and CREDIT: they answer to what this reader never sent.
fn without_receipts(mut bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    while let [high, low, kind, ..] = *bytes {
        let length = (7 + usize::from(u16::from_be_bytes([high, low]))).min(bytes.len());
        let (frame, rest) = bytes.split_at(length);
        if !matches!(kind, 0x04 | 0x05) {
            kept.extend_from_slice(frame);
        }
        bytes = rest;
    }
    kept
}

/// One connection, until either side ends it.
async fn carry(
    stream: TcpStream,
    border: SocketAddr,
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    log: Heard,
) -> Option<()> {
    let dialler = acceptor.accept(stream).await.ok()?;
    let name = ServerName::try_from("tap.renkei.internal").ok()?;
    let onward = TcpStream::connect(border).await.ok()?;
    let listener = connector.connect(name, onward).await.ok()?;
    let (mut from_dialler, mut to_dialler) = tokio::io::split(dialler);
    let (mut from_listener, mut to_listener) = tokio::io::split(listener);
    let this = {
        let mut all = log.lock().unwrap();
        all.push(Vec::new());
        all.len() - 1
    };
    let listening = async move {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(n @ 1..) = from_listener.read(&mut bytes).await {
            log.lock().unwrap()[this].extend_from_slice(&bytes[..n]);
            if to_dialler.write_all(&bytes[..n]).await.is_err() || to_dialler.flush().await.is_err()
            {
                break;
            }
        }
    };
    tokio::select! {
        () = listening => {}
        _ = copy(&mut from_dialler, &mut to_listener) => {}
    }
    Some(())
}

fn identity(dir: &Path) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let keys = dir.join("keys/exercise-test");
    let certificate = CertificateDer::from_pem_file(keys.join("border.pem")).unwrap();
    (vec![certificate], PrivateKeyDer::from_pem_file(keys.join("border.key")).unwrap())
}

fn acceptor(dir: &Path) -> TlsAcceptor {
    let (certificate, key) = identity(dir);
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_client_cert_verifier(Arc::new(Anyone))
        .with_single_cert(certificate, key)
        .unwrap();
    config.alpn_protocols = vec![b"renkei".into()];
    TlsAcceptor::from(Arc::new(config))
}

fn connector(dir: &Path) -> TlsConnector {
    let (certificate, key) = identity(dir);
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_client_auth_cert(certificate, key)
        .unwrap();
    config.alpn_protocols = vec![b"renkei".into()];
    TlsConnector::from(Arc::new(config))
}

/// Takes every certificate: the nodes check each other's, the tap shows the right ones.
#[derive(Debug)]
struct Anyone;

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
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for Anyone {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        ServerCertVerifier::verify_tls12_signature(self, message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        ServerCertVerifier::verify_tls13_signature(self, message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ServerCertVerifier::supported_verify_schemes(self)
    }
}
