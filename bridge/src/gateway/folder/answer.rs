//! What an answer file says, and whether it is about the person who was asked about.

use super::bulk::Person;
use checkin::eligibility::{Eligibility, Validity};
use checkin::gateway::{GatewayTrouble, Reply};
use checkin::number::{Numbers, same_number, same_symbol};
use oqs::{BulkUnit, Message, NoAnswer, ParseErrorKind, ResultOfQualification, SearchInfo};

/// What is to be done with an answer file that does not change any more.
#[derive(Debug, PartialEq)]
pub(super) enum Judged {
    /// It is still in the making, or the terminal is.
    Waits,
    /// Nobody can read it; perhaps it is replaced.
    Unreadable(String),
    /// It answers. What is logged of it has neither names nor numbers.
    Says(Reply),
}

/// `identifier`: what was written into the request to come back.
pub(super) fn judge(bytes: &[u8], identifier: &str, numbers: &Numbers) -> Judged {
    let message = match oqs::parse(bytes) {
        Ok(message) => message,
        Err(error) if error.kind == ParseErrorKind::EndsEarly => return Judged::Waits,
        Err(error) => return Judged::Unreadable(error.to_string()),
    };
    let found = match message.eligibility() {
        Err(NoAnswer::StillProcessing) => return Judged::Waits,
        Err(error) => {
            tracing::error!(%error, "the terminal's answer is no result");
            return failed(GatewayTrouble::Refused);
        }
        Ok(found) => found,
    };
    let asked = Asked { identifier, numbers };
    if asked.is_meant_by(&message, &found) {
        Judged::Says(Reply::Queried(Ok(found)))
    } else {
        tracing::error!("the terminal answered about somebody else: the answer is not used");
        failed(GatewayTrouble::AboutAnother)
    }
}

fn failed(trouble: GatewayTrouble) -> Judged {
    Judged::Says(Reply::Queried(Err(trouble)))
}

/// What a bulk answer says about one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The qualification that is known is valid.
    Valid,
    /// It is not, or another one is.
    NotValid(Validity),
    /// The terminal could not tell.
    Error,
    /// About somebody else, twice, or not understood: not used.
    Unfit,
    /// Nothing.
    Missing,
}

/// What is said about this person; the chart number went along as the identifier. Only one unit may have it, and nothing in that may
/// speak of somebody else.
pub(super) fn said(message: &Message, person: &Person) -> Said {
    let own = |of: Option<&str>| of == Some(person.chart.as_str());
    let is_own = |unit: &&BulkUnit| {
        own(unit.search.as_ref().and_then(|search| search.identifier.as_deref()))
            || unit.results().any(|result| own(result.identifier.as_deref()))
    };
    let units = message.body.iter().flat_map(|body| &body.units);
    let units: Vec<_> = units.filter(is_own).collect();
    let [unit] = units[..] else {
        return if units.is_empty() { Said::Missing } else { Said::Unfit };
    };
    let found = match unit.eligibility() {
        Err(NoAnswer::Terminal { .. }) => return Said::Error,
        Err(_) => return Said::Unfit,
        Ok(found) => found,
    };
    let asked = Asked { identifier: &person.chart, numbers: &person.numbers };
    let searches: Vec<_> = unit.search.iter().collect();
    if !asked.fits(&searches, &unit.results().collect::<Vec<_>>(), &found, true) {
        return Said::Unfit;
    }
    match found.validity {
        Validity::Valid | Validity::ValidUnregistered => Said::Valid,
        other => Said::NotValid(other),
    }
}

struct Asked<'a> {
    identifier: &'a str,
    numbers: &'a Numbers,
}

