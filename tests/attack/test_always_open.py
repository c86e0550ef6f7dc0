"""What is kept for oneself or told by others is read by those it is for, and by nobody else."""

import re
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.core import clock
from backend.core.access.permissions import Kind, Role
from backend.core.access.policy import SHARED, may_read_shared
from backend.core.access.predicates import Case, Part
from backend.people import queries as people
from backend.people import service as people_service
from backend.placements.models import Home, Placement
from backend.surveys import service as surveys
from backend.surveys.models import NextHomeAnswer, NextHomeShare
from tests.factories import make_contact, make_staff, sign_in
from tests.safeguarding.cases import Around, enter, make_case, stored
from tests.surveys.rounds import enter as enter_adult

WORDS = "zqnexthome I can't stand shouting"


@pytest.fixture
def case(app_session: Session, noon: datetime) -> Around:
    return make_case(app_session)


def write(client: TestClient, session: Session, case: Around) -> None:
    enter(client, session, case)
    answer = client.post("/me/next-home/1", data={"words": WORDS})
    assert answer.status_code == 303, answer.text


def say_yes(client: TestClient, *parts: str) -> None:
    answer = client.post("/me/next-home/share", data={"with": list(parts)})
    assert answer.status_code == 303, answer.text


def opens(client: TestClient, session: Session, case: Around, viewer: object) -> bool:
    client.cookies.clear()
    sign_in(client, session, viewer)  # type: ignore[arg-type]
    page = client.get(f"/staff/people/{case.person_id}/next-home")
    assert ("zqnexthome" in page.text) is (page.status_code == 200)
    listed = client.get("/staff/shared-words")
    if page.status_code == 200:
        assert case.person.known_as in listed.text
    else:
        assert listed.status_code == 404 or case.person.known_as not in listed.text
    return page.status_code == 200


def test_every_part_that_a_child_can_name_has_its_rule() -> None:
    assert set(SHARED) == set(Part)
    stranger = make_stranger()
    assert not may_read_shared(stranger, Case(person_id=1, iro_id=7, worker_id=8), list(Part))


def make_stranger() -> object:
    from backend.core.access.identity import StaffIdentity

    return StaffIdentity(staff_id=99, name="", roles=frozenset(Role), team="North")


def test_words_for_a_next_home_are_read_by_nobody_without_a_yes(
    client: TestClient, app_session: Session, case: Around
) -> None:
    write(client, app_session, case)
    for part in ("iro", "worker", "manager", "duty", "complaints"):
        assert not opens(client, app_session, case, getattr(case, part)), part


@pytest.mark.parametrize(
    ("shared", "readers"),
    [("lead", {"iro"}), ("worker", {"worker"}), ("finds_homes", {"homes"})],
)
def test_a_yes_opens_them_to_the_one_it_names(
    client: TestClient, app_session: Session, case: Around, shared: str, readers: set[str]
) -> None:
    homes = make_staff(app_session, Role.MANAGER, team="Placements and commissioning")
    write(client, app_session, case)
    say_yes(client, shared)
    viewers = {"iro": case.iro, "worker": case.worker, "manager": case.manager, "homes": homes}
    found = {name for name, one in viewers.items() if opens(client, app_session, case, one)}
    assert found == readers


def test_a_yes_taken_back_shuts_them_and_a_change_is_not_shared_by_itself(
    client: TestClient, app_session: Session, case: Around
) -> None:
    write(client, app_session, case)
    say_yes(client, "worker")
    client.post("/me/next-home/1", data={"words": "zqlater"})
    page = client.get("/me/next-home").text
    assert "You changed your words since" in page
    client.cookies.clear()
    sign_in(client, app_session, case.worker)
    shown = client.get(f"/staff/people/{case.person_id}/next-home").text
    assert "zqnexthome" in shown
    assert "zqlater" not in shown
    client.cookies.clear()
    enter(client, app_session, case)
    client.post("/me/next-home/withdraw", data={"part": "worker"})
    assert not opens(client, app_session, case, case.worker)
    (row,) = stored(app_session, NextHomeShare)
    assert row.withdrawn_at is not None


