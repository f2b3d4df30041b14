//! The merchant's private key: PKCS#8 (`apiclient_key.pem`) or PKCS#1 (the older `…_rsa_private_key.pem`).

#[cfg(feature = "doctor")]
use rsa::RsaPublicKey;
use rsa::{BoxedUint, RsaPrivateKey, pkcs1, pkcs8::ObjectIdentifier, traits::PrivateKeyParts};
use x509_cert::der::Tag;

use super::{
    ber,
    kind::{self, Kind},
    pem::Block,
};

/// WeChat Pay issues 2048 bits. Less is unsafe; more than 8192 would stop an event loop for seconds.
const BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

/// As openssl has it. More would keep the check whether they fit together busy for hours.
const MOST_PRIMES: usize = 5;

const DAMAGED: &str = "is damaged: its body is not an RSA key (PKCS#1)";

const ID_RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// The RSA keys among the blocks of a file, at least one; or what there is instead.
pub(super) fn read(blocks: &[Block]) -> Result<Vec<RsaPrivateKey>, &'static str> {
    keys(blocks, rsa_key)
}

/// Their public halves, without computing anything with the private ones: whether the numbers fit together is not looked at.
#[cfg(feature = "doctor")]
pub(super) fn read_public(blocks: &[Block]) -> Result<Vec<RsaPublicKey>, &'static str> {
    keys(blocks, |der| {
        let parts = kind::parts(der);
        let (n, e) = public_numbers(&parts)?;
        let uint = |bytes: &[u8]| {
            let bits = u32::try_from(bytes.len() * 8).unwrap_or(u32::MAX);
            BoxedUint::from_be_slice(bytes, bits).ok()
        };
        let bits = |bits: &u32| usize::try_from(*bits).unwrap_or(usize::MAX);
        let bits = bits(BITS.start())..=bits(BITS.end());
        (|| RsaPublicKey::new_with_size_limits(uint(n)?, uint(e)?, bits).ok())().ok_or(DAMAGED)
    })
}

fn keys<K>(
    blocks: &[Block],
    key: fn(&[u8]) -> Result<K, &'static str>,
) -> Result<Vec<K>, &'static str> {
    let (mut keys, mut reason) = (Vec::new(), None);
    for block in blocks {
        let key = match block.kind {
            Kind::Pkcs1Key => key(&block.der),
            Kind::Pkcs8Key => pkcs8_key(&block.der, key),
            _ => continue,
        };
        match key {
            Ok(key) => keys.push(key),
            Err(wrong) => reason = reason.or(Some(wrong)),
        }
    }
    if !keys.is_empty() {
        return Ok(keys);
    }
    Err(reason.unwrap_or_else(|| {
        // The most telling one: a file with an EC key begins with its parameters, a bundle with its certificate.
        let first = |wanted: fn(Kind) -> bool| blocks.iter().find(|block| wanted(block.kind));
        let found = first(|kind| {
            matches!(
                kind,
                Kind::EncryptedKey
                    | Kind::EncryptedKeyOfOld
                    | Kind::EllipticCurveKey
                    | Kind::OpenSshKey
            )
        })
        .or_else(|| first(|kind| matches!(kind, Kind::Damaged(_))))
        .or_else(|| blocks.first());
        found.map_or("is empty", |block| instead_of_a_key(block.kind))
    }))
}

/// Whether it is at least labelled as an RSA key. Its numbers are the core module's to check, not the readers' of
/// encrypted files.
#[cfg(feature = "encrypted-files")]
pub(super) fn is_plain_rsa(block: &Block) -> bool {
    let algorithm = || {
        let parts = kind::parts(&block.der);
        let (_, algorithm) = parts.get(1)?;
        let algorithm = kind::content(algorithm);
        Some(algorithm.first()?.1 == pkcs1::ALGORITHM_OID.as_bytes())
    };
    match block.kind {
        Kind::Pkcs1Key => true,
        Kind::Pkcs8Key => algorithm().unwrap_or(false),
        _ => false,
    }
}

fn pkcs8_key<K>(
    der: &[u8],
    rsa_key: fn(&[u8]) -> Result<K, &'static str>,
) -> Result<K, &'static str> {
    const DAMAGED: &str = "is damaged: its body is not PKCS#8";
    let parts = kind::parts(der);
    let [_, (_, algorithm), (_, key), ..] = parts.as_slice() else {
        return Err(DAMAGED);
    };
    let mut algorithm = kind::content(algorithm).into_iter().map(|(_, value)| value);
    let (algorithm, parameters) = (algorithm.next(), algorithm.next());
    let is = |oid: ObjectIdentifier| algorithm == Some(oid.as_bytes());
    if is(pkcs1::ALGORITHM_OID) {
        rsa_key(&ber::to_der(key).ok_or(DAMAGED)?)
    } else if is(ID_RSASSA_PSS) {
        Err("is an RSA key for PSS signatures only (RSASSA-PSS)")
    } else if is(ID_EC_PUBLIC_KEY) && parameters == Some(SM2.as_bytes()) {
        Err("is an SM2 key; getrealnameinfo takes the RSA key of a merchant certificate")
    } else if is(ID_EC_PUBLIC_KEY) {
        Err("is an elliptic-curve key, not an RSA key")
    } else {
        Err("is a key of another algorithm than RSA")
    }
}

/// RFC 8017's RSAPrivateKey: with two primes, as every merchant has it, or with more, which openssl can make.
///
/// Its numbers are read as openssl reads them: without the sign byte that DER wants, or with zeros that it forbids. What
/// can be computed from the others (dP, dQ, qInv) is not read at all.
fn rsa_key(der: &[u8]) -> Result<RsaPrivateKey, &'static str> {
    let parts = kind::parts(der);
    let [_, _, _, (_, d), (_, p), (_, q), _, _, _, others @ ..] = parts.as_slice() else {
        return Err(DAMAGED);
    };
    let (n, e) = public_numbers(&parts)?;
    let bits = u32::try_from(n.len() * 8).unwrap_or(u32::MAX);
    let mut primes = vec![*p, *q];
    if let [(Tag::Sequence, others)] = others {
        for (_, other) in kind::content(others) {
            let prime = kind::content(other);
            primes.push(prime.first().ok_or(DAMAGED)?.1);
        }
    }
    if primes.len() > MOST_PRIMES {
        return Err("has more than five primes");
    }
    let uint = |bytes, bits| BoxedUint::from_be_slice(significant(bytes), bits).ok();
    let key = (|| {
        let primes = primes.into_iter().map(|prime| uint(prime, bits));
        let primes = primes.collect::<Option<_>>()?;
        RsaPrivateKey::from_components(uint(n, bits)?, uint(e, 32)?, uint(d, bits)?, primes).ok()
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

/// Modulus and exponent, in the bounds that are computed with.
fn public_numbers<'a>(parts: &[(Tag, &'a [u8])]) -> Result<(&'a [u8], &'a [u8]), &'static str> {
    let [_, (_, n), (_, e), ..] = parts else {
        return Err(DAMAGED);
    };
    let (n, e) = (significant(n), significant(e));
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
    Ok((n, e))
}

fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.split_at(zeros).1
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
const OLD_ENCRYPTION: &str = "is encrypted in a way that is too weak to be kept (PBES1, or Proc-Type: 4,ENCRYPTED); \
     convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem \
     (RC2, RC4 and DES want -provider legacy -provider default as well)";
