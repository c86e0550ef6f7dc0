"""The year's figures: whose they are, that they add up, and what is held back from whom."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.annual import figures, queries, scopes
from backend.annual.figures import Judged, Line, Table
from backend.annual.scopes import Scope
from backend.annual.years import Year, read_year, year_of
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.reviews import queries as reviews
from backend.reviews import service as reviews_service
from backend.reviews.models import Review
from tests.factories import make_person, make_staff, sign_in

YEAR = Year(2026)
COUNCIL = Scope("council", "The whole council", None, is_exact=False)


def hold(
    session: Session,
    iro: StaffIdentity,
    held_on: date,
    *,
    code: str = "PN1",
    talk: str = "done",
    why: str = "",
) -> Review:
    """A review of another child of this IRO, due and held on a day."""
    person = make_person(session, iro_id=iro.staff_id, team="Elm")
    reviews_service.set_next_review(session, person.id or 0, kind="review", due_on=held_on)
    row = reviews.next_review(session, person.id or 0)
    assert row is not None
    reviews_service.confirm(
        session,
        iro,
        row,
        held_on=held_on,
        participation_code=code,
        private_talk=talk,
        private_talk_why=why,
    )
    return row


def table_of(found: queries.Figures, title: str) -> dict[str, tuple[int | None, ...]]:
    table = next(one for one in found.tables if one.title == title)
    return {line.label.split(" ")[0]: line.numbers for line in table.lines}


def mine(session: Session, viewer: StaffIdentity) -> Scope:
    return scopes.scopes_for(session, viewer)[0]


def test_a_year_runs_from_april_to_march_and_has_the_quarters_that_began() -> None:
    assert year_of(date(2027, 3, 31)) == YEAR
    assert year_of(date(2027, 4, 1)) == Year(2027)
    spans = YEAR.quarters(date(2026, 11, 23))
    assert [(one.first, one.last) for one in spans] == [
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 11, 23)),
    ]
    assert len(YEAR.quarters(date(2028, 1, 1))) == 4
    assert YEAR.quarters(date(2028, 1, 1))[-1].last == date(2027, 3, 31)


@pytest.mark.parametrize("name", ["2026-28", "2026", "26-27", "", "2026-27x"])
def test_what_names_no_year_is_none(name: str) -> None:
    assert read_year(name) is None


def test_an_iros_own_figures_fill_themselves(session: Session, noon: datetime) -> None:
    iro, other = make_staff(session, Role.IRO), make_staff(session, Role.IRO)
    hold(session, iro, date(2026, 5, 5))
    hold(session, iro, date(2026, 5, 6), code="PN6", talk="refused")
    hold(session, iro, date(2026, 11, 2), code="PN7", talk="offered")
    hold(session, other, date(2026, 11, 2))
    hold(session, iro, date(2026, 3, 31))  # the year before
    found = queries.year_figures(session, mine(session, iro), YEAR)
    codes = table_of(found, "How children took part")
    assert codes["PN1"] == (1, 0, 0, 1)
    assert codes["PN6"] == (1, 0, 0, 1)
    assert codes["PN7"] == (0, 0, 1, 1)
    assert codes["Reviews"] == (2, 0, 1, 3)
    talks = table_of(found, "Talking in private")
    assert (talks["Talked"], talks["Refused"]) == ((1, 0, 0, 1), (1, 0, 0, 1))
    alone = next(one for one in found.tables if one.title == "Children not seen alone")
    assert [line.numbers[-1] for line in alone.lines] == [3, 2, 3]


def test_every_table_of_reviews_adds_up_to_the_reviews_held(
    session: Session, noon: datetime
) -> None:
    iro = make_staff(session, Role.IRO)
    for number in range(12):
        hold(session, iro, date(2026, 4, 1) + timedelta(days=17 * number), code=f"PN{number % 8}")
    found = queries.year_figures(session, mine(session, iro), YEAR)
    for table in found.tables[:3]:
        *parts, total = [line.numbers for line in table.lines]
        assert tuple(sum(one) for one in zip(*parts, strict=True)) == total  # type: ignore[arg-type]
        assert all(sum(row[:-1]) == row[-1] for row in (*parts, total))  # type: ignore[arg-type]


def test_the_council_is_told_of_no_quarter_that_still_runs(
    session: Session, noon: datetime
) -> None:
    hold(session, make_staff(session, Role.IRO), date(2026, 11, 2))
    found = queries.year_figures(session, COUNCIL, YEAR)
    assert [one.name for one in found.spans] == ["April to June", "July to September"]
    codes = table_of(found, "How children took part")
    assert set(codes["PN1"]) == {None}


def judged(held_on: date, code: str, number: int) -> Judged:
    talk = ("done", "offered", "refused", "not_appropriate", "")[number % 5]
    state = ("on_time", "late", "not_judged")[number % 3]
    row = Review(
        person_id=number,
        due_on=held_on,
        held_on=held_on,
        participation_code=code,
        private_talk=talk,
    )
    return Judged(row, state)


def test_a_count_of_few_cannot_be_worked_out_from_the_councils_others() -> None:
    spans = YEAR.quarters(date(2026, 9, 30))
    codes = [(f"PN{number}", "") for number in range(8)]
    held = [
        judged(span.first, code, number)
        for span in spans
        for code, count in (*((code, 12) for code, _ in codes[:-1]), ("PN7", 2), ("", 9))
        for number in range(count)
    ]
    open_tables = figures.review_tables(held, spans, codes)
    told = figures.hold_back(open_tables)
    taking_part = {line.label.split(" ")[0]: line.numbers for line in told[0].lines}
    assert taking_part["PN7"] == (None, None, None)
    assert taking_part["Reviews"] == (95, 95, 190)
    for column in range(3):
        hidden = [line.numbers[column] is None for line in told[0].lines]
        assert 2 <= sum(hidden) < len(hidden)
    for table, whole in zip(told, open_tables, strict=True):
        for line, true in zip(table.lines, whole.lines, strict=True):
            pairs = list(zip(line.numbers, true.numbers, strict=True))
            assert all(number in (None, count) for number, count in pairs)
            assert all(number is None or number >= 6 for number, _ in pairs)


def test_a_count_whose_rest_is_small_is_held_back_and_quarters_are_not_told() -> None:
    table = Table(
        "Asks",
        "",
        (
            Line("Due", (20, 30, 50)),
            Line("In time", (19, 28, 47), part_of=0),
            Line("Happened", (10, 10, 20), part_of=0),
            Line("Disputes", (1, 2, 3)),
        ),
    )
    told = figures.hold_back_small(table)
    assert [line.numbers for line in told.lines] == [
        (None, None, 50),
        (None, None, None),
        (None, None, 20),
        (None, None, None),
    ]


def test_a_share_that_would_tell_of_few_says_what_can_be_said() -> None:
    assert figures.share_words(180, 184, is_exact=True) == "97.8% (180 of 184)"
    assert figures.share_words(180, 184, is_exact=False) == "97% or more of 184"
    assert figures.share_words(184, 184, is_exact=False) == "97% or more of 184"
    assert figures.share_words(3, 184, is_exact=False) == "3% or less of 184"
    assert figures.share_words(100, 184, is_exact=False) == "54.3% (100 of 184)"
    assert figures.share_words(5, 9, is_exact=False) == "too few to say"
    assert figures.share_words(0, 0, is_exact=True) == "nothing to count yet"


def test_an_iro_sees_their_own_and_a_manager_their_team_and_each_the_council_bounded(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro, other = make_staff(app_session, Role.IRO), make_staff(app_session, Role.IRO)
    manager = make_staff(app_session, Role.MANAGER, team="Elm")
    hold(app_session, iro, date(2026, 11, 2))
    hold(app_session, other, date(2026, 11, 3))
    hold(app_session, other, date(2026, 11, 4))
    for viewer, whole in ((iro, "(1 of 1)"), (manager, "(3 of 3)")):
        sign_in(client, app_session, viewer)
        page = client.get("/staff/reviews-on-time").text
        assert f"<strong>100.0% {whole}</strong>" in page
        assert "target 95%" in page
        assert "The whole council" in page
        council = client.get("/staff/reviews-on-time?of=council").text
        assert "By IRO" not in council
        assert "too few to say" in council or "nothing to count yet" in council
        client.post("/staff/sign-out")
    sign_in(client, app_session, manager)
    assert other.name in client.get("/staff/reviews-on-time?of=team").text


def test_somebody_elses_scope_and_a_year_to_come_are_not_found(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    sign_in(client, app_session, make_staff(app_session, Role.IRO))
    for query in ("of=team", "of=everything", "year=2027-28", "year=2026", "year=x"):
        assert client.get(f"/staff/annual-figures?{query}").status_code == 404
        assert client.get(f"/staff/annual-figures.csv?{query}").status_code == 404
    for address in ("annual-figures", "reviews-on-time"):
        assert client.get(f"/staff/{address}?year=2024-25").status_code == 200


def test_the_file_holds_what_the_page_shows(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro = make_staff(app_session, Role.IRO)
    hold(app_session, iro, date(2026, 11, 2), code="PN6")
    sign_in(client, app_session, iro)
    answer = client.get("/staff/annual-figures.csv")
    assert 'filename="annual-figures-2026-27.csv"' in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:2] == ["table", "figure"]
    assert rows[0][-2:] == ["year", "what it counts"]
    pn6 = next(row for row in rows if row[1].startswith("PN6"))
    assert pn6[2:-1] == ["0", "0", "1", "1"]
    assert client.get("/staff/annual-figures").status_code == 200


def test_why_talking_in_private_was_not_appropriate_stands_beside_its_count_and_not_the_councils(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    iro = make_staff(app_session, Role.IRO)
    hold(app_session, iro, date(2026, 5, 5), talk="not_appropriate", why="zqtooyoung")
    sign_in(client, app_session, iro)
    assert "zqtooyoung" in client.get("/staff/annual-figures?of=mine&year=2026-27").text
    file = client.get("/staff/annual-figures.csv?of=mine&year=2026-27").text
    [line] = [row for row in csv.reader(io.StringIO(file)) if row[-1] == "zqtooyoung"]
    assert line[:2] == ["Why talking in private was not appropriate", "2026-05-05"]
    for address in ("annual-figures", "annual-figures.csv"):
        told = client.get(f"/staff/{address}?of=council&year=2026-27").text
        assert "zqtooyoung" not in told
