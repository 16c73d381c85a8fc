//! The other end of the line: what the broker holds, and how it tells of it. A script decides what arrives.

use crate::stage::{account, apple, key};
use futures::channel::mpsc;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tradeport_kernel::{
    BrokerOrderId, ConnectionEpoch, Decimal, OrderKey, PermId, Price, Quantity, SignedQuantity, Timestamp,
};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Execution, ExecutionId, OrderKind,
    OrderSize, Side, TimeInForce,
};

/// What becomes of the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is done, and said to be.
    Taken,
    /// It is done, and nobody says so.
    AnswerLost,
    /// It never arrives.
    RequestLost,
    /// It is refused, in words.
    Refused,
    /// It never arrives, and whoever sent it dies before anything comes back.
    DiesBefore,
    /// It is done, and whoever sent it dies before anything comes back.
    DiesAfter,
}

/// What a plain client reads from its socket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    Status {
        number: i64,
        phase: BrokerPhase,
        filled: Decimal,
    },
    Execution {
        number: i64,
    },
    /// A number of an order, or none; the broker's code.
    Error {
        number: Option<i64>,
        code: u16,
    },
}

/// An order as the broker holds it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) number: i64,
    perm: i64,
    client: i32,
    /// The name that travelled with it.
    pub(crate) name: OrderKey,
    units: Decimal,
    limit: Price,
    pub(crate) filled: Decimal,
    pub(crate) phase: BrokerPhase,
}

impl Held {
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
    }

    pub(crate) fn open_units(&self) -> Decimal {
        if self.is_live() { self.units - self.filled } else { Decimal::ZERO }
    }

    fn status(&self) -> BrokerStatus {
        let perm_id = Some(PermId::new(self.perm));
        BrokerStatus { phase: self.phase, filled: self.filled, perm_id, reason: None }
    }

    fn shown(&self, epoch_number: bool) -> BrokerOrder {
        let units = Quantity::new(self.units).unwrap();
        BrokerOrder {
            key: Some(self.name.clone()),
            perm_id: Some(PermId::new(self.perm)),
            broker_order_id: epoch_number.then(|| BrokerOrderId::new(self.number)),
            account: account(),
            symbol: apple(),
            side: Side::Buy,
            size: OrderSize::from(units),
            kind: Some(OrderKind::Limit { limit: self.limit }),
            time_in_force: Some(TimeInForce::Day),
            parent: None,
            group: None,
            status: self.status(),
            placed_by: Some(tradeport_orders::PlacedBy::ThisClient),
        }
    }
}

/// What is asked of the broker.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) number: i64,
    pub(crate) client: i32,
    pub(crate) name: OrderKey,
    pub(crate) units: Decimal,
    pub(crate) limit: Price,
}

#[derive(Default)]
struct Books {
    epoch: u64,
    linked: bool,
    frozen: bool,
    orders: Vec<Held>,
    executions: Vec<Execution>,
    next_number: i64,
    ways: VecDeque<Way>,
    stuck: Vec<Request>,
    failing_snapshots: usize,
    listener: Option<mpsc::UnboundedSender<BrokerEvent>>,
    plain: VecDeque<Message>,
}

/// The broker; clones are the same one.
#[derive(Clone)]
pub(crate) struct Street(Arc<Mutex<Books>>);

