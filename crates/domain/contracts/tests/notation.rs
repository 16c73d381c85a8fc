//! Every instrument reads back from its text, and its name stays its own.

use proptest::prelude::*;
use std::collections::HashMap;
use tradeport_conformance::generate;
use tradeport_contracts::{
    self as contracts, ById, ContractId, Description, Expiry, Forex, Future, Instrument, InstrumentKind,
    NotAnInstrument, Right, Stock,
};

fn written(instrument: impl Into<Instrument>) -> String {
    instrument.into().to_string()
}

#[test]
fn simple_things_are_written_simply() {
    let month = Expiry::in_month(2025, 3).unwrap();
    let day = Expiry::on(2025, 1, 17).unwrap();
    let (eur, usd) = ("EUR".parse().unwrap(), "USD".parse().unwrap());
    let strike = "152.50".parse().unwrap();
    assert_eq!(written(Stock::new("AAPL").unwrap()), "AAPL");
    assert_eq!(written(Stock::new("BRK B").unwrap()), "BRK B");
    assert_eq!(written(Stock::new("AAPL").unwrap().in_currency(eur)), "AAPL/EUR");
    assert_eq!(
        written(contracts::Option::new("AAPL", day, strike, Right::Put).unwrap()),
        "AAPL 20250117P152.5"
    );
    assert_eq!(written(Future::new("ES", month, "CME").unwrap()), "ES 202503@CME");
    assert_eq!(written(Forex::new(eur, usd).unwrap()), "EUR.USD");
    assert_eq!(written(Forex::conversion(eur, usd).unwrap()), "EUR.USD@FXCONV");
    assert_eq!(written(ById::new(ContractId::new(265_598)).unwrap()), "id:265598");
}

#[test]
fn a_stock_that_looks_like_another_kind_is_written_with_its_kind() {
    for ticker in ["EUR.USD", "ES 202503", "AAPL 20250117C150", "id:7", "forex:EUR.USD", "isin:US0378331005"]
    {
        let stock = Instrument::from(Stock::new(ticker).unwrap());
        assert_eq!(stock.to_string(), format!("stock:{ticker}"));
        assert_eq!(stock.to_string().parse(), Ok(stock));
    }
}

#[test]
fn texts_out_of_form_are_refused_with_a_reason() {
    let said = |text: &str| text.parse::<Instrument>().unwrap_err().to_string();
    let notation =
        |text: &str, reason: &str| format!("{text:?} is not the notation of an instrument: {reason}");
    let cases = [
        ("EUR.USD/GBP", "a pair already says its currency"),
        ("AAPL;local", "\"local\" has no '=': expected key=value"),
        ("AAPL;local=A;local=B", "local is said twice"),
        ("AAPL;colour=red", "colour cannot be \"red\""),
        ("AAPL/usd", "\"usd\" is not a currency: expected three capital letters such as USD"),
        ("option:AAPL", "expected a symbol and terms, such as AAPL 20250117C150 or FISV *"),
        ("option:AAPL 20250117X150", "expected a symbol and terms, such as AAPL 20250117C150 or FISV *"),
        ("forex:EURUSD", "expected two currencies such as EUR.USD"),
        ("id:0", "expected a number above zero"),
        ("id:-4", "expected a number above zero"),
        ("issuer:%zz", "expected a code"),
        ("combo:X;leg=1x2@SMART", "\"1x2@SMART\" is no leg: expected such as +1x43645865@SMART"),
        ("combo:X;leg=+0x2@SMART", "a leg with a ratio of 0: expected 1 to 2147483647"),
        (
            "combo:X;leg=+1x2@SMART|short",
            "\"short\" says nothing of a leg: expected open, close, unknown, held or exempt",
        ),
        ("combo:X;leg=+1x2@-;neutral=5", "\"5\" is no hedge: expected such as 265598:35 or 265598:35:123.40"),
    ];
    for (text, reason) in cases {
        assert_eq!(said(text), notation(text, reason));
    }
    let reserved =
        "expected a symbol; % @ / ; = # * | inside it are written as %25 %40 %2F %3B %3D %23 %2A %7C";
    assert_eq!(said("A#B"), notation("A#B", reserved));
    assert_eq!(
        said("isin:US0378331006"),
        "\"US0378331006\" is not a valid ISIN: its check digit should be 5"
    );
    assert!(said("").starts_with("the symbol \"\" is unusable"));
    assert!("ES 202513@CME".parse::<Instrument>().is_ok_and(|it| it.kind() == Some(InstrumentKind::Stock)));
}

