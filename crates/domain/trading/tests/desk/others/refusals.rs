//! What a refusal says of orders of others.

use super::*;
use std::time::Duration;
use tradeport_kernel::Clock;
use tradeport_risk::{LimitOf, Tighter};

/// What stops an order beside one by hand and 20 of another share, and how many of the others the refusal names.
async fn stopped(limits: PolicyDraft, by_hand: BrokerOrder, intent: OrderIntent) -> (Rule, Option<Decimal>) {
    let house = House::new();
    let msft = Symbol::new("MSFT").unwrap();
    let nothing = Money::zero(Currency::USD);
    let units = SignedQuantity::new(20.into()).unwrap();
    house.broker.script(|script| {
        script.listed = vec![share(msft)];
        script.positions = vec![Position::reported(msft, units, nothing, Decimal::ONE, nothing)];
    });
    lists(&house.broker, vec![by_hand]);
    let desk = house.desk_under(limits).await;
    desk.contract(msft).await.unwrap();
    house.quote_of(&desk, msft);
    let refusal = refused(&desk, intent).await.unwrap();
    (refusal.rule, refusal.others)
}

/// 30 and 21 at 100, of 102 000; 20 of the other share beside them.
#[test]
fn each_limit_of_a_position_says_what_others_may_make_of_it() {
    let plain = PolicyDraft::default;
    let part = |text: &str| text.parse().unwrap();
    let cases = [
        (at_most(50), Rule::MaxPositionQuantity),
        (PolicyDraft { max_position_share: part("0.049"), ..plain() }, Rule::MaxPositionShare),
        (
            PolicyDraft { max_position_share: part("0.06"), max_gross_share: Some(part("0.06")), ..plain() },
            Rule::MaxGrossShare,
        ),
        (PolicyDraft { max_portfolio_risk: Some(part("0.003")), ..plain() }, Rule::MaxPortfolioRisk),
    ];
    for (limits, rule) in cases {
        let said = block_on(stopped(limits, by_hand(Side::Buy, 30, 0), buy("a", 21)));
        assert_eq!(said, (rule, Some(30.into())));
    }
}

#[test]
fn a_limit_of_the_order_itself_says_nothing_of_others() {
    let of_units = PolicyDraft { max_order_quantity: Some(20.into()), ..PolicyDraft::default() };
    let of_value = PolicyDraft { max_order_value: Some(2_000.into()), ..PolicyDraft::default() };
    for (limits, rule) in [(of_units, Rule::MaxOrderQuantity), (of_value, Rule::MaxOrderValue)] {
        let said = block_on(stopped(limits, by_hand(Side::Buy, 30, 0), buy("a", 21)));
        assert_eq!(said, (rule, None));
    }
}

#[test]
fn a_refusal_names_what_others_may_trade_on_the_side_of_the_order() {
    let said = block_on(stopped(at_most(50), by_hand(Side::Sell, 30, 0), buy("a", 51)));
    assert_eq!(said, (Rule::MaxPositionQuantity, None), "they take it out");
    let said = block_on(stopped(at_most(50), by_hand(Side::Sell, 30, 0), sell("a", 21)));
    assert_eq!(said, (Rule::MaxPositionQuantity, Some(30.into())));
}

/// What a strategy has is what its own orders trade.
#[test]
fn a_limit_of_a_strategy_says_nothing_of_others_and_one_of_an_account_does() {
    block_on(async {
        let thirty = || Tighter { max_position_quantity: Some(30.into()), ..Tighter::default() };
        let strategies = [("pairs".parse().unwrap(), thirty())].into();
        let pairs = buy("a", 31).to_draft().by_strategy("pairs".parse().unwrap()).check().unwrap();
        for (limits, is_of_account) in [
            (PolicyDraft { strategies, ..PolicyDraft::default() }, false),
            (PolicyDraft { accounts: [(account(), thirty())].into(), ..PolicyDraft::default() }, true),
        ] {
            let house = House::new();
            lists(&house.broker, vec![by_hand(Side::Buy, 20, 0)]);
            let strategies = [("pairs".parse().unwrap(), Tighter::default())].into();
            let limits = if is_of_account { PolicyDraft { strategies, ..limits } } else { limits };
            let desk = house.desk_under(limits).await;
            let refusal = refused(&desk, pairs.clone()).await.unwrap();
            assert_eq!(refusal.rule, Rule::MaxPositionQuantity);
            assert_eq!(refusal.of == LimitOf::Account(account()), is_of_account, "{refusal}");
            assert_eq!(refusal.others.is_some(), is_of_account, "{refusal}");
        }
    });
}

/// Beside sales by hand that take it all out an exit is none, whatever rule stops it for that.
#[test]
fn what_is_no_way_out_because_of_others_says_so() {
    block_on(async {
        let limits = || PolicyDraft { max_daily_loss: Some(1_000.into()), ..PolicyDraft::default() };
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        lists(&house.broker, vec![by_hand(Side::Sell, 8, 0)]);
        let desk = house.desk_under(limits()).await;
        desk.note_equity(&account(), house.clock.now(), Money::new(200_000.into(), Currency::USD)).await;
        let refusal = refused(&desk, sell("a", 3)).await.unwrap();
        assert_eq!(refusal.rule, Rule::MaxDailyLoss);
        assert_eq!((refusal.beside, refusal.others), (Some(8.into()), Some(8.into())));
        let grows = refused(&desk, buy("b", 1)).await.unwrap();
        assert_eq!((grows.rule, grows.beside, grows.others), (Rule::MaxDailyLoss, None, None));
        let grows = refused(&desk, sell("c", 11)).await.unwrap();
        assert_eq!((grows.rule, grows.beside, grows.others), (Rule::MaxDailyLoss, None, None));
        // An order of ours is none of theirs.
        lists(&house.broker, Vec::new());
        house.clock.advance(Duration::from_secs(1));
        look(&desk).await;
        assert!(refused(&desk, sell("d", 8)).await.is_none());
        let refusal = refused(&desk, sell("e", 3)).await.unwrap();
        assert_eq!((refusal.beside, refusal.others), (Some(8.into()), None));
    });
}
