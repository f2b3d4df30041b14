//! `apiclient_cert.p12`: PKCS#12 (RFC 7292), as WeChat Pay's tool has written it over the years.
//!
//! The older kind hides the certificate under 40 bits of RC2 and the key under 3DES, which today's OpenSSL refuses to
//! open without its legacy provider; what protects such a file is where it lies.

use ::pkcs12::{
    AuthenticatedSafe, CertBag, MacData, PKCS_12_CERT_BAG_OID, PKCS_12_KEY_BAG_OID,
    PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC, PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC,
    PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC, PKCS_12_PKCS8_KEY_BAG_OID, PKCS_12_X509_CERT_OID,
    cms::encrypted_data::EncryptedData,
    kdf::{Pkcs12KeyType, derive_key_utf8},
    pbe_params::{EncryptedPrivateKeyInfo, Pkcs12PbeParams},
    pfx::Pfx,
    safe_bag::SafeContents,
};
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit, block_padding::Pkcs7};
use hmac::{
    Hmac, Mac,
    digest::{Digest, FixedOutputReset, OutputSizeUser, block_api::BlockSizeUser},
};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::{
    der::{
        Decode, Encode, asn1::Any, asn1::ContextSpecific, asn1::ObjectIdentifier, asn1::OctetString,
    },
    spki::AlgorithmIdentifierOwned,
};
use zeroize::Zeroizing;

use super::{
    encrypted_key::{self, ITERATIONS, Refused, TOO_COSTLY},
    kind::{Kind, PBES2},
    pem,
};
use crate::error::Error;

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Each costs a derivation of its own, so a hostile file must not have as many as fit.
const ENCRYPTED_PARTS: usize = 8;

const DAMAGED: Refused = Refused::File("is damaged: its body is not PKCS#12");
const UNKNOWN: Refused = Refused::File(
    "is protected in a way that is not read; make PEM of it and hand that in as privateKey: \
     openssl pkcs12 -in old.p12 -nodes -out bundle.pem (OpenSSL 3 may want -legacy as well)",
);

/// Key and certificates as one PEM text. `wrong` says what is the matter with a password that does not open it.
pub(super) fn read(
    file: &[u8],
    password: &str,
    wrong: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let invalid = |field, reason| Error::InvalidKey { field, reason };
    if file.trim_ascii().is_empty() {
        return Err(Error::invalid_argument("p12", "is missing or empty"));
    }
    let blocks = pem::blocks(file).map_err(|reason| invalid("p12", reason))?;
    let der = match blocks.as_slice() {
        [block] if block.kind == Kind::Pkcs12 => &block.der,
        _ => {
            return Err(invalid(
                "p12",
                "is not a PKCS#12 file; PEM and DER files go into privateKey and certificate",
            ));
        }
    };
    let contents = open(der, password).map_err(|refused| match refused {
        Refused::File(reason) => invalid("p12", reason),
        Refused::Password => invalid("password", wrong),
    })?;
    let Some(key) = contents.keys.first() else {
        return Err(invalid("p12", "holds no private key"));
    };
    let mut text = pem::Text::default();
    text.add("PRIVATE KEY", key);
    for certificate in &contents.certificates {
        text.add("CERTIFICATE", certificate);
    }
    Ok(text.into_bytes())
}

#[derive(Default)]
struct Contents {
    keys: Vec<Zeroizing<Vec<u8>>>,
    certificates: Vec<Vec<u8>>,
    encrypted_parts: usize,
}

fn open(der: &[u8], password: &str) -> Result<Contents, Refused> {
    let pfx = Pfx::from_ber(der).map_err(|_| DAMAGED)?;
    if pfx.auth_safe.content_type != ID_DATA {
        return Err(UNKNOWN);
    }
    let safe = octets(&pfx.auth_safe.content)?;
    // Before anything is decrypted: a wrong password is known by now.
    if let Some(mac) = &pfx.mac_data {
        authenticate(mac, safe.as_bytes(), password)?;
    }
    let mut contents = Contents::default();
    for part in AuthenticatedSafe::from_ber(safe.as_bytes()).map_err(|_| DAMAGED)? {
        match part.content_type {
            ID_DATA => {
                let bags = octets(&part.content)?;
                contents.add_bags(bags.as_bytes(), password)?;
            }
            ID_ENCRYPTED_DATA => {
                let data: EncryptedData = part.content.decode_as().map_err(|_| DAMAGED)?;
                let info = data.enc_content_info;
                let Some(bags) = info.encrypted_content else {
                    continue;
                };
                contents.count_encrypted_part()?;
                let bags = decrypt(&info.content_enc_alg, bags.as_bytes(), password)?;
                contents.add_bags(&bags, password)?;
            }
            _ => return Err(UNKNOWN),
        }
    }
    Ok(contents)
}

