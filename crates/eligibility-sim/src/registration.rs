//! Chart numbers that institutions give to insured people (`OQSsiimm01`), as the program of a 資格確認端末 would take them. How the
//! official one answers is not public.

use crate::system::NationalSystem;
use crate::terminal::{answered, refused};
use checkin::eligibility::Qualification;
use checkin::number::{half_width, same_number, same_symbol};
use jiff::Timestamp;
use oqs::{
    Body, CharacterCode, Encoding, Header, Kind, Message, Moment, Registration, Segment, Status,
};

/// The answer to `OQSsiimm01req`; in its own encoding, where that can be read. From then on answers by number name the chart number.
#[must_use]
pub fn registered(system: &mut NationalSystem, request: &[u8], now: Timestamp) -> Vec<u8> {
    match oqs::parse_with_encoding(request) {
        Ok((asked, encoding)) => answered(&answer_to(system, &asked, now), encoding),
        // Such an error names element and place, and no value.
        Err(error) => {
            let refused = refused(&Message::default(), "SIM001", &error.to_string(), now);
            answered(&refused, Encoding::Utf8)
        }
    }
}

fn answer_to(system: &mut NationalSystem, asked: &Message, now: Timestamp) -> Message {
    let problem = asked.check(Kind::Register).into_iter().next();
    let registration = asked.body.as_ref().and_then(|body| body.registration.as_ref());
    let (None, Some(registration)) = (&problem, registration) else {
        let why = problem.map_or_else(String::new, |problem| problem.to_string());
        return refused(asked, "SIM002", &why, now);
    };
    let chart = registration.reference_number.as_ref().map(|number| number.to_string());
    if !system.register(registration, chart.unwrap_or_default(), now) {
        return refused(asked, "SIM010", "nobody is insured by these numbers", now);
    }
    let of = asked.header.as_ref();
    let header = Header {
        executed_at: Moment::new(now),
        encoding: Some(CharacterCode),
        segment: Some(Segment::Done),
        institution: of.and_then(|header| header.institution.clone()),
        file_identifier: of.and_then(|header| header.file_identifier.clone()),
        ..Header::default()
    };
    let body = Body {
        registration: Some(registration.clone()),
        status: Some(Status::Done),
        ..Body::default()
    };
    Message { header: Some(header), body: Some(body), ..Message::default() }
}

impl NationalSystem {
    /// `false`: nobody has such an insurance now.
    fn register(&mut self, of: &Registration, chart: String, now: Timestamp) -> bool {
        let is_meant = |q: &Qualification| is_meant(q, of);
        let mut people = self.people.values_mut();
        let found = people
            .find(|entry| entry.person.eligibility_at(now).qualifications.iter().any(is_meant));
        found.map(|entry| entry.chart = Some(chart)).is_some()
    }

    /// The chart number of the person with this qualification.
    pub(crate) fn chart_of(&self, of: &Qualification, now: Timestamp) -> Option<&str> {
        let entry = self.people.values().find(|entry| {
            entry.person.eligibility_at(now).qualifications.iter().any(|known| {
                (&known.insurer_number, &known.number, &known.branch, known.birth)
                    == (&of.insurer_number, &of.number, &of.branch, of.birth)
            })
        });
        entry?.chart.as_deref()
    }
}

/// Whoever has a 枝番 is told apart by it.
fn is_meant(q: &Qualification, of: &Registration) -> bool {
    let half = |text: Option<&str>| half_width(text.unwrap_or_default());
    let branch = of.branch.map(|branch| branch.to_string());
    of.insurer_number.as_ref().is_some_and(|number| number.as_str() == q.insurer_number)
        && same_symbol(&q.symbol, &half(of.symbol.as_deref()))
        && same_number(&q.number, &half(of.number.as_deref()))
        && (q.branch.is_none() || q.branch == branch)
}
