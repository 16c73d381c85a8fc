//! What the broker says of orders of others between two lists, and in lists that are odd.

use super::*;
use crate::money::a_twentieth;

async fn fits(desk: &OrderDesk, units: u32) {
    assert_eq!((may_buy(desk, units).await, may_buy(desk, units + 1).await), (Ok(()), too_many(51)));
}

/// A desk that may hold 50, beside an order for 40 by hand.
async fn beside_forty() -> (House, OrderDesk) {
    let house = House::new();
    lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
    let desk = house.desk_under(at_most(50)).await;
    (house, desk)
}

#[test]
fn a_word_on_an_order_of_others_that_goes_on_ends_nothing() {
    block_on(async {
        let (house, desk) = beside_forty().await;
        // What does not work now may work again.
        for phase in
            [BrokerPhase::Held, BrokerPhase::Working, BrokerPhase::CancelPending, BrokerPhase::Refused]
        {
            house.broker.say(None, BrokerNews::Status(status(phase, 0)));
            desk.pump().await.unwrap();
            fits(&desk, 10).await;
        }
    });
}

#[test]
fn an_order_of_others_that_ends_counts_for_what_has_traded_however_it_ends() {
    use BrokerPhase::{Cancelled, Expired, Filled};
    block_on(async {
        for phase in [Cancelled, Expired, Filled] {
            let (house, desk) = beside_forty().await;
            house.broker.say(None, BrokerNews::Status(status(phase, 20)));
            desk.pump().await.unwrap();
            fits(&desk, 30).await;
        }
    });
}

#[test]
fn an_order_of_others_may_trade_wherever_it_is_listed_as_alive() {
    use BrokerPhase::{CancelPending, Held, Working};
    block_on(async {
        for phase in [Held, Working, CancelPending] {
            let house = House::new();
            let row = BrokerOrder { status: status(phase, 0), ..by_hand(Side::Buy, 40, 0) };
            lists(&house.broker, vec![row]);
            fits(&house.desk_under(at_most(50)).await, 10).await;
        }
    });
}

#[test]
fn a_word_on_one_order_of_others_ends_no_other() {
    block_on(async {
        let house = House::new();
        lists(&house.broker, vec![numbered(1, Side::Buy, 10), numbered(2, Side::Buy, 30)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 10).await;
        let ended = BrokerStatus { perm_id: Some(PermId::new(2)), ..status(BrokerPhase::Cancelled, 0) };
        house.broker.say(None, BrokerNews::Status(ended));
        desk.pump().await.unwrap();
        fits(&desk, 40).await;
    });
}

/// The legs of a combo bear its number.
#[test]
fn what_a_leg_trades_is_nothing_of_the_order_itself() {
    block_on(async {
        let house = House::new();
        let msft = Symbol::new("MSFT").unwrap();
        lists(&house.broker, vec![by_hand(Side::Buy, 40, 0)]);
        house.broker.script(|script| script.listed = vec![share(msft)]);
        let desk = house.desk_under(at_most(50)).await;
        house.quote_of(&desk, msft);
        let leg = Execution { symbol: msft, part: ExecutedPart::Leg, ..traded("x", 40) };
        house.broker.say(None, BrokerNews::Executed(leg.clone()));
        desk.pump().await.unwrap();
        fits(&desk, 10).await;
        house.broker.script(|script| script.executions = vec![leg]);
        look(&desk).await;
        fits(&desk, 10).await;
    });
}

#[test]
fn what_one_of_a_group_by_hand_has_traded_since_it_was_listed_counts_beside_the_other() {
    block_on(async {
        let house = House::new();
        let of =
            |number, units| in_group("g", OcaEffect::ReduceWithBlock, numbered(number, Side::Buy, units));
        lists(&house.broker, vec![of(1, 10), of(2, 20)]);
        let desk = house.desk_under(at_most(50)).await;
        let told = Execution { perm_id: PermId::new(1), ..traded("x", 4) };
        house.broker.say(None, BrokerNews::Executed(told));
        desk.pump().await.unwrap();
        fits(&desk, 26).await;
    });
}

#[test]
fn an_order_of_others_that_is_listed_as_ended_counts_for_nothing() {
    use BrokerPhase::{Cancelled, Expired, Filled, Refused};
    block_on(async {
        for phase in [Cancelled, Expired, Filled, Refused] {
            let house = House::new();
            lists(&house.broker, vec![BrokerOrder { status: status(phase, 0), ..by_hand(Side::Buy, 40, 0) }]);
            fits(&house.desk_under(at_most(50)).await, 50).await;
        }
    });
}

#[test]
fn what_an_order_of_others_has_traded_beyond_its_size_is_no_room_for_ours() {
    block_on(async {
        let (house, desk) = beside_forty().await;
        house.broker.say(None, BrokerNews::Executed(traded("x", 45)));
        desk.pump().await.unwrap();
        fits(&desk, 5).await;
    });
}

#[test]
fn what_an_order_without_a_number_has_traded_is_held() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![BrokerOrder { perm_id: None, ..by_hand(Side::Buy, 40, 10) }]);
        let desk = house.desk_under(at_most(50)).await;
        for _ in 0..2 {
            fits(&desk, 10).await;
            look(&desk).await;
        }
    });
}

#[test]
fn what_one_of_a_group_by_hand_has_traded_on_earlier_days_is_held_and_open_no_more() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(4)]);
        let of =
            |number, units| in_group("g", OcaEffect::ReduceWithBlock, numbered(number, Side::Buy, units));
        let one = of(1, 10);
        let status = BrokerStatus { filled: 4.into(), ..one.status.clone() };
        lists(&house.broker, vec![BrokerOrder { status, ..one }, of(2, 20)]);
        let desk = house.desk_under(at_most(50)).await;
        for _ in 0..2 {
            fits(&desk, 26).await;
            look(&desk).await;
        }
    });
}

