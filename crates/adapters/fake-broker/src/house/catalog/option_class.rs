//! The classes of options: which expiries and which strikes are listed on a day.
//!
//! Expiries are Fridays, or the day before when the exchange is closed: the next eight weeks, the third Friday of each
//! of the next twelve months, and of January up to two and a half years ahead; of June and December as far on indices and on
//! the funds that step by the cent. Strikes lie around the reference price of the
//! underlying, not around its price of the moment, so that what was listed once stays listed: from half to one and a
//! half of it for third Fridays, a fifth to either side for the others; close together near it, farther apart beyond 15
//! percent from it. Farther strikes are in no chain, as nobody would list them today, but who asks for one of them by
//! itself gets it, like one that the price has left behind.
//!
//! Left out: settlement at the opening, which some index options have; all of them trade until the close of their day.

use super::asset::Asset;
use rust_decimal::prelude::ToPrimitive;
use time::{Date, Month};
use tradeport_contracts::calendar::Calendar;
use tradeport_kernel::Decimal;

/// Which Fridays a class lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::house) enum Fridays {
    All,
    /// The third ones.
    Monthly,
    /// All but the third ones.
    Weekly,
}

/// How its prices step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::house) enum Steps {
    /// A cent everywhere.
    Penny,
    /// A cent below 3.00, a nickel from there.
    Nickel,
    /// A nickel below 3.00, a dime from there.
    Dime,
}

/// Options on one asset that share their terms.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct OptionClass {
    /// Part of the contract ids: from 0 to 63, never changed.
    pub(in crate::house) number: i64,
    /// The underlying's symbol.
    pub(in crate::house) asset: &'static str,
    pub(in crate::house) class: &'static str,
    pub(in crate::house) fridays: Fridays,
    pub(in crate::house) steps: Steps,
}

const fn equity(number: i64, asset: &'static str, steps: Steps) -> OptionClass {
    OptionClass { number, asset, class: asset, fridays: Fridays::All, steps }
}

const fn index(number: i64, asset: &'static str, class: &'static str, fridays: Fridays) -> OptionClass {
    OptionClass { number, asset, class, fridays, steps: Steps::Dime }
}

const CLASSES: &[OptionClass] = &[
    index(0, "SPX", "SPX", Fridays::Monthly),
    index(1, "SPX", "SPXW", Fridays::Weekly),
    index(2, "NDX", "NDX", Fridays::Monthly),
    index(3, "NDX", "NDXP", Fridays::Weekly),
    index(4, "RUT", "RUT", Fridays::Monthly),
    index(5, "RUT", "RUTW", Fridays::Weekly),
    equity(6, "FISV", Steps::Nickel),
    equity(7, "COF", Steps::Nickel),
    equity(8, "AAPL", Steps::Nickel),
    equity(9, "FB", Steps::Nickel),
    equity(10, "GOOG", Steps::Nickel),
    equity(11, "IBM", Steps::Nickel),
    equity(12, "MSFT", Steps::Nickel),
    equity(13, "AMZN", Steps::Nickel),
    equity(14, "BA", Steps::Nickel),
    equity(15, "BAC", Steps::Nickel),
    equity(16, "CAT", Steps::Nickel),
    equity(17, "CSCO", Steps::Nickel),
    equity(18, "CVX", Steps::Nickel),
    equity(19, "DIS", Steps::Nickel),
    equity(20, "GE", Steps::Nickel),
    equity(21, "INTC", Steps::Nickel),
    equity(22, "JNJ", Steps::Nickel),
    equity(23, "JPM", Steps::Nickel),
    equity(24, "KO", Steps::Nickel),
    equity(25, "MCD", Steps::Nickel),
    equity(26, "ORCL", Steps::Nickel),
    equity(27, "PFE", Steps::Nickel),
    equity(28, "PG", Steps::Nickel),
    equity(29, "T", Steps::Nickel),
    equity(30, "WMT", Steps::Nickel),
    equity(31, "XOM", Steps::Nickel),
    equity(32, "TSLA", Steps::Nickel),
    equity(33, "NVDA", Steps::Nickel),
    equity(34, "META", Steps::Nickel),
    equity(35, "GOOGL", Steps::Nickel),
    equity(36, "AMD", Steps::Nickel),
    equity(37, "NFLX", Steps::Nickel),
    equity(38, "F", Steps::Nickel),
    equity(39, "PLTR", Steps::Nickel),
    equity(40, "SPY", Steps::Penny),
    equity(41, "QQQ", Steps::Penny),
    equity(42, "IWM", Steps::Penny),
    equity(43, "DIA", Steps::Nickel),
    equity(44, "TLT", Steps::Nickel),
    equity(45, "GLD", Steps::Nickel),
    equity(46, "SLV", Steps::Nickel),
    equity(47, "EFA", Steps::Nickel),
    equity(48, "EEM", Steps::Nickel),
    equity(49, "XLB", Steps::Nickel),
    equity(50, "XLE", Steps::Nickel),
    equity(51, "XLF", Steps::Nickel),
    equity(52, "XLI", Steps::Nickel),
    equity(53, "XLK", Steps::Nickel),
    equity(54, "XLP", Steps::Nickel),
    equity(55, "XLU", Steps::Nickel),
    equity(56, "XLV", Steps::Nickel),
    equity(57, "XLY", Steps::Nickel),
];

