//! The simulated broker: its state is read at the beginning and, by whoever may write, kept at the end; its market goes
//! on as long as somebody lets it.

use super::BrokerPorts;
use crate::Session;
use crate::config::Config;
use crate::fake::{
    Catalog, DurableGateway, FakeCatalog, FakeHistory, KeptState, Losses, SyntheticMarket, TICK,
};
use crate::fault::Fault;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::BrokerLink;
use tradeport_contracts::{Contract, Instrument};
use tradeport_fake_broker::exchange::Input;
use tradeport_fake_broker::house::FakeHours;
use tradeport_fake_broker::{
    AccountConfig, AccountKind, Exchange, ExchangeConfig, FakeBroker, FakeBrokerConfig,
};
use tradeport_kernel::{AccountId, Clock, Currency, Money, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{OptionComputations, Print, Quote};

/// The simulated broker with its market.
#[derive(Clone)]
pub(super) struct FakeWorld {
    pub(super) broker: FakeBroker,
    market: SyntheticMarket,
    catalog: FakeCatalog,
    gateway: DurableGateway,
    clock: Arc<dyn Clock>,
    hours: FakeHours,
}

impl FakeWorld {
    /// Connected, with its market up to now.
    pub(super) async fn open(session: &Session) -> anyhow::Result<Self> {
        let (config, clock) = (session.config(), session.clock());
        crate::futures::list(config)?;
        let now = clock.now();
        let market = SyntheticMarket::new(config.fake.seed);
        let settings = exchange_config(config, now)?;
        let kept = KeptState::within(&session.storage()?.folder);
        let exchange = match kept.load()? {
            Some(mut exchange) => {
                catch_up(&mut exchange, market, now);
                exchange
            }
            None => Exchange::new(settings.clone())?,
        };
        if exchange.accounts().all(|account| account != config.account()) {
            return Err(other_account(&exchange, session));
        }
        let broker = FakeBroker::new(FakeBrokerConfig {
            exchange: settings,
            clock: Some(Arc::clone(&clock)),
            ..FakeBrokerConfig::new(config.fake.seed, Vec::new(), Vec::new())
        })?;
        broker.restore(exchange);
        broker.connect().await?;
        let catalog = FakeCatalog::new(broker.clone(), config.fake.hours, Arc::clone(&clock));
        let fake = &config.fake;
        let losses = Losses { seed: fake.seed, answers: fake.lost_answers, requests: fake.lost_requests };
        let gateway = DurableGateway::new(broker.clone(), kept, losses);
        let hours = config.fake.hours;
        let world = Self { broker, market, catalog, gateway, clock, hours };
        for quote in world.standing(now) {
            world.broker.publish(quote)?;
        }
        Ok(world)
    }

    pub(super) fn ports(&self) -> BrokerPorts {
        BrokerPorts {
            link: Arc::new(self.broker.clone()),
            quotes: Arc::new(self.broker.clone()),
            ticks: Arc::new(self.broker.clone()),
            options: Arc::new(self.broker.clone()),
            history: Arc::new(self.history()),
            accounts: Arc::new(self.broker.clone()),
            gains: Arc::new(self.broker.clone()),
            catalog: Arc::new(self.catalog.clone()),
            gateway: Arc::new(self.gateway.clone()),
        }
    }

    /// Is it set to trade at every moment?
    pub(super) const fn trades_always(&self) -> bool {
        matches!(self.hours, FakeHours::Always)
    }

    fn history(&self) -> FakeHistory {
        FakeHistory::new(self.broker.clone(), self.market, self.hours, Arc::clone(&self.clock))
    }

    /// What is listed now.
    pub(super) fn catalog(&self) -> Catalog {
        self.catalog.now()
    }

    /// Keeps its state as it is now.
    pub(super) fn keep(&self) -> anyhow::Result<()> {
        Ok(self.gateway.keep()?)
    }

    /// Trades a contract from here on, and quotes it.
    pub(super) fn list(&self, contract: &Contract) -> anyhow::Result<()> {
        self.broker.list(contract.clone())?;
        if let Some(quote) = self.standing_of(contract, self.clock.now()) {
            self.broker.publish(quote)?;
        }
        Ok(())
    }

    /// The quote of a contract that stands now; while its market is closed, the last one of its last session. That of a
    /// listed combo follows from its legs'.
    pub(super) fn quote(&self, contract: &Contract) -> Option<Quote> {
        self.standing_of(contract, self.clock.now()).or_else(|| self.implied(contract))
    }

    /// Every quote that stands now, the legs before the combos that follow from them.
    pub(super) fn quotes_now(&self) -> Vec<Quote> {
        self.standing(self.clock.now()).into_iter().chain(self.implied_quotes()).collect()
    }

    /// Waits for the market's next quotes, which are published then.
    pub(super) async fn next_tick(&self) -> anyhow::Result<Vec<Quote>> {
        let at = SyntheticMarket::tick_at(self.clock.now()).after(TICK);
        self.clock.sleep_until(at).await;
        self.publish(at)?;
        Ok(self.quotes(at).into_iter().chain(self.implied_quotes()).collect())
    }

    /// Lets the market go on, for as long as this is awaited.
    pub(super) async fn go_on(&self) {
        let mut at = SyntheticMarket::tick_at(self.clock.now());
        loop {
            at = at.after(TICK);
            self.clock.sleep_until(at).await;
            if let Err(error) = self.publish(at) {
                tracing::error!(%error, "the simulated market stopped");
                return;
            }
        }
    }

    /// What an account has paid in commissions.
    pub(super) fn commissions(&self, account: &AccountId) -> Option<Money> {
        self.broker.commissions(account)
    }

    fn implied(&self, contract: &Contract) -> Option<Quote> {
        let combo = matches!(contract.instrument(), Instrument::Combo(_));
        combo.then(|| self.broker.last_quote(contract.symbol())).flatten()
    }

    /// What follows for the listed combos from the quotes that were published last.
    fn implied_quotes(&self) -> Vec<Quote> {
        self.broker.contracts().iter().filter_map(|contract| self.implied(contract)).collect()
    }

    /// Publishes the quotes that stand at a moment, of what is open then.
    fn publish(&self, at: Timestamp) -> anyhow::Result<()> {
        for quote in self.quotes(at) {
            self.broker.publish(quote)?;
        }
        self.publish_prints(at)?;
        self.publish_computations(at)
    }

    /// Every contract of the market trades once in a second; those who follow that are told.
    fn publish_prints(&self, at: Timestamp) -> anyhow::Result<()> {
        let second = at.nanos().div_euclid(1_000_000_000);
        if Timestamp::from_seconds(second) != at {
            return Ok(());
        }
        for (symbol, contract) in self.open_ones(self.broker.followed_prints(), at) {
            let Some(tape) = self.market.tape_of(&contract) else { continue };
            let print = tape.print(second);
            let Ok(price) = Price::new(print.price) else { continue };
            let print = Print::new(symbol, at, price, Quantity::new(print.size).ok()).on("NASDAQ");
            self.broker.publish_print(&print)?;
        }
        Ok(())
    }

    /// What the market's model makes of the options that somebody follows.
    fn publish_computations(&self, at: Timestamp) -> anyhow::Result<()> {
        for (_, contract) in self.open_ones(self.broker.followed_options(), at) {
            let quote = self.market.quote_of(&contract, at);
            let tape = self.market.tape_of(&contract);
            for computation in
                tape.zip(quote).map(|(tape, quote)| tape.computations(&quote, at)).unwrap_or_default()
            {
                self.broker.publish_computation(&computation)?;
            }
        }
        Ok(())
    }

    fn open_ones(&self, symbols: Vec<Symbol>, at: Timestamp) -> Vec<(Symbol, Contract)> {
        if symbols.is_empty() {
            return Vec::new();
        }
        let listed = self.broker.contracts();
        let of = |symbol: &Symbol| listed.iter().find(|contract| contract.symbol() == *symbol).cloned();
        let found = symbols.iter().filter_map(|symbol| Some((*symbol, of(symbol)?)));
        found.filter(|(_, contract)| contract.sessions().is_open(at)).collect()
    }

    /// What the market's model makes of an option, by the quote that stands now; `None` for what is no option.
    pub(super) fn computations(&self, contract: &Contract) -> Option<OptionComputations> {
        let (quote, tape) = (self.quote(contract)?, self.market.tape_of(contract)?);
        let mut all = OptionComputations::none_of(contract.symbol(), quote.at());
        let told = tape.computations(&quote, quote.at());
        told.iter().for_each(|computation| all.note(computation));
        (!told.is_empty()).then_some(all)
    }

    /// The quotes that stand at a moment; while a market is closed, the last ones of its last session.
    fn standing(&self, at: Timestamp) -> Vec<Quote> {
        self.broker.contracts().iter().filter_map(|contract| self.standing_of(contract, at)).collect()
    }

    fn standing_of(&self, contract: &Contract, at: Timestamp) -> Option<Quote> {
        let sessions = contract.sessions();
        let ended = || sessions.as_slice().iter().rev().find(|session| session.close <= at);
        let last =
            if sessions.is_open(at) { Some(at) } else { ended().map(|session| session.close.before(TICK)) };
        self.market.quote_of(contract, last?)
    }

    fn quotes(&self, at: Timestamp) -> Vec<Quote> {
        quotes(self.broker.contracts().iter(), self.market, at)
    }
}

pub(super) fn exchange_config(config: &Config, now: Timestamp) -> anyhow::Result<ExchangeConfig> {
    let account = AccountConfig {
        id: config.account().clone(),
        cash: Money::new(config.fake.cash, Currency::USD),
        kind: AccountKind::Margin,
    };
    let contracts = Catalog::at(config.fake.hours, now).bundled().collect();
    Ok(ExchangeConfig::new(config.fake.seed, vec![account], contracts))
}

pub(super) fn quotes<'a>(
    contracts: impl Iterator<Item = &'a Contract>,
    market: SyntheticMarket,
    at: Timestamp,
) -> Vec<Quote> {
    let open = contracts.filter(|contract| contract.sessions().is_open(at));
    open.filter_map(|contract| market.quote_of(contract, at)).collect()
}

