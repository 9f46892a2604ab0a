//! The staff pages on the site's network: encrypted, for staff only, and slow for whoever guesses or dawdles.

use crate::accounts::{PASSWORD, manager};
use crate::site::{Site, site_at};
use crate::tray::{ours, request};
use bridge::config::{Config, NetworkOptions, Options};
use protocol::account::{Doorway, Recovery, Secret};
use protocol::staff::Entered;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use totp_rs::{Algorithm, TOTP};

const NAME: &str = "kiosk.example";
/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

/// A patients' board on the network too, with a certificate of its own.
async fn networked(limits: impl FnOnce(&mut Config)) -> (Site, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let make = bridge::tls::CertificateCommand::Make {
        names: vec![NAME.into()],
        out: folder.path().into(),
    };
    make.run(jiff::Timestamp::now()).unwrap();
    let change = |options: &mut Options| {
        options.reader = Some("no such reader".into());
        options.network = Some(NetworkOptions {
            listen: "127.0.0.1:0".into(),
            names: vec![NAME.into()],
            certificate: folder.path().join("certificate.pem"),
            key: folder.path().join("key.pem"),
        });
    };
    let (site, _) = site_at(change, limits).await;
    (site, folder)
}

async fn connect(
    site: &Site,
    certificates: &Path,
    name: &'static str,
) -> Option<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(certificates.join("ca.pem")).unwrap();
    roots.add(ca).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(site.bridge.network.unwrap()).await.unwrap();
    let name = ServerName::try_from(name).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
}

struct Network<'a> {
    site: &'a Site,
    certificates: &'a Path,
    host: String,
}

impl Network<'_> {
    async fn ask(&self, line: &str, headers: &str, body: &str) -> (u16, String, String) {
        let mut stream = connect(self.site, self.certificates, NAME).await.unwrap();
        let (host, length) = (&self.host, body.len());
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = Vec::new();
        // Some servers end without a farewell.
        let _ = stream.read_to_end(&mut text).await;
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_ascii_lowercase(), body.to_owned())
    }

    fn ours(&self, session: &str) -> String {
        let (host, token) = (&self.host, &self.site.bridge.token);
        format!(
            "Origin: https://{host}\r\nX-Uketsuke-Token: {token}\r\nX-Uketsuke-Staff: {session}\r\n"
        )
    }

    async fn post(&self, verb: &str, session: &str, body: &str) -> (u16, String) {
        let line = format!("POST /staff/api/{verb}");
        let (status, _, body) = self.ask(&line, &self.ours(session), body).await;
        (status, body)
    }
}

fn network<'a>(site: &'a Site, certificates: &'a tempfile::TempDir) -> Network<'a> {
    let host = format!("{NAME}:{}", site.bridge.network.unwrap().port());
    Network { site, certificates: certificates.path(), host }
}

#[tokio::test]
async fn only_the_staff_pages_are_there_under_their_names() {
    let (site, certificates) = networked(|_| {}).await;
    let network = network(&site, &certificates);
    let (status, head, _) = network.ask("GET /", "", "").await;
    assert!(status == 303 && head.contains("location: /staff"), "{status} {head}");
    assert!(head.contains("strict-transport-security: max-age="), "{head}");
    for path in [
        "/health",
        "/index.html",
        "/practice",
        "/practice/api/tray",
        "/kiosk",
        "/k/first",
        "/k/first/kiosk",
        "/statement.svg",
        "/models/prepared.json",
    ] {
        let (status, ..) = network.ask(&format!("GET {path}"), &network.ours(""), "").await;
        assert_eq!(status, 404, "{path}");
    }
    assert_eq!(network.ask("GET /kiosk_web.js", "", "").await.0, 200, "the page's own script");
    let (status, _, body) = network.ask("GET /staff/api/door", &network.ours(""), "").await;
    assert_eq!(status, 200, "{body}");
    let door: Doorway = serde_json::from_str(&body).unwrap();
    let closed = Doorway { passcode: false, account: false, first: false, code: true };
    assert_eq!(door, closed, "the first manager is made on the computer itself");

    // Another name for the same address, as a page of somebody else might have it.
    for host in [site.bridge.network.unwrap().to_string(), "evil.example".into(), NAME.into()] {
        let other = Network { host: host.clone(), ..network_of(&network) };
        assert_eq!(other.ask("GET /staff/api/door", &other.ours(""), "").await.0, 421, "{host}");
    }
    let plain = network.ours("").replace("https://", "http://");
    assert_eq!(network.ask("POST /staff/api/login", &plain, "{}").await.0, 403);
    assert!(connect(&site, certificates.path(), "other.example").await.is_none());
    let health = request(&site, "GET /health", "", b"").await.body;
    assert!(health.contains(r#""certificate_days":82"#), "{health}");
    site.stop().await;
}

fn network_of<'a>(network: &Network<'a>) -> Network<'a> {
    Network { site: network.site, certificates: network.certificates, host: String::new() }
}

