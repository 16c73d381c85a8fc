//! Questions about orders and executions: whole answers or errors.

use super::families::Families;
use crate::answers::{LIBRARY_LIMIT, rows_to_end};
use crate::broker::IbBroker;
use crate::session::{Lack, Session};
use crate::translate::{
    FromIbError, IbOrder, Surroundings, WrittenTime, broker_order_from_ib, key_from_ib, order_from_ib,
    phase_from_ib, status_from_ib,
};
use futures::FutureExt;
use ibapi::orders::{ExecutionData, ExecutionFilter, Executions, OrderData, Orders};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tradeport_connection::pacing::Class;
use tradeport_kernel::{Cause, OrderKey, Snapshot, Timestamp, UnreadRow};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, Execution, GatewayError, OrderIntent, PlacedBy,
};

/// TWS tells executions of at most so many days.
const MOST_DAYS: i32 = 7;
const DAY: Duration = Duration::from_secs(86_400);

/// Which list of orders an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listed {
    Open,
    Ended,
}

fn unavailable(cause: impl Into<Cause>) -> GatewayError {
    GatewayError::Unavailable(cause.into())
}

/// TWS numbers what a person orders there as client 0 and gives it no reference. Of orders that have ended it tells no
/// client.
fn placed_by(order: &ibapi::orders::Order, own: i32) -> PlacedBy {
    match order.client_id {
        0 if order.order_ref.is_empty() => PlacedBy::Hand,
        client if client == own => PlacedBy::ThisClient,
        _ => PlacedBy::OtherClient,
    }
}

fn not_now(lack: Lack) -> GatewayError {
    match lack {
        Lack::Lost(epoch) => GatewayError::EpochLost(epoch),
        lack => unavailable(lack),
    }
}

impl IbBroker {
    pub(super) async fn list_open(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let session = self.session().map_err(unavailable)?;
        let rows = self.open_rows(&session).await.map_err(not_now)?;
        Ok(self.snapshot_of(&session, rows, Listed::Open))
    }

    pub(super) async fn list_completed(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let session = self.session().map_err(unavailable)?;
        let rows = self.completed_rows(&session).await.map_err(not_now)?;
        Ok(self.snapshot_of(&session, rows, Listed::Ended))
    }

    pub(super) async fn list_executions(
        &self,
        since: Timestamp,
    ) -> Result<Snapshot<Execution>, GatewayError> {
        let session = self.session().map_err(unavailable)?;
        let rows = self.execution_rows(&session, since).await.map_err(not_now)?;
        let desk = &self.inner.desk;
        // A row that nobody can read has no question: it breaks the stream of orders, which comes before the answer's end.
        if desk.take_in().is_ready() {
            return Err(GatewayError::EpochLost(session.epoch));
        }
        let mut state = desk.lock();
        let mut found: BTreeMap<_, Execution> = BTreeMap::new();
        let (mut order, mut unread) = (Vec::new(), Vec::new());
        for row in &rows {
            let Executions::ExecutionData(data) = row else { continue };
            let execution = match desk.execution(&mut state, data) {
                Ok(execution) => execution,
                Err(error) => {
                    unread.push(unread_execution(data, &error));
                    continue;
                }
            };
            if execution.at >= since && found.insert(execution.id.clone(), execution.clone()).is_none() {
                order.push(execution.id);
            }
        }
        let rows = order.iter().filter_map(|id| found.remove(id)).collect();
        Ok(Snapshot::complete(session.epoch, session.tools.clock.now(), rows).with_unread(unread))
    }

    /// All orders that TWS holds, whoever placed them.
    async fn open_rows(&self, session: &Session) -> Result<Vec<Orders>, Lack> {
        let limit = self.inner.settings.waits().answer;
        let turn = session.turn(&self.inner.desk.asking, limit).await?;
        let mut rows = session
            .ask(Class::Message, limit, async || {
                let turn = turn.take().await;
                let mut rows = session.client.all_open_orders().await?;
                let answer = rows_to_end(async move || rows.collect_to_end_within(LIBRARY_LIMIT).await);
                session.read_in_turn(turn, limit, |told| answer.map(|it| drop(told.send(it)))).await
            })
            .await?;
        // The library puts all that is told of orders among the rows, and TWS tells in the same words what one would cost.
        rows.retain(|row| !matches!(row, Orders::OrderData(data) if data.order.what_if));
        // What was said before this answer comes first.
        self.inner.desk.take_in().is_ready();
        self.inner.desk.take_stock(&rows, &session.pace, session.epoch, session.client.client_id());
        Ok(rows)
    }