impl Street {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Books { epoch: 1, linked: true, next_number: 1, ..Books::default() })))
    }

    fn books<T>(&self, work: impl FnOnce(&mut Books) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }

    // What the script says.

    /// What becomes of the next requests to place, change or cancel, in order; all others are taken.
    pub(crate) fn next(&self, way: Way) {
        self.books(|books| books.ways.push_back(way));
    }

    /// The peer takes bytes and does nothing; what it took is done once it wakes up.
    pub(crate) fn freeze(&self) {
        self.books(|books| books.frozen = true);
    }

    pub(crate) fn thaw(&self) {
        let stuck = self.books(|books| {
            books.frozen = false;
            std::mem::take(&mut books.stuck)
        });
        for request in stuck {
            self.books(|books| _ = books.take(&request, false));
        }
    }

    /// The socket is gone: nobody is told anything from now on.
    pub(crate) fn lose_link(&self) {
        self.books(|books| {
            books.linked = false;
            books.listener = None;
            books.plain.clear();
        });
    }

    /// A new connection stands, with numbers from here on if they are told to start anew.
    pub(crate) fn link_again(&self, numbers_from: Option<i64>) {
        self.books(|books| {
            books.linked = true;
            books.epoch += 1;
            books.next_number = numbers_from.unwrap_or(books.next_number);
        });
    }

    /// So many of the next snapshots never end.
    pub(crate) fn fail_snapshots(&self, count: usize) {
        self.books(|books| books.failing_snapshots = count);
    }

    /// Says something about an order, or about the line, that is no status.
    pub(crate) fn notice(&self, name: Option<&str>, code: u16) {
        self.books(|books| {
            let number = name.map(|name| books.live(name).number);
            books.say_plainly(Message::Error { number, code });
        });
    }

    /// Units of the live order of this name trade; its status is told too unless it is lost.
    pub(crate) fn fill(&self, name: &str, units: u32, status: bool) {
        self.books(|books| {
            let place = books.orders.iter().position(|it| it.name == key(name) && it.is_live()).unwrap();
            books.trade(place, units);
            if status {
                books.tell_status(place);
            }
        });
    }

    /// The order of this name is told to be cancelled, and then units of it turn out to have traded before.
    pub(crate) fn cancel_then_fill(&self, name: &str, units: u32) {
        self.books(|books| {
            let place = books.orders.iter().position(|it| it.name == key(name)).unwrap();
            books.orders[place].phase = BrokerPhase::Cancelled;
            books.tell_status(place);
            books.trade(place, units);
            books.orders[place].phase = BrokerPhase::Cancelled;
        });
    }

    /// Says of an order what is not, or not any more, so: late, repeated, out of order.
    pub(crate) fn say_status(&self, name: &str, phase: BrokerPhase, filled: u32) {
        self.books(|books| {
            let order = books.orders.iter().find(|it| it.name == key(name)).unwrap();
            let said = Held { phase, filled: filled.into(), ..order.clone() };
            books.tell_of(&said);
        });
    }

    /// The order of this name comes to its end without having traded further.
    pub(crate) fn end(&self, name: &str, phase: BrokerPhase) {
        self.books(|books| {
            let place = books.orders.iter().position(|it| it.name == key(name) && it.is_live()).unwrap();
            books.orders[place].phase = phase;
            books.tell_status(place);
        });
    }

    /// All executions of the day are told again, the last ones first.
    pub(crate) fn repeat_executions(&self) {
        self.books(|books| {
            for execution in books.executions.clone().into_iter().rev() {
                books.tell(&execution.key.clone(), BrokerNews::Executed(execution));
            }
        });
    }

    /// The last execution was of so many units, not what was told first; the first may be told once more after it.
    pub(crate) fn correct_last(&self, units: u32, first_again: bool) {
        self.books(|books| {
            let mut corrected = books.executions.pop().unwrap();
            let first = corrected.clone();
            let before = corrected.quantity.as_decimal();
            let holder = books.orders.iter_mut().find(|it| Some(&it.name) == corrected.key.as_ref()).unwrap();
            corrected.id = ExecutionId::new(corrected.id.root(), corrected.id.revision() + 1);
            corrected.quantity = Quantity::new(units.into()).unwrap();
            holder.filled += corrected.quantity.as_decimal() - before;
            let number = holder.number;
            books.executions.push(corrected.clone());
            books.tell(&corrected.key.clone(), BrokerNews::Executed(corrected));
            books.say_plainly(Message::Execution { number });
            if first_again {
                books.tell(&first.key.clone(), BrokerNews::Executed(first));
            }
        });
    }

    /// The last execution was smaller than told, if that can be.
    pub(crate) fn correct_last_down(&self, first_again: bool) {
        let last = self.books(|books| books.executions.last().map(|it| it.quantity.as_decimal()));
        let units = last.and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 1);
        if let Some(units) = units {
            self.correct_last(units - 1, first_again);
        }
    }

    /// Whatever was said to become of the next requests.
    pub(crate) fn forget_ways(&self) {
        self.books(|books| books.ways.clear());
    }

    // What is true.

    /// So many units of a live order can still trade, up to what is asked for.
    pub(crate) fn tradable(&self, name: &str, most: u32) -> Option<u32> {
        let open = u32::try_from(self.open_units(&key(name))).unwrap();
        Some(open.min(most)).filter(|units| *units > 0)
    }

    /// Has the broker ever held an order of this name?
    pub(crate) fn has_had(&self, name: &str) -> bool {
        self.books(|books| books.orders.iter().any(|it| it.name == key(name)))
    }

    pub(crate) fn filled(&self, name: &OrderKey) -> Decimal {
        self.books(|books| books.orders.iter().filter(|it| it.name == *name).map(|it| it.filled).sum())
    }

    pub(crate) fn open_units(&self, name: &OrderKey) -> Decimal {
        self.books(|books| books.orders.iter().filter(|it| it.name == *name).map(Held::open_units).sum())
    }

    pub(crate) fn live_orders(&self, name: &OrderKey) -> usize {
        self.books(|books| books.orders.iter().filter(|it| it.name == *name && it.is_live()).count())
    }

    pub(crate) fn position(&self) -> SignedQuantity {
        let units = self.books(|books| books.orders.iter().map(|it| it.filled).sum());
        SignedQuantity::new(units).unwrap()
    }

    // What a client does, whichever it is.

    /// Writes an order; nothing comes back but messages.
    pub(crate) fn place(&self, request: Request) -> Way {
        self.books(|books| {
            if books.frozen {
                books.stuck.push(request);
                return Way::AnswerLost;
            }
            if !books.linked {
                return Way::RequestLost;
            }
            let way = books.ways.pop_front().unwrap_or(Way::Taken);
            match way {
                Way::Taken if !books.take(&request, true) => return Way::Refused,
                Way::AnswerLost | Way::DiesAfter => _ = books.take(&request, false),
                Way::Taken | Way::RequestLost | Way::DiesBefore => {}
                Way::Refused => books.say_plainly(Message::Error { number: Some(request.number), code: 201 }),
            }
            way
        })
    }

    /// Writes another price for an order, another size, or both.
    pub(crate) fn change(
        &self,
        number: i64,
        client: i32,
        limit: Option<Price>,
        units: Option<Decimal>,
    ) -> Way {
        self.books(|books| {
            let way = books.ways.pop_front().unwrap_or(Way::Taken);
            let Some(place) = books.reachable(number, client) else { return Way::Refused };
            let order = &mut books.orders[place];
            // What has traded cannot be unmade.
            let way = if units.is_some_and(|units| units <= order.filled) { Way::Refused } else { way };
            if matches!(way, Way::Taken | Way::AnswerLost | Way::DiesAfter) {
                order.limit = limit.unwrap_or(order.limit);
                order.units = units.unwrap_or(order.units);
            }
            match way {
                Way::Taken => books.tell_status(place),
                // An order that could not be changed works on as it was.
                Way::Refused => books.say_plainly(Message::Error { number: Some(number), code: 201 }),
                _ => {}
            }
            way
        })
    }

    /// Writes a cancel.
    pub(crate) fn cancel(&self, number: i64, client: i32) -> Way {
        self.books(|books| {
            let Some(place) = books.reachable(number, client) else {
                // Orders of others cannot be cancelled.
                books.say_plainly(Message::Error { number: None, code: 10_147 });
                return Way::Refused;
            };
            let way = books.ways.pop_front().unwrap_or(Way::Taken);
            if matches!(way, Way::Taken | Way::AnswerLost | Way::DiesAfter) {
                books.orders[place].phase = BrokerPhase::Cancelled;
            }
            if way == Way::Taken {
                books.tell_status(place);
            }
            way
        })
    }

    /// What has arrived on a plain socket.
    pub(crate) fn read(&self) -> Vec<Message> {
        self.books(|books| books.plain.drain(..).collect())
    }

    pub(crate) fn next_number(&self) -> i64 {
        self.books(|books| books.next_number)
    }

    pub(crate) fn is_linked(&self) -> bool {
        self.books(|books| books.linked && !books.frozen)
    }

    pub(crate) fn epoch(&self) -> ConnectionEpoch {
        ConnectionEpoch::new(self.books(|books| books.epoch))
    }

    pub(crate) fn listen(&self) -> mpsc::UnboundedReceiver<BrokerEvent> {
        let (sender, receiver) = mpsc::unbounded();
        self.books(|books| books.listener = Some(sender));
        receiver
    }

    /// Live orders, or those that have ended; nothing when the snapshot never ends.
    pub(crate) fn orders(&self, live: bool) -> Option<Vec<BrokerOrder>> {
        self.books(|books| {
            books.snapshot_comes().then(|| {
                books.orders.iter().filter(|it| it.is_live() == live).map(|it| it.shown(live)).collect()
            })
        })
    }

    pub(crate) fn executions(&self) -> Option<Vec<Execution>> {
        self.books(|books| books.snapshot_comes().then(|| books.executions.clone()))
    }

    /// The number of a live order that came from this client, by its name.
    pub(crate) fn number_of(&self, name: &OrderKey) -> Option<i64> {
        self.books(|books| {
            books.orders.iter().find(|it| it.name == *name && it.is_live()).map(|it| it.number)
        })
    }
}

