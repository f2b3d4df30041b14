//! Against openssl: signatures byte for byte, and ciphertexts that it made. The stored vectors run everywhere; where the
//! machine has openssl, it is asked again with fresh inputs.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{entropy, files, merchant, vectors};
use wechat_realname::Merchant;

#[test]
fn signatures_equal_openssls_for_both_kinds_of_key_file() {
    for vector in vectors() {
        for key in [&vector.pkcs1, &vector.pkcs8] {
            let merchant = Merchant::open(&files("1900006511", key, &vector.certificate)).unwrap();
            assert_eq!(merchant.cert_serial_no(), vector.serial);
            let sign = merchant.sign(vector.timestamp, &entropy()).unwrap();
            assert_eq!(sign, vector.sign, "{} bits", vector.bits);
        }
    }
}

#[test]
fn what_openssl_and_iconv_encrypted_opens() {
    for vector in vectors() {
        let merchant = merchant(&vector);
        for person in &vector.people {
            let info = merchant
                .open_reply(
                    &person.encryted_real_name,
                    &person.encryted_credential_id,
                    &entropy(),
                )
                .unwrap();
            assert_eq!(info.real_name.expose(), person.name);
            assert_eq!(info.credential_id.expose(), person.number);
        }
    }
}

#[test]
fn openssl_itself_agrees() {
    let Some(folder) = Folder::with_openssl() else {
        return;
    };
    for vector in &vectors() {
        let merchant = merchant(vector);
        let (pkcs1, pkcs8) = (
            folder.file("pkcs1.pem", &vector.pkcs1),
            folder.file("pkcs8.pem", &vector.pkcs8),
        );
        let certificate = folder.file("certificate.pem", &vector.certificate);
        for timestamp in [0, 1, 1_795_170_000, u32::MAX] {
            let message = format!("cert_serialno={}&timestamp={timestamp}", vector.serial);
            for key in [&pkcs1, &pkcs8] {
                let arguments = ["dgst", "-sha256", "-binary", "-sign"];
                let signature = pipe(openssl(&arguments).arg(key), message.as_bytes());
                let ours = merchant.sign(timestamp, &entropy()).unwrap();
                assert_eq!(ours, STANDARD.encode(signature));
            }
        }
        for (name, gbk) in [
            ("张三", &b"\xD5\xC5\xC8\xFD"[..]),
            ("䶮", b"\xFE\x9F"),
            ("刘㛃", b"\xC1\xF5\x82\x30\xB7\x31"),
        ] {
            let seal = |plaintext: &[u8]| {
                let arguments = [
                    "pkeyutl",
                    "-encrypt",
                    "-certin",
                    "-pkeyopt",
                    "rsa_padding_mode:pkcs1",
                    "-inkey",
                ];
                STANDARD.encode(pipe(openssl(&arguments).arg(&certificate), plaintext))
            };
            let number = "11010519491231002X";
            let info = merchant
                .open_reply(&seal(gbk), &seal(number.as_bytes()), &entropy())
                .unwrap();
            assert_eq!(
                (info.real_name.expose(), info.credential_id.expose()),
                (name, number)
            );
        }
    }
}

fn openssl(arguments: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(arguments);
    command
}

fn pipe(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    output.stdout
}

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with_openssl() -> Option<Self> {
        if openssl(&["version"])
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            // The stored vectors must do; `cargo xtask test` says so at its end.
            return None;
        }
        let folder = env::temp_dir().join(format!("wechat-realname-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Some(Self(folder))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = Path::new(&self.0).join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}
