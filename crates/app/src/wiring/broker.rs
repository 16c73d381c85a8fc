//! A broker to look at: its ports, and what instruments mean and cost there.

use super::BrokerPorts;
use super::clients::Seat;
use super::fake::FakeWorld;
use super::tws::TwsWorld;
use crate::Session;
use crate::config::BrokerChoice;
use crate::fake::Catalog;
use std::sync::Arc;
use tokio::task::JoinHandle;
use tradeport_connection::{BrokerLink, Purpose};
use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::futures::FuturesSpecs;
use tradeport_contracts::{Contract, ContractCatalog, Instrument, OptionChain};
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::AccountId;
use tradeport_market_data::{
    BarHistory, FeedError, OptionComputations, OptionFeed, OptionFeedError, Quote, QuoteFeed, TickFeed,
};
use tradeport_orders::OrderGateway;
use tradeport_portfolio::{AccountFeed, PnlFeed};

/// Where the broker finds the exchange by itself.
const ROUTED: &str = "SMART";

/// The broker that was chosen, connected.
#[derive(Clone)]
pub struct Broker {
    ports: BrokerPorts,
    account: AccountId,
    futures: Arc<FuturesSpecs>,
    pub(super) world: World,
    /// Our number at TWS, for as long as this lives.
    _seat: Option<Arc<Seat>>,
}

/// What brokers differ in besides their ports.
#[derive(Clone)]
pub(super) enum World {
    /// Its market goes on only while somebody lets it, and its state is ours to keep.
    Fake(Box<FakeWorld>),
    /// It lives elsewhere.
    Tws,
}

impl Broker {
    /// The broker of the settings, to look at.
    pub async fn open(session: &Session) -> anyhow::Result<Self> {
        Self::open_for(session, Purpose::CommandLine).await
    }

    /// The broker of the settings, to stop everything there when the service cannot.
    pub async fn open_to_guard(session: &Session) -> anyhow::Result<Self> {
        Self::open_for(session, Purpose::Guard).await
    }

    /// The broker of the settings, for a purpose.
    pub(super) async fn open_for(session: &Session, purpose: Purpose) -> anyhow::Result<Self> {
        super::folder::check(session)?;
        let futures = Arc::new(crate::futures::known(session.config())?);
        match session.config().broker {
            BrokerChoice::Fake => {
                let world = FakeWorld::open(session).await?;
                let account = session.config().account().clone();
                let ports = world.ports();
                Ok(Self { ports, account, futures, world: World::Fake(Box::new(world)), _seat: None })
            }
            BrokerChoice::Tws => {
                let seat = Arc::new(Seat::take(session, purpose)?);
                let (tws, ports) = TwsWorld::open(session, &seat).await?;
                let account = tws.into_account();
                Ok(Self { ports, account, futures, world: World::Tws, _seat: Some(seat) })
            }
        }
    }

    /// The same broker behind other ports, for this account.
    #[must_use]
    pub(super) fn behind(self, ports: BrokerPorts, account: AccountId) -> Self {
        Self { ports, account, ..self }
    }

    /// A TWS that somebody else connects and looks after.
    pub(super) fn of_tws(ports: BrokerPorts, account: AccountId, session: &Session) -> anyhow::Result<Self> {
        let futures = Arc::new(crate::futures::known(session.config())?);
        Ok(Self { ports, account, futures, world: World::Tws, _seat: None })
    }

    /// Every port of it.
    #[must_use]
    pub const fn ports(&self) -> &BrokerPorts {
        &self.ports
    }

    /// The link to it.
    #[must_use]
    pub fn link(&self) -> &dyn BrokerLink {
        &*self.ports.link
    }

    /// Its quotes.
    #[must_use]
    pub fn feed(&self) -> &dyn QuoteFeed {
        &*self.ports.quotes
    }

    /// What happens there one by one.
    #[must_use]
    pub fn ticks(&self) -> &dyn TickFeed {
        &*self.ports.ticks
    }

    /// What its model makes of options.
    #[must_use]
    pub fn options(&self) -> &dyn OptionFeed {
        &*self.ports.options
    }

    /// What it says was gained.
    #[must_use]
    pub fn gains(&self) -> &dyn PnlFeed {
        &*self.ports.gains
    }

    /// What it knows of the past.
    #[must_use]
    pub fn history(&self) -> &dyn BarHistory {
        &*self.ports.history
    }

    /// Its accounts.
    #[must_use]
    pub fn accounts(&self) -> Arc<dyn AccountFeed> {
        Arc::clone(&self.ports.accounts)
    }

    /// What it lists.
    #[must_use]
    pub fn catalog(&self) -> &dyn ContractCatalog {
        &*self.ports.catalog
    }

    /// What it says of orders. Orders are sent by the desk alone.
    #[must_use]
    pub fn gateway(&self) -> &dyn OrderGateway {
        &*self.ports.gateway
    }

    /// For whom orders are, when nobody says so.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// The contract that an instrument means, traded and quoted from here on; of a combo its legs as well.
    pub async fn list(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        let contract = self.find(instrument).await?;
        if let World::Fake(world) = &self.world {
            for quoted in self.quoted(&contract).await? {
                world.list(&quoted)?;
            }
        }
        Ok(contract)
    }

