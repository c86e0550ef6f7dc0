"""Each way to answer: kept as given, shown again, read by staff, and kind when it is wrong."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.insight import voices
from backend.surveys import catalogue, queries
from backend.surveys.drawings import MOST_POINTS, MOST_STROKES
from backend.surveys.models import Answer
from tests.factories import sign_in
from tests.surveys.rounds import Round, alone, choose, enter, open_round
from tests.surveys.test_pages import follow, reading
from tests.surveys.way_instruments import PLACES, name_of, write_ways

AWKWARD = "\u202eשלום\u202c مرحبا 👩\u200d👧 \0\x07\x9f <b>&amp;</b>"
HOUSE = {"strokes": [[[100, 900], [100, 500], [500, 100], [900, 500]], [[0, 1000]]]}
THICK = {**HOUSE, "widths": [3, 1]}


@pytest.fixture
def ways(
    client: TestClient,
    app_session: Session,
    noon: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> "Ways":
    """A child alone at the first question of a form that asks in every way."""
    monkeypatch.setattr(catalogue, "SURVEYS", write_ways(tmp_path / "surveys"))
    round_ = open_round(app_session)
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    return Ways(client, app_session.get_bind(), round_, choose(client, round_))


def fields_of(page: str) -> dict[str, Any]:
    """What a page's form sends when nothing is touched; a name that is ticked twice has a list."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    sent: dict[str, Any] = {}
    for field in tree.iter("input"):
        is_box = field.get("type") in ("radio", "checkbox")
        if not field.get("name") or (is_box and field.get("checked") is None):
            continue
        sent.setdefault(field.get("name"), []).append(field.get("value") or "")
    for box in tree.iter("textarea"):
        sent[box.get("name")] = ["".join(box.itertext()).removeprefix("\n")]
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


class Ways:
    """The form with a question of each type, answered as its own pages would."""

    def __init__(self, client: TestClient, engine: Engine, round_: Round, first: str) -> None:
        self.client, self.engine, self.round = client, engine, round_
        self.topic = first.rsplit("/", 1)[0]

    def at(self, kind: str) -> str:
        return f"{self.topic}/{PLACES[kind]}"

    def page(self, kind: str) -> str:
        return self.client.get(self.at(kind)).text

    def post(self, kind: str, values: dict[str, Any]) -> Any:
        """Post a page with these fields changed; their names begin with the question's own."""
        fields = fields_of(self.page(kind))
        fields |= {f"{name_of(kind)}{key}": value for key, value in values.items()}
        return self.client.post(self.at(kind), data=fields)

    def kept(self) -> Any:
        """The one value that stands, or None."""
        with reading(self.engine) as session:
            found = session.exec(select(Answer)).all()
        assert len(found) <= 1
        return found[0].value if found else None

    def send(self) -> queries.SentAnswer:
        """Send the topic; its one answer as staff read it."""
        self.client.post(f"{self.topic}/end", data={"action": "send"})
        with reading(self.engine) as session:
            (topic,) = queries.sent_topics(session)
        (answer,) = topic.answers
        return answer


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
    words = {answer.own_words for answer in voices.written_answers(topic)}
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
