//! The files of tests/vectors/key_files.json: what openssl and others write, and what people hand in by mistake.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use wechat_realname::{Error, Merchant, MerchantFiles};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyFiles {
    pub mch_id: String,
    pub serial: String,
    pub certificate: String,
    pub key: String,
    pub timestamp: u32,
    pub sign: String,
    pub files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    pub name: String,
    pub field: String,
    pub refused: Option<String>,
    pub password: Option<String>,
    /// Of a key that is not the certificate's.
    pub other_keys_sign: Option<String>,
    pub file: String,
}

pub fn key_files() -> KeyFiles {
    serde_json::from_str(include_str!("../vectors/key_files.json")).unwrap()
}

pub fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

impl KeyFiles {
    pub fn with_key(&self, key: impl Into<Vec<u8>>) -> MerchantFiles {
        let mut files = MerchantFiles::default();
        files.mch_id.clone_from(&self.mch_id);
        files.private_key = key.into().into();
        files.certificate = Some(bytes(&self.certificate));
        files
    }

    pub fn open(&self, file: &File) -> Result<Merchant, Error> {
        let mut files = self.with_key(bytes(&self.key));
        let given = bytes(&file.file);
        match file.field.as_str() {
            "certificate" => files.certificate = Some(given),
            "p12" => {
                files = MerchantFiles::from_p12(&self.mch_id, &given, file.password.as_deref())?
            }
            _ => {
                files.private_key = given.into();
                if let Some(password) = &file.password {
                    files.decrypt_key(password)?;
                }
            }
        }
        if file.other_keys_sign.is_some() {
            files.certificate = None;
            files.cert_serial_no = Some(self.serial.clone());
        }
        Merchant::open(&files)
    }
}
