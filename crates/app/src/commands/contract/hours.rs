//! `tradeport contract hours`: when a contract trades, by the clock of its exchange and in UTC.

use crate::Session;
use crate::cli::HoursArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use crate::wiring::Broker;
use serde::Serialize;
use time::{Date, Duration, Weekday};
use tradeport_contracts::calendar::{Calendar, Hours, Schedule};
use tradeport_contracts::{Contract, Session as Stretch};
use tradeport_kernel::{Symbol, Timestamp};

/// Hours, for JSON.
#[derive(Serialize)]
struct View {
    symbol: Symbol,
    calendar: String,
    zone: &'static str,
    at: Timestamp,
    local_time: String,
    open_now: bool,
    extended_open_now: Option<bool>,
    next_open: Option<Timestamp>,
    next_close: Option<Timestamp>,
    #[serde(skip)]
    opens: Option<Moment>,
    #[serde(skip)]
    closes: Option<Moment>,
    /// Whether the broker would trade it now, which a simulated one may do at all hours.
    tradable_now: bool,
    days: Vec<Day>,
}

/// A moment, and what the clock of the exchange shows then.
struct Moment {
    at: Timestamp,
    there: String,
}

#[derive(Serialize)]
struct Day {
    date: String,
    weekday: String,
    status: Status,
    foreseen: bool,
    regular: Vec<Shown>,
    extended: Vec<Shown>,
}

/// What sort of a day it is.
#[derive(Clone, Copy, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Status {
    Open,
    EarlyClose,
    LateOpen,
    Weekend,
    Holiday,
    Ended,
}

/// One stretch of trading.
#[derive(Serialize)]
struct Shown {
    open: Timestamp,
    close: Timestamp,
    open_local: String,
    close_local: String,
}

/// Prints the hours of some days.
pub(super) async fn run(arguments: &HoursArgs, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let contract = broker.find(arguments.spec.instrument()).await?;
    let Some(calendar) = broker.calendar(&contract) else {
        let message = format!("the hours of {} are not known", contract.symbol());
        return Err(Fault::failed(message, "the hours of a contract of the same exchange").into());
    };
    let view = View::of(&contract, calendar, arguments.days, session);
    if session.output().is_json() {
        session.output().document(&view)?;
        return Ok(Exit::Done);
    }
    session.output().grid(&view.facts())?;
    session.output().grid(&view.table())?;
    if broker.trades_always() {
        session.output().say(
            "the simulated broker trades at every moment: [fake] hours = \"us-stocks\" makes it keep these",
        );
    }
    Ok(Exit::Done)
}

impl View {
    fn of(contract: &Contract, calendar: &Calendar, days: u16, session: &Session) -> Self {
        let now = session.clock().now();
        let zone = calendar.zone();
        let today = zone.local(now).map_or_else(|_| now.to_utc().date(), |(day, _)| day);
        let last = contract.details().expiry.and_then(|expiry| expiry.day());
        let lives =
            |at: &Timestamp| last.is_none_or(|last| zone.local(*at).is_ok_and(|(day, _)| day <= last));
        let extended = calendar.hours(Hours::Extended).ok();
        let day = |ahead| Some(day(calendar, extended, today.checked_add(Duration::days(ahead))?, last));
        let moment = |at: Timestamp| Moment { at, there: local_text(calendar, at, true) };
        let (next_open, next_close) =
            (calendar.next_open(now).ok().filter(lives), calendar.next_close(now).ok().filter(lives));
        Self {
            symbol: contract.symbol(),
            calendar: calendar.name().to_owned(),
            zone: zone.name(),
            at: now,
            local_time: local_text(calendar, now, true),
            open_now: calendar.is_open(now).unwrap_or(false) && lives(&now),
            extended_open_now: extended.and_then(|hours| hours.is_open(now).ok()),
            next_open,
            next_close,
            opens: next_open.map(moment),
            closes: next_close.map(moment),
            tradable_now: contract.sessions().is_open(now),
            days: (0..i64::from(days)).filter_map(day).collect(),
        }
    }

