//! Which of the computer's readers a kiosk takes: one rule for the kiosk and for `doctor`.

/// Which reader a kiosk uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReaderChoice {
    /// A reader that is not a virtual one, contactless first; practice when there is none.
    Auto,
    /// The practice reader only.
    Practice,
    /// The reader with this name, or whose name has this piece; never practice.
    Named(String),
    /// No reader: cards are laid on the official one beside the kiosk, and never here.
    None,
}

/// In the names of software readers, which tests and developers put cards into. No kiosk takes one by itself: it would
/// leave practice for a card that somebody else's program shows.
const VIRTUAL: &str = "Virtual PCD";

/// Words for a slot without an antenna: a chip for the institution's own use, or a card pushed in.
const CONTACT: [&str; 5] = ["SAM", "ICC", "CONTACT", "CONTACTED", "SIM"];
/// Words for a slot with an antenna. `CL` also stands behind a number (`5422CL`).
const CONTACTLESS: [&str; 9] =
    ["CONTACTLESS", "PICC", "NFC", "CL", "RFID", "RF", "FELICA", "PASORI", "PROX"];

/// How likely a My Number Card is to lie there, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Interface {
    Contact,
    Unknown,
    Contactless,
}

/// Place in `names` of the reader for this choice; `None` when it is not there, and always for `practice` and `none`.
///
/// A name that is given in full is that reader and no other. A piece of a name takes the readers that have it, `auto` all
/// but virtual ones; among several slots one with an antenna comes first, otherwise the order of the service counts.
/// `kept` is the reader in use: it stays in use while there is no better one.
pub(super) fn choose<N: AsRef<str>>(
    choice: &ReaderChoice,
    names: &[N],
    kept: Option<usize>,
) -> Option<usize> {
    let name = |at: &usize| names[*at].as_ref();
    let fits = |at: &usize| match choice {
        ReaderChoice::Practice | ReaderChoice::None => false,
        ReaderChoice::Auto => !name(at).contains(VIRTUAL),
        ReaderChoice::Named(part) => name(at).contains(part),
    };
    let exact = |at: &usize| matches!(choice, ReaderChoice::Named(part) if name(at) == part);
    let worth = |at: &usize| (exact(at), interface(name(at)), kept == Some(*at));
    // `max_by_key` takes the last of equals.
    (0..names.len()).rev().filter(fits).max_by_key(worth)
}

/// Whether a reader belongs to another kiosk of the site: to the one that has its whole name, and otherwise to nobody but the
/// only one that has a piece of it. Which kiosk uses which reader never hangs on who came first: people would lay their
/// card down at one place and be shown at another.
pub(crate) fn is_anothers(name: &str, own: &ReaderChoice, others: &[ReaderChoice]) -> bool {
    let whole = |choice: &ReaderChoice| matches!(choice, ReaderChoice::Named(part) if name == part);
    let piece =
        |choice: &ReaderChoice| matches!(choice, ReaderChoice::Named(part) if name.contains(part));
    !whole(own) && others.iter().any(|other| whole(other) || piece(other))
}

