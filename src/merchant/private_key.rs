//! The merchant's private key: PKCS#8 (`apiclient_key.pem`) or PKCS#1 (the older `…_rsa_private_key.pem`).

use rsa::{
    BoxedUint, RsaPrivateKey,
    pkcs1::{self, der::Decode},
    pkcs8::{ObjectIdentifier, PrivateKeyInfoRef},
    traits::PrivateKeyParts,
};

use super::{kind::Kind, pem::Block};
use crate::error::Error;

/// WeChat Pay issues 2048 bits. Less is unsafe; more than 8192 would stop an event loop for seconds.
const BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

const ID_RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// The first private key among the blocks of a file.
pub(super) fn read(blocks: &[Block]) -> Result<RsaPrivateKey, Error> {
    let of_kind = |wanted: &[Kind]| blocks.iter().find(|block| wanted.contains(&block.kind));
    let block = of_kind(&[Kind::Pkcs8Key, Kind::Pkcs1Key]).ok_or_else(|| {
        // The most telling one: a file with an EC key begins with its parameters, a bundle with its certificate.
        let telling = of_kind(&[
            Kind::EncryptedKey,
            Kind::EncryptedKeyOfOld,
            Kind::EllipticCurveKey,
            Kind::OpenSshKey,
        ]);
        let damaged = || {
            blocks
                .iter()
                .find(|block| matches!(block.kind, Kind::Damaged(_)))
        };
        let found = telling.or_else(damaged).or_else(|| blocks.first());
        invalid(found.map_or("is empty", |block| instead_of_a_key(block.kind)))
    })?;
    let key = match block.kind {
        Kind::Pkcs1Key => rsa_key(&block.der),
        _ => {
            let info = PrivateKeyInfoRef::from_der(&block.der)
                .map_err(|_| invalid("is damaged: its body is not PKCS#8"))?;
            let algorithm = info.algorithm;
            match algorithm.oid {
                pkcs1::ALGORITHM_OID => rsa_key(info.private_key.as_bytes()),
                ID_RSASSA_PSS => Err("is an RSA key for PSS signatures only (RSASSA-PSS)"),
                ID_EC_PUBLIC_KEY if algorithm.parameters_oid() == Ok(SM2) => Err(
                    "is an SM2 key; getrealnameinfo takes the RSA key of a merchant certificate",
                ),
                ID_EC_PUBLIC_KEY => Err("is an elliptic-curve key, not an RSA key"),
                _ => Err("is a key of another algorithm than RSA"),
            }
        }
    };
    key.map_err(invalid)
}

/// With two primes, as every merchant has it, or with more (RFC 8017's version 1), which openssl can make.
fn rsa_key(der: &[u8]) -> Result<RsaPrivateKey, &'static str> {
    let parts = pkcs1::RsaPrivateKeyRef::from_der(der)
        .map_err(|_| "is damaged: its body is not an RSA key (PKCS#1)")?;
    let (n, e) = (parts.modulus.as_bytes(), parts.public_exponent.as_bytes());
    let bits = u32::try_from(n.len() * 8).unwrap_or(u32::MAX);
    // Before anything is computed with it: what is too large would take its time.
    if !BITS.contains(&(bits - n.first().map_or(0, |byte| byte.leading_zeros()))) {
        return Err("must have 2048 to 8192 bits");
    }
    if !matches!(e, [.., last] if last % 2 == 1) || matches!(e, [1]) {
        return Err("has a public exponent that is even or below 3");
    }
    if e.len() > 4 {
        return Err("has a public exponent of more than 32 bits");
    }
    let others = parts.other_prime_infos.iter().flatten();
    let primes = [parts.prime1.as_bytes(), parts.prime2.as_bytes()]
        .into_iter()
        .chain(others.map(|other| other.prime.as_bytes()));
    let uint = |bytes: &[u8], bits| BoxedUint::from_be_slice(bytes, bits).ok();
    let key = (|| {
        let d = uint(parts.private_exponent.as_bytes(), bits)?;
        let primes = primes
            .map(|prime| uint(prime, bits))
            .collect::<Option<_>>()?;
        RsaPrivateKey::from_components(uint(n, bits)?, uint(e, 32)?, d, primes).ok()
    })();
    let key = key.ok_or("has parts that do not fit together: it is damaged")?;
    // With one prime twice the parts multiply up, but nothing that is computed with them is right.
    let primes = key.primes();
    let twice = |prime| primes.iter().filter(|other| *other == prime).count() > 1;
    if primes.iter().any(twice) {
        return Err("has one prime twice");
    }
    Ok(key)
}

/// What was found where the key belongs, and where the key is.
fn instead_of_a_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Certificate => "is a certificate, not a private key; the key is in apiclient_key.pem",
        Kind::CertificateRequest => "is a certificate request (CSR), not a private key",
        Kind::Damaged(reason) => reason,
        Kind::EllipticCurveKey => "is an elliptic-curve key, not an RSA key",
        Kind::EncryptedKey => "is an encrypted key: hand in its password as well",
        Kind::EncryptedKeyOfOld => OLD_ENCRYPTION,
        Kind::OpenSshKey => {
            "is an OpenSSH key, not PEM; `ssh-keygen -p -m PEM -f file` converts it in place"
        }
        Kind::Pkcs12 => "is a PKCS#12 file (.p12): hand it in as p12, without privateKey",
        Kind::Pkcs7 => "is a PKCS#7 file (.p7b): it holds certificates only, and no key",
        Kind::PublicKey => "is a public key, not a private one; the key is in apiclient_key.pem",
        Kind::Other | Kind::Pkcs1Key | Kind::Pkcs8Key => "is of another kind than a private key",
    }
}

/// The line reads every kind of key file, asks for the old password and for a new one.
pub(super) const OLD_ENCRYPTION: &str = "is encrypted in a way that is too weak to be kept (PBES1, or Proc-Type: 4,ENCRYPTED); \
     convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem";

fn invalid(reason: &'static str) -> Error {
    Error::InvalidKey {
        field: "privateKey",
        reason,
    }
}