    fn facts(&self) -> Grid {
        let mut grid = Grid::facts();
        let yes = |it: bool| if it { "yes" } else { "no" };
        let moment = |at: &Option<Moment>| {
            at.as_ref().map_or_else(
                || "not known".to_owned(),
                |it| format!("{} there, {} UTC", it.there, utc_text(it.at)),
            )
        };
        grid.fact("symbol", self.symbol.to_string());
        grid.fact("calendar", format!("{} ({})", self.calendar, self.zone));
        grid.fact("now", format!("{} there, {} UTC", self.local_time, utc_text(self.at)));
        grid.fact("open now", yes(self.open_now));
        if let Some(open) = self.extended_open_now {
            grid.fact("open before or after hours", yes(open && !self.open_now));
        }
        grid.fact("next open", moment(&self.opens));
        grid.fact("next close", moment(&self.closes));
        grid
    }

    fn table(&self) -> Grid {
        let columns = ["day", "date", "there", "UTC", "extended there", "note"];
        let mut grid = Grid::new(columns.map(Column::Words).to_vec());
        for day in &self.days {
            let there = |stretches: &[Shown]| {
                let text = |it: &Shown| format!("{} - {}", it.open_local, it.close_local);
                stretches.iter().map(text).collect::<Vec<_>>().join("\n")
            };
            let utc = |it: &Shown| format!("{} - {}", utc_text(it.open), utc_text(it.close));
            let utc = day.regular.iter().map(utc).collect::<Vec<_>>().join("\n");
            let weekday = day.weekday.chars().take(3).collect();
            let note = note(day);
            grid.row([weekday, day.date.clone(), there(&day.regular), utc, there(&day.extended), note]);
        }
        grid
    }
}

fn note(day: &Day) -> String {
    let status = match day.status {
        Status::Open => "",
        Status::EarlyClose => "closes early",
        Status::LateOpen => "opens late",
        Status::Weekend => "closed",
        Status::Holiday => "closed: holiday",
        Status::Ended => "the contract has ended",
    };
    status.to_owned()
}

fn day(calendar: &Calendar, extended: Option<&Schedule>, date: Date, last: Option<Date>) -> Day {
    let trading = calendar.trading_day_on(date).ok().flatten();
    let ended = last.is_some_and(|last| date > last);
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let status = match &trading {
        _ if ended => Status::Ended,
        None if weekend => Status::Weekend,
        None => Status::Holiday,
        Some(day) if day.closes_early() => Status::EarlyClose,
        Some(day) if day.opens_late() => Status::LateOpen,
        Some(_) => Status::Open,
    };
    let shown = |stretches: &[Stretch]| -> Vec<Shown> {
        let shown = |it: &Stretch| Shown {
            open: it.open,
            close: it.close,
            open_local: local_text(calendar, it.open, is_other_day(calendar, it.open, date)),
            close_local: local_text(calendar, it.close, is_other_day(calendar, it.close, date)),
        };
        if ended { Vec::new() } else { stretches.iter().map(shown).collect() }
    };
    let around = extended.and_then(|hours| hours.trading_day_on(date).ok().flatten());
    Day {
        date: date.to_string(),
        weekday: date.weekday().to_string(),
        status,
        foreseen: trading.as_ref().is_some_and(tradeport_contracts::calendar::TradingDay::is_projected),
        regular: trading.as_ref().map(|day| shown(day.sessions())).unwrap_or_default(),
        extended: around.map(|day| shown(day.sessions())).unwrap_or_default(),
    }
}

fn is_other_day(calendar: &Calendar, at: Timestamp, date: Date) -> bool {
    calendar.zone().local(at).is_ok_and(|(day, _)| day != date)
}

/// The time of day there, with its date where that is not plain.
fn local_text(calendar: &Calendar, at: Timestamp, dated: bool) -> String {
    let Ok((day, time)) = calendar.zone().local(at) else { return at.to_string() };
    let time = format!("{:02}:{:02}", time.hour(), time.minute());
    if dated { format!("{day} {time}") } else { time }
}

fn utc_text(at: Timestamp) -> String {
    let utc = at.to_utc();
    format!("{} {:02}:{:02}", utc.date(), utc.hour(), utc.minute())
}
