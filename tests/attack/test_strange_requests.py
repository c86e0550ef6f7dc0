"""Every address of both applications, asked in every clumsy way: never a fault, always a page."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session

from backend.settings import Settings
from tests.architecture.routes import applications, declared_routes
from tests.attack.towns import Town, build_town
from tests.factories import sign_in
from tests.safeguarding.cases import enter

FORM = "application/x-www-form-urlencoded"
TRACES = ("Traceback", "sqlalchemy", "Exception", "/site-packages/")
ENDS = ("/leave", "/lock", "/sign-out", "/account")
# What no keyboard makes, and what some do: kept or refused, but never a fault.
STRANGE = "\0\u202e\ud800 \ud83d\ude00 Z" + "\u0301" * 200
STRANGE += "\U0001f468\u200d\U0001f469\u200d\U0001f467\r\n\t' \"<b>{{7*7}}%s"
NAMES = (
    "asked", "action", "code", "words", "kind", "way", "said", "topics", "beside", "helper",
    "happened", "outcome", "why", "added", "owner", "staff_id", "deputy_id", "decision", "secret",
    "secret_1", "secret_2", "secret_3", "pin", "pin_again", "birthday_day", "birthday_month",
    "word", "email", "password", "roles", "name", "team", "part", "with", "part", "language",
    "speaks", "look", "home", "carers", "people", "number", "when", "instrument", "form",
    "participation_code", "private_talk", "held_on-day", "held_on-month", "held_on-year", "to",
    "first_day-day", "first_day-month", "first_day-year", "edited", "use", "yes", "asked_on-day",
    "asked_on-month", "asked_on-year", "written_on-day", "written_on-month", "written_on-year",
    "most_wanted_0", "most_wanted_0-revision", "most_wanted_0-keep", "answer_id", "languages",
)  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: object) -> Town:
    return build_town(app_session, sqlite_engine)


@pytest.fixture
def addresses(sqlite_engine: Engine, settings: Settings, town: Town) -> list[tuple[str, str]]:
    """Method and address of everything, for things that are there and that are not."""
    _, apps = applications(sqlite_engine, settings)
    found = {
        (one.method, one.app + re.sub(r"{[^}]*}", number, one.path))
        for one in declared_routes(apps)
        if not one.path.endswith(ENDS)
        for number in ("1", "2", "7")
    }
    assert len(found) > 200
    return sorted(found)


def visitors(client: TestClient, session: Session, town: Town, app: str) -> Iterator[str]:
    """Somebody inside, and somebody who only has the other application's cookie."""
    if app == "/me":
        enter(client, session, town.case)
        yield "child"
        client.cookies.clear()
        enter(client, session, town.leaver)
        yield "care leaver"
    else:
        for role in ("iro", "duty", "administrator"):
            client.cookies.clear()
            sign_in(client, session, town.staff[role])
            yield role


def is_kind(answer: Response) -> bool:
    """Whether this is an answer of ours: a page, a file or a way on, and no fault laid open."""
    assert answer.status_code < 500, answer.text
    assert not any(trace in answer.text for trace in TRACES), answer.text[:200]
    kind = answer.headers.get("content-type", "")
    if answer.request.method == "HEAD" or answer.status_code in (204, 303):
        return True
    files = ("application/pdf", "text/csv", "text/calendar", "text/plain", "text/javascript")
    return kind.startswith(("text/html", *files)) or (
        kind.startswith("application/json") and answer.request.url.path in ("/me/here", "/me/queue")
    )


@pytest.mark.parametrize("app", ["/me", "/staff"])
def test_no_way_of_asking_for_a_page_is_a_fault(
    client: TestClient, app_session: Session, town: Town,
    addresses: list[tuple[str, str]], app: str,
) -> None:  # fmt: skip
    ways = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
    query = "?kept=%00&done=%FF&zq=1&zq=2&code=" + "A" * 500 + "&lang=%ED%A0%80&event[]=x"
    places = {address for _, address in addresses if address.startswith(app)}
    for who in visitors(client, app_session, town, app):
        for address in sorted(places):
            for way in ways:
                # No page is looked for in an answer to HEAD, which has none.
                answer = TestClient.request(client, way, address)
                assert is_kind(answer), (who, way, address)
            assert is_kind(client.get(address + query)), (who, address)
            assert is_kind(client.get(address, headers={"HX-Request": "true"})), (who, address)


def bodies() -> Iterator[dict[str, object]]:
    """Bodies that none of our pages sends."""
    yield {"content": b"", "headers": {"Content-Type": FORM}}
    yield {"content": b"x" * 100}
    yield {"json": {"words": "zq", "asked": ["r12.wanted.words"]}}
    yield {"content": b"{", "headers": {"Content-Type": "application/json"}}
    yield {"content": b"--B\r\nnonsense", "headers": {"Content-Type": "multipart/form-data"}}
    yield {
        "content": b'--B\r\nContent-Disposition: form-data; name="words"\r\n\r\ncut off he',
        "headers": {"Content-Type": "multipart/form-data; boundary=B"},
    }
    yield {"files": {"words": ("drawing.png", b"\x89PNG\r\n", "image/png")}}
    everything = "&".join(
        f"{name}={value}" for name in NAMES for value in ("1", "99999999999", "-1", "%00", "x")
    )
    yield {"content": everything.encode(), "headers": {"Content-Type": FORM}}
    strange = STRANGE.encode("utf-8", "surrogatepass")
    yield {
        "content": b"&".join(
            name.encode() + b"=" + b"".join(b"%%%02X" % byte for byte in strange) for name in NAMES
        ),
        "headers": {"Content-Type": FORM},
    }


@pytest.mark.parametrize("app", ["/me", "/staff"])
def test_no_body_that_is_sent_is_a_fault(
    client: TestClient, app_session: Session, town: Town,
    addresses: list[tuple[str, str]], app: str,
) -> None:  # fmt: skip
    every_body = list(bodies())
    for who in visitors(client, app_session, town, app):
        for method, address in addresses:
            if method == "POST" and address.startswith(app):
                for body in every_body:
                    # Words are given back as they came, strange signs too: a browser shows them,
                    # the strict parser of client.post would not.
                    answer = TestClient.request(client, "POST", address, **body)  # type: ignore[arg-type]
                    assert is_kind(answer), (who, address, body)
