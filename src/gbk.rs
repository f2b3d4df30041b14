//! Strict GBK for names.
//!
//! GB18030 is decoded, its superset: four-byte sequences (㛃, 𬭎) occur in names. `䶮` is FE 9F, which `iconv -f gbk`
//! refuses and TextDecoder turns into a private-use character before Node 26; encoding_rs, whose tables these are, has it
//! right (U+4DAE).

mod gb18030;

use crate::secret::RealName;

/// Longer than any name; what is longer is junk.
const CHARACTERS: usize = 64;

/// The name, if the bytes are one: 1 to 64 characters of text, none of them a control, private-use, bidirectional,
/// replacement or byte-order character, and not UTF-8 Chinese taken for GBK.
pub(crate) fn decode_name(bytes: &[u8]) -> Option<RealName> {
    if is_utf8_han(bytes) {
        return None;
    }
    let text = RealName::new(gb18030::decode(bytes)?);
    let length = text.expose().chars().count();
    let is_name = text.expose().chars().all(belongs_in_a_name);
    ((1..=CHARACTERS).contains(&length) && is_name).then_some(text)
}

/// `张三` in UTF-8 is also valid GBK (寮犱笁). Only bytes that read as Han throughout are taken for it: 郑伟 is D6 A3 CE
/// B0 in GBK, valid UTF-8 as well, and a real name.
fn is_utf8_han(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| !text.is_empty() && text.chars().all(is_han))
}

fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

fn belongs_in_a_name(c: char) -> bool {
    let private_use = matches!(c,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}');
    let bidirectional = matches!(c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let replacement_or_mark = matches!(c, '\u{FFFD}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
    !(c.is_control() || private_use || bidirectional || replacement_or_mark)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// Every pair of bytes from 80 on, against the WHATWG's own table.
    #[test]
    fn two_byte_pairs_are_the_whatwgs() {
        let index: BTreeMap<usize, char> = include_str!("../tests/vectors/index-gb18030.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| {
                let mut fields = line.split('\t');
                let pointer = fields.next().unwrap().trim().parse().unwrap();
                let code = fields.next().unwrap().strip_prefix("0x").unwrap();
                let code = u32::from_str_radix(code, 16).unwrap();
                (pointer, char::from_u32(code).unwrap())
            })
            .collect();
        assert_eq!(index.len(), 23_940);
        let (mut names, mut private) = (0, 0);
        for lead in 0x80..=0xFF_u8 {
            for trail in 0..=0xFF_u8 {
                // The standard's decoder (§10.2.1): lead 81 to FE, trail 40 to 7E and 80 to FE.
                let offset = if trail < 0x7F { 0x40 } else { 0x41 };
                let is_pair =
                    (0x81..=0xFE).contains(&lead) && matches!(trail, 0x40..=0x7E | 0x80..=0xFE);
                let pointer = || usize::from(lead - 0x81) * 190 + usize::from(trail - offset);
                let expected = if is_pair {
                    Some(index[&pointer()])
                } else {
                    None
                };
                let is_private = expected.is_some_and(|c| ('\u{E000}'..='\u{F8FF}').contains(&c));
                let expected = expected.filter(|_| !is_private);
                let decoded = decode_name(&[lead, trail]);
                assert_eq!(
                    decoded,
                    expected.map(RealName::new),
                    "{lead:02X} {trail:02X}"
                );
                names += usize::from(expected.is_some());
                private += usize::from(is_private);
            }
        }
        assert_eq!(names + private, 23_940);
        // The three user-defined areas, and what Unicode has no place for.
        assert!(private >= 1894, "{private}");
    }

    #[test]
    fn names_that_others_get_wrong() {
        for (bytes, name) in [
            (&b"\xD5\xC5\xC8\xFD"[..], "张三"),
            (b"\xFE\x9F", "䶮"),
            (b"\xD6\xA3\xCE\xB0", "郑伟"),
            (b"\xC1\xF5\x82\x30\xB7\x31", "刘㛃"),
            (b"\xB0\xA2\xD2\xC0\xA1\xA4\xC2\xF2", "阿依·买"),
            (b"\xB0\xA2\xA3\xAE\xC2\xF2", "阿．买"),
            (b"\xB0\xA2\x81\x36\xA6\x31\xC2\xF2", "阿•买"),
            (b"\xD0\xBB\xC7\xBF", "谢强"),
            (b"\xCE\xBA\xCF\xBC", "魏霞"),
            (b"\xC0\xEE\x99\x33\xA9\x32", "李𬭎"),
        ] {
            assert_eq!(decode_name(bytes), Some(name.into()), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bytes in [
            &b""[..],
            b"\xD5",
            b"\xD5\xC5\x00",
            b"\xD5\xC5\n",
            b"\x80",
            b"\xD5\xC5\x80",
            b"\xFF",
            "张三".as_bytes(),
            // U+E000, private use; U+202E and U+FEFF as four-byte sequences; U+FFFD.
            b"\xAA\xA1",
            b"\x81\x36\xA7\x31",
            b"\x84\x31\x95\x33",
            b"\x84\x31\xA4\x37",
            &b"\xD5\xC5".repeat(65),
        ] {
            assert_eq!(decode_name(bytes), None, "{bytes:02X?}");
        }
        // € as GBK's own pair stays decodable; whether it is a name is not a question of encoding.
        assert_eq!(decode_name(b"\xA2\xE3"), Some("€".into()));
    }
}
