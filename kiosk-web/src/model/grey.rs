//! Colour to grey, as the photo on a card is stored.

/// RGBA (4 bytes a pixel) to grey (1 byte a pixel), ITU-R BT.601 weights in 1/256.
pub(crate) fn to_grey(rgba: &[u8]) -> Vec<u8> {
    let luma = |pixel: &[u8]| {
        let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
        u8::try_from((77 * red + 150 * green + 29 * blue) >> 8).unwrap_or(u8::MAX)
    };
    rgba.chunks_exact(4).map(luma).collect()
}

#[cfg(test)]
mod tests {
    use super::to_grey;

    #[test]
    fn black_white_and_colours() {
        let pixels = [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 0];
        assert_eq!(to_grey(&pixels), [0, 255, 76, 149]);
        assert!(to_grey(&[1, 2, 3]).is_empty());
    }
}
