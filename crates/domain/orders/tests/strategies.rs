//! Strategies against positions worked out elsewhere, and the laws of payoffs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use proptest::strategy::Strategy as Generator;
use serde::Deserialize;
use time::macros::date;
use time::{Date, Duration};
use tradeport_contracts::{ContractId, OptionChain, OptionChainDraft, Right};
use tradeport_kernel::{Decimal, Price, Symbol};
use tradeport_orders::Side;
use tradeport_orders::strategy::{
    Estimate, Extreme, FromChain, Holding, LegOf, Payoff, PricedLeg, Strategy, StrategyLeg, units_in_combo,
};

const EXPIRY: Date = date!(2026 - 12 - 18);

#[derive(Deserialize)]
struct Golden {
    strategies: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    case: String,
    multiplier: Decimal,
    legs: Vec<GoldenLeg>,
    expected: Expected,
}

#[derive(Deserialize)]
struct GoldenLeg {
    kind: String,
    quantity: Decimal,
    strike: Option<Price>,
    price: Price,
}

#[derive(Deserialize)]
struct Expected {
    net_debit: Decimal,
    max_profit: Option<Decimal>,
    max_profit_unbounded: bool,
    max_loss: Option<Decimal>,
    max_loss_unbounded: bool,
    breakevens: Vec<Decimal>,
    zero_pl_intervals: Vec<(Decimal, Option<Decimal>)>,
    payoff: Vec<(Price, Decimal)>,
}

fn cases() -> Vec<Case> {
    let golden: Golden = serde_json::from_str(include_str!("data/options-strategies.json")).unwrap();
    golden.strategies
}

fn priced(leg: &GoldenLeg, multiplier: Decimal) -> PricedLeg {
    let holding = match (leg.kind.as_str(), leg.strike) {
        ("stock", None) => Holding::Underlying,
        ("call", Some(strike)) => Holding::Option { right: Right::Call, strike },
        ("put", Some(strike)) => Holding::Option { right: Right::Put, strike },
        other => panic!("no such leg: {other:?}"),
    };
    PricedLeg { holding, units: leg.quantity * multiplier, price: leg.price }
}

fn extreme(amount: Option<Decimal>, unbounded: bool) -> Extreme {
    if unbounded { Extreme::Unbounded } else { Extreme::Amount(amount.unwrap()) }
}

#[test]
fn payoffs_are_those_worked_out_elsewhere() {
    let cases = cases();
    for case in &cases {
        let legs: Vec<_> = case.legs.iter().map(|leg| priced(leg, case.multiplier)).collect();
        let payoff = Payoff::at_expiry(&legs).unwrap();
        let expected = &case.expected;
        assert_eq!(payoff.cost(), expected.net_debit, "cost of {}", case.case);
        let (most, least) = (
            extreme(expected.max_profit, expected.max_profit_unbounded),
            extreme(expected.max_loss, expected.max_loss_unbounded),
        );
        assert_eq!((payoff.max_profit(), payoff.max_loss()), (most, least), "{}", case.case);
        assert_eq!(payoff.break_evens(), expected.breakevens, "break-evens of {}", case.case);
        assert_eq!(payoff.zero_stretches(), expected.zero_pl_intervals, "zeros of {}", case.case);
        for (price, profit) in &expected.payoff {
            assert_eq!(payoff.profit_at(*price), Some(*profit), "{} at {price}", case.case);
        }
    }
    assert!(!cases.is_empty());
    println!("{} of {} strategies matched", cases.len(), cases.len());
}

