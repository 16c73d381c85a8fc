//! The same key again has its first answer, whatever can be asked meanwhile.

use crate::support::*;
use futures::executor::block_on;
use tradeport_orders::{Bracket, OrderDraft, OrderIntent, OrderState};
use tradeport_trading::DeskError;

fn bracket(name: &str) -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy(name, 10).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

/// The order that ended while its instrument was still known, and the next desk knows nothing of it but the journal.
#[test]
fn a_repeat_has_its_answer_while_the_catalog_says_nothing() {
    block_on(async {
        let house = House::new();
        let first = house.desk().await;
        first.submit(buy("a", 10)).await.unwrap();
        first.submit_family(bracket("b")).await.unwrap();
        let ended = tradeport_orders::BrokerStatus {
            phase: tradeport_orders::BrokerPhase::Cancelled,
            ..held_by_broker("a", tradeport_orders::BrokerPhase::Cancelled).status
        };
        for name in ["a", "b", "b.target1", "b.stop1"] {
            house.broker.say(Some(name), tradeport_orders::BrokerNews::Status(ended.clone()));
        }
        first.pump().await.unwrap();
        house.broker.script(|script| script.catalog_down = true);
        let desk = house.desk().await;
        let again = desk.submit(buy("a", 10)).await.unwrap();
        assert!(again.repeat && again.order.state() == OrderState::Cancelled);
        let other = desk.submit(buy("a", 11)).await;
        assert!(matches!(other, Err(DeskError::KeyReused(used)) if used == key("a")));
        let family = desk.submit_family(bracket("b")).await.unwrap();
        assert!(family.repeat && family.members.len() == 3);
        let mixed = [buy("c", 10), buy("a", 10).to_draft().child_of(key("c")).check().unwrap()];
        let mixed = desk.submit_family(mixed.to_vec()).await;
        assert!(matches!(mixed, Err(DeskError::KeyReused(used)) if used == key("a")));
        assert!(matches!(desk.submit(buy("d", 10)).await, Err(DeskError::Catalog(_))), "that one is new");
        assert_eq!(sent(&house.broker), 4, "nothing was sent again");
    });
}
