//! Cash that the broker tells in one sum of all currencies: what is paid in another one moves it by a rate that nobody here knows.

use super::accounts::with_cash;
use super::*;
use crate::statements::described;
use std::sync::{Arc, Mutex};
use tradeport_contracts::{ContractDraft, ContractId, Forex, Instrument, Stock};
use tradeport_orders::ExecutedPart;

fn currency(text: &str) -> Currency {
    text.parse().unwrap()
}

/// A desk that knows this instrument, priced in that currency, and an account of 10 000 dollars.
async fn desk_of(instrument: Instrument, priced_in: Currency) -> (House, Arc<Mutex<Decimal>>, OrderDesk) {
    let house = House::new();
    let plain = described(ContractId::new(201), instrument.symbol());
    let contract =
        ContractDraft { instrument: instrument.clone(), currency: priced_in, ..plain }.check().unwrap();
    house.broker.script(|script| script.listed = vec![contract]);
    let cash = Arc::new(Mutex::new(Decimal::from(10_000)));
    let desk = House::desk_on(with_cash(&house, cash.clone())).await;
    desk.learn(&instrument).await.unwrap();
    (house, cash, desk)
}

/// Ten of it are bought for that cost, and what is not compared afterwards.
async fn bought(house: &House, desk: &OrderDesk, symbol: Symbol, cost: Money) -> Vec<String> {
    let traded = Execution { symbol, price: "2".parse().unwrap(), ..execution("x", None, 10) };
    house.broker.script(|script| {
        script.executions = vec![traded.clone()];
        script.positions = vec![held_of(symbol, 10)];
    });
    house.broker.say(None, BrokerNews::Executed(traded.clone()));
    house.broker.say(None, BrokerNews::Charged(Commission { execution: traded.id, amount: cost }));
    desk.pump().await.unwrap();
    let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
    assert_eq!(causes(desk).await, []);
    reconciled.open_questions
}

fn alone() -> Vec<String> {
    vec![
        "what a trade did to the cash of DU1 the broker alone knows, until the account is read again"
            .to_owned(),
    ]
}

#[test]
fn what_is_paid_in_another_currency_is_known_once_the_account_is_read_again() {
    block_on(async {
        let (usd, eur, jpy) = (Currency::USD, currency("EUR"), currency("JPY"));
        let dollars = |units: u32| Money::new(units.into(), usd);
        let cases: [(Instrument, Currency, Money); 4] = [
            (Stock::new("SAP").unwrap().in_currency(eur).into(), eur, dollars(1)),
            (Forex::new(eur, usd).unwrap().into(), usd, dollars(1)),
            (Forex::new(usd, jpy).unwrap().into(), jpy, dollars(1)),
            (Stock::new("IBM").unwrap().into(), usd, Money::new(1.into(), eur)),
        ];
        for (instrument, priced_in, cost) in cases {
            let symbol = instrument.symbol();
            let (house, cash, desk) = desk_of(instrument, priced_in).await;
            *cash.lock().unwrap() = "9977.35".parse().unwrap();
            assert_eq!(bought(&house, &desk, symbol, cost).await, alone(), "{symbol}");
            let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
            assert_eq!((causes(&desk).await, reconciled.open_questions), (vec![], vec![]), "{symbol}");
            // From then on each cent counts.
            *cash.lock().unwrap() += Decimal::new(1, 2);
            assert_eq!(look(&desk).await, [Cause::CashMoved], "{symbol}");
        }
    });
}

#[test]
fn what_is_paid_in_the_currency_of_the_account_is_known_at_once() {
    block_on(async {
        let instrument: Instrument = Stock::new("IBM").unwrap().into();
        let symbol = instrument.symbol();
        let (house, cash, desk) = desk_of(instrument, Currency::USD).await;
        *cash.lock().unwrap() = 9_979.into();
        let cost = Money::new(1.into(), Currency::USD);
        assert_eq!(bought(&house, &desk, symbol, cost).await, Vec::<String>::new());
    });
}

/// What a combo cost is told of its legs.
#[test]
fn a_trade_of_a_combo_as_a_whole_waits_for_no_cost() {
    block_on(async {
        let house = House::new();
        let cash = Arc::new(Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash)).await;
        let symbol = Symbol::new("combo:XYZ").unwrap();
        let whole = Execution { symbol, part: ExecutedPart::Combo, ..execution("x", None, 1) };
        house.broker.script(|script| script.executions = vec![whole.clone()]);
        house.broker.say(None, BrokerNews::Executed(whole));
        desk.pump().await.unwrap();
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!((causes(&desk).await, reconciled.open_questions), (vec![], vec![]));
    });
}

/// The broker tells cash anew every few minutes: each trade begins that anew.
#[test]
fn an_account_that_goes_on_to_trade_is_read_again_once_it_has_been_quiet() {
    block_on(async {
        let eur = currency("EUR");
        let instrument: Instrument = Stock::new("SAP").unwrap().in_currency(eur).into();
        let symbol = instrument.symbol();
        let (house, cash, desk) = desk_of(instrument, eur).await;
        for minute in 0..12 {
            if minute == 0 || minute == 3 {
                let root = format!("x{minute}");
                let traded = Execution { symbol, ..execution(&root, None, 1) };
                house.broker.script(|script| {
                    script.executions.push(traded.clone());
                    script.positions = vec![held_of(symbol, if minute == 0 { 1 } else { 2 })];
                });
                house.broker.say(None, BrokerNews::Executed(traded.clone()));
                let amount = Money::new(1.into(), Currency::USD);
                house.broker.say(None, BrokerNews::Charged(Commission { execution: traded.id, amount }));
                desk.pump().await.unwrap();
            }
            // What was paid is told three minutes later.
            *cash.lock().unwrap() = match minute {
                0..3 => 10_000.into(),
                3..6 => 9_889.into(),
                _ => 9_778.into(),
            };
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, [], "minute {minute}");
            house.clock.advance(Duration::from_secs(60));
        }
        assert_eq!(look(&desk).await, []);
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), 9_778.into());
    });
}

/// The broker tells its cash minutes later, however long ago it was read for another trade.
#[test]
fn what_is_known_again_and_then_not_waits_anew() {
    block_on(async {
        let instrument: Instrument = Stock::new("IBM").unwrap().into();
        let symbol = instrument.symbol();
        let (house, cash, desk) = desk_of(instrument, Currency::USD).await;
        let euros = |units: u32| Money::new(units.into(), currency("EUR"));
        *cash.lock().unwrap() = "9978.90".parse().unwrap();
        assert_eq!(bought(&house, &desk, symbol, euros(1)).await, alone());
        assert_eq!(look(&desk).await, []);
        house.clock.advance(Duration::from_secs(1_000));
        // It has cost one more.
        let execution = ExecutionId::new("x", 1);
        house.broker.say(None, BrokerNews::Charged(Commission { execution, amount: euros(2) }));
        desk.pump().await.unwrap();
        for minute in 0..8 {
            if minute == 3 {
                *cash.lock().unwrap() = "9977.80".parse().unwrap();
            }
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, [], "minute {minute}");
            house.clock.advance(Duration::from_secs(60));
        }
        assert_eq!(look(&desk).await, []);
    });
}
