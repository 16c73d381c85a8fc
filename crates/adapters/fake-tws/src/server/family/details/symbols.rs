//! Symbols that begin as a pattern does.

use crate::server::context::Context;
use crate::server::lookup::contract_of;
use crate::translate::contract::security_type;
use crate::wire::proto::{Contract as Told, ContractDescription, MatchingSymbolsRequest, SymbolSamples};
use tradeport_contracts::{Contract, InstrumentKind as Kind};
use tradeport_fake_broker::house::Catalog;

/// No more are told.
const MOST: usize = 18;

/// The symbols and names that begin as a pattern does, the best match first; none is no error.
pub(crate) fn matching(context: &mut Context<'_>, request: &MatchingSymbolsRequest) {
    let pattern = request.pattern.as_deref().unwrap_or_default().trim();
    let found = if pattern.is_empty() { Vec::new() } else { context.world.catalog().search(pattern) };
    let found = found.iter().filter(|contract| is_told(contract)).take(MOST);
    let contract_descriptions = found.map(described).collect();
    context.say(SymbolSamples { req_id: request.req_id, contract_descriptions });
}

/// Futures and options are found by what they are on.
fn is_told(contract: &Contract) -> bool {
    matches!(contract.instrument().kind(), Some(Kind::Stock | Kind::Index | Kind::Forex | Kind::Crypto))
}

fn described(contract: &Contract) -> ContractDescription {
    let told = contract_of(contract);
    let described = Told {
        con_id: told.con_id,
        symbol: told.symbol,
        sec_type: told.sec_type,
        // What is listed at one place has no other.
        primary_exch: told.primary_exch.or(told.exchange),
        currency: told.currency,
        description: Some(contract.name().to_owned()),
        ..Told::default()
    };
    let derived = Catalog::derived(contract);
    let kinds = derived.iter().filter_map(|kind| security_type(*kind));
    // What has options has combos of them.
    let combos = derived.contains(&Kind::Option).then_some("BAG");
    ContractDescription {
        contract: Some(described),
        derivative_sec_types: kinds.chain(combos).map(str::to_owned).collect(),
    }
}
