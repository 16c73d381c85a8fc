//! Broker, databases and desk, for whoever trades.

use super::broker::World;
use super::live::{LiveQuotes, unquoted};
use super::window::WindowGateway;
use super::{Access, Broker, Host, Ordered, actor_of_run, open_orders};
use crate::Session;
use crate::config::BrokerChoice;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::Purpose;
use tradeport_contracts::{Contract, Forex, Instrument};
use tradeport_kernel::{AccountId, Clock, Currency, Decimal, Symbol, TimeRange, Timestamp};
use tradeport_orders::OrderGateway;
use tradeport_portfolio::PortfolioStore;
use tradeport_sqlite::SqliteStores;
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk, PositionBreak};

/// On whose behalf a command works.
const ACTOR: &str = "command line";

/// So long the words of a broker that lives elsewhere are waited for in one go.
const LISTEN: Duration = Duration::from_millis(50);

/// Rates of currencies are taken to so many places.
const RATE_PLACES: u32 = 10;

/// Broker, databases and desk.
pub struct Platform {
    stores: SqliteStores,
    pub(super) broker: Broker,
    desk: OrderDesk,
    live: LiveQuotes,
    clock: Arc<dyn Clock>,
    /// The service within which this is, if it is.
    host: Option<Host>,
}

impl Platform {
    /// Opens everything for trading. Errors: another process has the databases, the broker cannot be used.
    pub async fn open(session: &Session) -> anyhow::Result<Self> {
        if let Some(host) = session.host() {
            return Ok(Self::within(host.clone(), session));
        }
        let (stores, broker) = match session.config().broker {
            // Whoever has the databases has the simulated broker's state.
            BrokerChoice::Fake => {
                super::folder::check(session)?;
                let stores = open_orders(session, Access::Write)?;
                (stores, Broker::open(session).await?)
            }
            // Whoever has the databases has the number that orders belong to, so those come first; but no database is made
            // for a broker that there is not.
            BrokerChoice::Tws => {
                super::folder::check(session)?;
                super::folder::check_kept(session.config())?;
                let open = || open_orders(session, Access::Write);
                let there = session.storage()?.orders.exists();
                let stores = if there { Some(open()?) } else { None };
                let broker = Broker::open_for(session, Purpose::Interactive).await?;
                let stores = stores.map_or_else(open, Ok)?;
                super::folder::claim_for_tws(session)?;
                (stores, broker)
            }
        };
        Self::over(stores, broker, session).await
    }

    /// That of a service: it has the databases, it looks after the link, and its desk judges.
    fn within(host: Host, session: &Session) -> Self {
        let quotes = Arc::clone(&host.broker().ports().quotes);
        let (stores, broker, desk) = (host.stores().clone(), host.broker().clone(), host.desk().clone());
        let live = LiveQuotes::new(quotes, desk.clone(), session.clock());
        Self { stores, broker, desk, live, clock: session.clock(), host: Some(host) }
    }

    async fn over(stores: SqliteStores, broker: Broker, session: &Session) -> anyhow::Result<Self> {
        // What traded while nobody looked is kept before the desk writes it down.
        keep(&broker)?;
        let ports = broker.ports();
        let actor = actor_of_run(ACTOR, session);
        let gateway: Arc<dyn OrderGateway> = match session.config().broker {
            BrokerChoice::Fake => Arc::clone(&ports.gateway),
            BrokerChoice::Tws => Arc::new(WindowGateway::new(Arc::clone(&ports.gateway), session)),
        };
        let desk_ports = DeskPorts {
            journal: Arc::new(stores.journal().audited(&actor)),
            gateway,
            accounts: Arc::clone(&ports.accounts),
            catalog: Arc::clone(&ports.catalog),
            clock: session.clock(),
            audit: Arc::new(stores.audit()),
            switch: Arc::new(super::switch_of(session)?),
            breaks: Arc::new(super::breaks_of(session)?),
        };
        let settings = DeskSettings {
            policy: session.config().risk.clone(),
            actor,
            patience: session.config().reconciliation.patience(),
        };
        let desk = OrderDesk::open(desk_ports, settings, EventBus::default()).await?;
        let live = LiveQuotes::new(Arc::clone(&ports.quotes), desk.clone(), session.clock());
        let platform = Self { stores, broker, desk, live, clock: session.clock(), host: None };
        platform.note_what_stands().await?;
        warn_of_unmanaged(&platform.desk, &platform.broker.accounts().accounts().await?);
        for account in platform.broker.accounts().accounts().await? {
            note_worth(&platform.desk, &platform.stores, &account, platform.clock.now()).await?;
        }
        for account in platform.broker.accounts().accounts().await? {
            let found = look_for_breaks(&platform.desk, &platform.stores, &account).await?;
            found.iter().for_each(|it| session.output().say(&it.to_string()));
            // Told once: from now on what there is counts.
            if !found.is_empty()
                && let Err(error) = platform.keep_value().await
            {
                tracing::warn!(%error, "what the account is worth is not known now");
            }
        }
        Ok(platform)
    }

