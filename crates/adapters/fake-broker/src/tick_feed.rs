//! [`TickFeed`]: quotes and mids as they are published, when they change; prints as they are told.
//!
//! Which instruments have which ticks is as at Interactive Brokers: options and combos have none, pairs no prints.

use crate::FakeBroker;
use crate::broker::PublishError;
use crate::following::Follower;
use crate::state::State;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::Symbol;
use tradeport_market_data::{Following, Mid, Print, Quote, Tick, TickFeed, TickFeedError, TickKind};

/// One who follows a kind of ticks.
pub(crate) struct TickFollower {
    kind: TickKind,
    last_quote: Option<Quote>,
    pub(crate) follower: Follower<Tick>,
}

impl TickFollower {
    fn hear_quote(&mut self, quote: &Quote, capacity: usize) {
        if quote.symbol() != self.follower.symbol {
            return;
        }
        let before = self.last_quote.replace(*quote);
        let tick = match self.kind {
            TickKind::Quotes => {
                let sides = |quote: &Quote| (quote.bid(), quote.ask());
                (before.as_ref().map(sides) != Some(sides(quote))).then_some(Tick::Quote(*quote))
            }
            TickKind::Mids => {
                let is_new = before.and_then(|it| it.mid()) != quote.mid();
                let mid = |price| Tick::Mid(Mid { symbol: quote.symbol(), at: quote.at(), price });
                quote.mid().filter(|_| is_new).map(mid)
            }
            TickKind::Prints | TickKind::AllPrints => None,
        };
        if let Some(tick) = tick {
            self.follower.offer(tick, quote.at(), capacity);
        }
    }

    fn hear_print(&mut self, print: &Print, capacity: usize) {
        let is_wanted = match self.kind {
            TickKind::Prints => !print.marks().unreported,
            TickKind::AllPrints => true,
            TickKind::Quotes | TickKind::Mids => false,
        };
        if is_wanted && print.symbol() == self.follower.symbol {
            self.follower.offer(Tick::Print(print.clone()), print.at(), capacity);
        }
    }
}

impl State {
    /// Tells a quote to those who follow its instrument tick by tick.
    pub(crate) fn tell_ticks(&mut self, quote: &Quote) {
        self.ticks.retain(|it| it.follower.is_read());
        let capacity = self.quote_queue;
        self.ticks.iter_mut().for_each(|it| it.hear_quote(quote, capacity));
    }
}

impl FakeBroker {
    /// Tells a trade between others to those who follow the prints of its instrument. No order of ours trades by it.
    pub fn publish_print(&self, print: &Print) -> Result<(), PublishError> {
        let mut state = self.locked();
        let symbol = print.symbol();
        if state.exchange.contract(symbol).is_none() {
            return Err(PublishError::UnknownSymbol(symbol));
        }
        state.ticks.retain(|it| it.follower.is_read());
        let capacity = state.quote_queue;
        state.ticks.iter_mut().for_each(|it| it.hear_print(print, capacity));
        Ok(())
    }

    /// The instruments whose prints somebody follows now, in their order.
    #[must_use]
    pub fn followed_prints(&self) -> Vec<Symbol> {
        let state = self.locked();
        let of_prints = state.ticks.iter().filter(|it| it.follower.is_read() && it.kind.is_of_prints());
        let mut symbols: Vec<Symbol> = of_prints.map(|it| it.follower.symbol).collect();
        symbols.sort();
        symbols.dedup();
        symbols
    }

    /// How many follow ticks now.
    #[must_use]
    pub fn tick_followers(&self) -> usize {
        self.locked().ticks.iter().filter(|it| it.follower.is_read()).count()
    }
}

fn has(contract: &Contract, kind: TickKind) -> bool {
    match contract.instrument().kind() {
        Some(
            InstrumentKind::Option
            | InstrumentKind::FuturesOption
            | InstrumentKind::Combo
            | InstrumentKind::Index,
        ) => false,
        Some(InstrumentKind::Forex) => !kind.is_of_prints(),
        _ => true,
    }
}

#[async_trait]
impl TickFeed for FakeBroker {
    async fn follow(&self, symbol: Symbol, kind: TickKind) -> Result<Following<Tick>, TickFeedError> {
        let mut state = self.linked().map_err(TickFeedError::Unavailable)?;
        let contract = state.exchange.contract(symbol).ok_or(TickFeedError::UnknownSymbol(symbol))?;
        if !has(contract, kind) {
            return Err(TickFeedError::NotOffered { symbol, kind });
        }
        let (follower, reader) = Follower::new(symbol, state.exchange.now());
        state.ticks.push(TickFollower { kind, last_quote: None, follower });
        Ok(Following { epoch: state.epoch, events: reader.boxed() })
    }
}
