//! Which schedule holds for what.

use super::CommissionSchedule;
use serde::{Deserialize, Serialize};
use tradeport_contracts::InstrumentKind as Kind;

/// Futures of Interactive Brokers that are charged as micro contracts, by the symbols of their products.
const MICRO: &[&str] = &[
    "MES", "MNQ", "MYM", "M2K", "MGC", "SIL", "MHG", "MCL", "MNG", "M6A", "M6B", "M6E", "MSF", "MIR", "MBT",
    "MET",
];

/// A schedule for some kinds of instruments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// For which kinds.
    pub kinds: Vec<Kind>,
    /// For these of the broker's symbols alone; for all of those kinds, when none is named.
    #[serde(default)]
    pub symbols: Vec<String>,
    /// What they cost.
    pub schedule: CommissionSchedule,
}

/// Everything that trading costs, by what is traded. Months are counted for each of these schedules on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariffs {
    /// For shares, and for all that no other is for.
    pub shares: CommissionSchedule,
    /// For some kinds; the first that fits holds.
    #[serde(default)]
    pub others: Vec<Tariff>,
}

impl From<CommissionSchedule> for Tariffs {
    /// One schedule for everything.
    fn from(shares: CommissionSchedule) -> Self {
        Self { shares, others: Vec::new() }
    }
}

impl Tariffs {
    /// Interactive Brokers' schedules in US dollars, the fixed one for shares.
    #[must_use]
    pub fn ib_fixed() -> Self {
        let all = |kinds: &[Kind], schedule| Tariff { kinds: kinds.to_vec(), symbols: Vec::new(), schedule };
        let micro = MICRO.iter().map(|symbol| (*symbol).to_owned()).collect();
        let futures = [Kind::Future, Kind::FuturesOption];
        let others = vec![
            all(&[Kind::Forex], CommissionSchedule::ib_currency_pairs()),
            all(&[Kind::Crypto], CommissionSchedule::ib_crypto()),
            Tariff { symbols: micro, ..all(&futures, CommissionSchedule::ib_us_micro_futures()) },
            all(&futures, CommissionSchedule::ib_us_futures()),
            all(&[Kind::Option], CommissionSchedule::ib_us_options()),
            all(&[Kind::Bond, Kind::Bill, Kind::FixedIncome], CommissionSchedule::ib_us_bonds()),
            all(&[Kind::Fund], CommissionSchedule::ib_us_funds()),
            all(&[Kind::Commodity], CommissionSchedule::ib_metals()),
            all(&[Kind::EventContract], CommissionSchedule::free()),
        ];
        Self { shares: CommissionSchedule::ib_us_stocks_fixed(), others }
    }

    /// The number of the schedule for an instrument, by its kind and the broker's symbol; zero is the one for shares.
    pub(crate) fn find(&self, kind: Option<Kind>, symbol: &str) -> usize {
        let fits = |it: &Tariff| {
            kind.is_some_and(|kind| it.kinds.contains(&kind))
                && (it.symbols.is_empty() || it.symbols.iter().any(|known| known == symbol))
        };
        self.others.iter().position(fits).map_or(0, |at| at + 1)
    }

    /// The schedule of a number.
    pub(crate) fn schedule(&self, number: usize) -> &CommissionSchedule {
        let other = number.checked_sub(1).and_then(|at| self.others.get(at));
        other.map_or(&self.shares, |it| &it.schedule)
    }
}
