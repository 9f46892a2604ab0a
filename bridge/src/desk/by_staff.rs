//! What staff do from their board about the form that is up here. The visit hears of none of it but that somebody is there: what is
//! typed goes to the page, and the page to print lies beside the visit.

use super::{Desk, ToPage};
use crate::store::{Actor, Op};
use checkin::documents::Document;
use checkin::event::Action;
use checkin::fallback::Way;
use checkin::{Record, VisitId};
use protocol::Screen;
use protocol::staff::Typed;
use wire::Twin as _;
use zeroize::Zeroizing;

impl Desk {
    /// `false`: the form is not up any more, or no page shows it.
    pub(super) fn type_for(&mut self, seen: u64, typed: Option<Typed>, by: Actor) -> bool {
        let Some((visit, form)) = self.asks(seen, form) else { return false };
        if let Some(typed) = typed {
            let fits = matches!(typed, Typed::Statement(_)) == (form == Way::Statement);
            if !fits || !self.tell(ToPage::Typed(seen, typed)) {
                return false;
            }
            self.note(visit, Record::StaffTyped(form), by);
        }
        let now = self.views.borrow().revision;
        self.acted(now, Action::Present);
        true
    }

    /// The page to print, while it is up.
    pub(super) fn statement(&mut self, seen: u64, by: Actor) -> Option<Zeroizing<String>> {
        let is_ready = |screen: &Screen| (*screen == Screen::StatementReady).then_some(());
        let (visit, ()) = self.asks(seen, is_ready)?;
        let page = self.place.printout.page()?;
        self.note(visit, Record::StatementOpened, by);
        let now = self.views.borrow().revision;
        self.acted(now, Action::Present);
        Some(page)
    }

    /// What `of` finds on the screen, while this very question is up, and whose visit it is.
    fn asks<T>(&self, seen: u64, of: impl Fn(&Screen) -> Option<T>) -> Option<(VisitId, T)> {
        let shown = self.views.borrow();
        let found = of(&shown.screen).filter(|_| shown.question == seen)?;
        Some((self.visit.visit()?, found))
    }

    pub(super) fn note(&mut self, visit: VisitId, record: Record, by: Actor) {
        let at = self.now().wall;
        self.pending.ops.push(Op::Record { visit, at, record, by: Some(by) });
    }
}

/// The form on a screen, by the way that led to it.
fn form(screen: &Screen) -> Option<Way> {
    match screen {
        Screen::Numbers { document, .. } => Some(Way::Document(Document::from_wire(*document))),
        Screen::Statement { .. } => Some(Way::Statement),
        _ => None,
    }
}
