//! A patient person: reads the screen and does what it says until there is a result.

use crate::page::{Page, code, page, typed};
use crate::site::Site;
use protocol::Action;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{CardProblem, Method, MethodNotice, Offer, Screen};
use std::time::{Duration, Instant};

/// Screens in one visit, at most: a kiosk that goes in circles loses the visit.
const MOST_SCREENS: usize = 80;

/// A screen that does not go on by itself or with what the person did.
const LONGEST_STILL: Duration = Duration::from_secs(9);

/// How a visit went.
pub(crate) struct Visited {
    /// Words for what the person noticed, in order; empty when nothing was amiss.
    pub(crate) seen: String,
    pub(crate) took: Duration,
}

/// What the person remembers.
#[derive(Default)]
struct Memory {
    words: Vec<&'static str>,
    had_photo: bool,
    pin_offered: bool,
    finished: bool,
}

impl Memory {
    fn note(&mut self, word: &'static str) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    /// What was noticed, each once. Whether a pulled card also interrupts a command depends on the
    /// moment, so "placed again" covers "tried again".
    fn told(&self) -> String {
        let again = self.words.contains(&"placed again");
        let words = self.words.iter().filter(|word| !(again && **word == "tried again"));
        words.copied().collect::<Vec<_>>().join(", ")
    }
}

/// From an empty reader to a result and an empty reader, with the card `valid`.
pub(crate) async fn visit(site: &Site) -> Visited {
    // Each visit on a page of its own: many quick ones on the same are more than a person can cause.
    let mut page = page(site).await;
    page.idle().await;
    let begun = Instant::now();
    let mut memory = Memory::default();
    let before = page.view.as_ref().unwrap().revision;
    site.place("valid");
    // A card that is pulled at once leaves no other screen than this one, but a newer one.
    while page.view.as_ref().unwrap().revision == before {
        page.next_of_any_kind().await;
    }
    for _ in 0..MOST_SCREENS {
        let screen = page.view.as_ref().unwrap().screen.clone();
        if memory.finished && screen == Screen::Idle {
            return Visited { seen: memory.told(), took: begun.elapsed() };
        }
        step(site, &mut page, &mut memory, &screen).await;
    }
    panic!("the visit goes in circles: {:?}", memory.words);
}

async fn step(site: &Site, page: &mut Page, memory: &mut Memory, screen: &Screen) {
    let action = match screen {
        // The fault took the card away.
        Screen::Idle | Screen::CardAway { .. } => {
            memory.note("placed again");
            site.place("valid");
            None
        }
        Screen::Farewell { .. } => Some(Action::Continue),
        Screen::CardProblem { problem } => {
            memory.note(match problem {
                CardProblem::NotGenuine => "refused",
                CardProblem::Unreadable => "unreadable",
                CardProblem::NotMyNumber => "not a My Number Card",
                other => panic!("{other:?}"),
            });
            Some(Action::Continue)
        }
        Screen::TakeCard { .. } => {
            site.remove();
            None
        }
        Screen::Method { offers, notice, .. } => Some(choose(memory, offers, notice.as_ref())),
        Screen::Code { problem } => {
            assert_eq!(*problem, None);
            Some(code("12", "2285"))
        }
        Screen::ReadingPhoto if page.photo.take().is_some() => {
            Some(Action::Reference { outcome: ReferenceOutcome::Ready })
        }
        Screen::Face { .. } => {
            memory.had_photo = true;
            Some(if memory.pin_offered {
                Action::Choose { method: Method::Pin }
            } else {
                memory.note("no PIN");
                Action::Stop
            })
        }
        Screen::Pin { tries_left, wrong } => {
            assert_eq!((*tries_left, *wrong), (3, false));
            Some(typed("1234"))
        }
        Screen::ConsentAll { .. } => Some(Action::ConsentAll { answer: Overall::All }),
        Screen::Finished { .. } => {
            memory.finished = true;
            Some(Action::Continue)
        }
        _ => None,
    };
    if let Some(action) = action {
        page.act(action).await;
    }
    let since = Instant::now();
    // Until something is new: another screen, or the photo for this one.
    let before = page.view.as_ref().unwrap().revision;
    while page.view.as_ref().unwrap().revision == before {
        if matches!(screen, Screen::ReadingPhoto) && page.photo.is_some() {
            return;
        }
        let news = tokio::time::timeout(LONGEST_STILL, page.next_of_any_kind()).await;
        assert!(news.is_ok() && since.elapsed() < LONGEST_STILL, "nothing moves at {screen:?}");
    }
}

fn choose(memory: &mut Memory, offers: &[Offer], notice: Option<&MethodNotice>) -> Action {
    match notice {
        None => {}
        Some(MethodNotice::CardFailed) => memory.note("tried again"),
        Some(MethodNotice::PhotoUnreadable | MethodNotice::CodeTriesLow) => {
            memory.note("without photo");
        }
        Some(MethodNotice::PinLocked) => memory.note("no PIN"),
        Some(other) => panic!("{other:?}"),
    }
    let open =
        |method| offers.iter().any(|offer| offer.method == method && offer.why_not.is_none());
    memory.pin_offered = open(Method::Pin);
    if memory.had_photo || !open(Method::Face) {
        if !memory.had_photo && !memory.words.contains(&"without photo") {
            memory.note("without photo");
        }
        if !memory.pin_offered {
            memory.note("no PIN");
            return Action::Stop;
        }
        return Action::Choose { method: Method::Pin };
    }
    Action::Choose { method: Method::Face }
}
