"""Reviews go out to the rules of the return: held against rules written apart from the exporter."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings, strategies
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.core.audit import AuditEvent
from backend.exports import service
from backend.exports.left_out import REMEDIES
from backend.exports.return_files import files_of
from backend.exports.return_rows import RULES, ReviewRow, as_they_came, choose_rows, last_year_end
from backend.history.models import ReturnChild
from backend.imports.service import import_return
from backend.reviews.models import Review
from tests.factories import make_person, make_staff, sign_in
from tests.imports.files import episode, write_return
from tests.oracles.ssda903_reviews import COLUMNS, day_of, faults_of, faults_of_row

pytestmark = pytest.mark.usefixtures("noon")
HEADER = ["101,1,09/03/2014,WBRI,,,", "102,2,01/05/2022,ABAN,,,", "103,1,05/05/2012,WBRI,,,"]
EPISODES = [
    episode("101", "05/05/2025"),
    episode("102", "06/06/2025"),
    episode("103", "06/06/2025", LS="V4"),
]


def bring_in(session: Session, folder: Path, *reviews: str) -> None:
    write_return(folder, header=HEADER, episodes=EPISODES, reviews=list(reviews))
    import_return(session, folder)
    session.flush()


def export(session: Session, **options: object) -> tuple[list[str], dict[tuple[str, str], str]]:
    """The rows that went, and for each that did not its rules, by child and review."""
    found, files = service.export_return(session, "staff:0", **options)  # type: ignore[arg-type]
    lines = files["reviews.csv"].decode().split("\n")
    assert lines[0] == COLUMNS
    left = {
        (one.row.child, f"{one.row.reviewed_on:%d/%m/%Y}"): " ".join(one.rules)
        for one in found.left_out
    }
    return lines[1:-1], left


def hold(
    session: Session,
    person_id: int,
    day: date,
    code: str | None,
    kind: str = "review",
    *,
    is_confirmed: bool = True,
) -> None:
    row = Review(
        person_id=person_id,
        kind=kind,
        due_on=day,
        held_on=day,
        participation_code=code,
        confirmed_at=clock.now() if is_confirmed else None,
    )
    session.add(row)
    session.flush()


def test_a_row_goes_out_as_the_return_has_it_and_in_one_order(
    session: Session, tmp_path: Path
) -> None:
    bring_in(
        session,
        tmp_path,
        "102,01/05/2022,03/03/2026,PN0",
        "101,09/03/2014,01/02/2026,PN6",
        "101,09/03/2014,01/06/2025,PN1",
        "101,09/03/2014,01/06/2024,PN1",
    )
    rows, left = export(session)
    assert rows == [
        "101,09/03/2014,01/06/2025,PN1",
        "101,09/03/2014,01/02/2026,PN6",
        "102,01/05/2022,03/03/2026,PN0",
    ]
    assert left == {}
    assert export(session, year=2025)[0] == ["101,09/03/2014,01/06/2024,PN1"]


def test_every_rule_leaves_its_row_out_and_says_so(session: Session, tmp_path: Path) -> None:
    bring_in(
        session,
        tmp_path,
        "101,09/03/2014,01/06/2025,PN0",
        "102,01/05/2022,01/06/2025,PN1",
        "103,05/05/2012,01/07/2025,PN1",
        "101,09/03/2014,02/07/2025,PN1",
        "101,09/03/2014,02/07/2025,PN6",
        "101,09/03/2014,03/07/2025,PN9",
        "101,09/03/2014,04/07/2025,PN1",
        "101,09/03/2014,04/07/2025,PN1",
    )
    rows, left = export(session)
    assert rows == ["101,09/03/2014,04/07/2025,PN1"]
    assert left == {
        ("101", "01/06/2025"): "440",
        ("102", "01/06/2025"): "441",
        ("103", "01/07/2025"): "399",
        ("101", "02/07/2025"): "review_conflicting",
        ("101", "03/07/2025"): "167",
        ("101", "04/07/2025"): "review_twice",
    }


def test_what_is_left_out_stands_in_one_group_for_each_reason(
    session: Session, tmp_path: Path
) -> None:
    bring_in(
        session,
        tmp_path,
        *(f"101,09/03/2014,{day:02}/06/2025,PN0" for day in range(1, 30, 7)),
        *(f"103,05/05/2012,{day:02}/07/2025,PN1" for day in range(1, 30, 4)),
        "102,01/05/2022,01/06/2025,PN8",
    )
    found, _ = service.export_return(session, "staff:0")
    groups = service.groups_of(found)
    # What somebody must mend stands first, however much is rightly left out.
    assert [(one.rule, len(one.rows)) for one in groups] == [
        ("440", 5),
        ("167", 1),
        ("441", 1),
        ("399", 8),
    ]
    assert [one.is_right for one in groups] == [False, False, False, True]
    assert all(one.remedy for one in groups)


def test_every_rule_says_what_to_do_about_it() -> None:
    assert set(REMEDIES) == set(RULES)


@pytest.mark.parametrize(
    ("day", "code", "goes"),
    [
        ("30/04/2026", "PN0", True),
        ("30/04/2026", "PN1", False),
        ("01/05/2026", "PN0", True),
        ("01/05/2026", "PN1", True),
        ("02/05/2026", "PN0", False),
        ("02/05/2026", "PN1", True),
    ],
)
def test_on_the_fourth_birthday_itself_both_codes_pass(
    session: Session, day: str, code: str, goes: bool
) -> None:
    number, month, year = (int(part) for part in day.split("/"))
    row = ReviewRow("102", date(2022, 5, 1), date(year, month, number), code, "a return")
    found = choose_rows([row], year_end=date(2027, 3, 31), today=clock.today())
    assert bool(found.rows) is goes


def test_reviews_confirmed_in_heard_go_out_under_the_returns_number(
    session: Session, tmp_path: Path
) -> None:
    bring_in(session, tmp_path, "101,09/03/2014,01/06/2025,PN1")
    person = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    hold(session, person.id or 0, date(2025, 6, 1), "PN1")  # the return has it already
    hold(session, person.id or 0, date(2025, 12, 1), "PN6")
    hold(session, person.id or 0, date(2026, 2, 1), "PN2", kind="pathway")
    hold(session, person.id or 0, date(2026, 5, 1), "PN2")  # another year's
    rows, left = export(session)
    assert rows == ["101,09/03/2014,01/06/2025,PN1", "101,09/03/2014,01/12/2025,PN6"]
    assert left == {}


def test_what_heard_and_a_return_say_differently_goes_to_a_person(
    session: Session, tmp_path: Path
) -> None:
    bring_in(session, tmp_path, "101,09/03/2014,01/06/2025,PN1")
    person = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    hold(session, person.id or 0, date(2025, 6, 1), "PN6")
    rows, left = export(session)
    assert rows == []
    assert left == {("101", "01/06/2025"): "review_conflicting"}


def test_a_review_dated_by_its_record_and_by_its_meeting_goes_out_once(
    session: Session, tmp_path: Path
) -> None:
    bring_in(session, tmp_path, "101,09/03/2014,01/06/2025,PN1", "101,09/03/2014,01/09/2025,PN1")
    person = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    hold(session, person.id or 0, date(2025, 6, 4), "PN1")
    hold(session, person.id or 0, date(2025, 9, 5), "PN6")
    hold(session, person.id or 0, date(2025, 12, 5), "PN6")
    rows, left = export(session)
    assert [row.rpartition(",")[0][15:] for row in rows] == [
        "01/06/2025",
        "01/09/2025",
        "05/12/2025",
    ]
    assert left == {("101", "05/09/2025"): "near_another"}


def test_what_an_extract_brought_does_not_speak_against_the_return(
    session: Session, tmp_path: Path
) -> None:
    bring_in(session, tmp_path, "101,09/03/2014,01/06/2025,PN1")
    person = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    session.exec(select(ReturnChild)).all()[0].person_id = person.id
    hold(session, person.id or 0, date(2025, 6, 1), "PN6", is_confirmed=False)
    assert export(session) == (["101,09/03/2014,01/06/2025,PN1"], {})


def test_a_review_that_cannot_be_returned_is_listed_with_why(session: Session) -> None:
    nameless = make_person(session)
    hold(session, nameless.id or 0, date(2025, 6, 1), "PN1")
    uncoded = make_person(session, id_903="201")
    hold(session, uncoded.id or 0, date(2025, 6, 2), None)
    breaks = make_person(session, id_903="202", group="short_breaks")
    hold(session, breaks.id or 0, date(2025, 6, 3), "PN1")
    rows, left = export(session)
    assert rows == []
    assert left == {
        ("", "01/06/2025"): "child",
        ("201", "02/06/2025"): "167",
        ("202", "03/06/2025"): "399",
    }
    _, files = service.export_return(session, "staff:0")
    told = files["reviews-left-out.csv"].decode()
    assert nameless.child_id in told
    assert nameless.known_as not in told


def test_as_imported_gives_back_every_row_that_came_in(session: Session, tmp_path: Path) -> None:
    came = [
        "101,09/03/2014,01/06/2025,PN0",
        "101,09/03/2014,01/06/2025,PN0",
        "101,09/03/2014,01/06/2031,PN1",
        "102,01/05/2022,01/06/2019,PN7",
        "103,05/05/2012,01/07/2025,PN3",
    ]
    bring_in(session, tmp_path, *came)
    person = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    hold(session, person.id or 0, date(2025, 12, 1), "PN6")
    rows, left = export(session, is_as_imported=True)
    assert sorted(rows) == sorted(came)
    assert left == {}
    assert sorted(export(session, is_as_imported=True, year=2026)[0]) == sorted(
        [*came[:2], came[4]]
    )


days = strategies.dates(date(2019, 1, 1), date(2027, 12, 31))
births = strategies.one_of(strategies.none(), strategies.dates(date(2000, 1, 1), date(2028, 1, 1)))
codes = strategies.sampled_from([f"PN{number}" for number in range(9)] + ["", "pn1"])
rows_of_returns = strategies.lists(
    strategies.builds(
        ReviewRow,
        child=strategies.sampled_from(["", "1", "2", "3"]),
        date_of_birth=births,
        reviewed_on=days,
        code=codes,
        source=strategies.just("a return"),
        occurrence=strategies.integers(1, 2),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(rows_of_returns, strategies.integers(2020, 2028))
def test_whatever_came_in_only_rows_that_pass_every_rule_go_out(
    rows: list[ReviewRow], year: int
) -> None:
    today = date(2026, 11, 23)
    found = choose_rows(rows, year_end=date(year, 3, 31), today=today)
    assert faults_of(files_of(found)["reviews.csv"], year=year, today=today) == []
    whole = as_they_came(rows, year_end=date(year, 3, 31))
    assert len(found.rows) + len(found.left_out) == len(whole.rows)
    again = choose_rows(list(reversed(rows)), year_end=date(year, 3, 31), today=today)
    assert files_of(again) == files_of(found)


@settings(max_examples=200, deadline=None)
@given(days, births, codes)
def test_a_row_alone_is_left_out_only_for_a_rule_that_the_oracle_finds(
    day: date, birth: date | None, code: str
) -> None:
    today, row = date(2026, 11, 23), ReviewRow("1", birth, day, code, "a return")
    year = last_year_end(day - timedelta(days=1)).year + 1
    as_it_is = files_of(as_they_came([row], year_end=None))["reviews.csv"]
    found = choose_rows([row], year_end=date(year, 3, 31), today=today)
    is_adult = birth is not None and day > birth.replace(
        year=birth.year + 18, day=min(birth.day, 28)
    )
    assert bool(found.rows) == (not faults_of(as_it_is, year=year, today=today)) or is_adult


def test_the_year_that_ended_last_is_the_one_before_april(noon: object) -> None:
    assert last_year_end(date(2026, 3, 30)) == date(2025, 3, 31)
    assert last_year_end(date(2026, 3, 31)) == date(2026, 3, 31)
    assert last_year_end(date(2026, 4, 1)) == date(2026, 3, 31)


def test_the_full_return_goes_round_and_passes_the_rules_in_every_year(
    sqlite_engine: Engine, shared_data: Path
) -> None:
    folder = shared_data / "ssda903"
    if not folder.is_dir():
        pytest.skip(f"the synthetic return is not at {folder}")
    import_return(sqlite_engine, folder)
    lines = (folder / "reviews.csv").read_bytes().split(b"\n")
    with Session(sqlite_engine) as session:
        _, files = service.export_return(session, "staff:0", is_as_imported=True)
        out = files["reviews.csv"].split(b"\n")
        assert out[0] == lines[0]
        assert sorted(out) == sorted(lines)
        went: list[str] = []
        for year in range(2015, 2028):
            _, files = service.export_return(session, "staff:0", year=year)
            content = files["reviews.csv"]
            assert faults_of(content, year=year, today=clock.today()) == [], year
            went += content.decode().split("\n")[1:-1]
    assert sorted(went) == sorted(rows_that_pass(folder, last_day=date(2018, 3, 31)))
    assert len(went) > 5_000


def rows_that_pass(folder: Path, *, last_day: date) -> list[str]:
    """By the oracle alone: the rows that break no rule, by themselves or beside each other."""
    with (folder / "episodes.csv").open(encoding="utf-8") as file:
        episodes = [(row["CHILD"], row["LS"]) for row in csv.DictReader(file)]
    others = {child for child, status in episodes if status not in ("V3", "V4")}
    breaks = {child for child, _ in episodes} - others
    lines = (folder / "reviews.csv").read_text(encoding="utf-8").split("\n")[1:-1]
    # Of the same review twice one goes; of two codes for one day none.
    codes_of_day: dict[str, set[str]] = {}
    for line in lines:
        day, _, code = line.rpartition(",")
        codes_of_day.setdefault(day, set()).add(code)
    return [
        line
        for line in dict.fromkeys(lines)
        if len(codes_of_day[line.rpartition(",")[0]]) == 1
        and line.split(",")[0] not in breaks
        and is_faultless(line, last_day)
    ]


def is_faultless(line: str, last_day: date) -> bool:
    day = day_of(line.split(",")[2])
    assert day is not None
    year = day.year + (day > date(day.year, 3, 31))
    return day <= last_day and not faults_of_row(line.split(","), year, clock.today())


def test_the_page_shows_what_goes_and_what_stays_and_gives_both_files(
    client: TestClient, app_session: Session, tmp_path: Path
) -> None:
    bring_in(
        app_session,
        tmp_path,
        "101,09/03/2014,01/06/2025,PN0",
        "101,09/03/2014,01/07/2025,PN1",
    )
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    page = client.get("/staff/exports")
    assert "1 review passes the published checks. 1 is left out." in page.text
    assert "1: PN0, but the child was four or over" in page.text
    file = client.get("/staff/exports/2026/reviews.csv")
    assert file.text == f"{COLUMNS}\n101,09/03/2014,01/07/2025,PN1\n"
    assert file.headers["content-disposition"] == 'attachment; filename="reviews.csv"'
    assert "440" in client.get("/staff/exports/2026/reviews-left-out.csv").text
    whole = client.get("/staff/exports/2026/reviews.csv?rows=as-imported").text
    assert whole.count("\n") == 3
    assert client.get("/staff/exports/2026/heard.db").status_code == 404
    assert client.get("/staff/exports/1887/reviews.csv").status_code == 404
    assert client.get("/staff/exports?year=2025").status_code == 200
    assert client.get("/staff/exports?year=rubbish").status_code == 200
    events = app_session.exec(select(AuditEvent).where(AuditEvent.event == "return.exported")).all()
    assert [one.details["rows"] for one in events] == [1, 1, 2]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_whoever_runs_the_imports_exports_a_return(
    client: TestClient, app_session: Session, role: Role
) -> None:
    sign_in(client, app_session, make_staff(app_session, role))
    assert client.get("/staff/exports").status_code == 404
    assert client.get("/staff/exports/2026/reviews.csv").status_code == 404
