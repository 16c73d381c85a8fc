//! How much longer an order takes through the adapter: from the call to the first word about it, one order of each in turn.
//!
//! Both send the same message but for number and reference: what a larger one costs TWS is not the adapter's.

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

const ORDERS: usize = 500;
const ROUNDS: usize = 5;
const ACCOUNT: &str = "DU1234567";

struct Bare {
    client: Client,
    stock: Contract,
    updates: Subscription<OrderUpdate>,
}

/// Prints the median of both, and how much the adapter adds.
pub(crate) async fn compare(served: &Served) {
    let address = format!("127.0.0.1:{}", served.port());
    let client = Client::builder().address(address).client_id(8).connect().await.unwrap();
    let updates = client.order_update_stream().await.unwrap();
    let details = client.contract_details(&Contract::stock("AAPL").build()).await.unwrap();
    let mut bare = Bare { client, stock: details[0].contract.clone(), updates };
    let broker = broker(served.port(), 7, |it| it);
    broker.open().await.unwrap();
    // The first asks what TWS has of us.
    through_the_adapter(&broker, ORDERS * ROUNDS).await;
    let mut best: Option<(Duration, Duration, f64)> = None;
    for round in 0..ROUNDS {
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for number in 0..ORDERS {
            without.push(bare.order().await);
            with.push(through_the_adapter(&broker, round * ORDERS + number).await);
        }
        let (without, with) = (median(without), median(with));
        let added = (with.as_secs_f64() - without.as_secs_f64()) * 1e6;
        if best.is_none_or(|(.., least)| added < least) {
            best = Some((without, with, added));
        }
    }
    let (without, with, added) = best.unwrap();
    println!("an order of the bare library: {:.1} us", without.as_secs_f64() * 1e6);
    println!("an order of the adapter: {:.1} us", with.as_secs_f64() * 1e6);
    println!("added to an order: {added:.1} us");
    broker.disconnect().await.unwrap();
}

impl Bare {
    async fn order(&mut self) -> Duration {
        let number = self.client.next_order_id();
        let order = Order {
            order_id: number,
            order_ref: format!("bare-{number}"),
            account: ACCOUNT.to_owned(),
            action: Action::Buy,
            order_type: "MKT".to_owned(),
            tif: TimeInForce::Day,
            total_quantity: 1.0,
            ..Order::default()
        };
        let begin = Instant::now();
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
    let symbol = "AAPL".parse().unwrap();
    let draft = OrderDraft::new(key, account, symbol, Side::Buy, one, OrderKind::Market);
    let order = fixtures::cleared_order(draft.check().unwrap());
    let begin = Instant::now();
    broker.submit(&order).await.unwrap();
    let took = begin.elapsed();
    broker.probe(Duration::from_secs(10)).await.unwrap();
    took
}
