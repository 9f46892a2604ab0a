use super::*;
use crate::detect::FaceBox;
use crate::embed::LENGTH;
use crate::patches::Patches;
use crate::quality::Measures;

/// A unit vector whose cosine with the first axis is `cosine`.
fn face(cosine: f32) -> Embedding {
    let mut vector = [0.0; LENGTH];
    (vector[0], vector[1]) = (cosine, (1.0 - cosine * cosine).sqrt());
    Embedding::from_sum([vector.as_slice()]).unwrap()
}

fn frame(seen: Option<(f32, f32)>) -> Analysis {
    let hint = if seen.is_some() { Hint::Good } else { Hint::NoFace };
    let (embedding, liveness) = seen.map(|(cosine, live)| (face(cosine), live)).unzip();
    Analysis {
        faces: Vec::new(),
        landmarks: None,
        measures: seen.map(|_| STRAIGHT),
        hint,
        grade: 0.5,
        screen: None,
        fingerprint: 0,
        liveness,
        embedding,
    }
}

const STRAIGHT: Measures = Measures {
    eye_distance: 60.0,
    height: 0.4,
    outside: 0.0,
    rival: 0.0,
    yaw: 0.0,
    pitch: 0.42,
    roll: 0.0,
    aspect: 1.0,
    patches: Patches { luma: 120.0, sharpness: 2.0, eyes_covered: 0.0, mouth_covered: 0.0 },
    surroundings: 120.0,
};

/// A frame of the right face with this liveness and yaw, unlike every other frame.
fn moving(count: u16, liveness: f32, yaw: f32) -> Analysis {
    let mut moving = frame(Some((0.7, liveness)));
    moving.faces = vec![FaceBox { x: 0.0, y: 0.0, width: 90.0, height: 120.0, score: 0.9 }];
    moving.fingerprint = count.into();
    moving.measures = Some(Measures { yaw, ..STRAIGHT });
    moving
}

/// Frames that a person needs to understand a question.
const UNDERSTOOD: u16 = 5;

/// Shows a face of this liveness that is asked to turn left twice, and turns by `turn` while it is asked. Gives the
/// verdict, how often it was asked, and after how many frames.
fn enforce(liveness: f32, turn: f32) -> (Verdict, u16, u16) {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
    let (mut asked, mut times, mut since) = (false, 0, 0);
    for count in 1..=300_u16 {
        since = if asked { since + 1 } else { 0 };
        let yaw = if since >= UNDERSTOOD { turn } else { 0.0 };
        let verdict = attempt.push(&moving(count, liveness, yaw), f64::from(count) * 100.0);
        let now = attempt.challenge() == Some(Challenge::TurnLeft);
        times += u16::from(now && !asked);
        asked = now;
        if verdict != Verdict::Undecided {
            return (verdict, times, count);
        }
    }
    panic!("an attempt must end");
}

#[test]
fn two_answers_in_a_row_match() {
    assert!(matches!(enforce(0.95, 0.3), (Verdict::Matched { .. }, 2, ..30)));
    assert!(matches!(enforce(0.5, 0.3), (Verdict::Matched { .. }, 2, ..30)));
}

#[test]
fn no_answer_and_a_wrong_one_do_not() {
    let refused = |turn| {
        let (verdict, times, frames) = enforce(0.95, turn);
        assert!(matches!(verdict, Verdict::NoMatch { liveness, .. } if liveness <= 0.0));
        assert_eq!(times, 1);
        frames
    };
    assert!((80..100).contains(&refused(0.0)), "silence has its time");
    assert!(refused(-0.3) < 20, "the other way ends it");
}

/// A picture of the holder until the first challenge, then somebody else who answers.
#[test]
fn another_person_may_not_answer() {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
    let (mut before, mut since) = (false, 0);
    for count in 1..=400_u16 {
        let asked = attempt.challenge().is_some();
        since = if asked { since + 1 } else { 0 };
        let mut seen = moving(count, 0.95, if since >= UNDERSTOOD { 0.3 } else { 0.0 });
        before |= asked;
        if before {
            seen.embedding = Some(face(0.1));
        }
        match attempt.push(&seen, f64::from(count) * 100.0) {
            Verdict::Undecided => {}
            verdict => {
                return assert!(matches!(verdict, Verdict::NoMatch { .. }), "{verdict:?}");
            }
        }
    }
    panic!("an attempt must end");
}

