//! The merchant: number, private key and certificate, consistent or refused.
//!
//! The key behind it also signs WeChat Pay calls, so it never leaves this module: what is offered is the signature of
//! one known string and the opening of one known reply.

mod certificate;
mod decrypt;
#[cfg(feature = "encrypted-files")]
mod encrypted_key;
mod kind;
mod pem;
#[cfg(feature = "encrypted-files")]
mod pkcs12;
mod private_key;
mod report;
mod scrub;
mod sign;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use certificate::Certificate;
use pem::Block;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
pub use report::{CertificateReport, Check, CheckState, Finding, MerchantReport};
use rsa::{RsaPrivateKey, traits::PublicKeyParts};
use scrub::scrubbed;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    gbk, identity,
    secret::{CredentialId, RealName},
};

/// A source of randomness. Implemented by every closure that fills the bytes it is given.
///
/// Each private-key operation asks for 32 fresh bytes; they seed the blinding that hides the key from a clock.
pub trait Entropy {
    /// Fills all of `bytes` from a cryptographically secure source.
    ///
    /// # Errors
    /// [`Error::NoEntropy`] where there is none: never a weaker substitute.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}

impl<F: Fn(&mut [u8]) -> Result<(), Error>> Entropy for F {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        self(bytes)
    }
}

/// The operating system's entropy, for native programs.
#[cfg(feature = "os-entropy")]
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

#[cfg(feature = "os-entropy")]
impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        getrandom::fill(bytes).map_err(|_| Error::NoEntropy)
    }
}

/// The random numbers of one private-key operation.
fn blinding(entropy: &dyn Entropy) -> Result<ChaCha20Rng, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    entropy.fill(&mut *seed)?;
    // A host that "succeeds" without writing anything leaves the zeros.
    if *seed == [0; 32] {
        return Err(Error::NoEntropy);
    }
    Ok(ChaCha20Rng::from_seed(*seed))
}

/// What [`Merchant::open`] reads: files as people have them. PEM or DER; byte order marks, line ends, wraps, bundles of key
/// and certificate, `\n` as two characters and base64 without its two lines do not matter.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct MerchantFiles {
    /// The merchant number.
    pub mch_id: String,
    /// `apiclient_key.pem` (PKCS#8) or an older `…_rsa_private_key.pem` (PKCS#1). A certificate in the same file is read
    /// too.
    pub private_key: Zeroizing<Vec<u8>>,
    /// `apiclient_cert.pem`: gives the serial number and proves that the key is its own.
    pub certificate: Option<Vec<u8>>,
    /// The certificate's serial number, for who has no certificate file.
    pub cert_serial_no: Option<String>,
}

/// The readers of files under a password. The derivation of a key is cut off where it would cost too much: 600,000
/// iterations, 32 MiB.
#[cfg(feature = "encrypted-files")]
impl MerchantFiles {
    /// Key and certificate of `apiclient_cert.p12` (PKCS#12): the older kind (RC2-40 and 3DES, SHA-1) and today's (PBES2).
    ///
    /// Without a password it is the merchant number, as WeChat Pay sets it.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wechat_realname::merchant::{Merchant, MerchantFiles};
    ///
    /// let p12 = std::fs::read("apiclient_cert.p12")?;
    /// let merchant = Merchant::open(&MerchantFiles::from_p12("1900006511", &p12, None)?)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for the merchant number, [`Error::InvalidKey`] naming `p12` or `password`.
    pub fn from_p12(mch_id: &str, p12: &[u8], password: Option<&str>) -> Result<Self, Error> {
        check_mch_id(mch_id)?;
        let private_key = scrubbed(|| match password {
            Some(password) => pkcs12::read(p12, password, "is not the one of this p12"),
            None => pkcs12::read(
                p12,
                mch_id,
                "is needed: this p12 does not open with the merchant number",
            ),
        })?;
        Ok(Self {
            mch_id: mch_id.into(),
            private_key,
            ..Self::default()
        })
    }

    /// Decrypts the private key, if it is encrypted: PKCS#8 under PBES2 (PBKDF2 or scrypt; AES or 3DES).
    ///
    /// # Errors
    /// [`Error::InvalidKey`] naming `privateKey` or `password`.
    pub fn decrypt_key(&mut self, password: &str) -> Result<(), Error> {
        if let Some(key) = scrubbed(|| encrypted_key::decrypt(&self.private_key, password))? {
            self.private_key = key;
        }
        Ok(())
    }
}

