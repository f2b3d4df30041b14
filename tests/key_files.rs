//! Every form of key and certificate file that openssl writes, the layouts that people make of them, and what is refused.
#![cfg(all(not(target_arch = "wasm32"), feature = "encrypted-files"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{
    entropy,
    key_files::{File, bytes, key_files},
};
use wechat_realname::{ErrorCode, Merchant};

#[test]
fn every_file_that_openssl_writes_opens_or_is_named_for_what_it_is() {
    let vectors = key_files();
    let content: Vec<&str> = vectors
        .files
        .iter()
        .map(|file| file.file.as_str())
        .collect();
    for file in &vectors.files {
        let opened = vectors.open(file);
        match (&file.refused, opened) {
            (None, Ok(merchant)) => {
                assert_eq!(merchant.cert_serial_no(), vectors.serial, "{}", file.name);
                let sign = merchant.sign(vectors.timestamp, &entropy()).unwrap();
                let expected = file.other_keys_sign.as_ref().unwrap_or(&vectors.sign);
                assert_eq!(&sign, expected, "{}", file.name);
            }
            (Some(says), Err(error)) => {
                let said = error.to_string();
                assert!(said.contains(says), "{}: {said}", file.name);
                assert!(
                    matches!(error.code(), ErrorCode::InvalidKey | ErrorCode::KeyMismatch),
                    "{}: {said}",
                    file.name
                );
                assert!(!content.iter().any(|content| said.contains(&content[..40])));
            }
            (None, Err(error)) => panic!("{}: {error}", file.name),
            (Some(_), Ok(_)) => panic!("{} opened", file.name),
        }
    }
    assert!(vectors.files.len() > 60);
}

#[test]
fn layouts_that_people_make_of_their_files() {
    let vectors = key_files();
    let pem = |name: &str| {
        let file = vectors.files.iter().find(|file| file.name == name).unwrap();
        String::from_utf8(bytes(&file.file)).unwrap()
    };
    let certificate = String::from_utf8(bytes(&vectors.certificate)).unwrap();
    for key in [pem("PKCS#1 PEM"), pem("PKCS#8 PEM")] {
        let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
        let (begin, end) = (key.lines().next().unwrap(), key.lines().last().unwrap());
        let body = lines.concat();
        let wrapped = |width: usize| {
            let lines: Vec<&str> = body
                .as_bytes()
                .chunks(width)
                .map(|line| str::from_utf8(line).unwrap())
                .collect();
            format!("{begin}\n{}\n{end}\n", lines.join("\n"))
        };
        for (layout, key) in [
            ("as it is", key.clone()),
            ("a byte order mark", format!("\u{feff}{key}")),
            ("Windows line ends", key.replace('\n', "\r\n")),
            ("old Macintosh line ends", key.replace('\n', "\r")),
            ("one line", format!("{begin}\n{body}\n{end}")),
            ("no line ends at all", format!("{begin}{body}{end}")),
            ("spaces for line ends", key.replace('\n', " ")),
            ("48 columns", wrapped(48)),
            ("76 columns", wrapped(76)),
            ("trailing spaces", key.replace('\n', " \t\n")),
            ("blank lines", key.replace('\n', "\n\n")),
            ("a blank line first", key.replacen('\n', "\n\n", 1)),
            ("indented", key.replace('\n', "\n    ")),
            ("\\n as two characters", key.replace('\n', "\\n")),
            ("\\r\\n as four", key.replace('\n', "\\r\\n")),
            ("\\\\n, escaped twice", key.replace('\n', "\\\\n")),
            (
                "quoted, from a .env file",
                format!("\"{}\"", key.replace('\n', "\\n")),
            ),
            ("certificate first", format!("{certificate}{key}")),
            ("key first", format!("{key}{certificate}")),
            (
                "bag attributes",
                format!(
                    "Bag Attributes\n    friendlyName: x\nKey Attributes: <No Attributes>\n{key}"
                ),
            ),
            ("bare base64", body.clone()),
            ("bare base64 in lines", lines.join("\n")),
            (
                "bare base64, quoted and escaped",
                format!("'{}\\n'", lines.join("\\n")),
            ),
            ("the file in base64", STANDARD.encode(&key)),
            ("a PKCS#8 label", key.replace(" RSA PRIVATE", " PRIVATE")),
            (
                "an RSA label",
                key.replace("BEGIN PRIVATE", "BEGIN RSA PRIVATE")
                    .replace("END PRIVATE", "END RSA PRIVATE"),
            ),
        ] {
            let merchant = Merchant::open(&vectors.with_key(key))
                .unwrap_or_else(|error| panic!("{layout}: {error}"));
            let sign = merchant.sign(vectors.timestamp, &entropy()).unwrap();
            assert_eq!(sign, vectors.sign, "{layout}");
        }
        // Remarks in an encoding of their own, and a chain that was cut off after what matters.
        let mut remarks = b"friendlyName: \xC9\xCC\xBB\xA7\n".to_vec();
        remarks.extend_from_slice(key.as_bytes());
        remarks.extend_from_slice(&certificate.as_bytes()[..certificate.len() / 2]);
        assert!(Merchant::open(&vectors.with_key(remarks)).is_ok());
        // DER with something after it, as copying from a larger file leaves it.
        let mut trailing = STANDARD.decode(&body).unwrap();
        trailing.extend_from_slice(b"\n\0");
        assert!(Merchant::open(&vectors.with_key(trailing)).is_ok());

        // Certificates go through the same reader.
        for certificate in [
            certificate.replace('\n', "\\n"),
            certificate.replace('\n', "\r\n"),
            certificate
                .lines()
                .filter(|line| !line.starts_with('-'))
                .collect(),
        ] {
            let mut files = vectors.with_key(key.clone());
            files.certificate = Some(certificate.into_bytes());
            assert_eq!(
                Merchant::open(&files).unwrap().cert_serial_no(),
                vectors.serial
            );
        }
        // A bundle is enough by itself.
        let mut bundle = vectors.with_key(format!("{key}{certificate}"));
        bundle.certificate = None;
        assert_eq!(
            Merchant::open(&bundle).unwrap().cert_serial_no(),
            vectors.serial
        );
    }
}

