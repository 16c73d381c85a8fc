//! A strategy's limits stop its own orders alone, after those of everybody.

use super::*;
use crate::StrategyView;
use tradeport_kernel::StrategyId;

fn pairs() -> StrategyId {
    StrategyId::new("pairs").unwrap()
}

fn of(strategy: &str, side: Side, quantity: u32, kind: OrderKind) -> OrderIntent {
    intent(side, quantity, kind).to_draft().by_strategy(strategy.parse().unwrap()).check().unwrap()
}

fn buy(quantity: u32) -> OrderIntent {
    of("pairs", Side::Buy, quantity, OrderKind::Market)
}

fn policy(own: Tighter) -> PolicyDraft {
    PolicyDraft { strategies: [(pairs(), own)].into(), ..PolicyDraft::default() }
}

const NOTHING: StrategyView = StrategyView {
    held: Some(Decimal::ZERO),
    open_buys: Some(Decimal::ZERO),
    open_sells: Some(Decimal::ZERO),
    orders_today: 0,
    orders_last_minute: 0,
};

fn seeing(strategy: StrategyView) -> RiskView {
    RiskView { strategy: Some(strategy), ..view() }
}

fn refusal(own: &Tighter, view: &RiskView, intent: &OrderIntent) -> Option<String> {
    match judge(&policy(own.clone()).check().unwrap(), view, intent) {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.to_string()),
    }
}

fn stopped(words: &str) -> Option<String> {
    Some(words.to_owned())
}

#[test]
fn each_limit_of_a_strategy_stops_its_orders() {
    let units = Tighter { max_order_quantity: Some(number("5")), ..Tighter::default() };
    assert_eq!(refusal(&units, &seeing(NOTHING), &buy(5)), None);
    let words = "strategies.pairs.max_order_quantity: 6 against a limit of 5";
    assert_eq!(refusal(&units, &seeing(NOTHING), &buy(6)), stopped(words));
    let value = Tighter { max_order_value: Some(number("500")), ..Tighter::default() };
    assert_eq!(refusal(&value, &seeing(NOTHING), &buy(5)), None);
    let words = "strategies.pairs.max_order_value: 600 against a limit of 500";
    assert_eq!(refusal(&value, &seeing(NOTHING), &buy(6)), stopped(words));
    let collar = Tighter { price_collar: Some(number("0.05")), ..Tighter::default() };
    let bid = |text: &str| of("pairs", Side::Buy, 1, OrderKind::Limit { limit: text.parse().unwrap() });
    assert_eq!(refusal(&collar, &seeing(NOTHING), &bid("105")), None);
    let words = "strategies.pairs.price_collar: 0.06 against a limit of 0.05";
    assert_eq!(refusal(&collar, &seeing(NOTHING), &bid("106")), stopped(words));
}

#[test]
fn a_strategy_counts_its_own_orders() {
    let day = Tighter { max_daily_trades: Some(3), ..Tighter::default() };
    let minute = Tighter { max_orders_per_minute: Some(2), ..Tighter::default() };
    let sent = |orders_today, orders_last_minute| {
        // What others have sent counts for the account alone.
        let all = RiskView { orders_today: 90, orders_last_minute: 80, ..view() };
        RiskView { strategy: Some(StrategyView { orders_today, orders_last_minute, ..NOTHING }), ..all }
    };
    assert_eq!(refusal(&day, &sent(2, 0), &buy(1)), None);
    let words = "strategies.pairs.max_daily_trades: 3 against a limit of 3";
    assert_eq!(refusal(&day, &sent(3, 0), &buy(1)), stopped(words));
    assert_eq!(refusal(&minute, &sent(9, 1), &buy(1)), None);
    let words = "strategies.pairs.max_orders_per_minute: 2 against a limit of 2";
    assert_eq!(refusal(&minute, &sent(9, 2), &buy(1)), stopped(words));
}