/// While nobody looked, the market is taken to have quoted once a minute: orders trade, trigger and expire as they
/// would have. After an absence of more than a week only its last week is played.
pub(super) fn catch_up(exchange: &mut Exchange, market: SyntheticMarket, now: Timestamp) {
    const STEP: Duration = Duration::from_secs(60);
    const LONGEST: Duration = Duration::from_secs(7 * 86_400);
    if exchange.open_orders().is_empty() {
        return;
    }
    let minute = 60_000_000_000;
    let from = exchange.now().max(now.before(LONGEST));
    let mut at = Timestamp::from_nanos(from.nanos().div_euclid(minute).saturating_mul(minute)).after(STEP);
    let mut effects = Vec::new();
    while at < now {
        for quote in quotes(exchange.contracts(), market, at) {
            exchange.step(Input::Quote { quote }, at, &mut effects);
        }
        // Whoever opens the broker asks it for its snapshots: they hold all of this.
        effects.clear();
        at = at.after(STEP);
    }
}

fn other_account(exchange: &Exchange, session: &Session) -> anyhow::Error {
    let known: Vec<_> = exchange.accounts().map(ToString::to_string).collect();
    let message = format!(
        "the simulated broker has no account {}: it has {}",
        session.config().account(),
        known.join(", ")
    );
    Fault::failed(message, "use that account, or begin anew in another folder: --data-dir DIR").into()
}
