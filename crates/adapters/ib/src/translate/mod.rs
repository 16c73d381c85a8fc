//! Pure functions between the domain's values and `ibapi`'s objects.

mod account;
mod algo;
mod bar;
mod computation;
mod contract;
mod details;
mod error;
mod kind_names;
mod number;
mod order;
mod pnl;
mod quote;
mod tick;

pub use account::{AccountFigures, position_from_ib};
pub use algo::{algo_from_ib, algo_to_ib};
pub use bar::{bar_from_ib, bar_size_to_ib};
pub use computation::computation_from_ib;
pub(crate) use contract::multiplier_from_ib;
pub use contract::{contract_from_ib, contract_to_ib};
pub use details::{MarketRules, contract_details_from_ib, market_rule_from_ib, option_chain_from_ib};
pub use error::{FromIbError, ToIbError};
pub use order::{
    CANNOT_SAY, CancelWords, IbOrder, OrderNumbers, OrderTerms, ReceivedOrder, Surroundings, Unsent,
    WrittenTime, broker_order_from_ib, cancel_from_ib, cancel_to_ib, commission_from_ib, execution_from_ib,
    execution_id_from_ib, family_to_ib, key_from_ib, order_from_ib, order_to_ib, phase_from_ib,
    preview_from_ib, status_from_ib, terms_from_ib, told_order,
};
pub use pnl::{gains_from_ib, position_gains_from_ib};
pub use quote::{level_from_ib, quote_from_ib};
pub use tick::{mid_from_ib, print_from_ib};
