//! Product groups of the exchanges that keep different hours for each: the CME's, and US options.
//!
//! Grains follow `CME_Agriculture`: the source's table for grains alone knows no early closes.

/// Calendar, and the products by the broker's symbol and by the exchange's.
const CME: &[(&str, &[&str])] = &[
    (
        "CME_Equity",
        &[
            "ES", "MES", "NQ", "MNQ", "RTY", "M2K", "YM", "MYM", "EMD", "NKD", "NIY", "MNK", "SP", "SPX",
            "NDX", "RUT", "RS1", "SMC",
        ],
    ),
    (
        "CMEGlobex_FX",
        &[
            "EUR", "GBP", "JPY", "AUD", "CHF", "NZD", "MXP", "CAD", "BRE", "ZAR", "6E", "6B", "6J", "6A",
            "6S", "6N", "6M", "6C", "6L", "6Z", "M6E", "M6B", "M6A", "MJY", "MSF", "MCD", "MIR", "E7", "J7",
            "RP", "RY",
        ],
    ),
    (
        "CME_Bond",
        &[
            "ZB", "UB", "TWE", "ZN", "TN", "ZF", "ZT", "Z3N", "ZQ", "SOFR3", "SOFR1", "SR3", "SR1", "GE",
            "GLB", "2YY", "5YY", "10Y", "30Y", "MWN", "MTN",
        ],
    ),
    (
        "CME_Agriculture",
        &["ZC", "ZS", "ZW", "KE", "ZL", "ZM", "ZO", "ZR", "YC", "YK", "YW", "XC", "XK", "XW"],
    ),
    ("CMEGlobex_Livestock", &["LE", "HE", "GF", "PRK"]),
    (
        "CMEGlobex_Crypto",
        &["BRR", "BTC", "MBT", "BFF", "ETHUSDRR", "ETH", "MET", "SOLUSDRR", "SOL", "XRPUSDRR", "XRP"],
    ),
];

/// Underlyings of index options, which trade a quarter of an hour longer than those on shares, with the funds that do.
const INDEX_OPTIONS: &[&str] = &[
    "SPX", "SPXW", "XSP", "VIX", "VIXW", "NDX", "NDXP", "XND", "RUT", "RUTW", "MRUT", "DJX", "OEX", "XEO",
    "SPY", "QQQ", "IWM", "DIA",
];

pub(super) fn is_cme(exchange: &str) -> bool {
    matches!(exchange, "CME" | "CBOT" | "NYMEX" | "COMEX" | "GLOBEX" | "ECBOT" | "CMECRYPTO")
}

/// The calendar of an exchange of the group, for a product that is not named.
pub(super) fn whole_cme(exchange: &str) -> &'static str {
    match exchange {
        "NYMEX" | "COMEX" => "CMEGlobex_EnergyAndMetals",
        "CMECRYPTO" => "CMEGlobex_Crypto",
        _ => "CMES",
    }
}

/// The calendar of a product. All that NYMEX and COMEX list is energy or metal.
pub(super) fn cme(exchange: &str, product: &str) -> Option<&'static str> {
    if matches!(exchange, "NYMEX" | "COMEX" | "CMECRYPTO") {
        return Some(whole_cme(exchange));
    }
    CME.iter().find(|(_, products)| products.contains(&product)).map(|(name, _)| *name)
}

pub(super) fn us_option(underlying: Option<&str>) -> &'static str {
    match underlying {
        Some(underlying) if INDEX_OPTIONS.contains(&underlying) => "CBOE_Index_Options",
        _ => "CBOE_Equity_Options",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_product_stands_in_two_groups() {
        let mut seen = HashSet::new();
        assert!(CME.iter().flat_map(|(_, products)| *products).all(|product| seen.insert(product)));
    }
}