fn xyz() -> Symbol {
    Symbol::new("XYZ").unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn prices<const N: usize>(texts: [&str; N]) -> [Price; N] {
    texts.map(price)
}

/// The named strategies hold the very legs of the cases worked out elsewhere.
#[test]
fn named_strategies_are_the_legs_that_everybody_means() {
    let named = [
        ("bull_call_spread", Strategy::vertical(xyz(), EXPIRY, Right::Call, price("100"), price("110"))),
        ("bear_put_spread", Strategy::vertical(xyz(), EXPIRY, Right::Put, price("105"), price("95"))),
        ("iron_condor", Strategy::iron_condor(xyz(), EXPIRY, prices(["85", "90", "110", "115"]))),
        (
            "iron_condor_unequal_wings",
            Strategy::iron_condor(xyz(), EXPIRY, prices(["80", "90", "110", "115"])),
        ),
        ("iron_butterfly", Strategy::iron_butterfly(xyz(), EXPIRY, prices(["90", "100", "110"]))),
        ("long_straddle", Strategy::straddle(xyz(), EXPIRY, price("100"))),
        (
            "short_strangle",
            Strategy::strangle(xyz(), EXPIRY, price("90"), price("110")).map(Strategy::reversed),
        ),
        ("covered_call", Strategy::covered_call(xyz(), EXPIRY, price("105"))),
        ("collar", Strategy::collar(xyz(), EXPIRY, price("92"), price("105"))),
        (
            "long_call_butterfly",
            Strategy::butterfly(xyz(), EXPIRY, Right::Call, prices(["95", "100", "105"])),
        ),
    ];
    let cases = cases();
    for (name, strategy) in named {
        let (strategy, case) = (strategy.unwrap(), cases.iter().find(|case| case.case == name).unwrap());
        let price_of = |leg: &StrategyLeg| {
            let same = |golden: &&GoldenLeg| match leg.of() {
                LegOf::Stock => golden.kind == "stock",
                LegOf::Option { right, strike, .. } => {
                    golden.kind == right.to_string() && golden.strike == Some(strike)
                }
            };
            case.legs.iter().find(same).unwrap().price
        };
        let paid: Vec<Price> = strategy.legs().iter().map(price_of).collect();
        let net = strategy.net_price(&paid).unwrap();
        let risk = strategy.risk_at(net).unwrap();
        let expected = &case.expected;
        assert_eq!(risk.cost, expected.net_debit, "{name}");
        let most = extreme(expected.max_profit, expected.max_profit_unbounded);
        let least = extreme(expected.max_loss, expected.max_loss_unbounded);
        assert_eq!((risk.max_profit, risk.max_loss), (most.into(), least.into()), "{name}");
        assert_eq!(risk.break_evens.as_ref(), Some(&expected.breakevens), "{name}");
        assert_eq!(risk.at, Some(EXPIRY), "{name}");
    }
}

#[test]
fn several_expiries_tell_what_holds_for_every_volatility() {
    let (near, far) = (EXPIRY, EXPIRY + Duration::days(28));
    let calendar = Strategy::calendar(xyz(), Right::Call, price("100"), near, far).unwrap();
    let risk = calendar.risk_at(price("1.20")).unwrap();
    assert_eq!(risk.max_loss, Estimate::Amount((-120).into()), "a long calendar loses what it cost");
    assert_eq!((risk.max_profit, risk.break_evens), (Estimate::DependsOnVolatility, None));
    assert_eq!(risk.at, Some(near));
    let sold = calendar.reversed().risk_at(price("-1.20")).unwrap();
    assert_eq!(sold.max_loss, Estimate::Unbounded, "the far call is left naked");
    let puts = Strategy::calendar(xyz(), Right::Put, price("100"), near, far).unwrap().reversed();
    // The far put may cost its whole strike while the near one is worth nothing.
    assert_eq!(puts.risk_at(price("-1.20")).unwrap().max_loss, Estimate::Amount((-9880).into()));
    let diagonal = Strategy::diagonal(xyz(), Right::Call, (near, price("110")), (far, price("100"))).unwrap();
    assert_eq!(diagonal.risk_at(price("3")).unwrap().max_loss, Estimate::Amount((-300).into()));
    let inverted = Strategy::diagonal(xyz(), Right::Call, (near, price("100")), (far, price("110"))).unwrap();
    assert_eq!(inverted.risk_at(price("3")).unwrap().max_loss, Estimate::Amount((-1300).into()));
}

#[test]
fn what_makes_no_strategy_is_told() {
    let condor = |strikes| Strategy::iron_condor(xyz(), EXPIRY, prices(strikes)).unwrap_err().to_string();
    let custom = |legs: &str| format!("custom XYZ {legs}").parse::<Strategy>().unwrap_err();
    let option = |strike: &str| {
        let of = LegOf::Option { expiry: EXPIRY, right: Right::Call, strike: price(strike) };
        StrategyLeg::new(Side::Buy, 1, of)
    };
    let refusals = [
        condor(["85", "90", "90", "115"]),
        Strategy::vertical(xyz(), EXPIRY, Right::Put, price("95"), price("95")).unwrap_err().to_string(),
        Strategy::butterfly(xyz(), EXPIRY, Right::Put, prices(["90", "95", "105"])).unwrap_err().to_string(),
        Strategy::calendar(xyz(), Right::Put, price("95"), EXPIRY, EXPIRY).unwrap_err().to_string(),
        Strategy::straddle(xyz(), EXPIRY, price("0")).unwrap_err().to_string(),
        Strategy::custom(xyz(), vec![]).unwrap_err().to_string(),
        Strategy::custom(xyz(), vec![option("5").unwrap(); 2]).unwrap_err().to_string(),
        StrategyLeg::new(Side::Buy, 0, LegOf::Stock).unwrap_err().to_string(),
        Strategy::collar(xyz(), EXPIRY, price("9"), price("10"))
            .and_then(|collar| collar.with_multiplier("0.5".parse().unwrap()))
            .unwrap_err()
            .to_string(),
        "sideways XYZ 2026-12-18 100".parse::<Strategy>().unwrap_err().to_string(),
        "vertical XYZ 2026-12-18 call 600".parse::<Strategy>().unwrap_err().to_string(),
        custom("buy 1 2026-02-30 call 600").to_string(),
        "  ".parse::<Strategy>().unwrap_err().to_string(),
    ];
    let expected = [
        "iron-condor: the strikes must rise, 85/90/90/115 do not",
        "vertical: two different strikes are needed, both are 95",
        "the wings of a butterfly must be equally wide: 90 to 95 and 95 to 105 are not; use custom legs",
        "calendar: the far option must expire after the near one, 2026-12-18 does not follow 2026-12-18",
        "a strike of 0 is not above zero",
        "0 legs make no strategy: give 1 to 32",
        "two legs are of the same thing: 2026-12-18 call 5; give it once with the ratio of both",
        "the ratio of a leg must be from 1 to 10000",
        "a multiplier of 0.5 does not fit: it must be above zero, and a whole number at most 10,000 beside shares",
        "\"sideways\" is not a strategy: expected one of vertical, calendar, diagonal, straddle, strangle, butterfly, \
         iron-condor, iron-butterfly, collar, covered-call, custom",
        "\"vertical XYZ 2026-12-18 call 600\" does not fit: vertical is written such as: \
         vertical SPY 2026-12-18 call 600/610",
        "\"custom XYZ buy 1 2026-02-30 call 600\" does not fit: custom is written such as: \
         custom SPY buy 1 2026-12-18 call 600, sell 1 2026-12-18 call 610",
        "a strategy is written in 1 to 2048 characters, such as: vertical SPY 2026-12-18 call 600/610",
    ];
    assert_eq!(refusals, expected);
}

fn strike() -> impl Generator<Value = Price> {
    (1_i64..200_000).prop_map(|cents| Price::new(Decimal::new(cents, 2)).unwrap())
}

fn expiry() -> impl Generator<Value = Date> {
    (0_i64..1_000).prop_map(|days| EXPIRY + Duration::days(days))
}

fn right() -> impl Generator<Value = Right> {
    prop_oneof![Just(Right::Call), Just(Right::Put)]
}

fn leg_of() -> impl Generator<Value = LegOf> {
    prop_oneof![
        1 => Just(LegOf::Stock),
        6 => (expiry(), right(), strike()).prop_map(|(expiry, right, strike)| LegOf::Option { expiry, right, strike }),
    ]
}

fn leg() -> impl Generator<Value = StrategyLeg> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    (side, 1_u32..20, leg_of()).prop_map(|(side, ratio, of)| StrategyLeg::new(side, ratio, of).unwrap())
}

