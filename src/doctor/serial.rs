//! The forms in which serial numbers are copied.

use super::text::{Finding, Severity, Text, text};

/// What WeChat takes: upper-case hex, 40 of them.
pub(super) const DIGITS: usize = 40;

/// The serial number meant by `value`, as WeChat writes it; nothing where it cannot be told.
pub(super) fn meant(value: &str) -> Option<String> {
    let value = value.trim();
    let value = ["serial=", "SERIAL=", "Serial=", "0x", "0X"]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix))
        .unwrap_or(value);
    let serial: String = value
        .chars()
        .filter(|c| !(*c == ':' || c.is_whitespace()))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let is = serial.len() == DIGITS && serial.bytes().all(|byte| byte.is_ascii_hexdigit());
    is.then_some(serial)
}

/// What is wrong with the form of a serial number that is sent as `field`. `mended`: the library brings lower case and
/// colons into form by itself before it sends them.
pub(super) fn malformed(field: &str, value: &str, mended: bool) -> Option<Finding> {
    let why = || {
        text(
            "getrealnameinfo 只接受 40 位大写十六进制字符，否则返回 94009；它也参与签名，写法不同签名就不同（94003）。",
            "getrealnameinfo takes 40 upper-case hex digits and nothing else (94009); it is part of what is signed too, so another form is another signature (94003).",
        )
    };
    let how = || {
        text(
            "用证书里的序列号：openssl x509 -in apiclient_cert.pem -noout -serial，取等号后的 40 位；或者把 apiclient_cert.pem 交给本库，由它读出。",
            "take it from the certificate: `openssl x509 -in apiclient_cert.pem -noout -serial`, the 40 digits after the equals sign; or hand this library apiclient_cert.pem and let it read it.",
        )
    };
    let error = |id, what: Text| Finding::error(id, field, what, why(), how());
    let trimmed = value.trim();
    if trimmed.starts_with("PUB_KEY_ID_") {
        return Some(error(
            "SERIAL_IS_PUBLIC_KEY_ID",
            text(
                format!("{field} 是微信支付公钥 ID（PUB_KEY_ID_…），不是证书序列号。"),
                format!(
                    "{field} is the id of a WeChat Pay public key (PUB_KEY_ID_…), not a certificate's serial number."
                ),
            ),
        ));
    }
    if let Some(serial) = meant(value) {
        if serial == value {
            return None;
        }
        let finding = error(
            "SERIAL_FORM",
            text(
                format!("{field} 写法不对：应为 40 位大写十六进制，不带冒号、空格或前缀。"),
                format!(
                    "{field} is written in another way than WeChat's: 40 upper-case hex digits, without colons, spaces or a prefix."
                ),
            ),
        );
        let bare = trimmed.chars().all(|c| c == ':' || c.is_ascii_hexdigit())
            && !trimmed.starts_with("0x");
        // What the library mends still fails in other programs, and in what is signed by hand.
        return Some(if mended && bare {
            finding.severity(Severity::Warning)
        } else {
            finding
        });
    }
    let length = trimmed.chars().filter(|c| *c != ':').count();
    let decimal = (45..=49).contains(&length) && trimmed.bytes().all(|byte| byte.is_ascii_digit());
    Some(if decimal {
        error(
            "SERIAL_DECIMAL",
            text(
                format!("{field} 像是十进制的序列号（{length} 位数字），微信要十六进制。"),
                format!("{field} looks like the serial number in decimal ({length} digits); WeChat takes hex."),
            ),
        )
        .likely()
    } else {
        error(
            "SERIAL_MALFORMED",
            text(
                format!("{field} 不是 40 位十六进制字符（现在有 {length} 个字符）。"),
                format!("{field} is not 40 hex digits (it has {length} characters)."),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIAL: &str = "157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60";

    #[test]
    fn forms_of_a_serial_number() {
        let lower = SERIAL.to_lowercase();
        let colons: Vec<String> = SERIAL
            .as_bytes()
            .chunks(2)
            .map(|two| String::from_utf8(two.into()).unwrap())
            .collect();
        let found = |value: &str, mended| {
            malformed("certSerialNo", value, mended).map(|f| (f.id, f.severity))
        };
        assert_eq!(found(SERIAL, true), None);
        for (value, mended, id, severity) in [
            (lower.as_str(), true, "SERIAL_FORM", Severity::Warning),
            (&lower, false, "SERIAL_FORM", Severity::Error),
            (&colons.join(":"), true, "SERIAL_FORM", Severity::Warning),
            (
                &format!("serial={SERIAL}"),
                true,
                "SERIAL_FORM",
                Severity::Error,
            ),
            (&format!("0x{lower}"), true, "SERIAL_FORM", Severity::Error),
            (
                SERIAL.split_at(2).1,
                true,
                "SERIAL_MALFORMED",
                Severity::Error,
            ),
            ("", true, "SERIAL_MALFORMED", Severity::Error),
            (&"G".repeat(40), true, "SERIAL_MALFORMED", Severity::Error),
            (
                "122718382619374638264738291827364738291827364",
                true,
                "SERIAL_DECIMAL",
                Severity::Error,
            ),
            (
                "PUB_KEY_ID_0000000000000024101100397200000006",
                true,
                "SERIAL_IS_PUBLIC_KEY_ID",
                Severity::Error,
            ),
        ] {
            assert_eq!(found(value, mended), Some((id, severity)), "{value}");
        }
        assert_eq!(
            meant(&colons.join(":").to_lowercase()).as_deref(),
            Some(SERIAL)
        );
    }
}