impl Books {
    fn live(&self, name: &str) -> &Held {
        self.orders.iter().find(|it| it.name == key(name) && it.is_live()).unwrap()
    }

    fn snapshot_comes(&mut self) -> bool {
        let fails = self.failing_snapshots > 0;
        self.failing_snapshots = self.failing_snapshots.saturating_sub(1);
        self.linked && !self.frozen && !fails
    }

    /// Only its own client can touch an order.
    fn reachable(&self, number: i64, client: i32) -> Option<usize> {
        self.orders.iter().position(|it| it.number == number && it.client == client && it.is_live())
    }

    /// Takes an order, unless its number is in use.
    fn take(&mut self, request: &Request, told: bool) -> bool {
        if self.reachable(request.number, request.client).is_some() {
            self.say_plainly(Message::Error { number: Some(request.number), code: 103 });
            return false;
        }
        self.next_number = self.next_number.max(request.number + 1);
        self.orders.push(Held {
            number: request.number,
            perm: 9_000 + i64::try_from(self.orders.len()).unwrap(),
            client: request.client,
            name: request.name.clone(),
            units: request.units,
            limit: request.limit,
            filled: Decimal::ZERO,
            phase: BrokerPhase::Working,
        });
        if told {
            self.tell_status(self.orders.len() - 1);
        }
        true
    }

