//! Bulk questions, as the program of a 資格確認端末 answers them (domain-facts B2, B5): `OQSmuquc01` gives a number, under which
//! `OQSmuquc02` fetches the answers. When official answers are ready is not public: here, when the caller says so.

use crate::system::NationalSystem;
use crate::terminal::{answered, echo, refused};
use jiff::Timestamp;
use oqs::{
    Body, BulkUnit, Header, Kind, Line, Message, Moment, Reference, SearchInfo, Segment, Status,
};

/// The answer to `OQSmuquc01req`: under this number its answers can be fetched. The question itself, where it is one, for
/// [`bulk_result`].
#[must_use]
pub fn bulk_receipt(request: &[u8], number: &str, now: Timestamp) -> (Vec<u8>, Option<Message>) {
    let asked = match oqs::parse_with_encoding(request) {
        Ok((asked, encoding)) => match asked.check(Kind::BulkRequest).first() {
            None => Ok((asked, encoding)),
            Some(problem) => Err((problem.to_string(), Some((asked, encoding)))),
        },
        // Such an error names element and place, and no value.
        Err(error) => Err((error.to_string(), None)),
    };
    match asked {
        Ok((asked, encoding)) => {
            let mut header = header(&asked, Segment::Done, now);
            header.reception_number = Line::new(number);
            let body = Body { status: Some(Status::Done), ..Body::default() };
            (answered(&message(header, body), encoding), Some(asked))
        }
        Err((why, of)) => {
            let (asked, encoding) = of.unwrap_or((Message::default(), oqs::Encoding::Utf8));
            let mut message = refused(&asked, "SIM002", &why, now);
            // Nobody's numbers come back with a refusal.
            message.body.iter_mut().for_each(|body| body.searches.clear());
            (answered(&message, encoding), None)
        }
    }
}

/// The number by which this `OQSmuquc02req` fetches; `None`: it is none.
#[must_use]
pub fn bulk_number(request: &[u8]) -> Option<String> {
    let fetch = oqs::parse(request).ok().filter(|fetch| fetch.check(Kind::BulkFetch).is_empty())?;
    fetch.body?.reception_number.as_deref().map(ToOwned::to_owned)
}

/// The answer to `OQSmuquc02req`. `asked`: what [`bulk_receipt`] gave for that number; `None` for a number that nobody was given.
/// Until it is `ready`, it says that it is processed (`SegmentOfResult` 2).
#[must_use]
pub fn bulk_result(
    system: &mut NationalSystem,
    request: &[u8],
    asked: Option<&Message>,
    ready: bool,
    now: Timestamp,
) -> Vec<u8> {
    let (fetch, encoding) = oqs::parse_with_encoding(request)
        .unwrap_or_else(|_| (Message::default(), oqs::Encoding::Utf8));
    let Some(asked) = asked else {
        let why = "nobody was given this ReceptionNumber";
        return answered(&refused(&fetch, "SIM005", why, now), encoding);
    };
    let segment = if ready { Segment::Done } else { Segment::Processing };
    let mut header = header(&fetch, segment, now);
    header.confirmed_on = asked.header.as_ref().and_then(|header| header.confirmed_on);
    header.reception_number = fetch.body.and_then(|body| body.reception_number);
    let searches = asked.body.iter().flat_map(|body| &body.searches).filter(|_| ready);
    let units: Vec<_> = searches.map(|search| unit(system, asked, search, now)).collect();
    let count = |status| units.iter().filter(|unit| unit.status == Some(status)).count();
    let number = |count: usize| u32::try_from(count).ok();
    header.results = number(units.len());
    header.results_done = number(count(Status::Done));
    header.results_wrong = number(count(Status::Error));
    answered(&message(header, Body { units, ..Body::default() }), encoding)
}

/// What a single question about this person is answered.
fn unit(
    system: &mut NationalSystem,
    all: &Message,
    search: &SearchInfo,
    now: Timestamp,
) -> BulkUnit {
    let body = Body { searches: vec![search.clone()], ..Body::default() };
    let single = Message { header: all.header.clone(), body: Some(body), ..Message::default() };
    let (answer, _) = crate::terminal::answer_to(system, &single, now);
    let body = answer.body.unwrap_or_default();
    BulkUnit {
        search: Some(search.clone()),
        status: body.status,
        code: body.code,
        message: body.message,
        validity: body.validity,
        results: body.results.map(|list| list.results).unwrap_or_default(),
        ..BulkUnit::default()
    }
}

fn header(asked: &Message, segment: Segment, now: Timestamp) -> Header {
    let mut message = Message {
        header: Some(Header {
            executed_at: Moment::new(now),
            encoding: Some(oqs::CharacterCode),
            segment: Some(segment),
            reference: Some(Reference::Number),
            institution: asked.header.as_ref().and_then(|header| header.institution.clone()),
            ..Header::default()
        }),
        ..Message::default()
    };
    echo(&mut message, asked);
    message.header.unwrap_or_default()
}

fn message(header: Header, body: Body) -> Message {
    Message { header: Some(header), body: Some(body), ..Message::default() }
}