#[test]
fn broken_files_say_how_they_are_broken() {
    let vectors = key_files();
    let key = String::from_utf8(bytes(&vectors.key)).unwrap();
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let pem =
        |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
    let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let broken: Vec<(Vec<u8>, &str)> = [
        (
            key[..key.len() / 2].to_owned(),
            "is cut off: one of its blocks has no -----END line",
        ),
        (
            pem(&body[..body.len() / 2 / 4 * 4]),
            "it is shorter than it says",
        ),
        (pem(&body[..body.len() - 7]), "is not base64"),
        (key.replacen("MII", "!II", 1), "is not base64"),
        (
            body[..body.len() / 2 / 4 * 4].to_owned(),
            "it is shorter than it says",
        ),
        (body[..body.len() - 7].to_owned(), "is cut off, or damaged"),
        (pem("AAAA"), "neither a key nor a certificate"),
        (pem("MIIB"), "shorter than it says"),
        (pem(""), "neither a key nor a certificate"),
        (pem("MAA="), "of another kind than a private key"),
        (
            "/etc/wechat/apiclient_key.pem".into(),
            "looks like the name of a file",
        ),
        ("apiclient_key.pem".into(), "looks like the name of a file"),
        (
            "C:\\cert\\apiclient_key.pem".into(),
            "looks like the name of a file",
        ),
        (r#"{"kty":"RSA","n":"AQAB"}"#.into(), "is JSON"),
        ("PuTTY-User-Key-File-2: ssh-rsa".into(), "is a PuTTY key"),
        ("hello".into(), "is no PEM"),
        ("00112233445566778899AABBCCDDEEFF".into(), "is no PEM"),
        (" \n ".into(), "is missing or empty"),
    ]
    .map(|(text, says)| (text.into_bytes(), says))
    .into_iter()
    .chain([
        (utf16.clone(), "is UTF-16 text"),
        ([&[0xFF, 0xFE][..], &utf16].concat(), "is UTF-16 text"),
        (vec![0x80, 0x81, 0xFF], "is neither text nor DER"),
        (
            STANDARD.decode(&body[..400]).unwrap(),
            "it is shorter than it says",
        ),
    ])
    .collect();
    for (file, says) in &broken {
        let error = Merchant::open(&vectors.with_key(file.clone())).unwrap_err();
        assert_eq!(error.field(), Some("privateKey"), "{says}: {error}");
        assert!(error.to_string().contains(says), "{says}: {error}");
        let mut files = vectors.with_key(bytes(&vectors.key));
        files.certificate = Some(file.clone());
        assert_eq!(
            Merchant::open(&files).unwrap_err().field(),
            Some("certificate"),
            "{says}"
        );
    }
}

/// A file may hold more than one key and one certificate, and some of it may be of no use.
#[test]
fn the_right_ones_are_chosen_out_of_several() {
    let vectors = key_files();
    let file = |name: &str| {
        let file = vectors.files.iter().find(|file| file.name == name).unwrap();
        bytes(&file.file)
    };
    let open = |key: &[&[u8]], certificate: Option<Vec<u8>>, serial: bool, password| {
        let mut files = vectors.with_key(key.concat());
        files.certificate = certificate;
        files.cert_serial_no = serial.then(|| vectors.serial.clone());
        if let Some(password) = password {
            files.decrypt_key(password)?;
        }
        Merchant::open(&files)?.sign(vectors.timestamp, &entropy())
    };
    let (key, certificate) = (bytes(&vectors.key), bytes(&vectors.certificate));
    let sign = Ok(vectors.sign.clone());
    let both = file("another merchant's key first");
    assert_eq!(open(&[&both], Some(certificate.clone()), false, None), sign);
    let error = open(&[&both], None, true, None).unwrap_err().to_string();
    assert!(
        error.contains("holds the keys of several merchants"),
        "{error}"
    );

    // A renewed certificate of the same key, one with a short serial number, and one that is no more.
    let certificates = [
        file("short serial number"),
        certificate.clone(),
        file("certificate with its text"),
    ];
    assert_eq!(
        open(&[&key], Some(certificates.concat()), false, None),
        sign
    );
    let numbers = file("another number's certificate of the same key first");
    assert_eq!(open(&[&key], Some(numbers), true, None), sign);

    // An encrypted key beside a plain one that is of no use.
    let (ec, encrypted) = (file("EC PKCS#8"), file("PBES2, AES-256, PBKDF2 SHA-256"));
    let password = Some("correct-horse");
    assert_eq!(
        open(
            &[&ec, &encrypted],
            Some(certificate.clone()),
            false,
            password
        ),
        sign
    );

    // What is missing is what is said to be missing.
    let short = file("short serial number");
    let half = certificate[..certificate.len() / 2].to_vec();
    let parameters =
        b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for (key, password, says) in [
        ([&parameters[..], &key], None, "certSerialNo: is missing"),
        ([&key, &half], None, "privateKey: is cut off"),
        (
            [&key, &short],
            None,
            "privateKey: has a serial number of other",
        ),
        (
            [&encrypted, &half],
            password,
            "privateKey: holds a certificate that is cut off",
        ),
    ] {
        let error = open(&key, None, false, password).unwrap_err().to_string();
        assert!(error.starts_with(says), "{says}: {error}");
    }
    assert_eq!(open(&[&key, &half], None, true, None), sign);
}

/// Files under a password with bytes changed, where no MAC keeps what is inside from being read: an error or the same
/// key, never a panic.
#[test]
fn hostile_files_end_in_an_error_or_the_same_key() {
    let vectors = key_files();
    let mut random = {
        // A small generator of its own, so that a failure can be repeated.
        let mut state = 20_261_120u32;
        move |below: usize| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (state >> 8) as usize % below
        }
    };
    let mut opened = 0;
    for name in [
        "p12 without MAC",
        "p12 with nothing encrypted",
        "p12 of today: AES-256, SHA-256 MAC",
        "p12 of old: RC2-40 and 3DES, SHA-1 MAC",
        "p12 of BouncyCastle",
        "PBES2, DER",
        "PBES2, scrypt",
        "PBES2, 3DES, PBKDF2 SHA-1",
    ] {
        let file = vectors.files.iter().find(|file| file.name == name).unwrap();
        let good = pem_body(&bytes(&file.file));
        for round in 0..300 {
            let mut changed = good.clone();
            for _ in 0..=random(3) {
                // Where the parameters are, more often than where the secret is.
                let reach = if round % 3 == 0 { good.len() } else { 160 };
                changed[random(reach)] =
                    [u8::try_from(random(256)).unwrap(), 0, 0x80, 0xFF][random(4)];
            }
            if round % 7 == 0 {
                changed.truncate(random(good.len()));
            }
            let file = File {
                name: name.into(),
                field: file.field.clone(),
                refused: None,
                password: file.password.clone(),
                other_keys_sign: None,
                file: STANDARD.encode(changed),
            };
            if let Ok(merchant) = vectors.open(&file) {
                opened += 1;
                let sign = merchant.sign(vectors.timestamp, &entropy()).unwrap();
                // Another serial number where nothing vouches for the certificate, never another key.
                if merchant.cert_serial_no() == vectors.serial {
                    assert_eq!(sign, vectors.sign, "{name}");
                }
            }
        }
    }
    assert!(opened > 50, "{opened}");
}

