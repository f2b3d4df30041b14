//! The mini programs that call in their own name.

use std::fmt;

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

use super::{Mistake, Sandbox, access_token, hex};

/// The ready mini program.
pub const APP_ID: &str = "wx5a9db0f5c0ffee01";
/// Its secret, for `/cgi-bin/stable_token`. It protects nothing: everybody has it.
pub const APP_SECRET: &str = "5a9db0f50123456789abcdefc0ffee01";

/// A mini program that calls in its own name.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxMiniProgram", optional_fields)
)]
#[non_exhaustive]
pub struct MiniProgramRecord {
    /// Its app id; made up where absent.
    pub app_id: Option<String>,
    /// Its secret; made up where absent.
    pub app_secret: Option<String>,
}

impl fmt::Debug for MiniProgramRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MiniProgramRecord")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

/// What WeChat keeps for it.
pub(super) struct MiniProgram {
    pub(super) secret: String,
    /// The token that `stable_token` hands out.
    pub(super) stable: Option<String>,
    /// When `stable_token` was forced to make a new one in the last day.
    pub(super) forced: Vec<u64>,
    /// The token that the older `token` handed out last.
    pub(super) latest: Option<String>,
}

impl MiniProgram {
    pub(super) fn of(secret: &str) -> Self {
        Self {
            secret: secret.into(),
            stable: None,
            forced: Vec::new(),
            latest: None,
        }
    }
}

impl Sandbox {
    /// Adds a mini program, or changes the secret of the one of this id; nothing of the result is absent.
    ///
    /// # Errors
    /// An id or a secret of other characters than letters and digits.
    pub fn add_mini_program(
        &mut self,
        given: MiniProgramRecord,
        seed: [u8; 32],
    ) -> Result<MiniProgramRecord, Mistake> {
        let mut random = ChaCha20Rng::from_seed(seed);
        plain_text("appId", given.app_id.as_deref())?;
        plain_text("appSecret", given.app_secret.as_deref())?;
        let app_id = (given.app_id).unwrap_or_else(|| format!("wx{}", hex(&mut random, 16)));
        let secret = given.app_secret.unwrap_or_else(|| hex(&mut random, 32));
        self.mini_programs
            .entry(app_id.clone())
            .or_insert_with(|| MiniProgram::of(""))
            .secret
            .clone_from(&secret);
        Ok(MiniProgramRecord {
            app_id: Some(app_id),
            app_secret: Some(secret),
        })
    }

    /// Issues an access token of the ready mini program, good for 7,200 seconds from `now`.
    pub fn issue_access_token(&mut self, now: u64, seed: [u8; 32]) -> String {
        access_token::issue_stable(self, APP_ID, now, &mut ChaCha20Rng::from_seed(seed))
    }

    /// Issues an access token of a mini program: the ready one, where none is named.
    ///
    /// # Errors
    /// A mini program that was never added.
    pub fn issue_access_token_of(
        &mut self,
        app_id: Option<&str>,
        now: u64,
        seed: [u8; 32],
    ) -> Result<String, Mistake> {
        let app_id = self.known_app(app_id)?;
        let mut random = ChaCha20Rng::from_seed(seed);
        Ok(access_token::issue_stable(self, &app_id, now, &mut random))
    }

    /// Ends every access token of the ready mini program that was issued so far, as a forced refresh or a new secret does.
    pub fn revoke_access_tokens(&mut self) {
        access_token::revoke(self, APP_ID);
    }

    /// The same for a mini program: the ready one, where none is named.
    ///
    /// # Errors
    /// A mini program that was never added.
    pub fn revoke_access_tokens_of(&mut self, app_id: Option<&str>) -> Result<(), Mistake> {
        let app_id = self.known_app(app_id)?;
        access_token::revoke(self, &app_id);
        Ok(())
    }

    /// The mini program that is named, if it is one; the ready one, where none is.
    pub(super) fn known_app(&self, app_id: Option<&str>) -> Result<String, Mistake> {
        let app_id = app_id.unwrap_or(APP_ID);
        if self.mini_programs.contains_key(app_id) {
            return Ok(app_id.into());
        }
        Err(Mistake {
            field: "appId",
            reason: "is no mini program of this sandbox: addMiniProgram first",
        })
    }

    /// The same for whose users there are: those that authorized a platform have some, too.
    pub(super) fn app_of(&mut self, app_id: Option<&str>) -> Result<String, Mistake> {
        match app_id {
            Some(app_id) if self.minis_of(app_id).next().is_some() => Ok(app_id.into()),
            _ => self.known_app(app_id),
        }
    }
}

/// Ids, secrets and tokens are letters and digits.
pub(super) fn plain_text(field: &'static str, given: Option<&str>) -> Result<(), Mistake> {
    let right = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if given.is_none_or(right) {
        return Ok(());
    }
    Err(Mistake {
        field,
        reason: "must be 1 to 64 letters and digits",
    })
}