/// Every kind; those whose parts make no strategy are left out.
fn any_strategy() -> impl Generator<Value = Strategy> {
    let strikes = proptest::collection::btree_set(strike(), 4..5)
        .prop_map(|set| <[Price; 4]>::try_from(set.into_iter().collect::<Vec<_>>()).unwrap());
    let one = (0_usize..11, strikes, expiry(), 1_i64..300, right(), proptest::collection::vec(leg(), 1..6));
    let made = one.prop_filter_map("no strategy", |(kind, [a, b, c, d], day, later, right, legs)| {
        let far = day + Duration::days(later);
        let middle = Price::new((a.as_decimal() + d.as_decimal()) / Decimal::TWO).unwrap();
        match kind {
            0 => Strategy::vertical(xyz(), day, right, a, b),
            1 => Strategy::vertical(xyz(), day, right, b, a),
            2 => Strategy::calendar(xyz(), right, a, day, far),
            3 => Strategy::diagonal(xyz(), right, (day, a), (far, b)),
            4 => Strategy::straddle(xyz(), day, a),
            5 => Strategy::strangle(xyz(), day, a, b),
            6 => Strategy::butterfly(xyz(), day, right, [a, middle, d]),
            7 => Strategy::iron_condor(xyz(), day, [a, b, c, d]),
            8 => Strategy::iron_butterfly(xyz(), day, [a, b, c]),
            9 => Strategy::collar(xyz(), day, a, b),
            _ => Strategy::custom(xyz(), legs),
        }
        .ok()
    });
    (made, any::<bool>(), prop_oneof![Just(100_u32), 1_u32..2_000]).prop_map(
        |(made, reversed, multiplier)| {
            let made = made.with_multiplier(multiplier.into()).unwrap();
            if reversed { made.reversed() } else { made }
        },
    )
}

