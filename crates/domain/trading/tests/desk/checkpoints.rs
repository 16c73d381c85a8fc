//! Orders that ended long ago are not in memory after a start, and are found all the same.

use crate::breaks::{held, kept};
use crate::support::*;
use futures::executor::block_on;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, BrokerStatus, CancelTag, Execution, JournalCheckpoint, JournalEntry, OrderDraft,
    OrderInput, OrderIntent, OrderJournal, OrderKind, OrderState, RefusedBy, Side,
};
use tradeport_portfolio::PortfolioSnapshot;
use tradeport_trading::{DeskError, ProtectionPolicy};

/// More than stay in memory: each was sent and refused, long before the time of the tests.
async fn a_long_past(house: &House, orders: i64) {
    for number in 0..orders {
        let at = Timestamp::from_seconds(number * 100 - 1_000_000);
        refused_at(house, at, buy(&format!("past-{number}"), 10)).await;
    }
}

/// An order that was sent and refused at that time, in the journal alone.
pub(crate) async fn refused_at(house: &House, at: Timestamp, intent: OrderIntent) {
    let key = intent.key().clone();
    let happened = |input| JournalEntry::happened(key.clone(), input, at);
    let refused = OrderInput::Refused { reason: "no such route".to_owned() };
    let life = [JournalEntry::intended(intent, at), happened(OrderInput::Sent), happened(refused)];
    house.journal.append(&life).await.unwrap();
}

#[test]
fn a_key_of_long_ago_still_has_its_first_answer() {
    block_on(async {
        let house = House::new();
        a_long_past(&house, 2_100).await;
        house.desk().await.checkpoint().await.unwrap();
        let desk = house.desk().await;
        assert!(desk.orders().await.len() < 2_100, "not every order is in memory");
        let placed = desk.submit(buy("past-1", 10)).await.unwrap();
        assert!(placed.repeat && placed.order.state() == OrderState::Refused);
        let other = desk.submit(buy("past-2", 11)).await;
        assert!(matches!(other, Err(DeskError::KeyReused(used)) if used == key("past-2")));
        let family = desk.submit_family(vec![buy("past-3", 10)]).await.unwrap();
        assert!(family.repeat);
        let cancelled = desk.cancel(&key("past-4"), CancelTag::default()).await;
        assert!(matches!(cancelled, Err(DeskError::Ended { state: OrderState::Refused, .. })));
        assert_eq!(desk.order(&key("past-5")).await.unwrap().state(), OrderState::Refused);
        assert_eq!(desk.order(&key("never")).await, None);
        assert_eq!(sent(&house.broker), 0, "nothing of it was sent again");
    });
}

#[test]
fn a_key_of_an_account_that_is_gone_still_has_its_first_answer() {
    block_on(async {
        let house = House::new();
        let of_old = |name: &str| {
            let draft = OrderDraft { account: "DU9".parse().unwrap(), ..buy(name, 10).to_draft() };
            draft.check().unwrap()
        };
        refused_at(&house, Timestamp::from_seconds(-2_000_000), of_old("old")).await;
        a_long_past(&house, 2_100).await;
        house.desk().await.checkpoint().await.unwrap();
        let desk = house.desk().await;
        assert!(desk.orders().await.iter().all(|order| order.intent().key() != &key("old")));
        let placed = desk.submit(of_old("old")).await.unwrap();
        assert!(placed.repeat && placed.order.state() == OrderState::Refused);
        assert!(matches!(desk.submit(of_old("new")).await, Err(DeskError::UnknownAccount(_))));
        assert_eq!(sent(&house.broker), 0);
    });
}

#[test]
fn a_stop_for_an_entry_of_long_ago_is_told_of_when_it_goes() {
    block_on(async {
        let house = House::new();
        let at = Timestamp::from_seconds(-2_000_000);
        let happened = |input| JournalEntry::happened(key("old"), input, at);
        let traded = Execution { at, ..execution("old-10", Some("old"), 10) };
        let life = [
            JournalEntry::intended(buy("old", 10), at),
            happened(OrderInput::Sent),
            happened(OrderInput::Executed { execution: traded }),
        ];
        house.journal.append(&life).await.unwrap();
        a_long_past(&house, 2_100).await;
        house.desk().await.checkpoint().await.unwrap();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        assert!(desk.orders().await.iter().all(|order| order.intent().key() != &key("old")));
        let kind = OrderKind::Stop { stop: "80".parse().unwrap() };
        let stop = OrderDraft { side: Side::Sell, kind, ..buy("stop", 10).to_draft() }.child_of(key("old"));
        desk.submit(stop.check().unwrap()).await.unwrap();
        let (phase, filled) = (BrokerPhase::Cancelled, Decimal::ZERO);
        let gone = BrokerStatus { phase, filled, perm_id: None, reason: None };
        house.broker.say(Some("stop"), BrokerNews::Status(gone));
        desk.pump().await.unwrap();
        for desk in [desk, house.desk().await] {
            let gaps = desk.cover_gaps(&ProtectionPolicy::default()).await;
            assert_eq!(gaps.iter().map(|gap| gap.bare).collect::<Vec<_>>(), [Decimal::TEN]);
        }
    });
}

