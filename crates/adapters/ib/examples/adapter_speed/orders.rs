//! How much longer an order takes through the adapter: from what is wanted to the first word about it.
//!
//! Both send the same message but for number and reference: what a larger one costs TWS is not the adapter's. Whoever uses the
//! library by itself words the order, too.

use crate::server::Served;
use crate::{broker, median};
use futures::StreamExt;
use ibapi::Client;
use ibapi::contracts::Contract;
use ibapi::orders::{Action, Order, OrderUpdate, TimeInForce};
use ibapi::subscriptions::{Subscription, SubscriptionItem};
use std::time::{Duration, Instant};
use tradeport_conformance::fixtures;
use tradeport_connection::BrokerLink;
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, OrderKey, Quantity};
use tradeport_orders::{OrderDraft, OrderGateway, OrderKind, Side};

const ORDERS: usize = 100;
/// Often in turn: what the machine does meanwhile changes from one second to the next.
const ROUNDS: usize = 25;
/// What the order before has left to do is done by then.
const SETTLED: Duration = Duration::from_millis(2);
const ACCOUNT: &str = "DU1234567";

struct Bare {
    client: Client,
    stock: Contract,
    updates: Subscription<OrderUpdate>,
}

/// Prints the median of both, and how much the adapter adds: one order after the other and each after a silence, from a task
/// of the runtime as a strategy does, and from a thread that waits for the runtime as a command does.
pub(crate) async fn compare(served: &Served) {
    let address = format!("127.0.0.1:{}", served.port());
    let client = Client::builder().address(address).client_id(8).connect().await.unwrap();
    let updates = client.order_update_stream().await.unwrap();
    let details = client.contract_details(&Contract::stock("AAPL").build()).await.unwrap();
    let bare = Bare { client, stock: details[0].contract.clone(), updates };
    let broker = broker(served.port(), 7, |it| it);
    broker.open().await.unwrap();
    // The first asks what TWS has of us.
    through_the_adapter(&broker, usize::MAX).await;
    let pair = Pair { bare, broker, placed: 0 };
    let mut pair = tokio::spawn(pair.measured("")).await.unwrap();
    pair = pair.measured(", from a waiting thread").await;
    pair.broker.disconnect().await.unwrap();
}

struct Pair {
    bare: Bare,
    broker: IbBroker,
    placed: usize,
}

impl Pair {
    async fn measured(mut self, how: &str) -> Self {
        self.in_a_row(how).await;
        self.after_a_silence(how).await;
        self
    }

    /// Each order after a silence, one of the library's and one of the adapter's in turn.
    async fn after_a_silence(&mut self, how: &str) {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let (mut without, mut with) = (Vec::new(), Vec::new());
            for _ in 0..ORDERS {
                tokio::time::sleep(SETTLED).await;
                without.push(self.bare.order().await);
                tokio::time::sleep(SETTLED).await;
                with.push(self.through_the_adapter().await);
            }
            rounds.push(Round { without: median(without), with: median(with) });
        }
        tell(&format!("after a silence{how}"), rounds);
    }

    /// One order after the other, many of the library's and then as many of the adapter's: what an order leaves to be done
    /// runs beside the next of its own kind.
    async fn in_a_row(&mut self, how: &str) {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let (mut without, mut with) = (Vec::new(), Vec::new());
            for _ in 0..ORDERS {
                without.push(self.bare.order().await);
            }
            for _ in 0..ORDERS {
                with.push(self.through_the_adapter().await);
            }
            rounds.push(Round { without: median(without), with: median(with) });
        }
        tell(&format!("in a row{how}"), rounds);
    }

    async fn through_the_adapter(&mut self) -> Duration {
        self.placed += 1;
        through_the_adapter(&self.broker, self.placed).await
    }
}

struct Round {
    without: Duration,
    with: Duration,
}

impl Round {
    fn added(&self) -> f64 {
        (self.with.as_secs_f64() - self.without.as_secs_f64()) * 1e6
    }
}

/// Of the round that is neither the luckiest nor the unluckiest.
fn tell(how: &str, mut rounds: Vec<Round>) {
    rounds.sort_by(|a, b| a.added().total_cmp(&b.added()));
    let middle = &rounds[ROUNDS / 2];
    println!("an order of the bare library {how}: {:.1} us", middle.without.as_secs_f64() * 1e6);
    println!("an order of the adapter {how}: {:.1} us", middle.with.as_secs_f64() * 1e6);
    println!("added to an order {how}: {:.1} us", middle.added());
}

impl Bare {
    async fn order(&mut self) -> Duration {
        let begin = Instant::now();
        let number = self.client.next_order_id();
        let order = Order {
            order_id: number,
            order_ref: format!("bare-{number}"),
            account: ACCOUNT.to_owned(),
            action: if number % 2 == 0 { Action::Buy } else { Action::Sell },
            order_type: "MKT".to_owned(),
            tif: TimeInForce::Day,
            total_quantity: 1.0,
            ..Order::default()
        };
        self.client.submit_order(number, &self.stock, &order).await.unwrap();
        let is_it =
            |update: &OrderUpdate| matches!(update, OrderUpdate::OpenOrder(it) if it.order_id == number);
        while let Some(update) = self.updates.next().await {
            if matches!(&update, Ok(SubscriptionItem::Data(update)) if is_it(update)) {
                break;
            }
        }
        let took = begin.elapsed();
        // What else is told of it has come before this answer.
        self.client.server_time().await.unwrap();
        took
    }
}

async fn through_the_adapter(broker: &IbBroker, number: usize) -> Duration {
    let (account, one) = (AccountId::new(ACCOUNT).unwrap(), "1".parse::<Quantity>().unwrap());
    let key = OrderKey::new(&format!("speed-{number}")).unwrap();
    // Both ways, so that the account does not run out of money.
    let side = if number.is_multiple_of(2) { Side::Buy } else { Side::Sell };
    let symbol = "AAPL".parse().unwrap();
    let draft = OrderDraft::new(key, account, symbol, side, one, OrderKind::Market);
    let order = fixtures::cleared_order(draft.check().unwrap());
    let begin = Instant::now();
    broker.submit(&order).await.unwrap();
    let took = begin.elapsed();
    broker.probe(Duration::from_secs(10)).await.unwrap();
    took
}
