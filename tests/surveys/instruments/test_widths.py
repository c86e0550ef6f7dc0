"""How wide a text is at 320 pixels, and into how many lines it breaks."""

from backend.surveys.instruments.places import CARD, FACE_WORD, HEADING
from backend.surveys.instruments.text_widths import Place, count_lines, text_width


def test_a_text_is_as_wide_as_its_letters_at_the_size_of_its_type() -> None:
    place = Place(width=300, size=100, lines=1)
    assert text_width("iii", place) == 3 * 26
    assert text_width("mi", place) == 93 + 26
    assert text_width("mi", Place(width=300, size=50, lines=1)) == (93 + 26) / 2
    assert text_width("nn", Place(width=300, size=100, lines=1, is_bold=True)) > text_width(
        "nn", place
    )


def test_letters_of_other_scripts_have_a_width_and_marks_over_them_none() -> None:
    place = Place(width=300, size=100, lines=1)
    assert text_width("قبل", place) == 3 * 50
    assert text_width("ቤት", place) == 2 * 80
    assert text_width("e\u0301", place) == text_width("e", place)
    assert text_width("家", place) == 100


def test_a_text_breaks_at_spaces_and_after_hyphens() -> None:
    place = Place(width=text_width("one two", HEADING), size=HEADING.size, lines=2, is_bold=True)
    assert count_lines("one two", place) == 1
    assert count_lines("one two six", place) == 2
    assert count_lines("one-two six", place) == 2


def test_a_word_that_its_place_cannot_hold_is_found_with_its_width() -> None:
    assert FACE_WORD.faults("Very safe") == []
    (fault,) = FACE_WORD.faults("Comfortable")
    assert fault.startswith("'Comfortable' is ")
    assert fault.endswith("px wide, more than 77")


def test_a_text_that_takes_too_many_lines_is_found() -> None:
    assert CARD.faults("One two three") == []
    assert CARD.faults("One two three four five six seven eight") == ["4 lines, more than 3"]
