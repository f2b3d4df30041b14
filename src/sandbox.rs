//! WeChat's side of the interfaces, as a pure function: (state, request, now, randomness) → (state, answer).
//!
//! It checks what WeChat checks and answers with WeChat's codes, but tells in [`Answer::why`] what the real one keeps to
//! itself. It shares no code with the rest of the crate: it reads certificates, verifies signatures, encodes and encrypts
//! on its own, from WeChat's documents.
//!
//! What WeChat does not publish is assumed, and marked "assumed" where it is.
//!
//! Magic values provoke an answer without any set-up: `sandbox:94004` (any errcode), `sandbox:timeout`, `sandbox:reset`,
//! `sandbox:html-502`, `sandbox:empty`, `sandbox:not-json`, `sandbox:no-fields`, `sandbox:wrong-types`. They stand in tokens and
//! secrets, in `code` (also `sandbox:V_OP_NM_UM`), in `auth_token` (also `sandbox:junk`, `sandbox:short`), in
//! `enterprise_name` (also `sandbox:push-89251`, `sandbox:100001`, `sandbox:status-3`), in `cert_name` and `verify_id` (also
//! `sandbox:verify_ret=90002`) and in `wxmed_authcode` (also `sandbox:junk`, `sandbox:key_version=7`). The guide on testing
//! has the table.

mod access_token;
mod authorizer;
mod cert_hash;
mod check_real_name;
mod component;
mod event;
mod exchange;
mod face_verification;
mod fault;
mod gb18030;
mod get_category;
mod get_medical_real_name;
mod get_real_name;
mod interface;
mod magic;
mod merchant;
mod mini_program;
mod person;
mod platform;
mod post;
mod push;
mod reply;
mod seal;
mod task;
mod trial;
mod verify_beta;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, mem,
};

pub use exchange::{Answer, Incoming, MerchantRecord, Mistake};
use face_verification::Verification;
pub use fault::Fault;
pub use get_medical_real_name::MEDICAL_KEY;
use interface::Interface;
use merchant::Registered;
use mini_program::MiniProgram;
pub use mini_program::{APP_ID, APP_SECRET, MiniProgramRecord};
pub use person::{Consent, Person};
use platform::Platform;
pub use platform::{
    ENCODING_AES_KEY, PLATFORM_APP_ID, PLATFORM_APP_SECRET, PUSH_TOKEN, PlatformRecord,
};
use post::Sent;
pub use push::{Push, PushFault, PushKind, PushOrder};
pub use task::Step;
pub use trial::{Authorized, Trial};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use reply::refuse;

/// The merchant number of the ready test merchant.
pub const MERCHANT_ID: &str = "1900000109";
/// Its private key. It protects nothing: everybody has it.
pub const MERCHANT_KEY: &str = include_str!("sandbox/merchant_key.pem");
/// Its certificate.
pub const MERCHANT_CERTIFICATE: &str = include_str!("sandbox/merchant_certificate.pem");

/// How far a `timestamp` may be off, in seconds, if nobody says otherwise. Assumed: WeChat does not publish it.
const TIMESTAMP_TOLERANCE: u32 = 300;

/// The state: mini programs with their people and tokens, merchants, platforms, and the faults that were set.
pub struct Sandbox {
    mini_programs: BTreeMap<String, MiniProgram>,
    /// By mini program and openid: an openid is a user's id within one mini program.
    people: BTreeMap<(String, String), Person>,
    merchants: BTreeMap<String, Registered>,
    /// Whose each token is, and until when it is good.
    access_tokens: BTreeMap<String, (String, u64)>,
    /// The first token that was issued: a reset leaves it good.
    first_token: Option<String>,
    codes: BTreeMap<String, Code>,
    /// To which mini program's user each `auth_token` was given.
    auth_tokens: BTreeMap<String, (String, String)>,
    /// The codes for `getmedrealname`.
    medical_codes: BTreeMap<String, get_medical_real_name::Code>,
    medical_key: get_medical_real_name::Key,
    /// By `verify_id`.
    verifications: BTreeMap<String, Verification>,
    /// Each mini program's `out_seq_no` so far: none comes twice.
    out_seq_nos: BTreeSet<(String, String)>,
    /// The third-party platforms, by their app id.
    platforms: BTreeMap<String, Platform>,
    /// How far a `timestamp` may be off, in seconds.
    timestamp_tolerance: u32,
    /// Whether `verifybetaweapp` takes the 2026 form alone.
    only_2026_form: bool,
    /// The last events, so that they can be pushed again.
    sent: BTreeMap<u32, Sent>,
    /// What the request at hand makes WeChat push.
    outbox: Vec<Sent>,
    /// In the order in which they were set.
    faults: Vec<Fault>,
}

