"""A queue that comes in another order than it was written: the later words count, none is lost."""

from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlmodel import Session, select

import backend.contributor_app  # noqa: F401  (says who takes which kind)
from backend.core import clock
from backend.offline import service as offline
from backend.offline.service import Outcome
from backend.surveys.models import Answer, SecondAnswer
from tests.offline.phones import begin, key_of, say, seal, visit
from tests.surveys.rounds import Round, open_round

WORDS, SETTLED = "r12.wanted.words", "r12.home.settled"


@pytest.fixture
def child(session: Session, noon: datetime) -> Round:
    return open_round(session)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_three_answers_come_the_last_is_there_and_no_word_is_lost(
    session: Session, child: Round, tmp_path: Path, noon: datetime, order: tuple[int, ...]
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    key, texts = key_of(tmp_path), ["otter one", "otter two", "otter three"]
    items = [
        seal(key, ticket, "answer", say("most_wanted", 0, WORDS, text),
             said=milliseconds(noon + timedelta(minutes=place)))
        for place, text in enumerate(texts)
    ]  # fmt: skip
    with clock.set_to(noon + timedelta(hours=1)):
        for place in order:
            offline.take(session, items[place], folder=tmp_path)
    (answer,) = session.exec(select(Answer))
    assert "otter three" in answer.value
    behind = [place for at, place in enumerate(order) if any(one > place for one in order[:at])]
    assert all(texts[place] in answer.value for place in behind)
    if not behind:
        assert answer.value == "otter three"


def test_a_face_that_comes_behind_a_later_one_is_kept_beside_it(
    session: Session, child: Round, tmp_path: Path, noon: datetime
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "home")
    key = key_of(tmp_path)
    early = seal(key, ticket, "answer", say("home", 0, SETTLED, "1"), said=milliseconds(noon))
    late = seal(
        key, ticket, "answer", say("home", 0, SETTLED, "5"),
        said=milliseconds(noon + timedelta(minutes=1)),
    )  # fmt: skip
    with clock.set_to(noon + timedelta(hours=1)):
        assert offline.take(session, late, folder=tmp_path) is Outcome.KEPT
        assert offline.take(session, early, folder=tmp_path) is Outcome.APART
    assert [row.value for row in session.exec(select(Answer))] == ["very_happy"]
    assert len(session.exec(select(SecondAnswer)).all()) == 1


@pytest.mark.parametrize("said", ["now", -1, 10**30, True, 1.5, [], None])
def test_an_unreadable_moment_counts_as_none_and_the_words_are_kept(
    session: Session, child: Round, tmp_path: Path, said: object
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    fields = say("most_wanted", 0, WORDS, "mine")
    item = seal(key_of(tmp_path), ticket, "answer", fields, said=said)
    assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT
    (answer,) = session.exec(select(Answer))
    assert (answer.value, answer.said_at) == ("mine", None)


def test_a_phone_whose_clock_runs_ahead_says_nothing_in_the_future(
    session: Session, child: Round, tmp_path: Path, noon: datetime
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    fields = say("most_wanted", 0, WORDS, "mine")
    ahead = milliseconds(noon + timedelta(days=400))
    item = seal(key_of(tmp_path), ticket, "answer", fields, said=ahead)
    offline.take(session, item, folder=tmp_path)
    (answer,) = session.exec(select(Answer))
    assert answer.said_at == clock.now()
