//! One test for each kind of order, so that they run side by side, and a proof that none is left out.

/// Makes the tests: each calls `$holds` with the place of its kind.
macro_rules! for_each_order_kind {
    ($(#[$how:meta])* $holds:path) => {
        for_each_order_kind! {
            [$(#[$how])*] $holds;
            market: 0, market_protected: 1, market_to_limit: 2, limit: 3, limit_per_leg: 4, stop: 5, stop_protected: 6,
            stop_limit: 7, trail: 8, trail_limit: 9, trail_limit_from: 10, market_on_close: 11, limit_on_close: 12,
            market_on_open: 13, limit_on_open: 14, market_if_touched: 15, limit_if_touched: 16, trail_market_if_touched: 17,
            trail_limit_if_touched: 18, relative: 19, passive_relative: 20, peg_market: 21, peg_primary: 22, peg_mid: 23,
            peg_best: 24, peg_stock: 25, peg_benchmark: 26, fix_pegged: 27, snap_mid: 28, snap_market: 29, snap_primary: 30,
            mid_price: 31, box_top: 32, vwap: 33, quote: 34, volatility: 35, peg_volatility: 36, limit_plus_market: 37,
            relative_plus_limit: 38, relative_plus_market: 39, trail_limit_plus_market: 40, trail_relative_plus_market: 41,
        }
    };
    ($how:tt $holds:path; $($test:ident: $which:literal),+ $(,)?) => {
        $(for_each_order_kind! { @one $how $holds; $test: $which })+

        /// A kind without a test would be a kind without a proof.
        #[test]
        fn no_kind_is_left_out() {
            assert_eq!(vec![$($which),+], (0..KINDS.len()).collect::<Vec<usize>>());
        }
    };
    (@one [$(#[$how:meta])*] $holds:path; $test:ident: $which:literal) => {
        #[test]
        $(#[$how])*
        fn $test() {
            $holds($which);
        }
    };
}
