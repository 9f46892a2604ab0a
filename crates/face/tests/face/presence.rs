//! Attempts with a head that turns, with pictures of one, and with films.

use face::decide::MIN_FRAMES;
use face::{Attempt, Challenge, Depth, Policy, Track, Verdict};
use image::RgbaImage;

use crate::portraits::{PIPELINE, frame, portrait};
use crate::scene::{noisy, person, placed};
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

/// Faces that keep still, whatever they are, are asked to move.
#[test]
fn a_still_face_is_asked() {
    let (seen, _) = person("obama3");
    let (verdict, frames, asked) = show(|n, _| noisy(&seen, n.into()));
    assert_eq!(asked, Some(Challenge::TurnLeft));
    assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0), "{verdict:?}");
    assert!(usize::from(frames) > MIN_FRAMES);
}

#[test]
fn a_frozen_picture_never_matches() {
    let (seen, _) = person("obama3");
    let (verdict, ..) = show(|_, _| seen.clone());
    assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0), "{verdict:?}");
}

#[test]
fn a_picture_that_is_moved_does_not_answer() {
    let (seen, [.., nose, _, _]) = person("obama3");
    let (verdict, _, asked) = show(|n, _| {
        let by = f32::from(n % 20);
        noisy(&placed(&seen, nose, 1.0 + by / 200.0, [320.0 + by, 240.0]), n.into())
    });
    assert_eq!(asked, Some(Challenge::TurnLeft));
    assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0), "{verdict:?}");
}
