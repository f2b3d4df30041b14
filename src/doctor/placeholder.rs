//! Values that somebody forgot to fill in. What a generator could have made is not taken for one.

/// What an unfinished value looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unfinished {
    /// Nobody's value: `your_app_id`, `wxxxxxxxx`, `<appid>`, `TODO`.
    Placeholder,
    /// Of somebody's manual: `0123456789abcdef`, all zeros.
    Sample,
}

/// Longer than every setting but keys, tokens and codes, which are random and may hold any word.
const SHORT: usize = 40;

pub(super) fn unfinished(field: &str, value: &str) -> Option<Unfinished> {
    use Unfinished::{Placeholder, Sample};

    let value = value.trim().trim_matches(['"', '\'']);
    let lower = value.to_lowercase();
    let wrapped = |open, close| lower.starts_with(open) && lower.ends_with(close);
    if lower.is_empty() {
        return None;
    }
    if wrapped("<", ">") || wrapped("${", "}") || wrapped("{{", "}}") || wrapped("[", "]") {
        return Some(Placeholder);
    }
    if [
        "你的",
        "您的",
        "填写",
        "请填",
        "替换",
        "请输入",
        "此处",
        "示例",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        return Some(Placeholder);
    }
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let is_word = |word: &str| {
        WORDS.contains(&word)
            || word
                .strip_prefix("your")
                .is_some_and(|rest| rest.is_empty() || NAMES.contains(&rest))
    };
    if field != "baseUrl" && lower.len() <= SHORT && words.any(is_word) {
        return Some(Placeholder);
    }
    // A push channel's token is anybody's choice: `token` and `test` are poor ones, but they work.
    if NOTHING.contains(&lower.as_str())
        || (field != "pushToken" && NAMES.contains(&lower.as_str()))
    {
        return Some(Placeholder);
    }
    let longest = longest_run(&lower, &['x', '*']);
    let enough = match lower.len() {
        _ if lower.starts_with("wx") && field.ends_with("ppId") => 4,
        length if length <= SHORT => 4,
        _ => 8,
    };
    if longest >= enough {
        return Some(Placeholder);
    }
    let body = lower.strip_prefix("wx").unwrap_or(&lower);
    let one = body
        .chars()
        .next()
        .is_some_and(|first| body.chars().all(|c| c == first));
    if body.len() >= 8 && (one || RISING.iter().any(|rising| body.starts_with(rising))) {
        return Some(Sample);
    }
    SAMPLES.contains(&value).then_some(Sample)
}

fn longest_run(text: &str, of: &[char]) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for c in text.chars() {
        run = match (of.contains(&c), last == Some(c)) {
            (false, _) => 0,
            (true, true) => run + 1,
            (true, false) => 1,
        };
        last = Some(c);
        longest = longest.max(run);
    }
    longest
}

/// Between characters that are no letters.
const WORDS: &[&str] = &[
    "todo",
    "fixme",
    "changeme",
    "change",
    "placeholder",
    "replace",
    "replaceme",
    "dummy",
    "tbd",
];
/// After `your`, or alone.
const NAMES: &[&str] = &[
    "app",
    "appid",
    "appsecret",
    "secret",
    "key",
    "token",
    "accesstoken",
    "access_token",
    "mch",
    "mchid",
    "mch_id",
    "app_id",
    "app_secret",
    "merchant",
    "serial",
    "encodingaeskey",
    "component",
    "component_appid",
    "test",
    "example",
    "sample",
    "demo",
    "authtoken",
    "auth_token",
    "code",
];
/// What programs make of nothing.
const NOTHING: &[&str] = &["undefined", "null", "none", "nil", "nan", "[object object]"];
/// Where a generator had none.
const RISING: &[&str] = &[
    "0123456789",
    "1234567890",
    "abcdefghij",
    "123456789a",
    "12345678",
];
/// From WeChat's manuals and this library's.
const SAMPLES: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "wxd678efh567hg6787",
    "wx2421b1c4370ec43b",
    "wxb11529c136998cb6",
    "5AB1C2D3E4F5061728394A5B6C7D8E9F00112233",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_filled_in() {
        for (field, value) in [
            ("appId", "your_app_id"),
            ("appId", "YOUR-APPID"),
            ("appId", "yourAppId"),
            ("appId", "wxxxxxxxxxxxxxxx"),
            ("appId", "wx****************"),
            ("appId", "<appid>"),
            ("appId", "${APP_ID}"),
            ("appId", "{{ appid }}"),
            ("appId", "APPID"),
            ("appId", "undefined"),
            ("appSecret", "TODO"),
            ("appSecret", "changeme"),
            ("appSecret", "change-me"),
            ("appSecret", "your_secret_here"),
            ("accessToken", "ACCESS_TOKEN"),
            ("accessToken", "[access token]"),
            ("mchId", "1900xxxxxx"),
            ("certSerialNo", "你的证书序列号"),
            ("pushToken", "your_token"),
            (
                "encodingAesKey",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ] {
            assert_eq!(
                unfinished(field, value),
                Some(Unfinished::Placeholder),
                "{value}"
            );
        }
        for (field, value) in [
            ("appId", "wx0000000000000000"),
            ("appId", "wx1234567890abcdef"),
            ("mchId", "1234567890"),
            ("appSecret", "0123456789abcdef0123456789abcdef"),
            (
                "encodingAesKey",
                "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            ),
        ] {
            assert_eq!(
                unfinished(field, value),
                Some(Unfinished::Sample),
                "{value}"
            );
        }
    }

    #[test]
    fn what_a_generator_could_have_made() {
        for (field, value) in [
            ("appId", "wx5a9db0f5c0ffee01"),
            ("appId", "wx308bd2aeb83d3345"),
            ("appId", "wx888ec0de12340000"),
            ("mchId", "1900006511"),
            ("mchId", "1230000109"),
            ("mchId", "10000098"),
            ("certSerialNo", "157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60"),
            ("pushToken", "weixin"),
            ("pushToken", "token"),
            ("pushToken", "SandboxPushToken"),
            (
                "encodingAesKey",
                "SandboxEncodingAesKeyWhichEverybodyHas01237",
            ),
            (
                "accessToken",
                "57_todo-xxxx_Qk3aW-your_secretXXXXyZ0fJ8h2-4kPqLw9sD",
            ),
            ("baseUrl", "https://api.weixin.qq.com"),
            ("baseUrl", "http://127.0.0.1:8090"),
            ("code", "sandbox:94004"),
            ("authToken", ""),
        ] {
            assert_eq!(unfinished(field, value), None, "{value}");
        }
    }

    #[test]
    fn random_secrets_are_left_alone() {
        // A generator's texts of every kind, always the same ones.
        let mut state = 1_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for (field, alphabet, length) in [
            ("appSecret", "0123456789abcdef", 32),
            (
                "encodingAesKey",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                43,
            ),
            (
                "accessToken",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                157,
            ),
            ("certSerialNo", "0123456789ABCDEF", 40),
        ] {
            let characters: Vec<char> = alphabet.chars().collect();
            for _ in 0..20_000 {
                let value: String = (0..length)
                    .map(|_| {
                        let at = usize::try_from(next(characters.len() as u64)).unwrap();
                        characters[at]
                    })
                    .collect();
                assert_eq!(unfinished(field, &value), None, "{field}");
            }
        }
    }
}
