//! A socket with the library at one end and the simulated TWS's own codec at the other: what one end sends is read by the
//! other, message by message. No code of one end is that of the other.
//!
//! Left out: what anything means.

use futures::StreamExt;
use futures::future::join_all;
use ibapi::Client;
use ibapi::contracts::{Contract, ContractDetails};
use ibapi::orders::{Order, OrderData, OrderUpdate};
use ibapi::subscriptions::{Subscription, SubscriptionItem};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, Request, proto};

const VERSION: i32 = 226;
/// What one round sends at most, so that neither end waits for the other.
pub(crate) const ROUND: usize = 100;

/// An order with the contract that it is of.
pub(crate) type Sent = (Contract, Order);

pub(crate) struct Line {
    pub(crate) runtime: Runtime,
    pub(crate) client: Client,
    pub(crate) updates: Subscription<OrderUpdate>,
    pub(crate) peer: Peer,
}

pub(crate) struct Peer {
    stream: TcpStream,
    frames: FrameBuffer,
    codec: Codec,
}

impl Line {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (client, updates, peer) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string();
            let builder = Client::builder().address(address).client_id(7).max_reconnect_attempts(0);
            let accepted = async { Peer::accept(&listener).await };
            let (client, peer) = futures::join!(builder.connect(), accepted);
            let client = client.unwrap();
            let updates = client.order_update_stream().await.unwrap();
            (client, updates, peer)
        });
        Self { runtime, client, updates, peer }
    }

    /// Sends orders one after the other; what the other end reads.
    pub(crate) fn place(&mut self, orders: &[Sent]) -> Vec<proto::PlaceOrderRequest> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let send = async {
                for (contract, order) in orders {
                    client.submit_order(order.order_id, contract, order).await.unwrap();
                }
            };
            let ((), heard) = futures::join!(send, peer.requests(orders.len()));
            heard
                .into_iter()
                .map(|request| match request {
                    Request::PlaceOrder(order) => *order,
                    other => panic!("not an order: {other:?}"),
                })
                .collect()
        })
    }

    /// Sends a cancel; what the other end reads.
    pub(crate) fn cancel(&mut self, number: i32, time: &str) -> proto::CancelOrderRequest {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            drop(client.cancel_order(number, time).await.unwrap());
            match peer.requests(1).await.pop() {
                Some(Request::CancelOrder(cancel)) => *cancel,
                other => panic!("not a cancel: {other:?}"),
            }
        })
    }

    /// The other end tells open orders; what the library makes of them.
    pub(crate) fn tell_orders(&mut self, orders: Vec<proto::OpenOrder>) -> Vec<OrderData> {
        let Self { runtime, updates, peer, .. } = self;
        runtime.block_on(async {
            let count = orders.len();
            peer.say(orders.into_iter().map(Answer::from)).await;
            let mut told = Vec::new();
            while told.len() < count {
                match updates.next().await {
                    Some(Ok(SubscriptionItem::Data(OrderUpdate::OpenOrder(data)))) => told.push(data),
                    other => panic!("not an order: {other:?}"),
                }
            }
            told
        })
    }

    /// Asks for the details of contracts, all at once: what the other end reads, and what the library makes of its answers,
    /// one for each question.
    pub(crate) fn look_up(
        &mut self,
        contracts: &[Contract],
        mut answer: impl FnMut(&proto::Contract) -> (proto::Contract, bool),
    ) -> Vec<ContractDetails> {
        let Self { runtime, client, peer, .. } = self;
        runtime.block_on(async {
            let asked = join_all(contracts.iter().map(|contract| client.contract_details(contract)));
            let answered = async {
                for request in peer.requests(contracts.len()).await {
                    let Request::ContractData(question) = request else { panic!("another: {request:?}") };
                    let (contract, is_bond) = answer(&question.contract.clone().unwrap());
                    let data = proto::ContractData {
                        req_id: question.req_id,
                        contract: Some(contract),
                        contract_details: Some(proto::ContractDetails::default()),
                    };
                    let data = if is_bond { Answer::BondContractData(Box::new(data)) } else { data.into() };
                    let end = proto::ContractDataEnd { req_id: question.req_id };
                    peer.say([data, end.into()]).await;
                }
            };
            let (told, ()) = futures::join!(asked, answered);
            told.into_iter().map(|rows| rows.unwrap().pop().unwrap()).collect()
        })
    }
}

impl Peer {
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut peer = Self { stream, frames: FrameBuffer::new(), codec: Codec::new(VERSION) };
        peer.frame().await;
        let hello = format!("{VERSION}\x0020260102 15:04:05 UTC\0");
        let length = u32::try_from(hello.len()).unwrap().to_be_bytes();
        peer.stream.write_all(&[&length, hello.as_bytes()].concat()).await.unwrap();
        let start = peer.requests(1).await;
        assert!(matches!(start[..], [Request::StartApi(_)]), "{start:?}");
        let accounts = proto::ManagedAccounts { accounts_list: Some("DU1".to_owned()) };
        peer.say([accounts.into(), Answer::from(proto::NextValidId { order_id: Some(1) })]).await;
        peer
    }

    /// The next frame's body.
    async fn frame(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 65_536];
        loop {
            if let Some(frame) = self.frames.next_frame().unwrap() {
                return frame.to_vec();
            }
            let read = self.stream.read(&mut bytes).await.unwrap();
            assert!(read > 0, "the client is gone");
            self.frames.push(&bytes[..read]);
        }
    }

    /// The next request of a kind, and its number; what comes before, such as the end of an earlier one, is passed over.
    pub(crate) async fn asked(&mut self, wanted: impl Fn(&Request) -> Option<Option<i32>>) -> Option<i32> {
        loop {
            let request = self.requests(1).await.pop().unwrap();
            if let Some(number) = wanted(&request) {
                return number;
            }
        }
    }

    async fn requests(&mut self, count: usize) -> Vec<Request> {
        let mut all = Vec::with_capacity(count);
        while all.len() < count {
            let frame = self.frame().await;
            all.push(self.codec.request(&frame).unwrap());
        }
        all
    }

    pub(crate) async fn say(&mut self, answers: impl IntoIterator<Item = Answer>) {
        let mut bytes = Vec::new();
        for answer in answers {
            self.codec.put_answer(answer, &mut bytes).unwrap();
        }
        self.stream.write_all(&bytes).await.unwrap();
    }
}
