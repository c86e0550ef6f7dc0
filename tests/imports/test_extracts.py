"""The weekly extract: who is in it, who is around them, and that the same file changes nothing."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.accounts.models import Staff, StaffRole
from backend.core import clock
from backend.core.access.permissions import Permission, Role
from backend.core.access.policy import may
from backend.core.audit import AuditEvent
from backend.imports import queries
from backend.imports.models import ImportRun
from backend.imports.service import (
    ImportReport,
    ImportUnusable,
    import_people,
)
from backend.people import queries as people
from backend.people.models import Contact, Contributor, Person
from backend.placements import queries as placements
from backend.placements.models import Home, Placement
from backend.reviews import queries as reviews
from backend.reviews import service as reviews_service
from tests.imports.files import dump, write_extract

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


def test_a_header_without_rows_makes_nobody_leave(session: Session, tmp_path: Path) -> None:
    import_people(session, write_extract(tmp_path, {}))
    with pytest.raises(ImportUnusable, match="no rows"):
        import_people(session, write_extract(tmp_path), as_at=date(2026, 11, 22))
    assert only_person(session).left_on is None


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
