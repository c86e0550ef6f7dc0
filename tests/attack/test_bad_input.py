"""Too much, broken and strange input: a clear answer each time, and no word lost."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.app import create_app
from backend.core.access.permissions import Role
from backend.core.guard import MOST_BYTES
from backend.safeguarding.models import ConcernNote
from backend.settings import Settings
from backend.start import log_plainly
from backend.surveys.models import Answer
from tests.factories import make_staff, sign_in
from tests.safeguarding.cases import enter as enter_case
from tests.safeguarding.cases import make_case, stored
from tests.surveys.rounds import Round, alone, choose, enter, open_round
from tests.surveys.test_pages import fields_of, name_of

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def round_(client: TestClient, app_session: Session, noon: object) -> Round:
    return open_round(app_session)


@pytest.fixture
def first(client: TestClient, app_session: Session, round_: Round) -> str:
    """The address of the first question, with a draft begun."""
    enter(client, app_session, round_.contributor)
    alone(client, round_)
    return choose(client, round_)


def kept(engine: Engine) -> list[Any]:
    """Every answer's value as it lies in the database now."""
    with Session(engine) as session:
        return [row.value for row in session.exec(select(Answer))]


@pytest.mark.parametrize("address", ["/me/", "/staff/sign-in"])
def test_three_megabytes_are_refused_kindly(client: TestClient, address: str) -> None:
    answer = client.post(address, data={"code": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Nothing is lost: go back" in answer.text


def test_three_megabytes_without_a_length_are_refused_too(client: TestClient, first: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"asked=r12.wanted.words&most_wanted_0="
        for _ in range(60):
            yield b"x" * 50_000

    answer = client.post(first, content=chunks(), headers={"Content-Type": FORM})
    assert answer.status_code == 413
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "9" * 5000, "²"])
def test_a_length_that_is_none_is_no_fault_of_ours(client: TestClient, length: str) -> None:
    headers = {b"Content-Length": length.encode(), b"Content-Type": FORM.encode()}
    answer = client.post("/me/", content=b"code=A", headers=headers)
    assert answer.status_code in (303, 400, 413)


def test_many_fields_are_refused_kindly_and_change_nothing(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    for many in ({"data": {f"f{n}": "x" for n in range(3000)}},
                 {"files": {f"f{n}": (None, "x") for n in range(600)}}):  # fmt: skip
        answer = client.post(first, **many)
        assert answer.status_code == 413
        assert "Nothing is lost" in answer.text
    assert kept(sqlite_engine) == []


@pytest.mark.parametrize("letter", ["x", "ש", "😀"])
@pytest.mark.parametrize("is_multipart", [True, False])
def test_two_hundred_thousand_characters_are_kept_to_the_last(
    client: TestClient, sqlite_engine: Engine, first: str, letter: str, is_multipart: bool
) -> None:
    page = client.get(first).text
    sent = fields_of(page) | {name_of(page): letter * 200_000}
    assert len(quote(letter * 200_000)) < MOST_BYTES
    files = {key: (None, text) for key, text in sent.items()}
    answer = client.post(first, files=files) if is_multipart else client.post(first, data=sent)
    assert answer.status_code == 303
    assert kept(sqlite_engine) == [letter * 200_000]


def test_a_longer_text_comes_back_in_the_page_and_the_draft_stays(
    client: TestClient, sqlite_engine: Engine, first: str
) -> None:
    page = client.get(first).text
    client.post(first, data=fields_of(page) | {name_of(page): "I want a dog"})
    page = client.get(first).text
    longer = "😀" * 300_000  # more than a part of a form may have by itself
    sent = fields_of(page) | {name_of(page): longer}
    answer = client.post(first, files={key: (None, text) for key, text in sent.items()})
    assert answer.status_code == 422
    assert longer in answer.text
    assert kept(sqlite_engine) == ["I want a dog"]


RAW = {
    "nul": (b"I%00want", "I\0want"),
    "invalid utf-8": (b"I%FF%FEwant", None),
    "cut off": (b"I want %F0%9F%98", None),
    "surrogates as utf-8": (b"I%ED%A0%80want", None),
    "cesu-8": (b"I%ED%A0%BD%ED%B8%80want", None),
    "overlong": (b"I%C0%AFwant", None),
    "broken escape": (b"I want 50%", "I want 50%"),
    "raw bytes": (b"I\xffwant", None),
    "bom": (b"%EF%BB%BFI want", "\ufeffI want"),
    "non-characters": (b"I%EF%BF%BEwant", "I\ufffewant"),
}


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_text_are_kept_as_far_as_they_are_one(
    client: TestClient, sqlite_engine: Engine, first: str, name: str
) -> None:
    body, exactly = RAW[name]
    field = name_of(client.get(first).text).encode()
    answer = client.post(
        first,
        content=b"asked=r12.wanted.words&" + field + b"=" + body,
        headers={"Content-Type": FORM},
    )
    assert answer.status_code == 303
    (value,) = kept(sqlite_engine)
    assert value == exactly if exactly else value.startswith("I")
    assert value.endswith(("want", "50%")) or name == "cut off"
    assert client.get(first).status_code == 200


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-16", "utf-7", "nonsense", "idna"])
def test_a_form_in_a_strange_alphabet_is_no_fault_of_ours(
    client: TestClient, sqlite_engine: Engine, first: str, charset: str
) -> None:
    field = name_of(client.get(first).text)
    parts = {"asked": "r12.wanted.words", field: "I want \\ud800 a dog"}
    body = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in parts.items()
    )
    answer = client.post(
        first,
        content=f"{body}--B--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary=B; charset={charset}"},
    )
    assert answer.status_code in (303, 413, 422)
    assert client.get(first).status_code == 200


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "2147483648", "0", "abc", "%00",
                                    "1e3", "٣", "9" * 5000])  # fmt: skip
