//! What executions and splits do to an account.

use crate::support::{House, account, apple, buy, execution};
use futures::executor::block_on;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::{BrokerNews, Execution, ExecutionId};
use tradeport_trading::OrderDesk;

/// What is held, and the cash.
async fn has(desk: &OrderDesk) -> (Decimal, Decimal) {
    let portfolio = desk.portfolio(&account()).await.unwrap();
    let held = portfolio.position(apple()).map_or(Decimal::ZERO, |it| it.quantity().as_decimal());
    (held, portfolio.cash().amount())
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects_in_the_account() {
    for key in [Some("a"), None] {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            for (revision, units) in [(1, 10), (2, 8), (1, 10)] {
                let id = ExecutionId::new("x", revision);
                let told = Execution { id, ..execution("x", key, units) };
                house.broker.say(key, BrokerNews::Executed(told));
            }
            desk.pump().await.unwrap();
            assert_eq!(has(&desk).await, (8.into(), 99_200.into()), "of an order of ours: {key:?}");
        });
    }
}

#[test]
fn a_trade_of_nobody_here_is_written_down_once() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        for again in [false, true] {
            house.broker.say(None, BrokerNews::Executed(execution("x", None, 10)));
            desk.pump().await.unwrap();
            assert_eq!(house.audited().await.len(), 1, "told again: {again}");
        }
    });
}

#[test]
fn a_split_changes_how_many_are_held_and_pays_nothing() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.say(None, BrokerNews::Executed(execution("x", None, 10)));
        desk.pump().await.unwrap();
        let split = CorporateAction::split(apple(), Timestamp::EPOCH, 2, 1).unwrap();
        desk.note_split(&split, "50".parse().unwrap()).await.unwrap();
        assert_eq!(has(&desk).await, (20.into(), 99_000.into()));
    });
}
