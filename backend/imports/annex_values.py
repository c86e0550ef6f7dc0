"""Reads single cells of Annex A: dates in every form, codes behind a letter, yes and no."""

import re
from datetime import date, datetime
from typing import Any

from openpyxl.utils.datetime import from_excel

from backend.core import clock
from backend.imports.cells import EARLIEST, LATEST, Unreadable, read_date
from backend.placements import queries as placements

# "a) Male", "a)Male", "(a) Male", "A. Male", "a - Male", but never the No of "No - ...".
LETTER = re.compile(r"^\(?[a-z]{1,2}\)\s*|^[a-z]\s*[.:]\s*(?=\S)|^[a-z]\s+[-\u2013]\s+", re.I)
CODE = re.compile(r"[A-Z]{1,2}\d{1,2}")
TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?( ?[AP]M)?Z?$", re.I)
SIGNS = re.compile(r"^(\d{1,2})[. -](\d{1,2})[. -](\d{4})$")
TOGETHER = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
SHORT_YEAR = re.compile(r"^(.*[/. -])(\d{2})$")
# Nobody in either list was born, or came into care, before this: such a number is a year or an age.
FIRST_SERIAL_YEAR = 1980
SERIAL = re.compile(r"\d{1,6}(\.\d+)?")
ERROR = re.compile(r"#(N/A|GETTING_DATA|.*[!?])", re.I)
NOTHING = frozenset(
    {
        *("", "-", "--", "\u2013", ".", "n/a", "na", "nan", "nat", "<na>", "null", "nil", "blank"),
        *("(blank)", "none recorded", "not recorded", "not applicable", "tbc", "not yet"),
    }
)
GENDERS = {
    **dict.fromkeys(("m", "male", "boy", "1", "man"), "male"),
    **dict.fromkeys(("f", "female", "girl", "2", "woman"), "female"),
    **dict.fromkeys(
        ("o", "other", "u", "unborn", "unknown", "indeterminate", "9", "neither", "i"), "other"
    ),
    **dict.fromkeys(("non binary", "nonbinary", "x"), "other"),
}
YES = frozenset(
    {"yes", "y", "true", "1", "uasc", "unaccompanied", "former", "formerly", "disabled"}
)
NO = frozenset({"no", "n", "false", "0", "none", "not", "non"})
# The disability codes of the other returns stand in this column too, several with a comma.
DISABILITIES = frozenset(
    {*("aut", "beh", "comm", "con", "dda", "hand", "hear", "inc", "ld", "mob", "pc", "vis")}
)
NOT_STATED = ("not stated", "not known", "not recorded")
NOT_KNOWN = re.compile(
    r"u|unknown.*|refused|no (information|data|record).*|information not .*|"
    r"not (yet )?(stated|known|recorded|obtained|said).*"
)


def as_text(cell: Any) -> str:
    """A cell as a text on one line; a whole number without a decimal point.

    Raises Unreadable for a cell in which the workbook itself shows an error.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    spread = "".join(one if one.isprintable() or one.isspace() else "" for one in str(cell))
    # What Excel writes before a number that is kept as a text.
    text = " ".join(spread.split()).removeprefix("'")
    if ERROR.fullmatch(text):
        raise Unreadable("holds an error of the workbook (such as #N/A)")
    return "" if text.casefold() in NOTHING else text


def as_id(cell: Any) -> str:
    """An id as a text: a number that was kept as 1234.0 is 1234."""
    return re.sub(r"^(\d+)\.0+$", r"\1", as_text(cell))


def same_id(text: str) -> str:
    """What is left of an id that Excel and people leave alone: no case, space, or zeros ahead."""
    key = "".join(text.casefold().split())
    return key.lstrip("0") or key if key.isdecimal() else key


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
    day = SHORT_YEAR.sub(_whole_year, day) if not TOGETHER.match(day) else day
    day = TOGETHER.sub(r"\1-\2-\3", SIGNS.sub(r"\1/\2/\3", day))
    return read_date(re.sub(r"^(\d{4})/(\d{2})/(\d{2})$", r"\1-\2-\3", day))


def _whole_year(found: re.Match[str]) -> str:
    """Two figures of a year as four: nobody in these lists is as old as a hundred."""
    year = int(found[2]) + 2000
    is_to_come = year > clock.today().year + 1
    # A year that stands first, as in 2014-03-09, has its day at the end.
    if re.match(r"\d{4}", found[1]):
        return found[0]
    return f"{found[1]}{year - 100 if is_to_come else year}"


def _from_serial(number: float, epoch: datetime) -> date:
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError, OSError) as error:
        raise Unreadable("is a number that is no date") from error
    if not isinstance(moment, datetime) or moment.year < FIRST_SERIAL_YEAR:
        raise Unreadable("is a number that is no date")
    return _in_range(moment.date())


def _in_range(day: date) -> date:
    if not EARLIEST < day.year <= LATEST:
        raise Unreadable("is a date in a year that cannot be")
    return day


def read_gender(cell: Any) -> str:
    """female, male or other; empty where the cell is."""
    text = without_letter(as_text(cell)).casefold()
    if not text or text.startswith(NOT_STATED):
        return ""
    first = re.split(r"[^a-z0-9 ]", text.replace("-", " "))[0].strip()
    if first not in GENDERS:
        raise Unreadable("is no gender that Annex A has")
    return GENDERS[first]


def read_ethnicity(cell: Any) -> str:
    """A code of the return's list of ethnic groups, as a code or with its name behind it."""
    text = without_letter(as_text(cell))
    if not text:
        return ""
    words = [text.upper()] if len(text) == 4 else re.findall(r"\b[A-Z]{4}\b", text)
    code = next((str(word) for word in words if word in ETHNICITIES), None)
    named = " ".join(re.sub(r"[^a-z]+", " ", text.casefold()).split())
    if code is not None or NOT_KNOWN.fullmatch(named):
        return code or "NOBT"
    # "Black or Black British - African" ends as "African" alone does; the longest name counts.
    endings = [name for name in NAMED_ETHNICITIES if f" {named}".endswith(f" {name}")]
    if not endings:
        raise Unreadable("is no ethnic group of the return's list (such as WBRI)")
    return NAMED_ETHNICITIES[max(endings, key=len)]