    async fn completed_rows(&self, session: &Session) -> Result<Vec<Orders>, Lack> {
        let limit = self.inner.settings.waits().answer;
        let turn = session.turn(&self.inner.desk.asking, limit).await?;
        session
            .ask(Class::Message, limit, async || {
                let turn = turn.take().await;
                let mut rows = session.client.completed_orders(false).await?;
                let answer = rows_to_end(async move || rows.collect_to_end_within(LIBRARY_LIMIT).await);
                session.read_in_turn(turn, limit, |told| answer.map(|it| drop(told.send(it)))).await
            })
            .await
    }

    async fn execution_rows(&self, session: &Session, since: Timestamp) -> Result<Vec<Executions>, Lack> {
        let days = session.tools.clock.now().since(since).as_secs() / DAY.as_secs() + 2;
        let last_n_days = i32::try_from(days).unwrap_or(MOST_DAYS).min(MOST_DAYS);
        let limit = self.inner.settings.waits().answer;
        session
            .ask(Class::Message, limit, async || {
                let filter = ExecutionFilter { last_n_days, ..ExecutionFilter::default() };
                let mut rows = session.client.executions(filter).await?;
                session.read(rows_to_end(async move || rows.collect_to_end_within(LIBRARY_LIMIT).await)).await
            })
            .await
    }

    /// Once in each connection, asks what TWS has of us: open orders, orders that have ended, executions.
    pub(super) async fn sync_orders(&self, session: &Session) -> Result<(), Lack> {
        let synced = self.inner.desk.synced.try_lock();
        if synced.is_some_and(|synced| *synced == Some(session.epoch)) {
            return Ok(());
        }
        Box::pin(self.ask_for_orders(session)).await
    }

    async fn ask_for_orders(&self, session: &Session) -> Result<(), Lack> {
        let desk = &self.inner.desk;
        let mut synced = desk.synced.lock().await;
        if *synced == Some(session.epoch) {
            return Ok(());
        }
        let open = self.open_rows(session).await?;
        let ended = self.completed_rows(session).await?;
        let now = session.tools.clock.now();
        let executions = self.execution_rows(session, now).await?;
        desk.take_in().is_ready();
        let own = session.client.client_id();
        let mut state = desk.lock();
        // A parent that has traded is listed no more, and its children name it by its number.
        for (number, key) in parents_traded(&open, &executions, own) {
            state.book.listed(Some(number), &key);
        }
        for row in open.iter().chain(&ended) {
            let Orders::OrderData(data) = row else { continue };
            let Some(key) = key_from_ib(&data.order.order_ref) else { continue };
            let number = (data.order.client_id == own).then_some(data.order_id);
            state.book.listed(number, &key);
            let is_ending = phase_from_ib(&data.order_state.status) == Some(BrokerPhase::CancelPending);
            if let Some(number) = number.filter(|_| is_ending) {
                state.book.is_being_cancelled(number);
            }
        }
        *synced = Some(session.epoch);
        Ok(())
    }

    /// Orders as we name them, each with its last status; what cannot be read of them stands beside them.
    fn snapshot_of(&self, session: &Session, rows: Vec<Orders>, listed: Listed) -> Snapshot<BrokerOrder> {
        let (orders, statuses) = sorted(rows);
        let own = session.client.client_id();
        let families = Families::of(&orders);
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for data in &orders {
            match self.order_in(data, &statuses, listed, own) {
                Ok(order) => read.push(families.complete(order, data)),
                Err(error) => unread.push(unread_order(data, &error)),
            }
        }
        Snapshot::complete(session.epoch, session.tools.clock.now(), read).with_unread(unread)
    }

    fn order_in(
        &self,
        data: &OrderData,
        statuses: &Statuses,
        listed: Listed,
        own: i32,
    ) -> Result<BrokerOrder, FromIbError> {
        let named = self.inner.directory.name(&data.contract)?;
        let key = key_from_ib(&data.order.order_ref);
        let symbol = key.and_then(|key| self.inner.desk.symbol_of(&key)).unwrap_or(named.symbol);
        let status = status_in(statuses, data).map(Result::as_ref).transpose().map_err(Clone::clone)?;
        let mut order = broker_order_from_ib(data, symbol, status)?;
        order.broker_order_id = order.broker_order_id.filter(|_| data.order.client_id == own);
        order.placed_by = (listed == Listed::Open).then(|| placed_by(&data.order, own));
        if listed == Listed::Open && self.is_merely_held(data, &order) {
            order.status.phase = BrokerPhase::Held;
        }
        Ok(order)
    }