impl fmt::Debug for MerchantFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MerchantFiles")
            .field("mch_id", &self.mch_id)
            .field("certificate", &self.certificate.is_some())
            .field("cert_serial_no", &self.cert_serial_no)
            .finish_non_exhaustive()
    }
}

/// A name and an ID number, as WeChat Pay knows them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct RealNameInfo {
    /// The name, exactly as WeChat sent it: `·` and its variants are kept.
    pub real_name: RealName,
    /// The number of the mainland ID card, 18 characters; its check character is right.
    pub credential_id: CredentialId,
}

/// A merchant whose key fits its certificate and serial number. `Debug` shows number, serial and key size, never the key.
pub struct Merchant {
    mch_id: String,
    cert_serial_no: String,
    certificate: Option<Certificate>,
    key: RsaPrivateKey,
}

impl Merchant {
    /// Reads the files and checks that they belong together.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wechat_realname::merchant::{Merchant, MerchantFiles};
    ///
    /// let mut files = MerchantFiles::default();
    /// files.mch_id = "1900006511".into();
    /// files.private_key = std::fs::read("apiclient_key.pem")?.into();
    /// files.certificate = Some(std::fs::read("apiclient_cert.pem")?);
    /// let merchant = Merchant::open(&files)?;
    /// println!("{}", merchant.cert_serial_no());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for the merchant or serial number, [`Error::InvalidKey`] for a file that is not what
    /// belongs there, [`Error::KeyMismatch`] where key, certificate and serial number are not of one piece.
    pub fn open(files: &MerchantFiles) -> Result<Self, Error> {
        check_mch_id(&files.mch_id)?;
        scrubbed(|| Self::read(files))
    }

    fn read(files: &MerchantFiles) -> Result<Self, Error> {
        let key_file = blocks("privateKey", &files.private_key)?;
        let key = private_key::read(&key_file)?;
        let certificate_file = match &files.certificate {
            Some(file) => Some(blocks("certificate", file)?),
            // Bundles hold it beside the key.
            None => key_file
                .iter()
                .any(Block::is_certificate)
                .then_some(key_file),
        };
        let certificate = certificate_file
            .map(|blocks| certificate::read(&blocks, key.as_public_key()))
            .transpose()?;
        let given = files
            .cert_serial_no
            .as_deref()
            .map(certificate::given_serial_no)
            .transpose()?;
        let certified = certificate.as_ref().map(|read| read.serial_no.clone());
        let cert_serial_no = match (given, certified) {
            (Some(given), Some(certified)) if given != certified => {
                return Err(Error::KeyMismatch {
                    reason: "certSerialNo is not the serial number of the certificate",
                });
            }
            (_, Some(serial)) | (Some(serial), None) => serial,
            (None, None) => {
                return Err(Error::invalid_argument(
                    "certSerialNo",
                    "is missing: hand in the merchant certificate, or its serial number",
                ));
            }
        };
        Ok(Self {
            mch_id: files.mch_id.clone(),
            cert_serial_no,
            certificate,
            key,
        })
    }

    /// What was checked of this set-up, with what result, and what could not be. `now` is in seconds since 1970-01-01 UTC.
    pub fn report(&self, now: u32) -> MerchantReport {
        report::of(self, self.key.n().bits(), now)
    }

    /// The merchant number.
    pub fn mch_id(&self) -> &str {
        &self.mch_id
    }

    /// The certificate's serial number: upper case, 40 hex digits.
    pub fn cert_serial_no(&self) -> &str {
        &self.cert_serial_no
    }

    /// The signature that `getrealnameinfo` takes: RSASSA-PKCS1-v1_5 with SHA-256 over
    /// `cert_serialno={serial}&timestamp={timestamp}`, in base64. `timestamp` is in seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// [`Error::NoEntropy`].
    pub fn sign(&self, timestamp: u32, entropy: &dyn Entropy) -> Result<String, Error> {
        let message = sign::string_to_sign(&self.cert_serial_no, timestamp);
        let blinding = blinding(entropy)?;
        let sign = scrubbed(|| sign::sign(&self.key, message.as_bytes(), blinding))?;
        Ok(STANDARD.encode(sign))
    }

