//! The merchant: number, private key and certificate, consistent or refused.
//!
//! The key behind it also signs WeChat Pay calls, so it never leaves this module, but for a host that computes with it:
//! what is offered is the signature of one known string and the opening of one known reply.

mod ber;
mod certificate;
mod decrypt;
#[cfg(feature = "encrypted-files")]
mod encrypted_key;
mod files;
#[cfg(feature = "doctor")]
pub(crate) mod inspect;
mod kind;
mod pem;
#[cfg(feature = "encrypted-files")]
mod pkcs12;
mod primitive;
mod private_key;
mod private_operation;
mod rejection;
mod report;
mod sign;

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use certificate::Certificate;
pub use files::MerchantFiles;
pub(crate) use primitive::Engine;
pub use primitive::PrivateKeyPrimitive;
pub use report::{CertificateReport, Check, CheckState, Finding, MerchantReport};
use rsa::{RsaPrivateKey, traits::PublicKeyParts};
use serde::Serialize;
#[cfg(all(feature = "javascript", target_arch = "wasm32"))]
use zeroize::Zeroizing;

use crate::{
    error::Error,
    gbk, identity,
    scrub::scrubbed,
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
    /// In a place of its own: what is moved about leaves copies behind.
    key: Box<RsaPrivateKey>,
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
        scrubbed(|| files.read())
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
        self.sign_with(timestamp, Engine::new(Some(entropy), None))
    }

    pub(crate) fn sign_with(&self, timestamp: u32, engine: Engine<'_>) -> Result<String, Error> {
        let message = sign::string_to_sign(&self.cert_serial_no, timestamp);
        let sign = scrubbed(|| sign::sign(&self.key, message.as_bytes(), engine))?;
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
        self.open_reply_with(real_name, credential_id, Engine::new(Some(entropy), None))
    }

    pub(crate) fn open_reply_with(
        &self,
        real_name: &str,
        credential_id: &str,
        engine: Engine<'_>,
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
        self.decrypt(&real_name, &credential_id, engine)
    }

    /// RSAPrivateKey (RFC 8017, A.1.2) in DER, for a host that computes with it. Nothing for a key of more than two primes.
    #[cfg(all(feature = "javascript", target_arch = "wasm32"))]
    pub(crate) fn private_key_der(&self) -> Option<Zeroizing<Vec<u8>>> {
        scrubbed(|| primitive::private_key_der(&self.key))
    }

    /// Whether this primitive computes with the key, by one signature that nobody gets.
    #[cfg(all(feature = "javascript", target_arch = "wasm32"))]
    pub(crate) fn try_primitive(&self, primitive: &dyn PrivateKeyPrimitive) -> Result<(), Error> {
        let engine = Engine::new(None, Some(primitive));
        self.sign_with(0, engine).map(|_| ())
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

    /// Everything that goes wrong in here, but for missing entropy and a primitive that insists on its failure, is one and
    /// the same error.
    ///
    /// With implicit rejection a wrong key yields random bytes, not an error. The ID number goes first because random
    /// bytes do not pass its check character and date; they pass as a name 1 time in 40.
    pub(crate) fn decrypt(
        &self,
        real_name: &Ciphertext,
        credential_id: &Ciphertext,
        engine: Engine<'_>,
    ) -> Result<RealNameInfo, Error> {
        scrubbed(|| self.read_reply(real_name, credential_id, engine))
    }

    fn read_reply(
        &self,
        real_name: &Ciphertext,
        credential_id: &Ciphertext,
        engine: Engine<'_>,
    ) -> Result<RealNameInfo, Error> {
        let number = decrypt::decrypt(&self.key, &credential_id.0, engine)?;
        if !identity::is_id_card(&number) {
            return Err(Error::DecryptionFailed);
        }
        let number = str::from_utf8(&number).map_err(|_| Error::DecryptionFailed)?;
        let credential_id = CredentialId::new(number);
        let name = decrypt::decrypt(&self.key, &real_name.0, engine)?;
        let real_name = gbk::decode_name(&name).ok_or(Error::DecryptionFailed)?;
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
