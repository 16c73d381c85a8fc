//! What one list says of orders of others after another.

use super::*;

async fn fits(desk: &OrderDesk, units: u32) {
    assert_eq!((may_buy(desk, units).await, may_buy(desk, units + 1).await), (Ok(()), too_many(51)));
}

/// One of several, of which so much has traded.
fn with_filled(number: i64, units: u32, filled: u32) -> BrokerOrder {
    let row = numbered(number, Side::Buy, units);
    let status = BrokerStatus { filled: filled.into(), ..row.status.clone() };
    BrokerOrder { status, ..row }
}

#[test]
fn what_one_of_them_had_traded_by_the_last_list_says_nothing_of_another() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![with_filled(1, 20, 10), with_filled(2, 20, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 10).await;
        // Five of the second one have traded, and nobody has told them.
        lists(&house.broker, vec![with_filled(1, 20, 10), with_filled(2, 20, 5)]);
        look(&desk).await;
        fits(&desk, 10).await;
    });
}

#[test]
fn what_a_list_says_has_traded_is_held_by_the_next_one() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![with_filled(1, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        lists(&house.broker, vec![with_filled(1, 40, 15)]);
        look(&desk).await;
        fits(&desk, 10).await;
        house.broker.script(|script| script.positions = vec![held(15)]);
        desk.resume().await.unwrap();
        fits(&desk, 10).await;
    });
}

/// A trade of an earlier day was undone: so much less is held, and so much more may trade.
#[test]
fn where_less_has_traded_than_the_last_list_said_the_rest_is_open_again() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(15)]);
        lists(&house.broker, vec![with_filled(1, 40, 15)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 10).await;
        house.broker.script(|script| script.positions = vec![held(5)]);
        lists(&house.broker, vec![with_filled(1, 40, 5)]);
        desk.resume().await.unwrap();
        fits(&desk, 10).await;
    });
}

#[test]
fn what_a_correction_takes_back_of_what_was_listed_is_open_again() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        for looks in 1..=2 {
            let root = looks.to_string();
            house.broker.say(None, BrokerNews::Executed(traded(&root, 15)));
            desk.pump().await.unwrap();
            house.broker.script(|script| {
                script.executions.push(traded(&root, 15));
                script.positions = vec![held(15 * i64::from(looks))];
                script.open = vec![by_hand(Side::Buy, 40, 15 * looks)];
            });
            look(&desk).await;
            fits(&desk, 10).await;
        }
        // 25 are held, and 15 may still trade.
        let corrected = Execution { id: ExecutionId::new("2", 2), ..traded("2", 10) };
        house.broker.say(None, BrokerNews::Executed(corrected));
        desk.pump().await.unwrap();
        fits(&desk, 10).await;
    });
}

#[test]
fn beside_what_a_list_shows_what_it_may_not_have_read_counts_as_it_was() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![with_filled(1, 20, 0), with_filled(2, 15, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 15).await;
        lists(&house.broker, vec![with_filled(1, 20, 0)]);
        let unread = UnreadRow { name: "order 9".to_owned(), key: None, reason: "a dream".to_owned() };
        house.broker.script(|script| script.unread = vec![unread]);
        look(&desk).await;
        fits(&desk, 15).await;
        house.broker.script(|script| script.unread.clear());
        look(&desk).await;
        fits(&desk, 30).await;
    });
}

#[test]
fn what_another_order_has_traded_by_the_executions_is_nothing_of_this_one() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| {
            script.positions = vec![held(10)];
            script.executions = vec![execution("x", None, 10)];
        });
        lists(&house.broker, vec![by_hand(Side::Buy, 30, 0)]);
        fits(&house.desk_under(at_most(50)).await, 10).await;
    });
}