    /// What we have told TWS to hold back does not work; and an order that TWS calls inactive, lists as open and gives no
    /// reason for was not refused: nobody has passed it on.
    fn is_merely_held(&self, data: &OrderData, order: &BrokerOrder) -> bool {
        let state = self.inner.desk.lock();
        let ours = order.key.as_ref().and_then(|key| state.book.find(key));
        match order.status.phase {
            BrokerPhase::Working => ours.is_some_and(|(number, _)| state.book.is_held(number)),
            BrokerPhase::Refused => {
                data.order_state.reject_reason.is_empty() && !ours.is_some_and(|(_, ended)| ended)
            }
            _ => false,
        }
    }

    /// Does TWS list an order of ours as open, whatever it calls it?
    pub(super) async fn is_listed(&self, session: &Session, number: i32) -> Result<bool, Lack> {
        let rows = self.open_rows(session).await?;
        let own = session.client.client_id();
        let is_it = |row: &Orders| match row {
            Orders::OrderData(data) => {
                data.order_id == number
                    && data.order.client_id == own
                    && data.order_state.reject_reason.is_empty()
            }
            Orders::OrderStatus(_) => false,
        };
        Ok(rows.iter().any(is_it))
    }

    /// An open order of ours, as TWS lists it.
    pub(super) async fn open_row(&self, session: &Session, number: i32) -> Option<OrderData> {
        let rows = self.open_rows(session).await.ok()?;
        let own = session.client.client_id();
        rows.into_iter().find_map(|row| match row {
            Orders::OrderData(data) if data.order_id == number && data.order.client_id == own => Some(data),
            _ => None,
        })
    }

    /// What an open order of ours says, by TWS's own words; `None` when that cannot be told.
    pub(super) fn read_open(&self, data: &OrderData) -> Option<OrderIntent> {
        let named = self.inner.directory.name(&data.contract).ok()?;
        let state = self.inner.desk.lock();
        let around = Surroundings {
            numbers: state.book.numbers(),
            times: WrittenTime::Utc,
            symbol: named.symbol,
            instrument: Some(&named.instrument),
            currency: data.contract.currency.as_str().parse().ok()?,
            route: data.contract.exchange.as_str(),
        };
        let read = order_from_ib(&IbOrder::from(data.order.clone()), &around);
        read.inspect_err(
            |error| tracing::warn!(number = data.order_id, %error, "an open order cannot be read"),
        )
        .ok()
        .map(|received| received.intent)
    }

    /// The client of TWS that has an open order of this key, where it is another one.
    pub(super) async fn open_elsewhere(
        &self,
        session: &Session,
        key: &OrderKey,
    ) -> Result<Option<i32>, Cause> {
        let rows = self.open_rows(session).await?;
        Ok(rows.iter().find_map(|row| match row {
            Orders::OrderData(data) => {
                let is_it = key_from_ib(&data.order.order_ref).as_ref() == Some(key);
                is_it.then_some(data.order.client_id)
            }
            Orders::OrderStatus(_) => None,
        }))
    }
}

/// What tells the orders of an answer apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Identity {
    /// The broker's number, once it has given one.
    Broker(i64),
    /// The number of the client that placed it.
    Client(i32, i32),
}

impl Identity {
    fn all(perm_id: i64, client_id: i32, number: i32) -> impl Iterator<Item = Self> {
        let of_broker = (perm_id != 0).then_some(Self::Broker(perm_id));
        // What a person orders in TWS has none.
        let of_client = (number > 0).then_some(Self::Client(client_id, number));
        of_broker.into_iter().chain(of_client)
    }

    fn of_order(data: &OrderData) -> impl Iterator<Item = Self> + use<> {
        Self::all(data.order.perm_id, data.order.client_id, data.order_id)
    }
}

/// The last word about where an order stands, by whatever tells it apart; and the broker's number that it names.
type Statuses = HashMap<Identity, (i64, Result<BrokerStatus, FromIbError>)>;

