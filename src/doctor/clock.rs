//! This machine's clock against the `Date` header of WeChat's reply.

use super::{
    evidence::Evidence,
    text::{Finding, Severity, text},
};

/// What the sandbox takes; WeChat does not publish its own.
const TOLERANCE: u32 = 300;
/// Beyond what a round trip and a header of whole seconds explain.
const NOTICEABLE: u32 = 60;

pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let Some(server) = server_time(evidence) else {
        return;
    };
    let off = evidence.now.abs_diff(server);
    if off <= NOTICEABLE {
        return;
    }
    let (zh, en) = if evidence.now > server {
        ("快", "ahead of")
    } else {
        ("慢", "behind")
    };
    let finding = Finding::error(
        "CLOCK_OFF",
        "now",
        text(
            format!("本机时钟比服务器{zh} {off} 秒（以响应的 Date 头为准）。"),
            format!("this machine's clock is {off} seconds {en} the server's (its Date header)."),
        ),
        text(
            "getrealnameinfo 的 timestamp 必须是当前时间，偏差过大时微信返回 94008；推送的时间窗口校验和 access_token 的到期判断也会出错。微信没有公布允许的偏差，沙箱按 300 秒处理。",
            "the timestamp of getrealnameinfo must be now, or WeChat answers 94008; pushes fall out of their window and tokens seem to expire early or late. How far it may be off is not published; the sandbox takes 300 seconds.",
        ),
        text(
            "开启时间同步（NTP）：Linux 用 timedatectl set-ntp true，容器随宿主机，虚拟机恢复快照后要重新同步。时间戳用 UTC 秒，与时区无关。",
            "switch on time synchronisation (NTP): `timedatectl set-ntp true` on Linux; a container follows its host; a virtual machine wants it after a snapshot. The timestamp is UTC seconds: time zones do not matter.",
        ),
    );
    findings.push(if off > TOLERANCE {
        finding
    } else {
        finding.severity(Severity::Warning)
    });
}

/// The server's time, or this machine's where it is not known.
pub(super) fn best_time(evidence: &Evidence) -> u32 {
    server_time(evidence).unwrap_or(evidence.now)
}

pub(super) fn server_time(evidence: &Evidence) -> Option<u32> {
    evidence.server_date.as_deref().and_then(http_date)
}

/// `Sat, 21 Nov 2026 19:46:36 GMT`, the only form that servers may send (RFC 9110, IMF-fixdate).
fn http_date(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = words.as_slice() else {
        return None;
    };
    let month = u64::try_from(MONTHS.iter().position(|name| name == month)?).ok()? + 1;
    let (day, year): (u64, u64) = (day.parse().ok()?, year.parse().ok()?);
    let parts: Vec<u64> = time
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [hours, minutes, seconds] = *parts.as_slice() else {
        return None;
    };
    if !(1970..=2106).contains(&year) || !(1..=31).contains(&day) || hours > 23 || minutes > 59 {
        return None;
    }
    // Days from civil: years begin in March, so that a leap day is a year's last.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    let since_1970 = days.checked_sub(719_468)?;
    u32::try_from(since_1970 * 86_400 + hours * 3600 + minutes * 60 + seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http() {
        for (date, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 29 Feb 2032 23:59:59 GMT", Some(1_961_711_999)),
            ("Sat, 21 Nov 2026 19:46:36 GMT", Some(1_795_290_396)),
            ("Sat, 21 Nov 2026 19:46:36", None),
            ("Sat, 21 Nov 2026 19:46 GMT", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(http_date(date), seconds, "{date}");
        }
    }

    #[test]
    fn a_minute_is_nothing_five_are_an_error() {
        let found = |now| {
            let evidence = Evidence {
                now,
                server_date: Some("Sat, 21 Nov 2026 19:46:36 GMT".into()),
                ..Evidence::default()
            };
            let mut findings = Vec::new();
            examine(&evidence, &mut findings);
            findings.pop().map(|finding| finding.severity)
        };
        let right = 1_795_290_396;
        assert_eq!(found(right), None);
        assert_eq!(found(right - 60), None);
        assert_eq!(found(right + 61), Some(Severity::Warning));
        assert_eq!(found(right - 301), Some(Severity::Error));
        assert_eq!(found(0), Some(Severity::Error));
    }
}
