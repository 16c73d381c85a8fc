//! What an account has in one instrument: what it holds, and the most that live orders may make of it.
//!
//! Every sum over an account goes over these, whether it is added up anew or kept up to date ([`super::sums`]).

use super::exposure::{OpenUnits, Supposing};
use super::state::DeskState;
use std::collections::BTreeSet;
use tradeport_kernel::{AccountId, Currency, Decimal, Price, Symbol};
use tradeport_orders::OrderIntent;
use tradeport_portfolio::{Portfolio, Position};

/// An amount of money that waits for its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing, at any price and at none.
    Nothing,
    /// So many units, each for so many of the underlying, in the account's own currency.
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
        let others = self.others.open(account, symbol) != OpenUnits::NONE;
        let is_owed = self.owed.units(account, symbol) != OpenUnits::NONE;
        let may_trade =
            others || is_owed || self.is_live(account, symbol) || supposes(supposing, account, symbol);
        if held.is_zero() && !may_trade {
            return Stake { holding, worst: Part::Nothing };
        }
        let worst = self.open(account, symbol, supposing).worst_of(held);
        let worth = match self.contract(symbol) {
            Some(contract) => worth_of_unit(portfolio, contract.multiplier(), contract.currency()),
            // Of what others order nobody here has looked up what one unit stands for.
            None => (!others).then_some(Decimal::ONE),
        };
        let worst = worst.zip(worth).map(|(quantity, multiplier)| Part::Units { quantity, multiplier });
        Stake { holding, worst: worst.unwrap_or(Part::Unknown) }
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

/// What is held counts in the portfolio's currency, by the rate that it was told.
fn holding_of(portfolio: &Portfolio, position: &Position) -> Part {
    let (quantity, realized) = (position.quantity().as_decimal(), position.realized());
    let worth = worth_of_unit(portfolio, position.multiplier(), position.cost().currency());
    match worth {
        // What was earned elsewhere is a part of what the account is worth.
        None if quantity.is_zero() && realized.amount().is_zero() => Part::Nothing,
        None => Part::Unknown,
        Some(_) if quantity.is_zero() => Part::Nothing,
        Some(multiplier) => Part::Units { quantity, multiplier },
    }
}

/// What one unit at a price of one is worth in the portfolio's currency; `None` without a rate.
fn worth_of_unit(portfolio: &Portfolio, multiplier: Decimal, currency: Currency) -> Option<Decimal> {
    multiplier.checked_mul(portfolio.rate_of(currency)?)
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