/// The orders of an answer, each once, and the last words about where they stand.
fn sorted(rows: Vec<Orders>) -> (Vec<OrderData>, Statuses) {
    let (mut orders, mut places): (Vec<OrderData>, HashMap<_, usize>) = Default::default();
    let mut statuses = HashMap::new();
    for row in rows {
        match row {
            // A live update may come in between: the last word holds.
            Orders::OrderData(data) => {
                let place = Identity::of_order(&data).find_map(|it| places.get(&it).copied());
                let place = place.filter(|place| is_same(&orders[*place], &data)).unwrap_or(orders.len());
                places.extend(Identity::of_order(&data).map(|it| (it, place)));
                if place == orders.len() { orders.push(data) } else { orders[place] = data }
            }
            Orders::OrderStatus(status) => {
                let its = Identity::all(status.perm_id, status.client_id, status.order_id);
                let told = known_status(&status);
                statuses.extend(its.map(|it| (it, (status.perm_id, told.clone()))));
            }
        }
    }
    (orders, statuses)
}

/// A word that we do not know is the last one all the same: what was said before it holds no more.
fn known_status(status: &ibapi::orders::OrderStatus) -> Result<BrokerStatus, FromIbError> {
    let unknown = || FromIbError::new("OrderStatus", "status", &status.status, "no status that is known");
    status_from_ib(status)?.ok_or_else(unknown)
}

fn status_in<'a>(statuses: &'a Statuses, data: &OrderData) -> Option<&'a Result<BrokerStatus, FromIbError>> {
    let its = |(number, _): &&(i64, _)| is_same_number(*number, data.order.perm_id);
    Identity::of_order(data).find_map(|it| statuses.get(&it)).filter(its).map(|(_, told)| told)
}

/// An order that cannot be read, as TWS shows it to people.
fn unread_order(data: &OrderData, error: &FromIbError) -> UnreadRow {
    let order = &data.order;
    let name = match (order.perm_id, data.order_id) {
        (0, number) if number > 0 => format!("order {number} of client {}", order.client_id),
        (0, _) => format!("an order of {} without a number", data.contract.symbol),
        (perm_id, _) => format!("order {perm_id}"),
    };
    tracing::info!(%name, %error, "an order cannot be read");
    UnreadRow { name, key: key_from_ib(&order.order_ref), reason: error.to_string() }
}

fn unread_execution(data: &ExecutionData, error: &FromIbError) -> UnreadRow {
    let name = format!("execution {}", data.execution.execution_id);
    tracing::info!(%name, %error, "an execution cannot be read");
    UnreadRow { name, key: key_from_ib(&data.execution.order_reference), reason: error.to_string() }
}

/// A client may use a number again: orders to which the broker has given other numbers are others.
const fn is_same(known: &OrderData, told: &OrderData) -> bool {
    is_same_number(known.order.perm_id, told.order.perm_id)
}

const fn is_same_number(known: i64, told: i64) -> bool {
    known == 0 || told == 0 || known == told
}

