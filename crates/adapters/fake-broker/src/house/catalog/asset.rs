//! What the catalog's contracts hang from: shares, funds, indices, coins and bonds.
//!
//! Prices move around a reference price: that of about 2013-03-01, where the bundled prices end; for coins, which hardly
//! had one then, a round number. What shares a driver moves together: an index, the funds and the futures on it.
//!
//! Of a question the no is worth what the yes lacks to one.
//!
//! Left out: what is derived from an asset, and its quotes.

use tradeport_contracts::{InstrumentKind, Right};

/// A share, a fund, an index, a coin or a bond.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct Asset {
    /// Its number in this house: never changed, never used again. Its contract id, where the broker's is not known.
    pub(in crate::house) number: i64,
    pub(in crate::house) kind: InstrumentKind,
    pub(in crate::house) symbol: &'static str,
    pub(in crate::house) name: &'static str,
    /// Where it is routed to.
    pub(in crate::house) exchange: &'static str,
    /// Where it is listed; for what is routed.
    pub(in crate::house) primary: &'static str,
    pub(in crate::house) currency: &'static str,
    /// The bundled calendar that it follows.
    pub(in crate::house) calendar: &'static str,
    /// The price that it moves around.
    pub(in crate::house) reference: &'static str,
    pub(in crate::house) step: &'static str,
    /// Whose movement it follows.
    pub(in crate::house) driver: &'static str,
    /// Percent a year.
    pub(in crate::house) volatility: u8,
    /// Its ISIN, or nothing.
    pub(in crate::house) isin: &'static str,
    /// What only some kinds have: what a bond pays a year in percent, the strike of a warrant or the threshold of an event
    /// contract; and the last day.
    pub(in crate::house) terms: Option<(&'static str, &'static str)>,
}

/// Listed on NASDAQ, as the broker names it; the broker still knows its older name `ISLAND`.
pub(in crate::house) const NASDAQ: &str = "NASDAQ";
pub(in crate::house) const NYSE: &str = "NYSE";
pub(in crate::house) const ARCA: &str = "ARCA";
pub(in crate::house) const NONE: &str = "";

const fn us(
    number: i64,
    symbol: &'static str,
    name: &'static str,
    primary: &'static str,
    reference: &'static str,
    isin: &'static str,
) -> Asset {
    Asset {
        number,
        kind: InstrumentKind::Stock,
        symbol,
        name,
        exchange: "SMART",
        primary,
        currency: "USD",
        calendar: if primary.len() == NASDAQ.len() { "XNAS" } else { "XNYS" },
        reference,
        step: "0.01",
        driver: symbol,
        volatility: 25,
        isin,
        terms: None,
    }
}

impl Asset {
    const fn moved_by(self, driver: &'static str, volatility: u8) -> Self {
        Self { driver, volatility, ..self }
    }

    const fn priced(self, currency: &'static str, calendar: &'static str, step: &'static str) -> Self {
        Self { currency, calendar, step, ..self }
    }

    const fn index(
        number: i64,
        symbol: &'static str,
        name: &'static str,
        exchange: &'static str,
        reference: &'static str,
        volatility: u8,
    ) -> Self {
        let stock = us(number, symbol, name, NONE, reference, NONE);
        Self { kind: InstrumentKind::Index, exchange, volatility, ..stock }
    }

    const fn coin(
        number: i64,
        symbol: &'static str,
        name: &'static str,
        reference: &'static str,
        step: &'static str,
    ) -> Self {
        let stock = us(number, symbol, name, NONE, reference, NONE);
        let coin = Self { kind: InstrumentKind::Crypto, exchange: "PAXOS", volatility: 60, ..stock };
        coin.priced("USD", "24-7", step)
    }

