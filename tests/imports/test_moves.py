"""A changed worker, IRO or home: who may read, come in and be asked follows the same hour."""

from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from backend.accounts import service as accounts
from backend.accounts.models import Deputy, Staff
from backend.asks import service as asks
from backend.asks.owners import Owners
from backend.core import clock
from backend.core.access.identity import ContributorIdentity, StaffIdentity
from backend.core.access.permissions import Kind, Permission, Role
from backend.core.access.policy import may
from backend.core.access.requires import Denied
from backend.entry import opening_links
from backend.entry import service as entry
from backend.imports import queries
from backend.imports.service import import_people
from backend.paper import queries as paper
from backend.people import queries as people
from backend.people.models import Person
from backend.placements.models import Home
from backend.surveys import private_visits
from backend.surveys import service as surveys
from backend.surveys.models import Consultation
from tests.factories import make_staff, sign_in
from tests.imports.files import PERSON, write_extract

pytestmark = pytest.mark.usefixtures("noon")
CARER = "M1001,carer,Pat Alder,text,07700 900002,yes"
LATER = {"AS_AT": "23/11/2026"}
NEAR = {"next_review": "01/12/2026"}
DENIED = (
    Permission.OPEN_DOOR,
    Permission.READ_SUMMARY,
    Permission.ASK_ALONE,
    Permission.CHOOSE_FORM,
)


def email_of(session: Session, identity: StaffIdentity) -> str:
    return session.get_one(Staff, identity.staff_id).email


def child_of(session: Session) -> Person:
    session.flush()
    session.expire_all()
    return session.exec(select(Person)).one()


