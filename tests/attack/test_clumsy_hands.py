"""Taps too late, too often and on an old page: a kind answer, and no typed word lost or doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.app import create_app
from backend.core import clock
from backend.entry import service as entry
from backend.entry.sessions import open_session
from backend.safeguarding.models import Concern
from backend.settings import Settings
from backend.surveys import service
from backend.surveys.models import Answer, Consultation, Topic
from tests.pages import CheckedClient
from tests.safeguarding.cases import stored
from tests.surveys.rounds import Round, alone, choose, enter, make_home, open_round
from tests.surveys.test_pages import fields_of, name_of

WORDS = "zqtyped I want to see my brother"


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: object) -> Round:
    return open_round(app_session)


@pytest.fixture
def first(client: TestClient, app_session: Session, round_: Round) -> str:
    """The address of the first question, with a draft begun."""
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    return choose(client, round_)


def typed(client: TestClient, address: str, words: str = WORDS) -> dict[str, str]:
    """What the open page sends with these words in its box."""
    page = client.get(address).text
    return fields_of(page) | {name_of(page): words}


def kept(session: Session) -> list[Any]:
    return [row.value for row in stored(session, Answer)]


def come_back(client: TestClient, session: Session, round_: Round, *, is_known: bool) -> None:
    client.cookies.clear()
    enter(client, session, round_.contributor, is_known=is_known)


def test_words_from_a_page_that_had_locked_are_kept_and_there_again(
    client: TestClient, app_session: Session, round_: Round, first: str, noon: datetime
) -> None:
    sent = typed(client, first)
    with clock.set_to(noon + timedelta(minutes=55)):
        answer = client.post(first, data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/?locked=kept")
        page = client.get(answer.headers["location"])
        assert "We kept what you just wrote" in page.text
        assert "zqtyped" not in page.text
        # The page stays locked: the words alone went in.
        assert client.get(first).headers["location"] == "/me/"
        assert kept(app_session) == [WORDS]
        come_back(client, app_session, round_, is_known=True)
        alone(client, round_)
        assert "zqtyped" in client.get(first).text


def test_without_the_secret_the_kept_words_stay_shut(
    client: TestClient, app_session: Session, round_: Round, first: str, noon: datetime
) -> None:
    sent = typed(client, first)
    with clock.set_to(noon + timedelta(minutes=55)):
        client.post(first, data=sent)
        come_back(client, app_session, round_, is_known=False)
        assert client.get(first).status_code == 404


def test_an_alarm_from_a_page_that_had_locked_arrives_with_the_words(
    client: TestClient, app_session: Session, first: str, noon: datetime
) -> None:
    sent = typed(client, first) | {"at": first.split("?")[0]}
    with clock.set_to(noon + timedelta(minutes=55)):
        answer = client.post("/me/not-safe", data=sent)
        assert answer.headers["location"] == "/me/?locked=said"
        assert "ring 999" in client.get(answer.headers["location"]).text
    (row,) = stored(app_session, Concern)
    assert row.source == "not_safe"
    assert kept(app_session) == [WORDS]


@pytest.mark.parametrize("minutes", [13 * 60, 40 * 60])
def test_a_page_of_another_day_takes_nothing(
    client: TestClient, app_session: Session, first: str, noon: datetime, minutes: int
) -> None:
    sent = typed(client, first)
    with clock.set_to(noon + timedelta(minutes=minutes)):
        assert client.post(first, data=sent).headers["location"] == "/me/"
    assert kept(app_session) == []


def test_a_page_that_its_reader_left_takes_nothing(
    client: TestClient, app_session: Session, first: str
) -> None:
    sent, cookies = typed(client, first), dict(client.cookies)
    client.post("/me/lock")
    client.cookies.update(cookies)
    for address in (first, "/me/not-safe"):
        assert client.post(address, data=sent).headers["location"] == "/me/"
    assert kept(app_session) == []
    assert stored(app_session, Concern) == []


def test_what_locked_changes_no_secret_and_sends_nothing(
    client: TestClient, app_session: Session, first: str, noon: datetime
) -> None:
    client.post(first, data=typed(client, first))
    topic = first.rsplit("/", 1)[0]
    with clock.set_to(noon + timedelta(minutes=55)):
        secret = {"kind": "digits", "digits": "1234"}
        for address, sent in ((f"{topic}/end", {"action": "send"}), ("/me/secret/new", secret)):
            answer = client.post(address, data=sent)
            assert answer.headers["location"] == "/me/?locked=locked"
        assert "do the last thing once more" in client.get(answer.headers["location"]).text
    assert [row.sent_at for row in stored(app_session, Topic) if row.sent_at] == []


def test_another_childs_locked_page_keeps_nothing_in_this_childs_form(
    client: TestClient, app_session: Session, first: str, noon: datetime
) -> None:
    sent = typed(client, first)
    client.cookies.clear()
    enter(client, app_session, open_round(app_session).contributor)
    with clock.set_to(noon + timedelta(minutes=55)):
        assert client.post(first, data=sent).headers["location"] == "/me/?locked=locked"
    assert kept(app_session) == []


TEXTS = {
    "combining marks": "Z" + "\u0301" * 10_000,
    "right to left": "\u202eevil\u202c שלום",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 and me",
    "line ends": "one\ntwo\n\n three  \n",
    "tabs and spaces": "\t  I want  \t",
    "a paste": "word " * 20_480,
    "code": "{{ 7*7 }} <script>alert(1)</script> %s ' OR 1=1 --",
}


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_kept_to_the_sign_and_comes_back_in_its_box(
    client: TestClient, app_session: Session, first: str, name: str
) -> None:
    answer = client.post(first, data=typed(client, first, TEXTS[name]))
    assert answer.status_code == 303
    assert kept(app_session) == [TEXTS[name]]
    page = client.get(first).text
    assert fields_of(page)[name_of(page)] == TEXTS[name]


def test_line_ends_as_a_browser_sends_them_are_kept_as_they_were_typed(
    client: TestClient, app_session: Session, first: str
) -> None:
    client.post(first, data=typed(client, first, "one\r\ntwo\r\n"))
    assert kept(app_session) == ["one\ntwo\n"]


def test_spaces_alone_are_no_answer_and_take_none_out(
    client: TestClient, app_session: Session, first: str
) -> None:
    assert client.post(first, data=typed(client, first, " \n\t\u2003")).status_code == 303
    assert kept(app_session) == []
    answer = client.post(f"{first.rsplit('/', 1)[0]}/end", data={"action": "send"})
    assert answer.status_code == 422


def test_a_form_that_closed_meanwhile_keeps_what_was_typed(
    client: TestClient, app_session: Session, round_: Round, first: str, noon: datetime
) -> None:
    sent = typed(client, first)
    row = app_session.get_one(Consultation, round_.cid)
    row.closes_on = clock.today() - timedelta(days=1)
    app_session.commit()
    answer = client.post(first, data=sent)
    assert answer.status_code < 500
    assert kept(app_session) == [WORDS] or "zqtyped" in answer.text


def test_a_form_whose_home_changed_meanwhile_keeps_what_was_typed(
    client: TestClient, app_session: Session, round_: Round, first: str
) -> None:
    sent = typed(client, first)
    make_home(app_session, round_.person)
    round_.person.iro_id, round_.person.worker_id = None, None
    app_session.commit()
    assert client.post(first, data=sent).status_code == 303
    assert kept(app_session) == [WORDS]


def test_words_for_a_topic_that_was_sent_meanwhile_are_not_lost(
    client: TestClient, app_session: Session, first: str
) -> None:
    client.post(first, data=typed(client, first, "zqfirst"))
    late = typed(client, first, "zqfirst and more")
    client.post(f"{first.rsplit('/', 1)[0]}/end", data={"action": "send"})
    answer = client.post(first, data=late)
    assert answer.status_code == 303
    assert "zqfirst and more" in client.get(answer.headers["location"]).text
    assert kept(app_session) == ["zqfirst", "zqfirst and more"]


def test_drafts_go_on_their_last_day_and_not_a_minute_before(
    client: TestClient, app_session: Session, first: str, noon: datetime
) -> None:
    client.post(first, data=typed(client, first))
    for seconds, number in ((-60, 1), (60, 0)):
        with clock.set_to(noon + timedelta(days=14, seconds=seconds)):
            service.delete_old_drafts(app_session)
            app_session.commit()
        assert len(kept(app_session)) == number


def test_words_posted_into_a_draft_that_was_just_deleted_are_not_lost_in_a_fault(
    client: TestClient, app_session: Session, round_: Round, noon: datetime
) -> None:
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    first = choose(client, round_)
    sent = typed(client, first)
    for row in stored(app_session, Topic):
        app_session.delete(row)
    app_session.commit()
    answer = client.post(first, data=sent)
    assert answer.status_code < 500
    assert "zqtyped" in answer.text or kept(app_session) == [WORDS]


@pytest.mark.parametrize("moment", [
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 1:30, the first time
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 1:30 once more
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),  # the hour that is not there
])  # fmt: skip
def test_the_nights_on_which_clocks_change_lose_nothing(
    client: TestClient, app_session: Session, moment: datetime
) -> None:
    with clock.set_to(moment):
        round_ = open_round(app_session)
        enter(client, app_session, round_.contributor)
        alone(client, round_)
        first = choose(client, round_)
        sent = typed(client, first)
    with clock.set_to(moment + timedelta(minutes=10)):
        assert client.post(first, data=sent).status_code == 303
        topic = first.rsplit("/", 1)[0]
        assert client.post(f"{topic}/end", data={"action": "send"}).status_code == 303
    assert kept(app_session) == [WORDS]


@pytest.mark.parametrize("what", ["words", "topics", "send", "alarm", "together"])
def test_a_double_tap_on_two_machines_counts_once(
    engine: Engine, settings: Settings, noon: datetime, what: str
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        round_ = open_round(session)
        token = open_session(session, round_.contributor.id or 0, how="code", is_known=True)
        session.commit()
    apps = [create_app(engine, settings) for _ in range(2)]
    phones = [CheckedClient(app, follow_redirects=False) for app in apps]
    for phone in phones:
        phone.cookies.set(entry.COOKIE, token, path="/me")
    address, sent = f"{round_.address}/together", {"beside": "alone"}
    if what != "together":
        alone(phones[0], round_)
        address, sent = round_.address, {"topics": "most_wanted"}
    if what in ("words", "send", "alarm"):
        first = choose(phones[0], round_)
        address, sent = first, typed(phones[0], first)
    if what == "send":
        phones[0].post(address, data=sent)
        address, sent = f"{first.rsplit('/', 1)[0]}/end", {"action": "send"}
    if what == "alarm":
        address = "/me/not-safe"
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(phone.post, address, data=sent) for phone in phones]
        answers = [task.result() for task in tasks]
    assert [one.status_code for one in answers] == [303, 303]
    with Session(engine) as session:
        topics = session.exec(select(Topic)).all()
        values = [row.value for row in session.exec(select(Answer))]
        alarms = len(session.exec(select(Concern)).all())
    assert len({topic.topic_id for topic in topics}) == len(topics)
    # What stands in the box beside an alarm is kept with it.
    assert values == ([WORDS] if what in ("words", "send", "alarm") else [])
    assert 1 <= alarms <= 2 if what == "alarm" else alarms == 0
