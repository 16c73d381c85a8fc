//! Strategies as one order.

use crate::support::{House, account, execution, held_by_broker, key, limit, quantity, sent};
use futures::executor::block_on;
use time::macros::date;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Right, TradingSessions};
use tradeport_kernel::{Currency, Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::strategy::Strategy;
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, CancelTag, ComboRouting, ExecutedPart, Execution, OrderChange,
    OrderDraft, OrderKind, OrderState, PlacedBy, Side, SubmitError, TimeInForce,
};
use tradeport_risk::{Permissions, PolicyDraft, Rule};
use tradeport_trading::{ChangeOutcome, DeskError, OrderDesk, StrategyOrder, VerticalSpread};

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn spread(limit: &str) -> VerticalSpread {
    VerticalSpread {
        key: key("s"),
        account: account(),
        symbol: Symbol::new("AAPL").unwrap(),
        expiry: date!(2026 - 12 - 18),
        right: Right::Call,
        long_strike: price("100"),
        short_strike: price("105"),
        quantity: quantity(2),
        limit: price(limit),
    }
}

fn option(id: i64, instrument: Instrument) -> Contract {
    ContractDraft {
        id: ContractId::new(id),
        symbol: instrument.symbol(),
        instrument,
        name: "AAPL CALL".into(),
        currency: Currency::USD,
        price_step: "0.05".parse().unwrap(),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE_HUNDRED,
        sessions: TradingSessions::always(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

async fn house() -> (House, OrderDesk) {
    house_under(PolicyDraft::default()).await
}

/// A house whose broker lists the legs of the spread, quoted at 4.90 to 5.10 and 2.90 to 3.10.
async fn house_under(policy: PolicyDraft) -> (House, OrderDesk) {
    let house = House::new();
    let legs = spread("2").into_order().unwrap().strategy.instruments().unwrap();
    let listed: Vec<Contract> = legs.into_iter().zip(101..).map(|(leg, id)| option(id, leg)).collect();
    let desk = house.desk_under(policy).await;
    for (contract, (bid, ask)) in listed.iter().zip([("4.90", "5.10"), ("2.90", "3.10")]) {
        let level = |text| Some(Level::new(price(text), None));
        desk.note_quote(Quote::new(contract.symbol(), Timestamp::EPOCH, level(bid), level(ask)).unwrap());
    }
    house.broker.script(|script| script.listed = listed);
    (house, desk)
}

#[test]
fn a_vertical_spread_is_one_order_for_one_combo() {
    block_on(async {
        let (house, desk) = house().await;
        let placed = desk.place_vertical_spread(spread("2.00")).await.unwrap();
        assert_eq!((placed.order.state(), placed.refusal, placed.invalid), (OrderState::Working, None, None));
        assert_eq!(placed.warnings, [], "each leg is known");
        let sent = house.broker.script(|script| script.sent.clone());
        let [order] = sent.as_slice() else { panic!("{sent:?}") };
        assert_eq!(
            (order.side(), order.quantity(), *order.kind()),
            (Side::Buy, Some(quantity(2)), limit("2.00"))
        );
        let contract = desk.contract(order.symbol()).await.unwrap();
        let legs: Vec<_> = contract
            .instrument()
            .description()
            .legs
            .iter()
            .map(|leg| (leg.contract().number(), leg.ratio(), leg.action()))
            .collect();
        use tradeport_contracts::LegAction::{Buy, Sell};
        assert_eq!(legs, [(101, 1, Buy), (102, 1, Sell)]);
        assert_eq!(contract.multiplier(), Decimal::ONE_HUNDRED);
        assert!(desk.place_vertical_spread(spread("2.00")).await.unwrap().repeat);
    });
}

#[test]
fn a_credit_is_a_price_below_zero() {
    block_on(async {
        let (_house, desk) = house().await;
        let order = spread("-1.90").into_order().unwrap();
        let sold = StrategyOrder { strategy: order.strategy.clone().reversed(), ..order };
        let placed = desk.place_strategy(&sold).await.unwrap();
        assert_eq!((placed.refusal, placed.invalid), (None, None), "sold for 1.90 each");
        assert_eq!(*placed.order.kind(), limit("-1.90"));
    });
}

#[test]
fn what_risk_counts_is_what_the_legs_are_worth_together() {
    block_on(async {
        let (house, desk) = house().await;
        // 5 and 3 are 8 a share, 800 a spread: 12 of them are 9,600 of 100,000, and 13 are too many.
        for (name, units, passes) in [("s12", 12, true), ("s13", 13, false)] {
            let one = VerticalSpread { key: key(name), quantity: quantity(units), ..spread("2.00") };
            let previewed =
                desk.preview(desk.strategy_intent(&one.into_order().unwrap()).await.unwrap()).await.unwrap();
            assert_eq!(previewed.would_go(), passes, "{:?}", previewed.verdict);
        }
        // The collar is a tenth of those 8: a limit of 2.80 passes, and one of 2.85 is too far.
        for (name, limit, rule) in [("near", "2.80", None), ("far", "2.85", Some(Rule::PriceCollar))] {
            let one = VerticalSpread { key: key(name), ..spread(limit) };
            let placed = desk.place_vertical_spread(one).await.unwrap();
            assert_eq!(placed.refusal.map(|why| why.rule), rule, "{limit}");
        }
        assert_eq!(sent(&house.broker), 1);
    });
}

#[test]
fn an_own_quote_of_the_combo_goes_before_that_of_its_legs() {
    block_on(async {
        let (_house, desk) = house().await;
        let intent = desk.strategy_intent(&spread("2.85").into_order().unwrap()).await.unwrap();
        let level = |text| Some(Level::new(price(text), None));
        let own = Quote::new(intent.symbol(), Timestamp::EPOCH, level("2.70"), level("2.90")).unwrap();
        desk.note_quote(own);
        assert_eq!(desk.submit(intent).await.unwrap().refusal, None);
    });
}

#[test]
fn legs_without_a_price_refuse() {
    block_on(async {
        let (house, desk) = house().await;
        house.clock.advance(std::time::Duration::from_secs(3_600));
        let placed = desk.place_vertical_spread(spread("2.00")).await.unwrap();
        assert_eq!(placed.refusal.unwrap().rule, Rule::KnownInputs);
    });
}

#[test]
fn prices_between_the_steps_of_the_legs_are_refused() {
    block_on(async {
        let (house, desk) = house().await;
        let placed = desk.place_vertical_spread(spread("2.01")).await.unwrap();
        assert_eq!(
            placed.invalid.unwrap().to_string(),
            "the limit of 2.01 is not on the price step of 0.05: 2 or 2.05 would be accepted"
        );
        assert_eq!(sent(&house.broker), 0);
    });
}

#[test]
fn ratios_are_reduced_and_multiply_the_quantity() {
    block_on(async {
        let (house, desk) = house().await;
        let order = spread("2.00").into_order().unwrap();
        let legs = order
            .strategy
            .legs()
            .iter()
            .map(|leg| tradeport_orders::strategy::StrategyLeg::new(leg.side(), 2, leg.of()).unwrap());
        let strategy = Strategy::custom(order.strategy.underlying(), legs.collect()).unwrap();
        let double = StrategyOrder { strategy, time_in_force: TimeInForce::GoodTillCancelled, ..order };
        desk.place_strategy(&double).await.unwrap();
        let sent = house.broker.script(|script| script.sent.clone());
        assert_eq!(sent[0].quantity(), Some(quantity(4)));
        assert_eq!(sent[0].time_in_force(), TimeInForce::GoodTillCancelled);
    });
}

#[test]
fn prices_of_legs_are_held_against_the_legs_own_steps() {
    block_on(async {
        let (_house, desk) = house().await;
        let combo = desk.place_vertical_spread(spread("2.00")).await.unwrap().order;
        let by_leg = |name: &str, second: &str| {
            let mut draft =
                OrderDraft { key: key(name), kind: OrderKind::LimitPerLeg, ..combo.intent().to_draft() };
            draft.attributes.combo.routing = vec![ComboRouting::NonGuaranteed(true)];
            draft.attributes.combo.leg_prices = vec![Some(price("5.00")), Some(price(second))];
            draft.check().unwrap()
        };
        let placed = desk.submit(by_leg("a", "3.00")).await.unwrap();
        assert_eq!((placed.refusal, placed.invalid, placed.warnings), (None, None, vec![]));
        let off = desk.submit(by_leg("b", "3.01")).await.unwrap();
        assert_eq!(off.invalid.map(|it| it.as_slice().len()), Some(1), "its step is five cents");
    });
}

#[test]
fn what_a_combo_has_traded_is_held_in_its_legs_when_a_change_of_it_is_judged() {
    block_on(async {
        let limits = PolicyDraft { max_position_quantity: Some(10.into()), ..PolicyDraft::default() };
        let (house, desk) = house_under(limits).await;
        let six = VerticalSpread { quantity: quantity(6), ..spread("2.00") };
        let combo = desk.place_vertical_spread(six).await.unwrap().order.intent().symbol();
        let leg = house.broker.script(|script| script.listed[0].symbol());
        // Four spreads have traded; the other leg's execution is on its way.
        for (root, symbol, part) in [("x", combo, ExecutedPart::Combo), ("x-leg", leg, ExecutedPart::Leg)] {
            let executed = Execution { symbol, part, price: price("5.00"), ..execution(root, Some("s"), 4) };
            house.broker.say(Some("s"), BrokerNews::Executed(executed));
        }
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("s")).await.unwrap().filled(), Decimal::from(4));
        let to = async |units| {
            desk.change(&key("s"), OrderChange::to_quantity(quantity(units))).await.unwrap().outcome
        };
        let words = "max_position_quantity: 11 of AAPL 20261218C100 against a limit of 10";
        assert!(matches!(to(11).await, ChangeOutcome::StoppedByRisk(why) if why.to_string() == words));
        assert_eq!(to(10).await, ChangeOutcome::Made);
    });
}

#[test]
fn a_combo_is_known_by_its_order_though_that_has_ended() {
    block_on(async {
        let (house, desk) = house().await;
        let refused = SubmitError::Refused { reason: "no".into() };
        house.broker.script(|script| script.answers.push_back(Err(refused)));
        let placed = desk.place_vertical_spread(spread("2.00")).await.unwrap();
        assert_eq!(placed.order.state(), OrderState::Refused);
        let contract = desk.contract(placed.order.intent().symbol()).await.unwrap();
        drop(desk);
        house.broker.script(|script| script.listed.push(contract.clone()));
        assert_eq!(house.desk().await.contract(contract.symbol()).await.unwrap(), contract);
    });
}

#[test]
fn what_is_not_listed_or_no_spread_is_told() {
    block_on(async {
        let (house, desk) = house().await;
        let elsewhere = VerticalSpread { short_strike: price("110"), ..spread("2.00") };
        assert!(matches!(desk.place_vertical_spread(elsewhere).await, Err(DeskError::UnknownSymbol(_))));
        let flat = VerticalSpread { short_strike: price("100"), ..spread("2.00") };
        let refused = desk.place_vertical_spread(flat).await.unwrap_err();
        assert!(matches!(refused, DeskError::Legs(_)));
        assert_eq!(refused.to_string(), "these legs make no strategy");
        assert_eq!((sent(&house.broker), house.written("s").await.len()), (0, 0));
    });
}

/// So many spreads have traded, in both legs.
fn trade(house: &House, name: &str, units: u32, combo: Symbol, sides: [Side; 2]) {
    let legs = house.broker.script(|script| [script.listed[0].symbol(), script.listed[1].symbol()]);
    let parts = [
        ("whole", combo, Side::Buy, ExecutedPart::Combo),
        ("first", legs[0], sides[0], ExecutedPart::Leg),
        ("second", legs[1], sides[1], ExecutedPart::Leg),
    ];
    for (part_name, symbol, side, part) in parts {
        let root = format!("{name}-{part_name}");
        let executed =
            Execution { symbol, side, part, price: price("4.00"), ..execution(&root, Some(name), units) };
        house.broker.say(Some(name), BrokerNews::Executed(executed));
    }
}

fn at_most_two() -> PolicyDraft {
    PolicyDraft { max_position_quantity: Some(Decimal::TWO), ..PolicyDraft::default() }
}

/// What combos have brought in counts like what orders for the legs have: the same spread again and again makes no larger
/// position than one order could.
#[test]
fn spread_after_spread_makes_no_larger_position_than_one_may() {
    block_on(async {
        let (house, desk) = house_under(at_most_two()).await;
        let placed = desk.place_vertical_spread(spread("2.00")).await.unwrap();
        let combo = placed.order.intent().symbol();
        trade(&house, "s", 2, combo, [Side::Buy, Side::Sell]);
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("s")).await.unwrap().state(), OrderState::Filled);
        let more = VerticalSpread { key: key("more"), quantity: quantity(1), ..spread("2.00") };
        let refusal = desk.place_vertical_spread(more.clone()).await.unwrap().refusal.unwrap();
        let words = "max_position_quantity: 3 of AAPL 20261218C100 against a limit of 2";
        assert_eq!(refusal.to_string(), words);
        // Sold again, which is the reverse bought: it takes out of both legs.
        let out = VerticalSpread { key: key("out"), ..spread("-2.00") }.into_order().unwrap();
        let out = StrategyOrder { strategy: out.strategy.clone().reversed(), ..out };
        assert_eq!(desk.place_strategy(&out).await.unwrap().refusal, None, "whoever wants out gets out");
        let twice = StrategyOrder { key: key("twice"), ..out };
        let refusal = desk.place_strategy(&twice).await.unwrap().refusal;
        assert_eq!(refusal, None, "from 2 to -2 at the worst");
        let thrice = StrategyOrder { key: key("thrice"), quantity: quantity(1), ..twice };
        let refusal = desk.place_strategy(&thrice).await.unwrap().refusal.unwrap();
        assert!(
            refusal.to_string().starts_with("max_position_quantity: 3 of AAPL 20261218C100"),
            "{refusal}"
        );
    });
}

