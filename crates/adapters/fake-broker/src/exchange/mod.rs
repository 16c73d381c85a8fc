//! The exchange and the books of its broker: a single-threaded state machine without clock, channel or thread.
//!
//! Inputs go into [`Exchange::step`] with the time; effects come out. The same configuration and the same inputs give
//! the same effects, to the byte, and the whole state can be written down and read back between two inputs.
//!
//! **Trading against a quote.** A quote displays a price and a size on each side. What trades is taken off the size;
//! the next quote that states the side brings a new size. Nothing trades without a displayed size (a quote without one
//! has the configured default), and never more than it. An order that arrives takes the displayed price. What is left
//! of a limit order rests, and others come to it: it then trades at its own limit, when the other side's quote goes
//! through it, or reaches it with more size than stands ahead in the queue.
//!
//! **The queue.** Our own orders stand in price-time priority. Ahead of them at a price stands what was displayed there
//! when they joined (times the configured share); an order at a better price than the displayed one stands first. Size
//! ahead shrinks with the displayed size, and by what the other side brings to that price.
//!
//! **Triggers.** A stop to buy wakes when the ask rises to it, a stop to sell when the bid falls to it; trailing stops
//! follow the ask down and the bid up. An if-touched order to buy wakes when the ask falls to its trigger, one to sell
//! when the bid rises to it; where such a trigger trails, it follows the ask up for a buy, keeping its distance below, and
//! the bid down for a sale, keeping it above.
//!
//! **Sessions.** Outside of a session orders are held, unless they may trade there. The first quote of a session is the
//! opening auction, its last one the closing auction, each at the one price half way between bid and ask, on the price
//! step. At the close day orders expire.
//!
//! **Groups.** When one order of a group fills, the others are cancelled; when one trades in part, the others shrink by the
//! same share of what is left of them, to whole lots. In a group that cancels, any trade of one ends the others. In one that
//! reduces without a block the others shrink once a quote has done all that it does, so that more than wanted can trade
//! against it. The children of one parent are a group unless they name another. Children are held until the parent has
//! filled in full, and die with it.
//!
//! **Money.** Cash accounts buy with cash that no open order keeps, and sell what they hold. Margin accounts need the
//! initial share of what they open. Nobody is liquidated: below the maintenance margin only closing trades are taken.
//!
//! **Corrections.** A new revision of an execution replaces the one before, in price or in quantity; IB's messages know no
//! execution of zero units, so one that the exchange cancels as a whole is reported no more, and only account and
//! positions tell of it.
//!
//! **Combos.** A combo is quoted by nobody: it trades at the net of what its legs display, in whole units and in all legs
//! at once, as market or limit order of a margin account, and its price may be zero or below. Cash and positions are the
//! legs'. The rules stand in the modules `combos`, `combo_fills` and `combo_orders`.
//!
//! **Shared orders.** An adviser's order is one order for several accounts: what trades is handed out among them at once,
//! in whole lots. The rules stand in the module `shares`.
//!
//! Left out: subscribers, the link and its epochs (`FakeBroker`), and other traders than the quotes.

mod account;
mod admission;
mod archive;
mod changes;
mod combo_fills;
mod combo_orders;
mod combos;
mod config;
mod currency;
mod delivery;
mod executions;
mod groups;
mod holding;
mod input;
mod listing;
mod market;
mod markets;
mod matching;
mod order;
mod placing;
mod preview;
mod queries;
mod sessions;
mod shares;
mod soundness;
mod splits;
mod triggers;

pub use archive::MOST_ENDED;
pub use config::{
    AccountConfig, AccountKind, ConfigError, ExchangeConfig, Latency, LiquidityRules, MarginRules,
};
pub use currency::Rates;
pub use input::{Delivered, Effect, ExchangeEvent, Input};
pub use queries::OrderRecord;
pub use shares::share_out;

use crate::commission::Tariffs;
use crate::fault::Fault;
use account::Account;
use delivery::Leaving;
use foldhash::fast::RandomState;
use groups::Traded;
use holding::Haste;
use market::Market;
use markets::Markets;
use order::{EndedOrder, LiveOrder, Quirks, Slab, Slot, Stage, Whereabouts};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize, Serializer};
use sessions::Timer;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use tradeport_contracts::{CorporateAction, InstrumentKind};
use tradeport_kernel::{AccountId, OrderKey, Symbol, Timestamp};
use tradeport_orders::{BrokerPhase, Execution};