#[test]
fn a_strategys_position_is_what_it_has_traded_and_may_still_trade() {
    let units = Tighter { max_position_quantity: Some(number("20")), ..Tighter::default() };
    let share = Tighter { max_position_share: Some(number("0.02")), ..Tighter::default() };
    let ten = StrategyView { held: Some(number("8")), open_buys: Some(number("2")), ..NOTHING };
    for own in [&units, &share] {
        assert_eq!(refusal(own, &seeing(ten), &buy(10)), None);
    }
    let words = "strategies.pairs.max_position_quantity: 21 against a limit of 20";
    assert_eq!(refusal(&units, &seeing(ten), &buy(11)), stopped(words));
    let words = "strategies.pairs.max_position_share: 0.021 against a limit of 0.02";
    assert_eq!(refusal(&share, &seeing(ten), &buy(11)), stopped(words));
}

#[test]
fn what_shrinks_the_account_may_grow_the_strategy() {
    let own = Tighter { max_position_quantity: Some(number("20")), ..Tighter::default() };
    let long = RiskView { held: Some(number("90")), ..seeing(NOTHING) };
    let sell = |quantity| of("pairs", Side::Sell, quantity, OrderKind::Market);
    assert_eq!(refusal(&own, &long, &sell(20)), None);
    let words = "strategies.pairs.max_position_quantity: 21 against a limit of 20";
    assert_eq!(refusal(&own, &long, &sell(21)), stopped(words));
    let beyond = StrategyView { held: Some(number("50")), ..NOTHING };
    let out = RiskView { held: Some(number("50")), ..seeing(beyond) };
    assert_eq!(refusal(&own, &out, &sell(50)), None, "whoever wants out gets out");
}

#[test]
fn what_is_not_known_of_a_strategy_refuses() {
    let own = Tighter { max_position_quantity: Some(number("20")), ..Tighter::default() };
    let words =
        |what: &str| Some(format!("known_inputs: missing: {what} against a limit of every input known"));
    assert_eq!(refusal(&own, &view(), &buy(1)), words("what the strategy has traded"));
    let blind = StrategyView { held: None, ..NOTHING };
    assert_eq!(refusal(&own, &seeing(blind), &buy(1)), words("the strategy's position"));
    for blind in [StrategyView { open_buys: None, ..NOTHING }, StrategyView { open_sells: None, ..NOTHING }] {
        let open = "how many units the strategy's open orders are for";
        assert_eq!(refusal(&own, &seeing(blind), &buy(1)), words(open));
    }
}

#[test]
fn a_name_that_no_limits_are_for_would_pass_them_by() {
    let own = Tighter { max_order_quantity: Some(number("5")), ..Tighter::default() };
    let order = |name| of(name, Side::Buy, 9, OrderKind::Market);
    let words = "strategies: pair against a limit of pairs";
    assert_eq!(refusal(&own, &view(), &order("pair")), stopped(words));
    let leave = of("pair", Side::Sell, 9, OrderKind::Market);
    let long = RiskView { held: Some(number("9")), ..view() };
    assert_eq!(refusal(&own, &long, &leave), None, "a position is left under any name");
    assert_eq!(refusal(&own, &view(), &intent(Side::Buy, 9, OrderKind::Market)), None, "nobody's idea");
    assert_eq!(rule(PolicyDraft::default(), &view(), &order("pair")), None, "none is named at all");
}

#[test]
fn an_order_passes_all_three_and_the_record_tells_them_apart() {
    let mut three = policy(Tighter { max_order_quantity: Some(number("5")), ..Tighter::default() });
    three.max_order_value = Some(number("900"));
    let account = Tighter { max_daily_trades: Some(7), ..Tighter::default() };
    three.accounts.insert(AccountId::new("DU1").unwrap(), account);
    let three = three.check().unwrap();
    let RiskVerdict::Approved { findings, .. } = judge(&three, &seeing(NOTHING), &buy(5)) else {
        panic!("it is small")
    };
    let words: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let wanted = [
        "accounts.DU1.max_daily_trades 0 of 7",
        "max_order_value 500 of 900",
        "max_position_share 0.005 of 0.1",
        "strategies.pairs.max_order_quantity 5 of 5",
    ];
    assert_eq!(words, wanted);
    let busy = RiskView { orders_today: 7, ..seeing(NOTHING) };
    assert!(
        matches!(judge(&three, &busy, &buy(5)), RiskVerdict::Refused(it) if matches!(it.of, LimitOf::Account(_)))
    );
}
