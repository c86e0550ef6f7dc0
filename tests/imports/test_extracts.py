"""The weekly extract: who is in it, who is around them, and that the same file changes nothing."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.accounts.models import Staff, StaffRole
from backend.core import clock
from backend.core.access.permissions import Permission, Role
from backend.core.access.policy import may
from backend.core.audit import AuditEvent
from backend.imports import queries
from backend.imports.models import ImportRun, Proposal
from backend.imports.service import (
    ImportReport,
    ImportUnusable,
    decide_proposal,
    import_people,
)
from backend.people import queries as people
from backend.people.models import Contact, Contributor, Person
from backend.placements import queries as placements
from backend.placements.models import Home, Placement, Provider
from backend.reviews import queries as reviews
from backend.reviews import service as reviews_service
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


def test_a_row_makes_the_child_the_adults_the_home_and_the_next_review(
    session: Session, tmp_path: Path
) -> None:
    report = import_people(session, write_extract(tmp_path, {}, contacts=[CARER, MOTHER]))
    person = only_person(session)
    assert (person.known_as, person.date_of_birth) == ("Zoë", date(2014, 3, 9))
    assert report.unusable == []
    assert people.contributor_of_person(session, person.id or 0) is not None
    around = people.contributors_around(session, person.id or 0)
    assert [line.name for line in around] == ["Zoë", "Pat Alder", "Mo Field"]
    assert [line.invite for line in around] == ["yes", "yes", "through_worker"]
    home = placements.home_of(session, person.id or 0)
    assert home is not None
    assert placements.home_kind_of(session, home) == "agency_fostering"
    review = reviews.next_review(session, person.id or 0)
    assert review is not None
    assert (review.kind, review.due_on) == ("review", date(2026, 12, 10))
    roles = {row.role for row in session.exec(select(StaffRole))}
    assert roles == {Role.IRO, Role.SOCIAL_WORKER}
    teams = {row.name: row.team for row in session.exec(select(Staff))}
    assert teams == {"Ines Oduya": "", "Wade Marsh": "Team Oak"}


def test_the_same_file_twice_changes_nothing_at_all(session: Session, tmp_path: Path) -> None:
    path = write_extract(tmp_path, {}, SECOND, contacts=[CARER, MOTHER])
    assert import_people(session, path).is_changed
    before = dump(session)
    report = import_people(session, path)
    assert not report.is_changed
    assert dump(session) == before
    assert "Nothing changed." in report.as_text()


def test_a_newer_as_at_is_kept_even_if_nothing_else_changed(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}))
    report = import_people(session, write_extract(tmp_path, NEXT_WEEK))
    assert report.is_changed
    assert queries.as_at(session) == date(2026, 11, 22)
    assert len(session.exec(select(ImportRun)).all()) == 2
    events = session.exec(select(AuditEvent).where(AuditEvent.event == "import.kept")).all()
    assert len(events) == 2


def test_a_new_iro_has_access_and_the_earlier_one_has_not(session: Session, tmp_path: Path) -> None:
    from backend.accounts.service import identity_of

    import_people(session, write_extract(tmp_path, {}))
    row = {"iro": "Noor Bell", "iro_email": "noor@council.example"} | NEXT_WEEK
    import_people(session, write_extract(tmp_path, row))
    case = people.case_of(only_person(session))
    seen = {
        staff.name: may(identity_of(session, staff), Permission.READ_SUMMARY, case)
        for staff in session.exec(select(Staff))
    }
    assert seen == {"Ines Oduya": False, "Wade Marsh": False, "Noor Bell": True}


def test_a_move_ends_the_earlier_placement_on_the_day_of_the_new_one(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}))
    move = {"home_id": "FC9", "home_name": "Birch household", "placement_start": "15/11/2026"}
    report = import_people(session, write_extract(tmp_path, move | NEXT_WEEK))
    assert report.counts["placements"].ended == 1
    first, second = placements.placements_of(session, only_person(session).id or 0)
    assert first.ended_on == date(2026, 11, 15)
    assert (second.started_on, second.ended_on) == (date(2026, 11, 15), None)
    home = placements.home_of(session, second.person_id)
    assert home is not None
    assert home.name == "Birch household"
    old = session.exec(select(Home).where(Home.home_ref == "FC1")).one()
    assert placements.residents(session, old.id or 0) == []
    assert placements.residents(session, home.id or 0) == [second.person_id]


def test_who_is_in_the_file_no_longer_is_kept_as_left_and_can_come_back(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}, SECOND))
    report = import_people(session, write_extract(tmp_path, SECOND | NEXT_WEEK))
    gone = session.exec(select(Person).where(Person.child_id == "M1001")).one()
    assert gone.left_on == date(2026, 11, 22)
    assert report.counts["people"].ended == 1
    assert placements.home_of(session, gone.id or 0) is None
    last = {"AS_AT": "23/11/2026"}
    import_people(session, write_extract(tmp_path, last, SECOND | last))
    session.expire_all()
    assert gone.left_on is None
    assert [row.ended_on for row in placements.placements_of(session, gone.id or 0)] == [None]


def test_contacts_change_end_and_come_back_as_the_same_contributor(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path, {}, contacts=[CARER, MOTHER]))
    before = {row.id for row in session.exec(select(Contributor))}
    louder = CARER.replace("Pat Alder", "PAT  ALDER").replace(",yes", ",no")
    report = import_people(session, write_extract(tmp_path, {}, contacts=[louder]))
    assert (report.counts["contacts"].changed, report.counts["contacts"].ended) == (1, 1)
    session.expire_all()
    mother = session.exec(select(Contact).where(Contact.kind == "parent")).one()
    assert mother.ended_on == date(2026, 11, 20)
    import_people(session, write_extract(tmp_path, {}, contacts=[louder, MOTHER]))
    session.expire_all()
    assert mother.ended_on is None
    assert {row.id for row in session.exec(select(Contributor))} == before


def test_without_contacts_those_that_stand_are_kept(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path / "a", {}, contacts=[CARER]))
    report = import_people(session, write_extract(tmp_path / "b", {}))
    assert not report.is_changed
    assert not report.files[1].is_found
    assert session.exec(select(Contact)).one().ended_on is None


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


def test_a_care_leaver_has_a_pathway_review_and_an_adviser(
    session: Session, tmp_path: Path
) -> None:
    leaver = {"date_of_birth": "09/03/2006", "group": "care leaver", "iro": "", "iro_email": ""}
    leaver |= {"worker": "", "worker_email": "", "home_type": "P2", "provider_urn": ""}
    leaver |= {"personal_adviser": "Kim Vale <kim@council.example>", "provider_name": ""}
    report = import_people(session, write_extract(tmp_path, leaver))
    assert report.unusable == []
    assert report.flags == {}
    person = only_person(session)
    review = reviews.next_review(session, person.id or 0)
    assert review is not None
    assert review.kind == "pathway"
    adviser = session.get_one(Staff, person.personal_adviser_id)
    assert (adviser.name, adviser.team) == ("Kim Vale", "Team Oak")


def test_a_review_that_was_held_on_that_day_stops_nothing(session: Session, tmp_path: Path) -> None:
    path = write_extract(tmp_path, {"next_review": "20/11/2026"})
    import_people(session, path)
    person = only_person(session)
    reviews_service.record_held(
        session,
        person.id or 0,
        kind="review",
        held_on=date(2026, 11, 20),
        participation_code="PN1",
    )
    import_people(session, path)
    assert reviews.next_review(session, person.id or 0) is None


def test_columns_that_are_absent_leave_what_stands(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {"language": "Tamil"}))
    columns = ["child_id", "known_as", "date_of_birth", "group", "AS_AT"]
    report = import_people(session, write_extract(tmp_path, {}, columns=columns))
    assert not report.is_changed
    assert "language" in report.files[0].missing_columns
    person = only_person(session)
    assert person.language == "Tamil"
    assert person.iro_id is not None
    assert placements.home_of(session, person.id or 0) is not None


def test_a_dry_run_reports_and_keeps_nothing(session: Session, tmp_path: Path) -> None:
    before = dump(session)
    report = import_people(session, write_extract(tmp_path, {}, contacts=[CARER]), dry_run=True)
    assert report.is_changed
    assert report.counts["people"].added == 1
    assert "dry run" in report.as_text()
    assert dump(session) == before


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


def test_a_header_without_rows_makes_nobody_leave(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}))
    with pytest.raises(ImportUnusable, match="no rows"):
        import_people(session, write_extract(tmp_path), as_at=date(2026, 11, 22))
    assert only_person(session).left_on is None


def test_an_older_extract_is_refused_unless_it_is_meant(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}))
    path = write_extract(tmp_path, {"AS_AT": "13/11/2026"})
    with pytest.raises(ImportUnusable, match="20/11/2026"):
        import_people(session, path)
    assert import_people(session, path, is_older_allowed=True).is_changed
    assert queries.as_at(session) == date(2026, 11, 13)


def test_the_option_goes_before_the_column_and_the_earliest_row_before_the_others(
    session: Session, tmp_path: Path
) -> None:
    path = write_extract(tmp_path, {}, SECOND | {"AS_AT": "13/11/2026"})
    assert import_people(session, path, dry_run=True).as_at == date(2026, 11, 13)
    given = import_people(session, path, as_at=date(2026, 11, 19), dry_run=True)
    assert given.as_at == date(2026, 11, 19)


def test_an_extract_is_stale_after_eight_days(
    session: Session, tmp_path: Path, noon: datetime
) -> None:
    assert not queries.is_stale(session)
    import_people(session, write_extract(tmp_path, {}))
    with clock.set_to(noon.replace(day=28)):
        assert not queries.is_stale(session)
    with clock.set_to(noon.replace(day=29)):
        assert queries.is_stale(session)


def test_a_placement_that_begins_tomorrow_is_not_todays(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}))
    move = {"home_id": "FC9", "placement_start": "24/11/2026"} | NEXT_WEEK
    import_people(session, write_extract(tmp_path, move))
    home = placements.home_of(session, only_person(session).id or 0)
    assert home is not None
    assert home.home_ref == "FC1"
    assert len(session.exec(select(Placement)).all()) == 2


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
