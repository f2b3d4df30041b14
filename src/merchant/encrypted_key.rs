//! Decryption under a password with PBES2 (RFC 8018 §6.2), as encrypted PKCS#8 keys and today's PKCS#12 files have it.

use pkcs5::pbes2::{DES_EDE3_CBC_OID, Kdf, Parameters};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use x509_cert::{
    der::{
        Decode, Tag,
        asn1::{Any, AnyRef},
    },
    spki::AlgorithmIdentifierOwned,
};
use zeroize::Zeroizing;

use super::{
    ber,
    kind::{self, Kind, PBES2},
    pem::{self, Block},
    private_key,
};
use crate::error::Error;

/// What a derivation may cost. More would keep an event loop for seconds, and a hostile file could ask for anything.
const ITERATIONS: u32 = 600_000;
/// How many times that for one file: a MAC, a key, and a short chain of certificates, which GnuTLS encrypts one by one.
const DERIVATIONS: u32 = 6;
/// Of scrypt, `128·N·r·p`: memory and work at once. With p = 1 it is the memory.
const SCRYPT_BYTES: u64 = 32 * 1024 * 1024;

/// The work that the derivations of one file may still cost, in iterations.
pub(super) struct Work(u32);

impl Work {
    pub(super) fn of_a_file() -> Self {
        Self(ITERATIONS * DERIVATIONS)
    }

    pub(super) fn spend(&mut self, iterations: u32) -> Result<(), Refused> {
        let left = self.0.checked_sub(iterations);
        self.0 = left
            .filter(|_| iterations <= ITERATIONS)
            .ok_or(TOO_COSTLY)?;
        Ok(())
    }
}

/// Why something under a password did not open.
pub(super) enum Refused {
    /// What is wrong with the file.
    File(&'static str),
    /// The password is another one, or the file is damaged: which, cannot be told.
    Password,
}

pub(super) const TOO_COSTLY: Refused = Refused::File(
    "asks for more work to derive its key than 600,000 iterations or 32 MiB each: encrypt it anew with less",
);
const UNKNOWN: Refused = Refused::File(
    "is encrypted in a way that is not read (AES and 3DES under PBKDF2 or scrypt are)",
);

/// A key file with its key decrypted, its certificates along with it; nothing where no key of it is encrypted.
pub(super) fn decrypt(file: &[u8], password: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let Ok(blocks) = pem::blocks(file) else {
        // The reader of plain keys says what is wrong with it.
        return Ok(None);
    };
    let encrypted: Vec<_> = blocks
        .iter()
        .filter(|block| block.kind == Kind::EncryptedKey)
        .collect();
    if encrypted.is_empty() || blocks.iter().any(private_key::is_plain_rsa) {
        return Ok(None);
    }
    let certificates = || blocks.iter().filter(|block| block.is_certificate());
    if certificates().next().is_none() && blocks.iter().any(Block::is_damaged_certificate) {
        return Err(Error::invalid_key(
            "privateKey",
            "holds a certificate that is cut off, or damaged",
        ));
    }
    let mut work = Work::of_a_file();
    let (mut keys, mut refused) = (Vec::new(), None);
    for block in encrypted {
        let opened = EncryptedPrivateKeyInfo::from_der(&block.der)
            .map_err(|_| Refused::File("is damaged: its body is not an encrypted key"))
            .and_then(|info| {
                let data = info.encrypted_data.as_bytes();
                pbes2(&info.encryption_algorithm, data, password, &mut work)
            })
            .and_then(checked);
        match opened {
            Ok(key) => keys.push(key),
            Err(wrong) => refused = refused.or(Some(wrong)),
        }
    }
    if let (true, Some(refused)) = (keys.is_empty(), refused) {
        return Err(match refused {
            Refused::File(reason) => Error::invalid_key("privateKey", reason),
            Refused::Password => Error::invalid_key(
                "password",
                "is not the one of this key (or the key file is damaged)",
            ),
        });
    }
    let keys = keys.iter().map(|key| ("PRIVATE KEY", &***key));
    let certificates = certificates().map(|block| ("CERTIFICATE", &**block.der));
    Ok(Some(pem::write(keys.chain(certificates))))
}

/// The key, which with a wrong password is none even where the padding happens to come out right.
pub(super) fn checked(key: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let key = ber::to_der(&key).ok_or(Refused::Password)?;
    if kind::of_der(&key) == Kind::Pkcs8Key {
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
    work: &mut Work,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let parameters = algorithm.parameters.as_ref();
    let parameters =
        parameters.filter(|parameters| algorithm.oid == PBES2 && fit_pkcs5(parameters));
    let parameters = AnyRef::from(parameters.ok_or(UNKNOWN)?);
    let parameters = Parameters::try_from(parameters).map_err(|_| UNKNOWN)?;
    work.spend(match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count,
        Kdf::Scrypt(scrypt) => {
            let n = scrypt.cost_parameter;
            if n < 2 || !n.is_power_of_two() {
                return Err(UNKNOWN);
            }
            let width = u64::from(scrypt.block_size) * u64::from(scrypt.parallelization);
            let bytes = n.saturating_mul(128).saturating_mul(width);
            // As many iterations as the same share of what is allowed.
            let share = bytes.saturating_mul(ITERATIONS.into()) / SCRYPT_BYTES;
            u32::try_from(share).unwrap_or(u32::MAX)
        }
        _ => return Err(UNKNOWN),
    })?;
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

/// pkcs5 0.8.1 takes 3DES's eight bytes of IV out of however many there are.
fn fit_pkcs5(parameters: &Any) -> bool {
    let parts = kind::content(parameters.value());
    let [_, (_, encryption)] = parts.as_slice() else {
        return false;
    };
    match kind::content(encryption).as_slice() {
        [(Tag::ObjectIdentifier, oid), (_, iv)] => {
            *oid != DES_EDE3_CBC_OID.as_bytes() || iv.len() == 8
        }
        _ => false,
    }
}
