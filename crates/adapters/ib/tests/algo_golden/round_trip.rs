//! There and back, for generated values of every algo; and no text at all makes the reader panic.

use super::{pairs, tag};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::Union;
use tradeport_ib::translate::{algo_from_ib, algo_to_ib};
use tradeport_kernel::Decimal;
use tradeport_orders::algo::{
    Algo, AlgoParam, AlgoRefusal, AlgoSpec, AlgoTime, ParamSpec, ParamValue, Provider, Range, Takes,
};

const ZONES: [&str; 5] = ["US/Eastern", "Europe/London", "UTC", "EST", "America/Argentina/Buenos_Aires"];

fn number(range: Range) -> BoxedStrategy<Decimal> {
    let (min, max, above) = (range.min(), range.max(), range.is_above_min());
    let inside = (0_i64..=1_000_000, 0_u32..=9).prop_map(move |(part, scale)| {
        // Some digits, and in the range: near its lower end or spread over it.
        let spread = min + (max - min) * Decimal::new(part, 6);
        let near = min + Decimal::new(part, scale.max(7));
        let found = if scale % 2 == 0 { spread.round_dp(scale + 3) } else { near };
        if above && found == min { max } else { found.clamp(min, max) }
    });
    let zeros = (inside, 0_u32..4).prop_map(|(mut number, more)| {
        number.rescale(number.scale() + more);
        number
    });
    match range.besides() {
        Some(besides) => prop_oneof![9 => zeros, 1 => Just(besides)].boxed(),
        None => zeros.boxed(),
    }
}

fn time(dated: bool) -> BoxedStrategy<AlgoTime> {
    let clock = (0_u8..24, 0_u8..60, 0_u8..60, 0..=ZONES.len(), any::<bool>());
    let of_day = clock.prop_map(|(hour, minute, second, zone, bare)| {
        let zone = ZONES.get(zone).map(|zone| format!(" {zone}")).unwrap_or_default();
        if bare {
            format!("{hour}:{minute:02}:{second:02}{zone}")
        } else {
            format!("{hour:02}:{minute:02}:{second:02}{zone}")
        }
    });
    let day = (1990_u16..2100, 1_u8..=12, 1_u8..=28, any::<bool>());
    let moment = (day, of_day.clone()).prop_map(|((year, month, day, dash), clock)| {
        format!("{year}{month:02}{day:02}{}{clock}", if dash { '-' } else { ' ' })
    });
    let read = |text: String| text.parse().unwrap();
    if dated { prop_oneof![of_day, moment].prop_map(read).boxed() } else { of_day.prop_map(read).boxed() }
}

fn value(takes: Takes) -> BoxedStrategy<ParamValue> {
    let filled = match takes {
        Takes::Flag => any::<bool>().prop_map(ParamValue::Flag).boxed(),
        Takes::Integer { min, max } => (min..=max).prop_map(ParamValue::Integer).boxed(),
        Takes::Number(range) => number(range).prop_map(ParamValue::Number).boxed(),
        Takes::Choice(choices) => {
            any::<Index>().prop_map(|index| ParamValue::Choice((*index.get(choices)).into())).boxed()
        }
        Takes::Time { dated } => time(dated).prop_map(ParamValue::Time).boxed(),
        Takes::Zone => any::<Index>().prop_map(|index| ParamValue::Text((*index.get(&ZONES)).into())).boxed(),
        Takes::Text => "[ -~ü]{1,40}".prop_map(ParamValue::Text).boxed(),
    };
    prop_oneof![15 => filled, 1 => Just(ParamValue::Blank)].boxed()
}

/// An algo of the provider: any of its listed ones with any of their parameters in any order, or one that is new.
fn algo(provider: &Provider) -> BoxedStrategy<Algo> {
    let params = prop::collection::btree_map("[a-zA-Z]{1,9}", "[ -~]{0,9}", 0..4);
    let new =
        (Just(provider.clone()), "[A-Z][a-z]{3,9}New", params).prop_map(|(provider, strategy, params)| {
            let params = params.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            Algo::custom(provider, &strategy, params).unwrap()
        });
    let listed = AlgoSpec::all().filter(|spec| spec.provider() == provider).map(|spec| (2, known(spec)));
    Union::new_weighted(listed.chain([(1, new.boxed())]).collect()).boxed()
}

