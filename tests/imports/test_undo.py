"""Undo of the last import: all goes back, byte for byte, but what somebody said since then."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.imports import queries, undo
from backend.imports.models import ImportRun, RowBefore
from backend.imports.service import (
    UndoRefused,
    import_annex,
    import_people,
    import_return,
    undo_last,
)
from backend.people.models import Contact, Contributor, Person
from backend.placements.models import Home, Placement
from backend.reviews import service as reviews
from backend.reviews.models import Review
from backend.surveys.models import Consultation, Response
from tests.factories import make_staff
from tests.imports.files import dump, episode, write_extract, write_return
from tests.imports.workbooks import write_annex

pytestmark = pytest.mark.usefixtures("noon")
CARER = "M1001,carer,Pat Alder,text,07700 900002,yes"
SECOND = {
    "child_id": "M2",
    "id_903": "2",
    "known_as": "Ravi",
    "home_id": "FC2",
    "iro_email": "new@council.example",
}
MOVED = {
    "AS_AT": "22/11/2026",
    "home_id": "FC3",
    "placement_start": "21/11/2026",
    "worker_email": "other@council.example",
    "next_review": "20/01/2027",
    "known_as": "Zed",
}
# These say that something happened, and are kept whatever is undone.
TOLD = ("audit_event", "import_run", "import_row_before", "sqlite_sequence", "job")


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    return {name: lines for name, lines in dump(session).items() if name not in TOLD}


def one(session: Session, table: type[Person], child_id: str) -> Person:
    session.flush()
    session.expire_all()
    return session.exec(select(table).where(table.child_id == child_id)).one()


def test_an_extract_goes_back_byte_for_byte(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path / "a", {}, SECOND, contacts=[CARER]))
    before = rows(session)
    third = {"child_id": "M3", "id_903": "3", "home_id": "FC9"} | {"AS_AT": "22/11/2026"}
    other = "M1001,carer,Sam Birch,text,07700 900003,yes"
    import_people(session, write_extract(tmp_path / "b", MOVED, third, contacts=[other]))
    assert one(session, Person, "M2").left_on == date(2026, 11, 22)
    assert rows(session) != before
    done = undo_last(session, "command")
    assert done.left == []
    assert rows(session) == before
    assert queries.as_at(session) == date(2026, 11, 20)


def test_a_workbook_and_a_return_go_back_byte_for_byte(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    before = rows(session)
    import_annex(session, write_annex(tmp_path, [{}]))
    between = rows(session)
    write_return(
        tmp_path / "r",
        header=["90301,2,09/03/2014,,,,"],
        episodes=[episode("90301", "01/02/2026")],
        reviews=["90301,09/03/2014,01/03/2026,PN1"],
    )
    import_return(session, tmp_path / "r")
    write_return(tmp_path / "r", reviews=["90301,09/03/2014,01/03/2026,PN6"])
    import_return(session, tmp_path / "r")
    for _ in range(2):
        undo_last(session, "command")
    assert rows(session) == between
    undo_last(session, "command")
    assert rows(session) == before


def test_the_same_file_can_come_again_after_an_undo(session: Session, tmp_path: Path) -> None:
    path = write_extract(tmp_path, {}, SECOND, contacts=[CARER])
    import_people(session, path)
    undo_last(session, "command")
    assert session.exec(select(Person)).all() == []
    assert queries.as_at(session) is None
    assert import_people(session, path).counts["people"].added == 2


def answered(session: Session, child_id: str, moment: datetime) -> Response:
    """A child's answer in a round about their home, as the rounds open it by themselves."""
    person = one(session, Person, child_id)
    contributor = session.exec(select(Contributor).where(Contributor.person_id == person.id)).one()
    round_ = Consultation(
        person_id=person.id or 0,
        moment="anytime",
        opens_on=date(2026, 11, 23),
        closes_on=date(2026, 12, 23),
        key=f"test:{child_id}",
    )
    session.add(round_)
    session.flush()
    response = Response(
        consultation_id=round_.id or 0,
        contributor_id=contributor.id or 0,
        instrument_id="x",
        instrument_version=1,
        audience="child_11_17",
        begun_at=moment,
    )
    session.add(response)
    session.flush()
    return response


