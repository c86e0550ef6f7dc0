"""Each way to answer: kept as given, shown again, read by staff, and kind when it is wrong."""

import json
from html import unescape
from typing import Any

import pytest
from sqlmodel import select

from backend.surveys.drawings import MOST_POINTS, MOST_STROKES
from backend.surveys.models import Answer
from tests.surveys.test_pages import follow, reading
from tests.surveys.way_instruments import PLACES, name_of
from tests.surveys.ways import HOUSE, THICK, Ways, fields_of

AWKWARD = "\u202eשלום\u202c مرحبا 👩\u200d👧 \0\x07\x9f <b>&amp;</b>"


GOOD: dict[str, tuple[dict[str, Any], Any, str]] = {
    "a face": ({"": "4"}, ("faces", "happy"), "Happy"),
    "yes": ({"": "yes"}, ("yes_no", "yes"), "Yes"),
    "rather not": ({"": "rather_not"}, ("yes_no", "rather_not"), "I'd rather not say"),
    "nought": ({"": "0"}, ("scale", 0), "0 (0: Not at all, 10: More than anything)"),
    "ten": ({"": "10"}, ("scale", 10), "10 (0: Not at all, 10: More than anything)"),
    "a card": ({"": "at_school"}, ("cards", "at_school"), "At school"),
    "several": ({"": ["never", "always"]}, ("choice", ["always", "never"]), "Always, Never"),
    "words": ({"": AWKWARD}, ("short_text", AWKWARD), ""),
    "people": ({"": ["dad", "mum"]}, ("people", ["mum", "dad"]), "Mum, Dad"),
    "people and others": (
        {"": ["mum"], "_others": "Aunt Bea\nأمل\n\n"},
        ("people", {"picked": ["mum"], "people_others": ["Aunt Bea", "أمل"]}),
        "Mum, Aunt Bea, أمل",
    ),
    "others alone": (
        {"_others": "Coach Ray"},
        ("people", {"picked": [], "people_others": ["Coach Ray"]}),
        "Coach Ray",
    ),
    "a day": (
        {"_day": "29", "_month": "2", "_year": "2028"}, ("date", "2028-02-29"), "29 Feb 2028",
    ),
    "a drawing": ({"_strokes": json.dumps(HOUSE)}, ("drawing", HOUSE), "A drawing"),
    "a thick drawing": ({"_strokes": json.dumps(THICK)}, ("drawing", THICK), "A drawing"),
    "words for a drawing": (
        {"": AWKWARD}, ("drawing", {"strokes": [], "words": AWKWARD}), "",
    ),
    "a drawing and words": (
        {"": "my bed", "_strokes": json.dumps(HOUSE)},
        ("drawing", {**HOUSE, "words": "my bed"}),
        "my bed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", GOOD)
def test_each_way_to_answer_is_kept_as_it_was_given_and_stands_when_one_comes_back(
    what: str, ways: Ways
) -> None:
    values, (kind, kept), _ = GOOD[what]
    assert ways.post(kind, values).status_code == 303
    assert ways.kept() == kept
    assert ways.post(kind, {}).status_code == 303
    assert ways.kept() == kept
    with reading(ways.engine) as session:
        assert session.exec(select(Answer)).one().revision == 1


@pytest.mark.parametrize("what", GOOD)
def test_each_way_to_answer_is_read_by_the_child_and_by_staff(what: str, ways: Ways) -> None:
    values, (kind, kept), said = GOOD[what]
    ways.post(kind, values)
    _, page = follow(ways.client, f"{ways.topic}/end")
    answer = ways.send()
    assert answer.value == kept
    if said:
        assert answer.display == said
        # What has no words of its own is shown as a picture, not put into the child's mouth.
        assert (said in page) == (kind != "date" and said != "A drawing")
    assert ('<svg viewBox="0 0 1000 1000"' in page) == bool(
        isinstance(kept, dict) and kept.get("strokes")
    )
    _, past = follow(ways.client, ways.topic)
    assert (said in past) == (said in page)


BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    "a sixth face": ("faces", {"": "6"}, "pick again"),
    "a face in words": ("faces", {"": "happy"}, "pick again"),
    "an eleventh mark": ("scale", {"": "11"}, "pick again"),
    "a mark below": ("scale", {"": "-1"}, "pick again"),
    "half a mark": ("scale", {"": "2.5"}, "pick again"),
    "a forged option": ("yes_no", {"": "maybe"}, "pick again"),
    "two where one is asked": ("cards", {"": ["at_home", "at_school"]}, "pick again"),
    "a forged one among several": ("choice", {"": ["never", "' OR 1=1"]}, "pick again"),
    "a forged person": ("people", {"": ["mum", "judge"]}, "pick again"),
    "a hundred names": ("people", {"_others": "Somebody with a name\n" * 200}, "list shorter"),
    "a day on no calendar": ("date", {"_day": "31", "_month": "2", "_year": "2026"}, "24 11 2026"),
    "a day of letters": ("date", {"_day": "x", "_month": "١", "_year": "2026"}, "24 11 2026"),
    "strokes that are no JSON": ("drawing", {"_strokes": "{'strokes'"}, "draw it again"),
    "a bomb of brackets": ("drawing", {"_strokes": "[" * 90_000}, "draw it again"),
    "a bomb of numbers": ("drawing", {"_strokes": "9" * 90_000}, "draw it again"),
    "a list": ("drawing", {"_strokes": "[[[1,2]]]"}, "draw it again"),
    "more than strokes": (
        "drawing", {"_strokes": '{"strokes":[[[1,2]]],"script":"x"}'}, "draw it again",
    ),
    "a point off the sheet": ("drawing", {"_strokes": '{"strokes":[[[0,1001]]]}'}, "draw it again"),
    "a point below": ("drawing", {"_strokes": '{"strokes":[[[-1,0]]]}'}, "draw it again"),
    "half points": ("drawing", {"_strokes": '{"strokes":[[[0.5,1]]]}'}, "draw it again"),
    "true for one": ("drawing", {"_strokes": '{"strokes":[[[true,1]]]}'}, "draw it again"),
    "no number": ("drawing", {"_strokes": '{"strokes":[[[NaN,1]]]}'}, "draw it again"),
    "markup": ("drawing", {"_strokes": '{"strokes":[[["\\"/><script>",1]]]}'}, "draw it again"),
    "a stroke of nothing": ("drawing", {"_strokes": '{"strokes":[[]]}'}, "draw it again"),
    "a width of nothing": (
        "drawing", {"_strokes": '{"strokes":[[[1,2]]],"widths":[9]}'}, "draw it again",
    ),
    "a width too few": (
        "drawing", {"_strokes": '{"strokes":[[[1,2]],[[3,4]]],"widths":[1]}'}, "draw it again",
    ),
    "too many strokes": (
        "drawing",
        {"_strokes": json.dumps({"strokes": [[[1, 2]]] * (MOST_STROKES + 1)})},
        "Undo some lines",
    ),
    "too many points": (
        "drawing",
        {"_strokes": json.dumps({"strokes": [[[1, 2]] * (MOST_POINTS + 1)]})},
        "Undo some lines",
    ),
    "a megabyte": (
        "drawing",
        {"_strokes": json.dumps({"strokes": [[[1, 2]] * 120_000]})},
        "Undo some lines",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_kept_gets_a_kind_answer_and_nothing_that_stood_is_lost(
    what: str, ways: Ways
) -> None:
    kind, values, says = BAD[what]
    good, (_, kept), _ = next(one for one in GOOD.values() if one[1][0] == kind)
    ways.post(kind, good)
    answer = ways.post(kind, values)
    assert answer.status_code == 422
    assert says in unescape(answer.text)
    assert f'href="#{name_of(kind)}"' in answer.text
    assert f'id="{name_of(kind)}"' in answer.text
    assert ways.kept() == kept


def test_who_can_see_this_is_asked_once_and_what_cannot_be_kept_is_said_once(ways: Ways) -> None:
    for kind in PLACES:
        page = unescape(ways.page(kind))
        assert page.count("Who can see this?") == 1, kind
        assert page.count("If someone may get hurt") == 1, kind


def test_beside_every_box_for_words_stands_who_reads_them_and_who_does_not(ways: Ways) -> None:
    for kind in ("short_text", "long_text", "people", "drawing"):
        page = unescape(ways.page(kind))
        assert f"{ways.round.iro.name} and {ways.round.worker.name} read this" in page
        assert "The people you live with do not." in page


def test_the_helpers_note_is_shown_only_while_somebody_helps(ways: Ways) -> None:
    assert "Give them time." not in ways.page("yes_no")
    together = f"{ways.round.address}/together"
    ways.client.post(together, data={"beside": "worker", "helper": "Jo"})
    page = unescape(ways.page("yes_no"))
    assert "Give them time." in page
    assert "The people you live with do not." not in unescape(ways.page("long_text"))


def test_what_is_read_aloud_stands_on_the_page_and_its_button_waits_for_a_voice(
    ways: Ways,
) -> None:
    page = unescape(ways.page("faces"))
    assert 'data-aloud="How is it going for you?"' in page
    button = page[page.index("<button", page.index('class="above"')) :]
    assert "hidden" in button[: button.index(">")]


def test_every_question_can_be_skipped_and_nothing_is_kept(ways: Ways) -> None:
    for kind, place in PLACES.items():
        assert f'href="{ways.topic}/{place + 1}">Skip</a>' in ways.page(kind)
        assert ways.client.post(ways.at(kind), data=fields_of(ways.page(kind))).status_code == 303
    assert ways.kept() is None
