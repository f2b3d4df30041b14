//! The number of a mainland ID card (GB 11643).

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

    #[test]
    fn numbers_with_their_check_character() {
        // The first is the example of GB 11643 itself; all dates and areas are the standard's or made up.
        for number in [
            "11010519491231002X",
            "440524188001010014",
            "11010519491231002x",
        ] {
            assert!(is_id_card(number.as_bytes()), "{number}");
        }
        for number in [
            "",
            "110105194912310021",
            "11010519491331002X",
            "11010519490229002X",
            "1101051949123100",
            "11010519491231002X0",
            "１1010519491231002X",
            "11010519491231 02X",
            "310101199801011234",
        ] {
            assert!(!is_id_card(number.as_bytes()), "{number}");
        }
    }
}
