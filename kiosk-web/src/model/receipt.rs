//! Privacy receipt: which sentences belong to a visit.

use protocol::screen::{Method, Receipt};

/// One sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    ReadCertificate,
    ReadPhoto,
    ReadItems,
    ReadNumbers,
    ReadStatement,
    ReadNothing,
    SentCertificate,
    SentNumbers,
    SentKnown,
    SentNothing,
    ShownStaff,
    ShownRecords,
    ShownStatement,
    UntilAgreed,
    UntilStatement,
    UntilKept,
    NotFace,
    NotPin,
    NotMyNumber,
}

/// What was read, sent where, shown to whom, until when, and what was not kept; each at least one sentence.
pub(crate) fn lines(receipt: Receipt, agreed: bool) -> [Vec<Line>; 5] {
    let Receipt { method, card_used, card_sent, photo_read, items_read, .. } = receipt;
    let Receipt { numbers_sent, known_numbers_sent, statement_made, .. } = receipt;
    let face = photo_read || method == Some(Method::Face);
    [
        or(
            vec![
                (card_used, Line::ReadCertificate),
                (photo_read, Line::ReadPhoto),
                (items_read, Line::ReadItems),
                (numbers_sent, Line::ReadNumbers),
                (statement_made, Line::ReadStatement),
            ],
            Line::ReadNothing,
        ),
        or(
            vec![
                (card_sent, Line::SentCertificate),
                (numbers_sent, Line::SentNumbers),
                (known_numbers_sent, Line::SentKnown),
            ],
            Line::SentNothing,
        ),
        or(
            vec![
                (true, Line::ShownStaff),
                (agreed, Line::ShownRecords),
                (statement_made, Line::ShownStatement),
            ],
            Line::ShownStaff,
        ),
        or(
            vec![
                (agreed, Line::UntilAgreed),
                (statement_made, Line::UntilStatement),
                (true, Line::UntilKept),
            ],
            Line::UntilKept,
        ),
        or(
            vec![
                (face, Line::NotFace),
                (method == Some(Method::Pin), Line::NotPin),
                (true, Line::NotMyNumber),
            ],
            Line::NotMyNumber,
        ),
    ]
}

fn or(lines: Vec<(bool, Line)>, nothing: Line) -> Vec<Line> {
    let said: Vec<Line> =
        lines.into_iter().filter_map(|(applies, line)| applies.then_some(line)).collect();
    if said.is_empty() { vec![nothing] } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_visit_names_photo_and_certificate() {
        let receipt = Receipt {
            method: Some(Method::Face),
            card_used: true,
            card_sent: true,
            photo_read: true,
            ..Receipt::default()
        };
        let [read, sent, shown, until, not_kept] = lines(receipt, true);
        assert_eq!(read, [Line::ReadCertificate, Line::ReadPhoto]);
        assert_eq!(sent, [Line::SentCertificate]);
        assert_eq!(shown, [Line::ShownStaff, Line::ShownRecords]);
        assert_eq!(until, [Line::UntilAgreed, Line::UntilKept]);
        assert_eq!(not_kept, [Line::NotFace, Line::NotMyNumber]);
    }

    #[test]
    fn by_numbers_nothing_of_the_card_is_sent() {
        let receipt = Receipt {
            method: Some(Method::Pin),
            card_used: true,
            items_read: true,
            known_numbers_sent: true,
            ..Receipt::default()
        };
        let [read, sent, ..] = lines(receipt, false);
        assert_eq!(read, [Line::ReadCertificate, Line::ReadItems]);
        assert_eq!(sent, [Line::SentKnown]);
    }

    #[test]
    fn a_visit_without_a_card_sends_nothing() {
        let [read, sent, _, _, not_kept] = lines(Receipt::default(), false);
        assert_eq!((read, sent), (vec![Line::ReadNothing], vec![Line::SentNothing]));
        assert_eq!(not_kept, [Line::NotMyNumber]);
        let statement = Receipt { statement_made: true, ..Receipt::default() };
        let [read, _, shown, until, _] = lines(statement, false);
        assert!(read.contains(&Line::ReadStatement) && shown.contains(&Line::ShownStatement));
        assert!(until.contains(&Line::UntilStatement));
    }
}
