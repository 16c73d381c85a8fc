//! The parts of the service: supervised links by purpose, behind their guards, and the databases.
//!
//! Whoever trades has one link, whoever records another, so that a burst of quotes holds no order up; the simulated broker
//! has one link for both. Left out: what the service does with them.

use super::broker::World;
use super::clients::Seat;
use super::platform::keep;
use super::stores::open_once_free;
use super::tws::{choose_account, pacer, unconnected};
use super::{Broker, BrokerPorts, Host};
use crate::Session;
use crate::config::{BrokerChoice, IbConfig};
use crate::guard::{Guard, GuardedCatalog, GuardedGateway, GuardedHistory, GuardedQuotes};
use crate::service::AlarmBook;
use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tradeport_connection::{Pacer, Proof, Purpose, Supervisor};
use tradeport_contracts::{Contract, Instrument};
use tradeport_kernel::{AccountId, Clock, ConnectionEpoch, Timestamp};
use tradeport_portfolio::AccountFeed;
use tradeport_sqlite::SqliteStores;
use tradeport_trading::{
    BrokerProver, Disproof, EventBus, GatedGateway, OrderDesk, Prover, SessionPorts, SessionSupervisor,
};

/// One supervised link.
pub struct Line {
    /// What it is for.
    pub purpose: Purpose,
    /// Our number there, where there are numbers.
    pub client_id: Option<i32>,
    /// Its supervisor, until somebody takes it to run it.
    pub supervisor: Option<SessionSupervisor>,
    /// What is said of it.
    pub bus: EventBus,
    /// Every port, behind the guard; the gateway behind the gate, too.
    pub ports: BrokerPorts,
    /// Its breakers.
    pub guard: Guard,
    /// What it is asked to prove.
    pub prover: Arc<AccountProver>,
    _seat: Option<Arc<Seat>>,
}

/// Everything that the service works with.
pub struct Plant {
    /// Whoever trades.
    pub trading: Line,
    /// Whoever records, where that is another link.
    pub recording: Option<Line>,
    /// The budget of all links.
    pub pacer: Pacer,
    /// The databases.
    pub stores: SqliteStores,
    /// Who is called.
    pub alarms: AlarmBook,
    world: Option<Broker>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Plant {
    /// Puts it together; nothing is connected yet. Errors: another process has the databases or the number.
    pub async fn build(session: &Session, records: bool) -> anyhow::Result<Self> {
        super::folder::check(session)?;
        let stores = open_once_free(session).await?;
        let alarms = AlarmBook::default();
        let pacer = pacer(session)?;
        let maker = Maker { session, alarms: &alarms, pacer: &pacer };
        let (trading, recording, world) = match session.config().broker {
            BrokerChoice::Fake => {
                let broker = Broker::open_for(session, Purpose::Interactive).await?;
                keep(&broker)?;
                (maker.line(Purpose::Interactive, broker.ports().clone(), None)?, None, Some(broker))
            }
            BrokerChoice::Tws => {
                super::folder::claim_for_tws(session)?;
                let trading = maker.tws(Purpose::Interactive).await?;
                let recording = if records { Some(maker.tws(Purpose::Recorder).await?) } else { None };
                (trading, recording, None)
            }
        };
        Ok(Self { trading, recording, pacer, stores, alarms, world, turn: Arc::default() })
    }

    /// The contract that an instrument means, ready to be quoted on a line's link.
    pub async fn list(&self, instrument: &Instrument, line: &BrokerPorts) -> anyhow::Result<Contract> {
        match &self.world {
            Some(broker) => broker.list(instrument).await,
            None => Ok(line.catalog.resolve(instrument).await?),
        }
    }

    /// Waits until nobody else takes in what a simulated broker said.
    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Keeps a state that is ours to keep.
    pub fn keep(&self) -> anyhow::Result<()> {
        self.world.as_ref().map_or(Ok(()), keep)
    }

    /// Waits for the next quotes of a market that is ours to move; for ever where it moves by itself.
    pub async fn market(&self) -> anyhow::Result<()> {
        match self.world.as_ref().map(|broker| &broker.world) {
            Some(World::Fake(world)) => world.next_tick().await.map(drop),
            Some(World::Tws) | None => std::future::pending().await,
        }
    }

    /// What commands work with that this desk does for others, for this account.
    pub fn host(&self, desk: OrderDesk, account: AccountId, session: &Session) -> anyhow::Result<Host> {
        let ports = self.trading.ports.clone();
        let broker = match &self.world {
            Some(world) => world.clone().behind(ports, account),
            None => Broker::of_tws(ports, account, session)?,
        };
        Ok(Host::new(broker, desk, self.stores.clone(), Arc::clone(&self.turn)))
    }

    /// The simulated broker, to move it from outside.
    pub(crate) fn simulated(&self) -> Option<&tradeport_fake_broker::FakeBroker> {
        self.world.as_ref().and_then(Broker::simulated)
    }
}

struct Maker<'a> {
    session: &'a Session,
    alarms: &'a AlarmBook,
    pacer: &'a Pacer,
}

