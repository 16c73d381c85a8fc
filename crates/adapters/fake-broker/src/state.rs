//! What the broker's lock guards: the exchange, the link, and who listens.

use crate::broker::PublishError;
use crate::config::FakeBrokerConfig;
use crate::exchange::{ConfigError, Effect, Exchange, ExchangeEvent, Input};
use crate::fault::{Door, WayFault};
use crate::following::Follower;
use crate::pnl_feed::PnlWatcher;
use crate::queue::{Room, Sender};
use crate::quote_feed::QuoteSubscriber;
use crate::tick_feed::TickFollower;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tradeport_connection::LinkEvent;
use tradeport_contracts::Instrument;
use tradeport_kernel::{AccountId, BrokerOrderId, Cause, ConnectionEpoch, OrderKey, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarSize, FeedEvent, OptionComputation, OptionComputations, Quote};
use tradeport_orders::{BrokerEvent, BrokerNews, GatewayError};
use tradeport_portfolio::{AccountEvent, AccountFeedError};

/// Why nothing can be asked or sent.
#[derive(Debug, thiserror::Error)]
#[error("there is no link to the fake broker: connect first")]
pub(crate) struct LinkDown;

/// Why a question has no whole answer.
pub(crate) enum NoAnswer {
    Down(Cause),
    Cut(ConnectionEpoch),
}

impl From<NoAnswer> for GatewayError {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Down(cause) => Self::Unavailable(cause),
            NoAnswer::Cut(epoch) => Self::EpochLost(epoch),
        }
    }
}

impl From<NoAnswer> for AccountFeedError {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Down(cause) => Self::Unavailable(cause),
            NoAnswer::Cut(epoch) => Self::EpochLost(epoch),
        }
    }
}

pub(crate) struct State {
    pub(crate) exchange: Exchange,
    pub(crate) quote_queue: usize,
    pub(crate) lossless: bool,
    pub(crate) link_up: bool,
    pub(crate) door: Door,
    /// Nothing is answered, and nothing is told: the other end is frozen.
    pub(crate) frozen: bool,
    pub(crate) cut_next_answer: bool,
    /// What is told of these orders cannot be read.
    pub(crate) unreadable: BTreeSet<OrderKey>,
    pub(crate) epoch: ConnectionEpoch,
    /// Order ids from here on were given in this epoch.
    pub(crate) epoch_begins_at: Option<BrokerOrderId>,
    pub(crate) quotes: Vec<QuoteSubscriber>,
    pub(crate) ticks: Vec<TickFollower>,
    pub(crate) options: Vec<Follower<OptionComputation>>,
    pub(crate) computed: BTreeMap<Symbol, OptionComputations>,
    pub(crate) gains: Vec<PnlWatcher>,
    pub(crate) orders: Vec<Sender<BrokerEvent>>,
    pub(crate) accounts: Vec<Sender<AccountEvent>>,
    pub(crate) links: Vec<Sender<LinkEvent>>,
    pub(crate) bars: BTreeMap<(Symbol, BarSize), BTreeMap<Timestamp, Bar>>,
    pub(crate) way_faults: VecDeque<WayFault>,
    effects: Vec<Effect>,
}

impl State {
    pub(crate) fn new(config: FakeBrokerConfig) -> Result<Self, ConfigError> {
        let mut state = Self {
            exchange: Exchange::new(config.exchange)?,
            quote_queue: config.quote_queue,
            lossless: config.lossless,
            link_up: false,
            door: Door::Open,
            frozen: false,
            cut_next_answer: false,
            unreadable: BTreeSet::new(),
            epoch: ConnectionEpoch::default(),
            epoch_begins_at: None,
            quotes: Vec::new(),
            ticks: Vec::new(),
            options: Vec::new(),
            computed: BTreeMap::new(),
            gains: Vec::new(),
            orders: Vec::new(),
            accounts: Vec::new(),
            links: Vec::new(),
            bars: BTreeMap::new(),
            way_faults: VecDeque::new(),
            effects: Vec::new(),
        };
        state.load_bars(config.bars);
        Ok(state)
    }

    /// Gives an input to the exchange, and everybody what comes of it. The exchange's answer to the input, if it gave
    /// one, is returned.
    pub(crate) fn input(&mut self, input: Input, now: Timestamp) -> Option<ExchangeEvent> {
        let mut effects = std::mem::take(&mut self.effects);
        self.exchange.step(input, now, &mut effects);
        let mut answer = None;
        let mut touched = BTreeSet::new();
        for effect in effects.drain(..) {
            self.spread(effect, &mut answer, &mut touched);
        }
        self.effects = effects;
        for account in touched {
            self.tell_figures(&account);
        }
        self.tell_gains();
        answer
    }