#[test]
fn what_one_of_a_group_by_hand_had_traded_at_its_end_counts_beside_the_other_until_it_is_told() {
    block_on(async {
        let house = House::new();
        let of =
            |number, units| in_group("g", OcaEffect::ReduceWithBlock, numbered(number, Side::Buy, units));
        lists(&house.broker, vec![of(1, 10), of(2, 20)]);
        let desk = house.desk_under(at_most(50)).await;
        fits(&desk, 30).await;
        let ended = BrokerStatus { perm_id: Some(PermId::new(1)), ..status(BrokerPhase::Cancelled, 4) };
        house.broker.say(None, BrokerNews::Status(ended));
        desk.pump().await.unwrap();
        fits(&desk, 26).await;
    });
}

#[test]
fn what_an_order_of_others_frees_by_its_end_is_exposure_no_more() {
    block_on(async {
        let house = House::new();
        let msft = Symbol::new("MSFT").unwrap();
        lists(&house.broker, vec![BrokerOrder { symbol: msft, ..by_hand(Side::Buy, 30, 0) }]);
        house.broker.script(|script| script.listed = vec![share(msft)]);
        let desk = house.desk_under(a_twentieth()).await;
        house.quote_of(&desk, msft);
        let most = async |units| {
            assert_eq!(may_buy(&desk, units).await, Ok(()));
            let more = may_buy(&desk, units + 1).await;
            assert_eq!(more, Err((Rule::MaxGrossShare, "0.051".to_owned())));
        };
        most(20).await;
        // Ten of them have traded, and no execution has told it.
        house.broker.say(None, BrokerNews::Status(status(BrokerPhase::Cancelled, 10)));
        desk.pump().await.unwrap();
        most(40).await;
        assert!(desk.symbols_of_others().await.contains(&msft));
        house.broker.say(None, BrokerNews::Executed(Execution { symbol: msft, ..traded("x", 10) }));
        desk.pump().await.unwrap();
        assert!(desk.symbols_of_others().await.is_empty(), "all of it is held");
    });
}

#[test]
fn what_one_of_a_group_by_hand_has_traded_counts_beside_what_the_largest_may() {
    block_on(async {
        let house = House::new();
        let of = |number, units, filled| {
            let order = numbered(number, Side::Buy, units);
            let status = BrokerStatus { filled: Decimal::from(filled), ..order.status.clone() };
            in_group("g", OcaEffect::ReduceWithBlock, BrokerOrder { status, ..order })
        };
        lists(&house.broker, vec![of(1, 10, 0), of(2, 20, 0)]);
        let desk = house.desk_under(at_most(50)).await;
        assert_eq!((may_buy(&desk, 30).await, may_buy(&desk, 31).await), (Ok(()), too_many(51)));
        // 4 have traded that no execution has told yet, and the other one has become smaller.
        lists(&house.broker, vec![of(1, 10, 4), of(2, 12, 0)]);
        look(&desk).await;
        assert_eq!((may_buy(&desk, 34).await, may_buy(&desk, 35).await), (Ok(()), too_many(51)));
    });
}

#[test]
fn an_entry_by_hand_that_is_not_shown_any_more_brings_in_nothing() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(100)]);
        let exit = || child_of(1, numbered(2, Side::Sell, 10));
        lists(&house.broker, vec![numbered(1, Side::Buy, 10), exit()]);
        let desk = house.desk_under(never_short()).await;
        assert!(refused(&desk, sell("a", 90)).await.is_none());
        // It may have filled, and nobody can read what is there.
        lists(&house.broker, vec![exit()]);
        house.broker.script(|script| {
            script.unread =
                vec![UnreadRow { name: "order 9".to_owned(), key: None, reason: "a dream".to_owned() }];
        });
        look(&desk).await;
        let refusal = refused(&desk, sell("b", 10)).await.unwrap();
        assert_eq!((refusal.rule, refusal.number.as_str()), (Rule::ShortSales, "-10"));
    });
}

/// May so many be sold? Nothing is sent, and nothing stays.
async fn may_sell_now(desk: &OrderDesk, units: u32) -> bool {
    let verdict = desk.preview(sell("look", units)).await.unwrap().verdict;
    matches!(verdict, RiskVerdict::Approved { .. })
}

/// What it has traded and nobody has told is still to come in.
#[test]
fn an_entry_by_hand_that_has_traded_and_not_told_it_brings_in_all_of_it() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(100)]);
        let (entry, exit) = (numbered(1, Side::Buy, 10), child_of(1, numbered(2, Side::Sell, 10)));
        lists(&house.broker, vec![entry.clone(), exit.clone()]);
        let desk = house.desk_under(never_short()).await;
        let has_room = async || {
            assert_eq!((may_sell_now(&desk, 100).await, may_sell_now(&desk, 101).await), (true, false));
        };
        has_room().await;
        let status = BrokerStatus { filled: 4.into(), ..entry.status.clone() };
        lists(&house.broker, vec![BrokerOrder { status, ..entry }, exit]);
        look(&desk).await;
        has_room().await;
        // Once it is told it is held, and so much less is still to come in.
        house.broker.say(None, BrokerNews::Executed(Execution { perm_id: PermId::new(1), ..traded("x", 4) }));
        desk.pump().await.unwrap();
        has_room().await;
    });
}
