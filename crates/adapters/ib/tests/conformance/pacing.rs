//! The limits of TWS, enforced by a TWS of our own: whatever is asked for at once, it never has a reason to refuse, and what
//! there is no room for is refused here, in words.

use crate::stand::{NOON, Stand, idle, on_runtime, patient, symbol};
use crate::wire::{Fate, Wire};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_connection::pacing::Rule;
use tradeport_connection::{BrokerLink, LinkEvent, LinkState};
use tradeport_contracts::{ContractCatalog, Right};
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::chaos::{Act, Event, Refusal, Scenario};
use tradeport_fake_tws::server::ServerSettings;
use tradeport_fake_tws::wire::{Answer, RequestKind};
use tradeport_ib::{IbBroker, IbSettings, Waits};
use tradeport_kernel::{AccountId, Clock, OrderKey, Quantity, Symbol, TimeRange};
use tradeport_market_data::{
    BarHistory, BarRequest, BarSize, FeedError, OptionFeed, OptionFeedError, QuoteFeed,
};
use tradeport_memory::VirtualClock;
use tradeport_orders::{ClearedOrder, OrderDraft, OrderGateway, OrderKind, Side, SubmitError};

/// What TWS said.
#[derive(Clone, Default)]
pub(crate) struct Said {
    /// What was wrong, by its codes.
    errors: Arc<Mutex<Vec<(i32, String)>>>,
    frames: Arc<AtomicUsize>,
}

/// Time is let pass here while TWS may still have something to read: how long anything is waited for is no subject of these tests.
fn unhurried() -> Waits {
    let hour = Duration::from_secs(3_600);
    Waits { order: hour, answer: hour, ..patient() }
}

/// A TWS with every limit of the real one, and an adapter with the standard budget.
pub(crate) async fn strict() -> (Stand, Said) {
    strict_of(ServerSettings::default()).await
}

/// The same of other settings.
pub(crate) async fn strict_of(settings: ServerSettings) -> (Stand, Said) {
    let said = Said::default();
    let heard = said.clone();
    let stand = on_runtime(async move {
        let clock = VirtualClock::new(NOON);
        let tws = FakeTws::builder().settings(settings);
        let tws = tws.start(Arc::new(clock.clone())).await.unwrap();
        let wire = Wire::to(tws.address()).await;
        wire.script(Box::new(move |kind, body| {
            heard.frames.fetch_add(1, Ordering::AcqRel);
            let kind = i32::try_from(kind).unwrap();
            if let Some(Ok(Answer::ErrorMessage(told))) = Answer::from_protobuf(kind, body) {
                heard.errors.lock().unwrap().push((told.error_code(), told.error_msg().to_owned()));
            }
            Fate::Pass
        }));
        let settings = IbSettings::new("127.0.0.1", wire.port(), 7).unwrap().with_waits(unhurried());
        let broker = IbBroker::new(settings, Arc::new(clock.clone())).unwrap();
        Stand { broker, wire, tws, clock }
    })
    .await;
    stand.connect().await;
    (stand, said)
}

/// Runs something to its end, and lets time pass whenever everybody waits for it.
pub(crate) async fn in_time<T: Send + 'static>(
    (stand, said): (&Stand, &Said),
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    in_time_while((stand, said), (unanswered, 2_000), work).await
}

/// What says whether TWS owes an answer, and for how many rounds of silence that is waited for before time moves on: it may
/// come at a later time only.
type Owes = (fn(&IbBroker) -> bool, usize);

/// The same, where every line of market data is a snapshot, which has its answer, too.
pub(crate) const SNAPSHOTS: Owes = (|broker| gauge(broker, Rule::Lines) > 0 || unanswered(broker), 50);

/// The same, with another word on what TWS owes.
pub(crate) async fn in_time_while<T: Send + 'static>(
    (stand, said): (&Stand, &Said),
    owes: Owes,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut work = on_runtime(work).boxed();
    loop {
        quiet(stand, said, owes).await;
        if let Some(done) = (&mut work).now_or_never() {
            return done;
        }
        // In steps, so that nobody is silent for long who only had no time to speak.
        let soon = stand.clock.now().after(Duration::from_secs(5));
        if let Some(next) = stand.clock.next_deadline() {
            stand.clock.advance_to(next.min(soon));
        }
    }
}

