//! `apiclient_cert.p12`: PKCS#12 (RFC 7292), as WeChat Pay's tool has written it over the years.
//!
//! The older kind hides the certificate under 40 bits of RC2 and the key under 3DES, which today's OpenSSL refuses to
//! open without its legacy provider; what protects such a file is where it lies.

use ::pkcs12::{
    AuthenticatedSafe, CertBag, MacData, PKCS_12_CERT_BAG_OID, PKCS_12_KEY_BAG_OID,
    PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC, PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC,
    PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC, PKCS_12_PKCS8_KEY_BAG_OID, PKCS_12_X509_CERT_OID,
    cms::encrypted_data::EncryptedData,
    kdf::{Pkcs12KeyType, derive_key},
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
    der::{Decode, asn1::Any, asn1::ContextSpecific, asn1::ObjectIdentifier, asn1::OctetString},
    spki::AlgorithmIdentifierOwned,
};
use zeroize::Zeroizing;

use super::{
    ber,
    encrypted_key::{self, Refused, Work},
    files,
    kind::{self, Kind, PBES2},
    pem,
};
use crate::error::Error;

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ID_ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

const DAMAGED: Refused = Refused::File("is damaged: its body is not PKCS#12");
const UNKNOWN: Refused = Refused::File(
    "is protected in a way that is not read; make PEM of it and hand that in as privateKey: \
     openssl pkcs12 -legacy -nodes -in old.p12 -out bundle.pem (OpenSSL 1: without -legacy)",
);

/// Key and certificates as one PEM text. `wrong` says what is the matter with a password that does not open it.
pub(super) fn read(
    file: &[u8],
    password: &str,
    wrong: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let blocks = files::blocks("p12", file)?;
    let der = match blocks.as_slice() {
        [block] if block.kind == Kind::Pkcs12 => &block.der,
        _ => {
            return Err(Error::invalid_key(
                "p12",
                "is not a PKCS#12 file; PEM and DER files go into privateKey and certificate",
            ));
        }
    };
    let mut contents = open(der, Password::of(password));
    // An empty password is two zero bytes to most writers, and nothing at all to some.
    if matches!(contents, Err(Refused::Password)) && password.is_empty() {
        contents = open(der, Password::default());
    }
    let contents = contents.map_err(|refused| match refused {
        Refused::File(reason) => Error::invalid_key("p12", reason),
        Refused::Password => Error::invalid_key("password", wrong),
    })?;
    if contents.keys.is_empty() {
        return Err(Error::invalid_key("p12", "holds no private key"));
    }
    let keys = contents.keys.iter().map(|key| ("PRIVATE KEY", &***key));
    let certificates = contents.certificates.iter();
    let certificates = certificates.map(|der| ("CERTIFICATE", der.as_slice()));
    Ok(pem::write(keys.chain(certificates)))
}

/// A password in the two forms that PKCS#12 takes it.
#[derive(Default)]
struct Password<'a> {
    /// For PBES2.
    utf8: &'a str,
    /// For all that is older: UTF-16, the higher byte first, with a zero at the end.
    utf16: Zeroizing<Vec<u8>>,
}

impl<'a> Password<'a> {
    fn of(utf8: &'a str) -> Self {
        let mut utf16 = Zeroizing::new(Vec::with_capacity(2 * utf8.len() + 2));
        for unit in utf8.encode_utf16().chain([0]) {
            utf16.extend_from_slice(&unit.to_be_bytes());
        }
        Self { utf8, utf16 }
    }
}

struct Contents<'a> {
    password: Password<'a>,
    work: Work,
    keys: Vec<Zeroizing<Vec<u8>>>,
    certificates: Vec<Vec<u8>>,
}

fn open<'a>(der: &[u8], password: Password<'a>) -> Result<Contents<'a>, Refused> {
    let mut contents = Contents {
        password,
        work: Work::of_a_file(),
        keys: Vec::new(),
        certificates: Vec::new(),
    };
    let pfx = Pfx::from_der(der).map_err(|_| DAMAGED)?;
    if pfx.auth_safe.content_type != ID_DATA {
        return Err(UNKNOWN);
    }
    let safe = octets(&pfx.auth_safe.content)?;
    // Before anything is decrypted: a wrong password is known by now.
    if let Some(mac) = &pfx.mac_data {
        contents.authenticate(mac, safe.as_bytes())?;
    }
    let safe = ber::to_der(safe.as_bytes()).ok_or(DAMAGED)?;
    for part in AuthenticatedSafe::from_der(&safe).map_err(|_| DAMAGED)? {
        match part.content_type {
            ID_DATA => contents.add_bags(octets(&part.content)?.as_bytes())?,
            ID_ENCRYPTED_DATA => {
                let data: EncryptedData = part.content.decode_as().map_err(|_| DAMAGED)?;
                let info = data.enc_content_info;
                if let Some(bags) = info.encrypted_content {
                    let bags = contents.decrypt(&info.content_enc_alg, bags.as_bytes())?;
                    contents.add_bags(&bags)?;
                }
            }
            _ => return Err(UNKNOWN),
        }
    }
    Ok(contents)
}