    fn trade(&mut self, place: usize, units: u32) {
        let root = format!("0000e0d5.{:08x}.01", self.executions.len());
        let order = &mut self.orders[place];
        order.filled += Decimal::from(units);
        if order.filled == order.units {
            order.phase = BrokerPhase::Filled;
        }
        let execution = Execution {
            id: ExecutionId::new(&root, 1),
            key: Some(order.name.clone()),
            perm_id: PermId::new(order.perm),
            account: account(),
            symbol: apple(),
            side: Side::Buy,
            quantity: Quantity::new(units.into()).unwrap(),
            price: order.limit,
            at: Timestamp::EPOCH,
            part: tradeport_orders::ExecutedPart::Whole,
        };
        let (name, number) = (Some(order.name.clone()), order.number);
        self.executions.push(execution.clone());
        self.tell(&name, BrokerNews::Executed(execution));
        self.say_plainly(Message::Execution { number });
    }

    fn tell_status(&mut self, place: usize) {
        let order = self.orders[place].clone();
        self.tell_of(&order);
    }

    fn tell_of(&mut self, order: &Held) {
        let message = Message::Status { number: order.number, phase: order.phase, filled: order.filled };
        let (name, status) = (Some(order.name.clone()), order.status());
        self.tell(&name, BrokerNews::Status(status));
        self.say_plainly(message);
    }

    fn tell(&self, name: &Option<OrderKey>, news: BrokerNews) {
        let epoch = ConnectionEpoch::new(self.epoch);
        let event = BrokerEvent { epoch, at: Timestamp::EPOCH, key: name.clone(), news };
        if let Some(listener) = self.listener.as_ref().filter(|_| self.linked && !self.frozen) {
            // Nobody may listen any more.
            drop(listener.unbounded_send(event));
        }
    }

    fn say_plainly(&mut self, message: Message) {
        if self.linked && !self.frozen {
            self.plain.push_back(message);
        }
    }
}
