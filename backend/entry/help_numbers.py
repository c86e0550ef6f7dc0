"""The numbers of the help page, and when somebody reads next; the same for everybody, always."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.core import clock
from backend.core.access.identity import ContributorIdentity
from backend.core.access.permissions import Kind
from backend.core.translations import SafePhrase, date_words, phrase
from backend.settings import Settings

FILE = Path(__file__).with_name("help_numbers.yaml")
OFFICE_OPENS, OFFICE_CLOSES = 9, 17


@dataclass(frozen=True)
class HelpNumber:
    """One number to ring or text now."""

    id: str
    name: str
    number: str
    what: str
    when: str
    audience: str  # everyone | child | adult
    owner: str
    last_checked: date
    is_text: bool = False

    @property
    def address(self) -> str:
        """What a tap opens: the telephone, or an empty text message."""
        return f"{'sms' if self.is_text else 'tel'}:{self.number.replace(' ', '')}"


@lru_cache
def _read_file() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def all_numbers(settings: Settings) -> list[HelpNumber]:
    """Every number, in the order of the file, with the council's own put in."""
    return [
        HelpNumber(
            id=line["id"],
            name=_setting(line, "name_setting", settings) or SafePhrase(line["name"], {}),
            number=_setting(line, "setting", settings) or line["number"],
            what=SafePhrase(line["what"], {}),
            when=SafePhrase(line["when"], {}),
            audience=line["for"],
            owner=line["owner"],
            last_checked=line["last_checked"],
            is_text=line.get("is_text", False),
        )
        for line in _read_file()
    ]


def _setting(line: dict[str, Any], key: str, settings: Settings) -> str:
    return str(getattr(settings, line[key])) if key in line else ""


def numbers_for(identity: ContributorIdentity | None, settings: Settings) -> list[HelpNumber]:
    """The numbers for this visitor: a child's, an adult's, or both when nobody is in yet."""
    if identity is None:
        return all_numbers(settings)
    hidden = "adult" if identity.kind is Kind.CHILD else "child"
    return [number for number in all_numbers(settings) if number.audience != hidden]


def numbers_now(moment: datetime, settings: Settings) -> list[HelpNumber]:
    """The two numbers that stand on every screen: for danger, and whom the council has up now."""
    local = clock.in_london(moment)
    is_open = clock.is_working_day(local.date()) and OFFICE_OPENS <= local.hour < OFFICE_CLOSES
    wanted = ("emergency", "duty" if is_open else "night")
    return [number for number in all_numbers(settings) if number.id in wanted]


def numbers_at_door(settings: Settings) -> list[HelpNumber]:
    """The one number that stands before anybody has shown who they are: it names no council."""
    return [number for number in all_numbers(settings) if number.id == "emergency"]


def next_reading_on(moment: datetime) -> date:
    """The day on which somebody reads next: today in office hours, else the next working day."""
    local = clock.in_london(moment)
    if clock.is_working_day(local.date()) and local.hour < OFFICE_CLOSES:
        return local.date()
    return clock.add_working_days(local.date(), 1)


def next_reading_words(moment: datetime) -> str:
    """The same as one says it: today, tomorrow, or the day."""
    local, day = clock.in_london(moment), next_reading_on(moment)
    if day == local.date():
        is_open = local.hour >= OFFICE_OPENS
        return phrase("today, before 5 o’clock") if is_open else phrase("today, from 9 o’clock")
    if day == local.date() + timedelta(days=1):
        return phrase("tomorrow, from 9 o’clock")
    return phrase("on %(day)s, from 9 o’clock", day=date_words(day))
