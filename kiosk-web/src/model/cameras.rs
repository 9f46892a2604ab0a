//! Which camera looks at the person, by the names that the browser tells.

/// Words of cameras that see something else than a face by daylight, in lower case and in this order.
const OTHERS: [&[&str]; 5] =
    [&["ir"], &["infrared"], &["windows", "hello"], &["depth"], &["thermal"]];

/// Which camera to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// The one that the browser gives: there is nothing to be said against any.
    Any,
    /// The one at this place of the list.
    This(usize),
    /// None will do.
    None,
}

/// Chooses among cameras with these names. `wished` is a piece of the name of the one that is wanted; without it every
/// camera will do that sees faces and has not `not`, a piece of the name of the card camera, in its own.
pub(crate) fn pick(labels: &[String], wished: Option<&str>, not: Option<&str>) -> Pick {
    if let Some(wished) = wished {
        return labels
            .iter()
            .position(|label| label.contains(wished))
            .map_or(Pick::None, Pick::This);
    }
    let fits = |label: &String| !sees_no_face(label) && !not.is_some_and(|not| label.contains(not));
    match labels.iter().position(fits) {
        Some(_) if labels.iter().all(fits) => Pick::Any,
        Some(at) => Pick::This(at),
        None if labels.is_empty() => Pick::Any,
        None => Pick::None,
    }
}

fn sees_no_face(label: &str) -> bool {
    let label = label.to_lowercase();
    let words: Vec<&str> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // Japanese runs words together.
    label.contains("赤外")
        || OTHERS.iter().any(|other| words.windows(other.len()).any(|window| window == *other))
}

/// Whether a camera that failed with this error of the browser may work in a moment: another program, or the visit
/// before, has not let it go yet.
pub(crate) fn is_busy(error: &str) -> bool {
    matches!(error, "NotReadableError" | "AbortError" | "TrackStartError")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(labels: &[&str], wished: Option<&str>, not: Option<&str>) -> Pick {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        pick(&labels, wished, not)
    }

    #[test]
    fn neither_infrared_nor_the_card_camera_looks_at_faces() {
        for other in [
            "Integrated IR Camera",
            "HP IR Camera (04f2:b6d9)",
            "Windows Hello Face Software Device",
            "USB2.0 IR UVC WebCam",
            "内蔵赤外線カメラ",
            "Infrared Camera",
            "Intel RealSense Depth Camera 435",
        ] {
            assert_eq!(picked(&[other, "HD Webcam"], None, None), Pick::This(1), "{other}");
            assert_eq!(picked(&[other], None, None), Pick::None, "{other}");
        }
        assert_eq!(picked(&["Document Cam", "HD Webcam"], None, Some("Document")), Pick::This(1));
        assert_eq!(picked(&["Document Cam"], None, Some("Document")), Pick::None);
    }

    #[test]
    fn the_browser_chooses_where_every_camera_will_do() {
        assert_eq!(picked(&["HD Webcam", "Iris Cam", "FIRE 2K"], None, None), Pick::Any);
        assert_eq!(picked(&[], None, Some("Document")), Pick::Any);
        assert_eq!(picked(&["", ""], None, Some("Document")), Pick::Any, "names are not told yet");
    }

    #[test]
    fn a_setting_names_the_face_camera() {
        let both = ["Integrated Camera", "OBSBOT Tiny SE: OBSBOT Tiny SE"];
        assert_eq!(picked(&both, Some("OBSBOT"), None), Pick::This(1));
        assert_eq!(picked(&both, Some("BRIO"), None), Pick::None);
    }

    #[test]
    fn a_busy_camera_is_tried_again_and_a_forbidden_one_is_not() {
        assert!(is_busy("NotReadableError") && is_busy("AbortError"));
        assert!(!is_busy("NotAllowedError") && !is_busy("NotFoundError") && !is_busy(""));
    }
}
