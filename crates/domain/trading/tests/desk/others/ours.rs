//! Orders of ours that the broker lists oddly: each counts once, as one of ours.

use super::*;
use crate::money::beside_msft;
use std::time::Duration;
use tradeport_orders::{CancelError, CancelTag, OrderState};
use tradeport_risk::SwitchReason;
use tradeport_trading::{Cancelled, DeskError};

/// The broker's word on `a`, which bears no number of it.
fn says(house: &House, phase: BrokerPhase) {
    let word = BrokerStatus { perm_id: None, ..status(phase, 0) };
    house.broker.say(Some("a"), BrokerNews::Status(word));
}

/// What it lists of `a`, for 40 units, without a number.
fn listed(placed_by: PlacedBy) -> BrokerOrder {
    let row = by_hand(Side::Buy, 40, 0);
    let status = BrokerStatus { perm_id: None, ..row.status.clone() };
    BrokerOrder { key: Some(key("a")), perm_id: None, placed_by: Some(placed_by), status, ..row }
}

async fn fits(desk: &OrderDesk, units: u32) {
    assert_eq!((may_buy(desk, units).await, may_buy(desk, units + 1).await), (Ok(()), too_many(51)));
}

#[test]
fn an_order_that_lives_by_the_list_again_counts_once_though_it_bears_no_number() {
    block_on(async {
        for (placed_by, is_new_epoch) in
            [(PlacedBy::ThisClient, false), (PlacedBy::ThisClient, true), (PlacedBy::OtherClient, false)]
        {
            let house = House::new();
            let desk = house.desk_under(at_most(50)).await;
            desk.submit(buy("a", 40)).await.unwrap();
            says(&house, BrokerPhase::Refused);
            desk.pump().await.unwrap();
            fits(&desk, 50).await;
            house.clock.advance(Duration::from_secs(1));
            lists(&house.broker, vec![listed(placed_by)]);
            if is_new_epoch {
                desk.resume().await.unwrap()
            } else {
                look(&desk).await
            }
            assert!(desk.order(&key("a")).await.unwrap().state().may_trade());
            fits(&desk, 10).await;
            assert!(desk.awake_orders().await.is_empty(), "it is looked after");
        }
    });
}

#[test]
fn an_order_at_work_counts_once_under_whatever_client_it_is_listed_without_a_number() {
    block_on(async {
        for placed_by in [PlacedBy::ThisClient, PlacedBy::OtherClient, PlacedBy::Hand] {
            let house = House::new();
            let desk = house.desk_under(at_most(50)).await;
            desk.submit(buy("a", 40)).await.unwrap();
            lists(&house.broker, vec![listed(placed_by)]);
            look(&desk).await;
            fits(&desk, 10).await;
            desk.resume().await.unwrap();
            fits(&desk, 10).await;
        }
    });
}

/// It ended between the two lists that the broker told: the one of open orders is of before that.
#[test]
fn an_order_that_is_listed_as_open_and_as_ended_is_not_awake() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        desk.submit(buy("a", 40)).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        let open = listed(PlacedBy::ThisClient);
        let ended = BrokerStatus { phase: BrokerPhase::Cancelled, ..open.status.clone() };
        house.broker.script(|script| script.completed = vec![BrokerOrder { status: ended, ..open.clone() }]);
        lists(&house.broker, vec![open]);
        look(&desk).await;
        assert!(desk.awake_orders().await.is_empty());
        fits(&desk, 50).await;
    });
}

#[test]
fn what_a_correction_takes_back_of_an_awake_order_is_open_again() {
    block_on(async {
        let house = House::new();
        let desk = with_one_that_ended(&house).await;
        house.clock.advance(Duration::from_secs(1));
        lists(&house.broker, vec![BrokerOrder { key: Some(key("a")), ..by_hand(Side::Buy, 40, 0) }]);
        look(&desk).await;
        for (revision, units) in [(1, 30), (2, 20)] {
            let id = ExecutionId::new("x", revision);
            let told = Execution { id, key: Some(key("a")), ..traded("x", units) };
            house.broker.say(Some("a"), BrokerNews::Executed(told));
            desk.pump().await.unwrap();
            fits(&desk, 10).await;
        }
    });
}