/// The DER of a file that may be PEM.
fn pem_body(file: &[u8]) -> Vec<u8> {
    let Ok(text) = str::from_utf8(file) else {
        return file.to_vec();
    };
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}

/// The lines that errors give are run as they stand, and what they make opens.
#[test]
fn the_lines_that_convert_old_encryptions_work() {
    use std::{env, fs, process::Command};

    let vectors = key_files();
    let folder = env::temp_dir().join(format!("wechat-realname-convert-{}", std::process::id()));
    for (name, old, new, passwords) in [
        (
            "PBE-SHA1-3DES",
            "old.pem",
            "new.pem",
            ["correct-horse", "new"],
        ),
        (
            "Proc-Type: 4,ENCRYPTED",
            "old.pem",
            "new.pem",
            ["correct-horse", "new"],
        ),
        (
            "PBE-MD5-DES",
            "old.pem",
            "new.pem",
            ["correct-horse", "new"],
        ),
        ("p12 with RC4", "old.p12", "bundle.pem", ["1900006511", ""]),
    ] {
        let file = vectors.files.iter().find(|file| file.name == name).unwrap();
        let said = vectors.open(file).err().unwrap().to_string();
        let (_, line) = said.split_once(": openssl ").unwrap();
        let (line, remark) = line.split_once(" (").unwrap();
        let mut words: Vec<&str> = line.split(' ').collect();
        if name == "PBE-MD5-DES" {
            let wanted = "-provider legacy -provider default";
            assert!(remark.contains(wanted), "{remark}");
            words.extend(wanted.split(' '));
        }
        let [before, after] = passwords.map(|password| format!("pass:{password}"));
        words.extend(["-passin", &before, "-passout", &after]);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(old), bytes(&file.file)).unwrap();
        let converted = Command::new("openssl")
            .args(&words)
            .current_dir(&folder)
            .status();
        let Ok(converted) = converted else {
            // `cargo xtask test` says so at its end.
            return;
        };
        assert!(converted.success(), "{line}");
        let mut files = vectors.with_key(fs::read(folder.join(new)).unwrap());
        fs::remove_dir_all(&folder).unwrap();
        files.decrypt_key("new").unwrap();
        let sign = Merchant::open(&files)
            .unwrap()
            .sign(vectors.timestamp, &entropy());
        assert_eq!(sign.unwrap(), vectors.sign, "{name}");
    }
}