#[test]
fn money_of_an_order_of_long_ago_still_reaches_it() {
    block_on(async {
        let house = House::new();
        a_long_past(&house, 2_100).await;
        house.desk().await.checkpoint().await.unwrap();
        let desk = house.desk().await;
        house.broker.say(Some("past-1"), BrokerNews::Executed(execution("x", Some("past-1"), 4)));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("past-1")).await.unwrap().filled(), Decimal::from(4));
        let held = desk.portfolio(&account()).await.unwrap();
        assert_eq!(held.position(apple()).unwrap().quantity().as_decimal(), Decimal::from(4));
        // The next start finds it as well, with and without the checkpoint.
        let with = house.desk().await.order(&key("past-1")).await;
        let nothing = JournalCheckpoint { sequence: 0, document: "no checkpoint".to_owned() };
        house.journal.keep_checkpoint(&nothing).await.unwrap();
        let without = house.desk().await;
        assert_eq!(without.orders().await.len(), 2_100, "all of it is replayed");
        assert_eq!(without.order(&key("past-1")).await, with);
    });
}

#[test]
fn a_long_journal_gets_its_checkpoint_by_itself_and_the_next_after_as_many_records() {
    block_on(async {
        let house = House::new();
        a_long_past(&house, 3_333).await;
        house.desk().await;
        assert_eq!(house.journal.checkpoint().await.unwrap(), None, "9,999 records need none");
        let late = OrderInput::CancelRefused { reason: "too late".to_owned(), by: RefusedBy::Broker };
        let late = JournalEntry::happened(key("past-1"), late, Timestamp::EPOCH);
        house.journal.append(&[late]).await.unwrap();
        let desk = house.desk().await;
        let place = async || house.journal.checkpoint().await.unwrap().map(|kept| kept.sequence);
        assert_eq!(place().await, Some(10_000));
        house.broker.say(Some("past-1"), BrokerNews::Executed(execution("x", Some("past-1"), 4)));
        desk.pump().await.unwrap();
        assert_eq!((house.journal.last().await.unwrap(), place().await), (10_001, Some(10_000)));
        // Without it everything is replayed, in as many pages as there are.
        let nothing = JournalCheckpoint { sequence: 0, document: "no checkpoint".to_owned() };
        house.journal.keep_checkpoint(&nothing).await.unwrap();
        assert_eq!(house.desk().await.order(&key("past-1")).await.unwrap().filled(), Decimal::from(4));
    });
}

#[test]
fn a_position_is_held_against_trades_that_are_no_longer_in_memory_where_they_count() {
    block_on(async {
        let house = House::new();
        let bought = Execution { at: Timestamp::from_seconds(-2_000_000), ..execution("x", Some("old"), 10) };
        let (intent, at) = (buy("old", 10), bought.at);
        let executed = OrderInput::Executed { execution: bought };
        let life = [JournalEntry::intended(intent, at), JournalEntry::happened(key("old"), executed, at)];
        house.journal.append(&life).await.unwrap();
        a_long_past(&house, 2_100).await;
        house.desk().await.checkpoint().await.unwrap();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        let in_memory = desk.orders().await.len();
        assert!(in_memory < 2_101);
        let kept_at = |seconds| Timestamp::from_seconds(seconds);
        let lately = PortfolioSnapshot { at: kept_at(0), ..kept(10) };
        assert_eq!(desk.breaks_since(&lately).await.unwrap(), []);
        assert_eq!(desk.orders().await.len(), in_memory, "the journal is not read for it");
        let before_it = PortfolioSnapshot { at: kept_at(-2_000_100), ..kept(0) };
        assert_eq!(desk.breaks_since(&before_it).await.unwrap(), []);
        assert_eq!(desk.orders().await.len(), 2_101, "every order is there");
    });
}
