//! Does the stream of frames come from a camera? A sensor never gives the same picture twice, and never stands still.

use std::collections::VecDeque;

use crate::frame::Frame;

/// Frames that are remembered: about a minute.
const MEMORY: usize = 900;
/// A picture may stay this long: the page asks faster than a slow camera delivers. Milliseconds.
const STANDSTILL_MS: f64 = 1500.0;
/// So many pictures that came back after others had been shown make a loop.
const RETURNS: u32 = 3;
/// Two different pictures nearer to each other than this come from no camera. Milliseconds.
const SHORTEST_MS: f64 = 1.0;
/// So many of them are no accident of a busy browser.
const RUSHES: u32 = 5;

/// What is wrong with the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFault {
    /// The same picture for too long: an injected still.
    Frozen,
    /// Earlier pictures come again: a looped video.
    Looping,
    /// Frames faster than any camera, or a clock that runs backwards.
    Timing,
    /// The camera says by its name that it is a program.
    VirtualCamera,
}

/// Follows the frames of one attempt. Keeps fingerprints, no pixels.
#[derive(Debug, Default)]
pub struct Source {
    seen: VecDeque<u64>,
    /// Fingerprint of the last picture, when it came first, when any frame came last.
    last: Option<(u64, f64, f64)>,
    returns: u32,
    rushes: u32,
    fault: Option<SourceFault>,
}

impl Source {
    /// Takes the [`fingerprint`] of the next frame, seen at `t_ms`. A fault stays.
    pub fn push(&mut self, print: u64, t_ms: f64) -> Option<SourceFault> {
        match self.last {
            Some((_, _, before)) if t_ms < before || t_ms.is_nan() => {
                self.fault = Some(SourceFault::Timing);
            }
            Some((same, since, _)) if same == print => {
                if t_ms - since > STANDSTILL_MS {
                    self.fault.get_or_insert(SourceFault::Frozen);
                }
                self.last = Some((print, since, t_ms));
                return self.fault;
            }
            Some((_, _, before)) if t_ms - before < SHORTEST_MS => self.rushes += 1,
            _ => {}
        }
        self.returns += u32::from(self.seen.contains(&print));
        self.seen.push_back(print);
        if self.seen.len() > MEMORY {
            self.seen.pop_front();
        }
        self.last = Some((print, t_ms, t_ms));
        if self.rushes >= RUSHES {
            self.fault.get_or_insert(SourceFault::Timing);
        }
        if self.returns >= RETURNS {
            self.fault.get_or_insert(SourceFault::Looping);
        }
        self.fault
    }

    /// What is wrong so far.
    pub fn fault(&self) -> Option<SourceFault> {
        self.fault
    }
}

/// FNV-1a over pixels on a grid of 5 px: noise of a sensor reaches some of them in every frame.
pub(crate) fn fingerprint(frame: Frame<'_>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for y in (0..frame.height()).step_by(5) {
        for x in (0..frame.width()).step_by(5) {
            let [r, g, b] = frame.rgb(x, y);
            let pixel = u64::from(r) << 16 | u64::from(g) << 8 | u64::from(b);
            hash = (hash ^ pixel).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// Words by which programs in place of a camera announce themselves, in lower case and in this order. Whole words:
/// OBSBOT makes cameras, OBS is a program. Words that run together in a label stand here as one.
const PROGRAMS: [&[&str]; 26] = [
    &["obs"],
    &["virtual"],
    &["virtualcam"],
    &["vcam"],
    &["manycam"],
    &["xsplit"],
    &["snap", "camera"],
    &["droidcam"],
    &["iriun"],
    &["epoccam"],
    &["ivcam"],
    &["camo"],
    &["nvidia", "broadcast"],
    &["v4l2loopback"],
    &["loopback"],
    &["dummy", "video"],
    &["fake", "device"],
    &["splitcam"],
    &["youcam"],
    &["mmhmm"],
    &["chromacam"],
    &["sparkocam"],
    &["ecamm"],
    &["prism", "live"],
    &["unity", "video", "capture"],
    &["screen", "capture"],
];

/// Whether a camera with this label is a program. A hint only: a label can be changed.
pub fn is_virtual_camera(label: &str) -> bool {
    let label = label.to_lowercase();
    let words: Vec<&str> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    PROGRAMS.iter().any(|program| words.windows(program.len()).any(|window| window == *program))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of which one pixel on the grid is `value`.
    fn run(values: impl IntoIterator<Item = (u8, f64)>) -> Option<SourceFault> {
        let mut source = Source::default();
        for (value, t_ms) in values {
            let mut rgba = vec![90; 64 * 48 * 4];
            rgba[0] = value;
            source.push(fingerprint(Frame::new(&rgba, 64, 48).unwrap()), t_ms);
        }
        source.fault()
    }

    fn every(step_ms: u8, values: impl IntoIterator<Item = u8>) -> Option<SourceFault> {
        run(values
            .into_iter()
            .zip(0..)
            .map(|(value, n)| (value, f64::from(n) * f64::from(step_ms))))
    }

    #[test]
    fn a_camera_is_let_through() {
        assert_eq!(every(66, 0..200), None);
        assert_eq!(every(33, (0..100).flat_map(|value| [value; 3])), None, "a slow camera");
    }

    #[test]
    fn stills_loops_and_rushes_are_seen() {
        assert_eq!(every(100, [7; 30]), Some(SourceFault::Frozen));
        assert_eq!(every(66, (0..40).map(|n| n % 20)), Some(SourceFault::Looping));
        assert_eq!(every(0, 0..20), Some(SourceFault::Timing));
        assert_eq!(run([(1, 10.0), (2, 5.0)]), Some(SourceFault::Timing));
        assert_eq!(run([(1, 10.0), (2, f64::NAN)]), Some(SourceFault::Timing));
    }

    #[test]
    fn programs_are_known_by_name() {
        for program in [
            "OBS Virtual Camera (v4l2)",
            "OBS-Camera",
            "OBSBOT Virtual Camera",
            "Camo",
            "Reincubate Camo",
            "Camera (NVIDIA Broadcast)",
            "NVIDIA Broadcast",
            "fake_device_0",
            "Dummy video device (0x0000)",
            "Snap Camera",
            "e2eSoft VCam",
            "DroidCam Source 3",
            "ManyCam Virtual Webcam",
            "XSplit VCam",
        ] {
            assert!(is_virtual_camera(program), "{program}");
        }
        for camera in [
            "OBSBOT Tiny SE: OBSBOT Tiny SE",
            "OBSBOT Meet 4K StreamCamera",
            "HD Pro Webcam C920 (046d:082d)",
            "Camozzi Vision 2",
            "Logitech BRIO",
            "FaceTime HD Camera",
            "USB Camera",
            "Snapshot HD Camera",
            "Integrated_Webcam_HD: Integrate (0c45:6a09)",
            "",
        ] {
            assert!(!is_virtual_camera(camera), "{camera}");
        }
    }
}
