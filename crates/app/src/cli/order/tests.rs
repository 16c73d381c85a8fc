//! Which kind the typed prices make, and what is refused.

use super::*;
use crate::cli::{Cli, Command};
use clap::{CommandFactory, Parser};
use proptest::prelude::*;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{OrderIntent, TrailBy};

fn kind(flags: &str) -> Result<OrderKind, String> {
    let typed = format!("tradeport order buy AAPL 10 {flags}");
    let cli = Cli::try_parse_from(typed.split_whitespace()).map_err(|error| error.to_string())?;
    let Command::Order(command) = cli.command else { panic!("not about orders") };
    let OrderCommand::Buy(order) = *command else { panic!("not an order to buy") };
    order.order.terms.order_kind(&Known::default())
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
}

/// The share that a target is for, or what is said to it.
fn target(typed: &str) -> Result<String, String> {
    let words = "tradeport order target-percent AAPL".split(' ').chain(typed.split(' '));
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    let Command::Order(command) = cli.command else { panic!("not about orders") };
    let OrderCommand::TargetPercent(target) = *command else { panic!("not a target") };
    Ok(target.fraction.fraction().to_string())
}

#[test]
fn a_share_of_the_portfolio_is_a_fraction_or_says_that_it_is_percent() {
    for (typed, share) in [
        ("0.25", "0.25"),
        ("25%", "0.25"),
        ("-25%", "-0.25"),
        ("-0.5", "-0.5"),
        ("--key k -2.5%", "-0.025"),
        ("-2.5% --key k", "-0.025"),
        ("0", "0"),
        ("0%", "0"),
        ("0.999", "0.999"),
        ("100%", "1"),
        ("150%", "1.5"),
        ("-1000%", "-10"),
    ] {
        assert_eq!(target(typed), Ok(share.to_owned()), "{typed}");
    }
    for typed in ["NaN", "half", "%", "1001%", "-1001%", "25%%", "1e99%", "79228162514264337593543950335"] {
        assert!(target(typed).is_err(), "{typed}");
    }
    // Ten times the portfolio, or a tenth?
    for (typed, ways) in [
        ("10", "percent: 10%, or 1000% if"),
        ("1", "percent: 1%, or 100% if"),
        ("-1.5", "percent: -1.5%, or -150% if"),
        ("11", "percent: 11%, or 1100% if"),
    ] {
        let said = target(typed).unwrap_err();
        assert!(said.contains(ways), "{said}");
    }
}

#[test]
fn every_time_in_force_can_be_typed() {
    let tif = |text: &str| text.parse::<TifText>().map(|tif| tif.0.name());
    assert_eq!(
        ["day", "GTC", "ioc", "fok", "gtd:2025-03-01T20:00:00Z"].map(tif),
        ["DAY", "GTC", "IOC", "FOK", "GTD"].map(Ok)
    );
    assert!(tif("gtd:2025-03-01").is_err(), "it would end as that day begins");
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
        let Command::Order(command) = cli.command else { return Ok(()) };
        if let OrderCommand::Buy(order) = *command {
            prop_assert!(order.order.quantity.is_some_and(|it| it.as_decimal() > Decimal::ZERO));
            let given = order.order.terms.limit.is_some();
            if let Ok(kind) = order.order.terms.order_kind(&Known::default()) {
                let from = matches!(kind, OrderKind::TrailLimitFrom { .. });
                prop_assert_eq!(kind.limit_price().is_some() || from, given);
            }
        }
    }
}

/// A flag as it may be typed.
fn typed(flag: Flag) -> String {
    let value = match flag {
        Flag::Discretionary | Flag::Opposite | Flag::Continuous => "",
        Flag::Range => " 90..110",
        Flag::MidOffsets => " 0.01/0.005",
        Flag::Benchmark => " SPY",
        Flag::VolBasis => " day",
        Flag::VolReference => " mid",
        Flag::Delta => " 0.5",
        Flag::TrailPercent | Flag::Volatility => " 5",
        _ => " 10",
    };
    format!(" {}{value}", flag.name())
}

fn intent(words: &str) -> Result<OrderIntent, String> {
    let typed = format!("tradeport order buy AAPL {words}");
    let cli = Cli::try_parse_from(typed.split_whitespace()).map_err(|error| error.to_string())?;
    let Command::Order(command) = cli.command else { panic!("not about orders") };
    let OrderCommand::Buy(order) = *command else { panic!("not an order to buy") };
    let heading = Heading {
        key: "k".parse().unwrap(),
        account: "DU1".parse().unwrap(),
        symbol: order.order.symbol.symbol(),
        side: Side::Buy,
        route: None,
        currency: Currency::USD,
    };
    let draft = order.order.draft(heading, &Known::default())?;
    draft.check().map_err(|error| error.to_string())
}

