//! What an exchange and a broker fixed about a futures product.
//!
//! Left out: its trading hours (calendars), the margin that it takes (`margin`) and its prices.

use super::cycle::MonthCycle;
use super::day_rule::{DayRule, LastTradeRule, NotADayRule};
use super::rule_text;
use super::specs::FuturesSpecs;
use super::words::{Confidence, Settlement};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Currency, Decimal};

const LONGEST_NAME: usize = 16;
const LONGEST_NOTE: usize = 300;

/// The facts of one product; made from a [`FuturesDraft`], which is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FuturesDraft", into = "FuturesDraft")]
pub struct FuturesSpec {
    draft: FuturesDraft,
    /// The rule, after references to other products were followed.
    rule: Option<LastTradeRule>,
}

/// The facts of a product, before they are checked.
///
/// ```
/// use tradeport_contracts::futures::{Confidence, FuturesDraft, FuturesSpecs, Settlement};
/// use tradeport_kernel::Currency;
///
/// let micro_oil = FuturesDraft {
///     exchange_code: "MCX".to_owned(),
///     broker_symbol: "MCX".to_owned(),
///     trading_class: "MCX".to_owned(),
///     exchange: "NYMEX".to_owned(),
///     exchange_before_2022: "NYMEX".to_owned(),
///     multiplier: "50".parse()?,
///     currency: Currency::USD,
///     price_step: "0.01".parse()?,
///     price_magnifier: 1,
///     months: "F-Z".parse()?,
///     last_trade: "1 business day before the CL last trade day".parse()?,
///     first_notice: None,
///     settlement: Settlement::Cash,
///     confidence: Confidence::Medium,
///     note: String::new(),
/// };
/// let mine = FuturesSpecs::bundled().clone().extended_with([micro_oil.clone()])?;
/// assert_eq!(mine.find("MCX").map(|spec| spec.step_value().to_string()).as_deref(), Some("0.50 USD"));
///
/// let refused = FuturesDraft { price_magnifier: 20, ..micro_oil }.check(&mine).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "MCX has a price magnifier of 20: expected 1, 10, 100, 1000 or 10000"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FuturesDraft {
    /// The exchange's code of the product, such as `6E`: the name that the platform uses.
    pub exchange_code: String,
    /// The broker's symbol of the underlying, such as `EUR`; several products may share it.
    pub broker_symbol: String,
    /// The broker's trading class, which tells products of one symbol apart.
    pub trading_class: String,
    /// Where it trades, by the broker's name of the exchange.
    pub exchange: String,
    /// The broker's name of that exchange before 2022, as old records have it.
    pub exchange_before_2022: String,
    /// Units of the underlying in one contract; above zero, up to 1,000,000,000, up to 4 digits after the point.
    pub multiplier: Decimal,
    /// What it is settled in.
    pub currency: Currency,
    /// The smallest step between two quoted prices; above zero, up to 1,000,000, up to 9 digits after the point.
    pub price_step: Decimal,
    /// How many quoted units make one unit of the currency: 100 for prices in cents, else 1; a power of ten.
    pub price_magnifier: u32,
    /// The months that it has.
    pub months: MonthCycle,
    /// When a contract last trades.
    pub last_trade: LastTrade,
    /// The first day on which a seller may announce delivery, where that is before the last trade.
    #[serde(default)]
    pub first_notice: Option<DayRule>,
    /// How it ends.
    pub settlement: Settlement,
    /// How sure these facts are.
    pub confidence: Confidence,
    /// What else there is to know.
    #[serde(default)]
    pub note: String,
}

/// When the contracts of a product last trade.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LastTrade {
    /// By this rule.
    Rule(LastTradeRule),
    /// As, or so many business days before, the contract of another product for the same month.
    Like {
        /// The other product's exchange code.
        product: String,
        /// How many business days before it; 0 for the same day.
        business_days_before: u8,
    },
    /// Nobody said.
    Unknown,
}

