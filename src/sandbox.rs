//! WeChat's side of the interfaces, as a pure function: (state, request, now, randomness) → (state, answer).
//!
//! It checks what WeChat checks and answers with WeChat's codes, but tells in [`Answer::why`] what the real one keeps to
//! itself. It shares no code with the rest of the crate: it reads certificates, verifies signatures, encodes and encrypts
//! on its own, from WeChat's documents.
//!
//! What WeChat does not publish is assumed, and marked "assumed" where it is.

mod access_token;
mod check_real_name;
mod get_category;
mod get_real_name;
mod magic;
mod person;
mod reply;

use std::{collections::BTreeMap, fmt};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use reply::{page, refuse};
use rsa::RsaPublicKey;
use serde::{Deserialize, Serialize};
use x509_cert::{
    Certificate,
    der::{DecodePem, referenced::OwnedToRef},
};

/// The merchant number of the ready test merchant.
pub const MERCHANT_ID: &str = "1900000109";
/// Its private key. It protects nothing: everybody has it.
pub const MERCHANT_KEY: &str = include_str!("sandbox/merchant_key.pem");
/// Its certificate.
pub const MERCHANT_CERTIFICATE: &str = include_str!("sandbox/merchant_certificate.pem");

/// The mini program that calls.
pub const APP_ID: &str = "wx5a9db0f5c0ffee01";
/// Its secret, for `/cgi-bin/stable_token`.
pub const APP_SECRET: &str = "5a9db0f50123456789abcdefc0ffee01";

/// How far a `timestamp` may be off, in seconds. Assumed: WeChat does not publish it.
const TIMESTAMP_TOLERANCE: u64 = 300;

/// A person with a WeChat account.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxPerson", optional_fields)
)]
#[non_exhaustive]
pub struct Person {
    /// The user's id within the mini program; made up where absent.
    pub openid: Option<String>,
    /// The name known to WeChat Pay. Absent: no real-name authentication (94004, `V_OP_NA`).
    pub real_name: Option<String>,
    /// The ID number known to WeChat Pay: 18 characters, with the right check character, as every real one has.
    pub credential_id: Option<String>,
    /// `false`: the user never registered WeChat Pay (94002). Default `true`.
    pub we_chat_pay: Option<bool>,
}

/// What the front end has in hand once the person has agreed.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "SandboxConsent"))]
#[non_exhaustive]
pub struct Consent {
    /// The user's id within the mini program.
    pub openid: String,
    /// For `checkRealNameInfo`; works once.
    pub code: String,
    /// For `getRealNameInfo`.
    pub auth_token: String,
}

/// A merchant that WeChat Pay knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxMerchant", optional_fields)
)]
#[non_exhaustive]
pub struct MerchantRecord {
    /// The merchant number.
    pub mch_id: String,
    /// The merchant certificate, PEM.
    pub certificate: String,
    /// `false`: not bound to the mini program (94007). Default `true`.
    pub bound: Option<bool>,
}

/// Something that the sandbox cannot be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Mistake {
    /// The field that is wrong, as JavaScript spells it.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Mistake {}

/// A request as it arrives: `target` is the path with its query.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct Incoming {
    /// The HTTP method, upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body's text.
    pub body: String,
}

/// What to send back.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type`.
    pub content_type: &'static str,
    /// The body's text.
    pub body: String,
    /// `errcode` of the body, where it is one of WeChat's replies.
    pub errcode: Option<i32>,
    /// Why it was answered so, in one sentence without anybody's data. The real WeChat never says.
    pub why: String,
    /// Send nothing, and leave the connection open.
    pub hold: bool,
}

/// The state: people, merchants and what was handed out to them.
pub struct Sandbox {
    people: BTreeMap<String, Person>,
    merchants: BTreeMap<String, Registered>,
    access_tokens: BTreeMap<String, u64>,
    /// The one that `stable_token` hands out.
    stable: Option<String>,
    /// To whom each code was given; nobody any more once it was used.
    codes: BTreeMap<String, Option<String>>,
    auth_tokens: BTreeMap<String, String>,
}

struct Registered {
    serial_no: String,
    key: RsaPublicKey,
    bound: bool,
}

/// One exchange: the time, and randomness for whatever has to be made up.
struct Moment {
    now: u64,
    random: ChaCha20Rng,
}

/// A refusal: WeChat's number and text, and what the real one would not tell.
struct Refusal {
    errcode: i32,
    errmsg: &'static str,
    why: &'static str,
}

type Outcome = Result<Answer, Refusal>;

