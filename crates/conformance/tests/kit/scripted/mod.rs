//! A small gateway that does as it is told: honest, or with one fault that breaks one promise.
//!
//! Left out: a market. Orders trade when the harness says so, all of them at one price.

mod fault;
mod harness;

pub(crate) use fault::Fault;
pub(crate) use harness::{Fixture, Script};

use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use std::sync::{Arc, Mutex, MutexGuard};
use tradeport_kernel::{
    BrokerOrderId, ConnectionEpoch, Currency, Decimal, Money, OrderKey, PermId, Quantity, Snapshot,
    Timestamp, UnreadRow,
};
use tradeport_orders::{
    Accepted, BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, CancelError, ClearedCancel,
    ClearedChange, ClearedOrder, ClearedPreview, Commission, Execution, ExecutionId, GatewayError,
    OrderEvents, OrderGateway, OrderIntent, OrderKind, OrderPreview, PreviewError, SubmitError,
};

#[derive(Clone)]
pub(crate) struct ScriptedGateway(Arc<Mutex<State>>);

pub(crate) struct State {
    fault: Fault,
    pub(crate) now: Timestamp,
    epoch: ConnectionEpoch,
    linked: bool,
    cut: bool,
    unreadable: Vec<OrderKey>,
    orders: Vec<Held>,
    previewed: Vec<OrderKey>,
    executions: Vec<Execution>,
    held_back: Option<BrokerNews>,
    listeners: Vec<UnboundedSender<BrokerEvent>>,
}

#[derive(Clone)]
struct Held {
    epoch: ConnectionEpoch,
    row: BrokerOrder,
    ordered: Quantity,
    parent: Option<OrderKey>,
}

impl Held {
    fn is_of(&self, parent: &OrderKey) -> bool {
        self.row.key.as_ref() == Some(parent) || self.parent.as_ref() == Some(parent)
    }
}

const fn is_alive(phase: BrokerPhase) -> bool {
    matches!(phase, BrokerPhase::Working | BrokerPhase::Held)
}

impl State {
    fn find(&self, key: &OrderKey) -> Option<usize> {
        self.orders.iter().position(|held| held.row.key.as_ref() == Some(key))
    }

    fn tell(&mut self, key: Option<OrderKey>, news: BrokerNews) {
        let (epoch, at) = (self.epoch, self.now);
        let event = BrokerEvent { epoch, at, key, news };
        self.listeners.retain(|listener| listener.unbounded_send(event.clone()).is_ok());
    }

    fn tell_status(&mut self, index: usize) {
        let BrokerOrder { key, status, .. } = self.orders[index].row.clone();
        self.tell(key, BrokerNews::Status(status));
    }

    fn take(&mut self, intent: &OrderIntent) -> usize {
        let number = i64::try_from(self.orders.len()).unwrap() + 1;
        let perm_id = PermId::new(1_000 + number);
        let status = BrokerStatus {
            phase: BrokerPhase::Working,
            filled: Decimal::ZERO,
            perm_id: Some(perm_id),
            reason: None,
        };
        let row = BrokerOrder {
            key: Some(intent.key().clone()),
            perm_id: Some(perm_id),
            broker_order_id: Some(BrokerOrderId::new(number)),
            account: intent.account().clone(),
            symbol: intent.symbol(),
            side: intent.side(),
            size: units(intent).into(),
            kind: Some(*intent.kind()),
            time_in_force: Some(intent.time_in_force()),
            parent: intent.parent().and_then(|key| self.orders[self.find(key)?].row.perm_id),
            group: intent.oca().cloned(),
            status,
            placed_by: None,
        };
        let (epoch, ordered) = (self.epoch, units(intent));
        self.orders.push(Held { epoch, row, ordered, parent: intent.parent().cloned() });
        self.orders.len() - 1
    }

    /// What is to trade at once does.
    fn go(&mut self, key: &OrderKey) {
        let rows = self.orders.iter().map(|held| &held.row);
        let market = rows.filter(|row| row.kind == Some(OrderKind::Market));
        let units =
            market.filter(|row| row.key.as_ref() == Some(key)).filter_map(|row| row.size.quantity()).next();
        if let Some(units) = units {
            self.trade(key, units.as_decimal());
        }
    }

