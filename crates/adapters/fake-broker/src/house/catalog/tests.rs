//! What is listed, under which name and which id.

use super::*;
use std::collections::BTreeSet;
use tradeport_contracts::futures::FuturesSpecs;
use tradeport_contracts::{InstrumentKind, Isin};

fn at(text: &str) -> Catalog {
    Catalog::at(FakeHours::Always, text.parse().unwrap())
}

fn today() -> Catalog {
    at("2026-11-20T15:00:00Z")
}

fn meant(catalog: &Catalog, text: &str) -> Result<Contract, CatalogError> {
    catalog.resolve(&text.parse().unwrap())
}

/// Everything, options of the nearest and of a far expiry.
fn everything(catalog: &Catalog) -> Vec<Listed> {
    let mut all: Vec<Listed> = asset::all().map(Listed::Security).collect();
    all.extend(currency::Pair::all().map(Listed::Pair));
    for product in product::Product::all() {
        all.push(Listed::Continuous(product));
        all.extend(catalog.months(product).into_iter().map(|month| Listed::Future(product, month)));
    }
    for class in OptionClass::all() {
        let weeks = class.weeks(catalog.today);
        for week in [weeks.first(), weeks.last()].into_iter().flatten().copied() {
            let option = |right| move |units| Listed::Option(OptionOf { class, week, right, units });
            all.extend(class.strikes(week).map(option(tradeport_contracts::Right::Call)));
            all.extend(class.strikes(week).map(option(tradeport_contracts::Right::Put)));
        }
    }
    all
}

#[test]
fn every_contract_can_be_described_and_no_two_share_a_name_or_an_id() {
    let catalog = today();
    let (mut ids, mut symbols) = (BTreeSet::new(), BTreeSet::new());
    let all = everything(&catalog);
    assert!(all.len() > 5_000, "{}", all.len());
    for listed in all {
        let id = listed.id();
        assert!((1..1 << 31).contains(&id.number()), "{id:?} does not fit");
        assert_eq!(Listed::of_id(id), Some(listed), "{id:?} leads elsewhere");
        assert!(ids.insert(id), "{} shares its id", listed.instrument());
        let symbol = symbol(&listed);
        assert!(symbols.insert(symbol), "{symbol} is the name of two");
        // Only what cannot be ordered may have a name that cannot be read back.
        if !(symbol.as_str().contains('#') && matches!(listed, Listed::Continuous(_))) {
            assert_eq!(symbol.as_str().parse::<Instrument>().unwrap(), listed.instrument(), "{symbol}");
        }
    }
}

#[test]
fn event_contracts_are_a_yes_and_a_no_and_a_threshold_may_be_zero() {
    use tradeport_contracts::{EventContract, Expiry, Right};
    let catalog = today();
    let last = Expiry::on(2035, 12, 31).unwrap();
    let yes = catalog.resolve(&EventContract::yes("CPIY", last, Decimal::ZERO).unwrap().into()).unwrap();
    let no = catalog.resolve(&EventContract::no("CPIY", last, Decimal::ZERO).unwrap().into()).unwrap();
    assert_eq!((yes.instrument().description().right, no.instrument().description().right), {
        (Some(Right::Call), Some(Right::Put))
    });
    let question = EventContract::question("GCE").unwrap().into();
    assert!(matches!(catalog.resolve(&question), Err(CatalogError::Ambiguous { .. })));
    let market = crate::house::SyntheticMarket::new(7);
    for hour in 0..2_000 {
        let at = catalog.now.after(std::time::Duration::from_secs(3_600 * hour));
        let [yes, no] = [&yes, &no].map(|it| market.quote_of(it, at).unwrap().mid().unwrap().as_decimal());
        assert!((yes + no - Decimal::ONE).abs() <= Decimal::new(2, 2), "{yes} and {no}");
        assert!(yes > Decimal::new(2, 2) && yes < Decimal::new(99, 2), "{yes}");
    }
}

/// One quoted unit of corn is a cent, on 5,000 bushels; of an index future a point, on 50 of them.
#[test]
fn a_multiplier_is_what_one_quoted_unit_is_worth() {
    let catalog = today();
    let terms = |text: &str| {
        let it = catalog.contract(Listed::Continuous(
            product::Product::all().find(|product| product.code == text).unwrap(),
        ));
        (it.multiplier().to_string(), it.price_step().to_string(), it.details().price_magnifier)
    };
    assert_eq!(terms("ZC"), ("50".to_owned(), "0.25".to_owned(), Some(100)));
    assert_eq!(terms("LE"), ("400".to_owned(), "0.025".to_owned(), Some(100)));
    assert_eq!(terms("ES"), ("50".to_owned(), "0.25".to_owned(), Some(1)));
}

