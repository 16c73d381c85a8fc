//! Which prices an instrument can have at all.

use super::{Instrument, InstrumentKind};

impl Instrument {
    /// Can its price be zero or below?
    ///
    /// Yes for combos, whose price is the net of what is bought and sold, for futures (crude oil settled at -37.63 on
    /// 2020-04-20) and for what is not known well enough to say no. For everything else such a price is an error.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// let can = |text: &str| text.parse::<Instrument>().map(|it| it.can_cost_nothing());
    /// assert_eq!(can("combo:IBM;leg=+1x1@SMART;leg=-1x2@SMART"), Ok(true));
    /// assert_eq!(can("CL 202506@NYMEX"), Ok(true));
    /// assert_eq!(can("AAPL"), Ok(false));
    /// ```
    #[must_use]
    pub fn can_cost_nothing(&self) -> bool {
        use InstrumentKind as Kind;
        !matches!(
            self.kind(),
            Some(
                Kind::Stock
                    | Kind::Option
                    | Kind::FuturesOption
                    | Kind::Forex
                    | Kind::Cfd
                    | Kind::Bond
                    | Kind::Bill
                    | Kind::FixedIncome
                    | Kind::Fund
                    | Kind::Commodity
                    | Kind::Crypto
                    | Kind::Warrant
                    | Kind::StructuredProduct
                    | Kind::EventContract
            )
        )
    }
}
