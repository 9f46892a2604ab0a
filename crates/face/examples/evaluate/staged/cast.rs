//! Who is before the kiosk: a person, or one of the usual attacks.

use face::Challenge;
use face::drawn::scene::{Camera, Pose, Sheet, Surface, held, person};
use face::drawn::{Chance, EYES, Head, Motion, Turn};
use image::RgbImage;

/// A kind of presentation: a person, or a species of attack (ISO/IEC 30107-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A living person who does what is asked.
    Live,
    /// A photograph with a white margin, tilted by hand as asked.
    PrintBorder,
    /// The same without a margin.
    PrintPlain,
    /// The same, bent round an upright axis.
    PrintBent,
    /// The face cut out of a print, before another body.
    MaskCutOut,
    /// A film of the person, who moves the head about, on a telephone.
    ScreenPhone,
    /// The same on a tablet.
    ScreenTablet,
    /// The same on a monitor that fills the view.
    ScreenMonitor,
    /// Such a film in place of the camera, a few seconds over and over.
    VideoLooped,
    /// Such a film in place of the camera, long enough, with noise.
    VideoInjected,
    /// One picture in place of the camera.
    StillInjected,
    /// A print until the first challenge, then somebody else.
    Exchange,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: [Self; 12] = [
        Self::Live,
        Self::PrintBorder,
        Self::PrintPlain,
        Self::PrintBent,
        Self::MaskCutOut,
        Self::ScreenPhone,
        Self::ScreenTablet,
        Self::ScreenMonitor,
        Self::VideoLooped,
        Self::VideoInjected,
        Self::StillInjected,
        Self::Exchange,
    ];

    /// Name in the report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::PrintBorder => "print_border",
            Self::PrintPlain => "print_no_border",
            Self::PrintBent => "print_bent",
            Self::MaskCutOut => "mask_cut_out",
            Self::ScreenPhone => "screen_phone",
            Self::ScreenTablet => "screen_tablet",
            Self::ScreenMonitor => "screen_monitor",
            Self::VideoLooped => "video_looped",
            Self::VideoInjected => "video_injected",
            Self::StillInjected => "still_injected",
            Self::Exchange => "print_then_other_person",
        }
    }

    /// Whether it is something flat that is held before the camera.
    fn is_held(self) -> bool {
        self.is_paper() || self.is_screen()
    }

    fn is_paper(self) -> bool {
        matches!(self, Self::PrintBorder | Self::PrintPlain | Self::PrintBent | Self::MaskCutOut)
    }

    fn is_screen(self) -> bool {
        matches!(self, Self::ScreenPhone | Self::ScreenTablet | Self::ScreenMonitor)
    }

    /// Whether it shows a person who moves the head about.
    fn is_film(self) -> bool {
        self.is_screen() || matches!(self, Self::VideoLooped | Self::VideoInjected)
    }
}

/// Whoever has not been believed for so long tries again: time for a moment, the movement and the way back. Seconds.
const AGAIN_S: f32 = 4.0;

/// One presentation, frame by frame.
pub(super) struct Presentation<'a> {
    kind: Kind,
    head: &'a Head,
    /// The person behind a print that is taken away.
    other: &'a Head,
    chance: Chance,
    camera: Camera,
    pose: Pose,
    sheet: Sheet,
    /// How the head moves, in a film or before the camera.
    head_moves: Motion,
    /// How the hand moves.
    hand_moves: Motion,
    /// Frames of a loop.
    around: u16,
    before: Option<Challenge>,
    /// When the person or the hand last began to answer, and how often to this challenge. Seconds.
    tried: (f32, u8),
    exchanged: bool,
}

impl<'a> Presentation<'a> {
    /// Chooses distance, place, light, noise, material and movement by chance.
    pub(super) fn new(kind: Kind, head: &'a Head, other: &'a Head, mut chance: Chance) -> Self {
        let pose = Pose {
            turn: Turn { yaw: chance.between(-0.12, 0.12), pitch: chance.between(-0.12, 0.12) },
            roll: chance.between(-0.1, 0.1),
            at: [chance.between(-90.0, 90.0), chance.between(-45.0, 30.0)],
            scale: chance.between(0.7, 1.25),
        };
        let camera = Camera {
            gain: chance.between(0.75, 1.15),
            noise: chance.between(2.0, 8.0),
            slope: chance.between(-0.4, 0.4),
            wall: chance.between(70.0, 190.0),
        };
        let head_moves =
            if kind.is_film() { Motion::by_chance(&mut chance, 40.0) } else { Motion::default() };
        let sheet = sheet(kind, head, &mut chance);
        let around = 25 + u16::try_from(chance.number() % 40).unwrap_or(0);
        Self {
            kind,
            head,
            other,
            chance,
            camera,
            pose,
            sheet,
            head_moves,
            hand_moves: Motion::default(),
            around,
            before: None,
            tried: (0.0, 0),
            exchanged: false,
        }
    }