/// Two orders at the broker under one key: the list shows each by its number, and may say no more of them.
#[test]
fn a_twin_that_is_listed_without_its_key_counts_once() {
    block_on(async {
        let house = House::new();
        let (desk, msft) = beside_msft(&house).await;
        desk.submit(buy("a", 20)).await.unwrap();
        for number in [1, 2] {
            let word = numbered(number, Side::Buy, 20).status;
            house.broker.say(Some("a"), BrokerNews::Status(word));
        }
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().twins().count(), 1);
        lists(&house.broker, [1, 2].map(|number| numbered(number, Side::Buy, 20)).into());
        look(&desk).await;
        // Both of 20 at 100, and ten of the other, are a twentieth of 100 000.
        let of_msft = |name, units| {
            let draft = OrderDraft { symbol: msft, ..buy(name, units).to_draft() };
            draft.check().unwrap()
        };
        assert_eq!(refused(&desk, of_msft("b", 11)).await.unwrap().rule, Rule::MaxGrossShare);
        assert!(refused(&desk, of_msft("c", 10)).await.is_none());
    });
}

/// The desk of [`with_one_that_ended`], to which the broker lists `a` as one that may trade.
async fn with_one_awake(house: &House) -> OrderDesk {
    let desk = with_one_that_ended(house).await;
    house.clock.advance(Duration::from_secs(1));
    lists(&house.broker, vec![BrokerOrder { key: Some(key("a")), ..by_hand(Side::Buy, 40, 0) }]);
    look(&desk).await;
    desk
}

fn cancels(house: &House) -> usize {
    house.broker.script(|script| script.cancels.iter().filter(|it| **it == key("a")).count())
}

#[test]
fn an_awake_order_is_cancelled_like_one_that_lives() {
    block_on(async {
        let house = House::new();
        let desk = with_one_awake(&house).await;
        // What the broker lists on is not cancelled, whatever is known of it here.
        let answer = desk.cancel(&key("a"), CancelTag::default()).await;
        assert!(matches!(answer, Err(DeskError::Cancel(CancelError::OutcomeUnknown(_)))), "{answer:?}");
        assert_eq!((cancels(&house), desk.awake_orders().await.len()), (1, 1));
        let all = desk.cancel_all(Some(&account()), CancelTag::default()).await.unwrap();
        assert!(
            matches!(
                &all[..],
                [Cancelled { outcome: Err(DeskError::Cancel(CancelError::OutcomeUnknown(_))), .. }]
            ),
            "{all:?}"
        );
        assert_eq!(cancels(&house), 2);
        assert!(
            desk.cancel_all(Some(&"DU2".parse().unwrap()), CancelTag::default()).await.unwrap().is_empty()
        );
        // After a restart as well: that it was asked for proves no end.
        house.clock.advance(Duration::from_secs(1));
        let desk = house.desk().await;
        lists(&house.broker, Vec::new());
        let order = desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
        assert_eq!((order.state(), cancels(&house)), (OrderState::Cancelled, 3));
        assert!(desk.awake_orders().await.is_empty());
        let gone = desk.cancel(&key("a"), CancelTag::default()).await;
        assert!(matches!(gone, Err(DeskError::Ended { .. })), "{gone:?}");
        assert!(desk.cancel_all(None, CancelTag::default()).await.unwrap().is_empty());
        assert_eq!(cancels(&house), 3);
    });
}

#[test]
fn a_killed_switch_cancels_an_awake_order_until_the_broker_lists_it_no_more() {
    block_on(async {
        let house = House::new();
        let desk = with_one_awake(&house).await;
        desk.kill("ada", SwitchReason::new("stop").unwrap()).await.unwrap();
        desk.tend_switch().await;
        assert_eq!(cancels(&house), 1);
        desk.tend_switch().await;
        assert_eq!(cancels(&house), 1, "it is not due");
        house.clock.advance(Duration::from_secs(1));
        lists(&house.broker, Vec::new());
        desk.tend_switch().await;
        assert_eq!(cancels(&house), 2);
        house.clock.advance(Duration::from_secs(60));
        desk.tend_switch().await;
        assert_eq!((cancels(&house), desk.awake_orders().await.len()), (2, 0));
    });
}

#[test]
fn an_awake_order_is_awake_no_more_once_the_broker_says_that_it_has_ended() {
    block_on(async {
        for number in [Some(NUMBER), None] {
            let house = House::new();
            let desk = with_one_awake(&house).await;
            let word = |phase| BrokerNews::Status(BrokerStatus { perm_id: number, ..status(phase, 0) });
            house.broker.say(Some("a"), word(BrokerPhase::Working));
            desk.pump().await.unwrap();
            assert_eq!(desk.awake_orders().await.len(), 1);
            house.broker.say(Some("a"), word(BrokerPhase::Cancelled));
            desk.pump().await.unwrap();
            assert!(desk.awake_orders().await.is_empty());
            fits(&desk, 50).await;
        }
    });
}
