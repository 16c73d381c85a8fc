//! What a source tells one by one: prints, quotes and mids, none of them left out or put together.

use crate::Quote;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Price, Quantity, Symbol, Timestamp};

/// Which ticks of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TickKind {
    /// Prints that set the last price.
    Prints,
    /// Every print: also those that set no last price, such as odd lots, averages and legs of combos.
    AllPrints,
    /// Every change of the best bid or the best ask, in price or in size.
    Quotes,
    /// Every change of the price half way between the best bid and the best ask.
    Mids,
}

impl TickKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Prints, Self::AllPrints, Self::Quotes, Self::Mids];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prints => "prints",
            Self::AllPrints => "all_prints",
            Self::Quotes => "quotes",
            Self::Mids => "mids",
        }
    }

    /// Is it about trades, and not about what is offered?
    #[must_use]
    pub const fn is_of_prints(self) -> bool {
        matches!(self, Self::Prints | Self::AllPrints)
    }
}

impl std::fmt::Display for TickKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an exchange says of a print besides its price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PrintMarks {
    /// It traded beyond the limits of the session's prices.
    pub past_limit: bool,
    /// It sets no last price.
    pub unreported: bool,
}

/// A trade between others, as its exchange reported it. Several may share one moment: brokers stamp them in whole
/// seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    symbol: Symbol,
    at: Timestamp,
    price: Price,
    size: Option<Quantity>,
    exchange: Option<String>,
    conditions: Option<String>,
    marks: PrintMarks,
}

impl Print {
    /// A print without more words; `None` for a size that the source did not give.
    #[must_use]
    pub const fn new(symbol: Symbol, at: Timestamp, price: Price, size: Option<Quantity>) -> Self {
        let marks = PrintMarks { past_limit: false, unreported: false };
        Self { symbol, at, price, size, exchange: None, conditions: None, marks }
    }

    /// The same, reported by this exchange; no name is no exchange.
    #[must_use]
    pub fn on(mut self, exchange: &str) -> Self {
        self.exchange = named(exchange);
        self
    }

    /// The same under these conditions of its exchange, in the exchange's own letters; none for no text.
    #[must_use]
    pub fn under(mut self, conditions: &str) -> Self {
        self.conditions = named(conditions);
        self
    }

    /// The same with these marks.
    #[must_use]
    pub const fn marked(mut self, marks: PrintMarks) -> Self {
        self.marks = marks;
        self
    }

    /// What was traded.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// When, by the source's clock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// At which price.
    #[must_use]
    pub const fn price(&self) -> Price {
        self.price
    }

    /// How much.
    #[must_use]
    pub const fn size(&self) -> Option<Quantity> {
        self.size
    }

    /// Who reported it.
    #[must_use]
    pub fn exchange(&self) -> Option<&str> {
        self.exchange.as_deref()
    }

    /// Under which conditions, in the exchange's own letters.
    #[must_use]
    pub fn conditions(&self) -> Option<&str> {
        self.conditions.as_deref()
    }

    /// What else was said of it.
    #[must_use]
    pub const fn marks(&self) -> PrintMarks {
        self.marks
    }
}

fn named(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The price half way between the best bid and the best ask, when it became so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mid {
    /// Whose.
    pub symbol: Symbol,
    /// Since when, by the source's clock.
    pub at: Timestamp,
    /// The price.
    pub price: Price,
}

/// One of the things that a source tells one by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tick", rename_all = "snake_case")]
pub enum Tick {
    /// A trade between others.
    Print(Print),
    /// The best bid and ask.
    Quote(Quote),
    /// Half way between them.
    Mid(Mid),
}

impl Tick {
    /// Whose.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        match self {
            Self::Print(print) => print.symbol,
            Self::Quote(quote) => quote.symbol(),
            Self::Mid(mid) => mid.symbol,
        }
    }

    /// When, by the source's clock; several ticks may share one moment.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Print(print) => print.at,
            Self::Quote(quote) => quote.at(),
            Self::Mid(mid) => mid.at,
        }
    }

    /// Is it one of these?
    #[must_use]
    pub const fn is_of(&self, kind: TickKind) -> bool {
        match self {
            Self::Print(_) => kind.is_of_prints(),
            Self::Quote(_) => matches!(kind, TickKind::Quotes),
            Self::Mid(_) => matches!(kind, TickKind::Mids),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_say_nothing_are_none() {
        let (symbol, price) = (Symbol::new("IBM").unwrap(), "1".parse().unwrap());
        let print = Print::new(symbol, Timestamp::EPOCH, price, None);
        let named = print.clone().on(" NYSE ").under("  ");
        assert_eq!((named.exchange(), named.conditions()), (Some("NYSE"), None));
        assert_eq!(print.on(""), Print::new(symbol, Timestamp::EPOCH, price, None));
    }

    #[test]
    fn a_tick_is_of_one_kind_and_a_print_of_two() {
        let symbol = Symbol::new("IBM").unwrap();
        let price = "1".parse().unwrap();
        let print = Tick::Print(Print::new(symbol, Timestamp::EPOCH, price, None));
        let mid = Tick::Mid(Mid { symbol, at: Timestamp::EPOCH, price });
        let kinds = |tick: &Tick| TickKind::ALL.map(|kind| tick.is_of(kind));
        assert_eq!(kinds(&print), [true, true, false, false]);
        assert_eq!(kinds(&mid), [false, false, false, true]);
    }
}
