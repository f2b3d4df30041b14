//! Trial mini programs: what the business register and WeChat know of them.

use std::fmt;

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};

use super::{
    Mistake, Sandbox, letters,
    person::{is_name, is_real},
    platform::{Mini, Platform},
};

/// The permission set that `verifybetaweapp` belongs to.
pub(super) const PERMISSION_SET: u32 = 81;
/// How long an authorization code is good, in seconds (assumed).
pub(super) const CODE_SECONDS: u64 = 3600;

/// A trial mini program that authorizes the platform, with the enterprise and the legal person behind it. What is absent
/// is made up.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxTrial", optional_fields)
)]
#[non_exhaustive]
pub struct Trial {
    /// The platform that it authorizes. Default: the ready one.
    pub component_app_id: Option<String>,
    /// The mini program.
    pub app_id: Option<String>,
    /// The name in the business register.
    pub enterprise_name: Option<String>,
    /// The enterprise's code in the register, of the kind that `codeType` says.
    pub code: Option<String>,
    /// 1: unified social credit code, 18 characters (default). 2: organisation code, `xxxxxxxx-x`. 3: business licence
    /// number, 15 digits.
    pub code_type: Option<u32>,
    /// The legal person's WeChat id.
    pub legal_persona_wechat: Option<String>,
    /// The legal person's name, known to WeChat and to the register.
    pub legal_persona_name: Option<String>,
    /// The legal person's ID number, with the right check character, as every real one has.
    pub legal_persona_idcard: Option<String>,
    /// The platform's phone, told in pushes where no task says another.
    pub component_phone: Option<String>,
    /// What the platform may do. Default: 81, to which `verifybetaweapp` belongs.
    #[serde(deserialize_with = "listed_or_joined")]
    pub permission_sets: Option<Vec<u32>>,
    /// `false`: no trial mini program (91021). Default `true`.
    pub trial: Option<bool>,
}

/// What the platform has in hand once the mini program has authorized it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxAuthorization")
)]
#[non_exhaustive]
pub struct Authorized {
    /// The mini program.
    pub app_id: String,
    /// For `api_query_auth`; works once, within an hour.
    pub authorization_code: String,
}

/// What WeChat and the business register know, with nothing left open.
#[derive(Clone)]
pub(super) struct Register {
    pub(super) enterprise_name: String,
    pub(super) code: String,
    pub(super) code_type: u32,
    pub(super) wechat: String,
    pub(super) name: String,
    pub(super) idcard: String,
    pub(super) phone: String,
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trial([redacted])")
    }
}

impl fmt::Debug for Authorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorized([redacted])")
    }
}

impl Sandbox {
    /// Adds a trial mini program, or changes the one of this id, and lets it authorize the platform: every call hands out
    /// a fresh authorization code.
    ///
    /// # Errors
    /// A platform that was never added; what the register or WeChat cannot hold: empty texts, a code that is not of its kind, a number that no ID card has.
    pub fn add_trial(
        &mut self,
        trial: Trial,
        now: u64,
        seed: [u8; 32],
    ) -> Result<Authorized, Mistake> {
        check(&trial)?;
        let platform = self.platform(trial.component_app_id.as_deref())?;
        let mut random = ChaCha20Rng::from_seed(seed);
        let app_id = trial
            .app_id
            .clone()
            .unwrap_or_else(|| format!("wx{}", digits(&mut random, 16)));
        let permission_sets = trial
            .permission_sets
            .clone()
            .unwrap_or_else(|| vec![PERMISSION_SET]);
        let is_trial = trial.trial.unwrap_or(true);
        let register = register(trial, &mut random);
        let (task, refresh_tokens, calls) = match platform.minis.remove(&app_id) {
            Some(known) => (known.task, known.refresh_tokens, known.calls),
            None => (None, Vec::new(), Vec::new()),
        };
        let mini = Mini {
            register,
            permission_sets,
            trial: is_trial,
            authorized: true,
            refresh_tokens,
            calls,
            task,
        };
        platform.minis.insert(app_id.clone(), mini);
        let authorization_code = platform.authorization_code(&app_id, now, &mut random);
        Ok(Authorized {
            app_id,
            authorization_code,
        })
    }
}

impl Platform {
    /// A code for `api_query_auth`.
    pub(super) fn authorization_code(
        &mut self,
        app_id: &str,
        now: u64,
        random: &mut ChaCha20Rng,
    ) -> String {
        let code = format!("queryauthcode@@@{}", letters(random, 86));
        let whose = (app_id.into(), now + CODE_SECONDS);
        self.codes.insert(code.clone(), whose);
        code
    }
}

