//! What a scenario works with: the platform over one broker, the prices it orders at, and a record of what it saw.

use super::checks::Checks;
use super::levers::Levers;
use super::scenario::{Halt, Need};
use crate::Session;
use crate::wiring::{Broker, Platform};
use futures::{FutureExt, Stream, StreamExt};
use std::fmt::Display;
use std::rc::Rc;
use std::time::Duration;
use tradeport_contracts::{Contract, Instrument};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_orders::{Order, OrderDraft, OrderKind, OrderState, Side};
use tradeport_trading::{DeskError, OrderDesk, Placed};

/// Keys of the suite begin like this: so its orders are known as its own, by whoever looks and after every accident.
pub(super) const PREFIX: &str = "suite-";

/// Who kills and resumes in the suite's name.
pub(super) const SUITE: &str = "integration suite";

/// The share that is traded.
pub(super) const SHARE: &str = "AAPL";

/// So long an answer that should come is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A market, and the orders of one run on it.
pub struct Stage {
    platform: Platform,
    levers: Rc<dyn Levers>,
    session: Session,
    checks: Checks,
    run: String,
    placed: u32,
    may_trade: bool,
}

/// A share with its quote: what orders are placed around.
#[derive(Clone, Debug)]
pub(super) struct Quoted {
    pub(super) contract: Contract,
    pub(super) mid: Decimal,
}

impl Quoted {
    /// So many times the price of now, on a step of the contract.
    pub(super) fn times(&self, hundredths: i64) -> anyhow::Result<Price> {
        let wanted = self.mid * Decimal::new(hundredths, 2);
        let step = self.contract.price_step_at(Price::new(wanted)?);
        Ok(Price::new(((wanted / step).round() * step).normalize())?)
    }

    pub(super) fn symbol(&self) -> Symbol {
        self.contract.symbol()
    }
}

impl Stage {
    pub(super) fn new(
        platform: Platform,
        levers: Box<dyn Levers>,
        session: Session,
        may_trade: bool,
    ) -> Self {
        let run = format!("{PREFIX}{}", session.clock().now().nanos() / 1_000_000_000);
        Self {
            platform,
            levers: levers.into(),
            session,
            checks: Checks::default(),
            run,
            placed: 0,
            may_trade,
        }
    }

    pub(super) const fn platform(&self) -> &Platform {
        &self.platform
    }

    pub(super) const fn desk(&self) -> &OrderDesk {
        self.platform.desk()
    }

    pub(super) const fn broker(&self) -> &Broker {
        self.platform.broker()
    }

    pub(super) fn levers(&self) -> &dyn Levers {
        &*self.levers
    }

    /// The levers for whoever lets time pass beside the steps of a scenario.
    pub(super) fn hands(&self) -> Rc<dyn Levers> {
        Rc::clone(&self.levers)
    }

    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    pub(super) const fn account(&self) -> &AccountId {
        self.platform.broker().account()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.session.clock().now()
    }

    pub(super) fn checks(&mut self) -> &mut Checks {
        &mut self.checks
    }

    /// Notes what was expected and what was seen.
    pub(super) fn check(&mut self, expected: impl Display, seen: impl Display, held: bool) {
        self.checks.note(expected, seen, held);
    }

    /// Notes that two things should be the same.
    pub(super) fn same<T: PartialEq + Display>(&mut self, what: &str, expected: &T, seen: &T) {
        self.checks.note(format!("{what}: {expected}"), seen, expected == seen);
    }

    /// Why this is not there now; `None` when it is.
    pub(super) async fn lacks(&self, need: Need) -> Option<String> {
        let missing = || Some(format!("it needs {}", need.words()));
        match need {
            Need::Trading if self.may_trade => None,
            Need::Trading => Some("no orders were allowed".to_owned()),
            Need::OpenMarket => match self.platform.find(&share()).await {
                Ok(contract) if contract.sessions().is_open(self.now()) => None,
                Ok(_) => missing(),
                Err(error) => Some(format!("{error:#}")),
            },
            lever => (!self.levers.has(lever)).then(missing).flatten(),
        }
    }

    /// Lets a little time pass, and takes in what comes meanwhile.
    pub(super) async fn tick(&self) -> anyhow::Result<()> {
        let pass = async { self.levers.let_time_pass() };
        let (ticked, ()) = futures::join!(self.platform.next_tick(), pass);
        ticked
    }

    /// Waits until something is so; `false` when it is not in time.
    pub(super) async fn until(&self, so: impl AsyncFn(&Self) -> bool) -> anyhow::Result<bool> {
        let deadline = self.now().after(PATIENCE);
        self.platform.take_in().await?;
        loop {
            if so(self).await {
                return Ok(true);
            }
            if self.now() >= deadline {
                return Ok(false);
            }
            self.tick().await?;
        }
    }

