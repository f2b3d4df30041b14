//! The merchants that WeChat Pay knows.

use rsa::RsaPublicKey;
use x509_cert::{
    Certificate,
    der::{DecodePem, referenced::OwnedToRef},
};

use super::{MerchantRecord, Mistake, Sandbox};

pub(super) struct Registered {
    pub(super) serial_no: String,
    pub(super) key: RsaPublicKey,
    bound: Bound,
}

/// To which mini programs a merchant is bound.
enum Bound {
    Every,
    One(String),
    None,
}

impl Registered {
    pub(super) fn is_bound(&self, app_id: &str) -> bool {
        match &self.bound {
            Bound::Every => true,
            Bound::One(one) => one == app_id,
            Bound::None => false,
        }
    }
}

impl Sandbox {
    /// Adds a merchant, or changes the one of this number.
    ///
    /// # Errors
    /// What is wrong with the certificate; a mini program that was never added.
    pub fn add_merchant(&mut self, merchant: &MerchantRecord) -> Result<(), Mistake> {
        let digits = merchant.mch_id.bytes().all(|byte| byte.is_ascii_digit());
        if merchant.mch_id.is_empty() || !digits {
            return Err(Mistake {
                field: "mchId",
                reason: "must be digits",
            });
        }
        let bound = match (merchant.bound, &merchant.app_id) {
            (Some(false), Some(_)) => {
                return Err(Mistake {
                    field: "bound",
                    reason: "is false, so there can be no appId",
                });
            }
            (Some(false), None) => Bound::None,
            (_, Some(app_id)) => Bound::One(self.known_app(Some(app_id))?),
            _ => Bound::Every,
        };
        let mistake = |reason| Mistake {
            field: "certificate",
            reason,
        };
        let certificate = Certificate::from_pem(merchant.certificate.trim())
            .map_err(|_| mistake("is not a PEM certificate"))?;
        let certificate = certificate.tbs_certificate();
        let key = RsaPublicKey::try_from(certificate.subject_public_key_info().owned_to_ref())
            .map_err(|_| mistake("does not hold an RSA key"))?;
        let serial = certificate.serial_number().as_bytes();
        // DER puts a zero before a first byte that would otherwise read as a minus sign.
        let serial = serial
            .strip_prefix(&[0])
            .filter(|rest| rest.len() == 20)
            .unwrap_or(serial);
        // Every call with another one would be refused (94009), by the library and by WeChat.
        if serial.len() != 20 {
            return Err(mistake(
                "has a serial number that does not come to 40 hex digits, as a merchant certificate's does: make one of 20 bytes",
            ));
        }
        let serial_no = serial.iter().map(|byte| format!("{byte:02X}")).collect();
        let registered = Registered {
            serial_no,
            key,
            bound,
        };
        self.merchants.insert(merchant.mch_id.clone(), registered);
        Ok(())
    }
}
