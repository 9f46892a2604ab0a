//! Photos as other encoders write them and other decoders take them: the same picture, told in another way.

use std::sync::LazyLock;

use face::PhotoError;
use face::frame::Picture;
use face::jp2::decode;
use virtual_card::Portrait;

static PHOTO: LazyLock<Vec<u8>> = LazyLock::new(|| Portrait::drawn(7).jp2().to_vec());

fn position(marker: &[u8]) -> usize {
    PHOTO.windows(marker.len()).position(|window| window == marker).unwrap()
}

fn put(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + content.len()).unwrap();
    [&length.to_be_bytes()[..], &kind, content].concat()
}

/// Signature and type, the boxes of the header, then the rest.
fn file(header: &[u8], rest: &[u8]) -> Vec<u8> {
    [&PHOTO[..32], &put(*b"jp2h", header), rest].concat()
}

fn codestream() -> &'static [u8] {
    &PHOTO[position(&[0xFF, 0x4F, 0xFF, 0x51])..]
}

/// Image header and colour specification as the encoder wrote them.
fn header() -> &'static [u8] {
    &PHOTO[position(b"ihdr") - 4..position(b"jp2c") - 4]
}

/// Every pixel, a row after another.
fn pixels(picture: &Picture) -> Vec<[u8; 3]> {
    let frame = picture.frame();
    let rows = (0..frame.height()).flat_map(|y| (0..frame.width()).map(move |x| (x, y)));
    rows.map(|(x, y)| frame.rgb(x, y)).collect()
}

#[track_caller]
fn same(what: &str, bytes: &[u8]) {
    let expected = decode(&PHOTO).unwrap();
    let found = decode(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(pixels(&found) == pixels(&expected), "{what}: another picture");
}

#[test]
fn a_last_tile_part_without_length_reaches_to_the_end() {
    let length = position(&[0xFF, 0x90, 0x00, 0x0A]) + 6;
    let mut open = PHOTO.clone();
    open[length..length + 4].fill(0);
    same("no length", &open);
    same("neither length nor end", &open[..open.len() - 2]);
    same("no end", &PHOTO[..PHOTO.len() - 2]);
    same("bare, no end", &codestream()[..codestream().len() - 2]);
    let filled = [&PHOTO[..], &[0xFF; 40]].concat();
    same("filler behind", &filled);
    let boxed = file(
        header(),
        &[put(*b"jp2c", &codestream()[..codestream().len() - 2]), put(*b"uuid", &[7; 30])].concat(),
    );
    same("no end, and a box behind", &boxed);
    // Cut short is cut short.
    assert_eq!(decode(&PHOTO[..PHOTO.len() - 100]).unwrap_err(), PhotoError::Damaged);
}

#[test]
fn boxes_may_be_long_open_or_unknown() {
    let content = codestream();
    let long = u64::try_from(16 + content.len()).unwrap().to_be_bytes();
    same("64-bit length", &file(header(), &[&[0, 0, 0, 1][..], b"jp2c", &long, content].concat()));
    same("open length", &file(header(), &[&[0, 0, 0, 0][..], b"jp2c", content].concat()));
    same("too long", &file(header(), &[&[0, 9, 0, 0][..], b"jp2c", content].concat()));
    let before = [put(*b"uuid", &[7; 30]), put(*b"xml ", b"<a/>"), put(*b"jp2c", content)].concat();
    same("unknown boxes", &file(header(), &before));
    same("no header", &[&PHOTO[..32], &put(*b"jp2c", content)].concat());
    for broken in [
        &[0, 0, 0, 1, b'j', b'p', b'2', b'c', 0, 0, 0, 0, 0, 0, 0, 15][..],
        &[0, 0, 0, 7, b'u', b'u', b'i', b'd'],
    ] {
        assert_eq!(decode(&file(header(), broken)).unwrap_err(), PhotoError::NotJpeg2000);
    }
}

#[test]
fn colours_are_those_of_the_file() {
    let palette = |columns: u8, entry: fn(u8) -> Vec<u8>| {
        let depths = vec![7; usize::from(columns)];
        let entries: Vec<u8> = (0..=255).flat_map(entry).collect();
        put(*b"pclr", &[&[1, 0, columns][..], &depths, &entries].concat())
    };
    let mapping = |columns: u8| {
        let entries: Vec<u8> = (0..columns).flat_map(|column| [0, 0, 1, column]).collect();
        put(*b"cmap", &entries)
    };
    let colour = |space: u8| put(*b"colr", &[1, 0, 0, 0, 0, 0, space]);
    let image = put(*b"ihdr", &header()[8..22]);
    let with = |boxes: &[&[u8]]| {
        file(&[&image[..], &boxes.concat()].concat(), &put(*b"jp2c", codestream()))
    };
    let grey = |value: u8| vec![value; 3];
    same("palette", &with(&[&colour(16), &palette(3, grey), &mapping(3)]));
    same("palette without a mapping", &with(&[&colour(16), &palette(3, grey)]));
    same("one column", &with(&[&colour(17), &palette(1, |value| vec![value]), &mapping(1)]));
    same("profile", &with(&[&put(*b"colr", &[2, 0, 0, 1, 2, 3, 4])]));
    same("no colours", &with(&[]));
    let negative =
        decode(&with(&[&colour(16), &palette(3, |value| vec![255 - value; 3]), &mapping(3)]));
    assert!(pixels(&negative.unwrap()) != pixels(&decode(&PHOTO).unwrap()));

    let luma =
        decode(&with(&[&colour(18), &palette(3, |value| vec![value, 128, 128]), &mapping(3)]));
    let (luma, plain) = (luma.unwrap(), decode(&PHOTO).unwrap());
    let near = |(a, b): (&[u8; 3], &[u8; 3])| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);
    assert!(pixels(&luma).iter().zip(&pixels(&plain)).all(near), "sYCC");

    // Every channel costs a picture; more than a colour has are refused before any is made.
    let bomb = put(*b"cmap", &[0, 0, 1, 0].repeat(4000));
    assert_eq!(decode(&with(&[&palette(3, grey), &bomb])).unwrap_err(), PhotoError::Layout);
    assert_eq!(
        decode(&with(&[&palette(4, |value| vec![value; 4])])).unwrap_err(),
        PhotoError::Layout
    );
}
