//! What stands behind the server: the exchange, what it lists, and what that costs.

use super::board::{Board, Face, FaceKey};
use super::settings::{Prices, ServerSettings};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_fake_broker::exchange::{Effect, Input};
use tradeport_fake_broker::house::{Catalog, FakeHours, SyntheticMarket, TICK, Tape};
use tradeport_fake_broker::{ConfigError, Exchange, ExchangeConfig};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Bar, Level, Quote};

/// The exchange and its surroundings. Its time never goes back.
#[derive(Debug)]
pub struct World {
    exchange: Exchange,
    market: SyntheticMarket,
    seed: u64,
    hours: FakeHours,
    accounts: Vec<AccountId>,
    now: Timestamp,
    effects: Vec<Effect>,
    board: Board,
    prices: Prices,
    /// What scripts have told of the past, by instrument and length.
    past: BTreeMap<(Symbol, Duration), Vec<Bar>>,
    /// Memory for the quotes that the exchange is to see.
    fresh: Vec<Quote>,
    /// What somebody has orders or positions in: the market's quotes go there.
    traded: BTreeSet<Symbol>,
    /// Must `traded` be found anew?
    is_traded_stale: bool,
    /// Has a script published since the streams were told?
    is_published: bool,
    last_tick: Timestamp,
}

impl World {
    pub(crate) fn new(settings: &ServerSettings, now: Timestamp) -> Result<Self, ConfigError> {
        let contracts = Catalog::at(settings.hours, now).bundled().collect();
        let market = SyntheticMarket::new(settings.seed);
        let config = ExchangeConfig {
            rates: market.rates(now),
            ..ExchangeConfig::new(settings.seed, settings.accounts.clone(), contracts)
        };
        let accounts = settings.accounts.iter().map(|account| account.id.clone()).collect();
        Ok(Self {
            exchange: Exchange::new(config)?,
            market,
            seed: settings.seed,
            hours: settings.hours,
            accounts,
            now,
            effects: Vec::new(),
            board: Board::new(SyntheticMarket::new(settings.seed), settings.prices, settings.hours),
            prices: settings.prices,
            past: BTreeMap::new(),
            fresh: Vec::new(),
            traded: BTreeSet::new(),
            is_traded_stale: false,
            is_published: false,
            last_tick: SyntheticMarket::tick_at(now),
        })
    }

    /// Its time.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The accounts, in the order in which they were configured.
    #[must_use]
    pub fn accounts(&self) -> &[AccountId] {
        &self.accounts
    }

    /// Where chance begins.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// What is listed now.
    #[must_use]
    pub fn catalog(&self) -> Catalog {
        Catalog::at(self.hours, self.now)
    }

    /// The exchange as it stands.
    #[must_use]
    pub const fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// The quote of a contract now: a script's, while one holds, else the market's own.
    #[must_use]
    pub fn quote(&self, contract: &Contract) -> Option<Quote> {
        let scripted = self.board.scripted(contract.symbol(), self.now).map(|it| it.quote);
        let own = || self.board.tape_of(contract, self.now)?.quote(self.now);
        scripted.or_else(|| if self.is_scripted() { self.net_of_legs(contract) } else { own() })
    }

    /// The net of what a combo's legs are quoted at.
    fn net_of_legs(&self, contract: &Contract) -> Option<Quote> {
        let legs = self.board.legs_of(contract, self.now);
        let (mut bid, mut ask) = (Decimal::ZERO, Decimal::ZERO);
        for (count, leg) in &legs {
            let quote = self.quote(leg)?;
            let prices = [quote.bid()?.price(), quote.ask()?.price()];
            let count = Decimal::from(*count);
            let [low, high] = prices.map(|price| price.as_decimal().checked_mul(count));
            let (low, high) = if count.is_sign_negative() { (high?, low?) } else { (low?, high?) };
            (bid, ask) = (bid.checked_add(low)?, ask.checked_add(high)?);
        }
        let level = |price| Price::new(price).ok().map(|price| Level::new(price, None));
        (!legs.is_empty()).then(|| Quote::new(contract.symbol(), self.now, level(bid), level(ask)).ok())?
    }