#[test]
fn what_live_combos_may_bring_counts_for_orders_of_a_leg_by_itself() {
    block_on(async {
        let (house, desk) = house_under(at_most_two()).await;
        desk.place_vertical_spread(spread("2.00")).await.unwrap();
        let listed = house.broker.script(|script| script.listed.clone());
        let one = |name: &str, at: usize, side| {
            let instrument = listed[at].instrument().clone();
            let draft = OrderDraft::new(
                key(name),
                account(),
                listed[at].symbol(),
                side,
                quantity(1),
                OrderKind::Market,
            );
            draft.of(instrument).check().unwrap()
        };
        for (name, at, side) in [("long", 0, Side::Buy), ("short", 1, Side::Sell)] {
            let refusal = desk.submit(one(name, at, side)).await.unwrap().refusal.unwrap();
            assert_eq!(refusal.to_string(), "max_position_quantity: 3 against a limit of 2");
        }
        assert_eq!(desk.submit(one("other-way", 0, Side::Sell)).await.unwrap().refusal, None);
        let cancelled = desk.cancel(&key("s"), CancelTag::default()).await;
        assert!(cancelled.is_ok());
        house.broker.say(Some("s"), BrokerNews::Status(held_by_broker("s", BrokerPhase::Cancelled).status));
        desk.pump().await.unwrap();
        assert_eq!(
            desk.submit(one("then", 0, Side::Buy)).await.unwrap().refusal,
            None,
            "it may trade no more"
        );
    });
}

