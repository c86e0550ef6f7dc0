"""Somebody else's forms, topics, asks and concerns: refused with nothing changed or shown."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from backend.accounts.models import Staff
from backend.asks import service as asks
from backend.asks.models import Ask
from backend.core import clock
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.entry.jobs import forget_old_tries_and_pages
from backend.entry.models import ContributorSession, OpeningLink, Pass
from backend.entry.sessions import identify, open_session
from backend.people.models import Contributor
from backend.safeguarding.models import Concern, ConcernReader
from backend.surveys import own
from backend.surveys.models import Response, Topic
from tests.attack.towns import Town, build_town, draft, stand_in
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import Around, enter, make_case, send, stored

WORDS = (
    "answer", "topic", "response", "ask", "concern", "concern_note", "concern_reader", "post",
    "vote", "post_answer", "escalation", "entry_secret", "reading", "reading_opened", "review",
)  # fmt: skip
ANYTHING = {
    "asked": "r12.wanted.words", "most_wanted_0": "zqforged", "action": "send", "said": "1",
    "topics": "most_wanted", "beside": "alone", "happened": "yes", "way": "text",
    "words": "zqforged", "kind": "idea", "outcome": "yes", "why": "zqforged", "added": "zqforged",
    "ask_words": "zqaskfirst", "owner": "worker", "answer_id": "1", "staff_id": "1",
    "participation_code": "PN1", "private_talk": "done", "held_on-day": "1",
    "held_on-month": "11", "held_on-year": "2026", "decision": "show",
}  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: datetime) -> Town:
    return build_town(app_session, sqlite_engine)


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row that holds or governs somebody's words."""
    rows = {
        table: [tuple(row) for row in session.connection().execute(text(f"SELECT * FROM {table}"))]
        for table in WORDS
    }
    session.commit()
    return rows


def only(session: Session, contributor: Contributor) -> tuple[int, list[int]]:
    """The round and the topics of one contributor."""
    response = session.exec(select(Response).where(Response.contributor_id == contributor.id)).one()
    rows = session.exec(select(Topic.id).where(Topic.response_id == response.id)).all()
    session.commit()
    return response.consultation_id, [row or 0 for row in rows]


def addresses(town: Town, session: Session) -> tuple[list[str], list[str]]:
    """What the child alone may open, and may post to."""
    round_id, topics = only(session, town.case.contributor)
    gets = [f"/me/forms/{round_id}/{topic}{page}" for topic in topics
            for page in ("", "/1", "/end", "/meeting")]  # fmt: skip
    posts = [f"/me/forms/{round_id}/{topic}{page}" for topic in topics
             for page in ("/1", "/end", "/meeting", "/take-back")]  # fmt: skip
    asked = [ask.id for ask in stored(session, Ask) if ask.person_id == town.case.person_id]
    said = [one.id for one in stored(session, Concern) if one.source == "not_safe"]
    gets += [f"/me/ask/{one}" for one in asked] + [f"/me/not-safe/{one}" for one in said]
    posts += [f"/me/asks/{one}" for one in asked] + [f"/me/not-safe/{one}" for one in said]
    return gets, posts


@pytest.mark.parametrize("who", ["sibling", "leaver", "carer", "parent", "code"])
def test_what_is_somebody_elses_is_not_there_and_does_not_change(
    client: TestClient, app_session: Session, town: Town, who: str
) -> None:
    contributor = {
        "carer": town.carer,
        "parent": town.parent,
        "sibling": town.sibling.contributor,
        "leaver": town.leaver.contributor,
        "code": town.case.contributor,
    }[who]
    token = open_session(app_session, contributor.id or 0, how="code", is_known=who != "code")
    app_session.commit()
    client.cookies.set(entry.COOKIE, token, path="/me")
    gets, posts = addresses(town, app_session)
    before = contents(app_session)
    refused = (404, None)
    for address in gets:
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("location")) == refused, address
        assert "zq" not in answer.text.replace("zqparentname", "")
    for address in posts:
        answer = client.post(address, data=ANYTHING)
        assert (answer.status_code, answer.headers.get("location")) == refused, address
    assert contents(app_session) == before
    missing = client.get("/me/ask/4711")
    assert (missing.status_code, missing.headers.get("location")) == refused


