//! How long a token is used, when the next one is asked for, and which calls are made again: decided without a clock and
//! without a timer.

use crate::{return_code::Action, secret::AccessToken};

/// Seconds before its end from which on a token is replaced. For the last five minutes WeChat honours both, the old one
/// and its successor.
const RENEWED_BEFORE: u32 = 300;

/// No token of WeChat's lives for longer than two hours. What claims to be good for more than a day was not kept by this
/// library, or by a machine whose clock is wrong.
const LONGEST: u32 = 24 * 60 * 60;

/// Milliseconds between two requests for a token. WeChat allows 10,000 a minute; whoever comes near that is in a loop.
const BETWEEN_REQUESTS: u32 = 1000;

/// Milliseconds before a call is first made again, at most; every further time twice as long.
const FIRST_PAUSE: u32 = 500;
const LONGEST_PAUSE: u32 = 8000;

/// Until when (seconds since 1970-01-01 UTC) a token that came at `now` and lives for `expires_in` seconds is used.
///
/// Five minutes before its end, and for short-lived ones half of their life: never longer than WeChat says. Where that is
/// `now`, it serves the calls that wait for it, and no other.
pub fn fresh_until(now: u32, expires_in: u32) -> u32 {
    let used = expires_in
        .saturating_sub(RENEWED_BEFORE)
        .max(expires_in / 2)
        .min(LONGEST);
    now.saturating_add(used)
}

/// A token that was kept.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// The token.
    pub token: AccessToken,
    /// Until when it is used, in seconds since 1970-01-01 UTC.
    pub fresh_until: u32,
}

impl KeptToken {
    /// Whether a call is made on it at `now`, where WeChat `refused` another or none.
    ///
    /// After a refusal only what may have come later than the refused token is of any use.
    pub fn is_usable(&self, now: u32, refused: Option<&Self>) -> bool {
        let alive = self.fresh_until > now && self.fresh_until <= now.saturating_add(LONGEST);
        let later = refused.is_none_or(|refused| {
            self.token != refused.token && self.fresh_until >= refused.fresh_until
        });
        alive && later && self.token.is_well_formed()
    }
}

/// How many milliseconds a request for a token waits, where the one before it ended `elapsed` milliseconds ago.
pub fn pause_before_request(elapsed: u32) -> u32 {
    BETWEEN_REQUESTS.saturating_sub(elapsed)
}

/// How a call is made again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Repeat {
    /// On a new token, if there is one.
    OnAnotherToken,
    /// After so many milliseconds.
    After(u32),
}

/// What was done for a call so far, and what may be done.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    /// It changes nothing at WeChat and uses nothing up, so it may be made as often as one likes.
    pub repeatable: bool,
    /// It asks for a token, which has a pace of its own.
    pub gets_token: bool,
    /// It was made again on another token.
    pub token_replaced: bool,
    /// How often it was made again after a pause.
    pub repeated: u32,
    /// How often it may be.
    pub retries: u32,
}

