"""Trading days as the libraries know them, reduced to local times of day."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import exchange_calendars as ec
import pandas as pd
import pandas_market_calendars as pmc

import catalog

UTC = dt.timezone.utc


@dataclass(frozen=True)
class Day:
    """One trading day: its stretches in minutes from the midnight that starts it, local time."""

    stretches: tuple
    early: bool = False
    late: bool = False


def utc_of(date, minutes, zone):
    """The rule that the platform uses, too: a time that happens twice is its first; one that is skipped moves on by
    the width of the gap."""
    local = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minutes)
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def minutes_of(date, moment, zone):
    local = moment.astimezone(zone).replace(tzinfo=None)
    minutes = (local - dt.datetime.combine(date, dt.time())).total_seconds() / 60
    if minutes != int(minutes):
        raise ValueError(f"{date}: {moment} is not a whole minute")
    if utc_of(date, int(minutes), zone) != moment:
        raise ValueError(f"{date}: {moment} cannot be told by its local time")
    return int(minutes)


def day(date, opened, closed, pause, zone, early, late):
    """Drops a break that is empty or lies outside of the day."""
    spans = [(opened, closed)]
    if pause is not None:
        begin, end = max(pause[0], opened), min(pause[1], closed)
        if begin < end:
            spans = [(a, b) for a, b in [(opened, begin), (end, closed)] if a < b]
    return Day(tuple((minutes_of(date, a, zone), minutes_of(date, b, zone)) for a, b in spans), early, late)


def moment(value):
    return None if pd.isna(value) else value.to_pydatetime()


def days_of(schedule, columns, zone, early, late):
    found = {}
    for row in schedule[columns].itertuples():
        date = row[0].date()
        opened, closed = moment(row[1]), moment(row[2])
        pause = (moment(row[3]), moment(row[4])) if len(columns) == 4 else None
        if pause is not None and None in pause:
            pause = None
        found[date] = day(date, opened, closed, pause, zone, row[0] in early, row[0] in late)
    return found


def bounds(name):
    factory = ec.calendar_utils.global_calendar_dispatcher._calendar_factories[name]
    first, last = factory.bound_min(), factory.bound_max()
    first = max(pd.Timestamp(catalog.FIRST), first) if first is not None else pd.Timestamp(catalog.FIRST)
    last = min(pd.Timestamp(catalog.LAST), last) if last is not None else pd.Timestamp(catalog.LAST)
    return first.date(), last.date()


def exchange(name):
    """Days, zone and bounds of a calendar of exchange_calendars."""
    name = "XNYS" if name == "XNAS" else name
    first, last = bounds(name)
    calendar = ec.get_calendar(name, start=first, end=last)
    zone = ZoneInfo(str(calendar.tz))
    columns = ["open", "close", "break_start", "break_end"]
    days = days_of(calendar.schedule, columns, zone, set(calendar.early_closes), set(calendar.late_opens))
    return days, zone, first, last


def product(name):
    """Days, zone and bounds of a calendar of pandas_market_calendars."""
    first, last = dt.date.fromisoformat(catalog.FIRST_GLOBEX), dt.date.fromisoformat(catalog.LAST)
    calendar = catalog.product_calendar(name)
    schedule = calendar.schedule(first, last)
    columns = ["market_open", "market_close"]
    if "break_start" in schedule:
        columns += ["break_start", "break_end"]
    zone = ZoneInfo(str(calendar.tz))
    early = set(calendar.early_closes(schedule).index)
    late = set(calendar.late_opens(schedule).index)
    return days_of(schedule, columns, zone, early, late), zone, first, last


def us_extended(regular):
    """Before and after the regular hours of US stocks: 04:00 to 20:00, and four hours after an early close."""
    schedule = pmc.get_calendar("NYSE").schedule("2005-01-01", catalog.LAST, start="pre", end="post")
    zone = ZoneInfo("America/New_York")
    extended = days_of(schedule, ["pre", "post"], zone, set(), set())
    extended = {date: found for date, found in extended.items() if date in regular}
    missing = [date for date in regular if date >= dt.date(2005, 1, 1) and date not in extended]
    if missing:
        raise ValueError(f"no extended hours on {missing[:5]}")
    return {
        date: Day(found.stretches, regular[date].early, regular[date].late) for date, found in extended.items()
    }
