//! BER made DER. Java's BouncyCastle and Mozilla's NSS write PKCS#12 with lengths that are found out on the way and texts in
//! chunks; others write lengths longer than they need be. What reads files here wants none of that.

use zeroize::Zeroizing;

/// Deeper than any file goes, and far from the end of the stack.
const DEPTH: usize = 24;

/// DER is longer than BER only where a length takes more bytes than the mark of an open end.
const GROWTH: usize = 8 * DEPTH;

const CONSTRUCTED: u8 = 0x20;
#[cfg(all(feature = "javascript", target_arch = "wasm32"))]
const INTEGER: &[u8] = &[0x02];
const OBJECT_IDENTIFIER: &[u8] = &[0x06];
const OCTET_STRING: &[u8] = &[0x04];
const OCTET_STRING_IN_CHUNKS: &[u8] = &[0x24];
const SEQUENCE: &[u8] = &[0x30];
const CONTEXT_0: &[u8] = &[0x80];
const CONTEXT_0_IN_CHUNKS: &[u8] = &[0xA0];

/// The value at the start of `bytes`, whatever follows it; or nothing where it is not whole.
pub(super) fn to_der(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (value, _) = Value::read(bytes, DEPTH)?;
    let mut der = Zeroizing::new(Vec::with_capacity(bytes.len() + GROWTH));
    value.write(&mut der);
    Some(der)
}

/// DER of a SEQUENCE of INTEGERs. Each comes big-endian, with one zero before it at least.
#[cfg(all(feature = "javascript", target_arch = "wasm32"))]
pub(super) fn integers(numbers: &[Zeroizing<Vec<u8>>]) -> Zeroizing<Vec<u8>> {
    let values = numbers.iter().map(|number| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        // What begins with a one bit would be negative; and zero is one octet.
        let wants_a_zero = number.get(zeros).is_none_or(|first| first & 0x80 != 0);
        let start = zeros.saturating_sub(usize::from(wants_a_zero));
        Value {
            tag: INTEGER,
            content: Content::Bytes(number.get(start..).unwrap_or_default()),
        }
    });
    let sequence = Value {
        tag: SEQUENCE,
        content: Content::Values(values.collect()),
    };
    let length = numbers.iter().map(|number| number.len() + GROWTH).sum();
    let mut der = Zeroizing::new(Vec::with_capacity(length));
    sequence.write(&mut der);
    der
}

struct Value<'a> {
    tag: &'a [u8],
    content: Content<'a>,
}

enum Content<'a> {
    Bytes(&'a [u8]),
    /// Of a text in chunks.
    Joined(Zeroizing<Vec<u8>>),
    Values(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// One value, and what follows it.
    fn read(bytes: &'a [u8], depth: usize) -> Option<(Self, &'a [u8])> {
        let depth = depth.checked_sub(1)?;
        let first = *bytes.first()?;
        let more = bytes.iter().skip(1);
        let tag_length = match first & 0x1F {
            0x1F => 2 + more.take_while(|byte| **byte & 0x80 != 0).count(),
            _ => 1,
        };
        let (tag, rest) = bytes.split_at_checked(tag_length)?;
        let (length, rest) = length(rest)?;
        let (content, after) = match length {
            Some(length) => {
                let (inside, after) = rest.split_at_checked(length)?;
                (inside, Some(after))
            }
            None => (rest, None),
        };
        if first & CONSTRUCTED == 0 {
            let content = Content::Bytes(content);
            return Some((Self { tag, content }, after?));
        }
        let mut values = Vec::new();
        let mut rest = content;
        let after = loop {
            match (after, rest) {
                (Some(after), []) => break after,
                (None, [0, 0, after @ ..]) => break after,
                _ => {
                    let (value, next) = Value::read(rest, depth)?;
                    values.push(value);
                    rest = next;
                }
            }
        };
        Some((Self::of(tag, values), after))
    }

    fn of(tag: &'a [u8], mut values: Vec<Self>) -> Self {
        // CMS's EncryptedContentInfo: its [0] is a text too, and chunks cannot be told from an explicit tag but here.
        if let [kind, algorithm, content] = values.as_mut_slice()
            && (kind.tag, algorithm.tag, content.tag)
                == (OBJECT_IDENTIFIER, SEQUENCE, CONTEXT_0_IN_CHUNKS)
            && let Some(joined) = content.joined()
        {
            *content = Self {
                tag: CONTEXT_0,
                content: joined,
            };
        }
        let content = Content::Values(values);
        let value = Self { tag, content };
        match value.joined() {
            Some(content) if tag == OCTET_STRING_IN_CHUNKS => Self {
                tag: OCTET_STRING,
                content,
            },
            _ => value,
        }
    }

    /// The bytes of its chunks, if it is nothing but chunks.
    fn joined(&self) -> Option<Content<'a>> {
        let Content::Values(values) = &self.content else {
            return None;
        };
        let mut joined = Zeroizing::new(Vec::with_capacity(self.content.length()));
        for value in values {
            let chunk = value.content.bytes();
            joined.extend_from_slice(chunk.filter(|_| value.tag == OCTET_STRING)?);
        }
        Some(Content::Joined(joined))
    }

    fn write(&self, der: &mut Vec<u8>) {
        der.extend_from_slice(self.tag);
        let length = self.content.length();
        let octets = octets_after_the_first(length);
        if octets > 0 {
            der.push(0x80 | u8::try_from(octets).unwrap_or_default());
        }
        let bytes = length.to_be_bytes();
        der.extend(bytes.iter().skip(bytes.len() - octets.max(1)));
        match &self.content {
            Content::Values(values) => values.iter().for_each(|value| value.write(der)),
            content => der.extend_from_slice(content.bytes().unwrap_or_default()),
        }
    }
}

