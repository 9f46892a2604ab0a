//! QR codes of addresses that we print on the screen.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::{self, Write as _};

/// Quiet zone around a code, in modules (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Width in modules with the quiet zone, and the dark modules as an SVG path. `None` when the text is too long.
pub(crate) fn path(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let mut path = String::new();
    for (x, y) in dark.filter(|(x, y)| code.get_module(*x, *y)) {
        // Writing to a string does not fail.
        let _: fmt::Result = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_address_becomes_a_small_code() {
        let (width, modules) = path("https://www.kojinbango-card.go.jp/").unwrap();
        // Version 3 has 29 modules.
        assert_eq!(width, 29 + 8);
        assert!(modules.starts_with("M4 4h1v1h-1z"));
        assert_eq!(path(&"x".repeat(5_000)), None);
    }
}
