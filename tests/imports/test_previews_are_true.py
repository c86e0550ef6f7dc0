"""A dry run says what the import then does: on boroughs that are invented, moved and mixed up."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from backend.demo.borough import generate
from backend.demo.borough.draws import Chance, stream
from backend.imports.service import (
    ImportReport,
    Terms,
    import_annex,
    import_people,
    import_return,
    undo_last,
)
from tests.imports.files import PERSON, dump, episode, write_extract, write_return
from tests.imports.workbooks import write_annex

pytestmark = pytest.mark.usefixtures("noon")
# These say that something happened, and stand whatever is undone.
TOLD = ("audit_event", "import_run", "import_row_before", "sqlite_sequence", "job")
# Of the two reports these alone differ by what they are.
OF_A_LOOK = ("is_dry_run", "state", "changes")


def rows(session: Session) -> dict[str, Any]:
    return {name: lines for name, lines in dump(session).items() if name not in TOLD}


def check(session: Session, run: Callable[..., ImportReport]) -> ImportReport:
    """A look changes nothing, says what then happens, and the same again changes nothing more."""
    before = rows(session)
    look = run(session, terms=Terms(dry_run=True))
    assert rows(session) == before
    done = run(session, terms=Terms(is_sure=True))
    seen, real = look.as_values(), done.as_values()
    for name in OF_A_LOOK:
        del seen[name], real[name]
    assert seen == real
    assert look.is_changed == (rows(session) != before or done.is_newer)
    assert not run(session, terms=Terms(is_sure=True)).is_changed
    return done


def draw(chance: Chance, number: int) -> dict[str, str]:
    """One row of an extract, of a few children with few values, so that they often meet."""
    return {
        "child_id": f"M{number}",
        "id_903": chance.choice(["", str(number), "1"]),
        "known_as": chance.choice(["Zoë", "Ravi", ""]),
        "date_of_birth": chance.choice(["09/03/2014", "29/02/2016", "31/02/2014", "01/01/2030"]),
        "group": chance.choice(
            ["looked_after", "looked_after", "care_leaver", "short_breaks", "?"]
        ),
        "iro_email": chance.choice(["ines@council.example", "", "no address"]),
        "home_id": chance.choice(["", "FC1", "FC2"]),
        "home_type": chance.choice(["U6", "K2", "Q9"]),
        "placement_start": chance.choice(["", "01/02/2026", "soon"]),
        "next_review": chance.choice(["", "10/12/2026", "11/01/2027"]),
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_look_at_any_files_says_what_they_then_do_and_undo_takes_all_back(
    session: Session, tmp_path: Path, seed: int
) -> None:
    chance = stream(seed, "files")
    states: list[dict[str, Any]] = []
    for week in ("20/11/2026", "21/11/2026", "22/11/2026"):
        people = [draw(chance, one) | {"AS_AT": week} for one in chance.sample(range(9), 6)]
        people.append({"child_id": "M99", "id_903": "99", "AS_AT": week})
        numbers = [one["child_id"] for one in people]
        contacts = [
            f"{number},{kind},Pat Alder,text,07700 900002,{invite}"
            for number in numbers
            for kind, invite in [chance.choice([("carer", "yes"), ("parent", "no"), ("x", "")])]
        ]
        path = write_extract(tmp_path / week.replace("/", ""), *people, contacts=contacts)
        states.append(rows(session))
        check(session, lambda one, path=path, **terms: import_people(one, path, **terms))
    folder = write_return(
        tmp_path / "903",
        header=[f"{one},{chance.choice('12')},09/03/2014,WBRI,,," for one in range(5)],
        episodes=[episode(str(one), "01/06/2025") for one in range(4)],
        reviews=[
            f"{one},09/03/2014,{day},PN{chance.randint(0, 8)}"
            for one in (0, 1, 1, 2, 2, 3, 99)
            for day in [chance.choice(["01/09/2025", "01/02/2026"])]
        ],
    )
    states.append(rows(session))
    check(session, lambda one, **terms: import_return(one, folder, **terms))
    children = [
        {"Child Unique ID": f"M{one}", "Date of Birth": chance.choice(["09/03/2014", "29/02/2016"])}
        for one in range(9)
    ]
    workbook = write_annex(tmp_path, [*children, {"Child Unique ID": PERSON["child_id"]}])
    states.append(rows(session))
    assert check(session, lambda one, **terms: import_annex(one, workbook, **terms)).is_changed
    for before in reversed(states):
        assert undo_last(session, "command").left == []
        assert rows(session) == before


def test_a_look_at_a_whole_borough_says_what_its_files_then_do(
    session: Session, tmp_path: Path
) -> None:
    borough = generate.make_borough(seed=9, founded_on=date(2026, 11, 20), today=date(2026, 11, 22))
    extract, _ = generate.write_extract(borough, tmp_path / "extract")
    generate.write_past_years(borough, tmp_path / "years", years=2)
    annex = generate.write_annex(borough, tmp_path / "annex.xlsx")
    done = [
        check(session, lambda one, **terms: import_people(one, extract, **terms)),
        check(session, lambda one, **terms: import_return(one, tmp_path / "years", **terms)),
        check(session, lambda one, **terms: import_annex(one, annex, **terms)),
    ]
    assert all(any(asdict(change)["added"] for change in one.counts.values()) for one in done)
