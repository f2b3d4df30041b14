//! PEM as people have it: with byte order marks, Windows line ends, bodies on one line or in any width, several blocks
//! in one file, and `\n` as two characters where a file went through an environment variable.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// One `-----BEGIN …-----` block.
pub(super) struct Block<'a> {
    /// What stands after `BEGIN`.
    pub(super) label: &'a str,
    /// What stands between the two lines.
    body: &'a str,
}

impl Block<'_> {
    /// The body's bytes, or nothing where it is not base64.
    pub(super) fn der(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut text = Zeroizing::new(String::with_capacity(self.body.len()));
        let mut rest = self.body.chars();
        while let Some(c) = rest.next() {
            match c {
                // A line end that became two characters.
                '\\' => match rest.next() {
                    Some('n' | 'r') => {}
                    _ => return None,
                },
                c if c.is_whitespace() => {}
                c => text.push(c),
            }
        }
        STANDARD.decode(text.as_bytes()).ok().map(Zeroizing::new)
    }

    /// A traditional encrypted key says so in header lines of its body.
    pub(super) fn is_encrypted(&self) -> bool {
        self.body.contains("Proc-Type:")
    }
}

/// The blocks of a text, in order. Text around them is passed over, as openssl does.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let Some((label, after)) = after.split_once("-----") else {
            break;
        };
        let Some((body, after)) = after.split_once("-----END ") else {
            break;
        };
        found.push(Block { label, body });
        rest = after;
    }
    found
}
