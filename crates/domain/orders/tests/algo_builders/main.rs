//! Every listed algo has a builder, and every parameter a setter that sets it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod csfb_liquidity;
mod csfb_schedule;
mod fox_river_liquidity;
mod fox_river_pyramid;
mod fox_river_schedule;
mod ib_benchmark;
mod ib_sliced;
mod ib_volume;
mod jefferies_liquidity;
mod jefferies_pairs;
mod jefferies_schedule;
mod quantitative_brokers_futures;

use tradeport_kernel::Price;
use tradeport_orders::algo::{Algo, AlgoRefusal, AlgoSpec, AlgoTime, ParamSpec};

/// An algo by its builder.
pub(crate) type Built = fn() -> Result<Algo, AlgoRefusal>;

/// In the order of the manual.
const BUILT: &[&[Built]] = &[
    ib_benchmark::BUILT,
    ib_volume::BUILT,
    ib_sliced::BUILT,
    jefferies_schedule::BUILT,
    jefferies_liquidity::BUILT,
    jefferies_pairs::BUILT,
    csfb_schedule::BUILT,
    csfb_liquidity::BUILT,
    quantitative_brokers_futures::BUILT,
    fox_river_schedule::BUILT,
    fox_river_liquidity::BUILT,
    fox_river_pyramid::BUILT,
];

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn time(text: &str) -> AlgoTime {
    text.parse().unwrap()
}

#[test]
fn every_algo_has_a_builder_and_every_parameter_a_setter() {
    let built: Vec<Algo> = BUILT.iter().copied().flatten().map(|build| build().unwrap()).collect();
    let known: Vec<&AlgoSpec> = AlgoSpec::all().collect();
    assert_eq!((built.len(), known.len()), (66, 66));
    let mut params = 0;
    for (algo, spec) in built.iter().zip(known) {
        assert_eq!((algo.provider(), algo.strategy()), (spec.provider(), spec.strategy()));
        let set: Vec<&str> = algo.params().iter().map(|param| param.name()).collect();
        let listed: Vec<&str> = spec.params().iter().map(ParamSpec::name).collect();
        assert_eq!(set, listed, "{}", algo.name());
        params += set.len();
    }
    assert_eq!(params, 521);
}

#[test]
fn what_was_set_survives_a_document() {
    for build in BUILT.iter().copied().flatten() {
        let algo = build().unwrap();
        let text = serde_json::to_string(&algo).unwrap();
        assert_eq!(serde_json::from_str::<Algo>(&text).unwrap(), algo, "{text}");
    }
}

#[test]
fn names_are_unique_within_a_provider_and_only_there() {
    let named = |name: &str| AlgoSpec::all().filter(|spec| spec.strategy() == name).count();
    assert_eq!((named("Vwap"), named("VWAP"), named("Twap"), named("TWAP")), (1, 3, 1, 3));
    for spec in AlgoSpec::all() {
        let found = AlgoSpec::find(spec.provider(), spec.strategy()).unwrap();
        assert!(std::ptr::eq(found, spec), "{} {}", spec.provider(), spec.strategy());
    }
}

#[test]
fn everything_listed_is_explained() {
    for spec in AlgoSpec::all() {
        let about = spec.about();
        assert!(about.ends_with('.') && !about.contains("::new"), "{}: {about}", spec.strategy());
        for param in spec.params() {
            assert!(param.about().len() > 8, "{} {}", spec.strategy(), param.name());
        }
    }
}
