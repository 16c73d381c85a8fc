//! Orders of ours that the broker lists oddly: each counts once, as one of ours.

use super::*;
use crate::money::beside_msft;
use std::time::Duration;

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
