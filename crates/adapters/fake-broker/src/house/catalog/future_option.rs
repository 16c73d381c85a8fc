//! Options on futures: for each of a few products and each of its listed months, strikes around the product's reference
//! price, three tenths of it to either side.
//!
//! They end with their future, and bring it when they are exercised. Left out: options that end before their future, such
//! as serial and weekly ones.

use super::Catalog;
use super::build::last_trade;
use super::fitting::products;
use super::listed::Listed;
use super::product::Product;
use rust_decimal::prelude::ToPrimitive;
use tradeport_contracts::futures::ContractMonth;
use tradeport_contracts::{Contract, Description, Expiry, FuturesOption, Instrument, NotAnInstrument, Right};
use tradeport_kernel::Decimal;

/// Products with options, by the exchange's code, and the step between two strikes. Their places are part of the contract
/// ids: never changed.
const CLASSES: &[(&str, &str)] =
    &[("ES", "5"), ("NQ", "10"), ("CL", "0.5"), ("GC", "5"), ("SI", "0.25"), ("ZN", "0.5"), ("FGBL", "1")];

/// Strikes are counted in steps from 0 up to here.
const MOST_STEPS: i64 = 1 << 13;
/// Months since 1999-12.
const MOST_MONTHS: i64 = 1 << 9;
const FIRST_YEAR: i32 = 2000;

/// One option on a future.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct FutureOptionOf {
    class: usize,
    product: Product,
    pub(in crate::house) month: ContractMonth,
    pub(in crate::house) right: Right,
    steps: i64,
}

impl FutureOptionOf {
    pub(in crate::house) const fn product(&self) -> Product {
        self.product
    }

    pub(in crate::house) fn strike(&self) -> Decimal {
        (step(self.class) * Decimal::from(self.steps)).normalize()
    }

    /// Its place among all of them.
    pub(super) fn number(&self) -> i64 {
        let class = i64::try_from(self.class).unwrap_or(0);
        let months = i64::from(self.month.year() - FIRST_YEAR) * 12 + i64::from(u8::from(self.month.month()));
        let put = i64::from(self.right == Right::Put);
        ((class * MOST_MONTHS + months) * 2 + put) * MOST_STEPS + self.steps
    }

    /// What stands at a place.
    pub(super) fn of_number(number: i64) -> Option<Self> {
        let (rest, steps) = (number / MOST_STEPS, number % MOST_STEPS);
        let (rest, right) = (rest / 2, if rest % 2 == 1 { Right::Put } else { Right::Call });
        let (class, months) = (usize::try_from(rest / MOST_MONTHS).ok()?, rest % MOST_MONTHS);
        let years = i32::try_from((months - 1).div_euclid(12)).ok()?;
        let month = u8::try_from((months - 1).rem_euclid(12) + 1).ok()?;
        let month = ContractMonth::new(FIRST_YEAR + years, time::Month::try_from(month).ok()?).ok()?;
        let product = product_of(class)?;
        product.future(month)?;
        (months > 0 && is_strike(class, product, steps)).then_some(Self {
            class,
            product,
            month,
            right,
            steps,
        })
    }

    pub(super) fn instrument(&self) -> Result<Instrument, NotAnInstrument> {
        let spec = self.product.spec();
        let month = Expiry::in_month(self.month.year(), u8::from(self.month.month()));
        let month = month.map_err(|_| NotAnInstrument::NoKind)?;
        let it = FuturesOption::new(spec.broker_symbol(), month, self.strike(), self.right, spec.exchange())?;
        Ok(it.in_currency(spec.currency()).into())
    }
}

fn step(class: usize) -> Decimal {
    let (_, step) = CLASSES.get(class).copied().unwrap_or(("", "1"));
    step.parse().expect("a test reads the step of every class")
}

fn product_of(class: usize) -> Option<Product> {
    let (code, _) = CLASSES.get(class)?;
    Product::all().find(|product| product.code == *code)
}

fn is_strike(class: usize, product: Product, steps: i64) -> bool {
    let reference: Decimal = product.reference.parse().unwrap_or_default();
    let away = (step(class) * Decimal::from(steps) - reference).abs();
    (1..MOST_STEPS).contains(&steps) && away * Decimal::TEN <= reference * Decimal::from(3)
}

/// The strikes of a class, the lowest first.
fn strikes(class: usize, product: Product) -> impl Iterator<Item = i64> {
    let reference: Decimal = product.reference.parse().unwrap_or_default();
    let most = (reference * Decimal::TWO / step(class)).to_i64().unwrap_or(0).min(MOST_STEPS - 1);
    (1..=most).filter(move |steps| is_strike(class, product, *steps))
}

