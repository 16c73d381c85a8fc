//! Whether a future can end when somebody says that it does.
//!
//! A broker knows a future by its month or by its last day of trading. Both follow from the facts of the product, so a
//! wrong one is refused before anybody is asked. What the facts do not tell is let through: products that are not in the
//! table, rules that nobody knows, days beyond the calendars, weekly contracts on the product's day of the week.
//!
//! Left out: how far ahead an exchange lists, which only its own list of contracts says.

use super::business_days::{BusinessDays, Weekdays, at_or_before};
use super::cycle::Besides;
use super::month::ContractMonth;
use super::spec::FuturesSpec;
use super::specs::FuturesSpecs;
use super::words::Confidence;
use crate::calendar::Calendar;
use crate::{Description, Expiry, Future, NotAnInstrument};
use std::collections::BTreeSet;
use time::{Date, Duration, Weekday};

/// Bundled products whose exchanges list further near months than their cycle has. CME Group, platinum: "3 consecutive
/// months and any Jan, Apr, Jul and Oct"; ASX, SPI 200: "the nearest two non-quarterly expiry months".
const WITH_NEAR_MONTHS: [&str; 2] = ["PL", "SPI"];
/// So many days are named as what would be accepted.
const NAMED: usize = 3;
/// Contracts of so many months are looked through for them: two of a yearly cycle.
const MONTHS_AHEAD: i32 = 24;

/// A day that is no last day of trading, and those that would be.
struct Refused {
    days: BTreeSet<Date>,
    /// Is the rule only believed?
    about: bool,
    /// On which day of the week further contracts end.
    weekly: Option<Weekday>,
}

impl FuturesSpecs {
    /// Refuses a future whose month, or whose day, is none of its product's. A month must be one that the product
    /// lists; a day must be the last on which one of its contracts trades, after holidays. Of a product whose rule is
    /// only believed ([`Confidence::Medium`]) or whose holidays are not known, a day within a week of that is let
    /// through; of one whose facts are doubtful ([`Confidence::Low`]), anything. Errors: [`NotAnInstrument::Cycle`] and
    /// [`NotAnInstrument::LastDay`], which name what would be accepted.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// use tradeport_contracts::Instrument;
    /// let check = |text: &str| text.parse::<Instrument>()?.check_expiry(FuturesSpecs::bundled());
    /// assert!(check("ES 20261218@CME").is_ok(), "the third Friday");
    /// assert_eq!(
    ///     check("ES 20261217@CME").unwrap_err().to_string(),
    ///     "ES has no contract that ends on 20261217: expected 20261218, 20270319 or 20270617"
    /// );
    /// assert!(check("CL 20261221@NYMEX").is_ok(), "crude of January ends in December");
    /// assert!(check("VIX 20261125@CFE").is_ok(), "volatility has weekly contracts");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn check_expiry(&self, future: &Future) -> Result<(), NotAnInstrument> {
        let said = future.description();
        let (Some(expiry), None) = (said.expiry, said.id) else { return Ok(()) };
        let products = self.products_of(said);
        if products.is_empty() {
            return Ok(());
        }
        let product = || said.symbol.clone().unwrap_or_default();
        let Some(day) = expiry.day() else {
            if products.iter().any(|spec| may_list(spec, expiry)) {
                return Ok(());
            }
            let months: BTreeSet<String> = products.iter().map(|spec| spec.months().to_string()).collect();
            let months = one_of(&months.into_iter().collect::<Vec<_>>());
            return Err(NotAnInstrument::Cycle { product: product(), expiry, months });
        };
        let mut refused = Refused { days: BTreeSet::new(), about: false, weekly: None };
        for spec in products {
            match spec.refuses(day) {
                None => return Ok(()),
                Some(other) => {
                    refused.days.extend(other.days);
                    refused.about |= other.about;
                    refused.weekly = refused.weekly.or(other.weekly);
                }
            }
        }
        Err(NotAnInstrument::LastDay { product: product(), expiry, expected: refused.expected() })
    }

    /// The products that a description may mean; none where it does not say enough.
    fn products_of(&self, said: &Description) -> Vec<&FuturesSpec> {
        let (Some(symbol), Some(exchange)) = (&said.symbol, &said.exchange) else { return Vec::new() };
        let class = said.trading_class.as_deref();
        self.by_broker_symbol(symbol, exchange)
            .filter(|spec| class.is_none_or(|class| class == spec.trading_class()))
            .collect()
    }
}

impl FuturesSpec {
    /// Why no contract of the product ends on a day; `None` when one does, or when that is not known.
    fn refuses(&self, day: Date) -> Option<Refused> {
        let rule = self.last_trade_rule()?;
        let calendar = self.business_calendar().and_then(|name| Calendar::named(name).ok());
        let slack = match (self.confidence(), calendar) {
            (Confidence::Low, _) => return None,
            (Confidence::High, Some(_)) => Duration::ZERO,
            (Confidence::High | Confidence::Medium, _) => Duration::WEEK,
        };
        let calendar: &dyn BusinessDays = calendar.map_or(&Weekdays, |known| known);
        let mut weekly = None;
        if self.months().besides() == Besides::Weeklies {
            let (weekday, ends) = self.weekly_of(day, calendar)?;
            if ends == day {
                return None;
            }
            weekly = Some(weekday);
        }
        // A day that is moved for a holiday may leave its month.
        let asked = ContractMonth::of(day).ok()?;
        let first = asked.plus(-i32::from(rule.day().months_later()) - 1)?;
        let mut days = BTreeSet::new();
        for month in (0..=MONTHS_AHEAD).map_while(|later| first.plus(later)) {
            if !may_list(self, month.into()) {
                continue;
            }
            let Ok(last_trade) = rule.day().day(month, calendar) else { break };
            if (last_trade - day).abs() <= slack {
                return None;
            }
            if last_trade >= asked.first_day() {
                days.insert(last_trade);
            }
            if days.len() == NAMED {
                break;
            }
        }
        // Beyond the calendar nothing is known.
        (!days.is_empty()).then_some(Refused { days, about: slack > Duration::ZERO, weekly })
    }

    /// The day of the week on which the product's contracts end, and the next such day from a day on, or the business
    /// day before it when the exchange is closed on it. `None` when that is not known.
    fn weekly_of(&self, day: Date, calendar: &dyn BusinessDays) -> Option<(Weekday, Date)> {
        let rule = self.last_trade_rule()?;
        let usual = rule.day().day(ContractMonth::of(day).ok()?, &Weekdays).ok()?.weekday();
        let ends = if day.weekday() == usual { day } else { day.next_occurrence(usual) };
        Some((usual, at_or_before(calendar, ends).ok()?))
    }
}

impl Refused {
    /// What would be accepted.
    fn expected(&self) -> String {
        let days = self.days.iter().filter_map(|day| Expiry::try_from(*day).ok());
        let days: Vec<String> = days.take(NAMED).map(|day| day.to_string()).collect();
        let days = one_of(&days);
        let days = if self.about { format!("a day within a week of {days}") } else { days };
        match self.weekly {
            Some(weekday) => format!("{days}, or the {weekday} of a weekly contract"),
            None => days,
        }
    }
}

/// May there be a contract of this month?
fn may_list(spec: &FuturesSpec, expiry: Expiry) -> bool {
    spec.months().lists(expiry.month())
        || spec.confidence() == Confidence::Low
        || WITH_NEAR_MONTHS.contains(&spec.exchange_code())
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
