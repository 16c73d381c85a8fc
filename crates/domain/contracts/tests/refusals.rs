//! Every rule refuses with its own words: which rule, what was given, what would be accepted.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use tradeport_contracts::{
    self as contracts, Bond, ById, Combo, ComboLeg, ContractId, DeltaNeutral, Description, EventContract,
    Expiry, Forex, Future, FuturesOption, Instrument, InstrumentKind, Isin, LegAction, NewsFeed, NotALeg,
    NotAnInstrument, Right, ShortSale, Stock,
};
use tradeport_kernel::{Currency, Decimal, Price};

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn said<T: std::fmt::Debug, E: std::fmt::Display>(answer: Result<T, E>) -> String {
    answer.expect_err("it breaks a rule").to_string()
}

fn day(text: &str) -> Expiry {
    text.parse().unwrap()
}

fn call(symbol: &str, expiry: &str, strike: &str) -> Result<contracts::Option, NotAnInstrument> {
    contracts::Option::new(symbol, day(expiry), number(strike), Right::Call)
}

#[test]
fn symbols() {
    let rule = "is unusable: expected 1 to 64 printable ASCII characters, no blank at either end";
    for bad in ["", " ", " IJR ", "IJR ", "A\tB", "Ä"] {
        assert_eq!(said(Stock::new(bad)), format!("the symbol {bad:?} {rule}"));
    }
    assert!(Stock::new(&"X".repeat(64)).is_ok());
    assert!(Stock::new(&"X".repeat(65)).is_err());
    let stock = Stock::new("A").unwrap();
    assert_eq!(said(stock.clone().with_local_symbol("")), format!("the local symbol \"\" {rule}"));
    assert_eq!(said(stock.clone().with_trading_class(" X")), format!("the trading class \" X\" {rule}"));
    assert_eq!(said(stock.issued_by("")), format!("the issuer \"\" {rule}"));
}

#[test]
fn exchanges() {
    let rule = "is not an exchange: expected 1 to 24 capital letters, digits, '.', '-' or '_', such as SMART";
    let stock = Stock::new("AAPL").unwrap();
    for bad in ["", "smart", "SMART ", "A/B", "-", &"X".repeat(25)] {
        assert_eq!(said(stock.clone().on(bad)), format!("{bad:?} {rule}"));
        assert_eq!(said(stock.clone().listed_on(bad)), format!("{bad:?} {rule}"));
    }
}

#[test]
fn strikes_rights_and_multipliers() {
    for bad in ["0", "-5"] {
        let wanted = format!("the strike of an option is {bad}: expected a price above zero");
        assert_eq!(said(call("AAPL", "20250117", bad)), wanted);
    }
    let none = FuturesOption::new("ES", day("20250117"), Decimal::ZERO, Right::Put, "CME");
    assert_eq!(said(none), "the strike of a futures option is 0: expected a price above zero");
    assert!(EventContract::yes("CPIY", day("20251231"), Decimal::ZERO).is_ok(), "a threshold may be zero");
    let below = EventContract::no("CPIY", day("20251231"), number("-1"));
    assert_eq!(said(below), "the strike of an event contract is -1: expected zero or above");
    assert_eq!(
        said(call("AAPL", "20250117", "1.0000000000000001")),
        "the strike 1.0000000000000001 is beyond reason: expected up to 1,000,000,000 and at most 15 digits"
    );
    let by_zero = call("AAPL", "20250117", "150").unwrap().with_multiplier(Decimal::ZERO);
    assert_eq!(said(by_zero), "the multiplier is 0: it must be above zero");
    let strange = Description { right: Some(Right::Put), ..Description::of(InstrumentKind::Stock) };
    let strange = Description { symbol: Some("AAPL".to_owned()), ..strange };
    assert_eq!(said(strange.clone().check()), "a stock has no right, and put was given");
    let strange = Description { right: None, strike: Some(Decimal::ONE), ..strange };
    assert_eq!(said(strange.clone().check()), "a stock has no strike, and 1 was given");
    let strange = Description { strike: None, expiry: Some(day("202501")), ..strange };
    assert_eq!(said(strange.check()), "a stock has no expiry, and 202501 was given");
}