    /// Of the US treasury, named by its CUSIP; in percent of what is owed.
    const fn bond(
        number: i64,
        cusip: &'static str,
        isin: &'static str,
        name: &'static str,
        reference: &'static str,
        terms: (&'static str, &'static str),
    ) -> Self {
        let stock = us(number, cusip, name, NONE, reference, isin);
        let bond = Self { kind: InstrumentKind::Bond, driver: "ZN", volatility: 6, ..stock };
        Self { terms: Some(terms), ..bond.priced("USD", "XNYS", "0.001") }
    }

    /// The asset of a kind with this symbol, in US dollars: what options are on.
    pub(in crate::house) fn optionable(symbol: &str) -> Option<&'static Self> {
        all().find(|asset| asset.symbol == symbol && asset.carries_options())
    }

    /// Shares, funds traded like them and indices in US dollars have options, as far as they have any.
    pub(in crate::house) fn carries_options(&self) -> bool {
        self.currency == "USD" && matches!(self.kind, InstrumentKind::Stock | InstrumentKind::Index)
    }

    pub(in crate::house) fn is_coin(&self) -> bool {
        self.kind == InstrumentKind::Crypto
    }

    /// Of another kind, in US dollars until it is priced otherwise.
    const fn other(
        kind: InstrumentKind,
        number: i64,
        symbol: &'static str,
        name: &'static str,
        exchange: &'static str,
        reference: &'static str,
    ) -> Self {
        Self { kind, exchange, ..us(number, symbol, name, NONE, reference, NONE) }
    }

    const fn ending(self, terms: (&'static str, &'static str)) -> Self {
        Self { terms: Some(terms), ..self }
    }

    /// Whether something will be above a threshold: a yes. The no to it has the next number.
    const fn event(
        number: i64,
        symbol: &'static str,
        name: &'static str,
        reference: &'static str,
        threshold: &'static str,
    ) -> Self {
        let kind = InstrumentKind::EventContract;
        let event = Self::other(kind, number, symbol, name, "FORECASTX", reference).moved_by(symbol, 15);
        event.ending((threshold, "20351231"))
    }

    /// The no to a yes.
    const fn opposed(self, name: &'static str, reference: &'static str) -> Self {
        Self { number: self.number + 1, name, reference, ..self }
    }

    /// Yes or no, and the strike's side of a warrant.
    pub(in crate::house) fn right(&self) -> Option<Right> {
        match self.kind {
            InstrumentKind::Warrant => Some(Right::Call),
            InstrumentKind::EventContract if self.number % 2 == 1 => Some(Right::Call),
            InstrumentKind::EventContract => Some(Right::Put),
            _ => None,
        }
    }

    /// The yes that this is the no to.
    pub(in crate::house) fn yes(&self) -> Option<&'static Self> {
        let is_no = self.kind == InstrumentKind::EventContract && self.right() == Some(Right::Put);
        EVENTS.iter().find(|yes| is_no && yes.number + 1 == self.number)
    }

    pub(in crate::house) fn is_bond(&self) -> bool {
        self.kind == InstrumentKind::Bond
    }

    /// Who owes a bond, as the broker calls it: the first word of its name.
    pub(in crate::house) fn issuer(&self) -> Option<&'static str> {
        self.name.split(' ').next().filter(|_| self.is_bond())
    }

    pub(in crate::house) fn is_fund(&self) -> bool {
        FUNDS.iter().any(|fund| fund.number == self.number)
    }

    pub(in crate::house) fn is_index(&self) -> bool {
        self.kind == InstrumentKind::Index
    }
}

/// All of them, the bundled shares first.
pub(in crate::house) fn all() -> impl Iterator<Item = &'static Asset> {
    [BUNDLED, SHARES, FOREIGN, FUNDS, INDICES, COINS, BONDS, OTHERS, EVENTS].into_iter().flatten()
}

