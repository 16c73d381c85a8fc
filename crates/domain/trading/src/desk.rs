//! The order desk: the one way out.
//!
//! An intent is judged by the risk gate and by validation, kept by the journal, and only then handed to the gateway; every
//! word of the broker takes the same door back in: journal, order, portfolio, bus. What cannot be proven is a state, not a guess.
//!
//! One lock orders all of it: the journal's order is the order in which things happened here, so replaying it gives the
//! same book. The lock is not held while the broker is asked.

mod asking;
mod brackets;
mod breaks;
mod cancelling;
mod changing;
mod checkpoint;
mod covering;
mod day_count;
mod draining;
mod error;
mod exact_sum;
mod exposure;
mod family;
mod inbound;
mod instruments;
mod judging;
mod keeping;
mod legs;
mod listening;
mod margins;
mod meanwhile;
mod missing;
mod open_orders;
mod opening;
mod others;
mod outcome;
mod owed;
mod previewing;
mod pricing;
mod reading_back;
mod recent;
mod reconciling;
mod replaying;
mod shrunk;
mod stake;
mod state;
mod strategies;
mod submitting;
mod sums;
mod switching;
mod tallies;
mod targets;
mod tending;
mod to_send;
mod together;
mod viewing;

pub use breaks::PositionBreak;
pub use cancelling::Cancelled;
pub use draining::DrainPolicy;
pub use error::{DeskError, NotAFamily};
pub use outcome::{CalledOff, ChangeOutcome, Changed, ParentFate, Placed, PlacedFamily, Previewed};
pub use reconciling::{Reconciled, ShownOrder};
pub use strategies::{StrategyOrder, VerticalSpread};
pub use switching::{SWITCH_LOOKED_AT_EVERY, Sweep};
pub use targets::OnItsWay;
pub use tending::ORDERS_TENDED_EVERY;

use crate::audit::split_line;
use crate::reconciliation::Patience;
use crate::{AuditEntry, AuditLog, BreakStore, EventBus};
use asking::Previews;
use futures::lock::Mutex as AsyncMutex;
use judging::Descriptions;
use keeping::UnderWay;
use listening::Ear;
use meanwhile::Settling;
use state::DeskState;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sums::Quotes;
use switching::Latch;
use targets::Turns;
use tending::HalfSent;
use together::Queue;
use tradeport_contracts::futures::MarginBook;
use tradeport_contracts::{Contract, ContractCatalog, CorporateAction};
use tradeport_kernel::{AccountId, Clock, Currency, Decimal, Money, OrderKey, Price, Symbol, Timestamp};
use tradeport_market_data::Quote;
use tradeport_orders::{JournalEntry, Order, OrderGateway, OrderJournal};
use tradeport_portfolio::{AccountFeed, Portfolio};
use tradeport_risk::{RiskPolicy, SwitchStore};

/// What the desk asks of the outside.
#[derive(Clone)]
pub struct DeskPorts {
    /// Keeps everything before it leaves, and tells the audit log as it does: an
    /// [`AuditedJournal`](crate::audit::AuditedJournal), or one that does it in one transaction.
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
    /// Whether orders may leave at all.
    pub switch: Arc<dyn SwitchStore>,
    /// What does not fit, until it is solved.
    pub breaks: Arc<dyn BreakStore>,
}

/// How the desk works.
#[derive(Clone, Debug, Default)]
pub struct DeskSettings {
    /// The limits of the risk gate.
    pub policy: RiskPolicy,
    /// On whose behalf it works, for the audit log.
    pub actor: String,
    /// How long a difference from the broker may stand before it is a break.
    pub patience: Patience,
}

