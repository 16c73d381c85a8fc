//! What a caller reads when a port of this broker says no: the message, and after it that of its cause.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::FutureExt;
use std::error::Error;
use std::future::Future;
use std::time::Duration;
use tradeport_conformance::fixtures::{self, account, key, moment, symbol};
use tradeport_connection::BrokerLink;
use tradeport_contracts::{Contract, ContractCatalog, ContractDraft, ContractId, Instrument};
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig, Fault, WayFault};
use tradeport_kernel::{Currency, Decimal, Money, TimeRange};
use tradeport_market_data::{BarHistory, BarRequest, BarSize, QuoteFeed};
use tradeport_orders::{ClearedOrder, OrderChange, OrderDraft, OrderGateway, OrderIntent, OrderKind, Side};
use tradeport_portfolio::AccountFeed;

const NO_LINK: &str = "there is no link to the fake broker: connect first";

fn contract(id: i64, name: &str, ticker: &str) -> Contract {
    let plain = fixtures::plain_contract(id, symbol(name), ticker.parse::<Instrument>().unwrap());
    ContractDraft { name: name.to_owned(), ..plain }.check().unwrap()
}

fn config() -> FakeBrokerConfig {
    let cash = Money::new(Decimal::from(1_000_000), Currency::USD);
    let accounts = vec![AccountConfig { id: account("DU1"), cash, kind: AccountKind::Margin }];
    let contracts =
        vec![contract(1, "AAPL", "AAPL"), contract(2, "TWIN A", "TWIN"), contract(3, "TWIN B", "TWIN")];
    FakeBrokerConfig::new(1, accounts, contracts)
}

fn down() -> FakeBroker {
    FakeBroker::new(config()).unwrap()
}

fn linked() -> FakeBroker {
    let broker = down();
    now(broker.connect()).unwrap();
    broker
}

/// The broker answers at once.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().unwrap()
}

fn told<T, E: Error>(answer: Result<T, E>) -> String {
    let refusal = answer.err().unwrap();
    refusal.source().map_or_else(|| refusal.to_string(), |cause| format!("{refusal}: {cause}"))
}

fn order(name: &str, of: &str) -> OrderIntent {
    let size = "10".parse::<tradeport_kernel::Quantity>().unwrap();
    OrderDraft::new(key(name), account("DU1"), symbol(of), Side::Buy, size, OrderKind::Market)
        .check()
        .unwrap()
}

fn cleared(name: &str, of: &str) -> ClearedOrder {
    fixtures::cleared_order(order(name, of))
}

fn bars(of: &str) -> BarRequest {
    BarRequest { symbol: symbol(of), size: BarSize::DAY, range: TimeRange::ALL }
}

#[test]
fn without_a_link_every_port_says_so() {
    let broker = down();
    let apple: Instrument = "AAPL".parse().unwrap();
    let change = fixtures::cleared_change(&key("a"), OrderChange::to_quantity("5".parse().unwrap()));
    let cases = [
        (told(now(broker.submit(&cleared("a", "AAPL")))), "it never left this process"),
        (told(now(broker.change(&change))), "it never left this process"),
        (
            told(now(broker.cancel(&fixtures::cleared_cancel(&key("a"), None, None)))),
            "the cancel never left this process",
        ),
        (
            told(now(broker.preview(&fixtures::cleared_preview(order("a", "AAPL"))))),
            "the broker gave no preview",
        ),
        (told(now(broker.open_orders())), "the broker cannot be reached"),
        (told(now(broker.resolve(&apple))), "the contract catalog cannot be reached"),
        (told(now(broker.snapshot(symbol("AAPL")))), "the quote feed cannot be reached"),
        (told(now(broker.bars(&bars("AAPL")))), "the history cannot be reached"),
        (told(now(broker.positions(&account("DU1")))), "the account feed cannot be reached"),
    ];
    for (message, begin) in cases {
        assert_eq!(message, format!("{begin}: {NO_LINK}"));
    }
    assert_eq!(told(now(broker.probe(Duration::from_secs(1)))), "there is no link to the broker");
    broker.set_reachable(false);
    assert_eq!(
        told(now(broker.connect())),
        "the broker refused the connection: a script made the fake broker unreachable"
    );
}

