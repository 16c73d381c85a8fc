//! The order desk: the one way out.
//!
//! An intent is judged by the risk gate, kept by the journal, and only then handed to the gateway; every word of the
//! broker takes the same door back in: journal, order, portfolio, bus. What cannot be proven is a state, not a guess.
//!
//! One lock orders all of it: the journal's order is the order in which things happened here, so replaying it gives the
//! same book. The lock is not held while the broker is asked.

mod error;
mod inbound;
mod opening;
mod outbound;
mod state;

pub use error::DeskError;

use crate::{AuditEntry, AuditLog, EventBus};
use futures::lock::Mutex as AsyncMutex;
use state::DeskState;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_contracts::{CatalogError, Contract, ContractCatalog, CorporateAction, Instrument};
use tradeport_kernel::{AccountId, Clock, OrderKey, Price, Symbol};
use tradeport_market_data::{Quote, QuoteBoard};
use tradeport_orders::{Order, OrderEvents, OrderGateway, OrderJournal};
use tradeport_portfolio::{AccountFeed, Portfolio, PortfolioError};
use tradeport_risk::{RiskPolicy, RiskRefusal};

/// What the desk asks of the outside.
#[derive(Clone)]
pub struct DeskPorts {
    /// Keeps everything before it leaves.
    pub journal: Arc<dyn OrderJournal>,
    /// The way to the broker.
    pub gateway: Arc<dyn OrderGateway>,
    /// The broker's view of the accounts.
    pub accounts: Arc<dyn AccountFeed>,
    /// What can be traded.
    pub catalog: Arc<dyn ContractCatalog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who did what.
    pub audit: Arc<dyn AuditLog>,
}

/// How the desk works.
#[derive(Clone, Debug, Default)]
pub struct DeskSettings {
    /// The limits of the risk gate.
    pub policy: RiskPolicy,
    /// On whose behalf it works, for the audit log.
    pub actor: String,
}

/// What became of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The order as it stands now.
    pub order: Order,
    /// The same key had been placed before: nothing was sent, and this is what became of it.
    pub repeat: bool,
    /// Why the risk gate stopped it, if it did.
    pub refusal: Option<RiskRefusal>,
}

/// Places, cancels and follows orders; cheap to clone.
#[derive(Clone)]
pub struct OrderDesk {
    ports: DeskPorts,
    settings: Arc<DeskSettings>,
    bus: EventBus,
    state: Arc<AsyncMutex<DeskState>>,
    quotes: Arc<Mutex<QuoteBoard>>,
    events: Arc<AsyncMutex<OrderEvents>>,
}

impl OrderDesk {
    /// Takes note of a quote: risk and targets work with the last one.
    pub fn note_quote(&self, quote: Quote) {
        self.board(|board| board.note(quote));
    }

    /// Takes in a split; a fraction of a share that it makes is paid out at `price`, per new share.
    pub async fn note_split(&self, action: &CorporateAction, price: Price) -> Result<(), PortfolioError> {
        self.board(|board| board.forget(action.symbol()));
        self.state.lock().await.split(action, price)
    }

    /// The last quote of an instrument, however old.
    #[must_use]
    pub fn last_quote(&self, symbol: Symbol) -> Option<Quote> {
        self.board(|board| board.last(symbol).copied())
    }

    /// All orders, in the order of their intents.
    pub async fn orders(&self) -> Vec<Order> {
        self.state.lock().await.book().iter().cloned().collect()
    }

    /// One order.
    pub async fn order(&self, key: &OrderKey) -> Option<Order> {
        self.state.lock().await.book().get(key).cloned()
    }

    /// An account as it stands by everything that was told.
    pub async fn portfolio(&self, account: &AccountId) -> Option<Portfolio> {
        self.state.lock().await.portfolio(account).cloned()
    }

    /// The contract of a symbol, as the catalog knows it; asked once.
    pub async fn contract(&self, symbol: Symbol) -> Result<Contract, DeskError> {
        if let Some(contract) = self.state.lock().await.contract(symbol) {
            return Ok(contract.clone());
        }
        let instrument: Instrument = symbol.as_str().parse().map_err(|_| DeskError::UnknownSymbol(symbol))?;
        let contract = match self.ports.catalog.resolve(&instrument).await {
            Ok(contract) => contract,
            Err(CatalogError::NotFound(_)) => return Err(DeskError::UnknownSymbol(symbol)),
            Err(other) => return Err(DeskError::Catalog(other)),
        };
        self.state.lock().await.know(contract.clone());
        Ok(contract)
    }

    fn board<T>(&self, work: impl FnOnce(&mut QuoteBoard) -> T) -> T {
        work(&mut self.quotes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn audit(&self, action: &str, subject: &OrderKey, detail: String) -> Result<(), DeskError> {
        let entry = AuditEntry {
            at: self.ports.clock.now(),
            actor: self.settings.actor.clone(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail,
        };
        self.ports.audit.append(&[entry]).await.map_err(DeskError::Audit)
    }
}
