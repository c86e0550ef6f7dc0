"""Says how far each language is translated, and how far a person has checked it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import typer
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from backend.core.catalogues import LOCALE, SAFETY, Catalogue, catalogue, forms_of
from backend.core.languages import SOURCE, Language, languages
from backend.settings import ROOT
from backend.surveys.instruments import load_instruments

GO_LIVE = (
    "Safety and privacy wording must be checked by a person who speaks the language before a "
    "council goes live; until then English stands beside it."
)


@dataclass(frozen=True)
class Share:
    """How many messages there are, are translated, and were checked by a person."""

    all: int
    translated: int
    checked: int

    def __str__(self) -> str:
        return (
            f"{self.translated} of {self.all} translated ({percent(self.translated, self.all)}), "
            f"{self.checked} checked by a person ({percent(self.checked, self.all)})"
        )


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, rounded down, so that 100% is all; "none" of nothing."""
    return f"{100 * part // whole}%" if whole else "none"


def messages() -> list[Message]:
    """Every message that contributors read, as `make messages` collected them."""
    with (LOCALE / "messages.pot").open("rb") as file:
        return [message for message in read_po(file, charset="utf-8") if message.id]


def share_of(known: Catalogue, wanted: Iterable[Message]) -> Share:
    """How much of these messages a catalogue has."""
    ids = [forms_of(message.id)[0] for message in wanted]
    found = [known.messages[one] for one in ids if one in known.messages]
    return Share(len(ids), len(found), sum(bool(one.checked_by) for one in found))


def report() -> int:
    """Print each language's state; 1 where a translation cannot be used, else 0."""
    refused = 0
    for language in languages().values():
        if language.code != SOURCE:
            for line in lines_of(language):
                typer.echo(line)
            refused += len(catalogue(language.code).refused)
    typer.echo(GO_LIVE)
    return 1 if refused else 0


def lines_of(language: Language) -> Iterator[str]:
    """The state of one language."""
    known, every = catalogue(language.code), messages()
    safety = [message for message in every if SAFETY in message.auto_comments]
    yield f"{language.code}  {language.english_name} ({language.own_name})"
    if language.is_whole:
        yield f"    pages:              {share_of(known, every)}"
    yield f"    safety and privacy: {share_of(known, safety)}"
    forms, checked = forms_in(language.code)
    yield f"    forms:              {len(forms)} translated, {len(checked)} checked by a person"
    for message, fault in known.refused.items():
        yield f"    cannot be used: “{message}”: {fault}"


def forms_in(code: str) -> tuple[list[str], list[str]]:
    """The instruments that have words in a language, and those whose words a person checked."""
    layers = {
        one.id: one.layers[code]
        for one in load_instruments(ROOT / "surveys").values()
        if code in one.layers
    }
    return list(layers), [name for name, layer in layers.items() if layer.own.is_checked]


def unchecked() -> str:
    """One line for `heard doctor`: which languages a person has yet to check."""
    safety = [message for message in messages() if SAFETY in message.auto_comments]
    waiting = [
        f"{language.english_name} {shares.checked} of {shares.all}"
        for language in languages().values()
        if language.code != SOURCE
        and (shares := share_of(catalogue(language.code), safety)).checked < shares.all
    ]
    if not waiting:
        return "safety and privacy wording is checked by a person in every language"
    return f"safety and privacy wording checked by a person: {', '.join(waiting)}. {GO_LIVE}"