impl Asked<'_> {
    /// Nothing in it may speak of another question or person, something has to speak of this one, and a qualification that is
    /// called valid has to be the one that was asked about. Programs leave elements out; what is there has to be right.
    fn is_meant_by(&self, message: &Message, found: &Eligibility) -> bool {
        let of_file = message.header.as_ref().and_then(|header| header.file_identifier.as_deref());
        let body = message.body.as_ref();
        let searches: Vec<_> = body.iter().flat_map(|body| &body.searches).collect();
        let results: Vec<_> = message.results().collect();
        of_file.is_none_or(|of| of == self.identifier)
            && self.fits(&searches, &results, found, of_file.is_some())
    }

    /// `named_by_file`: the file itself says for whom it is.
    fn fits(
        &self,
        searches: &[&SearchInfo],
        results: &[&ResultOfQualification],
        found: &Eligibility,
        named_by_file: bool,
    ) -> bool {
        let contradicted = searches.iter().any(|search| !self.may_be_searched(search))
            || results.iter().any(|result| !self.may_be_found(result));
        let named = results.iter().any(|result| self.is_found(result));
        let told = named_by_file
            || named
            || searches.iter().any(|search| search.number.is_some() && search.birth.is_some());
        let valid = matches!(found.validity, Validity::Valid | Validity::ValidUnregistered);
        !contradicted && told && (named || !valid || results.is_empty())
    }

    fn may_be_searched(&self, search: &SearchInfo) -> bool {
        let Numbers { insurer_number, symbol, number, branch, birth } = self.numbers;
        search.identifier.as_deref().is_none_or(|of| of == self.identifier)
            && search.insurer_number.as_ref().is_none_or(|of| of.as_str() == insurer_number)
            && search.symbol.as_deref().is_none_or(|of| same_symbol(of, symbol))
            && search.number.as_deref().is_none_or(|of| same_number(of, number))
            && search
                .branch
                .is_none_or(|of| branch.as_deref().is_none_or(|branch| of.to_string() == branch))
            && search.birth.is_none_or(|of| of.birth().may_be(*birth))
    }

    /// A newer qualification may have other numbers, but it is of somebody born on the same day.
    fn may_be_found(&self, result: &ResultOfQualification) -> bool {
        result.identifier.as_deref().is_none_or(|of| of == self.identifier)
            && result.birth.is_none_or(|of| of.birth().may_be(self.numbers.birth))
    }

    /// 医療扶助 may have no insurer's number.
    fn is_found(&self, result: &ResultOfQualification) -> bool {
        let insurer = result.insurer_number.as_ref();
        insurer.is_none_or(|of| of.as_str() == self.numbers.insurer_number)
            && result.number.as_deref().is_some_and(|of| same_number(of, &self.numbers.number))
            && result.birth.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eligibility_sim::{NationalSystem, Person, personas};
    use jiff::Timestamp;
    use oqs::{Day, Encoding, InstitutionCode, Line, Segment, to_xml};

    const IDENTIFIER: &str = "UK1";

    /// As a terminal answers about the owner of a practice card.
    fn answer() -> (Numbers, Message) {
        let now = Timestamp::now();
        let text = personas().iter().find(|(id, _)| *id == "valid").unwrap().1;
        let person = Person::from_toml(text, now).unwrap().unwrap();
        let q = &person.eligibility.qualifications[0];
        let asked = Numbers {
            insurer_number: q.insurer_number.clone(),
            symbol: q.symbol.clone(),
            number: q.number.clone(),
            branch: q.branch.clone(),
            birth: q.birth,
        };
        let institution = InstitutionCode::new("9999999999").unwrap();
        let request = Message::of_numbers(institution, IDENTIFIER, &asked, false, now).unwrap();
        let request = to_xml(&request, Encoding::Utf8).unwrap().bytes;
        let mut people = NationalSystem::practice(now);
        let bytes = eligibility_sim::answer(&mut people, &request, now).bytes;
        (asked, oqs::parse(&bytes).unwrap())
    }

    fn judged(change: impl FnOnce(&mut Message)) -> Judged {
        let (asked, mut message) = answer();
        change(&mut message);
        let bytes = to_xml(&message, Encoding::Utf8).unwrap().bytes;
        judge(&bytes, IDENTIFIER, &asked)
    }

    fn is_taken(judged: &Judged) -> bool {
        matches!(judged, Judged::Says(Reply::Queried(Ok(found))) if found.validity == Validity::Valid)
    }

    fn search(message: &mut Message) -> &mut SearchInfo {
        &mut message.body.as_mut().unwrap().searches[0]
    }

    fn result(message: &mut Message) -> &mut ResultOfQualification {
        &mut message.body.as_mut().unwrap().results.as_mut().unwrap().results[0]
    }

    #[test]
    fn an_answer_is_taken_whatever_programs_leave_out() {
        assert!(is_taken(&judged(|_| {})));
        assert!(is_taken(&judged(|message| message.body.as_mut().unwrap().searches.clear())));
        assert!(is_taken(&judged(|message| {
            message.header.as_mut().unwrap().file_identifier = None;
            message.body.as_mut().unwrap().searches.clear();
            result(message).identifier = None;
        })));
        assert!(is_taken(&judged(|message| {
            search(message).number = oqs::Short::new("００1048");
            search(message).branch = None;
        })));
    }

    #[test]
    fn whatever_speaks_of_somebody_else_keeps_it_out() {
        let another = failed(GatewayTrouble::AboutAnother);
        let changes: [fn(&mut Message); 9] = [
            |message| message.header.as_mut().unwrap().file_identifier = Line::new("UK2"),
            |message| search(message).identifier = Line::new("UK2"),
            |message| search(message).number = oqs::Short::new("1049"),
            |message| search(message).insurer_number = oqs::InsurerNumber::new("138057"),
            |message| search(message).birth = Day::written("19010203"),
            |message| result(message).birth = Day::written("19010203"),
            |message| result(message).identifier = Line::new("UK2"),
            |message| result(message).number = oqs::Short::new("1049"),
            // Nobody at all is named, in a file of our name.
            |message| {
                message.header.as_mut().unwrap().file_identifier = None;
                let body = message.body.as_mut().unwrap();
                body.searches.clear();
                body.results = None;
                body.validity = Some(oqs::Validity::NoneFound);
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            assert_eq!(judged(change), another, "{at}");
        }
    }

    #[test]
    fn an_answer_that_is_not_ready_is_waited_for_and_an_error_is_not() {
        let processing =
            judged(|message| message.header.as_mut().unwrap().segment = Some(Segment::Processing));
        assert_eq!(processing, Judged::Waits);
        let (asked, message) = answer();
        let bytes = to_xml(&message, Encoding::Utf8).unwrap().bytes;
        for half in [0, 1, bytes.len() / 2, bytes.len() - 3] {
            assert_eq!(judge(&bytes[..half], IDENTIFIER, &asked), Judged::Waits, "{half}");
        }
        let error =
            judged(|message| message.header.as_mut().unwrap().segment = Some(Segment::Error));
        assert_eq!(error, failed(GatewayTrouble::Refused));
        assert!(matches!(judge(b"<html/>", IDENTIFIER, &asked), Judged::Unreadable(_)));
        let wrong = judged(|message| message.body.as_mut().unwrap().validity = None);
        assert_eq!(wrong, failed(GatewayTrouble::Refused));
    }
}