/// What has its answer without any time passing.
async fn at_once<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let mut work = on_runtime(work).boxed();
    let mut rounds = 0;
    loop {
        if let Some(done) = (&mut work).now_or_never() {
            return done;
        }
        rounds += 1;
        assert!(rounds < 1_000_000, "it waits for time to pass");
        on_runtime(tokio::task::yield_now()).await;
    }
}

/// Waits until nothing is on its way to TWS: who moves time while TWS has yet to read what was sent makes it come together
/// with what is sent later. However busy the machine is, that is so when no task can run, when all that the budget has let
/// go is on the wire, and when TWS has read what is. What is on its way back is waited for as far as can be seen.
async fn quiet(stand: &Stand, said: &Said, (owes, most): Owes) {
    let (mut last, mut still, mut is_out) = ((0, 0, 0, 0), 0, true);
    // A link that is gone reads nothing any more.
    let mut rounds = 0..100_000;
    // What may go and has not gone is written by somebody who waits for this machine.
    let wait =
        |still, is_out: bool| still < 5 || owes(&stand.broker) && still < most || !is_out && still < 20_000;
    while rounds.next().is_some() && wait(still, is_out) {
        let read = stand.tws.with(|server| server.frames_read()).await.unwrap();
        idle();
        // The budget says so before anybody whose turn it is has been told.
        let let_go = stand.broker.pacer().gauges().counters.sent;
        let (asked, frames) = (stand.wire.asked().len() as u64, said.frames.load(Ordering::Acquire));
        let now = (asked, let_go, frames, read);
        // The greeting is not counted as a message, and who we are is.
        is_out = asked > let_go;
        // What is on its way to TWS is read sooner or later, whoever else uses this machine.
        still = if now == last && asked <= read { still + 1 } else { 0 };
        last = now;
    }
}

/// Does TWS owe an answer? What went and is neither a stream nor an order is open until it has one.
fn unanswered(broker: &IbBroker) -> bool {
    let gauges = broker.pacer().gauges();
    let waiting: u32 = gauges.waiting.iter().map(|(_, many)| many).sum();
    let held = [Rule::Lines, Rule::TickByTick, Rule::OrdersPerSide].map(|rule| gauge(broker, rule));
    gauges.open > (waiting + held.iter().sum::<u32>()) as usize
}

/// Did TWS ever say: too fast, or too much?
pub(crate) fn refusals(said: &Said) -> Vec<(i32, String)> {
    let is_refusal = |code: i32, text: &str| {
        [100, 101, 309, 420, 10190].contains(&code)
            || ["pacing", "simultaneous"].iter().any(|word| text.to_lowercase().contains(word))
    };
    said.errors.lock().unwrap().iter().filter(|(code, text)| is_refusal(*code, text)).cloned().collect()
}

fn run(test: impl Future<Output = ()>) {
    futures::executor::block_on(test);
}

fn key(number: usize) -> OrderKey {
    OrderKey::new(&format!("order-{number}")).unwrap()
}

/// Far from the market: it rests.
fn resting(number: usize) -> ClearedOrder {
    let (account, one) = (AccountId::new("DU1234567").unwrap(), "1".parse::<Quantity>().unwrap());
    let kind = OrderKind::Limit { limit: "1.00".parse().unwrap() };
    let draft = OrderDraft::new(key(number), account, symbol("AAPL"), Side::Buy, one, kind);
    fixtures::cleared_order(draft.check().unwrap())
}

/// Two hundred questions about the past, of small and of large bars, by many askers at once.
fn back_fill() -> Vec<BarRequest> {
    let five_seconds = BarSize::all().find(|size| size.length() == Duration::from_secs(5)).unwrap();
    let mut all = Vec::new();
    for day in 1..=25_u32 {
        let hour = NOON.before(Duration::from_secs(86_400) * day);
        for name in ["AAPL", "IBM", "MSFT", "T"] {
            for (size, length) in [(five_seconds, 3_600), (BarSize::MINUTE, 7_200)] {
                let range = TimeRange::new(hour, hour.after(Duration::from_secs(length)));
                all.push(BarRequest { symbol: symbol(name), size, range });
            }
        }
    }
    all
}

