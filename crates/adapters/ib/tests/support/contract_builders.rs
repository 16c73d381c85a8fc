//! Every sample contract as a user of the platform writes it.

use tradeport_contracts::{
    self as contracts, AnyFuture, Bond, ById, Cfd, Combo, ComboLeg, Commodity, ContractId, Crypto,
    DeltaNeutral, EventContract, Expiry, Figi, Forex, Fund, Future, FuturesOption, Identified, Index,
    Instrument, InstrumentKind, Isin, Issued, LegAction, NewsFeed, NotALeg, NotAnInstrument, Right, Stock,
    StockBorrow, StructuredProduct, Warrant,
};
use tradeport_kernel::{Currency, Decimal};

type Built = Result<Instrument, NotAnInstrument>;

/// How many samples come with the project; each has a builder here.
pub(crate) const COUNT: usize = 64;

/// The instrument of the sample with this name; `None` for a name that has none.
pub(crate) fn of_sample(name: &str) -> Option<Built> {
    let built = match name.split('@').next().unwrap_or(name) {
        _ if name.ends_with("@10.46") => newer(name)?,
        "StockComboContract"
        | "SmartFutureComboContract"
        | "InterCmdtyFuturesContract"
        | "OptionComboContract"
        | "DeltaNeutralCombo"
        | "IronCondorCombo"
        | "StockOptionCombo" => combo(name),
        _ => return stock_like(name).or_else(|| derivative(name)).or_else(|| other(name)),
    };
    Some(built)
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

fn expiry(text: &str) -> Expiry {
    text.parse().unwrap()
}

fn stock_like(name: &str) -> Option<Built> {
    let built = match name {
        "EuropeanStock" => {
            Ok(Stock::new("BMW").unwrap().listed_on("IBIS").unwrap().in_currency(currency("EUR")))
        }
        "USStock" => Stock::new("SPY").unwrap().on("ARCA"),
        "USStockWithPrimaryExch" => Stock::new("SPY").unwrap().listed_on("ARCA"),
        "USStockAtSmart" => Stock::new("IBM"),
        "etf" => Stock::new("QQQ"),
        "JefferiesContract" => Stock::new("AAPL").unwrap().on("JEFFALGO"),
        "CSFBContract" => Stock::new("IBKR").unwrap().on("CSFBALGO"),
        "IBKRATSContract" => Stock::new("SPY").unwrap().on("IBKRATS"),
        "StockWithIPOPrice" => Stock::new("EMCGU"),
        "IBKRStk" => Stock::new("IBKR"),
        "OvernightDirectContract" => Stock::new("IBM").unwrap().on("OVERNIGHT"),
        "WrongContract" => Stock::new(" IJR ").and_then(|stock| stock.with_id(ContractId::new(9_579_976))),
        _ => return None,
    };
    Some(built.map(Instrument::from))
}

fn derivative(name: &str) -> Option<Built> {
    let option =
        |symbol, day, strike| contracts::Option::new(symbol, expiry(day), number(strike), Right::Call);
    let built: Built = match name {
        "OptionAtBOX" => option("GOOG", "20190315", "1180")
            .and_then(|option| option.on("BOX")?.with_multiplier(number("100")))
            .map(Instrument::from),
        "DutchWarrant" => StructuredProduct::by_local_symbol("B881G", "SBF")
            .map(|product| product.in_currency(currency("EUR")).into()),
        "SimpleFuture" => Future::new("GBL", expiry("202303"), "EUREX")
            .map(|future| future.in_currency(currency("EUR")).into()),
        "FutureWithLocalSymbol" => Future::by_local_symbol("FGBL MAR 23", "EUREX")
            .map(|future| future.in_currency(currency("EUR")).into()),
        "FutureWithMultiplier" => Future::new("DAX", expiry("202303"), "EUREX")
            .and_then(|future| future.in_currency(currency("EUR")).with_multiplier(Decimal::ONE))
            .map(Instrument::from),
        "FuturesOnOptions" => {
            FuturesOption::new("GBL", expiry("20230224"), number("138"), Right::Call, "EUREX")
                .and_then(|option| option.in_currency(currency("EUR")).with_multiplier(number("1000")))
                .map(Instrument::from)
        }
        "Warrants" => Warrant::new("GOOG", expiry("20201117"), number("1500"), Right::Call, "FWB")
            .and_then(|warrant| warrant.in_currency(currency("EUR")).with_multiplier(number("0.01")))
            .map(Instrument::from),
        "ContAndExpiringFut" => AnyFuture::new("GBL", "EUREX").map(Instrument::from),
        "QBAlgoContract" => Future::new("ES", expiry("202003"), "QBALGO").map(Instrument::from),
        "OptForecastx" => EventContract::question("CPIY")
            .and_then(|question| question.expiring(expiry("202612")))
            .map(Instrument::from),
        "ForecastExYesContract" => {
            EventContract::yes("GCE", expiry("20251231"), number("40500")).map(Instrument::from)
        }
        _ => return None,
    };
    Some(built)
}

fn other(name: &str) -> Option<Built> {
    let (eur, gbp, usd) = (currency("EUR"), currency("GBP"), Currency::USD);
    let feed = |code| NewsFeed::new(code).map(Instrument::from);
    let indicator = |symbol| Index::new(symbol, "NYSE").map(Instrument::from);
    Some(match name {
        "EurGbpFx" => Forex::new(eur, gbp).map(Instrument::from),
        "FxConversionContract" => Forex::conversion(eur, usd).map(Instrument::from),
        "Index" => Index::new("DAX", "EUREX").map(|index| index.in_currency(eur).into()),
        "CFD" => Cfd::new("IBDE30").map(|cfd| cfd.in_currency(eur).into()),
        "USStockCFD" => Cfd::new("IBM").map(Instrument::from),
        "EuropeanStockCFD" => Cfd::new("BMW").map(|cfd| cfd.in_currency(eur).into()),
        "CashCFD" => Cfd::new("EUR").map(Instrument::from),
        "BondWithCusip" => Ok(Bond::by_cusip("449276AA2".parse().unwrap()).into()),
        "IBMBond" => Bond::new("IBM").map(Instrument::from),
        "Bond" => ById::new(ContractId::new(456_467_716)).map(Instrument::from),
        "ByConId" => ById::new(ContractId::new(12_087_792))
            .and_then(|pair| pair.on("IDEALPRO")?.of_kind(InstrumentKind::Forex))
            .map(Instrument::from),
        "ByISIN" => Identified::new(Isin::new("US45841N1072").unwrap())
            .of_kind(InstrumentKind::Stock)
            .map(|stock| stock.in_currency(usd).into()),
        "ByFIGI" => Ok(Identified::new(Figi::new("BBG000B9XRY4").unwrap()).into()),
        "ByIssuerId" => Issued::new("e1453318").map(Instrument::from),
        "MutualFund" => Fund::new("VINIX").map(Instrument::from),
        "FundContract" => Fund::new("I406801954").and_then(|fund| fund.on("ALLFUNDS")).map(Instrument::from),
        "Commodity" => Commodity::new("XAUUSD").map(Instrument::from),
        "CryptoContract" => Crypto::new("ETH").map(Instrument::from),
        "NewsFeedForQuery" => NewsFeed::of_provider("BRFG").map(Instrument::from),
        "BTbroadtapeNewsFeed" => feed("BRF"),
        "BZbroadtapeNewsFeed" => feed("BZ"),
        "FLYbroadtapeNewsFeed" => feed("FLY"),
        "MarketIndicator_AD_NYSE" => indicator("AD-NYSE"),
        "MarketIndicator_VOL_NYSE" => indicator("VOL-NYSE"),
        "MarketIndicator_TRIN_NYSE" => indicator("TRIN-NYSE"),
        "MarketIndicator_TICK_NYSE" => indicator("TICK-NYSE"),
        "PreBorrowContract" => StockBorrow::new("IBM").map(Instrument::from),
        _ => return None,
    })
}

/// Samples whose content changed between versions of the broker's examples.
fn newer(name: &str) -> Option<Built> {
    Some(match name {
        "EuropeanStock@10.46" => {
            Ok(Stock::new("NOKIA").unwrap().listed_on("HEX").unwrap().in_currency(currency("EUR")).into())
        }
        "OptionAtBOX@10.46" => contracts::Option::new("GOOG", expiry("20170120"), number("615"), Right::Call)
            .and_then(|option| option.on("BOX")?.with_multiplier(number("100")))
            .map(Instrument::from),
        "SimpleFuture@10.46" => Future::new("ES", expiry("202503"), "CME").map(Instrument::from),
        "NewsFeedForQuery@10.46" => NewsFeed::of_provider("BRF").map(Instrument::from),
        "CryptoContract@10.46" => Crypto::new("BTC").map(Instrument::from),
        "StockComboContract@10.46" => combo_of("MCD", "SMART", IBKR_MCD),
        "InterCmdtyFuturesContract@10.46" => combo_of("COIL.WTI", "IPE", COIL_WTI)
            .and_then(|combo| Combo::try_from(combo)?.on("IPE"))
            .map(Instrument::from),
        _ => return None,
    })
}

/// Contract, how many of it (sold below zero).
type Legs = &'static [(i64, i32)];
const IBKR_MCD: Legs = &[(43_645_865, 1), (9_408, -1)];
const COIL_WTI: Legs = &[(183_405_603, 1), (254_011_009, -1)];

fn combo_of(symbol: &str, exchange: &str, legs: Legs) -> Built {
    let leg = |(id, count): &(i64, i32)| {
        let action = if *count > 0 { LegAction::Buy } else { LegAction::Sell };
        ComboLeg::new(ContractId::new(*id), count.unsigned_abs(), action)?.on(exchange)
    };
    let legs = legs.iter().map(leg).collect::<Result<Vec<_>, NotALeg>>()?;
    Ok(Combo::new(symbol, legs)?.into())
}

fn combo(name: &str) -> Built {
    let on = |combo: Built, exchange| Combo::try_from(combo?)?.on(exchange).map(Instrument::from);
    match name {
        "OptionComboContract" => {
            let combo = on(combo_of("DBK", "EUREX", &[(577_164_786, 1), (577_164_767, -1)]), "EUREX")?;
            Ok(Combo::try_from(combo)?.in_currency(currency("EUR")).into())
        }
        "StockComboContract" => combo_of("IBKR,MCD", "SMART", IBKR_MCD),
        "SmartFutureComboContract" => combo_of("WTI", "IPE", &[(55_928_698, 1), (55_850_663, -1)]),
        "InterCmdtyFuturesContract" => on(combo_of("COL.WTI", "IPE", COIL_WTI), "IPE"),
        "DeltaNeutralCombo" => {
            let hedge = DeltaNeutral::new(ContractId::new(265_598), number("35"))?;
            let combo = Combo::try_from(combo_of("AAPL", "SMART", &[(502_056_585, 1)])?)?;
            Ok(combo.hedged_with(hedge)?.into())
        }
        "IronCondorCombo" => {
            let legs = &[(603_761_180, 1), (601_920_725, -1), (601_920_554, -1), (601_920_559, 1)];
            combo_of("SPX", "SMART", legs)
        }
        _ => combo_of("SPX,SPY", "SMART", &[(756_733, -850), (685_385_730, 1)]),
    }
}
