//! What margin one contract takes: asked of the broker, and kept with the moment at which it was said.

use super::{DeskError, OrderDesk};
use std::sync::PoisonError;
use tradeport_contracts::Contract;
use tradeport_contracts::futures::{MarginBook, MarginDraft, MarginRequirement};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Quantity, Symbol};
use tradeport_orders::{ClearedPreview, OrderDraft, OrderKind, Side};

/// Under this key margins are asked for: a preview leaves no order, so it is never used up.
const KEY: &str = "margin-of-one";

impl OrderDesk {
    /// Asks the broker what one contract more would tie up, and keeps the answer.
    ///
    /// The order asked about opens: it is on the side of what is held already, since one that closes frees margin.
    /// Errors: [`DeskError::Preview`] when the broker gives no preview, [`DeskError::NoMargin`] when that says nothing of
    /// margins, [`DeskError::Margin`] when what it says is no margin of one contract.
    pub async fn refresh_margin(
        &self,
        account: &AccountId,
        symbol: Symbol,
    ) -> Result<MarginRequirement, DeskError> {
        let contract = self.contract(symbol).await?;
        let held = {
            let state = self.state().await;
            let portfolio =
                state.portfolio(account).ok_or_else(|| DeskError::UnknownAccount(account.clone()))?;
            portfolio.position(symbol).map_or(Decimal::ZERO, |held| held.quantity().as_decimal())
        };
        let side = if held < Decimal::ZERO { Side::Sell } else { Side::Buy };
        let one = one_of(&contract);
        let key = OrderKey::new(KEY).expect("small letters and hyphens make a key");
        self.audit("margin asked", &key, format!("{side} {one} {symbol}")).await?;
        let draft = OrderDraft::new(key, account.clone(), symbol, side, one, OrderKind::Market);
        let preview = self.ports.gateway.preview(&ClearedPreview::by_desk(draft.check()?)).await?;
        let said = preview.initial_margin.change.zip(preview.maintenance_margin.change);
        let (initial, maintenance) = said.ok_or(DeskError::NoMargin(symbol))?;
        let (as_of, source) = (self.ports.clock.now(), format!("what-if, account {account}"));
        let change = MarginDraft { initial, maintenance, as_of, source };
        let requirement = MarginRequirement::from_what_if(change, one)?;
        self.margin_book(|book| book.update(symbol, requirement.clone()));
        Ok(requirement)
    }

    /// What is known of margins: each with the moment at which the broker said so.
    #[must_use]
    pub fn margins(&self) -> MarginBook {
        self.margin_book(|book| book.clone())
    }

    fn margin_book<T>(&self, work: impl FnOnce(&mut MarginBook) -> T) -> T {
        work(&mut self.margins.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One contract, or the least that can be ordered when that is more or not a whole number of lots.
fn one_of(contract: &Contract) -> Quantity {
    let lot = contract.lot();
    let whole = Decimal::ONE.checked_rem(lot).is_some_and(|rest| rest.is_zero());
    let units = if whole { Decimal::ONE } else { lot };
    Quantity::new(units).expect("a lot is above zero")
}
