//! What WeChat Pay can know of a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Mistake;

/// `id_card_type` of a mainland ID card. The others are permits to travel there: 4 from Macao, 5 from Taiwan, 6 from Hong Kong.
pub(super) const ID_CARD: u32 = 1;

/// A person with a WeChat account.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxPerson", optional_fields)
)]
#[non_exhaustive]
pub struct Person {
    /// The mini program whose user it is. Default: the ready one. Whoever uses two mini programs has an openid in each.
    pub app_id: Option<String>,
    /// The user's id within the mini program; made up where absent.
    pub openid: Option<String>,
    /// The name known to WeChat Pay. Absent: no real-name authentication (94004, `V_OP_NA`, 11200).
    pub real_name: Option<String>,
    /// The ID number known to WeChat Pay: 18 characters, with the right check character, as every real one has. Of a travel
    /// permit (`idCardType`) its own number.
    pub credential_id: Option<String>,
    /// What the number is of: 1 ID card (default), travel permit from 4 Macao, 5 Taiwan or 6 Hong Kong. Only
    /// `getMedicalRealName` tells of permits: to the others their number is none (94004, `V_NM_ID_UM`; assumed).
    pub id_card_type: Option<u32>,
    /// The phone, for `getMedicalRealName`. Default: 13800000138.
    pub phone: Option<String>,
    /// Its country. Default: 86.
    pub phone_country_code: Option<String>,
    /// `false`: the user never registered WeChat Pay (94002). Default `true`.
    pub we_chat_pay: Option<bool>,
}

/// What the front end has in hand once the person has agreed.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "SandboxConsent"))]
#[non_exhaustive]
pub struct Consent {
    /// The user's id within the mini program.
    pub openid: String,
    /// For `checkRealNameInfo`; works once.
    pub code: String,
    /// For `getRealNameInfo`.
    pub auth_token: String,
    /// For `getMedicalRealName`; good for ten minutes.
    pub wxmed_authcode: String,
}

impl Person {
    pub(super) fn card_type(&self) -> u32 {
        self.id_card_type.unwrap_or(ID_CARD)
    }

    /// Name and number, whatever the number is of.
    pub(super) fn known(&self) -> Option<(&str, &str)> {
        (self.real_name.as_deref()).zip(self.credential_id.as_deref())
    }

    /// Name and number of an ID card.
    pub(super) fn id_card(&self) -> Option<(&str, &str)> {
        self.known().filter(|_| self.card_type() == ID_CARD)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person([redacted])")
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Consent([redacted])")
    }
}

pub(super) fn check(person: &Person) -> Result<(), Mistake> {
    if person.openid.as_ref().is_some_and(String::is_empty) {
        return Err(Mistake {
            field: "openid",
            reason: "is empty",
        });
    }
    if person.we_chat_pay == Some(false) && person.real_name.is_some() {
        return Err(Mistake {
            field: "weChatPay",
            reason: "is false, so there can be no realName and credentialId",
        });
    }
    if person.real_name.as_ref().is_some_and(|name| !is_name(name)) {
        return Err(Mistake {
            field: "realName",
            reason: "must be 1 to 64 characters of text",
        });
    }
    if !matches!(person.card_type(), ID_CARD | 4..=6) {
        return Err(Mistake {
            field: "idCardType",
            reason: "must be 1 (ID card), or 4 (Macao), 5 (Taiwan) or 6 (Hong Kong) for a travel permit",
        });
    }
    for (field, digits, most, reason) in [
        ("phone", &person.phone, 20, "must be 1 to 20 digits"),
        (
            "phoneCountryCode",
            &person.phone_country_code,
            4,
            "must be 1 to 4 digits",
        ),
    ] {
        let right = |text: &String| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits.as_ref().is_none_or(right) {
            return Err(Mistake { field, reason });
        }
    }
    match (&person.real_name, &person.credential_id) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Mistake {
            field: "credentialId",
            reason: "is missing: WeChat Pay knows a name and its number, or neither",
        }),
        (None, Some(_)) => Err(Mistake {
            field: "realName",
            reason: "is missing: WeChat Pay knows a name and its number, or neither",
        }),
        (Some(_), Some(number)) => {
            let (right, reason) = if person.card_type() == ID_CARD {
                (
                    is_real(number),
                    "is no ID card's number: 18 characters, a birth date that exists, and the check character \
                     that belongs to them (11010519491231002X is one)",
                )
            } else {
                (
                    is_permit(number),
                    "is no travel permit's number: 8 to 11 letters and digits (H01234567 is one)",
                )
            };
            let mistake = Mistake {
                field: "credentialId",
                reason,
            };
            right.then_some(()).ok_or(mistake)
        }
    }
}

pub(super) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

/// Loosely: permits of several generations are about.
fn is_permit(number: &str) -> bool {
    (8..=11).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// GB 11643 by its table of weights.
pub(super) fn is_real(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = number
        .chars()
        .take(17)
        .filter_map(|c| c.to_digit(10))
        .collect();
    if number.chars().count() != 18 || digits.len() != 17 {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = "10X98765432".chars().nth((sum % 11) as usize);
    let field = |from: usize, length: usize| {
        digits
            .iter()
            .skip(from)
            .take(length)
            .fold(0, |value, digit| value * 10 + digit)
    };
    let (year, month, day) = (field(6, 4), field(10, 2), field(12, 2));
    let leap = if year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) {
        1
    } else {
        0
    };
    let last = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .get((month as usize).wrapping_sub(1))
        .copied()
        .unwrap_or(0);
    (1800..2200).contains(&year)
        && (1..=last).contains(&day)
        && number.chars().last().map(|c| c.to_ascii_uppercase()) == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_exist_and_numbers_that_do_not() {
        for number in [
            "11010519491231002X",
            "11010519491231002x",
            "440524188001010014",
        ] {
            assert!(is_real(number), "{number}");
        }
        for number in [
            "",
            "11010519491231002",
            "310101199801011234",
            "110105194902290029",
            "张10105194912310021",
        ] {
            assert!(!is_real(number), "{number}");
        }
    }
}