/// The facts do not make a product.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFuturesSpec {
    /// A code, a symbol, a class or an exchange is not a name.
    #[error("{field} {given:?} is not a name: expected 1 to 16 capital letters, digits or dots such as ES")]
    Name {
        /// Which.
        field: &'static str,
        /// What was given.
        given: String,
    },
    /// The multiplier or the price step.
    #[error(
        "{product} has a {field} of {given}: expected a number above 0, up to {most}, of up to {digits} decimals"
    )]
    Number {
        /// Whose.
        product: String,
        /// Which.
        field: &'static str,
        /// What was given.
        given: Decimal,
        /// The largest that is accepted.
        most: Decimal,
        /// The most digits after the point.
        digits: u32,
    },
    /// The magnifier is not a power of ten.
    #[error("{product} has a price magnifier of {given}: expected 1, 10, 100, 1000 or 10000")]
    Magnifier {
        /// Whose.
        product: String,
        /// What was given.
        given: u32,
    },
    /// Its last trade is said to be like that of a product that is not there.
    #[error(
        "{product} last trades like {other}, which is not in the table with a rule of its own: put {other} before it"
    )]
    LikeWhat {
        /// Whose.
        product: String,
        /// The other product.
        other: String,
    },
    /// The distance to the other product's last trade does not make a rule.
    #[error("{product} has no rule for its last trade")]
    Rule {
        /// Whose.
        product: String,
        /// Why.
        #[source]
        source: NotADayRule,
    },
    /// What ends in cash has no notice of delivery.
    #[error("{product} has a first notice day but is settled in cash: remove one of the two")]
    NoticeOfCash {
        /// Whose.
        product: String,
    },
    /// The note is too long or has control characters.
    #[error("{product} has a note that is not a line of up to 300 characters")]
    Note {
        /// Whose.
        product: String,
    },
    /// The product is in the table more than once.
    #[error("{product} is given twice: remove one of the two")]
    Twice {
        /// Whose.
        product: String,
    },
}

/// Is it a name of products and exchanges: 1 to 16 capital letters, digits or dots?
pub(super) fn is_name(text: &str) -> bool {
    let good = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'.';
    !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(good)
}

impl LastTrade {
    /// Reads a rule as tables of products state it: with the settlement behind a semicolon, which some of them repeat.
    pub fn with_settlement(text: &str) -> Result<(Self, Option<Settlement>), NotADayRule> {
        rule_text::stated(text)
    }
}

impl FuturesDraft {
    /// Checks the facts; what is said to be like another product is looked up in `others`. Errors: each is a
    /// [`NotAFuturesSpec`] that names the field, what was given and what would be accepted.
    pub fn check(self, others: &FuturesSpecs) -> Result<FuturesSpec, NotAFuturesSpec> {
        self.check_names()?;
        self.check_numbers()?;
        if self.first_notice.is_some() && self.settlement == Settlement::Cash {
            return Err(NotAFuturesSpec::NoticeOfCash { product: self.exchange_code });
        }
        if self.note.chars().count() > LONGEST_NOTE || self.note.chars().any(char::is_control) {
            return Err(NotAFuturesSpec::Note { product: self.exchange_code });
        }
        let rule = self.resolve(others)?;
        Ok(FuturesSpec { draft: self, rule })
    }

    fn check_names(&self) -> Result<(), NotAFuturesSpec> {
        let names = [
            ("exchange code", &self.exchange_code),
            ("broker symbol", &self.broker_symbol),
            ("trading class", &self.trading_class),
            ("exchange", &self.exchange),
            ("exchange before 2022", &self.exchange_before_2022),
        ];
        match names.into_iter().find(|(_, name)| !is_name(name)) {
            Some((field, name)) => {
                Err(NotAFuturesSpec::Name { field, given: name.chars().take(40).collect() })
            }
            None => Ok(()),
        }
    }

    fn check_numbers(&self) -> Result<(), NotAFuturesSpec> {
        // The bounds keep every product of the three exact: 13 and 15 digits make 28.
        let numbers = [
            ("multiplier", self.multiplier, Decimal::from(1_000_000_000), 4),
            ("price step", self.price_step, Decimal::from(1_000_000), 9),
        ];
        for (field, given, most, digits) in numbers {
            if given <= Decimal::ZERO || given > most || given.normalize().scale() > digits {
                let product = self.exchange_code.clone();
                return Err(NotAFuturesSpec::Number { product, field, given, most, digits });
            }
        }
        if !matches!(self.price_magnifier, 1 | 10 | 100 | 1_000 | 10_000) {
            return Err(NotAFuturesSpec::Magnifier {
                product: self.exchange_code.clone(),
                given: self.price_magnifier,
            });
        }
        Ok(())
    }