#[test]
fn every_contract_is_what_its_own_name_means() {
    let catalog = today();
    for listed in everything(&catalog).into_iter().step_by(17) {
        let contract = catalog.resolve(&listed.instrument()).unwrap();
        assert_eq!(*contract.instrument(), listed.instrument());
        assert_eq!(catalog.by_id(contract.id()).unwrap(), contract);
        if !contract.symbol().as_str().contains('#') {
            assert_eq!(catalog.search(contract.symbol().as_str()).first(), Some(&contract));
        }
    }
}

#[test]
fn the_rows_of_the_tables_hold() {
    for asset in asset::all() {
        assert!(asset.isin.is_empty() || Isin::new(asset.isin).is_ok(), "{}", asset.symbol);
        assert!(asset.volatility <= 60 && Calendar::named(asset.calendar).is_ok(), "{}", asset.symbol);
    }
    for product in product::Product::all() {
        assert!(FuturesSpecs::bundled().find(product.code).is_some(), "{}", product.code);
        assert!(!today().months(product).is_empty(), "{} has no months", product.code);
        assert!(Catalog::market(&Listed::Continuous(product)).0.is_some(), "{} has no hours", product.code);
    }
    for class in OptionClass::all() {
        assert_eq!(class.underlying().symbol, class.asset);
    }
}

#[test]
fn what_is_wanted_can_be_worded_in_several_ways() {
    let catalog = today();
    let cases = [
        ("AAPL", "AAPL"),
        ("AAPL@SMART:NASDAQ", "AAPL"),
        ("AAPL@NASDAQ", "AAPL"),
        ("isin:US0378331005", "AAPL"),
        ("cusip:037833100", "AAPL"),
        ("id:1001", "AAPL"),
        ("id:265598", "AAPL"),
        ("bond:IBM", "bond:459200T19"),
        ("cfd:IBM", "cfd:IBM"),
        ("fund:VINIX", "fund:VINIX"),
        ("commodity:XAUUSD", "commodity:XAUUSD"),
        ("VOD@LSE/GBP", "VOD@SMART:LSE/GBP"),
        ("VOD/GBP", "VOD@SMART:LSE/GBP"),
        ("index:SPX@CBOE", "index:SPX@CBOE"),
        ("ES 202612@CME", "ES 202612@CME"),
        ("ES 20261218@CME", "ES 202612@CME"),
        ("ES 202612x50@CME", "ES 202612@CME"),
        ("future:* *@CME;local=ESZ6", "ES 202612@CME"),
        ("continuous:ES@CME", "continuous:ES@CME"),
        ("6E 202612@CME", "EUR 202612@CME"),
        ("DAX 202612x1@EUREX/EUR", "DAX 202612@EUREX/EUR;class=FDXS"),
        ("AAPL 20261218C450", "AAPL 20261218C450"),
        ("AAPL 20261218C450x100", "AAPL 20261218C450"),
        ("SPX 20261127P1500", "SPX 20261127P1500;class=SPXW"),
        ("EUR.USD", "EUR.USD"),
        ("crypto:BTC", "crypto:BTC"),
    ];
    for (asked, name) in cases {
        let found = meant(&catalog, asked).unwrap_or_else(|error| panic!("{asked}: {error}"));
        assert_eq!(found.symbol().as_str(), name, "{asked}");
    }
}

#[test]
fn what_is_not_listed_is_not_found() {
    let catalog = today();
    for text in [
        "ZZQA",
        "VOD",
        "AAPL@LSE",
        "AAPL/EUR",
        "SPX",
        "ES 202611@CME",
        "ES 202612@EUREX",
        "ES 203612@CME",
        "AAPL 20261217C450",
        "AAPL 20261218C451.3",
        "AAPL 20261218C9000",
        "AAPL 20261218C450x10",
        "USD.EUR",
        "crypto:DOGE",
        "id:77",
        "bond:GE",
        "warrant:GOOG 203512C800@FWB/EUR",
    ] {
        assert!(matches!(meant(&catalog, text), Err(CatalogError::NotFound(_))), "{text}");
    }
    assert!(matches!(meant(&catalog, "combo:A,B;leg=+1x1@SMART"), Err(CatalogError::Unsupported(_))));
}

