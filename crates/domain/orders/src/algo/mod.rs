//! Algos: the ways in which a broker, or somebody behind it, works an order over time.
//!
//! An [`Algo`] is a value that goes into an order. Each of the 66 listed ones has a builder with a method a parameter;
//! the builder of [`ib::Vwap`] is this:
//!
//! ```
//! use tradeport_orders::algo::{AlgoTime, Share, ib::Vwap};
//!
//! let algo = Vwap::new()
//!     .max_pct_vol(Share::percent(20))
//!     .start_time(AlgoTime::daily(9, 30, 0, "US/Eastern").unwrap())
//!     .end_time("16:00:00 US/Eastern".parse().unwrap())
//!     .build()
//!     .unwrap();
//! assert_eq!(algo.name(), "ib Vwap");
//! assert_eq!(algo.params()[0].name(), "maxPctVol");
//! ```
//!
//! # Which algo is meant
//! Names are unique within a provider, and capitals matter: `Vwap` is the broker's, while Jefferies, CSFB and Fox River
//! have a `VWAP` each. So an algo is told by provider *and* name, and each provider has a module:
//!
//! | provider | module | route | for |
//! | --- | --- | --- | --- |
//! | the broker | [`ib`] | `SMART`, or a native exchange | see each algo |
//! | Jefferies | [`jefferies`] | `JEFFALGO` | US stocks |
//! | CSFB | [`csfb`] | `CSFBALGO` | US stocks |
//! | Quantitative Brokers | [`quantitative_brokers`] | `QBALGO` | futures |
//! | Fox River | [`fox_river`] | `FOXRIVER` | US stocks |
//!
//! The instrument of the order must name that route; [`Algo::suits_route`] checks it, and [`Algo::suits_kind`],
//! [`Algo::suits_product`] and [`Algo::suits_size`] check the order where a provider says what it works with.
//!
//! # What is refused
//! Ranges, choices and time zones are checked when an algo is built; types when it is compiled. A refusal says which
//! algo, which parameter, what was given, and what would be accepted:
//!
//! ```
//! use tradeport_orders::algo::{Share, ib::Vwap};
//!
//! let refused = Vwap::new().max_pct_vol(Share::percent(75)).build().unwrap_err();
//! assert_eq!(refused.to_string(), "ib Vwap: maxPctVol is 0.75, expected a number from 0.01 to 0.5");
//! ```
//!
//! # Algos that are new
//! [`Algo::custom`] takes any provider, name and parameters as text, for what this crate does not list yet:
//!
//! ```
//! use tradeport_orders::algo::{Algo, Provider};
//!
//! let algo = Algo::custom(Provider::at_route("NEWALGO").unwrap(), "Stealth", [("Haste", "3")]).unwrap();
//! assert_eq!(algo.provider().route(), "NEWALGO");
//! ```
//!
//! # What is known, as data
//! [`AlgoSpec::all`] lists every algo with its parameters, what they take, and what it works with, for menus and help.
//!
//! Left out: how an algo is written on a broker's wire, and the running of any of them, which is the provider's.

mod builder;
mod checks;
pub mod csfb;
mod fit;
pub mod fox_river;
pub mod ib;
pub mod jefferies;
mod kinds;
mod provider;
pub mod quantitative_brokers;
mod refusal;
mod share;
mod spec;
mod takes;
mod time;
mod value;
mod zone;
mod zone_names;

pub use provider::{Provider, Route};
pub use refusal::AlgoRefusal;
pub use share::Share;
pub use spec::{AlgoProduct, AlgoSpec, ParamSpec};
pub use takes::{Range, Takes};
pub use time::AlgoTime;
pub use value::{AlgoParam, ParamValue};
pub use zone::Zone;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The most parameters an algo has.
pub const PARAMS_MAX: usize = 64;
/// The longest name of an algo or a parameter, in characters.
pub const NAME_MAX: usize = 64;
/// The longest text that a parameter holds, in characters.
pub const TEXT_MAX: usize = 256;

