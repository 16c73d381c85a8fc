//! Contract months: which one a future is for, and how traders write it.
//!
//! Left out: which months a product has (`cycle`) and when a month stops trading (`schedule`).

use crate::Expiry;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use time::{Date, Month};

/// The letters of January to December.
pub(crate) const LETTERS: &[u8; 12] = b"FGHJKMNQUVXZ";
/// How far back a single digit of a year reaches: contracts named after a month may trade after it has passed.
const DIGIT_YEARS_BACK: i32 = 1;
/// How far back two digits of a year reach, and one less forward.
const CENTURY_YEARS_BACK: i32 = 50;

/// The month that a futures contract is named after, from 1900-01 to 2199-12. Written `202612`, or by traders as a
/// letter and a year: `Z6`, `Z26`.
///
/// ```
/// use tradeport_contracts::futures::ContractMonth;
/// let december: ContractMonth = "202612".parse()?;
/// assert_eq!(december.code(), "Z26");
/// assert_eq!(december.short_code(), "Z6");
/// # Ok::<(), tradeport_contracts::futures::NotAContractMonth>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContractMonth {
    year: u16,
    /// 1 to 12.
    month: u8,
}

/// The text or the numbers are not a contract month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAContractMonth {
    /// The year is outside of what is traded.
    #[error("{0} is not the year of a contract month: expected 1900 to 2199")]
    Year(i32),
    /// The text is not a year and a month.
    #[error("{0:?} is not a contract month: expected year and month such as 202612")]
    Text(String),
    /// The text is not a month's letter and year.
    #[error(
        "{0:?} is not a month code: expected a letter of FGHJKMNQUVXZ and 1, 2 or 4 digits of the year, such as Z6"
    )]
    Code(String),
    /// The text is not a product with a month's letter and year.
    #[error("{0:?} is not a futures code: expected a product and a month code, such as ESZ6")]
    FuturesCode(String),
}

impl ContractMonth {
    /// The month of a year; refuses years outside of 1900 to 2199.
    pub fn new(year: i32, month: Month) -> Result<Self, NotAContractMonth> {
        match u16::try_from(year) {
            Ok(good @ 1900..=2199) => Ok(Self { year: good, month: u8::from(month) }),
            _ => Err(NotAContractMonth::Year(year)),
        }
    }

    /// The month in which a day falls; refuses years outside of 1900 to 2199.
    pub fn of(day: Date) -> Result<Self, NotAContractMonth> {
        Self::new(day.year(), day.month())
    }

    /// Reads a month code. One digit means the year from one back to eight ahead of `today`'s that ends in it, two
    /// digits the year from 50 back to 49 ahead, four digits themselves.
    ///
    /// ```
    /// use time::macros::date;
    /// use tradeport_contracts::futures::ContractMonth;
    /// let today = date!(2026 - 11 - 21);
    /// let read = |code| ContractMonth::from_code(code, today).map(|month| month.to_string());
    /// assert_eq!(read("Z6")?, "202612");
    /// assert_eq!(read("H5")?, "202503", "one year back, for what is still being settled or analysed");
    /// assert_eq!(read("H4")?, "203403", "then ahead");
    /// assert_eq!(read("Z26")?, "202612");
    /// # Ok::<(), tradeport_contracts::futures::NotAContractMonth>(())
    /// ```
    pub fn from_code(code: &str, today: Date) -> Result<Self, NotAContractMonth> {
        let refuse = || NotAContractMonth::Code(shown(code));
        let mut characters = code.chars();
        let month = characters.next().and_then(month_of_letter).ok_or_else(refuse)?;
        let digits = characters.as_str();
        let written = number(digits).ok_or_else(refuse)?;
        let this = today.year();
        let year = match digits.len() {
            1 => nearest(written, 10, this - DIGIT_YEARS_BACK),
            2 => nearest(written, 100, this - CENTURY_YEARS_BACK),
            4 => written,
            _ => return Err(refuse()),
        };
        Self::new(year, month)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month.
    #[must_use]
    pub fn month(self) -> Month {
        Month::try_from(self.month).expect("only 1 to 12 are let in")
    }

    /// The month's letter: `F` for January to `Z` for December.
    #[must_use]
    pub fn letter(self) -> char {
        letter(self.month())
    }

    /// Letter and two digits, such as `Z26`.
    #[must_use]
    pub fn code(self) -> String {
        format!("{}{:02}", self.letter(), self.year % 100)
    }

    /// Letter and one digit, such as `Z6`.
    #[must_use]
    pub fn short_code(self) -> String {
        format!("{}{}", self.letter(), self.year % 10)
    }

    /// The month so many later, or earlier when negative; `None` outside of 1900 to 2199.
    #[must_use]
    pub fn plus(self, months: i32) -> Option<Self> {
        let count = (i32::from(self.year) * 12 + i32::from(self.month) - 1).checked_add(months)?;
        let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
        Self::new(count.div_euclid(12), Month::try_from(month).ok()?).ok()
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::from_calendar_date(self.year(), self.month(), 1)
            .expect("every month of 1900 to 2199 has a first day")
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        let month = self.month();
        Date::from_calendar_date(self.year(), month, month.length(self.year()))
            .expect("every month of 1900 to 2199 has a day of its length")
    }
}

/// A product and its month, as in `ESZ6`: what traders type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuturesCode {
    product: String,
    month: ContractMonth,
}