def test_only_the_own_secret_opens_them_to_be_read_again(
    client: TestClient, app_session: Session, case: Around
) -> None:
    write(client, app_session, case)
    enter(client, app_session, case, is_known=False)
    page = client.get("/me/next-home")
    assert page.status_code == 200
    assert "zqnexthome" not in page.text
    assert client.get("/me/next-home/1").status_code == 404
    assert client.post("/me/next-home/1", data={"words": "other"}).status_code == 404
    shared = client.post("/me/next-home/share", data={"with": "lead"})
    assert (shared.status_code, shared.headers.get("location")) == (303, "/me/secret")
    assert stored(app_session, NextHomeShare) == []
    assert [row.value for row in stored(app_session, NextHomeAnswer)] == [WORDS]


def test_another_child_and_a_carer_find_nothing_of_them(
    client: TestClient, app_session: Session, case: Around
) -> None:
    write(client, app_session, case)
    carer = make_contact(app_session, case.person, "carer")
    enter_adult(client, app_session, carer)
    assert client.get("/me/next-home").status_code == 404
    assert client.get("/me/anything").status_code == 404
    enter(client, app_session, make_case(app_session))
    assert "zqnexthome" not in client.get("/me/next-home").text


def test_nobody_added_from_school_learns_where_the_child_lives_or_what_anybody_wrote(
    client: TestClient, app_session: Session, case: Around
) -> None:
    home = Home(home_ref="zqref", name="zqhomename", type_code="U6")
    app_session.add(home)
    app_session.flush()
    app_session.add(
        Placement(
            person_id=case.person_id,
            home_id=home.id or 0,
            started_on=clock.today() - timedelta(days=3),
        )
    )
    make_contact(app_session, case.person, "carer", name="zqcarer")
    surveys.open_rounds(app_session)
    sign_in(client, app_session, case.iro)
    added = client.post(
        f"/staff/people/{case.person_id}/others", data={"name": "Ms Oak", "part": "Teacher"}
    )
    assert added.status_code == 303
    row = people.others_around(app_session, case.person_id)[0]
    app_session.commit()
    client.cookies.clear()
    teacher = people.contributor(app_session, row.contributor_id)
    assert teacher is not None
    assert Kind(teacher.kind) is Kind.OTHER
    enter_adult(client, app_session, teacher)
    page = client.get("/me/home").text
    addresses = re.findall(r'href="(/me/forms/\d+)"', page)
    assert len(addresses) == 1
    first = client.post(addresses[0])
    page += client.get(addresses[0]).text + client.get(first.headers["location"]).text
    assert case.person.known_as in page
    assert "zq" not in page
    assert client.get("/me/next-home").status_code == 404


@pytest.mark.parametrize("part", ["worker", "manager", "duty", "complaints"])
def test_only_the_iro_adds_others(
    client: TestClient, app_session: Session, case: Around, part: str
) -> None:
    sign_in(client, app_session, getattr(case, part))
    address = f"/staff/people/{case.person_id}/others"
    assert client.get(address).status_code == 404
    assert client.post(address, data={"name": "A", "part": "B"}).status_code == 404
    assert people.others_around(app_session, case.person_id) == []


def test_a_reading_of_a_child_is_told_by_those_around_them_and_labelled_as_an_adults(
    client: TestClient, app_session: Session, case: Around
) -> None:
    case.person.communication = "observer"
    surveys.open_rounds(app_session)
    address = f"/staff/people/{case.person_id}/tell/observer"
    sign_in(client, app_session, case.worker)
    page = client.get(address).text
    field = re.findall(r'<textarea[^>]* name="([^"]+)"', page)[0]
    asked = re.findall(r'name="asked" value="([^"]+)"', page)
    sent = client.post(
        address, data={field: "zqreading He smiles at the dog", "asked": asked, "action": "send"}
    )
    assert sent.status_code == 303
    client.cookies.clear()
    for part in ("manager", "duty"):
        sign_in(client, app_session, getattr(case, part))
        assert client.get(address).status_code == 404
        client.cookies.clear()
    sign_in(client, app_session, case.iro)
    summary = client.get(f"/staff/reviews/{case.review.id}").text
    assert "zqreading" in summary
    assert "An adult’s reading" in summary
    assert summary.index("An adult’s reading") < summary.index("zqreading")
    assert not re.search(r"<blockquote[^>]*>[^<]*zqreading", summary)


def test_nobody_is_added_for_a_child_by_name_alone(app_session: Session, case: Around) -> None:
    row = people_service.add_other(app_session, case.iro, case.person_id, name="A", part="B")
    assert people.subject_of(app_session, row) is case.person
