//! The broker around the exchange: its state behind one lock, and the calls that drive it from outside.
//!
//! Every event is put into its subscribers' queues during the call that causes it, so that a caller who reads what is
//! there after a call has read all of it. No lock is held across an await. Left out: the ports, one file each.

use crate::config::FakeBrokerConfig;
use crate::exchange::{ConfigError, Exchange, ExchangeEvent, Input};
use crate::fault::{Door, Fault, WayFault};
use crate::state::{LinkDown, NoAnswer, State};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_connection::{LinkEvent, Notice, NoticeClass};
use tradeport_contracts::{Contract, CorporateAction};
use tradeport_kernel::{AccountId, Cause, Clock, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Bar, Quote};

/// A broker in memory: one exchange, and every port of a broker over it. Clones are the same broker.
#[derive(Clone)]
pub struct FakeBroker {
    state: Arc<Mutex<State>>,
    clock: Option<Arc<dyn Clock>>,
}

/// Why a quote was not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Nothing of that name is traded here.
    #[error("{0} is not traded here")]
    UnknownSymbol(Symbol),
    /// It is a combo: its legs are quoted.
    #[error("{0} is a combo: its quote follows from those of its legs")]
    Implied(Symbol),
    /// A subscriber has not read enough, and the broker may not drop. Nothing was done.
    #[error("a subscriber's queue of {0} events is full")]
    QueueFull(usize),
}

/// Why a contract was not listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{symbol} is not listed: {reason}")]
pub struct NotListed {
    symbol: Symbol,
    reason: String,
}

impl State {
    pub(crate) fn list(&mut self, contract: Contract) -> Result<(), NotListed> {
        let now = self.exchange.now();
        match self.input(Input::List { contract: Box::new(contract) }, now) {
            Some(ExchangeEvent::NotListed { symbol, reason }) => Err(NotListed { symbol, reason }),
            _ => Ok(()),
        }
    }
}

impl FakeBroker {
    /// A broker without a link: connect first, as with any broker.
    pub fn new(config: FakeBrokerConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let clock = config.clock.clone();
        let state = Arc::new(Mutex::new(State::new(config)?));
        Ok(Self { state, clock })
    }