#[test]
fn every_kind_is_what_its_row_says() {
    for row in KINDS.iter().flat_map(|family| family.rows) {
        let needed: String = row.needs.iter().map(|flags| typed(flags[0])).collect();
        let plain = intent(&format!("10 --type {}{needed}", row.name));
        assert!(plain.is_ok(), "{}: {plain:?}", row.name);
        for alias in row.aliases {
            assert_eq!(intent(&format!("10 --type {alias}{needed}")), plain, "{alias}");
        }
        for flags in row.needs {
            let others: String = row.needs.iter().filter(|it| it != &flags).map(|it| typed(it[0])).collect();
            let said = intent(&format!("10 --type {}{others}", row.name)).unwrap_err();
            assert!(said.contains("needs") && said.contains(flags[0].name()), "{}: {said}", row.name);
            for flag in *flags {
                let one = intent(&format!("10 --type {}{others}{}", row.name, typed(*flag)));
                assert!(one.is_ok(), "{}: {one:?}", row.name);
            }
        }
        for flag in row.takes {
            let tif = if row.kind == Kind::Mtl { " --tif auc" } else { "" };
            let more = intent(&format!("10 --type {}{needed}{}{tif}", row.name, typed(*flag))).unwrap();
            assert_ne!(more, *plain.as_ref().unwrap(), "{} leaves out {}", row.name, flag.name());
        }
        let strange = [Flag::Limit, Flag::Stop, Flag::Delta, Flag::Continuous, Flag::Step];
        for flag in strange {
            if !row.takes.contains(&flag) && !row.needs.iter().any(|flags| flags.contains(&flag)) {
                let said = intent(&format!("10 --type {}{needed}{}", row.name, typed(flag))).unwrap_err();
                assert!(said.contains(&format!("has no {}", flag.name())), "{}: {said}", row.name);
            }
        }
    }
}

/// Limits count one order of a group, so it is said that one at a time is at the exchange; and a part of a fill leaves the rest
/// of a position its other exits.
#[test]
fn a_group_of_which_nothing_more_is_said_fills_no_more_than_one_of_it() {
    use tradeport_orders::OcaEffect as Effect;
    let effect =
        |typed: &str| intent(&format!("10 --limit 9 --oca pair{typed}")).unwrap().oca().unwrap().effect();
    assert_eq!(effect(""), Some(Effect::ReduceWithBlock));
    assert_eq!(effect(" --oca-effect cancel"), Some(Effect::CancelWithBlock));
    assert_eq!(effect(" --oca-effect reduce-without-block"), Some(Effect::ReduceWithoutBlock));
}

#[test]
fn what_is_typed_is_what_is_ordered() {
    let order = intent(
        "10 --limit 9 --tif gtc --outside-rth --good-after 2030-01-01 --display-size 2 --oca pair --oca-effect reduce \
         --algo Vwap --algo-param maxPctVol=10% --when SPY<=100 --when-by last --parent p1",
    )
    .unwrap();
    let said = order.attributes();
    assert!(order.outside_sessions() && said.timing.good_after.is_some() && said.conditions.is_some());
    assert_eq!(said.handling.display_size, Some(2));
    assert_eq!(order.oca().unwrap().effect(), Some(tradeport_orders::OcaEffect::ReduceWithBlock));
    assert_eq!(said.algo.as_ref().unwrap().name(), "ib Vwap");
    assert_eq!(order.parent().unwrap().as_str(), "p1");
    let cash = intent("--cash 5000").unwrap();
    assert_eq!(cash.size().cash(), Some(Money::new(5000.into(), Currency::USD)));
    let other = intent(r#"10 --limit 9 --hidden --attributes {"model":"growth"}"#).unwrap();
    assert!(other.attributes().handling.hidden && other.attributes().model.is_some());
    for (words, complaint) in [
        ("", "<QUANTITY>"),
        ("10 --cash 5", "cannot be used with"),
        ("10 --hidden --display-size 5", "hidden"),
        ("10 --oca-effect reduce", "--oca"),
        ("10 --algo-param a=b", "--algo"),
        ("10 --when-outside-rth", "there are no conditions"),
        (r#"10 --attributes {"colour":"red"}"#, "unknown field"),
        ("10 --offset 5", "which has no --offset: name another by --type"),
        ("10 --type peg-mkt --offset 5%", "only an order of type rel"),
    ] {
        let said = intent(words).unwrap_err();
        assert!(said.contains(complaint), "{words}: {said}");
    }
}
