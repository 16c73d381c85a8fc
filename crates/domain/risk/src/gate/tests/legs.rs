//! Combos, leg by leg.

use super::{facts, intent, number, view};
use crate::{
    LegView, Permissions, PolicyDraft, RiskVerdict, RiskView, Rule, StrategyView, Tighter, UnitsView, judge,
};
use tradeport_kernel::{Decimal, StrategyId, Symbol};
use tradeport_orders::{OrderIntent, OrderKind, Side};

fn units(held: &str, buys: &str, sells: &str) -> UnitsView {
    let some = |text| Some(number(text));
    UnitsView { held: some(held), open_buys: some(buys), open_sells: some(sells) }
}

fn leg(name: &str, side: Side, has: UnitsView) -> LegView {
    LegView {
        symbol: Symbol::new(name).unwrap(),
        underlying: Some(Symbol::new("AAPL").unwrap()),
        side,
        ratio: Decimal::ONE,
        unit_value: Some(number("500")),
        units: has,
        of_strategy: Some(has),
    }
}

/// A vertical: of what is bought and of what is sold the account has this.
fn vertical(bought: UnitsView, sold: UnitsView) -> RiskView {
    let legs = vec![leg("AAPL C100", Side::Buy, bought), leg("AAPL C105", Side::Sell, sold)];
    RiskView { legs: Some(legs), contract: Some(facts(Decimal::ONE)), ..view() }
}

fn none() -> UnitsView {
    units("0", "0", "0")
}

fn buy(quantity: u32) -> OrderIntent {
    intent(Side::Buy, quantity, OrderKind::Market)
}

fn refusal(policy: PolicyDraft, view: &RiskView, intent: &OrderIntent) -> Option<String> {
    match judge(&policy.check().unwrap(), view, intent) {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.to_string()),
    }
}

fn at_most_ten() -> PolicyDraft {
    PolicyDraft { max_position_quantity: Some(number("10")), ..PolicyDraft::default() }
}

#[test]
fn what_was_brought_in_by_combos_before_counts_in_each_leg() {
    let words = |of: &str| Some(format!("max_position_quantity: {of} against a limit of 10"));
    assert_eq!(refusal(at_most_ten(), &vertical(none(), none()), &buy(10)), None);
    let has = vertical(units("10", "0", "0"), units("-10", "0", "0"));
    assert_eq!(refusal(at_most_ten(), &has, &buy(1)), words("11 of AAPL C100"));
    let sold_alone = vertical(none(), units("-10", "0", "0"));
    assert_eq!(refusal(at_most_ten(), &sold_alone, &buy(1)), words("11 of AAPL C105"));
    let open = vertical(none(), units("0", "0", "9"));
    assert_eq!(refusal(at_most_ten(), &open, &buy(2)), words("11 of AAPL C105"));
    // 21 legs of 500 are a tenth of the portfolio and more.
    let share = vertical(units("19", "0", "0"), none());
    assert_eq!(refusal(PolicyDraft::default(), &share, &buy(1)), None);
    let words = "max_position_share: 0.105 in AAPL C100 against a limit of 0.1";
    assert_eq!(refusal(PolicyDraft::default(), &share, &buy(2)), Some(words.to_owned()));
}

#[test]
fn each_leg_counts_as_often_as_it_is_in_the_combo() {
    let mut ratio = vertical(none(), none());
    ratio.legs.as_mut().unwrap()[1].ratio = number("3");
    assert_eq!(refusal(at_most_ten(), &ratio, &buy(3)), None);
    let words = "max_position_quantity: 12 of AAPL C105 against a limit of 10";
    assert_eq!(refusal(at_most_ten(), &ratio, &buy(4)), Some(words.to_owned()));
}

#[test]
fn a_leg_may_not_be_sold_short_where_nothing_may() {
    let permissions = Permissions { short_sales: false, ..Permissions::default() };
    let policy = || PolicyDraft { permissions: permissions.clone(), ..PolicyDraft::default() };
    let words = "short_sales: -2 of AAPL C105 against a limit of 0";
    assert_eq!(refusal(policy(), &vertical(none(), none()), &buy(2)), Some(words.to_owned()));
    let long = vertical(none(), units("2", "0", "0"));
    assert_eq!(refusal(policy(), &long, &buy(2)), None, "it sells what is there");
    let promised = vertical(none(), units("2", "0", "1"));
    let words = "short_sales: -1 of AAPL C105 against a limit of 0";
    assert_eq!(refusal(policy(), &promised, &buy(2)), Some(words.to_owned()));
}

