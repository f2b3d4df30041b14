//! The catalogue against the numbers that WeChat's documents give (`vectors/codes.json`): each is explained, in both
//! languages, as its own interface means it.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::collections::{BTreeMap, BTreeSet};

use wechat_realname::return_code::{
    Action, Explanation, GENERAL, INTERFACES, Interface, Kind, RetryAfter, Who, explain,
    explain_general,
};

fn documented() -> BTreeMap<String, Vec<i32>> {
    let mut all: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("vectors/codes.json")).unwrap();
    assert!(all.remove("comment").is_some());
    let numbers = |value| serde_json::from_value(value).unwrap();
    all.into_iter()
        .map(|(of, value)| (of, numbers(value)))
        .collect()
}

fn everything() -> impl Iterator<Item = Explanation> {
    let of = |interface: &'static Interface| {
        let codes = interface.codes().into_iter();
        codes.map(|code| interface.explain(code).unwrap())
    };
    INTERFACES.iter().flat_map(of)
}

#[test]
fn every_documented_number_is_explained() {
    let mut seen = 0;
    for (of, numbers) in documented() {
        assert!(numbers.is_sorted() && !numbers.is_empty(), "{of}");
        for number in numbers {
            if of == "general" {
                assert!(explain_general(number).is_some(), "{number}");
                assert!(
                    GENERAL.iter().any(|code| code.errcode == number),
                    "{number}"
                );
            } else {
                let known = explain(&of, number).unwrap();
                assert_eq!((known.of, known.code), (of.as_str(), number));
            }
            seen += 1;
        }
    }
    assert!(seen > 170, "{seen}");
    let listed: BTreeSet<String> = documented().into_keys().collect();
    for interface in INTERFACES {
        assert!(listed.contains(interface.name), "{}", interface.name);
    }
}

/// What stands in the consoles in Chinese is named in Chinese in the English texts too, or nobody would find it.
const LABELS: &[&str] = &[
    "账户中心 › 账户设置 › API安全 › 商户API证书 › 管理证书",
    "账户中心 › 商户信息",
    "产品中心 › AppID账号管理",
    "管理中心 › 第三方平台 › 详情 › 白名单IP地址列表",
    "管理中心 › 第三方平台 › 详情",
    "开发管理 › 开发设置 › AppSecret",
    "开发管理 › 开发设置 › IP白名单",
    "开发管理 › 开发设置",
    "开发管理 › 接口设置",
    "设置 › 接口设置",
    "公众平台安全助手",
    "开放接口服务",
    "授权事件接收URL",
    "消息与事件接收URL",
    "实名授权",
    "微信支付",
];

fn is_han(c: char) -> bool {
    ('\u{3000}'..='\u{303f}').contains(&c)
        || ('\u{4e00}'..='\u{9fff}').contains(&c)
        || ('\u{ff00}'..='\u{ffef}').contains(&c)
}

#[test]
fn texts_are_in_their_language_and_say_two_things() {
    for known in everything().chain(
        GENERAL
            .iter()
            .filter_map(|code| explain_general(code.errcode)),
    ) {
        let (meaning, remedy) = (known.meaning, known.remedy);
        let which = format!("{} {}", known.of, known.code);
        for zh in [meaning.zh, remedy.zh] {
            assert!(zh.chars().any(is_han), "{which}: {zh}");
            // Sentences of Chinese have Chinese marks.
            let mut pairs = zh.chars().zip(zh.chars().skip(1));
            assert!(
                !pairs.any(|(c, mark)| is_han(c) && ",;?!:()".contains(mark)),
                "{which}: {zh}"
            );
        }
        for en in [meaning.en, remedy.en] {
            let plain = LABELS
                .iter()
                .fold(en.to_owned(), |text, label| text.replace(label, ""));
            assert!(!plain.chars().any(is_han), "{which}: {en}");
            assert!(plain.chars().any(|c| c.is_ascii_lowercase()), "{which}");
        }
        assert!(
            remedy.zh.ends_with('。') && remedy.en.ends_with(['.', '…']),
            "{which}"
        );
        assert!(
            !meaning.zh.ends_with('。') && !meaning.en.ends_with('.'),
            "{which}"
        );
        assert!(
            !remedy.zh.contains(meaning.zh) && !remedy.en.contains(meaning.en),
            "{which}"
        );
        for text in [meaning.zh, meaning.en, remedy.zh, remedy.en] {
            assert!(
                !text.contains("  ") && text.trim() == text,
                "{which}: {text}"
            );
        }
    }
}

#[test]
fn a_remedy_is_read_without_its_meaning_and_says_what_is_only_reported() {
    for known in everything() {
        let remedy = known.remedy.en;
        for pointer in [" there,", " there.", " there and ", "that list"] {
            let which = format!("{} {}: {remedy}", known.of, known.code);
            assert!(!remedy.contains(pointer), "{which}");
        }
    }
    let reported = explain("checkRealNameInfo", 80112).unwrap().remedy;
    assert!(reported.en.contains("reported") && reported.zh.contains("据公开反馈"));
    // A wrong signature has other causes too, and how long a code lives is for WeChat to say.
    assert!(
        explain("getRealNameInfo", 94003)
            .unwrap()
            .meaning
            .zh
            .contains("多半")
    );
    let code = explain("api_query_auth", 61010).unwrap().remedy;
    assert!(code.en.contains("AuthorizationCodeExpiredTime") && !code.en.contains("an hour"));
}

