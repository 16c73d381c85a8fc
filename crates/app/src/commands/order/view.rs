//! An order as it is printed.

use super::kind_words::kind_words;
use crate::output::{Column, Grid, Tone};
use serde::Serialize;
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, StrategyId, Symbol, Timestamp,
};
use tradeport_orders::{Execution, Order, OrderIntent, OrderKind, OrderSize, OrderState, Side, Venue};

/// An order, for JSON and for tables.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OrderView {
    pub(crate) key: OrderKey,
    account: AccountId,
    strategy: Option<StrategyId>,
    symbol: Symbol,
    route: Option<Venue>,
    side: Side,
    quantity: Option<Decimal>,
    size: OrderSize,
    #[serde(rename = "type")]
    type_name: &'static str,
    kind: OrderKind,
    time_in_force: &'static str,
    good_till: Option<Timestamp>,
    pub(crate) state: OrderState,
    /// It waits at the broker for the last of its family: nothing of it trades before that.
    held_back: bool,
    filled: Decimal,
    average_price: Option<Price>,
    commissions: Vec<Money>,
    perm_id: Option<PermId>,
    reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    executions: Vec<ExecutionView>,
}

#[derive(Clone, Debug, Serialize)]
struct ExecutionView {
    id: String,
    at: Timestamp,
    /// Of what: the order's own instrument, or a leg of it.
    symbol: Symbol,
    side: Side,
    quantity: Decimal,
    price: Price,
}

impl OrderView {
    pub(crate) fn of(order: &Order) -> Self {
        let intent = order.intent();
        // A change may have made it another one.
        let time_in_force = order.wording().time_in_force();
        let good_till = time_in_force.end();
        Self {
            key: intent.key().clone(),
            account: intent.account().clone(),
            strategy: intent.strategy().cloned(),
            symbol: intent.symbol(),
            route: intent.route(),
            side: order.side(),
            quantity: order.quantity().map(Quantity::as_decimal),
            size: order.size(),
            type_name: order.kind().name(),
            kind: *order.kind(),
            time_in_force: time_in_force.name(),
            good_till,
            state: order.state(),
            held_back: order.is_held_back() && order.state().may_trade(),
            filled: order.filled(),
            average_price: order.average_price(),
            commissions: total_by_currency(order.commissions()),
            perm_id: order.perm_id(),
            reason: order.reason().filter(|reason| !reason.is_empty()).map(str::to_owned),
            created_at: order.created_at(),
            updated_at: order.updated_at(),
            executions: order.executions().map(ExecutionView::of).collect(),
        }
    }

    /// Names and values, one a line.
    pub(crate) fn facts(&self) -> Grid {
        let mut grid = Grid::facts();
        grid.fact("key", self.key.as_str());
        grid.fact("account", self.account.as_str());
        if let Some(strategy) = &self.strategy {
            grid.fact("strategy", strategy.as_str());
        }
        grid.fact("order", self.words());
        grid.fact("time in force", self.time_words());
        let waits = if self.held_back { ", held back: it waits for the rest of its family" } else { "" };
        grid.fact("state", format!("{}{waits}", self.state));
        grid.fact("filled", format!("{} of {}", self.filled.normalize(), size_words(&self.shown_size())));
        if let Some(price) = self.average_price {
            grid.fact("average price", price.as_decimal().round_dp(4).normalize().to_string());
        }
        for amount in &self.commissions {
            grid.fact("commissions", amount.to_string());
        }
        if let Some(reason) = &self.reason {
            grid.fact("reason", reason.as_str());
        }
        grid.fact("created", self.created_at.to_string());
        grid.fact("updated", self.updated_at.to_string());
        grid
    }

    /// Its executions.
    pub(crate) fn executions(&self) -> Grid {
        let columns = vec![
            Column::Words("execution"),
            Column::Words("time"),
            Column::Words("side"),
            Column::Words("instrument"),
            Column::Numbers("quantity"),
            Column::Numbers("price"),
        ];
        let mut grid = Grid::new(columns);
        for execution in &self.executions {
            let (quantity, price) =
                (execution.quantity.normalize(), execution.price.as_decimal().normalize());
            grid.row([
                execution.id.clone(),
                execution.at.to_string(),
                execution.side.to_string(),
                execution.symbol.to_string(),
                quantity.to_string(),
                price.to_string(),
            ]);
        }
        grid
    }