impl Maker<'_> {
    async fn tws(&self, purpose: Purpose) -> anyhow::Result<Line> {
        let seat = Arc::new(Seat::take_once_free(self.session, purpose).await?);
        let ports = unconnected(self.session, &seat, self.pacer)?;
        self.line(purpose, ports, Some(seat))
    }

    fn line(&self, purpose: Purpose, ports: BrokerPorts, seat: Option<Arc<Seat>>) -> anyhow::Result<Line> {
        let (config, clock) = (self.session.config(), self.session.clock());
        let seed = u64::from(std::process::id()).wrapping_add(purpose as u64);
        let supervisor = Supervisor::new(config.link.settings()?, config.outages(), seed)?;
        let prover = Arc::new(AccountProver {
            purpose,
            chooses: (config.broker == BrokerChoice::Tws).then(|| config.ib.clone()),
            chosen: OnceLock::new(),
            accounts: Arc::clone(&ports.accounts),
            inner: BrokerProver::new(
                Arc::clone(&ports.gateway),
                Arc::clone(&ports.accounts),
                Arc::clone(&clock),
            ),
            clock: Arc::clone(&clock),
            has_desk: AtomicBool::new(false),
            reconciled: Mutex::new(None),
        });
        if config.broker == BrokerChoice::Fake {
            prover.chosen.set(config.account().clone()).unwrap_or_default();
        }
        let bus = EventBus::default();
        let session_ports = SessionPorts {
            link: Arc::clone(&ports.link),
            prover: Arc::clone(&prover) as Arc<dyn Prover>,
            notifier: Arc::new(self.alarms.of(purpose)),
            clock: Arc::clone(&clock),
        };
        let supervisor = SessionSupervisor::new(supervisor, session_ports, bus.clone());
        let link = Arc::clone(&ports.link);
        // The adapter for TWS asks the budget by itself.
        let guard = match config.broker {
            BrokerChoice::Tws => Guard::new(config.breaker, link, clock),
            BrokerChoice::Fake => {
                Guard::paced(config.breaker, link, clock, (self.pacer.clone(), self.pacer.connect()?))
            }
        };
        let gateway = GuardedGateway::new(Arc::clone(&ports.gateway), guard.clone());
        let ports = BrokerPorts {
            gateway: Arc::new(GatedGateway::new(Arc::new(gateway), supervisor.handle())),
            quotes: Arc::new(GuardedQuotes::new(ports.quotes, guard.clone())),
            history: Arc::new(GuardedHistory::new(ports.history, guard.clone())),
            catalog: Arc::new(GuardedCatalog::new(ports.catalog, guard.clone())),
            ..ports
        };
        let (client_id, supervisor) = (seat.as_ref().map(|seat| seat.id()), Some(supervisor));
        Ok(Line { purpose, client_id, supervisor, bus, ports, guard, prover, _seat: seat })
    }
}

/// Proves that the account is the one that is meant; of a link that trades, all the rest as well.
pub struct AccountProver {
    purpose: Purpose,
    /// By what an account is chosen, where the broker has several.
    chooses: Option<IbConfig>,
    chosen: OnceLock<AccountId>,
    accounts: Arc<dyn AccountFeed>,
    inner: BrokerProver,
    clock: Arc<dyn Clock>,
    has_desk: AtomicBool,
    reconciled: Mutex<Option<(Timestamp, ConnectionEpoch)>>,
}

impl AccountProver {
    /// The account, once it was proven.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.chosen.get()
    }

    /// From now on this desk, which was just opened in this epoch, is reconciled in each new one.
    pub fn reconcile_with(&self, desk: OrderDesk, epoch: ConnectionEpoch) {
        self.inner.reconcile_with(desk);
        self.has_desk.store(true, Ordering::Release);
        self.note_reconciled(epoch);
    }

    /// When orders and positions were last held against the broker's, and in which epoch.
    #[must_use]
    pub fn reconciled(&self) -> Option<(Timestamp, ConnectionEpoch)> {
        *self.reconciled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_reconciled(&self, epoch: ConnectionEpoch) {
        *self.reconciled.lock().unwrap_or_else(PoisonError::into_inner) = Some((self.clock.now(), epoch));
    }

    async fn choose(&self, ib: &IbConfig) -> Result<(), Disproof> {
        let managed = self.accounts.accounts().await;
        let managed = managed.map_err(|error| Disproof::Unanswered(error.to_string()))?;
        let chosen = choose_account(ib, &managed).map_err(|error| Disproof::Refuted(format!("{error:#}")))?;
        let before = self.chosen.get_or_init(|| chosen.clone());
        if *before == chosen {
            return Ok(());
        }
        Err(Disproof::Refuted(format!("account {chosen} is managed, and it was {before} before")))
    }
}

#[async_trait]
impl Prover for AccountProver {
    async fn prove(&self, proof: Proof, epoch: ConnectionEpoch) -> Result<(), Disproof> {
        match (proof, &self.chooses) {
            (Proof::Account, Some(ib)) => self.choose(ib).await,
            (Proof::Account, None) => self.inner.prove(proof, epoch).await,
            // Nobody trades there.
            _ if self.purpose != Purpose::Interactive => Ok(()),
            _ => {
                self.inner.prove(proof, epoch).await?;
                if proof == Proof::Positions && self.has_desk.load(Ordering::Acquire) {
                    self.note_reconciled(epoch);
                }
                Ok(())
            }
        }
    }
}