#[test]
fn a_combo_that_only_takes_out_of_its_legs_is_a_way_out() {
    let permissions = Permissions { short_sales: false, overnight: false, ..Permissions::default() };
    let policy = || PolicyDraft { permissions: permissions.clone(), ..at_most_ten() };
    // Ten of the reverse are held.
    let held = vertical(units("-10", "0", "0"), units("10", "0", "0"));
    let poor = RiskView { portfolio_value: None, ..held };
    assert_eq!(refusal(policy(), &poor, &buy(10)), None);
    assert!(refusal(policy(), &poor, &buy(11)).is_some(), "it turns both");
    // Other orders may take all of it out: beside them it is no way out.
    let promised = vertical(units("-10", "10", "0"), units("10", "0", "10"));
    let four = PolicyDraft { max_position_quantity: Some(number("4")), ..PolicyDraft::default() };
    assert_eq!(
        refusal(four, &promised, &buy(4)).unwrap(),
        "max_position_quantity: 10 of AAPL C100 against a limit of 4; it leaves a position that other orders \
         may still take 10 out of, and all of them would turn it: cancel those first"
    );
}

#[test]
fn a_leg_of_which_nothing_is_known_refuses() {
    let blind = RiskView { legs: None, ..view() };
    let found = refusal(PolicyDraft::default(), &blind, &buy(1)).unwrap();
    assert_eq!(
        found,
        "known_inputs: missing: what the combo is made of against a limit of every input known"
    );
    for (at, what) in
        [("held", "the position in AAPL C100"), ("open", "how many units of AAPL C100 open orders are for")]
    {
        let unknown = UnitsView { held: (at != "held").then_some(Decimal::ZERO), open_buys: None, ..none() };
        let found = refusal(PolicyDraft::default(), &vertical(unknown, none()), &buy(1)).unwrap();
        assert!(found.contains(what), "{found}");
    }
    let mut priceless = vertical(none(), none());
    priceless.legs.as_mut().unwrap()[1].unit_value = None;
    let found = refusal(PolicyDraft::default(), &priceless, &buy(1)).unwrap();
    assert!(found.contains("what AAPL C105 is worth"), "{found}");
}

#[test]
fn a_name_that_is_forbidden_is_so_as_an_underlying() {
    let permissions = Permissions { not_symbols: vec!["aapl".to_owned()], ..Permissions::default() };
    let policy = || PolicyDraft { permissions: permissions.clone(), ..PolicyDraft::default() };
    let words = Some("not_symbols: AAPL against a limit of all but aapl".to_owned());
    let mut other = buy(1).to_draft();
    other.symbol = Symbol::new("AAPL 20261218C450").unwrap();
    let option = other.check().unwrap();
    assert_eq!(refusal(policy(), &view(), &option), None, "nobody said what it is derived from");
    let contract = crate::ContractFacts { underlying: Symbol::new("AAPL").ok(), ..facts(Decimal::ONE) };
    let derived = RiskView { contract: Some(contract), ..view() };
    assert_eq!(refusal(policy(), &derived, &option), words);
    assert_eq!(refusal(policy(), &vertical(none(), none()), &option), words, "in the legs");
}

#[test]
fn the_limits_of_a_strategy_hold_in_each_leg() {
    let pairs = StrategyId::new("pairs").unwrap();
    let own = Tighter { max_position_quantity: Some(number("10")), ..Tighter::default() };
    let policy =
        || PolicyDraft { strategies: [(pairs.clone(), own.clone())].into(), ..PolicyDraft::default() };
    let mut draft = buy(2).to_draft();
    draft.strategy = Some(pairs.clone());
    let order = draft.check().unwrap();
    let zero = Some(Decimal::ZERO);
    let nothing = StrategyView {
        held: zero,
        open_buys: zero,
        open_sells: zero,
        orders_today: 0,
        orders_last_minute: 0,
    };
    let seen = |bought: &str, sold: &str| {
        let mut view = vertical(none(), none());
        let legs = view.legs.as_mut().unwrap();
        legs[0].of_strategy = Some(units(bought, "0", "0"));
        legs[1].of_strategy = Some(units(sold, "0", "0"));
        RiskView { strategy: Some(nothing), ..view }
    };
    assert_eq!(refusal(policy(), &seen("8", "-8"), &order), None);
    let words = "strategies.pairs.max_position_quantity: 11 of AAPL C105 against a limit of 10";
    assert_eq!(refusal(policy(), &seen("8", "-9"), &order), Some(words.to_owned()));
    assert_eq!(refusal(policy(), &seen("-12", "12"), &order), None, "it takes out");
    let mut blind = seen("0", "0");
    blind.legs.as_mut().unwrap()[0].of_strategy = None;
    let found = judge(&policy().check().unwrap(), &blind, &order);
    assert!(matches!(found, RiskVerdict::Refused(refusal) if refusal.rule == Rule::KnownInputs));
}
