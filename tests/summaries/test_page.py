"""The one page: own words in their own order, sides never averaged, silence named."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from backend.core.access.permissions import Kind
from backend.core.access.predicates import Reach
from backend.summaries.page import compose
from backend.summaries.sides import lay_side_by_side
from backend.summaries.suggestions import suggest_code
from backend.surveys.queries import SentAnswer, SentTopic

_ids = count(1)
THEN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def an_answer(**values: Any) -> SentAnswer:
    defaults: dict[str, Any] = {
        "answer_id": next(_ids),
        "question_id": "q",
        "question_text": "What is it like?",
        "type": "long_text",
        "indicator": None,
        "theme": None,
        "summary": None,
        "value": "words",
        "display": "words",
        "score": None,
        "reach": Reach.ASK_FIRST,
        "hidden_from": frozenset(),
        "hidden_from_carers": False,
        "hidden_from_words": None,
        "may_be_said": False,
        "revision": 1,
    }
    return SentAnswer(**(defaults | values))


def a_tap(indicator: str, score: int) -> SentAnswer:
    return an_answer(type="faces", indicator=indicator, score=score, display=f"face {score}")


def a_topic(kind: Kind, *answers: SentAnswer, **values: Any) -> SentTopic:
    number = next(_ids)
    defaults: dict[str, Any] = {
        "topic_row_id": number,
        "response_id": number,
        "consultation_id": 1,
        "person_id": 1,
        "contributor_id": list(Kind).index(kind) + 1,
        "kind": kind,
        "audience": kind.value,
        "moment": "before_review",
        "home_id": None,
        "window": "",
        "review_id": 1,
        "topic_id": "home",
        "topic_title": "Where I live",
        "agenda": "home",
        "sent_at": THEN,
        "taken_back": False,
        "how_given": "alone",
        "helped_by": None,
        "language": "en",
        "seen_alone_on": None,
        "reach": Reach.ASK_FIRST,
        "answers": answers,
    }
    return SentTopic(**(defaults | values))


def test_what_the_child_most_wants_stands_apart_and_verbatim() -> None:
    wanted = an_answer(summary="most_wanted", display="  can i see nan?? 🐶 ")
    other = an_answer(display="the dog is nice")
    page = compose([a_topic(Kind.CHILD, wanted, other)], current_consultation_id=1)
    assert [one.text for one in page.wanted] == ["  can i see nan?? 🐶 "]
    assert [one.text for section in page.sections for one in section.said] == ["the dog is nice"]


def test_each_side_stands_alone_and_a_gap_of_two_steps_is_marked() -> None:
    sides = lay_side_by_side(
        [
            a_topic(Kind.CHILD, a_tap("settled", 2), a_tap("likes_room", 4)),
            a_topic(Kind.SOCIAL_WORKER, a_tap("settled", 5), a_tap("likes_room", 3)),
        ]
    )
    rows = {row.indicator: row for row in sides.rows}
    assert rows["settled"].differs
    assert not rows["likes_room"].differs
    assert {side: cell.score for side, cell in rows["settled"].cells.items()} == {
        "young_person": 2,
        "worker": 5,
    }
    assert sides.silent == ("carer", "parent")
    assert sides.differences == ("Settled here: young person says face 2; worker says face 5",)


def test_adults_who_disagree_with_each_other_alone_are_not_a_difference_with_the_child() -> None:
    sides = lay_side_by_side(
        [
            a_topic(Kind.CARER, a_tap("settled", 1)),
            a_topic(Kind.SOCIAL_WORKER, a_tap("settled", 5)),
        ]
    )
    assert not sides.rows[0].differs


def test_an_older_round_says_what_changed_and_nothing_else() -> None:
    before = a_topic(
        Kind.CHILD,
        a_tap("settled", 5),
        an_answer(display="old words"),
        consultation_id=9,
        sent_at=THEN - timedelta(days=180),
    )
    now = a_topic(Kind.CHILD, a_tap("settled", 2))
    page = compose([before, now], current_consultation_id=1)
    assert [(one.label, one.before, one.now) for one in page.changes] == [
        ("Settled here", "face 5", "face 2")
    ]
    assert "old words" not in str(page.sections)


def test_what_must_not_be_said_has_its_own_place() -> None:
    secret = an_answer(summary="not_said", display="not about dad")
    page = compose([a_topic(Kind.CHILD, secret)], current_consultation_id=1)
    assert [one.text for one in page.not_said] == ["not about dad"]
    assert page.sections == ()


def test_a_code_is_suggested_with_its_reason_and_none_for_a_form_that_was_helped() -> None:
    born, due = date(2014, 3, 9), date(2026, 12, 1)
    alone = suggest_code(date_of_birth=born, due_on=due, has_sent=True, how_given="alone")
    helped = suggest_code(date_of_birth=born, due_on=due, has_sent=True, how_given="with_help")
    silent = suggest_code(date_of_birth=born, due_on=due, has_sent=False, how_given="alone")
    baby = suggest_code(
        date_of_birth=date(2022, 12, 2), due_on=due, has_sent=False, how_given="alone"
    )
    assert [one.code for one in (alone, helped, silent, baby)] == ["PN6", "", "PN7", "PN0"]