#[test]
fn scenario_his_01_a_full_back_fill_beside_quotes_and_orders_breaks_no_limit() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        let mut events = BrokerLink::events(&broker).await.unwrap();
        let done = in_time((&stand, &said), async move {
            let names = ["AAPL", "IBM", "MSFT", "T", "SPY", "QQQ"].map(symbol);
            let history = join_all(back_fill().into_iter().map(|request| {
                let broker = broker.clone();
                async move { broker.bars(&request).await.map(|page| page.bars.len()) }
            }));
            let quotes = broker.subscribe(&names);
            let orders = async {
                for number in 0..20 {
                    broker.submit(&resting(number)).await.map_err(|error| format!("{error:?}"))?;
                }
                for number in 0..10 {
                    let cancel = fixtures::cleared_cancel(&key(number), None, None);
                    broker.cancel(&cancel).await.map_err(|error| format!("{error:?}"))?;
                }
                Ok::<_, String>(())
            };
            let (history, quotes, orders) = futures::join!(history, quotes, orders);
            let bars: Result<usize, _> = history.into_iter().sum();
            let bars = bars.map_err(|error| format!("{error:?}"))?;
            drop(quotes.map_err(|error| format!("{error:?}"))?);
            orders.map(|()| bars)
        })
        .await;
        assert_eq!(refusals(&said), []);
        while let Some(Some(event)) = events.next().now_or_never() {
            assert!(!matches!(event, LinkEvent::Lost { .. }), "{event:?}");
        }
        let bars = done.unwrap();
        assert!(bars > 10_000, "{bars}");
        assert!(matches!(stand.broker.state(), LinkState::Up { epoch } if epoch.number() == 1));
        let past = stand.wire.asked().iter().filter(|kind| **kind == 20).count();
        assert_eq!(past, 200, "each was asked for once");
        // A hundred small ones and four heads, sixty in ten minutes.
        assert!(stand.clock.now().since(NOON) >= Duration::from_secs(600));
    });
}

#[test]
fn scenario_mkt_09_a_line_that_there_is_not_is_refused_here_and_says_why() {
    run(async {
        let (stand, said) = strict().await;
        let options = options(&stand, &said, 102).await;
        let broker = stand.broker.clone();
        let mut lines = in_time((&stand, &said), {
            let (broker, options) = (broker.clone(), options[..100].to_vec());
            async move {
                let lines = join_all(options.iter().map(|option| OptionFeed::follow(&broker, *option))).await;
                lines.into_iter().map(Result::unwrap).collect::<Vec<_>>()
            }
        })
        .await;
        let one_more = |option: Symbol| {
            let broker = broker.clone();
            async move { OptionFeed::follow(&broker, option).await }
        };
        match at_once(one_more(options[100])).await {
            Err(OptionFeedError::NoLine { reason, .. }) => {
                assert!(reason.contains("100 of 100 market-data lines are in use"), "{reason}");
            }
            other => panic!("{:?}", other.map(|_| ())),
        }
        drop(lines.pop());
        stand.clock.advance(Duration::from_secs(1));
        lines.push(in_time((&stand, &said), one_more(options[101])).await.unwrap());
        assert_eq!(refusals(&said), []);
        drop(lines);
        while gauge(&broker, Rule::Lines) > 0 {
            in_time((&stand, &said), async {}).await;
            stand.clock.advance(Duration::from_secs(1));
        }
    });
}

