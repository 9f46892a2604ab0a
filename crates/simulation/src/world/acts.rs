//! What the person does, and what happens to them.

use super::World;
use crate::faults::{Chance, Fault};
use crate::page;
use crate::patient::Patient;
use checkin::{Event, ReaderEvent, Screen};
use jiff::SignedDuration;

impl World {
    pub(super) fn act(&mut self) -> Result<(), String> {
        self.acts_at = None;
        if let Some(fault) = self.chance.as_mut().and_then(Chance::fault) {
            return self.suffer(fault);
        }
        let shown = self.page()?;
        if matches!(shown.screen, protocol::Screen::TakeCard { .. }) && self.card_lies_there {
            self.card_lies_there = false;
            self.handle(Event::Reader(ReaderEvent::CardRemoved))?;
        } else if let Some(action) = self.patient.act(&shown.screen, &self.card) {
            self.touch(&shown, &action)?;
        }
        if matches!(self.visit.view().screen, Screen::Idle | Screen::Reading | Screen::Waiting) {
            self.acts_at = None;
        }
        Ok(())
    }

    pub(super) fn touch(
        &mut self,
        shown: &protocol::View,
        action: &protocol::Action,
    ) -> Result<(), String> {
        self.summary.acts += 1;
        let event = page::touched(shown.revision, action)?;
        if let Event::Acted { action, .. } = &event {
            self.check.action(&self.visit.view().screen, action);
            if let Some(journal) = &mut self.journal {
                journal.action(action);
            }
        }
        self.handle(event)
    }

    fn suffer(&mut self, fault: Fault) -> Result<(), String> {
        if let Some(journal) = &mut self.journal {
            journal.fault(&format!("{fault:?}"));
        }
        match fault {
            Fault::Pull { back_after_ms } if self.card_lies_there => {
                self.card_lies_there = false;
                self.handle(Event::Reader(ReaderEvent::CardRemoved))?;
                self.later(back_after_ms, Event::Reader(ReaderEvent::CardPlaced));
            }
            Fault::Pull { .. } => {}
            Fault::Unplug { back_after_ms } => {
                self.card_lies_there = false;
                self.handle(Event::Reader(ReaderEvent::Gone))?;
                self.later(back_after_ms, Event::Reader(ReaderEvent::Ready));
                self.later(back_after_ms + 1, Event::Reader(ReaderEvent::CardPlaced));
            }
            Fault::Clock { seconds } => {
                self.check.in_grace = false;
                self.set_clock(SignedDuration::from_secs(seconds));
            }
            Fault::Reload { gone_ms } => {
                self.acts_at = (!self.walked_away).then(|| self.now.monotonic.plus(gone_ms));
            }
            Fault::WalkAway => self.walked_away = true,
            Fault::Touch { stale } => self.touch_anything(stale)?,
        }
        if self.acts_at.is_none() && !self.walked_away {
            let shown = self.page()?;
            self.acts_at = Some(self.now.monotonic.plus(Patient::takes_ms(&shown.screen)));
        }
        Ok(())
    }

    /// On the present view, or by a page that shows an old one.
    fn touch_anything(&mut self, stale: bool) -> Result<(), String> {
        let mut shown = self.page()?;
        let chance = self.chance.as_mut();
        let action = chance.map_or(protocol::Action::Present, Chance::touch);
        if !stale || shown.revision == 0 {
            return self.touch(&shown, &action);
        }
        shown.revision -= 1;
        let event = page::touched(shown.revision, &action)?;
        self.handle(event)
    }
}
