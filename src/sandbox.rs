//! WeChat's side of the interfaces, as a pure function: (state, request, now, randomness) → (state, answer).
//!
//! It checks what WeChat checks and answers with WeChat's codes, but tells in [`Answer::why`] what the real one keeps to
//! itself. It shares no code with the rest of the crate: it reads certificates, verifies signatures, encodes and encrypts
//! on its own, from WeChat's documents.
//!
//! What WeChat does not publish is assumed, and marked "assumed" where it is.

mod access_token;
mod authorizer;
mod check_real_name;
mod component;
mod event;
mod exchange;
mod get_category;
mod get_real_name;
mod magic;
mod person;
mod platform;
mod post;
mod push;
mod reply;
mod seal;
mod task;
mod trial;
mod verify_beta;

use std::{collections::BTreeMap, fmt, mem};

pub use exchange::{Answer, Incoming, MerchantRecord, Mistake};
pub use person::{Consent, Person};
use platform::Platform;
pub use platform::{ENCODING_AES_KEY, PLATFORM_APP_ID, PLATFORM_APP_SECRET, PUSH_TOKEN};
pub use push::{Push, PushFault, PushKind, PushOrder};
pub use task::Step;
pub use trial::{Authorized, Trial};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use reply::{page, refuse};
use rsa::RsaPublicKey;
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

/// The state: people, merchants and what was handed out to them.
pub struct Sandbox {
    people: BTreeMap<String, Person>,
    merchants: BTreeMap<String, Registered>,
    access_tokens: BTreeMap<String, u64>,
    /// The one that `stable_token` hands out.
    stable: Option<String>,
    /// When `stable_token` was last forced to make a new one.
    forced_at: u64,
    /// To whom each code was given; nobody any more once it was used.
    codes: BTreeMap<String, Option<String>>,
    auth_tokens: BTreeMap<String, String>,
    /// What belongs to the third-party platform.
    platform: Platform,
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

impl Moment {
    fn new(now: u64, seed: [u8; 32]) -> Self {
        Self {
            now,
            random: ChaCha20Rng::from_seed(seed),
        }
    }
}

/// A refusal: WeChat's number and text, and what the real one would not tell.
struct Refusal {
    errcode: i32,
    errmsg: &'static str,
    why: &'static str,
}

impl Refusal {
    const fn new(errcode: i32, errmsg: &'static str, why: &'static str) -> Self {
        Self {
            errcode,
            errmsg,
            why,
        }
    }
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
            forced_at: 0,
            codes: BTreeMap::new(),
            auth_tokens: BTreeMap::new(),
            platform: Platform::new()?,
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

    /// Ends every access token of the mini program's that was issued so far, as a forced refresh or a new secret does.
    pub fn revoke_access_tokens(&mut self) {
        access_token::revoke(self);
    }

    /// Answers one request at the time `now` (seconds since 1970-01-01 UTC), with randomness from `seed`.
    pub fn answer(&mut self, request: &Incoming, now: u64, seed: [u8; 32]) -> Answer {
        let mut moment = Moment::new(now, seed);
        let answer = match self.route(request, &mut moment) {
            Ok(answer) => answer,
            Err(refusal) => refuse(&refusal, &mut moment),
        };
        Answer {
            pushes: mem::take(&mut self.platform.outbox),
            ..answer
        }
    }

    fn route(&mut self, request: &Incoming, moment: &mut Moment) -> Outcome {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        match path {
            access_token::PATH => return access_token::stable_token(self, request, moment),
            component::API_COMPONENT_TOKEN => {
                return component::component_token(self, request, moment);
            }
            component::API_QUERY_AUTH | component::API_AUTHORIZER_TOKEN => {
                if let Some(answer) = component::check(self, query, moment.now)? {
                    return Ok(answer);
                }
                return if path == component::API_QUERY_AUTH {
                    component::query_auth(self, request, moment)
                } else {
                    component::authorizer_token(self, request, moment)
                };
            }
            verify_beta::PATH => return verify_beta::answer(self, request, query, moment),
            _ => {}
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
        if let Some(answer) = access_token::check(self, query, path, moment.now)? {
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

/// Made-up ids and tokens, in the characters that WeChat's have.
fn letters(random: &mut ChaCha20Rng, length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..length)
        .filter_map(|_| LETTERS.get((random.next_u32() % 64) as usize))
        .map(|byte| char::from(*byte))
        .collect()
}
