use super::*;

fn name(listing: Listing<'_>) -> Result<&'static str, String> {
    listing.name().map_err(|error| error.to_string())
}

#[test]
fn every_calendar_of_the_lists_is_bundled() {
    let mut names: Vec<&str> = EXCHANGES.iter().map(|(name, _)| *name).collect();
    names.extend(["CME_Equity", "CMEGlobex_FX", "CME_Bond", "CME_Agriculture", "CMEGlobex_Livestock"]);
    names.extend(["CMEGlobex_Crypto", "CMEGlobex_EnergyAndMetals", "CMES", "SIFMAUS", "CBOE_Equity_Options"]);
    for name in names {
        assert!(Calendar::named(name).is_ok(), "{name}");
    }
}

#[test]
fn no_exchange_has_two_calendars() {
    let all: Vec<&str> = EXCHANGES.iter().flat_map(|(_, theirs)| theirs.iter().copied()).collect();
    let distinct: std::collections::HashSet<&str> = all.iter().copied().collect();
    assert_eq!(all.len(), distinct.len());
}

#[test]
fn a_route_follows_its_primary_exchange_or_its_currency() {
    let stock = |exchange, currency| Listing::new(exchange, currency, Market::Stock);
    assert_eq!(name(stock("SMART", "USD")), Ok("XNYS"));
    assert_eq!(name(stock("SMART", "EUR").primarily("IBIS")), Ok("XETR"));
    assert_eq!(
        name(stock("LSE", "GBP").primarily("NYSE")),
        Ok("XLON"),
        "a direct route beats the primary exchange"
    );
    let refused = name(stock("SMART", "EUR")).unwrap_err();
    assert_eq!(refused, "SMART in EUR is not one market: name the primary exchange");
}

#[test]
fn products_of_one_exchange_keep_different_hours() {
    let future = |exchange, product| Listing::new(exchange, "USD", Market::Future).product(product);
    let cases = [
        ("CME", "ES", "CME_Equity"),
        ("ECBOT", "YM", "CME_Equity"),
        ("CME", "EUR", "CMEGlobex_FX"),
        ("CBOT", "ZN", "CME_Bond"),
        ("CBOT", "ZC", "CME_Agriculture"),
        ("CME", "LE", "CMEGlobex_Livestock"),
        ("CME", "BRR", "CMEGlobex_Crypto"),
        ("NYMEX", "CL", "CMEGlobex_EnergyAndMetals"),
        ("COMEX", "GC", "CMEGlobex_EnergyAndMetals"),
        ("EUREX", "DAX", "XEUR"),
        ("CFE", "VIX", "XCBF"),
    ];
    for (exchange, product, calendar) in cases {
        assert_eq!(name(future(exchange, product)), Ok(calendar), "{product}");
    }
    assert_eq!(name(Listing::new("CME", "USD", Market::Future)), Ok("CMES"));
    let refused = name(future("CME", "WEATHER")).unwrap_err();
    assert_eq!(refused, "the hours of WEATHER on CME are not known; the broker's trading hours would tell");
}

#[test]
fn options_forex_coins_and_bonds_have_their_own() {
    let option = Listing::new("SMART", "USD", Market::Option);
    assert_eq!(name(option.product("AAPL")), Ok("CBOE_Equity_Options"));
    assert_eq!(name(option.product("SPX")), Ok("CBOE_Index_Options"));
    assert_eq!(name(Listing::new("IDEALPRO", "JPY", Market::Forex)), Ok("FX"));
    assert_eq!(name(Listing::new("PAXOS", "USD", Market::Crypto)), Ok("24-7"));
    assert_eq!(name(Listing::new("SMART", "USD", Market::Bond)), Ok("SIFMAUS"));
    let refused = name(Listing::new("HKFE", "HKD", Market::Future)).unwrap_err();
    assert_eq!(
        refused,
        "no calendar is bundled for the exchange HKFE; the broker's trading hours would tell"
    );
}
