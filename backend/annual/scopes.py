"""Whose children's counts somebody may see: their own in full, the council's without small ones."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.people import queries as people

MINE, TEAM, COUNCIL = "mine", "team", "council"


@dataclass(frozen=True)
class Scope:
    """Some children, by id; None for all. Small counts are shown only where `is_exact`."""

    key: str
    title: str
    person_ids: frozenset[int] | None
    is_exact: bool

    def holds(self, person_id: int) -> bool:
        """Whether a person's reviews are counted in it."""
        return self.person_ids is None or person_id in self.person_ids


def scopes_for(session: Session, viewer: StaffIdentity) -> list[Scope]:
    """What this viewer may choose among, the nearest first.

    An IRO's are the children whose IRO the case system names today, or named last; a manager's are
    those of the team, and those whose IRO is of the team.
    """
    everybody = people.ever_named(session).values()
    found = []
    if Role.IRO in viewer.roles:
        mine = frozenset(one.id or 0 for one in everybody if one.iro_id == viewer.staff_id)
        found.append(Scope(MINE, "My children", mine, is_exact=True))
    if Role.MANAGER in viewer.roles and viewer.team:
        iros = {
            key
            for key, role, team in accounts.working_roles(session)
            if role == Role.IRO and team == viewer.team
        }
        team = frozenset(
            one.id or 0 for one in everybody if one.team == viewer.team or one.iro_id in iros
        )
        found.append(Scope(TEAM, viewer.team, team, is_exact=True))
    return [*found, Scope(COUNCIL, "The whole council", None, is_exact=False)]


def choose(scopes: list[Scope], key: str) -> Scope | None:
    """The scope with this key; the nearest where none is named; None where it is not theirs."""
    if not key:
        return scopes[0]
    return next((one for one in scopes if one.key == key), None)
