"""Where each text of an instrument stands at 320 pixels, after contributor.css, and if it fits."""

from collections.abc import Iterator

from backend.surveys.instruments.structure import Character, Question, QuestionType, Structure
from backend.surveys.instruments.structure_checks import YOUNG_PEOPLE, Problem
from backend.surveys.instruments.text_widths import Place
from backend.surveys.instruments.words import NAME_TOKEN, Layer, find_label

REM = 18.0
ACROSS = 320 - 2 * REM
HEADING = Place(ACROSS, 1.5 * REM, lines=4, is_bold=True)  # one question a screen
LABEL = Place(ACROSS, REM, lines=4, is_bold=True)  # several to an adult's page
EDGES = {Character.YOUNGER: 3, Character.OLDER: 2, Character.ADULT: 1}
# Inside a row: its padding and the mark that it is picked; beside a drawing or a face, less.
ROW_TAKEN, SYMBOL_TAKEN, FACE_TAKEN = 2 * 0.8 * REM + 1.95 * REM, 2.3 * REM, 2.9 * REM
FACE_WORD = Place((ACROSS - 0.8 * REM) / 3 - 0.4 * REM - 6, 0.95 * REM, lines=3)
CARD = Place((ACROSS - 0.8 * REM) / 2 - REM - 6, REM, lines=3, is_bold=True)
NAME = "Oluwaseun"  # a name as long as most


def texts_fit_a_small_phone(structure: Structure, layer: Layer) -> Iterator[Problem]:
    """Every word fits its place, and no text takes more lines than leave room for the rest."""
    for path, text, place in _placed(structure, layer):
        for fault in place.faults(NAME_TOKEN.sub(NAME, text)):
            yield path, f"at 320 px {fault}: {text}"


def _placed(structure: Structure, layer: Layer) -> Iterator[tuple[str, str, Place]]:
    is_own = not YOUNG_PEOPLE.isdisjoint(structure.audience_kinds)
    for key, topic in layer.own.topics.items():
        is_card = is_own and structure.character is Character.YOUNGER
        yield f"topics.{key}", topic.title, CARD if is_card else _row(structure, SYMBOL_TAKEN)
    for question in structure.questions:
        words = layer.own.questions.get(question.id)
        if words is not None:
            yield f"questions.{question.id}", words.text, HEADING if is_own else LABEL
        for option in question.options:
            label = find_label(layer, question.id, option.id)
            if label:
                path = f"questions.{question.id}.options.{option.id}"
                yield path, label, _place_of_options(structure, question)


def _place_of_options(structure: Structure, question: Question) -> Place:
    is_younger = structure.character is Character.YOUNGER
    has_symbols = all(option.symbol for option in question.options)
    if question.type is QuestionType.FACES:
        return FACE_WORD if is_younger else _row(structure, FACE_TAKEN)
    if is_younger and has_symbols:
        return CARD
    return _row(structure, SYMBOL_TAKEN if has_symbols else 0.0)


def _row(structure: Structure, taken: float) -> Place:
    edges = 2 * EDGES[structure.character]
    return Place(ACROSS - ROW_TAKEN - taken - edges, REM, lines=3)
