"""Sets the letter with a review's answers as PDF/UA-1, in the child's language and size."""

import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from backend.core import clock
from backend.core.languages import SOURCE, language
from backend.core.translations import Phrase, phrase
from backend.paper import fonts
from backend.paper.sheet_words import in_language, lines_in
from backend.paper.typesetting import typeset

if TYPE_CHECKING:
    from backend.asks.queries import Letter, LetterAsk, Translation

TEMPLATE = "answers.typ"
DAY = "EEEE d MMMM y"


def print_letter(letter: "Letter", *, is_large: bool = False, as_picture: bool = False) -> Any:
    """The letter as a tagged PDF; `is_large` (18 pt) also where the child reads easy-read."""
    speaks = language(letter.speaks)
    large = is_large or letter.is_easy_read

    def values(refused: Collection[str]) -> dict[str, Any]:
        say = Writer(speaks.page.code, refused, speaks=speaks.code)
        return {
            "title": in_language(phrase("Letter"), speaks.page.code),
            "lang": speaks.page.code,
            "is_rtl": speaks.page.direction == "rtl",
            "is_large": large,
            "fonts": list(fonts.FAMILIES),
            "dear": say.ours(phrase("Dear %(name)s", name=letter.person_name)),
            "opening": list(say.lead_line(letter.opening or "", letter.opening_translation)),
            "signed": say.signed(letter.written_by, letter.written_at),
            "asks": [say.ask(one, letter.written_by) for one in letter.asks],
        }

    return typeset(TEMPLATE, values, made_at=letter.written_at, as_picture=as_picture)


class Writer:
    """Writes the letter's lines: ours in the child's language, everybody's own words as given."""

    def __init__(self, code: str, refused: Collection[str], *, speaks: str) -> None:
        self.code, self.refused, self.speaks = code, refused, speaks

    def childs(self, text: str) -> dict[str, Any]:
        """The child's own words, in their language where its script is theirs."""
        strong = (unicodedata.bidirectional(one) for one in text)
        first = next((one for one in strong if one in ("L", "R", "AL")), "L")
        is_own = (first != "L") == (language(self.speaks).direction == "rtl")
        return self.theirs(text, self.speaks if is_own else SOURCE)

    def theirs(self, text: str, code: str) -> dict[str, Any]:
        """Somebody's words, exactly, in the language that they are in."""
        parts = [part for part in text.split("\n") if part.strip()]
        return {
            "parts": [fonts.runs_of(part, but=self.refused) for part in parts],
            "lang": code,
            "is_rtl": language(code).direction == "rtl",
        }

    def ours(self, said: Phrase) -> dict[str, Any]:
        """A sentence of ours, in English where nobody has translated it."""
        text, code = lines_in([said], self.code)[0]
        return self.theirs(text, code)

    def day(self, moment: date | datetime) -> str:
        day = clock.in_london(moment).date() if isinstance(moment, datetime) else moment
        return format_date(day, DAY, locale=language(self.code).dates)

    def signed(self, name: str, moment: datetime | None) -> dict[str, Any]:
        text = f"{name}, {self.day(moment)}" if moment else name
        return self.theirs(text, self.code)

    def translated_by(self, name: str) -> dict[str, Any]:
        return self.ours(phrase("%(name)s put this in your language.", name=name))

    def lead_line(self, words: str, translation: "Translation | None") -> Iterable[dict[str, Any]]:
        """What the lead wrote: a person's translation first, then the English."""
        if translation is not None:
            yield self.theirs(translation.words, translation.language)
            yield self.translated_by(translation.by)
        yield self.theirs(words, SOURCE)

    def ask(self, one: "LetterAsk", lead: str) -> dict[str, Any]:
        """One ask: what was asked, the answer with its day, and who gave it."""
        asked_on = self.day(one.asked_at)
        unsaid = self.ours(phrase("Something you told your IRO alone"))
        return {
            "heading": self.ours(phrase("You asked on %(day)s", day=asked_on)),
            "words": self.childs(one.words) if one.words else unsaid,
            "answer": list(self.answer(one)),
            "signed": list(self.below(one, lead)),
        }

    def answer(self, one: "LetterAsk") -> Iterable[dict[str, Any]]:
        if one.answer is None:
            owner = one.owner or in_language(phrase("The duty team"), self.code)
            due = self.day(one.due_on)
            yield self.ours(
                phrase("%(name)s has it. You hear back by %(day)s.", name=owner, day=due)
            )
            return
        if one.translation:
            yield self.theirs(one.translation, one.translated_into or SOURCE)
            yield self.translated_by(one.translated_by or "")
        for text in filter(None, (one.answer, one.why_not)):
            yield self.theirs(text, SOURCE)

    def below(self, one: "LetterAsk", lead: str) -> Iterable[dict[str, Any]]:
        if one.answer is None:
            return
        if one.promised_on and one.doer:
            day = self.day(one.promised_on)
            yield self.ours(phrase("By %(day)s. %(name)s does it.", day=day, name=one.doer))
        elif one.promised_on:
            yield self.ours(phrase("By %(day)s.", day=self.day(one.promised_on)))
        yield self.signed(one.answered_by, one.answered_at)
        if one.lead_added:
            yield from self.lead_line(one.lead_added, one.added_translation)
            yield self.ours(phrase("%(name)s added this", name=lead))
