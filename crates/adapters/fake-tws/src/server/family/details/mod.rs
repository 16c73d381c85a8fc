//! What is listed: contract details, found symbols, chains of options, price steps.
//!
//! | request | answer |
//! | --- | --- |
//! | 9 | 10, or 18 for a bond, once for each contract that fits, or for the tape of a provider of news; then 52 |
//! | 106 | nothing: a list is answered whole before its cancel can come |
//! | 81 | 79 |
//! | 78 | 75 once for each exchange and class, then 76 |
//! | 91 | 93 |

mod chains;
mod describe;
mod hours;
mod kinds;
mod rules;
mod sectors;
mod symbols;

pub(crate) use chains::option_chains;
pub(crate) use rules::market_rule;
pub(crate) use symbols::matching;

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::family::news;
use crate::server::lookup::{self, venues};
use crate::wire::Answer;
use crate::wire::proto::{self, ContractData, ContractDataEnd, ContractDataRequest};
use tradeport_contracts::{Contract, InstrumentKind};

/// Contracts that fit, each on its own, then the end. One that is alone and not told where to is listed at every
/// exchange, as a question without one means it.
pub(crate) fn contract_details(context: &mut Context<'_>, request: &ContractDataRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let asked = request.contract.clone().unwrap_or_default();
    if asked.sec_type.as_deref() == Some("NEWS") {
        return news_tape(context, id, &asked);
    }
    let found = match lookup::resolve(context.world, id, &asked) {
        Ok(found) => found,
        Err(error) => return context.refuse(error),
    };
    let is_open = asked.exchange.as_deref().unwrap_or_default().is_empty();
    let by_number = asked.con_id.unwrap_or_default() > 0;
    match found.as_slice() {
        [one] if is_open && !by_number => {
            for exchange in venues::exchanges(one) {
                tell(context, request.req_id, one, Some(&exchange));
            }
        }
        several => {
            let exchange = asked.exchange.as_deref().filter(|text| !text.is_empty());
            for contract in several {
                tell(context, request.req_id, contract, exchange);
            }
        }
    }
    context.say(ContractDataEnd { req_id: request.req_id });
}

/// The tape of a provider of news, which is a contract without a number.
fn news_tape(context: &mut Context<'_>, id: i32, asked: &proto::Contract) {
    let provider = news::provider(asked.exchange.as_deref().unwrap_or_default());
    let Some((provider, name)) = provider.and_then(|code| Some((code, news::name_of(code)?))) else {
        let text = "No security definition has been found for the request";
        return context.refuse(ApiError::about(id, Code::NoContract, text));
    };
    let text = |text: &str| Some(text.to_owned());
    let symbol = format!("{provider}:{provider}_ALL");
    let contract = proto::Contract {
        symbol: text(&symbol),
        local_symbol: text(&symbol),
        sec_type: text("NEWS"),
        exchange: text(provider),
        trading_class: text(provider),
        ..proto::Contract::default()
    };
    let details = proto::ContractDetails {
        market_name: text(provider),
        long_name: text(name),
        valid_exchanges: text(provider),
        ..proto::ContractDetails::default()
    };
    context.say(ContractData { req_id: Some(id), contract: Some(contract), contract_details: Some(details) });
    context.say(ContractDataEnd { req_id: Some(id) });
}

fn tell(context: &mut Context<'_>, req_id: Option<i32>, contract: &Contract, exchange: Option<&str>) {
    let mut told = lookup::contract_of(contract);
    if let Some(exchange) = exchange {
        told.exchange = Some(exchange.to_owned());
    }
    let details = describe::details(context.world, contract, &mut told);
    let data = ContractData { req_id, contract: Some(told), contract_details: Some(details) };
    let is_bond = matches!(contract.instrument().kind(), Some(InstrumentKind::Bond | InstrumentKind::Bill));
    if is_bond {
        context.say(Answer::BondContractData(Box::new(data)));
    } else {
        context.say(data);
    }
}

#[cfg(test)]
mod tests;
