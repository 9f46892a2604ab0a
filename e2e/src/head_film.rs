//! A camera film of a person who keeps still, or who makes one movement of the head again and again. Drawn from a portrait by
//! the code that draws people for the error rates of attacks.

use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use face::drawn::scene::{self, Camera, Pose};
use face::drawn::{self, Head, Motion, Rhythm, Turn};
use face::{Challenge, Pipeline};

use image::RgbImage;

use crate::camera::Portrait;
use crate::film;

const FRAMES_PER_S: u32 = 10;
/// The portrait looks a little to its left. Straight ahead, every movement can be asked for. Radians.
const AHEAD: f32 = -0.22;
/// How far a head turns, in radians: 26°.
const ANGLE: f32 = 0.454;
/// How far it turns when that is clearly too little: 11°.
const SMALL_ANGLE: f32 = 0.19;
/// Repeats. A film that comes to its end and begins anew within an attempt would be known as a loop.
const TIMES: u8 = 4;

/// What a person does before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// Nothing.
    Never,
    /// This, and holds it long enough for whoever looks on.
    Slowly(Challenge),
    /// The same, but not far enough.
    TooLittle(Challenge),
    /// This, and back before the head could be taken for one that keeps still there.
    Quickly(Challenge),
}

impl Moves {
    fn name(self) -> String {
        match self {
            Self::Never => "still".to_owned(),
            Self::Slowly(movement) => format!("slowly-{movement:?}"),
            Self::TooLittle(movement) => format!("too-little-{movement:?}"),
            Self::Quickly(movement) => format!("quickly-{movement:?}"),
        }
    }

    /// Keeps still long enough to be compared and asked, also on a slow machine.
    fn rhythm(self) -> Rhythm {
        match self {
            Self::Never | Self::Slowly(_) | Self::TooLittle(_) => {
                Rhythm { still_s: 3.5, there_s: 0.6, hold_s: 0.8 }
            }
            Self::Quickly(_) => Rhythm { still_s: 3.5, there_s: 0.35, hold_s: 0.05 },
        }
    }

    fn motion(self) -> Motion {
        let (movement, angle) = match self {
            Self::Never => return Motion::default(),
            Self::TooLittle(movement) => (movement, SMALL_ANGLE),
            Self::Slowly(movement) | Self::Quickly(movement) => (movement, ANGLE),
        };
        Motion::over_and_over(movement, angle, self.rhythm(), TIMES)
    }
}

/// Writes the film into `folder` unless it is there, and gives its path.
///
/// # Errors
/// When models or the portrait are missing or the disk is full.
pub fn person_who(moves: Moves, person: &Portrait, folder: &Path) -> Result<PathBuf> {
    let name = format!("{}-{}", moves.name(), person.file);
    let file = folder.join(name).with_extension("y4m");
    film::kept(file, (scene::WIDTH, scene::HEIGHT), FRAMES_PER_S, |film| {
        frames(moves, &head(person)?).try_for_each(|frame| film.add_picture(&frame, 1.0))
    })
}

fn head(person: &Portrait) -> Result<Head> {
    let portrait = image::DynamicImage::from(person.open()?).to_rgba8();
    Ok(Head::new(&pipeline()?, portrait)?)
}

/// The film, frame by frame.
fn frames(moves: Moves, head: &Head) -> impl Iterator<Item = RgbImage> {
    let motion = moves.motion();
    let seconds = f32::from(TIMES) * moves.rhythm().period_s();
    let numbers = (0_u16..).take_while(move |n| at(*n) < seconds);
    numbers.map(move |n| {
        let turned = motion.at(at(n));
        let turn = Turn { yaw: turned.yaw + AHEAD, ..turned };
        scene::person(head, turn, pose(at(n)), CAMERA, u32::from(n))
    })
}

/// A usual camera in a usual room. Its noise is never the same.
const CAMERA: Camera = Camera { gain: 1.0, noise: 4.0, slope: 0.15, wall: 130.0 };

/// When a frame is taken, in seconds.
fn at(frame: u16) -> f32 {
    f32::from(frame) / 10.0
}

/// Nobody is quite still.
fn pose(t_s: f32) -> Pose {
    let at = [3.0 * (t_s * 1.9).sin(), 2.0 * (t_s * 1.3).cos()];
    Pose { turn: Turn::default(), roll: 0.0, at, scale: 1.0 }
}

/// The prepared models of `models/files`.
fn pipeline() -> Result<Pipeline> {
    drawn::pipeline(&crate::root().join("models/files")).map_err(Error::msg)
}

#[cfg(test)]
mod tests {
    use face::decide::MATCH_THRESHOLD;
    use face::{Attempt, Embedding, Frame, Policy, Track, Verdict};
    use image::RgbaImage;

    use super::*;
    use crate::camera::{OBAMA, OBAMA_3};

    fn frame(picture: &RgbaImage) -> Frame<'_> {
        Frame::new(picture, picture.width() as usize, picture.height() as usize).unwrap()
    }

    /// What becomes of an attempt that begins with the `from`th frame. The first fitting movement is asked each time.
    fn attempt(pipeline: &Pipeline, card: &Embedding, moves: Moves, from: usize) -> Verdict {
        let head = head(&OBAMA_3).unwrap();
        let mut attempt = Attempt::new(card.clone(), Policy::Enforce { random: 0 });
        let mut track = Track::default();
        for (picture, n) in frames(moves, &head).skip(from).zip(0_u16..) {
            let picture = image::DynamicImage::from(picture).to_rgba8();
            let analysis = pipeline.follow(&mut track, frame(&picture), attempt.depth()).unwrap();
            let verdict = attempt.push(&analysis, f64::from(n) * 100.0);
            if verdict != Verdict::Undecided {
                return verdict;
            }
        }
        Verdict::Undecided
    }

    #[test]
    fn the_films_show_what_they_should() {
        let pipeline = pipeline().unwrap();
        let card = image::DynamicImage::from(OBAMA.open().unwrap()).thumbnail(1200, 1200);
        let card = pipeline.enrol_picture(frame(&card.to_rgba8())).unwrap();
        let seen = |moves, from| attempt(&pipeline, &card, moves, from);
        let answers = Moves::Slowly(Challenge::TurnLeft);
        std::thread::scope(|scope| {
            for from in [0, 24] {
                scope.spawn(move || {
                    let verdict = seen(answers, from);
                    assert!(matches!(verdict, Verdict::Matched { .. }), "{from}: {verdict:?}");
                });
            }
            for moves in [
                Moves::Never,
                Moves::TooLittle(Challenge::TurnLeft),
                Moves::Quickly(Challenge::TurnRight),
            ] {
                scope.spawn(move || {
                    let verdict = seen(moves, 0);
                    // The face is the right one; that it does not answer is what counts.
                    let stopped = matches!(verdict, Verdict::NoMatch { best, liveness: 0.0 } if best > MATCH_THRESHOLD);
                    assert!(stopped, "{moves:?}: {verdict:?}");
                });
            }
        });
    }
}