def read_yes(cell: Any) -> bool | None:
    """Yes or no; None where the cell is empty or says that nobody knows."""
    text = without_letter(as_text(cell)).casefold()
    words = re.split(r"[^a-z0-9]+", text)
    if not text or NOT_KNOWN.fullmatch(text):
        return None
    if words[0] in YES or words[0] in NO:
        return words[0] in YES
    if set(words) & DISABILITIES:
        return True
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
    "northern irish british": "WBRI",
    "northern irish or british": "WBRI",
    "white irish": "WIRI",
    "traveller of irish heritage": "WIRT",
    "any other white background": "WOTH",
    "other white": "WOTH",
    "white other": "WOTH",
    "gypsy roma": "WROM",
    "white and black caribbean": "MWBC",
    "white and black african": "MWBA",
    "white and asian": "MWAS",
    "any other mixed background": "MOTH",
    "other mixed": "MOTH",
    "mixed other": "MOTH",
    "indian": "AIND",
    "pakistani": "APKN",
    "bangladeshi": "ABAN",
    "any other asian background": "AOTH",
    "other asian": "AOTH",
    "asian other": "AOTH",
    "caribbean": "BCRB",
    "black caribbean": "BCRB",
    "african": "BAFR",
    "black african": "BAFR",
    "any other black background": "BOTH",
    "other black": "BOTH",
    "black other": "BOTH",
    "chinese": "CHNE",
    "any other ethnic group": "OOTH",
    "other ethnic group": "OOTH",
    "gypsy or roma": "WROM",
    "irish traveller": "WIRT",
    "refused": "REFU",
    "information not yet obtained": "NOBT",
}
LEGAL_STATUSES = frozenset(
    {"C1", "C2", "D1", "E1", "V2", "V3", "V4", "L1", "L2", "L3", "J1", "J2", "J3"}
)


NAMED_LEGAL_STATUSES = (
    (r"interim care order", "C1"),
    (r"(full )?care order|section 31|s ?31", "C2"),
    (r"freeing order.*", "D1"),
    (r"placement order.*", "E1"),
    (r"(single period of )?accommodat.*(s|section) ?20|(s|section) ?20( accommodat.*)?", "V2"),
    (r".*police protection.*", "L1"),
    (r"emergency protection order.*", "L2"),
    (r"child assessment order.*", "L3"),
)


def read_legal_status(cell: Any) -> str:
    """A code of the return's list of legal statuses, with or without its meaning, or the meaning
    alone."""
    text = without_letter(as_text(cell)).upper()
    if not text:
        return ""
    for code in CODE.findall(text):
        if code in LEGAL_STATUSES:
            return str(code)
    named = " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())
    for name, code in NAMED_LEGAL_STATUSES:
        if re.fullmatch(name, named):
            return code
    raise Unreadable("names no legal status of the return's list (such as C2)")