fn known(spec: &'static AlgoSpec) -> BoxedStrategy<Algo> {
    // A number a parameter: absent when even, else its place among the others.
    let param = |param: &ParamSpec| (any::<u8>(), Just(param.name()), value(param.takes()));
    let params: Vec<_> = spec.params().iter().map(param).collect();
    let algo = params.prop_map(move |mut params| {
        params.retain(|(place, ..)| place % 2 == 1);
        params.sort_by_key(|(place, ..)| *place);
        consistent(spec, params.into_iter().map(|(_, name, value)| (name, value)).collect())
    });
    algo.boxed()
}

/// The algo with those values, without those that contradict an earlier one.
fn consistent(spec: &AlgoSpec, mut values: Vec<(&'static str, ParamValue)>) -> Algo {
    loop {
        let params = values.iter().map(|(name, value)| AlgoParam::new(*name, value.clone())).collect();
        match Algo::new(spec.provider().clone(), spec.strategy(), params) {
            Ok(algo) => return algo,
            Err(AlgoRefusal::Contradiction { high, .. }) => values.retain(|(name, _)| *name != high),
            Err(refused) => panic!("{refused}"),
        }
    }
}

fn there_and_back(provider: &Provider) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(10_000));
    let law = |algo: Algo| {
        let (strategy, tags) = algo_to_ib(&algo);
        let back = algo_from_ib(&strategy, &tags, algo.provider().route());
        prop_assert_eq!(back.as_ref(), Ok(&algo));
        let again = algo_to_ib(&algo).1;
        prop_assert_eq!(pairs(&again), pairs(&tags));
        Ok(())
    };
    runner.run(&algo(provider), law).unwrap();
}

#[test]
fn the_brokers_own_algos() {
    there_and_back(&Provider::Ib);
}

#[test]
fn jefferies_algos() {
    there_and_back(&Provider::Jefferies);
}

#[test]
fn csfb_algos() {
    there_and_back(&Provider::Csfb);
}

#[test]
fn quantitative_brokers_algos() {
    there_and_back(&Provider::QuantitativeBrokers);
}

#[test]
fn fox_river_algos() {
    there_and_back(&Provider::FoxRiver);
}

#[test]
fn algos_of_somebody_new() {
    there_and_back(&Provider::at_route("NEWALGO").unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is read is written as the same value; whatever is not, is refused.
    #[test]
    fn any_text_is_read_or_refused(
        at in 0_usize..66,
        param in any::<Index>(),
        text in prop_oneof!["[-+0-9.eE_:/ ]{0,12}", "\\PC{0,12}", "[0-9]{1,70}", "[0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z/]{3}"],
        exchange in prop_oneof![Just("SMART"), Just("JEFFALGO"), Just(""), Just("smart?")],
    ) {
        let spec = AlgoSpec::all().nth(at).unwrap();
        let name = if spec.params().is_empty() { "none" } else { param.get(spec.params()).name() };
        for exchange in [spec.provider().route(), exchange] {
            let Ok(algo) = algo_from_ib(spec.strategy(), &[tag(name, &text)], exchange) else { continue };
            let (strategy, tags) = algo_to_ib(&algo);
            prop_assert_eq!(strategy.as_str(), spec.strategy());
            prop_assert_eq!(algo_from_ib(&strategy, &tags, exchange), Ok(algo));
        }
    }

    #[test]
    fn any_names_are_read_or_refused(strategy in "\\PC{0,70}", name in "\\PC{0,70}", exchange in "\\PC{0,20}") {
        let tags = [tag(&name, "1"), tag("more", "")];
        if let Ok(algo) = algo_from_ib(&strategy, &tags, &exchange) {
            prop_assert_eq!(algo.strategy(), strategy);
        }
    }
}