    /// What the camera sees `t_s` seconds after the beginning, in its `n`th frame, while this is asked.
    pub(super) fn frame(&mut self, t_s: f32, n: u32, asked: Option<Challenge>) -> RgbImage {
        if let Some(challenge) = asked {
            let is_new = self.before.is_none();
            if is_new || t_s - self.tried.0 > AGAIN_S {
                self.tried = (t_s, if is_new { 0 } else { self.tried.1 + 1 });
                self.hear(challenge, t_s);
            }
        }
        self.before = asked;
        let (t_s, n) = match self.kind {
            Kind::StillInjected => (0.0, 0),
            Kind::VideoLooped => {
                let n = n % u32::from(self.around);
                (u16::try_from(n).map_or(0.0, f32::from) * 0.1, n)
            }
            _ => (t_s, n),
        };
        let mut pose = self.pose;
        // Nobody and no hand is quite still.
        pose.at[0] += 3.0 * (t_s * 1.9).sin() + 1.5 * (t_s * 4.7).sin();
        pose.at[1] += 2.0 * (t_s * 1.3).cos();
        pose.scale *= 1.0 + 0.012 * (t_s * 1.1).sin();
        let moved = self.head_moves.at(t_s);
        // Nobody looks exactly into the camera.
        let turn = Turn {
            yaw: moved.yaw + pose.turn.yaw / 2.0,
            pitch: moved.pitch + pose.turn.pitch / 2.0,
        };
        let hand = self.hand_moves.at(t_s);
        let held_pose = Pose {
            turn: Turn { yaw: pose.turn.yaw + hand.yaw, pitch: pose.turn.pitch + hand.pitch },
            ..pose
        };
        let noise = n.wrapping_mul(7919) ^ u32::from(self.around);
        if self.kind.is_held() || (self.kind == Kind::Exchange && !self.exchanged) {
            return held(self.head, turn, self.sheet, held_pose, self.camera, noise);
        }
        let who = if self.exchanged { self.other } else { self.head };
        person(who, turn, pose, self.camera, noise)
    }

    /// Whoever can do something about a challenge does it, and a little more of it when asked again.
    fn hear(&mut self, asked: Challenge, t_s: f32) {
        let more = 0.08 * f32::from(self.tried.1);
        match self.kind {
            Kind::Live | Kind::Exchange => {
                let angle = self.chance.between(0.38, 0.55) + more;
                self.head_moves.answer(asked, t_s, angle, &mut self.chance);
                self.exchanged = self.kind == Kind::Exchange;
            }
            paper if paper.is_paper() => {
                let angle = self.chance.between(0.5, 0.9) + more;
                self.hand_moves.answer(asked, t_s, angle, &mut self.chance);
            }
            _ => {}
        }
    }
}

fn sheet(kind: Kind, head: &Head, chance: &mut Chance) -> Sheet {
    let around = |across: f32, down: f32| {
        let [left, top, right, bottom] = head.extent();
        [
            left.max(-across * EYES),
            top.max(-down * EYES),
            right.min(across * EYES),
            bottom.min(1.2 * down * EYES),
        ]
    };
    let light = Surface::Light {
        period: chance.between(2.2, 9.0),
        contrast: chance.between(0.01, 0.16),
        direction: chance.between(0.0, 1.5),
    };
    let dark = [14.0, 14.0, 16.0];
    let (shown, edge, surface) = match kind {
        Kind::PrintBorder => {
            let width = chance.between(6.0, 30.0);
            (around(1.9, 2.2), (width, [238.0, 236.0, 230.0]), Surface::Ink)
        }
        Kind::ScreenPhone => (around(1.5, 2.4), (8.0, dark), light),
        Kind::ScreenTablet => (around(2.6, 2.8), (24.0, dark), light),
        Kind::ScreenMonitor => (around(6.0, 4.5), (30.0, dark), light),
        _ => (around(2.2, 2.6), (0.0, dark), Surface::Ink),
    };
    let radius =
        if kind == Kind::PrintBent { chance.between(1.3, 4.0) * EYES } else { f32::INFINITY };
    let cut = (kind == Kind::MaskCutOut).then_some([1.15 * EYES, 1.6 * EYES]);
    Sheet { shown, edge, radius, cut, surface }
}
