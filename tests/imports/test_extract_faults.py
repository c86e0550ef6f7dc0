"""What is wrong with an extract: listed, refused or put to a person, and nothing half written."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.core.access.permissions import Role
from backend.imports import queries
from backend.imports.models import Proposal
from backend.imports.service import (
    ImportReport,
    ImportUnusable,
    decide_proposal,
    import_people,
)
from backend.people.models import Contact, Person
from backend.placements.models import Home, Placement, Provider
from backend.reviews import queries as reviews
from tests.factories import make_staff
from tests.imports.files import PERSON, dump, write_extract

pytestmark = pytest.mark.usefixtures("noon")


CARER = "M1001,carer,Pat Alder,text,07700 900002,yes"


MOTHER = "M1001,parent,Mo Field,email,mo@home.example,through_worker"


SECOND = {"child_id": "M1002", "id_903": "90302", "known_as": "Ravi", "home_id": "FC2"}


NEXT_WEEK = {"AS_AT": "22/11/2026"}


def only_person(session: Session) -> Person:
    session.expire_all()
    return session.exec(select(Person)).one()


def places(report: ImportReport) -> list[tuple[int, str, bool]]:
    return [(one.line, one.column, one.is_row_used) for one in report.unusable]


def test_a_contact_row_that_cannot_be_used_ends_nobody(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}, contacts=[CARER, MOTHER]))
    rows = [CARER, MOTHER.replace("parent", "mum"), "M9,carer,Al Dell,,,yes", ",carer,X,,,yes"]
    rows += [CARER, "M1001,other,Uncle Jo,text,07700,perhaps"]
    report = import_people(session, write_extract(tmp_path, {}, contacts=rows))
    assert places(report) == [
        (3, "kind", False),
        (4, "child_id", False),
        (5, "child_id", False),
        (6, "name", False),
        (7, "invite", True),
    ]
    invites = {row.name: row.invite for row in session.exec(select(Contact))}
    assert invites["Uncle Jo"] == "no"
    ended = session.exec(select(Contact).where(col(Contact.ended_on).is_not(None))).all()
    assert ended == []


def test_another_birth_for_a_known_child_is_put_to_a_person_and_changes_nothing(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}))
    other = {"date_of_birth": "09/03/2013", "known_as": "Somebody else"} | NEXT_WEEK
    path = write_extract(tmp_path, other, SECOND | NEXT_WEEK)
    report = import_people(session, path)
    assert len(report.proposals) == 1
    assert places(report) == [(2, "date_of_birth", False)]
    known = session.exec(select(Person).where(Person.child_id == "M1001")).one()
    assert (known.known_as, known.left_on) == ("Zoë", None)
    assert not import_people(session, path).is_changed


def test_bad_rows_are_listed_and_never_stop_the_good_ones(session: Session, tmp_path: Path) -> None:
    path = write_extract(
        tmp_path,
        {"child_id": ""},
        {"child_id": "B1", "date_of_birth": "13/13/2014"},
        {"child_id": "B2", "known_as": ""},
        {"child_id": "B3", "group": "adopted"},
        {"child_id": "B4", "date_of_birth": "21/11/2026"},
        {"child_id": "B5", "date_of_birth": ""},
        {},
    )
    report = import_people(session, path)
    assert places(report) == [
        (2, "child_id", False),
        (3, "date_of_birth", False),
        (4, "known_as", False),
        (5, "group", False),
        (6, "date_of_birth", False),
        (7, "date_of_birth", False),
    ]
    assert only_person(session).child_id == "M1001"
    assert report.files[0].rows_used == 1


def test_a_bad_cell_is_listed_and_the_rest_of_its_row_is_used(
    session: Session, tmp_path: Path
) -> None:
    cells = {"iro_email": "nobody", "next_review": "soon", "placement_start": "1.2.2026"}
    cells |= {"personal_adviser": "Kim Vale", "home_type": "Q7"}
    report = import_people(session, write_extract(tmp_path, cells))
    columns = {one.column for one in report.unusable if one.is_row_used}
    assert columns == {"iro_email", "personal_adviser", "placement_start", "next_review"}
    assert report.flags["146"].count == 1
    person = only_person(session)
    assert (person.iro_id, person.personal_adviser_id) == (None, None)
    assert reviews.next_review(session, person.id or 0) is None


def test_whoever_stands_in_two_rows_that_differ_is_used_in_neither(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}))
    path = write_extract(
        tmp_path,
        {"known_as": "A"},
        {"known_as": "B"},
        SECOND,
        SECOND,
        SECOND | {"child_id": "M3"},
    )
    report = import_people(session, path)
    assert places(report) == [
        (3, "child_id", False),
        (2, "child_id", False),
        (5, "child_id", False),
        (6, "id_903", True),
    ]
    names = {row.child_id: (row.known_as, row.left_on) for row in session.exec(select(Person))}
    assert names["M1001"] == ("Zoë", None)
    assert set(names) == {"M1001", "M1002", "M3"}


def test_rows_that_describe_one_home_differently_do_not_take_turns(
    session: Session, tmp_path: Path
) -> None:
    rows = ({}, {"child_id": "M2", "id_903": "2", "home_name": "The Alders", "provider_name": "L"})
    path = write_extract(tmp_path, *rows)
    report = import_people(session, path)
    assert {one.column for one in report.unusable} == {"home_id", "provider_name"}
    assert session.exec(select(Home)).one().name == "Alder household"
    assert session.exec(select(Provider)).one().name == "Lantern Fostering"
    assert not import_people(session, path).is_changed


def test_contacts_that_cannot_be_read_stop_the_whole_import(
    session: Session, tmp_path: Path
) -> None:
    write_extract(tmp_path, {}, contacts=[CARER])
    (tmp_path / "contacts.csv").write_bytes(b"\x00")
    before = dump(session)
    with pytest.raises(ImportUnusable, match="contacts"):
        import_people(session, tmp_path / "extract.csv")
    assert dump(session) == before


@pytest.mark.parametrize("owner", ["engine", "session"])
def test_a_failure_in_the_middle_leaves_nothing_half_written(
    sqlite_engine: Engine, tmp_path: Path, owner: str
) -> None:
    path = write_extract(tmp_path, {}, contacts=[CARER])
    with Session(sqlite_engine) as session:
        broken = (
            "CREATE TRIGGER full BEFORE INSERT ON contact BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        session.connection().exec_driver_sql(broken)
        session.commit()
        before = dump(session)
        session.commit()
        with pytest.raises(IntegrityError, match="full"):
            import_people(sqlite_engine if owner == "engine" else session, path)
        session.commit()
        assert dump(session) == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x00\x01binary", "not a text file"),
        (b"PK\x03\x04rest", "workbook"),
        (b"child_id,known_as\n1,A\n", "no column date_of_birth, group"),
        (",".join(PERSON).encode(), "no rows"),
        (b"child_id,known_as,date_of_birth,group\nM1,A,09/03/2014,looked_after\n", "--as-at"),
        (b"child_id,known_as,date_of_birth,group,AS_AT\nM1,A,x,looked_after,20/11/2026", "No row"),
        (b"child_id,known_as,date_of_birth,group,AS_AT\nM1,A,x,y,24/11/2026", "still to come"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(
    session: Session, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(content)
    with pytest.raises(ImportUnusable, match=reason):
        import_people(session, path)
    assert session.exec(select(Person)).all() == []


def test_an_older_extract_is_refused_unless_it_is_meant(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}))
    path = write_extract(tmp_path, {"AS_AT": "13/11/2026"})
    with pytest.raises(ImportUnusable, match="20/11/2026"):
        import_people(session, path)
    assert import_people(session, path, is_older_allowed=True).is_changed
    assert queries.as_at(session) == date(2026, 11, 13)


def test_a_known_child_under_a_new_number_is_put_to_a_person_before_history_splits(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}, SECOND))
    path = write_extract(tmp_path, {"child_id": "N7"} | NEXT_WEEK, SECOND | NEXT_WEEK)
    report = import_people(session, path)
    assert places(report) == [(2, "child_id", False)]
    assert len(report.proposals) == 1
    known = {row.child_id: row.left_on for row in session.exec(select(Person))}
    assert known == {"M1001": None, "M1002": None}
    assert not import_people(session, path).is_changed
    proposal = session.exec(select(Proposal)).one()
    decide_proposal(
        session, make_staff(session, Role.ADMINISTRATOR), proposal.id or 0, decision="accepted"
    )
    report = import_people(session, path)
    assert report.unusable == []
    assert {row.child_id for row in session.exec(select(Person))} == {"N7", "M1002"}


def test_a_new_number_that_a_person_declined_is_another_child(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}, SECOND))
    path = write_extract(tmp_path, {"child_id": "N7"} | NEXT_WEEK, SECOND | NEXT_WEEK)
    import_people(session, path)
    proposal = session.exec(select(Proposal)).one()
    decide_proposal(
        session, make_staff(session, Role.ADMINISTRATOR), proposal.id or 0, decision="declined"
    )
    import_people(session, path)
    left = {row.child_id: row.left_on for row in session.exec(select(Person))}
    assert left == {"M1001": date(2026, 11, 22), "M1002": None, "N7": None}


@pytest.mark.parametrize(
    ("group", "taken"),
    [("LAC", "looked_after"), ("Leaving care", "care_leaver"), ("Child in care", "looked_after")],
)
def test_what_a_case_system_calls_a_group_is_understood(
    session: Session, tmp_path: Path, group: str, taken: str
) -> None:
    import_people(session, write_extract(tmp_path, {"group": group}))
    assert session.exec(select(Person)).one().group == taken


def test_a_home_that_begins_in_years_has_no_start(session: Session, tmp_path: Path) -> None:
    report = import_people(session, write_extract(tmp_path, {"placement_start": "01/01/2030"}))
    (one,) = report.unusable
    assert (one.column, one.reason) == (
        "placement_start",
        "is more than three months after the as-at date",
    )
    assert one.is_row_used
    assert session.exec(select(Placement)).one().started_on is None


def test_a_child_who_came_with_the_file_is_not_proposed_the_next_time(
    session: Session, tmp_path: Path
) -> None:
    born = {"date_of_birth": "29/02/2016", "known_as": "Ravi"}
    first = [born | {"child_id": f"M{one}", "id_903": str(one)} for one in (5, 6)]
    import_people(session, write_extract(tmp_path / "a", *first))
    later = [born | {"child_id": f"M{one}", "id_903": str(one)} for one in (1, 5)]
    path = write_extract(tmp_path / "b", *(one | {"AS_AT": "21/11/2026"} for one in later))
    assert len(import_people(session, path).proposals) == 1
    assert not import_people(session, path).is_changed
