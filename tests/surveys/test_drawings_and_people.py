"""Drawings and people as answers: full or empty sheets, names written in, two answers in one."""

import json
import re
from html import unescape

from sqlmodel import Session

from backend.coding.queries import written_answers
from backend.surveys import queries
from backend.surveys.drawings import MOST_POINTS, MOST_STROKES
from tests.factories import sign_in
from tests.surveys.test_pages import reading
from tests.surveys.way_instruments import name_of
from tests.surveys.ways import HOUSE, THICK, Ways, fields_of


def test_words_beside_a_broken_drawing_and_the_drawing_before_it_stay_on_the_page(
    ways: Ways,
) -> None:
    ways.post("drawing", {"_strokes": json.dumps(HOUSE)})
    page = ways.post("drawing", {"": "a red bed", "_strokes": "{}"}).text
    again = fields_of(page)
    assert again[name_of("drawing")] == "a red bed"
    assert ways.client.post(ways.at("drawing"), data=again).status_code == 303
    assert ways.kept() == {**HOUSE, "words": "a red bed"}


def test_a_drawing_with_too_much_on_it_comes_back_so_that_some_can_be_taken_off(
    ways: Ways,
) -> None:
    drawn = {"strokes": [[[1, 2]]] * (MOST_STROKES + 1)}
    page = ways.post("drawing", {"_strokes": json.dumps(drawn)}).text
    field = fields_of(page)[f"{name_of('drawing')}_strokes"]
    assert json.loads(unescape(field)) == drawn


def test_the_fullest_drawing_that_the_sheet_takes_is_kept(ways: Ways) -> None:
    each = MOST_POINTS // MOST_STROKES
    drawn = {
        "strokes": [[[1000, 1000]] * each] * MOST_STROKES,
        "widths": [3] * MOST_STROKES,
    }
    answer = ways.post("drawing", {"_strokes": json.dumps(drawn, separators=(",", ":"))})
    assert answer.status_code == 303
    assert ways.kept() == drawn


def test_an_empty_sheet_takes_the_drawing_out_and_without_a_script_it_stays(ways: Ways) -> None:
    ways.post("drawing", {"": "my bed", "_strokes": json.dumps(HOUSE)})
    ways.post("drawing", {"": ""})
    assert ways.kept() == HOUSE
    ways.post("drawing", {"": "", "_strokes": ""})
    assert ways.kept() is None


def test_a_hundred_kilobytes_pasted_as_a_drawings_words_are_kept_whole(ways: Ways) -> None:
    words = "ß🦊" * 25_000
    assert ways.post("drawing", {"": words}).status_code == 303
    assert ways.kept() == {"strokes": [], "words": words}
    page = ways.post("drawing", {"": "x" * 200_001})
    assert page.status_code == 422
    assert "x" * 200_001 in page.text


def test_names_that_were_too_many_are_still_in_the_box(ways: Ways) -> None:
    names = "Somebody with a name\n" * 200
    page = ways.post("people", {"": ["dad"], "_others": names}).text
    again = fields_of(page)
    assert again[f"{name_of('people')}_others"].strip() == names.strip()
    assert again[name_of("people")] == "dad"


def test_somebody_written_in_opens_the_same_questions_as_somebody_listed(ways: Ways) -> None:
    assert ways.client.get(f"{ways.topic}/11").headers["location"].endswith("/end")
    ways.post("people", {"": ["mum"], "_others": "Aunt Bea"})
    assert "What about Mum?" in ways.client.get(f"{ways.topic}/11").text


def test_names_and_a_drawings_words_are_read_by_the_machine_like_other_words(ways: Ways) -> None:
    ways.post("drawing", {"": "he hits me", "_strokes": json.dumps(HOUSE)})
    ways.post("people", {"": ["mum"], "_others": "Not Uncle Zed"})
    ways.post("faces", {"": "1"})
    ways.client.post(f"{ways.topic}/end", data={"action": "send"})
    with reading(ways.engine) as session:
        (topic,) = queries.sent_topics(session)
    words = {answer.own_words for answer in written_answers(topic)}
    assert words == {"he hits me", "Not Uncle Zed"}


def test_the_iro_reads_a_drawing_as_a_picture_with_its_words_and_people_by_name(
    ways: Ways, app_session: Session
) -> None:
    ways.post("drawing", {"": "my bed <b>", "_strokes": json.dumps(THICK)})
    ways.post("people", {"": ["mum"], "_others": "Aunt Bea"})
    ways.post("scale", {"": "3"})
    ways.client.post(f"{ways.topic}/end", data={"action": "send"})
    sign_in(ways.client, app_session, ways.round.iro)
    row_id = ways.topic.rsplit("/", 1)[1]
    review = f"/staff/reviews/{ways.round.consultation.review_id}"
    for address in (f"/staff/reading/{row_id}", review):
        page = ways.client.get(address)
        assert page.status_code == 200
        assert 'd="M100 900L100 500L500 100L900 500" stroke-width="32"' in page.text
        assert 'd="M0 1000h0" stroke-width="8"' in page.text
        assert "<desc" in page.text
        assert "my bed &lt;b&gt;" in page.text
        assert "Mum, Aunt Bea" in page.text
        assert "3 (0: Not at all, 10: More than anything)" in page.text


def test_a_drawing_with_no_words_puts_none_into_the_childs_mouth(
    ways: Ways, app_session: Session
) -> None:
    ways.post("drawing", {"_strokes": json.dumps(HOUSE)})
    ways.client.post(f"{ways.topic}/end", data={"action": "send"})
    sign_in(ways.client, app_session, ways.round.iro)
    review = f"/staff/reviews/{ways.round.consultation.review_id}"
    for address in (f"/staff/reading/{ways.topic.rsplit('/', 1)[1]}", review):
        page = ways.client.get(address).text
        assert "M100 900" in page
        assert not re.search(r"<blockquote[^>]*>\s*A drawing", page)


def test_two_answers_in_people_become_one_and_two_drawings_are_chosen_between(ways: Ways) -> None:
    name, stale = name_of("people"), fields_of(ways.page("people"))
    ways.post("people", {"": ["mum"], "_others": "Aunt Bea"})
    changed = ways.client.post(
        ways.at("people"), data=stale | {name: ["dad"], f"{name}_others": "Coach Ray"}
    )
    assert changed.status_code == 409
    settled = fields_of(changed.text) | {f"{name}-keep": "both"}
    ways.client.post(ways.at("people"), data=settled)
    assert ways.kept() == {"picked": ["mum", "dad"], "people_others": ["Aunt Bea", "Coach Ray"]}


def test_a_forged_both_for_two_drawings_keeps_the_one_that_was_sent(ways: Ways) -> None:
    name, stale = name_of("drawing"), fields_of(ways.page("drawing"))
    ways.post("drawing", {"": "first", "_strokes": json.dumps(HOUSE)})
    changed = ways.client.post(ways.at("drawing"), data=stale | {name: "second"})
    assert changed.status_code == 409
    assert "Keep both" not in changed.text
    assert "M100 900" in changed.text
    settled = fields_of(changed.text) | {f"{name}-keep": "both"}
    assert ways.client.post(ways.at("drawing"), data=settled).status_code == 303
    assert ways.kept() == {"strokes": [], "words": "second"}
