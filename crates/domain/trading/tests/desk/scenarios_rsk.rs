//! Scenarios of the risk gate, the keys of intents and the switch, by their rows in `docs/reliability.md`. Those of the switch alone
//! stand in `switching`.

use crate::support::{
    House, account, apple, audit_down, buy, held_by_broker, key, limit, quantity, sent, unknown,
};
use futures::executor::block_on;
use futures::future::join_all;
use std::time::Duration;
use tradeport_kernel::{Clock, Currency, Decimal, Money, SignedQuantity};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    BrokerNews, BrokerPhase, OcaEffect, OcaGroup, OrderChange, OrderDraft, OrderIntent, OrderKind,
    OrderState, Side, SubmitError,
};
use tradeport_portfolio::Position;
use tradeport_risk::{PolicyDraft, Rule, SwitchReason, SwitchStore};
use tradeport_trading::{ChangeOutcome, DeskError, DeskPorts, OrderDesk};

/// No more units than that, long or short.
fn at_most(units: u32) -> PolicyDraft {
    PolicyDraft { max_position_quantity: Some(units.into()), ..PolicyDraft::default() }
}

fn quoted(desk: &OrderDesk, house: &House) {
    let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
    desk.note_quote(Quote::new(apple(), house.clock.now(), level("99"), level("101")).unwrap());
}

async fn rule_against(desk: &OrderDesk, intent: OrderIntent) -> Option<Rule> {
    desk.submit(intent).await.unwrap().refusal.map(|refusal| refusal.rule)
}

#[test]
fn scenario_rsk_01_a_loop_that_keeps_sending_is_stopped_by_its_rate_and_for_good_by_the_switch() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { max_orders_per_minute: Some(5), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        for number in 0..200 {
            let rule = rule_against(&desk, buy(&format!("o{number}"), 1)).await;
            assert_eq!(rule, (number >= 5).then_some(Rule::MaxOrdersPerMinute), "order {number}");
        }
        desk.kill("ada", SwitchReason::of_words("it buys and buys")).await.unwrap();
        house.clock.advance(Duration::from_secs(3_600));
        quoted(&desk, &house);
        assert_eq!(rule_against(&desk, buy("later", 1)).await, Some(Rule::KillSwitch));
        assert_eq!(sent(&house.broker), 5);
    });
}

#[test]
fn scenario_rsk_02_who_retries_under_the_same_key_is_told_of_the_one_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let first = desk.submit(buy("a", 10)).await.unwrap();
        let second = desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!((first.repeat, second.repeat), (false, true));
        assert_eq!((second.order, sent(&house.broker)), (first.order, 1));
    });
}

#[test]
fn scenario_rsk_03_the_same_key_with_another_body_is_refused() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let other = desk.submit(buy("a", 11)).await;
        assert!(matches!(other, Err(DeskError::KeyReused(used)) if used == key("a")));
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn scenario_rsk_04_the_same_key_twice_at_once_is_one_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let placed = join_all((0..10).map(|_| desk.submit(buy("a", 10)))).await;
        let repeats = placed.iter().filter(|placed| placed.as_ref().unwrap().repeat).count();
        assert_eq!((repeats, sent(&house.broker)), (9, 1));
    });
}

#[test]
fn scenario_rsk_05_a_key_is_known_after_a_restart_and_a_day_later() {
    block_on(async {
        let house = House::new();
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.clock.advance(Duration::from_secs(86_400));
        let desk = house.desk().await;
        assert!(desk.submit(buy("a", 10)).await.unwrap().repeat);
        assert!(matches!(desk.submit(buy("a", 11)).await, Err(DeskError::KeyReused(_))));
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn scenario_rsk_08_without_a_price_or_with_an_old_one_nothing_leaves() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.clock.advance(Duration::from_secs(61));
        assert_eq!(rule_against(&desk, buy("stale", 10)).await, Some(Rule::KnownInputs));
        let one_sided = Quote::new(apple(), house.clock.now(), None, None);
        if let Ok(empty) = one_sided {
            desk.note_quote(empty);
            assert_eq!(rule_against(&desk, buy("empty", 10)).await, Some(Rule::KnownInputs));
        }
        quoted(&desk, &house);
        assert_eq!(rule_against(&desk, buy("fresh", 10)).await, None);
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn scenario_rsk_09_ten_orders_at_once_never_pass_a_limit_together() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        let placed = join_all((0..10).map(|number| desk.submit(buy(&format!("o{number}"), 12)))).await;
        let refused = placed.iter().filter_map(|placed| placed.as_ref().unwrap().refusal.as_ref());
        let rules: Vec<Rule> = refused.map(|refusal| refusal.rule).collect();
        assert_eq!(rules, [Rule::MaxPositionQuantity; 6]);
        assert_eq!(sent(&house.broker), 4, "4 times 12 is within 50");
    });
}

