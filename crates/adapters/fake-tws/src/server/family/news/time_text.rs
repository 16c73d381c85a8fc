//! Moments as requests for news write them: in UTC, `2026-11-20 14:30:00.0`.

use time::{Date, Month, PrimitiveDateTime, Time};
use tradeport_kernel::Timestamp;

/// A moment; tenths of a second and less are not needed.
pub(super) fn written(at: Timestamp) -> String {
    let moment = at.to_utc();
    let (day, time) = (moment.date(), moment.time());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.0",
        day.year(),
        u8::from(day.month()),
        day.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// `2026-11-20 14:30:00`, with or without a fraction; `20261120-14:30:00` or with a blank and `UTC` as well, as other
/// requests write it.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_end_matches("UTC").trim_end();
    let digits: String = text.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit).collect();
    let others = text.chars().take_while(|c| *c != '.').any(|c| !c.is_ascii_digit() && !"-: T".contains(c));
    if digits.len() != 14 || others {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u8>().ok();
    let month = Month::try_from(part(4, 6)?).ok()?;
    let day = Date::from_calendar_date(digits.get(..4)?.parse().ok()?, month, part(6, 8)?).ok()?;
    let time = Time::from_hms(part(8, 10)?, part(10, 12)?, part(12, 14)?).ok()?;
    Timestamp::try_from(PrimitiveDateTime::new(day, time).assume_utc()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let at = Timestamp::from_seconds(1_795_186_800);
        assert_eq!(written(at), "2026-11-20 15:00:00.0");
        for text in
            ["2026-11-20 15:00:00.0", "2026-11-20 15:00:00", "20261120-15:00:00", "20261120 15:00:00 UTC"]
        {
            assert_eq!(read(text), Some(at), "{text}");
        }
        for bad in ["", "yesterday", "2026-13-20 15:00:00", "2026-11-20", "2026/11/20 15:00:00"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