impl Contents {
    fn add_bags(&mut self, bags: &[u8], password: &str) -> Result<(), Refused> {
        // After a wrong password, what should be bags is anything.
        for bag in SafeContents::from_ber(bags).map_err(|_| Refused::Password)? {
            match bag.bag_id {
                PKCS_12_KEY_BAG_OID => {
                    let key = value::<Any>(&bag.bag_value)?;
                    self.keys
                        .push(Zeroizing::new(key.to_der().map_err(|_| DAMAGED)?));
                }
                PKCS_12_PKCS8_KEY_BAG_OID => {
                    self.count_encrypted_part()?;
                    let info = value::<EncryptedPrivateKeyInfo>(&bag.bag_value)?;
                    let data = info.encrypted_data.as_bytes();
                    let key = decrypt(&info.encryption_algorithm, data, password)?;
                    self.keys.push(encrypted_key::checked(key)?);
                }
                PKCS_12_CERT_BAG_OID => {
                    let bag = value::<CertBag>(&bag.bag_value)?;
                    if bag.cert_id == PKCS_12_X509_CERT_OID {
                        self.certificates.push(bag.cert_value.into_bytes().into());
                    }
                }
                // Revocation lists and secrets of other programs.
                _ => {}
            }
        }
        Ok(())
    }

    fn count_encrypted_part(&mut self) -> Result<(), Refused> {
        self.encrypted_parts += 1;
        if self.encrypted_parts > ENCRYPTED_PARTS {
            return Err(TOO_COSTLY);
        }
        Ok(())
    }
}

fn octets(content: &Any) -> Result<OctetString, Refused> {
    content.decode_as().map_err(|_| DAMAGED)
}

fn value<T: for<'a> Decode<'a> + x509_cert::der::Tagged>(bag: &[u8]) -> Result<T, Refused> {
    ContextSpecific::<T>::from_ber(bag)
        .map(|bag| bag.value)
        .map_err(|_| DAMAGED)
}

/// The MAC over everything else: proof of the password, and that nothing was changed since.
fn authenticate(mac: &MacData, data: &[u8], password: &str) -> Result<(), Refused> {
    fn verify<D, M>(mac: &MacData, data: &[u8], password: &str) -> Result<(), Refused>
    where
        D: Digest + FixedOutputReset + BlockSizeUser,
        M: Mac + KeyInit,
    {
        let salt = mac.mac_salt.as_bytes();
        let length = <D as OutputSizeUser>::output_size();
        let key = derive::<D>(password, salt, Pkcs12KeyType::Mac, mac.iterations, length)?;
        let mut hmac = <M as KeyInit>::new_from_slice(&key).map_err(|_| DAMAGED)?;
        hmac.update(data);
        hmac.verify_slice(mac.mac.digest.as_bytes())
            .map_err(|_| Refused::Password)
    }
    match mac.mac.algorithm.oid {
        SHA_1 => verify::<Sha1, Hmac<Sha1>>(mac, data, password),
        SHA_256 => verify::<Sha256, Hmac<Sha256>>(mac, data, password),
        SHA_384 => verify::<Sha384, Hmac<Sha384>>(mac, data, password),
        SHA_512 => verify::<Sha512, Hmac<Sha512>>(mac, data, password),
        _ => Err(UNKNOWN),
    }
}

/// What `algorithm` encrypted: PBES2, or one of PKCS#12's own (RFC 7292 appendix C).
fn decrypt(
    algorithm: &AlgorithmIdentifierOwned,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    match algorithm.oid {
        PBES2 => encrypted_key::pbes2(algorithm, data, password),
        PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC => {
            pbes1::<des::TdesEde3>(algorithm, data, password, 24)
        }
        PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC => pbes1::<rc2::Rc2>(algorithm, data, password, 5),
        PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC => pbes1::<rc2::Rc2>(algorithm, data, password, 16),
        _ => Err(UNKNOWN),
    }
}

fn pbes1<C: BlockCipherDecrypt + KeyInit>(
    algorithm: &AlgorithmIdentifierOwned,
    data: &[u8],
    password: &str,
    key_length: usize,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let parameters = algorithm.parameters.as_ref().ok_or(DAMAGED)?;
    let parameters: Pkcs12PbeParams = parameters.decode_as().map_err(|_| DAMAGED)?;
    let derive = |purpose, length| {
        let salt = parameters.salt.as_bytes();
        derive::<Sha1>(password, salt, purpose, parameters.iterations, length)
    };
    let key = derive(Pkcs12KeyType::EncryptionKey, key_length)?;
    let iv = derive(Pkcs12KeyType::Iv, 8)?;
    let mut data = Zeroizing::new(data.to_vec());
    let length = cbc::Decryptor::<C>::new_from_slices(&key, &iv)
        .map_err(|_| DAMAGED)?
        .decrypt_padded::<Pkcs7>(&mut data)
        .map_err(|_| Refused::Password)?
        .len();
    data.truncate(length);
    Ok(data)
}

/// PKCS#12's own derivation of keys (RFC 7292 appendix B).
fn derive<D: Digest + FixedOutputReset + BlockSizeUser>(
    password: &str,
    salt: &[u8],
    purpose: Pkcs12KeyType,
    iterations: i32,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    if u32::try_from(iterations).is_ok_and(|iterations| iterations > ITERATIONS) {
        return Err(TOO_COSTLY);
    }
    // Characters beyond the 16 bits that PKCS#12 has for each cannot be in its password.
    derive_key_utf8::<D>(password, salt, purpose, iterations, length)
        .map(Zeroizing::new)
        .map_err(|_| Refused::Password)
}