/// The Friday of week 0; weeks number expiries, and are part of the contract ids.
const FIRST_FRIDAY: i32 = 2_458_852;
/// Weeks from 0 up to here are numbered: the years 2020 to 2059.
pub(in crate::house) const MOST_WEEKS: i64 = 2_048;
/// Strikes are counted in units, 0 up to here.
pub(in crate::house) const MOST_UNITS: i64 = 4_096;
const WEEKLIES: i64 = 8;
const MONTHLIES: i64 = 52;
const LONG: i64 = 131;

/// Which expiry: by its week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::house) struct Week(pub(in crate::house) i64);

impl Week {
    fn friday(self) -> Option<Date> {
        let days = i32::try_from(self.0.checked_mul(7)?).ok()?;
        Date::from_julian_day(FIRST_FRIDAY.checked_add(days)?).ok()
    }

    /// The last day of trading: the Friday, or the trading day before it.
    pub(in crate::house) fn expiry(self) -> Option<Date> {
        let friday = self.friday()?;
        let calendar = Calendar::named("XNYS").ok()?;
        let open = |day: &Date| !matches!(calendar.trading_day_on(*day), Ok(None));
        std::iter::successors(Some(friday), |day| day.previous_day()).take(5).find(open)
    }

    /// The first one that has not ended before a day.
    fn current(today: Date) -> Option<Self> {
        let days = i64::from(today.to_julian_day() - FIRST_FRIDAY);
        let week = Self(days.div_euclid(7) + i64::from(days.rem_euclid(7) != 0));
        let over = week.expiry()? < today;
        Some(Self(week.0 + i64::from(over)))
    }

    /// Does the third Friday of a month lie in it?
    pub(in crate::house) fn is_monthly(self) -> bool {
        self.friday().is_some_and(|friday| (15..=21).contains(&friday.day()))
    }

    fn is_listed(self, from: Self, class: &OptionClass) -> bool {
        let ahead = self.0 - from.0;
        let is_far = self.friday().is_some_and(|friday| class.reaches_far_in(friday.month()));
        let far = if is_far { LONG } else { MONTHLIES };
        (0..WEEKLIES).contains(&ahead) || (self.is_monthly() && (0..far).contains(&ahead))
    }
}

/// The strikes of a class, counted in units.
#[derive(Clone, Copy, Debug)]
struct Grid {
    reference: i64,
    fine: i64,
    coarse: i64,
}

