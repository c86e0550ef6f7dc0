"""Reads of how texts were coded: by machine, by people, and how well."""

from backend.coding.codebooks import codebook_in_use
from backend.coding.decisions import Code, codes_of
from backend.coding.machine import codebook as shipped_codebook
from backend.coding.machine import measured
from backend.coding.measures import quality
from backend.coding.places import AskingSentence, Piece, asking_sentences, telling_pieces
from backend.coding.suggestions import coder_in_use, suggested
from backend.coding.texts import OBSERVER, is_counted, themed_answers, written_answers

__all__ = [
    "OBSERVER",
    "AskingSentence",
    "Code",
    "Piece",
    "asking_sentences",
    "codebook_in_use",
    "coder_in_use",
    "codes_of",
    "is_counted",
    "measured",
    "quality",
    "shipped_codebook",
    "suggested",
    "telling_pieces",
    "themed_answers",
    "written_answers",
]
