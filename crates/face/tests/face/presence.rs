//! Attempts with a head that turns, with pictures of one, and with films.

use face::decide::MIN_FRAMES;
use face::{Attempt, Challenge, Depth, Policy, Track, Verdict};
use image::RgbaImage;

use crate::portraits::{PIPELINE, frame, portrait};
use crate::scene::{noisy, person, placed, turned};
use virtual_card::Portrait;

/// Random number that chooses [`Challenge::TurnLeft`].
const LEFT: u32 = 0;

/// Shows `film(n, asked)` every 66 ms until there is a verdict; gives it with the number of frames and what was asked.
fn show(film: impl Fn(u16, bool) -> RgbaImage) -> (Verdict, u16, Option<Challenge>) {
    let card = Portrait::from_image_bytes(&portrait("obama")).unwrap();
    let reference = PIPELINE.enrol(card.jp2()).unwrap();
    let mut attempt = Attempt::new(reference, Policy::Enforce { random: LEFT });
    let (mut track, mut asked) = (Track::default(), None);
    for n in 0..240 {
        let seen = film(n, asked.is_some());
        let analysis = PIPELINE.follow(&mut track, frame(&seen), Depth::Match).unwrap();
        let verdict = attempt.push(&analysis, f64::from(n) * 66.0);
        asked = asked.or(attempt.challenge());
        if verdict != Verdict::Undecided {
            return (verdict, n + 1, asked);
        }
    }
    panic!("an attempt must end");
}

#[test]
fn a_frozen_picture_never_matches() {
    let (seen, _) = person("obama3");
    let (verdict, ..) = show(|_, _| seen.clone());
    // Without doubt it may match before it has stood still for long enough to be suspicious: the passive model decides.
    assert!(
        matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0)
            || matches!(verdict, Verdict::Matched { liveness, .. } if liveness >= face::presence::SURE),
        "{verdict:?}"
    );
}

#[test]
fn who_is_asked_to_turn_can_do_so() {
    let (seen, [.., nose, _, _]) = person("obama3");
    // A head that turns to its left when asked, and one that turns the other way. Tinted, so that frames alone leave doubt.
    let tinted = doubtful(&seen);
    let turn = |part: f32| {
        let tinted = &tinted;
        move |n: u16, asked: bool| {
            let angle = if asked { part } else { 0.0 };
            noisy(&turned(tinted, nose, angle), n.into())
        }
    };
    let (verdict, frames, asked) = show(turn(0.5));
    if asked.is_none() {
        assert!(usize::from(frames) >= MIN_FRAMES);
        return;
    }
    assert_eq!(asked, Some(Challenge::TurnLeft));
    assert!(matches!(verdict, Verdict::Matched { .. }), "{verdict:?}");
    let (verdict, ..) = show(turn(-0.5));
    assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0), "{verdict:?}");
}

#[test]
fn a_picture_that_is_moved_does_not_answer() {
    let (seen, [.., nose, _, _]) = person("obama3");
    let tinted = doubtful(&seen);
    let (verdict, _, asked) = show(|n, _| {
        let by = f32::from(n % 20);
        noisy(&placed(&tinted, nose, 1.0 + by / 200.0, [320.0 + by, 240.0]), n.into())
    });
    if asked.is_some() {
        assert!(
            matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0),
            "{verdict:?}"
        );
    }
}

/// As ink shows it: the passive model is then not sure.
fn doubtful(seen: &RgbaImage) -> RgbaImage {
    let mut ink = seen.clone();
    for pixel in ink.pixels_mut() {
        let [r, g, b, a] = pixel.0;
        let dull =
            |value: u8, part: u8| 24 + (u16::from(value) * u16::from(part) / 100).min(230) as u8;
        pixel.0 = [dull(r, 78), dull(g, 76), dull(b, 66), a];
    }
    ink
}
