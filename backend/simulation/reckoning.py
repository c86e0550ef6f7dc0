"""Reckons a simulated year's timeliness again from what it printed, and not with the code that made
it: the regulation's days are held against their own definition, the shares are counted day by day.
"""

from collections import defaultdict
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import holidays

from backend.simulation.checks import Finding

Told = dict[str, Any]
ONE_DAY = timedelta(days=1)
WORKING_DAYS = 20
MONTHS = {"second": 3, "later": 6}


def judged_by_regulation(lines: list[Told]) -> Finding:
    """Of each review that regulation 33 judges: whether its last lawful day is the regulation's,
    counted from the review before it, or from coming into care."""
    by_child: dict[str, list[Told]] = defaultdict(list)
    for line in lines:
        by_child[line["child"]].append(line)
    looked_at, broken = 0, []
    for child, theirs in by_child.items():
        before: list[Told] = []
        for line in theirs:
            if line["rule"] in ("first", *MONTHS):
                looked_at += 1
                broken += [
                    f"{child}, due {line['due_on']}: {fault}" for fault in _faults(line, before)
                ]
            if line["counted_on"]:
                before.append(line)
    return Finding("Each review is judged as regulation 33 says", looked_at, broken)


def _faults(line: Told, before: list[Told]) -> list[str]:
    last, since = (date.fromisoformat(line[key]) for key in ("last_lawful_day", "counted_from"))
    if line["rule"] == "first":
        faults = (
            [] if line["became_looked_after_on"] in (None, since.isoformat()) else ["its start"]
        )
        return faults if is_nth_working_day(since, last) else [*faults, f"first by {last}"]
    own_day = line["counted_on"] or "9"
    earlier = [one for one in before if one["counted_on"] < own_day]
    if not earlier or earlier[-1]["counted_on"] != since.isoformat():
        return [f"counted from {since}"]
    return (
        [] if is_months_after(since, last, MONTHS[line["rule"]]) else [f"{line['rule']} by {last}"]
    )


def is_nth_working_day(since: date, last: date, count: int = WORKING_DAYS) -> bool:
    """Whether `last` is the working day that ends so many after a day, that day not counted."""
    free = holidays.country_holidays("GB", subdiv="ENG", years=(since.year, last.year))
    days = [since + timedelta(days=one) for one in range(1, (last - since).days + 1)]
    working = [day for day in days if day.weekday() < 5 and day not in free]
    return len(working) == count and working[-1] == last


def is_months_after(since: date, last: date, months: int) -> bool:
    """Whether `last` is the same day so many months on, or the last of a month without that day."""
    is_month = 12 * (last.year - since.year) + last.month - since.month == months
    is_cut_off = last.day < since.day and (last + ONE_DAY).day == 1
    return is_month and (last.day == since.day or is_cut_off)


def recounted(told: Told) -> Finding:
    """Whether the shares are those of the printed reviews, counted by the days on which each was
    overdue: a review is late in a year if there was such a day in it."""
    first, last = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    lines = [line for line in told["reviews"] if line["judged_by"] is not None]
    held = {n for n, line in enumerate(lines) if _is_held_in(line, first, last)}
    overdue = {
        n: days for n, line in enumerate(lines) if (days := _days_overdue(line, first, last))
    }
    late_children = {lines[n]["child"] for n in overdue}
    everybody = {one["child"]: one["state"] for one in told["children"]}
    counted = {child for child, state in everybody.items() if state in ("on_time", "late")}
    ours = {
        "children": len(counted),
        "children_on_time": len(counted - late_children),
        "reviews": len(held | set(overdue)),
        "reviews_on_time": len(held - set(overdue)),
        "days_late": sorted(len(days) for days in overdue.values()),
    }
    wrong = {key: value for key, value in ours.items() if told["timeliness"][key] != value}
    broken = [
        f"{key}: {told['timeliness'][key]}, recounted {value}" for key, value in wrong.items()
    ]
    return Finding("The shares on time are those of the reviews counted again", len(lines), broken)


def _is_held_in(line: Told, first: date, last: date) -> bool:
    return bool(line["counted_on"]) and first.isoformat() <= line["counted_on"] <= last.isoformat()


def _days_overdue(line: Told, first: date, last: date) -> list[date]:
    """The days up to `last` on which a review stood overdue, where one of them is in the year; one
    that was adjourned in time is not, until it may no longer be taken up."""
    waits = [day for day in (line["judged_by"], line["adjourned_until"]) if day]
    ends = [day for day in (line["counted_on"], line["ended_on"], last.isoformat()) if day]
    end = date.fromisoformat(min(ends))
    if not line["counted_on"] and end <= date.fromisoformat(max(waits)):
        return []
    day = date.fromisoformat(line["judged_by"])
    days = list(takewhile(lambda one: one <= end, (day + ONE_DAY * n for n in range(1, 20_000))))
    return days if days and days[-1] >= first else []
