//! The three numbers of a company, as `verifybetaweapp` takes them.

use std::fmt;

/// A company's number of one of the three kinds.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CompanyCode {
    /// Which kind it is.
    pub kind: CompanyCodeKind,
    /// As it is sent: an organisation code with its hyphen, the others as they are.
    pub code: String,
}

/// The kinds of a company's number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CompanyCodeKind {
    /// Unified social credit code (GB 32100): 18 characters.
    CreditCode,
    /// Organisation code (GB 11714): 9 characters, with or without a hyphen before the last.
    OrganisationCode,
    /// Business licence number: 15 digits.
    LicenceNumber,
}

impl CompanyCodeKind {
    /// WeChat's `code_type`.
    pub fn code_type(self) -> u32 {
        match self {
            Self::CreditCode => 1,
            Self::OrganisationCode => 2,
            Self::LicenceNumber => 3,
        }
    }
}

/// Why something is no number of a company; the first that is found, in this order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CompanyCodeFault {
    /// As long as none of the three.
    Length,
    /// Characters that the kind of this length does not have. Letters are capital.
    Characters(CompanyCodeKind),
    /// The check character does not fit the others: mistyped.
    CheckCharacter(CompanyCodeKind),
}

impl fmt::Display for CompanyCodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "has the length of no company's number (18, 9 or 15)",
            Self::Characters(_) => "has characters that a number of its length does not have",
            Self::CheckCharacter(_) => "has a check character that does not fit: mistyped",
        })
    }
}

impl std::error::Error for CompanyCodeFault {}

/// The letters of a credit code: without I, O, S, V and Z.
const CREDIT_CODE: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_CODE: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";

/// Whether this can be a company's number; which kind it is follows from its length.
///
/// # Errors
/// What is wrong with it.
pub fn check_credit_code(code: &str) -> Result<CompanyCode, CompanyCodeFault> {
    // As JavaScript counts.
    let length = code.encode_utf16().count();
    let hyphen = code.encode_utf16().nth(8) == Some(u16::from(b'-'));
    let (kind, alphabet) = match length {
        18 => (CompanyCodeKind::CreditCode, CREDIT_CODE),
        15 => (CompanyCodeKind::LicenceNumber, DIGITS),
        9 => (CompanyCodeKind::OrganisationCode, ORGANISATION_CODE),
        10 if hyphen => (CompanyCodeKind::OrganisationCode, ORGANISATION_CODE),
        _ => return Err(CompanyCodeFault::Length),
    };
    let mut characters = code.chars().enumerate();
    let hyphen_at = (length == 10).then_some(8);
    if !characters.all(|(at, c)| alphabet.contains(c) || hyphen_at == Some(at)) {
        return Err(CompanyCodeFault::Characters(kind));
    }
    let code = match kind {
        CompanyCodeKind::CreditCode => is_credit_code(code).then(|| code.to_owned()),
        CompanyCodeKind::LicenceNumber => is_licence_number(code).then(|| code.to_owned()),
        CompanyCodeKind::OrganisationCode => organisation_code(code),
    };
    code.map(|code| CompanyCode { kind, code })
        .ok_or(CompanyCodeFault::CheckCharacter(kind))
}

/// Whether this is a unified social credit code (GB 32100): 18 characters, the last by MOD 31.
pub(crate) fn is_credit_code(code: &str) -> bool {
    let Some(values) = values(code, CREDIT_CODE) else {
        return false;
    };
    // The check character makes the weighted sum a multiple of 31; the weights are the powers of 3.
    let weights = [
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1,
    ];
    values.len() == 18 && weighted(&values, &weights).is_multiple_of(31)
}

/// An organisation code (GB 11714) as it is written, with its hyphen: 8 characters and one by MOD 11. It may come
/// without.
pub(crate) fn organisation_code(code: &str) -> Option<String> {
    let (body, check) = match code.split_once('-') {
        Some(parts) => parts,
        None => code.split_at_checked(8)?,
    };
    let values = values(body, ORGANISATION_CODE)?;
    let expected = match 11 - weighted(&values, &[3, 7, 9, 10, 5, 8, 4, 2]) % 11 {
        11 => "0".to_owned(),
        10 => "X".to_owned(),
        digit => digit.to_string(),
    };
    (values.len() == 8 && check == expected).then(|| format!("{body}-{check}"))
}