fn net() -> impl Generator<Value = Price> {
    (-500_000_i64..500_000).prop_map(|cents| Price::new(Decimal::new(cents, 2)).unwrap())
}

proptest! {
    #[test]
    fn notation_and_documents_give_the_strategy_back(strategy in any_strategy()) {
        prop_assert_eq!(&strategy.to_string().parse::<Strategy>().unwrap(), &strategy);
        let document = serde_json::to_string(&strategy).unwrap();
        prop_assert_eq!(serde_json::from_str::<Strategy>(&document).unwrap(), strategy);
    }

    #[test]
    fn any_text_gives_a_strategy_or_an_error(text in "(short )?(vertical|custom|calendar|butterfly|x)[ -~]{0,60}") {
        if let Ok(strategy) = text.parse::<Strategy>() {
            prop_assert_eq!(strategy.to_string().parse::<Strategy>().unwrap(), strategy);
        }
    }

    /// The line is nowhere outside its extremes, and nothing is earned where it breaks even.
    #[test]
    fn no_price_earns_more_than_the_most_nor_less_than_the_least(
        strategy in any_strategy(), net in net(), at in proptest::collection::vec(strike(), 1..20),
    ) {
        let cost = net.as_decimal();
        let same: Vec<Price> = strategy.legs().iter().map(|_| net).collect();
        let Some(payoff) = strategy.payoff(&same).unwrap() else { return Ok(()) };
        for price in at {
            let profit = payoff.profit_at(price).unwrap();
            if let Extreme::Amount(most) = payoff.max_profit() { prop_assert!(profit <= most, "at {}", cost); }
            if let Extreme::Amount(least) = payoff.max_loss() { prop_assert!(profit >= least); }
        }
        for zero in payoff.break_evens() {
            let at = Price::new(zero.round_dp(Price::MAX_SCALE)).unwrap();
            prop_assert!(payoff.profit_at(at).unwrap().abs() < Decimal::new(1, 9));
        }
    }

    /// What one side earns the other loses.
    #[test]
    fn a_sold_strategy_is_the_mirror_of_the_bought_one(strategy in any_strategy(), net in net()) {
        let bought = strategy.risk_at(net).unwrap();
        let sold = strategy.clone().reversed().risk_at(Price::new(-net.as_decimal()).unwrap()).unwrap();
        prop_assert_eq!(bought.cost, -sold.cost);
        if let (Estimate::Amount(most), Estimate::Amount(least)) = (bought.max_profit, sold.max_loss)
            && bought.break_evens.is_some()
        {
            prop_assert_eq!(most, -least);
            prop_assert_eq!(bought.break_evens, sold.break_evens);
        }
    }

    /// More paid is as much less earned, at every price.
    #[test]
    fn a_dearer_strategy_earns_less(strategy in any_strategy(), net in net()) {
        let dearer = Price::new(net.as_decimal() + Decimal::ONE).unwrap();
        let (cheap, dear) = (strategy.risk_at(net).unwrap(), strategy.risk_at(dearer).unwrap());
        if let (Estimate::Amount(a), Estimate::Amount(b)) = (cheap.max_loss, dear.max_loss) {
            prop_assert_eq!(a - strategy.multiplier(), b);
        }
    }
}

fn chain() -> OptionChain {
    OptionChainDraft {
        underlying: "XYZ".to_owned(),
        exchange: "SMART".to_owned(),
        trading_class: "XYZ".to_owned(),
        currency: "EUR".parse().unwrap(),
        multiplier: Decimal::TEN,
        expiries: ["20261218", "20270115"].map(|day| day.parse().unwrap()).into(),
        strikes: [90, 95, 100, 105, 110, 120].map(Decimal::from).into(),
    }
    .check()
    .unwrap()
}