    /// The same contract by the name under which it is held and traded: one instrument has one name, so that a limit counts
    /// all of it.
    pub async fn named(&self, contract: &Contract) -> anyhow::Result<Contract> {
        if matches!(self.world, World::Fake(_)) || !contract.instrument().description().legs.is_empty() {
            return Ok(contract.clone());
        }
        Ok(self.catalog().by_id(contract.id()).await?)
    }

    /// What the quote of a contract comes from: itself, or the legs of a combo.
    pub(super) async fn quoted(&self, contract: &Contract) -> anyhow::Result<Vec<Contract>> {
        let legs = &contract.instrument().description().legs;
        if legs.is_empty() {
            return Ok(vec![contract.clone()]);
        }
        let mut quoted = Vec::with_capacity(legs.len());
        for leg in legs {
            quoted.push(self.catalog().by_id(leg.contract()).await?);
        }
        Ok(quoted)
    }

    /// The options on an instrument, each once: where the broker routes orders itself, the same options are listed once more
    /// at each of its exchanges.
    pub async fn option_chains(&self, underlying: &Instrument) -> anyhow::Result<Vec<OptionChain>> {
        let mut chains = self.catalog().option_chains(underlying).await?;
        if chains.iter().any(|chain| chain.exchange() == ROUTED) {
            chains.retain(|chain| chain.exchange() == ROUTED);
        }
        Ok(chains)
    }

    /// The contract that an instrument means. Errors: none does, or several do, with what to type instead; an expiry
    /// that cannot be is told before the broker is asked.
    pub async fn find(&self, instrument: &Instrument) -> anyhow::Result<Contract> {
        let possible = instrument.check_expiry(&self.futures);
        possible.map_err(|error| crate::fault::no_such_expiry(&error, instrument))?;
        let found = self.catalog().resolve(instrument).await;
        found.map_err(|error| match &self.world {
            World::Fake(world) => {
                crate::fault::not_one_contract(error, instrument, Some(&world.catalog())).into()
            }
            World::Tws => crate::fault::not_one_contract(error, instrument, None).into(),
        })
    }

    /// Symbols like this one, where the broker can tell them; the nearest first.
    #[must_use]
    pub fn nearest(&self, text: &str, most: usize) -> Vec<String> {
        match &self.world {
            World::Fake(world) => world.catalog().nearest(text, most),
            World::Tws => Vec::new(),
        }
    }

    /// The calendar of a contract's market, where one is known.
    #[must_use]
    pub fn calendar(&self, contract: &Contract) -> Option<&'static Calendar> {
        match &self.world {
            World::Fake(_) => Catalog::calendar(contract),
            World::Tws => {
                let listing = contract.instrument().listing().ok()?;
                let primary = contract.details().primary_exchange.as_deref();
                primary.map_or(listing, |exchange| listing.primarily(exchange)).calendar().ok()
            }
        }
    }

    /// Does it trade at every moment, whatever the hours of its markets?
    #[must_use]
    pub const fn trades_always(&self) -> bool {
        match &self.world {
            World::Fake(world) => world.trades_always(),
            World::Tws => false,
        }
    }

    /// The quote of a contract that stands now; while its market is closed, the last one of its last session. That of a
    /// listed combo follows from its legs'.
    pub async fn quote(&self, contract: &Contract) -> Option<Quote> {
        self.quote_or_why(contract).await.unwrap_or_else(|error| {
            tracing::debug!(symbol = %contract.symbol(), %error, "it is not quoted");
            None
        })
    }

    /// The same, for whoever tells why there is none: `None` when nobody quotes it. Errors: those of the feed.
    pub async fn quote_or_why(&self, contract: &Contract) -> Result<Option<Quote>, FeedError> {
        match &self.world {
            World::Fake(world) => Ok(world.quote(contract)),
            World::Tws => match self.feed().snapshot(contract.symbol()).await {
                Ok(quote) => Ok(Some(quote)),
                Err(FeedError::NoData(_)) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// What the broker's model makes of an option now. It takes a line of market data while it is asked, no longer.
    /// `None` when there is nothing to compute from. Errors: those of the feed.
    pub async fn computations(
        &self,
        contract: &Contract,
    ) -> Result<Option<OptionComputations>, OptionFeedError> {
        match &self.world {
            World::Fake(world) => Ok(world.computations(contract)),
            World::Tws => match self.options().snapshot(contract.symbol()).await {
                Ok(computations) => Ok(Some(computations)),
                Err(OptionFeedError::NoData(_)) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// The simulated broker behind it, for whoever moves it from outside.
    pub(crate) fn simulated(&self) -> Option<&FakeBroker> {
        match &self.world {
            World::Fake(world) => Some(&world.broker),
            World::Tws => None,
        }
    }

    /// Lets its market go on until the guard is dropped.
    #[must_use]
    pub fn start_market(&self) -> MarketGuard {
        MarketGuard(match &self.world {
            World::Fake(world) => {
                let world = world.clone();
                Some(tokio::spawn(async move { world.go_on().await }))
            }
            World::Tws => None,
        })
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let broker = if matches!(self.world, World::Fake(_)) { "fake" } else { "tws" };
        f.debug_struct("Broker").field("broker", &broker).finish_non_exhaustive()
    }
}

/// A market that goes on; dropping it ends that.
#[derive(Debug)]
pub struct MarketGuard(Option<JoinHandle<()>>);

impl Drop for MarketGuard {
    fn drop(&mut self) {
        if let Some(market) = &self.0 {
            market.abort();
        }
    }
}
