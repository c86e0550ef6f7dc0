"""Small steps that the tests of the way in share: a young person with a code, and coming in."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session

from backend.entry import service
from backend.entry.queries import PassLine
from backend.people import queries as people
from backend.people.models import Contributor, Person
from tests.factories import make_person

BIRTHDAY = {"birthday_day": "9", "birthday_month": "3"}  # of the factories' young people
OTHER_DAY = {"birthday_day": "10", "birthday_month": "3"}
PICTURES = {"kind": "pictures", "secret_1": "moon", "secret_2": "key", "secret_3": "boat"}
OTHERS = {"kind": "pictures", "secret_1": "fish", "secret_2": "key", "secret_3": "boat"}


def make_young_person(session: Session, **values: Any) -> tuple[Person, Contributor, PassLine]:
    """A young person as a contributor with a live code."""
    person = make_person(session, **values)
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    return person, own, service.ensure_pass(session, own.id or 0)


def path_of(url: str) -> str:
    """An address without its host."""
    return url.replace("http://127.0.0.1:8000", "")


def come_in(client: TestClient, line: PassLine) -> Response:
    """Come in as a letter says: code, then birthday."""
    typed = client.post("/me/", data={"code": line.code})
    assert typed.headers["location"] == "/me/birthday"
    return client.post("/me/birthday", data=BIRTHDAY)
