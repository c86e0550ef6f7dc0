"""What a phone queued arrives once, in its writer's own form, and nothing edited is taken."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

import backend.contributor_app  # noqa: F401  (says who takes which kind)
from backend.core import clock
from backend.core.access.predicates import Reach
from backend.entry import service as entry
from backend.entry.models import ContributorSession, Pass
from backend.offline import service as offline
from backend.offline.models import OfflineItem
from backend.offline.service import Outcome, Refused
from backend.safeguarding.models import Concern
from backend.surveys import service as surveys
from backend.surveys.models import Answer, SecondAnswer, Topic
from tests.offline.phones import as_base64, begin, key_of, say, seal, ticket_for, visit
from tests.surveys.rounds import Round, open_round

WORDS = "r12.wanted.words"


@pytest.fixture
def child(session: Session, noon: datetime) -> Round:
    return open_round(session)


def answers(session: Session) -> list[object]:
    return [row.value for row in session.exec(select(Answer).order_by(Answer.id))]


def test_a_queued_answer_stands_in_its_draft_as_it_was_written(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    text = "two  spaces, مرحبا 🦓\nand a line"
    item = seal(key_of(tmp_path), ticket, "answer", say("most_wanted", 0, WORDS, text))
    assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT
    (answer,) = session.exec(select(Answer))
    assert (answer.value, answer.reach, answer.saved_in) == (text, "ask_first", me.session_id)


def test_the_same_item_again_changes_nothing_and_gets_the_same_answer(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    key = key_of(tmp_path)
    first = seal(key, ticket, "answer", say("most_wanted", 0, WORDS, "first"))
    second = seal(key, ticket, "answer", say("most_wanted", 0, WORDS, "second"))
    sent = seal(key, ticket, "send")
    told = [offline.take(session, item, folder=tmp_path) for item in (first, second, sent)]
    again = [offline.take(session, item, folder=tmp_path) for item in (sent, first, second, first)]
    assert told == [Outcome.KEPT, Outcome.KEPT, Outcome.SENT]
    assert again == [Outcome.SENT, Outcome.KEPT, Outcome.KEPT, Outcome.KEPT]
    assert answers(session) == ["second"]
    assert [row.id for row in session.exec(select(Topic))] == [topic.id]
    assert len(session.exec(select(OfflineItem)).all()) == 3


@pytest.mark.parametrize("part", ["key", "ticket", "point", "iv", "body"])
def test_an_item_that_was_edited_anywhere_is_refused(
    session: Session, child: Round, tmp_path: Path, part: str
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    key = key_of(tmp_path)
    item = seal(key, ticket, "answer", say("most_wanted", 0, WORDS, "mine"))
    other = seal(key, ticket_for(me, topic), "answer", say("most_wanted", 0, WORDS, "mine"))
    edited = replace(item, **{part: getattr(other, part)})
    with pytest.raises(Refused):
        offline.take(session, edited, folder=tmp_path)
    assert answers(session) == []
    assert session.exec(select(OfflineItem)).all() == []


@pytest.mark.parametrize("body", ["", "!", as_base64(b"short"), "é" * 40])
def test_what_is_no_sealed_item_at_all_is_refused(
    session: Session, child: Round, tmp_path: Path, body: str
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    item = seal(key_of(tmp_path), ticket, "answer")
    for broken in (replace(item, body=body), replace(item, point=body), replace(item, iv=body)):
        with pytest.raises(Refused):
            offline.take(session, broken, folder=tmp_path)


def test_an_item_fits_into_no_other_childs_ticket(
    session: Session, child: Round, tmp_path: Path
) -> None:
    other = open_round(session)
    me, they = visit(session, child.contributor), visit(session, other.contributor)
    _, mine = begin(session, child, me, "most_wanted")
    _, theirs = begin(session, other, they, "most_wanted")
    item = seal(key_of(tmp_path), mine, "answer", say("most_wanted", 0, WORDS, "mine"))
    with pytest.raises(Refused):
        offline.take(session, replace(item, ticket=theirs), folder=tmp_path)
    assert answers(session) == []


def test_a_ticket_never_reaches_a_response_of_somebody_else(
    session: Session, child: Round, tmp_path: Path
) -> None:
    other = open_round(session)
    me, they = visit(session, child.contributor), visit(session, other.contributor)
    begin(session, child, me, "most_wanted")
    theirs, _ = begin(session, other, they, "most_wanted")
    crossed = ticket_for(me, theirs)
    fields = say("most_wanted", 0, WORDS, "mine")
    for kind in ("answer", "send"):
        with pytest.raises(Refused):
            offline.take(session, seal(key_of(tmp_path), crossed, kind, fields), folder=tmp_path)
    of_another = offline.make_ticket(they.contributor_id, me.session_id, row=theirs.id)
    with pytest.raises(Refused):
        offline.take(session, seal(key_of(tmp_path), of_another, "not_safe"), folder=tmp_path)


def test_a_ticket_is_over_after_a_day_and_a_half_and_forged_ones_never_open(
    session: Session, child: Round, tmp_path: Path, noon: datetime
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    key, fields = key_of(tmp_path), say("most_wanted", 0, WORDS, "late")
    with clock.set_to(noon + timedelta(hours=37)), pytest.raises(Refused):
        offline.take(session, seal(key, ticket, "answer", fields), folder=tmp_path)
    with pytest.raises(Refused):
        offline.take(session, seal(key, "forged", "answer", fields), folder=tmp_path)
    with clock.set_to(noon + timedelta(hours=35)):
        item = seal(key, ticket, "answer", fields)
        assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT


def test_an_item_that_arrived_is_answered_alike_when_its_ticket_is_over(
    session: Session, child: Round, tmp_path: Path, noon: datetime
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    item = seal(key_of(tmp_path), ticket, "answer", say("most_wanted", 0, WORDS, "once"))
    offline.take(session, item, folder=tmp_path)
    with clock.set_to(noon + timedelta(hours=40)):
        assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT


def test_a_queue_arrives_after_leaving_but_not_after_its_code_was_switched_off(
    session: Session, child: Round, tmp_path: Path
) -> None:
    line = entry.ensure_pass(session, child.contributor.id or 0)
    opened = session.exec(select(Pass).where(Pass.contributor_id == child.contributor.id)).one()
    assert line.code
    me = visit(session, child.contributor)
    row = session.get_one(ContributorSession, me.session_id)
    row.pass_id, row.ended_at = opened.id, clock.now()
    _, ticket = begin(session, child, me, "most_wanted")
    key = key_of(tmp_path)
    first = seal(key, ticket, "answer", say("most_wanted", 0, WORDS, "before"))
    assert offline.take(session, first, folder=tmp_path) is Outcome.KEPT
    opened.revoked_at = clock.now()
    session.flush()
    late = seal(key, ticket, "answer", say("most_wanted", 0, WORDS, "after"))
    with pytest.raises(Refused):
        offline.take(session, late, folder=tmp_path)
    assert answers(session) == ["before"]


def test_too_long_an_answer_is_kept_apart_and_not_cut(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    text = "zebra " * 40_000
    item = seal(key_of(tmp_path), ticket, "answer", say("most_wanted", 0, WORDS, text))
    assert offline.take(session, item, folder=tmp_path) is Outcome.APART
    assert answers(session) == []
    (apart,) = session.exec(select(SecondAnswer))
    assert apart.topic_row_id == topic.id
    assert dict(apart.posted)["most_wanted_0"] == text


def test_not_safe_is_raised_once_when_it_arrives(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    ticket = offline.make_ticket(me.contributor_id, me.session_id)
    key = key_of(tmp_path)
    items = [seal(key, ticket, "not_safe") for _ in range(2)]
    told = [offline.take(session, item, folder=tmp_path) for item in (*items, *items)]
    assert told == [Outcome.SAID] * 4
    (concern,) = session.exec(select(Concern))
    assert (concern.source, concern.person_id) == ("not_safe", child.person.id)


def test_only_kinds_that_somebody_takes_are_taken(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    with pytest.raises(Refused):
        offline.take(session, seal(key_of(tmp_path), ticket, "remove"), folder=tmp_path)


def test_a_late_send_sends_once_and_nothing_where_nothing_was_said(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    topic, ticket = begin(session, child, me, "most_wanted")
    key = key_of(tmp_path)
    assert offline.take(session, seal(key, ticket, "send"), folder=tmp_path) is Outcome.NOTHING
    surveys.keep_answer(session, topic.id or 0, WORDS, "hello", reach=Reach.ASK_FIRST)
    assert offline.take(session, seal(key, ticket, "send"), folder=tmp_path) is Outcome.SENT
    assert offline.take(session, seal(key, ticket, "send"), folder=tmp_path) is Outcome.NOTHING
    assert len(session.exec(select(Topic)).all()) == 1
