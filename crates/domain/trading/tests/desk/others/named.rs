//! What orders of others are for: the catalog is asked for each instrument once, and again where it did not answer.

use super::*;

fn microsoft() -> Symbol {
    Symbol::new("MSFT").unwrap()
}

/// What the catalog was asked for while it looked so many times.
async fn asked_for(house: &House, desk: &OrderDesk, looks: usize) -> Vec<Symbol> {
    house.broker.script(|script| script.resolved.clear());
    for _ in 0..looks {
        look(desk).await;
    }
    house.broker.script(|script| script.resolved.clone())
}

#[test]
fn what_nobody_can_name_is_asked_for_once() {
    block_on(async {
        for is_new_epoch in [false, true] {
            let house = House::new();
            let desk = house.desk().await;
            house.broker.script(|script| script.resolved.clear());
            lists(&house.broker, vec![BrokerOrder { symbol: microsoft(), ..by_hand(Side::Buy, 5, 0) }]);
            if is_new_epoch {
                desk.resume().await.unwrap()
            } else {
                look(&desk).await
            }
            assert_eq!(house.broker.script(|script| script.resolved.clone()), [microsoft()]);
            desk.resume().await.unwrap();
            look(&desk).await;
            assert_eq!(house.broker.script(|script| script.resolved.len()), 1, "nor with the next lists");
        }
    });
}

#[test]
fn what_the_catalog_did_not_answer_is_asked_for_until_it_does() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| (script.listed, script.catalog_down) = (vec![share(microsoft())], true));
        lists(&house.broker, vec![BrokerOrder { symbol: microsoft(), ..by_hand(Side::Buy, 5, 0) }]);
        assert_eq!(asked_for(&house, &desk, 2).await, [microsoft(); 2]);
        house.broker.script(|script| script.catalog_down = false);
        assert_eq!(asked_for(&house, &desk, 2).await, [microsoft()]);
    });
}

#[test]
fn what_is_known_already_is_not_asked_for() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 1)).await.unwrap();
        let (apple, mut rows) = (by_hand(Side::Buy, 5, 0), Vec::new());
        rows.push(BrokerOrder { symbol: microsoft(), perm_id: Some(PermId::new(21)), ..apple.clone() });
        rows.push(apple);
        lists(&house.broker, rows);
        desk.know(share(microsoft())).await;
        assert_eq!(asked_for(&house, &desk, 2).await, []);
    });
}

fn gross() -> PolicyDraft {
    PolicyDraft { max_gross_share: Some("0.5".parse().unwrap()), ..PolicyDraft::default() }
}

/// A price alone does not say what it comes to: one unit may stand for many.
#[test]
fn what_nobody_can_name_of_others_is_worth_nobody_knows_what_though_it_is_quoted() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![BrokerOrder { symbol: microsoft(), ..by_hand(Side::Buy, 5, 0) }]);
        let desk = house.desk_under(gross()).await;
        house.quote_of(&desk, microsoft());
        let said = may_buy(&desk, 1).await;
        assert!(matches!(said, Err((Rule::KnownInputs, _))), "{said:?}");
        desk.know(share(microsoft())).await;
        assert_eq!(may_buy(&desk, 1).await, Ok(()));
    });
}

/// What is held the broker has told, with what one unit stands for.
#[test]
fn what_is_held_of_what_nobody_can_name_is_worth_its_quote() {
    block_on(async {
        let house = House::new();
        let nothing = Money::zero(Currency::USD);
        let units = SignedQuantity::new(20.into()).unwrap();
        let position = Position::reported(microsoft(), units, nothing, Decimal::ONE, nothing);
        house.broker.script(|script| script.positions = vec![position]);
        let desk = house.desk_under(gross()).await;
        house.quote_of(&desk, microsoft());
        assert_eq!(may_buy(&desk, 1).await, Ok(()));
    });
}
