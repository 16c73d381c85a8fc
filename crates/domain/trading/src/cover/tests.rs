use super::*;
use tradeport_kernel::{Currency, Money, OrderKey, PermId, Quantity, SignedQuantity};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, OrderDraft, OrderInput,
};
use tradeport_portfolio::Position;

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

/// What happens to a stop for 100 that the broker knows by this number.
fn stop(number: i64, happens: impl IntoIterator<Item = OrderInput>) -> Order {
    let kind = OrderKind::Stop { stop: "80".parse().unwrap() };
    let (key, units) = (OrderKey::new("s").unwrap(), Quantity::new(Decimal::ONE_HUNDRED).unwrap());
    let draft = OrderDraft::new(key, account(), apple(), Side::Sell, units, kind);
    let mut order = Order::open(draft.check().unwrap(), Timestamp::EPOCH);
    let first = [OrderInput::Sent, status(number, BrokerPhase::Working, 0)];
    for input in first.into_iter().chain(happens) {
        order.apply(&input, Timestamp::EPOCH);
    }
    order
}

fn status(number: i64, phase: BrokerPhase, filled: i64) -> OrderInput {
    let perm_id = Some(PermId::new(number));
    OrderInput::Status { status: BrokerStatus { phase, filled: filled.into(), perm_id, reason: None } }
}

fn sold(number: i64, units: i64) -> OrderInput {
    let execution = Execution {
        id: ExecutionId::new("x", 1),
        key: Some(OrderKey::new("s").unwrap()),
        perm_id: PermId::new(number),
        account: account(),
        symbol: apple(),
        side: Side::Sell,
        quantity: Quantity::new(units.into()).unwrap(),
        price: "80".parse().unwrap(),
        at: Timestamp::EPOCH,
        part: ExecutedPart::Whole,
    };
    OrderInput::Executed { execution }
}

fn covered(held: i64, stop: &Order) -> Option<Decimal> {
    let (cash, quantity) = (Money::zero(Currency::USD), SignedQuantity::new(held.into()).unwrap());
    let position = Position::reported(apple(), quantity, cash, Decimal::ONE, cash);
    let portfolio = Portfolio::reported(account(), cash, vec![position]);
    let policy = ProtectionPolicy { stop: StopDemand::Market, ..ProtectionPolicy::default() };
    let gaps = cover_gaps(&policy, &portfolio, [stop], Timestamp::EPOCH);
    gaps.into_iter().next().map(|gap| gap.covered)
}

/// One of two orders under one key has sold 40 and gone: the other is still for all of it.
#[test]
fn what_another_order_under_the_key_has_traded_leaves_the_one_that_lives_as_large_as_it_is() {
    let gone = [status(8, BrokerPhase::Working, 0), sold(8, 40), status(8, BrokerPhase::Cancelled, 40)];
    let two = stop(7, gone);
    assert_eq!((two.filled(), two.open_quantity()), (Decimal::from(40), Some(Decimal::ONE_HUNDRED)));
    assert_eq!(covered(60, &two), Some(Decimal::ONE_HUNDRED), "it would sell 40 short");
    assert_eq!(covered(100, &two), None);
    let one = stop(7, [sold(7, 40), status(7, BrokerPhase::Working, 40)]);
    assert_eq!((covered(60, &one), covered(100, &one)), (None, Some(Decimal::from(60))));
}
