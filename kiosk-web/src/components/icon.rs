//! Our own icons: 24 × 24, drawn in the colour of the words beside them, never the only carrier of a meaning.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A face in a frame.
    Face,
    /// A key pad.
    Pin,
    /// A person with a tick.
    Staff,
    /// A tick in a circle.
    Done,
    /// A triangle with a mark.
    Warning,
    /// A circle with an i.
    Info,
    /// A clock.
    Clock,
    /// The world: languages.
    Globe,
    /// A lock.
    Lock,
    /// A camera.
    Camera,
    /// Loudspeaker.
    SoundOn,
    /// Loudspeaker, crossed out.
    SoundOff,
    /// A learner's leaf.
    Practice,
    /// Further down.
    Down,
    /// Delete to the left.
    Delete,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Self::Face => {
                "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M9 9.5v1M15 9.5v1M8.5 14.5c1 1.3 2.2 2 3.5 2s2.500-.7 3.500-2"
            }
            Self::Pin => {
                "M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01"
            }
            Self::Staff => {
                "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.3-3.700 2.900-6 6.500-6 1.500 0 2.800.4 3.900 1.100M14.500 18l2.300 2.300L21.500 15.500"
            }
            Self::Done => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.300l2.800 2.800L16.200 9.500",
            Self::Down => "M12 4v15M5.500 12.500L12 19l6.500-6.500",
            Self::Warning => "M12 4L2.800 20h18.400zM12 10v4.500M12 17.300v.1",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.600v.1",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.200l3.300 2",
            Self::Globe => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.300 10h17.400M3.300 14.500h17.400M12 3c-2.500 2.500-3.700 5.500-3.700 9s1.200 6.500 3.700 9c2.500-2.500 3.700-5.500 3.700-9S14.500 5.500 12 3z"
            }
            Self::Lock => "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2",
            Self::Camera => {
                "M3 8h4l1.500-2.500h7L17 8h4v11H3zM12 16.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600z"
            }
            Self::SoundOn => {
                "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a7.500 7.500 0 0 1 0 11"
            }
            Self::SoundOff => {
                "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9.500l5 5M20.500 9.500l-5 5"
            }
            Self::Practice => "M12 20V9M12 9L6 4v9.500l6 6.500 6-6.500V4z",
            Self::Delete => "M9 5h11v14H9l-6-7zM11.500 9.500l5 5M16.500 9.500l-5 5",
        }
    }
}

/// An icon; screen readers pass over it.
#[component]
pub(crate) fn Icon(
    /// Which.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class=if shape == Shape::Pin { "icon icon--dots" } else { "icon" } viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=shape.path()/>
        </svg>
    }
}
