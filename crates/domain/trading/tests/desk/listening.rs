//! A desk that listens takes in what the broker says, until it is stopped.

use crate::support::{House, buy, execution, key};
use futures::FutureExt;
use futures::channel::oneshot;
use futures::executor::block_on;
use tradeport_orders::BrokerNews;

#[test]
fn what_is_said_is_taken_in_as_it_comes_and_what_was_said_before_the_stop_as_well() {
    for over_every_epoch in [false, true] {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            let (stop, stopped) = oneshot::channel::<()>();
            let stopped = stopped.map(drop);
            let mut listens =
                if over_every_epoch { desk.follow(stopped).boxed() } else { desk.run(stopped).boxed() };
            assert!(futures::poll!(&mut listens).is_pending());
            let filled = async || desk.order(&key("a")).await.unwrap().filled();
            house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 4)));
            assert!(futures::poll!(&mut listens).is_pending());
            assert_eq!(filled().await, 4.into());
            house.broker.say(Some("a"), BrokerNews::Executed(execution("y", Some("a"), 3)));
            stop.send(()).unwrap();
            listens.await.unwrap();
            assert_eq!(filled().await, 7.into());
        });
    }
}
