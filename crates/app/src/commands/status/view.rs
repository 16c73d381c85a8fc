//! What the status looks like on a terminal: what matters first, then what is wrong, then figures.

use super::{Seen, Status, SwitchShown};
use crate::output::{Column, Grid, Output, Tone, counted};
use crate::service::report::{BreakerWord, LinkReport, OutageRow, Reconciliation, StatusReport};
use serde::Serialize;
use std::time::Duration;
use tradeport_connection::LinkStanding;
use tradeport_kernel::Timestamp;

/// Said where no service lives.
pub(super) fn no_service(report: Option<&StatusReport>, age: Option<Duration>) -> String {
    match (report, age) {
        (Some(report), Some(age)) if report.stopped => {
            format!("no service runs here; the last one stopped {} ago", length(age))
        }
        (Some(_), Some(age)) => {
            format!(
                "the service is gone without a word since {}: look at its log, and start it anew",
                length(age)
            )
        }
        _ => "no service runs here; tradeport serve starts one".to_owned(),
    }
}

pub(super) fn print(status: &Status, now: Timestamp, output: &Output) -> anyhow::Result<()> {
    let mut switch = Grid::facts();
    let (words, tone) = switch_words(&status.switch, now);
    switch.toned([("kill switch".to_owned(), Tone::Plain), (words, tone)]);
    for section in &status.unmanaged_limits {
        switch.fact("limits", section.to_string());
    }
    output.grid(&switch)?;
    match (&status.seen, &status.service) {
        (Some(seen), _) => output.grid(&seen_facts(seen, now)),
        (None, _) if !status.lives => {
            let mut broker = Grid::facts();
            broker.toned([("broker".to_owned(), Tone::Plain), ("cannot be asked".to_owned(), Tone::Bad)]);
            output.grid(&broker)
        }
        (None, Some(report)) => print_report(report, status, now, output),
        (None, None) => output.text("a service has just started here, and has not said how it does yet"),
    }
}

fn switch_words(switch: &SwitchShown, now: Timestamp) -> (String, Tone) {
    if !switch.killed {
        return ("open".to_owned(), Tone::Good);
    }
    let since = switch.since.map(|since| format!(" for {}", length(now.since(since)))).unwrap_or_default();
    let by = switch.by.as_deref().unwrap_or("nobody knows whom");
    let reason = switch.reason.as_deref().unwrap_or("no reason is known");
    (format!("KILLED{since}, by {by}: {reason}; tradeport risk resume ends it"), Tone::Bad)
}

fn print_report(
    report: &StatusReport,
    status: &Status,
    now: Timestamp,
    output: &Output,
) -> anyhow::Result<()> {
    output.grid(&facts(report, status, now))?;
    let grids = [trouble(report, now), links(report), budget(report), waits(report)];
    for grid in grids.iter().filter(|grid| !grid.is_empty()) {
        output.text("")?;
        output.grid(grid)?;
    }
    Ok(())
}

fn facts(report: &StatusReport, status: &Status, now: Timestamp) -> Grid {
    let mut grid = Grid::facts();
    let mut fact =
        |name: &str, value: String, tone| grid.toned([(name.to_owned(), Tone::Plain), (value, tone)]);
    let age = Duration::try_from_secs_f64(status.age_seconds.unwrap_or_default()).unwrap_or_default();
    let (word, tone) = match (status.healthy, age > super::OLD) {
        (true, _) => ("well", Tone::Good),
        (false, true) => ("it hangs: its last report is old", Tone::Bad),
        (false, false) if report.desk_hangs() => {
            ("its desk does not answer: no order gets through", Tone::Bad)
        }
        (false, false) => ("not well", Tone::Bad),
    };
    fact("health", word.to_owned(), tone);
    let since = length(now.since(report.started));
    fact(
        "service",
        format!("process {}, for {since}, on {}", report.process, report.broker.as_str()),
        Tone::Plain,
    );
    fact("report", format!("{} old", length(age)), Tone::Plain);
    for link in &report.links {
        let tone = if link.is_healthy() { Tone::Good } else { Tone::Bad };
        fact(&format!("{} link", link.purpose), standing(link, now), tone);
    }
    let Some(link) = report.links.first() else { return grid };
    let life = link.life_age_seconds.and_then(|age| Duration::try_from_secs_f64(age).ok());
    fact(
        "last sign of life",
        life.map_or_else(none, |life| format!("{} ago", length(life.saturating_add(age)))),
        Tone::Plain,
    );
    match &link.held {
        None => fact("orders may leave", "yes".to_owned(), Tone::Good),
        Some(held) => fact("orders may leave", format!("no: {held}"), Tone::Bad),
    }
    let orders = report.orders.map_or_else(none, |orders| match orders.unknown {
        0 => format!("{} working", orders.working),
        unknown => format!("{} working, {unknown} of them unknown", orders.working),
    });
    fact(
        "orders",
        orders,
        report.orders.map_or(Tone::Plain, |it| if it.unknown > 0 { Tone::Bad } else { Tone::Plain }),
    );
    let reconciled = report.reconciliation;
    let ago = |at: Timestamp| format!("{} ago", length(now.since(at)));
    fact(
        "last reconciliation",
        reconciled
            .map_or_else(none, |it| format!("{}, in epoch {}: {}", ago(it.at), it.epoch, fits(report, it))),
        Tone::Plain,
    );
    fact("next expected outage", link.outage.as_ref().map_or_else(none, |it| outage(it, now)), Tone::Plain);
    if let Some(recording) = &report.recording {
        let last = recording.last.map_or_else(|| "none yet".to_owned(), |at| format!("the last {}", ago(at)));
        fact(
            "recording",
            format!("{}: {} quotes, {last}", recording.symbols.join(", "), recording.quotes),
            Tone::Plain,
        );
    }
    if let Some(account) = report.account {
        fact("account", format!("{} in all, {} in cash", account.net_liquidation, account.cash), Tone::Plain);
    }
    grid
}

