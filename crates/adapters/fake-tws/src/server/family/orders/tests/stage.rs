//! A server with clients on it, and short words for what they say and hear.

use crate::server::session::SessionId;
use crate::server::{Input, Output, Server, ServerSettings};
use crate::wire::proto::{self, StartApiRequest};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use std::collections::BTreeMap;
use tradeport_kernel::{Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

/// A Friday in January 2026, at 15:04:05 UTC: within a session of New York.
pub(in crate::server) const START: Timestamp = Timestamp::from_seconds(1_767_366_245);
pub(in crate::server) const APPLE: i32 = 265_598;

/// A server, its time, and what each client has been told and not yet looked at.
pub(in crate::server) struct Stage {
    pub(in crate::server) server: Server,
    pub(in crate::server) now: Timestamp,
    clients: BTreeMap<u64, (Codec, FrameBuffer, Vec<Answer>)>,
}

impl Stage {
    /// One account; Apple is quoted at 430.00 to 430.10.
    pub(in crate::server) fn new() -> Self {
        Self::with(ServerSettings::default())
    }

    pub(in crate::server) fn with(settings: ServerSettings) -> Self {
        Self::at(settings, START)
    }

    pub(in crate::server) fn at(settings: ServerSettings, now: Timestamp) -> Self {
        // Tests ask as fast as they like.
        let settings = ServerSettings { message_rate: None, ..settings };
        let server = Server::new(settings, now).unwrap();
        let mut stage = Self { server, now, clients: BTreeMap::new() };
        stage.quote("430.00", "430.10");
        stage
    }

    /// Connects a client, and starts it; what it is told of that is dropped.
    pub(in crate::server) fn connect(&mut self, session: u64, client_id: i32) {
        self.connect_as(session, client_id, 226);
    }

    /// The same, in a version.
    pub(in crate::server) fn connect_as(&mut self, session: u64, client_id: i32, version: i32) {
        let id = SessionId(session);
        let mut out = Vec::new();
        self.server.step(Input::Connected(id), self.now, &mut out);
        let opening = format!("API\0\0\0\0\x09v{version}..{version}");
        self.server.step(Input::Received(id, opening.as_bytes()), self.now, &mut out);
        self.clients.insert(session, (Codec::new(version), FrameBuffer::opened(), Vec::new()));
        self.ask(session, StartApiRequest { client_id: Some(client_id), optional_capabilities: None });
    }

    pub(in crate::server) fn disconnect(&mut self, session: u64) {
        self.clients.remove(&session);
        self.step(Input::Closed(SessionId(session)));
    }

    /// Asks, and gives what this client is told, also what it was told before.
    pub(in crate::server) fn ask(&mut self, session: u64, request: impl Into<Request>) -> Vec<Answer> {
        let mut bytes = Vec::new();
        let (codec, ..) = &self.clients[&session];
        codec.put_request(&request.into(), &mut bytes).unwrap();
        self.step(Input::Received(SessionId(session), &bytes));
        self.told(session)
    }

    fn step(&mut self, input: Input<'_>) {
        let mut out = Vec::new();
        self.server.step(input, self.now, &mut out);
        self.hear(out);
    }

    pub(in crate::server) fn hear(&mut self, out: Vec<Output>) {
        for output in out {
            let Output::Send(id, bytes) = output else { continue };
            let Some((codec, buffer, told)) = self.clients.get_mut(&id.0) else { continue };
            buffer.push(&bytes);
            while let Some(frame) = buffer.next_frame().unwrap() {
                told.push(codec.answer(frame).unwrap());
            }
        }
    }

    /// What a client was told since the last time.
    pub(in crate::server) fn told(&mut self, session: u64) -> Vec<Answer> {
        self.clients.get_mut(&session).map(|(.., told)| std::mem::take(told)).unwrap_or_default()
    }

    /// Apple is quoted so from now on, with ten thousand shares on each side.
    pub(in crate::server) fn quote(&mut self, bid: &str, ask: &str) {
        self.quote_of("AAPL", bid, ask, "10000");
    }

    pub(in crate::server) fn quote_of(&mut self, symbol: &str, bid: &str, ask: &str, size: &str) {
        let size: Option<Quantity> = size.parse().ok();
        let level = |price: &str| Some(Level::new(price.parse::<Price>().unwrap(), size));
        let quote = Quote::new(Symbol::new(symbol).unwrap(), self.now, level(bid), level(ask));
        self.server.world_mut().hold(quote.unwrap());
        self.step(Input::Wake);
    }

    /// Time passes, in steps of at most a quarter of a second.
    pub(in crate::server) fn pass(&mut self, seconds: u64) {
        self.now = self.now.after(std::time::Duration::from_secs(seconds));
        self.step(Input::Wake);
    }
}

pub(in crate::server) fn apple() -> proto::Contract {
    proto::Contract { con_id: Some(APPLE), exchange: Some("SMART".to_owned()), ..proto::Contract::default() }
}

pub(in crate::server) fn market(action: &str, quantity: &str) -> proto::Order {
    proto::Order {
        action: Some(action.to_owned()),
        total_quantity: Some(quantity.to_owned()),
        order_type: Some("MKT".to_owned()),
        transmit: Some(true),
        ..proto::Order::default()
    }
}

pub(in crate::server) fn limit(action: &str, quantity: &str, price: f64) -> proto::Order {
    proto::Order { order_type: Some("LMT".to_owned()), lmt_price: Some(price), ..market(action, quantity) }
}

pub(in crate::server) fn stop(action: &str, quantity: &str, price: f64) -> proto::Order {
    proto::Order { order_type: Some("STP".to_owned()), aux_price: Some(price), ..market(action, quantity) }
}

pub(in crate::server) fn place(id: i32, order: proto::Order) -> proto::PlaceOrderRequest {
    proto::PlaceOrderRequest {
        order_id: Some(id),
        contract: Some(apple()),
        order: Some(order),
        attached_orders: None,
    }
}

pub(in crate::server) fn cancel(id: i32) -> proto::CancelOrderRequest {
    proto::CancelOrderRequest { order_id: Some(id), order_cancel: None }
}

/// What was told, each in a few words: `open 1 Submitted`, `status 1 Filled 100/0`, `exec 1 BOT 100 @430.1`,
/// `cost 1`, `error 1 202`, or the name of anything else.
pub(in crate::server) fn words(answers: &[Answer]) -> Vec<String> {
    answers.iter().map(word).collect()
}

fn word(answer: &Answer) -> String {
    match answer {
        Answer::OpenOrder(it) => {
            let state = it.order_state.as_ref().and_then(|state| state.status.clone()).unwrap();
            format!("open {} {state}", it.order_id.unwrap())
        }
        Answer::OrderStatus(it) => {
            let (status, filled, rest) = (&it.status, &it.filled, &it.remaining);
            let text = |text: &Option<String>| text.clone().unwrap();
            format!("status {} {} {}/{}", it.order_id.unwrap(), text(status), text(filled), text(rest))
        }
        Answer::ExecutionDetails(it) => {
            let it = it.execution.as_ref().unwrap();
            let (side, shares) = (it.side.clone().unwrap(), it.shares.clone().unwrap());
            format!("exec {} {side} {shares} @{}", it.order_id.unwrap(), it.price.unwrap())
        }
        Answer::CommissionAndFeesReport(it) => {
            let earned = it.realized_pnl.map(|it| format!(" earned {it}")).unwrap_or_default();
            format!("cost {}{earned}", it.commission_and_fees.unwrap())
        }
        Answer::ErrorMessage(it) => format!("error {} {}", it.id.unwrap(), it.error_code.unwrap()),
        other => other.name().to_owned(),
    }
}

/// The text of the first error.
pub(in crate::server) fn error_text(answers: &[Answer]) -> String {
    let text = answers.iter().find_map(|answer| match answer {
        Answer::ErrorMessage(it) => it.error_msg.clone(),
        _ => None,
    });
    text.expect("an error")
}