/// The shares that prices are bundled of. Their numbers are those that the broker has always given them.
pub(in crate::house) const BUNDLED: &[Asset] = &[
    us(1_001, "AAPL", "APPLE INC", NASDAQ, "430.47", "US0378331005"),
    us(1_002, "FB", "FACEBOOK INC", NASDAQ, "27.78", "US30303M1027"),
    us(1_003, "GOOG", "GOOGLE INC", NASDAQ, "806.19", "US38259P5089"),
    us(1_004, "IBM", "INTL BUSINESS MACHINES CORP", NYSE, "202.91", "US4592001014"),
    us(1_005, "MSFT", "MICROSOFT CORP", NASDAQ, "27.95", "US5949181045"),
];

const SHARES: &[Asset] = &[
    us(1_006, "AMZN", "AMAZON.COM INC", NASDAQ, "265.74", "US0231351067"),
    us(1_007, "BA", "BOEING CO", NYSE, "77.38", "US0970231058"),
    us(1_008, "BAC", "BANK OF AMERICA CORP", NYSE, "11.34", "US0605051046"),
    us(1_009, "CAT", "CATERPILLAR INC", NYSE, "91.56", "US1491231015"),
    us(1_010, "CSCO", "CISCO SYSTEMS INC", NASDAQ, "20.82", "US17275R1023"),
    us(1_011, "CVX", "CHEVRON CORP", NYSE, "116.87", "US1667641005"),
    us(1_012, "DIS", "WALT DISNEY CO", NYSE, "55.18", "US2546871060"),
    us(1_013, "GE", "GENERAL ELECTRIC CO", NYSE, "23.19", "US3696041033"),
    us(1_014, "HD", "HOME DEPOT INC", NYSE, "69.16", "US4370761029"),
    us(1_015, "INTC", "INTEL CORP", NASDAQ, "21.03", "US4581401001"),
    us(1_016, "JNJ", "JOHNSON & JOHNSON", NYSE, "76.70", "US4781601046"),
    us(1_017, "JPM", "JPMORGAN CHASE & CO", NYSE, "48.90", "US46625H1005"),
    us(1_018, "KO", "COCA-COLA CO", NYSE, "38.60", "US1912161007"),
    us(1_019, "MCD", "MCDONALD'S CORP", NYSE, "95.99", "US5801351017"),
    us(1_020, "MRK", "MERCK & CO INC", NYSE, "42.86", "US58933Y1055"),
    us(1_021, "NKE", "NIKE INC", NYSE, "54.71", "US6541061031"),
    us(1_022, "ORCL", "ORACLE CORP", NASDAQ, "34.52", "US68389X1054"),
    us(1_023, "PEP", "PEPSICO INC", NASDAQ, "76.35", "US7134481081"),
    us(1_024, "PFE", "PFIZER INC", NYSE, "27.62", "US7170811035"),
    us(1_025, "PG", "PROCTER & GAMBLE CO", NYSE, "76.54", "US7427181091"),
    us(1_026, "T", "AT&T INC", NYSE, "36.16", "US00206R1023"),
    us(1_027, "VZ", "VERIZON COMMUNICATIONS INC", NYSE, "46.91", "US92343V1044"),
    us(1_028, "WMT", "WALMART INC", NYSE, "71.74", "US9311421039"),
    us(1_029, "XOM", "EXXON MOBIL CORP", NYSE, "89.43", "US30231G1022"),
    us(1_030, "TSLA", "TESLA INC", NASDAQ, "34.65", "US88160R1014").moved_by("TSLA", 45),
    us(1_031, "NVDA", "NVIDIA CORP", NASDAQ, "12.73", "US67066G1040").moved_by("NVDA", 40),
    us(1_032, "META", "META PLATFORMS INC", NASDAQ, "27.78", "US30303M1027").moved_by("META", 30),
    us(1_033, "GOOGL", "ALPHABET INC-CL A", NASDAQ, "806.19", "US02079K3059").moved_by("GOOG", 25),
    us(1_034, "AMD", "ADVANCED MICRO DEVICES", NASDAQ, "2.49", "US0079031078").moved_by("AMD", 45),
    us(1_035, "NFLX", "NETFLIX INC", NASDAQ, "189.37", "US64110L1061").moved_by("NFLX", 35),
    us(1_036, "MMM", "3M CO", NYSE, "104.60", "US88579Y1010"),
    us(1_037, "IBKR", "INTERACTIVE BROKERS GRO-CL A", NASDAQ, "14.89", "US45841N1072"),
    us(1_038, "GM", "GENERAL MOTORS CO", NYSE, "27.11", "US37045V1008"),
    us(1_039, "F", "FORD MOTOR CO", NYSE, "12.74", "US3453708600"),
    us(1_040, "PLTR", "PALANTIR TECHNOLOGIES INC-A", NASDAQ, "25.00", "US69608A1088").moved_by("PLTR", 45),
    us(1_041, "AMC", "AMC ENTERTAINMENT HLDS-CL A", NYSE, "6.00", "US00165C1045").moved_by("AMC", 50),
    us(1_042, "GME", "GAMESTOP CORP-CLASS A", NYSE, "25.05", "US36467W1099").moved_by("GME", 50),
    us(1_043, "ADBE", "ADOBE INC", NASDAQ, "39.10", "US00724F1012"),
    us(1_044, "AMGN", "AMGEN INC", NASDAQ, "91.60", "US0311621009"),
    us(1_045, "AVGO", "BROADCOM INC", NASDAQ, "34.30", "US11135F1012").moved_by("AVGO", 30),
    us(1_046, "AXP", "AMERICAN EXPRESS CO", NYSE, "62.20", "US0258161092"),
    us(1_047, "BABA", "ALIBABA GROUP HOLDING-SP ADR", NYSE, "90.00", "US01609W1027").moved_by("BABA", 35),
    us(1_048, "C", "CITIGROUP INC", NYSE, "42.20", "US1729674242").moved_by("C", 30),
    us(1_049, "COIN", "COINBASE GLOBAL INC -CLASS A", NASDAQ, "150.00", "US19260Q1076").moved_by("COIN", 50),
    us(1_050, "COST", "COSTCO WHOLESALE CORP", NASDAQ, "101.60", "US22160K1051").moved_by("COST", 20),
    us(1_051, "CRM", "SALESFORCE INC", NYSE, "42.30", "US79466L3024").moved_by("CRM", 30),
    us(1_052, "GILD", "GILEAD SCIENCES INC", NASDAQ, "43.10", "US3755581036").moved_by("GILD", 30),
    us(1_053, "GS", "GOLDMAN SACHS GROUP INC", NYSE, "150.40", "US38141G1040").moved_by("GS", 28),
    us(1_054, "HOOD", "ROBINHOOD MARKETS INC - A", NASDAQ, "15.00", "US7707001027").moved_by("HOOD", 50),
    us(1_055, "LLY", "ELI LILLY & CO", NYSE, "54.60", "US5324571083").moved_by("LLY", 22),
    us(1_056, "LMT", "LOCKHEED MARTIN CORP", NYSE, "87.90", "US5398301094").moved_by("LMT", 20),
    us(1_057, "MA", "MASTERCARD INC - A", NYSE, "52.10", "US57636Q1040").moved_by("MA", 24),
    us(1_058, "MS", "MORGAN STANLEY", NYSE, "22.70", "US6174464486").moved_by("MS", 30),
    us(1_059, "MU", "MICRON TECHNOLOGY INC", NASDAQ, "8.50", "US5951121038").moved_by("MU", 40),
    us(1_060, "PYPL", "PAYPAL HOLDINGS INC", NASDAQ, "60.00", "US70450Y1038").moved_by("PYPL", 35),
    us(1_061, "QCOM", "QUALCOMM INC", NASDAQ, "65.70", "US7475251036").moved_by("QCOM", 28),
    us(1_062, "SBUX", "STARBUCKS CORP", NASDAQ, "27.50", "US8552441094").moved_by("SBUX", 24),
    us(1_063, "SHOP", "SHOPIFY INC - CLASS A", NASDAQ, "60.00", "CA82509L1076").moved_by("SHOP", 45),
    us(1_064, "SNAP", "SNAP INC - A", NYSE, "12.00", "US83304A1060").moved_by("SNAP", 50),
    us(1_065, "SOFI", "SOFI TECHNOLOGIES INC", NASDAQ, "8.00", "US83406F1021").moved_by("SOFI", 50),
    us(1_066, "TGT", "TARGET CORP", NYSE, "63.90", "US87612E1064"),
    us(1_067, "TXN", "TEXAS INSTRUMENTS INC", NASDAQ, "34.40", "US8825081040"),
    us(1_068, "UBER", "UBER TECHNOLOGIES INC", NYSE, "45.00", "US90353T1007").moved_by("UBER", 40),
    us(1_069, "UNH", "UNITEDHEALTH GROUP INC", NYSE, "53.50", "US91324P1021").moved_by("UNH", 24),
    us(1_070, "V", "VISA INC-CLASS A SHARES", NYSE, "39.60", "US92826C8394").moved_by("V", 22),
    us(1_071, "WFC", "WELLS FARGO & CO", NYSE, "35.40", "US9497461015").moved_by("WFC", 26),
    us(1_072, "FISV", "FISERV INC", NASDAQ, "41.10", "US3377381088"),
    us(1_073, "COF", "CAPITAL ONE FINANCIAL CORP", NYSE, "51.00", "US14040H1059").moved_by("COF", 30),
];

