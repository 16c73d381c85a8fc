//! The quotes of a session, made from its daily bars by the simulated broker's seeded path.

use super::data::MarketDay;
use anyhow::Context;
use std::collections::BTreeMap;
use tradeport_contracts::Contract;
use tradeport_fake_broker::feed::{BarPath, FirstExtreme, merge};
use tradeport_kernel::{Decimal, Symbol, TimeRange};
use tradeport_market_data::{Bar, Quote};

/// On each of the path's three legs; with its four corners that is a quote every 28 minutes.
const POINTS: usize = 3;
/// One cent on either side of the price.
const HALF_SPREAD: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
/// Of what trades between two quotes, so much is on display at one moment. Large orders then take several quotes.
pub(super) const DISPLAYED: Decimal = Decimal::from_parts(2, 0, 0, false, 3);
/// Quotes of one instrument in one session.
pub(super) const QUOTES_A_DAY: usize = 4 + 3 * POINTS;

/// Turns daily bars into quotes.
pub(super) struct QuotePath {
    path: BarPath,
    contracts: BTreeMap<Symbol, Contract>,
}

impl QuotePath {
    /// A path by its seed, through the sessions of these contracts.
    pub(super) fn new(seed: u64, contracts: Vec<Contract>) -> Self {
        let path = BarPath { seed, points: POINTS, half_spread: HALF_SPREAD, first: FirstExtreme::Seeded };
        Self {
            path,
            contracts: contracts.into_iter().map(|contract| (contract.symbol(), contract)).collect(),
        }
    }

    /// The quotes of all instruments in the order of time; those of one moment in the order of the symbols.
    pub(super) fn quotes(&self, day: &MarketDay) -> anyhow::Result<Vec<Quote>> {
        let within = TimeRange::new(day.session.open, day.session.close);
        let of_bar = |bar: &Bar| {
            let contract = self.contracts.get(&bar.symbol()).context("a bar without a contract")?;
            let volume = bar.volume().map(|volume| volume * DISPLAYED);
            let shown = Bar::new(bar.symbol(), bar.size(), bar.start(), bar.prices(), volume)?;
            anyhow::Ok(self.path.quotes(&shown, contract, within)?.into_iter())
        };
        let sources: Vec<_> = day.bars.iter().map(of_bar).collect::<Result<_, _>>()?;
        Ok(merge(sources).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::data::Market;
    use super::super::venue;
    use super::*;

    #[test]
    fn quotes_of_one_moment_stand_together_and_end_at_the_close() {
        let market = Market::bundled().unwrap();
        let path = QuotePath::new(7, venue::contracts(&market).unwrap());
        let day = market.days.last().unwrap();
        let quotes = path.quotes(day).unwrap();
        let steps: Vec<_> = quotes.chunk_by(|a, b| a.at() == b.at()).collect();
        assert_eq!((steps.len(), quotes.len()), (QUOTES_A_DAY, QUOTES_A_DAY * 5));
        for (quote, bar) in steps.last().unwrap().iter().zip(&day.bars) {
            assert_eq!((quote.symbol(), quote.mid()), (bar.symbol(), Some(bar.prices().close)));
        }
        assert!(quotes.iter().all(|quote| day.session.open < quote.at() && quote.at() < day.session.close));
    }

    #[test]
    fn another_seed_is_another_path_through_the_same_corners() {
        let market = Market::bundled().unwrap();
        let quotes =
            |seed| QuotePath::new(seed, venue::contracts(&market).unwrap()).quotes(&market.days[0]).unwrap();
        assert_eq!(quotes(1), quotes(1));
        assert_ne!(quotes(1), quotes(2));
    }
}
