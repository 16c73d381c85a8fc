//! There and back, for generated values of every algo; and no text at all makes the reader panic.

use super::{pairs, tag};
use proptest::prelude::*;
use proptest::sample::Index;
use tradeport_conformance::generate::algo;
use tradeport_ib::translate::{algo_from_ib, algo_to_ib};
use tradeport_orders::algo::{Algo, AlgoSpec, Provider};

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
