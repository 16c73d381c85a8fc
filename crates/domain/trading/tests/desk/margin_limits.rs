//! Limits of margin by the broker's what-if: asked before, judged on what is then, and missing refuses.

use crate::support::*;
use futures::executor::block_on;
use futures::future::join;
use std::time::Duration;
use tradeport_kernel::{Currency, Decimal, Money, Quantity};
use tradeport_orders::{
    AccountEffect, Bracket, BrokerNews, OrderChange, OrderDraft, OrderInput, OrderIntent, OrderPreview,
    PreviewError, Side,
};
use tradeport_risk::{PolicyDraft, PreviewPolicy};
use tradeport_trading::{ChangeOutcome, OrderDesk};

fn usd(amount: i64) -> Money {
    Money::new(Decimal::from(amount), Currency::USD)
}

/// The account has so much tied up before, and so much more after; it is worth 100,000.
fn says(before: i64, more: i64) -> Result<OrderPreview, PreviewError> {
    let margin = AccountEffect::between(usd(before), usd(before + more));
    Ok(OrderPreview {
        initial_margin: margin,
        maintenance_margin: margin,
        equity_with_loan: AccountEffect::between(usd(100_000), usd(100_000)),
        ..OrderPreview::default()
    })
}

/// At most a tenth may be tied up.
fn tenth() -> PolicyDraft {
    PolicyDraft {
        max_margin_share: Some(Decimal::new(1, 1)),
        max_position_share: 9.into(),
        max_gross_share: Some(99.into()),
        ..PolicyDraft::default()
    }
}

fn told(house: &House, answers: Vec<Result<OrderPreview, PreviewError>>) {
    house.broker.script(|script| script.previews.extend(answers));
}

fn asked(house: &House) -> usize {
    house.broker.script(|script| script.previewed.len())
}

fn sell(name: &str, units: u32) -> OrderIntent {
    OrderDraft { side: Side::Sell, ..buy(name, units).to_draft() }.check().unwrap()
}

async fn refusal(desk: &OrderDesk, intent: OrderIntent) -> Option<String> {
    desk.submit(intent).await.unwrap().refusal.map(|refusal| refusal.to_string())
}

fn missing(why: &str) -> Option<String> {
    let what = "known_inputs: missing: the broker's preview of it";
    Some(format!("{what}: {why} against a limit of every input known"))
}

#[test]
fn the_broker_is_asked_first_and_its_answer_is_judged_and_kept() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 10_000), says(0, 10_001)]);
        assert_eq!(refusal(&desk, buy("a", 1)).await, None);
        let kept = house.inputs("a").await;
        let OrderInput::Previewed { margin } = &kept[0] else { panic!("{kept:?}") };
        assert_eq!(margin.initial, usd(10_000));
        let OrderInput::RiskApproved { findings } = &kept[1] else { panic!("{kept:?}") };
        let found = findings.iter().find(|found| found.rule == "max_margin_share").unwrap();
        assert_eq!((found.number.to_string(), found.limit.to_string()), ("0.1".into(), "0.1".into()));

        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 10_001)]);
        let words = "max_margin_share: 0.10001 against a limit of 0.1".to_owned();
        assert_eq!(refusal(&desk, buy("a", 1)).await, Some(words));
        assert_eq!(sent(&house.broker), 0);
        assert!(desk.submit(buy("a", 1)).await.unwrap().repeat);
        assert_eq!(asked(&house), 1, "what was decided is not asked again");
    });
}

#[test]
fn what_live_orders_tie_up_counts_after_a_restart_too() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 4_000), says(0, 7_000)]);
        assert_eq!(refusal(&desk, buy("a", 10)).await, None);
        // The broker says nothing of what has not traded yet.
        let words = Some("max_margin_share: 0.11 against a limit of 0.1".to_owned());
        assert_eq!(refusal(&desk, buy("b", 1)).await, words);
        house.broker.script(|script| {
            script.open = vec![held_by_broker("a", tradeport_orders::BrokerPhase::Working)];
        });
        told(&house, vec![says(0, 7_000)]);
        assert_eq!(refusal(&house.desk_under(tenth()).await, buy("c", 1)).await, words);
        desk.checkpoint().await.unwrap();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 7_000)]);
        assert_eq!(refusal(&desk, buy("d", 1)).await, words);
        // Half of it trades: that half is in the account, and the broker counts it.
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 5)));
        desk.pump().await.unwrap();
        told(&house, vec![says(2_000, 6_001)]);
        let words = Some("max_margin_share: 0.10001 against a limit of 0.1".to_owned());
        assert_eq!(refusal(&desk, buy("e", 1)).await, words);
        told(&house, vec![says(2_000, 6_000)]);
        assert_eq!(refusal(&desk, buy("f", 1)).await, None);
    });
}