def test_an_address_with_no_number_of_ours_is_not_found(
    client: TestClient, app_session: Session, noon: object, number: str
) -> None:
    case = make_case(app_session)
    enter_case(client, app_session, case)
    for address in ("ask/{}", "not-safe/{}", "not-safe/{}/next", "forms/{}", "forms/1/{}/1",
                    "forms/{}/1/1"):  # fmt: skip
        assert client.get(f"/me/{address.format(number)}").status_code == 404, address
    assert client.post(f"/me/asks/{number}", data={"happened": "yes"}).status_code == 404
    assert client.post(f"/me/forum/{number}/vote").status_code in (404, 422)
    sign_in(client, app_session, make_staff(app_session, *Role))
    for address in ("reading/{}", "asks/{}", "concerns/{}", "reviews/{}", "people/{}/door",
                    "people/1/door/{}/card", "homes/{}/taps/1", "homes/1/taps/{}"):  # fmt: skip
        answer = client.get(f"/staff/{address.format(number)}")
        assert answer.status_code == 404, address
        assert answer.headers["content-type"].startswith("text/html")


def test_a_note_with_a_nul_is_kept_exactly(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    enter_case(client, app_session, case)
    client.post("/me/not-safe")
    client.cookies.clear()
    sign_in(client, app_session, case.duty)
    answer = client.post("/staff/concerns/1/notes", data={"words": "Rang\0 twice\u2028 🙂"})
    assert answer.status_code == 303
    assert stored(app_session, ConcernNote)[0].words == "Rang\0 twice\u2028 🙂"


def test_a_fault_of_ours_says_so_and_keeps_the_headers(
    sqlite_engine: Engine,
    app_session: Session,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_plainly()
    app = create_app(sqlite_engine, settings)
    with app_session.connection() as connection:
        connection.exec_driver_sql("DROP TABLE entry_opening_link")
        connection.commit()
    app_session.rollback()
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/me/once/zqtoken")
    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    told = capsys.readouterr()
    structlog.reset_defaults()
    assert "OperationalError" in told.err
    assert "zqtoken" not in told.out + told.err + answer.text


def test_a_participation_code_is_one_of_the_list(client: TestClient, app_session: Session) -> None:
    case = make_case(app_session)
    sign_in(client, app_session, case.iro)
    day = {"held_on-day": "20", "held_on-month": "11", "held_on-year": "2026"}
    answer = client.post(
        f"/staff/reviews/{case.review.id}/after",
        data=day | {"participation_code": "zqwords", "private_talk": "done", "do": "confirm"},
    )
    assert answer.status_code == 422