impl Content<'_> {
    /// Of a text.
    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Joined(bytes) => Some(bytes),
            Self::Values(_) => None,
        }
    }

    fn length(&self) -> usize {
        let of_value = |value: &Value<'_>| {
            let length = value.content.length();
            value.tag.len() + 1 + octets_after_the_first(length) + length
        };
        match self {
            Self::Values(values) => values.iter().map(of_value).sum(),
            content => content.bytes().unwrap_or_default().len(),
        }
    }
}

/// How many a length in DER has: one octet holds what is below 80, or else how many follow.
fn octets_after_the_first(length: usize) -> usize {
    if length < 0x80 {
        return 0;
    }
    let bytes = length.to_be_bytes();
    bytes.iter().skip_while(|byte| **byte == 0).count()
}

/// A length, or none where the end is marked; and what follows it.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match usize::from(*first) {
        0x80 => Some((None, rest)),
        short @ ..0x80 => Some((Some(short), rest)),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7F)?;
            let length = digits.iter().try_fold(0usize, |length, digit| {
                length.checked_mul(256)?.checked_add(usize::from(*digit))
            })?;
            Some((Some(length), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_stays_and_ber_becomes_der() {
        for (ber, der) in [
            (&b"\x30\x03\x02\x01\x05"[..], &b"\x30\x03\x02\x01\x05"[..]),
            // What follows is left out.
            (b"\x30\x03\x02\x01\x05\x0A", b"\x30\x03\x02\x01\x05"),
            (
                b"\x30\x84\x00\x00\x00\x03\x02\x01\x05",
                b"\x30\x03\x02\x01\x05",
            ),
            (b"\x30\x80\x02\x01\x05\x00\x00", b"\x30\x03\x02\x01\x05"),
            (b"\x24\x80\x04\x01a\x04\x02bc\x00\x00", b"\x04\x03abc"),
            (b"\x24\x06\x04\x01a\x24\x01", b""),
            // Chunks within chunks.
            (
                b"\x24\x80\x24\x80\x04\x01a\x00\x00\x04\x01b\x00\x00",
                b"\x04\x02ab",
            ),
            // EncryptedContentInfo; and an explicit tag, which looks alike and stays.
            (
                b"\x30\x80\x06\x01\x01\x30\x00\xA0\x80\x04\x01a\x04\x01b\x00\x00\x00\x00",
                b"\x30\x09\x06\x01\x01\x30\x00\x80\x02ab",
            ),
            (
                b"\x30\x80\x06\x01\x01\xA0\x80\x04\x01a\x00\x00\x00\x00",
                b"\x30\x08\x06\x01\x01\xA0\x03\x04\x01a",
            ),
            (b"\x7F\x85\x01\x02\x05\x00", b"\x7F\x85\x01\x02\x05\x00"),
            // Not whole.
            (b"", b""),
            (b"\x30", b""),
            (b"\x30\x80\x02\x01\x05", b""),
            (b"\x30\x04\x02\x01\x05", b""),
            (b"\x04\x80a\x00\x00", b""),
            (b"\x30\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00", b""),
            (&b"\x30\x80".repeat(100_000), b""),
        ] {
            let found = to_der(ber).map(|der| der.to_vec()).unwrap_or_default();
            assert_eq!(found, der, "{ber:02X?}");
        }
        let long = [
            &[0x30, 0x80, 0x04, 0x82, 0x01, 0x00][..],
            &[7; 256],
            &[0, 0],
        ]
        .concat();
        let der = [
            &[0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00][..],
            &[7; 256],
        ]
        .concat();
        assert_eq!(*to_der(&long).unwrap(), der);
    }
}