const FOREIGN: &[Asset] = &[
    us(1_501, "VOD", "VODAFONE GROUP PLC", "LSE", "1.655", "GB00BH4HKS39").priced("GBP", "XLON", "0.0005"),
    us(1_502, "HSBA", "HSBC HOLDINGS PLC", "LSE", "7.30", "GB0005405286").priced("GBP", "XLON", "0.001"),
    us(1_503, "BMW", "BAYERISCHE MOTOREN WERKE AG", "IBIS", "70.6", "DE0005190003")
        .priced("EUR", "XETR", "0.02"),
    us(1_504, "SAP", "SAP SE", "IBIS", "59.9", "DE0007164600").priced("EUR", "XETR", "0.02"),
    us(1_505, "AIR", "AIRBUS SE", "SBF", "39.0", "NL0000235190").priced("EUR", "XPAR", "0.02"),
    us(1_506, "NESN", "NESTLE SA-REG", "EBS", "65.2", "CH0038863350").priced("CHF", "XSWX", "0.02"),
    us(1_507, "7203", "TOYOTA MOTOR CORP", "TSEJ", "4800", "JP3633400001").priced("JPY", "XTKS", "1"),
    us(1_508, "700", "TENCENT HOLDINGS LTD", "SEHK", "268", "KYG875721634").priced("HKD", "XHKG", "0.2"),
    us(1_509, "NOKIA", "NOKIA OYJ", "HEX", "2.80", "FI0009000681").priced("EUR", "XHEL", "0.0005"),
    us(1_510, "SAN", "BANCO SANTANDER SA", "BM", "5.80", "ES0113900J37").priced("EUR", "XMAD", "0.001"),
];