    /// The last of a family is there: all of it works.
    fn release(&mut self, parent: &OrderKey) {
        let held: Vec<_> = (0..self.orders.len()).filter(|it| self.orders[*it].is_of(parent)).collect();
        for index in held {
            if self.orders[index].row.status.phase == BrokerPhase::Held {
                self.orders[index].row.status.phase = BrokerPhase::Working;
                self.tell_status(index);
            }
        }
        self.go(parent);
    }

    /// Lets so much of an order trade, if it is alive.
    pub(crate) fn trade(&mut self, key: &OrderKey, units: Decimal) {
        let alive =
            |held: &Held| held.row.key.as_ref() == Some(key) && held.row.status.phase == BrokerPhase::Working;
        let indexes: Vec<_> = (0..self.orders.len()).filter(|index| alive(&self.orders[*index])).collect();
        for index in indexes {
            let row = &mut self.orders[index].row;
            let ordered = row.size.quantity().expect("the kit sizes in units").as_decimal();
            let rest = ordered - row.status.filled;
            let quantity = Quantity::new(units.min(rest)).unwrap();
            row.status.filled += quantity.as_decimal();
            if row.status.filled == ordered {
                row.status.phase = BrokerPhase::Filled;
            }
            let (row, ended) = (row.clone(), row.status.phase == BrokerPhase::Filled);
            let execution = Execution {
                id: ExecutionId::new(&format!("exec-{}", self.executions.len()), 1),
                key: row.key.clone(),
                perm_id: row.perm_id.unwrap(),
                account: row.account,
                symbol: row.symbol,
                side: row.side,
                quantity,
                price: "100".parse().unwrap(),
                at: self.now,
                part: tradeport_orders::ExecutedPart::Whole,
            };
            self.executions.push(execution.clone());
            self.tell_fill(key, execution, ended);
            self.tell_status(index);
            self.shrink_group(index, quantity.as_decimal());
        }
    }

    /// What one of a group trades makes the others smaller.
    fn shrink_group(&mut self, index: usize, units: Decimal) {
        let Some(group) = self.orders[index].row.group.clone() else { return };
        let rows = self.orders.iter_mut().enumerate().filter(|(at, _)| *at != index);
        for (_, held) in rows.filter(|(_, held)| held.row.group.as_ref() == Some(&group)) {
            let smaller = held.row.size.quantity().map(|size| size.as_decimal() - units);
            held.row.size =
                smaller.and_then(|size| Quantity::new(size).ok()).map_or(held.row.size, Into::into);
        }
    }

    fn tell_fill(&mut self, key: &OrderKey, execution: Execution, ended: bool) {
        let amount = Money::new(Decimal::new(35, 2), Currency::USD);
        let charged = BrokerNews::Charged(Commission { execution: execution.id.clone(), amount });
        let executed = BrokerNews::Executed(execution);
        let second = self.executions.len().is_multiple_of(2);
        let news = match self.fault {
            Fault::DropsEverySecondFill if second => vec![charged],
            Fault::ReportsFillsTwice => vec![executed.clone(), charged, executed],
            Fault::ChargesFirst => vec![charged, executed],
            Fault::HoldsFillsBack => match self.held_back.take() {
                Some(earlier) => vec![executed, earlier, charged],
                None if ended => vec![executed, charged],
                None => {
                    self.held_back = Some(executed);
                    vec![charged]
                }
            },
            _ => vec![executed, charged],
        };
        for news in news {
            self.tell(Some(key.clone()), news);
        }
    }

    pub(crate) fn drop_link(&mut self) {
        self.linked = false;
        self.listeners.clear();
        if self.fault == Fault::ReleasesOnALostLink {
            for held in self.orders.iter_mut().filter(|held| held.row.status.phase == BrokerPhase::Held) {
                held.row.status.phase = BrokerPhase::Working;
            }
        }
    }

    pub(crate) fn reconnect(&mut self) {
        self.linked = true;
        self.epoch = self.epoch.next();
    }

    pub(crate) fn cut_next_answer(&mut self) {
        self.cut = true;
    }

    pub(crate) fn make_unreadable(&mut self, key: &OrderKey) {
        self.unreadable.push(key.clone());
    }

