//! Which expiries of futures and options are refused before anybody is asked, and that no real one is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use time::{Date, Duration, Weekday};
use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::futures::{Besides, Confidence, ContractMonth, FuturesSpec, FuturesSpecs};
use tradeport_contracts::{Expiry, Future, Instrument, NotAnInstrument};

fn check(text: &str) -> Result<(), NotAnInstrument> {
    text.parse::<Instrument>().unwrap().check_expiry(FuturesSpecs::bundled())
}

fn said(text: &str) -> String {
    check(text).expect_err(text).to_string()
}

fn accepted(texts: &[&str]) {
    for text in texts {
        check(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn a_day_that_is_not_the_last_of_trading_is_refused_with_those_that_are() {
    let cases = [
        ("ES 20261217@CME", "ES", "20261217", "20261218, 20270319 or 20270617"),
        // Juneteenth, also of 2027, when it is kept on a Friday.
        ("ES 20260619@CME", "ES", "20260619", "20260618, 20260918 or 20261218"),
        ("ES 20261120@CME", "ES", "20261120", "20261218, 20270319 or 20270617"),
        ("CL 20261222@NYMEX", "CL", "20261222", "20261221, 20270120 or 20270222"),
        ("GC 20261230@COMEX", "GC", "20261230", "20261229, 20270127 or 20270224"),
        (
            "VIX 20261217@CFE",
            "VIX",
            "20261217",
            "20261216, 20270120 or 20270217, or the Wednesday of a weekly contract",
        ),
        ("DAX 20261217@EUREX/EUR", "DAX", "20261217", "20261218, 20270319 or 20270618"),
        ("GBL 20261210@EUREX/EUR", "GBL", "20261210", "20261208, 20270308 or 20270608"),
        ("HSI 20261231@HKFE/HKD", "HSI", "20261231", "20261230, 20270128 or 20270225"),
        ("ES 20261217@GLOBEX", "ES", "20261217", "20261218, 20270319 or 20270617"),
        // A rule that is only believed.
        ("NKD 20261223@CME", "NKD", "20261223", "a day within a week of 20261210, 20270311 or 20270610"),
    ];
    for (text, product, given, expected) in cases {
        assert_eq!(
            said(text),
            format!("{product} has no contract that ends on {given}: expected {expected}")
        );
    }
}

#[test]
fn a_month_that_is_not_in_the_cycle_is_refused_with_those_that_are() {
    assert_eq!(said("ES 202611@CME"), "ES has no contract of 202611: its months are HMUZ");
    assert_eq!(said("HE 202603@CME"), "HE has no contract of 202603: its months are GJKMNQVZ");
    assert_eq!(
        said("SI 202604@COMEX;class=SIL"),
        "SI has no contract of 202604: its months are HKNUZ",
        "the class tells the products of one symbol apart"
    );
}

#[test]
fn what_exists_is_let_through() {
    accepted(&[
        "ES 20261218@CME",
        "ES 202612@CME",
        // Contracts that end in another month than the one they are named after.
        "CL 20261120@NYMEX",
        "CL 202612@NYMEX",
        "NG 20261125@NYMEX",
        "SOFR3 20270316@CME",
        "BZ 20261230@NYMEX",
        // Serial and near months.
        "EUR 202611@CME",
        "GC 202611@COMEX",
        "PL 202611@NYMEX",
        "SPI 202611@SNFE/AUD",
        "CAC40 202611@MONEP/EUR",
        // Weekly contracts; the Wednesday of 2024-06-19 was a holiday.
        "VIX 20261125@CFE",
        "VIX 20261125@CFE;class=VX48",
        "VIX 20240618@CFE",
        // One of two products of a symbol.
        "SI 202604@COMEX",
        "SI 20261229@COMEX;class=SIL",
        // Real days of years past.
        "CL 20200421@NYMEX",
        "ES 20080320@CME",
        "GF 20231116@CME",
        "ZN 20240319@CBOT",
        "6E 20240318@CME",
        "N225M 20220210@OSE.JPN/JPY",
        "FGBL 20231207@EUREX/EUR",
        // What no table has: products, exchanges, classes, days beyond every calendar, what a number names.
        "W 20261103@LIFFE/GBP",
        "ES 202611@QBALGO",
        "ES 20261103@CME;class=XYZ",
        "ES 21961103@CME",
        "ES 20261103@CME;id=495512563",
        "future:* *@EUREX;local=FGBL MAR 27",
        "future:ES *@CME",
        "continuous:ES@CME",
        // Options on futures have expiries of their own.
        "futopt:ES 20261123C6000x50@CME",
        "futopt:CL 20261117P60x1000@NYMEX",
        "forward:EUR 20261222@CME",
    ]);
}

#[test]
fn an_american_option_ends_on_a_trading_day() {
    assert_eq!(
        said("SPY 20270326C700"),
        "an option cannot expire on 20270326, a holiday of its exchange: expected 20270325, the trading day before"
    );
    assert_eq!(
        said("SPX 20261225P6000;class=SPXW"),
        "an option cannot expire on 20261225, a holiday of its exchange: expected 20261224, the trading day before"
    );
    accepted(&[
        "SPY 20270325C700",
        "AAPL 20261127C250",
        "AAPL 202612C250",
        "AAPL 20270326C250;id=17",
        "option:AAPL 202703",
        // Other exchanges keep other holidays.
        "DAX 20260703C25000@EUREX/EUR",
        "VOD 20261127C80@ICEEU/GBP",
        "RY 20261127C150@CDE/CAD",
        "AAPL 21961223C250",
    ]);
}

#[test]
fn the_factory_refuses_and_the_table_of_a_user_decides_for_his() {
    let april: Expiry = "202504".parse().unwrap();
    let refused = Future::new("ES", april, "CME").unwrap_err();
    assert_eq!(refused.to_string(), "ES has no contract of 202504: its months are HMUZ");
    let day: Expiry = "20250320".parse().unwrap();
    assert!(matches!(Future::new("ES", day, "CME"), Err(NotAnInstrument::LastDay { .. })));
    let mut draft = FuturesSpecs::bundled().find("ES").unwrap().draft().clone();
    draft.months = "F-Z".parse().unwrap();
    draft.last_trade = "3rd Thursday of contract month".parse().unwrap();
    let mine = FuturesSpecs::bundled().clone().extended_with([draft]).unwrap();
    let future = mine.future(mine.find("ES").unwrap(), "202504".parse().unwrap()).unwrap();
    assert_eq!(future.to_string(), "ES 202504@CME");
    let thursday: Instrument = "ES 20250320@CME".parse().unwrap();
    assert!(thursday.check_expiry(&mine).is_ok());
    let friday: Instrument = "ES 20250321@CME".parse().unwrap();
    assert_eq!(
        friday.check_expiry(&mine).unwrap_err().to_string(),
        "ES has no contract that ends on 20250321: expected 20250320, 20250417 or 20250515"
    );
}

#[test]
fn a_product_of_which_less_is_known_is_refused_less() {
    let like = |code: &str, change: &dyn Fn(&mut tradeport_contracts::futures::FuturesDraft)| {
        let mut draft = FuturesSpecs::bundled().find("ES").unwrap().draft().clone();
        for name in [&mut draft.exchange_code, &mut draft.broker_symbol, &mut draft.trading_class] {
            *name = code.to_owned();
        }
        change(&mut draft);
        let specs = FuturesSpecs::empty().extended_with([draft]).unwrap();
        move |text: &str| text.parse::<Instrument>().unwrap().check_expiry(&specs).is_ok()
    };
    let sure = like("QA", &|_draft| {});
    assert!(sure("QA 20261218@CME") && !sure("QA 20261217@CME") && !sure("QA 202611@CME"));
    let no_rule = like("QB", &|draft| draft.last_trade = "unknown".parse().unwrap());
    assert!(no_rule("QB 20261117@CME") && !no_rule("QB 202611@CME"));
    let elsewhere = like("QC", &|draft| {
        draft.exchange = "MARS".to_owned();
    });
    assert!(elsewhere("QC 20261215@MARS"), "its holidays are not known");
    assert!(!elsewhere("QC 20261130@MARS") && elsewhere("QC 20261211@MARS"));
    let doubtful = like("QD", &|draft| draft.confidence = Confidence::Low);
    assert!(doubtful("QD 20261103@CME") && doubtful("QD 202611@CME"));
}

/// Contracts of all months that a product lists, with the days on which they last trade.
fn contracts(spec: &FuturesSpec) -> Vec<(ContractMonth, Date)> {
    let calendar = Calendar::named(spec.business_calendar().unwrap()).unwrap();
    let schedule = spec.schedule(calendar);
    let first: ContractMonth = "200801".parse().unwrap();
    let months = (0..240).map(|later| first.plus(later).unwrap());
    months
        .filter(|month| spec.months().lists(month.month()))
        .filter_map(|month| Some((month, schedule.last_trade(month).ok()?)))
        .collect()
}

fn of(spec: &FuturesSpec, expiry: Expiry) -> bool {
    Future::new(spec.broker_symbol(), expiry, spec.exchange()).is_ok()
}

/// Twenty years of every bundled product: no last day of trading is refused, and of those that are sure every other
/// weekday near it is.
#[test]
fn every_contract_of_twenty_years_is_accepted_and_the_days_around_it_are_not() {
    let (mut real, mut wrong) = (0, 0);
    for spec in FuturesSpecs::bundled().iter() {
        let contracts = contracts(spec);
        let days: BTreeSet<Date> = contracts.iter().map(|(_, day)| *day).collect();
        let sure = FuturesSpecs::bundled()
            .by_broker_symbol(spec.broker_symbol(), spec.exchange())
            .all(|other| other.confidence() == Confidence::High && other.months() == spec.months())
            && spec.months().besides() != Besides::Weeklies;
        let inner = contracts.len().saturating_sub(2);
        for (index, (month, day)) in contracts.iter().enumerate() {
            assert!(of(spec, (*month).into()), "{} {month}", spec.exchange_code());
            assert!(of(spec, (*day).try_into().unwrap()), "{} {day}", spec.exchange_code());
            real += 1;
            let near = [-7, -2, -1, 1, 2, 7].map(|away| *day + Duration::days(away));
            for other in near.iter().filter(|_| sure && (2..inner).contains(&index)) {
                let weekend = matches!(other.weekday(), Weekday::Saturday | Weekday::Sunday);
                if !weekend && !days.contains(other) {
                    assert!(!of(spec, (*other).try_into().unwrap()), "{} {other}", spec.exchange_code());
                    wrong += 1;
                }
            }
        }
    }
    assert!(real > 9_000 && wrong > 15_000, "{real} contracts, {wrong} wrong days");
}
