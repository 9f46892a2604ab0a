//! Words of the self-test.

use crate::words::{Tongue, text};
use protocol::self_test::{Check, Sentence, State};

/// Name of what is tested.
pub(crate) fn check(locale: Tongue, check: Check) -> &'static str {
    match check {
        Check::Reader => text!(locale, self_test.check.reader),
        Check::Card => text!(locale, self_test.check.card),
        Check::Camera => text!(locale, self_test.check.camera),
        Check::Screen => text!(locale, self_test.check.screen),
        Check::Store => text!(locale, self_test.check.store),
        Check::Clock => text!(locale, self_test.check.clock),
        Check::Disk => text!(locale, self_test.check.disk),
        Check::Models => text!(locale, self_test.check.models),
        Check::Pages => text!(locale, self_test.check.pages),
        Check::Results => text!(locale, self_test.check.results),
        Check::Patients => text!(locale, self_test.check.patients),
        Check::Terminal => text!(locale, self_test.check.terminal),
        Check::Passcode => text!(locale, self_test.check.passcode),
        Check::Roots => text!(locale, self_test.check.roots),
        Check::Network => text!(locale, self_test.check.network),
        Check::Database => text!(locale, self_test.check.database),
        Check::Restart => text!(locale, self_test.check.restart),
    }
}

/// How it is.
pub(crate) fn tested(locale: Tongue, state: State) -> &'static str {
    match state {
        State::Fault => text!(locale, self_test.fault),
        State::NotTested => text!(locale, self_test.not_tested),
        State::Note => text!(locale, self_test.note),
        State::Fine => text!(locale, self_test.fine),
    }
}

/// In the language of the page, or in English.
pub(crate) fn sentence(locale: Tongue, said: &Sentence) -> String {
    // The bridge says it twice: in Japanese, and for all others.
    if locale == Tongue::JA { &said.ja } else { &said.en }.clone()
}
