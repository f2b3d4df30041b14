//! Names as WeChat Pay encodes them, on the tables that `build.rs` takes from encoding_rs. GB18030: its two-byte part is
//! GBK, and names with four-byte characters exist.

include!(concat!(env!("OUT_DIR"), "/gb18030_tables.rs"));
include!(concat!(env!("OUT_DIR"), "/gb18030_moved.rs"));

/// The sequence of four bytes that is U+10000.
const SUPPLEMENTARY: u32 = 189_000;

pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in text.chars() {
        match u16::try_from(u32::from(c)) {
            Ok(ascii @ ..0x80) => bytes.extend(u8::try_from(ascii)),
            Ok(code) => bytes.extend(in_16_bits(code).unwrap_or_else(|| b"?".into())),
            Err(_) => bytes.extend(sequence(SUPPLEMENTARY + u32::from(c) - 0x1_0000)),
        }
    }
    bytes
}

fn in_16_bits(wanted: u16) -> Option<Vec<u8>> {
    if let Some((_, pair)) = MOVED.iter().find(|(code, _)| *code == wanted) {
        return Some(pair.to_be_bytes().into());
    }
    let mut codes = STEPS.chunks(190).flat_map(|row| {
        row.iter().scan(0_u16, |code, step| {
            *code = code.wrapping_add(*step);
            Some(*code)
        })
    });
    if let Some(pointer) = codes.position(|code| code == wanted) {
        let (row, cell) = (pointer / 190, pointer % 190);
        let trail = cell + if cell < 0x3F { 0x40 } else { 0x41 };
        return Some(
            [row + 0x81, trail]
                .into_iter()
                .flat_map(u8::try_from)
                .collect(),
        );
    }
    RUNS.iter()
        .zip(RUNS.iter().skip(1))
        .find_map(|((from, offset), (end, _))| {
            let pointer = wanted.wrapping_sub((*offset)?);
            (*from..*end)
                .contains(&pointer)
                .then(|| sequence(pointer.into()))
        })
}

fn sequence(pointer: u32) -> Vec<u8> {
    let bytes = [
        0x81 + pointer / 12_600,
        0x30 + pointer / 1260 % 10,
        0x81 + pointer / 10 % 126,
        0x30 + pointer % 10,
    ];
    bytes.into_iter().flat_map(u8::try_from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_as_encoding_rs_encodes_them() {
        let moved = MOVED
            .iter()
            .filter_map(|(code, _)| char::from_u32(u32::from(*code)));
        // One in thirteen, and so of every kind: all of them are half a minute.
        for c in ('\0'..=char::MAX).step_by(13).chain(moved) {
            let text = String::from(c);
            let (expected, _, unmappable) = encoding_rs::GB18030.encode(&text);
            let expected = if unmappable { b"?" } else { expected.as_ref() };
            assert_eq!(encode(&text), expected, "{c:?}");
        }
    }
}
