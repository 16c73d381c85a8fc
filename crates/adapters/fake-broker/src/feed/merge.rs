//! Several sources of quotes as one, in the order of time.

use std::iter::Peekable;
use tradeport_market_data::Quote;

/// The quotes of several sources in the order of time; see [`merge`].
pub struct Merge<I: Iterator<Item = Quote>> {
    sources: Vec<Peekable<I>>,
}

/// Merges sources that are each in the order of time. Quotes of one moment come in the order of their sources.
pub fn merge<I: Iterator<Item = Quote>>(sources: impl IntoIterator<Item = I>) -> Merge<I> {
    Merge { sources: sources.into_iter().map(Iterator::peekable).collect() }
}

impl<I: Iterator<Item = Quote>> Iterator for Merge<I> {
    type Item = Quote;

    fn next(&mut self) -> Option<Quote> {
        let heads = self.sources.iter_mut().enumerate();
        let (_, first) = heads.filter_map(|(place, source)| Some((source.peek()?.at(), place))).min()?;
        self.sources[first].next()
    }
}