/// An exchange with its broker's accounts. See the module for how it trades.
///
/// What was written down is checked when it is read back: a state that no exchange can be in is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Exchange {
    now: Timestamp,
    seed: u64,
    chance: ChaCha8Rng,
    tariffs: Tariffs,
    margin: MarginRules,
    liquidity: LiquidityRules,
    latency: Latency,
    #[serde(default)]
    rates: Rates,
    accounts: Vec<Account>,
    markets: Markets,
    orders: Slab,
    /// At most [`MOST_ENDED`], in the order in which they ended.
    ended: VecDeque<EndedOrder>,
    /// How many had ended before the first of those.
    #[serde(default)]
    ended_before: usize,
    #[serde(serialize_with = "sorted")]
    keys: Keys,
    groups: BTreeMap<Arc<str>, Vec<Slot>>,
    executions: Vec<Execution>,
    /// Sorted by time, then by when they were set.
    timers: BTreeSet<(Timestamp, u64, Timer)>,
    splits: Vec<CorporateAction>,
    /// Counts everything that needs a place in time or a number.
    counter: u64,
    next_perm_id: i64,
    next_broker_order_id: i64,
    refusals: VecDeque<(u32, String)>,
    quirks: Quirks,
    quirk_delay: Option<std::time::Duration>,
    /// What must still happen in this step, by key; empty between steps.
    work: VecDeque<Work>,
}

/// Where each order is. An order is looked up several times in its life, and hashing shows in the speed of the whole.
type Keys = HashMap<OrderKey, Whereabouts, RandomState>;

/// The same state is always written down the same way.
fn sorted<S: Serializer>(keys: &Keys, serializer: S) -> Result<S::Ok, S::Error> {
    keys.iter().collect::<BTreeMap<_, _>>().serialize(serializer)
}

/// Something that follows from what happened, once that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    /// The parent has filled: the child comes alive.
    Wake(OrderKey),
    /// The parent is dead: so is the child.
    Bury(OrderKey),
    /// An order of a group without a block has traded: the others shrink.
    Shrink(Arc<str>, OrderKey, Traded),
}

impl Exchange {
    /// An exchange at the beginning of time: the first input's time opens or closes its sessions.
    pub fn new(config: ExchangeConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let (combos, mut contracts): (Vec<_>, Vec<_>) = config
            .contracts
            .into_iter()
            .partition(|contract| contract.instrument().kind() == Some(InstrumentKind::Combo));
        contracts.sort_by_key(tradeport_contracts::Contract::symbol);
        let mut exchange = Self {
            now: Timestamp::MIN,
            seed: config.seed,
            chance: ChaCha8Rng::seed_from_u64(config.seed),
            margin: config.margin,
            liquidity: config.liquidity,
            latency: config.latency,
            accounts: config
                .accounts
                .iter()
                .map(|it| Account::new(it, &contracts, &config.commission, &config.rates))
                .collect(),
            tariffs: config.commission,
            rates: config.rates,
            markets: contracts.into_iter().map(Market::new).collect::<Vec<_>>().into(),
            orders: Slab::default(),
            ended: VecDeque::new(),
            ended_before: 0,
            keys: Keys::default(),
            groups: BTreeMap::new(),
            executions: Vec::new(),
            timers: BTreeSet::new(),
            splits: Vec::new(),
            counter: 0,
            next_perm_id: 1_000_000_001,
            next_broker_order_id: 1,
            refusals: VecDeque::new(),
            quirks: Quirks::default(),
            quirk_delay: None,
            work: VecDeque::new(),
        };
        for market in 0..exchange.markets.len() {
            exchange.begin_sessions(market);
        }
        let mut said = Vec::new();
        combos.into_iter().for_each(|combo| exchange.list(combo, &mut said));
        match said.pop() {
            Some(Effect { event: ExchangeEvent::NotListed { symbol, reason }, .. }) => {
                Err(ConfigError::Combo { symbol, reason })
            }
            _ => Ok(exchange),
        }
    }

