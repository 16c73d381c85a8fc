//! The pacing budget before an independent judge: what it lets go arrives at a server that counts by itself, over two
//! connections and with a delay that varies. The same without the budget shows that the judge is awake.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Counts, Effect, HistoryPace, Limits, PacingBudget, Priority,
    QueueSettings, Request, RequestKey, RetrySettings, Ticket,
};
use tradeport_fake_tws::server::{Input, Output, Server, ServerSettings, SessionId};
use tradeport_fake_tws::wire::proto::{
    CancelMarketData, CancelMarketDepth, CancelRealTimeBars, CancelTickByTick, Contract, CurrentTimeRequest,
    HistoricalDataRequest, MarketDataRequest, MarketDepthRequest, RealTimeBarsRequest, StartApiRequest,
    TickByTickRequest,
};
use tradeport_fake_tws::wire::{self, Answer, Codec, FrameBuffer};
use tradeport_kernel::Timestamp;

/// A Friday, ten in the morning in New York.
const START: i64 = 1_795_186_800;

/// What TWS says when something is too much or too fast: of messages, lines, history, books, ticks, what is open.
const TOO_MUCH: [i32; 7] = [100, 101, 162, 309, 420, 10_190, 322];

fn at(millis: i64) -> Timestamp {
    Timestamp::from_seconds(START).after(Duration::from_millis(millis.unsigned_abs()))
}

/// splitmix64, https://prng.di.unimi.it/splitmix64.c.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }
}

/// A server and its clients, each of which is read at once.
struct Judge {
    server: Server,
    clients: BTreeMap<SessionId, (Codec, FrameBuffer)>,
    errors: Vec<(i32, String)>,
    answers: usize,
}

impl Judge {
    fn new() -> Self {
        let server = Server::new(ServerSettings::default(), at(0)).unwrap();
        Self { server, clients: BTreeMap::new(), errors: Vec::new(), answers: 0 }
    }

    fn connect(&mut self, number: u64) {
        let id = SessionId(number);
        let mut out = Vec::new();
        self.server.step(Input::Connected(id), at(0), &mut out);
        self.server.step(Input::Received(id, b"API\0\0\0\0\x09v226..226"), at(0), &mut out);
        self.clients.insert(id, (Codec::new(226), FrameBuffer::opened()));
        let start = StartApiRequest { client_id: i32::try_from(number).ok(), optional_capabilities: None };
        self.receive(number, &start.into(), 0);
    }

    fn receive(&mut self, number: u64, request: &wire::Request, millis: i64) {
        let id = SessionId(number);
        let mut bytes = Vec::new();
        self.clients[&id].0.put_request(request, &mut bytes).unwrap();
        let mut out = Vec::new();
        self.server.step(Input::Received(id, &bytes), at(millis), &mut out);
        for output in out {
            let Output::Send(id, bytes) = output else {
                panic!("the server closed a connection: {output:?}")
            };
            let (codec, buffer) = self.clients.get_mut(&id).unwrap();
            buffer.push(&bytes);
            while let Some(frame) = buffer.next_frame().unwrap() {
                self.answers += 1;
                if let Answer::ErrorMessage(error) = codec.answer(frame).unwrap() {
                    let text = error.error_msg.clone().unwrap_or_default();
                    self.errors.push((error.error_code.unwrap_or(0), text));
                }
            }
        }
    }

    fn complaints(&self) -> Vec<&(i32, String)> {
        // The service for history has one code for all that it says.
        let is_too_much = |(code, text): &&(i32, String)| {
            TOO_MUCH.contains(code) && (*code != 162 || text.contains("pacing violation"))
        };
        self.errors.iter().filter(is_too_much).collect()
    }
}

/// What is wanted, and how it is said.
#[derive(Clone)]
struct Wish {
    class: Class,
    request: wire::Request,
    /// How it is ended, when it does not end by itself.
    end: Option<wire::Request>,
}

fn contract(number: i32) -> Option<Contract> {
    Some(Contract { con_id: Some(number), exchange: Some("SMART".to_owned()), ..Contract::default() })
}

