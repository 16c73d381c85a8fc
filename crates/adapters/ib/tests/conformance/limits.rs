//! Rows of market data and history in which a limit of TWS decides: it is asked for more than it allows, all at once, by
//! callers who know nothing of each other, and never has a reason to refuse.

use crate::link::run;
use crate::pacing::{SNAPSHOTS, gauge, in_time, in_time_while, options, refusals, strict};
use crate::stand::{NOON, symbol};
use futures::future::join_all;
use std::time::Duration;
use tradeport_connection::pacing::Rule;
use tradeport_kernel::{Clock, TimeRange};
use tradeport_market_data::{BarHistory, BarRequest, BarSize, FeedError, OptionFeed, QuoteFeed};

#[test]
fn scenario_his_06_a_hundred_questions_at_once_are_never_more_than_tws_answers_at_once() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        let days = (1..=100_u32).map(|day| NOON.before(Duration::from_secs(86_400) * day));
        let requests: Vec<_> = days
            .map(|start| {
                let range = TimeRange::new(start, start.after(Duration::from_secs(3_600)));
                BarRequest { symbol: symbol("AAPL"), size: BarSize::MINUTE, range }
            })
            .collect();
        let answers = in_time((&stand, &said), async move {
            join_all(requests.iter().map(|request| broker.bars(request))).await
        })
        .await;
        assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|it| it.is_err()));
        assert_eq!(refusals(&said), []);
        // What is given back is free again a moment later.
        stand.clock.advance(Duration::from_secs(1));
        assert_eq!(gauge(&stand.broker, Rule::HistoryOpen), 0, "every place is given back");
    });
}

#[test]
fn scenario_mkt_10_snapshots_give_their_lines_back_at_tws() {
    run(async {
        let (stand, said) = strict().await;
        for _ in 0..4 {
            let broker = stand.broker.clone();
            let quotes = in_time_while((&stand, &said), SNAPSHOTS, async move {
                join_all((0..90).map(|_| QuoteFeed::snapshot(&broker, symbol("AAPL")))).await
            })
            .await;
            let is_answered = |it: &Result<_, FeedError>| matches!(it, Ok(_) | Err(FeedError::NoData(_)));
            assert!(quotes.iter().all(is_answered), "{:?}", quotes.iter().find(|it| !is_answered(it)));
            // What is given back is free again a moment later.
            stand.clock.advance(Duration::from_secs(1));
            assert_eq!((refusals(&said), gauge(&stand.broker, Rule::Lines)), (vec![], 0));
        }
    });
}

#[test]
fn scenario_mkt_15_a_hundred_subscriptions_at_once_are_spread() {
    run(async {
        let (stand, said) = strict().await;
        let options = options(&stand, &said, 90).await;
        let (broker, before) = (stand.broker.clone(), stand.clock.now());
        let lines = in_time((&stand, &said), async move {
            join_all(options.iter().map(|option| OptionFeed::follow(&broker, *option))).await
        })
        .await;
        assert!(lines.iter().all(Result::is_ok), "{}", lines.iter().filter(|it| it.is_err()).count());
        assert_eq!((refusals(&said), gauge(&stand.broker, Rule::Lines)), (vec![], 90));
        let took = stand.clock.now().since(before);
        assert!(took >= Duration::from_secs(1), "not in one go: {took:?}");
    });
}

#[test]
fn scenario_mkt_19_beyond_the_streams_of_ticks_quotes_are_sampled() {
    run(async {
        let (stand, said) = strict().await;
        let broker = stand.broker.clone();
        let names = ["AAPL", "IBM", "MSFT", "T", "SPY", "QQQ"].map(symbol);
        let most = stand.broker.pacer().gauges();
        let most = most.limits.into_iter().find(|it| it.rule == Rule::TickByTick).unwrap().limit.most();
        assert!((most as usize) < names.len(), "there are more names than streams: {most}");
        let quotes = in_time((&stand, &said), async move {
            join_all(names.iter().map(|name| broker.subscribe(std::slice::from_ref(name)))).await
        })
        .await;
        assert!(quotes.iter().all(Result::is_ok), "each is served, one way or the other");
        assert_eq!(refusals(&said), []);
        assert!(stand.wire.lines() <= most as usize);
        assert!(gauge(&stand.broker, Rule::Lines) >= 1, "the rest are lines of the top of the book");
    });
}