class Case:
    """One child with a worker and an IRO, and the colleagues who take over."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.worker, self.next_worker = (make_staff(session, Role.SOCIAL_WORKER) for _ in range(2))
        self.iro, self.next_iro = (make_staff(session, Role.IRO) for _ in range(2))
        self.bring(self.worker, self.iro, contacts=[CARER])

    def bring(
        self,
        worker: StaffIdentity,
        iro: StaffIdentity,
        contacts: list[str] | None = None,
        **cells: str,
    ) -> None:
        named = {
            "worker_email": email_of(self.session, worker),
            "iro_email": email_of(self.session, iro),
        }
        folder = self.folder / str(len(list(self.folder.glob("x*")))).join("x_")
        path = write_extract(folder, NEAR | named | cells, contacts=contacts)
        import_people(self.session, path)
        self.session.flush()

    def move(self, **cells: str) -> None:
        self.bring(self.next_worker, self.next_iro, **(LATER | cells))


@pytest.fixture
def case(session: Session, tmp_path: Path) -> Case:
    return Case(session, tmp_path)


def test_whoever_had_the_case_reads_nothing_from_that_moment_and_the_next_does(
    session: Session, case: Case
) -> None:
    before = people.case_of(child_of(session))
    reads = [one for one in DENIED if may(case.worker, one, before)]
    leads = [one for one in DENIED if may(case.iro, one, before)]
    assert Permission.OPEN_DOOR in reads
    assert Permission.OPEN_DOOR in leads
    case.move()
    today = people.case_of(child_of(session))
    assert not any(may(case.worker, one, today) for one in reads)
    assert not any(may(case.iro, one, today) for one in leads)
    assert all(may(case.next_worker, one, today) for one in reads)
    assert all(may(case.next_iro, one, today) for one in leads)


def test_a_deputy_of_whoever_had_the_case_reads_no_more(session: Session, case: Case) -> None:
    deputy = make_staff(session, Role.IRO)
    today = clock.today()
    session.add(
        Deputy(
            staff_id=case.iro.staff_id,
            deputy_id=deputy.staff_id,
            first_day=today,
            last_day=today,
        )
    )
    session.flush()
    stand_in = accounts.identity_of(session, session.get_one(Staff, deputy.staff_id))
    assert may(stand_in, Permission.OPEN_DOOR, people.case_of(child_of(session)))
    case.move()
    assert not may(stand_in, Permission.OPEN_DOOR, people.case_of(child_of(session)))


def test_an_opening_link_that_the_former_worker_just_made_opens_nothing(
    session: Session, case: Case
) -> None:
    person = child_of(session)
    line = opening_links.make_opening_link(session, case.worker, person.id or 0)
    token = line.url.rpartition("/")[2]
    assert opening_links.find_owner(session, token) is not None
    case.move()
    assert opening_links.find_owner(session, token) is None
    assert opening_links.use_opening_link(session, token) is None
    assert opening_links.use_opening_code(session, line.code) is None


def test_the_childs_own_card_goes_on_opening(session: Session, case: Case) -> None:
    own = people.contributor_of_person(session, child_of(session).id or 0)
    assert own is not None
    card = entry.ensure_pass(session, own.id or 0)
    case.move()
    assert entry.ensure_pass(session, own.id or 0).code == card.code


def test_asks_and_tasks_for_the_next_private_visit_move_with_the_case(
    session: Session, case: Case
) -> None:
    person = child_of(session)
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    child = ContributorIdentity(own.id or 0, Kind.CHILD, person.id, True, 1)
    ask = asks.make_ask(session, child, kind="see_worker")
    owners = Owners(session).of(ask.owner_role, people.case_of(person))
    assert owners == [case.worker.staff_id]
    case.move()
    person = child_of(session)
    owners = Owners(session).of(ask.owner_role, people.case_of(person))
    assert owners == [case.next_worker.staff_id]
    assert private_visits.visit_tasks(session, case.next_worker, person.id or 0) == []
    with pytest.raises(Denied):
        private_visits.visit_tasks(session, case.worker, person.id or 0)


def test_no_sheet_can_be_printed_by_whoever_had_the_case(session: Session, case: Case) -> None:
    surveys.open_rounds(session)
    person = child_of(session)
    assert paper.printable(session, case.worker, person.id or 0)
    case.move()
    child_of(session)
    with pytest.raises(Denied):
        paper.printable(session, case.worker, person.id or 0)
    assert paper.printable(session, case.next_worker, person.id or 0)


def test_the_open_round_stays_the_same_and_is_the_next_iros(session: Session, case: Case) -> None:
    surveys.open_rounds(session)
    before = {row.id for row in session.exec(select(Consultation))}
    case.move()
    surveys.open_rounds(session)
    after = session.exec(select(Consultation)).all()
    assert before
    assert before <= {row.id for row in after}
    assert [row.id for row in people.people_led_by(session, case.next_iro)] == [
        child_of(session).id
    ]
    assert people.people_led_by(session, case.iro) == []


def test_the_former_carer_is_not_asked_about_the_new_home(session: Session, case: Case) -> None:
    person = child_of(session)
    assert "Pat Alder" in [
        line.name for line in people.contributors_around(session, person.id or 0)
    ]
    case.move(home_id="FC2", home_name="Birch household", placement_start="22/11/2026")
    names = [line.name for line in people.contributors_around(session, person.id or 0)]
    assert names == ["Zoë"]
    lately = people.carers_until_lately(session, person.id or 0, clock.today())
    assert [line.name for line in lately] == ["Pat Alder"]
    gone = people.carers_until_lately(session, person.id or 0, date(2027, 1, 6))
    assert gone == []


def test_a_carer_whom_the_list_still_names_stays(session: Session, case: Case) -> None:
    case.bring(case.worker, case.iro, [CARER], home_id="FC2", placement_start="22/11/2026", **LATER)
    around = people.contributors_around(session, child_of(session).id or 0)
    assert [line.name for line in around] == ["Zoë", "Pat Alder"]


def test_a_leaver_who_is_back_in_care_has_an_iro_again(session: Session, tmp_path: Path) -> None:
    iro = make_staff(session, Role.IRO)
    born = {"date_of_birth": "01/06/2009"}
    leaver = born | {"group": "care_leaver", "iro": "", "iro_email": ""}
    import_people(session, write_extract(tmp_path / "a", leaver))
    assert not may(iro, Permission.READ_SUMMARY, people.case_of(child_of(session)))
    back = born | LATER | {"iro_email": email_of(session, iro)}
    report = import_people(session, write_extract(tmp_path / "b", back))
    person = child_of(session)
    assert (person.group, person.left_on) == ("looked_after", None)
    assert report.counts["people"].changed == 1
    own = people.contributor_of_person(session, person.id or 0)
    assert own is not None
    assert own.kind == "child"
    assert may(iro, Permission.READ_SUMMARY, people.case_of(person))


def test_a_child_who_leaves_and_returns_is_the_same_child(session: Session, tmp_path: Path) -> None:
    other = {"child_id": "M2", "id_903": "2", "known_as": "Ravi"}
    import_people(session, write_extract(tmp_path / "a", {}, other))
    first = session.exec(select(Person).where(Person.child_id == "M1001")).one()
    import_people(session, write_extract(tmp_path / "b", other | {"AS_AT": "21/11/2026"}))
    session.expire_all()
    assert people.case_of(first).worker_id is None
    import_people(session, write_extract(tmp_path / "c", LATER, other | LATER))
    session.expire_all()
    again = session.exec(select(Person).where(Person.child_id == "M1001")).one()
    assert (again.id, again.left_on) == (first.id, None)
    assert people.case_of(again).worker_id is not None


def test_the_former_workers_taps_and_pages_are_not_found(
    client: TestClient, app_session: Session, tmp_path: Path, noon: datetime
) -> None:
    case = Case(app_session, tmp_path)
    person = child_of(app_session)
    home = app_session.exec(select(Home)).one()
    pages = [f"/staff/homes/{home.id}/taps/{person.id}", f"/staff/people/{person.id}/door"]
    sign_in(client, app_session, case.worker)
    assert [client.get(page).status_code for page in pages] == [200, 200]
    case.move()
    app_session.commit()
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert PERSON["known_as"] not in client.get("/staff/caseload").text
    sign_in(client, app_session, case.next_worker)
    assert [client.get(page).status_code for page in pages] == [200, 200]


def test_a_child_whose_iro_left_with_nobody_after_them_is_listed_until_somebody_is_named(
    session: Session, case: Case
) -> None:
    administrator = make_staff(session, Role.ADMINISTRATOR)
    assert queries.without_lead(session, administrator) == []
    session.get_one(Staff, case.iro.staff_id).disabled_at = clock.now()
    session.flush()
    assert queries.without_lead(session, administrator) == ["M1001"]
    case.move()
    assert queries.without_lead(session, administrator) == []
    child_of(session).iro_id = None
    session.flush()
    assert queries.without_lead(session, administrator) == ["M1001"]
