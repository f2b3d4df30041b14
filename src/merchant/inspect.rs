//! What a merchant's files hold, for the doctor. Only what is public leaves this room: public keys, and what
//! certificates say.

use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey, traits::PublicKeyParts};
use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{
    certificate,
    files::{self, MerchantFiles},
    kind::Kind,
    pem::Block,
    private_key,
};
use crate::{error::Error, scrub::scrubbed};

/// The public half of a key.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct PublicKey(RsaPublicKey);

/// What a certificate says.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) key: PublicKey,
    pub(crate) serial_no: String,
    pub(crate) subject: String,
    pub(crate) common_names: Vec<String>,
    /// In seconds since 1970-01-01 UTC, as is the next.
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
}

/// How a signature may have been made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    /// The right one: RSASSA-PKCS1-v1_5 with SHA-256.
    Pkcs1Sha256,
    /// `SHA1withRSA`, as WeChat Pay's older interfaces never had it but many samples do.
    Pkcs1Sha1,
    /// RSASSA-PSS with SHA-256, which some libraries take where nothing else is said.
    PssSha256,
}

impl PublicKey {
    /// The length of a signature, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.size()
    }

    pub(crate) fn bits(&self) -> u32 {
        self.0.n().bits()
    }

    pub(crate) fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let sha256 = Sha256::digest(message);
        let verified = match scheme {
            Scheme::Pkcs1Sha256 => self
                .0
                .verify(Pkcs1v15Sign::new::<Sha256>(), &sha256, signature),
            // Without the hash's object identifier: the crate's SHA-1 is built without it.
            Scheme::Pkcs1Sha1 => {
                let mut hash = SHA1_PREFIX.to_vec();
                hash.extend_from_slice(&Sha1::digest(message));
                self.0
                    .verify(Pkcs1v15Sign::new_unprefixed(), &hash, signature)
            }
            Scheme::PssSha256 => {
                // Of any length of salt.
                let mut scheme = Pss::<Sha256>::new();
                scheme.salt_len = None;
                self.0.verify(scheme, &sha256, signature)
            }
        };
        verified.is_ok()
    }
}

/// DER of RFC 8017's DigestInfo up to the hash, for SHA-1.
const SHA1_PREFIX: [u8; 15] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14,
];

/// The public halves of the keys in a file that was handed in as `field`.
pub(crate) fn public_keys(field: &'static str, file: &[u8]) -> Result<Vec<PublicKey>, Error> {
    scrubbed(|| {
        let keys = private_key::read_public(&files::blocks(field, file)?);
        let keys = keys.map_err(|reason| Error::invalid_key(field, reason))?;
        Ok(keys.into_iter().map(PublicKey).collect())
    })
}

/// The certificates in a file that was handed in as `field`.
pub(crate) fn certificates(field: &'static str, file: &[u8]) -> Result<Vec<Certificate>, Error> {
    let found = certificate::read(&files::blocks(field, file)?);
    let found = found.map_err(|reason| Error::invalid_key(field, reason))?;
    Ok(found
        .into_iter()
        .map(|found| Certificate {
            key: PublicKey(found.key),
            serial_no: found.serial_no,
            subject: found.subject,
            common_names: found.common_names,
            not_before: found.not_before.unix_duration().as_secs(),
            not_after: found.not_after.unix_duration().as_secs(),
        })
        .collect())
}

/// Where a merchant's file belongs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Place {
    /// As `apiclient_cert.pem`.
    Certificate,
    /// As `apiclient_cert.p12`.
    P12,
    /// As `apiclient_key.pem`.
    PrivateKey,
}

/// The place that a file's content says. What belongs nowhere goes where keys do: its refusal names it.
pub(crate) fn place(file: &[u8]) -> Place {
    let blocks = files::blocks("privateKey", file).unwrap_or_default();
    let any = |is: fn(&Block) -> bool| blocks.iter().any(is);
    if any(|block| block.kind.is_private_key()) {
        Place::PrivateKey
    } else if any(|block| block.is_certificate() || block.is_damaged_certificate()) {
        Place::Certificate
    } else if any(|block| block.kind == Kind::Pkcs12) {
        Place::P12
    } else {
        Place::PrivateKey
    }
}

/// Whether certificates are in a file of keys.
pub(crate) fn holds_certificate(file: &[u8]) -> bool {
    files::blocks("privateKey", file)
        .is_ok_and(|blocks| blocks.iter().any(|block| block.is_certificate()))
}

/// The key of a p12, or one under a password, in a form that the functions above read.
pub(crate) fn readable_key(
    mch_id: &str,
    private_key: Option<&[u8]>,
    p12: Option<&[u8]>,
    password: Option<&str>,
) -> Result<MerchantFiles, Error> {
    let mut files = match (p12, private_key) {
        (Some(p12), _) => MerchantFiles::from_p12(mch_id, p12, password)?,
        (None, key) => MerchantFiles {
            mch_id: mch_id.to_owned(),
            private_key: key.unwrap_or_default().to_vec().into(),
            ..MerchantFiles::default()
        },
    };
    if let (None, Some(password)) = (p12, password) {
        files.decrypt_key(password)?;
    }
    Ok(files)
}