    fn resolve(&self, others: &FuturesSpecs) -> Result<Option<LastTradeRule>, NotAFuturesSpec> {
        let (other, count) = match &self.last_trade {
            LastTrade::Unknown => return Ok(None),
            LastTrade::Rule(rule) => return Ok(Some(rule.clone())),
            LastTrade::Like { product, business_days_before } => (product, *business_days_before),
        };
        let product = || self.exchange_code.clone();
        let rule = others
            .find(other)
            .and_then(FuturesSpec::last_trade_rule)
            .ok_or_else(|| NotAFuturesSpec::LikeWhat { product: product(), other: other.clone() })?;
        let day = rule
            .day()
            .earlier_by(count)
            .map_err(|source| NotAFuturesSpec::Rule { product: product(), source })?;
        // The time of day belongs to the other's last day: on an earlier one trading goes on to the session's end.
        let closing = rule.closing().filter(|_| count == 0).cloned();
        Ok(Some(LastTradeRule::new(day, closing)))
    }
}

impl FuturesSpec {
    /// The exchange's code of the product: the name that the platform uses.
    #[must_use]
    pub fn exchange_code(&self) -> &str {
        &self.draft.exchange_code
    }

    /// The broker's symbol of the underlying.
    #[must_use]
    pub fn broker_symbol(&self) -> &str {
        &self.draft.broker_symbol
    }

    /// The broker's trading class.
    #[must_use]
    pub fn trading_class(&self) -> &str {
        &self.draft.trading_class
    }

    /// Where it trades, by the broker's name.
    #[must_use]
    pub fn exchange(&self) -> &str {
        &self.draft.exchange
    }

    /// The broker's name of that exchange before 2022.
    #[must_use]
    pub fn exchange_before_2022(&self) -> &str {
        &self.draft.exchange_before_2022
    }

    /// Units of the underlying in one contract.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.draft.multiplier
    }

    /// What it is settled in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.draft.currency
    }

    /// The smallest step between two quoted prices.
    #[must_use]
    pub const fn price_step(&self) -> Decimal {
        self.draft.price_step
    }

    /// How many quoted units make one unit of the currency: 100 for prices in cents.
    #[must_use]
    pub const fn price_magnifier(&self) -> u32 {
        self.draft.price_magnifier
    }

    /// The months that it has.
    #[must_use]
    pub const fn months(&self) -> MonthCycle {
        self.draft.months
    }

    /// When a contract last trades, as it was stated.
    #[must_use]
    pub const fn last_trade(&self) -> &LastTrade {
        &self.draft.last_trade
    }

    /// When a contract last trades, after references to other products were followed; `None` when unknown.
    #[must_use]
    pub const fn last_trade_rule(&self) -> Option<&LastTradeRule> {
        self.rule.as_ref()
    }

    /// The first day on which a seller may announce delivery, where that is before the last trade.
    #[must_use]
    pub const fn first_notice(&self) -> Option<&DayRule> {
        self.draft.first_notice.as_ref()
    }

    /// How it ends.
    #[must_use]
    pub const fn settlement(&self) -> Settlement {
        self.draft.settlement
    }

    /// How sure these facts are.
    #[must_use]
    pub const fn confidence(&self) -> Confidence {
        self.draft.confidence
    }

    /// What else there is to know.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.draft.note
    }

    /// The facts, to change some and check them again.
    #[must_use]
    pub const fn draft(&self) -> &FuturesDraft {
        &self.draft
    }
}

impl TryFrom<FuturesDraft> for FuturesSpec {
    type Error = NotAFuturesSpec;
    /// References to other products are not followed: there is no table to find them in.
    fn try_from(draft: FuturesDraft) -> Result<Self, Self::Error> {
        draft.check(&FuturesSpecs::empty())
    }
}

impl From<FuturesSpec> for FuturesDraft {
    /// The rule that was found takes the place of a reference.
    fn from(spec: FuturesSpec) -> Self {
        let last_trade = spec.rule.map_or(LastTrade::Unknown, LastTrade::Rule);
        Self { last_trade, ..spec.draft }
    }
}

#[cfg(test)]
mod tests;