impl FuturesCode {
    /// Reads a code; the year as [`ContractMonth::from_code`] does. The product is what stands before the month's
    /// letter; whether anybody knows it is for [`FuturesSpecs::find`](super::FuturesSpecs::find) to say.
    ///
    /// ```
    /// use time::macros::date;
    /// use tradeport_contracts::futures::FuturesCode;
    /// let code = FuturesCode::read("6EH27", date!(2026 - 11 - 21))?;
    /// assert_eq!((code.product(), code.month().to_string().as_str()), ("6E", "202703"));
    /// # Ok::<(), tradeport_contracts::futures::NotAContractMonth>(())
    /// ```
    pub fn read(text: &str, today: Date) -> Result<Self, NotAContractMonth> {
        let refuse = || NotAContractMonth::FuturesCode(shown(text));
        let before_digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let letter = before_digits.chars().next_back().ok_or_else(refuse)?;
        let (product, code) =
            text.split_at_checked(before_digits.len() - letter.len_utf8()).ok_or_else(refuse)?;
        if !super::spec::is_name(product) {
            return Err(refuse());
        }
        let month = ContractMonth::from_code(code, today).map_err(|_reason| refuse())?;
        Ok(Self { product: product.to_owned(), month })
    }

    /// The exchange's code of the product, such as `ES`.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.product
    }

    /// The month.
    #[must_use]
    pub const fn month(&self) -> ContractMonth {
        self.month
    }
}

impl fmt::Display for FuturesCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.product, self.month.code())
    }
}

/// The letter of a month.
pub(crate) fn letter(month: Month) -> char {
    char::from(LETTERS[usize::from(u8::from(month)) - 1])
}

/// The month of a letter.
pub(crate) fn month_of_letter(letter: char) -> Option<Month> {
    let place = LETTERS.iter().position(|&known| char::from(known) == letter)?;
    Month::try_from(u8::try_from(place + 1).ok()?).ok()
}

fn number(digits: &str) -> Option<i32> {
    let good = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|c| c.is_ascii_digit());
    good.then(|| digits.parse().ok()).flatten()
}

/// The first year from `first` on that leaves `written` when divided by `modulus`.
fn nearest(written: i32, modulus: i32, first: i32) -> i32 {
    first + (written - first).rem_euclid(modulus)
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

impl FromStr for ContractMonth {
    type Err = NotAContractMonth;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAContractMonth::Text(shown(text));
        let (year, month) =
            text.split_at_checked(4).filter(|(_, month)| month.len() == 2).ok_or_else(refuse)?;
        let (year, month) = (number(year).ok_or_else(refuse)?, number(month).ok_or_else(refuse)?);
        let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
        Self::new(year, month.ok_or_else(refuse)?)
    }
}

