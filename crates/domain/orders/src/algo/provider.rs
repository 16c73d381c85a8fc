//! Who runs an algo, and the route an order takes to get there.

use super::refusal::{AlgoRefusal, shown};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who runs the algo. Names of algos are unique within a provider only: `Vwap` is the broker's own, `VWAP` is one of
/// Jefferies', another of CSFB's and a third of Fox River's.
///
/// ```
/// use tradeport_orders::algo::Provider;
/// assert_eq!(Provider::at_route("JEFFALGO")?, Provider::Jefferies);
/// assert!(matches!(Provider::at_route("NEWALGO")?, Provider::Other(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Provider {
    /// The broker itself.
    Ib,
    /// Jefferies, for US stocks.
    Jefferies,
    /// Credit Suisse First Boston, for US stocks. Its route may no longer be served.
    Csfb,
    /// Quantitative Brokers, for futures.
    QuantitativeBrokers,
    /// Fox River, for US stocks.
    FoxRiver,
    /// Somebody this crate lists no algos of, by route.
    Other(Route),
}

/// The route of a provider that this crate lists no algos of. Made by [`Provider::at_route`] only, so that a listed
/// provider has one name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route(String);

impl Route {
    /// The exchange that an order names to get there.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Provider {
    /// The providers whose algos are listed, in the order of the manual.
    pub const LISTED: [Self; 5] =
        [Self::Ib, Self::Jefferies, Self::Csfb, Self::QuantitativeBrokers, Self::FoxRiver];

    /// The longest name of a route.
    pub const ROUTE_MAX: usize = 16;

    /// Who is reached by the exchange `route`: `JEFFALGO`, `SMART`, or that of somebody new.
    ///
    /// # Errors
    /// [`AlgoRefusal::Name`] unless it is 1 to 16 capital letters, digits or dots.
    pub fn at_route(route: &str) -> Result<Self, AlgoRefusal> {
        if let Some(listed) = Self::LISTED.into_iter().find(|provider| provider.route() == route) {
            return Ok(listed);
        }
        let good = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'.';
        if route.is_empty() || route.len() > Self::ROUTE_MAX || !route.bytes().all(good) {
            return Err(AlgoRefusal::Name {
                what: "a route",
                given: shown(route),
                accepted: "1 to 16 capital letters, digits or dots such as JEFFALGO",
            });
        }
        Ok(Self::Other(Route(route.to_owned())))
    }

    /// The exchange that an order's instrument must name for the algo to be run. For the broker's own algos it is
    /// `SMART`; a native exchange does as well.
    #[must_use]
    pub fn route(&self) -> &str {
        match self {
            Self::Ib => "SMART",
            Self::Jefferies => "JEFFALGO",
            Self::Csfb => "CSFBALGO",
            Self::QuantitativeBrokers => "QBALGO",
            Self::FoxRiver => "FOXRIVER",
            Self::Other(route) => &route.0,
        }
    }

    /// Is the algo run only by orders that name [`route`](Self::route) itself?
    #[must_use]
    pub const fn needs_own_route(&self) -> bool {
        !matches!(self, Self::Ib)
    }

    /// Its name: `ib`, `jefferies`, `csfb`, `quantitative-brokers`, `fox-river`, or the route of somebody else.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Ib => "ib",
            Self::Jefferies => "jefferies",
            Self::Csfb => "csfb",
            Self::QuantitativeBrokers => "quantitative-brokers",
            Self::FoxRiver => "fox-river",
            Self::Other(route) => &route.0,
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Provider {
    type Err = AlgoRefusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let listed = Self::LISTED.into_iter().find(|provider| provider.name() == text);
        listed.map_or_else(|| Self::at_route(text), Ok)
    }
}

impl TryFrom<String> for Provider {
    type Error = AlgoRefusal;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Provider> for String {
    fn from(provider: Provider) -> Self {
        provider.name().to_owned()
    }
}
