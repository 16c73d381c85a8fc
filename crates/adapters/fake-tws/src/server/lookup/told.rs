//! How the server fills a contract.

use super::venues;
use crate::translate::instrument_to_wire;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_contracts::futures::{FuturesSpec, FuturesSpecs};
use tradeport_contracts::{Contract, Instrument, InstrumentKind};
use tradeport_kernel::Decimal;

/// The number that all combos in US dollars share on the wire.
const COMBO: i32 = 28_812_380;

/// A contract as the server tells it: its number, all that tells it from others, where it is usually routed to.
pub(crate) fn contract_of(contract: &Contract) -> proto::Contract {
    let (instrument, details) = (contract.instrument(), contract.details());
    let said = instrument_to_wire(instrument).unwrap_or_default();
    let combo = matches!(instrument, Instrument::Combo(_));
    let number = i32::try_from(contract.id().number()).ok();
    proto::Contract {
        con_id: if combo { Some(COMBO) } else { number },
        last_trade_date_or_contract_month: details
            .expiry
            .map(String::from)
            .or(said.last_trade_date_or_contract_month),
        multiplier: multiplier(contract).map(to_float),
        exchange: said.exchange.or_else(|| details.exchanges.first().cloned()),
        primary_exch: details.primary_exchange.clone().or(said.primary_exch),
        currency: Some(contract.currency().to_string()),
        local_symbol: details.local_symbol.clone().or(said.local_symbol),
        trading_class: venues::class_of(contract).or(said.trading_class),
        combo_legs_descrip: combo.then(|| legs_text(&said.combo_legs)),
        // What only a question has.
        include_expired: None,
        sec_id_type: None,
        sec_id: None,
        ..said
    }
}

/// The same, routed to where the client has asked for, if it has.
pub(crate) fn contract_as_asked(contract: &Contract, asked: &proto::Contract) -> proto::Contract {
    let told = contract_of(contract);
    match &asked.exchange {
        Some(exchange) if !exchange.is_empty() => {
            proto::Contract { exchange: asked.exchange.clone(), ..told }
        }
        _ => told,
    }
}

/// The product of a future.
pub(crate) fn product(contract: &Contract) -> Option<&'static FuturesSpec> {
    let (it, class) = (contract.instrument().description(), contract.details().trading_class.as_deref()?);
    FuturesSpecs::bundled()
        .by_broker_symbol(it.symbol.as_deref()?, it.exchange.as_deref()?)
        .find(|spec| spec.trading_class() == class)
}

/// The multiplier as the wire has it: with prices in cents it is not what a quoted unit is worth.
fn multiplier(contract: &Contract) -> Option<Decimal> {
    match contract.instrument().kind()? {
        InstrumentKind::Future | InstrumentKind::ContinuousFuture => {
            Some(product(contract).map_or(contract.multiplier(), FuturesSpec::multiplier))
        }
        InstrumentKind::Option | InstrumentKind::FuturesOption | InstrumentKind::Warrant => {
            Some(contract.multiplier())
        }
        _ => None,
    }
}

/// `9408|1,43645865|-1`: the numbers of the legs, and how many of each are bought.
fn legs_text(legs: &[proto::ComboLeg]) -> String {
    let leg = |leg: &proto::ComboLeg| {
        let sign = if leg.action.as_deref() == Some("BUY") { "" } else { "-" };
        format!("{}|{sign}{}", leg.con_id.unwrap_or_default(), leg.ratio.unwrap_or_default())
    };
    legs.iter().map(leg).collect::<Vec<_>>().join(",")
}
