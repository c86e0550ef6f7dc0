"""The demo borough's two formats: headers, dates, codes and agreement with each other."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from backend.demo.borough.draws import age_on
from backend.demo.borough.generate import (
    make_borough,
    write_extract,
    write_return,
)
from backend.demo.borough.records import Borough
from backend.demo.borough.returns import year_of_return

FOUNDED = date(2026, 11, 23)
LATER = FOUNDED + timedelta(days=40)
SEEDS = (1, 7, 2024)
EXTRACT_HEADER = (
    "child_id,id_903,known_as,date_of_birth,language,communication,group,iro,iro_email,worker,"
    "worker_email,personal_adviser,team,home_id,home_name,home_type,provider_urn,provider_name,"
    "placement_start,distance_miles,channel,address,next_review,AS_AT"
)
RETURN_HEADERS = {
    "header.csv": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes.csv": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
    "HOME_POST,PL_POST,URN",
    "reviews.csv": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "uasc.csv": "CHILD,SEX,DOB,DUC",
    "missing.csv": "CHILD,DOB,MISSING,MIS_START,MIS_END",
}
# Every column that holds a date, in either format.
DATES = {"date_of_birth", "placement_start", "next_review", "AS_AT", "DOB", "MC_DOB", "DECOM"}
DATES |= {"DEC", "REVIEW", "DUC", "MIS_START", "MIS_END"}
MAY_BE_BLANK = {"MC_DOB", "DEC"}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _header(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a date has no zone


@pytest.fixture(scope="module", params=SEEDS)
def borough(request: pytest.FixtureRequest) -> Borough:
    return make_borough(seed=request.param, founded_on=FOUNDED, today=FOUNDED)


def test_the_extract_has_the_agreed_headers_and_every_date_parses(
    borough: Borough, tmp_path: Path
) -> None:
    extract, contacts = write_extract(borough, tmp_path)
    assert _header(extract) == EXTRACT_HEADER
    assert _header(contacts) == "child_id,kind,name,channel,address,invite"
    rows = _read(extract)
    assert len({row["child_id"] for row in rows}) == len(rows) == len(borough.people)
    for row in rows:
        for column in DATES & set(row):
            assert _day(row[column])
        assert row["AS_AT"] == "23/11/2026"
        assert _day(row["placement_start"]) <= FOUNDED


def test_the_extract_keeps_to_its_code_lists(borough: Borough, tmp_path: Path) -> None:
    emails = {one.email for one in borough.staff}
    extract, contacts = write_extract(borough, tmp_path)
    ids = set()
    for row in _read(extract):
        ids.add(row["child_id"])
        assert row["group"] in {"looked_after", "care_leaver", "short_breaks"}
        assert row["channel"] in {"text", "email", "letter", "card", "in_person"}
        assert re.fullmatch(r"|07700 900\d{3}|[^@ ]+@demo\.example", row["address"])
        assert re.fullmatch(r"|SC\d{6}", row["provider_urn"])
        assert {row["iro_email"], row["worker_email"], row["personal_adviser"]} <= emails | {""}
        assert bool(row["iro_email"]) == (row["group"] != "care_leaver")
    for row in _read(contacts):
        assert row["child_id"] in ids
        assert row["kind"] in {"carer", "provider_staff", "parent", "other"}
        assert row["invite"] in {"yes", "through_worker", "no"}


def test_distance_is_told_of_children_away_from_home_and_agrees_with_where_that_is(
    borough: Borough, tmp_path: Path
) -> None:
    extract, _ = write_extract(borough, tmp_path)
    rows = {row["child_id"]: row for row in _read(extract)}
    told = 0
    for case in borough.cases:
        cell = rows[case.person.child_id]["distance_miles"]
        if case.group != "looked_after" or case.person.is_unaccompanied:
            assert cell == ""
        elif cell:
            told += 1
            assert (float(cell) > 20) == case.home.is_far
            assert float(cell) < 200
    children = [
        case
        for case in borough.cases
        if case.group == "looked_after" and not case.person.is_unaccompanied
    ]
    assert 0.85 <= told / len(children) < 1


def test_brothers_and_sisters_in_one_home_are_equally_far(borough: Borough, tmp_path: Path) -> None:
    extract, _ = write_extract(borough, tmp_path)
    cells = {row["child_id"]: row["distance_miles"] for row in _read(extract)}
    together: dict[tuple[str, str], set[str]] = {}
    for case in borough.cases:
        if case.group == "looked_after":
            key = (case.person.family_id, case.home.home_id)
            together.setdefault(key, set()).add(cells[case.person.child_id])
    assert all(len(miles) == 1 for miles in together.values())


def test_no_telephone_belongs_to_two_people(borough: Borough, tmp_path: Path) -> None:
    extract, contacts = write_extract(borough, tmp_path)
    holders: dict[str, set[str]] = {}
    for row in _read(extract):
        holders.setdefault(row["address"], set()).add(row["child_id"])
    for row in _read(contacts):
        holders.setdefault(row["address"], set()).add(row["name"])
    assert all(len(names) == 1 for address, names in holders.items() if address[:2] == "07")


def test_a_fostering_urn_is_the_agencys_and_a_homes_urn_its_own(borough: Borough) -> None:
    residential = [h for h in borough.homes if h.kind in ("K1", "K2", "K3", "S1", "R3")]
    assert len({home.provider_urn for home in residential}) == len(residential)
    fostering = [h for h in borough.homes if h.kind[0] in "UA"]
    agencies = {(home.provider_urn, home.provider_name) for home in fostering}
    assert len({urn for urn, _ in agencies}) == len(agencies) <= 6
    assert len(fostering) > 60


def test_the_return_has_the_departments_headers_and_every_date_parses(
    borough: Borough, tmp_path: Path
) -> None:
    paths = write_return(borough, tmp_path)
    assert {path.name: _header(path) for path in paths} == RETURN_HEADERS
    for path in paths:
        rows = _read(path)
        assert rows
        for row in rows:
            for column in DATES & set(row):
                assert _day(row[column]) if row[column] else column in MAY_BE_BLANK


def test_the_return_agrees_with_the_extract(borough: Borough, tmp_path: Path) -> None:
    extract, _ = write_extract(borough, tmp_path)
    births = {row["id_903"]: row["date_of_birth"] for row in _read(extract)}
    for path in write_return(borough, tmp_path):
        for row in _read(path):
            assert row.get("DOB", births[row["CHILD"]]) == births[row["CHILD"]]
            assert not row.get("UPN")


def test_the_return_covers_its_year_and_no_more(borough: Borough, tmp_path: Path) -> None:
    covered = year_of_return(FOUNDED)
    assert (covered.start, covered.end) == (date(2025, 4, 1), date(2026, 3, 31))
    write_return(borough, tmp_path)
    for row in _read(tmp_path / "episodes.csv"):
        assert _day(row["DECOM"]) <= covered.end
        assert bool(row["DEC"]) == bool(row["REC"])
        if row["DEC"]:
            assert max(covered.start, _day(row["DECOM"])) <= _day(row["DEC"]) <= covered.end
    for row in _read(tmp_path / "reviews.csv"):
        held = _day(row["REVIEW"])
        assert covered.start <= held <= covered.end
        assert (row["REVIEW_CODE"] == "PN0") == (age_on(_day(row["DOB"]), held) < 4)


def test_the_return_does_not_change_with_today(borough: Borough, tmp_path: Path) -> None:
    later = make_borough(seed=borough.seed, founded_on=FOUNDED, today=LATER)
    for name, made in (("now", borough), ("later", later)):
        write_return(made, tmp_path / name)
    for path in (tmp_path / "now").iterdir():
        assert path.read_bytes() == (tmp_path / "later" / path.name).read_bytes()


def test_the_return_year_ends_before_the_founding_day() -> None:
    assert year_of_return(date(2026, 3, 31)).end == date(2025, 3, 31)
    assert year_of_return(date(2026, 4, 1)).end == date(2026, 3, 31)
