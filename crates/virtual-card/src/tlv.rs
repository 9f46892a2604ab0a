//! BER-TLV writing, as far as the card's records need it.

/// Appends `tag | length | value`. Lengths below 128 take one byte, all others the form `82 hi lo` that the card uses.
pub(crate) fn put(out: &mut Vec<u8>, tag: u16, value: &[u8]) {
    out.extend(tag_bytes(tag));
    out.extend(length_bytes(value.len()));
    out.extend(value);
}

/// One object.
pub(crate) fn object(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 5);
    put(&mut out, tag, value);
    out
}

/// A file that starts with a table of big-endian 16-bit offsets, from the first byte of the file, to each object.
pub(crate) fn with_offset_table(file_tag: u16, table_tag: u16, objects: &[Vec<u8>]) -> Vec<u8> {
    let table_len = 2 + 1 + 2 * objects.len();
    let body_len = table_len + objects.iter().map(Vec::len).sum::<usize>();
    let mut at = 2 + length_bytes(body_len).len() + table_len;
    let mut table = Vec::with_capacity(2 * objects.len());
    for object in objects {
        table.extend(u16::try_from(at).expect("a card file is below 32 KiB").to_be_bytes());
        at += object.len();
    }
    let mut body = object(table_tag, &table);
    body.extend(objects.concat());
    object(file_tag, &body)
}

fn tag_bytes(tag: u16) -> Vec<u8> {
    let [high, low] = tag.to_be_bytes();
    if high == 0 { vec![low] } else { vec![high, low] }
}

fn length_bytes(len: usize) -> Vec<u8> {
    match u8::try_from(len) {
        Ok(short) if short < 0x80 => vec![short],
        _ => {
            let [high, low] =
                u16::try_from(len).expect("a card file is below 32 KiB").to_be_bytes();
            vec![0x82, high, low]
        }
    }
}
