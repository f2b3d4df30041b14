//! What is made of the catalogue of WeChat's numbers: the package's data module, and a page of each language's guides.

use std::{collections::BTreeMap, fmt::Write, fs};

use serde_json::json;
use wechat_realname::return_code::{
    Explanation, GENERAL, INTERFACES, Interface, Kind, RetryAfter, Text, UNKNOWN_MEANING,
    UNKNOWN_REMEDY, explain_general,
};

use crate::shell::{Result, root};

/// `pkg-template/src/generated/return_codes.ts`: every row once, whoever answers it.
pub(crate) fn typescript() -> String {
    let mut rows = Vec::new();
    let mut index = |known: Option<Explanation>| {
        let row = known.map(row).unwrap_or_default();
        rows.iter()
            .position(|other| *other == row)
            .unwrap_or_else(|| {
                rows.push(row);
                rows.len() - 1
            })
    };
    let success = index(INTERFACES.first().and_then(|any| any.explain(0)));
    let general: BTreeMap<i32, usize> = GENERAL
        .iter()
        .map(|code| (code.errcode, index(explain_general(code.errcode))))
        .collect();
    let interfaces: Vec<_> = INTERFACES
        .iter()
        .map(|interface| {
            let codes = interface.own_codes().into_iter();
            let own: BTreeMap<i32, usize> = codes
                .map(|code| (code, index(interface.explain(code))))
                .collect();
            json!({
                "of": interface.name,
                "wechatName": interface.wechat_name,
                "kind": kind(interface.kind),
                "title": interface.title,
                "own": own,
            })
        })
        .collect();
    format!(
        "// Written by `cargo xtask build` from the catalogue in src/return_code.\n\
         import type {{ Action, Who }} from './core_types';\n\n\
         type Row = readonly [\n  meaningZh: string,\n  meaningEn: string,\n  remedyZh: string,\n  remedyEn: string,\n  \
         who: Who,\n  action?: Action,\n  retryAfter?: number | 'next_day',\n];\n\
         type Rows = Readonly<Record<string, number>>;\n\
         interface Interface {{\n  readonly of: string;\n  readonly wechatName: string;\n  \
         readonly kind: 'errcode' | 'status' | 'verify_ret';\n  \
         readonly title: {{ readonly zh: string; readonly en: string }};\n  readonly own: Rows;\n}}\n\n\
         export const rows: readonly Row[] = {};\n\
         export const success: number = {success};\n\
         export const general: Rows = {};\n\
         export const interfaces: readonly Interface[] = {};\n\
         export const unknown = {};\n",
        json!(rows),
        json!(general),
        json!(interfaces),
        json!({ "meaning": UNKNOWN_MEANING, "remedy": UNKNOWN_REMEDY }),
    )
}

fn row(known: Explanation) -> serde_json::Value {
    let Text { zh, en, .. } = known.meaning;
    let mut row = vec![
        json!(zh),
        json!(en),
        json!(known.remedy.zh),
        json!(known.remedy.en),
        json!(known.who),
    ];
    row.extend(known.action.map(|action| json!(action)));
    row.extend(known.retry_after.map(|after| match after {
        RetryAfter::Seconds(seconds) => json!(seconds),
        _ => json!("next_day"),
    }));
    json!(row)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Status => "status",
        Kind::VerifyRet => "verify_ret",
        _ => "errcode",
    }
}

const LANGUAGES: &[(&str, &Words)] = &[("en", &ENGLISH), ("zh", &CHINESE)];

/// Writes `docs/<language>/codes.md`.
pub(crate) fn write_pages() -> Result<()> {
    for (language, words) in LANGUAGES {
        fs::write(
            root().join(format!("docs/{language}/codes.md")),
            page(words),
        )?;
    }
    Ok(())
}

/// What is said around the tables.
struct Words {
    say: fn(Text) -> &'static str,
    introduction: &'static str,
    heading: &'static str,
    every_interface: &'static str,
    only_general: &'static str,
    who: fn(&str) -> &'static str,
    about: fn(&Interface) -> String,
    after: fn(RetryAfter) -> String,
    note: fn(&Interface) -> Option<&'static str>,
}

