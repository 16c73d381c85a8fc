//! What the broker tells of contracts, in the platform's words.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use ibapi::contracts as ib;
use tradeport_contracts::futures::FuturesSpecs;
use tradeport_contracts::{Contract, Instrument, PriceBand, TradingSessions};
use tradeport_ib::translate::{
    MarketRules, OrderNumbers, Surroundings, WrittenTime, contract_details_from_ib, market_rule_from_ib,
    option_chain_from_ib, order_from_ib,
};
use tradeport_kernel::{Currency, Decimal};
use tradeport_orders::OrderKind;

fn texts(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

fn apple() -> ib::ContractDetails {
    let contract = ib::Contract {
        contract_id: 265_598,
        local_symbol: "AAPL".into(),
        trading_class: "NMS".into(),
        primary_exchange: "NASDAQ".into(),
        ..ib::Contract::stock("AAPL").build()
    };
    ib::ContractDetails {
        contract,
        min_tick: 0.0001,
        order_types: texts("LMT,STPLMT,TRAILLMT,GTC,"),
        valid_exchanges: texts("NYSE,SMART"),
        market_rule_ids: texts("26,557"),
        long_name: "APPLE INC".into(),
        time_zone_id: "US/Eastern".into(),
        trading_hours: vec!["20261123:0400-20261123:2000".into(), "20261126:CLOSED".into()],
        min_size: Some(1.0),
        size_increment: Some(0.0001),
        price_magnifier: 1,
        ..ib::ContractDetails::default()
    }
}

fn rules() -> MarketRules {
    let rule = ib::MarketRule {
        market_rule_id: 557,
        price_increments: vec![
            ib::PriceIncrement { low_edge: 1.0, increment: 0.01 },
            ib::PriceIncrement { low_edge: 0.0, increment: 0.0001 },
        ],
    };
    [(557, market_rule_from_ib(&rule).unwrap())].into()
}

#[test]
fn a_description_becomes_a_contract() {
    let asked: Instrument = "AAPL".parse().unwrap();
    let contract = contract_details_from_ib(&asked, &apple(), &rules(), TradingSessions::always()).unwrap();
    assert_eq!(contract.id().number(), 265_598);
    assert_eq!((contract.symbol().as_str(), contract.name()), ("AAPL", "APPLE INC"));
    assert_eq!(contract.price_step(), Decimal::new(1, 4));
    assert_eq!(contract.price_step_at("150.25".parse().unwrap()), Decimal::new(1, 2), "the band of SMART");
    assert_eq!(contract.lot(), Decimal::new(1, 4));
    let details = contract.details();
    assert_eq!(details.order_kinds, ["LMT", "STP LMT", "TRAIL LIMIT", "GTC"]);
    assert_eq!(details.trading_hours, "20261123:0400-20261123:2000;20261126:CLOSED");
    assert_eq!(details.primary_exchange.as_deref(), Some("NASDAQ"));
    assert_eq!(details.minimum_size, Some(Decimal::ONE));
}

#[test]
fn a_description_that_cannot_be_is_refused_by_field() {
    let asked: Instrument = "AAPL".parse().unwrap();
    let said = |change: fn(&mut ib::ContractDetails)| {
        let mut details = apple();
        change(&mut details);
        let answer = contract_details_from_ib(&asked, &details, &rules(), TradingSessions::always());
        answer.unwrap_err().to_string()
    };
    assert_eq!(
        said(|it| it.contract.contract_id = 0),
        "ContractDetails.contract_id is 0: it must be above zero"
    );
    assert_eq!(said(|it| it.min_tick = f64::NAN), "ContractDetails.min_tick is NaN: no number");
    assert_eq!(
        said(|it| it.min_tick = 0.0),
        "ContractDetails.contract_id is 265598: AAPL is described with a price step of 0: it must be above zero"
    );
    assert!(said(|it| it.contract.currency = "".into()).starts_with("ContractDetails.currency is \"\": "));
    assert_eq!(
        said(|it| it.size_increment = Some(f64::MAX)).split(':').next(),
        Some("ContractDetails.size_increment is 1.7976931348623157e308")
    );
}

#[test]
fn a_market_rule_has_steps_above_zero() {
    assert_eq!(
        rules()[&557],
        [
            PriceBand { from: Decimal::ZERO, step: Decimal::new(1, 4) },
            PriceBand { from: Decimal::ONE, step: Decimal::new(1, 2) },
        ]
    );
    let flat = ib::MarketRule {
        market_rule_id: 1,
        price_increments: vec![ib::PriceIncrement { low_edge: 0.0, increment: 0.0 }],
    };
    let said = market_rule_from_ib(&flat).unwrap_err().to_string();
    assert_eq!(said, "MarketRule.increment is 0.0: not a price of ours");
}

/// What the broker says of a product that is quoted in hundredths: units, step, one band.
fn in_cents(multiplier: &str, min_tick: f64, currency: &str) -> Contract {
    let mut details = apple();
    details.contract.multiplier = multiplier.into();
    details.contract.currency = currency.into();
    (details.min_tick, details.price_magnifier) = (min_tick, 100);
    let rule = ib::MarketRule {
        market_rule_id: 557,
        price_increments: vec![
            ib::PriceIncrement { low_edge: 0.0, increment: min_tick },
            ib::PriceIncrement { low_edge: 10.0, increment: 2.0 * min_tick },
        ],
    };
    let rules = [(557, market_rule_from_ib(&rule).unwrap())].into();
    let asked: Instrument = "AAPL".parse().unwrap();
    contract_details_from_ib(&asked, &details, &rules, TradingSessions::always()).unwrap()
}

#[test]
fn steps_and_multiplier_are_those_of_quoted_prices() {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    // Corn, live cattle, and a share that London quotes in pence: one quoted unit is a cent or a penny.
    let cases = [
        ("5000", 0.0025, "USD", "0.25", "50"),
        ("40000", 0.00025, "USD", "0.025", "400"),
        ("", 0.0005, "GBP", "0.05", "0.01"),
    ];
    for (multiplier, min_tick, currency, step, value) in cases {
        let contract = in_cents(multiplier, min_tick, currency);
        assert_eq!((contract.price_step(), contract.multiplier()), (number(step), number(value)));
        assert_eq!(contract.details().price_magnifier, Some(100));
        let band = |price: &str| contract.price_step_at(price.parse().unwrap());
        assert_eq!(band("999"), number(step), "below ten units of the currency");
        assert_eq!(band("1000"), number(step) * Decimal::TWO, "the edge is quoted too");
    }
}

/// The platform's own facts of a product and the broker's description of it say the same.
#[test]
fn the_broker_describes_products_as_the_platform_knows_them() {
    let specs: Vec<_> = FuturesSpecs::bundled().iter().filter(|spec| spec.price_magnifier() != 1).collect();
    assert!(specs.len() > 10);
    for spec in specs {
        let tick: f64 = spec.broker_price_step().to_string().parse().unwrap();
        let contract = in_cents(&spec.multiplier().to_string(), tick, "USD");
        assert_eq!(contract.price_step(), spec.price_step(), "{}", spec.exchange_code());
        assert_eq!(contract.multiplier(), spec.unit_value().amount(), "{}", spec.exchange_code());
    }
}

#[test]
fn what_cannot_be_magnified_is_refused() {
    let asked: Instrument = "AAPL".parse().unwrap();
    let said = |multiplier: &str, magnifier: i32| {
        let mut details = apple();
        details.contract.multiplier = multiplier.into();
        details.price_magnifier = magnifier;
        contract_details_from_ib(&asked, &details, &rules(), TradingSessions::always())
            .map(|it| (it.multiplier(), it.details().price_magnifier))
            .map_err(|error| error.to_string())
    };
    assert_eq!(said("100", 0), Ok((Decimal::ONE_HUNDRED, None)), "zero says nothing");
    assert_eq!(said("100", 1), Ok((Decimal::ONE_HUNDRED, Some(1))));
    assert_eq!(
        said("100", -1).unwrap_err(),
        "ContractDetails.price_magnifier is -1: it must be above zero, or zero for none"
    );
    assert_eq!(
        said("100", 3).unwrap_err(),
        "ContractDetails.multiplier is \"100\": no decimal divided by the price magnifier of 3"
    );
    let mut dear = apple();
    (dear.min_tick, dear.price_magnifier) = (7e28, 100);
    let refused = contract_details_from_ib(&asked, &dear, &rules(), TradingSessions::always()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ContractDetails.min_tick is 70000000000000000000000000000: too large a price"
    );
    let said = said("many", 1).unwrap_err();
    assert!(said.starts_with("ContractDetails.multiplier is \"many\": "), "{said}");
}

#[test]
fn bands_below_zero_hold_from_zero_on() {
    let rule = |edges: &[f64]| {
        let band = |(at, edge): (usize, &f64)| ib::PriceIncrement {
            low_edge: *edge,
            increment: f64::from(u8::try_from(at).unwrap()) + 1.0,
        };
        let price_increments = edges.iter().enumerate().map(band).collect();
        let bands = market_rule_from_ib(&ib::MarketRule { market_rule_id: 1, price_increments }).unwrap();
        bands.iter().map(|band| format!("{} from {}", band.step, band.from)).collect::<Vec<_>>()
    };
    assert_eq!(rule(&[-9999.0, 0.0]), ["2 from 0"]);
    assert_eq!(rule(&[-9999.0, -5.0, 5.0]), ["2 from 0", "3 from 5"]);
    assert_eq!(rule(&[1.0]), ["1 from 1"]);
    assert_eq!(rule(&[]), [""; 0]);
}

/// Lists that the broker sends: a US share, an option on one, a future.
const LISTS: [&str; 3] = [
    "ACTIVETIM,AD,ADDONT,ADJUST,ALERT,ALGO,ALLOC,AON,AVGCOST,BASKET,BENCHPX,CASHQTY,COND,CONDORDER,DARKONLY,DARKPOLL,\
     DAY,DEACT,DEACTDIS,DEACTEOD,DIS,DUR,GAT,GTC,GTD,GTT,HID,IBKRATS,ICE,IMB,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT,MOC,MTL,\
     NGCOMB,NODARK,NONALGO,OCA,OPG,OPGREROUT,PEGBENCH,PEGMID,POSTATS,POSTONLY,PREOPGRTH,PRICECHK,REL,REL2MID,\
     RELPCTOFS,RPI,RTH,SCALE,SCALEODD,SCALERST,SIZECHK,SMARTSTG,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,SWEEP,TRAIL,\
     TRAILLIT,TRAILLMT,TRAILMIT,WHATIF",
    "ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AON,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,DIS,FOK,GAT,\
     GTC,GTD,GTT,HID,ICE,IOC,LIT,LMT,MIT,MKT,MTL,NGCOMB,NONALGO,OCA,OPENCLOSE,PAON,PEGMIDVOL,PEGMKTVOL,PEGPRMVOL,\
     PEGSRFVOL,POSTONLY,PRICECHK,REL,RELPCTOFS,RELSTK,SCALE,SCALERST,SIZECHK,SMARTSTG,SNAPMID,SNAPMKT,SNAPREL,STP,\
     STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,VOLAT,WHATIF",
    "ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,BENCHPX,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,\
     GTD,GTT,HID,ICE,IOC,LIT,LMT,LTH,MIT,MKT,MTL,NGCOMB,NONALGO,OCA,PEGBENCH,SCALE,SCALERST,SNAPMID,SNAPMKT,SNAPREL,\
     STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,WHATIF,",
];

fn words_of(list: &str) -> Vec<String> {
    let asked: Instrument = "AAPL".parse().unwrap();
    let details = ib::ContractDetails { order_types: texts(list), ..apple() };
    let contract = contract_details_from_ib(&asked, &details, &rules(), TradingSessions::always()).unwrap();
    contract.details().order_kinds.clone()
}

#[test]
fn the_list_of_order_types_is_read_whole() {
    let kinds = |list: &str| {
        let plain = list.replace(' ', "");
        let given: Vec<_> = plain.split(',').filter(|word| !word.is_empty()).collect();
        let words = words_of(&plain);
        let opening = usize::from(given.contains(&"OPG")) * 2;
        assert_eq!(words.len(), given.len() + opening, "no word is lost");
        words.into_iter().filter(|word| !given.contains(&word.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(LISTS[0]),
        [
            "MIDPRICE",
            "MOO",
            "LOO",
            "PEG BENCH",
            "PEG MID",
            "SNAP MID",
            "SNAP MKT",
            "SNAP PRIM",
            "STP LMT",
            "TRAIL LIT",
            "TRAIL LIMIT",
            "TRAIL MIT"
        ]
    );
    assert_eq!(
        kinds(LISTS[1]),
        [
            "PDV",
            "PMV",
            "PPV",
            "PSV",
            "PEG STK",
            "SNAP MID",
            "SNAP MKT",
            "SNAP PRIM",
            "STP LMT",
            "TRAIL LIT",
            "TRAIL LIMIT",
            "TRAIL MIT",
            "VOL"
        ]
    );
    assert_eq!(
        kinds(LISTS[2]),
        [
            "PEG BENCH",
            "SNAP MID",
            "SNAP MKT",
            "SNAP PRIM",
            "STP LMT",
            "TRAIL LIT",
            "TRAIL LIMIT",
            "TRAIL MIT"
        ]
    );
}

#[test]
fn a_word_that_nobody_knows_stays_on_the_list() {
    assert_eq!(words_of("LMT, NEWKIND2030,,LMT,stp"), ["LMT", "NEWKIND2030", "stp"]);
    assert_eq!(words_of(""), [""; 0]);
}

/// What the broker's words for kinds become are names of kinds: an order of that kind is found on the list.
#[test]
fn every_kind_of_the_broker_is_a_kind_of_ours() {
    let mut fields: Vec<OrderKind> = Vec::new();
    for name in ["SNAP PRIM", "VOL", "PPV", "PDV", "PMV", "PSV", "PEG STK"] {
        let order = ibapi::orders::Order {
            order_type: name.to_owned(),
            volatility: Some(20.0),
            delta: (name == "PEG STK").then_some(50.0),
            order_ref: "k".to_owned(),
            account: "DU0".to_owned(),
            total_quantity: 1.0,
            ..ibapi::orders::Order::default()
        };
        let order = ibapi::orders::Order { volatility: order.volatility.filter(|_| name == "VOL"), ..order };
        let numbers = OrderNumbers::new();
        let around = Surroundings {
            numbers: &numbers,
            times: WrittenTime::Utc,
            symbol: "AAPL".parse().unwrap(),
            instrument: None,
            currency: Currency::USD,
            route: "SMART",
        };
        let kind = *order_from_ib(&order.into(), &around).unwrap().intent.kind();
        assert_eq!(kind.name(), name);
        fields.push(kind);
    }
    let all = words_of("SNAPREL,VOLAT,PEGPRMVOL,PEGMIDVOL,PEGMKTVOL,PEGSRFVOL,RELSTK");
    assert_eq!(all, fields.iter().map(OrderKind::name).collect::<Vec<_>>());
}

#[test]
fn a_chain_of_options_is_read() {
    let chain = ib::OptionChain {
        underlying_contract_id: 265_598,
        trading_class: "AAPL".into(),
        multiplier: "100".into(),
        exchange: "SMART".into(),
        expirations: texts("20270115,20261218"),
        strikes: vec![150.0, 147.5],
    };
    let ours = option_chain_from_ib("AAPL", Currency::USD, &chain).unwrap();
    assert_eq!(ours.expiries().map(|day| day.to_string()).collect::<Vec<_>>(), ["20261218", "20270115"]);
    assert_eq!(ours.strikes().map(|strike| strike.to_string()).collect::<Vec<_>>(), ["147.5", "150"]);
    let bad = ib::OptionChain { strikes: vec![0.0], ..chain };
    assert_eq!(
        option_chain_from_ib("AAPL", Currency::USD, &bad).unwrap_err().to_string(),
        "OptionChain.strikes is 1: the strike of an option is 0: expected a price above zero"
    );
}