def test_an_adult_opens_no_page_of_a_young_person(
    client: TestClient, app_session: Session, town: Town
) -> None:
    token = open_session(app_session, town.carer.id or 0, how="link", is_known=True)
    app_session.commit()
    client.cookies.set(entry.COOKIE, token, path="/me")
    before = contents(app_session)
    for page in ("last-time", "ask", "not-safe", "forum", "secret", "secret/new", "secret/forgot"):
        assert client.get(f"/me/{page}").status_code == 404, page
    for page in ("ask", "not-safe", "forum", "forum/1/vote", "secret", "secret/new", "asks/1"):
        assert client.post(f"/me/{page}", data=ANYTHING).status_code == 404, page
    assert contents(app_session) == before


def test_a_page_never_gets_the_number_of_one_that_was_forgotten(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    open_session(session, case.contributor.id or 0, how="code")
    session.flush()
    first = session.exec(select(ContributorSession)).one().id or 0
    row = session.get_one(Topic, draft(session, case, "zqold", in_session=first))
    with clock.set_to(noon + timedelta(days=40)):
        forget_old_tries_and_pages(session)
        token = open_session(session, case.contributor.id or 0, how="code")
        session.flush()
        me = identify(session, token)
        assert me is not None
        assert session.get(ContributorSession, first) is None
        assert me.session_id != first
        assert not own.may_see(session, me, row)


def test_a_new_secret_changes_nothing_of_what_was_asked_before_it(
    session: Session, noon: datetime
) -> None:
    case = make_case(session)
    ask = asks.make_ask(session, case.identity(), kind="see_iro")
    asks.answer_ask(session, case.iro, ask.id or 0, words="Yes", outcome="yes")
    stranger = case.identity(reads_from=(noon + timedelta(minutes=1)).isoformat())
    with pytest.raises(Exception, match="own-past"):
        asks.say_whether_it_happened(session, stranger, ask.id or 0, happened="yes")
    assert ask.has_happened is None


STAFF_POSTS = (
    "reading/{topic}/read", "reading/{topic}/concern", "reading/{topic}/ask",
    "duty/{topic}/take-over", "asks/{ask}/answer", "asks/{ask}/release", "asks/{ask}/escalate",
    "concerns/{concern}/seen", "concerns/{concern}/notes", "concerns/{concern}/readers",
    "concerns/{concern}/outcome", "reviews/{review}/read", "reviews/{review}/after",
    "reviews/{review}/asks", "reviews/{review}/transcripts",
    "people/{person}/door/opening-links", "people/{person}/door/{contributor}/code",
    "people/{person}/door/{contributor}/revoke", "homes/{home}/taps/{person}",
    "people/{person}/private-visit", "people/{person}/door/word", "people/{person}/door/birthday",
    "quotes/new/{topic}/{topic}", "quotes/{topic}/drop",
)  # fmt: skip


@pytest.mark.parametrize("role", [
    "other iro", "other worker", "adviser", "manager", "participation", "administrator",
])  # fmt: skip
def test_a_colleague_of_another_case_changes_nothing_of_it(
    client: TestClient, app_session: Session, town: Town, role: str
) -> None:
    sign_in(client, app_session, town.staff[role])
    _, topics = only(app_session, town.case.contributor)
    owned = [ask.id for ask in stored(app_session, Ask) if ask.person_id == town.case.person_id]
    concerns = [one.id for one in stored(app_session, Concern)]
    before = contents(app_session)
    ways_in = (len(stored(app_session, OpeningLink)), len(stored(app_session, Pass)))
    for pattern in STAFF_POSTS:
        for topic, ask, concern in zip(topics[:4], owned * 4, concerns * 4, strict=False):
            address = "/staff/" + pattern.format(
                topic=topic,
                ask=ask,
                concern=concern,
                review=town.case.review.id,
                person=town.case.person_id,
                contributor=town.case.contributor.id,
                home=town.home.id,
            )
            answer = client.post(address, data=ANYTHING)
            assert answer.status_code == 404, address
            assert "zq" not in answer.text
    assert contents(app_session) == before
    assert ways_in == (len(stored(app_session, OpeningLink)), len(stored(app_session, Pass)))


def test_access_follows_the_extract_at_once(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case, other = make_case(app_session), make_staff(app_session, Role.SOCIAL_WORKER)
    topic = send(app_session, case, "zqmine")
    sign_in(client, app_session, case.worker)
    assert "zqmine" in client.get(f"/staff/reading/{topic}").text
    case.person.worker_id = other.staff_id
    app_session.commit()
    for address in (f"/staff/reading/{topic}", f"/staff/people/{case.person_id}/door"):
        assert client.get(address).status_code == 404
    for address in ("/staff/reading", "/staff/caseload", "/staff/asks"):
        page = client.get(address)
        assert page.status_code == 200
        assert case.person.known_as not in page.text


def test_who_raised_a_concern_and_lost_the_case_hears_no_more_of_it(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case, other = make_case(app_session), make_staff(app_session, Role.SOCIAL_WORKER)
    topic = send(app_session, case, "zqmine")
    sign_in(client, app_session, case.worker)
    client.post(f"/staff/reading/{topic}/concern", data={"why": "He is afraid"})
    concern = stored(app_session, Concern)[0].id
    assert client.get(f"/staff/concerns/{concern}").status_code == 200
    case.person.worker_id = other.staff_id
    app_session.commit()
    assert client.get(f"/staff/concerns/{concern}").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "status"), [(-2, -1, 404), (1, 2, 404), (-1, 0, 200), (0, 1, 200)]
)
def test_a_deputy_reads_on_their_days_and_on_no_other(
    client: TestClient, app_session: Session, noon: datetime, first: int, last: int, status: int
) -> None:
    case, deputy = make_case(app_session), make_staff(app_session, Role.IRO)
    topic = send(app_session, case, "zqmine")
    days = [clock.today() + timedelta(days=one) for one in (first, last)]
    stand_in(app_session, case.iro, deputy, first_day=days[0], last_day=days[1])
    sign_in(client, app_session, deputy)
    for address in (f"/staff/reading/{topic}", f"/staff/reviews/{case.review.id}"):
        assert client.get(address).status_code == status


def test_a_disabled_accounts_open_page_ends_at_once(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case = make_case(app_session)
    topic = send(app_session, case, "zqmine")
    sign_in(client, app_session, case.iro)
    assert client.get(f"/staff/reading/{topic}").status_code == 200
    app_session.get_one(Staff, case.iro.staff_id).disabled_at = clock.now()
    app_session.commit()
    answer = client.get(f"/staff/reading/{topic}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    assert "zqmine" not in answer.text


def test_whom_duty_may_not_record_is_not_recorded(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case: Around = make_case(app_session)
    topic = send(app_session, case, "zqmine", hidden_from=(case.worker,))
    sign_in(client, app_session, case.iro)
    client.post(f"/staff/reading/{topic}/concern", data={"why": "He is afraid"})
    concern = stored(app_session, Concern)[0].id
    client.cookies.clear()
    sign_in(client, app_session, case.duty)
    answer = client.post(
        f"/staff/concerns/{concern}/readers", data={"staff_id": case.worker.staff_id}
    )
    assert answer.status_code == 422
    assert stored(app_session, ConcernReader) == []


def test_a_missing_thing_and_a_forbidden_one_look_the_same(
    client: TestClient, app_session: Session, town: Town
) -> None:
    sign_in(client, app_session, town.staff["other iro"])
    _, topics = only(app_session, town.case.contributor)
    pairs = (
        (f"/staff/reading/{topics[0]}", "/staff/reading/4711"),
        (f"/staff/reviews/{town.case.review.id}", "/staff/reviews/4711"),
        (f"/staff/people/{town.case.person_id}/door", "/staff/people/4711/door"),
        ("/staff/concerns/1", "/staff/concerns/4711"),
        ("/staff/asks/1", "/staff/asks/4711"),
    )
    for forbidden, missing in pairs:
        one, other = client.get(forbidden), client.get(missing)
        assert (one.status_code, other.status_code) == (404, 404)
        assert one.text == other.text
    client.cookies.clear()
    enter(client, app_session, town.sibling)
    round_id, topics = only(app_session, town.case.contributor)
    one, other = client.get(f"/me/forms/{round_id}/{topics[0]}"), client.get("/me/forms/4711/4711")
    assert (one.status_code, one.text) == (other.status_code, other.text)