#[test]
fn what_fits_several_is_ambiguous_and_names_some() {
    let catalog = today();
    let cases = [
        ("DAX 202612@EUREX/EUR", 3),
        ("future:ES *@CME", 8),
        ("futures:ES@CME", 9),
        ("option:AAPL *", 9),
        ("option:AAPL 20261218C", 9),
        ("AAPL 202612C450", 5),
        ("option:AAPL 20261218*450", 2),
    ];
    for (text, count) in cases {
        let Ok(instrument) = text.parse::<Instrument>() else { continue };
        match catalog.resolve(&instrument) {
            Err(CatalogError::Ambiguous { candidates, .. }) => assert_eq!(candidates.len(), count, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn months_and_expiries_move_on_with_the_day() {
    let months = |catalog: &Catalog, code| {
        let product = product::Product::all().find(|product| product.code == code).unwrap();
        let months = catalog.months(product);
        months.iter().take(3).map(|month| month.code()).collect::<Vec<_>>()
    };
    assert_eq!(months(&today(), "ES"), ["Z26", "H27", "M27"]);
    assert_eq!(months(&at("2026-12-18T15:00:00Z"), "ES")[0], "Z26", "on its last day");
    assert_eq!(months(&at("2026-12-19T15:00:00Z"), "ES")[0], "H27");
    assert_eq!(months(&today(), "CL")[0], "Z26", "on its last day");
    assert_eq!(months(&at("2026-11-21T15:00:00Z"), "CL"), ["F27", "G27", "H27"]);
    let chain = &today().option_chains(&"AAPL".parse().unwrap()).unwrap()[0];
    let expiries: Vec<String> = chain.expiries().map(|it| it.to_string()).collect();
    assert_eq!(expiries[..4], ["20261120", "20261127", "20261204", "20261211"]);
    assert!(
        expiries.contains(&"20281117".to_owned()) || expiries.contains(&"20280121".to_owned()),
        "{expiries:?}"
    );
    // Good Friday of 2027 is the 26th of March: those options end on the day before.
    let spring = at("2027-03-22T15:00:00Z");
    let chain = &spring.option_chains(&"AAPL".parse().unwrap()).unwrap()[0];
    assert_eq!(chain.expiries().next().unwrap().to_string(), "20270325");
}

#[test]
fn a_chain_lists_what_resolves() {
    let catalog = today();
    for text in ["AAPL", "SPY", "index:SPX@CBOE"] {
        let chains = catalog.option_chains(&text.parse().unwrap()).unwrap();
        assert!(!chains.is_empty());
        for chain in chains {
            let expiry = chain.expiries().next().unwrap();
            let strikes: Vec<_> = chain.strikes().collect();
            let found = strikes.iter().filter(|strike| {
                let option = chain.option(expiry, **strike, tradeport_contracts::Right::Call).unwrap();
                catalog.resolve(&option.into()).is_ok()
            });
            assert!(found.count() > 10, "{text} {}", chain.trading_class());
        }
    }
    assert!(catalog.option_chains(&"EUR.USD".parse().unwrap()).unwrap().is_empty());
    assert!(catalog.option_chains(&"ZZQA".parse().unwrap()).is_err());
}

#[test]
fn a_strike_far_from_the_price_is_in_no_chain_and_resolves() {
    let catalog = today();
    for (text, strike) in [("AAPL", "150"), ("TSLA", "400"), ("SPY", "600"), ("MSFT", "500")] {
        let chain = &catalog.option_chains(&text.parse().unwrap()).unwrap()[0];
        assert!(chain.strikes().all(|listed| listed != strike.parse().unwrap()), "{text}");
        let far = meant(&catalog, &format!("{text} 20270115C{strike}")).unwrap();
        assert_eq!(catalog.by_id(far.id()).unwrap(), far);
    }
}

#[test]
fn a_search_finds_by_symbol_and_by_name() {
    let catalog = today();
    let found = |pattern: &str| -> Vec<String> {
        catalog.search(pattern).iter().map(|contract| contract.symbol().to_string()).collect()
    };
    assert_eq!(found("apple"), ["AAPL"]);
    assert_eq!(found("ES")[..1], ["ES 202612@CME"]);
    assert_eq!(found("es 202703@cme")[..1], ["ES 202703@CME"]);
    assert_eq!(found("eur.usd")[..1], ["EUR.USD"]);
    assert!(found("btc").contains(&"crypto:BTC".to_owned()));
    assert_eq!(found("ZZQXJ9"), [""; 0]);
    assert!(found("").len() > 100);
    assert_eq!(catalog.nearest("APPL", 3), ["AAPL"]);
    assert_eq!(catalog.nearest("SPX 202612", 1), ["index:SPX@CBOE"]);
    assert_eq!(catalog.nearest("%%", 3), [""; 0]);
}

#[test]
fn the_hours_are_those_of_the_market() {
    let now = "2026-11-20T15:00:00Z".parse().unwrap();
    let catalog = Catalog::at(FakeHours::UsStocks, now);
    let open = |text: &str, at: &str| meant(&catalog, text).unwrap().sessions().is_open(at.parse().unwrap());
    assert!(open("AAPL", "2026-11-20T15:00:00Z") && !open("AAPL", "2026-11-20T22:00:00Z"));
    assert!(!open("AAPL", "2026-11-26T15:00:00Z"), "Thanksgiving");
    assert!(open("ES 202612@CME", "2026-11-20T03:00:00Z") && !open("ES 202612@CME", "2026-11-21T15:00:00Z"));
    assert!(!open("ES 202612@CME", "2026-12-21T15:00:00Z"), "after its last day");
    assert!(open("BMW@IBIS/EUR", "2026-11-20T09:00:00Z"));
    assert!(open("crypto:BTC", "2026-11-22T03:00:00Z"));
    let told = meant(&catalog, "AAPL").unwrap();
    let details = told.details();
    let (zone, liquid) = (details.time_zone.clone().unwrap(), details.liquid_hours.clone());
    assert_eq!(zone, "US/Eastern");
    assert!(liquid.starts_with("20261120:0930-20261120:1600;20261121:CLOSED;"), "{liquid}");
    Calendar::from_broker("AAPL", &details.trading_hours, &liquid, &zone).unwrap();
    let always = meant(&today(), "AAPL").unwrap();
    assert!(always.details().trading_hours.is_empty());
    assert_eq!(always.instrument().kind(), Some(InstrumentKind::Stock));
}

#[test]
fn a_bond_is_found_by_its_numbers_and_priced_in_percent() {
    let catalog = today();
    let bond = meant(&catalog, "bond:91282T1B0").unwrap();
    assert_eq!(meant(&catalog, "bond:US91282T1B01").unwrap(), bond);
    assert_eq!(meant(&catalog, "isin:US91282T1B01").unwrap(), bond);
    assert_eq!(bond.multiplier(), Decimal::TEN);
    assert_eq!(bond.details().expiry.unwrap().to_string(), "20341115");
    assert_eq!(Catalog::coupon(&bond), Some("4.25".parse().unwrap()));
    assert_eq!(Catalog::coupon(&meant(&catalog, "AAPL").unwrap()), None);
}

#[test]
fn futures_that_have_ended_are_known_for_two_years() {
    let catalog = today();
    let asked: Instrument = "future:ES *@CME;expired=yes".parse().unwrap();
    let all = catalog.all_fitting(&asked, 100).unwrap();
    let listed = catalog.all_fitting(&"future:ES *@CME".parse().unwrap(), 100).unwrap();
    assert_eq!(all.len(), listed.len() + 8, "two years of quarters");
    assert!(all.is_sorted_by_key(|contract| contract.details().expiry));
    assert!(all.ends_with(&listed));
    for contract in &all {
        assert_eq!(catalog.known(contract.id()).as_ref(), Some(contract));
        assert_eq!(catalog.by_id(contract.id()).is_ok(), listed.contains(contract));
    }
}

#[test]
fn what_is_derived_leads_to_what_it_is_derived_from() {
    let catalog = today();
    for (text, under) in [("ES 202612@CME", "SPX"), ("AAPL 20261218C430", "AAPL"), ("BTC 202612@CME", "BTC")]
    {
        let contract = meant(&catalog, text).unwrap();
        let found = catalog.underlying(&contract).unwrap();
        assert_eq!(found.instrument().description().symbol.as_deref(), Some(under), "{text}");
        let kind = contract.instrument().kind().unwrap();
        assert!(Catalog::derived(&found).contains(&kind), "{text}");
    }
    assert_eq!(catalog.underlying(&meant(&catalog, "EUR.USD").unwrap()), None);
}