impl Contents<'_> {
    fn add_bags(&mut self, bags: &[u8]) -> Result<(), Refused> {
        // After a wrong password, what should be bags is anything.
        let bags = ber::to_der(bags).ok_or(Refused::Password)?;
        for bag in SafeContents::from_der(&bags).map_err(|_| Refused::Password)? {
            let bag_value = Zeroizing::new(bag.bag_value);
            match bag.bag_id {
                PKCS_12_KEY_BAG_OID => {
                    // Inside its tag it is the key as it stands.
                    let inside = kind::content(&bag_value);
                    let [(_, key)] = inside.as_slice() else {
                        return Err(DAMAGED);
                    };
                    self.keys.push(Zeroizing::new(key.to_vec()));
                }
                PKCS_12_PKCS8_KEY_BAG_OID => {
                    let info = value::<EncryptedPrivateKeyInfo>(&bag_value)?;
                    let data = info.encrypted_data.as_bytes();
                    let key = self.decrypt(&info.encryption_algorithm, data)?;
                    self.keys.push(encrypted_key::checked(key)?);
                }
                PKCS_12_CERT_BAG_OID => {
                    let bag = value::<CertBag>(&bag_value)?;
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

    /// The MAC over everything else: proof of the password, and that nothing was changed since.
    fn authenticate(&mut self, mac: &MacData, data: &[u8]) -> Result<(), Refused> {
        match mac.mac.algorithm.oid {
            SHA_1 => self.verify::<Sha1, Hmac<Sha1>>(mac, data),
            SHA_256 => self.verify::<Sha256, Hmac<Sha256>>(mac, data),
            SHA_384 => self.verify::<Sha384, Hmac<Sha384>>(mac, data),
            SHA_512 => self.verify::<Sha512, Hmac<Sha512>>(mac, data),
            _ => Err(UNKNOWN),
        }
    }

    fn verify<D, M>(&mut self, mac: &MacData, data: &[u8]) -> Result<(), Refused>
    where
        D: Digest + FixedOutputReset + BlockSizeUser,
        M: Mac + KeyInit,
    {
        let iterations = self.spend(mac.iterations)?;
        let salt = mac.mac_salt.as_bytes();
        let length = <D as OutputSizeUser>::output_size();
        let key = derive_key::<D>(
            &self.password.utf16,
            salt,
            Pkcs12KeyType::Mac,
            iterations,
            length,
        );
        let key = Zeroizing::new(key);
        let mut hmac = <M as KeyInit>::new_from_slice(&key).map_err(|_| DAMAGED)?;
        hmac.update(data);
        hmac.verify_slice(mac.mac.digest.as_bytes())
            .map_err(|_| Refused::Password)
    }

    /// What `algorithm` encrypted: PBES2, or one of PKCS#12's own (RFC 7292 appendix C).
    fn decrypt(
        &mut self,
        algorithm: &AlgorithmIdentifierOwned,
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        match algorithm.oid {
            PBES2 => encrypted_key::pbes2(algorithm, data, self.password.utf8, &mut self.work),
            PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC => {
                self.pbes1::<des::TdesEde3>(algorithm, data, 24)
            }
            PKCS_12_PBEWITH_SHAAND40_BIT_RC2_CBC => self.pbes1::<rc2::Rc2>(algorithm, data, 5),
            PKCS_12_PBE_WITH_SHAAND128_BIT_RC2_CBC => self.pbes1::<rc2::Rc2>(algorithm, data, 16),
            _ => Err(UNKNOWN),
        }
    }

    fn pbes1<C: BlockCipherDecrypt + KeyInit>(
        &mut self,
        algorithm: &AlgorithmIdentifierOwned,
        data: &[u8],
        key_length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let parameters = algorithm.parameters.as_ref().ok_or(DAMAGED)?;
        let parameters: Pkcs12PbeParams = parameters.decode_as().map_err(|_| DAMAGED)?;
        let iterations = self.spend(parameters.iterations)?;
        let derive = |purpose, length| {
            let salt = parameters.salt.as_bytes();
            let bytes = derive_key::<Sha1>(&self.password.utf16, salt, purpose, iterations, length);
            Zeroizing::new(bytes)
        };
        let key = derive(Pkcs12KeyType::EncryptionKey, key_length);
        let iv = derive(Pkcs12KeyType::Iv, 8);
        let mut data = Zeroizing::new(data.to_vec());
        let length = cbc::Decryptor::<C>::new_from_slices(&key, &iv)
            .map_err(|_| DAMAGED)?
            .decrypt_padded::<Pkcs7>(&mut data)
            .map_err(|_| Refused::Password)?
            .len();
        data.truncate(length);
        Ok(data)
    }

    fn spend(&mut self, iterations: i32) -> Result<i32, Refused> {
        self.work
            .spend(u32::try_from(iterations).map_err(|_| DAMAGED)?)?;
        Ok(iterations)
    }
}

fn octets(content: &Any) -> Result<OctetString, Refused> {
    content.decode_as().map_err(|_| DAMAGED)
}

fn value<T: for<'a> Decode<'a> + x509_cert::der::Tagged>(bag: &[u8]) -> Result<T, Refused> {
    ContextSpecific::<T>::from_der(bag)
        .map(|bag| bag.value)
        .map_err(|_| DAMAGED)
}
