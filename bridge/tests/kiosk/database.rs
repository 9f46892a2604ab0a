//! The site's database, asked by a program of its own.

use crate::running::PROGRAM;
use bridge::store::{Address, Place, Sqlite, Store as _, Target, Upstream, Way};
use bridge::tls::CertificateCommand;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use postgres_harness::Postgres;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// That of something that hangs.
const DEADLINE: Duration = Duration::from_mins(1);

/// Without a file of the site's own, those authorities count that the computer trusts.
#[tokio::test]
async fn a_certificate_is_verified_by_what_the_computer_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let [own, other] = ["own", "other"].map(|called| {
        let out = folder.path().join(called);
        std::fs::create_dir(&out).unwrap();
        let names = vec!["db.clinic.test".to_owned()];
        CertificateCommand::Make { names, out: out.clone() }.run(Timestamp::now()).unwrap();
        out
    });
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|file| own.join(file));
    let server = Postgres::start_encrypted(&certificate, &key).unwrap();
    let data = folder.path().join("data");
    let store = Arc::new(Sqlite::open(&data, false).unwrap());
    let address = Address::parse(&server.url(), &Way::default()).unwrap();
    let place = Place { site: "clinic".into(), bridge: "east".into(), numbers: 1..=9999 };
    let upstream = Upstream::start(Arc::clone(&store), Target { address, place }, |_| ()).unwrap();
    store.append(VisitId(1), Timestamp::now(), &Record::Started).unwrap();
    let begun = Instant::now();
    while upstream.unsent().unwrap() > 0 {
        assert!(begun.elapsed() < DEADLINE, "it hangs: {:?}", upstream.link());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    upstream.finish().await;
    drop((upstream, store));
    let port = server.port().unwrap();
    let address =
        format!("host=db.clinic.test hostaddr=127.0.0.1 port={port} user=uketsuke dbname=postgres");
    let doctor = |trusted: &std::path::Path| {
        let mut program = Command::new(PROGRAM);
        program.args(["doctor", "--postgres", &address, "--site", "clinic", "--bridge", "east"]);
        program.arg("--data").arg(&data).current_dir(folder.path());
        let output = program.env("SSL_CERT_FILE", trusted.join("ca.pem")).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let said = doctor(&own);
    assert!(said.contains("it holds 1 lines of this bridge's audit"), "{said}");
    let said = doctor(&other);
    assert!(said.contains("the certificate of the site's database is not accepted"), "{said}");
}
