//! One test for each kind of contract, so that they run side by side, and a proof that none is left out.

/// Makes the tests: each calls `$holds` with its name and its kind.
macro_rules! for_each_contract_kind {
    ($(#[$how:meta])* $holds:path) => {
        for_each_contract_kind! {
            [$(#[$how])*] $holds;
            stocks: Stock,
            options: Option,
            futures: Future,
            continuous_futures: ContinuousFuture,
            queries_for_futures: AnyFuture,
            futures_options: FuturesOption,
            forex: Forex,
            cfds: Cfd,
            bonds: Bond,
            bills: Bill,
            fixed_income: FixedIncome,
            funds: Fund,
            commodities: Commodity,
            cryptos: Crypto,
            indices: Index,
            warrants: Warrant,
            structured_products: StructuredProduct,
            event_contracts: EventContract,
            stock_borrows: StockBorrow,
            securities_loans: SecuritiesLending,
            forwards: Forward,
            baskets: Basket,
            icu: Icu,
            ics: Ics,
            combos: Combo,
            news_feeds: NewsFeed,
        }
    };
    ($how:tt $holds:path; $($test:ident: $kind:ident),+ $(,)?) => {
        $(for_each_contract_kind! { @one $how $holds; $test: $kind })+

        /// A kind without a test would be a kind without a proof.
        #[test]
        fn no_kind_is_left_out() {
            assert_eq!([$(InstrumentKind::$kind),+], InstrumentKind::ALL);
        }
    };
    (@one [$(#[$how:meta])*] $holds:path; $test:ident: $kind:ident) => {
        #[test]
        $(#[$how])*
        fn $test() {
            $holds(stringify!($test), InstrumentKind::$kind);
        }
    };
}
