//! Which kind the typed prices make, and what is refused.

use super::*;
use crate::cli::{Cli, Command};
use clap::{CommandFactory, Parser};
use proptest::prelude::*;

fn kind(flags: &str) -> Result<OrderKind, String> {
    let typed = format!("tradeport order buy AAPL 10 {flags}");
    let cli = Cli::try_parse_from(typed.split_whitespace()).map_err(|error| error.to_string())?;
    let Command::Order(OrderCommand::Buy(order)) = cli.command else { panic!("not an order to buy") };
    order.terms.order_kind()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

#[test]
fn the_definition_of_the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn prices_make_the_kind() {
    let (limit, stop, trigger) = (price("10"), price("9"), price("8"));
    let by = TrailBy::Percent(Decimal::TWO);
    assert_eq!(kind("").unwrap(), OrderKind::Market);
    assert_eq!(kind("--limit 10").unwrap(), OrderKind::Limit { limit });
    assert_eq!(kind("--stop 9").unwrap(), OrderKind::Stop { stop });
    assert_eq!(kind("--stop 9 --limit 10").unwrap(), OrderKind::StopLimit { stop, limit });
    assert_eq!(kind("--trail-percent 2").unwrap(), OrderKind::Trail { by, stop: None });
    assert_eq!(kind("--trail-percent 2 --stop 9").unwrap(), OrderKind::Trail { by, stop: Some(stop) });
    assert_eq!(kind("--trigger 8").unwrap(), OrderKind::MarketIfTouched { trigger });
    assert_eq!(kind("--trigger 8 --limit 10").unwrap(), OrderKind::LimitIfTouched { trigger, limit });
    assert_eq!(
        kind("--trail-percent 2 --limit-offset 1").unwrap(),
        OrderKind::TrailLimit { by, stop: None, limit_offset: Decimal::ONE }
    );
}

#[test]
fn a_named_kind_says_what_it_lacks_and_what_it_has_not() {
    assert_eq!(kind("--type moc").unwrap(), OrderKind::MarketOnClose);
    assert_eq!(kind("--type loo --limit 10").unwrap(), OrderKind::LimitOnOpen { limit: price("10") });
    for (flags, complaint) in [
        ("--type lmt", "needs --limit"),
        ("--type mkt --limit 10", "has no --limit"),
        ("--type stp-lmt --stop 9", "needs --limit"),
        ("--type trail", "needs --trail-amount or --trail-percent"),
        ("--limit 10 --limit-offset 1", "has no --limit-offset"),
        ("--trail-amount 1 --trail-percent 1", "cannot be used with"),
        ("--type moc --stop 1", "has no --stop"),
    ] {
        let problem = kind(flags).unwrap_err();
        assert!(problem.contains(complaint), "{flags}: {problem}");
    }
}

#[test]
fn numbers_that_are_none_are_refused_where_they_are_typed() {
    for flags in
        ["--limit NaN", "--limit inf", "--limit 1e400", "--stop x", "--trail-amount NaN", "--tif soon"]
    {
        assert!(kind(flags).unwrap_err().contains("invalid value"), "{flags}");
    }
    for quantity in ["0", "-5", "NaN", "1e99", ""] {
        assert!(
            Cli::try_parse_from(["tradeport", "order", "buy", "AAPL", quantity]).is_err(),
            "{quantity:?}"
        );
    }
    for fraction in ["NaN", "11", "-11", "half"] {
        let typed = ["tradeport", "order", "target-percent", "AAPL", fraction];
        assert!(Cli::try_parse_from(typed).is_err(), "{fraction:?}");
    }
}

#[test]
fn every_time_in_force_can_be_typed() {
    let tif = |text: &str| text.parse::<TifText>().map(|tif| tif.0.name());
    assert_eq!(
        ["day", "GTC", "ioc", "fok", "gtd:2025-03-01"].map(tif),
        ["DAY", "GTC", "IOC", "FOK", "GTD"].map(Ok)
    );
    assert!(tif("gtd").is_err() && tif("gtd:").is_err() && tif("gtd:x").is_err() && tif("gtdé").is_err());
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics_and_what_is_taken_is_an_order(
        words in prop::collection::vec(
            prop_oneof![
                "\\PC{0,12}", "-?[0-9]{1,30}(\\.[0-9]{1,30})?", Just("--limit".to_owned()), Just("--stop".to_owned()),
                Just("--trigger".to_owned()), Just("--trail-percent".to_owned()), Just("--limit-offset".to_owned()),
                Just("--tif".to_owned()), "gtd:.{0,12}", Just("--type".to_owned()),
                "mkt|lmt|stp|stp-lmt|trail|trail-limit|moc|loc|moo|loo|mit|lit",
            ],
            0..6,
        ),
        quantity in "[0-9]{1,16}(\\.[0-9]{1,16})?",
    ) {
        let typed = ["tradeport", "order", "buy", "AAPL", &quantity].map(str::to_owned);
        let Ok(cli) = Cli::try_parse_from(typed.into_iter().chain(words)) else { return Ok(()) };
        if let Command::Order(OrderCommand::Buy(order)) = cli.command {
            prop_assert!(order.quantity.as_decimal() > Decimal::ZERO);
            let given = order.terms.limit.is_some();
            if let Ok(kind) = order.terms.order_kind() {
                prop_assert_eq!(kind.limit_price().is_some(), given);
            }
        }
    }
}
