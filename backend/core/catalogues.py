"""Reads the translations of one language from its catalogue: frontend/locale/<code>/."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from backend.core.languages import SOURCE, language
from backend.settings import ROOT

LOCALE = ROOT / "frontend" / "locale"
NAMED = re.compile(r"%\((\w+)\)s")
CHECKED = re.compile(r"checked:\s*(\S.*),\s*(\d{4}-\d\d-\d\d)")
SAFETY = "safety and privacy"


@dataclass(frozen=True)
class Translation:
    """One message in one language: its forms, and who checked it on which day ("" for nobody)."""

    forms: tuple[str, ...]
    checked_by: str = ""


def only_form(_count: int) -> int:
    """The form of a language that has one."""
    return 0


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language that can be used; `refused` are those that cannot, and why."""

    messages: Mapping[str, Translation] = field(default_factory=dict)
    form_for: Callable[[int], int] = only_form
    refused: Mapping[str, str] = field(default_factory=dict)


def catalogue_path(code: str) -> Path:
    """Where a language's catalogue lies."""
    return LOCALE / code / "LC_MESSAGES" / "messages.po"


@lru_cache
def catalogue(code: str) -> Catalogue:
    """What is translated into a language; nothing where it has no catalogue (English)."""
    path = catalogue_path(code)
    return read_catalogue(path, code) if code != SOURCE and path.exists() else Catalogue()


def read_catalogue(path: Path, code: str) -> Catalogue:
    """A catalogue as it lies in a file. Fuzzy and empty messages are no translations; one whose
    names of values differ from the English is refused, because no page could be filled from it."""
    with path.open("rb") as file:
        found = read_po(file, locale=language(code).dates, charset="utf-8")
    messages, refused = {}, {}
    for message in found:
        english, forms = forms_of(message.id), forms_of(message.string)
        if not message.id or message.fuzzy or not all(forms):
            continue
        fault = fault_in(english, forms)
        if fault:
            refused[english[0]] = fault
        else:
            messages[english[0]] = Translation(forms, checked_by(message))
    return Catalogue(messages, c2py(found.plural_expr), refused)


def forms_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message's one form, or its several; one empty form where there is none."""
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)


def fault_in(english: tuple[str, ...], forms: tuple[str, ...]) -> str:
    """What is wrong with a translation's values; "" when it can be filled like the English."""
    names = set(NAMED.findall(" ".join(english)))
    given = set(NAMED.findall(" ".join(forms)))
    if names != given:
        return f"its values are {sorted(given)}, the English has {sorted(names)}"
    try:
        for form in forms:
            form % dict.fromkeys(names, "")
    except (ValueError, TypeError, KeyError) as error:
        return str(error)
    return ""


def checked_by(message: Message) -> str:
    """Who checked a message, and when, by its comment "checked: NAME, DATE"; "" for nobody."""
    for comment in message.user_comments:
        if found := CHECKED.fullmatch(comment.strip()):
            return f"{found[1]}, {found[2]}"
    return ""
