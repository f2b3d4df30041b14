//! The room rules: which part of `src/` may know which other, and which foreign crates a part may name.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::shell::{Result, root};

/// Room → the rooms it may name. `wasm`, `types` and `lib` may name all; nobody may name `wasm`.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("beta_verification", &["error", "return_code"]),
    (
        "doctor",
        &[
            "error",
            "merchant",
            "operation",
            "request",
            "return_code",
            "secret",
        ],
    ),
    ("error", &["return_code"]),
    ("fields", &[]),
    ("gbk", &["secret"]),
    ("hex", &[]),
    ("identity", &[]),
    ("medical", &["error", "scrub", "secret"]),
    (
        "merchant",
        &["error", "gbk", "hex", "identity", "scrub", "secret"],
    ),
    (
        "operation",
        &[
            "error",
            "fields",
            "hex",
            "identity",
            "medical",
            "merchant",
            "request",
            "response",
            "return_code",
            "scrub",
            "secret",
        ],
    ),
    ("push", &["error", "fields", "hex", "scrub", "secret"]),
    ("request", &["error", "secret"]),
    ("response", &["error", "return_code"]),
    ("return_code", &[]),
    // The other side: it verifies, encodes and encrypts on its own.
    ("sandbox", &[]),
    ("scrub", &[]),
    ("secret", &[]),
    ("token", &["return_code", "secret"]),
];

/// Words of foreign crates, and of WeChat's spelling → the rooms that may use them.
const WORDS: &[(&str, &[&str])] = &[
    ("wasm_bindgen", &["wasm"]),
    ("js_sys", &["wasm"]),
    ("rsa::", &["merchant", "sandbox"]),
    ("crypto_bigint", &["merchant"]),
    // rsa's and pkcs1's ways around blinding and padding.
    ("hazmat", &[]),
    ("pkcs12::", &["merchant"]),
    ("pkcs5::", &["merchant"]),
    ("x509_cert", &["merchant", "sandbox"]),
    ("rand_chacha", &["merchant", "sandbox"]),
    // It brings the tables of every encoding: build.rs takes out those that are wanted.
    ("encoding_rs", &[]),
    ("quick_xml", &["push"]),
    ("aes::", &["medical", "push", "sandbox"]),
    ("getrandom", &["merchant"]),
    (
        "ts_rs",
        &[
            "beta_verification",
            "doctor",
            "error",
            "fields",
            "merchant",
            "operation",
            "push",
            "request",
            "return_code",
            "sandbox",
            "secret",
            "types",
        ],
    ),
    (
        "component_appid",
        &["doctor", "operation", "push", "sandbox"],
    ),
    ("legal_persona_wechat", &["operation", "push", "sandbox"]),
    ("encryted_", &["operation", "sandbox"]),
    ("cred_id", &["doctor", "operation", "sandbox"]),
    ("verify_real_name", &["operation", "sandbox"]),
    // The core has no clock of its own.
    ("std::time", &[]),
    ("std::net", &[]),
    ("std::fs", &[]),
];

/// A file of more lines wants to be two rooms.
const LINES: usize = 400;

pub(crate) fn check() -> Result<()> {
    let mut faults = Vec::new();
    for path in sources(&root().join("src"))? {
        let text = fs::read_to_string(&path)?;
        let shown = path.strip_prefix(root())?.display().to_string();
        let room = room(path.strip_prefix(root().join("src"))?);
        let lines = text.lines().count();
        if lines > LINES {
            faults.push(format!("{shown} has {lines} lines; {LINES} is the limit"));
        }
        // Tests may look at anything.
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: String = shipped
            .lines()
            .map(without_comment)
            .collect::<Vec<_>>()
            .join("\n");
        for (word, rooms) in WORDS {
            if code.contains(word) && !rooms.contains(&room.as_str()) {
                faults.push(format!("{shown} says {word}; only {rooms:?} may"));
            }
        }
        let allowed = MAY_KNOW
            .iter()
            .find(|(name, _)| *name == room)
            .map(|(_, allowed)| *allowed);
        // `super` leads out of the room once it leads to the crate's root: at once from `src/x.rs`, in two steps from
        // `src/x/y.rs`.
        let inside = path.parent() != Some(&root().join("src"));
        let mut known = known_rooms(&code, "crate::");
        let out = known_rooms(&code, if inside { "super::super::" } else { "super::" });
        known.extend(
            out.into_iter()
                .filter(|name| MAY_KNOW.iter().any(|(room, _)| room == name)),
        );
        match allowed {
            Some(allowed) => {
                for other in known
                    .iter()
                    .filter(|other| **other != room && !allowed.contains(&other.as_str()))
                {
                    faults.push(format!(
                        "{shown} knows {other}; {room} may know {allowed:?}"
                    ));
                }
            }
            None if ["lib", "types", "wasm"].contains(&room.as_str()) => {}
            None => faults.push(format!(
                "{shown}: the room {room} has no rule; write one in xtask/src/rooms.rs"
            )),
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("room rules:\n  {}", faults.join("\n  ")).into())
    }
}

/// `merchant` for `merchant.rs` and for everything in `merchant/`.
fn room(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Documentation and comments may speak of anything. An address in a string (`https://…`) is no comment.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .map(|(at, _)| line.split_at(at).0)
        .find(|before| before.is_empty() || before.ends_with(char::is_whitespace));
    comment.unwrap_or(line)
}

/// The words after `start`, be it one path or a list in braces.
fn known_rooms(code: &str, start: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (_, after) in code
        .match_indices(start)
        .map(|(at, found)| code.split_at(at + found.len()))
    {
        match after.strip_prefix('{') {
            None => rooms.extend(first_word(after)),
            Some(list) => {
                let mut depth = 0;
                let mut item_starts = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => item_starts = true,
                        c if c.is_whitespace() => {}
                        _ => {
                            if item_starts {
                                rooms.extend(first_word(list.split_at(at).1));
                            }
                            item_starts = false;
                        }
                    }
                }
            }
        }
    }
    rooms
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_found_in_paths_and_lists() {
        let code = "use crate::{\n error::Error,\n merchant::{Entropy, Merchant},\n secret::*,\n};\nlet x = crate::gbk::y;";
        let rooms: Vec<String> = known_rooms(code, "crate::").into_iter().collect();
        assert_eq!(rooms, ["error", "gbk", "merchant", "secret"]);
        assert_eq!(room(Path::new("operation/get_category.rs")), "operation");
        assert_eq!(room(Path::new("lib.rs")), "lib");
        let around = known_rooms("super::gbk::decode(); use super::{identity, x};", "super::");
        assert!(around.contains("gbk") && around.contains("identity"));
    }

    #[test]
    fn comments_end_the_line_and_addresses_do_not() {
        assert_eq!(without_comment("let x = 1; // crate::gbk"), "let x = 1; ");
        assert_eq!(without_comment("/// crate::gbk"), "");
        let address = "let x = \"https://a\"; crate::gbk::y();";
        assert_eq!(without_comment(address), address);
    }
}
