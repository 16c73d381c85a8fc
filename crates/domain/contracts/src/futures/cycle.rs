//! Which months of the year a product has.
//!
//! Left out: how many months ahead an exchange lists, which only its own list of contracts says.

use super::month::{ContractMonth, LETTERS, letter, month_of_letter};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use time::Month;

/// The months that a product has every year, and what it has besides.
///
/// | text | meaning |
/// | --- | --- |
/// | `HMUZ` | these months, by their letters |
/// | `F-Z` | every month |
/// | `HMUZ + serial` | these months; the months between them are listed for a short while and trade thinly |
/// | `F-Z near + HMUZ` | the nearest three months, whichever they are, and these beyond |
/// | `F-Z + weeklies` | every month; further contracts end every week and are named by their day |
///
/// ```
/// use time::Month;
/// use tradeport_contracts::futures::MonthCycle;
/// let quarters: MonthCycle = "HMUZ + serial".parse()?;
/// assert!(quarters.has(Month::March) && !quarters.has(Month::April));
/// assert!(quarters.lists(Month::April));
/// # Ok::<(), tradeport_contracts::futures::NotAMonthCycle>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthCycle {
    /// One bit for each month, January first; never empty.
    months: u16,
    besides: Besides,
}

/// What a product lists besides the months of its cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Besides {
    /// Nothing.
    Nothing,
    /// Months between those of the cycle, thinly traded.
    Serial,
    /// The nearest months, whichever they are, and they are the ones that trade.
    NearMonths,
    /// Contracts that end every week, named by their day.
    Weeklies,
}

/// The text is not a cycle of months.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a month cycle: expected letters of FGHJKMNQUVXZ in their order, or F-Z, then nothing, \" + serial\" or \
     \" + weeklies\"; or \"F-Z near + \" and letters"
)]
pub struct NotAMonthCycle(String);

const EVERY_MONTH: u16 = 0x0FFF;
const EVERY: &str = "F-Z";
const SERIAL: &str = " + serial";
const WEEKLIES: &str = " + weeklies";
const NEAR: &str = "F-Z near + ";

impl MonthCycle {
    /// Is the month one of the cycle?
    #[must_use]
    pub fn has(&self, month: Month) -> bool {
        self.months & bit(month) != 0
    }

    /// Can a contract of this month exist: one of the cycle, a serial month or a near one?
    #[must_use]
    pub fn lists(&self, month: Month) -> bool {
        self.has(month) || matches!(self.besides, Besides::Serial | Besides::NearMonths)
    }

    /// What there is besides the months of the cycle.
    #[must_use]
    pub const fn besides(&self) -> Besides {
        self.besides
    }

    /// The months of the cycle from `first` on, without end but that of our time.
    ///
    /// ```
    /// use tradeport_contracts::futures::MonthCycle;
    /// let gold: MonthCycle = "GJMQVZ".parse()?;
    /// let months: Vec<String> = gold.months_from("202611".parse()?).take(3).map(|month| month.code()).collect();
    /// assert_eq!(months, ["Z26", "G27", "J27"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn months_from(self, first: ContractMonth) -> impl Iterator<Item = ContractMonth> {
        std::iter::successors(Some(first), |month| month.plus(1)).filter(move |month| self.has(month.month()))
    }
}

fn bit(month: Month) -> u16 {
    1 << (u8::from(month) - 1)
}

fn months(letters: &str) -> Option<u16> {
    if letters == EVERY {
        return Some(EVERY_MONTH);
    }
    let mut months = 0_u16;
    for letter in letters.chars() {
        let bit = bit(month_of_letter(letter)?);
        // In their order and once: a later month has a higher bit than all before it.
        if bit <= months {
            return None;
        }
        months |= bit;
    }
    (months != 0).then_some(months)
}

impl FromStr for MonthCycle {
    type Err = NotAMonthCycle;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (letters, besides) = if let Some(letters) = text.strip_suffix(SERIAL) {
            (letters, Besides::Serial)
        } else if let Some(letters) = text.strip_suffix(WEEKLIES) {
            (letters, Besides::Weeklies)
        } else if let Some(letters) = text.strip_prefix(NEAR) {
            (letters, Besides::NearMonths)
        } else {
            (text, Besides::Nothing)
        };
        let months = months(letters).ok_or_else(|| NotAMonthCycle(text.chars().take(40).collect()))?;
        Ok(Self { months, besides })
    }
}

impl TryFrom<String> for MonthCycle {
    type Error = NotAMonthCycle;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MonthCycle> for String {
    fn from(cycle: MonthCycle) -> Self {
        cycle.to_string()
    }
}

impl fmt::Display for MonthCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.besides == Besides::NearMonths {
            f.write_str(NEAR)?;
        }
        if self.months == EVERY_MONTH {
            f.write_str(EVERY)?;
        } else {
            for place in 1..=LETTERS.len() {
                let month = u8::try_from(place).ok().and_then(|place| Month::try_from(place).ok());
                if let Some(month) = month.filter(|month| self.has(*month)) {
                    write!(f, "{}", letter(month))?;
                }
            }
        }
        match self.besides {
            Besides::Nothing | Besides::NearMonths => Ok(()),
            Besides::Serial => f.write_str(SERIAL),
            Besides::Weeklies => f.write_str(WEEKLIES),
        }
    }
}

impl fmt::Debug for MonthCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_cycle_is_refused() {
        for bad in
            ["", "A", "MH", "HH", "F-", "HMUZ+serial", "HMUZ + monthly", "F-Z near", " + serial", "hmuz"]
        {
            assert!(bad.parse::<MonthCycle>().is_err(), "{bad:?} was taken for a cycle");
        }
        assert_eq!(
            "MH".parse::<MonthCycle>().unwrap_err().to_string(),
            "\"MH\" is not a month cycle: expected letters of FGHJKMNQUVXZ in their order, or F-Z, then nothing, \" + serial\" or \" + weeklies\"; or \"F-Z near + \" and letters"
        );
    }

    #[test]
    fn near_months_are_listed_and_far_ones_belong_to_the_cycle() {
        let cycle: MonthCycle = "F-Z near + HMUZ".parse().unwrap();
        assert!(cycle.lists(Month::April) && !cycle.has(Month::April));
        assert_eq!(cycle.besides(), Besides::NearMonths);
    }

    proptest! {
        #[test]
        fn text_comes_back(months in 1..=EVERY_MONTH, besides in 0..4_usize) {
            let besides =
                [Besides::Nothing, Besides::Serial, Besides::NearMonths, Besides::Weeklies][besides];
            let cycle = MonthCycle { months, besides };
            prop_assert_eq!(cycle.to_string().parse::<MonthCycle>().unwrap(), cycle);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            drop(text.parse::<MonthCycle>());
        }
    }
}
