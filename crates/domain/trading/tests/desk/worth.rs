//! What accounts are worth by the broker's word, where cash and positions do not come to it, and what other currencies are.

use crate::statements::described;
use crate::support::{House, account, buy, execution};
use futures::FutureExt;
use futures::executor::block_on;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_conformance::mocks::MockAccountFeed;
use tradeport_contracts::{
    Bond, Contract, ContractDraft, ContractId, Expiry, Future, Instrument, InstrumentKind, Stock,
};
use tradeport_kernel::{Currency, Decimal, Money, SignedQuantity};
use tradeport_orders::{BrokerNews, Execution, Side};
use tradeport_portfolio::{AccountFeed, Position};
use tradeport_risk::{PolicyDraft, RiskVerdict, Rule};
use tradeport_trading::{DeskPorts, DeskSettings, OrderDesk};

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

/// An account of 100 000 in cash, which the broker says is worth 103 000, and what a euro is worth to it.
fn feed(house: &House, rate: &Arc<Mutex<Decimal>>) -> MockAccountFeed {
    let mut feed = MockAccountFeed::new();
    feed.expect_accounts().returning(|| Ok(vec![account()]));
    let (broker, rate) = (house.broker.clone(), Arc::clone(rate));
    feed.expect_summary().returning(move |account| {
        let mut summary = AccountFeed::summary(&*broker, account).now_or_never().unwrap()?;
        summary.net_liquidation = Money::new(103_000.into(), Currency::USD);
        summary.rates.insert(euro(), *rate.lock().unwrap());
        Ok(summary)
    });
    let broker = house.broker.clone();
    feed.expect_positions()
        .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
    feed
}

fn contract(instrument: Instrument, currency: Currency) -> Contract {
    let multiplier = match instrument.kind() {
        Some(InstrumentKind::Future) => 50.into(),
        Some(InstrumentKind::Bond) => Decimal::TEN,
        _ => Decimal::ONE,
    };
    let plain = described(ContractId::new(203), instrument.symbol());
    ContractDraft { instrument, currency, multiplier, ..plain }.check().unwrap()
}

fn future() -> Contract {
    let future = Future::new("ES", Expiry::on(2026, 12, 18).unwrap(), "CME").unwrap();
    contract(future.into(), Currency::USD)
}

fn holds(contract: &Contract, units: i64) -> Position {
    let (nothing, units) = (Money::zero(contract.currency()), SignedQuantity::new(units.into()).unwrap());
    Position::reported(contract.symbol(), units, nothing, contract.multiplier(), nothing)
}

/// A desk that holds these, and knows the first of them.
async fn holding(house: &House, held: &[(&Contract, i64)], limits: PolicyDraft) -> OrderDesk {
    holding_at(house, held, limits, &Arc::new(Mutex::new(Decimal::ONE))).await
}

async fn holding_at(
    house: &House,
    held: &[(&Contract, i64)],
    limits: PolicyDraft,
    rate: &Arc<Mutex<Decimal>>,
) -> OrderDesk {
    let positions = held.iter().map(|(contract, units)| holds(contract, *units)).collect();
    house.broker.script(|script| script.positions = positions);
    let ports = DeskPorts { accounts: Arc::new(feed(house, rate)), ..house.ports() };
    let settings = DeskSettings { policy: limits.check().unwrap(), ..DeskSettings::default() };
    let desk = OrderDesk::open(ports, settings, house.bus.clone()).await.unwrap();
    desk.know(held[0].0.clone()).await;
    house.quote(&desk);
    desk
}

/// What the account is worth where everything is at 100.
async fn worth(desk: &OrderDesk) -> Decimal {
    let portfolio = desk.portfolio(&account()).await.unwrap();
    portfolio.value(|_| Some("100".parse().unwrap())).unwrap().total.amount()
}

/// A future takes margin, and nobody has paid its price.
#[test]
fn an_account_that_holds_what_is_not_paid_for_is_worth_what_the_broker_says() {
    block_on(async {
        let share = contract(Stock::new("IBM").unwrap().into(), Currency::USD);
        let bond = contract(Bond::new("US912810TM09").unwrap().into(), Currency::USD);
        for (contract, expected) in [(future(), 103_000), (share, 100_100), (bond, 101_000)] {
            let house = House::new();
            let desk = holding(&house, &[(&contract, 1)], PolicyDraft::default()).await;
            house.quote_of(&desk, contract.symbol());
            assert_eq!(worth(&desk).await, expected.into(), "{}", contract.symbol());
        }
    });
}

#[test]
fn the_word_of_the_broker_is_held_against_prices_of_the_same_minute() {
    block_on(async {
        for (seconds, expected) in [(60, 103_000), (61, 105_000)] {
            let house = House::new();
            let desk = holding(&house, &[(&future(), 1)], PolicyDraft::default()).await;
            assert_eq!(worth(&desk).await, 105_000.into(), "it has no price here yet");
            house.clock.advance(Duration::from_secs(seconds));
            house.quote_of(&desk, future().symbol());
            assert_eq!(worth(&desk).await, expected.into(), "after {seconds} s");
        }
    });
}

#[test]
fn the_word_of_the_broker_waits_until_all_that_is_held_is_known() {
    block_on(async {
        let stranger = contract(Stock::new("STRANGER").unwrap().into(), Currency::USD);
        let symbol = stranger.symbol();
        for is_sold in [false, true] {
            let house = House::new();
            let desk = holding(&house, &[(&future(), 1), (&stranger, 3)], PolicyDraft::default()).await;
            [future().symbol(), symbol].into_iter().for_each(|symbol| house.quote_of(&desk, symbol));
            assert_eq!(worth(&desk).await, 105_300.into(), "of what it is nobody has said");
            if is_sold {
                let sold = Execution { symbol, side: Side::Sell, ..execution("x", None, 3) };
                house.broker.say(None, BrokerNews::Executed(sold));
                desk.pump().await.unwrap();
            } else {
                desk.know(stranger.clone()).await;
            }
            assert_eq!(worth(&desk).await, 103_000.into(), "sold: {is_sold}");
        }
    });
}

#[test]
fn a_rate_that_the_broker_tells_anew_counts_from_then_on() {
    block_on(async {
        let (house, rate) = (House::new(), Arc::new(Mutex::new(Decimal::ONE)));
        let share = contract(Stock::new("SAP").unwrap().in_currency(euro()).into(), euro());
        let limits = PolicyDraft { max_gross_share: Some("0.12".parse().unwrap()), ..PolicyDraft::default() };
        let desk = holding_at(&house, &[(&share, 100)], limits, &rate).await;
        house.quote_of(&desk, share.symbol());
        let verdict = async || desk.preview(buy("look", 10)).await.unwrap().verdict;
        // 100 at 100 and 10 at 100, of 110 000.
        assert!(matches!(verdict().await, RiskVerdict::Approved { .. }));
        *rate.lock().unwrap() = Decimal::TWO;
        desk.reconcile(None).await.unwrap();
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.rate_of(euro()), Some(Decimal::TWO));
        let RiskVerdict::Refused(refusal) = verdict().await else { panic!("twice as much is at stake") };
        assert_eq!(refusal.rule, Rule::MaxGrossShare);
    });
}