#[test]
fn a_combo_that_others_have_ordered_counts_in_its_legs_as_far_as_these_are_known() {
    block_on(async {
        let (house, desk) = house_under(at_most_two()).await;
        let intent = desk.strategy_intent(&spread("2.00").into_order().unwrap()).await.unwrap();
        let by_hand = BrokerOrder {
            key: None,
            symbol: intent.symbol(),
            size: quantity(2).into(),
            placed_by: Some(PlacedBy::Hand),
            ..held_by_broker("other", BrokerPhase::Working)
        };
        house.broker.script(|script| script.open = vec![by_hand]);
        desk.reconcile(None).await.unwrap();
        let listed = house.broker.script(|script| script.listed[0].clone());
        let leg = |name: &str, side| {
            let of = (account(), listed.symbol());
            let draft = OrderDraft::new(key(name), of.0, of.1, side, quantity(1), OrderKind::Market);
            draft.of(listed.instrument().clone()).check().unwrap()
        };
        let refusal = desk.submit(leg("long", Side::Buy)).await.unwrap().refusal.unwrap();
        assert_eq!(refusal.to_string(), "max_position_quantity: 3 against a limit of 2");
        assert_eq!(desk.submit(leg("other-way", Side::Sell)).await.unwrap().refusal, None);
    });
}

