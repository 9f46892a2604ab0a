//! What has been asked of the bridge and is not answered yet, so that it is not asked twice.

use std::collections::HashSet;

/// What a request of staff is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum About {
    /// A row, by its visit.
    Visit(u64),
    /// The person at a kiosk, by its name and the view that was seen there.
    Kiosk(String, u64),
}

/// See the module: verbs, and what each is about.
#[derive(Debug, Default)]
pub(crate) struct Open(HashSet<(&'static str, About)>);

impl Open {
    /// `false`: it was asked for and is not answered, mostly by the first tap of a double tap.
    pub(crate) fn ask(&mut self, verb: &'static str, about: &About) -> bool {
        self.0.insert((verb, about.clone()))
    }

    /// Whether anything about a person at this kiosk is not answered yet.
    pub(crate) fn is_about_kiosk(&self, name: &str) -> bool {
        self.0.iter().any(|(_, about)| matches!(about, About::Kiosk(kiosk, _) if kiosk == name))
    }

    /// It was answered, or will not be.
    pub(crate) fn answered(&mut self, verb: &'static str, about: &About) {
        self.0.remove(&(verb, about.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_tap_asks_nothing_until_the_first_is_answered() {
        let mut open = Open::default();
        let first = About::Kiosk("first".into(), 7);
        assert!(open.ask("visual", &first) && !open.ask("visual", &first));
        let others =
            [About::Kiosk("first".into(), 8), About::Kiosk("b".into(), 7), About::Visit(7)];
        assert!(others.iter().all(|other| open.ask("visual", other)), "about somebody else");
        assert!(open.ask("close", &first), "something else");
        assert!(open.is_about_kiosk("first") && !open.is_about_kiosk("second"));
        open.answered("visual", &first);
        assert!(open.ask("visual", &first));
    }
}