const ENGLISH: Words = Words {
    say: |text| text.en,
    introduction: "# WeChat's numbers\n\n\
        Every number that WeChat is known to answer with, by interface: what it means, what to do about it, and whose turn it is. \
        In a program, `explain('getRealNameInfo', 94003)` and `explain(error)` say the same, in Chinese and English, and \
        `returnCodes()` lists all there is; in Rust, `return_code::explain` does.\n\n\
        The same number means different things in different interfaces, so look in the interface's own table first and then in \
        that of every interface. What is only reported, and not in WeChat's documents, is in the tables too. A number that is \
        in none of them is not known: give WeChat's support the `rid` that ends the `errmsg`.\n\n\
        `action` is what a program can do; what each of them means is in [Errors](errors.md#the-actions). In the column “who”: \
        the *developer* writes the program that calls; the *operator* has consoles, keys and machines; the *user* is the person \
        at the phone, and for a trial mini program its owner, administrator or legal person. Names of pages in the consoles are \
        given in Chinese, as they stand there.\n",
    heading: "| number | meaning | what to do | who | `action` |\n|---|---|---|---|---|\n",
    every_interface: "## Every interface",
    only_general: "It has no numbers of its own.",
    who: |who| match who {
        "developer" => "developer",
        "operator" => "operator",
        "end_user" => "user",
        "wechat" => "WeChat",
        _ => "nobody",
    },
    about: |one| match one.kind {
        Kind::Errcode => format!(
            "`{}`: {} (at WeChat: `{}`).",
            one.name, one.title.en, one.wechat_name
        ),
        _ => format!("{}.", one.title.en),
    },
    after: |after| match after {
        RetryAfter::Seconds(seconds) => format!(
            ", after {}",
            lasting(seconds, ["day", "hour", "minute", "second"], "s")
        ),
        _ => ", until midnight in Beijing (assumed)".into(),
    },
    note: |one| match one.name {
        "verifyBetaMiniprogram" => Some(
            "86021, 86022, 86030 to 86040, 89295 and 91030 are reported, as statuses of the form of 2026; a refused call may \
             bring them too. The others are in WeChat's documents.",
        ),
        "notify_third_fastverifybetaapp" => Some(
            "These are the push's `status`, and the `status` of a reply of the form of 2026. In a reply, 0 says no more than \
             that the call was taken. WeChat's document has 0, 101 to 105, 1000, 89251, 89252 and 100001 to 100004, of the \
             push; all others are reported, of the form of 2026. Where a verification stands, `betaVerification` says.",
        ),
        _ => None,
    },
};

const CHINESE: Words = Words {
    say: |text| text.zh,
    introduction: "# 微信的错误码和状态码\n\n\
        已知微信会返回的每一个数字，按接口列出：含义、怎么办、该谁处理。在程序里，`explain('getRealNameInfo', 94003)` 和 `explain(error)` \
        给出同样的内容（中文和英文），`returnCodes()` 列出全部；Rust 里是 `return_code::explain`。\n\n\
        同一个数字在不同接口里含义不同，请先看该接口自己的表，再看“所有接口”。微信文档里没有、只见于公开信息的数字也列在这里。\
        表里都没有的，就是不认识的：请把 `errmsg` 末尾的 `rid` 提供给微信客服。\n\n\
        `action` 是程序能做的事，各自的意思见[错误处理](errors.md#action)。“谁来处理”一栏中：*开发者*编写调用接口的程序；*运维*掌管后台、密钥和服务器；\
        *用户*是拿着手机的人，对试用小程序而言是商家、管理员或法定代表人。\n",
    heading: "| 数字 | 含义 | 怎么办 | 谁来处理 | `action` |\n|---|---|---|---|---|\n",
    every_interface: "## 所有接口",
    only_general: "没有自己的错误码。",
    who: |who| match who {
        "developer" => "开发者",
        "operator" => "运维",
        "end_user" => "用户",
        "wechat" => "微信",
        _ => "无需人工处理",
    },
    about: |one| match one.kind {
        Kind::Errcode => format!(
            "`{}`：{}（微信的名称：`{}`）。",
            one.name, one.title.zh, one.wechat_name
        ),
        _ => format!("{}。", one.title.zh),
    },
    after: |after| match after {
        RetryAfter::Seconds(seconds) => format!(
            "，{}后",
            lasting(seconds, [" 天", " 小时", " 分钟", " 秒"], "")
        ),
        _ => "，到北京时间零点（推测）".into(),
    },
    note: |one| match one.name {
        "verifyBetaMiniprogram" => Some(
            "86021、86022、86030–86040、89295、91030 只见于公开信息（2026 年新版接口的状态），拒绝调用时也可能出现；其余出自微信文档。",
        ),
        "notify_third_fastverifybetaapp" => Some(
            "这些是推送的 `status`，也是新版接口返回里的 `status`。返回里的 0 只表示已受理。0、101–105、1000、89251、89252、100001–100004 \
             出自微信文档（推送）；其余是 2026 年新版接口的状态，只见于公开信息。进行到哪一步，请用 `betaVerification`。",
        ),
        _ => None,
    },
};

