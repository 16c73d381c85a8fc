"""Time zones as text: for each, its offset before the range and every change within it."""

import collections
import datetime as dt
import importlib.resources
from zoneinfo import ZoneInfo

import tzdata

FIRST, LAST = 1990, 2050
UTC = dt.timezone.utc


def names():
    text = (tzdata_files() / "zones").read_text()
    return sorted(set(text.split()) - {"Factory", "localtime"})


def tzdata_files():
    return importlib.resources.files(tzdata)


def offset(zone, at):
    return int(at.astimezone(zone).utcoffset().total_seconds())


def spelled(seconds):
    sign, rest = ("-", -seconds) if seconds < 0 else ("+", seconds)
    if rest % 60:
        raise ValueError(f"an offset of {seconds} s is not a whole minute")
    return f"{sign}{rest // 3600:02}:{rest % 3600 // 60:02}"


def changes(zone):
    """Every change of the offset, found by looking at each day and halving the distance."""
    at, end = dt.datetime(FIRST, 1, 1, tzinfo=UTC), dt.datetime(LAST + 1, 1, 1, tzinfo=UTC)
    before, found = offset(zone, at), []
    while at < end:
        later = min(at + dt.timedelta(days=1), end)
        if offset(zone, later) != before:
            low, high = at, later
            while high - low > dt.timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
            high = high.replace(microsecond=0)
            before = offset(zone, high)
            found.append((high, before))
            at = high
        else:
            at = later
    return found


def told(name):
    zone = ZoneInfo(name)
    return offset(zone, dt.datetime(FIRST, 1, 1, tzinfo=UTC)), tuple(changes(zone))


def table():
    same_file = collections.defaultdict(list)
    for name in names():
        same_file[tzdata_files().joinpath("zoneinfo", *name.split("/")).read_bytes()].append(name)
    alike = collections.defaultdict(list)
    for members in same_file.values():
        alike[told(members[0])] += members
    alike = {key: sorted(members) for key, members in alike.items()}
    lines = [f"tzdata {tzdata.IANA_VERSION}", f"years {FIRST} {LAST}"]
    for (start, found), members in sorted(alike.items(), key=lambda entry: entry[1]):
        lines.append(f"zone {' '.join(members)}")
        lines.append(f"first {spelled(start)}")
        years = collections.defaultdict(list)
        for at, after in found:
            if at.second:
                raise ValueError(f"{members[0]} changes at {at}, not on a minute")
            years[at.year].append(f"{at:%m-%dT%H:%M}={spelled(after)}")
        lines += [f"{year} {' '.join(entries)}" for year, entries in years.items()]
    return "\n".join(lines) + "\n"
