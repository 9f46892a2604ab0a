//! A card is not trusted: any bytes get an error or a picture, never a panic.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use face::PhotoError;
use face::jp2::{MAX_BYTES, decode};
use proptest::prelude::*;
use virtual_card::Portrait;

/// Longest time for any bytes; a real photo takes a tenth of a second in this build.
const LONGEST: Duration = Duration::from_mins(1);

static PHOTO: LazyLock<Vec<u8>> = LazyLock::new(|| Portrait::drawn(7).jp2().to_vec());

/// Where the first occurrence of `marker` starts.
fn position(marker: &[u8]) -> usize {
    PHOTO.windows(marker.len()).position(|window| window == marker).unwrap()
}

#[test]
fn a_card_photo_is_decoded() {
    let picture = decode(&PHOTO).unwrap();
    assert_eq!((picture.frame().width(), picture.frame().height()), (378, 472));
    // The bare codestream, without its container, is the same photo.
    assert!(decode(&PHOTO[position(&[0xFF, 0x4F, 0xFF, 0x51])..]).is_ok());
}

#[test]
fn bombs_are_refused_before_decoding() {
    assert_eq!(decode(&vec![0; MAX_BYTES + 1]).unwrap_err(), PhotoError::TooLong(MAX_BYTES + 1));
    assert_eq!(decode(b"").unwrap_err(), PhotoError::NotJpeg2000);
    let size = position(&[0xFF, 0x51]);
    let with = |at: usize, value: u32| {
        let mut photo = PHOTO.clone();
        photo[size + at..size + at + 4].copy_from_slice(&value.to_be_bytes());
        decode(&photo).unwrap_err()
    };
    let [image_width, tile_width] = [6, 22];
    assert_eq!(with(image_width, u32::MAX), PhotoError::Layout);
    assert_eq!(with(image_width, 1025), PhotoError::Layout);
    assert_eq!(with(image_width, 0), PhotoError::Layout);
    assert_eq!(with(tile_width, 1), PhotoError::Layout);
    assert_eq!(with(tile_width, 0), PhotoError::Layout);
}

/// Every count in the coding style marker at its highest (ISO/IEC 15444-1 A.6.1): layers, levels, sides of code blocks.
#[test]
fn coding_style_bombs_are_bounded_in_time() {
    let style = position(&[0xFF, 0x52]);
    for (at, bytes) in [
        (6, &[0xFF, 0xFF][..]),
        (9, &[32]),
        (9, &[255]),
        (10, &[8, 8]),
        (10, &[255, 255]),
        (12, &[0xFF]),
        (5, &[4, 0xFF, 0xFF]),
    ] {
        let mut photo = PHOTO.clone();
        photo[style + at..style + at + bytes.len()].copy_from_slice(bytes);
        let began = Instant::now();
        let _ = decode(&photo);
        assert!(began.elapsed() < LONGEST, "{at} {bytes:?}: {:?}", began.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn noise_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn damaged_photos_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), keep in any::<prop::sample::Index>(), cut in any::<bool>()) {
        let mut photo = PHOTO.clone();
        for (at, value) in changes {
            let at = at.index(photo.len());
            photo[at] = value;
        }
        if cut {
            photo.truncate(keep.index(photo.len()));
        }
        // A changed pixel may still decode; the layout is then still that of a card photo.
        if let Ok(picture) = decode(&photo) {
            prop_assert!(picture.frame().width() <= 1024 && picture.frame().height() <= 1024);
        }
    }

    /// The header says how much work the rest is: levels, layers, precincts, tiles.
    #[test]
    fn damaged_headers_never_panic_and_never_take_long(changes in proptest::collection::vec((0..200_usize, any::<u8>()), 1..4)) {
        let mut photo = PHOTO.clone();
        for (at, value) in changes {
            photo[at] = value;
        }
        let began = Instant::now();
        if let Ok(picture) = decode(&photo) {
            prop_assert!(picture.frame().width() <= 1024 && picture.frame().height() <= 1024);
        }
        prop_assert!(began.elapsed() < LONGEST, "{:?}", began.elapsed());
    }
}
