//! The staff board's requests.

use crate::effects::page;
use crate::effects::sheet::Sheet;
use crate::effects::stream::EventStream;
use crate::model::refusal::{Asked, Reason, reason};
use protocol::Redacted;
use protocol::day::Day;
use protocol::self_test::SelfTest;
use protocol::staff::{
    AtKiosk, Board, ChoosePatient, Complete, Confirm, EndVisit, Enter, Entered, EnteredByHand,
    Known, LIVE_SILENCE_MS, SeePaper, SetMark, SetNote, ToCompare, TypeFor, Withdraw,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::Response;

/// An answer that has not begun after this long does not come any more, in milliseconds: the bridge gives up sooner.
const ANSWER_MS: u32 = 90_000;

/// Why a request gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The bridge did not answer, or not as expected.
    Away,
    /// HTTP status of the refusal.
    Refused(u16),
}

impl Trouble {
    /// Why this was not done.
    pub(super) fn reason(self, asked: Asked) -> Reason {
        match self {
            Self::Away => reason(asked, None),
            Self::Refused(status) => reason(asked, Some(status)),
        }
    }
}

/// Opens a session with the facility's passcode.
pub(super) async fn enter(passcode: Redacted) -> Result<Entered, Trouble> {
    post("enter", None, &Enter { passcode, practice: page::is_board_of_practice() }).await
}

/// The board as it changes.
pub(super) async fn live(session: &Redacted) -> Result<EventStream, Trouble> {
    let token = page::token();
    let headers = [("x-uketsuke-token", token.as_str()), ("x-uketsuke-staff", session.expose())];
    let stream = EventStream::open("/staff/api/live", &headers, LIVE_SILENCE_MS).await;
    stream.map_err(|status| status.map_or(Trouble::Away, Trouble::Refused))
}

/// Somebody has touched the page.
pub(super) async fn used(session: &Redacted) -> Result<(), Trouble> {
    send("used", "POST", Some(session), &[], JsValue::UNDEFINED).await.map(drop)
}