    /// A whole answer of these rows, unless the link is lost in the middle of it.
    fn answer<T>(
        &mut self,
        mut rows: Vec<T>,
        key_of: fn(&T) -> Option<&OrderKey>,
    ) -> Result<Snapshot<T>, GatewayError> {
        if !self.linked {
            return Err(GatewayError::Unavailable("no link".into()));
        }
        if std::mem::take(&mut self.cut) {
            self.drop_link();
            if self.fault != Fault::PassesPartsForWholes {
                return Err(GatewayError::EpochLost(self.epoch));
            }
            rows.truncate(1);
        }
        let mut unread = Vec::new();
        for key in rows.iter().filter_map(key_of).filter(|key| self.unreadable.contains(key)) {
            let (name, reason) = (format!("row of {key}"), "a script made it unreadable".to_owned());
            unread.push(UnreadRow { name, key: Some(key.clone()), reason });
        }
        rows.retain(|row| !key_of(row).is_some_and(|key| self.unreadable.contains(key)));
        unread.retain(|_| self.fault != Fault::PassesOverWhatItCannotRead);
        Ok(Snapshot::complete(self.epoch, self.now, rows).with_unread(unread))
    }

    fn rows(&self, alive: bool) -> Vec<BrokerOrder> {
        let mut rows = Vec::new();
        for held in self.orders.iter().filter(|held| is_alive(held.row.status.phase) == alive) {
            let mut row = held.row.clone();
            let foreign = held.epoch != self.epoch;
            row.broker_order_id = row.broker_order_id.filter(|_| !foreign);
            row.key = row.key.filter(|_| !(foreign && self.fault == Fault::ForgetsKeys));
            if foreign && self.fault == Fault::ForgetsFamilies {
                (row.parent, row.group) = (None, None);
            }
            rows.push(row);
        }
        rows
    }
}