    /// Risk and targets need a price for everything that is held, and a change one for what is ordered.
    async fn note_what_stands(&self) -> anyhow::Result<()> {
        match &self.broker.world {
            World::Fake(world) => {
                world.quotes_now().into_iter().for_each(|quote| self.desk.note_quote(quote));
            }
            World::Tws => {
                let held = self.broker.accounts().positions(self.broker.account()).await?;
                let mut symbols: BTreeSet<Symbol> = held.rows().iter().map(|it| it.symbol()).collect();
                for order in self.desk.live_orders().await {
                    let Ok(contract) = self.desk.contract_of(order.intent()).await else { continue };
                    self.note_rate(contract.currency()).await;
                    let quoted = self.broker.quoted(&contract).await?;
                    symbols.extend(quoted.iter().chain([&contract]).map(Contract::symbol));
                }
                for symbol in held.rows().iter().map(tradeport_portfolio::Position::symbol) {
                    // What nobody pays for, such as a future, is worth what the broker says.
                    if let Err(error) = self.desk.contract(symbol).await {
                        tracing::warn!(%symbol, %error, "what is held is not known");
                    }
                }
                for symbol in self.desk.symbols_of_others().await {
                    let Ok(contract) = self.desk.contract(symbol).await else { continue };
                    self.note_rate(contract.currency()).await;
                    symbols.insert(symbol);
                }
                self.live.follow_all(symbols).await;
            }
        }
        Ok(())
    }

    /// The one way out.
    #[must_use]
    pub const fn desk(&self) -> &OrderDesk {
        &self.desk
    }

    /// The contract that an instrument means, ready to be ordered: traded, quoted, and its price known to the desk.
    pub async fn list(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        Ok(self.to_order(instrument).await?.contract)
    }

    /// The same, with where an order for it goes.
    pub async fn to_order(&self, instrument: &Instrument) -> anyhow::Result<Ordered> {
        let sent = self.broker.list(instrument).await?;
        let contract = self.broker.named(&sent).await?;
        self.desk.learn(contract.instrument()).await?;
        let quoted = self.broker.quoted(&contract).await?;
        for known in quoted.iter().chain([&contract]) {
            match &self.broker.world {
                World::Fake(world) => {
                    if let Some(quote) = world.quote(known) {
                        self.desk.note_quote(quote);
                    }
                }
                World::Tws => self.live.follow(known.symbol()).await.map_err(unquoted)?,
            }
        }
        self.note_rate(contract.currency()).await;
        self.check_currency(&contract).await?;
        Ordered::of(instrument, sent, contract)
    }

    /// Nothing is exchanged by the simulated broker: it would refuse the order, whatever the limits say.
    async fn check_currency(&self, contract: &Contract) -> anyhow::Result<()> {
        let own = self.desk.portfolio(self.broker.account()).await.map(|it| it.currency());
        match own.filter(|own| matches!(self.broker.world, World::Fake(_)) && *own != contract.currency()) {
            None => Ok(()),
            Some(own) => {
                let (symbol, currency) = (contract.symbol(), contract.currency());
                let message = format!("this account trades in {own}, and {symbol} is priced in {currency}");
                Err(crate::fault::Fault::failed(message, "--broker tws trades in other currencies").into())
            }
        }
    }

    /// A broker tells what currencies are worth that the account has something in. Of others their pair tells it, so that
    /// what is first bought in one can be held against limits.
    pub async fn note_rate(&self, currency: Currency) {
        if matches!(self.broker.world, World::Fake(_)) {
            return;
        }
        for own in self.desk.without_rate(currency).await {
            match self.rate_by_pair(currency, own).await {
                Some(rate) => self.desk.note_rate(currency, own, rate).await,
                None => tracing::warn!(%currency, %own, "what the one is worth in the other is not known"),
            }
        }
    }

    async fn rate_by_pair(&self, currency: Currency, own: Currency) -> Option<Decimal> {
        for (base, quote) in [(currency, own), (own, currency)] {
            let pair = Forex::new(base, quote).ok()?;
            // A pair is listed one way round.
            let Ok(contract) = self.broker.find(&pair.into()).await else { continue };
            self.desk.know(contract.clone()).await;
            self.live.follow(contract.symbol()).await.ok()?;
            let mid = self.desk.last_quote(contract.symbol())?.mid()?.as_decimal();
            let rate = if base == currency { mid } else { Decimal::ONE.checked_div(mid)? };
            return Some(rate.round_dp(RATE_PLACES)).filter(|rate| *rate > Decimal::ZERO);
        }
        None
    }