fn history(id: i32, random: &mut Random) -> Wish {
    let (number, minute) = (1_001 + i32::try_from(random.below(6)).unwrap(), random.below(20));
    let (show, counts) =
        if random.below(3) == 0 { ("BID_ASK", Counts::Twice) } else { ("TRADES", Counts::Once) };
    let end = format!("20261119-15:{minute:02}:00");
    let is_small = random.below(4) != 0;
    let (pace, bars, duration) = if is_small {
        (HistoryPace::Small, "5 secs", "60 S")
    } else {
        (HistoryPace::Large, "5 mins", "3600 S")
    };
    let series = RequestKey::of(&[&number.to_string(), "SMART", show]);
    let whole = RequestKey::of(&[&number.to_string(), "SMART", show, &end, bars, duration]);
    let request = HistoricalDataRequest {
        req_id: Some(id),
        contract: contract(number),
        end_date_time: Some(end),
        bar_size_setting: Some(bars.to_owned()),
        duration: Some(duration.to_owned()),
        use_rth: Some(false),
        what_to_show: Some(show.to_owned()),
        format_date: Some(2),
        keep_up_to_date: Some(false),
        ..HistoricalDataRequest::default()
    };
    Wish { class: Class::History { pace, series, whole, counts }, request: request.into(), end: None }
}

fn stream(id: i32, random: &mut Random) -> Wish {
    let number = 1_001 + i32::try_from(random.below(20)).unwrap();
    let (req_id, contract) = (Some(id), contract(number));
    match random.below(8) {
        0 => {
            let tick_type = Some("Last".to_owned());
            Wish {
                class: Class::TickByTick { instrument: RequestKey::of(&[&number.to_string(), "Last"]) },
                request: TickByTickRequest { req_id, contract, tick_type, ..TickByTickRequest::default() }
                    .into(),
                end: Some(CancelTickByTick { req_id }.into()),
            }
        }
        1 => Wish {
            class: Class::Depth,
            request: MarketDepthRequest {
                req_id,
                contract,
                num_rows: Some(5),
                is_smart_depth: Some(true),
                ..MarketDepthRequest::default()
            }
            .into(),
            end: Some(CancelMarketDepth { req_id, is_smart_depth: Some(true) }.into()),
        },
        2 | 3 => Wish {
            class: Class::RealTimeBars { series: RequestKey::of(&[&number.to_string(), "bars"]) },
            request: RealTimeBarsRequest {
                req_id,
                contract,
                bar_size: Some(5),
                what_to_show: Some("TRADES".to_owned()),
                use_rth: Some(false),
                ..RealTimeBarsRequest::default()
            }
            .into(),
            end: Some(CancelRealTimeBars { req_id }.into()),
        },
        _ => Wish {
            class: Class::MarketData,
            request: MarketDataRequest { req_id, contract, ..MarketDataRequest::default() }.into(),
            end: Some(CancelMarketData { req_id }.into()),
        },
    }
}

fn wish(id: i32, random: &mut Random) -> Wish {
    match random.below(5) {
        0 | 1 => history(id, random),
        2 => Wish { class: Class::Message, request: CurrentTimeRequest {}.into(), end: None },
        _ => stream(id, random),
    }
}

/// What is on its way: when it arrives, in which order it left, on which connection, and what.
type OnTheWay = BTreeMap<(i64, usize), (u64, wire::Request)>;

/// Messages of a connection in the order in which they left, each up to 50 ms on its way.
struct Wires {
    way: OnTheWay,
    last: [i64; 2],
    left: usize,
}

impl Wires {
    fn send(&mut self, connection: usize, request: wire::Request, now: i64, random: &mut Random) {
        let arrives = (now + i64::try_from(random.below(51)).unwrap()).max(self.last[connection]);
        self.last[connection] = arrives;
        self.left += 1;
        self.way.insert((arrives, self.left), (connection as u64 + 1, request));
    }

    fn deliver(&mut self, judge: &mut Judge, until: i64) {
        while let Some(((arrives, _), (connection, request))) =
            self.way.first_entry().filter(|first| first.key().0 <= until).map(|first| first.remove_entry())
        {
            judge.receive(connection, &request, arrives);
        }
    }
}

struct Open {
    connection: usize,
    wish: Wish,
    /// The ticket of what it ends.
    ends: Option<Ticket>,
}

