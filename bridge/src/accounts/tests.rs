//! What the network asks for beside the password, and that its guesses close nothing else.

use super::authenticator::step;
use super::*;
use crate::rights::Role;
use jiff::SignedDuration;
use protocol::Redacted;
use totp_rs::{Algorithm, Secret, TOTP};

const PASSWORD: &str = "three words here";

fn text(text: &str) -> Redacted {
    Redacted::new(text.into())
}

fn from(reach: Reach, address: &str) -> Caller {
    Caller { reach, address: address.parse().unwrap() }
}

fn now() -> Timestamp {
    "2026-11-28T01:00:00Z".parse().unwrap()
}

/// A vault with one member, who has an authenticator: its secret, its id and its recovery codes.
fn vault() -> (tempfile::TempDir, Vault, Vec<u8>, String, Vec<Redacted>) {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = Vault::open(folder.path()).unwrap();
    let here = from(Reach::Computer, "127.0.0.1");
    let (id, code) = vault.add("佐藤", Role::Manager, now()).unwrap();
    vault.join(&here, "佐藤", &code, &text(PASSWORD), now()).unwrap();
    let secret = vault.new_authenticator(&id).unwrap();
    let key = Secret::Encoded(secret.secret.expose().into()).to_bytes().unwrap();
    let before = now() - SignedDuration::from_mins(5);
    let confirm = text(&code_at(&key, before));
    let codes = vault.confirm_authenticator(&here, &id, &confirm, before).unwrap().codes;
    (folder, vault, key, id, codes)
}

fn code_at(key: &[u8], at: Timestamp) -> String {
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key.to_vec()).unwrap();
    totp.generate(at.as_second().unsigned_abs())
}

#[test]
fn over_the_network_a_code_is_asked_for_and_none_counts_twice() {
    let (_folder, mut vault, key, _, recovery) = vault();
    let far = from(Reach::Network, "192.0.2.7");
    let mut log_in = |caller: &Caller, code: &str, at| {
        vault.log_in(caller, "佐藤", &text(PASSWORD), &text(code), at).map(|it| it.recovered)
    };
    assert!(matches!(log_in(&far, "", now()), Err(Refusal::Wrong { .. })));
    assert!(matches!(log_in(&far, "000000", now()), Err(Refusal::Wrong { .. })));
    let code = code_at(&key, now());
    assert!(step(&key, &code, now(), None).is_some());
    assert!(matches!(log_in(&far, &code, now()), Ok(false)));
    assert!(
        matches!(log_in(&far, &code, now()), Err(Refusal::Wrong { .. })),
        "seen over a shoulder"
    );
    let later = now() + SignedDuration::from_mins(1);
    assert!(matches!(log_in(&far, &code_at(&key, later), later), Ok(false)));
    let lost = recovery[3].expose().to_lowercase();
    assert!(matches!(log_in(&far, &lost, later), Ok(true)));
    assert!(matches!(log_in(&far, &lost, later), Err(Refusal::Wrong { .. })), "each counts once");
    let here = from(Reach::Computer, "127.0.0.1");
    assert!(matches!(log_in(&here, "", later), Ok(false)), "here the password suffices");
    assert!(matches!(log_in(&here, "000000", later), Err(Refusal::Wrong { .. })));
    assert_eq!(vault.list().unwrap()[0].name, "佐藤");
}

#[test]
fn guesses_over_the_network_do_not_close_the_computer_itself() {
    let (_folder, mut vault, _, id, _) = vault();
    for at in 0..40 {
        let far = from(Reach::Network, &format!("192.0.2.{at}"));
        let guess = vault.log_in(&far, "佐藤", &text("quite wrong words"), &text(""), now());
        assert_eq!(matches!(guess, Err(Refusal::Wrong { .. })), at < 5, "{at}");
    }
    let here = from(Reach::Computer, "127.0.0.1");
    let member = vault.log_in(&here, "佐藤", &text(PASSWORD), &text(""), now()).unwrap();
    assert_eq!((member.id, member.authenticator, member.recovery_left), (id, true, 8));
}

#[test]
fn an_invitation_ends_and_what_was_before_it_counts_no_more() {
    let (_folder, mut vault, _, _, _) = vault();
    let here = from(Reach::Computer, "127.0.0.1");
    let (id, code) = vault.add("鈴木", Role::Reception, now()).unwrap();
    let late = now() + SignedDuration::from_hours(73);
    let joined = vault.join(&here, "鈴木", &code, &text(PASSWORD), late);
    assert!(matches!(joined, Err(Refusal::Wrong { .. })));
    let (code, _) = vault.change(&id, Change::Invite, now()).unwrap();
    let code = code.unwrap();
    let other = vault.join(&here, "佐藤", &code, &text(PASSWORD), now());
    assert!(matches!(other, Err(Refusal::Wrong { .. })), "it is for one account");
    vault.join(&here, "鈴木", &code, &text(PASSWORD), now()).unwrap();
    let again = vault.change(&id, Change::Invite, now()).unwrap();
    assert!(again.0.is_some());
    let old = vault.log_in(&here, "鈴木", &text(PASSWORD), &text(""), now());
    assert!(matches!(old, Err(Refusal::Wrong { .. })));
    assert!(matches!(vault.add("鈴 木", Role::Reception, now()), Err(Refusal::Taken)));
}

#[test]
fn whoever_owns_the_computer_lets_the_last_manager_in_again() {
    let (_folder, mut vault, _, id, _) = vault();
    assert!(matches!(vault.change(&id, Change::Invite, now()), Err(Refusal::LastManager)));
    let code = vault.reset(&id, now()).unwrap();
    let here = from(Reach::Computer, "127.0.0.1");
    assert!(vault.log_in(&here, "佐藤", &text(PASSWORD), &text(""), now()).is_err());
    let chosen = text("other words here");
    let member = vault.join(&here, "佐藤", &code, &chosen, now()).unwrap();
    assert_eq!(
        (member.role, member.authenticator, member.recovery_left),
        (Role::Manager, false, 0)
    );
}

#[test]
fn names_that_nobody_has_share_their_waits_after_a_restart_too() {
    let (folder, vault, ..) = vault();
    let salt = vault.salt.clone();
    drop(vault);
    assert_eq!(Vault::open(folder.path()).unwrap().salt, salt);
    assert!(salt.len() == 16 && salt.iter().any(|byte| *byte != 0));
}