fn sell(name: &str, units: u32) -> OrderIntent {
    let draft =
        OrderDraft::new(key(name), account(), apple(), Side::Sell, quantity(units), OrderKind::Market);
    draft.check().unwrap()
}

fn held(units: i64) -> Position {
    let nothing = Money::zero(Currency::USD);
    let quantity = SignedQuantity::new(units.into()).unwrap();
    Position::reported(apple(), quantity, nothing, Decimal::ONE, nothing)
}

/// A desk after a lost day, long 10, that kills on losses.
async fn after_a_lost_day(house: &House) -> OrderDesk {
    house.broker.script(|script| script.positions = vec![held(10)]);
    let limits =
        PolicyDraft { max_daily_loss: Some(1_000.into()), kill_on_loss: true, ..PolicyDraft::default() };
    let desk = house.desk_under(limits).await;
    let worth = Money::new(Decimal::from(150_000), Currency::USD);
    desk.note_equity(&account(), house.clock.now(), worth).await;
    desk
}

#[test]
fn scenario_rsk_09_exits_at_once_never_turn_a_position_together() {
    block_on(async {
        let house = House::new();
        let desk = after_a_lost_day(&house).await;
        let exits = (0..3).map(|number| desk.submit(sell(&format!("o{number}"), 10)));
        let placed: Vec<_> = join_all(exits).await.into_iter().map(Result::unwrap).collect();
        let refused = placed.iter().filter_map(|placed| placed.refusal.as_ref());
        let refused: Vec<_> = refused.map(|refusal| (refusal.rule, refusal.beside)).collect();
        assert_eq!(refused, [(Rule::MaxDailyLoss, Some(Decimal::from(10))); 2]);
        assert_eq!(sent(&house.broker), 1);
        assert!(house.switch.look().await.kill().is_none(), "who wants out is no loop that buys");
        house.broker.say(Some("o0"), BrokerNews::Status(held_by_broker("o0", BrokerPhase::Cancelled).status));
        desk.pump().await.unwrap();
        assert_eq!(rule_against(&desk, sell("again", 10)).await, None, "the first is gone");
    });
}

#[test]
fn scenario_rsk_09_an_exit_that_may_be_at_the_broker_counts_beside_the_next() {
    block_on(async {
        let house = House::new();
        let desk = after_a_lost_day(&house).await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        let lost = desk.submit(sell("lost", 6)).await.unwrap();
        assert_eq!(lost.order.state(), OrderState::Unknown);
        assert_eq!(rule_against(&desk, sell("more", 5)).await, Some(Rule::MaxDailyLoss));
        assert_eq!(rule_against(&desk, sell("rest", 4)).await, None);
    });
}

/// Exits of one group are one way out: what one fills the others do not.
#[test]
fn scenario_rsk_09_exits_of_one_group_are_one_way_out() {
    block_on(async {
        let house = House::new();
        let desk = after_a_lost_day(&house).await;
        let of = |group: OcaGroup, name: &str| sell(name, 10).to_draft().in_group(group).check().unwrap();
        let one_fills = || OcaGroup::new(key("out")).with_effect(OcaEffect::CancelWithBlock);
        let grouped = |name: &str| of(one_fills(), name);
        assert_eq!(rule_against(&desk, grouped("stop")).await, None);
        assert_eq!(rule_against(&desk, grouped("target")).await, None);
        assert_eq!(rule_against(&desk, sell("third", 10)).await, Some(Rule::MaxDailyLoss));
        let unsaid = of(OcaGroup::new(key("out")), "unsaid");
        assert_eq!(
            rule_against(&desk, unsaid).await,
            Some(Rule::MaxDailyLoss),
            "who fills beside it nobody says"
        );
    });
}

