"""The words that led to a code are marked in the text, which stays as it was to the character."""

from hypothesis import given
from hypothesis import strategies as st

from backend.coding.marking import Piece, mark_words

WORDS = st.lists(st.text(max_size=12), max_size=6)


@given(st.text(max_size=200), WORDS)
def test_the_pieces_are_the_text_to_the_character(text: str, matched: list[str]) -> None:
    pieces, _ = mark_words(text, matched)
    assert "".join(piece.text for piece in pieces) == text


def test_words_are_marked_whole_in_any_case_and_over_line_ends() -> None:
    pieces, missing = mark_words("My ROOM is cold.\nRoommates too cold\nroom", ["room", "too cold"])
    assert [piece.text for piece in pieces if piece.is_marked] == ["ROOM", "too cold", "room"]
    assert missing == []


def test_marks_that_overlap_become_one() -> None:
    pieces, _ = mark_words("he hits me hard", ["hits me", "me hard"])
    assert pieces == [Piece("he ", is_marked=False), Piece("hits me hard", is_marked=True)]


def test_words_that_are_spelt_otherwise_in_the_text_are_told_apart() -> None:
    pieces, missing = mark_words("i dnt lyk it", ["do not", "[", " "])
    assert missing == ["do not", "["]
    assert not any(piece.is_marked for piece in pieces)
