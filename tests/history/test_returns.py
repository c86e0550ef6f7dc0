"""Returns become history: as given, flagged, once, and nobody is in care because of one."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backend.history import queries
from backend.history.models import (
    ReturnChild,
    ReturnEpisode,
    ReturnHome,
    ReturnMissing,
    ReturnReview,
    ReturnUasc,
)
from backend.imports.models import Proposal
from backend.imports.service import ImportUnusable, import_return
from backend.people import queries as people
from tests.factories import make_person
from tests.imports.files import dump, episode, write_return

HEADER = ["101,1,09/03/2014,WBRI,,,", "102,2,01/05/2020,ABAN,,,"]


def codes(session: Session) -> dict[str, str]:
    return {row.code: row.flags for row in session.exec(select(ReturnReview))}


def test_the_same_return_twice_changes_nothing(session: Session, tmp_path: Path) -> None:
    write_return(
        tmp_path,
        header=HEADER,
        episodes=[episode("101", "05/05/2025"), episode("102", "06/06/2025", "01/02/2026")],
        reviews=["101,09/03/2014,01/06/2025,PN1", "101,09/03/2014,01/06/2025,PN1"],
        uasc=["101,1,09/03/2014,09/03/2032"],
        missing=["101,09/03/2014,M,01/07/2025,"],
    )
    assert import_return(session, tmp_path).is_changed
    before = dump(session)
    assert len(before["return_review"]) == 2
    report = import_return(session, tmp_path)
    assert not report.is_changed
    assert dump(session) == before


def test_an_updated_return_ends_the_open_episode_and_corrects_a_code(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=HEADER,
        episodes=[episode("101", "05/05/2025")],
        reviews=["101,09/03/2014,01/06/2025,PN5"],
        uasc=["101,1,09/03/2014,09/03/2032"],
        missing=["101,09/03/2014,M,01/07/2025,"],
    )
    import_return(session, tmp_path)
    write_return(
        tmp_path,
        episodes=[episode("101", "05/05/2025", "02/02/2026")],
        reviews=["101,09/03/2014,01/06/2025,PN6"],
        uasc=["101,1,09/03/2014,"],
        missing=["101,09/03/2014,M,01/07/2025,03/07/2025"],
    )
    report = import_return(session, tmp_path)
    assert [report.counts[name].changed for name in ("episodes", "reviews", "uasc", "missing")] == [
        1,
        1,
        1,
        1,
    ]
    session.expire_all()
    assert session.exec(select(ReturnEpisode)).one().ended_on == date(2026, 2, 2)
    assert codes(session) == {"PN6": ""}
    assert session.exec(select(ReturnUasc)).one().ceased_on is None
    assert session.exec(select(ReturnMissing)).one().ended_on == date(2025, 7, 3)


def test_an_older_return_does_not_reopen_what_a_newer_one_ended(
    session: Session, tmp_path: Path
) -> None:
    newer = [episode("101", "05/05/2024", "02/05/2025"), episode("101", "02/05/2025")]
    write_return(tmp_path / "b", header=HEADER, episodes=newer)
    write_return(tmp_path / "a", header=HEADER, episodes=[episode("101", "05/05/2024")])
    import_return(session, tmp_path / "b")
    report = import_return(session, tmp_path / "a")
    assert not report.is_changed
    first = session.exec(select(ReturnEpisode).order_by(ReturnEpisode.started_on)).first()  # type: ignore[arg-type]
    assert first is not None
    assert first.ended_on == date(2025, 5, 2)


def test_the_year_ends_on_31_march_on_or_after_the_newest_start(
    session: Session, tmp_path: Path
) -> None:
    write_return(tmp_path / "a", header=HEADER, episodes=[episode("101", "31/03/2025")])
    write_return(tmp_path / "b", header=HEADER, episodes=[episode("101", "01/04/2025")])
    assert import_return(session, tmp_path / "a", dry_run=True).year_end == date(2025, 3, 31)
    assert import_return(session, tmp_path / "b", dry_run=True).year_end == date(2026, 3, 31)


def test_an_open_episode_puts_nobody_in_care(session: Session, tmp_path: Path) -> None:
    write_return(tmp_path, header=HEADER, episodes=[episode("101", "05/05/2025")])
    report = import_return(session, tmp_path)
    assert people.living(session) == []
    assert "nobody counts as in care" in report.as_text()
    assert queries.newest_year_end(session) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("code", "day", "flags"),
    [
        ("PN0", "09/03/2018", ""),
        ("PN0", "10/03/2018", "440"),
        ("PN1", "09/03/2018", ""),
        ("PN1", "08/03/2018", "441"),
        ("PN9", "10/03/2018", "167"),
        ("", "10/03/2018", "167"),
        ("PN1", "01/04/2026", "review_after_year_end"),
    ],
)
def test_participation_is_held_against_the_fourth_birthday_and_never_changed(
    session: Session, tmp_path: Path, code: str, day: str, flags: str
) -> None:
    rows = [f"101,09/03/2014,{day},{code}"]
    write_return(tmp_path, header=HEADER, episodes=[episode("101", "05/05/2025")], reviews=rows)
    report = import_return(session, tmp_path)
    assert codes(session) == {code: flags}
    assert [name for name in report.flags if name in ("440", "441", "167")] == (
        [flags] if flags.isdigit() else []
    )


def test_two_reviews_of_one_day_are_both_kept_and_flagged(session: Session, tmp_path: Path) -> None:
    rows = ["101,09/03/2014,01/06/2025,PN1", "101,09/03/2014,01/06/2025,PN5"]
    rows += ["101,09/03/2014,02/06/2025,PN2", "101,09/03/2014,02/06/2025,PN2"]
    write_return(tmp_path, header=HEADER, reviews=rows)
    report = import_return(session, tmp_path)
    assert report.flags["review_conflicting"].examples == ["reviews.csv lines 2 and 3"]
    assert report.flags["review_twice"].count == 1
    kept = session.exec(select(ReturnReview)).all()
    assert sorted((row.code, row.occurrence, row.flags) for row in kept) == [
        ("PN1", 1, "review_conflicting"),
        ("PN2", 1, "review_twice"),
        ("PN2", 2, "review_twice"),
        ("PN5", 1, "review_conflicting"),
    ]


def test_reviews_of_a_child_with_short_breaks_alone_are_flagged(
    session: Session, tmp_path: Path
) -> None:
    episodes = [episode("101", "05/05/2025", LS="V4"), episode("102", "01/05/2025", LS="V3")]
    episodes.append(episode("102", "05/05/2025", LS="C2"))
    reviews = ["101,09/03/2014,01/06/2025,PN1", "102,01/05/2020,01/06/2025,PN1"]
    write_return(tmp_path, header=HEADER, episodes=episodes, reviews=reviews)
    report = import_return(session, tmp_path)
    assert report.flags["399"].examples == ["reviews.csv line 2"]


def test_episodes_are_flagged_by_code_time_and_order(session: Session, tmp_path: Path) -> None:
    episodes = [
        episode("101", "01/04/2023", "01/06/2023", PLACE="K3", URN="SC1"),
        episode("101", "01/06/2024", "01/05/2024", PLACE="Q1", PLACE_PROVIDER="PR9"),
        episode("102", "01/04/2023", "01/06/2026", RPC="WHY"),
        episode("102", "01/05/2023", PLACE="T4"),
        episode("102", "01/05/2025", PLACE_PROVIDER="PR0"),
    ]
    write_return(tmp_path, header=HEADER, episodes=episodes)
    report = import_return(session, tmp_path)
    flags = {
        (row.return_child_id, row.started_on): row.flags
        for row in session.exec(select(ReturnEpisode))
    }
    assert sorted(flags.values()) == sorted(
        ["146", "146,178,end_before_start", "1009,385", "142,213,501", "501,550"]
    )
    assert report.flags["146"].count == 2


def test_blank_postcodes_are_counted(session: Session, tmp_path: Path) -> None:
    write_return(tmp_path, header=HEADER, episodes=[episode("101", "05/05/2025", PL_POST="")])
    report = import_return(session, tmp_path)
    assert report.flags["blank_place_postcode"].count == 1
    assert "blank_home_postcode" not in report.flags


def test_a_child_missing_from_the_header_is_kept_and_reported(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=HEADER,
        episodes=[episode("103", "05/05/2025")],
        reviews=["104,02/02/2012,01/06/2025,PN1"],
    )
    report = import_return(session, tmp_path)
    assert report.flags["child_not_in_header"].count == 2
    assert report.flags["child_without_episode"].count == 2
    rows = {row.child: row for row in session.exec(select(ReturnChild))}
    assert not rows["103"].is_in_header
    assert rows["103"].date_of_birth is None
    assert rows["104"].date_of_birth == date(2012, 2, 2)
    write_return(tmp_path, header=[*HEADER, "103,1,03/03/2013,WBRI,,,"])
    import_return(session, tmp_path)
    session.expire_all()
    assert rows["103"].date_of_birth == date(2013, 3, 3)
    assert len(session.exec(select(ReturnChild)).all()) == 4


def test_a_urn_makes_a_home_only_where_it_is_the_homes_own(
    session: Session, tmp_path: Path
) -> None:
    places = ["K1", "K2", "K3", "R1", "S1", "U6", "R3", "H5"]
    episodes = [
        episode("101", f"{day:02}/05/2025", PLACE=place, URN=f"SC{day}")
        for day, place in enumerate(places, 1)
    ]
    episodes.append(episode("101", "20/05/2025", PLACE="K2", URN="XXXXXXX"))
    write_return(tmp_path, header=HEADER, episodes=episodes)
    import_return(session, tmp_path)
    homes = {row.urn: row.place for row in session.exec(select(ReturnHome))}
    assert homes == {"SC1": "K1", "SC2": "K2", "SC3": "K3", "SC4": "R1", "SC5": "S1"}


def test_a_living_person_is_linked_by_id_and_birth_else_put_to_a_person(
    session: Session, tmp_path: Path
) -> None:
    same = make_person(session, id_903="101", date_of_birth=date(2014, 3, 9))
    make_person(session, id_903="102", date_of_birth=date(2020, 5, 2))
    write_return(tmp_path, header=HEADER)
    report = import_return(session, tmp_path)
    rows = {row.child: row.person_id for row in session.exec(select(ReturnChild))}
    assert rows == {"101": same.id, "102": None}
    assert len(report.proposals) == 1
    assert session.exec(select(Proposal)).one().details["source"] == "return"
    assert not import_return(session, tmp_path).is_changed


def test_nothing_that_heard_has_no_use_for_is_kept(session: Session, tmp_path: Path) -> None:
    header = ["101,2,09/03/2010,WBRI,UPN0123456789,1,01/02/2025"]
    write_return(tmp_path, header=header, episodes=[episode("101", "05/05/2025")])
    import_return(session, tmp_path)
    everything = repr(dump(session))
    assert "UPN0123456789" not in everything
    assert "2025-02-01" not in everything
    assert "datetime.date(2025, 2, 1)" not in everything
    assert "'N1'" not in everything


def test_a_folder_without_a_usable_file_is_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ImportUnusable, match="no folder"):
        import_return(session, tmp_path / "none")
    with pytest.raises(ImportUnusable, match="No file of a return"):
        import_return(session, tmp_path)
    (tmp_path / "header.csv").write_bytes(b"\x00\x01\x02")
    (tmp_path / "episodes.csv").write_text("")
    with pytest.raises(ImportUnusable, match="not a text file"):
        import_return(session, tmp_path)
    write_return(tmp_path, header=["101,1,yesterday,WBRI,,,"])
    with pytest.raises(ImportUnusable, match="No file of a return"):
        import_return(session, tmp_path)
    assert session.exec(select(ReturnChild)).all() == []


def test_absent_files_are_said_and_the_others_are_used(session: Session, tmp_path: Path) -> None:
    write_return(tmp_path, episodes=[episode("101", "05/05/2025")])
    report = import_return(session, tmp_path)
    assert [file.name for file in report.files if not file.is_found] == [
        "header.csv",
        "reviews.csv",
        "uasc.csv",
        "missing.csv",
    ]
    assert "reviews.csv: not there" in report.as_text()
    assert "child_not_in_header" not in report.flags


def test_a_bad_row_is_listed_with_its_place_and_the_good_ones_stand(
    session: Session, tmp_path: Path
) -> None:
    write_return(
        tmp_path,
        header=[*HEADER, "105,1,31/02/2014,WBRI,,,"],
        reviews=["101,09/03/2014,,PN1", "101,09/03/2014,2nd June,PN1", ",,01/06/2025,PN1"]
        + ["101,09/03/2014,01/06/2025,PN1"],
    )
    report = import_return(session, tmp_path)
    places = [(one.file, one.line, one.column) for one in report.unusable]
    assert places == [
        ("header.csv", 4, "DOB"),
        ("reviews.csv", 2, "REVIEW"),
        ("reviews.csv", 3, "REVIEW"),
        ("reviews.csv", 4, "CHILD"),
    ]
    assert len(session.exec(select(ReturnReview)).all()) == 1
