"""Which calendars are bundled, under which names, and from which library."""

import exchange_calendars as ec
import pandas_market_calendars as pmc

# The first and last day that is asked of the libraries, where they set no bound of their own.
FIRST, LAST = "1990-01-01", "2040-12-31"
# Electronic trading around the clock is younger, and the tables of these products are not meant for earlier years.
FIRST_GLOBEX = "2000-01-01"
# From here on holidays are what the libraries' rules foresee; nobody had announced all of them when they were released.
PROJECTED = "2026-01-01"

# exchange_calendars: names that it treats as one exchange, and the names that users know.
EC_ALIASES = {
    "XNYS": ["NYSE", "ARCX", "ARCA", "BATS", "XASE", "AMEX", "OOTC"],
    "XNAS": ["NASDAQ"],
    "XFRA": ["FWB"],
    "XLON": ["LSE"],
    "XTSE": ["TSX", "XTSX"],
    "BVMF": ["BMF", "B3"],
    "CMES": ["CME"],
    "IEPA": ["ICE"],
    "XCBF": ["CFE"],
    "XIDX": ["JKT"],
    "XSWX": ["SIX"],
    "XTKS": ["JPX"],
    "XASX": ["ASX"],
    "XHKG": ["HKEX"],
    "XOSL": ["OSE"],
    "XBOM": ["BSE"],
    "XSHG": ["SSE"],
    "XTAE": ["TASE"],
    "XBSE": ["BVB"],
    "XLUX": ["LUXSE"],
}
EC_LEFT_OUT = {"24/5", "24/7", "us_futures"}

# pandas_market_calendars: products and venues that exchange_calendars does not have. Our name, then other names.
PMC = {
    "CME_TradeDate": [],
    "CME_Equity": ["CBOT_Equity"],
    "CME_Agriculture": ["CBOT_Agriculture", "COMEX_Agriculture", "NYMEX_Agriculture"],
    "CME_Bond": ["CBOT_Bond", "CME_Rate", "CBOT_Rate", "CME_InterestRate", "CBOT_InterestRate"],
    "CMEGlobex_Livestock": [
        "CMEGlobex_Live_Cattle", "CMEGlobex_Feeder_Cattle", "CMEGlobex_Lean_Hog", "CMEGlobex_Port_Cutout",
    ],
    "CMEGlobex_Grains": ["CMEGlobex_Oilseeds"],
    "CMEGlobex_Crypto": ["CMEGlobex_Cryptocurrencies", "CME_Globex_Crypto", "CME_Globex_Cryptocurrencies"],
    "CMEGlobex_EnergyAndMetals": [
        "CMEGlobex_Energy", "CMEGlobex_CrudeAndRefined", "CMEGlobex_NYHarbor", "CMEGlobex_HO", "CMEGlobex_Crude",
        "CMEGlobex_CL", "CMEGlobex_Gas", "CMEGlobex_RB", "CMEGlobex_MicroCrude", "CMEGlobex_MCL", "CMEGlobex_NatGas",
        "CMEGlobex_NG", "CMEGlobex_Metals", "CMEGlobex_PreciousMetals", "CMEGlobex_Gold", "CMEGlobex_GC",
        "CMEGlobex_Silver", "CMEGlobex_SI", "CMEGlobex_Platinum", "CMEGlobex_PL", "CMEGlobex_BaseMetals",
        "CMEGlobex_Copper", "CMEGlobex_HG", "CMEGlobex_Aluminum", "CMEGlobex_FerrousMetals",
    ],
    "CMEGlobex_Equity": ["CME_Globex_Equity"],
    "CMEGlobex_FX": ["CME_FX", "CME_Currency"],
    "CMEGlobex_FixedIncome": ["CMEGlobex_InterestRate", "CME_Globex_Fixed_Income"],
    "CBOE_Futures": [],
    "CBOE_Equity_Options": [],
    "CBOE_Index_Options": [],
    "XCBF": [VOLATILITY],
    "CBOE_Futures": [VOLATILITY],
    "XBOM": [
        "closes on 2013-11-14 in place of 2013-11-15: the exchange moved the holiday",
        "has no hour of Muhurat trading, in the evening of Diwali; XNSE has those that fall on weekdays",
        "does not know 2015-02-28, 2020-02-01 and 2026-02-01, weekends on which it traded for the budget",
    ],
    "XNSE": [
        "does not know 2015-02-28, 2020-02-01, 2024-01-20, 2025-02-01 and 2026-02-01, weekends on which it traded",
    ],
    "EUREX_Bond": [],
    "ICEUS": ["NYFE"],
    "XNSE": ["NSE"],
    "SIFMAUS": ["SIFMA_US"],
    "SIFMAUK": ["SIFMA_UK"],
    "SIFMAJP": ["SIFMA_JP"],
}
PMC_NAMES = {
    "CMEGlobex_Crypto": "CME Globex Crypto",
    "CMEGlobex_Equity": "CME Globex Equity",
    "CMEGlobex_FixedIncome": "CME Globex Fixed Income",
}

VOLATILITY = (
    "ends the regular hours at 15:15 throughout; futures on volatility end them at 15:00, and trade from 17:00 of the "
    "evening before until 16:00 around them"
)
# Where a source is known to differ from what the exchange did; kept as it is, and said.
GAPS = {
    "FX": ["knows no holidays"],
    "24-7": ["knows no maintenance"],
    "CMES": [
        "has 2018-12-05 and 2025-01-09 closed and 2022-06-20 and 2025-06-19 whole: index futures had short days",
        "knows no daily break from 16:00 to 17:00; the product calendars CME_* and CMEGlobex_* do",
    ],
    "CME_Equity": ["has 2018-12-05 and 2025-01-09 closed: index futures had short days"],
    "CMEGlobex_Grains": ["has no early closes; CME_Agriculture has"],
    "XHKG": ["does not know 2023-09-01 and 2023-09-08, on which it was closed for a typhoon and for rain"],
    "XCBF": [VOLATILITY],
    "CBOE_Futures": [VOLATILITY],
    "XBOM": [
        "closes on 2013-11-14 in place of 2013-11-15: the exchange moved the holiday",
        "has no hour of Muhurat trading, in the evening of Diwali; XNSE has those that fall on weekdays",
        "does not know 2015-02-28, 2020-02-01 and 2026-02-01, weekends on which it traded for the budget",
    ],
    "XNSE": [
        "does not know 2015-02-28, 2020-02-01, 2024-01-20, 2025-02-01 and 2026-02-01, weekends on which it traded",
    ],
    "EUREX_Bond": ["has the openings before and from 2018-12-10 the wrong way round; XEUR is right"],
    "XEUR": ["opens at 08:00 throughout; the opening at 01:10 since 2018-12-10 stands under extended hours"],
}


def exchange_names():
    names = set(ec.get_calendar_names(include_aliases=False)) - EC_LEFT_OUT
    return sorted(names | {"XNAS"})


def product_calendar(name):
    return pmc.get_calendar(PMC_NAMES.get(name, name))
