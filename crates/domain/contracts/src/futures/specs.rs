//! The table of all known products: those that are bundled, and those that a user adds.
//!
//! Left out: reading a user's file, which is for the `files` adapter.

use super::bundled;
use super::cycle::Besides;
use super::month::ContractMonth;
use super::spec::{FuturesDraft, FuturesSpec, NotAFuturesSpec};
use crate::{Future, NotAnInstrument};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Products by their exchange code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuturesSpecs(BTreeMap<String, FuturesSpec>);

impl FuturesSpecs {
    /// The products that come with the platform.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let euro = FuturesSpecs::bundled().find("6E").ok_or("no euro")?;
    /// assert_eq!((euro.broker_symbol(), euro.exchange()), ("EUR", "CME"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn bundled() -> &'static Self {
        static BUNDLED: LazyLock<FuturesSpecs> = LazyLock::new(|| {
            FuturesSpecs::empty()
                .extended_with(bundled::drafts())
                .expect("the bundled products are tested, each of them")
        });
        &BUNDLED
    }

    /// No product.
    #[must_use]
    pub const fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// The product with this exchange code, such as `6E`.
    #[must_use]
    pub fn find(&self, exchange_code: &str) -> Option<&FuturesSpec> {
        self.0.get(exchange_code)
    }

    /// Every product of a broker's symbol at an exchange, by its name of today or before 2022. Several products may
    /// share a symbol: the trading class and the multiplier tell them apart.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let silver = FuturesSpecs::bundled().by_broker_symbol("SI", "COMEX");
    /// let classes: Vec<&str> = silver.map(|product| product.trading_class()).collect();
    /// assert_eq!(classes, ["SI", "SIL"]);
    /// ```
    pub fn by_broker_symbol(&self, symbol: &str, exchange: &str) -> impl Iterator<Item = &FuturesSpec> {
        self.0.values().filter(move |spec| {
            spec.broker_symbol() == symbol
                && [spec.exchange(), spec.exchange_before_2022()].contains(&exchange)
        })
    }

    /// All products, by their exchange codes.
    pub fn iter(&self) -> impl Iterator<Item = &FuturesSpec> {
        self.0.values()
    }

    /// The instrument of one contract of a product, as the broker knows it: by its class too where the symbol and the
    /// month alone would name several. Errors: [`NotAnInstrument::Cycle`] for a month that the product does not have.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let specs = FuturesSpecs::bundled();
    /// let euro = specs.find("6E").ok_or("no euro")?;
    /// assert_eq!(specs.future(euro, "202612".parse()?)?.to_string(), "EUR 202612@CME");
    /// let silver = specs.find("SIL").ok_or("no silver")?;
    /// let micro = specs.future(silver, "202612".parse()?)?;
    /// assert_eq!(micro.description().trading_class.as_deref(), Some("SIL"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn future(&self, spec: &FuturesSpec, month: ContractMonth) -> Result<Future, NotAnInstrument> {
        if !spec.months().lists(month.month()) {
            return Err(NotAnInstrument::Cycle {
                product: spec.exchange_code().to_owned(),
                expiry: month.into(),
                months: spec.months().to_string(),
            });
        }
        let future = Future::of_any_cycle(spec.broker_symbol(), month.into(), spec.exchange())?;
        let future = future.in_currency(spec.currency());
        let others = self
            .by_broker_symbol(spec.broker_symbol(), spec.exchange())
            .any(|other| other.exchange_code() != spec.exchange_code());
        if others || spec.months().besides() == Besides::Weeklies {
            return future.with_trading_class(spec.trading_class());
        }
        Ok(future)
    }

    /// The table with further products. One with a code that is there already takes the place of the old one, but
    /// keeps its first notice day if it states none and is delivered. A product whose last trade is like another's
    /// must come after it; the rule is taken from the table as it is at that moment. Errors: the first draft that is
    /// refused, or the second of one code among `drafts`.
    ///
    /// ```
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let bundled = FuturesSpecs::bundled();
    /// let mut palladium = bundled.find("PA").ok_or("no palladium")?.draft().clone();
    /// palladium.price_step = "0.05".parse()?;
    /// let mine = bundled.clone().extended_with([palladium])?;
    /// assert_eq!(mine.find("PA").map(|spec| spec.step_value().to_string()).as_deref(), Some("5.00 USD"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn extended_with(
        mut self,
        drafts: impl IntoIterator<Item = FuturesDraft>,
    ) -> Result<Self, NotAFuturesSpec> {
        let mut added = BTreeSet::new();
        for draft in drafts {
            if !added.insert(draft.exchange_code.clone()) {
                return Err(NotAFuturesSpec::Twice { product: draft.exchange_code });
            }
            self.insert(draft)?;
        }
        Ok(self)
    }

    /// Adds a product, or puts it in the place of the one with its code, as [`Self::extended_with`] does.
    pub fn insert(&mut self, mut draft: FuturesDraft) -> Result<(), NotAFuturesSpec> {
        if draft.first_notice.is_none() && draft.settlement == super::Settlement::Delivery {
            draft.first_notice = self.find(&draft.exchange_code).and_then(|old| old.first_notice().copied());
        }
        let spec = draft.check(self)?;
        self.0.insert(spec.exchange_code().to_owned(), spec);
        Ok(())
    }
}
