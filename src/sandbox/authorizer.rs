//! The tokens that a platform holds for a mini program.

use rand_chacha::ChaCha20Rng;

use super::{
    Answer, Refusal, Sandbox,
    access_token::{AUTHORIZER_TOKEN, SECONDS, judge},
    letters,
    platform::Platform,
};

/// An `authorizer_access_token`.
pub(super) struct AccessToken {
    app_id: String,
    end: u64,
    /// The refresh token that came with it.
    refresh_token: String,
    /// The mini program took its authorization back, and a later one does not bring this token back.
    revoked: bool,
}

/// What a platform's call may do.
pub(super) enum Checked {
    /// A magic token asked for this answer.
    Provoked(Answer),
    /// The call is made for this mini program, by this platform.
    App { platform: String, app_id: String },
}

/// The platform that the token was issued to.
fn of(sandbox: &Sandbox, token: &str) -> Option<String> {
    let mut platforms = sandbox.platforms.iter();
    platforms
        .find(|(_, platform)| platform.access_tokens.contains_key(token))
        .map(|(id, _)| id.clone())
}

/// Whether the token was issued to a platform.
pub(super) fn is_one(sandbox: &Sandbox, token: &str) -> bool {
    of(sandbox, token).is_some()
}

/// Hands out an access token and a new refresh token. The refresh tokens before it are honoured until the new access
/// token is first used (assumed: a reply that is lost must not cost the authorization).
pub(super) fn issue(
    platform: &mut Platform,
    app_id: &str,
    now: u64,
    random: &mut ChaCha20Rng,
) -> (String, String) {
    let access_token = letters(random, 136);
    let refresh_token = format!("refreshtoken@@@{}", letters(random, 43));
    if let Some(mini) = platform.minis.get_mut(app_id) {
        mini.refresh_tokens.push(refresh_token.clone());
    }
    platform.access_tokens.insert(
        access_token.clone(),
        AccessToken {
            app_id: app_id.into(),
            end: now + SECONDS,
            refresh_token: refresh_token.clone(),
            revoked: false,
        },
    );
    (access_token, refresh_token)
}

/// Judges the token of a call made for a mini program. Its use ends the refresh tokens before its own.
pub(super) fn check(sandbox: &mut Sandbox, token: &str, now: u64) -> Result<Checked, Refusal> {
    if sandbox.access_tokens.contains_key(token) {
        return Err(Refusal::new(
            48001,
            "api unauthorized",
            "the mini program's own access_token: this interface takes an authorizer_access_token",
        ));
    }
    let id = of(sandbox, token).unwrap_or_default();
    let platform = sandbox.platforms.get_mut(&id);
    let known = platform.and_then(|platform| {
        let known = platform.access_tokens.get(token)?;
        Some((known, platform.minis.get_mut(&known.app_id)))
    });
    let end = known.as_ref().map(|(known, _)| known.end);
    if let Some(answer) = judge(token, &AUTHORIZER_TOKEN, end, now)? {
        return Ok(Checked::Provoked(answer));
    }
    match known.and_then(|(known, mini)| Some((known, mini?))) {
        Some((known, mini)) if !known.revoked => {
            let own = mini
                .refresh_tokens
                .iter()
                .position(|honoured| *honoured == known.refresh_token);
            mini.refresh_tokens.drain(..own.unwrap_or(0));
            Ok(Checked::App {
                platform: id,
                app_id: known.app_id.clone(),
            })
        }
        _ => Err(not_authorized()),
    }
}

/// Ends an authorization: its tokens, and the codes for more of them.
pub(super) fn revoke(platform: &mut Platform, app_id: &str) {
    if let Some(mini) = platform.minis.get_mut(app_id) {
        mini.authorized = false;
        mini.refresh_tokens.clear();
    }
    for token in platform.access_tokens.values_mut() {
        token.revoked |= token.app_id == app_id;
    }
    platform.codes.retain(|_, (whose, _)| whose != app_id);
}

/// Assumed to be the answer for a mini program that took its authorization back, too.
pub(super) fn not_authorized() -> Refusal {
    Refusal::new(
        61003,
        "component is not authorized by this account",
        "this mini program does not authorize the platform, or does so no longer",
    )
}