#[test]
fn expiries() {
    assert_eq!(
        said(call("AAPL", "20250118", "150")),
        "an option cannot expire on 20250118, a weekend: expected Monday to Friday"
    );
    assert_eq!(
        said(Future::new("ES", day("20250316"), "CME")),
        "a future cannot expire on 20250316, a weekend: expected Monday to Friday"
    );
    assert!(EventContract::yes("HIGH", day("20250118"), Decimal::ONE).is_ok(), "the weather has no weekend");
    use time::Month::{June, March};
    let day_before = Future::new("CL", day("20250220"), "NYMEX").unwrap();
    assert!(day_before.in_cycle(&[March]).is_ok(), "it ends in the month before its own");
    let wrong = Future::new("W", day("202504"), "LIFFE").unwrap().in_cycle(&[March, June]);
    assert_eq!(said(wrong), "W has no contract of 202504: its months are March, June");
}

#[test]
fn names() {
    let nothing = |kind| Description::of(kind).check();
    assert_eq!(
        said(nothing(InstrumentKind::Future)),
        "a future without a name: expected a symbol, a local symbol, a contract id or an identifier"
    );
    let unknown = Description { symbol: Some("X".to_owned()), ..Description::default() };
    assert_eq!(
        said(unknown.check()),
        "nothing says what it is: expected a kind, a contract id, an identifier or an issuer"
    );
    assert_eq!(said(ById::new(ContractId::new(0))), "0 is not a contract id: it must be above zero");
    assert_eq!(
        said(Stock::new("A").unwrap().with_id(ContractId::new(-1))),
        "-1 is not a contract id: it must be above zero"
    );
    assert_eq!(
        said(NewsFeed::new("BRF").unwrap().on_any_exchange()),
        "a news feed needs the code of its provider as its exchange"
    );
    assert_eq!(
        said(Isin::new("US0378331006")),
        "\"US0378331006\" is not a valid ISIN: its check digit should be 5"
    );
}

#[test]
fn pairs() {
    let usd = Currency::USD;
    assert_eq!(said(Forex::new(usd, usd)), "USD against USD is no pair: expected two different currencies");
    let euro = Description {
        symbol: Some("EURO".to_owned()),
        currency: Some(usd),
        ..Description::of(InstrumentKind::Forex)
    };
    assert_eq!(
        said(euro.clone().check()),
        "a currency pair of \"EURO\": expected three capital letters such as EUR"
    );
    let alone = Description { symbol: Some("EUR".to_owned()), currency: None, ..euro };
    assert_eq!(said(alone.check()), "a currency pair needs the currency that it is priced in");
}

#[test]
fn events() {
    assert_eq!(
        said(call("GCE", "20251231", "1").unwrap().on("FORECASTX")),
        "FORECASTX lists event contracts, no options: describe an event contract"
    );
    let option = FuturesOption::new("ES", day("20251231"), Decimal::ONE, Right::Call, "CME").unwrap();
    assert_eq!(
        said(option.with_trading_class("ECES")),
        "trading classes EC.. hold event contracts: describe an event contract"
    );
    let yes = EventContract::yes("GCE", day("20251231"), Decimal::ONE).unwrap();
    assert_eq!(said(yes.on("CME")), "an event contract is on FORECASTX, or its trading class begins with EC");
    let half = Description {
        symbol: Some("GCE".to_owned()),
        strike: Some(Decimal::ONE),
        ..Description::of(InstrumentKind::EventContract)
    };
    assert_eq!(
        said(half.check()),
        "an event contract has a strike and a side (yes or no), or neither when all of a question are meant"
    );
}