/// Previews, places, changes, cancels and follows orders; cheap to clone.
#[derive(Clone)]
pub struct OrderDesk {
    ports: DeskPorts,
    settings: Arc<DeskSettings>,
    bus: EventBus,
    state: Arc<AsyncMutex<DeskState>>,
    quotes: Arc<Mutex<Quotes>>,
    queue: Arc<Queue>,
    under_way: Arc<UnderWay>,
    described: Descriptions,
    margins: Arc<Mutex<MarginBook>>,
    previews: Previews,
    /// The limits that hold now.
    policy: Arc<Mutex<Arc<RiskPolicy>>>,
    ear: Arc<Ear>,
    latch: Arc<Mutex<Latch>>,
    settling: Settling,
    turns: Turns,
    half_sent: Arc<Mutex<HalfSent>>,
}

/// So long the desk may take to be held against the broker, before that is no sign of life any more.
const LONGEST_SETTLING: Duration = Duration::from_secs(60);

impl OrderDesk {
    /// Takes note of a quote: risk and targets work with the last one.
    pub fn note_quote(&self, quote: Quote) {
        let now = self.ports.clock.now();
        self.quotes(|quotes| quotes.note(quote, now));
    }

    /// Takes note of what an account was worth: losses of the day and falls from the top are counted from such values. To be
    /// told in the order of their times, those of earlier days first.
    pub async fn note_equity(&self, account: &AccountId, at: Timestamp, value: Money) {
        self.state().await.note_equity(account, at, value);
    }

    /// Losses of an account are counted from these values alone, in the order of their times.
    pub async fn count_losses_from(
        &self,
        account: &AccountId,
        values: impl IntoIterator<Item = (Timestamp, Money)>,
    ) {
        let mut state = self.state().await;
        state.forget_equity(account);
        values.into_iter().for_each(|(at, value)| state.note_equity(account, at, value));
    }

    /// What accounts in `own` are not told of another currency: what one unit of it is worth. A later word of the broker counts
    /// instead.
    pub async fn note_rate(&self, currency: Currency, own: Currency, rate: Decimal) {
        let mut state = self.state().await;
        let lacks = |it: &&Portfolio| it.currency() == own && it.rate_of(currency).is_none();
        let accounts: Vec<_> = state.portfolios().filter(lacks).map(|it| it.account().clone()).collect();
        accounts.iter().for_each(|account| state.note_rate(account, currency, rate));
    }

    /// The currencies of accounts that were not told what one unit of this one is worth in them.
    pub async fn without_rate(&self, currency: Currency) -> BTreeSet<Currency> {
        let state = self.state().await;
        let lacking = state.portfolios().filter(|it| it.rate_of(currency).is_none());
        lacking.map(Portfolio::currency).collect()
    }

    /// Takes in a split, which the journal keeps: what strategies have is the same after a restart. A fraction of a share that it makes is paid out at `price`, per new share.
    pub async fn note_split(&self, action: &CorporateAction, price: Price) -> Result<(), DeskError> {
        self.quotes(|quotes| quotes.forget(action.symbol()));
        let mut state = self.state().await;
        let now = self.ports.clock.now();
        self.keep(&mut state, &[JournalEntry::split(action.clone(), now)]).await?;
        state.split(action, price)?;
        let what = format!("{} by {}", action.symbol(), action.ratio());
        let actor = &self.settings.actor;
        let holders = state.portfolios().filter(|portfolio| portfolio.position(action.symbol()).is_some());
        let lines = holders.map(|portfolio| split_line(actor, now, &what, portfolio)).collect();
        self.audit_all(lines).await
    }

    /// The last quote of an instrument, however old.
    #[must_use]
    pub fn last_quote(&self, symbol: Symbol) -> Option<Quote> {
        self.quotes(|quotes| quotes.board().last(symbol).copied())
    }

    /// The legs of a combo, as far as they are known: their prices say what it is worth. None of what is no combo.
    pub async fn legs_of(&self, symbol: Symbol) -> Vec<Symbol> {
        self.state().await.legs_of(symbol).unwrap_or_default()
    }

    /// The orders in memory, in the order of their intents: all that may trade, and those that ended lately. The journal has
    /// all others.
    pub async fn orders(&self) -> Vec<Order> {
        self.state().await.book().iter().cloned().collect()
    }