/// Whether and how a call that failed is made again.
///
/// `action` is the failure's, `random` any number: many who fail at once shall not come back at once.
pub fn repeat(action: Option<Action>, attempts: &Attempts, random: u32) -> Option<Repeat> {
    match action? {
        // A call on a refused token did nothing, so even one that carries a one-time code can be made again.
        Action::RefreshToken if !attempts.token_replaced => Some(Repeat::OnAnotherToken),
        Action::Retry if attempts.repeatable && attempts.repeated < attempts.retries => {
            let doubled = 1_u32
                .checked_shl(attempts.repeated)
                .and_then(|factor| FIRST_PAUSE.checked_mul(factor));
            let longest = doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
            let least = pause_before_request(if attempts.gets_token { 0 } else { u32::MAX });
            Some(Repeat::After(
                (longest / 2 + random % (longest / 2)).max(least),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u32 = 1_700_000_000;

    fn kept(token: &str, fresh_until: u32) -> KeptToken {
        KeptToken {
            token: token.into(),
            fresh_until,
        }
    }

    #[test]
    fn a_token_is_replaced_before_its_end() {
        for (expires_in, used) in [
            (7200, 6900),
            (600, 300),
            (400, 200),
            (300, 150),
            (1, 0),
            (0, 0),
            (86_700, 86_400),
            (90_000, 86_400),
            (u32::MAX, 86_400),
        ] {
            assert_eq!(fresh_until(NOW, expires_in), NOW + used);
            let token = kept("a", fresh_until(NOW, expires_in));
            assert_eq!(token.is_usable(NOW, None), used > 0);
        }
        assert_eq!(fresh_until(u32::MAX, u32::MAX), u32::MAX);
    }

    #[test]
    fn what_was_kept_is_used_while_it_is_fresh_and_not_refused() {
        let token = kept("a", NOW + 10);
        assert!(token.is_usable(NOW, None));
        assert!(token.is_usable(NOW + 9, None));
        assert!(!token.is_usable(NOW + 10, None));
        // Milliseconds in the place of seconds, or a clock that is far ahead.
        assert!(!kept("a", u32::MAX).is_usable(NOW, None));
        assert!(kept(&"a".repeat(2048), NOW + 10).is_usable(NOW, None));
        for spoilt in ["", "a b", "a&b=c", "{}", &"a".repeat(2049)] {
            assert!(!kept(spoilt, NOW + 10).is_usable(NOW, None), "{spoilt}");
        }
        // The refused one itself, another of the same age, and one from before it.
        assert!(!token.is_usable(NOW, Some(&token)));
        assert!(kept("b", NOW + 10).is_usable(NOW, Some(&token)));
        assert!(!kept("b", NOW + 9).is_usable(NOW, Some(&token)));
    }

    #[test]
    fn requests_for_tokens_keep_their_distance() {
        for (elapsed, pause) in [(0, 1000), (1, 999), (999, 1), (1000, 0), (u32::MAX, 0)] {
            assert_eq!(pause_before_request(elapsed), pause);
        }
    }

    #[test]
    fn only_what_may_be_made_again_is_and_never_for_ever() {
        let attempts = Attempts {
            repeatable: true,
            gets_token: false,
            token_replaced: false,
            repeated: 0,
            retries: 2,
        };
        let once = Attempts {
            repeatable: false,
            ..attempts
        };
        // A refused token: once, whatever the call is.
        for attempts in [attempts, once] {
            let refused = Some(Action::RefreshToken);
            assert_eq!(repeat(refused, &attempts, 0), Some(Repeat::OnAnotherToken));
            let replaced = Attempts {
                token_replaced: true,
                ..attempts
            };
            assert_eq!(repeat(refused, &replaced, 0), None);
        }
        // What passes: only what uses nothing up, and only so often.
        assert_eq!(repeat(Some(Action::Retry), &once, 0), None);
        for (repeated, random, pause) in [
            (0, 0, Some(250)),
            (0, 249, Some(499)),
            (0, u32::MAX, Some(250 + u32::MAX % 250)),
            (1, 0, Some(500)),
            (2, 0, None),
        ] {
            let attempts = Attempts {
                repeated,
                ..attempts
            };
            let next = repeat(Some(Action::Retry), &attempts, random);
            assert_eq!(next, pause.map(Repeat::After));
        }
        let asking = Attempts {
            gets_token: true,
            ..attempts
        };
        let next = repeat(Some(Action::Retry), &asking, 0);
        assert_eq!(next, Some(Repeat::After(1000)));
        let patient = Attempts {
            repeated: 40,
            retries: u32::MAX,
            ..attempts
        };
        assert_eq!(
            repeat(Some(Action::Retry), &patient, 0),
            Some(Repeat::After(4000))
        );
        // Everything else.
        for action in [Action::FixRequest, Action::Wait, Action::Stop] {
            assert_eq!(repeat(Some(action), &attempts, 0), None);
        }
        assert_eq!(repeat(None, &attempts, 0), None);
    }
}
