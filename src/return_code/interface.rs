//! Which interface has which tables, and what can be asked of them.

use super::{
    Action, RetryAfter, Text, Who, beta_status, check_real_name_info,
    entry::Entry,
    face_verification,
    general::{self, SUCCESS},
    get_medical_real_name, get_real_name_info, get_stable_access_token, platform,
    verify_beta_miniprogram, verify_ret,
};

/// Everything that is known of one number of one interface.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The interface, as this library spells it.
    pub of: &'static str,
    /// The number.
    pub code: i32,
    /// What it means, in a few words.
    pub meaning: Text,
    /// What to do about it, for whoever acts.
    pub remedy: Text,
    /// Who acts.
    pub who: Who,
    /// What a program can do about it; none where nothing was refused.
    pub action: Option<Action>,
    /// When the call may be made again, where that is known.
    pub retry_after: Option<RetryAfter>,
}

/// What kind of number an interface answers with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// `errcode` of a reply.
    Errcode,
    /// `status` of a push, or of a reply that tells of a task.
    Status,
    /// `verify_ret` of `queryverifyinfo`.
    VerifyRet,
}

/// An interface of WeChat's, or another place where its numbers stand.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Interface {
    /// As this library spells it.
    pub name: &'static str,
    /// As WeChat's documents and addresses spell it.
    pub wechat_name: &'static str,
    /// What its numbers are.
    pub kind: Kind,
    /// What it does.
    pub title: Text,
    own: &'static [&'static [Entry]],
}

/// All of them.
pub const INTERFACES: &[Interface] = &[
    errcodes(
        ("checkRealNameInfo", "checkrealnameinfo"),
        text("校验实名信息", "Checking a real name"),
        &[check_real_name_info::ENTRIES],
    ),
    errcodes(
        ("getRealNameInfo", "getrealnameinfo"),
        text("获取实名信息", "Getting a real name"),
        &[get_real_name_info::ENTRIES],
    ),
    errcodes(
        ("getCategory", "get_category"),
        text("获取小程序类目", "The mini program's categories"),
        &[],
    ),
    errcodes(
        ("verifyBetaMiniprogram", "verifybetaweapp"),
        text(
            "试用小程序转正",
            "Turning a trial mini program into a full one",
        ),
        &[
            verify_beta_miniprogram::ENTRIES,
            verify_beta_miniprogram::BOTH,
        ],
    ),
    Interface {
        kind: Kind::Status,
        ..errcodes(
            (
                "notify_third_fastverifybetaapp",
                "notify_third_fastverifybetaapp",
            ),
            text(
                "试用小程序转正：推送与任务的状态",
                "Trial verification: status of push and task",
            ),
            &[beta_status::ENTRIES, verify_beta_miniprogram::BOTH],
        )
    },
    errcodes(
        ("getStableAccessToken", "stable_token"),
        text("获取小程序的 access_token", "A mini program's access token"),
        &[get_stable_access_token::ENTRIES],
    ),
    errcodes(
        ("getComponentAccessToken", "api_component_token"),
        text(
            "获取第三方平台的 component_access_token",
            "A platform's own token",
        ),
        &[platform::ENTRIES],
    ),
    errcodes(
        ("getAuthorizerRefreshToken", "api_query_auth"),
        text(
            "用授权码换取商家的 refresh token",
            "From an owner's authorization code to their tokens",
        ),
        &[platform::ENTRIES],
    ),
    errcodes(
        ("getAuthorizerAccessToken", "api_authorizer_token"),
        text(
            "获取商家的 authorizer_access_token",
            "A client's token on a platform",
        ),
        &[platform::ENTRIES],
    ),
    errcodes(
        ("getVerifyId", "getverifyid"),
        text("微信人脸核身：发起", "Face verification: to begin one"),
        &[face_verification::ENTRIES],
    ),
    errcodes(
        ("queryVerifyInfo", "queryverifyinfo"),
        text(
            "微信人脸核身：查询结果",
            "Face verification: to ask for its result",
        ),
        &[face_verification::ENTRIES],
    ),
    Interface {
        kind: Kind::VerifyRet,
        ..errcodes(
            ("verify_ret", "verify_ret"),
            text(
                "微信人脸核身：核身结果 verify_ret",
                "Face verification: the result, verify_ret",
            ),
            &[verify_ret::ENTRIES],
        )
    },
    errcodes(
        ("getMedicalRealName", "getmedrealname"),
        text("微信长辈就医：获取实名信息", "Medical real name"),
        &[get_medical_real_name::ENTRIES],
    ),
];

const fn errcodes(
    (name, wechat_name): (&'static str, &'static str),
    title: Text,
    own: &'static [&'static [Entry]],
) -> Interface {
    Interface {
        name,
        wechat_name,
        kind: Kind::Errcode,
        title,
        own,
    }
}

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// What a number of an interface means and what to do about it; nothing, if this version does not know the one or the
/// other.
///
/// `of`: the interface by this library's name or by WeChat's, in upper or lower case.
pub fn explain(of: &str, code: i32) -> Option<Explanation> {
    Interface::find(of)?.explain(code)
}

/// What a number means that every interface may answer, where it is not known which one did.
pub fn explain_general(code: i32) -> Option<Explanation> {
    let mut entries = general::ENTRIES.iter();
    Some(explanation("", entries.find(|entry| entry.number == code)?))
}

impl Interface {
    /// The interface of this name: this library's or WeChat's, in upper or lower case.
    pub fn find(name: &str) -> Option<&'static Self> {
        INTERFACES.iter().find(|interface| {
            let names = [interface.name, interface.wechat_name];
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// Everything that it answers, in order: its own numbers, and those that every interface may answer.
    pub fn codes(&self) -> Vec<i32> {
        let general = self.general().iter().map(|entry| entry.number);
        let mut codes: Vec<i32> = self.own_codes().into_iter().chain(general).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The numbers that it has a meaning of its own for, in order.
    pub fn own_codes(&self) -> Vec<i32> {
        let mut codes: Vec<i32> = self.entries().map(|entry| entry.number).collect();
        codes.sort_unstable();
        codes
    }

    /// What a number means here; its own meaning before the general one.
    pub fn explain(&self, code: i32) -> Option<Explanation> {
        let is_success = code == SUCCESS.number && self.kind == Kind::Errcode;
        let success = is_success.then_some(&SUCCESS);
        let mut known = self.entries().chain(self.general()).chain(success);
        known
            .find(|entry| entry.number == code)
            .map(|entry| explanation(self.name, entry))
    }

    fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        self.own.iter().copied().flatten()
    }

    fn general(&self) -> &'static [Entry] {
        match self.kind {
            Kind::Errcode => general::ENTRIES,
            Kind::Status | Kind::VerifyRet => &[],
        }
    }
}

fn explanation(of: &'static str, entry: &Entry) -> Explanation {
    Explanation {
        of,
        code: entry.number,
        meaning: entry.meaning,
        remedy: entry.remedy,
        who: entry.who,
        action: entry.action,
        retry_after: entry.retry_after,
    }
}
