//! The one snapshot of numbers that an intent is judged on.

use crate::Equity;
use std::time::Duration;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Currency, Decimal, Money, Symbol, Timestamp};
use tradeport_market_data::{Quote, QuoteUnusable};
use tradeport_orders::Side;

/// What is known at the moment of judging. What is not known is `None` or an error, and refuses where a rule needs it.
#[derive(Clone, Debug)]
pub struct RiskView {
    /// The moment.
    pub now: Timestamp,
    /// What the portfolio is worth; `None` when a price is missing.
    pub portfolio_value: Option<Money>,
    /// What it was worth before, as far as that was told.
    pub equity: Equity,
    /// What is held of the instrument; negative when short. `None` when the account is not known.
    pub held: Option<Decimal>,
    /// How much may still be bought by live orders for the instrument: working, in flight and unknown, and those of others
    /// that the broker lists. `None` when an order is among them of which nobody knows how many units it is for.
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
    /// What the contract is; `None` when it is not known.
    pub contract: Option<ContractFacts>,
    /// The legs of a combo, which trades in them and is never held itself; none of any other instrument, `None` when one
    /// of them is not known.
    pub legs: Option<Vec<LegView>>,
    /// How long until the regular session ends; `None` when it is closed or its hours are not known.
    pub session_ends_in: Option<Duration>,
    /// Orders of the account since the day began.
    pub orders_today: u32,
    /// Orders of the account within the last minute.
    pub orders_last_minute: u32,
    /// How long ago an order that is alike was sent under another key; `None` when none was.
    pub alike: Option<Duration>,
    /// What the order's strategy has in its account; `None` where it names none, or none that has limits.
    pub strategy: Option<StrategyView>,
    /// What the broker said of the order.
    pub preview: Preview,
}

/// What is known of the broker's what-if, where the policy wants one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Preview {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// The order is at the broker and becomes no larger: what it ties up is tied up.
    Stands,
    /// The broker would not take the order, in its own words.
    Refused(String),
    /// There is none that counts, and why.
    Missing(String),
    /// So the account would be.
    After(MarginAfter),
}

/// An account with an order traded in full, by the broker's word; `None` is what it did not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarginAfter {
    /// What the account must have to open what it would hold.
    pub initial: Option<Money>,
    /// What it must keep to go on holding it.
    pub maintenance: Option<Money>,
    /// What counts against both.
    pub equity: Option<Money>,
    /// What other live orders of the account take of the initial margin on top, in the portfolio's currency: working, in
    /// flight and unknown, as if all of them trade.
    pub initial_beside: Decimal,
    /// The same of the maintenance margin.
    pub maintenance_beside: Decimal,
}

/// What one strategy has in one account: what its own orders have traded and may still trade, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyView {
    /// What its orders have traded of the instrument, sold subtracted from bought; `None` when that is not known.
    pub held: Option<Decimal>,
    /// How much its live orders may still buy of it: working, in flight and unknown. `None` when an order is among them of
    /// which nobody knows how many units it is for.
    pub open_buys: Option<Decimal>,
    /// How much they may still sell of it; `None` likewise.
    pub open_sells: Option<Decimal>,
    /// Its orders since the day began.
    pub orders_today: u32,
    /// Its orders within the last minute.
    pub orders_last_minute: u32,
}

/// One leg of a combo, with what the account has in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegView {
    /// Its own instrument.
    pub symbol: Symbol,
    /// What it is derived from, or its symbol without its exchange; `None` where nobody asks, or nothing is known.
    pub underlying: Option<Symbol>,
    /// What the order does in it.
    pub side: Side,
    /// So many units of it trade with one of the combo.
    pub ratio: Decimal,
    /// What one unit is worth in the portfolio's currency; `None` without a price or a rate.
    pub unit_value: Option<Decimal>,
    /// What the account has.
    pub units: UnitsView,
    /// What the order's strategy has in the account; `None` as in [`RiskView::strategy`].
    pub of_strategy: Option<UnitsView>,
}

/// What is held of an instrument, and what live orders may still make of it: those for itself, and combos that trade in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitsView {
    /// Negative when short; `None` when that is not known.
    pub held: Option<Decimal>,
    /// How much may still be bought: working, in flight and unknown; `None` when that is not known.
    pub open_buys: Option<Decimal>,
    /// How much may still be sold; `None` likewise.
    pub open_sells: Option<Decimal>,
}

/// What rules need to know of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractFacts {
    /// Its kind of instrument; `None` where only its number is known.
    pub kind: Option<InstrumentKind>,
    /// What it trades in.
    pub currency: Currency,
    /// Units of the underlying in one unit traded.
    pub multiplier: Decimal,
    /// What one unit of its currency is worth in the portfolio's; `None` when nobody told.
    pub rate: Option<Decimal>,
    /// What it is derived from, or its symbol without its exchange; `None` where nobody asks, or nothing is known.
    pub underlying: Option<Symbol>,
}
