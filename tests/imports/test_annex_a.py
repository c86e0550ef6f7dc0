"""Annex A: what it completes, in whatever form councils fill it, and whom it only lists."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.imports import service, workbooks
from backend.imports.models import Proposal
from backend.imports.service import ImportReport, ImportUnusable, import_annex, import_people
from backend.people.models import Person
from backend.placements.models import Placement
from backend.reviews import queries as reviews
from backend.reviews.models import Review
from tests.factories import make_staff
from tests.imports.files import dump, write_extract
from tests.imports.workbooks import CHILD, write_annex

pytestmark = pytest.mark.usefixtures("noon")
BORN = "Date of Birth"
LATEST = "Date of Latest Statutory Review"
STARTED = "Date Started to be Looked After"


def bring_people(session: Session, folder: Path, *people: dict[str, str]) -> None:
    import_people(session, write_extract(folder / "extract", *(people or ({},))))


def person_of(session: Session, child_id: str = "M1001") -> Person:
    session.flush()
    session.expire_all()
    return session.exec(select(Person).where(Person.child_id == child_id)).one()


def places(report: ImportReport) -> list[tuple[str, int, str, bool]]:
    return [(one.file, one.line, one.column, one.is_row_used) for one in report.unusable]


def test_a_known_child_is_completed_and_the_latest_review_is_held(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    report = import_annex(session, write_annex(tmp_path, [{}]))
    person = person_of(session)
    assert person.became_looked_after_on == date(2025, 5, 5)
    assert (person.legal_status, person.gender, person.ethnicity) == ("C2", "female", "WBRI")
    assert (person.is_unaccompanied, person.is_disabled) == (False, True)
    held = session.exec(select(Review).where(Review.held_on == date(2026, 6, 10))).one()
    assert (held.kind, held.person_id) == ("review", person.id)
    assert report.unusable == []
    assert report.lists == {}


def test_the_same_workbook_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}])
    import_annex(session, path)
    before = dump(session)
    assert not import_annex(session, path).is_changed
    assert dump(session) == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    before = dump(session)
    report = import_annex(session, write_annex(tmp_path, [{}]), dry_run=True)
    assert dump(session) == before
    lines = {(line.what, line.which, line.done) for line in report.changes}
    assert ("Child or care leaver", "M1001", "changed") in lines
    assert ("Review", "M1001", "added") in lines


@pytest.mark.parametrize(
    "value",
    [
        date(2014, 3, 9),
        "09/03/2014",
        " 9/3/2014 ",
        "2014-03-09",
        "2014-03-09T00:00:00",
        "09/03/2014 00:00",
        "09.03.2014",
        "09\N{NO-BREAK SPACE}/03/2014".replace("\N{NO-BREAK SPACE}", ""),
        41707,
        "41707",
    ],
)
def test_a_date_is_read_however_it_is_written(session: Session, tmp_path: Path, value: Any) -> None:
    bring_people(session, tmp_path)
    report = import_annex(session, write_annex(tmp_path, [{BORN: value}]))
    assert report.unusable == []
    assert person_of(session).legal_status == "C2"


@pytest.mark.parametrize(
    "title",
    [
        "  date   started to be\nlooked after ",
        "Date\N{NO-BREAK SPACE}Started to be Looked After",
        "DATE STARTED TO BE LOOKED AFTER*",
        "Date became looked after",
    ],
)
def test_a_column_is_found_however_it_is_named(
    session: Session, tmp_path: Path, title: str
) -> None:
    bring_people(session, tmp_path)
    import_annex(session, write_annex(tmp_path, [{}], names={STARTED: title}))
    assert person_of(session).became_looked_after_on == date(2025, 5, 5)


@pytest.mark.parametrize(
    "sheets", [("8. Children looked after", "9"), ("CLA", "Care leavers"), ("Sheet2", "Sheet1")]
)
def test_a_list_is_found_by_its_columns_whatever_its_sheet_is_called(
    session: Session, tmp_path: Path, sheets: tuple[str, str]
) -> None:
    leaver = {"child_id": "M2", "date_of_birth": "09/03/2006", "group": "care_leaver"}
    bring_people(session, tmp_path, {}, leaver | {"id_903": "2", "next_review": "10/02/2027"})
    path = write_annex(tmp_path, [{}], [{"Child Unique ID": "M2"}], sheets=sheets)
    report = import_annex(session, path)
    assert report.unusable == []
    assert person_of(session).legal_status == "C2"
    grown = person_of(session, "M2")
    assert (grown.gender, grown.is_unaccompanied) == ("male", True)
    held = session.exec(select(Review).where(Review.person_id == grown.id)).all()
    assert (date(2026, 9, 1), "pathway") in {(one.held_on, one.kind) for one in held}


def test_error_cells_and_days_to_come_are_listed_and_the_rest_of_the_row_is_used(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    cells = {
        STARTED: "#N/A",
        "Date of Latest Statutory Review": date(2031, 1, 1),
        "Gender": "#REF!",
        "Child's Legal Status": "Z9",
        "Does the Child have a Disability": "perhaps",
    }
    report = import_annex(session, write_annex(tmp_path, [cells]))
    columns = {column for _, line, column, is_used in places(report) if is_used and line == 5}
    assert columns == {
        "became_looked_after_on",
        "latest_review",
        "gender",
        "legal_status",
        "is_disabled",
    }
    person = person_of(session)
    assert (person.became_looked_after_on, person.gender) == (None, "")
    assert person.ethnicity == "WBRI"
    assert "perhaps" not in report.as_json()


def test_an_empty_cell_takes_nothing_away(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    import_annex(session, write_annex(tmp_path, [{}]))
    empty = dict.fromkeys((*CHILD,), None)
    cells = empty | {"Child Unique ID": "M1001", BORN: date(2014, 3, 9)}
    import_annex(session, write_annex(tmp_path, [cells]))
    assert person_of(session).legal_status == "C2"


def test_no_within_a_year_does_not_take_back_that_somebody_came_alone(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    uasc = "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)"
    import_annex(session, write_annex(tmp_path, [{uasc: "a) Yes"}]))
    import_annex(session, write_annex(tmp_path, [{uasc: "b) No"}]))
    assert person_of(session).is_unaccompanied is True


def test_an_id_of_the_return_counts_with_the_date_of_birth(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    import_annex(session, write_annex(tmp_path, [{"Child Unique ID": 90301.0}]))
    assert person_of(session).legal_status == "C2"


def administrator(session: Session) -> StaffIdentity:
    return make_staff(session, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    "cells", [{BORN: date(2013, 3, 9)}, {"Child Unique ID": "another system's 77"}]
)
def test_half_a_match_waits_for_a_person_and_is_used_after_a_yes(
    session: Session, tmp_path: Path, cells: dict[str, Any]
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [cells])
    report = import_annex(session, path)
    assert len(report.proposals) == 1
    assert person_of(session).legal_status == ""
    assert import_annex(session, path).proposals == []
    proposal = session.exec(select(Proposal)).one()
    service.decide_proposal(session, administrator(session), proposal.id or 0, decision="accepted")
    assert import_annex(session, path).proposals == []
    person = person_of(session)
    assert person.legal_status == "C2"
    assert (person.date_of_birth, person.child_id) == (date(2014, 3, 9), "M1001")


def test_after_a_no_the_row_is_nobody_here(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{"Child Unique ID": "77"}])
    import_annex(session, path)
    proposal = session.exec(select(Proposal)).one()
    service.decide_proposal(session, administrator(session), proposal.id or 0, decision="declined")
    report = import_annex(session, path)
    assert person_of(session).legal_status == ""
    assert [text[:3] for text in report.lists["In the workbook and not in Heard"]] == ["77:"]


def test_who_is_missing_on_either_side_is_listed_and_nobody_is_added_or_ended(
    session: Session, tmp_path: Path
) -> None:
    second = {"child_id": "M2", "id_903": "2", "date_of_birth": "01/01/2015"}
    bring_people(session, tmp_path, {}, second)
    unknown = {"Child Unique ID": "X9", BORN: date(2012, 12, 12)}
    gone = unknown | {"Child Unique ID": "X8", "Date Ceased to be Looked After": "01/09/2026"}
    report = import_annex(session, write_annex(tmp_path, [{}, unknown, gone]))
    assert report.lists["In Heard and not in the workbook"] == ["M2"]
    assert len(report.lists["In the workbook and not in Heard"]) == 1
    assert len(session.exec(select(Person)).all()) == 2
    assert person_of(session, "M2").left_on is None


def test_a_placement_takes_a_missing_start_and_other_homes_are_only_listed(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path, {"placement_start": ""})
    import_annex(session, write_annex(tmp_path, [{}]))
    assert session.exec(select(Placement)).one().started_on == date(2026, 2, 1)
    cells = {"Placement Type": "k) K2: Children's home"}
    report = import_annex(session, write_annex(tmp_path, [cells]))
    assert report.lists["Where the workbook and the extract differ"] == [
        "M1001: placement type K2, here U6"
    ]


def test_of_two_rows_of_one_child_the_present_period_counts(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    earlier = {STARTED: date(2019, 1, 1), "Child's Legal Status": "V2"}
    for rows in ([earlier, {}], [{}, earlier]):
        report = import_annex(session, write_annex(tmp_path, rows))
        assert person_of(session).became_looked_after_on == date(2025, 5, 5)
        assert len(report.unusable) == 1


def test_merged_hidden_and_empty_rows_and_formulas_are_no_obstacle(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}], name="annex.xlsm")
    book = load_workbook(path)
    sheet = book["List 8"]
    sheet.merge_cells("A1:D1")
    sheet.insert_rows(5)
    sheet.row_dimensions[6].hidden = True
    sheet["Z6"] = '=HYPERLINK("http://example.invalid")'
    book.save(path)
    report = import_annex(session, path)
    assert report.unusable == []
    assert person_of(session).legal_status == "C2"


def test_a_heading_that_is_a_formula_is_never_shown_as_one(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}], names={"Age": "+cmd|' /C calc'!A0"})
    report = import_annex(session, path)
    shown = next(file for file in report.files if file.name == "List 8").passed_over_columns
    assert all(not name.startswith(("=", "+", "-", "@")) for name in shown)
    assert any("cmd" in name for name in shown)


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def _not_a_workbook(path: Path) -> Path:
    path.write_bytes(b"CHILD,DOB\n1,2\n")
    return path


def _locked(path: Path) -> Path:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900
    path.write_bytes(old + "EncryptedPackage".encode("utf-16-le"))
    return path


def _old(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900)
    return path


def _bomb(path: Path) -> Path:
    return _zip(path, {"xl/workbook.xml": b"0" * (workbooks.LARGEST_UNPACKED + 1)})


def _binary(path: Path) -> Path:
    return _zip(path, {"xl/workbook.bin": b"0"})


def _damaged(path: Path) -> Path:
    whole = BytesIO()
    Workbook().save(whole)
    return _zip(path, {"xl/workbook.xml": b"<broken", "[Content_Types].xml": b"<"})


def _empty(path: Path) -> Path:
    Workbook().save(path)
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_not_a_workbook, "not an Excel workbook"),
        (_locked, "locked with a password"),
        (_old, "before 2007"),
        (_bomb, "unpacks to more than we open"),
        (_binary, "not a workbook that we can read"),
        (_damaged, "damaged"),
        (_empty, "no sheet with the columns"),
        (lambda path: path / "none.xlsx", "no file"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words_and_nothing_is_kept(
    session: Session, tmp_path: Path, make: Any, reason: str
) -> None:
    before = dump(session)
    with pytest.raises(ImportUnusable, match=reason):
        import_annex(session, make(tmp_path / "annex.xlsx"))
    assert dump(session) == before


def test_a_list_without_dates_of_birth_is_refused(session: Session, tmp_path: Path) -> None:
    bring_people(session, tmp_path)
    path = write_annex(tmp_path, [{}], names={BORN: "Year"})
    with pytest.raises(ImportUnusable, match="no column Date of Birth"):
        import_annex(session, path)


def test_two_sheets_of_the_same_list_are_refused(session: Session, tmp_path: Path) -> None:
    path = write_annex(tmp_path, [{}])
    book = load_workbook(path)
    book.copy_worksheet(book["List 8"]).title = "List 8 (2)"
    book.save(path)
    with pytest.raises(ImportUnusable, match="more than once"):
        import_annex(session, path)


def test_a_review_that_the_workbook_says_was_held_closes_the_open_one(
    session: Session, tmp_path: Path
) -> None:
    bring_people(session, tmp_path, {"next_review": "18/11/2026"})
    before = session.exec(select(Review)).one()
    import_annex(session, write_annex(tmp_path, [{LATEST: date(2026, 11, 20)}]))
    session.expire_all()
    assert before.held_on == date(2026, 11, 20)
    coming = reviews.next_review(session, person_of(session).id or 0)
    assert coming is not None
    assert coming.id != before.id
    assert coming.due_on == date(2027, 5, 20)


def test_the_round_of_a_review_that_the_extract_had_moved_on_stays_with_what_was_held(
    session: Session, tmp_path: Path
) -> None:
    with clock.set_to(clock.now() - timedelta(days=20)):
        bring_people(session, tmp_path, {"next_review": "18/11/2026", "AS_AT": "01/11/2026"})
    review = session.exec(select(Review)).one()
    bring_people(session, tmp_path, {"next_review": "11/05/2027", "AS_AT": "22/11/2026"})
    assert review.due_on == date(2027, 5, 11)
    import_annex(session, write_annex(tmp_path, [{LATEST: date(2026, 11, 18)}]))
    session.expire_all()
    assert (review.due_on, review.held_on) == (date(2026, 11, 18), date(2026, 11, 18))
    coming = reviews.next_review(session, person_of(session).id or 0)
    assert coming is not None
    assert (coming.id == review.id, coming.due_on) == (False, date(2027, 5, 11))