    /// Opens the two ciphertexts of a `getrealnameinfo` reply, each in base64.
    ///
    /// Give it only what came from WeChat over TLS, never ciphertexts that a client sent in.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where a text is not base64 or its bytes are not as many as the key's modulus has;
    /// [`Error::DecryptionFailed`] for everything after that; [`Error::NoEntropy`].
    pub fn open_reply(
        &self,
        real_name: &str,
        credential_id: &str,
        entropy: &dyn Entropy,
    ) -> Result<RealNameInfo, Error> {
        let ciphertext = |field, text| {
            self.ciphertext(text).map_err(|wrong| {
                Error::invalid_argument(
                    field,
                    match wrong {
                        WrongCiphertext::NotBase64 => "is not base64",
                        WrongCiphertext::Length => {
                            "is not as long as the key's modulus: another key's ciphertext, or not all of it"
                        }
                    },
                )
            })
        };
        let real_name = ciphertext("realName", real_name)?;
        let credential_id = ciphertext("credentialId", credential_id)?;
        self.decrypt(&real_name, &credential_id, entropy)
    }

    /// A text of the reply as a ciphertext of this key's length. Both checks are of public facts.
    pub(crate) fn ciphertext(&self, text: &str) -> Result<Ciphertext, WrongCiphertext> {
        let compact: String = text.split_ascii_whitespace().collect();
        let bytes = STANDARD
            .decode(compact)
            .map_err(|_| WrongCiphertext::NotBase64)?;
        if bytes.len() != self.key.size() {
            return Err(WrongCiphertext::Length);
        }
        Ok(Ciphertext(bytes))
    }

    /// Everything that goes wrong in here, but for missing entropy, is one and the same error.
    ///
    /// With implicit rejection a wrong key yields random bytes, not an error. The ID number goes first because random
    /// bytes do not pass its check character and date; they pass as a name 1 time in 40.
    pub(crate) fn decrypt(
        &self,
        real_name: &Ciphertext,
        credential_id: &Ciphertext,
        entropy: &dyn Entropy,
    ) -> Result<RealNameInfo, Error> {
        scrubbed(|| self.read_reply(real_name, credential_id, entropy))
    }

    fn read_reply(
        &self,
        real_name: &Ciphertext,
        credential_id: &Ciphertext,
        entropy: &dyn Entropy,
    ) -> Result<RealNameInfo, Error> {
        let number = decrypt::decrypt(&self.key, &credential_id.0, blinding(entropy)?)?;
        if !identity::is_id_card(&number) {
            return Err(Error::DecryptionFailed);
        }
        let number = str::from_utf8(&number).map_err(|_| Error::DecryptionFailed)?;
        let credential_id = CredentialId::new(number);
        let name = decrypt::decrypt(&self.key, &real_name.0, blinding(entropy)?)?;
        let real_name = gbk::decode_name(&name)
            .map(RealName::new)
            .ok_or(Error::DecryptionFailed)?;
        Ok(RealNameInfo {
            real_name,
            credential_id,
        })
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("mch_id", &self.mch_id)
            .field("cert_serial_no", &self.cert_serial_no)
            .field("bits", &self.key.n().bits())
            .finish_non_exhaustive()
    }
}

/// Bytes as many as the key's modulus has.
pub(crate) struct Ciphertext(Vec<u8>);

/// Why a text is no ciphertext for this key.
pub(crate) enum WrongCiphertext {
    NotBase64,
    Length,
}

/// The blocks of a file that was handed in as `field`.
fn blocks(field: &'static str, file: &[u8]) -> Result<Vec<Block>, Error> {
    if file.trim_ascii().is_empty() {
        return Err(Error::invalid_argument(field, "is missing or empty"));
    }
    pem::blocks(file).map_err(|reason| Error::InvalidKey { field, reason })
}

fn check_mch_id(mch_id: &str) -> Result<(), Error> {
    if mch_id.is_empty() {
        return Err(Error::invalid_argument("mchId", "is missing or empty"));
    }
    if mch_id.len() > 32 || !mch_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid_argument(
            "mchId",
            "must be digits only: the WeChat Pay merchant number",
        ));
    }
    Ok(())
}
