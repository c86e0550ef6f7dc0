"""Two children whom the case system made one: a person decides; nothing is lost or doubled."""

from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.asks.models import Ask
from backend.core.access.permissions import Role
from backend.entry.models import Pass
from backend.imports import service
from backend.imports.merge_decisions import NotTheirs, waiting_merges
from backend.imports.models import Proposal
from backend.imports.service import import_people, undo_last
from backend.people.models import Contact, Contributor, Person
from backend.preferences.models import Preference
from backend.reviews.models import Review
from backend.surveys.models import (
    Answer,
    Consultation,
    NextHomeAnswer,
    NextHomeAside,
    Response,
    Topic,
)
from tests.factories import make_staff, sign_in
from tests.imports.files import dump, write_extract

pytestmark = pytest.mark.usefixtures("noon")
OTHER = {"child_id": "M2", "home_id": "FC2", "next_review": "12/12/2026"}
LATER = {"AS_AT": "22/11/2026"}
CARERS = ["M1001,carer,Pat Alder,text,07700 900002,yes", "M2,carer,PAT  ALDER,text,,yes"]
TOLD = ("audit_event", "import_run", "import_row_before", "sqlite_sequence", "job", "proposal")


def person_of(session: Session, child_id: str) -> Person:
    return session.exec(select(Person).where(Person.child_id == child_id)).one()


def own_contributor(session: Session, child_id: str) -> int:
    person = person_of(session, child_id)
    row = session.exec(select(Contributor).where(Contributor.person_id == person.id)).one()
    return row.id or 0


def live(session: Session, child_id: str, words: str, moment: datetime) -> None:
    """What a child leaves in Heard: an answer before the review, an ask, a card, own choices."""
    person, mine = person_of(session, child_id), own_contributor(session, child_id)
    review = session.exec(select(Review).where(Review.person_id == person.id)).one()
    round_ = Consultation(
        person_id=person.id or 0,
        moment="review",
        review_id=review.id,
        opens_on=date(2026, 11, 20),
        closes_on=date(2026, 12, 20),
        key=f"review:{review.id}",
    )
    session.add(round_)
    session.flush()
    response = Response(
        consultation_id=round_.id or 0,
        contributor_id=mine,
        instrument_id="review_11_17",
        instrument_version=1,
        audience="child_11_17",
        begun_at=moment,
    )
    session.add(response)
    session.flush()
    topic = Topic(
        response_id=response.id or 0,
        topic_id="home",
        begun_at=moment,
        kept_at=moment,
        sent_at=moment,
    )
    session.add(topic)
    session.flush()
    session.add(
        Answer(topic_row_id=topic.id or 0, question_id="home_words", value=words, saved_at=moment)
    )
    session.add(
        Ask(
            person_id=person.id or 0,
            contributor_id=mine,
            review_id=review.id,
            topic_row_id=topic.id,
            kind="other",
            words=f"ask of {words}",
            owner_role="worker",
            asked_at=moment,
            due_on=date(2026, 12, 1),
        )
    )
    session.add(
        Pass(
            contributor_id=mine,
            code_index=words,
            code=words,
            link_hash=words,
            link=words,
            made_on=date(2026, 11, 20),
            expires_on=date(2027, 11, 20),
        )
    )
    session.add(Preference(contributor_id=mine))
    session.add(
        NextHomeAnswer(
            contributor_id=mine,
            instrument_id="next_home",
            question_id="like",
            value=f"I like {words}",
            written_at=moment,
        )
    )
    session.flush()


@pytest.fixture
def proposed(session: Session, tmp_path: Path, noon: datetime) -> Proposal:
    """Two children who were one: the extract names the first alone, and Heard asks a person."""
    import_people(session, write_extract(tmp_path / "a", {}, OTHER, contacts=CARERS))
    live(session, "M1001", "drums", noon)
    live(session, "M2", "trains", noon)
    report = import_people(session, write_extract(tmp_path / "b", LATER))
    assert report.proposals == ["extract.csv: two children here are likely one"]
    return session.exec(select(Proposal).where(Proposal.kind == "merge")).one()


