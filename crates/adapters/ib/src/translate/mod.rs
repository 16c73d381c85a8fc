//! Pure functions between the domain's values and `ibapi`'s objects.

mod algo;
mod contract;
mod details;
mod error;
mod kind_names;
mod number;
mod order;

pub use algo::{algo_from_ib, algo_to_ib};
pub use contract::{contract_from_ib, contract_to_ib};
pub use details::{MarketRules, contract_details_from_ib, market_rule_from_ib, option_chain_from_ib};
pub use error::{FromIbError, ToIbError};
pub use order::{
    CancelWords, IbOrder, OrderNumbers, ReceivedOrder, Surroundings, Unsent, WrittenTime, cancel_from_ib,
    cancel_to_ib, family_to_ib, order_from_ib, order_to_ib,
};
