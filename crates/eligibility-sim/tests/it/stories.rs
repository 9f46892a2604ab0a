//! What a persona's story says holds on any day, not only on that on which it was written.

use checkin::certificate::Standing;
use checkin::eligibility::{Eligibility, Validity};
use checkin::share::{preschool_until, share};
use checkin::time::{from_japan, in_japan};
use eligibility_sim::{Person, personas};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use virtual_card::{Holder, Persona};

/// Ordinary days, ends of months, the leap day, ends of school and calendar years.
const TODAYS: [&str; 9] = [
    "2026-11-28",
    "2026-11-30",
    "2027-01-01",
    "2027-02-28",
    "2028-02-29",
    "2029-03-31",
    "2030-12-31",
    "2031-04-01",
    "2044-08-01",
];

struct Scene {
    today: Date,
    now: Timestamp,
    id: &'static str,
    story: String,
    holder: Holder,
    person: Option<Person>,
}

/// Every person's card on every day.
fn scenes() -> impl Iterator<Item = Scene> {
    TODAYS.into_iter().flat_map(|day| {
        let today: Date = day.parse().unwrap();
        let now = from_japan(today.at(9, 0, 0, 0));
        personas().iter().filter_map(move |(id, text)| {
            let card = Persona::from_toml(text, now).unwrap_or_else(|e| panic!("{id} {day}: {e}"));
            let person = Person::from_toml(text, now).unwrap_or_else(|e| panic!("{id} {day}: {e}"));
            Some(Scene { today, now, id, story: card.story, holder: card.holder?, person })
        })
    })
}

impl Scene {
    fn standing(&self) -> Standing {
        let second = Time::constant(23, 59, 59, 0);
        Standing::of(from_japan(self.holder.certificate_not_after.to_datetime(second)), self.now)
    }

    fn age(&self) -> i16 {
        let birthday = (self.holder.birth.month(), self.holder.birth.day());
        let before = (self.today.month(), self.today.day()) < birthday;
        self.today.year() - self.holder.birth.year() - i16::from(before)
    }

    fn answer(&self) -> &Eligibility {
        self.person.as_ref().unwrap().eligibility_at(self.now)
    }
}

#[test]
fn every_card_could_be_in_use() {
    for scene in scenes() {
        let Scene { holder, id, today, .. } = &scene;
        let years = holder.card_expiry.year() - today.year();
        assert!((0..=10).contains(&years), "{id} {today}");
        assert!(holder.card_expiry >= *today, "{id} {today}");
        assert!(holder.certificate_not_after <= holder.card_expiry, "{id} {today}");
        let birthday = (holder.birth.month(), holder.birth.day());
        let expiry = (holder.card_expiry.month(), holder.card_expiry.day());
        assert!(expiry == birthday || birthday == (2, 29), "{id} {today}");
        assert!(holder.birth <= *today, "{id} {today}");
        assert_eq!(scene.person.as_ref().map_or(holder.birth, |p| p.birth), holder.birth, "{id}");
    }
}

/// `44歳` at the beginning of a story is the age on the day.
#[test]
fn ages_in_stories_are_right() {
    let mut told = 0;
    for scene in scenes() {
        let Some((before, _)) = scene.story.split_once('歳') else { continue };
        let digits = before.trim_start_matches(|c: char| !c.is_ascii_digit());
        let age: i16 = digits.parse().unwrap_or_else(|_| panic!("{}: {before}", scene.id));
        assert_eq!(scene.age(), age, "{} {}", scene.id, scene.today);
        told += 1;
    }
    assert!(told >= 9 * TODAYS.len());
}

#[test]
fn certificates_stand_as_told() {
    for scene in scenes() {
        let (id, today) = (scene.id, scene.today);
        let expected = match id {
            "expiring" | "expires-tonight" | "first-time-expiring" | "juki-card" => "Expiring",
            "expired-grace"
            | "expired-yesterday"
            | "grace-ends-this-month"
            | "first-time-grace" => "Grace",
            "expired-long" => "Expired",
            // Near its end it is told so.
            "leap-birthday" => continue,
            _ => "Valid",
        };
        let standing = format!("{:?}", scene.standing());
        assert!(standing.starts_with(expected), "{id} {today}: {standing}");
        if let ("grace-ends-this-month", Standing::Grace { until }) = (id, scene.standing()) {
            assert_eq!(in_japan(until).date(), today.last_of_month(), "{today}");
        }
    }
}

#[test]
fn shares_turn_on_the_days_that_are_told() {
    for scene in scenes() {
        let (id, today, birth) = (scene.id, scene.today, scene.holder.birth);
        let by_age = |day| share(Some(birth.into()), day, None).candidates;
        let next_month = today.last_of_month().checked_add(1.day()).unwrap();
        match id {
            "preschool" => assert!(today <= preschool_until(birth), "{today}"),
            "school-child" => assert!(today > preschool_until(birth), "{today}"),
            "seventy-today" => {
                let already = birth.day() == 1;
                assert_eq!(by_age(today) == [20, 30], already, "{today}");
                assert_eq!(by_age(next_month), [20, 30], "{today}");
            }
            "seventy-five-today" => {
                assert_eq!(by_age(today), [10, 20, 30], "{today}");
                let q = &scene.answer().qualifications;
                assert!(q[0].holds_on(today) && !q[1].holds_on(today), "{today}");
            }
            "elderly-recipient" => {
                assert_eq!(by_age(today), [20, 30], "{today}");
                let share = scene.answer().qualifications[0].share_on(today);
                assert_eq!(share.percent(), Some(20), "{today}");
            }
            "medical-assistance" | "assistance-beside-insurance" | "assistance-without-number" => {
                assert!(scene.answer().has_medical_assistance(today), "{id} {today}");
            }
            "share-open" => assert_eq!(by_age(today), [20, 30], "{today}"),
            _ => {}
        }
    }
}

#[test]
fn answers_are_as_told() {
    for scene in scenes().filter(|scene| scene.person.is_some()) {
        let (id, today, answer) = (scene.id, scene.today, scene.answer());
        let odd = ["answer-empty", "answer-lost"].contains(&id);
        assert_eq!(answer.is_contradictory(today), odd, "{id} {today}");
        let late = ["newborn", "new-job", "moved"].contains(&id);
        let person = scene.person.as_ref().unwrap();
        assert_eq!(person.delay.is_some(), late, "{id}");
        if let Some(delay) = &person.delay {
            assert!(delay.known_from > today, "{id} {today}");
            let then = person.eligibility_at(from_japan(delay.known_from.at(0, 0, 0, 0)));
            assert!(then.is_valid() && then.qualifications[0].holds_on(today), "{id} {today}");
        }
        if ["left-job", "invalid", "newer-exists"].contains(&id) {
            assert_ne!(answer.validity, Validity::Valid);
            let lost = answer.qualifications[0].lost_on.unwrap();
            assert!(lost < today.first_of_month(), "{id} {today}");
        }
        for q in &answer.qualifications {
            assert!(q.valid_from.is_none_or(|from| from <= today), "{id} {today}");
            assert!(
                q.valid_from.is_none_or(|from| from >= q.birth.date().unwrap()),
                "{id} {today}"
            );
        }
    }
}