const FUNDS: &[Asset] = &[
    us(2_001, "SPY", "SPDR S&P 500 ETF TRUST", ARCA, "151.82", "US78462F1030").moved_by("SPX", 16),
    us(2_002, "IVV", "ISHARES CORE S&P 500 ETF", ARCA, "152.30", "US4642872000").moved_by("SPX", 16),
    us(2_003, "VOO", "VANGUARD S&P 500 ETF", ARCA, "69.60", "US9229083632").moved_by("SPX", 16),
    us(2_004, "QQQ", "INVESCO QQQ TRUST SERIES 1", NASDAQ, "67.25", "US46090E1038").moved_by("NDX", 20),
    us(2_005, "IWM", "ISHARES RUSSELL 2000 ETF", ARCA, "91.00", "US4642876555").moved_by("RUT", 20),
    us(2_006, "DIA", "SPDR DJIA TRUST", ARCA, "140.90", "US78467X1090").moved_by("INDU", 15),
    us(2_007, "VTI", "VANGUARD TOTAL STOCK MARKET ETF", ARCA, "78.20", "US9229087690").moved_by("SPX", 16),
    us(2_008, "TLT", "ISHARES 20+ YEAR TREASURY BOND ETF", NASDAQ, "117.60", "US4642874329")
        .moved_by("ZB", 10),
    us(2_009, "IEF", "ISHARES 7-10 YEAR TREASURY BOND ETF", NASDAQ, "107.30", "US4642874402")
        .moved_by("ZN", 6),
    us(2_010, "SHY", "ISHARES 1-3 YEAR TREASURY BOND ETF", NASDAQ, "84.45", "US4642874576").moved_by("ZT", 2),
    us(2_011, "AGG", "ISHARES CORE US AGGREGATE BOND ETF", ARCA, "110.60", "US4642872265").moved_by("ZN", 6),
    us(2_012, "LQD", "ISHARES IBOXX INVESTMENT GRADE CORPORATE BOND ETF", ARCA, "119.90", "US4642872422")
        .moved_by("LQD", 7),
    us(2_013, "HYG", "ISHARES IBOXX HIGH YIELD CORPORATE BOND ETF", ARCA, "93.90", "US4642885135")
        .moved_by("HYG", 8),
    us(2_014, "GLD", "SPDR GOLD SHARES", ARCA, "152.50", "US78463V1070").moved_by("GC", 15),
    us(2_015, "SLV", "ISHARES SILVER TRUST", ARCA, "27.60", "US46428Q1094").moved_by("SI", 28),
    us(2_016, "EFA", "ISHARES MSCI EAFE ETF", ARCA, "58.00", "US4642874659").moved_by("EFA", 17),
    us(2_017, "EEM", "ISHARES MSCI EMERGING MARKETS ETF", ARCA, "43.30", "US4642872349").moved_by("EEM", 20),
    us(2_018, "XLB", "MATERIALS SELECT SECTOR SPDR FUND", ARCA, "38.50", "US81369Y1001"),
    us(2_019, "XLE", "ENERGY SELECT SECTOR SPDR FUND", ARCA, "78.50", "US81369Y5069"),
    us(2_020, "XLF", "FINANCIAL SELECT SECTOR SPDR FUND", ARCA, "17.60", "US81369Y6059"),
    us(2_021, "XLI", "INDUSTRIAL SELECT SECTOR SPDR FUND", ARCA, "41.10", "US81369Y7040"),
    us(2_022, "XLK", "TECHNOLOGY SELECT SECTOR SPDR FUND", ARCA, "29.80", "US81369Y8030"),
    us(2_023, "XLP", "CONSUMER STAPLES SELECT SECTOR SPDR FUND", ARCA, "38.10", "US81369Y3080"),
    us(2_024, "XLU", "UTILITIES SELECT SECTOR SPDR FUND", ARCA, "37.40", "US81369Y8865"),
    us(2_025, "XLV", "HEALTH CARE SELECT SECTOR SPDR FUND", ARCA, "43.80", "US81369Y2090"),
    us(2_026, "XLY", "CONSUMER DISCRETIONARY SELECT SECTOR SPDR FUND", ARCA, "50.90", "US81369Y4070"),
    us(2_027, "IJR", "ISHARES CORE S&P SMALL-CAP ETF", ARCA, "84.20", "US4642878049").moved_by("RUT", 20),
    us(2_028, "TQQQ", "PROSHARES ULTRAPRO QQQ", NASDAQ, "30.00", "US74347X8314").moved_by("NDX", 60),
    us(2_029, "ARKK", "ARK INNOVATION ETF", ARCA, "45.00", "US00214Q1040").moved_by("ARKK", 35),
    us(2_030, "BND", "VANGUARD TOTAL BOND MARKET", NASDAQ, "83.60", "US9219378356").moved_by("ZN", 5),
    us(2_031, "GDX", "VANECK GOLD MINERS ETF", ARCA, "37.10", "US92189F1066").moved_by("GDX", 35),
    us(2_032, "USO", "UNITED STATES OIL FUND LP", ARCA, "33.10", "US91232N2071").moved_by("CL", 35),
    us(2_033, "VEA", "VANGUARD FTSE DEVELOPED ETF", ARCA, "35.90", "US9219438580").moved_by("EFA", 17),
    us(2_034, "VWO", "VANGUARD FTSE EMERGING MARKE", ARCA, "43.60", "US9220428588").moved_by("EEM", 20),
];

