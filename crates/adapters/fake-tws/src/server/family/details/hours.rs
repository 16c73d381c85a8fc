//! When a contract trades, as the server writes it.
//!
//! The catalog has the texts of real markets; a market that never closes is told as whole days.

use crate::server::world::World;
use time::Date;
use tradeport_contracts::Contract;
use tradeport_contracts::calendar::zone_of_broker;
use tradeport_kernel::Timestamp;

/// A zone is told even where none is known.
const USUAL_ZONE: &str = "US/Eastern";
/// So many days are told.
const DAYS: i64 = 6;

/// The zone of the hours, as the server writes it.
pub(super) fn zone_of(contract: &Contract) -> String {
    contract.details().time_zone.clone().unwrap_or_else(|| USUAL_ZONE.to_owned())
}

pub(super) fn trading(world: &World, contract: &Contract) -> String {
    told(world, contract, &contract.details().trading_hours)
}

pub(super) fn liquid(world: &World, contract: &Contract) -> String {
    told(world, contract, &contract.details().liquid_hours)
}

fn told(world: &World, contract: &Contract, known: &str) -> String {
    if !known.is_empty() {
        return known.to_owned();
    }
    let today = local_day(&zone_of(contract), world.now());
    let days = (0..DAYS).filter_map(|ahead| {
        let day = today.checked_add(time::Duration::days(ahead))?;
        Some(format!("{}:0000-{}:0000", digits(day), digits(day.next_day()?)))
    });
    days.collect::<Vec<_>>().join(";")
}

/// The date in a zone by the server's name of it; in UTC where nobody knows the zone.
pub(super) fn local_day(zone: &str, at: Timestamp) -> Date {
    let known = zone_of_broker(zone).ok().and_then(|zone| zone.local(at).ok());
    known.map_or_else(|| at.to_utc().date(), |(day, _)| day)
}

fn digits(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}
