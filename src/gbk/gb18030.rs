//! The WHATWG's decoder of GB18030 (Encoding Standard, 10.2.1), on tables that `build.rs` takes from encoding_rs.

use std::mem;

use zeroize::Zeroizing;

// STEPS: from each pair's character to the next pair's, in rows of 190, one for each first byte: finding one costs a row at most,
// so that a clock hardly tells which it was. RUNS: from which sequence on how far the characters are from the sequences'
// numbers, if they are any.
include!(concat!(env!("OUT_DIR"), "/gb18030_tables.rs"));

/// The sequence of four bytes that is U+10000.
const SUPPLEMENTARY: u32 = 189_000;

/// The text, if there is nothing in the bytes but text.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    // No more than three bytes come of two: it never grows, which would leave parts of a name behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3 / 2));
    let mut rest = bytes;
    loop {
        let (c, after) = match rest {
            [] => return Some(mem::take(&mut *text)),
            [ascii @ ..=0x7F, after @ ..] => (char::from(*ascii), after),
            [
                lead @ 0x81..=0xFE,
                trail @ (0x40..=0x7E | 0x80..=0xFE),
                after @ ..,
            ] => (pair(*lead, *trail)?, after),
            [
                first @ 0x81..=0xFE,
                second @ b'0'..=b'9',
                third @ 0x81..=0xFE,
                fourth @ b'0'..=b'9',
                after @ ..,
            ] => (sequence([*first, *second, *third, *fourth])?, after),
            _ => return None,
        };
        text.push(c);
        rest = after;
    }
}

fn pair(lead: u8, trail: u8) -> Option<char> {
    // 7F is left out.
    let cell = usize::from(trail) - if trail < 0x7F { 0x40 } else { 0x41 };
    let row = STEPS.chunks(190).nth(usize::from(lead - 0x81))?;
    let steps = row.iter().take(cell + 1);
    let code = steps.fold(0_u16, |code, step| code.wrapping_add(*step));
    char::from_u32(code.into())
}

fn sequence([first, second, third, fourth]: [u8; 4]) -> Option<char> {
    let row = u32::from(first - 0x81) * 10 + u32::from(second - b'0');
    let pointer = (row * 126 + u32::from(third - 0x81)) * 10 + u32::from(fourth - b'0');
    if let Some(plane) = pointer.checked_sub(SUPPLEMENTARY) {
        return char::from_u32(0x1_0000 + plane);
    }
    let pointer = u16::try_from(pointer).ok()?;
    let run = RUNS.iter().rfind(|(from, _)| *from <= pointer);
    let code = pointer.wrapping_add(run?.1?);
    char::from_u32(code.into())
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    fn agrees(bytes: &[u8]) {
        let expected = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
        // To the WHATWG, a lone 80 is a euro sign. GBK has no such byte.
        let lone =
            expected.as_ref().is_some_and(|text| text.contains('€')) && !bytes.starts_with(b"\xA2");
        let expected = expected.filter(|_| !lone);
        assert_eq!(
            decode(bytes).as_deref(),
            expected.as_deref(),
            "{bytes:02X?}"
        );
    }

    #[test]
    fn every_character_comes_back() {
        for c in '\0'..=char::MAX {
            let mut utf8 = [0; 4];
            let (bytes, _, _) = GB18030.encode(c.encode_utf8(&mut utf8));
            agrees(&bytes);
        }
    }

    #[test]
    fn whatever_the_bytes_are_encoding_rs_says_the_same() {
        // The edges of each range of the standard, and their neighbours.
        let edges = [
            0, 0x2F, 0x30, 0x39, 0x3A, 0x40, 0x7E, 0x7F, 0x80, 0x81, 0x84, 0x8F, 0x90, 0xA1, 0xE3,
            0xE4, 0xFE, 0xFF,
        ];
        for first in edges {
            agrees(&[first]);
            for second in edges {
                agrees(&[first, second]);
                for third in edges {
                    agrees(&[first, second, third]);
                    for fourth in edges {
                        agrees(&[first, second, third, fourth]);
                        agrees(&[0x81, first, second, third, fourth]);
                    }
                }
            }
        }
    }

    #[test]
    fn every_sequence_of_four() {
        for first in 0x81..=0xFE {
            for second in b'0'..=b'9' {
                for third in 0x81..=0xFE {
                    for fourth in b'0'..=b'9' {
                        agrees(&[first, second, third, fourth]);
                    }
                }
            }
        }
    }
}
