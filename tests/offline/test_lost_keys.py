"""Our key for what waits on phones is lost, edited or brought back: nothing vanishes silently."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

import backend.contributor_app  # noqa: F401  (says who takes which kind)
from backend.commands.doctor import offline_key_findings
from backend.core import clock
from backend.offline import service as offline
from backend.offline.keys import KEY_FILE, Unreadable, sealing_key
from backend.offline.models import GivenKey, OfflineItem
from backend.offline.service import Held, Outcome, Refused
from backend.surveys.models import Answer
from tests.offline.phones import begin, key_of, say, seal, visit
from tests.surveys.rounds import Round, open_round

WORDS = "r12.wanted.words"
FIELDS = say("most_wanted", 0, WORDS, "mine")


@pytest.fixture
def child(session: Session, noon: datetime) -> Round:
    return open_round(session)


def test_words_sealed_to_a_key_that_is_gone_wait_and_arrive_when_it_is_back(
    session: Session, child: Round, tmp_path: Path
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    item = seal(key_of(tmp_path), ticket, "answer", FIELDS)
    kept_apart = (tmp_path / KEY_FILE).rename(tmp_path / "copy")
    for _ in range(2):
        with pytest.raises(Held):
            offline.take(session, item, folder=tmp_path)
    assert session.exec(select(OfflineItem)).all() == []
    kept_apart.rename(tmp_path / KEY_FILE)
    assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT
    assert offline.take(session, item, folder=tmp_path) is Outcome.KEPT
    assert [row.value for row in session.exec(select(Answer))] == ["mine"]


def test_nothing_is_held_for_a_ticket_that_is_not_ours_or_over(
    session: Session, child: Round, tmp_path: Path, noon: datetime
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    key = key_of(tmp_path)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(Refused):
        offline.take(session, seal(key, "forged", "answer", FIELDS), folder=tmp_path)
    with clock.set_to(noon + timedelta(hours=37)), pytest.raises(Refused):
        offline.take(session, seal(key, ticket, "answer", FIELDS), folder=tmp_path)


@pytest.mark.parametrize("inside", ["", "{", "[7]", "[{}]"])
def test_a_broken_key_file_is_written_over_by_nobody_and_words_wait(
    session: Session, child: Round, tmp_path: Path, inside: str
) -> None:
    me = visit(session, child.contributor)
    _, ticket = begin(session, child, me, "most_wanted")
    item = seal(key_of(tmp_path), ticket, "answer", FIELDS)
    (tmp_path / KEY_FILE).write_text(inside)
    with pytest.raises(Held):
        offline.take(session, item, folder=tmp_path)
    with pytest.raises(Unreadable):
        sealing_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == inside
    assert [is_well for is_well, _ in offline_key_findings(session, tmp_path)] == [False]


def test_the_doctor_finds_nothing_wrong_with_the_key_that_phones_were_given(
    session: Session, noon: datetime, tmp_path: Path
) -> None:
    assert [is_well for is_well, _ in offline_key_findings(session, tmp_path)] == [True]
    offline.give_key(session, tmp_path)
    offline.give_key(session, tmp_path)
    assert len(session.exec(select(GivenKey)).all()) == 1
    assert all(is_well for is_well, _ in offline_key_findings(session, tmp_path))


def test_the_doctor_finds_a_key_that_others_can_read(
    session: Session, noon: datetime, tmp_path: Path
) -> None:
    offline.give_key(session, tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    wrong = [text for is_well, text in offline_key_findings(session, tmp_path) if not is_well]
    assert len(wrong) == 1
    assert "0600 is right" in wrong[0]


def test_the_doctor_finds_a_lost_key_only_while_words_may_wait_for_it(
    session: Session, noon: datetime, tmp_path: Path
) -> None:
    lost = offline.give_key(session, tmp_path)
    (tmp_path / KEY_FILE).unlink()
    fresh = offline.give_key(session, tmp_path)
    wrong = [text for is_well, text in offline_key_findings(session, tmp_path) if not is_well]
    assert len(wrong) == 1
    assert lost.kid in wrong[0]
    assert fresh.kid not in wrong[0]
    assert "put that file back" in wrong[0]
    with clock.set_to(noon + timedelta(hours=37)):
        assert all(is_well for is_well, _ in offline_key_findings(session, tmp_path))
