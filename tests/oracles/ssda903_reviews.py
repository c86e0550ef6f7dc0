"""The published rules for reviews.csv, written from the rules alone; nothing of ours is imported.

Reads a file as text, as whoever receives it does. Source: facts 2.1 (rules 166, 167, 399, 440, 441
of the return's validation).
"""

import re
from collections import Counter
from datetime import date

COLUMNS = "CHILD,DOB,REVIEW,REVIEW_CODE"
CODES = [f"PN{number}" for number in range(8)]
DAY = re.compile(r"(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/([0-9]{4})")


def faults_of(content: bytes, *, year: int, today: date) -> list[str]:
    """Every rule that a file breaks, as "line: what"."""
    faults = []
    text = content.decode("utf-8")
    if text.startswith("\ufeff"):
        faults.append("1: a mark of byte order")
    lines = text.split("\n")
    if lines[0] != COLUMNS:
        faults.append("1: not the columns of the return")
    if lines[-1] != "":
        faults.append(f"{len(lines)}: the last row does not end")
    rows = [line.split(",") for line in lines[1:-1]]
    for number, row in enumerate(rows, start=2):
        faults += [f"{number}: {fault}" for fault in faults_of_row(row, year, today)]
    faults += faults_together([row for row in rows if len(row) == 4])
    return faults


def faults_of_row(row: list[str], year: int, today: date) -> list[str]:
    """What is wrong with one row by itself."""
    if len(row) != 4:
        return ["not four cells"]
    child, born, reviewed, code = row
    faults = []
    if not child:
        faults.append("no CHILD")
    if code not in CODES:
        faults.append("167")
    birth, day = day_of(born), day_of(reviewed)
    if day is None:
        return [*faults, "166"]
    if birth is None:
        return [*faults, "no date of birth"]
    if not date(year - 1, 4, 1) <= day <= date(year, 3, 31):
        faults.append("another year's review")
    if day > today:
        faults.append("a review to come")
    if birth > today or day < birth:
        faults.append("a birth after it")
    return faults + faults_of_age(birth, day, code)


def faults_of_age(birth: date, day: date, code: str) -> list[str]:
    """PN0 up to the fourth birthday, the others from it on, both on the day itself."""
    years = day.year - birth.year
    has_been = (day.month, day.day) > (birth.month, birth.day)
    is_on_it = (day.month, day.day) == (birth.month, birth.day)
    past_four = years > 4 or (years == 4 and has_been)
    under_four = years < 4 or (years == 4 and not has_been and not is_on_it)
    if code == "PN0" and past_four:
        return ["440"]
    return ["441"] if code in CODES[1:] and under_four else []


def faults_together(rows: list[list[str]]) -> list[str]:
    """The same review twice, two codes for one day, one child with two births."""
    faults = []
    for (child, _, day), count in Counter((row[0], row[1], row[2]) for row in rows).items():
        if count > 1:
            faults.append(f"{child} has {count} reviews on {day}")
    births = {(row[0], row[1]) for row in rows}
    faults += [
        f"{child} has {count} dates of birth"
        for child, count in Counter(child for child, _ in births).items()
        if count > 1
    ]
    return faults


def faults_beside(
    content: bytes, *, headers: dict[str, str], statuses: dict[str, set[str]]
) -> list[str]:
    """What is wrong beside the return's other files: `headers` gives each CHILD's DOB as the header
    writes it, `statuses` each CHILD's legal statuses over all episodes (checks 399 and those of a
    return's files against each other)."""
    faults = []
    for number, line in enumerate(content.decode("utf-8").split("\n")[1:-1], start=2):
        child, born = line.split(",")[:2]
        if headers.get(child, born) != born:
            faults.append(f"{number}: another DOB than the header's")
        if statuses.get(child) and statuses[child] <= {"V3", "V4"}:
            faults.append(f"{number}: 399")
    return faults


def day_of(text: str) -> date | None:
    """A day written dd/mm/yyyy, or None."""
    found = DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