/// What the name says. Linux puts the slot's own name, where the reader has several, into brackets behind the product's:
/// `ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader SAM] 01 00`; Windows has it at the end: `… SAM 0`.
fn interface(name: &str) -> Interface {
    let own = name.split_once('[').map_or(name, |(_, own)| own).to_uppercase();
    let has = |words: &[&str]| {
        own.split(|c: char| !c.is_ascii_alphabetic()).any(|word| words.contains(&word))
    };
    if has(&CONTACT) {
        Interface::Contact
    } else if has(&CONTACTLESS) {
        Interface::Contactless
    } else {
        Interface::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(choice: &ReaderChoice, names: &[&str], expected: Option<&str>) {
        assert_eq!(choose(choice, names, None).map(|at| names[at]), expected, "{choice:?}");
    }

    fn named(part: &str) -> ReaderChoice {
        ReaderChoice::Named(part.into())
    }

    #[test]
    fn the_slot_with_an_antenna_comes_first() {
        for (contact, contactless) in [
            (
                "ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader SAM] 01 00",
                "ACS ACR1252 1S CL Reader [ACR1252 1S CL Reader PICC] 00 00",
            ),
            ("ACS ACR1281 1S Dual Reader ICC 0", "ACS ACR1281 1S Dual Reader PICC 0"),
            (
                "Gemalto Prox DU [Prox-DU Contact_12400043] (12400043) 00 01",
                "Gemalto Prox DU [Prox-DU Contactless_12400043] (12400043) 00 00",
            ),
            (
                "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422 Smartcard Reader] 01 00",
                "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader] 00 00",
            ),
            (
                "Broadcom Corp 58200 [Contacted SmartCard] (0123456789ABCD) 00 00",
                "Broadcom Corp 58200 [Contactless SmartCard] (0123456789ABCD) 01 00",
            ),
            ("Alcor Micro AU9540 00 00", "SONY FeliCa RC-S300/P 01 00"),
        ] {
            check(&ReaderChoice::Auto, &[contact, contactless], Some(contactless));
            check(&ReaderChoice::Auto, &[contactless, contact], Some(contactless));
            check(&ReaderChoice::Auto, &[contact], Some(contact));
        }
        let equals = ["ACS ACR122U 00 00", "ACS ACR122U 01 00"];
        check(&ReaderChoice::Auto, &equals, Some(equals[0]));
        assert_eq!(choose(&ReaderChoice::Auto, &equals, Some(1)), Some(1), "the one in use");
        let better = ["Dual ICC 00 00", "Dual PICC 00 01"];
        assert_eq!(choose(&ReaderChoice::Auto, &better, Some(0)), Some(1));
        check(&ReaderChoice::Auto, &[], None);
    }

    #[test]
    fn no_kiosk_takes_a_virtual_reader_by_itself() {
        let names = ["Virtual PCD 00 00", "Virtual PCD of a test 00 01"];
        check(&ReaderChoice::Auto, &names, None);
        check(&ReaderChoice::Practice, &names, None);
        check(&named("Virtual PCD"), &names, Some(names[0]));
        check(&ReaderChoice::Auto, &[names[0], "ACS ACR122U 02 00"], Some("ACS ACR122U 02 00"));
    }

    #[test]
    fn a_reader_is_one_kiosks_and_never_whoevers_comes_first() {
        let anothers = |name: &str, own: &ReaderChoice, other: &ReaderChoice| {
            is_anothers(name, own, std::slice::from_ref(other))
        };
        let (all, one, ten) = (named("ACS"), named("ACS 1"), named("ACS 10"));
        assert!(anothers("ACS 1", &all, &one), "the whole name counts more");
        assert!(!anothers("ACS 1", &one, &all) && !anothers("ACS 1", &one, &ten));
        assert!(anothers("ACS 10", &one, &ten) && !anothers("ACS 10", &ten, &one));
        assert!(!is_anothers("ACS 2", &all, &[ten, ReaderChoice::Practice]));
        let (acs, cl) = (named("ACS"), named("CL"));
        assert!(anothers("ACS CL 2", &acs, &cl), "nobody's: it fits both");
        assert!(anothers("ACS CL 2", &cl, &acs));
        assert!(!anothers("ACS 2", &ReaderChoice::Auto, &ReaderChoice::Practice));
    }

    #[test]
    fn a_whole_name_is_that_reader() {
        let names = ["Reader 00 00 PICC 00 00", "Reader 00 00", "Reader 00 01"];
        check(&named("Reader 00 01"), &names, Some("Reader 00 01"));
        check(&named("Reader 00 00"), &names, Some("Reader 00 00"));
        check(&named("Reader"), &names, Some("Reader 00 00 PICC 00 00"));
        check(&named("ACS"), &names, None);
    }
}
