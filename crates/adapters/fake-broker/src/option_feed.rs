//! [`OptionFeed`]: what is published of options, and the last of it.
//!
//! Left out: computing it, which is [`house`](crate::house)'s.

use crate::FakeBroker;
use crate::broker::PublishError;
use crate::following::Follower;
use crate::state::State;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Symbol;
use tradeport_market_data::{Following, OptionComputation, OptionComputations, OptionFeed, OptionFeedError};

impl State {
    fn check_option(&self, symbol: Symbol) -> Result<(), OptionFeedError> {
        let contract = self.exchange.contract(symbol).ok_or(OptionFeedError::UnknownSymbol(symbol))?;
        match contract.instrument().kind() {
            Some(InstrumentKind::Option | InstrumentKind::FuturesOption) => Ok(()),
            _ => Err(OptionFeedError::NotAnOption(symbol)),
        }
    }
}

impl FakeBroker {
    /// Tells what is computed of an option to those who follow it, and keeps it for whoever asks.
    pub fn publish_computation(&self, computation: &OptionComputation) -> Result<(), PublishError> {
        let mut state = self.locked();
        let (symbol, at) = (computation.symbol, computation.at);
        if state.check_option(symbol).is_err() {
            return Err(PublishError::UnknownSymbol(symbol));
        }
        let none = OptionComputations::none_of(symbol, at);
        state.computed.entry(symbol).or_insert(none).note(computation);
        state.options.retain(Follower::is_read);
        let capacity = state.quote_queue;
        for follower in state.options.iter_mut().filter(|it| it.symbol == symbol) {
            follower.offer(*computation, at, capacity);
        }
        Ok(())
    }

    /// Forgets what was computed of every option.
    pub fn forget_computations(&self) {
        self.locked().computed.clear();
    }

    /// The options that somebody follows now, in their order, each once.
    #[must_use]
    pub fn followed_options(&self) -> Vec<Symbol> {
        let state = self.locked();
        let mut symbols: Vec<Symbol> =
            state.options.iter().filter(|it| it.is_read()).map(|it| it.symbol).collect();
        symbols.sort();
        symbols.dedup();
        symbols
    }
}

#[async_trait]
impl OptionFeed for FakeBroker {
    async fn follow(&self, option: Symbol) -> Result<Following<OptionComputation>, OptionFeedError> {
        let mut state = self.linked().map_err(OptionFeedError::Unavailable)?;
        state.check_option(option)?;
        let (follower, reader) = Follower::new(option, state.exchange.now());
        state.options.push(follower);
        Ok(Following { epoch: state.epoch, events: reader.boxed() })
    }

    async fn snapshot(&self, option: Symbol) -> Result<OptionComputations, OptionFeedError> {
        let state = self.linked().map_err(OptionFeedError::Unavailable)?;
        state.check_option(option)?;
        state.computed.get(&option).copied().ok_or(OptionFeedError::NoData(option))
    }
}
