"""Turns words into what the print template shows: runs, paragraphs with a direction, blocks."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from backend.core.languages import SOURCE, languages
from backend.exports.records import paragraphs
from backend.paper import service as paper

if TYPE_CHECKING:
    from backend.surveys.queries import Drawing

Runs = list[dict[str, str]]
Block = dict[str, Any]
RIGHT_TO_LEFT = frozenset({"R", "AL"})
INK = "#1a1a1a"
NOTHING = "…"


def is_right_to_left(text: str) -> bool:
    """The direction of a line by its first letter that has one, as screens choose it."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in RIGHT_TO_LEFT:
            return True
        if kind == "L":
            return False
    return False


def shows_something(text: str) -> bool:
    """Whether a text has a letter that is seen, drawn or boxed."""
    return any(one.isprintable() and not one.isspace() for one in text)


def picture(drawing: "Drawing") -> str:
    """A drawing as SVG: the same lines as on the screen, in one ink."""
    lines = "".join(
        f'<path d="{line.path}" stroke-width="{line.width}"/>' for line in drawing.lines
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" fill="none" '
        f'stroke="{INK}" stroke-linecap="round" stroke-linejoin="round">{lines}</svg>'
    )


class Setter:
    """Sets words for one attempt at a sheet, with the characters that were refused boxed."""

    def __init__(self, refused: Collection[str]) -> None:
        self.refused = refused

    def runs(self, text: str) -> Runs:
        """One line of text."""
        return paper.runs_of(text, but=self.refused)

    def paragraphs(self, text: str) -> list[dict[str, Any]]:
        """A text verbatim, each line in its own direction."""
        return [
            {"runs": self.runs(line), "is_rtl": is_right_to_left(line)} for line in paragraphs(text)
        ]

    def quote(
        self,
        *,
        question: str,
        words: str,
        how: str = "",
        mark: str = "",
        language: str = SOURCE,
        drawing: "Drawing | None" = None,
        kept_on_paper: str = "",
        seen: Iterable[str] = (),
    ) -> Block:
        """Somebody's own words, the largest thing around them."""
        shown = f"A drawing. {question} {drawing.words}".strip() if drawing else ""
        return {
            "type": "quote",
            "question": self.runs(question),
            "words": self.paragraphs(words),
            "lang": language if language in languages() else SOURCE,
            "drawing": picture(drawing) if drawing else "",
            "alt": " ".join(paragraphs(shown)),
            "kept": self.runs(kept_on_paper),
            "seen": [self.runs(line) for line in seen],
            "how": self.runs(how),
            "mark": self.runs(mark),
        }

    def tap(self, *, question: str, choice: str, mark: str = "") -> Block:
        """A choice, in one line under its question."""
        return {
            "type": "tap",
            "question": self.runs(question),
            "words": self.paragraphs(choice),
            "mark": self.runs(mark),
        }

    def line(self, text: str, *, is_strong: bool = False) -> Block:
        """A sentence of ours."""
        return {"type": "line", "runs": self.runs(text), "is_strong": is_strong}

    def bullets(self, lines: Iterable[str]) -> Block:
        """Several short sentences."""
        return {"type": "bullets", "lines": [self.runs(line) for line in lines]}

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, marked: Sequence[bool]
    ) -> Block:
        """Rows under heads; a marked row stands out in greyscale too."""
        return {
            "type": "table",
            "heads": [self.runs(head) for head in heads],
            "rows": [[self.runs(cell) for cell in row] for row in rows],
            "marked": list(marked),
        }

    def heading(self, title: str) -> Runs:
        """A title; PDF/UA has no room for one that shows nothing."""
        return self.runs(title if shows_something(title) else NOTHING)

    def block(self, title: str, items: Sequence[Block]) -> Block:
        """A heading with what stands under it."""
        return {"title": self.heading(title), "items": list(items)}


def room() -> Block:
    """A line to write on."""
    return {"type": "room"}
