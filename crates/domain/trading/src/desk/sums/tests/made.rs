//! Orders, contracts and amounts of which there are only a few.

use super::{ACCOUNTS, NAMES};
use tradeport_contracts::{
    Combo, ComboLeg, Contract, ContractDraft, ContractId, Instrument, LegAction, Stock, TradingSessions,
};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, OcaGroup, OrderDraft, OrderIntent, OrderKind, OrderSize,
    PlacedBy, Side,
};

/// An order that was made by hand; without a number of units it is for a sum of money.
pub(super) fn listed(account: usize, name: usize, buys: bool, units: Option<u32>) -> BrokerOrder {
    let cash = || OrderSize::Cash(Money::new(1_000.into(), Currency::USD));
    let perm_id = Some(PermId::new(7));
    BrokerOrder {
        key: None,
        perm_id,
        broker_order_id: None,
        account: id(ACCOUNTS[account]),
        symbol: symbol(name),
        side: if buys { Side::Buy } else { Side::Sell },
        size: units.map_or_else(cash, |units| quantity(units).into()),
        kind: None,
        time_in_force: None,
        parent: None,
        group: None,
        status: BrokerStatus { phase: BrokerPhase::Working, filled: Decimal::ZERO, perm_id, reason: None },
        placed_by: Some(PlacedBy::Hand),
    }
}

pub(super) fn id(account: &str) -> AccountId {
    AccountId::new(account).unwrap()
}

/// One of the instruments; beyond them the combo.
pub(super) fn symbol(name: usize) -> Symbol {
    NAMES.get(name).map_or_else(|| combo().symbol(), |name| Symbol::new(name).unwrap())
}

pub(super) fn price(cents: i64) -> Price {
    Price::new(Decimal::new(cents, 2)).unwrap()
}

pub(super) fn quantity(units: u32) -> Quantity {
    Quantity::new(units.into()).unwrap()
}

pub(super) fn intent(
    key: &str,
    account: usize,
    name: usize,
    buys: bool,
    units: u32,
    (parent, group): (Option<OrderKey>, Option<u8>),
) -> OrderIntent {
    let side = if buys { Side::Buy } else { Side::Sell };
    let key = OrderKey::new(key).unwrap();
    let of = (id(ACCOUNTS[account]), symbol(name));
    let mut draft = OrderDraft::new(key, of.0, of.1, side, quantity(units), OrderKind::Market);
    if let Some(parent) = parent {
        draft = draft.child_of(parent);
    }
    if let Some(group) = group {
        draft = draft.in_group(OcaGroup::new(OrderKey::new(&format!("group-{group}")).unwrap()));
    }
    draft.check().unwrap()
}

pub(super) fn contract(id: i64, instrument: Instrument, multiplier: i64) -> Contract {
    let draft = ContractDraft {
        id: ContractId::new(id),
        symbol: instrument.symbol(),
        instrument,
        name: "A THING".to_owned(),
        currency: Currency::USD,
        price_step: Decimal::new(1, 2),
        lot: Decimal::ONE,
        multiplier: multiplier.into(),
        sessions: TradingSessions::always(),
        details: Default::default(),
    };
    draft.check().unwrap()
}

pub(super) fn stock(name: usize, multiplier: i64) -> Contract {
    contract(100 + i64::try_from(name).unwrap(), Stock::new(NAMES[name]).unwrap().into(), multiplier)
}

/// Two of the first for one of the second.
pub(super) fn combo() -> Contract {
    let leg = |id, ratio, action| ComboLeg::new(ContractId::new(id), ratio, action).unwrap();
    let legs = vec![leg(100, 2, LegAction::Buy), leg(101, 1, LegAction::Sell)];
    contract(200, Combo::new("A,B", legs).unwrap().into(), 1)
}