#[test]
fn an_answer_that_is_cut_names_its_epoch() {
    let broker = linked();
    broker.cut_next_answer();
    assert_eq!(told(now(broker.executions(moment(0)))), "the link was lost in epoch 1");
    now(broker.connect()).unwrap();
    broker.cut_next_answer();
    assert_eq!(told(now(broker.positions(&account("DU1")))), "the link was lost in epoch 2");
}

#[test]
fn a_fault_of_the_way_is_told_apart_from_a_refusal() {
    let broker = linked();
    let submit = |name: &str, fault: WayFault| {
        broker.arm_way(fault);
        told(now(broker.submit(&cleared(name, "AAPL"))))
    };
    assert_eq!(
        submit("a", WayFault::NotSent),
        "it never left this process: a scripted fault kept it from leaving"
    );
    assert_eq!(
        submit("b", WayFault::AnswerLost),
        "the broker may or may not hold it: a scripted fault lost the answer"
    );
    assert_eq!(
        submit("c", WayFault::RequestLost),
        "the broker may or may not hold it: a scripted fault lost it on the way"
    );
    broker.arm_way(WayFault::AnswerLost);
    assert_eq!(
        told(now(broker.cancel(&fixtures::cleared_cancel(&key("b"), None, None)))),
        "the broker may or may not have the cancel: a scripted fault lost the answer"
    );
    broker.arm(Fault::RefuseNext { count: 1, reason: "the exchange is on holiday".to_owned() });
    assert_eq!(
        told(now(broker.submit(&cleared("d", "AAPL")))),
        "the broker refused it: the exchange is on holiday"
    );
}

#[test]
fn what_the_broker_does_not_know_is_named() {
    let broker = linked();
    assert_eq!(
        told(now(broker.cancel(&fixtures::cleared_cancel(&key("a"), None, None)))),
        "the broker has no live order a"
    );
    assert_eq!(
        told(now(broker.preview(&fixtures::cleared_preview(order("a", "NOPE"))))),
        "the broker would refuse it: NOPE is not traded here"
    );
    let resolve = |text: &str| told(now(broker.resolve(&text.parse::<Instrument>().unwrap())));
    assert_eq!(resolve("NOPE"), "no contract is known for NOPE");
    assert_eq!(resolve("TWIN"), "TWIN fits several contracts: TWIN A, TWIN B");
    assert_eq!(told(now(broker.by_id(ContractId::new(99)))), "no contract is known for id 99");
    assert_eq!(told(now(broker.snapshot(symbol("NOPE")))), "no market data is known for NOPE");
    assert_eq!(told(now(broker.snapshot(symbol("AAPL")))), "AAPL has no quote yet");
    assert_eq!(told(now(broker.bars(&bars("NOPE")))), "no history is known for NOPE");
    assert_eq!(told(now(broker.positions(&account("DU9")))), "account DU9 is not one of this connection");
}

#[test]
fn a_broker_that_contradicts_itself_is_not_built() {
    let said = |change: &dyn Fn(&mut FakeBrokerConfig)| {
        let mut config = config();
        change(&mut config);
        told(FakeBroker::new(config).map(drop))
    };
    let combo = contract(9, "PAIR", "combo:PAIR;leg=+1x1@SMART;leg=-1x77@SMART");
    assert_eq!(said(&|it| it.exchange.accounts.clear()), "a broker needs at least one account");
    assert_eq!(
        said(&|it| it.exchange.accounts.extend(it.exchange.accounts.clone())),
        "account DU1 is configured twice"
    );
    for twin in [contract(9, "AAPL", "AAPL"), contract(1, "IBM", "IBM")] {
        let words = format!("contract {} is configured twice, by its symbol or by its id", twin.symbol());
        assert_eq!(said(&|it| it.exchange.contracts.push(twin.clone())), words);
    }
    assert_eq!(
        said(&|it| it.exchange.contracts.push(combo.clone())),
        "combo PAIR cannot be traded: its leg of contract 77 is not known: resolve and list the legs first"
    );
    assert_eq!(
        said(&|it| it.exchange.margin.initial = Decimal::TWO),
        "the initial margin is 2: it must lie between 0 and 1"
    );
    assert_eq!(said(&|it| it.quote_queue = 0), "a quote queue must hold at least one quote");
}
