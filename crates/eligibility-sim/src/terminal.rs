//! What the program of a 資格確認端末 makes of a request file: the message that it would write into `res`, from what the
//! national system knows. Form: domain-facts B4 to B6. The list of the official error codes is not public, so the codes here are
//! of this program's own and say so by their `SIM`.

use crate::system::NationalSystem;
use checkin::consent::LimitAnswer;
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::gateway::GatewayTrouble;
use jiff::Timestamp;
use oqs::{Body, Encoding, Header, Kind, Line, Message, Moment, Segment, Short, Status, to_xml};
use std::time::Duration;

/// What to write into `res`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The file.
    pub bytes: Vec<u8>,
    /// A person for whom lateness is rehearsed: the caller waits longer than whoever asked does.
    pub late: bool,
}

/// Answers one request (`OQSsiquc01req`); in its own encoding, where that can be read. Never fails: what cannot be understood is
/// answered by an error, as the terminal does.
#[must_use]
pub fn answer(system: &mut NationalSystem, request: &[u8], now: Timestamp) -> Answer {
    let (message, encoding, late) = match oqs::parse_with_encoding(request) {
        Ok((asked, encoding)) => {
            let (message, late) = answer_to(system, &asked, now);
            (message, encoding, late)
        }
        // Such an error names element and place, and no value.
        Err(error) => {
            let asked = Message::default();
            (refused(&asked, "SIM001", &error.to_string(), now), Encoding::Utf8, false)
        }
    };
    Answer { bytes: answered(&message, encoding), late }
}

/// The file; in the encoding of the question, but for what `Shift_JIS` cannot hold of a number.
pub(crate) fn answered(message: &Message, encoding: Encoding) -> Vec<u8> {
    let written = to_xml(message, encoding).or_else(|_| to_xml(message, Encoding::Utf8));
    written.map(|xml| xml.bytes).unwrap_or_default()
}

/// The usual time from a request to its answer, 3 to 7 s (domain-facts B1); the `nth` one of a run with this seed.
#[must_use]
pub fn answer_delay(seed: u64, nth: u64) -> Duration {
    Duration::from_millis(3_000 + spread(seed, nth) % 4_001)
}

/// A number that looks like chance and is the same everywhere: the `nth` one of a run with this seed.
#[must_use]
pub fn spread(seed: u64, nth: u64) -> u64 {
    // SplitMix64 (public domain, S. Vigna).
    let mut mixed = seed.wrapping_add(nth.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

pub(crate) fn answer_to(
    system: &mut NationalSystem,
    asked: &Message,
    now: Timestamp,
) -> (Message, bool) {
    if let Some(problem) = asked.check(Kind::Request).first() {
        return (refused(asked, "SIM002", &problem.to_string(), now), false);
    }
    let searches = asked.body.as_ref().map(|body| &body.searches[..]).unwrap_or_default();
    let [search] = searches else {
        return (refused(asked, "SIM003", "one person is asked about in such a file", now), false);
    };
    let Some(numbers) = search.numbers() else {
        return (refused(asked, "SIM002", "a number is missing", now), false);
    };
    let agreed = search.limit_certificate == Some(oqs::Answer::Agreed);
    match system.query_by_number(&numbers, agreed, now) {
        Ok(eligibility) => {
            let limit = search.limit_certificate.map(|_| LimitAnswer { agreed, at: now });
            let asked_by = Asked::Numbers { limit_certificate: limit };
            let chart = match &eligibility.qualifications[..] {
                [only] => system.chart_of(only, now),
                _ => None,
            };
            let found = Handover { eligibility, asked: asked_by, consents: Vec::new() };
            let mut message = found_message(asked, &found, now);
            if let Some(chart) = chart {
                message.name_patient(chart);
            }
            (message, false)
        }
        Err(GatewayTrouble::Late) => {
            (refused(asked, "SIM008", "the national system did not answer in time", now), true)
        }
        Err(_) => (refused(asked, "SIM009", "the national system cannot be reached", now), false),
    }
}

fn found_message(asked: &Message, found: &Handover, now: Timestamp) -> Message {
    let institution = asked.header.as_ref().and_then(|header| header.institution.clone());
    let made = institution.map(|institution| Message::of_check_in(institution, "", found, now));
    let Some(Ok(mut message)) = made else {
        return refused(asked, "SIM004", "the answer does not fit the interface", now);
    };
    echo(&mut message, asked);
    let identifier = asked.body.as_ref().and_then(|body| body.searches.first()?.identifier.clone());
    let results = message.body.iter_mut().filter_map(|body| body.results.as_mut());
    for result in results.flat_map(|list| &mut list.results) {
        result.identifier.clone_from(&identifier);
    }
    message
}

/// `SegmentOfResult` 9 of the file and, where a person was asked about, `ProcessingResultStatus` 2.
pub(crate) fn refused(asked: &Message, code: &str, why: &str, now: Timestamp) -> Message {
    let header = Header {
        executed_at: Moment::new(now),
        encoding: Some(oqs::CharacterCode),
        segment: Some(Segment::Error),
        error_code: Short::new(code),
        error_message: Line::new(why),
        institution: asked.header.as_ref().and_then(|header| header.institution.clone()),
        reference: Some(oqs::Reference::Number),
        ..Header::default()
    };
    let body = Body {
        status: Some(Status::Error),
        code: Short::new(code),
        message: Line::new(why),
        ..Body::default()
    };
    let mut message = Message { header: Some(header), body: Some(body), ..Message::default() };
    echo(&mut message, asked);
    message
}

/// What comes back of the question: the day, the identifiers, the numbers.
pub(crate) fn echo(message: &mut Message, asked: &Message) {
    if let (Some(header), Some(of)) = (&mut message.header, &asked.header) {
        header.confirmed_on = of.confirmed_on.or(header.confirmed_on);
        header.file_identifier.clone_from(&of.file_identifier);
    }
    if let (Some(body), Some(of)) = (&mut message.body, &asked.body) {
        body.searches.clone_from(&of.searches);
        body.registration.clone_from(&of.registration);
    }
}