    /// The state at the clock's present moment, if there is a clock; what was due until then has happened.
    pub(crate) fn locked(&self) -> MutexGuard<'_, State> {
        // A panic while the state is locked is a bug of ours that has been told already.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = self.clock.as_ref().map(|clock| clock.now())
            && now > state.exchange.now()
        {
            state.input(Input::Advance, now);
        }
        state
    }

    /// The state, if the link stands.
    pub(crate) fn linked(&self) -> Result<MutexGuard<'_, State>, Cause> {
        let state = self.locked();
        if state.link_up { Ok(state) } else { Err(Box::new(LinkDown)) }
    }

    /// The state, if the link stands and no script cuts it in the middle of this answer.
    pub(crate) fn answering(&self) -> Result<MutexGuard<'_, State>, NoAnswer> {
        let mut state = self.linked().map_err(NoAnswer::Down)?;
        if std::mem::take(&mut state.cut_next_answer) {
            let epoch = state.epoch;
            state.lose_link("the link was cut in the middle of an answer");
            return Err(NoAnswer::Cut(epoch));
        }
        Ok(state)
    }

    /// The broker's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.locked().exchange.now()
    }

    /// Lets time pass until `now`: sessions open and close, orders arrive and run out. Time never goes back.
    pub fn advance_to(&self, now: Timestamp) {
        self.locked().input(Input::Advance, now);
    }

    /// Publishes a quote at its own moment, or now if that is later: orders trade against it, subscribers get it. A
    /// subscriber whose queue is full loses it and is told by a gap, unless the broker is lossless.
    pub fn publish(&self, quote: Quote) -> Result<(), PublishError> {
        let mut state = self.locked();
        state.check_symbol(&quote)?;
        if state.lossless && state.full_queue(quote.symbol()).is_some() {
            return Err(PublishError::QueueFull(state.quote_queue));
        }
        state.publish(quote);
        Ok(())
    }

    /// Publishes a quote once every subscriber to it has room: nothing is ever lost, and the slowest reader sets the
    /// pace.
    pub async fn publish_lossless(&self, quote: Quote) -> Result<(), PublishError> {
        loop {
            let room = {
                let mut state = self.locked();
                state.check_symbol(&quote)?;
                match state.full_queue(quote.symbol()) {
                    None => {
                        state.publish(quote);
                        return Ok(());
                    }
                    Some(room) => room,
                }
            };
            room.await;
        }
    }

    /// Publishes quotes one after the other at the pace of the slowest reader, and tells how many there were. Stops at
    /// the first that cannot be published.
    pub async fn replay(&self, quotes: impl IntoIterator<Item = Quote>) -> Result<u64, PublishError> {
        let mut count = 0;
        for quote in quotes {
            self.publish_lossless(quote).await?;
            count += 1;
        }
        Ok(count)
    }

    /// Begins to trade a contract; one that is traded already, by its symbol or by its id, changes nothing. A combo comes
    /// after its legs, else it is refused.
    pub fn list(&self, contract: Contract) -> Result<(), NotListed> {
        self.locked().list(contract)
    }

    /// The last quote of an instrument; that of a combo follows from its legs'.
    #[must_use]
    pub fn last_quote(&self, symbol: Symbol) -> Option<Quote> {
        self.locked().exchange.last_quote(symbol)
    }

    /// What is traded here now, in the order of the symbols.
    #[must_use]
    pub fn contracts(&self) -> Vec<Contract> {
        self.locked().exchange.contracts().cloned().collect()
    }

    /// Takes in a split: at its effective moment, or now when that has passed. Fractions are paid out in cash at the
    /// last price in new shares; open orders of the instrument end.
    pub fn apply_corporate_action(&self, action: &CorporateAction) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Split { action: action.clone() }, now);
    }

    /// The whole exchange as it is now: a document that can be kept in a file.
    #[must_use]
    pub fn exchange_snapshot(&self) -> Exchange {
        self.locked().exchange.clone()
    }

    /// Goes on from an exchange that was kept; the link is lost, as when a broker restarts.
    pub fn restore(&self, exchange: Exchange) {
        let mut state = self.locked();
        state.lose_link("the broker restarted");
        state.exchange = exchange;
    }

    /// Cuts the link: what subscribers have not read is lost, streams end, orders go on living.
    pub fn drop_link(&self) {
        self.locked().lose_link("the link was cut");
    }

    /// Says whether the broker answers at all: an unreachable one refuses to connect.
    pub fn set_reachable(&self, reachable: bool) {
        self.set_door(if reachable { Door::Open } else { Door::Closed });
    }

    /// Says what comes of attempts to connect.
    pub fn set_door(&self, door: Door) {
        self.locked().door = door;
    }

    /// Freezes the other end, or lets it go on: the link stands, and no question for a sign of life is answered.
    pub fn freeze(&self, frozen: bool) {
        self.locked().frozen = frozen;
    }

    /// Says something about the link to whoever listens, while it stands.
    pub fn say(&self, class: NoticeClass, farm: Option<&str>) {
        let mut state = self.locked();
        if state.link_up {
            let (at, farm) = (state.exchange.now(), farm.map(str::to_owned));
            let notice = Notice { class, farm, text: "the fake broker says so".to_owned(), at };
            state.tell_link(&LinkEvent::Noticed { notice });
        }
    }

    pub(crate) fn clock(&self) -> Option<Arc<dyn Clock>> {
        self.clock.clone()
    }

    /// Arms a fault at the exchange.
    pub fn arm(&self, fault: Fault) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Fault { fault }, now);
    }

    /// Arms a fault on the way to the broker, behind those armed before.
    pub fn arm_way(&self, fault: WayFault) {
        self.locked().way_faults.push_back(fault);
    }

    /// Somebody trades with this one working order, at its limit or else at the last price, and with no other.
    pub fn trade_with(&self, key: &OrderKey, quantity: Quantity) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Trade { key: key.clone(), quantity }, now);
    }

    /// The link is lost in the middle of the next answer to a question about orders, executions or positions.
    pub fn cut_next_answer(&self) {
        self.locked().cut_next_answer = true;
    }

    /// What the broker's lists tell of this order, and of its trades, cannot be read from now on.
    pub fn make_unreadable(&self, key: &OrderKey) {
        self.locked().unreadable.insert(key.clone());
    }

    /// The exchange corrects the price of an order's last execution.
    pub fn correct_execution(&self, key: &OrderKey, price: Price) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Correct { key: key.clone(), price }, now);
    }

    /// The exchange cancels an order's last execution, or all of it but `left`; see [`Input::Bust`] for who is told.
    pub fn bust_execution(&self, key: &OrderKey, left: Option<Quantity>) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Bust { key: key.clone(), left }, now);
    }

    /// The exchange reports an order's last execution once more.
    pub fn repeat_execution(&self, key: &OrderKey) {
        let mut state = self.locked();
        let now = state.exchange.now();
        state.input(Input::Repeat { key: key.clone() }, now);
    }

    /// Adds bars to what the broker knows of the past; one of the same symbol, size and start replaces the one before.
    pub fn load_bars(&self, bars: impl IntoIterator<Item = Bar>) {
        self.locked().load_bars(bars);
    }

    /// What an account has paid in commissions, or `None` when it is not one of ours.
    #[must_use]
    pub fn commissions(&self, account: &AccountId) -> Option<Money> {
        self.locked().exchange.commissions(account)
    }

    /// How many instruments somebody subscribes to now.
    #[must_use]
    pub fn subscribed_symbols(&self) -> usize {
        self.locked().subscribed_symbols()
    }

    /// How many events of orders, accounts and the link wait to be read: they are never dropped, so they are counted.
    #[must_use]
    pub fn unread_events(&self) -> usize {
        self.locked().unread()
    }
}

impl std::fmt::Debug for FakeBroker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeBroker").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
