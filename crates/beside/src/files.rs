//! Which files of the folder are new, and when they are whole.

use crate::{PAST, WINDOW};
use checkin::Millis;
use checkin::deadlines::{BESIDE_SETTLED_MS, BESIDE_UNREADABLE_MS};
use jiff::Timestamp;
use oqs::{FileName, Message, NoAnswer, ParseErrorKind};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// Files that are read in one look; the others come in the next one.
const AT_ONCE: usize = 32;

/// What became of a file that was read.
pub enum Reading {
    /// It is in the making, or may be: it is looked at again.
    Waits,
    /// It is whole, and is not looked at again.
    Whole(Box<Message>),
    /// Nothing can be made of it, and it is not looked at again; why, without what it says.
    Given(String),
}

/// A file that is looked at.
struct Look {
    /// Of its bytes, which name somebody.
    hash: u64,
    since: Millis,
    first: Millis,
}

/// See the module. A file has its name for ever: whatever lies under it later is not looked at again.
#[derive(Default)]
pub struct Files {
    /// Taken or left alone, each with the time in its name.
    done: HashMap<String, Timestamp>,
    looks: HashMap<String, Look>,
    hasher: RandomState,
    /// The folder was seen once.
    seen: bool,
}

impl Files {
    /// `taken`: the names of files that were taken before the program was started anew.
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        let named = |text: String| text.parse::<FileName>().ok().map(|name| (text, name.at()));
        Self { done: taken.into_iter().filter_map(named).collect(), ..Self::default() }
    }

    /// The names that lie in the folder now; gives those to be read, oldest first. At the first look those count that are not
    /// older than [`BESIDE_MS`](checkin::deadlines::BESIDE_MS): people who came before the program was started are at the reception by now. Later every new one
    /// counts that is not older than [`BESIDE_PAST_MS`](checkin::deadlines::BESIDE_PAST_MS), because a share may have been away.
    pub fn listed(&mut self, names: Vec<FileName>, now: Timestamp) -> Vec<FileName> {
        let oldest = if self.seen { PAST } else { WINDOW };
        self.seen = true;
        let mut there = HashSet::new();
        let mut fresh = Vec::new();
        for name in names {
            let text = name.to_string();
            there.insert(text.clone());
            let age = now.duration_since(name.at());
            if self.done.contains_key(&text) {
                continue;
            }
            // One that is looked at already was fresh when it came.
            if self.looks.contains_key(&text) || (age <= oldest && age >= -WINDOW) {
                fresh.push(name);
            } else {
                self.done.insert(text, name.at());
            }
        }
        self.looks.retain(|name, _| there.contains(name));
        fresh.sort_by_key(FileName::at);
        fresh.truncate(AT_ONCE);
        // A name that is not there any more can come back only while its time is not over.
        self.done.retain(|name, at| now.duration_since(*at) <= PAST || there.contains(name));
        fresh
    }

    /// What was read of one of them, at this moment.
    pub fn read(&mut self, name: &FileName, bytes: &[u8], now: Millis) -> Reading {
        let (text, hash) = (name.to_string(), self.hasher.hash_one(bytes));
        let before = self.looks.get(&text);
        let first = before.map_or(now, |look| look.first);
        let since = before.filter(|look| look.hash == hash).map_or(now, |look| look.since);
        let settled = now.0.saturating_sub(since.0) >= BESIDE_SETTLED_MS;
        let read = if settled { whole(bytes) } else { Ok(None) };
        let patient = now.0.saturating_sub(first.0) < BESIDE_UNREADABLE_MS;
        self.looks.insert(text.clone(), Look { hash, since, first });
        let reading = match read {
            Ok(Some(message)) => Reading::Whole(message),
            Ok(None) | Err(_) if patient => return Reading::Waits,
            Ok(None) => Reading::Given("it never becomes whole".into()),
            Err(why) => Reading::Given(why),
        };
        self.looks.remove(&text);
        self.done.insert(text, name.at());
        reading
    }

    /// What was whole could not be kept: it is taken once more.
    pub fn again(&mut self, name: &FileName) {
        self.done.remove(&name.to_string());
    }
}

/// `None`: it goes on.
fn whole(bytes: &[u8]) -> Result<Option<Box<Message>>, String> {
    let message = match oqs::parse(bytes) {
        Ok(message) => message,
        Err(error) if error.kind == ParseErrorKind::EndsEarly => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    match message.eligibility() {
        Err(NoAnswer::StillProcessing) => Ok(None),
        Err(error) => Err(error.to_string()),
        Ok(_) => Ok(Some(Box::new(message))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use oqs::InstitutionCode;

    const WHOLE: &[u8] = b"<XmlMsg><MessageHeader/><MessageBody><QualificationValidity>4</QualificationValidity></MessageBody></XmlMsg>";

    fn now() -> Timestamp {
        "2026-11-29T10:00:00+09:00".parse().unwrap()
    }

    fn name(id: u8, minutes: i64) -> FileName {
        let institution = InstitutionCode::new("1312345678").unwrap();
        let at = now() + SignedDuration::from_mins(minutes);
        FileName::face(institution, &format!("{id:020}"), at).unwrap()
    }

    #[test]
    fn at_the_start_old_files_are_left_alone_and_later_ones_of_hours_ago_are_taken() {
        let (old, fresh, ahead, late) = (name(1, -31), name(2, -29), name(3, 31), name(4, -600));
        let mut files = Files::new([]);
        let listed = files.listed(vec![old.clone(), fresh.clone(), ahead.clone()], now());
        assert_eq!(listed, std::slice::from_ref(&fresh));
        let yesterday = name(5, -721);
        let all = vec![old, fresh.clone(), ahead, late.clone(), yesterday];
        assert_eq!(files.listed(all, now()), [late, fresh.clone()]);
        let mut files = Files::new([fresh.to_string()]);
        assert_eq!(files.listed(vec![fresh], now()), []);
    }

    #[test]
    fn a_file_is_read_once_and_when_it_is_whole() {
        let (mut files, file) = (Files::new([]), name(1, 0));
        let listed = |files: &mut Files| files.listed(vec![name(1, 0)], now()).len();
        let waits = |reading| matches!(reading, Reading::Waits);
        assert!(waits(files.read(&file, &WHOLE[..40], Millis(0))));
        assert!(waits(files.read(&file, &WHOLE[..40], Millis(400))), "half of it");
        assert!(waits(files.read(&file, WHOLE, Millis(500))));
        assert!(waits(files.read(&file, WHOLE, Millis(799))));
        assert_eq!(listed(&mut files), 1);
        assert!(matches!(files.read(&file, WHOLE, Millis(800)), Reading::Whole(_)));
        assert_eq!(listed(&mut files), 0);
        // It was taken away and is there again.
        assert_eq!((files.listed(Vec::new(), now()).len(), listed(&mut files)), (0, 0));
        files.again(&file);
        assert_eq!(listed(&mut files), 1);
    }

    #[test]
    fn what_cannot_be_read_is_given_up() {
        for bytes in [&b"<!DOCTYPE a><XmlMsg/>"[..], b"no xml", b"<XmlMsg><MessageHeader>", b""] {
            let (mut files, file) = (Files::new([]), name(1, 0));
            assert!(matches!(files.read(&file, bytes, Millis(0)), Reading::Waits));
            assert!(matches!(files.read(&file, bytes, Millis(59_999)), Reading::Waits));
            let given = files.read(&file, bytes, Millis(60_000));
            assert!(matches!(given, Reading::Given(_)), "{bytes:?}");
            assert_eq!(files.listed(vec![file], now()), []);
        }
    }
}