impl Catalog {
    /// Up to `most` options on futures that a description fits.
    pub(super) fn future_options(&self, wanted: &Description, most: usize) -> Vec<Listed> {
        let of_product = Description { multiplier: None, ..wanted.clone() };
        let all = products(&of_product).flat_map(|product| self.on_product(product, wanted));
        all.filter(|it| {
            wanted.multiplier.is_none_or(|multiplier| multiplier == it.product.spec().multiplier())
        })
        .map(Listed::FutureOption)
        .filter(|listed| super::fitting::is_called(wanted, listed))
        .take(most)
        .collect()
    }

    /// The calls on a future, the lowest strike first; none for what is no future, or has no options.
    #[must_use]
    pub fn calls_on(&self, future: &Contract) -> Vec<Contract> {
        let Some(Listed::Future(product, month)) = Listed::of_id(future.id()) else { return Vec::new() };
        let expiry = Expiry::in_month(month.year(), u8::from(month.month())).ok();
        let wanted = Description { right: Some(Right::Call), expiry, ..Description::default() };
        let all = self.on_product(product, &wanted).into_iter();
        all.filter(|it| it.month == month).map(|it| self.contract(Listed::FutureOption(it))).collect()
    }

    fn on_product(&self, product: Product, wanted: &Description) -> Vec<FutureOptionOf> {
        let Some(class) = CLASSES.iter().position(|(code, _)| *code == product.code) else {
            return Vec::new();
        };
        let ends = |month: &ContractMonth| match wanted.expiry.map(|it| (it.day(), it)) {
            None => true,
            Some((Some(day), _)) => last_trade(product, *month) == Some(day),
            Some((None, it)) => (it.year(), it.month()) == (month.year(), month.month()),
        };
        let struck =
            |steps: &i64| wanted.strike.is_none_or(|strike| step(class) * Decimal::from(*steps) == strike);
        let steps: Vec<i64> = strikes(class, product).filter(struck).collect();
        let rights: Vec<Right> =
            Right::ALL.into_iter().filter(|right| wanted.right.is_none_or(|it| it == *right)).collect();
        let months = self.months(product).into_iter().filter(ends);
        let all = months.flat_map(|month| rights.iter().map(move |right| (month, *right)));
        all.flat_map(|(month, right)| {
            steps.iter().map(move |steps| FutureOptionOf { class, product, month, right, steps: *steps })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::FakeHours;
    use tradeport_contracts::InstrumentKind;

    fn today() -> Catalog {
        Catalog::at(FakeHours::Always, "2026-11-20T15:00:00Z".parse().unwrap())
    }

    #[test]
    fn every_one_has_a_number_a_name_and_a_price() {
        let catalog = today();
        let market = crate::house::SyntheticMarket::new(1);
        let at = "2026-11-20T15:00:00Z".parse().unwrap();
        for (index, (code, _)) in CLASSES.iter().enumerate() {
            let product = product_of(index).unwrap();
            let found = catalog.on_product(product, &Description::default());
            assert!(found.len() > 100, "{code}: {}", found.len());
            for it in found.iter().step_by(23) {
                let listed = Listed::FutureOption(*it);
                assert_eq!(Listed::of_id(listed.id()), Some(listed), "{}", listed.instrument());
                let contract = catalog.by_id(listed.id()).unwrap();
                assert_eq!(contract.symbol().as_str().parse::<Instrument>().unwrap(), listed.instrument());
                assert_eq!(catalog.resolve(&listed.instrument()).unwrap(), contract);
                assert!(market.quote_of(&contract, at).is_some(), "{}", contract.symbol());
                let under = catalog.underlying(&contract).unwrap();
                assert_eq!(under.instrument().kind(), Some(InstrumentKind::Future));
            }
        }
    }

    #[test]
    fn one_is_found_by_its_month_or_its_day() {
        for text in ["futopt:ES 202612C1500@CME", "futopt:ES 20261218C1500@CME"] {
            let found = today().resolve(&text.parse().unwrap()).unwrap();
            assert_eq!(found.symbol().as_str(), "futopt:ES 202612C1500@CME");
            assert_eq!(found.multiplier(), Decimal::from(50));
        }
        assert!(today().resolve(&"futopt:ES 202612C1501@CME".parse().unwrap()).is_err());
    }
}