def test_whoever_answered_since_is_left_whole_and_named(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    path = write_extract(
        tmp_path / "b",
        {"AS_AT": "22/11/2026", "known_as": "Zed"},
        SECOND | {"AS_AT": "22/11/2026"},
        SECOND | {"AS_AT": "22/11/2026", "child_id": "M3", "id_903": "3"},
        contacts=[CARER, "M2,carer,Bo Finch,text,07700 900009,yes"],
    )
    import_people(session, path)
    response = answered(session, "M2", noon)
    done = undo_last(session, "command")
    assert done.left == ["Child M2: somebody answered"]
    kept = one(session, Person, "M2")
    assert session.get(Response, response.id) is not None
    assert (kept.left_on, kept.iro_id is None) == (None, False)
    assert [row.person_id for row in session.exec(select(Contact))] == [kept.id]
    stays = [row.person_id for row in session.exec(select(Placement)) if row.person_id == kept.id]
    assert stays == [kept.id]
    assert session.exec(select(Person).where(Person.child_id == "M3")).all() == []
    assert one(session, Person, "M1001").known_as == "Zoë"
    assert {home.home_ref for home in session.exec(select(Home))} == {"FC1", "FC2"}


def test_a_round_that_nobody_answered_goes_with_the_child(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    import_people(session, write_extract(tmp_path, {}))
    session.delete(answered(session, "M1001", noon))
    session.flush()
    assert undo_last(session, "command").left == []
    assert session.exec(select(Person)).all() == []
    assert session.exec(select(Consultation)).all() == []


def test_a_review_that_was_confirmed_since_stands(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    moved = {"AS_AT": "22/11/2026", "next_review": "22/11/2026"}
    import_people(session, write_extract(tmp_path / "b", moved))
    iro = make_staff(session, Role.IRO)
    review = session.exec(select(Review).where(Review.due_on == date(2026, 11, 22))).one()
    reviews.confirm(
        session,
        iro,
        review,
        held_on=date(2026, 11, 22),
        participation_code="PN1",
        private_talk="done",
    )
    session.flush()
    done = undo_last(session, "command")
    assert any("confirmed as held since" in text for text in done.left)
    session.expire_all()
    assert session.get_one(Review, review.id).due_on == date(2026, 11, 22)


def test_a_column_that_somebody_changed_since_keeps_what_they_wrote(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    import_people(session, write_extract(tmp_path / "b", MOVED))
    person = one(session, Person, "M1001")
    person.known_as = "Zee"
    session.flush()
    done = undo_last(session, "command")
    assert done.left == [f"Person {person.id}: changed again since"]
    person = one(session, Person, "M1001")
    assert person.known_as == "Zee"
    assert session.exec(select(Home.home_ref)).all() == ["FC1"]


def test_only_the_last_import_of_the_last_thirty_days_can_be_undone(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    with pytest.raises(UndoRefused):
        undo_last(session, "command")
    import_people(session, write_extract(tmp_path, {}))
    run = session.exec(select(ImportRun)).one()
    with pytest.raises(UndoRefused, match="Another import"):
        undo_last(session, "command", run_id=(run.id or 0) + 1)
    with clock.set_to(noon + timedelta(days=31)):
        with pytest.raises(UndoRefused, match="30 days"):
            undo_last(session, "command")
        undo.forget_old(session)
    assert session.exec(select(RowBefore)).all() == []


def test_the_journal_lies_encrypted(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    import_people(session, write_extract(tmp_path / "b", MOVED))
    lines = dump(session)["import_row_before"]
    assert lines
    assert "M1001" not in repr(lines)
    assert "other@council" not in repr(lines)


def test_an_import_writes_no_table_that_the_journal_does_not_know(
    session: Session, tmp_path: Path
) -> None:
    from backend.imports.snapshots import tables_of

    before = dump(session)
    import_people(session, write_extract(tmp_path / "a", {}, SECOND, contacts=[CARER]))
    import_people(session, write_extract(tmp_path / "b", MOVED, contacts=[]))
    import_annex(session, write_annex(tmp_path, [{}]))
    after = dump(session)
    written = {name for name in after if after[name] != before[name]} - set(TOLD)
    assert written <= set(tables_of("people"))


def test_whatever_order_files_came_in_what_a_child_wrote_since_is_never_taken(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}, SECOND))
    first = answered(session, "M1001", noon)
    import_annex(session, write_annex(tmp_path, [{}]))
    second = answered(session, "M2", noon)
    write_return(
        tmp_path / "r",
        header=["90301,2,09/03/2014,,,,"],
        episodes=[episode("90301", "01/02/2026")],
        reviews=["90301,09/03/2014,01/03/2026,PN1"],
    )
    import_return(session, tmp_path / "r")
    done = [undo_last(session, "command") for _ in range(3)]
    assert [one.kind for one in done] == ["ssda903", "annex-a", "people"]
    assert [one.left for one in done[:2]] == [[], []]
    assert sorted(done[2].left) == ["Child M1001: somebody answered", "Child M2: somebody answered"]
    assert one(session, Person, "M1001").legal_status == ""
    assert session.get(Response, first.id) is not None
    assert session.get(Response, second.id) is not None
    assert session.exec(select(Review).where(col(Review.held_on).is_not(None))).all() == []


def test_an_extract_that_changed_nothing_but_its_day_can_be_undone(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    import_people(session, write_extract(tmp_path / "b", {"AS_AT": "21/11/2026"}))
    assert queries.as_at(session) == date(2026, 11, 21)
    assert undo_last(session, "command").put_back == 0
    assert queries.as_at(session) == date(2026, 11, 20)
    assert undo_last(session, "command").put_back > 0
    assert session.exec(select(Person)).all() == []
