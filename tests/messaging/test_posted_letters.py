"""Letters that GOV.UK Notify prints and posts, where the council has switched that on."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import Session

from backend.core import clock, jobs
from backend.core.access.permissions import Role
from backend.core.database import unit_of_work
from backend.entry import service as entry
from backend.messaging import letters, postal, service
from backend.messaging.models import Message
from backend.messaging.texts import Printed, letter_for
from backend.people.models import Contributor, Person
from backend.settings import get_settings
from tests.factories import make_staff, sign_in
from tests.messaging.letters import state_of, work, work_until, written
from tests.messaging.notify_stand_in import StandIn
from tests.messaging.test_killed import start_again, wait_for, worker
from tests.printed import words_of

HOME = "12 Larch Road, Hollin Hill, hh1 2ab"
LATER = timedelta(minutes=10)
# Where GOV.UK Notify reads the address and prints the rest: millimetres from the left and the top.
ADDRESS_LEFT, ADDRESS_RIGHT, ADDRESS_TOP, ADDRESS_BOTTOM = 24.6, 120.0, 39.5, 66.3
BODY_LEFT, BODY_RIGHT, BODY_TOP, BODY_BOTTOM = 15.0, 195.0, 95.0, 292.0
POINT = 25.4 / 72


@pytest.fixture
def posting(notify: StandIn, own_settings: pytest.MonkeyPatch) -> StandIn:
    """A council whose letters Notify posts by second class."""
    own_settings.setenv("HEARD_NOTIFY_LETTERS", "second")
    get_settings.cache_clear()
    return notify


def posted(engine: Engine, key: str = "one", address: str = HOME) -> int:
    return written(engine, key, channel="letter", address=address)


def test_a_letter_goes_as_a_pdf_of_ours_with_the_way_in_and_no_name_below_the_window(
    engine: Engine, noon: datetime, posting: StandIn
) -> None:
    one = posted(engine)
    work(engine)
    assert state_of(engine, one) == ("sent", "")
    [gone], [pdf] = posting.notifications, posting.letters
    assert (gone["type"], gone["postage"]) == ("letter", "second")
    with Session(engine) as session:
        row = session.get_one(Message, one)
        door = entry.ensure_pass(session, row.contributor_id or 0)
        person = session.get_one(Person, session.get_one(Contributor, row.contributor_id).person_id)
        assert gone["reference"] == row.reference
    words = words_of(pdf)
    assert door.code in words
    for line in ("12 Larch Road", "Hollin Hill", "HH1 2AB", person.known_as):
        assert words.count(line) == 1
    for revealing in ("council", "care", "meeting", "worker"):
        assert revealing not in words.casefold()


@pytest.mark.parametrize(
    ("said", "state", "fault"),
    [
        ("accepted", "sent", ""),
        ("received", "handed_over", ""),
        ("validation-failed", "failed", "not_printable"),
        ("permanent-failure", "failed", "not_printable"),
        ("technical-failure", "failed", "provider_fault"),
        ("cancelled", "failed", "cancelled"),
        ("returned-letter", "bounced", "came_back"),
    ],
)
def test_what_becomes_of_a_letter_is_asked_and_shown(
    sqlite_engine: Engine, noon: datetime, posting: StandIn, said: str, state: str, fault: str
) -> None:
    one = posted(sqlite_engine)
    work(sqlite_engine)
    posting.set_state(said)
    with clock.set_to(noon + LATER):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one) == (state, fault)
    assert posting.posts == 1


def test_a_lost_answer_is_looked_up_before_any_letter_goes_again(
    sqlite_engine: Engine, noon: datetime, posting: StandIn
) -> None:
    one = posted(sqlite_engine)
    posting.loses_answers = True
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("sending", "no_answer")
    posting.loses_answers = False
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    assert state_of(sqlite_engine, one)[0] == "sent"
    assert (len(posting.letters), posting.posts) == (1, 1)


def test_a_letter_that_was_surely_not_taken_goes_after_an_outage_of_two_days_once(
    sqlite_engine: Engine, noon: datetime, posting: StandIn
) -> None:
    one = posted(sqlite_engine)
    posting.is_down = True
    back = noon + timedelta(days=2)
    work_until(sqlite_engine, noon, back, step=timedelta(hours=3))
    posting.is_down = False
    work_until(sqlite_engine, back, back + timedelta(hours=6), step=timedelta(hours=1))
    assert state_of(sqlite_engine, one)[0] == "sent"
    assert len(posting.letters) == 1


def test_a_worker_killed_while_notify_takes_a_letter_posts_one(
    sqlite_engine: Engine, noon: datetime, posting: StandIn, key_folder: Path
) -> None:
    one = posted(sqlite_engine)
    posting.hold = "after"
    with worker(sqlite_engine, key_folder, noon, ""):
        wait_for(posting.is_held.is_set)
    posting.hold = ""
    posting.let_go.set()
    start_again(sqlite_engine, noon)
    assert len(posting.letters) == 1
    assert state_of(sqlite_engine, one) == ("sent", "")


def test_a_team_key_that_may_post_nothing_is_said_and_the_letter_waits(
    sqlite_engine: Engine, noon: datetime, posting: StandIn
) -> None:
    posting.refuse_with = 403
    one = posted(sqlite_engine)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "key_refused")


@pytest.mark.parametrize("address", ["", "07700 900123", "12 Larch Road", "HH1 2AB", "a, b"])
def test_without_an_address_to_post_to_a_letter_is_printed_in_the_office(
    sqlite_engine: Engine, noon: datetime, posting: StandIn, address: str
) -> None:
    one = posted(sqlite_engine, address=address)
    work(sqlite_engine)
    assert state_of(sqlite_engine, one) == ("waiting", "")
    assert posting.posts == 0
    with unit_of_work(sqlite_engine) as session:
        officer = make_staff(session, Role.PARTICIPATION_OFFICER)
        assert [line.message_id for line in letters.lines(session, officer, "waiting")] == [one]


def test_where_it_is_not_switched_on_every_letter_is_printed_in_the_office(
    sqlite_engine: Engine, noon: datetime, notify: StandIn
) -> None:
    one = posted(sqlite_engine)
    work(sqlite_engine)
    assert notify.posts == 0
    with unit_of_work(sqlite_engine) as session:
        officer = make_staff(session, Role.PARTICIPATION_OFFICER)
        assert [line.message_id for line in letters.lines(session, officer, "waiting")] == [one]
        assert service.print_letters(session, officer) == 1


def test_switched_off_again_what_waits_goes_to_the_office(
    sqlite_engine: Engine, noon: datetime, posting: StandIn, own_settings: pytest.MonkeyPatch
) -> None:
    posting.refuse_with = 429
    one = posted(sqlite_engine)
    work(sqlite_engine)
    own_settings.setenv("HEARD_NOTIFY_LETTERS", "")
    get_settings.cache_clear()
    with clock.set_to(noon + timedelta(hours=1)), unit_of_work(sqlite_engine) as session:
        officer = make_staff(session, Role.PARTICIPATION_OFFICER)
        assert letters.lines(session, officer, "waiting") == []
    with clock.set_to(noon + timedelta(hours=1)):
        work(sqlite_engine)
    with unit_of_work(sqlite_engine) as session:
        assert [line.message_id for line in letters.lines(session, officer, "waiting")] == [one]


def test_a_letter_that_failed_is_printed_here_and_posted_by_hand(
    client: TestClient, app_session: Session, noon: datetime, posting: StandIn
) -> None:
    engine = app_session.get_bind()
    one = posted(engine)  # type: ignore[arg-type]
    work(engine)  # type: ignore[arg-type]
    sign_in(client, app_session, make_staff(app_session, Role.PARTICIPATION_OFFICER))
    assert "With the printer" in client.get("/staff/outbox").text
    posting.set_state("validation-failed")
    with clock.set_to(noon + LATER):
        work(engine)  # type: ignore[arg-type]
    page = client.get("/staff/outbox").text
    assert "it cannot be printed by GOV.UK Notify: look at the address" in page
    assert "Print it here" in page
    assert client.post(f"/staff/outbox/{one}", data={"how": "print"}).status_code == 303
    assert jobs.run_all_due(engine, {}) == 0  # type: ignore[arg-type]
    assert "1 to print" in client.get("/staff/posting").text
    client.post("/staff/posting/print")
    client.post("/staff/posting/posted", data={"letter": [str(one)]})
    app_session.rollback()
    row = app_session.get_one(Message, one)
    assert (row.state, row.provider) == ("handed_over", "office")
    assert posting.posts == 1


@pytest.mark.parametrize(
    ("written_as", "lines"),
    [
        ("12 Larch Road, Hollin Hill, hh1 2ab", ("12 Larch Road", "Hollin Hill", "HH1 2AB")),
        ("12 Larch Road; Hollin Hill HH12AB", ("12 Larch Road", "Hollin Hill", "HH1 2AB")),
        ("1  Elm\r\nTown\r\n\r\nSW1A 1AA\r\n", ("1 Elm", "Town", "SW1A 1AA")),
        ("Elm House, SW1A 1AA", ("Elm House", "SW1A 1AA")),
        ("SW1A 1AA, Elm House", ()),
        ("SW1A 1AA", ()),
        ("a, b, c, d, e, f, SW1A 1AA", ()),
        (f"{'x' * 46}, SW1A 1AA", ()),
        ("07700 900123", ()),
        ("", ()),
    ],
)
def test_a_postal_address_is_read_as_councils_write_it(
    written_as: str, lines: tuple[str, ...]
) -> None:
    assert postal.lines_of(written_as) == lines


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_is_printed_within_notifys_zones_on_one_page(language: str) -> None:
    letter = Printed(
        letter=letter_for("invitation", sender="Sam", words="WWW " * 15, language=language),
        name="Bartholomew-Alexander W" + "w" * 22,
        code="ABCD EFGH",
        link="https://heard.example/me/o/abcdefghijklmnop",
        way_in="heard.example/me",
    )
    pdf = letters.posted(letter, ("W" * 45, "W" * 45, "W" * 45, "W" * 45, "W" * 45, "SW1A 1AA"))
    [page] = PdfReader(BytesIO(pdf)).pages
    height, placed = float(page.mediabox.height), []

    def note(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + cm[4]
            y = tm[5] * cm[3] + cm[5]
            placed.append((text.strip(), x * POINT, (height - y) * POINT))

    page.extract_text(visitor_text=note)
    assert len(placed) > 8
    above = [one for one in placed if one[2] < BODY_TOP]
    assert above[-1][0].endswith("SW1A 1AA")
    for text, left, top in placed:
        if top < BODY_TOP:
            assert ADDRESS_LEFT <= left < ADDRESS_RIGHT, text
            assert ADDRESS_TOP < top < ADDRESS_BOTTOM, (text, top)
        else:
            assert BODY_LEFT <= left < BODY_RIGHT, text
            assert BODY_TOP < top < BODY_BOTTOM, text