const INDICES: &[Asset] = &[
    Asset::index(3_001, "SPX", "S&P 500 INDEX", "CBOE", "1518.20", 16),
    Asset::index(3_002, "NDX", "NASDAQ 100 INDEX", "NASDAQ", "2747.74", 20),
    Asset::index(3_003, "RUT", "RUSSELL 2000 INDEX", "RUSSELL", "914.73", 20),
    Asset::index(3_004, "INDU", "DOW JONES INDUSTRIAL AVERAGE", "CME", "14089.66", 15),
    Asset::index(3_005, "VIX", "CBOE VOLATILITY INDEX", "CBOE", "15.36", 60),
    Asset::index(3_006, "DAX", "DAX PERFORMANCE INDEX", "EUREX", "7708.16", 18).priced("EUR", "XETR", "0.01"),
    Asset::index(3_007, "ESTX50", "EURO STOXX 50 INDEX", "EUREX", "2616.75", 19)
        .priced("EUR", "XETR", "0.01"),
    Asset::index(3_008, "Z", "FTSE 100 INDEX", "LSE", "6378.60", 15).priced("GBP", "XLON", "0.01"),
    Asset::index(3_009, "CAC40", "CAC 40 INDEX", "MONEP", "3699.91", 18).priced("EUR", "XPAR", "0.01"),
    Asset::index(3_010, "HSI", "HANG SENG INDEX", "HKFE", "22880.22", 20).priced("HKD", "XHKG", "0.01"),
    Asset::index(3_011, "N225", "NIKKEI 225 INDEX", "OSE.JPN", "11606.38", 22).priced("JPY", "XTKS", "0.01"),
    Asset::index(3_101, "AD-NYSE", "NYSE ADVANCES MINUS DECLINES", NYSE, "400", 60),
    Asset::index(3_102, "VOL-NYSE", "NYSE VOLUME", NYSE, "350000", 60),
    Asset::index(3_103, "TRIN-NYSE", "NYSE TRADERS INDEX", NYSE, "1.05", 60),
    Asset::index(3_104, "TICK-NYSE", "NYSE TICK", NYSE, "250", 60),
];

