//! Algos of every provider, with any of their parameters.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::Union;
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
    let read = |text: String| text.parse().expect("made within the rules");
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
pub fn algo(provider: &Provider) -> BoxedStrategy<Algo> {
    let params = prop::collection::btree_map("[a-zA-Z]{1,9}", "[ -~]{0,9}", 0..4);
    let new =
        (Just(provider.clone()), "[A-Z][a-z]{3,9}New", params).prop_map(|(provider, strategy, params)| {
            let params = params.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            Algo::custom(provider, &strategy, params).expect("made within the rules")
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
        let made = Algo::new(spec.provider().clone(), spec.strategy(), params);
        let Err(AlgoRefusal::Contradiction { high, .. }) = made else {
            return made.expect("values within their ranges contradict each other at most");
        };
        values.retain(|(name, _)| *name != high);
    }
}