#[test]
fn combos() {
    let id = ContractId::new(9_408);
    assert_eq!(said(Combo::new("X", vec![])), "a combo without legs: expected at least one");
    assert_eq!(
        said(ComboLeg::new(id, 0, LegAction::Buy)),
        "a leg with a ratio of 0: expected 1 to 2147483647"
    );
    assert!(matches!(ComboLeg::new(id, 2_147_483_648, LegAction::Buy), Err(NotALeg::Ratio(2_147_483_648))));
    assert_eq!(
        said(ComboLeg::new(ContractId::new(0), 1, LegAction::Buy)),
        "a leg of contract 0: a contract id is above zero"
    );
    let leg = ComboLeg::new(id, 1, LegAction::SellShort).unwrap();
    assert_eq!(
        said(leg.clone().on("smart")),
        "a leg on \"smart\": expected 1 to 24 capital letters, digits, '.', '-' or '_', such as SMART"
    );
    assert_eq!(
        said(leg.clone().with_short_sale(ShortSale::HeldAt(String::new()))),
        "shares held at \"\": expected 1 to 64 printable ASCII characters, no blank at either end"
    );
    let fine = number("0.1234567890123456");
    let rule = "expected up to 1,000,000,000 and at most 15 digits";
    assert_eq!(said(DeltaNeutral::new(id, fine)), format!("a hedge with a delta of {fine}: {rule}"));
    let hedge = DeltaNeutral::new(id, Decimal::ONE).unwrap();
    let far = Price::new(number("1000000000.5")).unwrap();
    assert_eq!(said(hedge.at(far)), format!("a hedge with a price of 1000000000.5: {rule}"));
    assert_eq!(
        said(DeltaNeutral::new(ContractId::new(-3), Decimal::ONE)),
        "a leg of contract -3: a contract id is above zero"
    );
    let stock = Description {
        symbol: Some("A".to_owned()),
        legs: vec![leg],
        ..Description::of(InstrumentKind::Stock)
    };
    assert_eq!(said(stock.check()), "a stock has no legs, and 1 legs or a hedge was given");
}

#[test]
fn a_market_price_of_a_hedge_is_no_price() {
    let hedge = DeltaNeutral::new(ContractId::new(1), Decimal::ONE).unwrap();
    assert_eq!(hedge.at(Price::new(Decimal::ZERO).unwrap()).unwrap().price(), None);
}

#[test]
fn a_bond_may_say_when_it_matures() {
    let bond = Bond::new("IBM").unwrap().maturing(day("20251115")).unwrap();
    assert_eq!(bond.to_string(), "bond:IBM;expiry=20251115");
    assert_eq!(bond.to_string().parse::<Instrument>().unwrap(), bond.into());
}

#[test]
fn questions_are_not_ordered() {
    let said = |text: &str| said(text.parse::<Instrument>().unwrap().check_orderable());
    let terms = "expected an expiry, a strike and call or put";
    let bond = "expected one bond, by its contract id, CUSIP or ISIN";
    let cases = [
        ("index:SPX@CBOE", "index:SPX@CBOE cannot be ordered: an index is only quoted".to_owned()),
        ("news:*@BRFG", "news:*@BRFG cannot be ordered: a news feed is only read".to_owned()),
        (
            "continuous:ES@CME",
            "continuous:ES@CME cannot be ordered: a continuous future is only for history".to_owned(),
        ),
        (
            "futures:ES@CME",
            "futures:ES@CME cannot be ordered: a query for futures is only asked for".to_owned(),
        ),
        ("event:CPIY 202612", format!("event:CPIY 202612 means several contracts: {terms}")),
        ("option:FISV 20270115", format!("option:FISV 20270115 means several contracts: {terms}")),
        ("future:ES *@CME", "future:ES *@CME means several contracts: expected an expiry".to_owned()),
        ("bond:IBM", format!("bond:IBM means several contracts: {bond}")),
        ("issuer:e1453318", format!("issuer:e1453318 means several contracts: {bond}")),
        ("AAPL@-", "AAPL@- is routed nowhere: expected an exchange such as SMART".to_owned()),
        (
            "id:7@-;kind=forex",
            "id:7@-;kind=forex is routed nowhere: expected an exchange such as SMART".to_owned(),
        ),
    ];
    for (text, message) in cases {
        assert_eq!(said(text), message);
    }
}

#[test]
fn one_contract_is_ordered() {
    for text in [
        "AAPL",
        "EUR.USD",
        "ES 202703@CME",
        "AAPL 20270115C150",
        "option:* *;local=AAPL  270115C00150000",
        "bond:449276AA2",
        "bond:IBM;id=456467716",
        "id:265598",
        "isin:US0378331005",
        "combo:X;leg=+1x2@SMART",
        "event:GCE 20271231C0",
        "crypto:BTC",
        "future:* *@EUREX;local=FGBL MAR 27",
        "fund:VINIX",
        "borrow:IBM",
    ] {
        text.parse::<Instrument>().unwrap().check_orderable().unwrap();
    }
}
