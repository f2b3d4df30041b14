//! What a DER value is, told by the tags of its first level. Labels of PEM blocks are often wrong, and DER has none.

use x509_cert::der::{
    Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};

/// The kinds of files that turn up where a key or a certificate belongs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Certificate,
    CertificateRequest,
    /// Not to be read, and why.
    Damaged(&'static str),
    /// SEC 1, under its own label.
    EllipticCurveKey,
    /// PKCS#8 under PBES2: read with a password.
    EncryptedKey,
    /// PKCS#8 under one of the schemes before PBES2, or a traditional file with `Proc-Type: 4,ENCRYPTED`.
    EncryptedKeyOfOld,
    OpenSshKey,
    Other,
    Pkcs12,
    Pkcs7,
    /// An RSA key under its own label.
    Pkcs1Key,
    /// A private key with its algorithm beside it.
    Pkcs8Key,
    PublicKey,
}

#[cfg(feature = "doctor")]
impl Kind {
    /// Whether it is a private key of any kind, readable or not.
    pub(super) fn is_private_key(self) -> bool {
        matches!(
            self,
            Self::EllipticCurveKey
                | Self::EncryptedKey
                | Self::EncryptedKeyOfOld
                | Self::OpenSshKey
                | Self::Pkcs1Key
                | Self::Pkcs8Key
        )
    }
}

pub(super) const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");

/// Where the label alone says what it is, because the body is no DER.
pub(super) fn of_label(label: &str, body: &str) -> Option<Kind> {
    match label {
        "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => Some(Kind::OpenSshKey),
        "PGP PRIVATE KEY BLOCK" | "PGP PUBLIC KEY BLOCK" | "SSH2 PUBLIC KEY" => Some(Kind::Other),
        _ if body.contains("Proc-Type:") => Some(Kind::EncryptedKeyOfOld),
        _ => None,
    }
}

/// What a sequence in DER is.
pub(super) fn of_der(der: &[u8]) -> Kind {
    use Tag::{BitString, Integer, ObjectIdentifier as Oid, OctetString, Sequence};

    let parts = parts(der);
    let tags: Vec<Tag> = parts.iter().map(|part| part.0).collect();
    let first = parts.first().map(|part| part.1).unwrap_or_default();
    match *tags {
        [
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            ..,
        ] => Kind::Pkcs1Key,
        [Integer, Sequence, OctetString, ..] => Kind::Pkcs8Key,
        [Integer, OctetString, ..] => Kind::EllipticCurveKey,
        [Integer, Sequence] | [Integer, Sequence, Sequence] => Kind::Pkcs12,
        [Integer, Integer] | [Sequence, BitString] => Kind::PublicKey,
        [Sequence, OctetString] => match content(first).first() {
            Some((Oid, oid)) if *oid == PBES2.as_bytes() => Kind::EncryptedKey,
            _ => Kind::EncryptedKeyOfOld,
        },
        [Sequence, Sequence, BitString] => {
            let tags: Vec<Tag> = content(first).iter().map(|part| part.0).collect();
            match *tags {
                [Tag::ContextSpecific { .. }, ..] => Kind::Certificate,
                // The first version of X.509 has no version field, nor extensions.
                [
                    Integer,
                    Sequence,
                    Sequence,
                    Sequence,
                    Sequence,
                    Sequence,
                    ..,
                ] => Kind::Certificate,
                [Integer, Sequence, Sequence, ..] => Kind::CertificateRequest,
                _ => Kind::Other,
            }
        }
        [Oid, ..] => Kind::Pkcs7,
        _ => Kind::Other,
    }
}

/// Tag and content of each part of a sequence.
pub(super) fn parts(der: &[u8]) -> Vec<(Tag, &[u8])> {
    match content(der).as_slice() {
        [(Tag::Sequence, inside)] => content(inside),
        _ => Vec::new(),
    }
}

/// Tag and content of each value, up to one that is none.
pub(super) fn content(values: &[u8]) -> Vec<(Tag, &[u8])> {
    let mut found = Vec::new();
    if let Ok(mut reader) = SliceReader::new(values) {
        while let Ok(value) = reader.decode::<AnyRef<'_>>() {
            found.push((value.tag(), value.value()));
        }
    }
    found
}