#[test]
fn long_notations_are_named_by_a_digest_that_never_changes() {
    let named = |text: &str| text.parse::<Instrument>().unwrap().symbol().to_string();
    assert_eq!(named("futopt:GBL 20230224C138x1000@EUREX/EUR"), "futopt:GBL 202302#EJM580QJYG6T0");
    assert_eq!(named("news:BRF:BRF_ALL@BRF"), "news:BRF:BRF_ALL@BRF");
}

#[test]
fn a_hundred_thousand_long_notations_have_names_of_their_own() {
    let mut named: HashMap<String, String> = HashMap::new();
    for id in 1..=50_000 {
        for ratio in [1, 2] {
            let text = format!("combo:SPX;leg=+{ratio}x{id}@SMART;leg=-1x601920725@SMART");
            let instrument: Instrument = text.parse().unwrap();
            let name = instrument.symbol().to_string();
            let other = named.insert(name.clone(), text.clone());
            assert_eq!(other, None, "{text} is named {name} too");
        }
    }
}

#[test]
fn documents_hold_the_text() {
    let stock = Instrument::from(Stock::new("VOD").unwrap().on("LSE").unwrap());
    assert_eq!(serde_json::to_string(&stock).unwrap(), "\"VOD@LSE\"");
    assert_eq!(serde_json::from_str::<Instrument>("\"VOD@LSE\"").unwrap(), stock);
    let refused = serde_json::from_str::<Stock>("\"EUR.USD\"").unwrap_err();
    assert_eq!(refused.to_string(), "EUR.USD is not a stock");
}

#[test]
fn a_kind_is_not_taken_for_another() {
    let pair: Instrument = "EUR.USD".parse().unwrap();
    let refused = Stock::try_from(pair).unwrap_err();
    assert_eq!(refused, NotAnInstrument::OtherKind { expected: "stock", given: "EUR.USD".to_owned() });
    assert_eq!(refused.to_string(), "EUR.USD is not a stock");
    let stock: Instrument = "AAPL".parse().unwrap();
    let refused = contracts::Option::try_from(stock).unwrap_err();
    assert_eq!(refused.to_string(), "AAPL is not an option");
}

/// The text reads back, the name is the text when it fits, and so does the document.
fn reads_back(instrument: &Instrument) -> Result<(), TestCaseError> {
    let text = instrument.to_string();
    let again: Instrument = text.parse().map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
    prop_assert_eq!(&again, instrument, "{}", &text);
    prop_assert_eq!(again.to_string(), text.clone());
    let name = instrument.symbol();
    let wanted = if text.len() <= 31 { name.as_str() == text } else { name.as_str().contains('#') };
    prop_assert!(wanted, "{} is named {}", text, name);
    let again: Description = instrument.description().clone();
    prop_assert_eq!(again.check(), Ok(instrument.clone()));
    Ok(())
}

#[test]
fn every_kind_reads_back() {
    for kind in InstrumentKind::ALL {
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(2_000));
        let held = runner.run(&generate::instrument(kind), |instrument| {
            prop_assert_eq!(instrument.kind(), Some(kind));
            reads_back(&instrument)
        });
        held.unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn numbers_read_back(instrument in generate::numbered_instrument()) {
        reads_back(&instrument)?;
    }

    #[test]
    fn no_text_breaks_the_reader(text in "([a-z]{2,10}:)?[ -~]{0,30}(@[A-Z:-]{0,12})?(/[A-Z-]{0,4})?(;[a-z]{1,8}=[ -~]{0,16}){0,3}") {
        if let Ok(instrument) = text.parse::<Instrument>() {
            reads_back(&instrument)?;
        }
    }

    #[test]
    fn nothing_at_all_breaks_the_reader(text in ".{0,60}") {
        if let Ok(instrument) = text.parse::<Instrument>() {
            reads_back(&instrument)?;
        }
    }
}
