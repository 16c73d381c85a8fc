//! What an account has in one instrument: what it holds, and the most that live orders may make of it.
//!
//! Every sum over an account goes over these, whether it is added up anew or kept up to date ([`super::sums`]).

use super::exposure::Supposing;
use super::state::DeskState;
use std::collections::BTreeSet;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, Price, Symbol};
use tradeport_orders::OrderIntent;
use tradeport_portfolio::{Portfolio, Position};

/// An amount of money that waits for its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing, at any price and at none.
    Nothing,
    /// So many units, each for so many of the underlying.
    Units { quantity: Decimal, multiplier: Decimal },
    /// Nobody knows, at any price.
    Unknown,
}

impl Part {
    /// What it comes to; `None` when that is not known.
    pub(super) fn at(self, price: Option<Price>) -> Option<Decimal> {
        match self {
            Self::Nothing => Some(Decimal::ZERO),
            Self::Units { quantity, multiplier } => {
                price?.as_decimal().checked_mul(quantity)?.checked_mul(multiplier)
            }
            Self::Unknown => None,
        }
    }
}

/// One instrument of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stake {
    /// What is held; negative when short.
    pub(super) holding: Part,
    /// The largest position that live orders may make of it, long or short.
    pub(super) worst: Part,
}

impl Stake {
    pub(super) const NONE: Self = Self { holding: Part::Nothing, worst: Part::Nothing };
}

impl DeskState {
    /// What an account has in an instrument, on the book as it would be.
    pub(super) fn stake(&self, portfolio: &Portfolio, symbol: Symbol, supposing: Supposing<'_>) -> Stake {
        let position = portfolio.position(symbol);
        let held = position.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        let holding = position.map_or(Part::Nothing, |position| holding_of(portfolio, position));
        let account = portfolio.account();
        let may_trade = self.is_live(account, symbol) || supposes(supposing, account, symbol);
        if held.is_zero() && !may_trade {
            return Stake { holding, worst: Part::Nothing };
        }
        let worst = self.open(account, symbol, supposing).worst_of(held);
        let multiplier = self.contract(symbol).map_or(Decimal::ONE, Contract::multiplier);
        let worst = worst.map_or(Part::Unknown, |quantity| Part::Units { quantity, multiplier });
        Stake { holding, worst }
    }

    /// Absolute values of all instruments but one, with their live orders at their worst, added up anew.
    pub(super) fn exposure_beside(
        &self,
        portfolio: &Portfolio,
        symbol: Symbol,
        supposing: Supposing<'_>,
        price_of: impl Fn(Symbol) -> Option<Price>,
    ) -> Option<Decimal> {
        let account = portfolio.account();
        let mut symbols: BTreeSet<Symbol> = portfolio.held().map(Position::symbol).collect();
        symbols.extend(self.live_symbols(account));
        symbols.extend(supposed_of(supposing, account).map(OrderIntent::symbol));
        symbols.remove(&symbol);
        symbols.into_iter().try_fold(Decimal::ZERO, |sum, other| {
            sum.checked_add(self.stake(portfolio, other, supposing).worst.at(price_of(other))?)
        })
    }
}

/// What is held counts in the portfolio's currency alone; nobody said at which rate another one would.
fn holding_of(portfolio: &Portfolio, position: &Position) -> Part {
    let one_currency =
        [position.cost(), position.realized()].iter().all(|money| money.currency() == portfolio.currency());
    match position.quantity() {
        _ if !one_currency => Part::Unknown,
        quantity if quantity.is_flat() => Part::Nothing,
        quantity => Part::Units { quantity: quantity.as_decimal(), multiplier: position.multiplier() },
    }
}

fn supposed_of<'a>(
    supposing: Supposing<'a>,
    account: &'a AccountId,
) -> impl Iterator<Item = &'a OrderIntent> {
    supposing.with.iter().filter(move |intent| intent.account() == account)
}

fn supposes(supposing: Supposing<'_>, account: &AccountId, symbol: Symbol) -> bool {
    supposed_of(supposing, account).any(|intent| intent.symbol() == symbol)
}
