//! A patient person: reads the screen and does what it says until there is a result.

use crate::page::{Page, code, page_at, typed};
use crate::site::Site;
use protocol::Action;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{CardProblem, Method, MethodNotice, Offer, Screen};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Screens in one visit, at most: a kiosk that goes in circles loses the visit.
const MOST_SCREENS: usize = 80;

/// A screen that does not go on by itself or with what the person did hangs, however slow the machine is.
const LONGEST_STILL: Duration = Duration::from_mins(1);

/// Where the card is put down.
pub(crate) trait Placing {
    /// Address and token of the kiosk that has this reader.
    fn kiosk(&self) -> (SocketAddr, &str);
    /// Puts it down, taking it away first if it lies there.
    fn place(&self);
    /// Takes it away.
    fn remove(&self);
    /// When the fault happened, if it has.
    fn trouble(&self) -> Option<Instant> {
        None
    }
}

/// The practice tray, with the card `valid`.
pub(crate) struct OnTray<'a>(pub(crate) &'a Site);

impl Placing for OnTray<'_> {
    fn kiosk(&self) -> (SocketAddr, &str) {
        (self.0.bridge.address, &self.0.bridge.token)
    }

    fn place(&self) {
        self.0.place("valid");
    }

    fn remove(&self) {
        self.0.remove();
    }
}

/// How a visit went.
pub(crate) struct Visited {
    /// Words for what the person noticed, in order; empty when nothing was amiss.
    pub(crate) seen: String,
    pub(crate) took: Duration,
    /// From the fault to the next screen.
    pub(crate) noticed: Option<Duration>,
}

/// What the person remembers.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
struct Memory {
    words: Vec<&'static str>,
    had_photo: bool,
    pin_offered: bool,
    took: bool,
    finished: bool,
}

impl Memory {
    fn note(&mut self, word: &'static str) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    /// The card was not there any more. When nobody has taken it, it was pulled; whether that interrupts reading before it
    /// is seen to be gone depends on the moment.
    fn placed_again(&mut self) {
        if !std::mem::take(&mut self.took) {
            self.words.retain(|word| *word != "unreadable");
        }
        self.note("placed again");
    }

    /// What was noticed, each once. Whether a pulled card also interrupts a command depends on the
    /// moment, so "placed again" covers "tried again".
    fn told(&self) -> String {
        let again = self.words.contains(&"placed again");
        let words = self.words.iter().filter(|word| !(again && **word == "tried again"));
        words.copied().collect::<Vec<_>>().join(", ")
    }
}

/// From an empty reader to a result and an empty reader.
pub(crate) async fn visit(reader: &impl Placing) -> Visited {
    // Each visit on a page of its own: many quick ones on the same are more than a person can cause.
    let (address, token) = reader.kiosk();
    let mut page = page_at(address, token).await;
    page.idle().await;
    let begun = Instant::now();
    let mut memory = Memory::default();
    let before = page.view.as_ref().unwrap().revision;
    reader.place();
    // A card that is pulled at once leaves no other screen than this one, but a newer one.
    while page.view.as_ref().unwrap().revision == before {
        page.next_of_any_kind().await;
    }
    let mut noticed = None;
    for _ in 0..MOST_SCREENS {
        let screen = page.view.as_ref().unwrap().screen.clone();
        if memory.finished && screen == Screen::Idle {
            return Visited { seen: memory.told(), took: begun.elapsed(), noticed };
        }
        step(reader, &mut page, &mut memory, &screen).await;
        noticed = noticed.or_else(|| reader.trouble().map(|since| since.elapsed()));
    }
    panic!("the visit goes in circles: {:?}", memory.words);
}

async fn step(reader: &impl Placing, page: &mut Page, memory: &mut Memory, screen: &Screen) {
    let action = match screen {
        // The fault took the card away.
        Screen::Idle | Screen::CardAway { .. } => {
            memory.placed_again();
            reader.place();
            None
        }
        Screen::Farewell { .. } => Some(Action::Continue),
        Screen::CardProblem { problem, .. } => {
            memory.note(match problem {
                CardProblem::NotGenuine | CardProblem::NotVerified => "refused",
                CardProblem::Unreadable => "unreadable",
                CardProblem::NotMyNumber => "not a My Number Card",
                other => panic!("{other:?}"),
            });
            Some(Action::Continue)
        }
        Screen::TakeCard { .. } => {
            reader.remove();
            memory.took = true;
            None
        }
        Screen::Method { offers, notice, .. } => Some(choose(memory, offers, notice.as_ref())),
        Screen::Code { problem, .. } => {
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
        let left = LONGEST_STILL.saturating_sub(since.elapsed());
        let news = tokio::time::timeout(left, page.next_of_any_kind()).await;
        assert!(news.is_ok(), "nothing moves at {screen:?}");
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