    /// The next event of a stream; `None` when none comes in time.
    pub(super) async fn next<T>(
        &self,
        stream: &mut (impl Stream<Item = T> + Unpin),
    ) -> anyhow::Result<Option<T>> {
        let deadline = self.now().after(PATIENCE);
        loop {
            if let Some(event) = stream.next().now_or_never() {
                return Ok(event);
            }
            if self.now() >= deadline {
                return Ok(None);
            }
            self.tick().await?;
        }
    }

    /// Waits for so long.
    pub(super) async fn rest(&self, length: Duration) -> anyhow::Result<()> {
        let end = self.now().after(length);
        while self.now() < end {
            self.tick().await?;
        }
        Ok(())
    }

    /// The share, with its price of now. A broker that does not quote it to this account lets no order through.
    pub(super) async fn quoted(&self) -> Result<Quoted, Halt> {
        let contract = match self.platform.list(&share()).await {
            Ok(contract) => contract,
            Err(error) => return Err(not_permitted(error)),
        };
        let mid = self.desk().last_quote(contract.symbol()).and_then(|quote| quote.mid());
        let Some(mid) = mid else {
            return Err(Halt::Skip(format!("{SHARE} has no quote now, and no order passes without one")));
        };
        Ok(Quoted { contract, mid: mid.as_decimal() })
    }

    /// A key of this run that was not used yet.
    pub(super) fn key(&mut self) -> anyhow::Result<OrderKey> {
        self.placed += 1;
        Ok(OrderKey::new(&format!("{}-{}", self.run, self.placed))?)
    }

    /// The orders that this suite has placed, now or in an earlier run.
    pub(super) async fn orders(&self) -> Vec<Order> {
        let orders = self.desk().orders().await;
        orders.into_iter().filter(|order| order.intent().key().as_str().starts_with(PREFIX)).collect()
    }

    /// Is it an order of this run?
    pub(super) fn is_of_this_run(&self, order: &Order) -> bool {
        order.intent().key().as_str().strip_prefix(&self.run).is_some_and(|rest| rest.starts_with('-'))
    }

    /// One share, for the day.
    pub(super) fn draft(
        &mut self,
        symbol: Symbol,
        side: Side,
        kind: OrderKind,
    ) -> anyhow::Result<OrderDraft> {
        let (key, account) = (self.key()?, self.account().clone());
        Ok(OrderDraft::new(key, account, symbol, side, Quantity::new(Decimal::ONE)?, kind))
    }

    /// A limit order to buy one share for much less than it costs: it rests.
    pub(super) fn far_below(&mut self, share: &Quoted) -> anyhow::Result<OrderDraft> {
        let kind = OrderKind::Limit { limit: share.times(80)? };
        Ok(self.draft(share.symbol(), Side::Buy, kind)?.good_till_cancelled())
    }

    /// Places an order. Errors: risk, validation or the broker did not take it.
    pub(super) async fn place(&self, draft: OrderDraft) -> Result<Order, Halt> {
        let placed = self.desk().submit(draft.check()?).await?;
        self.taken(placed)
    }

    /// The order, if it got through.
    pub(super) fn taken(&self, placed: Placed) -> Result<Order, Halt> {
        let key = placed.order.intent().key();
        let reason = placed.order.reason().unwrap_or("no reason was given");
        match placed.order.state() {
            OrderState::Refused | OrderState::NotSent | OrderState::Unknown => {
                Err(anyhow::anyhow!("{key} is {}: {reason}", placed.order.state()).into())
            }
            _ => Ok(placed.order),
        }
    }

    /// The order as it stands now.
    pub(super) async fn order(&self, key: &OrderKey) -> anyhow::Result<Order> {
        let order = self.desk().order(key).await;
        order.ok_or_else(|| DeskError::UnknownOrder(key.clone()).into())
    }

    /// The order once it is in one of these states, or as it stands when it is not in time.
    pub(super) async fn settled(&self, key: &OrderKey, states: &[OrderState]) -> anyhow::Result<Order> {
        let there = async |stage: &Self| {
            stage.desk().order(key).await.is_some_and(|order| states.contains(&order.state()))
        };
        self.until(there).await?;
        self.order(key).await
    }

    /// Ends the platform in good order.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        self.platform.close().await
    }
}

/// The share that is traded.
pub(super) fn share() -> Instrument {
    SHARE.parse().expect("letters are a share")
}

/// What the account may not see, or has no line left for, is no failure of the platform.
pub(super) fn not_permitted(error: anyhow::Error) -> Halt {
    let text = format!("{error:#}");
    let denied = error.chain().any(|cause| {
        use tradeport_market_data::FeedError::{NoLine, NotPermitted};
        matches!(cause.downcast_ref(), Some(NotPermitted { .. } | NoLine { .. }))
    });
    if denied { Halt::Skip(text) } else { Halt::Fail(error) }
}
