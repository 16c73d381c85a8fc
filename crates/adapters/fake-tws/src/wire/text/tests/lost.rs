//! What text cannot carry, even in its last version: fields of the schema that no client writes or reads there.
//!
//! Fields are named by their numbers in the schema, a field within a field behind a point, several in a row by the first
//! and the last.

use super::probe::Path;

/// Of requests.
pub(super) const REQUESTS: &[(&str, &str)] = &[
    ("reqMktData", "2.13-16 2.18-19 2.20.5-9 2.21"),
    ("placeOrder", "2.15-16 2.18-19 2.21 3.1-3 3.105.3 3.114-116 3.118 3.120-121 3.134 3.137-145 4.1-4"),
    ("reqContractDetails", "2.15 2.17.1-3 2.19 2.20.1-9 2.21"),
    ("reqMktDepth", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("reqHistoricalData", "2.13-16 2.17.1-3 2.19 2.20.5-9 2.21"),
    ("exerciseOptions", "2.9 2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("reqRealTimeBars", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("reqFundamentalData", "2.4-7 2.12-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("calculateImpliedVolatility", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("calculateOptionPrice", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("reqGlobalCancel", "1.1"),
    ("reqHeadTimeStamp", "2.13-16 2.17.1-3 2.19 2.20.1-9 2.21"),
    ("reqHistogramData", "2.13-16 2.17.1-3 2.19 2.20.1-9 2.21"),
    ("reqHistoricalTicks", "2.13-16 2.17.1-3 2.19 2.20.1-9 2.21"),
    ("reqTickByTickData", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
];

/// Of answers.
pub(super) const ANSWERS: &[(&str, &str)] = &[
    (
        "OPEN_ORDER",
        "2.9 2.13-16 2.18 2.21 3.2 3.32-33 3.58 3.63 3.66-67 3.84.1-2 3.107-110 3.114-116 3.118 \
         3.120-121 3.125-126 3.138-145 4.29-30",
    ),
    ("PORTFOLIO_VALUE", "1.8 1.13-16 1.17.1-3 1.18-19 1.20.1-9 1.21"),
    ("CONTRACT_DATA", "2.13-16 2.17.1-3 2.18-19 2.20.1-9 3.44-57 3.59-65"),
    ("EXECUTION_DATA", "2.9 2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21 3.21"),
    ("MARKET_DEPTH", "2.6-7"),
    ("HISTORICAL_DATA", "1001-1002"),
    ("SCANNER_DATA", "2.2.7 2.2.9 2.2.13-16 2.2.17.1-3 2.2.18-19 2.2.20.1-9 2.2.21"),
    ("POSITION_DATA", "2.9 2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21"),
    ("POSITION_MULTI", "3.9 3.13-16 3.17.1-3 3.18-19 3.20.1-9 3.21"),
    ("SYMBOL_SAMPLES", "2.1.4-8 2.1.11-14 2.1.17.1-3 2.1.18-19 2.1.20.1-9 2.1.21"),
    ("TICK_REQ_PARAMS", "5-6"),
    ("TICK_BY_TICK", "5.3"),
    (
        "COMPLETED_ORDER",
        "1.9 1.13-16 1.18 1.21 2.1-2 2.4 2.17 2.32-33 2.44 2.58 2.63 2.65-67 2.73-75 2.77 2.84.1-2 \
         2.93-98 2.104 2.105.1-3 2.107-110 2.113 2.122-126 2.134-136 2.138-145 2.1003-1006 3.2-26 3.27.1-7 3.28",
    ),
    (
        "BOND_CONTRACT_DATA",
        "2.5-7 2.9 2.11 2.13-16 2.17.1-3 2.18-19 2.20.1-9 2.21 3.5-6 3.8-11 3.19-20 3.22-23 3.27-43 \
         3.58.1-2 3.59-65",
    ),
];

/// The fields that `call` loses.
pub(super) fn of(table: &[(&str, &str)], call: &str) -> Vec<Path> {
    let rows = table.iter().filter(|(name, _)| *name == call);
    rows.flat_map(|(_, fields)| fields.split(' ').flat_map(several)).collect()
}

fn several(field: &str) -> Vec<Path> {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let (first, last) = field.split_once('-').unwrap_or((field, ""));
    let first: Path = first.split('.').map(number).collect();
    let (end, outer) = first.split_last().expect("a field");
    let last = if last.is_empty() { *end } else { number(last) };
    (*end..=last).map(|it| outer.iter().copied().chain([it]).collect()).collect()
}