/// How much does not fit, and how many orders of others there are.
fn fits(report: &StatusReport, last: Reconciliation) -> String {
    let breaks = match report.breaks.len() {
        0 => "everything fits".to_owned(),
        count => counted(count, "break"),
    };
    match last.others {
        0 => breaks,
        count => format!("{breaks}, {} of others", counted(count, "order")),
    }
}

fn seen_facts(seen: &Seen, now: Timestamp) -> Grid {
    let mut grid = Grid::facts();
    let (word, tone) = match seen.broker_time {
        Some(_) => ("the broker answers", Tone::Good),
        None => ("the broker does not answer", Tone::Bad),
    };
    grid.toned([("link".to_owned(), Tone::Plain), (word.to_owned(), tone)]);
    if let (Some(time), Some(wait)) = (seen.broker_time, seen.answered_in_seconds) {
        grid.fact("the broker's time", format!("{time}, told within {:.0} ms", wait * 1_000.0));
    }
    let accounts: Vec<&str> = seen.accounts.iter().map(tradeport_kernel::AccountId::as_str).collect();
    grid.fact("accounts", accounts.join(", "));
    grid.fact("next expected outage", seen.outage.as_ref().map_or_else(none, |it| outage(it, now)));
    grid
}

fn none() -> String {
    "none yet".to_owned()
}

fn standing(link: &LinkReport, now: Timestamp) -> String {
    let words = standing_words(&link.standing, now);
    let id = link.client_id.map_or_else(String::new, |id| format!(", client id {id}"));
    format!("{words}; epoch {}{id}", link.last_epoch)
}

/// Where a link stands, in words.
pub(crate) fn standing_words(standing: &LinkStanding, now: Timestamp) -> String {
    match standing {
        LinkStanding::Down => "down, and none is wanted".to_owned(),
        LinkStanding::BackingOff { until, failures } => {
            format!("down: connects again in {}, after {failures} failures", length(until.since(now)))
        }
        LinkStanding::Connecting { attempt } => format!("connecting, attempt {}", attempt.number()),
        LinkStanding::Verifying { missing, .. } => format!("up, {} proofs are missing", missing.len()),
        LinkStanding::Ready { .. } => "ready".to_owned(),
        LinkStanding::Degraded { since, .. } => {
            format!("up, and the broker behind it is offline for {}", length(now.since(*since)))
        }
        LinkStanding::Blackout { kind, until, .. } => {
            format!("{kind}, for {} more", length(until.since(now)))
        }
        LinkStanding::Stopping => "stopping".to_owned(),
    }
}

fn outage(row: &OutageRow, now: Timestamp) -> String {
    if row.from <= now {
        format!("{}, now and until {}", row.kind, row.until)
    } else {
        format!("{} in {}, from {} to {}", row.kind, length(row.from.since(now)), row.from, row.until)
    }
}

