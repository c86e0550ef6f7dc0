"""An adviser's pages of asks speak of a young person and a PA, and never of a child or an IRO."""

import re

import html5lib
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from backend.asks import disputes, service
from backend.asks.kinds import Owner
from backend.asks.models import Ask
from backend.asks.moving import moves_of, owner_changes_of
from tests.factories import sign_in
from tests.safeguarding.cases import Around, make_case

pytestmark = pytest.mark.usefixtures("noon")
NOT_THEIRS = re.compile(
    r"\bIROs?\b|\bchild(ren)?\b|reviewing officer|cafcass|social worker", re.IGNORECASE
)


def said_on(client: TestClient, address: str) -> str:
    """What the main part of a page says; the measure of plain words aside."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    [main] = [one for one in tree.iter() if one.tag == "main"]
    words = " ".join(" ".join(main.itertext()).split())
    return words.replace("A child of nine", "")


def ring_me(session: Session, case: Around) -> int:
    return service.make_ask(session, case.identity(), kind="ring_me").id or 0


def test_no_page_of_a_care_leavers_ask_speaks_of_a_child_or_an_iro(
    client: TestClient, app_session: Session
) -> None:
    case = make_case(app_session, is_leaver=True)
    ask_id = ring_me(app_session, case)
    sign_in(client, app_session, case.adviser)
    addresses = ["/staff/asks", f"/staff/asks/{ask_id}", f"/staff/asks/{ask_id}/dispute"]
    addresses += ["/staff/midpoints", "/staff/disputes"]
    found = {one: NOT_THEIRS.findall(said_on(client, one)) for one in addresses}
    assert found == dict.fromkeys(addresses, [])
    answer = {"words": "I ring on Monday.", "outcome": "yes"}
    assert client.post(f"/staff/asks/{ask_id}/answer", data=answer).status_code == 303
    assert f"{case.person.known_as} can see it since" in said_on(client, f"/staff/asks/{ask_id}")
    disputes.open_dispute(app_session, case.adviser, ask_id, why="No call", with_whom="Ann")
    app_session.commit()
    found = {one: NOT_THEIRS.findall(said_on(client, one)) for one in addresses}
    assert found == dict.fromkeys(addresses, [])


def test_a_pa_is_offered_once_to_pass_on_to_and_never_by_an_iros_name(session: Session) -> None:
    case = make_case(session, is_leaver=True)
    ask_id = ring_me(session, case)
    moves = moves_of(session, case.adviser, ask_id)
    assert set(moves.values()).isdisjoint({"The PA", "The IRO", "The social worker"})
    service.change_owner(session, case.adviser, ask_id, to="manager", why="I am away")
    assert session.get_one(Ask, ask_id).owner_role == Owner.MANAGER
    assert list(moves_of(session, case.manager, ask_id).values()).count("The PA") == 1
    [line] = owner_changes_of(session, ask_id)
    assert (line.from_words, line.to_words) == ("The PA", "The team manager")


def test_a_childs_ask_is_passed_between_their_social_worker_and_their_iro(session: Session) -> None:
    case = make_case(session)
    ask_id = service.make_ask(session, case.identity(), kind="see_worker").id or 0
    assert moves_of(session, case.worker, ask_id)[Owner.LEAD] == "The IRO"
