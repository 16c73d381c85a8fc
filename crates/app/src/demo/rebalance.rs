//! Putting the portfolio right on one day: sells first, buys once they are through.
//!
//! What is not through at the close expires with its session and is put right a month later.

use super::data::MarketDay;
use super::strategy::{Trade, equal_share, order_key, order_kind};
use anyhow::Context;
use time::Date;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey, SignedQuantity, Symbol};
use tradeport_orders::{OrderDraft, OrderKind, Side};
use tradeport_portfolio::{Portfolio, TargetInputs, TargetPercent, TargetRules};
use tradeport_trading::OrderDesk;

/// The rebalancing of one day, while it goes on.
pub(super) struct Rebalancing {
    day: Date,
    /// Those without an order yet: each has one, whichever way its price goes meanwhile.
    waiting: Vec<Symbol>,
    share: TargetPercent,
    stage: Stage,
}

enum Stage {
    /// Nothing was sent yet.
    Sells,
    /// These sells must end before anything is bought.
    Buys(Vec<OrderKey>),
    Done,
}

impl Rebalancing {
    /// Equal parts of what trades on that day.
    pub(super) fn of(day: &MarketDay) -> anyhow::Result<Self> {
        let symbols: Vec<Symbol> = day.bars.iter().map(|bar| bar.bar().symbol()).collect();
        Ok(Self { day: day.day, share: equal_share(symbols.len())?, waiting: symbols, stage: Stage::Sells })
    }

    /// Goes on after new quotes.
    pub(super) async fn step(&mut self, desk: &OrderDesk, account: &AccountId) -> anyhow::Result<()> {
        match &self.stage {
            Stage::Sells => {
                let sells = self.send(desk, account, Side::Sell).await?;
                self.stage = Stage::Buys(sells);
            }
            Stage::Buys(sells) => {
                if all_ended(desk, sells).await? {
                    self.send(desk, account, Side::Buy).await?;
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        Ok(())
    }

    /// Sends the orders of one side; the keys of those that others must wait for.
    async fn send(
        &mut self,
        desk: &OrderDesk,
        account: &AccountId,
        side: Side,
    ) -> anyhow::Result<Vec<OrderKey>> {
        let mut sent = Vec::new();
        for symbol in std::mem::take(&mut self.waiting) {
            let portfolio = desk.portfolio(account).await.context("the account is gone")?;
            let contract = desk.contract(symbol).await?;
            let (value, trade) = self.trade(desk, &portfolio, &contract)?;
            let Some(trade) = trade.filter(|trade| trade.side == side) else {
                self.waiting.push(symbol);
                continue;
            };
            let quote = desk.last_quote(symbol).context("an instrument without a quote")?;
            let Some(kind) = order_kind(&trade, value, &quote, contract.price_step()) else { continue };
            let key = order_key(self.day, symbol)?;
            if kind == OrderKind::Market {
                desk.target(key.clone(), account, symbol, self.share, &TargetRules::default()).await?;
                sent.push(key);
            } else {
                let draft = OrderDraft::new(key, account.clone(), symbol, side, trade.quantity, kind);
                desk.submit(draft.check()?).await?;
            }
        }
        Ok(sent)
    }

    /// What the portfolio is worth, and the trade that reaches the target.
    fn trade(
        &self,
        desk: &OrderDesk,
        portfolio: &Portfolio,
        contract: &Contract,
    ) -> anyhow::Result<(Decimal, Option<Trade>)> {
        let price_of = |symbol| desk.last_quote(symbol).and_then(|quote| quote.mid());
        let symbol = contract.symbol();
        let portfolio_value = portfolio.value(price_of)?.total;
        let held = portfolio.position(symbol).map_or(SignedQuantity::ZERO, |position| position.quantity());
        let price = price_of(symbol).context("an instrument without a price")?;
        let (multiplier, lot) = (contract.multiplier(), contract.lot());
        let inputs = TargetInputs { symbol, portfolio_value, held, price, multiplier, lot };
        let trade = self.share.trade(&inputs, &TargetRules::default())?.map(|(side, quantity)| {
            let value = quantity.as_decimal() * price.as_decimal() * multiplier;
            Trade { side, quantity, value }
        });
        Ok((portfolio_value.amount(), trade))
    }
}

async fn all_ended(desk: &OrderDesk, keys: &[OrderKey]) -> anyhow::Result<bool> {
    for key in keys {
        let order = desk.order(key).await.context("an order that was sent is unknown")?;
        if order.state().may_trade() {
            return Ok(false);
        }
    }
    Ok(true)
}