    /// The units, or the money while nobody knows how many that is.
    fn shown_size(&self) -> OrderSize {
        self.quantity.and_then(|quantity| Quantity::new(quantity).ok()).map_or(self.size, OrderSize::Units)
    }

    /// `buy 10 AAPL LMT 187.25`.
    pub(crate) fn words(&self) -> String {
        order_words(self.side, &self.shown_size(), &at_route(self.symbol, self.route), &self.kind)
    }

    fn time_words(&self) -> String {
        match self.good_till {
            Some(moment) => format!("{} {moment}", self.time_in_force),
            None => self.time_in_force.to_owned(),
        }
    }
}

fn size_words(size: &OrderSize) -> String {
    size.quantity().map_or_else(|| size.to_string(), |units| units.as_decimal().normalize().to_string())
}

/// `AAPL`, or `AAPL at ISLAND` where it goes nowhere else.
pub(crate) fn named(intent: &OrderIntent) -> String {
    at_route(intent.symbol(), intent.route())
}

pub(super) fn at_route(symbol: Symbol, route: Option<Venue>) -> String {
    route.map_or_else(|| symbol.to_string(), |route| format!("{symbol} at {route}"))
}

/// `buy 10 AAPL LMT 187.25`.
pub(crate) fn order_words(side: Side, size: &OrderSize, named: &str, kind: &OrderKind) -> String {
    format!("{side} {} {named} {}", size_words(size), kind_words(kind))
}

/// Many orders, one a line.
pub(crate) fn table(orders: &[OrderView]) -> Grid {
    let columns = vec![
        Column::Words("key"),
        Column::Words("order"),
        Column::Words("tif"),
        Column::Words("state"),
        Column::Numbers("filled"),
        Column::Numbers("average price"),
        Column::Words("created"),
    ];
    let mut grid = Grid::new(columns);
    for order in orders {
        let tone = match order.state {
            OrderState::Filled => Tone::Good,
            OrderState::Refused | OrderState::NotSent | OrderState::Unknown => Tone::Bad,
            _ => Tone::Plain,
        };
        let average = order.average_price.map(|price| price.as_decimal().round_dp(4).normalize().to_string());
        grid.toned([
            (order.key.to_string(), Tone::Plain),
            (order.words(), Tone::Plain),
            (order.time_in_force.to_owned(), Tone::Plain),
            (format!("{}{}", order.state, if order.held_back { ", held back" } else { "" }), tone),
            (order.filled.normalize().to_string(), Tone::Plain),
            (average.unwrap_or_default(), Tone::Plain),
            (order.created_at.to_string(), Tone::Plain),
        ]);
    }
    grid
}

impl ExecutionView {
    fn of(execution: &Execution) -> Self {
        Self {
            id: execution.id.to_string(),
            at: execution.at,
            symbol: execution.symbol,
            side: execution.side,
            quantity: execution.quantity.as_decimal(),
            price: execution.price,
        }
    }
}

fn total_by_currency(amounts: impl Iterator<Item = Money>) -> Vec<Money> {
    let mut totals: Vec<(Currency, Money)> = Vec::new();
    for amount in amounts {
        match totals.iter_mut().find(|(currency, _)| *currency == amount.currency()) {
            // A sum beyond 28 digits would be a broker's mistake; the single amounts are in the journal.
            Some((_, total)) => *total = total.plus(amount).unwrap_or(*total),
            None => totals.push((amount.currency(), amount)),
        }
    }
    totals.into_iter().map(|(_, total)| total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_orders::{OrderDraft, OrderInput};

    #[test]
    fn an_entry_that_waits_for_its_family_is_told_from_one_that_works() {
        let (key, account) = ("k".parse().unwrap(), "DU1".parse().unwrap());
        let (size, kind) = ("10".parse::<Quantity>().unwrap(), OrderKind::Market);
        let intent = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, kind).check();
        let mut order = Order::open(intent.unwrap(), Timestamp::EPOCH);
        let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
        let mut seen = Vec::new();
        for input in [OrderInput::Sent, OrderInput::HeldBack, accepted, OrderInput::Released] {
            order.apply(&input, Timestamp::EPOCH);
            let view = OrderView::of(&order);
            assert_eq!(serde_json::to_value(&view).unwrap()["held_back"], view.held_back);
            seen.push((view.state, view.held_back));
        }
        use OrderState::{Held, Sent};
        assert_eq!(seen, [(Sent, false), (Sent, true), (Held, true), (Held, false)]);
    }
}
