//! What can be scanned for: instruments, where they trade, and by which measure.

use super::historical;
use crate::server::error::ApiError;
use crate::wire::proto::ScannerSubscription;
use tradeport_contracts::{Contract, InstrumentKind as Kind};
use tradeport_fake_broker::house::Catalog;

/// Contracts that are scanned together.
#[derive(Debug)]
pub(super) struct Instrument {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
}

/// A place, which may lie within another: its code begins with the other's.
#[derive(Debug)]
pub(super) struct Location {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) instrument: &'static str,
}

/// By what contracts are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// The gain since the last close, in percent.
    Gain,
    /// The gain since the open, in percent.
    GainSinceOpen,
    /// The gap between the last close and the open, in percent.
    Gap,
    /// How much is displayed.
    Volume,
    /// How much is displayed, in money.
    Value,
    /// How much more is displayed than before.
    Heat,
    /// How far the price has moved of late, up or down.
    Movement,
    /// From the lowest to the highest price, in percent.
    Range,
    /// Puts by calls: chance, as nobody trades options here.
    PutCall,
    /// Nothing: these scans find nothing here.
    Nothing,
}

/// A scan.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) measure: Measure,
    /// The least comes first.
    pub(super) ascending: bool,
}

const fn instrument(code: &'static str, name: &'static str) -> Instrument {
    Instrument { code, name }
}

pub(super) const INSTRUMENTS: &[Instrument] = &[
    instrument("STK", "US Stocks"),
    instrument("ETF.EQ.US", "US Equity ETFs"),
    instrument("FUT.US", "US Futures"),
    instrument("IND.US", "US Indexes"),
    instrument("STOCK.EU", "Europe Stocks"),
    instrument("FUT.EU", "Europe Futures"),
    instrument("IND.EU", "Europe Indexes"),
    instrument("STOCK.HK", "Asia Stocks"),
    instrument("FUT.HK", "Asia Futures"),
    instrument("IND.HK", "Asia Indexes"),
    instrument("NATCOMB", "Native Combos"),
];

const fn location(code: &'static str, name: &'static str, instrument: &'static str) -> Location {
    Location { code, name, instrument }
}

/// Each place stands behind the one that it lies in.
pub(super) const LOCATIONS: &[Location] = &[
    location("STK.US", "US Stocks", "STK"),
    location("STK.US.MAJOR", "Listed/NASDAQ", "STK"),
    location("STK.NASDAQ", "NASDAQ", "STK"),
    location("STK.NYSE", "NYSE", "STK"),
    location("STK.AMEX", "AMEX", "STK"),
    location("STK.ARCA", "ARCA", "STK"),
    location("ETF.EQ.US", "US Equity ETFs", "ETF.EQ.US"),
    location("ETF.EQ.US.MAJOR", "Listed/NASDAQ", "ETF.EQ.US"),
    location("ETF.EQ.ARCA", "ARCA", "ETF.EQ.US"),
    location("FUT.US", "US Futures", "FUT.US"),
    location("FUT.CME", "CME", "FUT.US"),
    location("FUT.CBOT", "CBOT", "FUT.US"),
    location("FUT.NYMEX", "NYMEX", "FUT.US"),
    location("FUT.COMEX", "COMEX", "FUT.US"),
    location("FUT.CFE", "CFE", "FUT.US"),
    location("IND.US", "US Indexes", "IND.US"),
    location("STK.EU", "Europe Stocks", "STOCK.EU"),
    location("STK.EU.IBIS", "Germany", "STOCK.EU"),
    location("STK.EU.LSE", "United Kingdom", "STOCK.EU"),
    location("STK.EU.SBF", "France", "STOCK.EU"),
    location("STK.EU.EBS", "Switzerland", "STOCK.EU"),
    location("FUT.EU", "Europe Futures", "FUT.EU"),
    location("FUT.EU.EUREX", "EUREX", "FUT.EU"),
    location("FUT.EU.MONEP", "MONEP", "FUT.EU"),
    location("FUT.EU.ICEEU", "ICEEU", "FUT.EU"),
    location("IND.EU", "Europe Indexes", "IND.EU"),
    location("STK.HK", "Asia Stocks", "STOCK.HK"),
    location("STK.HK.SEHK", "Hong Kong", "STOCK.HK"),
    location("STK.HK.TSE_JPN", "Japan", "STOCK.HK"),
    location("FUT.HK", "Asia Futures", "FUT.HK"),
    location("FUT.HK.HKFE", "Hong Kong", "FUT.HK"),
    location("FUT.HK.JAPAN", "Japan", "FUT.HK"),
    location("IND.HK", "Asia Indexes", "IND.HK"),
    location("NATCOMB.OPT.US", "US Options", "NATCOMB"),
];

const fn most(code: &'static str, name: &'static str, measure: Measure) -> Code {
    Code { code, name, measure, ascending: false }
}

const fn least(code: &'static str, name: &'static str, measure: Measure) -> Code {
    Code { code, name, measure, ascending: true }
}

