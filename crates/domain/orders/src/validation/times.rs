//! Does the time in force go with kind and instrument, and does every end lie ahead?

use super::table::names;
use super::{Case, TimeInForceRefusal, Validation, Warning};
use crate::{OrderKind, TimeInForce};
use tradeport_contracts::InstrumentKind as Kind;

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    of_kind(case, found);
    of_instrument(case, found);
    ends_ahead(case, found);
    let list = &case.contract.details().order_kinds;
    let (time_in_force, symbol) = (case.intent.time_in_force().name(), case.contract.symbol());
    let judged = matches!(time_in_force, "DAY" | "GTC" | "GTD" | "GTT" | "IOC" | "FOK");
    // A list without `DAY` is about kinds alone.
    found.warn_if(judged && names(list, "DAY") && !names(list, time_in_force), || Warning::NotListed {
        word: time_in_force,
        symbol,
    });
}

/// What waits by its nature cannot be for this moment alone (error 111).
fn of_kind(case: &Case<'_>, found: &mut Validation) {
    let kind = case.intent.kind();
    let at_once =
        matches!(case.intent.time_in_force(), TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill);
    found.refuse_if(at_once && waits(kind), || TimeInForceRefusal::TimeInForceOfKind {
        kind: kind.name(),
        time_in_force: case.intent.time_in_force().name(),
    });
}

/// Asleep until a price is reached, or resting at a price that follows the market.
const fn waits(kind: &OrderKind) -> bool {
    kind.trail().is_some()
        || kind.trigger_price().is_some()
        || matches!(
            kind,
            OrderKind::Relative { .. }
                | OrderKind::PassiveRelative { .. }
                | OrderKind::PegMarket { .. }
                | OrderKind::PegPrimary { .. }
                | OrderKind::PegMid { .. }
                | OrderKind::PegBest { .. }
                | OrderKind::PegStock(_)
                | OrderKind::PegBenchmark(_)
                | OrderKind::FixPegged { .. }
                | OrderKind::PegVolatility { .. }
        )
}

fn of_instrument(case: &Case<'_>, found: &mut Validation) {
    let Some(what) = case.what else { return };
    let time_in_force = case.intent.time_in_force();
    let (fits, takes) = match time_in_force {
        TimeInForce::Minutes => (what == Kind::Crypto, "crypto"),
        TimeInForce::Auction => (matches!(what, Kind::Stock | Kind::Future), "stocks and futures"),
        _ => (true, ""),
    };
    let time_in_force = time_in_force.name();
    found.refuse_if(!fits, || TimeInForceRefusal::TimeInForceOfInstrument { time_in_force, what, takes });
    let fits = matches!(time_in_force, "DAY" | "GTC" | "IOC");
    found.refuse_if(case.is_forecast() && !fits, || TimeInForceRefusal::TimeInForceOfEvent { time_in_force });
}

/// An end that has passed already (error 334).
fn ends_ahead(case: &Case<'_>, found: &mut Validation) {
    let timing = case.intent.said().map(|said| said.timing).unwrap_or_default();
    let ends = [
        ("end", case.intent.time_in_force().end()),
        ("last active moment", timing.active_until),
        ("cancellation", timing.auto_cancel),
    ];
    for (what, end) in ends {
        if let Some(at) = end.filter(|end| *end <= case.now) {
            found.refuse(TimeInForceRefusal::Past { what, at, now: case.now });
        }
    }
}
