//! Answers that are read whole, however slow whoever asked is, and whether it still waits or not.

use crate::chaos::patiently;
use crate::link::run;
use crate::link_scenarios::another_client;
use crate::pacing::{in_time, refusals, strict_of};
use crate::stand::{Stand, beside, idle, on_runtime, symbol};
use crate::wire::Fate;
use futures::FutureExt;
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_connection::BrokerLink;
use tradeport_fake_tws::server::ServerSettings;
use tradeport_kernel::{AccountId, Clock, OrderKey, Quantity, Timestamp};
use tradeport_market_data::{FeedError, QuoteFeed};
use tradeport_orders::{OrderDraft, OrderGateway, OrderKind, Side};
use tradeport_portfolio::AccountFeed;

const OPEN_ORDER: u32 = 5;
const ASK_EXECUTIONS: u32 = 7;
const EXECUTION: u32 = 11;
const ASK_OPEN_ORDERS: u32 = 16;
const OPEN_ORDERS_END: u32 = 53;
const TIME: u32 = 49;
const FIGURES_END: u32 = 54;
const ASK_TICKS: u32 = 97;
const ASK_ENDED_ORDERS: u32 = 99;
const ENDED_ORDER: u32 = 101;

fn account() -> AccountId {
    AccountId::new("DU1234567").unwrap()
}

async fn place(stand: &Stand, name: &str, kind: OrderKind) {
    let (key, ten) = (OrderKey::new(name).unwrap(), "10".parse::<Quantity>().unwrap());
    let draft = OrderDraft::new(key, account(), symbol("AAPL"), Side::Buy, ten, kind);
    stand.broker.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
}

fn resting() -> OrderKind {
    OrderKind::Limit { limit: "50".parse().unwrap() }
}

/// How often was this asked?
fn asked(stand: &Stand, kind: u32) -> usize {
    stand.wire.asked().iter().filter(|it| **it == kind).count()
}

#[test]
fn whoever_is_slow_to_read_loses_no_row() {
    run(async {
        let stand = Stand::quoted().await;
        place(&stand, "one", OrderKind::Market).await;
        stand.quote("AAPL").await;
        stand.settle().await;
        let before = asked(&stand, ASK_EXECUTIONS);
        // More than the library keeps for one question.
        stand
            .wire
            .script(Box::new(|kind, _| if kind == EXECUTION { Fate::Times(3_000) } else { Fate::Pass }));
        let mut asking = std::pin::pin!(stand.broker.executions(Timestamp::EPOCH));
        while asked(&stand, ASK_EXECUTIONS) == before {
            assert!(asking.as_mut().now_or_never().is_none(), "nothing has come");
        }
        // Nobody looks while it comes.
        stand.settle().await;
        idle();
        assert_eq!(asking.await.unwrap().rows().len(), 1);
        // Where much else runs, whoever takes the rows may have fallen behind once: then it is asked once more.
        assert!((1..=2).contains(&(asked(&stand, ASK_EXECUTIONS) - before)), "it was asked again and again");
    });
}

