//! Laws that hold for every price, band and order.

use crate::support::*;
use proptest::prelude::*;
use tradeport_contracts::{Contract, ContractDetails, ContractDraft, PriceBand, TradingSessions};
use tradeport_kernel::{Decimal, Price, Timestamp};
use tradeport_orders::validation::{PriceSteps, Validator, validate};
use tradeport_orders::{
    Compete, Condition, Conditions, MidOffsets, MidPeg, OffsetBy, OrderDraft, OrderKind, OrderSize, Side,
    StockPeg, StockRange, Threshold, TimeInForce, TrailBy, TrailingLimit, TriggerMethod, Volatility,
    VolatilityPeg, VolatilityTerms,
};

fn decimals(most: i64) -> impl Strategy<Value = Decimal> {
    (-most..=most, 0u32..=8).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn positive() -> impl Strategy<Value = Decimal> {
    (1i64..=5_000, 0u32..=6).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn prices() -> impl Strategy<Value = Price> {
    let edges =
        prop_oneof![Just(Price::MAX), Just(-Price::MAX), Just(Decimal::ZERO), Just(Decimal::new(1, 15))];
    prop_oneof![9 => decimals(50_000_000_000), 1 => edges].prop_map(|raw| Price::new(raw).unwrap())
}

/// Coarse steps make bands begin on the steps of the one before them.
fn steps() -> impl Strategy<Value = Decimal> {
    let coarse = ["0.01", "0.1", "0.25", "0.5", "0.7", "1", "5"].map(number);
    prop_oneof![positive(), prop::sample::select(coarse.to_vec())]
}

fn bands() -> impl Strategy<Value = Vec<PriceBand>> {
    let fine =
        prop::collection::btree_map((0i64..=20_000).prop_map(|from| Decimal::new(from, 2)), steps(), 0..5);
    let coarse =
        prop::collection::btree_map((0i64..=40).prop_map(|from| Decimal::new(5 * from, 1)), steps(), 0..5);
    let listed = |bands: std::collections::BTreeMap<Decimal, Decimal>| {
        bands.into_iter().map(|(from, step)| PriceBand { from, step }).collect()
    };
    prop_oneof![fine, coarse].prop_map(listed)
}

fn instruments() -> impl Strategy<Value = ContractDraft> {
    let all = [
        stock(),
        stock_on("IBKRATS"),
        euro_stock(),
        option(),
        future(),
        forex(),
        crypto(),
        fund(),
        bond(),
        cfd(),
        index(),
        event(),
        combo(2),
        combo(5),
        banded(),
    ];
    prop::sample::select(all.to_vec())
}

prop_compose! {
    fn contracts()(draft in instruments(), price_bands in bands(), price_step in positive(), lot in positive(),
        minimum_size in prop::option::of(positive()), size_increment in prop::option::of(positive()),
        closed in any::<bool>(), list in any::<bool>()) -> Contract {
        let order_kinds = if list { vec!["DAY".to_owned(), "LMT".to_owned(), "MKT".to_owned()] } else { Vec::new() };
        let details = ContractDetails { price_bands, minimum_size, size_increment, order_kinds, ..draft.details };
        let sessions = if closed { sessions() } else { TradingSessions::always() };
        ContractDraft { price_step, lot, details, sessions, ..draft }.check().unwrap()
    }
}

fn trails() -> impl Strategy<Value = TrailBy> {
    prop_oneof![
        positive().prop_map(TrailBy::Amount),
        (1i64..100).prop_map(|percent| TrailBy::Percent(percent.into()))
    ]
}

fn limits_of_trails() -> impl Strategy<Value = TrailingLimit> {
    prop_oneof![positive().prop_map(TrailingLimit::Offset), prices().prop_map(TrailingLimit::At)]
}

/// Every kind of order.
fn kinds() -> impl Strategy<Value = OrderKind> {
    prop_oneof![plain_kinds(), waking_kinds(), following_kinds(), other_kinds()]
}

fn plain_kinds() -> impl Strategy<Value = OrderKind> {
    prop_oneof![
        prop::sample::select(vec![
            OrderKind::Market,
            OrderKind::MarketProtected,
            OrderKind::MarketToLimit { limit: None },
            OrderKind::LimitPerLeg,
            OrderKind::MarketOnClose,
            OrderKind::MarketOnOpen,
            OrderKind::BoxTop,
            OrderKind::Vwap,
            OrderKind::Quote,
        ]),
        prices().prop_map(|limit| OrderKind::Limit { limit }),
        prices().prop_map(|limit| OrderKind::LimitOnClose { limit }),
        prices().prop_map(|limit| OrderKind::LimitOnOpen { limit }),
        prices().prop_map(|limit| OrderKind::LimitPlusMarket { limit }),
        prop::option::of(prices()).prop_map(|cap| OrderKind::MidPrice { cap }),
    ]
}

fn waking_kinds() -> impl Strategy<Value = OrderKind> {
    let price = || prop::option::of(prices());
    prop_oneof![
        prices().prop_map(|stop| OrderKind::Stop { stop }),
        prices().prop_map(|stop| OrderKind::StopProtected { stop }),
        (prices(), prices()).prop_map(|(stop, limit)| OrderKind::StopLimit { stop, limit }),
        prices().prop_map(|trigger| OrderKind::MarketIfTouched { trigger }),
        (prices(), prices()).prop_map(|(trigger, limit)| OrderKind::LimitIfTouched { trigger, limit }),
        (trails(), price()).prop_map(|(by, stop)| OrderKind::Trail { by, stop }),
        (trails(), price(), positive()).prop_map(|(by, stop, limit_offset)| OrderKind::TrailLimit {
            by,
            stop,
            limit_offset
        }),
        (trails(), price(), prices()).prop_map(|(by, stop, limit)| OrderKind::TrailLimitFrom {
            by,
            stop,
            limit
        }),
        (trails(), price()).prop_map(|(by, trigger)| OrderKind::TrailMarketIfTouched { by, trigger }),
        (trails(), price(), limits_of_trails())
            .prop_map(|(by, trigger, limit)| OrderKind::TrailLimitIfTouched { by, trigger, limit }),
        (trails(), price(), limits_of_trails())
            .prop_map(|(by, stop, limit)| OrderKind::TrailLimitPlusMarket { by, stop, limit }),
        (trails(), price()).prop_map(|(by, stop)| OrderKind::TrailRelativePlusMarket { by, stop }),
    ]
}

fn following_kinds() -> impl Strategy<Value = OrderKind> {
    let offset = || prop::option::of(positive());
    let cap = || prop::option::of(prices());
    prop_oneof![
        (offset(), cap())
            .prop_map(|(offset, cap)| OrderKind::Relative { offset: offset.map(OffsetBy::Amount), cap }),
        (offset(), cap()).prop_map(|(offset, cap)| OrderKind::PassiveRelative { offset, cap }),
        (offset(), cap()).prop_map(|(offset, cap)| OrderKind::PegMarket { offset, cap }),
        (offset(), cap(), any::<bool>()).prop_map(|(offset, cap, discretionary)| OrderKind::PegPrimary {
            offset,
            cap,
            discretionary
        }),
        (cap(), decimals(1_000)).prop_map(|(limit, by)| OrderKind::PegMid { limit, by: MidPeg::Offset(by) }),
        cap().prop_map(|limit| {
            let offsets = MidOffsets { at_whole: number("0.02"), at_half: number("0.005") };
            OrderKind::PegBest { limit, compete: Compete::UpToMidpoint(offsets) }
        }),
        (cap(), positive())
            .prop_map(|(limit, offset)| OrderKind::PegBest { limit, compete: Compete::Offset(offset) }),
        (offset(), cap()).prop_map(|(offset, limit)| OrderKind::FixPegged { offset, limit }),
        offset().prop_map(|offset| OrderKind::SnapMid { offset }),
        prop::option::of(decimals(1_000)).prop_map(|offset| OrderKind::SnapMarket { offset }),
        prop::option::of(decimals(1_000)).prop_map(|offset| OrderKind::SnapPrimary { offset }),
    ]
}

fn other_kinds() -> impl Strategy<Value = OrderKind> {
    let peg = |starting_price| {
        let (delta, range) = (number("0.5"), StockRange::default());
        OrderKind::PegStock(StockPeg { delta, starting_price, reference_price: None, range })
    };
    prop_oneof![
        prop::option::of(prices()).prop_map(peg),
        positive().prop_map(|percent| OrderKind::Volatility(Volatility {
            percent,
            terms: VolatilityTerms::default()
        })),
        positive().prop_map(|offset| OrderKind::PegVolatility {
            to: VolatilityPeg::Surface,
            offset: Some(offset),
            terms: VolatilityTerms::default(),
        }),
        (positive(), prices())
            .prop_map(|(offset, limit)| OrderKind::RelativePlusLimit { offset: Some(offset), limit }),
        positive().prop_map(|offset| OrderKind::RelativePlusMarket { offset: Some(offset) }),
    ]
}

fn moments() -> impl Strategy<Value = Timestamp> {
    let near = (0i64..400_000).prop_map(|seconds| {
        Timestamp::from_seconds(at("2026-06-28T00:00:00Z").nanos() / 1_000_000_000 + seconds)
    });
    prop_oneof![8 => near, 1 => Just(Timestamp::MIN), 1 => Just(Timestamp::MAX)]
}

fn times() -> impl Strategy<Value = TimeInForce> {
    prop_oneof![
        prop::sample::select(vec![
            TimeInForce::Day,
            TimeInForce::GoodTillCancelled,
            TimeInForce::ImmediateOrCancel,
            TimeInForce::FillOrKill,
            TimeInForce::Auction,
            TimeInForce::GoodTillCrossing,
            TimeInForce::DayTillCancelled,
            TimeInForce::Minutes,
        ]),
        moments().prop_map(TimeInForce::GoodTillDate),
        moments().prop_map(TimeInForce::GoodTillTime),
    ]
}

prop_compose! {
    /// Drafts of every kind; not all of them mean anything.
    fn drafts()(kind in kinds(), units in positive(), cash in any::<bool>(), sell in any::<bool>(),
        time_in_force in times(), outside in any::<bool>(), leg in prop::option::of(prices()),
        shown in prop::option::of(1u32..5_000), after in prop::option::of(moments()),
        method in prop::option::of(prop::sample::select(TriggerMethod::ALL.to_vec())),
        conditional in any::<bool>()) -> OrderDraft {
        let side = if sell { Side::Sell } else { Side::Buy };
        let mut draft = order(side, "1", kind).with_time_in_force(time_in_force);
        draft.size = if cash { dollars("100.5") } else { OrderSize::Units(units.try_into().unwrap()) };
        draft.outside_sessions = outside;
        if kind == OrderKind::LimitPerLeg {
            draft.attributes.combo.leg_prices = vec![Some(leg.unwrap_or(price("1"))), leg, leg];
        }
        draft.attributes.handling.display_size = shown;
        draft.attributes.timing.good_after = after;
        draft.attributes.timing.trigger_method = method;
        if conditional {
            draft = draft.under(Conditions::when(Condition::Time { side: Threshold::Above, at: at(NOW) }));
        }
        draft
    }
}

/// Above zero for instruments that know nothing else; within the range of those that have one.
fn possible(contract: &Contract, price: Price) -> bool {
    PriceSteps::of(contract).accepts(price) || !contract.fits_step(price)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_nearest_price_is_accepted_and_on_the_right_side(contract in contracts(), given in prices()) {
        let steps = PriceSteps::of(&contract);
        for side in [Side::Buy, Side::Sell] {
            if let Some(nearest) = steps.nearest(given, side) {
                prop_assert!(steps.accepts(nearest), "{nearest}");
                let right = if side == Side::Buy { nearest <= given } else { nearest >= given };
                prop_assert!(right, "{nearest} for {given}");
                prop_assert_eq!(steps.nearest(nearest, side), Some(nearest));
            }
        }
        if steps.accepts(given) {
            prop_assert_eq!(steps.nearest(given, Side::Buy), Some(given));
        }
    }

    /// No accepted price lies between the two neighbours of one that is not: tried on every step of every band.
    #[test]
    fn neighbours_have_nothing_between_them(contract in contracts(), given in -30_000i64..30_000) {
        let steps = PriceSteps::of(&contract);
        let given = Price::new(Decimal::new(given, 3)).unwrap();
        prop_assume!(!steps.accepts(given) && possible(&contract, given));
        let below = steps.below(given).map_or(given.as_decimal() - Decimal::TEN, Price::as_decimal);
        let above = steps.above(given).map_or(given.as_decimal() + Decimal::TEN, Price::as_decimal);
        let own = contract.details().price_bands.iter().map(|band| band.step);
        for step in own.chain([contract.price_step()]) {
            let mut on = (below / step).ceil() * step;
            for _ in 0..200 {
                if on > below && on < above {
                    prop_assert!(!steps.accepts(Price::new(on).unwrap()), "{on} between {below} and {above}");
                }
                on += step;
            }
        }
    }

    #[test]
    fn a_price_on_its_step_is_never_refused(contract in contracts(), given in 1i64..200_000) {
        let Some(on) = PriceSteps::of(&contract).nearest(Price::new(Decimal::new(given, 2)).unwrap(), Side::Sell) else {
            return Ok(());
        };
        let intent = buy(OrderKind::Limit { limit: on }).check().unwrap();
        let found = validate(&intent, &contract, at(NOW));
        let refused = found.refusals().iter().find(|refusal| refusal.to_string().starts_with("the limit of"));
        prop_assert_eq!(refused, None);
    }

    #[test]
    fn any_order_gets_an_answer(contract in contracts(), draft in drafts(), now in moments()) {
        let Ok(intent) = draft.check() else { return Ok(()) };
        let validator = Validator::new(&contract);
        let found = validator.check(&intent, now);
        prop_assert_eq!(&validator.check(&intent, now), &found, "the same answer twice");
        for text in found.refusals().iter().map(ToString::to_string).chain(found.warnings().iter().map(ToString::to_string)) {
            prop_assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
        }
        prop_assert_eq!(found.is_accepted(), found.clone().verdict().is_ok());
    }
}
