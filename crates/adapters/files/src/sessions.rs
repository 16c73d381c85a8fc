//! When US stocks trade: 09:30 to 16:00 in New York, daylight saving time included.
//!
//! Left out: holidays and half days. The days on which an instrument traded are taken from its data, and a half day
//! counts as a whole one; an exchange calendar knows better.

use time::macros::time;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use time_tz::{OffsetDateTimeExt, PrimitiveDateTimeExt, timezones};
use tradeport_contracts::Session;
use tradeport_kernel::Timestamp;

/// The day lies outside of the years 1678 to 2261, or does not have that time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} has no session that can be represented")]
pub struct OutsideCalendar(Date);

/// The regular session of a day, whether or not the exchange was open on it.
pub fn us_stock_session(day: Date) -> Result<Session, OutsideCalendar> {
    Ok(Session { open: new_york(day, time!(09:30))?, close: new_york(day, time!(16:00))? })
}

/// The day in New York on which a moment falls.
#[must_use]
pub fn us_stock_day(at: Timestamp) -> Date {
    let there: OffsetDateTime = at.to_utc().to_timezone(timezones::db::america::NEW_YORK);
    there.date()
}

/// The first moment of a day in New York.
pub fn us_stock_day_start(day: Date) -> Result<Timestamp, OutsideCalendar> {
    new_york(day, Time::MIDNIGHT)
}

fn new_york(day: Date, time: Time) -> Result<Timestamp, OutsideCalendar> {
    let local = PrimitiveDateTime::new(day, time).assume_timezone(timezones::db::america::NEW_YORK);
    local.take_first().and_then(|moment| Timestamp::try_from(moment).ok()).ok_or(OutsideCalendar(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_open_moves_with_daylight_saving_time() {
        let open = |day| us_stock_session(day).unwrap().open.to_string();
        assert_eq!(open(date!(2012 - 01 - 03)), "2012-01-03T14:30:00Z");
        assert_eq!(open(date!(2012 - 07 - 03)), "2012-07-03T13:30:00Z");
        assert_eq!(
            open(date!(2012 - 03 - 09)),
            "2012-03-09T14:30:00Z",
            "the last session before summer time"
        );
        assert_eq!(open(date!(2012 - 03 - 12)), "2012-03-12T13:30:00Z", "the first one in it");
        assert_eq!(open(date!(2006 - 04 - 03)), "2006-04-03T13:30:00Z", "until 2006 it began in April");
        assert_eq!(open(date!(2006 - 03 - 31)), "2006-03-31T14:30:00Z");
    }

    #[test]
    fn a_session_lasts_six_and_a_half_hours_and_knows_its_day() {
        let session = us_stock_session(date!(2012 - 05 - 18)).unwrap();
        assert_eq!(session.close.since(session.open).as_secs(), 23_400);
        assert_eq!(us_stock_day(session.open), date!(2012 - 05 - 18));
        assert_eq!(us_stock_day(us_stock_day_start(date!(2012 - 05 - 18)).unwrap()), date!(2012 - 05 - 18));
    }

    #[test]
    fn days_beyond_our_time_are_refused() {
        assert!(us_stock_session(Date::MAX).is_err());
        assert!(us_stock_session(Date::MIN).is_err());
    }
}
