//! Key and certificate files in the layouts that people really have.
//!
//! PEM with byte order marks, Windows line ends, bodies on one line or in any width, several blocks in one file, `\n` as
//! two characters where a file went through an environment variable; the bare base64 between the two lines; a whole file
//! in base64; and DER.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    ber,
    kind::{self, Kind},
};

const BEGIN: &str = "-----BEGIN ";

/// What was found in a file: one `-----BEGIN …-----` block, or the file's one DER value.
pub(super) struct Block {
    /// What its PEM says it is; only where it cannot be read does that count.
    is_labelled_certificate: bool,
    /// What the DER holds, whatever the label says.
    pub(super) kind: Kind,
    /// Without what may follow the value.
    pub(super) der: Zeroizing<Vec<u8>>,
}

impl Block {
    fn without_value(kind: Kind) -> Self {
        Self {
            is_labelled_certificate: false,
            kind,
            der: Zeroizing::default(),
        }
    }

    fn damaged(reason: &'static str) -> Self {
        Self::without_value(Kind::Damaged(reason))
    }

    pub(super) fn is_certificate(&self) -> bool {
        self.kind == Kind::Certificate
    }

    pub(super) fn is_damaged_certificate(&self) -> bool {
        self.is_labelled_certificate && matches!(self.kind, Kind::Damaged(_))
    }
}

/// The blocks of a file, in order, or what is wrong with it. Text around blocks is passed over, as openssl does.
pub(super) fn blocks(file: &[u8]) -> Result<Vec<Block>, &'static str> {
    if is_der(file) {
        return Ok(vec![block(file)]);
    }
    if matches!(file, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, ..]) {
        return Err("is UTF-16 text (PowerShell's > writes it): save it as UTF-8");
    }
    // Remarks around the blocks may be in any encoding.
    let text = Zeroizing::new(String::from_utf8_lossy(file).into_owned());
    if let Some(blocks) = pem(&text) {
        return Ok(blocks);
    }
    if str::from_utf8(file).is_err() {
        return Err("is neither text nor DER");
    }
    let Some(bytes) = base64(&text) else {
        return Err(no_pem(&text));
    };
    if is_der(&bytes) {
        return Ok(vec![block(&bytes)]);
    }
    // A whole PEM file in base64, as people make one line of it.
    let inner = str::from_utf8(&bytes).ok().and_then(pem);
    inner.ok_or_else(|| no_pem(&text))
}

/// A sequence whose length takes more than one byte, as no text begins, or that ends where the file ends.
fn is_der(file: &[u8]) -> bool {
    matches!(file, [0x30, length, rest @ ..] if (0x80..=0x88).contains(length) || usize::from(*length) == rest.len())
}

/// Nothing where there is no block at all.
fn pem(text: &str) -> Option<Vec<Block>> {
    let (_, mut rest) = text.split_once(BEGIN)?;
    let mut found = Vec::new();
    loop {
        // A block that says nothing must not hide one that does, so each ends where the next begins.
        let (this, next) = match rest.split_once(BEGIN) {
            Some((this, next)) => (this, Some(next)),
            None => (rest, None),
        };
        let (label, this) = this.split_once("-----").unwrap_or(("", this));
        let mut block = match this.split_once("-----END ") {
            None => Block::damaged("is cut off: one of its blocks has no -----END line"),
            Some((body, _)) => match (kind::of_label(label, body), base64(body)) {
                (Some(kind), _) => Block::without_value(kind),
                (None, Some(bytes)) => block(&bytes),
                (None, None) => {
                    Block::damaged("is damaged: what stands between its lines is not base64")
                }
            },
        };
        block.is_labelled_certificate = label.ends_with("CERTIFICATE");
        found.push(block);
        match next {
            Some(next) => rest = next,
            None => return Some(found),
        }
    }
}

fn block(bytes: &[u8]) -> Block {
    if !bytes.starts_with(&[0x30]) {
        return Block::damaged("is damaged: what it holds is neither a key nor a certificate");
    }
    match ber::to_der(bytes) {
        Some(der) => Block {
            is_labelled_certificate: false,
            kind: kind::of_der(&der),
            der,
        },
        None => Block::damaged("is cut off, or damaged: it is shorter than it says"),
    }
}

/// The bytes of a base64 text in any layout, or nothing where it is none.
fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut compact = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // A line end that became two characters, or three.
            '\\' => {
                while rest.next_if_eq(&'\\').is_some() {}
                rest.next_if(|c| matches!(c, 'n' | 'r'))?;
            }
            '"' | '\'' => {}
            // Where openssl's line ends, whatever follows on it.
            '\0' => while rest.next_if(|c| *c != '\n').is_some() {},
            // One dash too many before the END line. openssl stops here too.
            '-' => break,
            // White space, and what copying leaves behind without being seen: byte order marks, no-break spaces.
            c if c.is_ascii_whitespace() || c.is_control() || !c.is_ascii() => {}
            c => compact.push(c),
        }
    }
    // Into a buffer that is wiped even where it comes to nothing.
    let mut bytes = Zeroizing::new(vec![0; compact.len() / 4 * 3 + 3]);
    let length = STANDARD.decode_slice(compact.as_bytes(), &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// PEM as it is written: for what a reader of another format found.
#[cfg(feature = "encrypted-files")]
pub(super) fn write<'a>(blocks: impl Iterator<Item = (&'a str, &'a [u8])>) -> Zeroizing<Vec<u8>> {
    let bodies: Vec<_> = blocks
        .map(|(label, der)| (label, Zeroizing::new(STANDARD.encode(der))))
        .collect();
    // Of the right size from the start: a buffer that grows by itself leaves copies behind.
    let lines = |(label, body): &(&str, Zeroizing<String>)| body.len() + 2 * label.len() + 40;
    let mut text = Zeroizing::new(Vec::with_capacity(bodies.iter().map(lines).sum()));
    for (label, body) in &bodies {
        for part in [
            BEGIN,
            label,
            "-----\n",
            body,
            "\n-----END ",
            label,
            "-----\n",
        ] {
            text.extend_from_slice(part.as_bytes());
        }
    }
    text
}

/// What a text is that holds neither PEM nor base64 of anything.
fn no_pem(text: &str) -> &'static str {
    let text = text.trim().trim_matches(['"', '\'', '\u{feff}']);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "+/=\\".contains(c);
    if text.starts_with("PuTTY-User-Key-File") {
        "is a PuTTY key: PuTTYgen exports it as an OpenSSH or PEM key"
    } else if text.starts_with('{') {
        "is JSON; what belongs here is the text of a PEM file"
    } else if text.len() < 260 && !text.contains('\n') && text.contains('.') {
        "looks like the name of a file: hand in what is in the file"
    } else if text.starts_with("MI") && text.chars().all(is_base64) {
        "is cut off, or damaged: base64 that does not come out even"
    } else {
        "is no PEM (it has no -----BEGIN line), no DER, and no base64 of either"
    }
}
