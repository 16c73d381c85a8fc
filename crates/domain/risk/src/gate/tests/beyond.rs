//! What an order lets the broker trade beyond its own words.

use super::*;
use tradeport_orders::{
    Allocation, AllocationMethod, DeltaNeutral, DeltaNeutralKind, Scale, Volatility, VolatilityTerms,
};

fn said(change: impl FnOnce(OrderDraft) -> OrderDraft) -> Option<String> {
    said_of(OrderKind::Market, change)
}

fn said_of(kind: OrderKind, change: impl FnOnce(OrderDraft) -> OrderDraft) -> Option<String> {
    let draft = change(intent(Side::Buy, 1, kind).to_draft());
    let policy = PolicyDraft::default().check().unwrap();
    match judge(&policy, &view(), &draft.check().unwrap()) {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.number.to_string()),
    }
}

#[test]
fn an_order_for_a_group_of_accounts_is_refused_since_nobody_knows_what_each_of_them_gets() {
    let group = || "Clients".parse().unwrap();
    let words = Some("missing: how much of it each account of the group Clients gets".to_owned());
    assert_eq!(said(|it| it.allocated(Allocation::to_group(group()))), words);
    assert_eq!(said(|it| it.allocated(Allocation::by(group(), AllocationMethod::Equal))), words);
    let held = RiskView { held: Some(number("5")), ..view() };
    let exit = intent(Side::Sell, 5, OrderKind::Market).to_draft().allocated(Allocation::to_group(group()));
    assert_eq!(rule(PolicyDraft::default(), &held, &exit.check().unwrap()), Some(Rule::KnownInputs));
}

#[test]
fn orders_that_the_broker_adds_by_itself_are_refused_since_no_limit_counts_them() {
    let volatile = OrderKind::Volatility(Volatility {
        percent: "20".parse().unwrap(),
        terms: VolatilityTerms::default(),
    });
    let hedged = |kind| said_of(volatile, move |it| it.hedged_by(DeltaNeutral::new(kind)));
    let of_hedge = "missing: how much its delta-neutral orders trade";
    assert_eq!(hedged(DeltaNeutralKind::Market).as_deref(), Some(of_hedge));
    assert_eq!(hedged(DeltaNeutralKind::None), None, "it says that there is none");
    let children = |name: &str| {
        said(|mut it| {
            let key = Some(OrderKey::new("child").unwrap());
            let presets = &mut it.attributes.presets;
            if name == "stop" {
                presets.stop_loss = key
            } else {
                presets.profit_taker = key
            }
            it
        })
    };
    let of_presets = "missing: how much its children from presets trade";
    assert_eq!(children("stop").as_deref(), Some(of_presets));
    assert_eq!(children("target").as_deref(), Some(of_presets));
}

#[test]
fn a_scale_that_trades_back_what_it_traded_is_refused_and_a_plain_one_is_as_large_as_it_says() {
    let scale = Scale::steps(1, "0.05".parse().unwrap());
    assert_eq!(said(|it| it.scaled(scale.clone())), None);
    let again = Scale { profit_offset: Some("0.1".parse().unwrap()), auto_reset: true, ..scale };
    let words = "missing: how often its scale trades";
    assert_eq!(said(|it| it.scaled(again)).as_deref(), Some(words));
}
