//! Hours of futures exchanges that no maintained table tells of: Hong Kong and Osaka.
//!
//! The days are those of the shares there, which have a table; the hours are those of a normal day as the exchanges publish
//! them, with their last changes. A short day of the shares ends the futures' day at half past twelve. Left out: days on
//! which futures trade and shares do not (Osaka has some since 2022), and older hours.
//!
//! The platform itself says that it does not know these hours, and asks its broker; this house is such a broker.

use std::fmt::Write as _;
use std::sync::OnceLock;
use time::Date;
use time::macros::date;
use tradeport_contracts::calendar::Calendar;

/// What is known of an exchange.
struct Venue {
    /// As the broker calls it, and the calendar.
    name: &'static str,
    /// The shares whose days these are.
    shares: &'static str,
    /// Regular hours, and all of them, each from a day on.
    regular: &'static [(&'static str, &'static str)],
    whole: &'static [(&'static str, &'static str)],
    /// The first day of both.
    since: Date,
    /// A short day.
    short: &'static str,
}

const HONG_KONG: Venue = Venue {
    name: "HKFE",
    shares: "XHKG",
    regular: &[("2016-07-25", "09:15-12:00 13:00-16:30")],
    whole: &[("2016-07-25", "09:15-12:00 13:00-16:30 17:15->03:00")],
    since: date!(2016 - 07 - 25),
    short: "09:15-12:30",
};

const OSAKA: Venue = Venue {
    name: "OSE.JPN",
    shares: "XTKS",
    regular: &[("2016-07-19", "08:45-15:15"), ("2024-11-05", "08:45-15:45")],
    whole: &[("2016-07-19", "08:45-15:15 16:30->06:00"), ("2024-11-05", "08:45-15:45 17:00->06:00")],
    since: date!(2016 - 07 - 19),
    short: "08:45-12:30",
};

/// The calendar of a futures exchange, by its name at the broker; `None` for others.
pub(super) fn calendar(exchange: &str) -> Option<&'static Calendar> {
    static MADE: OnceLock<Vec<(&str, Calendar)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let made = [&HONG_KONG, &OSAKA].map(|venue| Some((venue.name, made(venue)?)));
        made.into_iter().flatten().collect()
    });
    made.iter().find(|(name, _)| *name == exchange).map(|(_, calendar)| calendar)
}

fn made(venue: &Venue) -> Option<Calendar> {
    let shares = Calendar::named(venue.shares).ok()?;
    let (name, source, zone) = (venue.name, shares.source(), shares.zone().name());
    let mut text = format!("calendar {name}\nsource {source}, hours of normal days\nzone {zone}\n");
    if let Some(day) = shares.projected_from() {
        writeln!(text, "projected {day}").ok()?;
    }
    let (_, last) = shares.regular().known_days();
    for (hours, weeks) in [("regular", venue.regular), ("extended", venue.whole)] {
        let (first, _) = weeks.first()?;
        writeln!(text, "hours {hours} {first} {last}").ok()?;
        for (from, stretches) in weeks {
            writeln!(text, "week {from} mon-fri {stretches}").ok()?;
        }
        exceptions(&mut text, shares, (venue.since, last), venue.short)?;
    }
    Calendar::parse(&text).ok()
}

/// The days on which nothing trades, and the short ones.
fn exceptions(text: &mut String, shares: &Calendar, (first, last): (Date, Date), short: &str) -> Option<()> {
    let mut day = first;
    loop {
        let (year, month, number) = (day.year(), u8::from(day.month()), day.day());
        let is_weekend = day.weekday().number_days_from_monday() > 4;
        match shares.trading_day_on(day).ok()? {
            Some(it) if it.closes_early() => {
                writeln!(text, "open {year} early {short} on {month:02}-{number:02}").ok()?;
            }
            None if !is_weekend => writeln!(text, "closed {year} {month:02}-{number:02}").ok()?,
            _ => {}
        }
        match day.next_day().filter(|next| *next <= last) {
            Some(next) => day = next,
            None => return Some(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_contracts::calendar::Hours;

    #[test]
    fn futures_trade_before_the_shares_and_into_the_night() {
        let hong_kong = calendar("HKFE").unwrap();
        let open = |at: &str| hong_kong.is_open(at.parse().unwrap()).unwrap();
        // 09:15, 12:30 and 16:29 in Hong Kong.
        assert!(
            open("2026-11-20T01:15:00Z") && !open("2026-11-20T04:30:00Z") && open("2026-11-20T08:29:00Z")
        );
        assert!(!open("2026-12-25T02:00:00Z"), "a holiday");
        assert!(open("2026-12-24T04:29:00Z") && !open("2026-12-24T04:31:00Z"), "a short day");
        let whole = hong_kong.hours(Hours::Extended).unwrap();
        assert!(whole.is_open("2026-11-20T18:59:00Z".parse().unwrap()).unwrap(), "02:59 of the next morning");
        let osaka = calendar("OSE.JPN").unwrap();
        for (at, is_open) in [
            ("2024-10-31T06:14:00Z", true),
            ("2024-10-31T06:16:00Z", false),
            ("2026-11-20T06:44:00Z", true),
            ("2026-11-23T01:00:00Z", false),
        ] {
            assert_eq!(osaka.is_open(at.parse().unwrap()).unwrap(), is_open, "{at}");
        }
        assert!(calendar("CME").is_none());
    }
}
