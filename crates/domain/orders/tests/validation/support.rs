//! Contracts and orders in few words.

use tradeport_contracts::{
    AnyFuture, Bond, Cfd, Combo, ComboLeg, Contract, ContractDetails, ContractDraft, ContractId, Crypto,
    EventContract, Expiry, Forex, Fund, Future, Index, Instrument, LegAction, Option as Call, PriceBand,
    Right, Session, Stock, TradingSessions,
};
use tradeport_kernel::{Currency, Decimal, Money, Price, Quantity, Timestamp};
use tradeport_orders::validation::{Validation, Validator, validate};
use tradeport_orders::{OrderDraft, OrderKind, OrderSize, Side};

/// A Tuesday, 15:00 UTC.
pub(crate) const NOW: &str = "2026-06-30T15:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn dollars(text: &str) -> OrderSize {
    Money::new(number(text), Currency::USD).into()
}

pub(crate) fn contract(instrument: impl Into<Instrument>) -> ContractDraft {
    let instrument = instrument.into();
    ContractDraft {
        id: ContractId::new(7),
        symbol: "IT".parse().unwrap(),
        currency: instrument.description().currency.unwrap_or(Currency::USD),
        instrument,
        name: "IT INC".to_owned(),
        price_step: number("0.01"),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: ContractDetails::default(),
    }
}

pub(crate) fn stock() -> ContractDraft {
    contract(Stock::new("IT").unwrap())
}

pub(crate) fn stock_on(exchange: &str) -> ContractDraft {
    contract(Stock::new("IT").unwrap().on(exchange).unwrap())
}

pub(crate) fn euro_stock() -> ContractDraft {
    contract(Stock::new("BMW").unwrap().in_currency("EUR".parse().unwrap()))
}

pub(crate) fn option() -> ContractDraft {
    contract(Call::new("IT", Expiry::on(2026, 12, 18).unwrap(), number("150"), Right::Call).unwrap())
}

pub(crate) fn future() -> ContractDraft {
    contract(Future::new("ES", Expiry::on(2026, 12, 18).unwrap(), "CME").unwrap())
}

pub(crate) fn any_future() -> ContractDraft {
    contract(AnyFuture::new("ES", "CME").unwrap())
}

pub(crate) fn forex() -> ContractDraft {
    contract(Forex::new("EUR".parse().unwrap(), "USD".parse().unwrap()).unwrap())
}

pub(crate) fn crypto() -> ContractDraft {
    ContractDraft { lot: number("0.00000001"), ..contract(Crypto::new("ETH").unwrap()) }
}

pub(crate) fn fund() -> ContractDraft {
    contract(Fund::new("VINIX").unwrap())
}

pub(crate) fn bond() -> ContractDraft {
    contract(Bond::new("IBM").unwrap())
}

pub(crate) fn cfd() -> ContractDraft {
    contract(Cfd::new("IBM").unwrap())
}

pub(crate) fn index() -> ContractDraft {
    contract(Index::new("SPX", "CBOE").unwrap())
}

pub(crate) fn event() -> ContractDraft {
    contract(EventContract::yes("GCE", Expiry::on(2026, 12, 31).unwrap(), number("40500")).unwrap())
}

pub(crate) fn combo(legs: i64) -> ContractDraft {
    let leg = |id| ComboLeg::new(ContractId::new(id), 1, LegAction::Buy).unwrap();
    contract(Combo::new("A,B", (101..=100 + legs).map(leg).collect()).unwrap())
}

/// In 0.0001 below one dollar, in 0.01 from there, in 0.05 from a hundred.
pub(crate) fn banded() -> ContractDraft {
    let bands = [("0", "0.0001"), ("1", "0.01"), ("100", "0.05")];
    let price_bands = bands.map(|(from, step)| PriceBand { from: number(from), step: number(step) }).to_vec();
    let price_step = number("0.0001");
    ContractDraft { price_step, details: ContractDetails { price_bands, ..Default::default() }, ..stock() }
}

pub(crate) fn with_kinds(draft: ContractDraft, kinds: &str) -> ContractDraft {
    let order_kinds = kinds.split(',').map(str::to_owned).collect();
    ContractDraft { details: ContractDetails { order_kinds, ..draft.details }, ..draft }
}

/// Open from 13:30 to 20:00 UTC on 29 and 30 June and on 1 July.
pub(crate) fn sessions() -> TradingSessions {
    let day =
        |day: &str| Session { open: at(&format!("{day}T13:30:00Z")), close: at(&format!("{day}T20:00:00Z")) };
    TradingSessions::new(["2026-06-29", "2026-06-30", "2026-07-01"].map(day).to_vec()).unwrap()
}

pub(crate) fn limit(text: &str) -> OrderKind {
    OrderKind::Limit { limit: price(text) }
}

pub(crate) fn stop(text: &str) -> OrderKind {
    OrderKind::Stop { stop: price(text) }
}

/// An order to buy 100.
pub(crate) fn buy(kind: OrderKind) -> OrderDraft {
    order(Side::Buy, "100", kind)
}

pub(crate) fn order(side: Side, size: &str, kind: OrderKind) -> OrderDraft {
    let size: Quantity = size.parse().unwrap();
    let (key, account, symbol) = ("k-1".parse().unwrap(), "DU1".parse().unwrap(), "IT".parse().unwrap());
    OrderDraft::new(key, account, symbol, side, size, kind)
}

pub(crate) fn found(draft: &OrderDraft, contract: &ContractDraft) -> Validation {
    validate(&draft.clone().check().unwrap(), &contract.clone().check().unwrap(), at(NOW))
}

/// All refusals of an order at [`NOW`], word for word.
pub(crate) fn refused(draft: &OrderDraft, contract: &ContractDraft) -> Vec<String> {
    found(draft, contract).refusals().iter().map(ToString::to_string).collect()
}

/// All warnings of an order at [`NOW`], word for word.
pub(crate) fn warned(draft: &OrderDraft, contract: &ContractDraft) -> Vec<String> {
    found(draft, contract).warnings().iter().map(ToString::to_string).collect()
}

/// All refusals with the contracts of the legs at hand.
pub(crate) fn refused_with_legs(
    draft: &OrderDraft,
    contract: &ContractDraft,
    legs: &[Contract],
) -> Vec<String> {
    let contract = contract.clone().check().unwrap();
    let found = Validator::new(&contract).with_legs(legs).check(&draft.clone().check().unwrap(), at(NOW));
    found.refusals().iter().map(ToString::to_string).collect()
}

pub(crate) const NONE: [String; 0] = [];
