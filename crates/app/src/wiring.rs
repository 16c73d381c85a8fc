//! How the parts are put together: by hand, in one place, read from top to bottom.
//!
//! [`Broker`] is the broker alone, for whoever only looks; [`Platform`] is broker, databases and desk, for whoever
//! trades. The simulated broker's state is read at the beginning and, by whoever may write, kept at the end.

use crate::Session;
use crate::config::{BrokerChoice, Config};
use crate::fake::{Catalog, DurableGateway, FakeCatalog, KeptState, Losses, SyntheticMarket, TICK};
use crate::fault::Fault;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tradeport_connection::BrokerLink;
use tradeport_contracts::{Contract, ContractCatalog, Instrument};
use tradeport_fake_broker::exchange::Input;
use tradeport_fake_broker::{
    AccountConfig, AccountKind, Exchange, ExchangeConfig, FakeBroker, FakeBrokerConfig,
};
use tradeport_kernel::{Clock, Currency, Money, Timestamp};
use tradeport_market_data::{Quote, QuoteFeed};
use tradeport_portfolio::{AccountFeed, PortfolioStore};
use tradeport_sqlite::{OpenError, SqliteConfig, SqliteStores};
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk};

/// What is done with the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They are written; nobody else may.
    Write,
    /// They are read, beside whoever writes.
    Read,
}

/// Opens both databases.
pub fn open_stores(config: &Config, clock: Arc<dyn Clock>, access: Access) -> anyhow::Result<SqliteStores> {
    let storage = config.storage()?;
    let mut settings = SqliteConfig::new(storage.orders, storage.market)?;
    if let Some(bytes) = config.storage.size_limit {
        settings = settings.with_size_limit(bytes)?;
    }
    Ok(match access {
        Access::Write => SqliteStores::open(&settings, clock)?,
        Access::Read => SqliteStores::open_read_only(&settings, clock)?,
    })
}