impl ScriptedGateway {
    pub(crate) fn new(fault: Fault) -> Self {
        let (now, epoch) = (Timestamp::from_seconds(1_357_137_000), ConnectionEpoch::new(1));
        Self(Arc::new(Mutex::new(State {
            fault,
            now,
            epoch,
            linked: true,
            cut: false,
            unreadable: vec![],
            orders: vec![],
            previewed: vec![],
            executions: vec![],
            held_back: None,
            listeners: vec![],
        })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl OrderGateway for ScriptedGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let (mut state, intent) = (self.state(), order.intent());
        if !state.linked {
            if state.fault == Fault::SendsLater {
                state.take(intent);
            }
            return Err(SubmitError::NotSent("no link".into()));
        }
        if intent.symbol().as_str() == "NOPE" && state.fault != Fault::TakesUnknownInstruments {
            if state.fault == Fault::TakesWhatItRefuses {
                state.take(intent);
            }
            return Err(SubmitError::Refused { reason: "no such instrument".into() });
        }
        if state.fault == Fault::RemembersPreviewedKeys && state.previewed.contains(intent.key()) {
            return Err(SubmitError::Refused { reason: "this key was used before".into() });
        }
        let known = state.find(intent.key()).filter(|_| state.fault != Fault::SendsTwice);
        let index = known.unwrap_or_else(|| state.take(intent));
        let (epoch, row) = (state.epoch, state.orders[index].row.clone());
        if known.is_none() {
            if order.is_held_back() && state.fault != Fault::TradesTheHeldBack {
                state.orders[index].row.status.phase = BrokerPhase::Held;
            }
            state.tell_status(index);
            if !order.is_held_back() || state.fault == Fault::TradesTheHeldBack {
                state.go(intent.key());
            }
            if let Some(parent) = intent.parent().filter(|_| !order.is_held_back()) {
                state.release(parent);
            }
            if state.fault == Fault::ForgetsOrders {
                state.orders[index].row.status.phase = BrokerPhase::Expired;
            }
        }
        let broker_order_id = row.broker_order_id.unwrap();
        Ok(Accepted { epoch, perm_id: row.perm_id, broker_order_id })
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let (mut state, intent) = (self.state(), order.intent());
        if !state.linked && state.fault != Fault::PreviewsWithoutALink {
            return Err(PreviewError::Unavailable("no link".into()));
        }
        if intent.symbol().as_str() == "NOPE" && state.fault != Fault::PreviewsWhatItRefuses {
            return Err(PreviewError::Refused { reason: "no such instrument".into() });
        }
        state.previewed.push(intent.key().clone());
        if state.fault == Fault::PlacesWhatItPreviews {
            state.take(intent);
        }
        Ok(OrderPreview::default())
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        let mut state = self.state();
        let refused = || SubmitError::Refused { reason: "not this order, or not so".into() };
        let index = state.find(change.key()).ok_or_else(refused)?;
        let fault = state.fault;
        let Held { row, ordered, .. } = &mut state.orders[index];
        let there = row.size.quantity().filter(|_| fault != Fault::GrowsWhatItsGroupHasShrunk);
        let (kind, quantity) = (
            change.change().kind.or(row.kind).unwrap(),
            change.change().quantity.or(there).unwrap_or(*ordered),
        );
        let good = row.kind.is_some_and(|before| before.name() == kind.name())
            && quantity.as_decimal() > row.status.filled;
        if (good && fault != Fault::IgnoresChanges) || (!good && fault == Fault::ChangesWhatItRefuses) {
            (row.kind, row.size) = (Some(kind), quantity.into());
        }
        if good
            && !matches!(fault, Fault::IgnoresChanges | Fault::IgnoresChangesOfTime)
            && let Some(time) = change.change().time_in_force
        {
            row.time_in_force = Some(time);
        }
        if good { Ok(()) } else { Err(refused()) }
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        let mut state = self.state();
        if !state.linked {
            return Err(CancelError::NotSent("no link".into()));
        }
        let alive = |index: &usize| is_alive(state.orders[*index].row.status.phase);
        let found = state.find(cancel.key());
        let Some(index) = found.filter(alive) else {
            if state.fault == Fault::CancelsTheDead {
                return Ok(());
            }
            return Err(CancelError::NoSuchOrder(cancel.key().clone()));
        };
        if state.fault == Fault::DeniesLiveOrders && state.orders[index].epoch != state.epoch {
            return Err(CancelError::NoSuchOrder(cancel.key().clone()));
        }
        let family = (0..state.orders.len()).filter(|it| {
            let held = &state.orders[*it];
            held.is_of(cancel.key()) && is_alive(held.row.status.phase)
        });
        for index in family.collect::<Vec<_>>() {
            state.orders[index].row.status.phase = BrokerPhase::Cancelled;
            state.tell_status(index);
        }
        if state.fault == Fault::CancelsInWordsAlone {
            state.orders[index].row.status.phase = BrokerPhase::Working;
        }
        Ok(())
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        let mut state = self.state();
        if !state.linked && state.fault != Fault::CancelsEverythingWithoutALink {
            return Err(CancelError::NotSent("no link".into()));
        }
        let mut open: Vec<_> = (0..state.orders.len()).collect();
        open.retain(|index| is_alive(state.orders[*index].row.status.phase));
        if open.is_empty() && state.fault == Fault::RefusesToCancelNothing {
            return Err(CancelError::Refused { reason: "there is nothing".into() });
        }
        let fault = state.fault;
        let epoch = state.epoch;
        open.retain(|index| {
            fault != Fault::CancelsThoseOfTheEpochAlone || state.orders[*index].epoch == epoch
        });
        for index in open {
            state.orders[index].row.status.phase = BrokerPhase::Cancelled;
            state.tell_status(index);
        }
        Ok(())
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        let (listener, events) = unbounded();
        let mut state = self.state();
        if !state.linked {
            return Err(GatewayError::Unavailable("no link".into()));
        }
        state.listeners.push(listener);
        Ok(events.boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let mut state = self.state();
        let rows = state.rows(true);
        state.answer(rows, |row| row.key.as_ref())
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let mut state = self.state();
        let mut rows = state.rows(false);
        if state.fault == Fault::ForgetsHowItEnded {
            rows.iter_mut().for_each(|row| row.status.filled = Decimal::ZERO);
        }
        state.answer(rows, |row| row.key.as_ref())
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        let mut state = self.state();
        let mut rows = state.executions.clone();
        match state.fault {
            Fault::IgnoresSince => {}
            _ => rows.retain(|execution| execution.at >= since),
        }
        match state.fault {
            Fault::RepeatsExecutions => rows.extend(rows.first().cloned()),
            Fault::LosesAnExecutionAcrossAReconnect if state.epoch > ConnectionEpoch::new(1) => {
                rows.pop();
            }
            _ => {}
        }
        state.answer(rows, |row| row.key.as_ref())
    }
}

/// The kit's orders are all sized in units.
fn units(intent: &OrderIntent) -> Quantity {
    intent.quantity().expect("an order that is sized in units")
}
