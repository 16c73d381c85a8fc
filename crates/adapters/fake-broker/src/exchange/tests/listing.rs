//! Contracts that begin to be traded while orders rest.

use super::stage::{Stage, account, key, limit, number, price, units};
use crate::exchange::{Exchange, Input};
use tradeport_contracts::{Contract, ContractDraft, ContractId, Index, Instrument, Stock};
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{BrokerPhase, OrderDraft, OrderKind, Side};

fn another(name: &str, id: i64, like: &Exchange) -> Contract {
    let known = like.contracts().next().unwrap();
    let instrument: Instrument = Stock::new(name).unwrap().into();
    let id = ContractId::new(id);
    ContractDraft { id, symbol: instrument.symbol(), instrument, ..known.clone().into() }.check().unwrap()
}

fn quote(stage: &mut Stage, name: &str) {
    let level = |at: &str| Some(Level::new(price(at), units("1000").into()));
    let (symbol, now) = (Symbol::new(name).unwrap(), stage.exchange.now());
    let quote = Quote::new(symbol, now, level("9.99"), level("10.01")).unwrap();
    stage.input(Input::Quote { quote });
}

fn buy(stage: &mut Stage, name: &str, kind: OrderKind) {
    let symbol = Symbol::new(name).unwrap();
    let draft = OrderDraft::new(key(name), account("RICH"), symbol, Side::Buy, units("10"), kind);
    stage.input(Input::Submit { intent: draft.check().unwrap() });
}

/// The same day, with one more contract that sorts before or after, listed in the middle of it or from the beginning.
fn day(name: &str, later: bool) -> Stage {
    let mut stage = Stage::closed();
    if !later {
        let contract = another(name, 7, &stage.exchange);
        stage.input(Input::List { contract: Box::new(contract) });
    }
    stage.at(110);
    stage.quote("99.99", "100.01");
    stage.order("rests", Side::Buy, limit("95.00"));
    stage.order("fills", Side::Buy, OrderKind::Market);
    if later {
        let contract = another(name, 7, &stage.exchange);
        stage.input(Input::List { contract: Box::new(contract) });
    }
    quote(&mut stage, name);
    buy(&mut stage, name, OrderKind::Market);
    stage.at(120);
    stage.quote("94.90", "94.95");
    stage.at(250);
    stage
}

#[test]
fn what_is_listed_later_trades_as_if_it_had_been_there() {
    for name in ["AA", "ZZ"] {
        let (early, late) = (day(name, false), day(name, true));
        assert_eq!(early.exchange.executions().len(), 3, "{name}");
        assert_eq!(early.cash("RICH"), late.cash("RICH"));
        let positions = |stage: &Stage| stage.exchange.positions(&account("RICH"));
        assert_eq!(positions(&early), positions(&late));
        for order in ["rests", "fills", name] {
            assert_eq!(early.fills(order), late.fills(order));
            assert_eq!(early.status(order).phase, late.status(order).phase);
        }
        let written = serde_json::to_string(&late.exchange).unwrap();
        assert_eq!(serde_json::from_str::<Exchange>(&written).unwrap(), late.exchange);
    }
}

#[test]
fn what_is_listed_already_changes_nothing() {
    let mut stage = Stage::open();
    let before = stage.exchange.clone();
    let same_id = another("OTHER", 265_598, &before);
    let same_symbol = another("AAPL", 9, &before);
    for contract in [same_id, same_symbol] {
        stage.input(Input::List { contract: Box::new(contract) });
        assert_eq!(stage.exchange, before);
    }
}

#[test]
fn a_contract_listed_when_it_is_closed_opens_in_time() {
    let mut stage = Stage::closed();
    stage.at(50);
    let contract = another("AA", 7, &stage.exchange);
    stage.input(Input::List { contract: Box::new(contract) });
    buy(&mut stage, "AA", limit("9.00"));
    assert_eq!(stage.phase("AA"), BrokerPhase::Held);
    stage.at(100);
    assert_eq!(stage.phase("AA"), BrokerPhase::Working);
    assert_eq!(stage.exchange.now(), Timestamp::from_seconds(100));
}

#[test]
fn an_index_is_quoted_and_not_traded() {
    let mut stage = Stage::open();
    let instrument: Instrument = Index::new("SPX", "CBOE").unwrap().into();
    let known: ContractDraft = another("X", 8, &stage.exchange).into();
    let contract = ContractDraft { symbol: instrument.symbol(), instrument, ..known }.check().unwrap();
    stage.input(Input::List { contract: Box::new(contract) });
    quote(&mut stage, "index:SPX@CBOE");
    let symbol = Symbol::new("index:SPX@CBOE").unwrap();
    let draft =
        OrderDraft::new(key("index"), account("RICH"), symbol, Side::Buy, units("1"), OrderKind::Market);
    stage.input(Input::Submit { intent: draft.check().unwrap() });
    assert_eq!(
        stage.refusal(),
        "index:SPX@CBOE is quoted, not traded: it is of the kind index; trade what is derived from it"
    );
    assert_eq!(stage.cash("RICH"), number("1000000"));
}
