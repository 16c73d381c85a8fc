//! Is the market open for the order, or may it wait until it is?

use super::{Case, Phase, SessionRefusal, Validation, Warning};
use crate::{OnMet, OrderKind, TimeInForce};
use std::time::Duration;
use tradeport_contracts::InstrumentKind;
use tradeport_contracts::calendar::Hours;
use tradeport_kernel::Timestamp;

/// How long an order for some minutes stands.
const MINUTES: Duration = Duration::from_secs(300);

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    let ignored = case.intent.outside_sessions() && ignores_outside(case);
    found.warn_if(ignored, || Warning::OutsideIgnored { kind: case.intent.kind().name() });
    if starts_later(case) {
        return;
    }
    let start = start(case);
    match phase(case, start, case.intent.outside_sessions() && !ignored) {
        Phase::Unknown => found.warn(Warning::HoursUnknown { at: start }),
        Phase::Closed(opens) => closed(case, start, opens, found),
        Phase::Open => {
            let opening =
                matches!(case.intent.kind(), OrderKind::MarketOnOpen | OrderKind::LimitOnOpen { .. });
            found.warn_if(opening, || Warning::OpeningOver { kind: case.intent.kind().name() });
        }
    }
}

fn closed(case: &Case<'_>, start: Timestamp, opens: Option<Timestamp>, found: &mut Validation) {
    let time_in_force = case.intent.time_in_force();
    if matches!(time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill) {
        let time_in_force = time_in_force.name();
        found.refuse(SessionRefusal::ClosedNow { time_in_force, at: start, opens });
        return;
    }
    match (end(case, start), opens) {
        (Some(ends), Some(opens)) if ends <= opens => {
            found.refuse(SessionRefusal::EndsBeforeOpen { ends, opens })
        }
        _ => found.warn(Warning::Waits { until: opens }),
    }
}

/// Does something else decide when it starts: its parent's fill, or conditions?
fn starts_later(case: &Case<'_>) -> bool {
    let conditions = case.intent.said().and_then(|said| said.conditions.as_ref());
    case.intent.parent().is_some() || conditions.is_some_and(|all| all.on_met() == OnMet::Activate)
}

/// When it starts to work.
fn start(case: &Case<'_>) -> Timestamp {
    let timing = case.intent.said().map(|said| said.timing);
    let moments = timing.into_iter().flat_map(|timing| [timing.good_after, timing.active_from]);
    moments.flatten().fold(case.now, Timestamp::max)
}

/// When it ends by itself, if that is a moment that it names and that still lies ahead.
fn end(case: &Case<'_>, start: Timestamp) -> Option<Timestamp> {
    let time_in_force = case.intent.time_in_force();
    let timing = case.intent.said().map(|said| said.timing).unwrap_or_default();
    let seconds = timing.duration_seconds.map(|seconds| Duration::from_secs(seconds.into()));
    let minutes = (time_in_force == TimeInForce::Minutes).then_some(MINUTES);
    let lasts = seconds.into_iter().chain(minutes).min().map(|lasts| start.after(lasts));
    let ends = [time_in_force.end(), timing.active_until, timing.auto_cancel, lasts];
    ends.into_iter().flatten().filter(|end| *end > case.now).min()
}

/// What the hours say in which the order may trade: open in one of them is open, unknown in one of them is unknown.
fn phase(case: &Case<'_>, at: Timestamp, outside: bool) -> Phase {
    let overnight = case.intent.said().is_some_and(|said| said.timing.overnight);
    let extended = outside || (trades_outside(case) && case.hours.are_known(Hours::Extended));
    let asked = [(Hours::Regular, true), (Hours::Extended, extended), (Hours::Overnight, overnight)];
    let answers = asked.into_iter().filter(|(_, asked)| *asked).map(|(hours, _)| case.hours.at(hours, at));
    answers.reduce(either).unwrap_or(Phase::Unknown)
}

fn either(one: Phase, other: Phase) -> Phase {
    match (one, other) {
        (Phase::Open, _) | (_, Phase::Open) => Phase::Open,
        (Phase::Unknown, _) | (_, Phase::Unknown) => Phase::Unknown,
        (Phase::Closed(one), Phase::Closed(other)) => Phase::Closed(one.into_iter().chain(other).min()),
    }
}

/// Things that trade outside of what the broker calls their regular hours whether the order says so or not: it sets the word
/// aside for them (the warning 2109).
fn trades_outside(case: &Case<'_>) -> bool {
    use InstrumentKind as Kind;
    case.is(&[
        Kind::Future,
        Kind::FuturesOption,
        Kind::Forex,
        Kind::Crypto,
        Kind::Commodity,
        Kind::EventContract,
    ])
}

/// Kinds that trade in regular sessions alone, so that the word has no effect (errors 351 and 411 are warnings): auctions
/// everywhere; what trades at the market, of things whose market ends with the session. Futures and currencies have no such
/// end.
fn ignores_outside(case: &Case<'_>) -> bool {
    use InstrumentKind as Kind;
    let kind = case.intent.kind();
    if kind.is_auction() || case.intent.time_in_force() == TimeInForce::Auction {
        return true;
    }
    let at_market = matches!(
        kind,
        OrderKind::Market | OrderKind::MarketToLimit { .. } | OrderKind::MidPrice { .. } | OrderKind::Vwap
    );
    at_market && case.is(&[Kind::Stock, Kind::Option, Kind::Cfd, Kind::Warrant, Kind::StructuredProduct])
}
