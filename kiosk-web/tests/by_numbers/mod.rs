//! Screens of a visit whose eligibility system is reached by numbers only.

use super::{fallback, finished, ways};
use protocol::Screen;
use protocol::screen::{Delivery, ItemsNotice, ItemsOffer, ItemsWay, Outcome, Why, WhyNot};

/// In the order of the visit.
pub(crate) fn views() -> Vec<(&'static str, Screen)> {
    let offers = |code, pin| {
        [(ItemsWay::Code, code), (ItemsWay::Pin, pin)]
            .map(|(way, why_not)| ItemsOffer { way, why_not })
            .to_vec()
    };
    let low = Some(WhyNot::PinTriesLow);
    let refused = Some(ItemsNotice::PinTriesLow);
    let mut end = finished(Outcome::Confirmed, &[]);
    if let Screen::Finished { consents_at_reader, receipt, delivery, .. } = &mut end {
        *consents_at_reader = true;
        *delivery = Delivery::Done;
        receipt.card_sent = false;
        (receipt.items_read, receipt.known_numbers_sent) = (true, true);
    }
    let mut at_reader = finished(Outcome::AtDesk, &[]);
    if let Screen::Finished { consents_at_reader, card_at_reader, receipt, .. } = &mut at_reader {
        (*consents_at_reader, *card_at_reader) = (true, true);
        (receipt.card_sent, receipt.items_read) = (false, true);
    }
    let ways = ways();
    vec![
        ("items", Screen::Items { offers: offers(None, None), notice: None }),
        (
            "items-refused",
            Screen::Items { offers: offers(Some(WhyNot::CodeTriesLow), low), notice: refused },
        ),
        ("items_pin", Screen::ItemsPin { tries_left: 3, wrong: false }),
        ("items_pin-wrong", Screen::ItemsPin { tries_left: 2, wrong: true }),
        ("reading_items", Screen::ReadingItems),
        ("finding", Screen::Finding),
        ("fallback-not_in_list", fallback(Why::NotInList, ways.clone(), false)),
        ("fallback-numbers_not_known", fallback(Why::NumbersNotKnown, ways.clone(), false)),
        ("fallback-patient_unsure", fallback(Why::PatientUnsure, ways.clone(), false)),
        ("fallback-items_unread", fallback(Why::ItemsUnread, ways, true)),
        ("finished-by_numbers", end),
        ("finished-at_reader", at_reader),
    ]
}
