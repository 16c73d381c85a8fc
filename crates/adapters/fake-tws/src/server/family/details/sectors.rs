//! In which business companies are; the catalog does not say it.

use tradeport_contracts::{Contract, InstrumentKind};

/// Three levels, from the coarse one to the fine one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sector {
    pub(super) industry: &'static str,
    pub(super) category: &'static str,
    pub(super) subcategory: &'static str,
}

type Row = (&'static [&'static str], &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    (&["AAPL"], "Technology", "Computers", "Computers"),
    (&["IBM"], "Technology", "Computers", "Computer Services"),
    (&["MSFT", "ORCL"], "Technology", "Software", "Applications Software"),
    (&["SAP"], "Technology", "Software", "Enterprise Software/Serv"),
    (&["INTC"], "Technology", "Semiconductors", "Electronic Compo-Semicon"),
    (&["FB", "GOOG", "700"], "Communications", "Internet", "Internet Content-Entmnt"),
    (&["AMZN"], "Communications", "Internet", "E-Commerce/Products"),
    (&["CSCO"], "Communications", "Telecommunications", "Networking Products"),
    (&["T", "VZ"], "Communications", "Telecommunications", "Telephone-Integrated"),
    (&["VOD"], "Communications", "Telecommunications", "Cellular Telecom"),
    (&["DIS"], "Communications", "Media", "Multimedia"),
    (&["BA", "AIR"], "Industrial", "Aerospace/Defense", "Aerospace/Defense"),
    (&["CAT"], "Industrial", "Machinery-Constr&Mining", "Machinery-Constr&Mining"),
    (&["GE"], "Industrial", "Miscellaneous Manufactur", "Diversified Manufact Op"),
    (&["BAC", "JPM"], "Financial", "Banks", "Diversified Banking Inst"),
    (&["HSBA"], "Financial", "Banks", "Diversified Banking Inst"),
    (&["CVX", "XOM"], "Energy", "Oil&Gas", "Oil Comp-Integrated"),
    (&["HD"], "Consumer, Cyclical", "Retail", "Retail-Building Products"),
    (&["WMT"], "Consumer, Cyclical", "Retail", "Retail-Discount"),
    (&["MCD"], "Consumer, Cyclical", "Retail", "Retail-Restaurants"),
    (&["NKE"], "Consumer, Cyclical", "Apparel", "Athletic Footwear"),
    (&["BMW", "7203"], "Consumer, Cyclical", "Auto Manufacturers", "Auto-Cars/Light Trucks"),
    (&["JNJ", "MRK", "PFE"], "Consumer, Non-cyclical", "Pharmaceuticals", "Medical-Drugs"),
    (&["KO", "PEP"], "Consumer, Non-cyclical", "Beverages", "Beverages-Non-alcoholic"),
    (&["PG"], "Consumer, Non-cyclical", "Cosmetics/Personal Care", "Cosmetics&Toiletries"),
    (&["NESN"], "Consumer, Non-cyclical", "Food", "Food-Misc/Diversified"),
];

/// The business of a company; nothing for what is none.
pub(super) fn of(contract: &Contract) -> Option<Sector> {
    let is_stock = contract.instrument().kind() == Some(InstrumentKind::Stock);
    let symbol = contract.instrument().description().symbol.as_deref().filter(|_| is_stock)?;
    let row = ROWS.iter().find(|(symbols, ..)| symbols.contains(&symbol))?;
    Some(Sector { industry: row.1, category: row.2, subcategory: row.3 })
}
