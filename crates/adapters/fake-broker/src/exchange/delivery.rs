//! Options that end by being exercised, or by lapsing: they go, and what they are on comes at the strike.
//!
//! Both are executions of the same order, free of charge: the option's at zero, or at what it pays in cash, and that of
//! what is delivered at the strike. What was paid for the option is realized with it. Left out: whether the account could
//! afford it, and options that were sold: their holder decides.

use super::input::Delivered;
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol};
use tradeport_orders::{BrokerPhase, BrokerStatus, Commission, ExecutedPart, Execution, ExecutionId, Side};

/// What goes: so many of this, out of this account, at this price.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    pub(super) account: AccountId,
    pub(super) symbol: Symbol,
    pub(super) quantity: Quantity,
    pub(super) price: Price,
}

impl Exchange {
    /// Takes what leaves out of an account, and brings what is delivered for it.
    pub(super) fn deliver(
        &mut self,
        key: &OrderKey,
        leaving: &Leaving,
        delivered: Option<&Delivered>,
        out: &mut Vec<Effect>,
    ) {
        if let Err(reason) = self.try_deliver(key, leaving, delivered, out) {
            self.say(ExchangeEvent::Refused { key: key.clone(), reason }, out);
        }
    }

    fn try_deliver(
        &mut self,
        key: &OrderKey,
        leaving: &Leaving,
        delivered: Option<&Delivered>,
        out: &mut Vec<Effect>,
    ) -> Result<(), String> {
        let unknown = |symbol: Symbol| format!("{symbol} is not traded here");
        let account = self.account_of(&leaving.account);
        let account = account.ok_or_else(|| format!("there is no account {}", leaving.account))?;
        let market = self.market_of(leaving.symbol).ok_or_else(|| unknown(leaving.symbol))?;
        let held = self.accounts[account].held(market);
        if held < leaving.quantity.as_decimal() {
            return Err(format!("{} holds {held} of {}", leaving.account, leaving.symbol));
        }
        let perm_id = PermId::new(self.next_perm_id);
        self.next_perm_id += 1;
        let mut trades = vec![(market, self.delivery(key, perm_id, leaving, Side::Sell))];
        if let Some(it) = delivered {
            let to = self.market_of(it.symbol).ok_or_else(|| unknown(it.symbol))?;
            let account = leaving.account.clone();
            let comes = Leaving { account, symbol: it.symbol, quantity: it.quantity, price: it.price };
            trades.push((to, self.delivery(key, perm_id, &comes, it.side)));
        }
        let free: Vec<_> = trades.iter().map(|(market, it)| (*market, it, Decimal::ZERO)).collect();
        self.accounts[account].trade_all(&free).map_err(|error| error.to_string())?;
        let nothing = Money::zero(self.accounts[account].cash.currency());
        for (_, execution) in &trades {
            self.executions.push(execution.clone());
            let commission = Commission { execution: execution.id.clone(), amount: nothing };
            self.say(ExchangeEvent::Executed { execution: execution.clone() }, out);
            self.say(ExchangeEvent::Charged { key: key.clone(), commission }, out);
        }
        let filled = leaving.quantity.as_decimal();
        let status =
            BrokerStatus { phase: BrokerPhase::Filled, filled, perm_id: Some(perm_id), reason: None };
        self.say(ExchangeEvent::Status { key: key.clone(), status }, out);
        for (market, _) in trades {
            self.say_position(account, market, out);
        }
        Ok(())
    }

    fn delivery(&mut self, key: &OrderKey, perm_id: PermId, it: &Leaving, side: Side) -> Execution {
        let number = self.count();
        Execution {
            id: ExecutionId::new(&format!("{:08x}.{number:08x}", self.seed), 1),
            key: Some(key.clone()),
            perm_id,
            account: it.account.clone(),
            symbol: it.symbol,
            side,
            quantity: it.quantity,
            price: it.price,
            at: self.now,
            part: ExecutedPart::Whole,
        }
    }
}
