"""Reads single cells of Annex A: dates in every form, codes behind a letter, yes and no."""

import re
from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import from_excel

from backend.imports.cells import EARLIEST, LATEST, Unreadable, read_date
from backend.placements import queries as placements

LETTER = re.compile(r"^\s*[a-z]{1,2}\s*[).:]\s+|^\s*[a-z]\)\s*", re.IGNORECASE)
CODE = re.compile(r"[A-Z]{1,2}\d{1,2}")
TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
SERIAL = re.compile(r"\d{1,6}(\.\d+)?")
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
NOTHING = frozenset(
    {"", "-", "n/a", "na", "none recorded", "not recorded", "null", "not applicable", "(blank)"}
)
GENDERS = {
    **dict.fromkeys(("m", "male", "boy", "1"), "male"),
    **dict.fromkeys(("f", "female", "girl", "2"), "female"),
    **dict.fromkeys(("o", "other", "u", "unborn", "unknown", "indeterminate", "9"), "other"),
}
YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0", "none"})
UNSURE = frozenset({"unknown", "not known", "u"})


def as_text(cell: Any) -> str:
    """A cell as a text on one line; a whole number without a decimal point.

    Raises Unreadable for a cell in which the workbook itself shows an error.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).replace("\N{NO-BREAK SPACE}", " ").split())
    if text.upper() in ERRORS or (text.startswith("#") and text.endswith(("!", "?"))):
        raise Unreadable("holds an error of the workbook (such as #N/A)")
    return "" if text.casefold() in NOTHING else text


def without_letter(text: str) -> str:
    """The value behind the letter that Annex A puts before each: "a) Male" is "Male"."""
    return LETTER.sub("", text, count=1).strip()


def read_day(cell: Any, epoch: datetime) -> date | None:
    """The day in a cell: a date, a text, or the number that a date is without its format."""
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    text = as_text(cell)
    if isinstance(cell, bool):
        raise Unreadable("is not a date like 31/03/2026")
    if SERIAL.fullmatch(text):
        return _from_serial(float(text), epoch)
    day = TIME_OF_DAY.sub("", text)
    return read_date(re.sub(r"^(\d{1,2})[.-](\d{1,2})[.-](\d{4})$", r"\1/\2/\3", day))


def _from_serial(number: float, epoch: datetime) -> date:
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError, OSError) as error:
        raise Unreadable("is a number that is no date") from error
    if not isinstance(moment, datetime):
        raise Unreadable("is a number that is no date")
    return _in_range(moment.date())


def _in_range(day: date) -> date:
    if not EARLIEST < day.year <= LATEST:
        raise Unreadable("is a date in a year that cannot be")
    return day


def read_gender(cell: Any) -> str:
    """female, male or other; empty where the cell is."""
    text = without_letter(as_text(cell)).casefold()
    if not text:
        return ""
    if text not in GENDERS:
        raise Unreadable("is no gender that Annex A has")
    return GENDERS[text]


def read_ethnicity(cell: Any) -> str:
    """A code of the return's list of ethnic groups, as a code or with its name behind it."""
    text = without_letter(as_text(cell))
    if not text:
        return ""
    for word in re.findall(r"[A-Z]{4}", text.upper()):
        if word in ETHNICITIES:
            return str(word)
    named = NAMED_ETHNICITIES.get(" ".join(re.sub(r"[^a-z]+", " ", text.casefold()).split()))
    if named is None:
        raise Unreadable("is no ethnic group of the return's list (such as WBRI)")
    return named


def read_yes(cell: Any) -> bool | None:
    """Yes or no; None where the cell is empty or says that nobody knows."""
    text = without_letter(as_text(cell)).casefold()
    first = re.split(r"[^a-z0-9]", text)[0]
    if not text or text in UNSURE:
        return None
    if first in YES or first in NO:
        return first in YES
    raise Unreadable("is neither yes nor no")


def read_code(cell: Any, *, list_name: str, on: date) -> str:
    """A code of a dated list: "f) U6: Foster placement - not FFA" is U6."""
    text = without_letter(as_text(cell)).upper()
    if not text:
        return ""
    for code in CODE.findall(text):
        if placements.is_known_code(list_name, code, date.min, on):
            return str(code)
    raise Unreadable("names no code of the list")


ETHNICITIES = frozenset(
    {
        *("WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND"),
        *("APKN", "ABAN", "AOTH", "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT"),
    }
)
NAMED_ETHNICITIES = {
    "white british": "WBRI",
    "white irish": "WIRI",
    "traveller of irish heritage": "WIRT",
    "any other white background": "WOTH",
    "gypsy roma": "WROM",
    "white and black caribbean": "MWBC",
    "white and black african": "MWBA",
    "white and asian": "MWAS",
    "any other mixed background": "MOTH",
    "indian": "AIND",
    "pakistani": "APKN",
    "bangladeshi": "ABAN",
    "any other asian background": "AOTH",
    "caribbean": "BCRB",
    "black caribbean": "BCRB",
    "african": "BAFR",
    "black african": "BAFR",
    "any other black background": "BOTH",
    "chinese": "CHNE",
    "any other ethnic group": "OOTH",
    "refused": "REFU",
    "information not yet obtained": "NOBT",
}
LEGAL_STATUSES = frozenset(
    {"C1", "C2", "D1", "E1", "V2", "V3", "V4", "L1", "L2", "L3", "J1", "J2", "J3"}
)


def read_legal_status(cell: Any) -> str:
    """A code of the return's list of legal statuses, with or without its meaning behind it."""
    text = without_letter(as_text(cell)).upper()
    if not text:
        return ""
    for code in CODE.findall(text):
        if code in LEGAL_STATUSES:
            return str(code)
    raise Unreadable("names no legal status of the return's list (such as C2)")
