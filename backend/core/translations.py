"""Speaks a reader's language: words of pages, of Python code and of safety, days and plurals.

Code works with English text that knows how to turn: a Phrase is an ordinary English string
everywhere, and becomes the page's language where a template shows it. A page is rendered in one
language from start to end, so nothing else has to know who reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from markupsafe import Markup, escape

from backend.core import clock
from backend.core.catalogues import NAMED, Translation, catalogue
from backend.core.languages import SOURCE, Language, language

# What the reader speaks, and what the page is in: English while a language is not whole.
_reader: ContextVar[Language | None] = ContextVar("reader", default=None)
_page: ContextVar[Language | None] = ContextVar("page", default=None)
# A name may be in another script than the sentence: each stands on its own, whatever its direction.
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


@contextmanager
def speaking(code: str, *, page: str = "") -> Iterator[None]:
    """Run a block for a reader of this language; `page` names another language for the page."""
    reader = language(code)
    before = _reader.set(reader), _page.set(language(page) if page else reader.page)
    try:
        yield
    finally:
        _reader.reset(before[0])
        _page.reset(before[1])


def reader_language() -> Language:
    """What the reader of the page speaks."""
    return _reader.get() or language(SOURCE)


def page_language() -> Language:
    """What the page as a whole is in."""
    return _page.get() or language(SOURCE)


class Phrase(str):
    """A sentence of ours in English, filled; a page shows it in its own language.

    `source` is the text before filling, under which catalogues know it.
    """

    source: str
    values: Mapping[str, Any]
    plural: str
    how_many: int

    def __new__(
        cls, source: str, values: Mapping[str, Any], plural: str = "", how_many: int = 1
    ) -> "Phrase":
        english = plural if plural and how_many != 1 else source
        made = super().__new__(cls, english % values)
        made.source, made.values = source, values
        made.plural, made.how_many = plural, how_many
        return made

    def __str__(self) -> str:
        # str() of an error that carries a Phrase must not take its other languages away.
        return self

    def __html__(self) -> str:
        if self.plural:
            return Markup(ngettext(self.source, self.plural, self.how_many)) % self.values  # noqa: S704
        return Markup(gettext(self.source)) % self.values  # noqa: S704  (ours, or escaped)


def phrase(source: str, **values: object) -> Phrase:
    """A sentence of ours that contributors read, written in Python; `%(name)s` names a value."""
    return Phrase(source, values)


def counted(source: str, plural: str, count: int, **values: object) -> Phrase:
    """The same with a count: `%(num)s`."""
    return Phrase(source, {"num": count, **values}, plural, count)


class SafePhrase(Phrase):
    """The same on safety or privacy: shown as `safe` shows it."""

    def __html__(self) -> str:
        return safe(self)


def safe_phrase(source: str, **values: object) -> SafePhrase:
    """A sentence on safety or privacy that contributors read, written in Python."""
    return SafePhrase(source, values)


YEAR_IS_SAID_AFTER_DAYS = 180


class DayWords(str):
    """A day as English says it; a page says it in its own language, by Babel's `pattern`."""

    day: date
    pattern: str

    def __new__(cls, day: date, english: str, *, pattern: str) -> "DayWords":
        made = super().__new__(cls, english)
        made.day, made.pattern = day, pattern
        return made

    def __html__(self) -> str:
        spoken = page_language()
        if spoken.code == SOURCE:
            return str(escape(str(self)))
        return str(escape(format_date(self.day, self.pattern, locale=spoken.dates)))


def date_words(day: date | datetime) -> DayWords:
    """A date as one would say it: Tuesday 24 November, with its year where that is far away.

    Last year's 16 December must not read as the next one.
    """
    day = _in_london(day)
    if abs((day - clock.today()).days) > YEAR_IS_SAID_AFTER_DAYS:
        return date_with_year(day)
    return DayWords(day, f"{day:%A} {day.day} {day:%B}", pattern="EEEE d MMMM")


def date_with_year(day: date | datetime) -> DayWords:
    """The same with its year: Tuesday 24 November 2026."""
    day = _in_london(day)
    return DayWords(day, f"{day:%A} {day.day} {day:%B} {day.year}", pattern="EEEE d MMMM y")


def date_on_record(day: date | datetime) -> DayWords:
    """A date that is kept rather than said: 24 November 2026."""
    day = _in_london(day)
    return DayWords(day, f"{day.day} {day:%B} {day.year}", pattern="d MMMM y")


def _in_london(day: date | datetime) -> date:
    return clock.in_london(day).date() if isinstance(day, datetime) else day


def either(names: Sequence[str]) -> str:
    """Names of which any will do: "Ann or Ben", "Ann or a colleague" for more; "" for none."""
    if len(names) < 2:
        return names[0] if names else ""
    if len(names) == 2:
        return phrase("%(one)s or %(other)s", one=names[0], other=names[1])
    return phrase("%(name)s or a colleague", name=names[0])


def gettext(source: str) -> str:
    """A message in the page's language, as HTML; English where there is no translation.

    A message is text, never markup: what is in a catalogue cannot change a page.
    """
    found = catalogue(page_language().code).messages.get(source)
    return _as_html(found.forms[0] if found else source, page_language())


def ngettext(source: str, plural: str, count: int) -> str:
    """A message with a count in the page's language."""
    words = catalogue(page_language().code)
    found = words.messages.get(source)
    if not found:
        return _as_html(source if count == 1 else plural, page_language())
    return _as_html(found.forms[words.form_for(count)], page_language())


def safe(source: str, **values: object) -> Markup:
    """Wording on safety and privacy: English stands beside a translation nobody has checked."""
    if isinstance(source, Phrase):
        return safe(source.source, **{**source.values, **values})
    reader = reader_language()
    found = catalogue(reader.code).messages.get(source)
    with speaking(SOURCE):
        english = escape(source) % values
    if not found:
        is_english = page_language().code == SOURCE
        return (
            english if is_english else Markup('<span lang="en" dir="ltr">{}</span>').format(english)
        )
    translated = _translated(found, reader, values)
    if found.checked_by:
        return translated
    return Markup('<span class="both">{} {}</span>').format(translated, _beside(english))


def _translated(found: Translation, reader: Language, values: Mapping[str, object]) -> Markup:
    is_page = reader == page_language()
    with speaking(reader.code, page=reader.code):
        text = Markup(_as_html(found.forms[0], reader)) % values  # noqa: S704  (escaped)
    if is_page:
        return text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(reader.code, reader.direction, text)


def _beside(english: Markup) -> Markup:
    return Markup('<span class="beside" lang="en" dir="ltr">{}</span>').format(english)


def _as_html(text: str, spoken: Language) -> str:
    if spoken.direction == "rtl":
        text = NAMED.sub(rf"{ISOLATE}\g<0>{END_ISOLATE}", text)
    return str(escape(text))