fn page(words: &Words) -> String {
    let mut page = words.introduction.to_owned();
    let codes = GENERAL
        .iter()
        .filter_map(|code| explain_general(code.errcode));
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "\n{}\n\n{}",
        words.every_interface,
        table(words, codes)
    );
    let mut rest = INTERFACES;
    while let Some(first) = rest.first() {
        let alike = rest
            .iter()
            .take_while(|other| said(other) == said(first))
            .count();
        let (group, others) = rest.split_at(alike);
        rest = others;
        let names: Vec<String> = group.iter().map(|one| format!("`{}`", one.name)).collect();
        let _ = writeln!(page, "\n## {}\n", names.join(" · "));
        for interface in group {
            // One needs no list.
            let mark = if alike == 1 { "" } else { "- " };
            let _ = writeln!(page, "{mark}{}", (words.about)(interface));
        }
        page.push('\n');
        if first.own_codes().is_empty() {
            let _ = writeln!(page, "{}", words.only_general);
            continue;
        }
        if let Some(note) = (words.note)(first) {
            let _ = writeln!(page, "{note}\n");
        }
        page.push_str(&table(words, own(first)));
    }
    page
}

fn own(interface: &Interface) -> impl Iterator<Item = Explanation> {
    interface
        .own_codes()
        .into_iter()
        .filter_map(|code| interface.explain(code))
}

/// What it says of its own numbers, whatever its name is.
fn said(interface: &Interface) -> Vec<(i32, Text, Text)> {
    own(interface)
        .map(|known| (known.code, known.meaning, known.remedy))
        .collect()
}

fn table(words: &Words, codes: impl Iterator<Item = Explanation>) -> String {
    let say = words.say;
    let mut table = words.heading.to_owned();
    for known in codes {
        let who = json!(known.who);
        let mut action = known.action.map_or_else(
            || "–".to_owned(),
            |action| format!("`{}`", json!(action).as_str().unwrap_or_default()),
        );
        action.extend(known.retry_after.map(words.after));
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {action} |",
            known.code,
            say(known.meaning),
            say(known.remedy),
            (words.who)(who.as_str().unwrap_or_default()),
        );
    }
    table
}

/// `1 hour`, `10 minutes`.
fn lasting(seconds: u32, units: [&str; 4], plural: &str) -> String {
    let sizes = [24 * 60 * 60, 60 * 60, 60, 1];
    let fits = sizes
        .into_iter()
        .zip(units)
        .find(|(size, _)| seconds.is_multiple_of(*size));
    let (size, unit) = fits.unwrap_or((1, ""));
    let count = seconds / size;
    let space = if unit.starts_with(' ') { "" } else { " " };
    format!(
        "{count}{space}{unit}{}",
        if count == 1 { "" } else { plural }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_the_guides_are_up_to_date() -> Result<()> {
        for (language, words) in LANGUAGES {
            let kept = fs::read_to_string(root().join(format!("docs/{language}/codes.md")))?;
            let made = page(words);
            // Not assert_eq: nobody reads two pages in a terminal.
            let differs = kept.replace("\r\n", "\n") != made;
            assert!(
                !differs,
                "docs/{language}/codes.md is not what the catalogue says: `cargo xtask docs` writes it"
            );
        }
        Ok(())
    }

    #[test]
    fn times_are_in_words() {
        let english = |seconds| lasting(seconds, ["day", "hour", "minute", "second"], "s");
        assert_eq!(
            [1, 60, 600, 3600, 172_800].map(english),
            ["1 second", "1 minute", "10 minutes", "1 hour", "2 days"]
        );
        assert_eq!(
            lasting(3600, [" 天", " 小时", " 分钟", " 秒"], ""),
            "1 小时"
        );
    }
}
