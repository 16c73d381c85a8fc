//! What holds for every scenario.

use super::play::{ERAS, START, apple, limit, market, place};
use crate::chaos::{Scenario, WORDS};
use crate::server::{Input, Output, Server, ServerSettings, SessionId};
use crate::wire::proto::{
    CancelMarketData, CurrentTimeRequest, ExecutionRequest, MarketDataRequest, PositionsRequest,
    StartApiRequest,
};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::time::Duration;

/// What the clients do; connections by their place among those that are open.
#[derive(Clone, Debug)]
enum Move {
    Connect,
    /// Says the versions and who it is.
    Begin(usize),
    Ask(usize, Ask),
    Garbage(usize, Vec<u8>),
    Pass(u64),
    HangUp(usize),
}

/// What a client asks, under a number of its own.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Time,
    Positions,
    Watch(i32),
    Unwatch(i32),
    Buy(i32),
    Offer(i32),
    Cancel(i32),
    Executions(i32),
}

/// Every connection has this many numbers of its own.
const NUMBERS: i32 = 100;

impl Ask {
    fn request(self, base: i32) -> Request {
        let line = |id| MarketDataRequest { req_id: Some(id), contract: Some(apple()), ..Default::default() };
        match self {
            Self::Time => CurrentTimeRequest {}.into(),
            Self::Positions => PositionsRequest {}.into(),
            Self::Watch(id) => line(base + id).into(),
            Self::Unwatch(id) => CancelMarketData { req_id: Some(base + id) }.into(),
            Self::Buy(id) => place(base + id, market("BUY", "10")).into(),
            Self::Offer(id) => place(base + id, limit("SELL", "10", 1_000.0)).into(),
            Self::Cancel(id) => super::play::cancel(base + id).into(),
            Self::Executions(id) => {
                ExecutionRequest { req_id: Some(base + id), execution_filter: Some(Default::default()) }
                    .into()
            }
        }
    }
}

fn trigger() -> impl Strategy<Value = String> {
    let at = (0_u32..30).prop_map(|at| format!("at = \"{at}s\""));
    let every = (1_u32..20).prop_map(|at| format!("every = \"{at}s\""));
    let words =
        WORDS.iter().filter(|row| row.word.starts_with("on ")).map(|row| row.example.replace(", ", "\n"));
    let message =
        select(vec!["any", "ends", "data", "ERR_MSG", "NEXT_VALID_ID", "ORDER_STATUS", "OPEN_ORDER"]);
    let sending = message.prop_map(|name| format!("on = \"sending\"\nmessage = \"{name}\""));
    let received = Just("on = \"received\"\nmessage = \"any\"".to_owned());
    prop_oneof![at, every, select(words.collect::<Vec<_>>()), sending, received]
}

/// Rules of the examples of the table, mixed; of the acts those that fit what sets the rule off.
fn rule() -> impl Strategy<Value = String> {
    let acts: Vec<&str> =
        WORDS.iter().map(|row| row.example).filter(|it| it.starts_with(['"', '{'])).collect();
    let often = select(vec!["", "times = \"always\"", "times = 3", "nth = 2"]);
    let chance = select(vec!["", "chance = 0.5"]);
    let after = select(vec!["", "", "after = \"1s\""]);
    (trigger(), prop::collection::vec(select(acts), 1..6), often, chance, after).prop_map(
        |(trigger, acts, often, chance, after)| {
            let with =
                |acts: &str| format!("[[rule]]\n{trigger}\n{often}\n{chance}\n{after}\ndo = [{acts}]\n");
            let fit: Vec<&str> =
                acts.into_iter().filter(|act| with(act).parse::<Scenario>().is_ok()).collect();
            if fit.is_empty() { String::new() } else { with(&fit.join(", ")) }
        },
    )
}

fn scenario() -> impl Strategy<Value = (String, Scenario)> {
    prop::collection::vec(rule(), 1..8).prop_map(|rules| {
        let document = rules.concat();
        let scenario = document.parse().unwrap_or_default();
        (document, scenario)
    })
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        Just(Ask::Time),
        Just(Ask::Positions),
        (1_i32..4).prop_map(Ask::Watch),
        (1_i32..4).prop_map(Ask::Unwatch),
        (1_i32..9).prop_map(Ask::Buy),
        (1_i32..9).prop_map(Ask::Offer),
        (1_i32..9).prop_map(Ask::Cancel),
        (1_i32..9).prop_map(Ask::Executions),
    ]
}

/// One client has started and watches; then come others.
fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        2 => Just(Move::Connect),
        3 => (0_usize..4).prop_map(Move::Begin),
        12 => (0_usize..4, ask()).prop_map(|(to, ask)| Move::Ask(to, ask)),
        1 => (0_usize..4, prop::collection::vec(any::<u8>(), 0..60)).prop_map(|(to, bytes)| Move::Garbage(to, bytes)),
        4 => (0_u64..8_000).prop_map(Move::Pass),
        1 => (0_usize..4).prop_map(Move::HangUp),
    ];
    prop::collection::vec(one, 1..40).prop_map(|moves| {
        let first = [Move::Connect, Move::Begin(0), Move::Ask(0, Ask::Watch(1))];
        first.into_iter().chain(moves).collect()
    })
}

