//! How often, and after which losses.

use super::*;

fn buy() -> OrderIntent {
    intent(Side::Buy, 1, OrderKind::Market)
}

fn leave() -> OrderIntent {
    intent(Side::Sell, 5, OrderKind::Market)
}

fn worth(values: &[(i64, i64)], now: &str) -> RiskView {
    let usd = |amount: Decimal| Money::new(amount, Currency::USD);
    let mut equity = Equity::default();
    for (hour, value) in values {
        equity.note(Timestamp::from_seconds(hour * 3_600), usd((*value).into()));
    }
    let now_at = Timestamp::from_seconds(values.last().map_or(0, |(hour, _)| hour * 3_600 + 1));
    let portfolio_value = Some(usd(number(now)));
    RiskView { now: now_at, equity, portfolio_value, held: Some(number("5")), ..view() }
}

#[test]
fn orders_of_a_minute_are_counted() {
    let policy = || PolicyDraft { max_orders_per_minute: Some(3), ..PolicyDraft::default() };
    let busy = |orders| RiskView { orders_last_minute: orders, ..view() };
    assert_eq!(rule(policy(), &busy(2), &buy()), None);
    assert_eq!(rule(policy(), &busy(3), &buy()), Some(Rule::MaxOrdersPerMinute));
}

#[test]
fn the_same_order_again_is_a_loop_or_a_slip() {
    let policy = || PolicyDraft { duplicate_window_seconds: Some(10), ..PolicyDraft::default() };
    let after = |millis| RiskView { alike: Some(Duration::from_millis(millis)), ..view() };
    assert_eq!(rule(policy(), &after(9_999), &buy()), Some(Rule::DuplicateWindow));
    assert_eq!(rule(policy(), &after(10_000), &buy()), None);
    assert_eq!(rule(policy(), &view(), &buy()), None);
    assert_eq!(rule(PolicyDraft::default(), &after(0), &buy()), None);
    let mut child = buy().to_draft();
    child.parent = Some(OrderKey::new("p").unwrap());
    assert_eq!(rule(policy(), &after(0), &child.check().unwrap()), None, "children are often alike");
}

#[test]
fn a_lost_day_stops_what_would_grow_and_lets_go_what_shrinks() {
    let policy = || PolicyDraft { max_daily_loss: Some(number("1000")), ..PolicyDraft::default() };
    let down = |now: &str| worth(&[(9, 100_000)], now);
    assert_eq!(rule(policy(), &down("99000.01"), &buy()), None);
    assert_eq!(rule(policy(), &down("99000"), &buy()), Some(Rule::MaxDailyLoss));
    assert_eq!(rule(policy(), &down("99000"), &leave()), None);
    let share = || PolicyDraft { max_daily_loss_share: Some(number("0.01")), ..PolicyDraft::default() };
    assert_eq!(rule(share(), &down("99001"), &buy()), None);
    assert_eq!(rule(share(), &down("99000"), &buy()), Some(Rule::MaxDailyLossShare));
}

#[test]
fn a_share_of_a_day_that_began_with_nothing_cannot_be_told() {
    let share = || PolicyDraft { max_daily_loss_share: Some(number("0.01")), ..PolicyDraft::default() };
    assert_eq!(rule(share(), &worth(&[(9, 0)], "100000"), &buy()), Some(Rule::KnownInputs));
}

#[test]
fn a_fall_from_the_top_stops_on_every_later_day() {
    let policy = || PolicyDraft { max_drawdown: Some(number("0.10")), ..PolicyDraft::default() };
    let fallen = |now: &str| worth(&[(9, 100_000), (33, 120_000), (57, 109_000)], now);
    assert_eq!(rule(policy(), &fallen("108000.12"), &buy()), None);
    assert_eq!(rule(policy(), &fallen("108000"), &buy()), Some(Rule::MaxDrawdown));
    assert_eq!(rule(policy(), &fallen("108000"), &leave()), None);
}

#[test]
fn losses_that_nobody_can_tell_refuse_where_they_are_limited() {
    let day = PolicyDraft { max_daily_loss: Some(number("1")), ..PolicyDraft::default() };
    assert_eq!(rule(day, &view(), &buy()), Some(Rule::KnownInputs));
    let top = PolicyDraft { max_drawdown: Some(number("0.1")), ..PolicyDraft::default() };
    assert_eq!(rule(top, &view(), &buy()), Some(Rule::KnownInputs));
}
