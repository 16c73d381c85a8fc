//! Laws of splits: value stays, to the digits of a price; what is not of the instrument stays as it was.

use crate::script::{self, exchange, steps};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_contracts::CorporateAction;
use tradeport_fake_broker::Exchange;
use tradeport_fake_broker::exchange::{Effect, ExchangeEvent, Input};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, Symbol};
use tradeport_orders::BrokerPhase;
use tradeport_portfolio::{AccountSummary, Position};

/// Half of the last place of a price after a split.
const HALF_A_PLACE: Decimal = Decimal::from_parts(5, 0, 0, false, 7);
/// The digits that sums of 28 digits may lose.
const ROUNDING: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

/// The books of one account.
struct Books {
    summary: AccountSummary,
    positions: BTreeMap<Symbol, Position>,
    commissions: Money,
    reserved: Decimal,
}

impl Books {
    fn of(exchange: &Exchange, account: &AccountId) -> Self {
        let positions = exchange.positions(account).unwrap();
        Self {
            summary: exchange.summary(account).unwrap().unwrap(),
            positions: positions.into_iter().map(|position| (position.symbol(), position)).collect(),
            commissions: exchange.commissions(account).unwrap(),
            reserved: exchange.reserved(account).unwrap(),
        }
    }

    fn held(&self, symbol: Symbol) -> Decimal {
        self.positions.get(&symbol).map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
    }

    fn cost(&self, symbol: Symbol) -> Decimal {
        self.positions.get(&symbol).map_or(Decimal::ZERO, |position| position.cost().amount())
    }
}

fn books(exchange: &Exchange) -> Vec<Books> {
    (0..3).map(|number| Books::of(exchange, &script::account(number))).collect()
}

fn open(exchange: &Exchange) -> BTreeMap<OrderKey, Symbol> {
    let orders = exchange.open_orders();
    orders.iter().map(|(order, _)| (order.intent.key().clone(), order.intent.symbol())).collect()
}

fn near(a: Decimal, b: Decimal, most: Decimal) -> bool {
    (a - b).abs() <= most + ROUNDING
}

fn check_account(before: &Books, after: &Books, exchange: &Exchange, action: &CorporateAction) {
    let (split, other) = (script::symbol(0), script::symbol(1));
    assert_eq!(after.positions.get(&other), before.positions.get(&other));
    assert_eq!(
        (after.summary.realized_pnl, after.commissions),
        (before.summary.realized_pnl, before.commissions)
    );
    assert!(after.reserved >= Decimal::ZERO && after.reserved <= before.reserved);
    let (whole, fraction) = action.quantity_after(before.held(split));
    assert_eq!(after.held(split), whole);
    let paid = after.summary.cash.amount() - before.summary.cash.amount();
    let (worth, was_worth) = (after.summary.net_liquidation, before.summary.net_liquidation);
    let share = if fraction.is_zero() { Decimal::ONE } else { whole / (whole + fraction) };
    assert!(
        near(after.cost(split), before.cost(split) * share, Decimal::ZERO),
        "what is left keeps its cost"
    );
    match exchange.last_price(split) {
        Some(price) => {
            let due = fraction * price.as_decimal();
            assert!(near(paid, due, Decimal::ZERO), "{paid} in place of {due} for the fraction");
            let most = (whole + fraction).abs() * HALF_A_PLACE;
            assert!(near(worth.amount(), was_worth.amount(), most), "{was_worth} became {worth}");
        }
        // Never quoted, so valued at cost: what is paid out is what left the cost.
        None => {
            assert!(near(worth.amount(), was_worth.amount(), Decimal::ZERO), "{was_worth} became {worth}")
        }
    }
}

fn check_orders(before: &BTreeMap<OrderKey, Symbol>, exchange: &Exchange, effects: &[Effect]) {
    let after = open(exchange);
    assert!(after.values().all(|symbol| *symbol != script::symbol(0)), "an order of old shares is open");
    assert!(after.keys().all(|key| before.contains_key(key)));
    for key in before.keys().filter(|key| !after.contains_key(key)) {
        // The exchange's own word: what it reports may be delayed, and come with what was delayed before.
        let status = exchange.status_of(key).unwrap();
        assert_eq!(status.phase, BrokerPhase::Cancelled, "{key}");
    }
    for effect in effects {
        let money = matches!(effect.event, ExchangeEvent::Executed { .. } | ExchangeEvent::Charged { .. });
        assert!(!money, "a split traded: {:?}", effect.event);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_local_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn a_split_keeps_what_everybody_is_worth_and_ends_orders_of_old_shares(
        seed in 7..9_u64,
        steps in steps(120),
        (new, old) in (1..25_u32, 1..25_u32),
        later in any::<bool>(),
    ) {
        let mut exchange = exchange(seed);
        crate::run(&mut exchange, &steps, |_, _, _| {});
        // Later, at a moment of its own: nothing else is set for an odd nanosecond.
        let wait = if later { Duration::new(13, 1) } else { Duration::ZERO };
        let effective = exchange.now().after(wait);
        let action = CorporateAction::split(script::symbol(0), effective, new, old).unwrap();
        let mut effects = Vec::new();
        if later {
            let now = exchange.now();
            exchange.step(Input::Split { action: action.clone() }, now, &mut effects);
            exchange.step(Input::Advance, effective.before(Duration::from_nanos(1)), &mut effects);
            effects.clear();
        }
        let (accounts, orders) = (books(&exchange), open(&exchange));
        let input = if later { Input::Advance } else { Input::Split { action: action.clone() } };
        exchange.step(input, effective, &mut effects);
        for (before, after) in accounts.iter().zip(&books(&exchange)) {
            check_account(before, after, &exchange, &action);
        }
        check_orders(&orders, &exchange, &effects);
        // The state is whole: it can be kept, read back, and goes on.
        let kept = serde_json::to_string(&exchange).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Exchange>(&kept).unwrap(), &exchange);
    }
}
