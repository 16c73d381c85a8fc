//! In which steps prices move, by the numbers of the rules.

use crate::server::context::Context;
use crate::server::error::{ApiError, NO_REQUEST};
use crate::translate::number::to_float;
use crate::wire::proto::{MarketRule, MarketRuleRequest, PriceIncrement};
use tradeport_contracts::{Contract, PriceBand};
use tradeport_kernel::Decimal;

/// A rule: its number, and from which price on which step holds.
type Rule = (i32, &'static [(&'static str, &'static str)]);

/// The numbers of the most frequent ones are those that the broker gives them.
const RULES: &[Rule] = &[
    (26, &[("0", "0.01")]),
    (32, &[("0", "0.01")]),
    (57, &[("0", "0.1")]),
    (67, &[("0", "0.25")]),
    (109, &[("0", "0.01"), ("3", "0.05")]),
    (110, &[("0", "0.05"), ("3", "0.1")]),
    (239, &[("0", "0.00005")]),
    (240, &[("0", "0.005")]),
    (635, &[("0", "0.0001")]),
    (2_806, &[("0", "0.25")]),
    (9_001, &[("0", "0.0000005")]),
    (9_002, &[("0", "0.000001")]),
    (9_003, &[("0", "0.00001")]),
    (9_004, &[("0", "0.05")]),
    (9_005, &[("0", "0.0005")]),
    (9_006, &[("0", "0.001")]),
    (9_007, &[("0", "0.002")]),
    (9_008, &[("0", "0.0025")]),
    (9_009, &[("0", "0.00390625")]),
    (9_010, &[("0", "0.0078125")]),
    (9_011, &[("0", "0.015625")]),
    (9_012, &[("0", "0.02")]),
    (9_013, &[("0", "0.025")]),
    (9_014, &[("0", "0.03125")]),
    (9_015, &[("0", "0.2")]),
    (9_016, &[("0", "0.5")]),
    (9_017, &[("0", "1")]),
    (9_018, &[("0", "2.5")]),
    (9_019, &[("0", "5")]),
    (9_020, &[("0", "10")]),
    (9_021, &[("0", "2")]),
    (9_022, &[("0", "25")]),
];

/// The number of the rule that a contract's prices follow; that of cents where none of the rules is its own.
pub(super) fn rule_of(contract: &Contract) -> i32 {
    let bands = &contract.details().price_bands;
    let whole = [PriceBand { from: Decimal::ZERO, step: contract.price_step() }];
    let bands: &[PriceBand] = if bands.is_empty() { &whole } else { bands };
    RULES.iter().find(|(_, rule)| says(rule, bands)).map_or(26, |(number, _)| *number)
}

fn says(rule: &[(&str, &str)], bands: &[PriceBand]) -> bool {
    let same = |((from, step), band): (&(&str, &str), &PriceBand)| {
        from.parse() == Ok(band.from) && step.parse() == Ok(band.step)
    };
    rule.len() == bands.len() && rule.iter().zip(bands).all(same)
}

/// The steps of a rule.
pub(crate) fn market_rule(context: &mut Context<'_>, request: &MarketRuleRequest) {
    let number = request.market_rule_id.unwrap_or_default();
    let Some((_, rule)) = RULES.iter().find(|(known, _)| *known == number) else {
        return context.refuse(ApiError::invalid(NO_REQUEST, format!("Invalid market rule id {number}")));
    };
    let float = |text: &str| text.parse().ok().map(|number: Decimal| to_float(number));
    let steps =
        rule.iter().map(|(from, step)| PriceIncrement { low_edge: float(from), increment: float(step) });
    context.say(MarketRule { market_rule_id: Some(number), price_increments: steps.collect() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::settings::ServerSettings;
    use crate::server::world::World;
    use tradeport_kernel::Timestamp;

    #[test]
    fn every_contract_has_a_rule_that_says_its_steps() {
        let world = World::new(&ServerSettings::default(), Timestamp::from_seconds(1_795_186_800)).unwrap();
        let catalog = world.catalog();
        let spx = catalog.search("SPX").remove(0);
        let chain = catalog.option_chains(spx.instrument()).unwrap().remove(0);
        let (expiry, strike) = (chain.expiries().next().unwrap(), chain.strikes().next().unwrap());
        let option = chain.option(expiry, strike, tradeport_contracts::Right::Call).unwrap();
        let option = catalog.resolve(&option.into()).unwrap();
        for contract in catalog.quoted().chain([option]) {
            let number = rule_of(&contract);
            let rule = RULES.iter().find(|(known, _)| *known == number).unwrap();
            let first = rule.1[0].1.parse::<Decimal>().unwrap();
            assert_eq!(first, contract.price_step().normalize(), "{}", contract.symbol());
        }
    }

    #[test]
    fn no_two_rules_share_a_number() {
        let mut numbers: Vec<i32> = RULES.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), RULES.len());
    }
}
