//! Margins by the broker's word: asked where the policy wants it, and missing refuses.

use super::*;
use crate::{MarginAfter, PreviewPolicy};

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD)
}

fn share() -> PolicyDraft {
    PolicyDraft { max_margin_share: Some(number("0.5")), ..PolicyDraft::default() }
}

fn excess() -> PolicyDraft {
    PolicyDraft { min_excess_liquidity: Some(number("20000")), ..PolicyDraft::default() }
}

fn always() -> PolicyDraft {
    PolicyDraft { preview: PreviewPolicy::Always, ..PolicyDraft::default() }
}

fn after(initial: i64, maintenance: i64, equity: i64) -> MarginAfter {
    let (initial, maintenance, equity) = (Some(usd(initial)), Some(usd(maintenance)), Some(usd(equity)));
    MarginAfter { initial, maintenance, equity, ..MarginAfter::default() }
}

fn seeing(preview: Preview) -> RiskView {
    RiskView { preview, ..view() }
}

fn buy() -> OrderIntent {
    intent(Side::Buy, 10, OrderKind::Market)
}

fn words(policy: PolicyDraft, view: &RiskView) -> Option<String> {
    match judge(&policy.check().unwrap(), view, &buy()) {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.to_string()),
    }
}

fn told(words: &str) -> Option<String> {
    Some(words.to_owned())
}

#[test]
fn the_margin_after_an_order_is_a_share_of_the_portfolio() {
    let seen = |initial| seeing(Preview::After(after(initial, 0, 100_000)));
    assert_eq!(words(share(), &seen(50_000)), None);
    assert_eq!(words(share(), &seen(50_001)), told("max_margin_share: 0.50001 against a limit of 0.5"));
}

#[test]
fn equity_stays_above_the_maintenance_margin() {
    let seen = |maintenance| seeing(Preview::After(after(0, maintenance, 90_000)));
    assert_eq!(words(excess(), &seen(70_000)), None);
    let less = "min_excess_liquidity: 19999 against a limit of 20000";
    assert_eq!(words(excess(), &seen(70_001)), told(less));
}

#[test]
fn what_other_live_orders_tie_up_comes_on_top() {
    let initial = MarginAfter { initial_beside: number("10001"), ..after(40_000, 0, 90_000) };
    let both = told("max_margin_share: 0.50001 against a limit of 0.5");
    assert_eq!(words(share(), &seeing(Preview::After(initial))), both);
    let maintenance = MarginAfter { maintenance_beside: number("1"), ..after(0, 70_000, 90_000) };
    let both = told("min_excess_liquidity: 19999 against a limit of 20000");
    assert_eq!(words(excess(), &seeing(Preview::After(maintenance))), both);
}

#[test]
fn what_the_broker_does_not_say_refuses() {
    let missing =
        |what: &str| Some(format!("known_inputs: missing: {what} against a limit of every input known"));
    for policy in [share(), excess(), always()] {
        assert_eq!(words(policy.clone(), &seeing(Preview::NotAsked)), missing("the broker's preview of it"));
        let silent = seeing(Preview::Missing("no answer within 10 s".to_owned()));
        let why = missing("the broker's preview of it: no answer within 10 s");
        assert_eq!(words(policy.clone(), &silent), why);
        let refused = seeing(Preview::Refused("no money".to_owned()));
        assert_eq!(
            words(policy, &refused),
            told("preview: no money against a limit of what the broker would take")
        );
    }
    let empty = seeing(Preview::After(MarginAfter::default()));
    assert_eq!(words(share(), &empty), missing("the initial margin after it"));
    assert_eq!(words(excess(), &empty), missing("the equity after it"));
    let half = MarginAfter { equity: Some(usd(1)), ..MarginAfter::default() };
    assert_eq!(words(excess(), &seeing(Preview::After(half))), missing("the maintenance margin after it"));
    let euro = Some(Money::new(Decimal::ONE, "EUR".parse().unwrap()));
    let other = MarginAfter { initial: euro, ..after(1, 1, 90_000) };
    assert_eq!(words(share(), &seeing(Preview::After(other))), missing("the initial margin after it"));
    assert_eq!(words(always(), &empty), None, "asked for its own sake, it need not speak of margins");
}