def decide(session: Session, proposal: Proposal, decision: str) -> None:
    """One person asks, and a second confirms; a no needs one alone."""
    administrator = make_staff(session, Role.ADMINISTRATOR)
    service.decide_proposal(session, administrator, proposal.id or 0, decision=decision)
    if decision == "accepted":
        second = make_staff(session, Role.MANAGER)
        service.confirm_merge(session, second, proposal.id or 0, is_yes=True)
    session.flush()
    session.expire_all()


def test_nobody_leaves_until_a_person_has_decided(session: Session, proposed: Proposal) -> None:
    assert person_of(session, "M2").left_on is None


def test_after_a_yes_the_words_asks_and_doors_of_both_stand_under_one(
    session: Session, proposed: Proposal
) -> None:
    decide(session, proposed, "accepted")
    person, mine = session.exec(select(Person)).one(), own_contributor(session, "M1001")
    assert {row.value for row in session.exec(select(Answer))} == {"drums", "trains"}
    review = session.exec(select(Review)).one()
    round_ = session.exec(select(Consultation)).one()
    assert (round_.person_id, round_.review_id) == (person.id, review.id)
    response = session.exec(select(Response)).one()
    assert response.contributor_id == mine
    assert {row.response_id for row in session.exec(select(Topic))} == {response.id}
    asks = session.exec(select(Ask)).all()
    assert {(row.person_id, row.contributor_id, row.review_id) for row in asks} == {
        (person.id, mine, review.id)
    }
    assert len(asks) == 2
    assert [row.contributor_id for row in session.exec(select(Pass))] == [mine, mine]
    carers = session.exec(select(Contact)).all()
    assert [row.person_id for row in carers] == [person.id]


def test_two_answers_about_the_next_home_are_laid_beside_each_other(
    session: Session, proposed: Proposal
) -> None:
    decide(session, proposed, "accepted")
    mine = own_contributor(session, "M1001")
    stands = session.exec(select(NextHomeAnswer)).one()
    aside = session.exec(select(NextHomeAside)).one()
    assert (stands.value, stands.contributor_id) == ("I like drums", mine)
    assert (aside.value, aside.contributor_id) == ("I like trains", mine)


def test_a_merge_is_undone_byte_for_byte(session: Session, proposed: Proposal) -> None:
    before = {name: rows for name, rows in dump(session).items() if name not in TOLD}
    decide(session, proposed, "accepted")
    done = undo_last(session, "command")
    after = {name: rows for name, rows in dump(session).items() if name not in TOLD}
    made = "staff", "staff_role", "staff_session"
    assert done.left == []
    assert {name: rows for name, rows in after.items() if name not in made} == {
        name: rows for name, rows in before.items() if name not in made
    }


def test_after_a_no_the_child_whom_nobody_names_leaves_with_the_next_extract(
    session: Session, proposed: Proposal, tmp_path: Path
) -> None:
    decide(session, proposed, "declined")
    assert len(session.exec(select(Person)).all()) == 2
    report = import_people(session, write_extract(tmp_path / "c", LATER))
    assert report.proposals == []
    assert person_of(session, "M2").left_on == date(2026, 11, 22)


def test_the_next_extract_finds_one_child_and_changes_nothing(
    session: Session, proposed: Proposal, tmp_path: Path
) -> None:
    decide(session, proposed, "accepted")
    path = write_extract(tmp_path / "c", LATER)
    import_people(session, path)
    assert not import_people(session, path).is_changed
    assert len(session.exec(select(Person)).all()) == 1


def test_twins_with_other_names_and_numbers_are_never_proposed(
    session: Session, tmp_path: Path
) -> None:
    twin = OTHER | {"id_903": "90399", "known_as": "Max"}
    import_people(session, write_extract(tmp_path / "a", {}, twin))
    assert import_people(session, write_extract(tmp_path / "b", LATER)).proposals == []
    assert person_of(session, "M2").left_on == date(2026, 11, 22)


