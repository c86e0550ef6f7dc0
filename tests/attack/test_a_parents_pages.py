"""Everything that a parent can reach, and everything sent or handed to them: never the home, the
carers, the school, the area, the meeting's place, the other parent, or a word of the child's."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backend.messaging import service as messaging
from backend.messaging.models import Message
from backend.people import queries as people
from backend.people import service as people_service
from backend.people.models import Person
from backend.placements.models import Home, Provider
from backend.reviews.models import Review
from backend.surveys import service as surveys
from backend.surveys.models import Consultation
from tests.attack.crawls import ENDS, crawl, seen_in
from tests.attack.test_markers import STAFF
from tests.attack.towns import Town, build_town
from tests.factories import make_contact, sign_in
from tests.printed import words_of
from tests.surveys.rounds import enter

# What the parent wrote themselves, and the name by which they are greeted.
THEIRS = {"zqparentform", "zqparentname"}
NEVER = [
    *(set(STAFF) - THEIRS),
    "zqhomename", "zqhomeref", "zqprovider", "zqteam", "zqschool", "zqteacher", "zqplace",
    "zqsecondparent", "zqcarername", "zqcarerpost", "zqchildaddress", "zqwhy", "zqsibling",
    "zqethnicity", "zqaddress",
]  # fmt: skip


@pytest.fixture
def town(client: TestClient, app_session: Session, sqlite_engine: Engine, noon: datetime) -> Town:
    """The small town, with a marker on each thing that a parent must not learn."""
    town = build_town(app_session, sqlite_engine)
    person = app_session.get_one(Person, town.case.person_id)
    person.team, person.ethnicity, person.address = "zqteam", "zqethnicity", "zqaddress"
    provider = Provider(urn="SC1", name="zqprovider")
    app_session.add(provider)
    app_session.flush()
    app_session.get_one(Home, town.home.id).provider_id = provider.id
    review = app_session.get_one(Review, town.case.review.id)
    review.meeting_at = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    review.meeting_place = "zqplace"
    make_contact(app_session, person, "parent", name="zqsecondparent", invite="no")
    people_service.add_other(
        app_session, town.case.iro, person.id or 0, name="zqteacher", part="zqschool"
    )
    line = next(
        one
        for one in people.parents_of(app_session, [person.id or 0])
        if one.contributor_id == town.parent.id
    )
    people_service.decide_invite(
        app_session, town.case.iro, line, invite="yes", reason="zqwhy", look_again_on=None
    )
    surveys.open_rounds(app_session)
    app_session.commit()
    return town


def pages_of_parent(client: TestClient, session: Session, town: Town) -> dict[str, str]:
    """Every page that links and guesses lead to, and each answer to a wrong or an empty post."""
    rounds = [
        row.id or 0
        for row in session.exec(select(Consultation)).all()
        if row.person_id == town.case.person_id
    ]
    enter(client, session, town.parent)
    for one in rounds:
        client.post(f"/me/forms/{one}", data={"topics": ["most_wanted"]})
    ends = ("", "/offline", "/next", "/send")
    starts = [f"/me/forms/{one}{end}" for one in rounds for end in ends]
    starts += ["/me/home", "/me/words", "/me/look", "/me/privacy", "/me/last-time", "/me/none"]
    pages = crawl(client, starts)
    wrong = {"action": "send", "topics": "zqforged", "beside": "home"}
    for address in sorted({*starts, *pages} - set(ENDS)):
        pages[f"POST {address}"] = client.post(address, data=wrong).text
    return pages


def test_no_page_of_a_parents_shows_what_they_must_not_learn(
    client: TestClient, app_session: Session, town: Town
) -> None:
    pages = pages_of_parent(client, app_session, town)

    assert "/me/home" in pages
    assert any("Monday 30 November" in text for text in pages.values())
    assert town.case.iro.name in " ".join(pages.values())
    found = seen_in(pages, NEVER)
    assert found == {}


def test_no_message_to_a_parent_shows_it_either(app_session: Session, town: Town) -> None:
    for occasion in ("invitation", "reminder", "meeting_changed", "answer", "urgent"):
        messaging.write(
            app_session,
            key=f"attack:{occasion}",
            occasion=occasion,
            contributor_id=town.parent.id,
        )
    rows = app_session.exec(
        select(Message).where(col(Message.contributor_id) == town.parent.id)
    ).all()

    assert len(rows) == 5
    texts = {row.key: f"{row.subject} {row.words}" for row in rows}
    assert seen_in(texts, [*NEVER, "zqchildname", "zqparentname"]) == {}


def test_neither_does_the_paper_or_the_card_that_a_worker_hands_to_them(
    client: TestClient, app_session: Session, town: Town
) -> None:
    sign_in(client, app_session, town.staff["worker"])
    here = f"/staff/people/{town.case.person_id}"
    client.post(f"{here}/door/{town.parent.id}/code")
    card = client.get(f"{here}/door/{town.parent.id}/card")
    rounds = app_session.exec(
        select(Consultation).where(
            Consultation.person_id == town.case.person_id,
            Consultation.moment == "before_review",
        )
    ).all()
    app_session.commit()
    printed = client.post(
        f"{here}/paper",
        data={
            "contributor_id": str(town.parent.id),
            "consultation_id": str(rounds[0].id),
            "language": "en",
        },
    )

    assert (card.status_code, printed.status_code) == (200, 303)
    sheet = client.get(printed.headers["location"])
    texts = {"card": _words(card.content, card.text), "sheet": _words(sheet.content, "")}
    assert "zqchildname" in texts["sheet"]
    assert seen_in(texts, NEVER) == {}


def _words(body: bytes, text: str) -> str:
    if not body.startswith(b"%PDF"):
        return text
    return words_of(body)
