"""Every page that each role can open, by link or by guessing, shows just the words it may."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func
from sqlmodel import Session, SQLModel, select

from backend.asks.models import Ask
from backend.coding.models import CodingSample
from backend.entry import queries as entry
from backend.paper.models import PaperSheet
from backend.people.models import Contributor, Person
from backend.quotes.models import Quote
from backend.reviews.models import Review
from backend.safeguarding.models import Concern
from backend.settings import Settings
from backend.surveys.models import Answer, Consultation, Topic
from tests.architecture.routes import applications, declared_routes
from tests.attack.crawls import crawl, seen_in
from tests.attack.towns import Town, build_town
from tests.factories import sign_in
from tests.safeguarding.cases import enter
from tests.surveys.rounds import enter as enter_adult

AROUND = {"iro", "deputy", "worker"}
LEAD = {"iro", "deputy"}
SOUTH = {"other iro", "other worker", "other manager"}
MANAGERS = {"manager", "other manager"}
# Who of the staff may see each kind of words: product.md, "Who reads what".
STAFF: dict[str, set[str]] = {
    "zqaskfirst": AROUND,
    "zqonlyiro": LEAD,
    "hits me": LEAD,
    "zqhiddenfromworker": LEAD,
    "zqhiddenfromiro": {"worker"},
    "zqhiddenfromduty": AROUND,
    "zqtakenback": AROUND,
    "zqdraft": set(),
    "zqraisedaskfirst": {*AROUND, "duty", "other manager"},
    "zqraisedonlyiro": {*LEAD, "duty", "other manager"},
    "zqraisedhiddenfromduty": AROUND,
    "zqreason": {*LEAD, "duty", "other manager"},
    "zqhiddenreason": LEAD,
    "zqnote": {*LEAD, "duty", "other manager"},
    "zqhowtoreach": {*LEAD, "duty"},
    "zqcarerform": AROUND,
    "zqparentform": AROUND,
    "zqsocialworkerform": {*LEAD, "manager", "worker"},  # the worker: on their own form
    "zqcarername": AROUND,
    "zqparentname": AROUND,
    "zqchildaddress": set(),
    "zqcarerpost": set(),
    "zqsiblingdraft": set(),
    "zqnexthome": {"worker"},
    "zqleaver": {"adviser"},
    "zqkeepintouch": {"adviser", "other manager"},
    "zqworkeranswer": AROUND,
    "zqirosadded": AROUND,
    "zqcomplaintanswer": {"complaints"},
    "zqsiblinganswer": SOUTH,
    "zqescalated": SOUTH,
    "zqpostshown": {"participation", *MANAGERS},
    "zqpostanswer": {"participation", *MANAGERS},
    "zqpostadult": {"participation", *MANAGERS},
    "zqpostwaiting": {"participation"},
    "zqpostdeclined": set(),
    "zqbecause": set(),
    "zqhomename": AROUND,
}
SHOWN = {"zqpostshown", "zqpostanswer"}
OWN_PAST = {
    "zqaskfirst", "zqhiddenfromworker", "zqhiddenfromiro", "zqhiddenfromduty", "zqtakenback",
    "zqnexthome", "zqdraft", "zqraisedaskfirst", "zqraisedhiddenfromduty",
    "zqworkeranswer", "zqirosadded", "zqcomplaintanswer",
}  # fmt: skip
CONTRIBUTORS: dict[str, set[str]] = {
    "child": OWN_PAST | SHOWN,
    "child without the secret": set(),
    "sibling": {"zqsibling", "zqsiblingdraft", *SHOWN, "zqpostwaiting", "zqpostdeclined",
                "zqbecause"},
    "leaver": {"zqleaver", "zqkeepintouch", "zqpostadult"},
    "carer": {"zqcarerform"},
    "parent": {"zqparentform"},
}  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: object) -> Town:
    return build_town(app_session, sqlite_engine)


def count(session: Session, table: type[SQLModel]) -> range:
    """Every id of a table, and one that is not there."""
    number = session.exec(select(func.max(table.id))).one()  # type: ignore[attr-defined]
    session.commit()
    return range(1, (number or 0) + 2)


def guessed(session: Session, town: Town) -> list[str]:
    """The address of everything that has a number, whoever it belongs to."""
    doors = [f"/staff/people/{person}/door" for person in count(session, Person)]
    cards = [f"{door}/{row}/{page}" for door in doors for row in count(session, Contributor)
             for page in ("card", "revoke")]  # fmt: skip
    return [
        *(f"/staff/reading/{row}" for row in count(session, Topic)),
        *(f"/staff/coding/texts/{row}" for row in count(session, Answer)),
        *(f"/staff/{page}" for row in count(session, CodingSample) for page in coding(row)),
        *(f"/staff/asks/{row}" for row in count(session, Ask)),
        *(f"/staff/concerns/{row}" for row in count(session, Concern)),
        *(f"/staff/reviews/{row}" for row in count(session, Review)),
        *(f"/staff/reviews/{row}/{page}" for row in count(session, Review) for page in RECORDS),
        *(f"/staff/{page}" for row in count(session, Review) for page in after(row)),
        *(f"/staff/asks/{row}/dispute" for row in count(session, Ask)),
        *(f"/staff/quotes/{row}/print" for row in count(session, Quote)),
        *(f"/staff/paper/{row}{page}" for row in count(session, PaperSheet) for page in SHEETS),
        *(
            f"/staff/people/{person}/parents/{row}"
            for person in count(session, Person)
            for row in count(session, Contributor)
        ),
        *(f"/staff/homes/{town.home.id}/taps/{person}" for person in count(session, Person)),
        *(f"/staff/people/{person}/private-visit" for person in count(session, Person)),
        *(f"/staff/quotes/new/{row}/{row}" for row in count(session, Topic)),
        *(
            f"/staff/people/{person}/{page}"
            for person in count(session, Person)
            for page in (
                "form",
                "others",
                "next-home",
                "tell/observer",
                "tell/home_ended",
                "parents",
                "way",
                "paper",
            )
        ),
        *doors,
        *cards,
    ]


def coding(row: int) -> list[str]:
    """What stands around one blind sample, and a text of one."""
    return [f"coding-quality/{row}", f"coding/samples/{row}/next", f"coding/blind/{row}"]


def after(review: int) -> list[str]:
    """What stands around one review besides its page and its prints."""
    return [
        *(f"reviews/{review}/{page}" for page in ("after", "asks", "dates")),
        *(f"letters/{review}{page}" for page in ("", "/letter.pdf")),
        f"midpoints/{review}",
    ]


SHEETS = ("", "/sent", "/sheet.pdf")
RECORDS = ("record", "record.txt", "record.pdf", "meeting-sheet.pdf", "iro-only.pdf")
PAGES = (
    "", "account", "accounts", "annual-figures", "annual-figures.csv", "asks", "audit", "calendar",
    "caseload", "code", "codebook", "codebook/money", "coding", "coding-quality", "coding/decided",
    "coding/next", "complaints",
    "confirmations", "digest", "disputes", "duty", "exports",
    "exports/2026/reviews.csv", "exports/2027/reviews.csv", "forum", "imports", "merges",
    "midpoints", "new-themes", "new-themes/1", "not-heard", "outbox", "paper",
    "paper/blank/before-my-review-8-11.pdf",
    "posting", "posting/pile.pdf", "quotes", "reach", "reach/2026H2/looked-after",
    "reach/2026H1/care-leavers", "reach/2026H2/looked-after/tables.csv",
    "reach/2026H1/care-leavers/tables.csv", "reading", "reports", "reports/2026H1",
    "reports/2026H2", "restricted-place", "reviews", "reviews-on-time",
    "reviews-on-time.csv", "shared-words",
)  # fmt: skip
# Opened by no crawl, each for its reason.
NOT_CRAWLED = {
    "/staff/sign-in": "for nobody who is in",
    "/staff/accessibility": "the same for everybody",
    "/staff/calendar/1.ics": "opens by its own token; its lines are held in test_calendar.py",
    "/staff/imports/preview/1": "a file that its one reader uploaded; held in test_previews.py",
}


def test_the_crawl_asks_for_every_page_that_staff_can_open(
    client: TestClient, app_session: Session, sqlite_engine: Engine, settings: Settings, town: Town
) -> None:
    starts = [*(f"/staff/{page}" for page in PAGES), *guessed(app_session, town)]
    _, apps = applications(sqlite_engine, settings)
    paths = {
        route.path for route in declared_routes(apps)
        if route.app == "/staff" and route.method == "GET"
    }  # fmt: skip
    left_out = set()
    for path in paths:
        pattern = re.compile("/staff" + re.sub(r"{[^}]*}", "[^/]+", path.rstrip("/")) + "/?")
        if not any(pattern.fullmatch(address) for address in starts):
            left_out.add("/staff" + re.sub(r"{[^}]*}", "1", path))
    assert left_out == set(NOT_CRAWLED)


@pytest.mark.parametrize("role", [
    "iro", "other iro", "deputy", "worker", "other worker", "adviser", "manager", "other manager",
    "duty", "participation", "complaints", "administrator",
])  # fmt: skip
def test_a_role_sees_just_the_words_that_the_table_gives_it(
    client: TestClient, app_session: Session, town: Town, role: str
) -> None:
    sign_in(client, app_session, town.staff[role])
    starts = [*(f"/staff/{page}" for page in PAGES), *guessed(app_session, town)]
    pages = crawl(client, starts)
    assert len(pages) >= 2
    codes = {
        "child's code": entry.pass_of(app_session, town.case.contributor.id or 0),
        "sibling's code": entry.pass_of(app_session, town.sibling.contributor.id or 0),
        "leaver's code": entry.pass_of(app_session, town.leaver.contributor.id or 0),
    }
    app_session.commit()
    ways_in = {line.code: name for name, line in codes.items() if line is not None}
    assert len(ways_in) == 3
    expected = {marker for marker, roles in STAFF.items() if role in roles}
    expected |= {"zqsibling"} if role in SOUTH else set()
    doors = {"child's code": AROUND, "sibling's code": {"other iro", "other worker"},
             "leaver's code": {"adviser"}}  # fmt: skip
    expected |= {name for name, roles in doors.items() if role in roles}
    found = seen_in(pages, [*STAFF, "zqsibling", *ways_in])
    assert {ways_in.get(marker, marker): where for marker, where in found.items()}.keys() == (
        expected
    ), {marker: where for marker, where in found.items() if marker not in expected}


def own_forms(session: Session) -> list[str]:
    """The address of every form, topic, ask and concern, whoever's it is."""
    rounds, topics = count(session, Consultation), count(session, Topic)
    rows = [f"/me/forms/{one}" for one in rounds]
    below = [f"/me/forms/{one}/{topic}" for one in rounds for topic in topics]
    return [
        *rows,
        *(f"{row}/{page}" for row in rows for page in ("next", "send")),
        *below,
        *(f"{row}/{page}" for row in below for page in ("1", "end", "meeting")),
        *(f"/me/ask/{ask}" for ask in count(session, Ask)),
        *(f"/me/not-safe/{one}{page}" for one in count(session, Concern) for page in ("", "/next")),
        "/me/next-home", "/me/next-home/1", "/me/anything",
        "/me/home", "/me/words", "/me/last-time", "/me/forum", "/me/ask", "/me/not-safe",
        "/me/secret", "/me/secret/new", "/me/secret/forgot", "/me/help", "/me/birthday",
        "/me/quotes",
    ]  # fmt: skip


@pytest.mark.parametrize("who", CONTRIBUTORS)
def test_a_contributor_sees_just_their_own_words(
    client: TestClient, app_session: Session, town: Town, who: str
) -> None:
    if who in ("carer", "parent"):
        enter_adult(client, app_session, getattr(town, who))
    else:
        case = town.case if who.startswith("child") else getattr(town, who)
        enter(client, app_session, case, is_known=who != "child without the secret")
    for one in count(app_session, Consultation):
        client.post(f"/me/forms/{one}/together", data={"beside": "alone"})
    pages = crawl(client, own_forms(app_session))
    assert "/me/home" in pages
    never = ["zqraisedonlyiro", "zqonlyiro", "zqreason", "zqnote"]
    found = seen_in(pages, [*STAFF, "zqsibling", *never])
    found.pop("zqhomename" if who == "carer" else "", None)
    assert found.keys() == CONTRIBUTORS[who], found