/// A code for `checkrealnameinfo`.
struct Code {
    /// The mini program that got it.
    app_id: String,
    openid: String,
    used: bool,
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
    /// A WeChat that knows the ready mini program, merchant and platform, and nobody else.
    ///
    /// # Errors
    /// Never with the files as shipped; otherwise what is wrong with the test merchant.
    pub fn new() -> Result<Self, Mistake> {
        let mut sandbox = Self {
            mini_programs: BTreeMap::from([(APP_ID.into(), MiniProgram::of(APP_SECRET))]),
            people: BTreeMap::new(),
            merchants: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            first_token: None,
            codes: BTreeMap::new(),
            auth_tokens: BTreeMap::new(),
            medical_codes: BTreeMap::new(),
            medical_key: get_medical_real_name::Key::ready()?,
            verifications: BTreeMap::new(),
            out_seq_nos: BTreeSet::new(),
            platforms: BTreeMap::from([(PLATFORM_APP_ID.into(), Platform::ready()?)]),
            timestamp_tolerance: TIMESTAMP_TOLERANCE,
            only_2026_form: false,
            sent: BTreeMap::new(),
            outbox: Vec::new(),
            faults: Vec::new(),
        };
        sandbox.add_merchant(&MerchantRecord {
            mch_id: MERCHANT_ID.into(),
            certificate: MERCHANT_CERTIFICATE.into(),
            ..MerchantRecord::default()
        })?;
        Ok(sandbox)
    }

    /// Back to how it started. The first access token that was issued is good again, for another two hours from `now`:
    /// whoever holds it need not be told.
    ///
    /// # Errors
    /// As [`Sandbox::new`].
    pub fn reset(&mut self, now: u64) -> Result<(), Mistake> {
        let first = self.first_token.take();
        *self = Self::new()?;
        if let Some(token) = first {
            access_token::restore(self, token, now);
        }
        Ok(())
    }

    /// How far the `timestamp` of a signed request may be off, in seconds. Default: 300 (assumed).
    pub fn set_timestamp_tolerance(&mut self, seconds: u32) {
        self.timestamp_tolerance = seconds;
    }

    /// Adds a person, or changes the one of this `openid`, and lets them agree at the time `now`: every call hands out a
    /// fresh code, `auth_token` and `wxmed_authcode`.
    ///
    /// # Errors
    /// A mini program that was never added; a name without a number or a number without a name, and a number that no ID
    /// card has: WeChat Pay knows both or neither, and a made-up number would only come back as a decryption error.
    pub fn add_person(
        &mut self,
        person: Person,
        now: u64,
        seed: [u8; 32],
    ) -> Result<Consent, Mistake> {
        person::check(&person)?;
        let app_id = self.app_of(person.app_id.as_deref())?;
        let mut random = ChaCha20Rng::from_seed(seed);
        let openid = match &person.openid {
            Some(openid) => openid.clone(),
            None => format!("o{}", letters(&mut random, 27)),
        };
        let consent = Consent {
            openid: openid.clone(),
            code: letters(&mut random, 32),
            auth_token: letters(&mut random, 43),
            // WeChat's sample ends with two dots, too.
            wxmed_authcode: format!("{}..", letters(&mut random, 22)),
        };
        let code = Code {
            app_id: app_id.clone(),
            openid: openid.clone(),
            used: false,
        };
        self.codes.insert(consent.code.clone(), code);
        let medical = get_medical_real_name::Code {
            app_id: app_id.clone(),
            openid: openid.clone(),
            end: now + get_medical_real_name::CODE_SECONDS,
        };
        self.medical_codes
            .insert(consent.wxmed_authcode.clone(), medical);
        let user = (app_id, openid);
        self.auth_tokens
            .insert(consent.auth_token.clone(), user.clone());
        self.people.insert(user, person);
        Ok(consent)
    }

    /// Answers one request at the time `now` (seconds since 1970-01-01 UTC), with randomness from `seed`.
    pub fn answer(&mut self, request: &Incoming, now: u64, seed: [u8; 32]) -> Answer {
        let mut moment = Moment::new(now, seed);
        let (path, _) = parts(&request.target);
        let interface = Interface::at(path);
        let outcome = match fault::due(&mut self.faults, interface) {
            Some(fault) => self.faulty(&fault, request, &mut moment),
            None => self.route(interface, request, &mut moment),
        };
        let answer = match outcome {
            Ok(answer) => answer,
            Err(refusal) => refuse(&refusal, &mut moment),
        };
        let events = mem::take(&mut self.outbox).into_iter();
        let pushes = events
            .filter_map(|event| self.send(event, &mut moment))
            .collect();
        Answer {
            pushes,
            interface: interface.map(Interface::name),
            ..answer
        }
    }
}

/// Path and query.
fn parts(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
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

/// Made-up ids and secrets, in the characters that WeChat's have.
fn hex(random: &mut ChaCha20Rng, length: usize) -> String {
    (0..length)
        .filter_map(|_| char::from_digit(random.next_u32() % 16, 16))
        .collect()
}
