//! The merchant's private key: PKCS#8 (`apiclient_key.pem`) or PKCS#1 (the older `…_rsa_private_key.pem`).

use rsa::{
    RsaPrivateKey,
    pkcs1::DecodeRsaPrivateKey,
    pkcs8::DecodePrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};

use super::pem;
use crate::error::Error;

/// WeChat Pay issues 2048 bits. Less is unsafe; more than 8192 would stop an event loop for seconds.
const BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

pub(super) fn read(text: &str) -> Result<RsaPrivateKey, Error> {
    if text.trim().is_empty() {
        return Err(Error::invalid_argument("privateKey", "is missing or empty"));
    }
    let blocks = pem::blocks(text);
    let block = blocks
        .iter()
        .find(|block| block.label.ends_with("PRIVATE KEY"))
        .or_else(|| blocks.first())
        .ok_or_else(|| {
            invalid("is not PEM: no -----BEGIN … PRIVATE KEY----- in it, or no end to it")
        })?;
    if block.is_encrypted() {
        return Err(invalid("is an encrypted key in the traditional format"));
    }
    let pkcs1 = match block.label {
        "RSA PRIVATE KEY" => true,
        "PRIVATE KEY" => false,
        "ENCRYPTED PRIVATE KEY" => return Err(invalid("is an encrypted key")),
        "EC PRIVATE KEY" => return Err(invalid("is an elliptic-curve key, not an RSA key")),
        "CERTIFICATE" => return Err(invalid("is a certificate; the key is apiclient_key.pem")),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => {
            return Err(invalid("is a public key, not a private one"));
        }
        _ => return Err(invalid("is PEM of another kind than a private key")),
    };
    let der = block
        .der()
        .ok_or_else(|| invalid("is damaged: its body is not base64"))?;
    let key = if pkcs1 {
        // Some tools write a PKCS#8 body under the older label.
        RsaPrivateKey::from_pkcs1_der(&der)
            .or_else(|error| RsaPrivateKey::from_pkcs8_der(&der).map_err(|_| error))
            .ok()
    } else {
        RsaPrivateKey::from_pkcs8_der(&der).ok()
    };
    let key =
        key.ok_or_else(|| invalid("is not an RSA key, or one whose parts do not fit together"))?;
    if !BITS.contains(&key.n().bits()) {
        return Err(invalid("must have 2048 to 8192 bits"));
    }
    // With one prime twice the parts multiply up, but nothing that is computed with them is right.
    if let [p, q, ..] = key.primes()
        && p == q
    {
        return Err(invalid("has one prime twice"));
    }
    Ok(key)
}

fn invalid(reason: &'static str) -> Error {
    Error::InvalidKey {
        field: "privateKey",
        reason,
    }
}