    /// The orders that may trade, in the order of their keys.
    pub async fn live_orders(&self) -> Vec<Order> {
        let state = self.state().await;
        state.live().into_iter().filter_map(|key| state.book().get(key)).cloned().collect()
    }

    /// Orders of ours that have ended here, and that the broker listed last as ones that may trade: whoever wants none to trade
    /// has to look at them. They are cancelled like those that live.
    pub async fn awake_orders(&self) -> Vec<Order> {
        let state = self.state().await;
        state.awake().cloned().collect()
    }

    /// Everything of ours that the broker may trade: what lives, and what has ended here alone.
    pub async fn orders_that_may_trade(&self) -> Vec<Order> {
        let state = self.state().await;
        let live = state.live().into_iter().filter_map(|key| state.book().get(key));
        live.chain(state.awake()).cloned().collect()
    }

    /// One order, however long ago it ended; `None` as well when the journal cannot be read, which is told in the log.
    pub async fn order(&self, key: &OrderKey) -> Option<Order> {
        self.find(key).await.unwrap_or_else(|error| {
            tracing::error!(%key, %error, "an order could not be looked up in the journal");
            None
        })
    }

    /// Answers as soon as the desk can take an order in: never, when it hangs. While it is held against the broker, which takes
    /// as long as the broker does, it answers for a minute all the same.
    pub async fn prove_life(&self) {
        let since = self.settling.since();
        if since.is_some_and(|since| self.ports.clock.now().since(since) < LONGEST_SETTLING) {
            return;
        }
        drop(self.state().await);
    }

    /// An account as it stands by everything that was told.
    pub async fn portfolio(&self, account: &AccountId) -> Option<Portfolio> {
        let mut state = self.state().await;
        self.hold_worth(&mut state);
        state.portfolio(account).cloned()
    }

    /// Every account of the login, each as it stands by everything that was told.
    pub async fn portfolios(&self) -> Vec<Portfolio> {
        let mut state = self.state().await;
        self.hold_worth(&mut state);
        state.portfolios().cloned().collect()
    }

    /// The accounts are worth what the broker has just said.
    fn hold_worth(&self, state: &mut DeskState) {
        let (now, limit) = (self.ports.clock.now(), self.policy().max_quote_age());
        self.quotes(|quotes| state.hold_worth(quotes.board(), now, limit));
    }

    /// Takes note of a contract: what a symbol means that the catalog cannot be asked for by its name, such as a combo's, or
    /// a newer description of what is known.
    pub async fn know(&self, contract: Contract) {
        self.state().await.know(contract);
    }

    /// The contract of a symbol, as the catalog knows it; asked once.
    pub async fn contract(&self, symbol: Symbol) -> Result<Contract, DeskError> {
        if let Some(contract) = self.state().await.contract(symbol) {
            return Ok(contract.clone());
        }
        let instrument = self.instrument_named(symbol).await?;
        self.learn(&instrument).await
    }

    /// The limits that hold now.
    #[must_use]
    pub fn policy(&self) -> Arc<RiskPolicy> {
        // Exchanged as a whole: nobody sees half of it.
        Arc::clone(&self.policy.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From the next verdict on these limits hold; which they are is written down first. Errors: it could not be, and those
    /// of before still hold.
    pub async fn exchange_policy(&self, policy: RiskPolicy, words: String) -> Result<(), DeskError> {
        let entry = AuditEntry {
            at: self.ports.clock.now(),
            actor: self.settings.actor.clone(),
            action: "risk policy changed".to_owned(),
            subject: "risk policy".to_owned(),
            detail: words,
        };
        self.audit_all(vec![entry]).await?;
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
        Ok(())
    }

    fn quotes<T>(&self, work: impl FnOnce(&mut Quotes) -> T) -> T {
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
        self.audit_all(vec![entry]).await
    }

    async fn audit_all(&self, entries: Vec<AuditEntry>) -> Result<(), DeskError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.ports.audit.append(&entries).await.map_err(DeskError::Audit)
    }
}