#[test]
fn a_chain_gives_strategies_by_steps_from_the_money() {
    let chain = chain();
    let far = date!(2027 - 01 - 15);
    let near = FromChain::new(&chain, price("101.30")).unwrap();
    let made = [
        near.vertical(EXPIRY, Right::Call, 0, 1),
        near.calendar(Right::Put, EXPIRY, far),
        near.diagonal(Right::Call, (EXPIRY, 2), far),
        near.straddle(EXPIRY),
        near.strangle(EXPIRY, 1),
        near.butterfly(EXPIRY, Right::Put, 2),
        near.iron_condor(EXPIRY, 1, 2),
        near.iron_butterfly(EXPIRY, 2),
        near.collar(EXPIRY, 1),
        near.covered_call(EXPIRY, 3),
    ];
    let named: Vec<String> = made.into_iter().map(|made| made.unwrap().to_string()).collect();
    let expected = [
        "vertical XYZ 2026-12-18 call 100/105",
        "calendar XYZ put 100 2026-12-18/2027-01-15",
        "diagonal XYZ call 2026-12-18@110/2027-01-15@100",
        "straddle XYZ 2026-12-18 100",
        "strangle XYZ 2026-12-18 95/105",
        "butterfly XYZ 2026-12-18 put 90/100/110",
        "iron-condor XYZ 2026-12-18 90/95/105/110",
        "iron-butterfly XYZ 2026-12-18 90/100/110",
        "collar XYZ 2026-12-18 95/105",
        "covered-call XYZ 2026-12-18 120",
    ];
    assert_eq!(named, expected.map(|text| format!("{text} x10 in EUR")));
    assert_eq!(near.expiry_from(date!(2026 - 12 - 19)), Some(far));
    assert_eq!(near.expiry_from(date!(2027 - 01 - 16)), None);
}

#[test]
fn what_a_chain_does_not_list_is_told_with_the_nearest_that_it_does() {
    let chain = chain();
    let near = FromChain::new(&chain, price("101.30")).unwrap();
    let refusals = [
        near.strangle(EXPIRY, 4).unwrap_err(),
        near.straddle(date!(2026 - 12 - 24)).unwrap_err(),
        near.straddle(date!(2028 - 01 - 01)).unwrap_err(),
        Strategy::straddle(xyz(), EXPIRY, price("102.5")).unwrap().check_listed(&chain).unwrap_err(),
    ];
    let expected = [
        "the chain of XYZ has no strike -4 steps from the money at 100",
        "options on XYZ do not expire on 2026-12-24: the nearest listed are 2026-12-18 and 2027-01-15",
        "options on XYZ do not expire on 2028-01-01: the nearest listed are 2027-01-15",
        "options on XYZ have no strike of 102.5: the nearest listed are 100 and 105",
    ];
    assert_eq!(refusals.map(|refusal| refusal.to_string()), expected);
}

#[test]
fn a_strategy_becomes_the_combo_of_its_contracts() {
    let ids = |count: i64| (1..=count).map(ContractId::new).collect::<Vec<_>>();
    let condor = Strategy::iron_condor(xyz(), EXPIRY, prices(["85", "90", "110", "115"])).unwrap();
    let names: Vec<_> = condor.instruments().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["XYZ 20261218P85", "XYZ 20261218P90", "XYZ 20261218C110", "XYZ 20261218C115"]);
    let combo = condor.combo(&ids(4), "SMART").unwrap();
    assert_eq!(combo.to_string(), "combo:XYZ;leg=+1x1@SMART;leg=-1x2@SMART;leg=-1x3@SMART;leg=+1x4@SMART");
    let covered = Strategy::covered_call(xyz(), EXPIRY, price("120")).unwrap().reversed();
    let covered = covered.combo(&ids(2), "SMART").unwrap();
    assert_eq!(covered.to_string(), "combo:XYZ;leg=-100x1@SMART;leg=+1x2@SMART");
    let leg = |side, ratio, strike: &str| {
        let of = LegOf::Option { expiry: EXPIRY, right: Right::Put, strike: price(strike) };
        StrategyLeg::new(side, ratio, of).unwrap()
    };
    let double = vec![leg(Side::Buy, 2, "90"), leg(Side::Sell, 4, "85")];
    let double = Strategy::custom(xyz(), double).unwrap();
    assert_eq!(double.units_in_combo(), 2);
    assert_eq!((units_in_combo([6, 4, 9]), units_in_combo([])), (1, 1));
    let reduced = double.combo(&ids(2), "SMART").unwrap();
    assert_eq!(reduced.to_string(), "combo:XYZ;leg=+1x1@SMART;leg=-2x2@SMART");
    let refused = double.combo(&ids(3), "SMART").unwrap_err().to_string();
    assert_eq!(refused, "3 contracts for 2 legs: give one for each, in their order");
}
