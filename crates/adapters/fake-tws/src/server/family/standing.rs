//! Lists that change with nothing: smart components, depth exchanges, families, tiers, the user, verification.
//!
//! | request | answer |
//! | --- | --- |
//! | 83 | 82, for the codes that market data names |
//! | 82 | 80 |
//! | 80 | 78: every account, in no family |
//! | 79 | 77 |
//! | 104 | 107: no white branding |
//! | 65, 66, 72, 73 | error 321: verification is for programs that were agreed on with the broker |
//! | 52 | error 10358: fundamentals are no longer given to ordinary clients |
//! | 53 | nothing |

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::lookup::{self, venues};
use crate::wire::proto::{
    DepthMarketDataDescription, FamilyCode, FamilyCodes, FundamentalsDataRequest, MarketDepthExchanges,
    SmartComponent, SmartComponents, SmartComponentsRequest, SoftDollarTier, SoftDollarTiers,
    SoftDollarTiersRequest, UserInfo, UserInfoRequest,
};
use tradeport_contracts::InstrumentKind as Kind;

/// Exchanges by the letters of the consolidated tape, in the order of their bits.
const STOCK_LETTERS: &[(&str, &str)] = &[
    ("AMEX", "A"),
    ("BEX", "B"),
    ("NYSENAT", "C"),
    ("FINRA", "D"),
    ("PEARL", "H"),
    ("ISE", "I"),
    ("EDGEA", "J"),
    ("DRCTEDGE", "K"),
    ("LTSE", "L"),
    ("CHX", "M"),
    ("NYSE", "N"),
    ("ARCA", "P"),
    ("NASDAQ", "Q"),
    ("MEMX", "U"),
    ("IEX", "V"),
    ("PSX", "X"),
    ("BYX", "Y"),
    ("BATS", "Z"),
];

/// The same for options.
const OPTION_LETTERS: &[(&str, &str)] = &[
    ("AMEX", "A"),
    ("BOX", "B"),
    ("CBOE", "C"),
    ("EMERALD", "D"),
    ("EDGX", "E"),
    ("GEMINI", "H"),
    ("ISE", "I"),
    ("MERCURY", "J"),
    ("MIAX", "M"),
    ("PSE", "N"),
    ("PEARL", "O"),
    ("NASDAQOM", "Q"),
    ("SAPPHIRE", "S"),
    ("NASDAQBX", "T"),
    ("MEMX", "U"),
    ("CBOE2", "W"),
    ("PHLX", "X"),
    ("BATS", "Z"),
];

/// Where depth is shown, and of which kinds; the last is the group within which it can be shown together.
const DEPTH: &[(&str, &str, i32)] = &[
    ("AMEX", "STK", 1),
    ("ARCA", "STK", 1),
    ("BATS", "STK", 1),
    ("BEX", "STK", 1),
    ("BYX", "STK", 1),
    ("DRCTEDGE", "STK", 1),
    ("EDGEA", "STK", 1),
    ("IEX", "STK", 1),
    ("ISLAND", "STK", 1),
    ("MEMX", "STK", 1),
    ("NASDAQ", "STK", 1),
    ("NYSE", "STK", 1),
    ("PSX", "STK", 1),
    ("IBIS", "STK", i32::MAX),
    ("LSE", "STK", i32::MAX),
    ("SBF", "STK", i32::MAX),
    ("HEX", "STK", i32::MAX),
    ("BM", "STK", i32::MAX),
    ("EBS", "STK", i32::MAX),
    ("SEHK", "STK", i32::MAX),
    ("TSEJ", "STK", i32::MAX),
    ("BOX", "OPT", 2),
    ("CBOE", "OPT", 2),
    ("ISE", "OPT", 2),
    ("PHLX", "OPT", 2),
    ("CBOT", "FUT", i32::MAX),
    ("CFE", "FUT", i32::MAX),
    ("CME", "FUT", i32::MAX),
    ("COMEX", "FUT", i32::MAX),
    ("EUREX", "FUT", i32::MAX),
    ("HKFE", "FUT", i32::MAX),
    ("ICEEU", "FUT", i32::MAX),
    ("IPE", "FUT", i32::MAX),
    ("MONEP", "FUT", i32::MAX),
    ("NYBOT", "FUT", i32::MAX),
    ("NYMEX", "FUT", i32::MAX),
    ("OSE.JPN", "FUT", i32::MAX),
    ("IDEALPRO", "CASH", 4),
    ("PAXOS", "CRYPTO", i32::MAX),
];

