"""The languages that contributors can choose: own names, directions, and how extracts call them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

FILE = Path(__file__).with_name("languages.yaml")
SOURCE = "en"
IN_ADDRESS = "lang"
BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Language:
    """One language. `is_whole`: every page is in it; else its safety and privacy words alone."""

    code: str
    own_name: str
    called: tuple[str, ...]
    direction: str  # ltr | rtl
    is_whole: bool
    dates: str

    @property
    def english_name(self) -> str:
        """What staff call it."""
        return self.called[0]

    @property
    def page(self) -> "Language":
        """The language that a page as a whole is in: English until this one is whole."""
        return self if self.is_whole else languages()[SOURCE]


@lru_cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, in the order in which they are offered."""
    lines = yaml.safe_load(FILE.read_text(encoding="utf-8"))["languages"]
    return MappingProxyType(
        {
            line["code"]: Language(
                code=line["code"],
                own_name=line["own_name"],
                called=tuple(line["called"]),
                direction=line["direction"],
                is_whole=line["words"] == "whole",
                dates=line["dates"],
            )
            for line in lines
        }
    )


def language(code: str) -> Language:
    """The language with this code; English for a code that is not offered."""
    return languages().get(code) or languages()[SOURCE]


def is_offered(code: str) -> bool:
    """Whether this is the code of a language that can be chosen."""
    return code in languages()


def asked_for(query: Mapping[str, str]) -> str:
    """The code that stands in an address (`?lang=ar`); empty where none of ours does."""
    code = query.get(IN_ADDRESS, "")
    return code if is_offered(code) else ""


@lru_cache(maxsize=256)
def code_called(name: str) -> str:
    """The code for a language as a case system writes it; empty where none is meant for sure."""
    wanted = _plain(name)
    for one in languages().values():
        if wanted in {_plain(called) for called in one.called}:
            return one.code
    return ""


def _plain(name: str) -> str:
    """A name without case, brackets and commas: "Kurdish (Sorani)" reads "kurdish sorani"."""
    return BETWEEN_WORDS.sub(" ", name.casefold()).strip()
