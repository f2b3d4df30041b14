//! The mainland ID card's number (GB 11643): 18 characters, and the 15 digits of cards up to 1999.

use std::fmt;

use zeroize::Zeroizing;

use super::area::{self, Province};

/// What the number of an ID card says.
///
/// `Debug` shows none of it.
#[derive(Clone, Eq, PartialEq)]
pub struct IdCard {
    number: Zeroizing<[u8; 18]>,
}

/// A date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BirthDate {
    /// 1800 to 2199.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl fmt::Display for BirthDate {
    /// As ISO 8601 writes it: `1949-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The sex that a number stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Sex {
    /// An even sequence number.
    Female,
    /// An odd one.
    Male,
}

/// Why something is no number of today's ID card; the first that is found, in this order.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum IdCardFault {
    /// Neither 18 characters nor 15.
    Length,
    /// Something else than digits, and an X at the end.
    Characters,
    /// There is no such day.
    BirthDate,
    /// The last character does not fit the others: mistyped.
    CheckCharacter,
    /// The 15 digits of a card of the first generation. None is valid any more (since 2013); the holder's number today is
    /// in here.
    Historic(IdCard),
}

impl fmt::Display for IdCardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "is not 18 characters long",
            Self::Characters => "has other characters than 17 digits, and a digit or X",
            Self::BirthDate => "has a birth date that does not exist",
            Self::CheckCharacter => "has a check character that does not fit: mistyped",
            Self::Historic(_) => "is a number of 15 digits, of a card that is no longer valid",
        })
    }
}

impl std::error::Error for IdCardFault {}

impl IdCard {
    /// The number as it stands on the card: 18 characters, a capital X.
    pub fn number(&self) -> &str {
        // Checked: digits, and an X.
        str::from_utf8(self.number.as_slice()).unwrap_or_default()
    }

    /// The six digits of the area that gave out the first card. Areas come and go, so the digits are not checked.
    pub fn area_code(&self) -> &str {
        self.number().get(..6).unwrap_or_default()
    }

    /// The province of the area, where the first two digits are one's.
    pub fn province(&self) -> Option<&'static Province> {
        let [first, second, ..] = *self.number;
        area::find(decimal(&[first, second]))
    }

    /// The day of birth.
    pub fn birth_date(&self) -> BirthDate {
        let [digits @ .., _] = &*self.number;
        birth_date(digits)
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        let [.., sequence, _] = *self.number;
        if sequence % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }
}

impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdCard(***)")
    }
}

/// Whether this can be the number of an ID card, and what it says. A small x counts as X; spaces are not removed.
///
/// # Errors
/// What is wrong with it; [`IdCardFault::Historic`] for the 15 digits of an old card, which are right as such.
pub fn check_id_card(number: &str) -> Result<IdCard, IdCardFault> {
    // As JavaScript counts.
    if number.encode_utf16().count() != 18 {
        return Err(historic(number.as_bytes()).map_or(IdCardFault::Length, IdCardFault::Historic));
    }
    let mut number = Zeroizing::new(
        <[u8; 18]>::try_from(number.as_bytes()).map_err(|_| IdCardFault::Characters)?,
    );
    check(&number)?;
    number.make_ascii_uppercase();
    Ok(IdCard { number })
}

/// 15 digits: without the century and without a check character. What only begins like a number of today is none.
fn historic(number: &[u8]) -> Option<IdCard> {
    let [a1, a2, a3, a4, a5, a6, rest @ ..] = <[u8; 15]>::try_from(number).ok()?;
    let [y3, y4, m1, m2, d1, d2, s1, s2, s3] = rest;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // 996 to 999 were for those who were a hundred years old.
    let century = if decimal(&[s1, s2, s3]) >= 996 {
        b'8'
    } else {
        b'9'
    };
    let digits = Zeroizing::new([
        a1, a2, a3, a4, a5, a6, b'1', century, y3, y4, m1, m2, d1, d2, s1, s2, s3,
    ]);
    let mut number = Zeroizing::new([check_character(&digits); 18]);
    for (to, from) in number.iter_mut().zip(digits.iter()) {
        *to = *from;
    }
    check(&number).ok().map(|()| IdCard { number })
}

