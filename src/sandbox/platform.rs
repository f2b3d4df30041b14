//! The ready third-party platform: who it is, and what WeChat keeps for it.

use std::collections::BTreeMap;

use super::{
    Mistake, Push, Sandbox, authorizer::AccessToken, post::Sent, seal, task::Task, trial::Register,
};

/// The third-party platform's own app id (`component_appid`).
pub const PLATFORM_APP_ID: &str = "wx5a9db0f5c0ffee02";
/// Its secret (`component_appsecret`). It protects nothing: everybody has it.
pub const PLATFORM_APP_SECRET: &str = "5a9db0f50123456789abcdefc0ffee02";
/// The token that signs its pushes.
pub const PUSH_TOKEN: &str = "SandboxPushToken";
/// The key that encrypts its pushes. As with most real ones, the spare bits of its last character are not zero, and
/// strict base64 decoders refuse it.
pub const ENCODING_AES_KEY: &str = "SandboxEncodingAesKeyWhichEverybodyHas01237";

/// What WeChat keeps for the platform.
pub(super) struct Platform {
    /// What pushes are encrypted with.
    pub(super) key: [u8; 32],
    /// Whether `verifybetaweapp` takes the 2026 form alone.
    pub(super) only_2026_form: bool,
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
    /// The last events, so that they can be pushed again.
    pub(super) sent: BTreeMap<u32, Sent>,
    /// What the request at hand makes WeChat push.
    pub(super) outbox: Vec<Push>,
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
    pub(super) fn new() -> Result<Self, Mistake> {
        Ok(Self {
            key: opened(ENCODING_AES_KEY)?,
            only_2026_form: false,
            tickets: BTreeMap::new(),
            component_tokens: BTreeMap::new(),
            codes: BTreeMap::new(),
            access_tokens: BTreeMap::new(),
            minis: BTreeMap::new(),
            sent: BTreeMap::new(),
            outbox: Vec::new(),
        })
    }

    /// The mini program of this id.
    pub(super) fn mini(&mut self, app_id: &str) -> Result<&mut Mini, Mistake> {
        self.minis.get_mut(app_id).ok_or(Mistake {
            field: "appId",
            reason: "is no mini program that was added to this sandbox",
        })
    }
}

impl Sandbox {
    /// Changes the key that pushes are encrypted with, as the platform's console can.
    ///
    /// # Errors
    /// What is not 43 characters of base64.
    pub fn set_encoding_aes_key(&mut self, text: &str) -> Result<(), Mistake> {
        self.platform.key = opened(text)?;
        Ok(())
    }

    /// Whether `verifybetaweapp` takes the 2026 form alone, as WeChat announced for 2026-04-30. Default: both forms.
    pub fn set_only_2026_form(&mut self, only: bool) {
        self.platform.only_2026_form = only;
    }
}

fn opened(encoding_aes_key: &str) -> Result<[u8; 32], Mistake> {
    seal::key(encoding_aes_key).ok_or(Mistake {
        field: "encodingAesKey",
        reason: "must be 43 letters and digits",
    })
}