    /// The contract that an instrument means; only looked up.
    pub async fn find(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        self.broker.named(&self.broker.find(instrument).await?).await
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

    /// Waits for the market's next quotes, or for what the broker says meanwhile, and takes in what comes of it.
    pub async fn next_tick(&self) -> anyhow::Result<()> {
        match &self.broker.world {
            // Somebody else lets its market go on, and listens to it.
            _ if self.host.is_some() => self.clock.sleep_until(self.clock.now().after(LISTEN)).await,
            World::Fake(world) => {
                world.next_tick().await?.into_iter().for_each(|quote| self.desk.note_quote(quote));
            }
            World::Tws => {
                let until = self.clock.now().after(LISTEN);
                self.desk.run(self.clock.sleep_until(until)).await?;
                // A broker that has no more to say does not make anybody hurry.
                self.clock.sleep_until(until).await;
            }
        }
        self.take_in().await
    }

    /// Goes on after the link was lost: connects, and holds every order against what the broker says of it.
    pub async fn reconnect(&self) -> anyhow::Result<()> {
        self.broker.link().connect().await?;
        self.desk.resume().await?;
        self.note_what_stands().await?;
        self.take_in().await
    }

    /// Takes in what the broker has said, once the broker's own state is kept: the journal never knows more than it.
    pub async fn take_in(&self) -> anyhow::Result<()> {
        if let Some(host) = &self.host {
            // The service is given a moment for what is on its way.
            self.clock.sleep_until(self.clock.now().after(LISTEN)).await;
            return host.take_in().await;
        }
        keep(&self.broker)?;
        self.desk.pump().await?;
        Ok(())
    }

    /// Keeps what every account is worth now.
    pub async fn keep_value(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        for account in self.broker.accounts().accounts().await? {
            let Some(portfolio) = self.desk.portfolio(&account).await else { continue };
            let price = |symbol| self.desk.last_quote(symbol).and_then(|quote| quote.mid());
            let mut snapshot = portfolio.snapshot(now, price)?;
            // The desk counts from its opening; a simulated broker knows all of it.
            if let World::Fake(world) = &self.broker.world {
                snapshot.commissions = world.commissions(&account).unwrap_or(snapshot.commissions);
            }
            self.desk.note_equity(&account, now, snapshot.total_value).await;
            self.stores.portfolio().save_snapshots(&[snapshot]).await?;
        }
        Ok(())
    }

    /// Keeps the broker's state; call it before anybody is told what happened.
    pub async fn close(self) -> anyhow::Result<()> {
        self.take_in().await?;
        if self.host.is_none() {
            self.broker.link().disconnect().await?;
        }
        Ok(())
    }
}

/// Limits of an account that the broker does not manage are told once, as a desk begins to hold what limits there are.
pub(crate) fn warn_of_unmanaged(desk: &OrderDesk, managed: &[AccountId]) {
    for section in desk.policy().unmanaged(managed) {
        tracing::warn!("{section}");
    }
}

/// Losses are counted from what an account was worth before, where the policy limits them.
pub(crate) async fn note_worth(
    desk: &OrderDesk,
    stores: &SqliteStores,
    account: &AccountId,
    now: Timestamp,
) -> anyhow::Result<()> {
    match desk.policy().limits_of(account).limits_losses() {
        true => recall_worth(desk, stores, account, now).await,
        false => Ok(()),
    }
}

/// Losses are counted from everything that an account was worth before, by what was kept of it. Where nothing was, they are
/// counted from what it is worth now, before anything more trades here, and that is kept; while a price is missing
/// nobody knows it, and what grows is refused.
pub(crate) async fn recall_worth(
    desk: &OrderDesk,
    stores: &SqliteStores,
    account: &AccountId,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut kept = stores.portfolio().snapshots(account, TimeRange::ALL).await?;
    if kept.is_empty()
        && let Some(portfolio) = desk.portfolio(account).await
    {
        match portfolio.snapshot(now, |symbol| desk.last_quote(symbol).and_then(|quote| quote.mid())) {
            Ok(first) => kept.push(first),
            Err(error) => {
                tracing::info!(%error, "what the account is worth before its first order is not known")
            }
        }
        stores.portfolio().save_snapshots(&kept).await?;
    }
    desk.count_losses_from(account, kept.iter().map(|it| (it.at, it.total_value))).await;
    Ok(())
}

/// Holds an account against what was kept of it last. What moved without a word is kept in the audit log.
pub(crate) async fn look_for_breaks(
    desk: &OrderDesk,
    stores: &SqliteStores,
    account: &AccountId,
) -> anyhow::Result<Vec<PositionBreak>> {
    match stores.portfolio().last_snapshot(account).await? {
        Some(last) => Ok(desk.breaks_since(&last).await?),
        None => Ok(Vec::new()),
    }
}

/// A state that is ours to keep is kept.
pub(super) fn keep(broker: &Broker) -> anyhow::Result<()> {
    match &broker.world {
        World::Fake(world) => world.keep(),
        World::Tws => Ok(()),
    }
}
