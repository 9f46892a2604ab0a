//! The card in a real pcscd, read by `OpenSC`.

use std::{
    io::Write as _,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use myna_card::Certificate;
use sha2::{Digest, Sha256};
use virtual_card::{Speed, harness::Pcscd};

use crate::card;

/// One `OpenSC` tool, told to use its jpki driver (other cards share the ATR); its standard output.
fn opensc(program: &str, arguments: &[&str]) -> String {
    let path = Path::new("/usr/bin").join(program);
    assert!(path.exists(), "{program} is missing: install the Debian package `opensc`");
    let output = Command::new(path).args(arguments).env("OPENSC_DRIVER", "jpki").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

#[test]
fn opensc_reads_the_card_over_pcscd_and_signs_with_it() {
    let mut pcscd = Pcscd::start().unwrap_or_else(|error| panic!("{error}"));
    let valid = card("valid");
    valid.prepare();
    let valid = Arc::new(Mutex::new(valid));
    let inserted = pcscd.insert(Arc::clone(&valid), Speed::Instant).unwrap();

    let name = opensc("opensc-tool", &["-n"]);
    assert_eq!(name.trim(), "jpki");
    let dump = opensc("pkcs15-tool", &["-D"]);
    for part in [
        "User Authentication Certificate",
        "Digital Signature Certificate",
        "Tries left     : 3",
        "Tries left     : 5",
    ] {
        assert!(dump.contains(part), "no {part:?} in {dump}");
    }

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let digest = Sha256::digest(b"a fresh challenge");
    std::fs::write(file("digest"), digest).unwrap();
    let sign = [
        "--sign",
        "--pkcs1",
        "--sha-256",
        "--key",
        "1",
        "--pin",
        "1234",
        "-i",
        &file("digest"),
        "-o",
        &file("sig"),
        "--raw",
    ];
    opensc("pkcs15-crypt", &sign);
    let certificate = opensc("pkcs15-tool", &["--read-certificate", "1"]);
    std::fs::write(file("pem"), certificate).unwrap();
    let der = pem_to_der(&std::fs::read_to_string(file("pem")).unwrap());
    let key = Certificate::parse(&der).unwrap().public_key().unwrap();
    key.verify_pkcs1_sha256(b"a fresh challenge", &std::fs::read(file("sig")).unwrap()).unwrap();

    // Another card in the same slot, and the first one again: its counters are its own.
    let other = Arc::new(Mutex::new(card("face-only")));
    let inserted = pcscd.swap(inserted, other, Speed::Instant).unwrap();
    let inserted = pcscd.swap(inserted, valid, Speed::Instant).unwrap();
    assert!(opensc("pkcs15-tool", &["--list-pins"]).contains("Tries left     : 3"));
    pcscd.pull(inserted).unwrap();
}

#[test]
fn the_program_puts_a_card_in_and_takes_it_out() {
    let mut pcscd = Pcscd::start().unwrap_or_else(|error| panic!("{error}"));
    let address = pcscd.slot(0, 0).address();
    let persona = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/personas/valid.toml");
    let mut program = Command::new(env!("CARGO_BIN_EXE_virtual-card"))
        .args(["--persona", persona, "--speed", "instant", "--vpcd", &address])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    pcscd.wait_for_card(true).unwrap();
    assert_eq!(opensc("opensc-tool", &["-n"]).trim(), "jpki");
    program.stdin.take().unwrap().write_all(b"pull\n").unwrap();
    pcscd.wait_for_card(false).unwrap();
    assert!(program.wait().unwrap().success());
}

#[test]
fn the_program_says_when_no_reader_listens() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let persona = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/personas/valid.toml");
    let program = Command::new(env!("CARGO_BIN_EXE_virtual-card"))
        .args(["--persona", persona, "--vpcd", &address])
        .output()
        .unwrap();
    assert!(!program.status.success());
    let message = String::from_utf8(program.stderr).unwrap();
    assert!(
        message.contains("no virtual reader at 127.0.0.1") && message.contains("vsmartcard-vpcd"),
        "{message}"
    );
}

fn pem_to_der(pem: &str) -> Vec<u8> {
    let start = pem.find("-----BEGIN").unwrap();
    x509_cert::der::pem::decode_vec(pem[start..].trim().as_bytes()).unwrap().1
}