    fn spread(
        &mut self,
        effect: Effect,
        answer: &mut Option<ExchangeEvent>,
        touched: &mut BTreeSet<AccountId>,
    ) {
        let at = effect.at;
        match effect.event {
            ExchangeEvent::Status { key, status } => {
                self.tell_order(at, Some(key), BrokerNews::Status(status))
            }
            ExchangeEvent::Executed { execution } => {
                self.tell_order(at, execution.key.clone(), BrokerNews::Executed(execution));
            }
            ExchangeEvent::Charged { key, commission } => {
                self.tell_order(at, Some(key), BrokerNews::Charged(commission));
            }
            ExchangeEvent::Position { account, position } => {
                touched.insert(account.clone());
                self.accounts.retain(Sender::is_read);
                for reader in &self.accounts {
                    let (account, position) = (account.clone(), position.clone());
                    reader.push(AccountEvent::Position { account, position });
                }
            }
            ExchangeEvent::UnknownSymbol { .. } | ExchangeEvent::Busted { .. } => {}
            event => *answer = Some(event),
        }
    }

    fn tell_order(&mut self, at: Timestamp, key: Option<OrderKey>, news: BrokerNews) {
        self.orders.retain(Sender::is_read);
        for reader in &self.orders {
            reader.push(BrokerEvent { epoch: self.epoch, at, key: key.clone(), news: news.clone() });
        }
    }

    fn tell_figures(&mut self, account: &AccountId) {
        if self.accounts.is_empty() {
            return;
        }
        // Figures too large to compute with are not told; asking for them gives the error.
        if let Some(Ok(summary)) = self.exchange.summary(account) {
            for reader in &self.accounts {
                reader.push(AccountEvent::Summary(summary.clone()));
            }
        }
    }

    pub(crate) fn check_symbol(&self, quote: &Quote) -> Result<(), PublishError> {
        let symbol = quote.symbol();
        let contract = self.exchange.contract(symbol).ok_or(PublishError::UnknownSymbol(symbol))?;
        match contract.instrument() {
            Instrument::Combo(_) => Err(PublishError::Implied(symbol)),
            _ => Ok(()),
        }
    }

    /// The room to wait for, when a subscriber to this instrument, or to a combo of it, has none.
    pub(crate) fn full_queue(&self, symbol: Symbol) -> Option<Room<FeedEvent>> {
        let wants = |reader: &QuoteSubscriber| {
            reader.wants(symbol) || self.exchange.combos_of(symbol).any(|combo| reader.wants(combo))
        };
        let full = |reader: &&QuoteSubscriber| wants(reader) && reader.is_full(self.quote_queue);
        self.quotes.iter().find(full).map(|reader| reader.room(self.quote_queue))
    }

    pub(crate) fn publish(&mut self, quote: Quote) {
        let now = self.exchange.now().max(quote.at());
        self.input(Input::Quote { quote }, now);
        self.quotes.retain(QuoteSubscriber::is_read);
        let combos: Vec<Symbol> = self.exchange.combos_of(quote.symbol()).collect();
        let implied = combos.into_iter().filter_map(|combo| self.exchange.last_quote(combo));
        let told: Vec<Quote> = std::iter::once(quote).chain(implied).collect();
        let capacity = self.quote_queue;
        for reader in &mut self.quotes {
            told.iter().for_each(|quote| reader.offer(*quote, capacity));
        }
        if !self.ticks.is_empty() {
            told.iter().for_each(|quote| self.tell_ticks(quote));
        }
    }

    pub(crate) fn lose_link(&mut self, reason: &str) {
        if !self.link_up {
            return;
        }
        self.link_up = false;
        for reader in self.quotes.drain(..) {
            reader.cut(self.epoch);
        }
        for reader in self.ticks.drain(..) {
            reader.follower.cut(self.epoch);
        }
        for reader in self.options.drain(..) {
            reader.cut(self.epoch);
        }
        for watcher in self.gains.drain(..) {
            watcher.cut(self.epoch);
        }
        for reader in self.orders.drain(..) {
            reader.cut(None);
        }
        for reader in self.accounts.drain(..) {
            reader.cut(None);
        }
        let (epoch, at, reason) = (self.epoch, self.exchange.now(), reason.to_owned());
        self.tell_link(&LinkEvent::Lost { epoch, at, reason });
    }

    pub(crate) fn tell_link(&mut self, event: &LinkEvent) {
        self.links.retain(Sender::is_read);
        for reader in &self.links {
            reader.push(event.clone());
        }
    }

    pub(crate) fn load_bars(&mut self, bars: impl IntoIterator<Item = Bar>) {
        for bar in bars {
            self.bars.entry((bar.symbol(), bar.size())).or_default().insert(bar.start(), bar);
        }
    }

    pub(crate) fn subscribed_symbols(&self) -> usize {
        let readers = self.quotes.iter().filter(|reader| reader.is_read());
        readers.flat_map(QuoteSubscriber::symbols).collect::<BTreeSet<_>>().len()
    }

    pub(crate) fn unread(&self) -> usize {
        let orders: usize = self.orders.iter().map(Sender::len).sum();
        let accounts: usize = self.accounts.iter().map(Sender::len).sum();
        let links: usize = self.links.iter().map(Sender::len).sum();
        orders + accounts + links
    }
}