#[test]
fn a_spread_sells_no_leg_short_where_nothing_may_be_short() {
    block_on(async {
        let permissions = Permissions { short_sales: false, ..Permissions::default() };
        let (_house, desk) = house_under(PolicyDraft { permissions, ..PolicyDraft::default() }).await;
        let refusal = desk.place_vertical_spread(spread("2.00")).await.unwrap().refusal.unwrap();
        assert_eq!(refusal.to_string(), "short_sales: -2 of AAPL 20261218C105 against a limit of 0");
    });
}

#[test]
fn a_name_that_is_forbidden_is_so_in_spreads_of_its_options() {
    block_on(async {
        let permissions = Permissions { not_symbols: vec!["AAPL".to_owned()], ..Permissions::default() };
        let (house, desk) = house_under(PolicyDraft { permissions, ..PolicyDraft::default() }).await;
        let refusal = desk.place_vertical_spread(spread("2.00")).await.unwrap().refusal.unwrap();
        assert_eq!(refusal.to_string(), "not_symbols: AAPL against a limit of all but AAPL");
        let leg = house.broker.script(|script| script.listed[0].clone());
        let draft =
            OrderDraft::new(key("leg"), account(), leg.symbol(), Side::Buy, quantity(1), OrderKind::Market);
        let refusal = desk.submit(draft.check().unwrap()).await.unwrap().refusal.unwrap();
        assert_eq!(refusal.to_string(), "not_symbols: AAPL against a limit of all but AAPL");
    });
}