    /// The quote of a contract at a moment of the market's own past.
    #[must_use]
    pub fn quote_at(&self, contract: &Contract, at: Timestamp) -> Option<Quote> {
        self.market.quote_of(contract, at)
    }

    /// The legs of a combo with how many of each, below zero for those that are sold; none for what is no combo.
    pub(crate) fn legs(&self, contract: &Contract) -> Vec<(i64, Contract)> {
        self.board.legs_of(contract, self.now)
    }

    /// Begins to trade a contract, if it is not traded yet; the legs of a combo first.
    pub fn list(&mut self, contract: &Contract) {
        for (_, leg) in self.board.legs_of(contract, self.now) {
            self.list(&leg);
        }
        if self.exchange.contract(contract.symbol()).is_none() {
            self.input(Input::List { contract: Box::new(contract.clone()) });
        }
    }

    /// The contract of a symbol that is traded.
    #[must_use]
    pub fn traded(&self, symbol: Symbol) -> Option<&Contract> {
        self.exchange.contract(symbol)
    }

    /// Publishes a quote: orders trade against it and streams tell it at once. It holds until the market's next tick.
    pub fn publish(&mut self, quote: Quote) {
        self.script(quote, false);
    }

    /// Publishes a quote that holds until the next one of a script, or until [`Self::release`]: from now on the contract
    /// is the script's, and the market's own quotes of it are not told. History and bars stay the market's.
    pub fn hold(&mut self, quote: Quote) {
        self.script(quote, true);
    }

    /// Gives a contract back to the market: its next tick speaks again.
    pub fn release(&mut self, symbol: Symbol) {
        self.board.release(symbol);
    }

    fn script(&mut self, quote: Quote, for_good: bool) {
        self.board.script(quote, for_good, self.now);
        self.is_published = true;
        self.input(Input::Quote { quote });
    }

    /// Somebody trades with this one working order, by its durable number, and with no other.
    pub fn trade_with(&mut self, perm_id: i64, quantity: Quantity) {
        let prefix = format!("{perm_id}-");
        let is_it = |key: &&OrderKey| key.as_str().starts_with(&prefix);
        let open = self.exchange.open_orders();
        let key = open.iter().map(|(order, _)| order.intent.key()).find(is_it).cloned();
        if let Some(key) = key {
            self.input(Input::Trade { key, quantity });
        }
    }

    /// Makes these bars the whole past of their instruments and lengths, where prices are those of scripts.
    pub fn tell_past(&mut self, bars: impl IntoIterator<Item = Bar>) {
        let mut told: BTreeMap<(Symbol, Duration), Vec<Bar>> = BTreeMap::new();
        for bar in bars {
            told.entry((bar.symbol(), bar.size().length())).or_default().push(bar);
        }
        self.past.extend(told);
    }

    /// Are the prices those of scripts alone?
    pub(crate) fn is_scripted(&self) -> bool {
        self.prices == Prices::Scripted
    }

    /// What scripts have told of the past of a contract: each length with its bars.
    pub(crate) fn told_past(&self, contract: &Contract) -> impl Iterator<Item = (Duration, &[Bar])> {
        let symbol = contract.symbol();
        let of_it = self.past.range((symbol, Duration::ZERO)..=(symbol, Duration::MAX));
        of_it.map(|((_, length), bars)| (*length, bars.as_slice()))
    }

    /// Gives the exchange an input now; what it says is kept until it is told.
    pub fn input(&mut self, input: Input) {
        let said = self.effects.len();
        self.exchange.step(input, self.now, &mut self.effects);
        self.is_traded_stale |= self.effects.len() > said;
    }

    /// Begins to look at a contract: it is listed, and its quote now goes to the exchange. `None` for what has no price.
    pub(crate) fn look(&mut self, contract: &Contract, is_delayed: bool) -> Option<FaceKey> {
        let legs = self.board.legs_of(contract, self.now);
        if legs.is_empty() {
            self.list(contract);
        }
        for (_, leg) in &legs {
            self.list(leg);
            self.board.open(leg, false, self.now)?;
        }
        let key = FaceKey { contract: contract.id(), is_delayed };
        self.board.open(contract, is_delayed, self.now)?;
        self.settle();
        Some(key)
    }

