"""Nothing on a child's screen changes because of what was typed: twins, byte for byte."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape
from sqlalchemy import Engine
from sqlmodel import Session

from backend.app import create_app
from backend.core import database, jobs
from backend.duties import HANDLERS
from backend.people.models import Contributor
from backend.safeguarding.models import Concern, Reading
from backend.settings import Settings
from tests.pages import CheckedClient
from tests.safeguarding.cases import stored
from tests.surveys.rounds import Round, enter, open_round
from tests.surveys.test_pages import fields_of

pytestmark = pytest.mark.usefixtures("noon")
HARMLESS = "My dog is called Biscuit and he likes the park"
WORRYING = "He hits me with a belt every night and I want to die"
AFTERWARDS = ("home", "words", "last-time", "ask", "not-safe", "help", "quotes", "secret/new")


@contextmanager
def twin_of(
    engine: Engine, folder: Path, settings: Settings
) -> Iterator[tuple[TestClient, Engine]]:
    """The same borough once more, to the byte, with a phone of its own."""
    copy = folder / "twin.db"
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    shutil.copy(str(engine.url.database), copy)
    twin = database.open_engine(f"sqlite:///{copy}")
    with CheckedClient(create_app(twin, settings), follow_redirects=False) as phone:
        yield phone, twin
    twin.dispose()


class Diary:
    """Every page that a child sees in writing these words, with the words themselves taken out."""

    def __init__(self, phone: TestClient, words: str) -> None:
        self.phone, self.words, self.pages = phone, words, list[str]()

    def look(self, address: str) -> str:
        """Open a page and follow where it leads."""
        page = self.phone.get(address)
        shown = page.text.replace(str(escape(self.words)), "WORDS").replace(self.words, "WORDS")
        onward = page.headers.get("location", "")
        self.pages.append(f"{address} {page.status_code} {onward} {shown}")
        return self.look(onward) if onward else page.text

    def post(self, address: str, **data: object) -> str:
        """Send a form; where it leads."""
        answer = self.phone.post(address, data=data)
        assert answer.status_code == 303, (address, answer.text)
        self.pages.append(f"POST {address} {answer.headers['location']}")
        return str(answer.headers["location"])

    def answer(self, address: str) -> str:
        """Write the words into the box of a screen, or go on where it has none."""
        page, here = self.look(address), address.split("?")[0]
        box = re.search(r'<textarea[^>]*? name="([^"]+)"', page)
        return self.post(here, **(fields_of(page) | ({box[1]: self.words} if box else {})))


def write(phone: TestClient, engine: Engine, round_: Round, words: str) -> list[str]:
    """One topic from its first question to every page after it was sent and looked at."""
    with Session(engine, expire_on_commit=False) as session:
        owner = session.get_one(Contributor, round_.contributor.id)
        enter(phone, session, owner)
    diary = Diary(phone, words)
    diary.post(f"{round_.address}/together", beside="alone")
    onward = diary.post(round_.address, topics=["feelings"])
    for _ in range(20):
        if onward.split("?")[0].endswith("/end"):
            break
        onward = diary.answer(onward)
        page = phone.get(onward)
        onward = page.headers.get("location", onward)
    topic = onward.split("?")[0].removesuffix("/end")
    diary.look(f"{topic}/end")
    diary.look(diary.post(f"{topic}/end", action="send"))
    diary.look(diary.post(f"{topic}/meeting"))
    jobs.run_all_due(engine, HANDLERS)
    for address in (topic, round_.address, f"{round_.address}/next"):
        diary.look(address)
    for name in AFTERWARDS:
        diary.look(f"/me/{name}")
    diary.look(diary.post(f"{topic}/take-back"))
    return diary.pages


def test_a_worrying_text_and_a_harmless_one_show_the_same_pages(
    client: TestClient,
    app_session: Session,
    sqlite_engine: Engine,
    tmp_path: Path,
    settings: Settings,
) -> None:
    round_ = open_round(app_session)
    app_session.commit()
    with twin_of(sqlite_engine, tmp_path, settings) as (phone, twin):
        harmless = write(client, sqlite_engine, round_, HARMLESS)
        worrying = write(phone, twin, round_, WORRYING)
        with Session(twin, expire_on_commit=False) as session:
            urgencies = [row.urgency for row in stored(session, Reading)]
            assert len(stored(session, Concern)) == 1
    assert len(harmless) > 20
    assert sum("WORDS" in page for page in harmless) >= 2
    assert "now" in urgencies
    assert [row.urgency for row in stored(app_session, Reading)] == ["none"]
    assert len(harmless) == len(worrying)
    for one, other in zip(harmless, worrying, strict=True):
        assert one == other


def foot_alike(foot: str) -> str:
    """A page's foot, whether its buttons take a question's own form along or not."""
    foot = re.sub(r' form="(?:foot|answer)"', "", foot)
    return re.sub(r"<(?:a|button) [^>]*>Help</(?:a|button)>", "Help", foot)


def test_the_help_card_and_the_buttons_are_the_same_on_every_screen(
    client: TestClient, app_session: Session, sqlite_engine: Engine
) -> None:
    round_ = open_round(app_session)
    app_session.commit()
    pages = [page for page in write(client, sqlite_engine, round_, HARMLESS) if "<html" in page]
    parts = set()
    for page in pages:
        card = re.search(
            r'<aside class="reads" aria-labelledby="now-heading">.*?</aside>', page, re.S
        )
        foot = re.search(r"<footer.*?</footer>", page, re.S)
        assert card, page[:60]
        assert foot, page[:60]
        parts.add((card[0], foot_alike(foot[0])))
    assert len(pages) > 15
    assert len(parts) == 1
    [(card, foot)] = parts
    assert "999" in card
    assert "today, before 5 o’clock" in card
    assert 'formaction="/me/not-safe"' in foot
    assert foot.count('formaction="/me/ask"') == 4
    asking = next(page for page in pages if page.startswith("/me/ask "))
    main = asking[asking.index("<main") : asking.index("</main>")]
    assert re.findall(r'name="kind" value="(\w+)"', main) == [
        "see_iro", "see_worker", "advocate", "complaint",
    ]  # fmt: skip
