//! What a card is that is not a My Number Card, as far as its applications tell.

use checkin::card::CardProblem;
use myna_card::{Card, Transmit};

/// 運転免許証: first application (AID registered to the National Police Agency).
const LICENCE: [u8; 16] = [0xA0, 0, 0, 0x02, 0x31, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// 在留カード and 特別永住者証明書: first application.
const RESIDENCE: [u8; 16] = [0xD3, 0x92, 0xF0, 0, 0x4F, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// Directory of contactless payment applications (EMV Book 1, `2PAY.SYS.DDF01`).
const PAYMENT: &[u8] = b"2PAY.SYS.DDF01";

/// Asks for a few well-known applications; nothing in them is read.
pub(super) fn name<T: Transmit>(card: &mut Card<T>) -> CardProblem {
    let mut has = |aid: &[u8]| card.select_df(aid).is_ok();
    if has(&LICENCE) {
        CardProblem::DrivingLicence
    } else if has(&RESIDENCE) {
        CardProblem::ResidenceCard
    } else if has(PAYMENT) {
        CardProblem::PaymentCard
    } else {
        CardProblem::NotMyNumber
    }
}
