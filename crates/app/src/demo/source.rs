//! The quotes of a run, day after day: made from daily bars, or told again as they were recorded.

use super::data::{Market, MarketDay};
use super::quotes::{QUOTES_A_DAY, QuotePath};
use super::recording::{Recording, Telling};
use super::settings::RunSettings;
use super::venue;
use crate::fault::Fault;
use tradeport_market_data::Quote;

/// Gives the quotes of one day after the other.
pub(super) struct QuoteSource {
    quotes: u64,
    kind: Kind,
}

enum Kind {
    Made { path: QuotePath, day: std::vec::IntoIter<Quote> },
    Recorded { telling: Telling, counts: std::vec::IntoIter<u64>, left: u64 },
}

impl QuoteSource {
    /// Quotes made from the bars of `market` by the seed of `settings`.
    pub(super) fn made(market: &Market, settings: &RunSettings) -> anyhow::Result<Self> {
        let path = QuotePath::new(settings.seed, venue::contracts(market)?);
        let quotes = market.days.iter().map(|day| day.bars.len() * QUOTES_A_DAY).sum::<usize>() as u64;
        Ok(Self { quotes, kind: Kind::Made { path, day: Vec::new().into_iter() } })
    }

    /// The quotes of a recording, of which so many belong to each day.
    pub(super) fn recorded(recording: &Recording, counts: Vec<u64>) -> anyhow::Result<Self> {
        let quotes = counts.iter().sum();
        let kind = Kind::Recorded { telling: recording.tell()?, counts: counts.into_iter(), left: 0 };
        Ok(Self { quotes, kind })
    }

    /// How many quotes there are in all.
    pub(super) const fn quotes(&self) -> u64 {
        self.quotes
    }

    /// Goes on to a day, which must be the one after the last.
    pub(super) fn begin(&mut self, today: &MarketDay) -> anyhow::Result<()> {
        match &mut self.kind {
            Kind::Made { path, day } => *day = path.quotes(today)?.into_iter(),
            Kind::Recorded { counts, left, .. } => *left = counts.next().unwrap_or_default(),
        }
        Ok(())
    }

    /// The next quote of the day; `None` once it is over.
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Quote>> {
        match &mut self.kind {
            Kind::Made { day, .. } => Ok(day.next()),
            Kind::Recorded { left: 0, .. } => Ok(None),
            Kind::Recorded { telling, left, .. } => {
                *left -= 1;
                match telling.next().await? {
                    Some(quote) => Ok(Some(quote)),
                    None => Err(Fault::failed(
                        "the recording has become shorter while it was replayed",
                        "the same again, once nothing else changes it",
                    )
                    .into()),
                }
            }
        }
    }
}