/// Opens both databases for reading; `None` when there are none yet.
pub fn read_stores(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Option<SqliteStores>> {
    match open_stores(config, clock, Access::Read) {
        Ok(stores) => Ok(Some(stores)),
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::Missing { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The broker that was chosen, connected, with its market up to now.
#[derive(Clone)]
pub struct Broker {
    fake: FakeBroker,
    market: SyntheticMarket,
    catalog: FakeCatalog,
    clock: Arc<dyn Clock>,
}

impl Broker {
    /// The broker of the settings.
    pub async fn open(session: &Session) -> anyhow::Result<Self> {
        check_available(session.config().broker)?;
        crate::futures::list(session.config())?;
        Self::fake(session).await
    }

    async fn fake(session: &Session) -> anyhow::Result<Self> {
        let (config, clock) = (session.config(), session.clock());
        let now = clock.now();
        let market = SyntheticMarket::new(config.fake.seed);
        let settings = exchange_config(config, now)?;
        let exchange = match KeptState::within(&session.storage()?.folder).load()? {
            Some(mut kept) => {
                catch_up(&mut kept, market, now);
                kept
            }
            None => Exchange::new(settings.clone())?,
        };
        if exchange.accounts().all(|account| account != config.account()) {
            return Err(other_account(&exchange, session));
        }
        let fake = FakeBroker::new(FakeBrokerConfig {
            exchange: settings,
            clock: Some(Arc::clone(&clock)),
            ..FakeBrokerConfig::new(config.fake.seed, Vec::new(), Vec::new())
        })?;
        fake.restore(exchange);
        fake.connect().await?;
        let catalog = FakeCatalog::new(fake.clone(), config.fake.hours, Arc::clone(&clock));
        let broker = Self { fake, market, catalog, clock };
        for quote in broker.standing(now) {
            broker.fake.publish(quote)?;
        }
        Ok(broker)
    }

    /// Its quotes.
    #[must_use]
    pub fn feed(&self) -> Arc<dyn QuoteFeed> {
        Arc::new(self.fake.clone())
    }

    /// Its accounts.
    #[must_use]
    pub fn accounts(&self) -> Arc<dyn AccountFeed> {
        Arc::new(self.fake.clone())
    }

    /// What it lists.
    #[must_use]
    pub const fn catalog(&self) -> &FakeCatalog {
        &self.catalog
    }

    /// The contract that an instrument means, traded and quoted from here on; of a combo its legs as well.
    pub async fn list(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        let contract = self.find(instrument).await?;
        for quoted in self.quoted(&contract).await? {
            self.fake.list(quoted.clone())?;
            if let Some(quote) = self.standing_of(&quoted, self.clock.now()) {
                self.fake.publish(quote)?;
            }
        }
        Ok(contract)
    }

    /// What the quote of a contract comes from: itself, or the legs of a combo.
    async fn quoted(&self, contract: &Contract) -> anyhow::Result<Vec<Contract>> {
        let legs = &contract.instrument().description().legs;
        if legs.is_empty() {
            return Ok(vec![contract.clone()]);
        }
        let mut quoted = Vec::with_capacity(legs.len());
        for leg in legs {
            quoted.push(self.catalog.by_id(leg.contract()).await?);
        }
        Ok(quoted)
    }

    /// The contract that an instrument means. Errors: none does, or several do, with what to type instead.
    pub async fn find(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        let found = self.catalog.resolve(instrument).await;
        found.map_err(|error| crate::fault::not_one_contract(error, instrument, &self.catalog.now()).into())
    }

    /// The quote of a contract that stands now; while its market is closed, the last one of its last session. That of a
    /// listed combo follows from its legs'.
    #[must_use]
    pub fn quote(&self, contract: &Contract) -> Option<Quote> {
        self.standing_of(contract, self.clock.now()).or_else(|| self.implied(contract))
    }

    fn implied(&self, contract: &Contract) -> Option<Quote> {
        let combo = matches!(contract.instrument(), Instrument::Combo(_));
        combo.then(|| self.fake.last_quote(contract.symbol())).flatten()
    }

    /// What follows for the listed combos from the quotes that were published last.
    fn implied_quotes(&self) -> Vec<Quote> {
        self.fake.contracts().iter().filter_map(|contract| self.implied(contract)).collect()
    }

    /// Lets its market go on until the guard is dropped.
    #[must_use]
    pub fn start_market(&self) -> MarketGuard {
        let broker = self.clone();
        MarketGuard(tokio::spawn(async move {
            let mut at = SyntheticMarket::tick_at(broker.clock.now());
            loop {
                at = at.after(TICK);
                broker.clock.sleep_until(at).await;
                if let Err(error) = broker.publish(at) {
                    tracing::error!(%error, "the simulated market stopped");
                    return;
                }
            }
        }))
    }

    /// Publishes the quotes that stand at a moment, of what is open then.
    fn publish(&self, at: Timestamp) -> anyhow::Result<()> {
        for quote in self.quotes(at) {
            self.fake.publish(quote)?;
        }
        Ok(())
    }

    /// The quotes that stand at a moment; while a market is closed, the last ones of its last session.
    fn standing(&self, at: Timestamp) -> Vec<Quote> {
        self.fake.contracts().iter().filter_map(|contract| self.standing_of(contract, at)).collect()
    }

    fn standing_of(&self, contract: &Contract, at: Timestamp) -> Option<Quote> {
        let sessions = contract.sessions();
        let ended = || sessions.as_slice().iter().rev().find(|session| session.close <= at);
        let last =
            if sessions.is_open(at) { Some(at) } else { ended().map(|session| session.close.before(TICK)) };
        self.market.quote_of(contract, last?)
    }

    fn quotes(&self, at: Timestamp) -> Vec<Quote> {
        quotes(self.fake.contracts().iter(), self.market, at)
    }
}

/// A market that goes on; dropping it ends that.
#[derive(Debug)]
pub struct MarketGuard(JoinHandle<()>);

impl Drop for MarketGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Broker, databases and desk.
pub struct Platform {
    stores: SqliteStores,
    broker: Broker,
    desk: OrderDesk,
    gateway: DurableGateway,
}

impl Platform {
    /// Opens everything for trading. Errors: another process has the databases, the broker cannot be used.
    pub async fn open(session: &Session) -> anyhow::Result<Self> {
        // Before a database is made for a broker that there is not.
        check_available(session.config().broker)?;
        let stores = open_stores(session.config(), session.clock(), Access::Write)?;
        let broker = Broker::open(session).await?;
        let kept = KeptState::within(&session.storage()?.folder);
        let fake = &session.config().fake;
        let losses = Losses { seed: fake.seed, answers: fake.lost_answers, requests: fake.lost_requests };
        let gateway = DurableGateway::new(broker.fake.clone(), kept, losses);
        // What traded while nobody looked is kept before the desk writes it down.
        gateway.keep()?;
        let ports = DeskPorts {
            journal: Arc::new(stores.journal()),
            gateway: Arc::new(gateway.clone()),
            accounts: Arc::new(broker.fake.clone()),
            catalog: Arc::new(broker.catalog.clone()),
            clock: session.clock(),
            audit: Arc::new(stores.audit()),
        };
        let settings =
            DeskSettings { policy: session.config().risk.clone(), actor: "command line".to_owned() };
        let desk = OrderDesk::open(ports, settings, EventBus::default()).await?;
        let platform = Self { stores, broker, desk, gateway };
        platform
            .broker
            .standing(session.clock().now())
            .into_iter()
            .chain(platform.broker.implied_quotes())
            .for_each(|quote| platform.desk.note_quote(quote));
        Ok(platform)
    }

    /// The one way out.
    #[must_use]
    pub const fn desk(&self) -> &OrderDesk {
        &self.desk
    }

    /// The contract that an instrument means, ready to be ordered: traded, quoted, and its price known to the desk.
    pub async fn list(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        let contract = self.broker.list(instrument).await?;
        self.desk.learn(contract.instrument()).await?;
        let quoted = self.broker.quoted(&contract).await?;
        for known in quoted.iter().chain([&contract]) {
            if let Some(quote) = self.broker.quote(known) {
                self.desk.note_quote(quote);
            }
        }
        Ok(contract)
    }

    /// The contract that an instrument means; only looked up.
    pub async fn find(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        self.broker.find(instrument).await
    }

    /// The broker, to look at what it lists and quotes.
    #[must_use]
    pub const fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The databases.
    #[must_use]
    pub const fn stores(&self) -> &SqliteStores {
        &self.stores
    }

    /// Waits for the market's next quotes, and takes in what comes of them.
    pub async fn next_tick(&self) -> anyhow::Result<()> {
        let clock = &self.broker.clock;
        let at = SyntheticMarket::tick_at(clock.now()).after(TICK);
        clock.sleep_until(at).await;
        self.broker.publish(at)?;
        let quotes = self.broker.quotes(at).into_iter().chain(self.broker.implied_quotes());
        quotes.for_each(|quote| self.desk.note_quote(quote));
        self.take_in().await
    }

    /// Takes in what the broker has said, once the broker's own state is kept: the journal never knows more than it.
    pub async fn take_in(&self) -> anyhow::Result<()> {
        self.gateway.keep()?;
        self.desk.pump().await?;
        Ok(())
    }

    /// Keeps what every account is worth now.
    pub async fn keep_value(&self) -> anyhow::Result<()> {
        let now = self.broker.clock.now();
        for account in self.broker.accounts().accounts().await? {
            let Some(portfolio) = self.desk.portfolio(&account).await else { continue };
            let price = |symbol| self.desk.last_quote(symbol).and_then(|quote| quote.mid());
            let mut snapshot = portfolio.snapshot(now, price)?;
            // The desk counts from its opening; the broker knows all of it.
            snapshot.commissions = self.broker.fake.commissions(&account).unwrap_or(snapshot.commissions);
            self.stores.portfolio().save_snapshots(&[snapshot]).await?;
        }
        Ok(())
    }

    /// Keeps the broker's state; call it before anybody is told what happened.
    pub async fn close(self) -> anyhow::Result<()> {
        self.take_in().await?;
        self.broker.fake.disconnect().await?;
        Ok(())
    }
}

fn check_available(broker: BrokerChoice) -> anyhow::Result<()> {
    match broker {
        BrokerChoice::Fake => Ok(()),
        BrokerChoice::Tws => {
            let message = "this build has no adapter for TWS or IB Gateway yet";
            Err(Fault::failed(message, "the simulated broker: --broker fake").into())
        }
    }
}

fn exchange_config(config: &Config, now: Timestamp) -> anyhow::Result<ExchangeConfig> {
    let account = AccountConfig {
        id: config.account().clone(),
        cash: Money::new(config.fake.cash, Currency::USD),
        kind: AccountKind::Margin,
    };
    let contracts = Catalog::at(config.fake.hours, now).bundled().collect();
    Ok(ExchangeConfig::new(config.fake.seed, vec![account], contracts))
}

fn quotes<'a>(
    contracts: impl Iterator<Item = &'a Contract>,
    market: SyntheticMarket,
    at: Timestamp,
) -> Vec<Quote> {
    let open = contracts.filter(|contract| contract.sessions().is_open(at));
    open.filter_map(|contract| market.quote_of(contract, at)).collect()
}

/// While nobody looked, the market is taken to have quoted once a minute: orders trade, trigger and expire as they
/// would have. After an absence of more than a week only its last week is played.
fn catch_up(exchange: &mut Exchange, market: SyntheticMarket, now: Timestamp) {
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

#[cfg(test)]
mod tests;
