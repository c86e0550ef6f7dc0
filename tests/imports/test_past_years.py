"""A folder of past years: each in its order, later over earlier, and what the living take of it."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.demo.borough import generate
from backend.demo.borough.annexes import last_held
from backend.history.models import ReturnEpisode
from backend.history.queries import PastEpisode
from backend.imports.past_of_living import period_began
from backend.imports.service import ImportUnusable, import_annex, import_people, import_return
from backend.people.models import Person
from backend.reviews.models import Review
from tests.imports.files import dump, episode, write_extract, write_return

pytestmark = pytest.mark.usefixtures("noon")
HEADER = ["90301,2,09/03/2014,WBRI,,,"]


def two_years(folder: Path, first: str, second: str) -> Path:
    write_return(
        folder / first,
        header=HEADER,
        episodes=[episode("90301", "01/06/2024")],
        reviews=["90301,09/03/2014,01/09/2024,PN7", "90301,09/03/2014,01/03/2025,PN1"],
    )
    write_return(
        folder / second,
        header=HEADER,
        episodes=[
            episode("90301", "01/06/2024", "01/02/2026"),
            episode("90301", "01/02/2026").replace(",S,", ",P,"),
        ],
        reviews=["90301,09/03/2014,01/09/2025,PN6"],
        uasc=["90301,2,09/03/2014,"],
    )
    (folder / second / "oc3.csv").write_text("CHILD\n90301\n")
    return folder


def only_person(session: Session) -> Person:
    session.flush()
    session.expire_all()
    return session.exec(select(Person)).one()


@pytest.mark.parametrize("years", [("2024-25", "2025-26"), ("2025_26", "2024_25"), ("b", "a")])
def test_each_year_is_read_in_its_order_whatever_its_folder_is_called(
    session: Session, tmp_path: Path, years: tuple[str, str]
) -> None:
    report = import_return(session, two_years(tmp_path, *years))
    assert report.year_end == date(2026, 3, 31)
    stays = session.exec(select(ReturnEpisode).order_by(ReturnEpisode.started_on)).all()
    assert [row.ended_on for row in stays] == [date(2026, 2, 1), None]
    assert any("oc3.csv" in note for note in report.notes)


def test_a_year_in_which_nobody_moved_is_the_one_that_its_folder_names(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path / "2025-26",
        header=HEADER,
        episodes=[episode("90301", "01/06/2024")],
        reviews=["90301,09/03/2014,01/09/2025,PN1"],
    )
    report = import_return(session, tmp_path)
    assert report.year_end == date(2026, 3, 31)
    assert not report.flags


def test_years_in_the_names_of_files_are_years_too(session: Session, tmp_path: Path) -> None:
    two_years(tmp_path / "r", "2024-25", "2025-26")
    for year in ("2024-25", "2025-26"):
        for path in sorted((tmp_path / "r" / year).iterdir()):
            path.rename(tmp_path / "r" / f"{path.stem}_{year.replace('-', '_')}.csv")
        (tmp_path / "r" / year).rmdir()
    report = import_return(session, tmp_path / "r")
    assert report.counts["reviews"].added == 3
    stays = session.exec(select(ReturnEpisode).order_by(ReturnEpisode.started_on)).all()
    assert [row.ended_on for row in stays] == [date(2026, 2, 1), None]


def test_the_living_take_their_start_of_care_and_reviews_that_were_held(
    session: Session, tmp_path: Path
) -> None:
    import_people(session, write_extract(tmp_path / "a", {}))
    folder = two_years(tmp_path / "r", "2024-25", "2025-26")
    import_return(session, folder)
    person = only_person(session)
    assert person.became_looked_after_on == date(2024, 6, 1)
    assert (person.gender, person.ethnicity) == ("female", "WBRI")
    assert (person.legal_status, person.is_unaccompanied) == ("C2", True)
    held = {
        (row.held_on, row.participation_code)
        for row in session.exec(select(Review))
        if row.held_on is not None
    }
    assert (date(2025, 9, 1), "PN6") in held
    assert len(held) == 3
    before = dump(session)
    assert not import_return(session, folder).is_changed
    assert dump(session) == before


def test_a_year_that_cannot_be_used_is_listed_and_the_others_come_in(
    session: Session, tmp_path: Path
) -> None:
    two_years(tmp_path, "2024-25", "2025-26")
    (tmp_path / "2023-24").mkdir()
    (tmp_path / "2023-24" / "episodes.csv").write_bytes(b"")
    report = import_return(session, tmp_path)
    assert report.counts["children"].added == 1
    assert any(one.file == "2023-24" for one in report.unusable)
    for name in ("header", "episodes", "reviews", "uasc"):
        for year in ("2024-25", "2025-26"):
            (tmp_path / year / f"{name}.csv").write_bytes(b"")
    with pytest.raises(ImportUnusable, match="No year"):
        import_return(session, tmp_path)


def past(start: str, end: str | None, reason: str, year: int = 2026) -> PastEpisode:
    ended = date.fromisoformat(end) if end else None
    return PastEpisode(date.fromisoformat(start), ended, reason, "C2", date(year, 3, 31))


@pytest.mark.parametrize(
    ("episodes", "began"),
    [
        ([], None),
        ([past("2024-05-01", None, "S")], date(2024, 5, 1)),
        ([past("2024-05-01", None, "P")], None),
        ([past("2024-05-01", "2025-01-01", "S")], None),
        ([past("2024-05-01", None, "S", year=2025)], None),
        (
            [past("2024-05-01", "2025-01-01", "S"), past("2025-01-01", None, "L")],
            date(2024, 5, 1),
        ),
        (
            [past("2024-05-01", "2025-01-01", "S"), past("2025-06-01", None, "S")],
            date(2025, 6, 1),
        ),
        ([past("2024-05-01", "2025-01-01", "S"), past("2025-06-01", None, "P")], None),
    ],
)
def test_the_present_period_of_care_begins_after_the_last_gap(
    episodes: list[PastEpisode], began: date | None
) -> None:
    assert period_began(episodes, date(2026, 3, 31)) == began


# A whole borough comes into PostgreSQL where the demo runs on it, in journeys/test_on_postgresql.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_demo_boroughs_own_files_come_in_as_what_they_were_made_from(
    session: Session, tmp_path: Path
) -> None:
    borough = generate.make_borough(seed=7, founded_on=date(2026, 11, 20), today=date(2026, 11, 22))
    extract, _ = generate.write_extract(borough, tmp_path / "extract")
    import_people(session, extract)
    generate.write_past_years(borough, tmp_path / "years", years=3)
    import_return(session, tmp_path / "years")
    report = import_annex(session, generate.write_annex(borough, tmp_path / "annex.xlsx"))
    assert report.lists == {}
    assert report.proposals == []
    assert {one.column for one in report.unusable} <= {"child_id"}
    session.flush()
    session.expire_all()
    people = {row.child_id: row for row in session.exec(select(Person))}
    held = {(row.person_id, row.kind, row.held_on) for row in session.exec(select(Review))}
    for case in borough.cases:
        person, truth = people[case.person.child_id], case.person
        if case.group == "short_breaks":
            continue
        assert person.gender == ("male" if truth.sex == "M" else "female")
        assert (person.ethnicity, person.is_unaccompanied) == (
            truth.ethnicity,
            truth.is_unaccompanied,
        )
        is_leaver = case.group == "care_leaver"
        reviews = borough.pathway_reviews if is_leaver else borough.care_reviews
        last = last_held(reviews.get(truth.child_id, ()), borough.today)
        kind = "pathway" if is_leaver else "review"
        assert last is None or (person.id, kind, last) in held
        if not is_leaver:
            assert person.became_looked_after_on == truth.in_care_since
            assert person.legal_status == truth.legal_status
