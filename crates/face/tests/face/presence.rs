//! Attempts with a head that turns, with pictures of one, and with films.

use face::decide::MIN_FRAMES;
use face::{Attempt, Challenge, Depth, Policy, Track, Verdict};
use image::RgbaImage;

use crate::portraits::{PIPELINE, frame, portrait};
use crate::scene::{noisy, person, placed, turned};
use virtual_card::Portrait;

/// Any number: the challenges that follow from it depend on where the head rests.
const RANDOM: u32 = 0;
/// Frames from a question to the beginning of a movement, 0.4 s.
const UNDERSTOOD: u16 = 6;

/// A head that does what it is asked by `degrees`, or the opposite when that is negative, and comes back: yaw, pitch.
struct Neck {
    degrees: f32,
    since: u16,
    at: [f32; 2],
}

impl Neck {
    fn new(degrees: f32) -> Self {
        Self { degrees, since: 0, at: [0.0; 2] }
    }

    fn follow(&mut self, asked: Option<Challenge>) -> [f32; 2] {
        self.since = if asked.is_some() { self.since + 1 } else { 0 };
        let wanted = match asked.filter(|_| self.since > UNDERSTOOD) {
            None => [0.0, 0.0],
            Some(Challenge::TurnLeft) => [self.degrees, 0.0],
            Some(Challenge::TurnRight) => [-self.degrees, 0.0],
            Some(Challenge::LookUp) => [0.0, self.degrees],
            Some(Challenge::LookDown) => [0.0, -self.degrees],
        };
        for (at, wanted) in self.at.iter_mut().zip(wanted) {
            *at += (wanted - *at).clamp(-4.0, 4.0);
        }
        self.at
    }
}

/// Shows `film(n, asked)` every 66 ms until there is a verdict; gives it with the number of frames and how often something
/// was asked.
fn show(mut film: impl FnMut(u16, Option<Challenge>) -> RgbaImage) -> (Verdict, u16, u16) {
    let card = Portrait::from_image_bytes(&portrait("obama")).unwrap();
    let reference = PIPELINE.enrol(card.jp2()).unwrap();
    let mut attempt = Attempt::new(reference, Policy::Enforce { random: RANDOM });
    let (mut track, mut asked, mut times) = (Track::default(), None, 0);
    for n in 0..500 {
        let seen = film(n, asked);
        let analysis = PIPELINE.follow(&mut track, frame(&seen), Depth::Match).unwrap();
        let verdict = attempt.push(&analysis, f64::from(n) * 66.0);
        times += u16::from(asked.is_none() && attempt.challenge().is_some());
        asked = attempt.challenge();
        if verdict != Verdict::Undecided {
            return (verdict, n + 1, times);
        }
    }
    panic!("an attempt must end");
}

fn is_attack(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0)
}

/// Faces that keep still, whatever they are, are asked to move.
#[test]
fn a_still_face_is_asked() {
    let (seen, _) = person("obama3");
    let (verdict, frames, asked) = show(|n, _| noisy(&seen, n.into()));
    assert_eq!(asked, 1);
    assert!(is_attack(verdict), "{verdict:?}");
    assert!(usize::from(frames) > MIN_FRAMES);
}

/// A head that turns as it is asked, and comes back, twice.
#[test]
fn a_head_that_turns_is_let_through() {
    let (seen, five) = person("obama3");
    let mut neck = Neck::new(30.0);
    let (verdict, frames, asked) = show(|n, asked| {
        let [yaw, pitch] = neck.follow(asked);
        noisy(&turned(&seen, five, yaw, pitch), n.into())
    });
    assert!(
        matches!(verdict, Verdict::Matched { .. }),
        "{verdict:?} after {frames}, asked {asked}"
    );
    assert_eq!(asked, 2);
}

/// The same head, but the other way.
#[test]
fn the_wrong_movement_is_refused() {
    let (seen, five) = person("obama3");
    let mut neck = Neck::new(-30.0);
    let (verdict, frames, _) = show(|n, asked| {
        let [yaw, pitch] = neck.follow(asked);
        noisy(&turned(&seen, five, yaw, pitch), n.into())
    });
    assert!(is_attack(verdict), "{verdict:?}");
    assert!(frames < 60, "{frames}");
}

#[test]
fn a_frozen_picture_never_matches() {
    let (seen, _) = person("obama3");
    let (verdict, ..) = show(|_, _| seen.clone());
    assert!(is_attack(verdict), "{verdict:?}");
}

#[test]
fn a_program_in_place_of_a_camera_never_matches() {
    let (seen, _) = person("obama3");
    let analysis = PIPELINE.analyse(frame(&seen), Depth::Always).unwrap();
    for (policy, expected) in [(Policy::Enforce { random: RANDOM }, false), (Policy::Report, true)]
    {
        let mut attempt = Attempt::new(analysis.embedding.clone().unwrap(), policy);
        attempt.camera("OBS Virtual Camera");
        let verdicts: Vec<_> =
            (0..20_u16).map(|n| attempt.push(&analysis, f64::from(n) * 66.0)).collect();
        let last = verdicts[verdicts.len() - 1];
        assert_eq!(matches!(last, Verdict::Matched { .. }), expected, "{last:?}");
        assert!(expected || is_attack(last), "{last:?}");
    }
}

#[test]
fn a_picture_that_is_moved_does_not_answer() {
    let (seen, [.., nose, _, _]) = person("obama3");
    let (verdict, ..) = show(|n, _| {
        let by = f32::from(n % 20);
        noisy(&placed(&seen, nose, 1.0 + by / 200.0, [320.0 + by, 240.0]), n.into())
    });
    assert!(is_attack(verdict), "{verdict:?}");
}
