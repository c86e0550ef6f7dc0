"""What the accessibility statement says of the day: its dates, what was tested, what is not met.

Source of its form: the model statement under the Public Sector Bodies (Websites and Mobile
Applications) (No. 2) Accessibility Regulations 2018."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("accessibility.yaml")


@dataclass(frozen=True)
class NotMet:
    """One thing that does not meet the standard, with what is planned and by which day."""

    what: str
    criterion: str
    plan: str
    by: date


@dataclass(frozen=True)
class Statement:
    """The part of the statement that is data."""

    prepared_on: date
    reviewed_on: date
    tested_on: date
    tested_how: str
    not_met: tuple[NotMet, ...]
    enforcer: str
    advice: str
    advice_telephone: str
    privacy_regulator: str
    privacy_telephone: str
    owner: str


@lru_cache
def statement() -> Statement:
    """The statement as the file has it; TypeError where a field is missing or unknown."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Statement(**(found | {"not_met": tuple(NotMet(**one) for one in found["not_met"])}))