#[test]
fn who_acts_goes_with_what_is_done() {
    for known in everything() {
        let which = format!("{} {}", known.of, known.code);
        match known.action {
            Some(Action::ContactWechat) => assert!(
                known.remedy.zh.contains("客服") && known.remedy.en.contains("support"),
                "{which}"
            ),
            Some(Action::AskUserAgain) => assert_eq!(known.who, Who::EndUser, "{which}"),
            Some(Action::FixRequest) => assert_ne!(known.who, Who::Nobody, "{which}"),
            Some(_) => {}
            None => assert_ne!(
                Interface::find(known.of).unwrap().kind,
                Kind::Errcode,
                "{which}"
            ),
        }
        if known.retry_after.is_some() {
            assert_eq!(known.action, Some(Action::Wait), "{which}");
        }
    }
    assert_eq!(
        explain("stable_token", 45009).unwrap().retry_after,
        Some(RetryAfter::NextDay)
    );
}

#[test]
fn lists_are_in_order_and_have_nothing_twice() {
    for interface in INTERFACES {
        for codes in [interface.codes(), interface.own_codes()] {
            assert!(
                codes.windows(2).all(|pair| pair[0] < pair[1]),
                "{}",
                interface.name
            );
        }
        assert!(!interface.codes().is_empty(), "{}", interface.name);
    }
    let general: Vec<i32> = GENERAL.iter().map(|code| code.errcode).collect();
    assert!(general.is_sorted());
}

#[test]
fn one_number_in_two_interfaces_has_two_meanings() {
    let meaning = |of, code| explain(of, code).unwrap().meaning;
    for (one, other, number) in [
        ("checkRealNameInfo", "verifyBetaMiniprogram", 1005),
        ("getStableAccessToken", "getRealNameInfo", 40001),
        ("getStableAccessToken", "getComponentAccessToken", 40013),
        ("getStableAccessToken", "getComponentAccessToken", 40125),
    ] {
        let (one, other) = (meaning(one, number), meaning(other, number));
        assert!(one.zh != other.zh && one.en != other.en, "{number}");
    }
    let actions = |of| explain(of, 40001).unwrap().action;
    assert_eq!(actions("stable_token"), Some(Action::FixRequest));
    assert_eq!(actions("getverifyid"), Some(Action::RefreshToken));
    // A push's number is none of a call, and the other way round.
    assert!(explain("verifyBetaMiniprogram", 103).is_none());
    assert!(explain("notify_third_fastverifybetaapp", 61007).is_none());
    assert!(explain("notify_third_fastverifybetaapp", 45009).is_none());
}

#[test]
fn names_are_found_in_either_spelling_and_case() {
    for interface in INTERFACES {
        for name in [interface.name, interface.wechat_name] {
            for name in [name.to_uppercase(), name.to_lowercase()] {
                assert_eq!(Interface::find(&name).unwrap().name, interface.name);
            }
        }
        assert!(interface.title.zh.chars().any(is_han) && interface.title.en.is_ascii());
    }
    assert!(Interface::find("").is_none());
    assert!(explain("getRealNames", 94001).is_none());
    assert!(explain("getRealNameInfo", 123_456).is_none());
}

#[test]
fn success_is_explained_and_never_listed() {
    let success = explain("getCategory", 0).unwrap();
    assert_eq!((success.meaning.zh, success.action), ("成功", None));
    assert!(!Interface::find("getCategory").unwrap().codes().contains(&0));
    assert!(explain("verify_ret", 0).is_none());
    assert_ne!(
        explain("notify_third_fastverifybetaapp", 0)
            .unwrap()
            .meaning
            .en,
        success.meaning.en
    );
}

#[test]
fn operations_have_what_the_catalogue_says() {
    use wechat_realname::{
        CheckRealNameInfo, GetAuthorizerAccessToken, GetCategory, GetRealNameInfo,
        GetStableAccessToken, Operation, VerifyBetaMiniprogram,
    };

    fn check<O: Operation>() -> usize {
        let own = Interface::find(O::NAME).unwrap();
        let mut numbers: Vec<i32> = O::RETURN_CODES.iter().map(|code| code.errcode).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, own.own_codes(), "{}", O::NAME);
        for code in O::RETURN_CODES {
            let known = own.explain(code.errcode).unwrap();
            assert_eq!(
                (Some(code.action), code.meaning, code.retry_after,),
                (known.action, known.meaning.en, known.retry_after)
            );
        }
        numbers.len()
    }
    assert_eq!(check::<CheckRealNameInfo>(), 4);
    assert_eq!(check::<GetRealNameInfo>(), 10);
    assert_eq!(check::<GetCategory>(), 0);
    assert!(check::<GetStableAccessToken>() > 12);
    assert!(check::<GetAuthorizerAccessToken>() > 6);
    assert!(check::<VerifyBetaMiniprogram>() > 34);
}