#[test]
fn nobody_is_asked_of_what_shrinks_or_is_stopped_anyway() {
    let asks = |policy: PolicyDraft, view: &RiskView, intent| {
        asks_for_preview(&policy.check().unwrap(), view, &intent)
    };
    let sell = || intent(Side::Sell, 10, OrderKind::Market);
    let long = RiskView { held: Some(number("10")), ..view() };
    for policy in [share(), excess(), always()] {
        assert!(asks(policy.clone(), &view(), buy()));
        assert!(!asks(policy.clone(), &long, sell()));
        assert_eq!(rule(policy.clone(), &long, &sell()), None, "whoever wants out gets out");
        let busy = RiskView { orders_today: 100, ..view() };
        assert!(!asks(policy, &busy, buy()));
    }
    assert!(!asks(PolicyDraft::default(), &view(), buy()));
    assert_eq!(words(share(), &seeing(Preview::Stands)), None, "it is tied up already");
}

#[test]
fn one_account_may_have_tighter_margins() {
    let own = |own| PolicyDraft {
        accounts: [(AccountId::new("DU1").unwrap(), own)].into(),
        ..PolicyDraft::default()
    };
    let tight = own(Tighter { min_excess_liquidity: Some(number("30000")), ..Tighter::default() });
    let seen = seeing(Preview::After(after(0, 70_000, 90_000)));
    let less = "accounts.DU1.min_excess_liquidity: 20000 against a limit of 30000";
    assert_eq!(words(tight.clone(), &seen), told(less));
    let wide = PolicyDraft { min_excess_liquidity: Some(number("40000")), ..tight };
    let dead = "accounts.DU1.min_excess_liquidity is 30000: it must be at least 40000, as for all accounts: it would \
                never bind";
    assert_eq!(wide.check().unwrap_err().to_string(), dead);
}

#[test]
fn what_is_stopped_anyway_says_by_which_rule_though_nobody_was_asked() {
    let few = Tighter { max_order_quantity: Some(number("9")), ..Tighter::default() };
    let strategies = [("pairs".parse().unwrap(), few)].into();
    let both = PolicyDraft { strategies, ..excess() }.check().unwrap();
    let of_pairs = buy().to_draft().by_strategy("pairs".parse().unwrap()).check().unwrap();
    let nothing = crate::StrategyView {
        held: Some(Decimal::ZERO),
        open_buys: Some(Decimal::ZERO),
        open_sells: Some(Decimal::ZERO),
        orders_today: 0,
        orders_last_minute: 0,
    };
    let seen = RiskView { strategy: Some(nothing), ..view() };
    assert!(!asks_for_preview(&both, &seen, &of_pairs));
    let refused = |view: &RiskView, intent: &OrderIntent| match judge(&both, view, intent) {
        RiskVerdict::Refused(refusal) => refusal.to_string(),
        approved => panic!("{approved:?}"),
    };
    assert_eq!(refused(&seen, &of_pairs), "strategies.pairs.max_order_quantity: 10 against a limit of 9");
    let mut small = of_pairs.to_draft();
    small.size = Quantity::new(Decimal::ONE).unwrap().into();
    let poor = RiskView { preview: Preview::After(after(0, 90_000, 90_000)), ..seen };
    let words = refused(&poor, &small.check().unwrap());
    assert_eq!(words, "min_excess_liquidity: 0 against a limit of 20000", "no limit of the strategy");
    let barred = Permissions { short_sales: false, ..Permissions::default() };
    let no_shorts = PolicyDraft { permissions: barred, ..excess() };
    assert_eq!(rule(no_shorts, &view(), &intent(Side::Sell, 1, OrderKind::Market)), Some(Rule::ShortSales));
}
