"""The versions of the codebook that follow from what people decide, each kept whole."""

import pytest
from sqlmodel import Session, select

from backend.coding import book_changes, codebooks, machine, new_themes
from backend.coding.book_changes import DecidedMeanwhile
from backend.coding.codebooks import BookRefused, Wording
from backend.coding.models import (
    CodebookVersion,
    DiscoveryRun,
    EarlierSuggestion,
    SuggestedCode,
    SuggestedTheme,
    ThemeDecision,
)
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.requires import Denied
from backend.insight.periods import period_of
from backend.insight.service import draw_picture
from tests.coding.groups import COURT_THEME, WHY, find_court, work
from tests.coding.texts import Case

pytestmark = pytest.mark.usefixtures("nothing_learnt")


def test_accepting_makes_a_version_and_has_texts_coded_anew(
    session: Session, case: Case, leader: StaffIdentity
) -> None:
    row = find_court(session, case)
    shipped = codebooks.codebook_in_use(session)
    made = new_themes.accept(session, case.iro, row.id or 0, COURT_THEME, why=WHY, version=1)
    assert made == codebooks.version_in_use(session) == 2
    assert codebooks.codebook_in_use(session).ids == (*shipped.ids, "going_to_court")
    assert codebooks.codebook_of(session, 1) == shipped
    before = book_changes.progress(session)
    assert before is not None
    assert before.left == before.texts == 20
    work(session)
    after = book_changes.progress(session)
    assert after is not None
    assert after.left == 0
    rows = session.exec(select(SuggestedCode)).all()
    assert {one.codebook_version for one in rows} == {2}
    assert sum("going_to_court" in one.themes for one in rows) >= 9
    kept = session.exec(select(EarlierSuggestion)).all()
    assert len(kept) == 20
    assert {(one.codebook_version, tuple(one.themes)) for one in kept} == {(1, ())}
    [step] = codebooks.steps(session, suggestion_id=row.id)
    assert (step.decision.what, step.decision.why) == ("accepted", WHY)
    assert step.decision.decided_by == case.iro.staff_id
    picture = draw_picture(session, period_of(clock.today()), is_draft=True)
    assert picture.outline.quality["codebook_version"] == 2
    assert ("going_to_court", "Going to court") in picture.outline.themes


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("", "Enter a title"),
        ("x" * 61, "60 characters at most"),
        ("  MONEY ", "There is a theme “Money” already"),
        ("knowing why", "already"),
    ],
)
def test_titles_that_clash_are_refused_kindly(
    session: Session, case: Case, title: str, says: str
) -> None:
    row = SuggestedTheme(run_id=_run(session), words="court", texts=6, writers=6)
    session.add(row)
    session.flush()
    wording = Wording(title.strip())
    with pytest.raises(BookRefused) as refused:
        new_themes.accept(session, case.iro, row.id or 0, wording, why="", version=1)
    assert says in refused.value.errors["title"]
    assert "why" in refused.value.errors
    assert session.exec(select(CodebookVersion)).all() == []


def _run(session: Session) -> int:
    run = DiscoveryRun(asked_at=clock.now(), finished_at=clock.now())
    session.add(run)
    session.flush()
    return run.id or 0


def test_a_theme_is_retired_and_neither_id_nor_title_is_used_again(
    session: Session, case: Case, leader: StaffIdentity
) -> None:
    version = book_changes.retire(session, leader, "distance", why="Nobody uses it", version=1)
    assert "distance" not in codebooks.codebook_in_use(session).ids
    assert codebooks.titles_ever(session)["distance"] == "Distance and travel"
    errors = codebooks.check_wording(session, Wording("distance and travel"))
    assert "was retired" in errors["title"]
    assert codebooks.new_id(session, "Distance!") == "distance_2"
    assert codebooks.new_id(session, "Ask") == "ask_2"
    assert codebooks.new_id(session, "\u0645") == "theme"
    with pytest.raises(Denied):
        book_changes.retire(session, leader, "distance", why="x", version=version)
    with pytest.raises(DecidedMeanwhile):
        book_changes.retire(session, leader, "money", why="x", version=1)


def test_a_reworded_theme_keeps_its_id_and_its_older_wording_stays(
    session: Session, leader: StaffIdentity, case: Case
) -> None:
    wording = Wording("Money and debts", "debts", "rent")
    book_changes.reword(session, leader, "money", wording, why="Plainer", version=1)
    now = {theme.id: theme for theme in codebooks.codebook_in_use(session).themes}
    assert (now["money"].title, now["money"].excludes) == ("Money and debts", "rent")
    shipped = codebooks.codebook_of(session, 1)
    assert shipped == machine.codebook()
    [decision] = session.exec(select(ThemeDecision)).all()
    assert (decision.what, decision.codebook_version) == ("reworded", 2)
