//! How long a token is used: decided from what WeChat said and when, without a clock.

/// Seconds before its end from which on a token is replaced. For the last five minutes WeChat honours both, the old one
/// and its successor.
const RENEWED_BEFORE: u32 = 300;

/// Until when (seconds since 1970-01-01 UTC) a token that came at `now` and lives for `expires_in` seconds is used.
///
/// Five minutes before its end, and for short-lived ones half of their life: never longer than WeChat says, and never not
/// at all.
pub fn fresh_until(now: u32, expires_in: u32) -> u32 {
    let used = expires_in
        .saturating_sub(RENEWED_BEFORE)
        .max(expires_in / 2);
    now.saturating_add(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_before_its_end() {
        for (expires_in, used) in [
            (7200, 6900),
            (600, 300),
            (400, 200),
            (300, 150),
            (1, 0),
            (0, 0),
        ] {
            assert_eq!(fresh_until(1_700_000_000, expires_in), 1_700_000_000 + used);
        }
        assert_eq!(fresh_until(u32::MAX, u32::MAX), u32::MAX);
    }
}