/// Whether this is a business licence number: 15 digits, the last by ISO 7064 MOD 11,10.
pub(crate) fn is_licence_number(number: &str) -> bool {
    let Some(digits) = values(number, DIGITS) else {
        return false;
    };
    let mut product = 10;
    for (at, digit) in digits.iter().enumerate() {
        let sum = (product + digit) % 10;
        if at == 14 {
            return digits.len() == 15 && sum == 1;
        }
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    false
}

/// What each character stands for, if all are of the alphabet.
fn values(text: &str, alphabet: &str) -> Option<Vec<usize>> {
    text.chars().map(|c| alphabet.find(c)).collect()
}

fn weighted(values: &[usize], weights: &[usize]) -> usize {
    values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_companies() {
        // Public: Tencent's and Alibaba's companies, Sinopec's, and GB 11714's own example.
        for code in [
            "9144030071526726XG",
            "91330100799655058B",
            "91110000600037341L",
        ] {
            assert!(is_credit_code(code), "{code}");
        }
        for code in [
            "",
            "9144030071526726XH",
            "9144030071526726xg",
            "9144030071526726X",
            "9144030071526726XG0",
            "914403007152672OXG",
        ] {
            assert!(!is_credit_code(code), "{code}");
        }
        for code in ["D2143569-X", "D2143569X", "71526726-X"] {
            let written = organisation_code(code).unwrap();
            assert_eq!((written.len(), written.as_bytes()[8]), (10, b'-'));
        }
        for code in [
            "",
            "-",
            "D2143569-1",
            "d2143569-x",
            "D2143569--X",
            "7152672-X",
            "71526726-X0",
            "张1526726-X",
        ] {
            assert_eq!(organisation_code(code), None, "{code}");
        }
        for number in ["110108000000016", "440301103097413"] {
            assert!(is_licence_number(number), "{number}");
        }
        for number in [
            "",
            "8585858589999",
            "110108000000017",
            "11010800000001X",
            "1101080000000160",
        ] {
            assert!(!is_licence_number(number), "{number}");
        }
    }

    #[test]
    fn another_implementation_makes_the_same_numbers() {
        #[derive(serde::Deserialize)]
        struct Company {
            code: String,
            kind: String,
        }
        #[derive(serde::Deserialize)]
        struct Vectors {
            companies: Vec<Company>,
        }
        let vectors = include_str!("../../tests/vectors/numbers.json");
        let vectors: Vectors = serde_json::from_str(vectors).unwrap();
        assert!(vectors.companies.len() > 150);
        for Company { code, kind } in vectors.companies {
            let (kind, code_type) = match kind.as_str() {
                "credit_code" => (CompanyCodeKind::CreditCode, 1),
                "organisation_code" => (CompanyCodeKind::OrganisationCode, 2),
                _ => (CompanyCodeKind::LicenceNumber, 3),
            };
            let found = check_credit_code(&code).unwrap();
            assert_eq!((found.kind, found.kind.code_type()), (kind, code_type));
            assert_eq!(found.code, code);
            assert_eq!(check_credit_code(&code.replace('-', "")), Ok(found));
            // Any other last character is a typing error.
            let mut typed: Vec<char> = code.chars().collect();
            let last = typed.last_mut().unwrap();
            *last = if *last == '1' { '2' } else { '1' };
            let typed: String = typed.into_iter().collect();
            let fault = Err(CompanyCodeFault::CheckCharacter(kind));
            assert_eq!(check_credit_code(&typed), fault);
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        use CompanyCodeFault::{Characters, Length};
        use CompanyCodeKind::{CreditCode, LicenceNumber, OrganisationCode};
        for (code, fault) in [
            ("", Length),
            ("9144030071526726X", Length),
            ("D21435690X", Length),
            // The hyphen's place is counted as the length is.
            ("715😀726-X", Characters(OrganisationCode)),
            ("715😀7267-", Length),
            ("9144030071526726xg", Characters(CreditCode)),
            ("914403007152672OXG", Characters(CreditCode)),
            ("张1526726-X", Characters(OrganisationCode)),
            ("7152-726-X", Characters(OrganisationCode)),
            ("11010800000001X", Characters(LicenceNumber)),
        ] {
            assert_eq!(check_credit_code(code), Err(fault), "{code}");
        }
    }
}
