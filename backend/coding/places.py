"""Where a text asks for something, and where it may tell who wrote it: pointed out to a person.

Like `machine.py` a door to the analysis package, opened late. Nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AskingSentence:
    """A sentence that may ask for something: `words` are the writer's own, letter for letter."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `tells` says what it may tell ("a name"), empty for nothing found."""

    words: str
    tells: str = ""


def asking_sentences(text: str) -> list[AskingSentence]:
    """Sentences of a text that may ask for something, in order. What the coder says of the whole
    comment is no gate: a person looks at each, and one that is missed costs more than one too many.
    """
    from analysis.words.asks import find_asks

    return [AskingSentence(one.start, one.end, one.words(text)) for one in find_asks(text)]


def telling_pieces(text: str, known: Mapping[str, str]) -> list[Piece]:
    """The whole text in pieces, those marked that may tell who wrote it. `known` are names near
    the writer with their kind: "name", "school" or "address". Never complete."""
    from analysis.words.privacy import KINDS, find_telling

    pieces, last = [], 0
    for one in find_telling(text, known=known):
        pieces += [Piece(text[last : one.start]), Piece(one.words(text), KINDS[one.kind])]
        last = one.end
    pieces.append(Piece(text[last:]))
    return [piece for piece in pieces if piece.words]