/// The listed algos, provider by provider.
static LISTS: &[&[&AlgoSpec]] = &[
    ib::benchmark::LIST,
    ib::volume::LIST,
    ib::sliced::LIST,
    jefferies::schedule::LIST,
    jefferies::liquidity::LIST,
    jefferies::pairs::LIST,
    csfb::schedule::LIST,
    csfb::liquidity::LIST,
    quantitative_brokers::futures::LIST,
    fox_river::schedule::LIST,
    fox_river::liquidity::LIST,
    fox_river::pyramid::LIST,
];

/// An algo with its parameters: a strategy that an order asks to be worked with.
///
/// ```
/// use tradeport_orders::algo::ib::Vwap;
/// use tradeport_orders::algo::{Algo, ParamValue, Provider, Share};
///
/// // A listed one by its builder, one that nobody here knows yet by its names.
/// let listed = Vwap::new().max_pct_vol(Share::percent(10)).build()?;
/// assert_eq!(listed.name(), "ib Vwap");
/// let new = Algo::custom(Provider::Ib, "Brandnew", [("speed", "high"), ("limit", "")])?;
/// assert_eq!(new.param("limit"), Some(&ParamValue::Blank));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawAlgo")]
pub struct Algo {
    provider: Provider,
    strategy: Cow<'static, str>,
    params: Vec<AlgoParam>,
}

/// An algo as a document may claim it to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlgo {
    provider: Provider,
    strategy: String,
    params: Vec<AlgoParam>,
}

impl Algo {
    /// From its parts. Parameters that the algo is known to have are checked by what they take; all others must be
    /// [`ParamValue::Text`] or [`ParamValue::Blank`].
    ///
    /// # Errors
    /// [`AlgoRefusal`] naming the rule that is broken.
    pub fn new(
        provider: Provider,
        strategy: impl Into<Cow<'static, str>>,
        mut params: Vec<AlgoParam>,
    ) -> Result<Self, AlgoRefusal> {
        let strategy = strategy.into();
        checks::name("the name of an algo", &strategy)?;
        checks::not_the_brokers_own(&provider, &strategy)?;
        let spec = AlgoSpec::find(&provider, &strategy);
        checks::params(&format!("{provider} {strategy}"), spec, &mut params)?;
        Ok(Self { provider, strategy, params })
    }

    /// An algo that this crate does not list, or a listed one with parameters that are new. An empty text is
    /// [`ParamValue::Blank`].
    ///
    /// # Errors
    /// [`AlgoRefusal`] naming the rule that is broken; also when a parameter is listed, for which its builder is.
    pub fn custom<'a>(
        provider: Provider,
        strategy: &str,
        params: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, AlgoRefusal> {
        let param = |(name, text): (&str, &str)| {
            let blank = text.is_empty();
            let value = if blank { ParamValue::Blank } else { ParamValue::Text(text.to_owned()) };
            AlgoParam::new(name.to_owned(), value)
        };
        // One more than may be is enough to be refused.
        let params = params.into_iter().take(PARAMS_MAX + 1).map(param).collect();
        Self::new(provider, strategy.to_owned(), params)
    }

    /// Provider and name, which together tell it from all others: `ib Vwap`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.provider, self.strategy)
    }

    /// Who runs it.
    #[must_use]
    pub const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Its name, in the provider's spelling: `Vwap`.
    #[must_use]
    pub fn strategy(&self) -> &str {
        &self.strategy
    }

    /// Its parameters, in the order in which they are sent.
    #[must_use]
    pub fn params(&self) -> &[AlgoParam] {
        &self.params
    }

    /// What the parameter of that name holds.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&ParamValue> {
        self.params.iter().find(|param| param.name() == name).map(AlgoParam::value)
    }

    /// What is known about it; `None` for one that this crate does not list.
    #[must_use]
    pub fn spec(&self) -> Option<&'static AlgoSpec> {
        AlgoSpec::find(&self.provider, &self.strategy)
    }
}

impl fmt::Display for Algo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.provider, self.strategy)?;
        self.params.iter().try_for_each(|param| write!(f, " {}={}", param.name(), param.value()))
    }
}

impl TryFrom<RawAlgo> for Algo {
    type Error = AlgoRefusal;
    fn try_from(raw: RawAlgo) -> Result<Self, Self::Error> {
        Self::new(raw.provider, raw.strategy, raw.params)
    }
}
