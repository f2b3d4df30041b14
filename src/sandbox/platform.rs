//! Third-party platforms: who they are, and what WeChat keeps for them.

use std::{collections::BTreeMap, fmt};

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

use super::{
    Mistake, Sandbox, authorizer::AccessToken, hex, mini_program::plain_text, seal, task::Task,
    trial::Register,
};

/// The ready third-party platform's own app id (`component_appid`).
pub const PLATFORM_APP_ID: &str = "wx5a9db0f5c0ffee02";
/// Its secret (`component_appsecret`). It protects nothing: everybody has it.
pub const PLATFORM_APP_SECRET: &str = "5a9db0f50123456789abcdefc0ffee02";
/// The token that signs its pushes.
pub const PUSH_TOKEN: &str = "SandboxPushToken";
/// The key that encrypts its pushes. As with most real ones, the spare bits of its last character are not zero, and
/// strict base64 decoders refuse it.
pub const ENCODING_AES_KEY: &str = "SandboxEncodingAesKeyWhichEverybodyHas01237";

/// A third-party platform.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxPlatform", optional_fields)
)]
#[non_exhaustive]
pub struct PlatformRecord {
    /// The platform's app id; made up where absent.
    pub component_app_id: Option<String>,
    /// The platform's secret; made up where absent.
    pub component_app_secret: Option<String>,
    /// 消息校验Token, 3 to 32 letters and digits; made up where absent.
    pub token: Option<String>,
    /// 消息加解密Key (EncodingAESKey), 43 letters and digits; made up where absent.
    pub encoding_aes_key: Option<String>,
}

impl fmt::Debug for PlatformRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformRecord")
            .field("component_app_id", &self.component_app_id)
            .finish_non_exhaustive()
    }
}

/// What WeChat keeps for a platform.
pub(super) struct Platform {
    pub(super) app_id: String,
    pub(super) secret: String,
    /// What pushes are signed with.
    pub(super) token: String,
    /// What pushes are encrypted with.
    pub(super) key: [u8; 32],
    /// Each pushed ticket, and until when it is good.
    pub(super) tickets: BTreeMap<String, u64>,
    /// Each component token, and until when it is good.
    pub(super) component_tokens: BTreeMap<String, u64>,
    /// Each unused authorization code: whose it is, and until when it is good.
    pub(super) codes: BTreeMap<String, (String, u64)>,
    /// The authorizers' access tokens.
    pub(super) access_tokens: BTreeMap<String, AccessToken>,
    /// The mini programs that authorized the platform, by app id.
    pub(super) minis: BTreeMap<String, Mini>,
}

/// A mini program that authorized the platform.
pub(super) struct Mini {
    /// What WeChat and the business register know.
    pub(super) register: Register,
    pub(super) permission_sets: Vec<u32>,
    /// `false` once it was verified.
    pub(super) trial: bool,
    /// `false` once the authorization was taken back.
    pub(super) authorized: bool,
    /// The refresh tokens that are honoured, the newest last.
    pub(super) refresh_tokens: Vec<String>,
    /// When `verifybetaweapp` was called in the last day.
    pub(super) calls: Vec<u64>,
    pub(super) task: Option<Task>,
}

impl Platform {
    /// The one that is there from the start.
    pub(super) fn ready() -> Result<Self, Mistake> {
        Ok(Self {
            app_id: PLATFORM_APP_ID.into(),
            secret: PLATFORM_APP_SECRET.into(),
            token: PUSH_TOKEN.into(),
            key: opened(ENCODING_AES_KEY)?,
            tickets: BTreeMap::new(),
            component_tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            minis: BTreeMap::new(),
        })
    }
}

impl Sandbox {
    /// Adds a platform, or changes the secrets of the one of this id; nothing of the result is absent.
    ///
    /// # Errors
    /// An id, a secret or a token of other characters than letters and digits, and what is no `EncodingAESKey`.
    pub fn add_platform(
        &mut self,
        given: PlatformRecord,
        seed: [u8; 32],
    ) -> Result<PlatformRecord, Mistake> {
        let mut random = ChaCha20Rng::from_seed(seed);
        plain_text("componentAppId", given.component_app_id.as_deref())?;
        plain_text("componentAppSecret", given.component_app_secret.as_deref())?;
        plain_text("token", given.token.as_deref())?;
        if (given.token.as_ref()).is_some_and(|token| !(3..=32).contains(&token.len())) {
            return Err(Mistake {
                field: "token",
                reason: "must be 3 to 32 letters and digits",
            });
        }
        let app_id =
            (given.component_app_id).unwrap_or_else(|| format!("wx{}", hex(&mut random, 16)));
        let secret = (given.component_app_secret).unwrap_or_else(|| hex(&mut random, 32));
        let token = given.token.unwrap_or_else(|| hex(&mut random, 32));
        // The last character of hex digits leaves spare bits, as most real keys do.
        let aes_key = (given.encoding_aes_key).unwrap_or_else(|| hex(&mut random, 43));
        let key = opened(&aes_key)?;
        let fresh = Platform {
            app_id: app_id.clone(),
            secret: secret.clone(),
            token: token.clone(),
            key,
            ..Platform::ready()?
        };
        let platform = self.platforms.entry(app_id.clone()).or_insert(fresh);
        platform.secret.clone_from(&secret);
        platform.token.clone_from(&token);
        platform.key = key;
        Ok(PlatformRecord {
            component_app_id: Some(app_id),
            component_app_secret: Some(secret),
            token: Some(token),
            encoding_aes_key: Some(aes_key),
        })
    }

    /// Changes the key that the ready platform's pushes are encrypted with, as its console can.
    ///
    /// # Errors
    /// What is not 43 characters of base64.
    pub fn set_encoding_aes_key(&mut self, text: &str) -> Result<(), Mistake> {
        self.set_encoding_aes_key_of(None, text)
    }

    /// The same for a platform: the ready one, where none is named.
    ///
    /// # Errors
    /// What is not 43 characters of base64; a platform that was never added.
    pub fn set_encoding_aes_key_of(
        &mut self,
        component_app_id: Option<&str>,
        text: &str,
    ) -> Result<(), Mistake> {
        let key = opened(text)?;
        self.platform(component_app_id)?.key = key;
        Ok(())
    }

    /// Whether `verifybetaweapp` takes the 2026 form alone, as WeChat announced for 2026-04-30. Default: both forms.
    pub fn set_only_2026_form(&mut self, only: bool) {
        self.only_2026_form = only;
    }

    /// The platform that is named, if it is one; the ready one, where none is.
    pub(super) fn platform(
        &mut self,
        component_app_id: Option<&str>,
    ) -> Result<&mut Platform, Mistake> {
        let id = component_app_id.unwrap_or(PLATFORM_APP_ID);
        self.platforms.get_mut(id).ok_or(Mistake {
            field: "componentAppId",
            reason: "is no platform of this sandbox: addPlatform first",
        })
    }

    /// The platforms that a mini program authorized, and the mini program as each of them has it.
    pub(super) fn minis_of(&mut self, app_id: &str) -> impl Iterator<Item = (&str, &mut Mini)> {
        let platforms = self.platforms.values_mut();
        platforms.filter_map(move |platform| {
            Some((platform.app_id.as_str(), platform.minis.get_mut(app_id)?))
        })
    }
}

fn opened(encoding_aes_key: &str) -> Result<[u8; 32], Mistake> {
    seal::key(encoding_aes_key).ok_or(Mistake {
        field: "encodingAesKey",
        reason: "must be 43 letters and digits",
    })
}