#[tokio::test]
async fn over_the_network_an_account_needs_its_authenticator() {
    let (site, certificates) = networked(|_| {}).await;
    let network = network(&site, &certificates);
    let here = manager(&site).await;
    assert_eq!(network.post("enter", "", r#"{"passcode":"0000"}"#).await.0, 409);
    let board = async |session: &str| {
        network.ask("GET /staff/api/board", &network.ours(session), "").await.0
    };
    assert_eq!(board(&here).await, 401, "a session belongs to its side");
    let log_in =
        |code: &str| format!(r#"{{"name":"院長","password":"{PASSWORD}","code":"{code}"}}"#);
    let (status, body) = network.post("login", "", &log_in("")).await;
    assert_eq!(status, 200, "{body}");
    let entered: Entered = serde_json::from_str(&body).unwrap();
    assert!(entered.me.unwrap().authenticator_first);
    let session = entered.session.expose();
    assert_eq!(board(session).await, 403);
    assert_eq!(network.post("accounts/add", session, "{}").await.0, 403);
    let back = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    assert_eq!(request(&site, "GET /staff/api/board", &back, b"").await.status, 401);

    let (status, body) = network.post("me/authenticator", session, "").await;
    assert_eq!(status, 200, "{body}");
    let secret: Secret = serde_json::from_str(&body).unwrap();
    let key = totp_rs::Secret::Encoded(secret.secret.expose().into()).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key).unwrap();
    let code = totp.generate_current().unwrap();
    let confirm = format!(r#"{{"code":"{code}"}}"#);
    let (status, body) = network.post("me/authenticator/confirm", session, &confirm).await;
    assert_eq!(status, 200, "{body}");
    let recovery: Recovery = serde_json::from_str(&body).unwrap();
    assert_eq!(board(session).await, 200);
    assert_eq!(network.post("login", "", &log_in("")).await.0, 403);
    assert_eq!(network.post("login", "", &log_in(&code)).await.0, 403, "it was taken already");
    let lost = recovery.codes[0].expose();
    assert_eq!(network.post("login", "", &log_in(lost)).await.0, 200);
    assert_eq!(network.post("login", "", &log_in(lost)).await.0, 403);
    site.stop().await;
}

#[tokio::test]
async fn whoever_is_slow_or_takes_all_places_is_left() {
    let (site, certificates) =
        networked(|config| config.limits.head = Duration::from_millis(500)).await;
    let address = site.bridge.network.unwrap();
    let ends = async |mut stream: TcpStream| {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
        // An end or a reset, but no answer of HTTP.
        assert!(read.is_ok() && !rest.starts_with(b"HTTP"), "{rest:?}");
    };
    ends(TcpStream::connect(address).await.unwrap()).await;
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /staff HTTP/1.1\r\nHost: kiosk.example\r\n\r\n").await.unwrap();
    ends(plain).await;
    site.stop().await;

    let (site, certificates_2) = networked(|config| config.limits.head = PATIENCE).await;
    let address = site.bridge.network.unwrap();
    let mut held = Vec::new();
    for _ in 0..24 {
        held.push(TcpStream::connect(address).await.unwrap());
    }
    ends(TcpStream::connect(address).await.unwrap()).await;
    let health = request(&site, "GET /health", "", b"").await;
    assert!(health.body.contains("uptime_s"), "the computer itself is served: {health:?}");
    held.clear();
    let network = network(&site, &certificates_2);
    let deadline = std::time::Instant::now() + PATIENCE;
    while connect(&site, certificates_2.path(), NAME).await.is_none() {
        assert!(std::time::Instant::now() < deadline, "places are given back");
    }
    assert_eq!(network.ask("GET /staff/api/door", &network.ours(""), "").await.0, 200);
    drop(certificates);
    site.stop().await;
}
