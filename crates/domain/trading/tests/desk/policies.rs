//! The limits that need to know what went before: rates, repetitions, losses. They hold after a restart, too.

use crate::statements::{APPLE, described};
use crate::support::{House, account, apple, buy, key, limit, quantity, sent};
use futures::executor::block_on;
use std::time::Duration;
use tradeport_contracts::{ContractDraft, Session, TradingSessions};
use tradeport_kernel::{Clock, Currency, Decimal, Money, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{OrderDraft, OrderInput, OrderState, Side};
use tradeport_risk::{PolicyDraft, Rule};
use tradeport_trading::{OrderDesk, Placed};

async fn refusal(desk: &OrderDesk, name: &str, units: u32) -> Option<Rule> {
    let Placed { order, refusal, .. } = desk.submit(buy(name, units)).await.unwrap();
    assert_eq!(order.state() == OrderState::Refused, refusal.is_some());
    refusal.map(|refusal| refusal.rule)
}

#[test]
fn a_loop_that_keeps_buying_is_stopped_by_the_minute() {
    block_on(async {
        let house = House::new();
        let policy = || PolicyDraft { max_orders_per_minute: Some(3), ..PolicyDraft::default() };
        let desk = house.desk_under(policy()).await;
        for name in ["a", "b", "c"] {
            assert_eq!(refusal(&desk, name, 1).await, None);
        }
        assert_eq!(refusal(&desk, "d", 1).await, Some(Rule::MaxOrdersPerMinute));
        let reopened = house.desk_under(policy()).await;
        assert_eq!(
            refusal(&reopened, "e", 1).await,
            Some(Rule::MaxOrdersPerMinute),
            "a restart forgets nothing"
        );
        house.clock.advance(Duration::from_secs(60));
        let later = house.desk_under(policy()).await;
        assert_eq!(refusal(&later, "f", 1).await, None);
        assert_eq!(sent(&house.broker), 4);
    });
}

#[test]
fn the_same_order_under_another_key_waits_for_its_window() {
    block_on(async {
        let house = House::new();
        let policy = || PolicyDraft { duplicate_window_seconds: Some(10), ..PolicyDraft::default() };
        let desk = house.desk_under(policy()).await;
        assert_eq!(refusal(&desk, "a", 5).await, None);
        assert_eq!(refusal(&desk, "b", 5).await, Some(Rule::DuplicateWindow));
        assert_eq!(refusal(&desk, "c", 6).await, None, "another size is another order");
        assert!(desk.submit(buy("a", 5)).await.unwrap().repeat, "the same key is the same order");
        house.clock.advance(Duration::from_secs(9));
        let reopened = house.desk_under(policy()).await;
        assert_eq!(refusal(&reopened, "d", 5).await, Some(Rule::DuplicateWindow));
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(refusal(&house.desk_under(policy()).await, "e", 5).await, None);
    });
}

/// A share whose session ends an hour after the beginning.
fn ends_in_an_hour() -> ContractDraft {
    let session = Session { open: Timestamp::EPOCH, close: Timestamp::from_seconds(3_600) };
    ContractDraft { sessions: TradingSessions::new(vec![session]).unwrap(), ..described(APPLE, apple()) }
}

#[test]
fn what_is_not_held_overnight_grows_until_shortly_before_its_own_session_ends() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.listed = vec![ends_in_an_hour().check().unwrap()]);
        let mut policy = PolicyDraft::default();
        (policy.permissions.overnight, policy.permissions.flat_minutes) = (false, 15);
        let desk = house.desk_under(policy).await;
        assert_eq!(refusal(&desk, "a", 1).await, None);
        house.clock.advance(Duration::from_secs(44 * 60));
        house.quote(&desk);
        assert_eq!(refusal(&desk, "b", 2).await, None, "16 minutes are left");
        house.clock.advance(Duration::from_secs(2 * 60));
        house.quote(&desk);
        let late = desk.submit(buy("c", 3)).await.unwrap().refusal.unwrap();
        assert_eq!((late.rule, late.number.as_str()), (Rule::Overnight, "14 minutes before the end"));
    });
}

#[test]
fn an_order_is_checked_by_the_newest_description_of_its_contract() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let at_a_cent = |name: &str| {
            let draft =
                OrderDraft::new(key(name), account(), apple(), Side::Buy, quantity(1), limit("100.01"));
            draft.check().unwrap()
        };
        assert_eq!(desk.submit(at_a_cent("a")).await.unwrap().invalid, None);
        let coarser = ContractDraft { price_step: "0.05".parse().unwrap(), ..described(APPLE, apple()) };
        desk.know(coarser.check().unwrap()).await;
        assert!(desk.submit(at_a_cent("b")).await.unwrap().invalid.is_some());
    });
}

#[test]
fn a_lost_day_stops_orders_that_grow() {
    block_on(async {
        let house = House::new();
        let policy = PolicyDraft { max_daily_loss: Some(1_000.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(policy).await;
        assert_eq!(
            refusal(&desk, "a", 1).await,
            Some(Rule::KnownInputs),
            "nobody told what the day began with"
        );
        let now = house.clock.now();
        let worth = desk.portfolio(&account()).await.unwrap().cash();
        let before = Money::new(worth.amount() + Decimal::from(999), Currency::USD);
        desk.note_equity(&account(), now, before).await;
        assert_eq!(refusal(&desk, "b", 1).await, None);
        let yesterday_was_better = Money::new(worth.amount() + Decimal::from(1_000), Currency::USD);
        let tomorrow = now.after(Duration::from_secs(86_400));
        desk.note_equity(&account(), now, yesterday_was_better).await;
        house.clock.advance(tomorrow.since(now));
        let fresh =
            house.desk_under(PolicyDraft { max_daily_loss: Some(1_000.into()), ..PolicyDraft::default() });
        let fresh = fresh.await;
        fresh.note_equity(&account(), now, yesterday_was_better).await;
        assert_eq!(refusal(&fresh, "c", 1).await, Some(Rule::MaxDailyLoss));
    });
}

#[test]
fn an_approval_is_kept_with_every_number_and_limit() {
    block_on(async {
        let house = House::new();
        let policy = PolicyDraft { max_order_value: Some(5_000.into()), ..PolicyDraft::default() };
        house.desk_under(policy).await.submit(buy("a", 10)).await.unwrap();
        let inputs = house.inputs("a").await;
        let Some(OrderInput::RiskApproved { findings }) = inputs.first() else { panic!("{inputs:?}") };
        let of_value = findings.iter().find(|finding| finding.rule == "max_order_value").unwrap();
        assert_eq!((of_value.number.to_string(), of_value.limit.to_string()), ("1000".into(), "5000".into()));
    });
}

/// All quotes of now are older than the last one of before: that one would stand, and be fresh, for as long as the clock was put
/// back.
#[test]
fn a_clock_that_is_put_back_takes_no_price_of_before_for_the_last_one() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let quoted = |seconds: i64, price: &str| {
            let level = |price: &str| Some(Level::new(price.parse().unwrap(), None));
            desk.note_quote(
                Quote::new(apple(), Timestamp::from_seconds(seconds), level(price), level(price)).unwrap(),
            );
            desk.last_quote(apple()).unwrap().mid().unwrap().to_string()
        };
        // As it was stamped an hour from now.
        assert_eq!(quoted(3_600, "200"), "200");
        assert_eq!(quoted(0, "100"), "100");
        assert_eq!(quoted(1, "101"), "101");
        assert_eq!(quoted(0, "102"), "101", "what comes late is not the last");
    });
}
