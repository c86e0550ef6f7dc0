"""An instrument with one question of each type, in a folder of its own, for tests of screens."""

import shutil
from pathlib import Path

from backend.settings import ROOT

STRUCTURE = """
id: ways-to-answer
code: way
version: 1
moments: [before_review]
audience_kinds: [child]
ages: {min: 5, max: 17}
character: CHARACTER
topics:
  - id: ways
    agenda: wishes
    symbol: star
    always: true
    questions:
      - {id: way.face, type: faces, symbol: heart}
      - {id: way.agree, type: yes_no, symbol: talk}
      - {id: way.how_much, type: scale, symbol: star}
      - id: way.picture
        type: cards
        symbol: house
        options: [{id: at_home, symbol: house}, {id: at_school, symbol: school}]
      - id: way.often
        type: choice
        symbol: question
        several: true
        options: [{id: always}, {id: sometimes}, {id: never}]
      - {id: way.short, type: short_text, symbol: pencil}
      - {id: way.long, type: long_text, symbol: pencil}
      - id: way.who
        type: people
        symbol: people
        summary: who_comes
        options: [{id: mum}, {id: dad}, {id: nobody}]
      - {id: way.day, type: date, symbol: calendar}
      - {id: way.drawn, type: drawing, symbol: pencil}
      - id: way.mum
        type: long_text
        symbol: family
        show_when: {question: way.who, any_of: [mum]}
"""
WORDS = """
is_checked: false
title: Ways to answer
opening: One question of each type.
topics:
  ways: {title: All the ways}
questions:
  way.face: {text: "How is it going?", read_aloud: "How is it going for you?"}
  way.agree: {text: "Do you like swimming?", helper_note: Give them time.}
  way.how_much:
    text: How much do you like swimming?
    options: {low: Not at all, high: More than anything}
  way.picture: {text: "Where shall we meet?"}
  way.often: {text: "When is it loud?"}
  way.short: {text: "What is your best game?"}
  way.long: {text: "What else?"}
  way.who: {text: "Who should come?"}
  way.day: {text: "Which day?"}
  way.drawn: {text: "Can you draw your room?"}
  way.mum: {text: "What about Mum?"}
"""
PLACES = {
    "faces": 1, "yes_no": 2, "scale": 3, "cards": 4, "choice": 5, "short_text": 6,
    "long_text": 7, "people": 8, "date": 9, "drawing": 10,
}  # fmt: skip


def write_ways(folder: Path, *, character: str = "older") -> Path:
    """The folder with this one instrument and the words that all share."""
    shutil.copytree(ROOT / "surveys" / "words", folder / "words")
    own = folder / "ways-to-answer"
    own.mkdir()
    (own / "survey.yaml").write_text(STRUCTURE.replace("CHARACTER", character), "utf-8")
    (own / "en.yaml").write_text(WORDS, "utf-8")
    return folder


def name_of(kind: str) -> str:
    """The field of the question of this type."""
    return f"ways_{PLACES[kind] - 1}"
