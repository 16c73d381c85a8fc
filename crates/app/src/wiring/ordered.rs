//! An instrument as it was asked for, split into what it is and where an order for it goes.
//!
//! What is held, counted and reconciled has one name, however it was asked for; `AAPL@ISLAND` is `AAPL`, sent to ISLAND.

use crate::fault::Fault;
use tradeport_contracts::{Contract, Instrument};
use tradeport_orders::Venue;

/// An instrument that is ready to be ordered.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// By the name under which it is held.
    pub contract: Contract,
    /// As the exchange has it that the order goes to: steps and rules of orders are its.
    pub sent: Contract,
    /// The exchange that the order goes to, where one was asked for that is not the contract's own.
    pub route: Option<Venue>,
}

impl Ordered {
    /// `asked` was found as `sent`, and is held as `contract`. Errors: no order can name that exchange.
    pub(super) fn of(asked: &Instrument, sent: Contract, contract: Contract) -> anyhow::Result<Self> {
        let own = contract.instrument().description();
        let asked_for = asked.description().exchange.as_deref().filter(|_| own.legs.is_empty());
        let route = asked_for.filter(|exchange| own.exchange.as_deref() != Some(exchange));
        let refused =
            |error: tradeport_orders::NotAVenue| Fault::usage(error.to_string(), "tradeport order --help");
        let route = route.map(Venue::new).transpose().map_err(refused)?;
        Ok(Self { contract, sent, route })
    }
}
