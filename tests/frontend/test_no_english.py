"""Whoever reads only Arabic meets no sentence of ours in English, whoever they are."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backend.accounts.models import Staff
from backend.commands.languages import messages
from backend.commands.previews import make_preview
from backend.core.catalogues import catalogue
from backend.people.models import Contact, Contributor, Person
from backend.placements.models import Home
from backend.preferences.models import Preference
from backend.settings import Settings
from backend.surveys.catalogue import instruments
from backend.surveys.models import Consultation
from tests.attack.crawls import LINK, crawl
from tests.attack.test_markers import count, own_forms
from tests.attack.towns import URGENT, Town, build_town
from tests.frontend.left_overs import left_overs, mixed_companions
from tests.frontend.walks import Walk
from tests.pages import CheckedClient
from tests.safeguarding.cases import enter
from tests.surveys.rounds import enter as enter_adult

ARABIC = "ar"
MARKERS = re.compile(r"\b[Zz]q\w+")
OPEN_TO_ALL = (
    "/me/", "/me/birthday", "/me/word", "/me/another-way", "/me/help", "/me/accessibility",
    "/me/privacy", "/me/helping", "/me/no-such-page", "/me/once/used", "/me/o/unknown",
)  # fmt: skip


def names_in(session: Session) -> set[str]:
    """Everybody's and every home's name, which stay as they are."""
    found = {one.name for one in session.exec(select(Staff))}
    found |= {one.name for one in session.exec(select(Contact))}
    found |= {one.known_as for one in session.exec(select(Person))}
    found |= {one.name for one in session.exec(select(Home)) if one.name}
    session.commit()
    return found | {URGENT}


def check(pages: Mapping[str, str], names: Collection[str]) -> None:
    """Fail with each text that has words in Latin letters, and the pages on which it stands."""
    found: dict[str, list[str]] = {}
    for where, page in pages.items():
        assert 'lang="ar" dir="rtl"' in page, where
        for text in left_overs(MARKERS.sub(" ", page), names=names) + mixed_companions(page):
            found.setdefault(text, []).append(where)
    if found:
        raise AssertionError(
            "\n".join(f"{text}    {', '.join(where[:3])}" for text, where in found.items())
        )


def all_speak_arabic(session: Session) -> None:
    """Choose Arabic for everybody."""
    for one in session.exec(select(Contributor)).all():
        row = session.get(Preference, one.id) or Preference(contributor_id=one.id or 0)
        row.language = ARABIC
        session.add(row)
    session.commit()


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: object) -> Town:
    town = build_town(app_session, sqlite_engine)
    all_speak_arabic(app_session)
    return town


def settings_names(settings: Settings) -> set[str]:
    """What a council calls itself and its advocates."""
    return {settings.heard_council, settings.heard_advocacy_name}


@pytest.mark.parametrize(
    "who", ["child", "child without the secret", "sibling", "leaver", "carer", "parent", "worker"]
)
def test_no_page_that_somebody_can_open_has_english_on_it(
    client: TestClient, app_session: Session, town: Town, settings: Settings, who: str
) -> None:
    if who in ("carer", "parent"):
        enter_adult(client, app_session, getattr(town, who))
    elif who == "worker":
        kind = Contributor.kind == "social_worker"
        enter_adult(client, app_session, app_session.exec(select(Contributor).where(kind)).one())
    else:
        case = town.case if who.startswith("child") else getattr(town, who)
        enter(client, app_session, case, is_known=who != "child without the secret")
    for one in count(app_session, Consultation):
        client.post(f"/me/forms/{one}/together", data={"beside": "alone"})
    starts = [*own_forms(app_session), "/me/look", "/me/language", "/me/pages", *OPEN_TO_ALL]
    pages = crawl(client, starts)
    assert len(pages) > 10
    names = names_in(app_session) | settings_names(settings)
    check(pages, names)


def test_nobody_who_is_not_in_meets_english(
    client: TestClient, app_session: Session, town: Town, settings: Settings
) -> None:
    walk = Walk(client)
    for address in OPEN_TO_ALL:
        walk.get(f"{address}?lang=ar")
    for _ in range(8):
        walk.post("/me/?lang=ar", {"code": []}, note="no code")
        client.cookies.clear()
        walk.post("/me/?lang=ar", {"code": ["CDFG-3467"]}, note="wrong code")
        walk.get("/me/birthday?lang=ar")
        for day in ("99", "9"):
            fields = {"birthday_day": [day], "birthday_month": ["3"]}
            walk.post("/me/birthday?lang=ar", fields, note=f"birthday {day}")
    check(walk.pages, settings_names(settings))


@pytest.mark.parametrize("form_id", sorted(instruments()))
def test_every_form_opens_in_arabic_and_is_arabic_to_its_end(
    sqlite_engine: Engine, app_session: Session, settings: Settings, noon: datetime, form_id: str
) -> None:
    app = make_preview(sqlite_engine, settings, instruments()[form_id], language=ARABIC)
    with CheckedClient(app, follow_redirects=False) as client:
        entered = client.get("/")
        assert entered.status_code == 303
        walk = Walk(client)
        first = entered.headers["location"]
        walk.through(f"{first}/1" if first.endswith("next-home") else first)
        for page in list(walk.pages.values()):
            for address in LINK.findall(page):
                if address.startswith(first) and f"GET {address}" not in walk.pages:
                    walk.get(address)
    assert len(walk.pages) >= 4, list(walk.pages)
    names = names_in(app_session) | settings_names(settings)
    check(walk.pages, names)


def test_every_message_has_an_arabic_translation() -> None:
    known = catalogue(ARABIC).messages
    ids = [one.id[0] if isinstance(one.id, tuple | list) else one.id for one in messages()]
    assert [one for one in ids if one not in known] == []
