"""Suggested groups, what people make of them, and the versions of the codebook that follow."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.coding import book_changes, codebooks, discoveries, machine, new_themes, suggestions
from backend.coding import jobs as coding_jobs
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
from backend.core import clock, jobs
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.insight.periods import period_of
from backend.insight.service import draw_picture
from backend.settings import get_settings
from backend.surveys.models import Answer
from backend.surveys.sending import TOPIC_SENT_JOB
from backend.surveys.service import take_back_topic
from tests.coding.texts import Case, answer_in, make_case, say
from tests.factories import make_staff, sign_in

COURT = [
    "the judge at court was kind", "court took all day and the judge left", "judge never came",
    "I hate court and the judge", "when is court again", "the court judge wrote a letter",
    "court smells of paint", "a judge in a wig", "court, court, court", "who is the judge now",
]  # fmt: skip
LOOSE = [
    "purple is best", "tortoises are slow", "seven", "the moon was big", "I can whistle",
    "marbles", "Tuesday again", "a long queue", "clouds", "my left shoe",
]  # fmt: skip
WHY = "Ten of them write of it"
COURT_THEME = Wording("Going to court", "court, judge", "the police")


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder in which nothing was learnt from people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARD_DATA", str(tmp_path_factory.mktemp("themes")))
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


@pytest.fixture
def case(session: Session, noon: datetime) -> Case:
    return make_case(session)


@pytest.fixture
def leader(session: Session) -> StaffIdentity:
    return make_staff(session, Role.PARTICIPATION_OFFICER)


def write(
    session: Session, case: Case, texts: list[str], *, reach: str = "ask_first", each: bool = True
) -> list[int]:
    """Texts that an earlier coding found no theme for, of as many children or of one."""
    ids = []
    for days, words in enumerate(texts, 30):
        at = clock.now() - timedelta(days=days)
        person = make_case(session, case.iro, case.worker).person if each else case.person
        answer = answer_in(session, say(session, words, person=person, reach=reach, at=at))
        session.add(
            SuggestedCode(
                answer_id=answer.id or 0,
                answer_revision=1,
                codebook_version=1,
                coder=suggestions.coder_in_use(session),
                themes=[],
                sentiment="neutral",
                urgency="none",
                is_ask=False,
                confidence=0.5,
                coded_at=clock.now(),
            )  # fmt: skip
        )
        ids.append(answer.id or 0)
    jobs.leave_none(session, TOPIC_SENT_JOB)
    session.commit()
    return ids


def work(session: Session) -> None:
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    jobs.run_all_due(engine, coding_jobs.HANDLERS)
    session.expire_all()


def look(session: Session, viewer: StaffIdentity) -> list[SuggestedTheme]:
    discoveries.ask_to_look(session, viewer)
    work(session)
    return [line.row for line in new_themes.suggested_groups(session, viewer).lines]


def find_court(session: Session, case: Case) -> SuggestedTheme:
    write(session, case, [*COURT, *LOOSE])
    [row] = look(session, case.iro)
    return row


def test_a_group_is_found_by_a_job_and_shown_with_what_its_reader_may_read(
    session: Session, case: Case, leader: StaffIdentity
) -> None:
    row = find_court(session, case)
    assert row.writers == row.texts >= 6
    assert set(row.words.split("\n")) <= {"court", "judge"}
    page = new_themes.group_page(session, case.iro, row.id or 0)
    assert 3 <= len(page.examples) <= 5
    assert {text.words for text in page.examples} <= set(COURT)
    stranger = make_staff(session, Role.SOCIAL_WORKER, team="South")
    for viewer in (leader, stranger):
        shut = new_themes.group_page(session, viewer, row.id or 0)
        assert (shut.examples, shut.readable) == ((), 0)
    opened = session.exec(select(AuditEvent).where(AuditEvent.event == "coding.words_opened")).all()
    assert len(opened) == len(page.examples)
    assert {event.actor for event in opened} == {case.iro.actor}


def test_texts_of_few_people_make_no_group_and_tell_no_word(session: Session, case: Case) -> None:
    write(session, case, COURT, each=False)
    write(session, case, LOOSE)
    assert look(session, case.iro) == []
    run = discoveries.last_run(session)
    assert run is not None
    assert run.of_few == 1
    assert session.exec(select(SuggestedTheme)).all() == []


def test_what_is_kept_for_one_reader_or_taken_back_is_in_no_group(
    session: Session, case: Case
) -> None:
    write(session, case, COURT, reach="only_iro")
    [answer_id] = write(session, case, ["a judge in a wig"])
    answer = session.get_one(Answer, answer_id)
    take_back_topic(session, answer.topic_row_id)
    write(session, case, LOOSE)
    found = discoveries.searched(session)
    private = {*COURT}
    assert not private & {one.text for one in found.comments}


def test_fewer_texts_than_can_be_grouped_say_so(session: Session, case: Case) -> None:
    write(session, case, COURT[:5])
    assert look(session, case.iro) == []
    last = discoveries.last_run(session)
    assert last is not None
    assert "too few to group" in last.note


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


def test_a_decided_group_cannot_be_decided_again(session: Session, case: Case) -> None:
    row = find_court(session, case)
    new_themes.drop(session, case.iro, row.id or 0, why="Once a year", version=1)
    with pytest.raises(DecidedMeanwhile):
        new_themes.accept(session, case.worker, row.id or 0, COURT_THEME, why=WHY, version=1)
    assert codebooks.version_in_use(session) == 1


def test_what_was_dropped_comes_back_only_when_it_has_grown(session: Session, case: Case) -> None:
    row = find_court(session, case)
    new_themes.drop(session, case.iro, row.id or 0, why="Once a year", version=1)
    write(session, case, ["court with the judge", "judge and court again"])
    assert look(session, case.iro) == []
    write(session, case, [f"{text} today" for text in COURT] * 2)
    assert [one.id for one in look(session, case.iro)] != [row.id]
    assert session.get_one(SuggestedTheme, row.id or 0).state == "dropped"


def test_a_group_keeps_its_title_through_the_next_search(session: Session, case: Case) -> None:
    row = find_court(session, case)
    new_themes.rename(session, case.iro, row.id or 0, "Judges", why="Shorter", version=1)
    write(session, case, ["court and the judge once more"])
    [found] = look(session, case.iro)
    assert (found.id, found.title) == (row.id, "Judges")


def test_a_group_is_merged_into_a_theme_or_another_group(session: Session, case: Case) -> None:
    row = find_court(session, case)
    other = SuggestedTheme(run_id=row.run_id, words="wigs", texts=6, writers=6, tightness=0.7)
    session.add(other)
    session.flush()
    new_themes.merge(session, case.iro, other.id or 0, f"group:{row.id}", why="The same", version=1)
    assert (other.state, other.merged_into) == ("merged", row.id)
    new_themes.merge(session, case.iro, row.id or 0, "knowing_why", why="It is that", version=1)
    session.refresh(row)
    assert (row.state, row.theme_id) == ("merged", "knowing_why")
    assert codebooks.version_in_use(session) == 1
    for into in ("nothing", "group:x", "group:99999", f"group:{row.id}", ""):
        fresh = SuggestedTheme(run_id=row.run_id, words="hats", texts=6, writers=6, tightness=0.7)
        session.add(fresh)
        session.flush()
        with pytest.raises(BookRefused):
            new_themes.merge(session, case.iro, fresh.id or 0, into, why="x", version=1)


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


def test_who_neither_codes_nor_leads_sees_nothing_of_it(session: Session, case: Case) -> None:
    duty = make_staff(session, Role.DUTY_READER)
    with pytest.raises(Denied):
        new_themes.suggested_groups(session, duty)
    with pytest.raises(Denied):
        new_themes.group_page(session, case.iro, 12345)


def test_the_nightly_search_leaves_one_run_at_a_time(session: Session, case: Case) -> None:
    discoveries.look_nightly(session)
    assert discoveries.running(session) is None
    write(session, case, LOOSE[:1])
    discoveries.look_nightly(session)
    discoveries.look_nightly(session)
    discoveries.ask_to_look(session, case.iro)
    assert len(session.exec(select(DiscoveryRun)).all()) == 1


def test_the_pages_ask_decide_and_tell(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case = make_case(app_session)
    write(app_session, case, [*COURT, *LOOSE])
    sign_in(client, app_session, case.iro)
    assert "No group waits" in client.get("/staff/new-themes").text
    client.post("/staff/new-themes", data={})
    assert "It is looking now" in client.get("/staff/new-themes").text
    work(app_session)
    page = client.get("/staff/new-themes").text
    address = page.split('class="govuk-link" href="/staff/new-themes/')[1].split('"')[0]
    at = f"/staff/new-themes/{address}"
    assert any(text in client.get(at).text for text in COURT)
    form = {"version": "1", "what": "accept", "title": "Money", "why": ""}
    refused = client.post(at, data=form)
    assert refused.status_code == 422
    assert "There is a theme" in refused.text
    assert client.post(at, data={**form, "what": ""}).status_code == 422
    assert "Nothing was written" in client.post(at, data={**form, "version": "9"}).text
    done = client.post(at, data={**form, "title": "<b>Going</b> to court", "why": WHY})
    assert done.status_code == 303
    book = client.get("/staff/codebook").text
    assert "Codebook, version 2" in book
    assert "&lt;b&gt;Going" in book
    assert "being coded to version 2" in book
    assert "Codebook, version 1" in client.get("/staff/codebook?version=1").text
    assert client.get("/staff/codebook?version=7").status_code == 404
    assert client.get("/staff/codebook/nothing").status_code == 404
    assert client.get("/staff/codebook/money").status_code == 200
    change = {"version": "2", "action": "retire", "why": "Done with"}
    assert client.post("/staff/codebook/money", data=change).status_code == 303
    assert client.post("/staff/codebook/home", data=change).status_code == 422
    assert "retired" in client.get("/staff/codebook").text