/// Whether this is a mainland ID card's number: 17 digits, a birth date that exists, and the check character.
///
/// Random bytes pass with a probability under 10⁻²⁰, which is what makes a decrypted number trustworthy.
pub(crate) fn is_id_card(number: &[u8]) -> bool {
    let Ok(number) = <&[u8; 18]>::try_from(number) else {
        return false;
    };
    check(number).is_ok()
}

fn check(number: &[u8; 18]) -> Result<(), IdCardFault> {
    let [digits @ .., check] = number;
    if !digits.iter().all(u8::is_ascii_digit) || !matches!(check, b'0'..=b'9' | b'X' | b'x') {
        return Err(IdCardFault::Characters);
    }
    let BirthDate { year, month, day } = birth_date(digits);
    if !is_date(year, month, day) {
        return Err(IdCardFault::BirthDate);
    }
    if check.to_ascii_uppercase() != check_character(digits) {
        return Err(IdCardFault::CheckCharacter);
    }
    Ok(())
}

fn birth_date(digits: &[u8; 17]) -> BirthDate {
    let [_, _, _, _, _, _, y1, y2, y3, y4, m1, m2, d1, d2, ..] = *digits;
    BirthDate {
        year: decimal(&[y1, y2, y3, y4]),
        month: decimal(&[m1, m2]),
        day: decimal(&[d1, d2]),
    }
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

    /// The vectors of the JavaScript twin, which forms use before the core is there.
    #[test]
    fn numbers_with_their_check_character() {
        #[derive(serde::Deserialize)]
        struct Vector {
            number: String,
            valid: bool,
            reason: Option<String>,
        }
        let vectors = include_str!("../../tests/vectors/id_cards.json");
        let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
        assert!(vectors.len() > 60);
        for Vector {
            number,
            valid,
            reason,
        } in vectors
        {
            assert_eq!(is_id_card(number.as_bytes()), valid, "{number}");
            let fault = check_id_card(&number).err().map(|fault| match fault {
                IdCardFault::Length => "length",
                IdCardFault::Characters => "characters",
                IdCardFault::BirthDate => "birth_date",
                IdCardFault::CheckCharacter => "check_character",
                IdCardFault::Historic(_) => "historic",
            });
            assert_eq!(fault, reason.as_deref(), "{number}");
        }
    }

    #[test]
    fn another_implementation_reads_the_same_from_numbers() {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Card {
            number: String,
            area_code: String,
            province: String,
            birth_date: String,
            sex: String,
            historic: Option<String>,
        }
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Vectors {
            id_cards: Vec<Card>,
        }
        let vectors = include_str!("../../tests/vectors/numbers.json");
        let vectors: Vectors = serde_json::from_str(vectors).unwrap();
        assert!(vectors.id_cards.len() > 200);
        for expected in vectors.id_cards {
            let card = check_id_card(&expected.number).unwrap();
            assert_eq!(card.number(), expected.number);
            assert_eq!(card.area_code(), expected.area_code);
            assert_eq!(card.province().unwrap().zh, expected.province);
            assert_eq!(card.birth_date().to_string(), expected.birth_date);
            assert_eq!(card.sex() == Sex::Male, expected.sex == "male");
            if let Some(historic) = expected.historic {
                assert_eq!(check_id_card(&historic), Err(IdCardFault::Historic(card)));
            }
        }
    }

    #[test]
    fn debug_output_shows_nothing_of_a_person() {
        let fault = check_id_card("110105491231002").unwrap_err();
        let text = format!("{fault:?} {:?}", check_id_card("11010519491231002X"));
        assert!(!text.contains("1949") && !text.contains("110105"), "{text}");
    }

    #[test]
    fn areas_are_told_and_not_judged() {
        let card = check_id_card("000000197001010000").unwrap();
        assert_eq!((card.area_code(), card.province()), ("000000", None));
    }
}
