"""Sets a sheet as a tagged PDF (PDF/UA-1): a form, a language and names in, bytes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.access.permissions import Kind
from backend.core.languages import language
from backend.core.translations import Phrase
from backend.paper import drawings, fonts, sheet_words
from backend.paper.sheet_words import in_language, lines_in
from backend.paper.typesetting import typeset
from backend.surveys.service import Sheet, SheetQuestion, SheetTopic

LINES, LINES_APART = 3, 12
SCALE = [str(step) for step in range(11)]
AROUND = {"eye", "pencil", "people", "lock", "phone"}


@dataclass(frozen=True)
class Paper:
    """One sheet with all that is printed around its questions. No code makes it a blank one."""

    sheet: Sheet
    kind: Kind
    code: str = ""
    address: str = ""  # what the QR code opens, for whoever types it in
    numbers: Sequence[tuple[str, str, str]] = ()  # name, number, when
    is_large: bool = False  # easy-read: 16 pt
    is_cover: bool = False  # the first page alone, on which the topics are chosen

    @property
    def whose(self) -> str:
        """Whose words the sheet speaks to."""
        own = (sheet_words.CHILD, sheet_words.CARE_LEAVER, sheet_words.WORKER)
        return self.kind.value if self.kind.value in own else sheet_words.ADULT


def print_paper(paper: Paper, *, as_picture: bool = False) -> Any:
    """The sheet as PDF/UA-1; with `as_picture`, its pages as PNG for looking at.

    Never fails for a character: one that no font of ours draws stands as its number in a box.
    """
    return typeset("sheet.typ", lambda refused: values_of(paper, refused), as_picture=as_picture)


def values_of(paper: Paper, refused: Iterable[str]) -> dict[str, Any]:
    """All that the template shows, in the sheet's language."""
    sheet, code = paper.sheet, paper.sheet.language
    say = Speaker(paper, set(refused))
    return {
        "lang": code,
        "is_rtl": language(code).direction == "rtl",
        "fonts": list(fonts.FAMILIES),
        "character": "large" if paper.is_large else sheet.character,
        "is_cover": paper.is_cover,
        "title": sheet.title,
        "heading": say.runs(sheet.title),
        "opening": say.runs(sheet.opening),
        "footer": "Heard",
        "code": paper.code,
        "qr": drawings.qr_code(paper.address) if paper.address else "",
        "drawings": drawings_of(sheet),
        "words": {name: in_language(one, code) for name, one in sheet_words.labels().items()},
        "topics": [topic for topic in map(say.topic, sheet.topics) if topic["questions"]],
        "apart": [say.question(one) for one in sheet.questions.values() if one.is_for_lead],
        **around_questions(paper, say),
    }


def around_questions(paper: Paper, say: "Speaker") -> dict[str, Any]:
    """What stands before and after the questions: who reads it, where it goes, whom to ring."""
    sheet, whose, names = paper.sheet, paper.whose, paper.sheet.names
    return {
        "privacy": say.lines(sheet_words.privacy_of(sheet, whose, names)),
        "how_to": say.lines(sheet_words.how_to_of(sheet, whose, names)),
        "choices": say.choices(),
        "choose_words": say.lines(sheet_words.choose_of(is_cover=paper.is_cover)),
        "cover_words": say.lines(sheet_words.cover_words()),
        "marks": [say.in_words(one) for _, one in sheet_words.marks_of(sheet, whose, names)],
        "beside": say.helpers(),
        "alone_words": say.lines(sheet_words.alone_words() if is_any_alone(sheet) else []),
        "hand_over": say.lines(sheet_words.hand_over_of(sheet, whose, names)),
        "help": say.lines(sheet_words.help_of(whose)),
        "number_heads": [say.in_words(one) for one in sheet_words.number_heads()],
        "numbers": [
            {"name": say.lines([name]), "number": number, "when": say.lines([when])}
            for name, number, when in paper.numbers
        ],
        "apart_title": say.runs(say.in_words(sheet_words.apart_title(names))),
        "apart_words": say.lines(sheet_words.apart_words(names)),
    }