/// Discounts that orders may ask for: name and value, and how people read them.
const TIERS: &[(&str, &str)] = &[
    ("Maxrebate", "Maximize Rebate"),
    ("Preferrebate", "Prefer Rebate"),
    ("Preferfill", "Prefer Fill"),
    ("Maxfill", "Maximize Fill"),
    ("Primary", "Primary Exchange"),
    ("VRebate", "Highest Volume Exchange With Rebate"),
    ("VLowFee", "High Volume Exchange With Lowest Fee"),
];

/// The exchanges behind the code that market data names for a contract.
pub(crate) fn smart_components(context: &mut Context<'_>, request: &SmartComponentsRequest) {
    let code = request.bbo_exchange.as_deref().unwrap_or_default();
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let letters = match venues::kind_of_bbo(code) {
        Some(Kind::Stock) => STOCK_LETTERS,
        Some(Kind::Option) => OPTION_LETTERS,
        _ => {
            return context.refuse(ApiError::invalid(id, format!("Invalid bboExchange {code:?}")));
        }
    };
    let component = |(bit, (exchange, letter)): (i32, &(&str, &str))| SmartComponent {
        bit_number: Some(bit),
        exchange: Some((*exchange).to_owned()),
        exchange_letter: Some((*letter).to_owned()),
    };
    let smart_components = (0..).zip(letters).map(component).collect();
    context.say(SmartComponents { req_id: request.req_id, smart_components });
}

/// Where depth is shown.
pub(crate) fn depth_exchanges(context: &mut Context<'_>) {
    let row = |(exchange, kind, group): &(&str, &str, i32)| DepthMarketDataDescription {
        exchange: Some((*exchange).to_owned()),
        sec_type: Some((*kind).to_owned()),
        listing_exch: Some(String::new()),
        service_data_type: Some(if *kind == "OPT" { "Deep" } else { "Deep2" }.to_owned()),
        agg_group: Some(*group),
    };
    let depth_market_data_descriptions = DEPTH.iter().map(row).collect();
    context.say(MarketDepthExchanges { depth_market_data_descriptions });
}

/// Every account, none of them in a family.
pub(crate) fn family_codes(context: &mut Context<'_>) {
    let accounts = context.world.accounts().iter();
    let code = |account: &tradeport_kernel::AccountId| FamilyCode {
        account_id: Some(account.as_str().to_owned()),
        family_code: Some(String::new()),
    };
    let family_codes = accounts.map(code).collect();
    context.say(FamilyCodes { family_codes });
}

/// The discounts that an order may ask for.
pub(crate) fn soft_dollar_tiers(context: &mut Context<'_>, request: &SoftDollarTiersRequest) {
    let tier = |(name, shown): &(&str, &str)| SoftDollarTier {
        name: Some((*name).to_owned()),
        value: Some((*name).to_owned()),
        display_name: Some((*shown).to_owned()),
    };
    let soft_dollar_tiers = TIERS.iter().map(tier).collect();
    context.say(SoftDollarTiers { req_id: request.req_id, soft_dollar_tiers });
}

/// The user belongs to the broker itself.
pub(crate) fn user_info(context: &mut Context<'_>, request: &UserInfoRequest) {
    context.say(UserInfo { req_id: request.req_id, white_branding_id: Some(String::new()) });
}

/// Programs are verified only when that was said while connecting; nobody can say it here.
pub(crate) fn verify(context: &mut Context<'_>) {
    let cause = "Intent to authenticate needs to be expressed during initial connect request";
    context.refuse(ApiError::invalid(NO_REQUEST, cause));
}

/// Fundamentals are not given to anybody any more.
pub(crate) fn fundamentals(context: &mut Context<'_>, request: &FundamentalsDataRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let asked = request.contract.clone().unwrap_or_default();
    let refusal = match lookup::resolve_one(context.world, id, &asked) {
        Ok(_) => ApiError::about(id, Code::NoFundamentals, "Fundamentals data is not allowed"),
        Err(error) => error,
    };
    context.refuse(refusal);
}
