//! Who waits for a file of the official reader, and which files have come: each is joined once, or not at all.

use crate::person::{Fit, Person};
use crate::{PAST, WINDOW};
use checkin::VisitId;
use jiff::Timestamp;

/// More than a day has; the oldest are forgotten first.
const MOST: usize = 4_096;

/// What a file means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is about the person of this visit.
    Joined(VisitId),
    /// It is about a person who has a file already, told under this visit: they used the reader once more.
    Again(VisitId),
    /// It is about somebody who has not been at the kiosk, or who cannot be told for certain: perhaps they have one of these visits.
    Alone(Vec<VisitId>),
}

/// What became of a visit whose person was told to use the official reader, or did before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// The file has come before: it stood under this number of its own.
    Joined(VisitId),
    /// It waits, or had its file before.
    Waits,
    /// Several files or visits may belong together: staff look.
    Unsure(Vec<VisitId>),
}

/// How far somebody at the kiosk, or a file, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the other one.
    Open,
    /// More than one fitted once, or staff have begun with it: it is not joined any more, but still in the way of others.
    Unsure,
    /// It has its file, or its visit.
    Joined,
}

/// Somebody at the kiosk, or a file.
struct One {
    visit: VisitId,
    at: Timestamp,
    person: Person,
    standing: Standing,
}

/// See the module. No `Debug`: it names people.
#[derive(Default)]
pub struct Book {
    waiting: Vec<One>,
    /// `visit` is where the file is told.
    files: Vec<One>,
}

impl Book {
    /// A file of this time. `own`: under which number it stands if nobody waits for it.
    pub fn file(&mut self, own: VisitId, at: Timestamp, person: Person) -> Heard {
        self.forget(at);
        let again = |one: &&mut One| near(one.at, at) && one.person.is_again(&person);
        if let Some(before) = self.files.iter_mut().rev().find(again) {
            before.at = before.at.max(at);
            return Heard::Again(before.visit);
        }
        let mut file = One { visit: own, at, person, standing: Standing::Open };
        let same = fitting(&self.waiting, &file, Fit::Same);
        let heard = match same[..] {
            [only] if self.is_only(only, &file) => {
                self.waiting[only].standing = Standing::Joined;
                (file.visit, file.standing) = (self.waiting[only].visit, Standing::Joined);
                Heard::Joined(file.visit)
            }
            _ => {
                let fits: Vec<_> = fitting(&self.waiting, &file, Fit::May);
                if !same.is_empty() {
                    file.standing = Standing::Unsure;
                }
                for at in same {
                    self.waiting[at].standing = Standing::Unsure;
                }
                Heard::Alone(fits.into_iter().map(|at| self.waiting[at].visit).collect())
            }
        };
        push(&mut self.files, file);
        heard
    }

    /// The person of this visit was at the kiosk. What is told of it later counts in the place of this.
    pub fn waits(&mut self, visit: VisitId, at: Timestamp, person: Person) -> Waits {
        self.forget(at);
        let before = self.waiting.iter().position(|one| one.visit == visit);
        let before = before.map(|at| self.waiting.remove(at));
        let standing = before.map_or(Standing::Open, |before| before.standing);
        let mut one = One { visit, at, person, standing };
        let mut waits = Waits::Waits;
        if one.standing != Standing::Joined {
            let same = fitting(&self.files, &one, Fit::Same);
            match same[..] {
                [] => {}
                [only] if self.is_only_for(only, &one) => {
                    one.standing = Standing::Joined;
                    let file = &mut self.files[only];
                    file.standing = Standing::Joined;
                    waits = Waits::Joined(std::mem::replace(&mut file.visit, visit));
                }
                _ => {
                    one.standing = Standing::Unsure;
                    for at in &same {
                        self.files[*at].standing = Standing::Unsure;
                    }
                    waits =
                        Waits::Unsure(same.into_iter().map(|at| self.files[at].visit).collect());
                }
            }
        }
        push(&mut self.waiting, one);
        waits
    }

    /// Only staff join this file from now on: they have begun to work with its row.
    pub fn leave(&mut self, file: VisitId) {
        let open = |one: &&mut One| one.visit == file && one.standing == Standing::Open;
        self.files.iter_mut().filter(open).for_each(|one| one.standing = Standing::Unsure);
    }

    /// How far this visit of the kiosk is; one that is not known waits.
    #[must_use]
    pub fn standing(&self, visit: VisitId) -> Standing {
        let it = self.waiting.iter().find(|one| one.visit == visit);
        it.map_or(Standing::Open, |one| one.standing)
    }

    /// How far the file under this number is; one that is not known waits.
    #[must_use]
    pub fn standing_of_file(&self, visit: VisitId) -> Standing {
        let it = self.files.iter().find(|one| one.visit == visit);
        it.map_or(Standing::Open, |one| one.standing)
    }

    /// A visit as it stood before the program was started anew.
    pub fn restore_waiting(
        &mut self,
        visit: VisitId,
        at: Timestamp,
        person: Person,
        standing: Standing,
    ) {
        push(&mut self.waiting, One { visit, at, person, standing });
    }

    /// The same of a file that is told under this visit.
    pub fn restore_file(
        &mut self,
        visit: VisitId,
        at: Timestamp,
        person: Person,
        standing: Standing,
    ) {
        push(&mut self.files, One { visit, at, person, standing });
    }