/// Whether a code is of the length and the characters of its kind.
pub(super) fn fits(code: &str, code_type: u32) -> bool {
    let plain = |length| code.len() == length && code.bytes().all(|b| b.is_ascii_alphanumeric());
    match code_type {
        1 => plain(18),
        2 => match code.split_once('-') {
            Some((body, check)) => {
                body.len() == 8
                    && check.len() == 1
                    && (body.bytes().chain(check.bytes())).all(|b| b.is_ascii_alphanumeric())
            }
            None => plain(9),
        },
        3 => code.len() == 15 && code.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Codes are compared without the hyphen of organisation codes and without case.
pub(super) fn same_code(one: &str, other: &str) -> bool {
    one.replace('-', "")
        .eq_ignore_ascii_case(&other.replace('-', ""))
}

fn check(trial: &Trial) -> Result<(), Mistake> {
    let texts = [
        ("appId", &trial.app_id),
        ("enterpriseName", &trial.enterprise_name),
        ("legalPersonaWechat", &trial.legal_persona_wechat),
        ("legalPersonaName", &trial.legal_persona_name),
        ("componentPhone", &trial.component_phone),
    ];
    for (field, text) in texts {
        if text.as_ref().is_some_and(|text| !is_name(text)) {
            return Err(Mistake {
                field,
                reason: "must be 1 to 64 characters of text",
            });
        }
    }
    let code_type = trial.code_type.unwrap_or(1);
    if !(1..=3).contains(&code_type) {
        return Err(Mistake {
            field: "codeType",
            reason: "must be 1, 2 or 3",
        });
    }
    if trial
        .code
        .as_ref()
        .is_some_and(|code| !fits(code, code_type))
    {
        return Err(Mistake {
            field: "code",
            reason: "is not of its kind: 18 letters and digits (codeType 1), xxxxxxxx-x (2), 15 digits (3)",
        });
    }
    if (trial.legal_persona_idcard.as_ref()).is_some_and(|number| !is_real(number)) {
        return Err(Mistake {
            field: "legalPersonaIdcard",
            reason: "is no ID card's number (11010519491231002X is one)",
        });
    }
    Ok(())
}

fn register(trial: Trial, random: &mut ChaCha20Rng) -> Register {
    let code_type = trial.code_type.unwrap_or(1);
    let number = digits(random, 8);
    Register {
        enterprise_name: trial
            .enterprise_name
            .unwrap_or_else(|| format!("测试{number}有限公司")),
        code: trial
            .code
            .unwrap_or_else(|| made_up_code(code_type, &number)),
        code_type,
        wechat: (trial.legal_persona_wechat).unwrap_or_else(|| format!("sandbox{number}")),
        name: trial.legal_persona_name.unwrap_or_else(|| "张三".into()),
        idcard: (trial.legal_persona_idcard).unwrap_or_else(|| made_up_idcard(random)),
        phone: trial
            .component_phone
            .unwrap_or_else(|| "13800138000".into()),
    }
}

fn digits(random: &mut ChaCha20Rng, length: usize) -> String {
    (0..length)
        .filter_map(|_| char::from_digit(random.next_u32() % 10, 10))
        .collect()
}

/// A code around these eight digits whose check characters are right, as every real one's are.
fn made_up_code(code_type: u32, number: &str) -> String {
    // GB 11714, MOD 11.
    let weighted = number.chars().zip([3, 7, 9, 10, 5, 8, 4, 2]);
    let sum: u32 = weighted
        .filter_map(|(c, weight)| Some(c.to_digit(10)? * weight))
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    match code_type {
        2 => format!("{number}-{check}"),
        3 => {
            // ISO 7064 MOD 11,10.
            let body = format!("110105{number}");
            let left = body
                .chars()
                .filter_map(|c| c.to_digit(10))
                .fold(10, |rest, digit| {
                    let sum = (rest + digit) % 10;
                    (if sum == 0 { 10 } else { sum }) * 2 % 11
                });
            format!("{body}{}", (11 - left) % 10)
        }
        _ => {
            // GB 32100, MOD 31: weights are the powers of 3.
            const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
            let body = format!("91110105{number}{check}");
            let (sum, _) = body
                .chars()
                .filter_map(|c| ALPHABET.find(c))
                .fold((0, 1), |(sum, weight), value| {
                    (sum + value * weight, weight * 3 % 31)
                });
            let check = ALPHABET.chars().nth((31 - sum % 31) % 31);
            format!("{body}{}", check.unwrap_or('0'))
        }
    }
}

/// An ID number of somebody born in 1980, with its check character.
fn made_up_idcard(random: &mut ChaCha20Rng) -> String {
    let body = format!("11010519800101{}", digits(random, 3));
    "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|number| is_real(number))
        .unwrap_or(body)
}

/// A list of numbers, or what crosses from JavaScript in its place: a text of them with commas between.
fn listed_or_joined<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Vec<u32>>, D::Error> {
    given.deserialize_any(Sets)
}

struct Sets;

impl<'de> Visitor<'de> for Sets {
    type Value = Option<Vec<u32>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, joined: &str) -> Result<Self::Value, E> {
        let sets = joined.split(',').filter(|set| !set.is_empty());
        let sets: Result<_, _> = sets.map(str::parse).collect();
        sets.map(Some)
            .map_err(|_| E::custom("not numbers with commas between"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut listed: A) -> Result<Self::Value, A::Error> {
        let mut sets = Vec::new();
        while let Some(set) = listed.next_element()? {
            sets.push(set);
        }
        Ok(Some(sets))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn made_up_codes_have_their_check_characters() {
        // Worked out apart from this code, by the standards' printed tables of weights.
        for (code_type, code) in [
            (1, "911101050000001820"),
            (2, "00000018-2"),
            (3, "110105000000182"),
        ] {
            assert_eq!(made_up_code(code_type, "00000018"), code);
            assert!(fits(code, code_type), "{code}");
        }
    }
}