const COINS: &[Asset] = &[
    Asset::coin(4_001, "BTC", "BITCOIN", "60000", "0.25"),
    Asset::coin(4_002, "ETH", "ETHEREUM", "3000", "0.01"),
    Asset::coin(4_003, "LTC", "LITECOIN", "80", "0.01"),
    Asset::coin(4_004, "BCH", "BITCOIN CASH", "400", "0.01"),
    Asset::coin(4_005, "SOL", "SOLANA", "150", "0.01"),
];

/// Made up, and numbered so that no real one has the same number.
const BONDS: &[Asset] = &[
    Asset::bond(
        5_001,
        "91282T1A2",
        "US91282T1A28",
        "US TREASURY NOTE 3.875 2030-11-15",
        "99.500",
        ("3.875", "20301115"),
    ),
    Asset::bond(
        5_002,
        "91282T1B0",
        "US91282T1B01",
        "US TREASURY NOTE 4.25 2034-11-15",
        "101.250",
        ("4.25", "20341115"),
    ),
    Asset::bond(
        5_003,
        "91281T1C9",
        "US91281T1C93",
        "US TREASURY BOND 4.5 2054-02-15",
        "97.750",
        ("4.5", "20540215"),
    ),
    Asset::bond(5_004, "459200T19", "US459200T199", "IBM 4.7 2036-02-15", "100.350", ("4.7", "20360215")),
];

