"""Suggested groups of texts that fit no theme, and what people make of them."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.coding import codebooks, discoveries, new_themes
from backend.coding.book_changes import DecidedMeanwhile
from backend.coding.codebooks import BookRefused
from backend.coding.models import DiscoveryRun, SuggestedTheme
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.core.access.requires import Denied
from backend.core.audit import AuditEvent
from backend.surveys.models import Answer
from backend.surveys.service import take_back_topic
from tests.coding.groups import COURT, COURT_THEME, LOOSE, WHY, find_court, look, work, write
from tests.coding.texts import Case, make_case
from tests.factories import make_staff, sign_in

pytestmark = pytest.mark.usefixtures("nothing_learnt")


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