pub(super) const CODES: &[Code] = &[
    most("TOP_PERC_GAIN", "Top % Gainers", Measure::Gain),
    least("TOP_PERC_LOSE", "Top % Losers", Measure::Gain),
    most("TOP_OPEN_PERC_GAIN", "Top % Gainers Since Open", Measure::GainSinceOpen),
    least("TOP_OPEN_PERC_LOSE", "Top % Losers Since Open", Measure::GainSinceOpen),
    most("HIGH_OPEN_GAP", "Top Close-to-Open % Gainers", Measure::Gap),
    least("LOW_OPEN_GAP", "Top Close-to-Open % Losers", Measure::Gap),
    most("MOST_ACTIVE", "Most Active", Measure::Volume),
    most("MOST_ACTIVE_USD", "Most Active ($)", Measure::Value),
    most("HOT_BY_VOLUME", "Hot Contracts by Volume", Measure::Heat),
    most("TOP_VOLUME_RATE", "Top Volume Rate", Measure::Heat),
    most("TOP_TRADE_COUNT", "Top Trade Count", Measure::Volume),
    most("TOP_TRADE_RATE", "Top Trade Rate", Measure::Heat),
    most("HOT_BY_PRICE", "Hot Contracts by Price", Measure::Movement),
    most("TOP_PRICE_RANGE", "Top Price Range", Measure::Range),
    most("HOT_BY_PRICE_RANGE", "Hot by Price Range", Measure::Range),
    most("OPT_VOLUME_MOST_ACTIVE", "Most Active by Opt Volume", Measure::Volume),
    most("OPT_OPEN_INTEREST_MOST_ACTIVE", "Most Active by Opt Open Interest", Measure::Volume),
    most("HIGH_OPT_VOLUME_PUT_CALL_RATIO", "High Option Volume P/C Ratio", Measure::PutCall),
    least("LOW_OPT_VOLUME_PUT_CALL_RATIO", "Low Option Volume P/C Ratio", Measure::PutCall),
    most("COMBO_LATEST_TRADE", "Latest Trades", Measure::Nothing),
    most("COMBO_QUOTES", "Quotes", Measure::Nothing),
    most("COMBO_MOST_ACTIVE", "Most Active", Measure::Nothing),
    most("COMBO_ALL_TRADE_TIME_ASC", "All by Time of Trade", Measure::Nothing),
    most("COMBO_ALL_TRADE_TIME_DESC", "All by Time of Trade, the Latest First", Measure::Nothing),
    most("COMBO_ALL_QUOTE_TIME_ASC", "All by Time of Quote", Measure::Nothing),
    most("COMBO_ALL_QUOTE_TIME_DESC", "All by Time of Quote, the Latest First", Measure::Nothing),
    most("COMBO_ALL_TRADE_QUOTE_TIME_ASC", "All by Time", Measure::Nothing),
    most("COMBO_ALL_TRADE_QUOTE_TIME_DESC", "All by Time, the Latest First", Measure::Nothing),
    most("COMBO_ALL_VOLUME_ASC", "All by Volume", Measure::Nothing),
    most("COMBO_ALL_VOLUME_DESC", "All by Volume, the Most First", Measure::Nothing),
];

/// The scan of a code.
pub(super) fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == code)
}

/// Refuses what is not in the lists, and places where an instrument does not trade.
pub(super) fn check(id: i32, wanted: &ScannerSubscription) -> Result<(), ApiError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (instrument, place, code) =
        (text(&wanted.instrument), text(&wanted.location_code), text(&wanted.scan_code));
    if !INSTRUMENTS.iter().any(|known| known.code == instrument) {
        return Err(historical(id, &format!("Scanner instrument {instrument:?} is not known")));
    }
    let known = LOCATIONS.iter().find(|known| known.code == place);
    if known.is_none_or(|known| known.instrument != instrument) {
        return Err(historical(id, &format!("Scanner location {place:?} is not one of {instrument}")));
    }
    if find(&code).is_none() {
        return Err(historical(id, &format!("Scanner type with code {code:?} is disabled")));
    }
    Ok(())
}

/// Does a contract trade in a place?
pub(super) fn lies_in(contract: &Contract, place: &str) -> bool {
    let currency = contract.currency();
    let region = match currency.as_str() {
        "USD" => "US",
        "EUR" | "GBP" | "CHF" => "EU",
        "JPY" | "HKD" => "HK",
        _ => return false,
    };
    let listed = contract.details().primary_exchange.as_deref().unwrap_or_default();
    let exchange = contract.instrument().description().exchange.as_deref().unwrap_or_default();
    let parts: Vec<&str> = place.split('.').collect();
    let exchange_of = |code: &str| match code {
        "JAPAN" => exchange == "OSE.JPN",
        "TSE_JPN" => listed == "TSEJ",
        code => listed == code || exchange == code,
    };
    match (contract.instrument().kind(), parts.as_slice()) {
        (Some(Kind::Stock), ["ETF", "EQ", rest @ ..]) => {
            Catalog::is_fund(contract)
                && region == "US"
                && matches!(rest, ["US", ..] | ["ARCA"])
                && (rest != ["ARCA"] || listed == "ARCA")
        }
        (Some(Kind::Stock), ["STK", at]) => *at == region || (region == "US" && exchange_of(at)),
        (Some(Kind::Stock), ["STK", "US", "MAJOR"]) => region == "US",
        (Some(Kind::Stock), ["STK", at, within]) => *at == region && exchange_of(within),
        (Some(Kind::Future), ["FUT", at]) => *at == region || (region == "US" && exchange_of(at)),
        (Some(Kind::Future), ["FUT", at, within]) => *at == region && exchange_of(within),
        (Some(Kind::Index), ["IND", at]) => *at == region,
        _ => false,
    }
}