def is_any_alone(sheet: Sheet) -> bool:
    """Whether anything on it is for when nobody from home is beside the writer."""
    return sheet.is_young and any(one.is_asked_alone for one in sheet.questions.values())


class Speaker:
    """Says one sheet's topics and questions in its language, in runs."""

    def __init__(self, paper: Paper, refused: set[str]) -> None:
        self.sheet, self.whose, self.refused = paper.sheet, paper.whose, refused

    def runs(self, text: str) -> list[dict[str, str]]:
        return fonts.runs_of(text, but=self.refused)

    def lines(self, said: Iterable[str]) -> list[dict[str, Any]]:
        """Sentences, each in the language that it is really in."""
        return [
            {"runs": self.runs(text), "lang": spoken, "is_rtl": language(spoken).direction == "rtl"}
            for text, spoken in lines_in(said, self.sheet.language)
        ]

    def topic(self, topic: SheetTopic) -> dict[str, Any]:
        """One topic without what is asked apart."""
        asked = [one for one in topic.questions if not one.is_for_lead]
        alone = [one.number for one in asked if one.is_asked_alone] if self.sheet.is_young else []
        return {
            "id": topic.id,
            "title": self.runs(topic.title),
            "drawing": topic.symbol,
            "alone": self.in_words(sheet_words.alone_of(alone)) if alone else "",
            "questions": [self.question(one) for one in asked],
        }

    def choices(self) -> list[dict[str, Any]]:
        """The topics that a writer chooses from; what is always asked is not among them."""
        if not self.sheet.has_choice:
            return []
        return [
            {"id": one.id, "title": self.runs(one.title), "drawing": one.symbol}
            for one in self.sheet.chosen_from
        ]

    def question(self, asked: SheetQuestion) -> dict[str, Any]:
        """One question with the room to answer it."""
        kind = asked.type.value
        note = asked.helper_note if self.sheet.is_with_helper else ""
        return {
            "number": asked.number,
            "lang": asked.language,
            "is_rtl": language(asked.language).direction == "rtl",
            "kind": kind,
            "text": self.runs(asked.text),
            "note": self.runs(self.in_words(sheet_words.note_for_helper(note))) if note else [],
            "drawing": asked.symbol,
            "several": asked.several,
            "lines": LINES_APART if asked.is_for_lead else LINES,
            "steps": SCALE,
            "has_others": kind == "people",
            "is_for_lead": asked.is_for_lead,
            "only_if": self.runs(self.in_words(sheet_words.only_if(*asked.only_if)))
            if asked.only_if
            else [],
            "options": [
                {
                    "mark": option.mark,
                    "text": self.runs(option.text),
                    "length": len(option.text),
                    "drawing": f"face:{option.id}" if kind == "faces" else option.symbol,
                }
                for option in asked.options
            ],
        }

    def helpers(self) -> list[dict[str, str]]:
        """Who may have been beside the writer, lettered as they are typed."""
        said = sheet_words.beside_of(self.whose)
        return [
            {"mark": "abcde"[place], "text": self.in_words(one)}
            for place, (_, one) in enumerate(said)
        ]

    def in_words(self, said: Phrase) -> str:
        return in_language(said, self.sheet.language)


def drawings_of(sheet: Sheet) -> dict[str, str]:
    """Every drawing that the sheet needs, once, by its name."""
    names = AROUND | {topic.symbol for topic in sheet.topics}
    found = {}
    for asked in sheet.questions.values():
        names.add(asked.symbol)
        for option in asked.options:
            if asked.type.value == "faces":
                found[f"face:{option.id}"] = drawings.face(option.id)
            elif option.symbol:
                names.add(option.symbol)
    return found | {name: drawings.symbol(name) for name in sorted(names)}