#[test]
fn no_answer_refuses_and_says_why() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(
            &house,
            vec![
                Err(PreviewError::Unavailable("no link".into())),
                Err(PreviewError::Refused { reason: "no money".into() }),
                Ok(OrderPreview::default()),
            ],
        );
        assert_eq!(refusal(&desk, buy("a", 1)).await, missing("the broker gave no preview: no link"));
        let words = Some("preview: no money against a limit of what the broker would take".to_owned());
        assert_eq!(refusal(&desk, buy("b", 1)).await, words);
        let silent =
            "known_inputs: missing: the initial margin after it against a limit of every input known";
        assert_eq!(refusal(&desk, buy("c", 1)).await, Some(silent.to_owned()));
        assert_eq!(sent(&house.broker), 0);
    });
}

#[test]
fn an_answer_that_does_not_come_in_time_refuses_and_nobody_else_waits() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        house.broker.script(|script| script.previews_hang = true);
        let while_it_waits = async {
            // The state is free: another account's order, a listing, a cancel get through.
            assert_eq!(desk.live_orders().await.len(), 0);
            house.clock.advance(Duration::from_secs(10));
        };
        let (words, ()) = join(refusal(&desk, buy("a", 1)), while_it_waits).await;
        assert_eq!(words, missing("no answer within 10 s"));
        assert_eq!(sent(&house.broker), 0);
    });
}

#[test]
fn what_changes_while_the_broker_is_asked_is_judged_as_it_is_then() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(PolicyDraft { max_daily_trades: 1, ..tenth() }).await;
        told(&house, vec![says(0, 1), says(0, 1)]);
        let (one, other) = join(refusal(&desk, buy("a", 1)), refusal(&desk, buy("b", 2))).await;
        let words = Some("max_daily_trades: 1 against a limit of 1".to_owned());
        assert_eq!([&one, &other].into_iter().filter(|it| **it == words).count(), 1, "{one:?} {other:?}");
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn orders_at_once_never_pass_a_limit_of_margin_together() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, (0..10).map(|_| says(0, 3_000)).collect());
        let orders = (1..=10).map(|units| refusal(&desk, buy(&format!("o{units}"), units)));
        let words = futures::future::join_all(orders).await;
        assert_eq!(words.iter().filter(|it| it.is_none()).count(), 3, "{words:?}");
        assert_eq!(sent(&house.broker), 3);
    });
}

#[test]
fn a_trade_meanwhile_makes_it_ask_again() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 1_000)]);
        assert_eq!(refusal(&desk, buy("a", 10)).await, None);
        let event = tradeport_orders::BrokerEvent {
            epoch: EPOCH,
            at: tradeport_kernel::Timestamp::EPOCH,
            key: Some(key("a")),
            news: BrokerNews::Executed(execution("x", Some("a"), 10)),
        };
        house.broker.script(|script| script.news_at_preview = Some(event));
        told(&house, vec![says(0, 1_000), says(1_000, 9_001)]);
        let pumped = async { desk.pump().await.unwrap() };
        let (words, _) = join(refusal(&desk, buy("b", 1)), pumped).await;
        assert_eq!(words, Some("max_margin_share: 0.10001 against a limit of 0.1".to_owned()));
        assert_eq!(asked(&house), 3);
    });
}

#[test]
fn whoever_wants_out_is_not_asked_about() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(PolicyDraft { preview: PreviewPolicy::Always, ..tenth() }).await;
        told(&house, vec![says(0, 1_000)]);
        assert_eq!(refusal(&desk, buy("a", 10)).await, None);
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 10)));
        desk.pump().await.unwrap();
        house.broker.script(|script| script.previews_hang = true);
        assert_eq!(refusal(&desk, sell("out", 10)).await, None);
        assert_eq!(asked(&house), 1);
    });
}

