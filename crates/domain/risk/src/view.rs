//! The one snapshot of numbers that an intent is judged on.

use tradeport_kernel::{Decimal, Money};
use tradeport_market_data::{Quote, QuoteUnusable};

/// What is known at the moment of judging. What is not known is `None` or an error, and refuses.
#[derive(Clone, Debug)]
pub struct RiskView {
    /// What the portfolio is worth; `None` when a price is missing.
    pub portfolio_value: Option<Money>,
    /// What is held of the instrument; negative when short. `None` when the account is not known.
    pub held: Option<Decimal>,
    /// How much may still be bought by live orders for the instrument: working, in flight and unknown. `None` when an
    /// order is among them of which nobody knows how many units it is for.
    pub open_buys: Option<Decimal>,
    /// How much may still be sold by them; `None` likewise.
    pub open_sells: Option<Decimal>,
    /// The sum of all other positions' absolute values, their live orders included; `None` when a price is missing.
    pub other_exposure: Option<Decimal>,
    /// The last quote, when it is fresh enough.
    pub quote: Result<Quote, QuoteUnusable>,
    /// What one unit stands for where its price does not tell, as with a combo whose legs offset each other; `None` where
    /// the price tells.
    pub at_stake: Option<Decimal>,
    /// Units of the underlying in one unit traded; `None` when the contract is not known.
    pub multiplier: Option<Decimal>,
    /// Orders of the account since the day began.
    pub orders_today: u32,
}
