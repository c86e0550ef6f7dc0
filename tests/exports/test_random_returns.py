"""Returns of invented boroughs, strewn with faults, come out as the published checks want them."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Role
from backend.demo.borough import generate
from backend.demo.borough.draws import stream
from backend.exports import service
from backend.imports.service import import_return
from tests.exports.test_returns import export
from tests.factories import make_staff, sign_in
from tests.imports.files import episode, write_return
from tests.oracles.ssda903_reviews import day_of, faults_beside, faults_of

pytestmark = pytest.mark.usefixtures("noon")
FAULTS_OF_EACH = 4


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def strew_faults(folder: Path, seed: int) -> None:
    """Every fault that a reviews file can have, each on some rows that are chosen by chance."""
    path, chance = folder / "reviews.csv", stream(seed, "faults")
    head, *rows = rows_of(path)
    for code in ("PN0", "PN9", "", "pn1"):
        for row in chance.sample(rows, FAULTS_OF_EACH):
            row[3] = code
    for row in chance.sample(rows, FAULTS_OF_EACH):
        row[1] = "01/01/1999"
    for row in chance.sample(rows, FAULTS_OF_EACH):
        row[2] = f"{row[2][:6]}2031"
    for row in chance.sample(rows, FAULTS_OF_EACH):
        rows += [[*row], [*row[:3], "PN7"], [*row[:2], "31/02/2026", "PN1"], ["", *row[1:]]]
    chance.shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def beside(folders: list[Path]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What headers and episodes of all years say, read by the test alone."""
    headers, statuses = {}, defaultdict(set)
    for folder in folders:
        headers |= {row[0]: row[2] for row in rows_of(folder / "header.csv")[1:]}
        for row in rows_of(folder / "episodes.csv")[1:]:
            statuses[row[0]].add(row[3])
    return headers, statuses


@pytest.mark.parametrize("seed", [3, 20])
def test_what_goes_out_passes_every_check_and_the_rest_is_listed(
    session: Session, tmp_path: Path, seed: int
) -> None:
    borough = generate.make_borough(
        seed=seed, founded_on=date(2026, 11, 20), today=date(2026, 11, 22)
    )
    folders = generate.write_past_years(borough, tmp_path / "in", years=2)
    for folder in folders:
        strew_faults(folder, seed)
    import_return(session, tmp_path / "in")
    headers, statuses = beside(folders)
    for year, folder in zip((2025, 2026), folders, strict=True):
        found, files = service.export_return(session, "staff:0", year=year)
        content = files["reviews.csv"]
        assert faults_of(content, year=year, today=clock.today()) == []
        assert faults_beside(content, headers=headers, statuses=statuses) == []
        assert len(found.rows) > len(found.left_out) > 0
        assert all(one.rules and one.reasons for one in found.left_out)
        went = set(content.decode().split("\n")[1:-1])
        given = {",".join(row) for row in rows_of(folder / "reviews.csv")[1:]}
        assert went <= given
        _, whole = service.export_return(session, "staff:0", year=year, is_as_imported=True)
        came = whole["reviews.csv"].decode().split("\n")[1:-1]
        assert len(came) == len(found.rows) + len(found.left_out)


def test_reviews_go_in_and_come_out_the_same_in_their_year(
    session: Session, tmp_path: Path
) -> None:
    borough = generate.make_borough(seed=5, founded_on=date(2026, 11, 20), today=date(2026, 11, 22))
    folders = generate.write_past_years(borough, tmp_path / "in", years=2)
    import_return(session, tmp_path / "in")
    for year, folder in zip((2025, 2026), folders, strict=True):
        _, files = service.export_return(session, "staff:0", year=year, is_as_imported=True)
        out = files["reviews.csv"].decode().split("\n")
        first, last = date(year - 1, 4, 1), date(year, 3, 31)
        head, *rows = rows_of(folder / "reviews.csv")
        given = [row for row in rows if first <= (day_of(row[2]) or date.max) <= last]
        assert out[0] == ",".join(head)
        assert sorted(out[1:-1]) == sorted(map(",".join, given))
        assert given
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "reviews.csv").write_bytes(files["reviews.csv"])
    assert not import_return(session, tmp_path / "again").is_changed


def test_a_birth_that_the_header_has_otherwise_does_not_go(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=["101,1,09/03/2014,,,,"],
        episodes=[episode("101", "05/05/2025")],
        reviews=["101,09/03/2015,01/06/2025,PN1"],
    )
    import_return(session, tmp_path)
    assert export(session) == ([], {("101", "01/06/2025"): "other_birth"})


def test_a_review_outside_every_time_in_care_goes_and_is_put_to_a_person(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=["101,1,09/03/2014,,,,"],
        episodes=[
            episode("101", "05/05/2025", "01/07/2025"),
            episode("101", "05/12/2025"),
        ],
        reviews=[
            "101,09/03/2014,01/05/2025,PN1",
            "101,09/03/2014,01/07/2025,PN1",
            "101,09/03/2014,01/09/2025,PN1",
            "101,09/03/2014,01/02/2026,PN1",
            "102,09/03/2013,01/02/2026,PN1",
        ],
    )
    import_return(session, tmp_path)
    found, files = service.export_return(session, "staff:0")
    assert len(found.rows) == 5
    asked = {(f"{row.child} {row.reviewed_on:%d/%m/%Y}", query) for row, query in found.to_check}
    assert asked == {
        ("101 01/05/2025", "outside_care"),
        ("101 01/09/2025", "outside_care"),
        ("102 01/02/2026", "not_in_header"),
    }
    lines = files["reviews-to-check.csv"].decode().split("\n")
    assert len(lines) == 5
    assert "outside_care" in lines[1]
    assert service.report_of(found)["to_check"][0]["query"] == "outside_care"
    whole, _ = service.export_return(session, "staff:0", is_as_imported=True)
    assert whole.to_check == ()


def test_the_page_gives_the_list_of_what_to_look_at_only_where_there_is_any(
    client: TestClient, app_session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=["101,1,09/03/2014,,,,"],
        episodes=[episode("101", "05/05/2025")],
        reviews=["101,09/03/2014,01/05/2025,PN1"],
    )
    import_return(app_session, tmp_path)
    sign_in(client, app_session, make_staff(app_session, Role.ADMINISTRATOR))
    assert "reviews-to-check.csv" not in client.get("/staff/exports?year=2025").text
    page = client.get("/staff/exports").text
    assert "1 review to look at first" in page
    told = client.get("/staff/exports/2026/reviews-to-check.csv").text
    assert told.split("\n")[1].startswith("101,09/03/2014,01/05/2025,PN1,outside_care,")