def test_one_persons_yes_puts_nothing_together(session: Session, proposed: Proposal) -> None:
    first = make_staff(session, Role.ADMINISTRATOR)
    service.decide_proposal(session, first, proposal_id := proposed.id or 0, decision="accepted")
    assert {row.child_id for row in session.exec(select(Person))} == {"M1001", "M2"}
    with pytest.raises(NotTheirs):
        service.confirm_merge(session, first, proposal_id, is_yes=True)
    with pytest.raises(service.ProposalRefused):
        service.decide_proposal(session, first, proposal_id, decision="accepted")
    assert {row.child_id for row in session.exec(select(Person))} == {"M1001", "M2"}
    assert proposed.decision is None


def test_nobody_confirms_what_was_not_asked_for(session: Session, proposed: Proposal) -> None:
    with pytest.raises(NotTheirs):
        service.confirm_merge(
            session, make_staff(session, Role.MANAGER), proposed.id or 0, is_yes=True
        )
    assert len(session.exec(select(Person)).all()) == 2


@pytest.mark.parametrize("child_id", ["M1001", "M2"])
def test_nobody_confirms_a_merge_that_lets_them_read_more(
    session: Session, proposed: Proposal, child_id: str
) -> None:
    around = make_staff(session, Role.MANAGER, Role.SOCIAL_WORKER)
    person_of(session, child_id).worker_id = around.staff_id
    first = make_staff(session, Role.ADMINISTRATOR)
    service.decide_proposal(session, first, proposed.id or 0, decision="accepted")
    assert waiting_merges(session, around) == []
    with pytest.raises(NotTheirs):
        service.confirm_merge(session, around, proposed.id or 0, is_yes=True)


def test_after_an_undo_two_people_are_asked_again_and_nobody_leaves_meanwhile(
    session: Session, proposed: Proposal, tmp_path: Path
) -> None:
    decide(session, proposed, "accepted")
    undo_last(session, "command")
    session.expire_all()
    assert proposed.decision is None
    assert "agreed_by" not in proposed.details
    import_people(session, write_extract(tmp_path / "c", LATER))
    assert person_of(session, "M2").left_on is None
    decide(session, proposed, "accepted")
    assert len(session.exec(select(Person)).all()) == 1


def test_a_second_persons_no_keeps_both(session: Session, proposed: Proposal) -> None:
    first, second = make_staff(session, Role.ADMINISTRATOR), make_staff(session, Role.MANAGER)
    service.decide_proposal(session, first, proposed.id or 0, decision="accepted")
    service.confirm_merge(session, second, proposed.id or 0, is_yes=False)
    assert proposed.decision == "declined"
    assert len(session.exec(select(Person)).all()) == 2


def test_the_page_asks_and_a_second_person_merges(
    client: TestClient, app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    first = make_staff(app_session, Role.ADMINISTRATOR)
    second = make_staff(app_session, Role.MANAGER)
    sign_in(client, app_session, first)
    import_people(app_session, write_extract(tmp_path / "a", {}, OTHER))
    import_people(app_session, write_extract(tmp_path / "b", LATER))
    proposal = app_session.exec(select(Proposal)).one()
    number = proposal.id
    app_session.commit()
    assert "Children M1001 and M2" in client.get("/staff/imports").text
    address = f"/staff/imports/proposals/{number}"
    assert client.post(address, data={"decision": "accepted"}).status_code == 303
    assert f"{first.name} said that they are one child." in client.get("/staff/imports").text
    assert "No merge waits for you." in client.get("/staff/merges").text
    assert client.post(f"/staff/merges/{number}", data={"decision": "yes"}).status_code == 404
    sign_in(client, app_session, second)
    page = client.get("/staff/merges").text
    assert "Children M1001 and M2" in page
    assert first.name in page
    assert client.post(f"/staff/merges/{number}", data={"decision": "yes"}).status_code == 303
    assert "The two records are one now." in client.get("/staff/merges?done=yes").text
    app_session.expire_all()
    assert [row.child_id for row in app_session.exec(select(Person))] == ["M1001"]
    app_session.rollback()
    sign_in(client, app_session, first)
    assert "Two records made one" in client.get("/staff/imports").text
