//! Streams that fail one by one, come back silent, or late.

use crate::house::{Heard, House, account, bid, gaps_in, price, quotes_in, seconds, symbol};
use async_trait::async_trait;
use futures::FutureExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tradeport_connection::subscriptions::StreamNeeds;
use tradeport_connection::{NoticeClass, Remedy};
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{Clock, Symbol};
use tradeport_market_data::{FeedError, FeedEvent, Level, Quote, QuoteFeed, Subscription};
use tradeport_orders::OrderState;
use tradeport_trading::StreamCommand;

/// A feed that fails so many times from now on.
#[derive(Clone)]
struct Flaky {
    feed: FakeBroker,
    fails: Arc<AtomicU32>,
}

#[async_trait]
impl QuoteFeed for Flaky {
    async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError> {
        let left = self.fails.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        if left.is_ok() {
            return Err(FeedError::Unavailable("not now".into()));
        }
        self.feed.subscribe(symbols).await
    }

    async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError> {
        self.feed.snapshot(symbol).await
    }
}

#[test]
fn scenario_net_07_one_stream_that_fails_holds_no_other_up_and_is_asked_again() {
    let mut house = House::ready();
    let third = Flaky { feed: house.broker.clone(), fails: Arc::default() };
    let heard: Vec<Heard> = (0..5)
        .map(|number| if number == 2 { house.listen_to(Arc::new(third.clone())) } else { house.listen() })
        .collect();
    house.run(seconds(60));
    third.fails.store(1, Ordering::Release);
    house.broker.drop_link();
    house.run(seconds(6));
    let states = |house: &House| house.session.view().streams;
    assert_eq!(states(&house).len(), 5);
    house.run(seconds(90));
    for (number, heard) in heard.iter().enumerate() {
        let before = quotes_in(heard);
        assert_eq!(gaps_in(heard), 1, "stream {number}");
        house.run(seconds(30));
        assert_eq!(quotes_in(heard) - before, 10, "stream {number} is back");
    }
    assert_eq!(third.fails.load(Ordering::Acquire), 0, "it did fail once");
    assert_eq!(house.broker.subscribed_symbols(), 1);
}

#[test]
fn scenario_net_08_recovered_and_silent_is_an_alarm() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(60));
    house.quotes_flow(false);
    house.broker.drop_link();
    house.run(seconds(90));
    assert_eq!(house.story(), ["established", "lost", "recovered"]);
    assert_eq!(house.called(), ["streams silent"], "connected, and nothing speaks");
    house.quotes_flow(true);
    house.run(seconds(15));
    assert_eq!(house.called(), ["streams silent", "-streams silent"]);
    assert!(quotes_in(&heard) > 0);
}

#[test]
fn scenario_net_13_what_comes_late_is_kept_and_not_acted_on() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(30));
    house.quotes_flow(false);
    let began = house.clock.now();
    house.run(seconds(120));
    // What was said meanwhile comes now, all at once, with its own times.
    let before = quotes_in(&heard);
    for second in [1, 10, 20, 30] {
        let level = |text: &str| Some(Level::new(price(text), "500".parse().ok()));
        let late =
            Quote::new(symbol(), began.after(seconds(second)), level("99.99"), level("100.01")).unwrap();
        house.broker.publish(late).unwrap();
        house.desk.as_ref().unwrap().note_quote(late);
    }
    house.settle();
    assert_eq!(quotes_in(&heard) - before, 4, "in the order in which it came");
    let last = heard.borrow().iter().rev().find_map(|event| match event {
        FeedEvent::Quote(quote) => Some(quote.at()),
        _ => None,
    });
    assert_eq!(last, Some(began.after(seconds(30))), "with the time that it was said for");
    let desk = house.desk.clone().unwrap();
    let placed = house.wait(async move { desk.submit(bid("a", 10, "90")).await }).unwrap();
    assert_eq!(placed.order.state(), OrderState::Refused, "no order is judged by it");
    let reason = house.reason("a");
    assert!(reason.contains("old"), "{reason}");
    house.quote("99.99", "100.01");
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working, "of now");
    assert_eq!(house.position(), "0", "{}", account());
}

#[test]
fn scenario_frm_07_the_end_of_an_older_request_changes_nothing() {
    let mut house = House::ready();
    let mut wanted = house.session.want(StreamNeeds::QUOTES, None);
    house.settle();
    let Some(Some(StreamCommand::Open(old))) = wanted.next().now_or_never() else {
        panic!("it is asked for")
    };
    wanted.spoke(old, false);
    house.run(seconds(60));
    house.say(NoticeClass::DataLost);
    house.run(seconds(10));
    let Some(Some(StreamCommand::Open(newer))) = wanted.next().now_or_never() else { panic!("and again") };
    assert_ne!(old, newer);
    wanted.spoke(newer, false);
    wanted.failed(old, Remedy::Resubscribe);
    house.run(seconds(300));
    assert!(wanted.next().now_or_never().is_none(), "nothing is asked for because of it");
}