/// Alarms, remedies in progress, what does not fit, and breakers that are not closed.
fn trouble(report: &StatusReport, now: Timestamp) -> Grid {
    let mut grid = Grid::new(["what", "which", "in words"].map(Column::Words).to_vec());
    for link in &report.links {
        for alarm in &link.alarms {
            let tone = if alarm.critical { Tone::Bad } else { Tone::Plain };
            let since = length(now.since(alarm.since));
            let text = alarm.text.clone().unwrap_or_default();
            grid.toned([
                ("alarm".to_owned(), tone),
                (format!("{} link: {}", link.purpose, alarm.condition), tone),
                (format!("for {since}: {text}"), Tone::Plain),
            ]);
        }
        for remedy in &link.remedies {
            grid.row([
                "remedy".to_owned(),
                format!("{} link: {}", link.purpose, remedy.remedy),
                remedy.detail.clone(),
            ]);
        }
    }
    for found in &report.breaks {
        let words = format!("{} here, {} there: {}", found.ours, found.broker, found.remedy);
        grid.toned([
            (format!("break {}", found.name), Tone::Bad),
            (format!("{}: {}", found.subject, found.cause), Tone::Bad),
            (format!("for {}: {words}", length(now.since(found.since))), Tone::Plain),
        ]);
    }
    for gap in &report.cover_gaps {
        grid.toned([
            ("cover".to_owned(), Tone::Bad),
            (format!("{} of {}", gap.symbol, gap.account), Tone::Bad),
            (gap.to_string(), Tone::Plain),
        ]);
    }
    if report.log_held_up {
        let words = "a program reads a database and does not stop, so that the write-ahead log grows: end that program";
        grid.toned([
            ("databases".to_owned(), Tone::Bad),
            ("write-ahead log".to_owned(), Tone::Bad),
            (words.to_owned(), Tone::Plain),
        ]);
    }
    for breaker in report.breakers.iter().filter(|it| it.state != BreakerWord::Closed) {
        let until = breaker.until.map_or_else(
            || "one request at a time is tried".to_owned(),
            |until| format!("rests for {} more", length(until.since(now))),
        );
        grid.toned([
            ("breaker".to_owned(), Tone::Bad),
            (format!("{} link: {}", breaker.purpose, word(&breaker.capability)), Tone::Bad),
            (until, Tone::Plain),
        ]);
    }
    grid
}

fn links(report: &StatusReport) -> Grid {
    let mut columns = vec![Column::Words("link")];
    columns.extend(["streams wanted", "restored", "waiting", "silent", "refused"].map(Column::Numbers));
    columns.push(Column::Words("breakers"));
    let mut grid = Grid::new(columns);
    for link in &report.links {
        let streams = link.streams;
        let own = report.breakers.iter().filter(|it| it.purpose == link.purpose);
        let open = own.filter(|it| it.state != BreakerWord::Closed).count();
        let numbers = [streams.wanted, streams.restored, streams.waiting, streams.stale, streams.dead];
        let [wanted, restored, waiting, stale, dead] = numbers.map(|it| it.to_string());
        let breakers = if open == 0 { "all closed".to_owned() } else { format!("{open} not closed") };
        grid.row([link.purpose.to_string(), wanted, restored, waiting, stale, dead, breakers]);
    }
    grid
}

fn budget(report: &StatusReport) -> Grid {
    let mut grid = Grid::new(vec![
        Column::Words("limit"),
        Column::Numbers("used"),
        Column::Numbers("of"),
        Column::Words("in"),
    ]);
    for row in &report.budget {
        let full = row.limit > 0 && u64::from(row.used) * 10 >= u64::from(row.limit) * 9;
        let tone = if full { Tone::Bad } else { Tone::Plain };
        let per = row.per_seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        grid.toned([
            (word(&row.rule), Tone::Plain),
            (row.used.to_string(), tone),
            (row.limit.to_string(), Tone::Plain),
            (per.map_or_else(|| "at once".to_owned(), length), Tone::Plain),
        ]);
    }
    grid
}

fn waits(report: &StatusReport) -> Grid {
    let mut grid = Grid::new(vec![Column::Words("a request for"), Column::Words("would wait")]);
    for row in &report.waits {
        let wait = match row.seconds {
            Some(seconds) if seconds <= 0.0 => "not at all".to_owned(),
            Some(seconds) => length(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)),
            None => "until others end".to_owned(),
        };
        grid.row([row.request.clone(), wait]);
    }
    grid
}

/// A value's name as it is written in JSON, in words.
fn word(value: &impl Serialize) -> String {
    let name = serde_json::to_value(value).ok();
    name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().replace('_', " ")
}

/// A length of time for people: as exact as anybody wants to know.
fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_a_reader_holds_up_is_told_and_not_well() {
        let written = serde_json::json!({
            "format": 1, "at": "2026-01-02T15:04:05Z", "process": 7, "version": "0", "broker": "fake",
            "started": "2026-01-02T15:04:05Z", "stopped": false, "links": [], "budget": [], "waits": [], "breakers": [],
        });
        let mut report: StatusReport = serde_json::from_value(written).unwrap();
        assert!(
            report.is_healthy() && trouble(&report, report.at).is_empty(),
            "an older service says nothing of it"
        );
        report.log_held_up = true;
        assert!(!report.is_healthy());
        let told = trouble(&report, report.at).render(false);
        assert!(told.contains("write-ahead log") && told.contains("end that program"), "{told}");
    }

    #[test]
    fn lengths_are_as_exact_as_anybody_wants() {
        let of = |millis| length(Duration::from_millis(millis));
        assert_eq!([of(40), of(2_100), of(59_000), of(600_000)], ["40 ms", "2.1 s", "59 s", "10 min"]);
        assert_eq!([of(3 * 3_600_000 + 60_000), of(400_000_000)], ["3 h 1 min", "4 days"]);
    }
}
