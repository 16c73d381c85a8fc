//! History: bars, ticks, how far it reaches, how prices were spread, and when was traded.
//!
//! | requests | module |
//! | --- | --- |
//! | bars, kept up to date if wanted, and schedules (20, 25) | [`request`], [`keep`], [`schedule`] |
//! | how far it reaches (87, 90), how prices were spread (88, 89) | [`reach`] |
//! | ticks of the past (96, 107) | [`past_ticks`] |
//!
//! All of it is the market's own past, whatever scripts have said meanwhile. How fast it may be asked for is a limit of
//! the whole server.

pub(crate) mod keep;
mod past;
pub(crate) mod past_ticks;
pub(crate) mod reach;
pub(crate) mod request;
mod schedule;
mod series;
mod show;
mod size;
mod told;
mod when;

pub(crate) use series::Series;
pub(crate) use show::Show;

use super::market_data::security_type;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::limits::{Ask, Pacing};
use crate::server::permissions::exchange_of;
use std::collections::BTreeMap;
use tradeport_contracts::Contract;

/// What is kept of one connection.
#[derive(Debug, Default)]
pub(crate) struct KeptHistory {
    pub(super) open: BTreeMap<i32, keep::Keep>,
}

impl KeptHistory {
    /// Ends all that is kept up to date without a word; the ids.
    pub(crate) fn lose(&mut self) -> Vec<i32> {
        std::mem::take(&mut self.open).into_keys().collect()
    }
}

/// What is kept for all connections.
#[derive(Debug, Default)]
pub(crate) struct SharedHistory {
    pacing: Pacing,
}

/// Takes note of a request that the rules of pace are about; `false` when it comes too fast.
pub(crate) fn is_in_pace(context: &mut Context<'_>, ask: &Ask) -> bool {
    let Some(rules) = context.settings.limits.pacing else { return true };
    let said = context.shared.history.pacing.admit(&rules, ask, context.world.now());
    if let Err(rule) = &said {
        tracing::debug!(session = context.id.0, ?rule, request = ask.whole, "history is asked for too fast");
    }
    said.is_ok()
}

/// What the service for history says of a request that it cannot answer.
fn refuse_service(context: &mut Context<'_>, id: i32, text: &str) {
    let text = format!("Historical Market Data Service error message:{text}");
    context.refuse(ApiError::about(id, Code::Historical, text));
}

/// What TWS says of a request that makes no sense.
fn refuse_request(context: &mut Context<'_>, id: i32, cause: &str) {
    let text = format!("Error validating request.-'bN' : cause - {cause}");
    context.refuse(ApiError::about(id, Code::BadRequest, text));
}

/// That there is nothing in a time.
fn refuse_empty(context: &mut Context<'_>, id: i32, contract: &Contract, show: Show) {
    let text = format!("HMDS query returned no data: {} {}", name_of(contract), show.said());
    refuse_service(context, id, &text);
}

/// `AAPL@SMART`, as the service for history names a contract.
fn name_of(contract: &Contract) -> String {
    let description = contract.instrument().description();
    let symbol = description.symbol.clone().unwrap_or_else(|| contract.symbol().to_string());
    let is_routed = contract.details().exchanges.iter().any(|exchange| exchange == "SMART");
    format!("{symbol}@{}", if is_routed { "SMART" } else { exchange_of(contract) })
}

/// May its history not be seen? Then whoever asks is told.
fn is_forbidden(context: &mut Context<'_>, id: i32, contract: &Contract) -> bool {
    let is_allowed = context.settings.permissions.allow(contract);
    if !is_allowed {
        let text =
            format!("No market data permissions for {} {}", exchange_of(contract), security_type(contract));
        refuse_service(context, id, &text);
    }
    !is_allowed
}

#[cfg(test)]
mod tests;