impl Sandbox {
    /// A WeChat that knows the ready test merchant and nobody else.
    ///
    /// # Errors
    /// Never with the files as shipped; otherwise what is wrong with the test merchant.
    pub fn new() -> Result<Self, Mistake> {
        let mut sandbox = Self {
            people: BTreeMap::new(),
            merchants: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            stable: None,
            codes: BTreeMap::new(),
            auth_tokens: BTreeMap::new(),
        };
        sandbox.add_merchant(&MerchantRecord {
            mch_id: MERCHANT_ID.into(),
            certificate: MERCHANT_CERTIFICATE.into(),
            bound: None,
        })?;
        Ok(sandbox)
    }

    /// Adds a person, or changes the one of this `openid`, and lets them agree: every call hands out a fresh code and
    /// `auth_token`.
    ///
    /// # Errors
    /// A name without a number or a number without a name, and a number that no ID card has: WeChat Pay knows both or
    /// neither, and a made-up number would only come back as a decryption error.
    pub fn add_person(&mut self, person: Person, seed: [u8; 32]) -> Result<Consent, Mistake> {
        person::check(&person)?;
        let mut random = ChaCha20Rng::from_seed(seed);
        let openid = match &person.openid {
            Some(openid) => openid.clone(),
            None => format!("o{}", letters(&mut random, 27)),
        };
        let consent = Consent {
            openid: openid.clone(),
            code: letters(&mut random, 32),
            auth_token: letters(&mut random, 43),
        };
        self.codes
            .insert(consent.code.clone(), Some(openid.clone()));
        self.auth_tokens
            .insert(consent.auth_token.clone(), openid.clone());
        self.people.insert(openid, person);
        Ok(consent)
    }

    /// Adds a merchant, or changes the one of this number.
    ///
    /// # Errors
    /// What is wrong with the certificate.
    pub fn add_merchant(&mut self, merchant: &MerchantRecord) -> Result<(), Mistake> {
        let digits = merchant.mch_id.bytes().all(|byte| byte.is_ascii_digit());
        if merchant.mch_id.is_empty() || !digits {
            return Err(Mistake {
                field: "mchId",
                reason: "must be digits",
            });
        }
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
        let serial_no = serial.iter().map(|byte| format!("{byte:02X}")).collect();
        let registered = Registered {
            serial_no,
            key,
            bound: merchant.bound.unwrap_or(true),
        };
        self.merchants.insert(merchant.mch_id.clone(), registered);
        Ok(())
    }

    /// Issues an access token of the mini program, good for 7,200 seconds from `now`.
    pub fn issue_access_token(&mut self, now: u64, seed: [u8; 32]) -> String {
        access_token::issue(self, now, &mut ChaCha20Rng::from_seed(seed))
    }

    /// Answers one request at the time `now` (seconds since 1970-01-01 UTC), with randomness from `seed`.
    pub fn answer(&mut self, request: &Incoming, now: u64, seed: [u8; 32]) -> Answer {
        let mut moment = Moment {
            now,
            random: ChaCha20Rng::from_seed(seed),
        };
        match self.route(request, &mut moment) {
            Ok(answer) => answer,
            Err(refusal) => refuse(&refusal, &mut moment),
        }
    }

    fn route(&mut self, request: &Incoming, moment: &mut Moment) -> Outcome {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if path == "/cgi-bin/stable_token" {
            return access_token::stable_token(self, request, moment);
        }
        let known = [
            get_category::PATH,
            check_real_name::PATH,
            get_real_name::PATH,
        ];
        if !known.contains(&path) {
            return Ok(Answer {
                status: 404,
                content_type: "text/html",
                why: "WeChat has no interface at this path".into(),
                ..page("<html><body>404 Not Found</body></html>")
            });
        }
        if let Some(answer) = access_token::check(self, query, moment)? {
            return Ok(answer);
        }
        match path {
            check_real_name::PATH => check_real_name::answer(self, request),
            get_real_name::PATH => get_real_name::answer(self, request, moment),
            _ => Ok(get_category::answer()),
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("people", &self.people.len())
            .field("merchants", &self.merchants.keys())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person([redacted])")
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Consent([redacted])")
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self
            .target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path);
        f.debug_struct("Incoming")
            .field("method", &self.method)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("errcode", &self.errcode)
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

/// Made-up ids and tokens, in the characters that WeChat's have.
fn letters(random: &mut ChaCha20Rng, length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..length)
        .filter_map(|_| LETTERS.get((random.next_u32() % 64) as usize))
        .map(|byte| char::from(*byte))
        .collect()
}