    /// Takes in one input that happens at `now`, after all that time itself brings until then. Time never goes back:
    /// an earlier `now` is taken for the exchange's own time.
    pub fn step(&mut self, input: Input, now: Timestamp, out: &mut Vec<Effect>) {
        self.pass_time(now, out);
        match input {
            Input::Quote { quote } => self.quote(quote, out),
            Input::Advance => {}
            Input::Submit { intent } => self.submit(intent, &[], Haste::Now, out),
            Input::Hold { intent } => self.submit(intent, &[], Haste::Held, out),
            Input::SubmitShared { intent, shares } => self.submit(intent, &shares, Haste::Now, out),
            Input::Change { key, change } => self.change(&key, &change, out),
            Input::Cancel { key } => self.cancel(&key, out),
            Input::List { contract } => self.list(*contract, out),
            Input::Split { action } => self.split(action, out),
            Input::Fault { fault } => self.arm(fault),
            Input::Trade { key, quantity } => self.trade_with(&key, quantity, out),
            Input::Correct { key, price } => self.correct(&key, price, out),
            Input::Bust { key, left } => self.bust(&key, left, out),
            Input::Repeat { key } => self.repeat(&key, out),
            Input::Deliver { key, account, symbol, quantity, price, delivered } => {
                let leaving = Leaving { account, symbol, quantity, price };
                self.deliver(&key, &leaving, delivered.as_ref(), out);
            }
        }
        self.settle(out);
    }

    /// The latest time that it was told.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    fn arm(&mut self, fault: Fault) {
        match fault {
            Fault::RefuseNext { count, reason } => self.refusals.push_back((count, reason)),
            Fault::DelayStatus { by } => self.quirk_delay = Some(by),
            Fault::Silent => self.quirks.muted_until = Some(Timestamp::MAX),
            Fault::RepeatExecutions => self.quirks.twice = true,
            Fault::Slices { quantity } => self.quirks.slice = Some(quantity),
        }
    }

    fn market_of(&self, symbol: Symbol) -> Option<usize> {
        self.markets.find(symbol)
    }

    fn account_of(&self, id: &AccountId) -> Option<usize> {
        self.accounts.iter().position(|account| account.id == *id)
    }

    fn live(&self, key: &OrderKey) -> Option<Slot> {
        match self.keys.get(key) {
            Some(Whereabouts::Live(slot)) => Some(*slot),
            _ => None,
        }
    }

    fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn say(&self, event: ExchangeEvent, out: &mut Vec<Effect>) {
        out.push(Effect { at: self.now, event });
    }

    /// Tells where a live order stands, unless it is to be silent.
    fn tell(&self, slot: Slot, out: &mut Vec<Effect>) {
        let order = &self.orders[slot];
        if order.quirks.muted_until.is_some() {
            return;
        }
        let (key, status) = (order.intent.key().clone(), order.status());
        self.say(ExchangeEvent::Status { key, status }, out);
    }

    /// Ends an order: it leaves every list, keeps no money, and its end is told.
    fn end(&mut self, slot: Slot, phase: BrokerPhase, reason: Option<&str>, out: &mut Vec<Effect>) {
        self.unlist(slot);
        self.leave_group(slot);
        self.release(slot);
        let (order, children) = self.orders.remove(slot).into_ended(self.now, phase, reason);
        let (key, status) = (order.intent.key().clone(), order.status.clone());
        let filled = phase == BrokerPhase::Filled;
        let follow = |child| if filled { Work::Wake(child) } else { Work::Bury(child) };
        self.work.extend(children.into_iter().map(follow));
        self.remember(order);
        self.say(ExchangeEvent::Status { key, status }, out);
    }

    /// Does what follows from what happened, until nothing does any more.
    fn settle(&mut self, out: &mut Vec<Effect>) {
        while let Some(work) = self.work.pop_front() {
            match work {
                Work::Bury(key) => {
                    let Some(slot) = self.live(&key) else { continue };
                    self.end(slot, BrokerPhase::Cancelled, Some("its parent order has ended"), out);
                }
                Work::Wake(key) => {
                    let waits = |slot: &Slot| self.orders[*slot].stage == Stage::Parent;
                    let Some(slot) = self.live(&key).filter(waits) else { continue };
                    self.place(slot, out);
                }
                Work::Shrink(group, by, traded) => self.shrink(&group, &by, traded, out),
            }
        }
    }

    fn delay(&mut self) -> std::time::Duration {
        let jitter = u64::try_from(self.latency.jitter.as_nanos()).unwrap_or(u64::MAX);
        let extra = if jitter == 0 { 0 } else { self.chance.random_range(0..=jitter) };
        self.latency.fixed.saturating_add(std::time::Duration::from_nanos(extra))
    }
}

#[cfg(test)]
mod tests;
