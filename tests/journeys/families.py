"""Heard served with one young person of any age and the staff around them, for one journey."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import Session

from backend.accounts.models import Staff
from backend.core import clock
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.entry import service as entry
from backend.reviews.models import Review
from tests.factories import PASSWORD, make_contact, make_staff
from tests.journeys.demos import PATIENCE_MS
from tests.offline.served import Served
from tests.surveys.rounds import Round, open_round

# Makes a small phone of its own for a family; a laptop on which one of its staff is signed in.
Phone = Callable[..., Page]
Desk = Callable[["Family", str], Page]


@dataclass(frozen=True)
class Family:
    """A young person with an open form, their way in, and who stands around them."""

    base_url: str
    engine: Engine
    round: Round
    door: dict[str, Any]
    names: dict[str, str]
    accounts: dict[str, dict[str, str]]

    @property
    def person_id(self) -> int:
        return self.round.person.id or 0

    @property
    def review_page(self) -> str:
        """Where the one page before the review is read."""
        return f"/staff/reviews/{self.round.consultation.review_id}"


def born(years: int) -> date:
    """The birthday of somebody who turned that old forty days ago."""
    return clock.today() - timedelta(days=round(365.25 * years) + 40)


def move_in(served: Served, years: int, **values: Any) -> Family:
    """A child looked after of that age joins a served Heard, with a review in eight days."""
    with Session(served.engine, expire_on_commit=False) as session:
        return _settle(served, session, open_round(session, date_of_birth=born(years), **values))


def move_out(served: Served, years: int) -> Family:
    """A care leaver of that age, with an adviser whose manager is known."""
    with Session(served.engine, expire_on_commit=False) as session:
        adviser = make_staff(session, Role.PERSONAL_ADVISER, team="Leaving care")
        manager = make_staff(session, Role.MANAGER, team="Leaving care")
        around = {"iro_id": None, "worker_id": None, "team": "Leaving care"}
        round_ = open_round(
            session,
            date_of_birth=born(years),
            group="care_leaver",
            personal_adviser_id=adviser.staff_id,
            **around,
        )
        session.get_one(Review, round_.consultation.review_id).kind = "pathway"
        return _settle(served, session, round_, adviser=adviser, manager=manager)


def _settle(served: Served, session: Session, round_: Round, **others: StaffIdentity) -> Family:
    line = entry.ensure_pass(session, round_.contributor.id or 0)
    staff = {"iro": round_.iro, "worker": round_.worker, **others}
    rows = {part: session.get_one(Staff, one.staff_id) for part, one in staff.items()}
    session.commit()
    day = round_.person.date_of_birth
    return Family(
        base_url=served.base_url,
        engine=served.engine,
        round=round_,
        door={
            "code": line.code,
            "link": urlsplit(line.link_url).path,
            "birthday": f"{day.day}/{day.month}",
        },
        names={part: row.name for part, row in rows.items()},
        accounts={
            part: {"email": row.email, "password": PASSWORD, "name": row.name}
            for part, row in rows.items()
        },
    )


def hire(family: Family, part: str, *roles: Role, team: str = "") -> StaffIdentity:
    """A colleague with these roles joins, and signs in as that part."""
    with Session(family.engine, expire_on_commit=False) as session:
        made = make_staff(session, *roles, team=team)
        row = session.get_one(Staff, made.staff_id)
        family.accounts[part] = {"email": row.email, "password": PASSWORD, "name": row.name}
        session.commit()
    return made


def add_contact(family: Family, kind: str) -> dict[str, str]:
    """A carer or parent of the child, with a link of their own: their way in."""
    with Session(family.engine, expire_on_commit=False) as session:
        contributor = make_contact(session, family.round.person, kind, invite="yes")
        link = entry.ensure_pass(session, contributor.id or 0).link_url
        session.commit()
    return {"link": urlsplit(link).path}


def open_page(browser: Browser, family: Family, **options: Any) -> Page:
    """A page in a browser profile of its own."""
    context = browser.new_context(base_url=family.base_url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()
