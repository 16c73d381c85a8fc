"""Writes the bundled calendars: `make.py FOLDER`, a file for each, with the time zones and a digest for the tests."""

import datetime as dt
import pathlib
import sys
import zoneinfo
from zoneinfo import ZoneInfo

# The pinned time zones, not those of the machine: before any library asks for one.
zoneinfo.reset_tzpath(())

from importlib.metadata import version

import catalog
import days as source
import tables
import zones
from days import Day

EC = f"exchange_calendars {version('exchange_calendars')}"
PMC = f"pandas_market_calendars {version('pandas_market_calendars')}"
LAST = dt.date.fromisoformat(catalog.LAST)


def header(name, origin, zone, aliases, projected=True):
    lines = [f"calendar {name}", f"source {origin}", f"zone {zone.key}"]
    lines += [f"alias {' '.join(aliases)}"] if aliases else []
    lines += [f"projected {catalog.PROJECTED}"] if projected else []
    return lines + [f"gap {text}" for text in catalog.GAPS.get(name, [])]


def whole_weeks(first, last, weekdays, stretches):
    count = (last - first).days + 1
    dates = (first + dt.timedelta(days=n) for n in range(count))
    return {date: Day(stretches) for date in dates if date.weekday() in weekdays}


def more_hours(name, regular):
    """Hours around the regular ones, where they are known."""
    if name in ("XNYS", "XNAS"):
        start = dt.date(2005, 1, 1)
        yield "extended", source.us_extended(regular), start
        # The broker's overnight venue: the evening before each trading day, from 2023-05 on.
        start = dt.date(2023, 5, 1)
        night = ((-4 * 60, 3 * 60 + 50),)
        yield "overnight", {date: Day(night) for date in regular if date >= start}, start
    if name == "XEUR":
        # Index and bond futures opened at 01:10 from this day on.
        start = dt.date(2018, 12, 10)
        early = {
            date: Day(((70, found.stretches[0][1]), *found.stretches[1:]), found.early, found.late)
            for date, found in regular.items()
            if date >= start
        }
        yield "extended", early, start


def exchange(name):
    found, zone, first, last = source.exchange(name)
    lines = header(name, EC, zone, catalog.EC_ALIASES.get(name, []))
    lines += tables.section("regular", found, first, last)
    parts = [("regular", found, zone)]
    for hours, more, start in more_hours(name, found):
        lines += tables.section(hours, more, start, LAST)
        parts.append((hours, more, zone))
    return lines, parts


def product(name):
    found, zone, first, last = source.product(name)
    lines = header(name, PMC, zone, catalog.PMC[name])
    return lines + tables.section("regular", found, first, last), [("regular", found, zone)]


def forex():
    """The broker's forex venue: all week, but for a quarter of an hour a day."""
    zone, first = ZoneInfo("America/New_York"), dt.date(2000, 1, 1)
    found = whole_weeks(first, LAST, range(5), ((-405, 1020),))
    lines = header("FX", "rule: Sunday 17:15 to Friday 17:00, a break from 17:00 to 17:15", zone, ["FOREX", "IDEALPRO"])
    return lines + tables.section("regular", found, first, LAST), [("regular", found, zone)]


def always(name, weekdays, zone):
    first = dt.date(2000, 1, 1)
    found = whole_weeks(first, LAST, weekdays, ((0, 1440),))
    lines = header(name, "rule: whole days", zone, [name.replace("-", "/")], projected=False)
    return lines + tables.section("regular", found, first, LAST), [("regular", found, zone)]


def digest(name, parts):
    """A year of a calendar in four numbers: trading days, stretches, and the sums of their opens and closes."""
    for hours, found, zone in parts:
        years = {}
        for date, one in found.items():
            row = years.setdefault(date.year, [0, 0, 0, 0, 0])
            row[0] += 1
            row[4] += one.early + 2 * one.late
            for opened, closed in one.stretches:
                row[1] += 1
                row[2] += int(source.utc_of(date, opened, zone).timestamp())
                row[3] += int(source.utc_of(date, closed, zone).timestamp())
        for year, row in sorted(years.items()):
            yield f"{name},{hours},{year}," + ",".join(str(number) for number in row)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    digests = ["calendar,hours,year,days,sessions,opens,closes,flags"]
    made = [(name, exchange(name)) for name in catalog.exchange_names()]
    made += [(name, product(name)) for name in catalog.PMC]
    made += [("FX", forex()), ("24-7", always("24-7", range(7), ZoneInfo("UTC")))]
    made += [("24-5", always("24-5", range(5), ZoneInfo("UTC")))]
    for name, (lines, parts) in sorted(made):
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", newline="\n")
        digests += digest(name, parts)
    (folder / "zones.txt").write_text(zones.table(), newline="\n")
    (folder / "digest.csv").write_text("\n".join(digests) + "\n", newline="\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
