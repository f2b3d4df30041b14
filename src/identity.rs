//! Numbers that people type: the mainland ID card's (GB 11643), and the three of companies (GB 32100, GB 11714, and the
//! business licence number).

/// Whether this is a mainland ID card's number: 17 digits, a birth date that exists, and the check character.
///
/// Random bytes pass with a probability under 10⁻²⁰, which is what makes a decrypted number trustworthy.
pub(crate) fn is_id_card(number: &[u8]) -> bool {
    let Ok(number) = <&[u8; 18]>::try_from(number) else {
        return false;
    };
    let [digits @ .., check] = number;
    let [_, _, _, _, _, _, y1, y2, y3, y4, m1, m2, d1, d2, ..] = digits;
    digits.iter().all(u8::is_ascii_digit)
        && is_date(
            decimal(&[*y1, *y2, *y3, *y4]),
            decimal(&[*m1, *m2]),
            decimal(&[*d1, *d2]),
        )
        && check.to_ascii_uppercase() == check_character(digits)
}

/// ISO 7064 MOD 11-2.
fn check_character(digits: &[u8; 17]) -> u8 {
    let remainder = digits
        .iter()
        .fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    match (12 - remainder) % 11 {
        10 => b'X',
        // Below 10, so it fits.
        digit => b'0' + u8::try_from(digit).unwrap_or_default(),
    }
}

fn decimal(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| {
        number * 10 + u32::from(digit.wrapping_sub(b'0'))
    })
}

/// Whether this is a unified social credit code (GB 32100): 18 characters, the last by MOD 31.
pub(crate) fn is_credit_code(code: &str) -> bool {
    // Without I, O, S, V and Z.
    let Some(values) = values(code, "0123456789ABCDEFGHJKLMNPQRTUWXY") else {
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
    let values = values(body, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")?;
    let expected = match 11 - weighted(&values, &[3, 7, 9, 10, 5, 8, 4, 2]) % 11 {
        11 => "0".to_owned(),
        10 => "X".to_owned(),
        digit => digit.to_string(),
    };
    (values.len() == 8 && check == expected).then(|| format!("{body}-{check}"))
}

/// Whether this is a business licence number: 15 digits, the last by ISO 7064 MOD 11,10.
pub(crate) fn is_licence_number(number: &str) -> bool {
    let Some(digits) = values(number, "0123456789") else {
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

/// A date of the Gregorian calendar from 1800 on: nobody older holds a card.
fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1800..2200).contains(&year) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of the JavaScript twin, which forms use before the core is there.
    #[test]
    fn numbers_with_their_check_character() {
        #[derive(serde::Deserialize)]
        struct Vector {
            number: String,
            valid: bool,
        }
        let vectors = include_str!("../tests/vectors/id_cards.json");
        let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
        assert!(vectors.len() > 60);
        for Vector { number, valid } in vectors {
            assert_eq!(is_id_card(number.as_bytes()), valid, "{number}");
        }
    }

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
}