/// What others hold is not ours to count: TWS says that no line is left, and nobody gives one back by waiting.
#[test]
fn a_line_that_others_have_taken_is_missing_at_once_and_asked_for_once() {
    run(async {
        let (stand, said) = strict().await;
        let option = options(&stand, &said, 1).await[0];
        let taken = Scenario::new().on(Event::received(RequestKind::MarketData));
        stand.tws.play(taken.act(Act::Refuse(Refusal::of(101))).always().done().unwrap()).await.unwrap();
        let (broker, before) = (stand.broker.clone(), stand.clock.now());
        let (quote, computed) = in_time_while((&stand, &said), SNAPSHOTS, async move {
            let quote = QuoteFeed::snapshot(&broker, symbol("AAPL")).await;
            (quote, OptionFeed::snapshot(&broker, option).await)
        })
        .await;
        match quote {
            Err(FeedError::NoLine { reason, .. }) => assert!(reason.contains("101"), "{reason}"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(computed, Err(OptionFeedError::NoLine { .. })), "{computed:?}");
        let took = stand.clock.now().since(before);
        assert!(took < patient().answer, "nobody waits for a line: {took:?}");
        assert_eq!(stand.wire.asked().iter().filter(|kind| **kind == LINE).count(), 2, "each once");
        // What is given back is free again a moment later.
        for _ in 0..3 {
            in_time((&stand, &said), async {}).await;
            stand.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(gauge(&stand.broker, Rule::Lines), 0, "what was refused is not counted");
    });
}

/// reqMktData.
const LINE: u32 = 1;

pub(crate) fn gauge(broker: &IbBroker, rule: Rule) -> u32 {
    let gauges = broker.pacer().gauges();
    gauges.limits.into_iter().find(|gauge| gauge.rule == rule).unwrap().used
}

/// So many options of one share, looked up.
pub(crate) async fn options(stand: &Stand, said: &Said, many: usize) -> Vec<Symbol> {
    let broker = stand.broker.clone();
    in_time((stand, said), async move {
        let chains = broker.option_chains(&"AAPL".parse().unwrap()).await.unwrap();
        let chain = chains.iter().find(|it| it.exchange() == "SMART").unwrap();
        let mut symbols = Vec::new();
        let days: Vec<_> = chain.expiries().collect();
        for (day, strike) in days.into_iter().flat_map(|day| chain.strikes().map(move |strike| (day, strike)))
        {
            // Not every strike is there for every day.
            let option = chain.option(day, strike, Right::Call).unwrap();
            if let Ok(contract) = broker.resolve(&option.into()).await {
                symbols.push(contract.symbol());
            }
            if symbols.len() == many {
                break;
            }
        }
        symbols
    })
    .await
}

#[test]
fn scenario_mkt_14_questions_by_the_hundred_never_come_too_fast() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        in_time((&stand, &said), async move {
            let questions = (0..300).map(|_| broker.executions(NOON));
            let cancel = async { broker.cancel_everything().await.unwrap() };
            let (answers, ()) = futures::join!(join_all(questions), cancel);
            assert!(answers.iter().all(Result::is_ok));
        })
        .await;
        assert_eq!(refusals(&said), []);
        let took = stand.clock.now().since(NOON);
        assert!(took >= Duration::from_millis(300 * 1_000 / 45), "{took:?}");
        let first_cancel = stand.wire.asked().iter().position(|kind| *kind == GLOBAL_CANCEL).unwrap();
        assert!(first_cancel < 60, "it passed by those that waited: {first_cancel}");
    });
}

const GLOBAL_CANCEL: u32 = 58;

#[test]
fn scenario_rst_12_orders_of_an_earlier_run_take_their_places_on_their_side() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        in_time((&stand, &said), async move {
            for number in 0..20 {
                broker.submit(&resting(number)).await.unwrap();
            }
        })
        .await;
        full(&stand.broker, &stand, &said).await;
        // Another process with the same client id: it has seen nothing.
        stand.drop_link().await;
        let (port, clock) = (stand.wire.port(), stand.clock.clone());
        let next = on_runtime(async move {
            // Nobody asks what TWS owes this one before time moves on.
            let waits = Waits { answer: Duration::from_secs(3_600), ..unhurried() };
            let settings = IbSettings::new("127.0.0.1", port, 7).unwrap().with_waits(waits);
            let broker = IbBroker::new(settings, Arc::new(clock)).unwrap();
            broker.open().await.unwrap();
            broker
        })
        .await;
        full(&next, &stand, &said).await;
        in_time((&stand, &said), async move {
            next.cancel(&fixtures::cleared_cancel(&key(3), None, None)).await.unwrap();
            next.submit(&resting(99)).await.unwrap();
        })
        .await;
    });
}

#[test]
fn a_question_about_another_order_waits_for_its_turn() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        let answers = in_time((&stand, &said), async move {
            let question = |number| fixtures::cleared_preview(resting(number).intent().clone());
            [broker.preview(&question(1)).await.is_ok(), broker.preview(&question(2)).await.is_ok()]
        })
        .await;
        assert_eq!(answers, [true, true]);
        assert!(stand.clock.now().since(NOON) >= Duration::from_secs(55), "one in a minute");
    });
}

/// One more order of the side never leaves, and the error says which limit it is.
async fn full(broker: &IbBroker, stand: &Stand, said: &Said) {
    let one_more = broker.clone();
    let refused = in_time((stand, said), async move { one_more.submit(&resting(50)).await }).await;
    let text = match refused {
        Err(SubmitError::NotSent(cause)) => cause.to_string(),
        other => format!("{other:?}"),
    };
    assert!(text.contains("20 of 20 orders on one side of a contract are in use"), "{text}");
}
