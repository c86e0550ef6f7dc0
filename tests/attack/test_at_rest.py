"""What lies in the database's files and in the logs: nobody's words, names or ways in."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from backend.accounts.models import Staff
from backend.core import audit
from backend.core.audit import AuditEvent, find_break, seal
from backend.core.jobs import Job
from backend.entry import service as entry
from backend.entry.models import OpeningLink, Pass
from backend.messaging.service import invite
from backend.people.models import Person
from backend.start import log_plainly
from tests.attack.crawls import crawl
from tests.attack.test_markers import STAFF
from tests.attack.towns import Town, build_town
from tests.factories import sign_in
from tests.safeguarding.cases import Around, enter, make_case, send, stored

WORD_TABLES = (
    "answer", "ask", "concern", "concern_note", "concern_reader", "escalation", "post", "vote",
    "post_answer", "entry_secret", "entry_pass", "entry_opening_link", "review", "person",
    "contact", "staff", "deputy", "report", "message", "way_chosen", "address_stopped",
)  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: datetime) -> Town:
    return build_town(app_session, sqlite_engine)


def raw(folder: Path) -> bytes:
    """Every byte of the database, with what waits in its write-ahead log."""
    files = sorted(folder.glob("heard.db*"))
    assert files
    return b"".join(path.read_bytes() for path in files)


def test_no_word_name_address_or_way_in_lies_in_the_files_in_clear(
    client: TestClient, app_session: Session, town: Town, tmp_path: Path
) -> None:
    link = entry.make_opening_link(app_session, town.case.iro, town.case.person_id)
    invite(app_session)
    app_session.commit()
    sign_in(client, app_session, town.case.iro)
    enter(client, app_session, town.case)
    client.get("/me/home")
    tokens = [cookie.value or "" for cookie in client.cookies.jar]
    assert len(tokens) == 2
    passes = stored(app_session, Pass)
    staff = stored(app_session, Staff)
    hidden = [
        *(row.code for row in passes),
        *(row.link for row in passes),
        *(row.email for row in staff),
        *(row.name for row in staff),
        *(row.known_as for row in stored(app_session, Person)),
        *(link.url.rsplit("/", 1)[1], link.code),
        *tokens,
        *STAFF,
        "zqchildname",
        "zqsibling",
        "correct horse battery",
    ]
    body = raw(tmp_path)
    assert b"zqhomeref" in body  # the home's number in the case system, which is no secret
    assert [one for one in hidden if one.encode() in body] == []
    assert len(stored(app_session, OpeningLink)) == 1


def test_jobs_and_audit_hold_references_and_no_words(
    client: TestClient, app_session: Session, town: Town
) -> None:
    for role in ("iro", "worker", "duty"):
        client.cookies.clear()
        sign_in(client, app_session, town.staff[role])
        crawl(client, ["/staff/reading", "/staff/asks", "/staff/reviews"])
    jobs = [json.dumps(row.details) for row in stored(app_session, Job)]
    events = [json.dumps(row.details) for row in stored(app_session, AuditEvent)]
    assert len(jobs) > 5
    assert len(events) > 50
    assert [one for one in jobs + events if "zq" in one or "hits me" in one] == []


def test_logs_hold_no_words_and_no_way_in(
    client: TestClient,
    app_session: Session,
    sqlite_engine: Engine,
    noon: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_plainly()
    try:
        town = build_town(app_session, sqlite_engine)
        link = entry.make_opening_link(app_session, town.case.iro, town.case.person_id)
        app_session.commit()
        path = link.url.split("8000", 1)[-1]
        client.get(path)
        client.post(path)
        client.get("/me/o/zqlink")
        with pytest.raises(IntegrityError) as failed, sqlite_engine.begin() as connection:
            connection.execute(
                text("INSERT INTO staff_role (staff_id, role) VALUES (4711, :role)"),
                {"role": "zqparameter"},
            )
        structlog.get_logger().error("fault", exc_info=failed.value)
    finally:
        told = capsys.readouterr()
        structlog.reset_defaults()
    assert "fault" in told.err
    assert "zq" not in told.out + told.err
    assert path.rsplit("/", 1)[1] not in told.out + told.err


def test_reading_words_and_being_refused_are_both_audited_with_who(
    client: TestClient, app_session: Session, noon: datetime
) -> None:
    case, other = make_case(app_session), make_case(app_session)
    topic = send(app_session, case, "zqmine")
    for reader in (case.iro, other.iro):
        client.cookies.clear()
        sign_in(client, app_session, reader)
        client.get(f"/staff/reading/{topic}")
        client.get(f"/staff/reviews/{case.review.id}")
    enter(client, app_session, other)
    client.get(f"/me/forms/1/{topic}")
    events = stored(app_session, AuditEvent)
    of_iro = [(one.event, one.person_id) for one in events if one.actor == case.iro.actor]
    assert ("words.read", case.person_id) in of_iro
    assert ("summary.read", case.person_id) in of_iro
    refused = {(one.actor, one.details["path"]) for one in events if one.event == audit.DENIED}
    assert refused == {
        (other.iro.actor, f"/staff/reading/{topic}"),
        (other.iro.actor, f"/staff/reviews/{case.review.id}"),
        (f"contributor:{other.contributor.id}", f"/me/forms/1/{topic}"),
    }


def lay_events(session: Session) -> Around:
    """Some sealed events; commits."""
    case = make_case(session)
    for words in ("one", "two", "three"):
        send(session, case, words)
    session.flush()
    assert seal(session) > 2
    session.commit()
    return case


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove_audit(
    session: Session, noon: datetime, table: str, verb: str
) -> None:
    lay_events(session)
    column = "actor" if table == "audit_event" else "chain"
    with pytest.raises(DBAPIError, match="insert-only"):
        session.connection().execute(text(verb.format(table, column, "'nobody'")))
    session.rollback()
    assert find_break(session) is None


@pytest.mark.parametrize("change", [
    "UPDATE audit_event SET actor = 'staff:1' WHERE id = 2",
    "UPDATE audit_event SET person_id = 4711 WHERE id = 2",
    "UPDATE audit_event SET details = '{}' WHERE id = 2",
    "DELETE FROM audit_event WHERE id = 2",
])  # fmt: skip
def test_a_row_that_was_tampered_with_is_found(
    session: Session, noon: datetime, change: str
) -> None:
    lay_events(session)
    assert find_break(session) is None
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    for verb in ("update", "delete"):
        on = "" if is_sqlite else " ON audit_event"
        connection.execute(text(f"DROP TRIGGER audit_event_no_{verb}{on}"))
    if is_sqlite:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        connection.execute(text("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_event_id_fkey"))
    connection.execute(text(change))
    session.expire_all()
    assert find_break(session) in (2, 3)


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row that a robot must not change."""
    rows = {
        table: [tuple(row) for row in session.connection().execute(text(f"SELECT * FROM {table}"))]
        for table in WORD_TABLES
    }
    session.commit()
    return rows


def test_opening_every_page_twice_changes_no_words_and_no_way_in(
    client: TestClient, app_session: Session, town: Town
) -> None:
    link = entry.make_opening_link(app_session, town.case.iro, town.case.person_id)
    codes = [row.link for row in app_session.exec(select(Pass))]
    app_session.commit()
    once = "/me/once/" + link.url.rsplit("/", 1)[1]
    before = contents(app_session)
    for _ in range(2):
        client.cookies.clear()
        crawl(client, [once, "/me/", "/staff/", *(f"/me/o/{code}" for code in codes)])
        for role, staff in town.staff.items():
            client.cookies.clear()
            if role in ("iro", "worker", "duty", "participation", "administrator"):
                sign_in(client, app_session, staff)
                crawl(client, ["/staff/"])
        client.cookies.clear()
        enter(client, app_session, town.case)
        assert len(crawl(client, ["/me/home"])) > 5
    assert contents(app_session) == before
    assert client.post(once).status_code == 303
