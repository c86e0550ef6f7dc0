"""Finds who owns an ask today, so that none is ever without an owner."""

from functools import cached_property

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.asks.kinds import Owner
from backend.core.access.permissions import Role
from backend.core.access.predicates import FINDING_HOMES, Case


class Owners:
    """Owners of asks by their part in a case; asks the accounts once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[int, str] = {}

    def names_of(self, staff_ids: set[int]) -> dict[int, str]:
        """Names by id; each colleague is looked up once, however many asks are theirs."""
        self._names |= accounts.names_of(self._session, staff_ids - self._names.keys())
        return {key: self._names[key] for key in staff_ids if key in self._names}

    def of(self, owner: str, case: Case) -> list[int]:
        """Ids of the staff who own it: whoever is named, else the team's manager, else duty."""
        named = self._named(Owner(owner), case)
        return (
            named
            or self._team_managers(case)
            or self._holders_of(Role.DUTY_READER)
            or (self._holders_of(Role.MANAGER))
        )

    def _named(self, owner: Owner, case: Case) -> list[int]:
        if owner is Owner.WORKER:
            worker = case.personal_adviser_id if case.is_care_leaver else case.worker_id
            return self._working(worker or case.worker_id or case.personal_adviser_id)
        if owner is Owner.LEAD:
            return self._working(case.personal_adviser_id if case.is_care_leaver else case.iro_id)
        if owner is Owner.DUTY:
            return self._holders_of(Role.DUTY_READER)
        managers = self._holders_of(Role.MANAGER)
        if owner is Owner.PLACEMENTS:
            return self._finding_homes()
        if owner is Owner.COMPLAINTS:
            return self._holders_of(Role.COMPLAINTS_MANAGER) or managers
        return self._team_managers(case) or managers

    def _working(self, staff_id: int | None) -> list[int]:
        roles = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.IRO)
        is_working = any(staff_id in self._holders_of(role) for role in roles)
        return [staff_id] if staff_id is not None and is_working else []

    def _finding_homes(self) -> list[int]:
        rows = self._working_roles
        teams = ((key, team.casefold()) for key, held, team in rows if held == Role.MANAGER)
        return [key for key, team in teams if any(word in team for word in FINDING_HOMES)]

    def _team_managers(self, case: Case) -> list[int]:
        return self._holders_of(Role.MANAGER, case.team) if case.team else []

    @cached_property
    def _working_roles(self) -> list[tuple[int, str, str]]:
        return accounts.working_roles(self._session)

    def _holders_of(self, role: Role, team: str | None = None) -> list[int]:
        return [
            key
            for key, held, of_team in self._working_roles
            if held == role and team in (None, of_team)
        ]