#[test]
fn between_two_challenges_the_head_comes_back() {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
    let mut count = 0;
    let mut push = |attempt: &mut Attempt, yaw| {
        count += 1;
        attempt.push(&moving(count, 0.95, yaw), f64::from(count) * 100.0);
    };
    (0..8).for_each(|_| push(&mut attempt, 0.0));
    assert_eq!(attempt.say(Hint::Good), Instruction::Move(Challenge::TurnLeft));
    assert_eq!(attempt.say(Hint::NoFace), Instruction::Better(Hint::NoFace));
    (0..8).for_each(|_| push(&mut attempt, 0.3));
    let again = Instruction::Better(Hint::Turned);
    assert_eq!((attempt.challenge(), attempt.say(Hint::Good)), (None, again));
    (0..8).for_each(|_| push(&mut attempt, 0.0));
    assert_eq!(attempt.say(Hint::Good), Instruction::Move(Challenge::TurnLeft));
}

#[test]
fn whoever_never_keeps_still_is_never_asked() {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
    for count in 1..=300_u16 {
        let yaw = if count % 6 < 3 { 0.3 } else { -0.3 };
        let verdict = attempt.push(&moving(count, 0.95, yaw), f64::from(count) * 100.0);
        assert_eq!(attempt.challenge(), None);
        if verdict != Verdict::Undecided {
            assert!(matches!(verdict, Verdict::NoMatch { .. }) && count > 90);
            return;
        }
    }
    panic!("an attempt must end");
}

#[test]
fn a_head_that_is_followed_is_compared_now_and_then() {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 0 });
    let mut compared = Vec::new();
    for count in 1..=20_u16 {
        let mut seen = moving(count, 0.95, 0.0);
        compared.push(attempt.depth() == Depth::Match);
        if attempt.depth() == Depth::Guide {
            (seen.embedding, seen.liveness) = (None, None);
        }
        attempt.push(&seen, f64::from(count) * 100.0);
    }
    assert!(attempt.challenge().is_some());
    assert!(compared[..3].iter().all(|whole| *whole));
    let rhythm = |whole: &[bool]| whole.iter().filter(|whole| **whole).count() == 1;
    assert!(compared[8..].windows(usize::from(COMPARE_EVERY)).all(rhythm), "{compared:?}");
}

#[test]
fn a_still_picture_never_matches() {
    let mut attempt = Attempt::new(face(1.0), Policy::Enforce { random: 1 });
    let still = moving(1, 0.5, 0.0);
    let verdicts = (1..=300_u16).map(|count| attempt.push(&still, f64::from(count) * 100.0));
    let last = verdicts.last().unwrap();
    assert!(matches!(last, Verdict::NoMatch { liveness, .. } if liveness < LIVENESS_FLOOR));
}

/// Pushes one frame every 100 ms until there is a verdict; gives it with the number of frames.
fn run(seen: Option<(f32, f32)>) -> (Verdict, usize) {
    let mut attempt = Attempt::new(face(1.0), Policy::Report);
    for count in 1..=200_u16 {
        let verdict = attempt.push(&frame(seen), f64::from(count) * 100.0);
        if verdict != Verdict::Undecided {
            return (verdict, count.into());
        }
    }
    panic!("an attempt must end");
}

#[test]
fn the_same_person_matches_after_the_first_frames() {
    let (verdict, frames) = run(Some((0.7, 0.9)));
    assert!(matches!(verdict, Verdict::Matched { score, .. } if (score - 0.7).abs() < 1e-3));
    assert_eq!(frames, MIN_FRAMES);
}

#[test]
fn another_person_ends_without_a_match() {
    let (verdict, frames) = run(Some((MATCH_THRESHOLD - 0.01, 0.9)));
    assert!(matches!(verdict, Verdict::NoMatch { .. }));
    assert_eq!(frames, MAX_FRAMES);
}

#[test]
fn a_surely_false_face_does_not_match() {
    assert!(
        matches!(run(Some((0.9, 0.01))).0, Verdict::NoMatch { liveness, .. } if liveness < LIVENESS_FLOOR)
    );
}

#[test]
fn nobody_there_ends_in_time() {
    let (verdict, frames) = run(None);
    assert_eq!((verdict, frames), (Verdict::NoFace, 101));
}

#[test]
fn a_broken_clock_ends_the_attempt() {
    let mut attempt = Attempt::new(face(1.0), Policy::Report);
    assert_eq!(attempt.push(&frame(None), f64::NAN), Verdict::NoFace);
}

#[test]
fn a_verdict_stays_and_shows_no_face() {
    let mut attempt = Attempt::new(face(1.0), Policy::Report);
    for time in [0.0, 50.0, 100.0] {
        attempt.push(&frame(Some((0.7, 0.9))), time);
    }
    assert!(matches!(attempt.push(&frame(Some((0.0, 0.0))), 150.0), Verdict::Matched { .. }));
    assert!(format!("{attempt:?}").starts_with("Attempt(3 frames"));
}
