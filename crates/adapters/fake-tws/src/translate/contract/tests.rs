//! The way out and back, and what is refused.

use super::*;
use proptest::prelude::*;

/// One instrument of each kind and form, in the platform's notation.
const SAMPLES: &[&str] = &[
    "AAPL",
    "VOD@LSE/GBP",
    "BMW@SMART:IBIS/EUR",
    "AAPL 20250117C150",
    "ES 202503@CME",
    "ES 20250321@CME",
    "DAX 202303x1@EUREX/EUR",
    "EUR.USD",
    "EUR.USD@FXCONV",
    "futopt:GBL 20230224C138x1000@EUREX/EUR",
    "warrant:GOOG 20201117C1500x0.01@FWB/EUR",
    "event:GCE 20251231C40500",
    "event:ES 20251231C6800@CME;class=ECES",
    "event:CPIY 202612",
    "option:FISV *",
    "continuous:ES@CME",
    "futures:GBL@EUREX",
    "cfd:IBM",
    "bond:IBM",
    "crypto:BTC",
    "index:DAX@EUREX/EUR",
    "news:BRF:BRF_ALL@BRF",
    "id:265598",
    "isin:US0378331005",
    "issuer:e1453318",
    "combo:IBKR,MCD;leg=+1x43645865@SMART;leg=-1x9408@SMART",
    "future:* *@EUREX/EUR;local=FGBL MAR 23",
];

#[test]
fn every_kind_comes_back_as_it_went() {
    for text in SAMPLES {
        let instrument: Instrument = text.parse().unwrap();
        let wire = instrument_to_wire(&instrument).unwrap();
        assert_eq!(instrument_of(&wire).unwrap(), instrument, "{text}");
    }
}

fn apple() -> proto::Contract {
    instrument_to_wire(&"AAPL 20250117C150".parse().unwrap()).unwrap()
}

#[test]
fn what_clients_send_for_nothing_is_nothing() {
    let stock = instrument_to_wire(&"AAPL".parse().unwrap()).unwrap();
    let said = proto::Contract {
        con_id: Some(0),
        strike: Some(0.0),
        right: Some("?".to_owned()),
        multiplier: Some(0.0),
        last_trade_date_or_contract_month: Some(String::new()),
        trading_class: Some(String::new()),
        sec_id: Some(String::new()),
        ..stock
    };
    assert_eq!(instrument_of(&said).unwrap().to_string(), "AAPL");
    let unset = proto::Contract { strike: Some(f64::MAX), multiplier: Some(f64::MAX), ..said };
    assert_eq!(instrument_of(&unset).unwrap().to_string(), "AAPL");
    let timed = proto::Contract {
        last_trade_date_or_contract_month: Some("20250117 08:30 CST".to_owned()),
        ..apple()
    };
    assert_eq!(instrument_of(&timed).unwrap().to_string(), "AAPL 20250117C150");
}

#[test]
fn a_refusal_names_the_field() {
    let refused = |change: fn(&mut proto::Contract)| {
        let mut contract = apple();
        change(&mut contract);
        instrument_of(&contract).unwrap_err().field()
    };
    assert_eq!(refused(|it| it.sec_type = Some("XYZ".to_owned())), "secType");
    assert_eq!(refused(|it| it.right = Some("X".to_owned())), "right");
    assert_eq!(refused(|it| it.strike = Some(-1.0)), "strike");
    assert_eq!(refused(|it| it.strike = Some(f64::NAN)), "strike");
    assert_eq!(refused(|it| it.con_id = Some(-1)), "conId");
    assert_eq!(refused(|it| it.currency = Some("dollars".to_owned())), "currency");
    assert_eq!(refused(|it| it.exchange = Some("no exchange".to_owned())), "exchange");
    assert_eq!(
        refused(|it| it.last_trade_date_or_contract_month = Some("soon".to_owned())),
        "lastTradeDateOrContractMonth"
    );
    assert_eq!(refused(|it| it.sec_id_type = Some("WKN".to_owned())), "secIdType");
    assert_eq!(refused(|it| it.combo_legs.push(proto::ComboLeg::default())), "conId");
}

proptest! {
    #[test]
    fn options_come_back_as_they_went(strike in 1_i64..9_999_999, places in 0_u32..4, put in any::<bool>(), month in 1_u8..=12) {
        let right = if put { Right::Put } else { Right::Call };
        let strike = Decimal::new(strike, places).normalize();
        let expiry = Expiry::in_month(2027, month).unwrap();
        let option = tradeport_contracts::Option::new("AAPL", expiry, strike, right).unwrap();
        let instrument = Instrument::from(option);
        prop_assert_eq!(instrument_of(&instrument_to_wire(&instrument).unwrap()), Ok(instrument));
    }

    #[test]
    fn whatever_is_sent_is_an_instrument_or_a_refusal(
        texts in prop::collection::vec("[A-Z0-9 .]{0,6}", 8),
        strike in any::<f64>(),
        number in any::<i32>(),
    ) {
        let text = |at: usize| texts.get(at).cloned();
        let contract = proto::Contract {
            con_id: Some(number),
            symbol: text(0),
            sec_type: text(1),
            last_trade_date_or_contract_month: text(2),
            strike: Some(strike),
            right: text(3),
            multiplier: Some(strike),
            exchange: text(4),
            currency: text(5),
            local_symbol: text(6),
            sec_id_type: text(7),
            ..proto::Contract::default()
        };
        if let Ok(instrument) = instrument_of(&contract) {
            prop_assert!(instrument_to_wire(&instrument).is_ok());
        }
    }
}
