//! Words of the self-test.

use crate::i18n::Locale;
use leptos_i18n::td_string;
use protocol::self_test::{Check, Sentence, State};

/// Name of what is tested.
pub(crate) fn check(locale: Locale, check: Check) -> &'static str {
    match check {
        Check::Reader => td_string!(locale, self_test.check.reader),
        Check::Card => td_string!(locale, self_test.check.card),
        Check::Camera => td_string!(locale, self_test.check.camera),
        Check::Screen => td_string!(locale, self_test.check.screen),
        Check::Store => td_string!(locale, self_test.check.store),
        Check::Clock => td_string!(locale, self_test.check.clock),
        Check::Disk => td_string!(locale, self_test.check.disk),
        Check::Models => td_string!(locale, self_test.check.models),
        Check::Pages => td_string!(locale, self_test.check.pages),
        Check::Results => td_string!(locale, self_test.check.results),
        Check::Patients => td_string!(locale, self_test.check.patients),
        Check::Terminal => td_string!(locale, self_test.check.terminal),
        Check::Passcode => td_string!(locale, self_test.check.passcode),
        Check::Roots => td_string!(locale, self_test.check.roots),
        Check::Network => td_string!(locale, self_test.check.network),
        Check::Database => td_string!(locale, self_test.check.database),
        Check::Restart => td_string!(locale, self_test.check.restart),
    }
}

/// How it is.
pub(crate) fn tested(locale: Locale, state: State) -> &'static str {
    match state {
        State::Fault => td_string!(locale, self_test.fault),
        State::NotTested => td_string!(locale, self_test.not_tested),
        State::Note => td_string!(locale, self_test.note),
        State::Fine => td_string!(locale, self_test.fine),
    }
}

/// In the language of the page, or in English.
pub(crate) fn sentence(locale: Locale, said: &Sentence) -> String {
    // The bridge says it twice: in Japanese, and for all others.
    if locale == Locale::ja { &said.ja } else { &said.en }.clone()
}