/// What a client writes to begin; its client id is the number of its connection.
fn begin(id: SessionId, version: i32) -> Vec<u8> {
    let start = StartApiRequest { client_id: i32::try_from(id.0).ok(), optional_capabilities: None };
    let mut bytes = format!("API\0\0\0\0\x09v{version}..{version}").into_bytes();
    Codec::new(version).put_request(&start.into(), &mut bytes).unwrap();
    bytes
}

fn asked(id: SessionId, ask: Ask, version: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let base = i32::try_from(id.0).unwrap() * NUMBERS;
    Codec::new(version).put_request(&ask.request(base), &mut bytes).unwrap();
    bytes
}

/// Everything that each connection is sent, and whether it is closed.
type Transcript = BTreeMap<SessionId, (Vec<u8>, bool)>;

/// Plays moves; `cut` says in what pieces bytes arrive.
fn run(scenario: &Scenario, version: i32, moves: &[Move], cut: usize) -> Transcript {
    let settings =
        ServerSettings { message_rate: None, scenario: scenario.clone(), ..ServerSettings::default() };
    let mut server = Server::new(settings, START).unwrap();
    let (mut now, mut told, mut open) = (START, Transcript::new(), Vec::new());
    let mut last = 0;
    for it in moves {
        match it {
            Move::Connect => {
                last += 1;
                open.push(SessionId(last));
                told.insert(SessionId(last), (Vec::new(), false));
                hear(&mut server, Input::Connected(SessionId(last)), now, &mut told);
            }
            Move::Begin(to) | Move::Ask(to, _) | Move::Garbage(to, _) if !open.is_empty() => {
                let id: SessionId = open[to % open.len()];
                let bytes = match it {
                    Move::Ask(_, ask) => asked(id, *ask, version),
                    Move::Garbage(_, bytes) => bytes.clone(),
                    _ => begin(id, version),
                };
                for piece in bytes.chunks(cut) {
                    if !told[&id].1 {
                        hear(&mut server, Input::Received(id, piece), now, &mut told);
                    }
                }
            }
            Move::Pass(millis) => {
                now = now.after(Duration::from_millis(*millis));
                hear(&mut server, Input::Wake, now, &mut told);
            }
            Move::HangUp(which) if !open.is_empty() => {
                let id = open.remove(which % open.len());
                hear(&mut server, Input::Closed(id), now, &mut told);
                told.get_mut(&id).unwrap().1 = true;
            }
            _ => {}
        }
    }
    told
}

fn hear(server: &mut Server, input: Input<'_>, now: tradeport_kernel::Timestamp, told: &mut Transcript) {
    let mut out = Vec::new();
    server.step(input, now, &mut out);
    for output in out {
        match output {
            Output::Send(id, bytes) => {
                let (heard, is_closed) = told.get_mut(&id).expect("a connection that is there");
                assert!(!*is_closed, "nothing is said to whom is gone");
                heard.extend(bytes);
                assert!(heard.len() < 16 * 1024 * 1024, "it grows without bound");
            }
            Output::Close(id, _) => told.get_mut(&id).expect("a connection").1 = true,
        }
    }
}

/// The numbers of requests and orders in what a connection was sent, as far as it can be read.
fn numbers(bytes: &[u8], version: i32) -> Vec<i32> {
    let mut buffer = FrameBuffer::opened();
    buffer.push(bytes);
    let mut found = Vec::new();
    while let Ok(Some(frame)) = buffer.next_frame() {
        found.extend(match Codec::new(version).answer(frame) {
            Ok(Answer::TickPrice(it)) => it.req_id,
            Ok(Answer::TickSize(it)) => it.req_id,
            Ok(Answer::ErrorMessage(it)) => it.id,
            Ok(Answer::OrderStatus(it)) => it.order_id,
            Ok(Answer::OpenOrder(it)) => it.order_id,
            _ => None,
        });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_same_again_is_the_same_however_the_bytes_are_cut(
        (document, scenario) in scenario(),
        version in select(ERAS.to_vec()),
        moves in moves(),
        cut in 1_usize..40,
    ) {
        let once = run(&scenario, version, &moves, usize::MAX);
        prop_assert_eq!(&once, &run(&scenario, version, &moves, usize::MAX), "{}", document);
        prop_assert_eq!(&once, &run(&scenario, version, &moves, cut), "{}", document);
    }

    #[test]
    fn nobody_hears_of_anybody_elses_requests_and_orders(
        (document, scenario) in scenario(),
        version in select(ERAS.to_vec()),
        moves in moves(),
    ) {
        for (id, (bytes, _)) in run(&scenario, version, &moves, usize::MAX) {
            let base = i32::try_from(id.0).unwrap() * NUMBERS;
            for number in numbers(&bytes, version) {
                let is_its = (base..base + NUMBERS).contains(&number) || number <= 0;
                prop_assert!(is_its, "{number} on connection {}\n{document}", id.0);
            }
        }
    }
}