/// The numbers and keys of orders of ours that are named as parents by open orders, where they have traded.
fn parents_traded(open: &[Orders], executions: &[Executions], own: i32) -> Vec<(i32, OrderKey)> {
    let parent_of = |row: &Orders| match row {
        Orders::OrderData(data) if data.order.client_id == own => Some(data.order.parent_id),
        _ => None,
    };
    let parents: BTreeSet<i32> = open.iter().filter_map(parent_of).filter(|number| *number > 0).collect();
    let traded = executions.iter().filter_map(|row| match row {
        Executions::ExecutionData(data) => Some(&data.execution),
        Executions::CommissionReport(_) => None,
    });
    let of_ours = traded.filter(|it| it.client_id == own && parents.contains(&it.order_id));
    of_ours.filter_map(|it| Some((it.order_id, key_from_ib(&it.order_reference)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_orders_in_tws_has_client_0_and_no_reference() {
        let order = |client_id, order_ref: &str| ibapi::orders::Order {
            client_id,
            order_ref: order_ref.to_owned(),
            ..ibapi::orders::Order::default()
        };
        assert_eq!(placed_by(&order(0, ""), 7), PlacedBy::Hand);
        assert_eq!(placed_by(&order(0, ""), 0), PlacedBy::Hand, "whoever is client 0 himself");
        assert_eq!(placed_by(&order(0, "k"), 0), PlacedBy::ThisClient);
        assert_eq!(placed_by(&order(7, ""), 7), PlacedBy::ThisClient);
        assert_eq!(placed_by(&order(8, "k"), 7), PlacedBy::OtherClient);
    }

    fn row(perm_id: i64, client_id: i32, number: i32) -> OrderData {
        let order = ibapi::orders::Order { perm_id, client_id, ..ibapi::orders::Order::default() };
        OrderData { order_id: number, order, ..OrderData::default() }
    }

    fn status(perm_id: i64, client_id: i32, number: i32, filled: f64) -> Orders {
        Orders::OrderStatus(ibapi::orders::OrderStatus {
            order_id: number,
            client_id,
            perm_id,
            filled,
            status: ibapi::orders::OrderStatusKind::Submitted,
            ..ibapi::orders::OrderStatus::default()
        })
    }

    fn shown(rows: Vec<OrderData>) -> Vec<(i64, i32)> {
        let (orders, _) = sorted(rows.into_iter().map(Orders::OrderData).collect());
        orders.iter().map(|it| (it.order.perm_id, it.order_id)).collect()
    }

    #[test]
    fn orders_without_a_number_of_the_broker_are_as_many_as_they_are() {
        assert_eq!(shown(vec![row(0, 7, 1), row(0, 7, 2), row(0, 8, 1)]).len(), 3);
        assert_eq!(shown(vec![row(0, 0, 0), row(0, 0, 0)]).len(), 2, "nothing tells them apart: both count");
        assert_eq!(shown(vec![row(0, 7, 1), row(9, 7, 1)]), [(9, 1)], "it has been given its number");
        assert_eq!(shown(vec![row(9, 7, 1), row(0, 7, 1)]).len(), 1);
        assert_eq!(shown(vec![row(9, 7, 1), row(5, 0, 0), row(9, 7, 1)]), [(9, 1), (5, 0)]);
        assert_eq!(shown(vec![row(9, 7, 1), row(8, 7, 1)]).len(), 2, "two orders under one number");
        assert_eq!(shown(vec![row(9, 0, 0), row(8, 0, 0)]).len(), 2, "by hand");
    }

    #[test]
    fn a_status_is_of_the_order_that_it_names() {
        let filled = |statuses: Vec<Orders>, data: OrderData| {
            let (_, statuses) = sorted(statuses);
            status_in(&statuses, &data).map(|it| it.as_ref().unwrap().filled.to_string())
        };
        let two = || vec![status(9, 7, 1, 1.0), status(8, 7, 1, 2.0)];
        assert_eq!(filled(two(), row(9, 7, 1)).as_deref(), Some("1"));
        assert_eq!(filled(two(), row(8, 7, 1)).as_deref(), Some("2"));
        assert_eq!(filled(two(), row(5, 7, 1)), None, "another order under the same number");
        assert_eq!(filled(vec![status(0, 7, 1, 3.0)], row(9, 7, 1)).as_deref(), Some("3"));
        assert_eq!(filled(vec![status(9, 7, 1, 4.0)], row(0, 7, 1)).as_deref(), Some("4"));
        assert_eq!(filled(vec![status(0, 7, 1, 3.0)], row(0, 8, 1)), None);
    }

    #[test]
    fn a_status_that_is_not_known_is_the_last_word_all_the_same() {
        let odd = Orders::OrderStatus(ibapi::orders::OrderStatus {
            order_id: 1,
            client_id: 7,
            perm_id: 9,
            status: ibapi::orders::OrderStatusKind::Unknown("Dreaming".to_owned()),
            ..ibapi::orders::OrderStatus::default()
        });
        let (_, statuses) = sorted(vec![status(9, 7, 1, 1.0), status(8, 7, 2, 1.0), odd]);
        let told = status_in(&statuses, &row(9, 7, 1)).unwrap().clone().unwrap_err().to_string();
        assert_eq!(told, "OrderStatus.status is Unknown(\"Dreaming\"): no status that is known");
        assert!(status_in(&statuses, &row(8, 7, 2)).unwrap().is_ok(), "it is another order's word");
    }

    #[test]
    fn what_cannot_be_read_is_named_as_tws_shows_it() {
        let error = FromIbError::new("Order", "account", "", "none");
        let named = |data: &OrderData| unread_order(data, &error).name;
        assert_eq!(named(&row(9, 7, 1)), "order 9");
        assert_eq!(named(&row(0, 7, 1)), "order 1 of client 7");
        let mut nameless = row(0, 0, 0);
        nameless.contract.symbol = "AAPL".into();
        assert_eq!(named(&nameless), "an order of AAPL without a number");
        assert_eq!(unread_order(&nameless, &error).reason, error.to_string());
    }
}
