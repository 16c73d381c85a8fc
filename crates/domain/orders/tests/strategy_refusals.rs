//! What a caller reads when a strategy cannot be written, taken from a chain, priced, or ordered: the message, and after
//! it that of its cause.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::error::Error;
use time::Date;
use time::macros::date;
use tradeport_contracts::{ContractId, OptionChain, OptionChainDraft, Right};
use tradeport_kernel::{Currency, Decimal, Price, Symbol};
use tradeport_orders::Side;
use tradeport_orders::strategy::{FromChain, Holding, LegOf, Payoff, PricedLeg, Strategy, StrategyLeg};

const EXPIRY: Date = date!(2026 - 12 - 18);

fn told<T: std::fmt::Debug, E: Error>(answer: Result<T, E>) -> String {
    let refusal = answer.unwrap_err();
    refusal.source().map_or_else(|| refusal.to_string(), |cause| format!("{refusal}: {cause}"))
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn straddle(underlying: &str, expiry: Date) -> Strategy {
    Strategy::straddle(symbol(underlying), expiry, price("100")).unwrap()
}

#[test]
fn a_notation_whose_parts_contradict_each_other_says_how() {
    assert_eq!(
        told("vertical XYZ 2026-12-18 call 600/600".parse::<Strategy>()),
        "the parts make no strategy: vertical: two different strikes are needed, both are 600"
    );
}

#[test]
fn a_strategy_is_on_what_has_a_symbol() {
    for name in ["id:265598", "combo:X;leg#024AY2MG05ASF"] {
        assert_eq!(
            told(straddle(name, EXPIRY).instruments()),
            format!("no option can be on {name}: name a stock or an index by its symbol")
        );
    }
}

#[test]
fn every_leg_is_an_instrument() {
    assert_eq!(
        told(straddle("XYZ", date!(2026 - 12 - 19)).instruments()),
        "a leg on XYZ is no instrument: an option cannot expire on 20261219, a weekend: expected Monday to Friday"
    );
    assert_eq!(
        told(straddle("XYZ", date!(2300 - 01 - 05)).instruments()),
        "a leg has an impossible expiry: \"23000105\" is not an expiry: expected a day such as 20250117 or a month such \
         as 202501, years 1900 to 2199"
    );
    let wide = straddle("XYZ", EXPIRY).with_multiplier("2000000000".parse().unwrap()).unwrap();
    assert_eq!(
        told(wide.instruments()),
        "a leg on XYZ is no instrument: the multiplier 2000000000 is beyond reason: expected up to 1,000,000,000 \
         and at most 15 digits"
    );
}

#[test]
fn a_combo_is_of_contracts_that_the_broker_numbers() {
    let straddle = straddle("XYZ", EXPIRY);
    let (one, two) = (ContractId::new(1), ContractId::new(2));
    assert_eq!(
        told(straddle.combo(&[one], "SMART")),
        "1 contracts for 2 legs: give one for each, in their order"
    );
    assert_eq!(
        told(straddle.combo(&[ContractId::new(0), two], "SMART")),
        "a leg cannot be part of a combo: a leg of contract 0: a contract id is above zero"
    );
    assert_eq!(
        told(straddle.combo(&[one, two], "smart")),
        "a leg cannot be part of a combo: a leg on \"smart\": expected 1 to 24 capital letters, digits, '.', '-' or '_', \
         such as SMART"
    );
}

fn chain(underlying: &str, strikes: &[&str]) -> OptionChain {
    let draft = OptionChainDraft {
        underlying: underlying.to_owned(),
        exchange: "SMART".to_owned(),
        trading_class: underlying.to_owned(),
        currency: Currency::USD,
        multiplier: Decimal::ONE_HUNDRED,
        expiries: ["20261218".parse().unwrap()].into(),
        strikes: strikes.iter().map(|strike| strike.parse().unwrap()).collect(),
    };
    draft.check().unwrap()
}

#[test]
fn a_chain_is_of_names_and_prices() {
    let long = "X".repeat(32);
    assert_eq!(
        told(FromChain::new(&chain(&long, &["100"]), price("100"))),
        format!(
            "the chain's underlying cannot be named: \"{long}\" is not a symbol: expected 1 to 31 printable ASCII \
             characters, no space at either end"
        )
    );
    assert_eq!(
        told(FromChain::new(&chain("XYZ", &["0.00000000000000001", "100"]), price("100"))),
        "the chain lists a strike that is not a price: 0.00000000000000001 is not a price: more than 15 digits after the \
         point"
    );
}

#[test]
fn listed_strikes_may_make_no_butterfly() {
    let uneven = chain("XYZ", &["90", "100", "105"]);
    assert_eq!(
        told(FromChain::new(&uneven, price("100")).unwrap().butterfly(EXPIRY, Right::Call, 1)),
        "the listed options make no such strategy: the wings of a butterfly must be equally wide: 90 to 100 and 100 to 105 \
         are not; use custom legs"
    );
}

#[test]
fn prices_fit_the_legs() {
    let straddle = straddle("XYZ", EXPIRY);
    let too_few = "1 prices for 2 legs: give one for each, in their order";
    assert_eq!(told(straddle.net_price(&[price("1")])), too_few);
    assert_eq!(told(straddle.payoff(&[price("1")])), too_few);
    let wide = straddle.with_multiplier(Decimal::MAX).unwrap();
    assert_eq!(
        told(wide.net_price(&[price("2"), price("3")])),
        "these prices are too large to compute with: give smaller ones, or a smaller multiplier"
    );
}

#[test]
fn what_no_decimal_holds_has_no_payoff() {
    let leg = |strike: &str| {
        let of = LegOf::Option { expiry: EXPIRY, right: Right::Put, strike: price(strike) };
        StrategyLeg::new(Side::Buy, 1, of).unwrap()
    };
    let custom = Strategy::custom(symbol("XYZ"), vec![leg("1000000000000"), leg("1")]).unwrap();
    let wide = custom.with_multiplier("100000000000000000000".parse().unwrap()).unwrap();
    assert_eq!(
        told(wide.risk_at(price("1"))),
        "the payoff cannot be told: the payoff of these legs is too large to compute: use fewer units or smaller prices"
    );
}

#[test]
fn a_strike_of_a_payoff_is_a_price_of_something() {
    let holding = Holding::Option { right: Right::Put, strike: price("-1") };
    let leg = PricedLeg { holding, units: Decimal::ONE, price: price("1") };
    assert_eq!(told(Payoff::at_expiry(&[leg])), "a strike of -1 is below zero");
}