/// What today came to.
pub(super) async fn day(session: &Redacted) -> Result<Day, Trouble> {
    let text = send("day", "GET", Some(session), &[], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

/// What the last self-test found.
pub(super) async fn self_test(session: &Redacted) -> Result<SelfTest, Trouble> {
    let text = send("self_test", "GET", Some(session), &[], JsValue::UNDEFINED).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

/// Tests everything now.
pub(super) async fn run_self_test(session: &Redacted) -> Result<SelfTest, Trouble> {
    post("self_test/run", Some(session), &()).await
}

/// Ends the session.
pub(super) async fn lock(session: &Redacted) -> Result<(), Trouble> {
    send("lock", "POST", Some(session), &[], JsValue::UNDEFINED).await.map(drop)
}

/// Whether this page is of an earlier start of the bridge, whose token counts no more.
pub(super) async fn is_outdated() -> bool {
    send("board", "GET", None, &[], JsValue::UNDEFINED).await == Err(Trouble::Refused(403))
}

/// Withdraws a consent.
pub(super) async fn withdraw(session: &Redacted, ask: &Withdraw) -> Result<Board, Trouble> {
    post("withdraw", Some(session), ask).await
}

/// Enters the characters in the places of ●.
pub(super) async fn complete(session: &Redacted, ask: &Complete) -> Result<Board, Trouble> {
    post("complete", Some(session), ask).await
}

/// Says that a result was entered by hand.
pub(super) async fn entered(session: &Redacted, ask: &EnteredByHand) -> Result<Board, Trouble> {
    post("entered", Some(session), ask).await
}

/// Says that a document was looked at.
pub(super) async fn paper(session: &Redacted, ask: &SeePaper) -> Result<Board, Trouble> {
    post("paper", Some(session), ask).await
}

/// Enters the number that staff know.
pub(super) async fn known(session: &Redacted, ask: &Known) -> Result<Board, Trouble> {
    post("known", Some(session), ask).await
}

/// Ticks 呼んだ or 済, or takes it back.
pub(super) async fn mark(session: &Redacted, ask: &SetMark) -> Result<Board, Trouble> {
    post("mark", Some(session), ask).await
}

/// Writes a note about a visit, or takes it away.
pub(super) async fn note(session: &Redacted, ask: &SetNote) -> Result<Board, Trouble> {
    post("note", Some(session), ask).await
}

/// Says which patient of the list somebody is.
pub(super) async fn patient(session: &Redacted, ask: &ChoosePatient) -> Result<Board, Trouble> {
    post("patient", Some(session), ask).await
}

/// 目視確認 of the person who waits at a kiosk.
pub(super) async fn visual(session: &Redacted, ask: &Confirm) -> Result<Board, Trouble> {
    post("visual", Some(session), ask).await
}

/// 目視 said no.
pub(super) async fn refuse(session: &Redacted, ask: &AtKiosk) -> Result<Board, Trouble> {
    post("visual/refuse", Some(session), ask).await
}

/// With whom to compare.
pub(super) async fn face(session: &Redacted, ask: &AtKiosk) -> Result<ToCompare, Trouble> {
    post("visual/face", Some(session), ask).await
}

/// Ends the visit that is at a kiosk.
pub(super) async fn end_visit(session: &Redacted, ask: &EndVisit) -> Result<Board, Trouble> {
    post("kiosk/end", Some(session), ask).await
}

/// Puts what staff typed into the form that is up at a kiosk, or says that they are typing.
pub(super) async fn type_for(session: &Redacted, ask: &TypeFor) -> Result<(), Trouble> {
    let body = serde_json::to_string(ask).map_err(|_| Trouble::Away)?;
    taken(answer("kiosk/type", "POST", Some(session), &[], body.into()).await?).map(drop)
}

/// The 申立書 that lies ready at a kiosk.
pub(super) async fn statement(session: &Redacted, ask: &AtKiosk) -> Result<Sheet, Trouble> {
    let body = serde_json::to_string(ask).map_err(|_| Trouble::Away)?;
    let response = answer("kiosk/statement", "POST", Some(session), &[], body.into()).await?;
    Sheet::of(&taken(response)?).await.map_err(|_| Trouble::Away)
}

pub(super) async fn post<T: DeserializeOwned>(
    verb: &str,
    session: Option<&Redacted>,
    body: &impl Serialize,
) -> Result<T, Trouble> {
    let body = serde_json::to_string(body).map_err(|_| Trouble::Away)?;
    let text = send(verb, "POST", session, &[], body.into()).await?;
    serde_json::from_str(&text).map_err(|_| Trouble::Away)
}

pub(super) async fn send(
    verb: &str,
    method: &str,
    session: Option<&Redacted>,
    more: &[(&str, &str)],
    body: JsValue,
) -> Result<String, Trouble> {
    let response = taken(answer(verb, method, session, more, body).await?)?;
    page::text(&response).await.map_err(|_| Trouble::Away)
}

fn taken(response: Response) -> Result<Response, Trouble> {
    if response.ok() { Ok(response) } else { Err(Trouble::Refused(response.status())) }
}

/// Whatever its HTTP status is.
pub(super) async fn answer(
    verb: &str,
    method: &str,
    session: Option<&Redacted>,
    more: &[(&str, &str)],
    body: JsValue,
) -> Result<Response, Trouble> {
    let token = page::token();
    let mut headers = vec![("x-uketsuke-token", token.as_str())];
    if let Some(session) = session {
        headers.push(("x-uketsuke-staff", session.expose()));
    }
    if method == "POST" {
        headers.push(("content-type", "application/json"));
    }
    headers.extend(more);
    let path = format!("/staff/api/{verb}");
    let response = page::request_within(ANSWER_MS, &path, method, &headers, body).await;
    response.map_err(|_| Trouble::Away)
}
