"""The administrator brings a file in after a look, takes it back, and takes the return out."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from backend.core import clock
from backend.core.access.permissions import Role
from backend.people.models import Person
from tests.imports.files import episode, write_extract, write_return
from tests.journeys.families import Desk, Family, hire, move_in
from tests.journeys.looks import Look
from tests.journeys.ways import follow
from tests.offline.served import Served

STAFF_TARGET = 0  # axe holds staff pages to WCAG's 24 px
HEADER = ["101,1,09/03/2014,WBRI,,,", "102,2,01/05/2022,ABAN,,,"]
EPISODES = [episode("101", "05/05/2025"), episode("102", "06/06/2025")]


def british(days: int) -> str:
    """A day so many days from today, as extracts write it."""
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def row(child_id: str, **values: str) -> dict[str, str]:
    """A child of today's extract, whose review is in three weeks."""
    own = {"child_id": child_id, "id_903": f"9{child_id[1:]}", "known_as": f"Wren {child_id}"}
    return own | {"AS_AT": british(-1), "next_review": british(21)} | values


def extract(folder: Path, *, is_newer: bool) -> Path:
    """Forty children, some unreadable; a newer one with one more, one gone and another IRO."""
    faults = [row("M50", known_as=""), row("M51", known_as=""), row("M52", next_review="soon")]
    if not is_newer:
        return write_extract(folder, *[row(f"M{n}") for n in range(10, 50)], *faults)
    today = {"AS_AT": british(0)}
    other = today | {"iro": "Olu Marsh", "iro_email": "olu@council.example"}
    faults = [one | today for one in faults]
    stay = [row(f"M{n}", **(other if n < 15 else today)) for n in range(11, 50)]
    return write_extract(folder, *stay, row("M99", **today), *faults)


@pytest.fixture
def family(served: Served) -> Family:
    """A Heard of its own, with an administrator."""
    family = move_in(served, 13)
    hire(family, "administrator", Role.ADMINISTRATOR)
    return family


def choose(page: Page, kind: str, *paths: Path) -> None:
    page.goto("/staff/imports")
    page.get_by_label(kind).check()
    page.get_by_label("File or files").set_input_files(list(paths))
    follow(page.get_by_role("button", name="Show me what it would do"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{kind}: what it would do")


def children(family: Family) -> set[str]:
    """The children of the extract who are here now."""
    with Session(family.engine) as session:
        rows = session.exec(select(Person).where(Person.left_on == None))  # noqa: E711
        return {one.child_id for one in rows if one.child_id.startswith("M")}


def test_a_file_is_looked_at_brought_in_and_undone(
    family: Family, new_desk: Desk, tmp_path: Path
) -> None:
    page, look = new_desk(family, "administrator"), Look("administrator", target=STAFF_TARGET)
    look.listen(page)
    choose(page, "Weekly extract", extract(tmp_path / "a", is_newer=False))
    expect(
        page.get_by_role("link", name="Cannot be read: 2 rows, and 1 single cell")
    ).to_be_visible()
    assert not children(family)
    follow(page.get_by_role("button", name="Bring it in"))
    expect(page.get_by_role("status").first).to_contain_text("It is brought in.")
    assert len(children(family)) == 41

    choose(page, "Weekly extract", extract(tmp_path / "b", is_newer=True))
    main = page.locator("main")
    expect(main).to_contain_text("Nothing is written yet.")
    expect(main).to_contain_text("known as: is empty 2 times, extract.csv lines 42 and 43")
    gone = page.get_by_role("group").filter(has_text="Children and care leavers: 1 ended")
    expect(gone.get_by_role("row", name="M10")).to_be_visible()
    expect(page.get_by_text("Children and care leavers: 1 added")).to_be_visible()
    expect(main).to_contain_text("IRO from Ines Oduya to Olu Marsh")
    look.at(page, "preview")
    follow(page.get_by_role("button", name="Bring it in"))
    expect(page.get_by_role("status").first).to_contain_text("It is brought in.")
    assert {"M99"} == children(family) - {f"M{n}" for n in range(11, 53)}
    look.at(page, "imports")
    follow(page.get_by_role("button", name="Undo the last import"))
    expect(page.get_by_role("status").first).to_contain_text("The import is undone.")
    found = children(family)
    assert "M10" in found
    assert "M99" not in found
    look.check(least=2)


def test_a_return_goes_out_with_what_stays_and_why_in_groups(
    family: Family, new_desk: Desk, tmp_path: Path
) -> None:
    page, look = new_desk(family, "administrator"), Look("administrator", target=STAFF_TARGET)
    look.listen(page)
    reviews = [f"101,09/03/2014,{day:02}/07/2025,PN0" for day in range(1, 29, 7)]
    reviews += ["101,09/03/2014,01/02/2026,PN6", "102,01/05/2022,03/03/2026,PN1"]
    folder = write_return(tmp_path, header=HEADER, episodes=EPISODES, reviews=reviews)
    choose(page, "SSDA903 return", *sorted(folder.glob("*.csv")))
    look.at(page, "preview of a return")
    follow(page.get_by_role("button", name="Bring it in"))
    expect(page.get_by_role("status").first).to_contain_text("It is brought in.")

    page.goto("/staff/exports?year=2026")
    main = page.locator("main")
    expect(main).to_contain_text("1 review passes the published checks. 5 are left out.")
    titles = page.locator(".heard-group h3").all_inner_texts()
    assert [title.split(":")[0] for title in titles] == ["4", "1"]
    page.get_by_text("Show the 4 rows").click()
    expect(page.get_by_role("row", name="101").first).to_be_visible()
    look.at(page, "exports")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download reviews.csv").click()
    rows = list(csv.reader(download.value.path().read_text().splitlines()))
    assert rows == [
        ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"],
        ["101", "09/03/2014", "01/02/2026", "PN6"],
    ]
    page.goto("/staff/exports?year=2024")
    expect(main).to_contain_text("Heard knows of no review in this year.")
    look.at(page, "an empty year")
    look.check(least=3)