impl OptionClass {
    pub(in crate::house) fn all() -> impl Iterator<Item = &'static Self> {
        CLASSES.iter()
    }

    /// The classes on an asset.
    pub(in crate::house) fn on(asset: &Asset) -> impl Iterator<Item = &'static Self> {
        let symbol = if asset.carries_options() { asset.symbol } else { "" };
        CLASSES.iter().filter(move |class| class.asset == symbol)
    }

    pub(in crate::house) fn underlying(&self) -> &'static Asset {
        Asset::optionable(self.asset).expect("a test looks up the asset of every class")
    }

    /// Is this month listed more than a year ahead?
    fn reaches_far_in(&self, month: Month) -> bool {
        match month {
            Month::January => true,
            Month::June | Month::December => matches!(self.steps, Steps::Penny | Steps::Dime),
            _ => false,
        }
    }

    fn has(&self, week: Week) -> bool {
        match self.fridays {
            Fridays::All => true,
            Fridays::Monthly => week.is_monthly(),
            Fridays::Weekly => !week.is_monthly(),
        }
    }

    /// The expiries that are listed on a day, the nearest first.
    pub(in crate::house) fn weeks(&self, today: Date) -> Vec<Week> {
        let Some(from) = Week::current(today) else { return Vec::new() };
        let all = (from.0..from.0 + LONG).map(Week);
        let known = all.filter(|week| (0..MOST_WEEKS).contains(&week.0));
        known.filter(|week| self.has(*week) && week.is_listed(from, self)).collect()
    }

    /// Is the expiry listed on a day?
    pub(in crate::house) fn lists(&self, week: Week, today: Date) -> bool {
        let known = (0..MOST_WEEKS).contains(&week.0);
        known && self.has(week) && Week::current(today).is_some_and(|from| week.is_listed(from, self))
    }

    /// How many units make 10: 20 where a unit is 0.50, 2 where it is 5.
    fn units_in_ten(&self) -> i64 {
        if self.reference() < Decimal::ONE_THOUSAND { 20 } else { 2 }
    }

    pub(in crate::house) fn reference(&self) -> Decimal {
        self.underlying().reference.parse().expect("a test reads the reference of every asset")
    }

    fn grid(&self) -> Grid {
        let reference = self.reference().to_i64().unwrap_or(0);
        let (fine, coarse) = match reference {
            ..25 => (1, 2),
            25..100 => (2, 10),
            100..500 => (5, 10),
            500..1_000 => (10, 20),
            _ => (1, 5),
        };
        Grid { reference: reference * self.units_in_ten() / 10, fine, coarse }
    }

    /// The price of so many units.
    pub(in crate::house) fn strike(&self, units: i64) -> Decimal {
        (Decimal::from(units * 10) / Decimal::from(self.units_in_ten())).normalize()
    }

    /// How many units a strike is, if it is a whole number of them.
    pub(in crate::house) fn units_of(&self, strike: Decimal) -> Option<i64> {
        let units = strike.checked_mul(Decimal::from(self.units_in_ten()))?.checked_div(Decimal::TEN)?;
        let whole = units.is_integer().then(|| units.to_i64()).flatten()?;
        (1..MOST_UNITS).contains(&whole).then_some(whole)
    }

    /// Is there a strike of so many units?
    pub(in crate::house) fn has_strike(&self, week: Week, units: i64) -> bool {
        let Grid { reference, fine, coarse } = self.grid();
        let away = (units - reference).abs();
        let reach = if week.is_monthly() { reference / 2 } else { reference / 5 };
        let near = away * 100 <= reference * 15 && units % fine == 0;
        units > 0 && away <= reach && (near || units % coarse == 0)
    }

    /// Is there an option with a strike of so many units for who asks for it, in the chain or far from the price?
    pub(in crate::house) fn knows_strike(&self, week: Week, units: i64) -> bool {
        let is_far = (1..MOST_UNITS).contains(&units) && units % self.grid().coarse == 0;
        is_far || self.has_strike(week, units)
    }

    /// The strikes of an expiry in units, the lowest first.
    pub(in crate::house) fn strikes(&self, week: Week) -> impl Iterator<Item = i64> {
        let this = *self;
        let reference = this.grid().reference;
        (1..=reference + reference / 2).filter(move |units| this.has_strike(week, *units))
    }
}
