//! Before an expected outage: what rests and protects nothing is called off, where that is wanted.

use crate::breaks::held;
use crate::support::{House, account, apple, buy, execution, key, limit, quantity, unknown};
use futures::executor::block_on;
use tradeport_orders::{
    Bracket, BrokerNews, BrokerPhase, BrokerStatus, CancelTag, Execution, OcaEffect, OrderDraft, OrderIntent,
    OrderKind, Side,
};
use tradeport_trading::{DrainPolicy, OrderDesk};

fn resting(name: &str, side: Side, units: u32) -> OrderIntent {
    let draft = OrderDraft::new(key(name), account(), apple(), side, quantity(units), limit("100"));
    draft.check().unwrap()
}

async fn house_that_holds(units: i64) -> (House, OrderDesk) {
    let house = House::new();
    house.broker.script(|script| script.positions = vec![held(units)]);
    let desk = house.desk().await;
    (house, desk)
}

async fn drained(desk: &OrderDesk) -> Vec<String> {
    let asked = desk.drain(DrainPolicy::CancelUnprotective, CancelTag::default()).await.unwrap();
    assert!(asked.iter().all(|it| it.outcome.is_ok()));
    asked.into_iter().map(|it| it.key.as_str().to_owned()).collect()
}

#[test]
fn what_makes_a_position_no_smaller_or_turns_it_round_is_called_off() {
    for (units, out, back) in [(10, Side::Sell, Side::Buy), (-10, Side::Buy, Side::Sell)] {
        block_on(async {
            let (house, desk) = house_that_holds(units).await;
            for order in [resting("all", out, 10), resting("beyond", out, 11), resting("more", back, 1)] {
                assert_eq!(desk.submit(order).await.unwrap().refusal, None);
            }
            assert_eq!(drained(&desk).await, ["beyond", "more"], "{units} are held");
            assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("beyond"), key("more")]);
        });
    }
}

#[test]
fn without_a_position_nothing_is_protected_and_where_they_are_to_stay_all_do() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(resting("a", Side::Buy, 1)).await.unwrap();
        assert!(desk.drain(DrainPolicy::Keep, CancelTag::default()).await.unwrap().is_empty());
        assert_eq!(house.broker.script(|script| script.cancels.len()), 0);
        assert_eq!(drained(&desk).await, ["a"]);
    });
}

#[test]
fn a_child_goes_with_its_parent_and_what_is_unknown_is_not_asked_for() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let child = OrderDraft::new(key("exit"), account(), apple(), Side::Sell, quantity(5), limit("120"));
        let child = child.child_of(key("entry")).check().unwrap();
        let family = desk.submit_family(vec![resting("entry", Side::Buy, 5), child]).await.unwrap();
        assert_eq!(family.called_off, None);
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(buy("somewhere", 1)).await.unwrap();
        assert_eq!(drained(&desk).await, ["entry"]);
    });
}

/// A broker ends the exits of an entry with it: what has filled would go through the outage without its stop.
#[test]
fn an_entry_that_has_filled_in_part_stays_for_the_sake_of_its_exits() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let stop = OrderKind::Stop { stop: "80".parse().unwrap() };
        let child = OrderDraft::new(key("exit"), account(), apple(), Side::Sell, quantity(5), stop);
        let child = child.child_of(key("entry")).check().unwrap();
        desk.submit_family(vec![resting("entry", Side::Buy, 5), child]).await.unwrap();
        house.broker.say(Some("entry"), BrokerNews::Executed(execution("x", Some("entry"), 2)));
        desk.pump().await.unwrap();
        assert_eq!(drained(&desk).await, [""; 0]);
        let ended =
            BrokerStatus { phase: BrokerPhase::Cancelled, filled: 0.into(), perm_id: None, reason: None };
        house.broker.say(Some("exit"), BrokerNews::Status(ended));
        desk.pump().await.unwrap();
        assert_eq!(drained(&desk).await, ["entry"], "nothing of it protects anything");
    });
}

#[test]
fn an_order_that_takes_nothing_out_of_an_entry_does_not_keep_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let more = OrderDraft::new(key("more"), account(), apple(), Side::Buy, quantity(5), limit("90"));
        let more = more.child_of(key("entry")).check().unwrap();
        desk.submit_family(vec![resting("entry", Side::Buy, 5), more]).await.unwrap();
        desk.submit(resting("beside", Side::Sell, 9)).await.unwrap();
        house.broker.say(Some("entry"), BrokerNews::Executed(execution("x", Some("entry"), 2)));
        desk.pump().await.unwrap();
        assert_eq!(drained(&desk).await, ["beside", "entry"]);
    });
}

/// What its target has sold the broker takes off a stop, and a list that says so may come later.
#[test]
fn a_stop_whose_group_has_traded_protects_what_is_left() {
    block_on(async {
        for (effect, gone) in
            [(OcaEffect::ReduceWithBlock, vec![]), (OcaEffect::CancelWithBlock, vec!["entry.stop1"])]
        {
            let house = House::new();
            let desk = house.desk().await;
            let bracket = Bracket::around(resting("entry", Side::Buy, 10).to_draft());
            let bracket = bracket.target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap();
            let of_effect = |it: OrderIntent| {
                let oca = it.oca().cloned().map(|group| group.with_effect(effect));
                OrderDraft { oca, ..it.to_draft() }.check().unwrap()
            };
            desk.submit_family(bracket.into_iter().map(of_effect).collect()).await.unwrap();
            for (name, side, units) in [("entry", Side::Buy, 10), ("entry.target1", Side::Sell, 4)] {
                let traded = Execution { side, ..execution(name, Some(name), units) };
                house.broker.say(Some(name), BrokerNews::Executed(traded));
            }
            desk.pump().await.unwrap();
            assert_eq!(drained(&desk).await, gone, "6 are held: {effect:?}");
        }
    });
}