/// Eleven minutes in which far more is wanted than may be, in bursts.
fn paced(seed: u64) -> (Judge, PacingBudget, usize) {
    let (mut judge, mut random) = (Judge::new(), Random(seed));
    let mut budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
    let connections: [ConnectionId; 2] = [budget.connect().unwrap(), budget.connect().unwrap()];
    for (number, connection) in (1..).zip(connections) {
        judge.connect(number);
        budget.note(connection, at(0));
    }
    let mut wires = Wires { way: OnTheWay::new(), last: [0; 2], left: 0 };
    let (mut open, mut ending, mut out) = (BTreeMap::<Ticket, Open>::new(), BTreeSet::new(), Vec::new());
    let (mut now, mut id, mut sent) = (0_i64, 1_000, 0);
    let mut next_burst = 0;
    while now < 660_000 {
        let burst = if now >= next_burst { random.below(60) } else { 0 };
        next_burst += if burst > 0 { 3_000 } else { 0 };
        for _ in 0..burst {
            id += 1;
            let (connection, wish) = (usize::try_from(random.below(2)).unwrap(), wish(id, &mut random));
            let caller = CallerId::new(u32::try_from(random.below(3)).unwrap());
            // What does not even get into the queue is not sent, which is the point.
            if let Ok(ticket) = budget.ask(Request::new(connections[connection], caller, wish.class), at(now))
            {
                open.insert(ticket, Open { connection, wish, ends: None });
            }
        }
        // Streams are ended after a while, each by a message that is paced, too.
        ending.retain(|(until, ticket): &(i64, Ticket)| {
            if *until > now {
                return true;
            }
            let Open { connection, wish, .. } = &open[ticket];
            let end = wish.end.clone().unwrap();
            let cancel = Request::new(connections[*connection], CallerId::new(9), Class::Message);
            let cancel = budget.ask(cancel.with_priority(Priority::Cancel), at(now)).unwrap();
            let wish = Wish { class: Class::Message, request: end, end: None };
            let connection = *connection;
            open.insert(cancel, Open { connection, wish, ends: Some(*ticket) });
            false
        });
        budget.step(at(now), &mut out);
        for effect in out.drain(..) {
            let Effect::Go(ticket) = effect else { panic!("{effect:?}") };
            let Open { connection, wish, ends } = &open[&ticket];
            wires.send(*connection, wish.request.clone(), now, &mut random);
            sent += 1;
            if wish.end.is_some() {
                ending.insert((now + 500 + i64::try_from(random.below(20_000)).unwrap(), ticket));
            } else {
                let ends = *ends;
                budget.done(ticket, at(now)).unwrap();
                open.remove(&ticket);
                if let Some(stream) = ends {
                    budget.done(stream, at(now)).unwrap();
                    open.remove(&stream);
                }
            }
        }
        now += 1 + i64::try_from(random.below(40)).unwrap();
        wires.deliver(&mut judge, now);
    }
    (judge, budget, sent)
}

#[test]
fn what_the_budget_lets_go_is_never_too_much() {
    for seed in 1..=2 {
        let (judge, mut budget, sent) = paced(seed);
        assert!(judge.complaints().is_empty(), "seed {seed}: {:?}", judge.complaints());
        let gauges = budget.gauges(at(660_000));
        let waiting: u32 = gauges.waiting.iter().map(|(_, waiting)| waiting).sum();
        assert!(sent > 3_000 && judge.answers > sent / 2, "{sent} sent, {} answers", judge.answers);
        assert!(waiting > 500, "more was wanted than may be: {waiting} wait");
    }
}

#[test]
fn without_the_budget_the_judge_complains_of_everything() {
    let (mut judge, mut random) = (Judge::new(), Random(1));
    judge.connect(1);
    for number in 0..2_000 {
        let wish = wish(1_000 + number, &mut random);
        judge.receive(1, &wish.request, i64::from(number) * 21);
    }
    let said: BTreeSet<i32> = judge.complaints().into_iter().map(|(code, _)| *code).collect();
    assert!([101, 162, 309, 420, 10_190].iter().all(|code| said.contains(code)), "{said:?}");
}