impl From<ContractMonth> for Expiry {
    /// The month as brokers take it; the day is [`FuturesSchedule::last_trade`](super::FuturesSchedule::last_trade).
    fn from(month: ContractMonth) -> Self {
        Self::in_month(month.year(), month.month).expect("both hold the months of 1900 to 2199")
    }
}

impl TryFrom<String> for ContractMonth {
    type Error = NotAContractMonth;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ContractMonth> for String {
    fn from(month: ContractMonth) -> Self {
        month.to_string()
    }
}

impl fmt::Display for ContractMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)
    }
}

impl fmt::Debug for ContractMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn refusals_say_what_would_be_accepted() {
        let today = date!(2026 - 11 - 21);
        let code = |text| FuturesCode::read(text, today).unwrap_err().to_string();
        let month = |text: &str| text.parse::<ContractMonth>().unwrap_err().to_string();
        assert_eq!(
            code("ESA6"),
            "\"ESA6\" is not a futures code: expected a product and a month code, such as ESZ6"
        );
        for bad in ["", "ES", "Z6", "ESZ", "ESZ026", "ESZ20261", "esz6", "ÄZ6", "ES Z6", "9", "ESZ١"] {
            assert!(code(bad).contains("is not a futures code"), "{bad:?}");
        }
        assert_eq!(
            month("202613"),
            "\"202613\" is not a contract month: expected year and month such as 202612"
        );
        for bad in ["", "2026", "2026121", "2026-1", "ääää", "+02612", "Z26"] {
            assert!(month(bad).contains("is not a contract month"), "{bad:?}");
        }
        assert_eq!(month("220001"), "2200 is not the year of a contract month: expected 1900 to 2199");
        assert_eq!(
            ContractMonth::from_code("Z026", today).unwrap_err().to_string(),
            "\"Z026\" is not a month code: expected a letter of FGHJKMNQUVXZ and 1, 2 or 4 digits of the year, such as Z6"
        );
    }

    #[test]
    fn products_may_end_in_digits_and_letters_of_months() {
        let today = date!(2026 - 11 - 21);
        for (text, product, month) in [
            ("ESZ6", "ES", "202612"),
            ("ESZ26", "ES", "202612"),
            ("ESZ2026", "ES", "202612"),
            ("ZZ6", "Z", "202612"),
            ("NK225MZ6", "NK225M", "202612"),
            ("NK225Z6", "NK225", "202612"),
            ("6EH7", "6E", "202703"),
            ("CLF99", "CL", "199901"),
        ] {
            let code = FuturesCode::read(text, today).unwrap();
            assert_eq!((code.product(), code.month().to_string().as_str()), (product, month), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_and_codes_come_back(year in 1900..2200_i32, month in 1..=12_u8) {
            let month = ContractMonth::new(year, Month::try_from(month).unwrap()).unwrap();
            prop_assert_eq!(month.to_string().parse::<ContractMonth>().unwrap(), month);
            let today = month.first_day();
            prop_assert_eq!(ContractMonth::from_code(&month.code(), today).unwrap(), month);
            prop_assert_eq!(ContractMonth::from_code(&month.short_code(), today).unwrap(), month);
            prop_assert_eq!(Expiry::from(month).to_string(), month.to_string());
        }

        #[test]
        fn a_digit_is_resolved_within_ten_years(digit in 0..10_i32, year in 1910..2190_i32) {
            let today = Date::from_calendar_date(year, Month::June, 15).unwrap();
            let month = ContractMonth::from_code(&format!("M{digit}"), today).unwrap();
            prop_assert!((year - 1..=year + 8).contains(&month.year()));
            prop_assert_eq!(month.year() % 10, digit);
        }

        #[test]
        fn months_add_up(year in 1950..2150_i32, month in 1..=12_u8, months in -500..500_i32) {
            let month = ContractMonth::new(year, Month::try_from(month).unwrap()).unwrap();
            prop_assert_eq!(month.plus(months).unwrap().plus(-months), Some(month));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}", day in 0..3_000_000_i32) {
            let today = Date::from_julian_day(day).unwrap();
            drop(FuturesCode::read(&text, today));
            drop(ContractMonth::from_code(&text, today));
            drop(text.parse::<ContractMonth>());
        }
    }
}