#[test]
fn the_rest_of_an_answer_that_nobody_waits_for_is_not_the_beginning_of_the_next() {
    run(async {
        for (row, question) in [(OPEN_ORDER, ASK_OPEN_ORDERS), (ENDED_ORDER, ASK_ENDED_ORDERS)] {
            let stand = Stand::quoted().await;
            for name in ["one", "two", "three"] {
                place(&stand, name, resting()).await;
                if row == ENDED_ORDER {
                    let cancel = fixtures::cleared_cancel(&OrderKey::new(name).unwrap(), None, None);
                    stand.broker.cancel(&cancel).await.unwrap();
                }
            }
            stand.settle().await;
            let list = |stand: &Stand| {
                let broker = stand.broker.clone();
                async move {
                    if row == OPEN_ORDER {
                        broker.open_orders().await
                    } else {
                        broker.completed_orders().await
                    }
                }
            };
            assert_eq!(list(&stand).await.unwrap().rows().len(), 3);
            let (mut rows, before) = (0, asked(&stand, question));
            stand.wire.script(Box::new(move |kind, _| {
                rows += usize::from(kind == row);
                if rows == 2 { Fate::Hold } else { Fate::Pass }
            }));
            {
                let mut asking = Box::pin(list(&stand));
                while asked(&stand, question) == before {
                    assert!(asking.as_mut().now_or_never().is_none(), "it has not ended");
                }
                stand.tws.with(|_| ()).await.unwrap();
                idle();
                // Whoever asked goes, in the midst of the answer.
            }
            let next = beside(list(&stand));
            idle();
            stand.tws.with(|_| ()).await.unwrap();
            stand.wire.let_go();
            assert_eq!(next.await.unwrap().unwrap().rows().len(), 3, "all of them");
        }
    });
}

#[test]
fn figures_are_whole_though_whoever_asked_before_has_gone() {
    run(async {
        let stand = Stand::quoted().await;
        let whole = stand.broker.summary(&account()).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if kind == FIGURES_END { Fate::Hold } else { Fate::Pass }));
        let summary = |stand: &Stand| {
            let broker = stand.broker.clone();
            async move { broker.summary(&account()).await }
        };
        let asking = beside(summary(&stand));
        stand.tws.with(|_| ()).await.unwrap();
        idle();
        asking.abort();
        idle();
        let next = beside(summary(&stand));
        idle();
        stand.tws.with(|_| ()).await.unwrap();
        stand.wire.let_go();
        let next = next.await.unwrap().unwrap();
        assert_eq!((next.net_liquidation, next.buying_power), (whole.net_liquidation, whole.buying_power));
    });
}

#[test]
fn an_answer_that_never_ends_is_waited_for_so_long_and_no_longer() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.script(Box::new(|kind, _| if kind == OPEN_ORDERS_END { Fate::Drop } else { Fate::Pass }));
        let limit = stand.broker.settings().waits().answer;
        for _ in 0..2 {
            let broker = stand.broker.clone();
            let asking = beside(async move { broker.open_orders().await });
            idle();
            stand.tws.with(|_| ()).await.unwrap();
            idle();
            stand.clock.advance(limit + Duration::from_secs(1));
            let error = asking.await.unwrap().unwrap_err();
            assert!(format!("{error:?}").contains("Silent"), "{error:?}");
        }
        // It is given up: whoever asks then is answered.
        stand.wire.script(Box::new(|_, _| Fate::Pass));
        stand.clock.advance(limit * 10);
        idle();
        assert_eq!(stand.broker.open_orders().await.unwrap().rows().len(), 0);
    });
}

#[test]
fn figures_of_two_accounts_do_not_meet() {
    run(async {
        let mut settings = ServerSettings::default();
        let mut second = settings.accounts[0].clone();
        second.id = AccountId::new("DU7654321").unwrap();
        settings.accounts.push(second);
        let ids: Vec<AccountId> = settings.accounts.iter().map(|it| it.id.clone()).collect();
        let (stand, said) = strict_of(settings).await;
        let broker = stand.broker.clone();
        // More than may be said in a second, so that what ends an answer waits for its turn as well.
        let asked = in_time((&stand, &said), async move {
            let asked = ids.iter().cycle().take(200).map(|id| broker.summary(id));
            futures::future::join_all(asked).await
        });
        let asked = asked.await;
        assert!(asked.iter().all(Result::is_ok), "{:?}", asked.iter().find(|it| it.is_err()));
        assert_eq!(refusals(&said), []);
    });
}