    /// What a contract shows now; `None` for what nobody has begun to look at.
    pub(crate) fn face(&mut self, key: FaceKey) -> Option<&Face> {
        self.board.show(key, self.now)
    }

    /// What a contract costs at every moment of the market's own past.
    pub(crate) fn tape(&self, contract: &Contract) -> Option<Tape> {
        self.market.tape_of(contract)
    }

    /// The volatility of a contract over time; see [`SyntheticMarket::volatility_of`].
    pub(crate) fn volatility(&self, contract: &Contract, which: &str) -> Option<Tape> {
        self.market.volatility_of(contract, which)
    }

    /// The middle of the quote that a script holds, if one does.
    pub(crate) fn scripted_price(&self, symbol: Symbol) -> Option<Decimal> {
        let scripted = self.board.scripted(symbol, self.now)?;
        Some(scripted.quote.mid()?.as_decimal())
    }

    /// When the market is open.
    pub(crate) const fn hours(&self) -> FakeHours {
        self.hours
    }

    /// Is there something new to tell those who look at prices? The quotes of what is traded go to the exchange.
    pub(crate) fn turn(&mut self) -> bool {
        let tick = SyntheticMarket::tick_at(self.now);
        let is_tick = tick > self.last_tick;
        if !is_tick && !self.is_published {
            return false;
        }
        self.is_published = false;
        if is_tick {
            self.board.tidy(self.last_tick, self.now);
            self.last_tick = tick;
            self.find_traded();
            let traded: Vec<Contract> =
                self.traded.iter().filter_map(|symbol| self.exchange.contract(*symbol)).cloned().collect();
            for contract in traded {
                self.board.open(&contract, false, self.now);
                for (_, leg) in self.board.legs_of(&contract, self.now) {
                    self.board.open(&leg, false, self.now);
                }
            }
        }
        true
    }

    /// Gives the exchange the quotes of what was looked at since the last time.
    pub(crate) fn settle(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        self.board.take_fresh(&mut fresh);
        fresh.iter().for_each(|quote| self.show(*quote));
        self.fresh = fresh;
    }

    /// Lets the exchange see the quote of a contract that stands now, unless it has seen it; those of a combo's legs,
    /// from which it makes the combo's.
    pub fn refresh(&mut self, contract: &Contract) {
        let legs = self.board.legs_of(contract, self.now);
        if !legs.is_empty() {
            return legs.iter().for_each(|(_, leg)| self.refresh(leg));
        }
        if let Some(quote) = self.quote(contract) {
            self.show(quote);
        }
    }

    /// What is displayed twice could be traded with twice.
    fn show(&mut self, quote: Quote) {
        let is_new = match self.exchange.last_quote(quote.symbol()) {
            Some(seen) => seen.at() != quote.at(),
            None => self.exchange.contract(quote.symbol()).is_some(),
        };
        if is_new {
            self.input(Input::Quote { quote });
        }
    }

    /// When the market wants to be turned next; `is_watched` when somebody looks at prices.
    pub(crate) fn next_turn(&self, is_watched: bool) -> Option<Timestamp> {
        if self.is_published {
            return Some(self.now);
        }
        let is_awaited = is_watched || self.is_traded_stale || !self.traded.is_empty();
        is_awaited.then(|| SyntheticMarket::tick_at(self.now).after(TICK))
    }

    fn find_traded(&mut self) {
        if !std::mem::take(&mut self.is_traded_stale) {
            return;
        }
        let ordered = self.exchange.open_orders().into_iter().map(|(order, _)| order.intent.symbol());
        self.traded = ordered.collect();
        for account in &self.accounts {
            let held = self.exchange.positions(account).unwrap_or_default();
            self.traded.extend(held.iter().map(|position| position.symbol()));
        }
    }

    pub(crate) fn advance(&mut self, now: Timestamp) {
        // What was listed a moment ago may have something due at this very moment.
        let is_due = self.next_timer().is_some_and(|due| due <= now);
        if now > self.now || is_due {
            self.now = now.max(self.now);
            self.input(Input::Advance);
        }
    }

    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.exchange.next_timer()
    }

    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}
