"""A calendar as text: regular weeks with the day they begin, and the days that differ."""

import collections
import datetime as dt

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# What a change of the regular week must save, in days that differ, to be worth a line of its own.
SWITCH = 8


def clock(minutes):
    """Minutes from midnight: `<` is the day before, `>` the day after."""
    days, rest = divmod(minutes, 1440)
    return ("<" * -days if days < 0 else ">" * days) + f"{rest // 60:02}:{rest % 60:02}"


def spans(stretches):
    return " ".join(f"{clock(a)}-{clock(b)}" for a, b in stretches)


def regular_weeks(days, first, last):
    """For each weekday the pattern in force on each date: the cheapest way to tell its days (Viterbi's)."""
    weeks = {}
    for weekday in range(7):
        start = first + dt.timedelta(days=(weekday - first.weekday()) % 7)
        dates = [start + dt.timedelta(days=7 * n) for n in range((last - start).days // 7 + 1)]
        seen = [days.get(date) for date in dates]
        plain = [found.stretches if found and not (found.early or found.late) else () for found in seen]
        counts = collections.Counter(plain)
        states = sorted({()} | {pattern for pattern, n in counts.items() if n > SWITCH})
        told = [None if found and (found.early or found.late) else pattern for found, pattern in zip(seen, plain)]
        weeks[weekday] = segments(dates, cheapest(told, states), first)
    return weeks


def cheapest(told, states):
    cost = {state: (0, None) for state in states}
    trail = []
    for pattern in told:
        best = min(states, key=lambda state: cost[state][0])
        step = {}
        for state in states:
            stay, switch = cost[state][0], cost[best][0] + SWITCH
            come_from = state if stay <= switch else best
            step[state] = (min(stay, switch) + (pattern != state), come_from)
        trail.append({state: step[state][1] for state in states})
        cost = step
    state = min(states, key=lambda state: cost[state][0])
    path = []
    for back in reversed(trail):
        path.append(state)
        state = back[state]
    return path[::-1]


def segments(dates, path, first):
    found, before = [], ()
    for date, state in zip(dates, path):
        if state != before:
            found.append((date if found or before else first, state))
            before = state
    return found


def week_lines(weeks):
    """One line for the weekdays that change together."""
    together = collections.defaultdict(list)
    for weekday, changes in weeks.items():
        for date, state in changes:
            monday = date - dt.timedelta(days=date.weekday())
            together[(monday, state)].append((weekday, date))
    lines = []
    for (_, state), members in together.items():
        begin = min(date for _, date in members)
        names = ",".join(WEEKDAYS[weekday] for weekday, _ in sorted(members))
        names = names.replace("mon,tue,wed,thu,fri", "mon-fri").replace("mon-fri,sat,sun", "mon-sun")
        lines.append((begin, f"week {begin} {names} {spans(state) or 'closed'}"))
    return [line for _, line in sorted(lines)]


def regular_on(weeks, date):
    state = ()
    for begin, pattern in weeks[date.weekday()]:
        if begin <= date:
            state = pattern
    return state


def exceptions(days, weeks, first, last):
    closed, other = collections.defaultdict(list), collections.defaultdict(list)
    for offset in range((last - first).days + 1):
        date = first + dt.timedelta(days=offset)
        regular, found = regular_on(weeks, date), days.get(date)
        if found is None:
            if regular:
                closed[date.year].append(date)
        elif found.stretches != regular or found.early or found.late:
            other[(date.year, found)].append(date)
    return closed, other


def exception_lines(closed, other):
    lines = []
    for year, dates in closed.items():
        lines.append((year, 0, f"closed {year} " + " ".join(f"{date:%m-%d}" for date in dates)))
    for (year, found), dates in other.items():
        marks = " early" * found.early + " late" * found.late
        when = " ".join(f"{date:%m-%d}" for date in dates)
        lines.append((year, 1, f"open {year}{marks} {spans(found.stretches)} on {when}"))
    return [line for _, _, line in sorted(lines)]


def section(hours, days, first, last):
    weeks = regular_weeks(days, first, last)
    lines = [f"hours {hours} {first} {last}", *week_lines(weeks)]
    return lines + exception_lines(*exceptions(days, weeks, first, last))
