//! Where contracts trade, and the names under which exchanges and classes are also known.

use super::told;
use crate::wire::proto;
use tradeport_contracts::{Contract, InstrumentKind as Kind};

/// Where US stocks are routed to.
const US_STOCKS: &[&str] = &[
    "SMART",
    "AMEX",
    "NYSE",
    "CBOE",
    "PHLX",
    "ISE",
    "CHX",
    "ARCA",
    "NASDAQ",
    "DRCTEDGE",
    "BEX",
    "BATS",
    "EDGEA",
    "BYX",
    "IEX",
    "EDGX",
    "FOXRIVER",
    "PEARL",
    "NYSENAT",
    "LTSE",
    "MEMX",
    "IBEOS",
    "OVERNIGHT",
    "TPLUS0",
    "PSX",
];

/// Where orders for US stocks may be directed, without being listed among their exchanges.
const US_STOCKS_DIRECT: &[&str] = &["CSFBALGO", "IBKRATS", "JEFFALGO"];

/// Where US options are routed to.
pub(crate) const US_OPTIONS: &[&str] = &[
    "SMART", "AMEX", "BATS", "BOX", "CBOE", "CBOE2", "EDGX", "EMERALD", "GEMINI", "IBUSOPT", "ISE", "MEMX",
    "MERCURY", "MIAX", "NASDAQBX", "NASDAQOM", "PEARL", "PHLX", "PSE", "SAPPHIRE",
];

/// The class of all stocks that NASDAQ lists.
const NASDAQ_CLASS: &str = "NMS";
/// NASDAQ's older name.
const ISLAND: &str = "ISLAND";
const NASDAQ: &str = "NASDAQ";

/// Where orders for a contract may be sent, the usual one first.
pub(crate) fn exchanges(contract: &Contract) -> Vec<String> {
    let listed = || contract.details().exchanges.clone();
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    let in_dollars = contract.currency().as_str() == "USD";
    match contract.instrument().kind() {
        Some(Kind::Stock) if in_dollars => texts(US_STOCKS),
        Some(Kind::Option) if in_dollars => texts(US_OPTIONS),
        Some(Kind::Forex) => texts(&["IDEALPRO", "FXCONV"]),
        Some(Kind::Crypto) => texts(&["PAXOS", "ZEROHASH"]),
        Some(Kind::Combo) if listed().is_empty() => texts(&["SMART"]),
        _ => listed(),
    }
}

/// Does a contract trade at an exchange, by whichever of its names?
pub(crate) fn trades_at(contract: &Contract, exchange: &str) -> bool {
    let exchange = if exchange == ISLAND { NASDAQ } else { exchange };
    let before = told::product(contract).is_some_and(|spec| spec.exchange_before_2022() == exchange);
    let kind = contract.instrument().kind();
    let combo = kind == Some(Kind::Combo);
    let is_us_stock = kind == Some(Kind::Stock) && contract.currency().as_str() == "USD";
    let direct = is_us_stock && US_STOCKS_DIRECT.contains(&exchange);
    before || combo || direct || exchanges(contract).iter().any(|at| at == exchange)
}

/// What a client says, without the names that only the wire has.
pub(super) fn plain(asked: &proto::Contract) -> proto::Contract {
    let mut plain = asked.clone();
    if plain.primary_exch.as_deref() == Some(ISLAND) {
        plain.primary_exch = Some(NASDAQ.to_owned());
    }
    if is_nasdaq_class(asked) {
        plain.trading_class = None;
    }
    if let Some(terms) = asked.local_symbol.as_deref().and_then(option_terms) {
        let is_open = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        if asked.sec_type.as_deref() == Some("OPT") && is_open(&plain.last_trade_date_or_contract_month) {
            plain.trading_class = plain.trading_class.filter(|class| !class.is_empty()).or(Some(terms.class));
            plain.last_trade_date_or_contract_month = Some(terms.expiry);
            plain.right = Some(terms.right);
            plain.strike = Some(terms.strike);
        }
    }
    plain
}

/// What the local symbol of an option says.
struct OptionTerms {
    class: String,
    expiry: String,
    right: String,
    strike: f64,
}

/// Reads `AAPL  261218C00450000`: without it, every option would have to be looked at to find the one of that name.
fn option_terms(local_symbol: &str) -> Option<OptionTerms> {
    let part = |from, to| local_symbol.get(from..to).filter(|_| local_symbol.len() == 21);
    let thousandths: u32 = part(13, 21)?.parse().ok()?;
    Some(OptionTerms {
        class: part(0, 6)?.trim_end().to_owned(),
        expiry: format!("20{}", part(6, 12)?),
        right: part(12, 13)?.to_owned(),
        strike: f64::from(thousandths) / 1_000.0,
    })
}

/// Those of the class that was asked for, where it is one that [`plain`] has taken away.
pub(super) fn of_class(found: Vec<Contract>, asked: &proto::Contract) -> Vec<Contract> {
    if !is_nasdaq_class(asked) {
        return found;
    }
    found.into_iter().filter(|it| class_of(it).as_deref() == Some(NASDAQ_CLASS)).collect()
}

fn is_nasdaq_class(asked: &proto::Contract) -> bool {
    asked.sec_type.as_deref() == Some("STK") && asked.trading_class.as_deref() == Some(NASDAQ_CLASS)
}

/// The class of a contract: that of NASDAQ's stocks has one name for all of them.
pub(crate) fn class_of(contract: &Contract) -> Option<String> {
    let details = contract.details();
    let is_stock = contract.instrument().kind() == Some(Kind::Stock);
    if is_stock && details.primary_exchange.as_deref() == Some(NASDAQ) {
        return Some(NASDAQ_CLASS.to_owned());
    }
    details.trading_class.clone()
}

/// The codes that market data gives for the best prices of a kind, and that name its exchanges when asked for. Stocks that
/// are listed on the NYSE have another one than all others.
const BBO: &[(Kind, &str)] = &[(Kind::Stock, "9c0001"), (Kind::Stock, NYSE_BBO), (Kind::Option, "b30001")];
const NYSE_BBO: &str = "a60001";

/// The code of the exchanges that make a contract's best price; empty for what one exchange makes alone.
pub(crate) fn bbo_exchange(contract: &Contract) -> &'static str {
    let kind = contract.instrument().kind();
    let in_dollars = contract.currency().as_str() == "USD";
    if in_dollars
        && kind == Some(Kind::Stock)
        && contract.details().primary_exchange.as_deref() == Some("NYSE")
    {
        return NYSE_BBO;
    }
    let known = BBO.iter().find(|(known, _)| in_dollars && Some(*known) == kind);
    known.map_or("", |(_, code)| code)
}

/// Which contracts such a code stands for. Its first two digits are a code, too: once there were no more.
pub(crate) fn kind_of_bbo(code: &str) -> Option<Kind> {
    let is_meant = |known: &str| known == code || known.get(..2) == Some(code);
    BBO.iter().find(|(_, known)| is_meant(known)).map(|(kind, _)| *kind)
}
