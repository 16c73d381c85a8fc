//! Whether an order is taken: what the broker checks before it goes anywhere.
//!
//! Left out: what happens to it then (`placing`).

use super::account::FillCost;
use super::archive::MOST_ENDED;
use super::config::AccountKind;
use super::currency::converted;
use super::holding::Haste;
use super::market::side_index;
use super::order::{LiveOrder, Quirks, Reserve, Running, Slot, Whereabouts};
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{
    AccountId, BrokerOrderId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp,
};
use tradeport_orders::{BrokerPhase, OrderIntent, OrderKind, OrderSize, Side, TimeInForce, TrailingLimit};

/// Why an order or a change is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0} is quoted, not traded: it is of the kind {1}; trade what is derived from it")]
    NotTraded(Symbol, &'static str),
    #[error("{0} is not traded here")]
    Symbol(Symbol),
    #[error("combos have no auctions, so they do not trade as {0} orders")]
    ComboKind(&'static str),
    #[error("{0} is a cash account, which may be short in no leg: trade combos in a margin account")]
    ComboInCash(AccountId),
    #[error("there is no account {0}")]
    Account(AccountId),
    #[error("account {account} trades in {expected}, {symbol} is priced in {found}")]
    Currency { account: AccountId, expected: Currency, symbol: Symbol, found: Currency },
    #[error("another order has the key {0}")]
    OtherOrder(OrderKey),
    #[error("a quantity of {quantity} is not a whole number of lots of {lot}")]
    Lot { quantity: Quantity, lot: Decimal },
    #[error("a {name} of {price} is not a whole number of price steps of {step}")]
    Step { name: &'static str, price: Decimal, step: Decimal },
    #[error("a {name} of {price} is not above zero")]
    NotPositive { name: &'static str, price: Decimal },
    #[error("its time ran out at {0}")]
    Late(Timestamp),
    #[error("no session of {0} is known to come")]
    NoSession(Symbol),
    #[error("the parent order {0} is not known")]
    NoParent(OrderKey),
    #[error("the parent order {0} has ended without filling")]
    DeadParent(OrderKey),
    #[error("no quote of {0} has been seen, so what it costs is unknown")]
    NoPrice(Symbol),
    #[error(
        "cash account {account} holds {held} {symbol} of which {kept} are for sale in open orders: {wanted} cannot be sold"
    )]
    NotHeld { account: AccountId, symbol: Symbol, held: Decimal, kept: Decimal, wanted: Decimal },
    #[error(
        "insufficient funds: the order needs {needed}, account {account} has {available} {currency} left"
    )]
    Funds { account: AccountId, needed: Decimal, available: Decimal, currency: Currency },
    #[error("account {account} is below its maintenance margin: only closing trades are taken")]
    BelowMaintenance { account: AccountId },
    #[error("the numbers are too large to compute with")]
    TooLarge,
    #[error("{found} orders cannot become {wanted} orders")]
    OtherKind { found: &'static str, wanted: &'static str },
    #[error("{filled} have traded already: a quantity of {wanted} is too little")]
    BelowFilled { filled: Decimal, wanted: Quantity },
    #[error("it has been triggered: its trigger can no longer be changed")]
    Triggered,
    #[error("this exchange does not trade {0} orders")]
    Kind(&'static str),
    #[error("this exchange does not know the time in force {0}")]
    TimeInForce(&'static str),
    #[error("this exchange does not support {0}")]
    Unsupported(&'static str),
    #[error("{cash} is not in {currency}, in which {symbol} is priced")]
    CashCurrency { cash: Money, symbol: Symbol, currency: Currency },
    #[error("{cash} buys less than one lot at {price}")]
    TooLittleCash { cash: Money, price: Price },
    #[error("{0} is a combo, which is not shared out")]
    SharedCombo(Symbol),
    #[error("{0} accounts with these weights cannot share an order of {1}")]
    Shares(usize, Quantity),
    #[error("{0}")]
    Wording(String),
    #[error("there is no live order {0}")]
    NotLive(OrderKey),
}

/// What this exchange cannot do is refused, never left out in silence.
fn check_supported(intent: &OrderIntent) -> Result<(), Refusal> {
    check_kind(intent.kind())?;
    check_time_in_force(intent.time_in_force())?;
    let Some(said) = intent.said() else { return Ok(()) };
    let mut rest = said.clone();
    (rest.handling.all_or_none, rest.handling.min_quantity) = (false, None);
    match rest.trading_term() {
        Some(term) => Err(Refusal::Unsupported(term)),
        None => Ok(()),
    }
}

/// The times in force that are known here.
pub(super) const fn check_time_in_force(time: TimeInForce) -> Result<(), Refusal> {
    match time {
        TimeInForce::Auction
        | TimeInForce::GoodTillCrossing
        | TimeInForce::DayTillCancelled
        | TimeInForce::Minutes => Err(Refusal::TimeInForce(time.name())),
        _ => Ok(()),
    }
}

/// The kinds that are traded here.
fn check_kind(kind: &OrderKind) -> Result<(), Refusal> {
    match kind {
        OrderKind::Market
        | OrderKind::Limit { .. }
        | OrderKind::Stop { .. }
        | OrderKind::StopLimit { .. }
        | OrderKind::Trail { .. }
        | OrderKind::TrailLimit { .. }
        | OrderKind::TrailMarketIfTouched { .. }
        | OrderKind::TrailLimitIfTouched { .. }
        | OrderKind::MarketOnClose
        | OrderKind::LimitOnClose { .. }
        | OrderKind::MarketOnOpen
        | OrderKind::LimitOnOpen { .. }
        | OrderKind::MarketIfTouched { .. }
        | OrderKind::LimitIfTouched { .. } => Ok(()),
        other => Err(Refusal::Kind(other.name())),
    }
}

impl Exchange {
    pub(super) fn submit(
        &mut self,
        intent: OrderIntent,
        shares: &[(AccountId, Decimal)],
        haste: Haste,
        out: &mut Vec<Effect>,
    ) {
        let key = intent.key().clone();
        match self.take(intent, shares, haste, out) {
            Ok(()) => {}
            Err(reason) => self.say(ExchangeEvent::Refused { key, reason }, out),
        }
    }

    fn take(
        &mut self,
        intent: OrderIntent,
        shares: &[(AccountId, Decimal)],
        haste: Haste,
        out: &mut Vec<Effect>,
    ) -> Result<(), String> {
        if let Some((known, perm_id, broker_order_id)) = self.known(intent.key()) {
            if *known != intent {
                return Err(Self::other_order(&intent));
            }
            let key = intent.key().clone();
            self.say(ExchangeEvent::Taken { key, perm_id, broker_order_id }, out);
            return Ok(());
        }
        if let Some(reason) = self.scripted_refusal() {
            return Err(reason);
        }
        let order = self.admit(intent, shares, self.quirks).map_err(|refusal| refusal.to_string())?;
        let slot = self.enter(order);
        let order = &self.orders[slot];
        let (perm_id, broker_order_id) = (order.perm_id, order.broker_order_id);
        self.say(ExchangeEvent::Taken { key: order.intent.key().clone(), perm_id, broker_order_id }, out);
        self.set_out(slot, haste, out);
        Ok(())
    }

    pub(super) fn other_order(intent: &OrderIntent) -> String {
        Refusal::OtherOrder(intent.key().clone()).to_string()
    }

    pub(super) fn known(&self, key: &OrderKey) -> Option<(&OrderIntent, PermId, BrokerOrderId)> {
        Some(match *self.keys.get(key)? {
            Whereabouts::Live(slot) => {
                let order = &self.orders[slot];
                (&order.intent, order.perm_id, order.broker_order_id)
            }
            Whereabouts::Ended(number) => {
                let order = self.ended(number)?;
                (&order.intent, order.perm_id, order.broker_order_id)
            }
        })
    }

    fn scripted_refusal(&mut self) -> Option<String> {
        while let Some((count, reason)) = self.refusals.front_mut() {
            if *count == 0 {
                self.refusals.pop_front();
                continue;
            }
            *count -= 1;
            return Some(reason.clone());
        }
        None
    }

    /// Checks everything, and makes the order that would live.
    pub(super) fn admit(
        &self,
        intent: OrderIntent,
        shares: &[(AccountId, Decimal)],
        quirks: Quirks,
    ) -> Result<Box<LiveOrder>, Refusal> {
        let market = self.market_of(intent.symbol()).ok_or(Refusal::Symbol(intent.symbol()))?;
        let account =
            self.account_of(intent.account()).ok_or_else(|| Refusal::Account(intent.account().clone()))?;
        self.check_currency(market, account)?;
        self.check_traded(market)?;
        check_supported(&intent)?;
        self.check_combo(market, account, &intent)?;
        self.check_prices(market, intent.kind())?;
        let quantity = self.units_of(market, &intent)?;
        self.check_lot(market, quantity)?;
        self.check_time(market, &intent)?;
        self.check_parent(&intent)?;
        let group = self.group_name(&intent, account);
        let numbers = (PermId::new(self.next_perm_id), BrokerOrderId::new(self.next_broker_order_id));
        let order = LiveOrder::new(intent, quantity, numbers, (market, account), group, quirks);
        let mut order = Box::new(order);
        order.legs = vec![Running::default(); self.markets[market].legs.len()];
        order.shares = self.shares_for(market, quantity, shares)?;
        order.held_units = self.units_beside_group(&order);
        // A child costs nothing before its parent has filled: only then is it known what it closes.
        if !self.waits_for_parent(&order) {
            order.reserve = self.reserve_for(&order)?;
        }
        Ok(order)
    }

    fn enter(&mut self, mut order: Box<LiveOrder>) -> Slot {
        self.next_perm_id += 1;
        self.next_broker_order_id += 1;
        self.quirks = Default::default();
        if let Some(delay) = self.quirk_delay.take() {
            order.quirks.muted_until = Some(self.now.after(delay));
        }
        let (key, group) = (order.intent.key().clone(), order.group.clone());
        if let Some(parent) = order.intent.parent().and_then(|parent| self.live(parent)) {
            self.orders[parent].children.push(key.clone());
        }
        let slot = self.orders.insert(order);
        if self.keys.capacity() < MOST_ENDED {
            // There will be as many once the archive is full: room for all at once, and each key is hashed once.
            self.keys.reserve(MOST_ENDED - self.keys.len());
        }
        self.keys.insert(key, Whereabouts::Live(slot));
        if let Some(group) = group {
            self.groups.entry(group).or_default().push(slot);
        }
        self.keep(slot);
        slot
    }

    pub(super) fn check_currency(&self, market: usize, account: usize) -> Result<(), Refusal> {
        let (contract, account) = (&self.markets[market].contract, &self.accounts[account]);
        let (expected, found) = (account.cash.currency(), contract.currency());
        if account.holdings[market].is_priced_in(expected) {
            return Ok(());
        }
        Err(Refusal::Currency { account: account.id.clone(), expected, symbol: contract.symbol(), found })
    }

    /// Some contracts are quoted and never traded.
    fn check_traded(&self, market: usize) -> Result<(), Refusal> {
        let contract = &self.markets[market].contract;
        match contract.instrument().kind() {
            Some(kind @ (InstrumentKind::Index | InstrumentKind::ContinuousFuture)) => {
                Err(Refusal::NotTraded(contract.symbol(), kind.name()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_lot(&self, market: usize, quantity: Quantity) -> Result<(), Refusal> {
        let lot = self.markets[market].contract.lot();
        match quantity.as_decimal().checked_rem(lot) {
            Some(rest) if rest.is_zero() => Ok(()),
            _ => Err(Refusal::Lot { quantity, lot }),
        }
    }

    pub(super) fn check_prices(&self, market: usize, kind: &OrderKind) -> Result<(), Refusal> {
        let contract = &self.markets[market].contract;
        let prices = [("limit", kind.limit_price()), ("trigger", kind.trigger_price())];
        for (name, price) in prices {
            let Some(price) = price else { continue };
            if !price.is_positive() && !self.is_combo(market) {
                return Err(Refusal::NotPositive { name, price: price.as_decimal() });
            }
            if !contract.fits_step(price) {
                return Err(Refusal::Step { name, price: price.as_decimal(), step: contract.price_step() });
            }
        }
        let step = contract.price_step();
        let (name, price) = match *kind {
            OrderKind::TrailLimit { limit_offset, .. } => ("limit offset", limit_offset),
            OrderKind::TrailLimitIfTouched { limit: TrailingLimit::Offset(offset), .. } => {
                ("limit offset", offset)
            }
            OrderKind::TrailLimitIfTouched { limit: TrailingLimit::At(limit), .. } => {
                ("limit", limit.as_decimal())
            }
            _ => return Ok(()),
        };
        if name == "limit" && price <= Decimal::ZERO && !self.is_combo(market) {
            return Err(Refusal::NotPositive { name, price });
        }
        let fits = price.checked_rem(step).is_some_and(|rest| rest.is_zero());
        if fits { Ok(()) } else { Err(Refusal::Step { name, price, step }) }
    }

    pub(super) fn check_time(&self, market: usize, intent: &OrderIntent) -> Result<(), Refusal> {
        if let Some(end) = intent.time_in_force().end()
            && end <= self.now
        {
            return Err(Refusal::Late(end));
        }
        let market = &self.markets[market];
        let comes = market.session.is_some() || market.contract.sessions().next_after(self.now).is_some();
        if comes || intent.outside_sessions() {
            return Ok(());
        }
        Err(Refusal::NoSession(market.contract.symbol()))
    }

    /// How many units an order is for. Money becomes as many whole lots as it pays for at the order's own price, or at
    /// the market's when it names none; that is settled when the order is taken.
    fn units_of(&self, index: usize, intent: &OrderIntent) -> Result<Quantity, Refusal> {
        let cash = match intent.size() {
            OrderSize::Units(quantity) => return Ok(quantity),
            OrderSize::Cash(cash) => cash,
            OrderSize::FollowsParent => return Err(Refusal::Unsupported("sizes that follow a parent")),
        };
        let market = &self.markets[index];
        let (symbol, currency) = (market.contract.symbol(), market.contract.currency());
        if cash.currency() != currency {
            return Err(Refusal::CashCurrency { cash, symbol, currency });
        }
        let kind = intent.kind();
        let shown = market.opposite(intent.side()).map(|shown| shown.price).or(market.last_price);
        let price = kind.limit_price().or(kind.trigger_price()).or(shown).ok_or(Refusal::NoPrice(symbol))?;
        let each = price.as_decimal().checked_mul(market.contract.multiplier()).ok_or(Refusal::TooLarge)?;
        let units = cash.amount().checked_div(each).ok_or(Refusal::TooLarge)?;
        Quantity::new(market.in_lots(units)).map_err(|_| Refusal::TooLittleCash { cash, price })
    }

    fn check_parent(&self, intent: &OrderIntent) -> Result<(), Refusal> {
        let Some(parent) = intent.parent() else { return Ok(()) };
        match self.keys.get(parent) {
            None => Err(Refusal::NoParent(parent.clone())),
            Some(Whereabouts::Live(_)) => Ok(()),
            Some(Whereabouts::Ended(number)) => match self.ended(*number) {
                Some(order) if order.status.phase == BrokerPhase::Filled => Ok(()),
                _ => Err(Refusal::DeadParent(parent.clone())),
            },
        }
    }

    pub(super) fn waits_for_parent(&self, order: &LiveOrder) -> bool {
        order.intent.parent().is_some_and(|parent| self.live(parent).is_some())
    }

    /// What the order must keep of its account's money; refused when that is not there.
    pub(super) fn reserve_for(&self, order: &LiveOrder) -> Result<Reserve, Refusal> {
        if !order.shares.is_empty() {
            return self.check_shares(order).map(|()| Reserve::default());
        }
        if self.is_combo(order.market) {
            return self.reserve_for_combo(order);
        }
        let (account, market) = (&self.accounts[order.account], &self.markets[order.market]);
        let side = order.side();
        let towards =
            if side == Side::Buy { account.held(order.market) } else { -account.held(order.market) };
        let kept = account.holdings[order.market].open[side_index(side)];
        let closable = ((-towards).max(Decimal::ZERO) - kept).max(Decimal::ZERO);
        let opening = (order.held_units - closable).clamp(Decimal::ZERO, order.open());
        if opening.is_zero() {
            return Ok(Reserve::default());
        }
        if account.kind == AccountKind::Cash && side == Side::Sell {
            let (symbol, wanted) = (market.contract.symbol(), order.open());
            let held = account.held(order.market);
            return Err(Refusal::NotHeld { account: account.id.clone(), symbol, held, kept, wanted });
        }
        let price =
            self.price_to_reserve(order).ok_or(Refusal::NoPrice(market.contract.symbol()))?.as_decimal();
        let whole = price.checked_mul(market.contract.multiplier()).ok_or(Refusal::TooLarge)?;
        let whole = converted(whole, account.holdings[order.market].rate()).map_err(|_| Refusal::TooLarge)?;
        let share = if account.kind == AccountKind::Cash { Decimal::ONE } else { self.margin.initial };
        let per_unit = whole.checked_mul(share).ok_or(Refusal::TooLarge)?;
        let value = whole.checked_mul(order.open()).ok_or(Refusal::TooLarge)?;
        let (schedule, month) = self.rates_of(account, order.market);
        let cost = FillCost::of(order.running(), side, schedule, month, order.open(), value)
            .ok_or(Refusal::TooLarge)?;
        let reserve = Reserve { opening, per_unit, fee: cost.due.max(Decimal::ZERO) };
        self.check_funds(order, reserve)?;
        Ok(reserve)
    }

    pub(super) fn check_funds(&self, order: &LiveOrder, reserve: Reserve) -> Result<(), Refusal> {
        let account = &self.accounts[order.account];
        let id = || account.id.clone();
        let mut available = account.free().map_err(|_| Refusal::TooLarge)?;
        if account.kind == AccountKind::Margin {
            let valued = account.value(&self.markets).map_err(|_| Refusal::TooLarge)?;
            available = valued.available(available, self.margin).map_err(|_| Refusal::TooLarge)?;
            let cash = account.total_cash().map_err(|_| Refusal::TooLarge)?;
            let equity = cash.plus(valued.positions).map_err(|_| Refusal::TooLarge)?;
            let kept = valued.gross.checked_mul(self.margin.maintenance).ok_or(Refusal::TooLarge)?;
            if equity.amount() < kept {
                return Err(Refusal::BelowMaintenance { account: id() });
            }
        }
        let needed = reserve.of(order.open());
        if needed <= available {
            return Ok(());
        }
        Err(Refusal::Funds { account: id(), needed, available, currency: account.cash.currency() })
    }

    /// The price that a fill is expected at, and at least: the limit, or the trigger or market if that is dearer.
    fn price_to_reserve(&self, order: &LiveOrder) -> Option<Price> {
        if let Some(limit) = order.limit
            && order.side() == Side::Buy
        {
            return Some(limit);
        }
        let market = &self.markets[order.market];
        let now = market.opposite(order.side()).map(|shown| shown.price).or(market.last_price);
        [now, order.limit, order.kind().trigger_price()].into_iter().flatten().max()
    }
}