/// The time that TWS tells has no number: it comes to everybody who waits for it. What was asked before proves nothing of what
/// came after it.
#[test]
fn the_time_that_somebody_else_asked_for_before_ends_no_wait() {
    run(async {
        let stand = Stand::quoted().await;
        // It is known from here on, and not looked up again.
        drop(stand.broker.subscribe(&[symbol("AAPL")]).await.unwrap());
        let refusing = "[[rule]]\non = \"received\"\nmessage = \"reqTickByTickData\"\ntimes = \"always\"\n\
                        do = [{ refuse = { code = 200 } }]\n";
        stand.tws.with(move |server| server.play(&refusing.parse().unwrap())).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if kind == TIME { Fate::Hold } else { Fate::Pass }));
        let (times, ticks) = (asked(&stand, TIME), asked(&stand, ASK_TICKS));
        let broker = stand.broker.clone();
        let before = beside(async move { broker.probe(Duration::from_secs(3_600)).await });
        while asked(&stand, TIME) == times {
            idle();
        }
        let broker = stand.broker.clone();
        let refused = beside(async move { broker.subscribe(&[symbol("AAPL")]).await.map(drop) });
        while asked(&stand, ASK_TICKS) == ticks {
            idle();
        }
        stand.tws.with(|_| ()).await.unwrap();
        idle();
        stand.wire.let_one_go();
        assert!(before.await.unwrap().is_ok());
        idle();
        assert!(!refused.is_finished(), "TWS has not come to it yet");
        while asked(&stand, TIME) < times + 2 {
            idle();
        }
        stand.tws.with(|_| ()).await.unwrap();
        stand.wire.let_go();
        let refused = refused.await.unwrap();
        assert!(matches!(refused, Err(FeedError::UnknownSymbol(_))), "{refused:?}");
    });
}

/// However many wait, two questions are enough: the one that is out, and one for all who came after it.
#[test]
fn those_who_wait_for_the_time_share_the_next_question() {
    run(async {
        let stand = Stand::quoted().await;
        let times = asked(&stand, TIME);
        stand.wire.script(Box::new(|kind, _| if kind == TIME { Fate::Hold } else { Fate::Pass }));
        let probe = || {
            let broker = stand.broker.clone();
            beside(async move { broker.probe(Duration::from_secs(3_600)).await })
        };
        let first = probe();
        while asked(&stand, TIME) == times {
            idle();
        }
        let others: Vec<_> = (0..100).map(|_| probe()).collect();
        // One of them goes.
        others[50].abort();
        idle();
        stand.tws.with(|_| ()).await.unwrap();
        stand.wire.let_go();
        assert!(first.await.unwrap().is_ok());
        for other in others {
            assert!(other.await.map_or_else(|gone| gone.is_cancelled(), |told| told.is_ok()));
        }
        assert_eq!(asked(&stand, TIME) - times, 2);
    });
}

/// Descriptions of contracts, and the end of them.
const DESCRIBED: [u32; 2] = [10, 52];

#[test]
fn what_is_held_is_told_while_no_definition_is() {
    run(async {
        let stand = Stand::quoted().await;
        for name in ["AAPL", "IBM"] {
            let (key, one) =
                (OrderKey::new(&format!("buys-{name}")).unwrap(), "1".parse::<Quantity>().unwrap());
            let draft = OrderDraft::new(key, account(), symbol(name), Side::Buy, one, OrderKind::Market);
            stand.broker.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
        }
        stand.settle().await;
        // Whoever comes later knows neither of them.
        let other = another_client(&stand).await;
        stand
            .wire
            .script(Box::new(|kind, _| if DESCRIBED.contains(&kind) { Fate::Drop } else { Fate::Pass }));
        let before = stand.clock.now();
        let asked = on_runtime(async move { other.positions(&account()).await });
        let held = patiently(&stand, asked).await.unwrap();
        let mut symbols: Vec<_> = held.rows().iter().map(|it| it.symbol().to_string()).collect();
        symbols.sort_unstable();
        assert_eq!(symbols, ["AAPL", "IBM"]);
        // A proof of what is held has twenty seconds.
        assert!(stand.clock.now().since(before) < Duration::from_secs(10));
    });
}