/// Exits of one bracket are of one group: whoever has lost enough may still bring the stop closer.
#[test]
fn a_brackets_stop_is_moved_after_a_lost_day() {
    block_on(async {
        let house = House::new();
        let desk = after_a_lost_day(&house).await;
        let exit = |name: &str, kind| {
            let group = OcaGroup::new(key("exits")).with_effect(OcaEffect::ReduceWithBlock);
            let grouped = sell(name, 10).to_draft().in_group(group);
            OrderDraft { kind, ..grouped }.check().unwrap()
        };
        let stop = |price: &str| OrderKind::Stop { stop: price.parse().unwrap() };
        for (name, kind) in [("stop", stop("80")), ("target", limit("120"))] {
            assert_eq!(desk.submit(exit(name, kind)).await.unwrap().refusal, None);
        }
        let moved = desk.change(&key("stop"), OrderChange::to_kind(stop("90"))).await.unwrap();
        assert_eq!(moved.outcome, ChangeOutcome::Made);
    });
}

#[test]
fn scenario_rsk_10_an_order_that_is_unknown_for_an_hour_stays_reserved() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        let lost = desk.submit(buy("lost", 40)).await.unwrap();
        assert_eq!(lost.order.state(), OrderState::Unknown);
        house.clock.advance(Duration::from_secs(3_600));
        quoted(&desk, &house);
        assert_eq!(rule_against(&desk, buy("more", 11)).await, Some(Rule::MaxPositionQuantity));
        assert_eq!(rule_against(&desk, buy("fits", 10)).await, None);
    });
}

#[test]
fn scenario_rsk_11_a_change_counts_with_the_old_wording_until_it_is_confirmed() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        let order = |name: &str, units| {
            let draft =
                OrderDraft::new(key(name), account(), apple(), Side::Buy, quantity(units), limit("100"));
            draft.check().unwrap()
        };
        desk.submit(order("a", 30)).await.unwrap();
        let changed = desk.change(&key("a"), OrderChange::to_quantity(quantity(51))).await.unwrap();
        assert!(matches!(changed.outcome, ChangeOutcome::StoppedByRisk(_)), "{:?}", changed.outcome);
        let lost = Err(SubmitError::OutcomeUnknown("silence".into()));
        house.broker.script(|script| script.change_answers.push_back(lost));
        let changed = desk.change(&key("a"), OrderChange::to_quantity(quantity(45))).await.unwrap();
        assert!(matches!(changed.outcome, ChangeOutcome::Unknown { .. }), "{:?}", changed.outcome);
        // It may be for 30 or for 45: the larger counts.
        assert_eq!(rule_against(&desk, order("b", 6)).await, Some(Rule::MaxPositionQuantity));
        assert_eq!(rule_against(&desk, order("c", 5)).await, None);
    });
}

#[test]
fn scenario_rsk_12_other_limits_hold_as_a_whole_from_the_next_verdict_on_or_not_at_all() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(at_most(50)).await;
        assert_eq!(rule_against(&desk, buy("a", 51)).await, Some(Rule::MaxPositionQuantity));
        desk.exchange_policy(at_most(60).check().unwrap(), "max_position_quantity = 60".into())
            .await
            .unwrap();
        assert_eq!(rule_against(&desk, buy("b", 51)).await, None);
        let audited = house.audited().await;
        let wanted = "risk policy changed risk policy: max_position_quantity = 60";
        assert!(audited.iter().any(|line| line == wanted), "{audited:?}");
        // What cannot be written down does not hold.
        let desk = House::desk_on(DeskPorts { audit: audit_down(), ..house.ports() }).await;
        let before = desk.policy();
        desk.exchange_policy(at_most(1).check().unwrap(), "one".into()).await.unwrap_err();
        assert_eq!(desk.policy(), before);
    });
}

#[test]
fn scenario_rsk_13_a_strategy_that_starts_anew_sends_nothing_of_yesterday_twice() {
    block_on(async {
        let house = House::new();
        let intents = || (0..5).map(|number| buy(&format!("y{number}"), 1));
        let desk = house.desk().await;
        for intent in intents() {
            desk.submit(intent).await.unwrap();
        }
        drop(desk);
        house.clock.advance(Duration::from_secs(86_400));
        let desk = house.desk().await;
        for intent in intents() {
            assert!(desk.submit(intent).await.unwrap().repeat);
        }
        assert_eq!(sent(&house.broker), 5);
        assert_eq!(desk.orders().await.iter().map(|order| order.filled()).sum::<Decimal>(), Decimal::ZERO);
    });
}
