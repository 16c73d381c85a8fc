//! Putting the portfolio right on one day: sells first, buys once they are through.
//!
//! An instrument is looked at when it and everything held have fresh quotes, as the desk demands; where quotes come at
//! different moments, that takes a while. What is not through at the close expires with its session and is put right a
//! month later.

use super::data::MarketDay;
use super::settings::RunSettings;
use super::strategy::{Trade, equal_share, order_key, order_kind};
use anyhow::Context;
use time::Date;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey, SignedQuantity, Symbol, Timestamp};
use tradeport_market_data::{Bar, Quote};
use tradeport_orders::{OrderDraft, OrderKind, Side};
use tradeport_portfolio::{Portfolio, TargetInputs, TargetPercent, TargetRules};
use tradeport_trading::OrderDesk;

/// The rebalancing of one day, while it goes on.
pub(super) struct Rebalancing {
    day: Date,
    share: TargetPercent,
    /// Those that nobody has looked at yet.
    unseen: Vec<Symbol>,
    /// Those that are not sold. Each has one order at most, whichever way its price goes meanwhile.
    others: Vec<Symbol>,
    /// These sells must end before anything is bought.
    sells: Vec<OrderKey>,
}

impl Rebalancing {
    /// Equal parts of what trades on that day.
    pub(super) fn of(day: &MarketDay) -> anyhow::Result<Self> {
        let unseen: Vec<Symbol> = day.bars.iter().map(Bar::symbol).collect();
        let share = equal_share(unseen.len())?;
        Ok(Self { day: day.day, share, unseen, others: Vec::new(), sells: Vec::new() })
    }

    /// Goes on after new quotes.
    pub(super) async fn step(
        &mut self,
        desk: &OrderDesk,
        settings: &RunSettings,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let (account, oldest) = (&settings.account, settings.policy.max_quote_age());
        let fresh = |symbol| desk.last_quote(symbol).filter(|quote| now.since(quote.at()) <= oldest);
        let side = if self.unseen.is_empty() { Side::Buy } else { Side::Sell };
        let candidates = if side == Side::Sell { &mut self.unseen } else { &mut self.others };
        let ready: Vec<Quote> = candidates.iter().filter_map(|symbol| fresh(*symbol)).collect();
        if ready.is_empty() || (side == Side::Buy && !all_ended(desk, &self.sells).await?) {
            return Ok(());
        }
        let portfolio = desk.portfolio(account).await.context("the account is gone")?;
        if portfolio.held().any(|position| fresh(position.symbol()).is_none()) {
            return Ok(());
        }
        candidates.retain(|symbol| fresh(*symbol).is_none());
        for quote in ready {
            match self.send(desk, account, &quote, side).await? {
                Sent::OtherSide if side == Side::Sell => self.others.push(quote.symbol()),
                Sent::Market(key) if side == Side::Sell => self.sells.push(key),
                _ => {}
            }
        }
        Ok(())
    }

    /// Sends the order that puts one instrument right, if it is on this side.
    async fn send(
        &self,
        desk: &OrderDesk,
        account: &AccountId,
        quote: &Quote,
        side: Side,
    ) -> anyhow::Result<Sent> {
        let symbol = quote.symbol();
        let portfolio = desk.portfolio(account).await.context("the account is gone")?;
        let contract = desk.contract(symbol).await?;
        let (value, trade) = self.trade(desk, &portfolio, &contract)?;
        let Some(trade) = trade.filter(|trade| trade.side == side) else { return Ok(Sent::OtherSide) };
        let Some(kind) = order_kind(&trade, value, quote, contract.price_step()) else {
            return Ok(Sent::Patient);
        };
        let key = order_key(self.day, symbol)?;
        if kind == OrderKind::Market {
            desk.target(key.clone(), account, symbol, self.share, &TargetRules::default()).await?;
            return Ok(Sent::Market(key));
        }
        let draft = OrderDraft::new(key, account.clone(), symbol, side, trade.quantity, kind);
        desk.submit(draft.check()?).await?;
        Ok(Sent::Patient)
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

/// What became of one instrument's order.
enum Sent {
    /// There is nothing to do on this side.
    OtherSide,
    /// At the market, under this key.
    Market(OrderKey),
    /// At a price that is waited for, or not at all for want of one.
    Patient,
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