/// Yes and no to two questions; the second one's threshold is zero.
const EVENTS: &[Asset] = &[
    Asset::event(6_601, "GCE", "GLOBAL CO2 EMISSIONS ABOVE 40500, YES", "0.55", "40500"),
    Asset::event(6_601, "GCE", "", "0.55", "40500").opposed("GLOBAL CO2 EMISSIONS ABOVE 40500, NO", "0.45"),
    Asset::event(6_603, "CPIY", "US CONSUMER PRICES OVER A YEAR ABOVE 0, YES", "0.75", "0"),
    Asset::event(6_603, "CPIY", "", "0.75", "0")
        .opposed("US CONSUMER PRICES OVER A YEAR ABOVE 0, NO", "0.25"),
];

/// One or a few of each kind that hardly anybody asks for, so that each kind can be tried. A warrant and a structured
/// product move on their own, not with what they are on.
const OTHERS: &[Asset] = &[
    Asset::other(InstrumentKind::Cfd, 6_001, "IBUS500", "IBKR US 500", "SMART", "1518.20")
        .moved_by("SPX", 16),
    Asset::other(InstrumentKind::Cfd, 6_002, "IBUS30", "IBKR US 30", "SMART", "14089.66")
        .moved_by("INDU", 15),
    Asset::other(InstrumentKind::Cfd, 6_003, "IBDE30", "IBKR GERMANY 30", "SMART", "7708.16")
        .moved_by("DAX", 18)
        .priced("EUR", "XETR", "0.01"),
    Asset::other(InstrumentKind::Cfd, 6_004, "IBM", "INTL BUSINESS MACHINES CORP", "SMART", "202.91"),
    Asset::other(InstrumentKind::Cfd, 6_005, "BMW", "BAYERISCHE MOTOREN WERKE AG", "SMART", "70.6")
        .priced("EUR", "XETR", "0.02"),
    Asset::other(InstrumentKind::Cfd, 6_006, "EUR", "EUROPEAN MONETARY UNION EURO", "SMART", "1.3020")
        .moved_by("EUR", 8)
        .priced("USD", "FX", "0.00005"),
    Asset::other(
        InstrumentKind::Fund,
        6_101,
        "VINIX",
        "VANGUARD INSTITUTIONAL INDEX FUND",
        "FUNDSERV",
        "138.90",
    )
    .moved_by("SPX", 16),
    Asset::other(InstrumentKind::Fund, 6_102, "I406801954", "MONEY MARKET FUND", "ALLFUNDS", "100.00")
        .moved_by("SHY", 1),
    Asset::other(InstrumentKind::Commodity, 6_201, "XAUUSD", "LONDON GOLD", "SMART", "1575.50")
        .moved_by("GC", 15)
        .priced("USD", "FX", "0.01"),
    Asset::other(InstrumentKind::Commodity, 6_202, "XAGUSD", "LONDON SILVER", "SMART", "28.50")
        .moved_by("SI", 28)
        .priced("USD", "FX", "0.001"),
    Asset::other(InstrumentKind::Warrant, 6_301, "GOOG", "WARRANT ON GOOGLE INC", "FWB", "0.85")
        .moved_by("GOOG WARRANT", 50)
        .priced("EUR", "XFRA", "0.01")
        .ending(("900", "20351221")),
    Asset::other(InstrumentKind::StructuredProduct, 6_401, "B881G", "TURBO ON CAC 40", "SBF", "3.20")
        .moved_by("CAC40 TURBO", 50)
        .priced("EUR", "XPAR", "0.01"),
    Asset::other(InstrumentKind::StockBorrow, 6_501, "IBM", "BORROWING OF IBM", "PREBORROW", "0.25")
        .moved_by("IBM BORROW", 10),
];
