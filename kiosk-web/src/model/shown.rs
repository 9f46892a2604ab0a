//! What the page shows: the bridge's view, or why there is none.

use protocol::{Screen, View};

/// One of these is always on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Shown {
    /// No connection: nothing personal is on the screen or in memory.
    #[default]
    Offline,
    /// Another page serves this kiosk.
    TakenOver,
    /// Page and bridge do not fit, even after a reload.
    Outdated,
    /// The bridge's view.
    View(Box<View>),
}

/// Where in the visit a screen belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Placing and reading the card.
    Card,
    /// Method, face, PIN, 目視.
    Identity,
    /// Consent.
    Consent,
    /// Eligibility.
    Result,
    /// Taking the card.
    Take,
}

impl Step {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 5] =
        [Self::Card, Self::Identity, Self::Consent, Self::Result, Self::Take];
}

impl Shown {
    /// The view, when there is one.
    pub(crate) fn view(&self) -> Option<&View> {
        match self {
            Self::View(view) => Some(view),
            _ => None,
        }
    }

    /// Whether this is the question that `other` asks, so that a person has had the time to read it.
    pub(crate) fn asks_the_same(&self, other: &Self) -> bool {
        match (self.view(), other.view()) {
            (Some(view), Some(other)) => view.question == other.question,
            (None, None) => self == other,
            _ => false,
        }
    }

    /// Whether a visit is going on, so that somebody may be there.
    pub(crate) fn is_visit(&self) -> bool {
        self.view()
            .is_some_and(|view| !matches!(view.screen, Screen::Idle | Screen::OutOfService { .. }))
    }

    /// Whether what was typed from the card front may be kept: for a second try, and while the card is away and looked at
    /// again. Another card makes the bridge say `forget`.
    pub(crate) fn keeps_code(&self) -> bool {
        self.view().is_some_and(|view| {
            matches!(
                view.screen,
                Screen::Code { .. }
                    | Screen::ReadingPhoto
                    | Screen::ReadingItems
                    | Screen::CardAway { .. }
                    | Screen::Reading
            )
        })
    }

    /// Whether what was typed into the forms of the navigator may be kept: the person may go back and forth.
    pub(crate) fn keeps_forms(&self) -> bool {
        self.view().is_some_and(|view| {
            matches!(
                view.screen,
                Screen::Fallback { .. }
                    | Screen::Numbers { .. }
                    | Screen::LimitCertificate
                    | Screen::Waiting
                    | Screen::Statement { .. }
                    | Screen::StatementReady
            )
        })
    }

    /// The same, with the attempt of the face screen taken out: the camera runs on between attempts.
    pub(crate) fn without_attempt(mut self) -> Self {
        if let Self::View(view) = &mut self {
            if let Screen::Face { attempt, nonce, .. } = &mut view.screen {
                *attempt = 1;
                nonce.clear();
            }
            // A form that is wrong in the same way again is built anew, so that it is seen, heard and read again.
            let is_form = matches!(
                view.screen,
                Screen::Code { problem: Some(_), .. }
                    | Screen::Numbers { problem: Some(_), .. }
                    | Screen::Statement { problem: Some(_) }
            );
            if !is_form {
                view.revision = 0;
            }
            view.question = 0;
            view.asks_presence = false;
        }
        self
    }

    /// Attempt of the face screen, 0 elsewhere.
    pub(crate) fn attempt(&self) -> u8 {
        self.attempt_and_nonce().0
    }

    /// The same with its nonce.
    pub(crate) fn attempt_and_nonce(&self) -> (u8, String) {
        match self.view().map(|view| &view.screen) {
            Some(Screen::Face { attempt, nonce, .. }) => (*attempt, nonce.clone()),
            _ => (0, String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(screen: Screen) -> Shown {
        Shown::View(Box::new(View {
            revision: 3,
            question: 2,
            practice: false,
            simulated: true,
            asks_presence: true,
            screen,
        }))
    }

    fn code(problem: Option<protocol::screen::CodeProblem>) -> Screen {
        Screen::Code { problem, purpose: protocol::screen::CodePurpose::Photo }
    }

    #[test]
    fn the_second_attempt_is_the_same_screen() {
        let first = shown(Screen::Face { attempt: 1, of: 3, nonce: "a".into() });
        let second = shown(Screen::Face { attempt: 2, of: 3, nonce: "b".into() });
        assert_eq!(first.clone().without_attempt(), second.clone().without_attempt());
        assert_eq!((first.attempt(), second.attempt(), Shown::Offline.attempt()), (1, 2, 0));
    }

    #[test]
    fn the_same_problem_again_is_another_screen() {
        let at = |revision, screen| {
            let Shown::View(view) = shown(screen) else { unreachable!() };
            Shown::View(Box::new(View { revision, ..*view })).without_attempt()
        };
        let wrong = || code(Some(protocol::screen::CodeProblem::ExpiryYear));
        assert_ne!(at(4, wrong()), at(5, wrong()));
        assert_eq!(at(4, Screen::Waiting), at(5, Screen::Waiting));
    }

    #[test]
    fn a_remark_asks_the_same_and_another_question_does_not() {
        let at = |question, screen| {
            let Shown::View(view) = shown(screen) else { unreachable!() };
            Shown::View(Box::new(View { question, ..*view }))
        };
        let wrong = code(Some(protocol::screen::CodeProblem::ExpiryYear));
        assert!(at(4, wrong).asks_the_same(&at(4, code(None))));
        assert!(!at(5, Screen::Waiting).asks_the_same(&at(4, Screen::Waiting)));
        assert!(!at(4, Screen::Waiting).asks_the_same(&Shown::Offline));
        assert!(Shown::Offline.asks_the_same(&Shown::Offline));
    }

    #[test]
    fn only_the_code_steps_keep_what_was_typed() {
        assert!(shown(code(None)).keeps_code());
        // The card may be taken, put back and looked at again meanwhile.
        assert!(shown(Screen::CardAway { problem: None, reader_lost: false }).keeps_code());
        assert!(shown(Screen::Reading).keeps_code() && shown(Screen::ReadingPhoto).keeps_code());
        let methods = Screen::Method { offers: Vec::new(), alert: None, notice: None };
        assert!(!shown(methods).keeps_code());
        assert!(!shown(Screen::Idle).keeps_code() && !Shown::Offline.keeps_code());
        assert!(!shown(Screen::Idle).is_visit() && shown(Screen::Waiting).is_visit());
    }
}
