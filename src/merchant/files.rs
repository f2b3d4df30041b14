//! A merchant's files, and what of them belongs together.

use std::fmt;

use rsa::RsaPrivateKey;
use zeroize::Zeroizing;

use super::{
    Merchant,
    certificate::{self, Certificate, HEX_DIGITS},
    pem::{self, Block},
    private_key,
};
#[cfg(feature = "encrypted-files")]
use super::{encrypted_key, pkcs12};
use crate::error::Error;
#[cfg(feature = "encrypted-files")]
use crate::scrub::scrubbed;

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
    /// Where the key is from a p12: what is wrong with it is wrong with that file.
    pub(crate) is_p12: bool,
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
            is_p12: true,
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

impl MerchantFiles {
    /// A key, its certificate and their serial number, out of all that the files hold.
    pub(super) fn read(&self) -> Result<Merchant, Error> {
        check_mch_id(&self.mch_id)?;
        let given = self.cert_serial_no.as_deref();
        let given = given.map(certificate::given_serial_no).transpose()?;
        let key_field = if self.is_p12 { "p12" } else { "privateKey" };
        let key_file = blocks(key_field, &self.private_key)?;
        let keys =
            private_key::read(&key_file).map_err(|reason| Error::invalid_key(key_field, reason))?;
        let (field, certificate_file) = match &self.certificate {
            Some(file) => ("certificate", Some(blocks("certificate", file)?)),
            // Bundles hold it beside the key. One that is damaged is missed where nothing else gives a serial number.
            None => {
                let wanted = |block: &Block| {
                    block.is_certificate() || (given.is_none() && block.is_damaged_certificate())
                };
                let holds_one = key_file.iter().any(wanted);
                (key_field, holds_one.then_some(key_file))
            }
        };
        let (key, certificate, cert_serial_no) = match certificate_file {
            Some(blocks) => {
                let read = certificate::read(&blocks)
                    .map_err(|reason| Error::invalid_key(field, reason))?;
                let (key, certificate) = self.belonging_together(keys, read, given.as_deref())?;
                let serial_no = certificate.serial_no.clone();
                if serial_no.len() != HEX_DIGITS {
                    return Err(Error::invalid_key(
                        field,
                        "has a serial number of other than 40 hex digits: not a merchant API certificate",
                    ));
                }
                if given.is_some_and(|given| given != serial_no) {
                    return Err(Error::KeyMismatch {
                        reason: "certSerialNo is not the serial number of the certificate",
                    });
                }
                (key, Some(certificate), serial_no)
            }
            None => (
                the_only(keys, key_field)?,
                None,
                self.without_certificate(given)?,
            ),
        };
        Ok(Merchant {
            mch_id: self.mch_id.clone(),
            cert_serial_no,
            certificate,
            key: Box::new(key),
        })
    }

    fn without_certificate(&self, given: Option<String>) -> Result<String, Error> {
        given.ok_or_else(|| {
            if self.is_p12 {
                Error::invalid_key(
                    "p12",
                    "holds no certificate: hand in its serial number as certSerialNo",
                )
            } else {
                Error::invalid_argument(
                    "certSerialNo",
                    "is missing: hand in the merchant certificate, or its serial number",
                )
            }
        })
    }

    /// A file may hold a chain, an old certificate of the same key, or the keys of several merchants: the serial number
    /// decides, then the merchant number, then the order.
    fn belonging_together(
        &self,
        keys: Vec<RsaPrivateKey>,
        certificates: Vec<Certificate>,
        given: Option<&str>,
    ) -> Result<(RsaPrivateKey, Certificate), Error> {
        let fits = |key: &RsaPrivateKey, certificate: &Certificate| {
            certificate.key == *key.as_public_key()
        };
        let mut fitting: Vec<Certificate> = certificates
            .into_iter()
            .filter(|certificate| keys.iter().any(|key| fits(key, certificate)))
            .collect();
        // Stable, and false comes first.
        fitting.sort_by_key(|certificate| {
            (
                given.is_some_and(|given| given != certificate.serial_no),
                certificate.serial_no.len() != HEX_DIGITS,
                !certificate.common_names.contains(&self.mch_id),
            )
        });
        let pair = fitting.into_iter().next().and_then(|certificate| {
            let key = keys.into_iter().find(|key| fits(key, &certificate))?;
            Some((key, certificate))
        });
        pair.ok_or(Error::KeyMismatch {
            reason: "privateKey is not the key of the certificate: \
                     the two are of different merchants, or the certificate was renewed with a new key",
        })
    }
}

/// Without a certificate nothing tells several keys apart.
fn the_only(keys: Vec<RsaPrivateKey>, field: &'static str) -> Result<RsaPrivateKey, Error> {
    let mut keys = keys.into_iter();
    let first = keys.next().ok_or(Error::Internal)?;
    if keys.any(|key| key.as_public_key() != first.as_public_key()) {
        return Err(Error::invalid_key(
            field,
            "holds the keys of several merchants: hand in the certificate of the right one",
        ));
    }
    Ok(first)
}

/// The blocks of a file that was handed in as `field`.
pub(super) fn blocks(field: &'static str, file: &[u8]) -> Result<Vec<Block>, Error> {
    if file.trim_ascii().is_empty() {
        return Err(Error::invalid_argument(field, "is missing or empty"));
    }
    pem::blocks(file).map_err(|reason| Error::invalid_key(field, reason))
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
