//! What the program says about itself.

use crate::support::Place;

#[test]
fn the_help_is_what_it_was() {
    insta::assert_snapshot!(Place::new().run("--help").out);
}

#[test]
fn the_help_of_an_order_is_what_it_was() {
    insta::assert_snapshot!(Place::new().run("order buy --help").out);
}

#[test]
fn the_short_help_of_an_order_is_short() {
    insta::assert_snapshot!(Place::new().run("order buy -h").out);
}

#[test]
fn the_help_of_a_bracket_is_what_it_was() {
    insta::assert_snapshot!(Place::new().run("order bracket -h").out);
}

#[test]
fn the_help_of_strategies_is_what_it_was() {
    let place = Place::new();
    insta::assert_snapshot!("strategies", place.run("order spread -h").out);
    insta::assert_snapshot!("vertical", place.run("order spread vertical -h").out);
}

#[test]
fn every_command_explains_itself() {
    let place = Place::new();
    for typed in [
        "demo",
        "quote",
        "pnl",
        "reconcile",
        "record",
        "serve",
        "status",
        "risk",
        "risk show",
        "risk kill",
        "risk resume",
        "guard",
        "audit verify",
        "audit rebuild",
        "backup",
        "order",
        "order buy",
        "order sell",
        "order bracket",
        "order spread",
        "order spread vertical",
        "order spread calendar",
        "order spread diagonal",
        "order spread straddle",
        "order spread strangle",
        "order spread butterfly",
        "order spread iron-condor",
        "order spread iron-butterfly",
        "order spread collar",
        "order spread covered-call",
        "order spread custom",
        "order spread of",
        "order preview",
        "order change",
        "order cancel-all",
        "order algos",
        "order target-percent",
        "order cancel",
        "order list",
        "order show",
        "account",
        "positions",
        "metrics",
        "config",
        "config show",
        "config check",
    ] {
        let ran = place.run(&format!("{typed} --help"));
        assert_eq!(ran.code, Some(0), "{typed}");
        assert!(ran.out.contains(&format!("Usage: tradeport {typed}")), "{typed}: {}", ran.out);
        assert_eq!(ran.err, "");
    }
    let version = place.run("--version").out;
    assert_eq!(version.trim(), concat!("tradeport ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn nothing_typed_is_wrong_usage_with_a_way_on() {
    let ran = Place::new().run("");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("try: "), "{}", ran.err);
}