#[test]
fn an_order_of_which_nobody_asked_keeps_others_back_if_it_may_grow() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        assert_eq!(refusal(&desk, buy("before", 10)).await, None);
        desk.exchange_policy(tenth().check().unwrap(), "tighter".to_owned()).await.unwrap();
        told(&house, vec![says(0, 1)]);
        let why = "AAPL: an order of it is live that may make the position larger, and nobody asked what it ties up";
        assert_eq!(refusal(&desk, buy("a", 1)).await, missing(why));
        house.broker.say(Some("before"), BrokerNews::Executed(execution("x", Some("before"), 10)));
        desk.pump().await.unwrap();
        told(&house, vec![says(0, 1), says(0, 1)]);
        assert_eq!(refusal(&desk, sell("stop", 10)).await, None);
        assert_eq!(refusal(&desk, buy("b", 1)).await, None, "a stop for what is held ties nothing up");
    });
}

#[test]
fn a_bracket_asks_of_its_entry() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        let bracket = |name| {
            let entry = OrderDraft { kind: limit("99"), ..buy(name, 10).to_draft() };
            Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
        };
        told(&house, vec![says(0, 6_000), says(0, 6_000)]);
        let placed = desk.submit_family(bracket("a")).await.unwrap();
        assert!(placed.members.iter().all(|it| it.refusal.is_none()));
        let placed = desk.submit_family(bracket("b")).await.unwrap();
        let words = placed.members[0].refusal.as_ref().map(ToString::to_string);
        assert_eq!(words, Some("max_margin_share: 0.12 against a limit of 0.1".to_owned()));
        assert_eq!(asked(&house), 2);
    });
}

#[test]
fn a_change_may_not_make_an_order_larger_than_was_asked() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        let bid = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() }.check().unwrap();
        told(&house, vec![says(0, 1_000)]);
        assert_eq!(refusal(&desk, bid).await, None);
        let to = |units: u32| OrderChange {
            quantity: Some(Quantity::new(units.into()).unwrap()),
            ..OrderChange::default()
        };
        let stopped = desk.change(&key("a"), to(11)).await.unwrap().outcome;
        let why =
            missing("there is none of a change that makes an order larger: cancel it, and place another");
        assert!(matches!(stopped, ChangeOutcome::StoppedByRisk(it) if Some(it.to_string()) == why));
        let price = OrderChange { kind: Some(limit("100")), ..OrderChange::default() };
        assert!(matches!(desk.change(&key("a"), price).await.unwrap().outcome, ChangeOutcome::Made));
    });
}

/// While no limit wants an answer an order may grow; what it ties up from then on is more than was said of it.
#[test]
fn what_has_grown_since_it_was_asked_about_ties_up_as_much_more() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 2_000)]);
        assert_eq!(refusal(&desk, buy("a", 10)).await, None);
        let to =
            async |units| desk.change(&key("a"), OrderChange::to_quantity(quantity(units))).await.unwrap();
        let unasked = PolicyDraft { max_margin_share: None, ..tenth() };
        desk.exchange_policy(unasked.check().unwrap(), "none of margins".to_owned()).await.unwrap();
        assert_eq!(to(40).await.outcome, ChangeOutcome::Made);
        desk.exchange_policy(tenth().check().unwrap(), "a tenth".to_owned()).await.unwrap();
        told(&house, vec![says(0, 2_001)]);
        let words = "max_margin_share: 0.10001 against a limit of 0.1".to_owned();
        assert_eq!(refusal(&desk, buy("b", 1)).await, Some(words), "8,000 beside it");
        assert_eq!(to(20).await.outcome, ChangeOutcome::Made);
        told(&house, vec![says(0, 6_000)]);
        assert_eq!(refusal(&desk, buy("c", 1)).await, None, "4,000 beside it");
    });
}

#[test]
fn a_preview_by_hand_tells_the_same_verdict() {
    block_on(async {
        let house = House::new();
        let desk = house.desk_under(tenth()).await;
        told(&house, vec![says(0, 10_001), says(0, 10_000)]);
        assert!(!desk.preview(buy("a", 1)).await.unwrap().would_go());
        assert!(desk.preview(buy("a", 1)).await.unwrap().would_go());
        assert_eq!(refusal(&desk, buy("a", 1)).await, missing_answer());
    });
}

/// The broker of these tests says nothing where it was not told to.
fn missing_answer() -> Option<String> {
    let what = "known_inputs: missing: the initial margin after it against a limit of every input known";
    Some(what.to_owned())
}
