//! Over a server that is reached by TLS only, as one on another computer.

use super::*;
use crate::tls::CertificateCommand;
use std::path::{Path, PathBuf};

/// The name in the server's certificate. Nobody looks it up: the address stands beside it.
const NAME: &str = "db.clinic.test";

/// Makes a certificate and its authority in a folder of that name; gives that.
fn certificate(folder: &Path, called: &str) -> PathBuf {
    let out = folder.join(called);
    std::fs::create_dir(&out).unwrap();
    let make = CertificateCommand::Make { names: vec![NAME.into()], out: out.clone() };
    make.run(Timestamp::now()).unwrap();
    out
}

fn far(server: &Server, name: &str, way: &Way) -> Address {
    let port = server.port().unwrap();
    let text = format!("host={name} hostaddr=127.0.0.1 port={port} user=uketsuke dbname=postgres");
    Address::parse(&text, way).unwrap()
}

fn trusting(authority: &Path) -> Way {
    Way { unencrypted: false, authority: Some(authority.join("ca.pem")) }
}

fn start_at(store: &Arc<Sqlite>, address: Address) -> Upstream {
    let target = Target { address, place: place("a", 1..=9999) };
    Upstream::start(Arc::clone(store), target, |_| ()).unwrap()
}

#[test]
fn a_database_on_another_computer_is_told_everything_by_tls() {
    let folder = tempfile::tempdir().unwrap();
    let own = certificate(folder.path(), "own");
    let server =
        Server::start_encrypted(&own.join("certificate.pem"), &own.join("key.pem")).unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let address = far(&server, NAME, &trusting(&own));
    let upstream = start_at(&store, address.clone());
    story(&*store);
    all_sent(&store, &upstream);
    assert_eq!(told(&Postgres::open(&address, &place("a", 1..=9999)).unwrap()), told(&*store));
    let encrypted = ask(&server, async |client| {
        let sql = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE application_name = 'uketsuke-bridge'";
        client.query_one(sql, &[]).await.unwrap().get::<_, Option<bool>>(0)
    });
    assert_eq!(encrypted, Some(true));
    finish(&upstream);
}

#[test]
fn another_authority_and_another_name_are_refused_and_told_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [own, other] = ["own", "other"].map(|called| certificate(folder.path(), called));
    let server =
        Server::start_encrypted(&own.join("certificate.pem"), &own.join("key.pem")).unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    records(&*store, 1, &[Record::Started]);
    let missing = folder.path().join("missing");
    for (address, said) in [
        (far(&server, NAME, &trusting(&other)), "is not accepted (BadSignature)"),
        (
            far(&server, "db.elsewhere.test", &trusting(&own)),
            "is not accepted (certificate not valid for name",
        ),
        (far(&server, NAME, &trusting(&missing)), "cannot read"),
    ] {
        let upstream = start_at(&store, address);
        wait_for(&upstream, said, |state| matches!(state, LinkState::Refused(_)));
        let state = upstream.link().state;
        assert!(state.why().unwrap().contains(said), "{state:?}");
        assert!(store.unsent().unwrap() > 0);
        finish(&upstream);
        runtime().block_on(upstream.ended());
    }
    let tables = ask(&server, async |client| {
        let sql = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
        client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    });
    assert_eq!(tables, 0, "nobody came in");
    // The right one is taken by the same store.
    let upstream = start_at(&store, far(&server, NAME, &trusting(&own)));
    all_sent(&store, &upstream);
    finish(&upstream);
}

#[test]
fn a_server_that_knows_no_tls_is_not_spoken_to_in_plain() {
    let folder = tempfile::tempdir().unwrap();
    let own = certificate(folder.path(), "own");
    let server = Server::start_on_loopback().unwrap();
    let away = Postgres::open(&far(&server, NAME, &trusting(&own)), &place("a", 1..=9999));
    let why = away.err().unwrap().to_string();
    assert!(why.contains("does not support TLS"), "{why}");
    let plain = Way { unencrypted: true, authority: None };
    Postgres::open(&far(&server, NAME, &plain), &place("a", 1..=9999)).unwrap();
}
