//! What is said of what the page shows: a new screen whole, then only what is new, and a hint again while it stays.

/// After this time of silence in milliseconds a hint that still stands is said again.
const AGAIN_MS: f64 = 6_000.0;

/// What a sentence is on its screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one question or message.
    Title,
    /// Anything else that stays.
    Words,
    /// What to do now; changes at any moment.
    Hint {
        /// Said again while it stays.
        again: bool,
    },
}

/// A sentence on the screen. Only fixed ones that have a clip become lines: nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What it is.
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) text: String,
}

/// What to say now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Say {
    /// One after another.
    pub(crate) lines: Vec<Line>,
    /// The title of this very screen comes to its end first; anything else is cut off.
    pub(crate) after_title: bool,
}

/// What is on the screen, and since when its hint was heard.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    screen: String,
    lines: Vec<Line>,
    hint_ms: f64,
}

impl Reader {
    /// Takes what the screen shows now. `rebuilt`: it was made anew, so that somebody waits to hear something.
    pub(crate) fn see(
        &mut self,
        screen: &str,
        rebuilt: bool,
        lines: Vec<Line>,
        now_ms: f64,
    ) -> Option<Say> {
        let same = self.screen == screen;
        let is_new = |line: &&Line| !same || self.lines.iter().all(|old| old.text != line.text);
        let mut new: Vec<Line> = lines.iter().filter(is_new).cloned().collect();
        if new.is_empty() && rebuilt {
            new.extend(lines.first().cloned());
        }
        screen.clone_into(&mut self.screen);
        self.lines = lines;
        self.say(new, same && !rebuilt, now_ms)
    }

    /// The hint, when it has stood for long enough; not while something is said.
    pub(crate) fn tick(&mut self, speaks: bool, now_ms: f64) -> Option<Say> {
        if speaks {
            // A hint may have waited for the title before it was heard.
            self.hint_ms = now_ms;
        }
        if now_ms - self.hint_ms < AGAIN_MS {
            return None;
        }
        let stays = |line: &&Line| line.kind == Kind::Hint { again: true };
        let hints = self.lines.iter().filter(stays).cloned().collect();
        self.say(hints, true, now_ms)
    }

    fn say(&mut self, lines: Vec<Line>, same: bool, now_ms: f64) -> Option<Say> {
        if lines.iter().any(|line| matches!(line.kind, Kind::Hint { .. })) {
            self.hint_ms = now_ms;
        }
        let after_title = same && lines.iter().all(|line| line.kind != Kind::Title);
        (!lines.is_empty()).then_some(Say { lines, after_title })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: Kind = Kind::Title;
    const AGAIN: Kind = Kind::Hint { again: true };
    const ONCE: Kind = Kind::Hint { again: false };

    fn lines(of: &[(Kind, &str)]) -> Vec<Line> {
        of.iter().map(|(kind, text)| Line { kind: *kind, text: (*text).to_owned() }).collect()
    }

    fn texts(said: Option<Say>) -> Vec<String> {
        said.map_or_else(Vec::new, |say| say.lines.into_iter().map(|line| line.text).collect())
    }

    #[test]
    fn a_screen_is_said_whole_and_then_only_what_is_new() {
        let mut reader = Reader::default();
        let pin = lines(&[(TITLE, "PIN"), (Kind::Words, "four digits")]);
        let said = reader.see("pin", true, pin.clone(), 0.0).unwrap();
        assert_eq!((said.lines, said.after_title), (pin.clone(), false));
        assert_eq!(reader.see("pin", false, pin, 10.0), None, "nothing changed");
        let wrong = lines(&[(TITLE, "PIN"), (Kind::Words, "wrong"), (Kind::Words, "four digits")]);
        let said = reader.see("pin", false, wrong.clone(), 20.0).unwrap();
        assert!(said.after_title, "the title comes to its end, what stood below it does not");
        assert_eq!(texts(Some(said)), ["wrong"]);
        assert_eq!(texts(reader.see("staff", true, wrong, 30.0)), ["PIN", "wrong", "four digits"]);
        let english = lines(&[(TITLE, "Code"), (Kind::Words, "wrong")]);
        assert!(!reader.see("staff", false, english, 40.0).unwrap().after_title);
    }

    #[test]
    fn a_screen_that_comes_again_unchanged_says_its_title() {
        let mut reader = Reader::default();
        let take = lines(&[(TITLE, "take it"), (Kind::Words, "left behind")]);
        reader.see("take_card", true, take.clone(), 0.0);
        assert_eq!(texts(reader.see("take_card", true, take, 9_000.0)), ["take it"]);
    }

    #[test]
    fn hints_let_the_title_end_and_are_said_again_while_they_stay() {
        let mut reader = Reader::default();
        let face = |kind, hint| lines(&[(TITLE, "look"), (kind, hint)]);
        assert_eq!(texts(reader.see("face", true, face(ONCE, "starting"), 0.0)).len(), 2);
        let closer = reader.see("face", false, face(AGAIN, "closer"), 500.0).unwrap();
        assert!(closer.after_title);
        assert_eq!(texts(Some(closer)), ["closer"]);
        assert_eq!(reader.tick(false, 6_400.0), None);
        assert_eq!(texts(reader.tick(false, 6_500.0)), ["closer"]);
        assert_eq!(reader.tick(false, 12_000.0), None, "counted from the last time");
        assert_eq!(reader.tick(true, 12_500.0), None, "something is being said");
        assert_eq!(reader.tick(false, 18_000.0), None, "counted from its end");
        assert_eq!(texts(reader.tick(false, 18_500.0)), ["closer"]);
        assert_eq!(
            texts(reader.see("face", false, face(ONCE, "hold still"), 19_000.0)),
            ["hold still"]
        );
        assert_eq!(reader.tick(false, 60_000.0), None, "nobody is asked to do anything");
    }

    #[test]
    fn nothing_of_another_screen_is_said_again() {
        let mut reader = Reader::default();
        reader.see("face", true, lines(&[(TITLE, "look"), (AGAIN, "closer")]), 0.0);
        assert_eq!(reader.see("idle", true, Vec::new(), 2.0), None);
        assert_eq!(reader.tick(false, 99_000.0), None);
    }
}