    /// Nobody who waits is there but this one, for no other file.
    fn is_only(&self, waiting: usize, file: &One) -> bool {
        let one = &self.waiting[waiting];
        let other = fitting(&self.files, one, Fit::Same);
        one.standing == Standing::Open && file.standing == Standing::Open && other.is_empty()
    }

    /// The same the other way round.
    fn is_only_for(&self, file: usize, one: &One) -> bool {
        let file = &self.files[file];
        let other = fitting(&self.waiting, file, Fit::Same);
        one.standing == Standing::Open && file.standing == Standing::Open && other.is_empty()
    }

    fn forget(&mut self, now: Timestamp) {
        let past = |one: &One| now.duration_since(one.at) <= PAST;
        self.waiting.retain(past);
        self.files.retain(past);
    }
}

/// Positions of those that are not joined, of about the same time, and fit at least so well.
fn fitting(all: &[One], one: &One, least: Fit) -> Vec<usize> {
    let fits = |(_, other): &(usize, &One)| {
        if other.standing == Standing::Joined || !near(one.at, other.at) {
            return false;
        }
        // A doubt lies with either side, and the comparison is the same both ways.
        let doubtful = one.person.doubtful || other.person.doubtful;
        let fit = one.person.compare(&other.person);
        (if doubtful { fit.min(Fit::May) } else { fit }) >= least
    };
    all.iter().enumerate().filter(fits).map(|(at, _)| at).collect()
}

fn near(one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= WINDOW
}

fn push(all: &mut Vec<One>, one: One) {
    if all.len() >= MOST {
        all.remove(0);
    }
    all.push(one);
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use jiff::civil::Date;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(30_000_000 + minute)
    }

    fn person(name: &str) -> Person {
        let birth = Date::constant(1980, 2, 17).into();
        Person { name: Some(name.to_owned().into()), ..Person::born(birth) }
    }

    const V: [VisitId; 4] = [VisitId(1), VisitId(2), VisitId(3), VisitId(4)];

    #[test]
    fn whoever_comes_first_is_joined_with_the_other_once() {
        let mut book = Book::default();
        assert_eq!(book.waits(V[0], at(0), person("山田　翔")), Waits::Waits);
        assert_eq!(book.file(V[1], at(3), person("佐藤　花子")), Heard::Alone(Vec::new()));
        assert_eq!(book.file(V[2], at(4), person("山田　翔")), Heard::Joined(V[0]));
        assert_eq!(book.waits(V[3], at(5), person("佐藤　花子")), Waits::Joined(V[1]));
        // What is told once more of a visit changes nothing, and neither has a second file.
        assert_eq!(book.waits(V[0], at(5), person("山田　翔")), Waits::Waits);
        assert_eq!(book.file(VisitId(5), at(6), person("山田　翔")), Heard::Alone(Vec::new()));
    }

    #[test]
    fn two_who_cannot_be_told_apart_are_left_to_staff_for_good() {
        let mut book = Book::default();
        book.waits(V[0], at(0), person("山田　翔"));
        book.waits(V[1], at(1), person("山田　翔"));
        assert_eq!(book.file(V[2], at(2), person("山田　翔")), Heard::Alone(vec![V[0], V[1]]));
        assert_eq!(book.file(V[3], at(3), person("山田　翔")), Heard::Alone(vec![V[0], V[1]]));
        // Two files before anybody.
        let mut book = Book::default();
        assert_eq!(book.file(V[0], at(0), person("山田　翔")), Heard::Alone(Vec::new()));
        assert_eq!(book.file(V[1], at(0), person("山田　翔")), Heard::Alone(Vec::new()));
        let both = Waits::Unsure(vec![V[0], V[1]]);
        assert_eq!(book.waits(V[2], at(1), person("山田　翔")), both);
        assert_eq!(book.waits(V[3], at(1), person("山田　翔")), both);
    }

    #[test]
    fn time_and_staff_end_what_can_be_joined() {
        let mut book = Book::default();
        book.waits(V[0], at(0), person("山田　翔"));
        assert_eq!(book.file(V[1], at(31), person("山田　翔")), Heard::Alone(Vec::new()));
        book.leave(V[1]);
        assert_eq!(book.waits(V[2], at(31), person("山田　翔")), Waits::Unsure(vec![V[1]]));
        // A file that was held up is of the time that its name says.
        let mut book = Book::default();
        book.waits(V[0], at(0), person("山田　翔"));
        book.waits(V[1], at(200), person("佐藤　花子"));
        assert_eq!(book.file(V[2], at(5), person("山田　翔")), Heard::Joined(V[0]));
    }

    #[test]
    fn a_start_anew_goes_on_where_it_was() {
        let mut book = Book::default();
        book.restore_waiting(V[0], at(0), person("山田　翔"), Standing::Open);
        book.restore_waiting(V[1], at(0), person("佐藤　花子"), Standing::Joined);
        book.restore_file(V[2], at(0), person("鈴木　一"), Standing::Open);
        assert_eq!(book.file(VisitId(9), at(1), person("山田　翔")), Heard::Joined(V[0]));
        assert_eq!(book.file(VisitId(9), at(1), person("佐藤　花子")), Heard::Alone(Vec::new()));
        assert_eq!(book.waits(VisitId(8), at(1), person("鈴木　一")), Waits::Joined(V[2]));
    }
}
