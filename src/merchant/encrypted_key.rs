//! Decryption under a password with PBES2 (RFC 8018 §6.2), as encrypted PKCS#8 keys and today's PKCS#12 files have it.

use pkcs5::pbes2::{Kdf, Parameters};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use x509_cert::{
    der::{Decode, asn1::AnyRef},
    spki::AlgorithmIdentifierOwned,
};
use zeroize::Zeroizing;

use super::{
    kind::{self, Kind, PBES2},
    pem,
};
use crate::error::Error;

/// More would keep an event loop for seconds, and a hostile file could ask for anything.
pub(super) const ITERATIONS: u32 = 600_000;
const SCRYPT_BYTES: u64 = 32 * 1024 * 1024;
const SCRYPT_PARALLELISM: u16 = 16;

/// Why something under a password did not open.
pub(super) enum Refused {
    /// What is wrong with the file.
    File(&'static str),
    /// The password is another one, or the file is damaged: which, cannot be told.
    Password,
}

pub(super) const TOO_COSTLY: Refused = Refused::File(
    "asks for more work to derive its key than 600,000 iterations or 32 MiB: encrypt it anew with less",
);
const UNKNOWN: Refused = Refused::File(
    "is encrypted in a way that is not read (AES and 3DES under PBKDF2 or scrypt are)",
);

/// A key file with its key decrypted, its certificates along with it; nothing where no key of it is encrypted.
pub(super) fn decrypt(file: &[u8], password: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let invalid = |field, reason| Error::InvalidKey { field, reason };
    let Ok(blocks) = pem::blocks(file) else {
        // The reader of plain keys says what is wrong with it.
        return Ok(None);
    };
    let plain = |kind| matches!(kind, Kind::Pkcs1Key | Kind::Pkcs8Key);
    let encrypted = blocks.iter().find(|block| block.kind == Kind::EncryptedKey);
    let Some(encrypted) = encrypted.filter(|_| !blocks.iter().any(|block| plain(block.kind)))
    else {
        return Ok(None);
    };
    let info = EncryptedPrivateKeyInfo::from_der(&encrypted.der)
        .map_err(|_| invalid("privateKey", "is damaged: its body is not an encrypted key"))?;
    let data = info.encrypted_data.as_bytes();
    let key = pbes2(&info.encryption_algorithm, data, password).and_then(checked);
    let key = key.map_err(|refused| match refused {
        Refused::File(reason) => invalid("privateKey", reason),
        Refused::Password => invalid(
            "password",
            "is not the one of this key (or the key file is damaged)",
        ),
    })?;
    let mut text = pem::Text::default();
    text.add("PRIVATE KEY", &key);
    for block in blocks.iter().filter(|block| block.is_certificate()) {
        text.add("CERTIFICATE", &block.der);
    }
    Ok(Some(text.into_bytes()))
}

/// With a wrong password padding may still come out right, but never a key.
pub(super) fn checked(key: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Refused> {
    if kind::of_der("", &key) == Kind::Pkcs8Key {
        Ok(key)
    } else {
        Err(Refused::Password)
    }
}

/// What `algorithm` encrypted.
pub(super) fn pbes2(
    algorithm: &AlgorithmIdentifierOwned,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    if algorithm.oid != PBES2 {
        return Err(UNKNOWN);
    }
    let parameters = algorithm.parameters.as_ref().ok_or(UNKNOWN)?;
    let parameters = Parameters::try_from(AnyRef::from(parameters)).map_err(|_| UNKNOWN)?;
    let affordable = match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= ITERATIONS,
        Kdf::Scrypt(scrypt) => {
            let bytes = scrypt
                .cost_parameter
                .saturating_mul(u64::from(scrypt.block_size) * 128);
            bytes <= SCRYPT_BYTES && scrypt.parallelization <= SCRYPT_PARALLELISM
        }
        _ => return Err(UNKNOWN),
    };
    if !affordable {
        return Err(TOO_COSTLY);
    }
    let mut data = Zeroizing::new(data.to_vec());
    let length = parameters
        .decrypt_in_place(password, &mut data)
        .map_err(|error| match error {
            pkcs5::Error::DecryptFailed => Refused::Password,
            _ => UNKNOWN,
        })?
        .len();
    data.truncate(length);
    Ok(data)
}
