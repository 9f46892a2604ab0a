//! Who owns a card that the simulator does not know, where that is wanted: one invented person, the same for every card, so that
//! nothing of a card is in it or is kept of it.

use crate::file::serial_of_unknown;
use crate::person::Person;
use crate::personas::personas;
use checkin::birth::Birth;
use checkin::eligibility::{Eligibility, Qualification, Sex, Validity};
use jiff::civil::date;
use std::collections::BTreeSet;

/// By what the guest is found: no certificate has an empty serial.
pub(crate) const KEY: &[u8] = &[];

/// The serials of practice cards that rehearse an unknown certificate: they stay unknown.
pub(crate) fn unknown_for_practice() -> BTreeSet<Vec<u8>> {
    personas().iter().filter_map(|(_, text)| serial_of_unknown(text)).collect()
}

/// Whatever a screen, a list or a file shows of the guest says that it is invented.
pub(crate) fn guest() -> Person {
    let qualification = Qualification {
        class: Some("01".to_owned()),
        insurer_number: "06139992".to_owned(),
        insurer_name: "架空の保険者（お試し）".to_owned(),
        symbol: "架空".to_owned(),
        number: "1".to_owned(),
        branch: Some("01".to_owned()),
        kind: None,
        name: "架空　見本".to_owned(),
        name_kana: "ｶｸｳ ﾐﾎﾝ".to_owned(),
        sex: Sex::NotSet,
        // A birth of which nothing is known contradicts no card.
        birth: Birth::parse("00000000").expect("8 digits"),
        address: None,
        post_number: None,
        valid_from: None,
        valid_to: None,
        lost_on: None,
        share_percent: Some(30),
        elderly_recipient: None,
        limit_certificate: None,
        preschool: None,
        specific_diseases: Vec::new(),
        medical_tickets: Vec::new(),
    };
    let eligibility =
        Eligibility { validity: Validity::Valid, qualifications: vec![qualification] };
    Person {
        id: "own-card".to_owned(),
        serial: KEY.to_vec(),
        // Old enough for every topic.
        birth: date(1970, 1, 1),
        registered: true,
        specific_diseases: true,
        eligibility,
        delay: None,
        trouble: None,
    }
}
