"""Pure questions about an identity and the case it asks about; no database, no request."""

from dataclasses import dataclass, field
from enum import StrEnum

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role


class Reach(StrEnum):
    """The rows of the table "Who reads what": how far one answer travels."""

    ASK_FIRST = "ask_first"
    ONLY_IRO = "only_iro"
    NOT_SAFE = "not_safe"
    ADULT_FORM = "adult_form"
    WORKER_TAPS = "worker_taps"
    KEEP_IN_TOUCH = "keep_in_touch"


class Part(StrEnum):
    """Who a child can share their words for their next home with, as a part and not as a name, so
    that a yes follows the case."""

    LEAD = "lead"
    WORKER = "worker"
    FINDS_HOMES = "finds_homes"


class Place(StrEnum):
    """The places around a child whose holder they can hide words from."""

    WORKER = "worker"
    IRO = "iro"


@dataclass(frozen=True)
class Case:
    """Who stands around one child or care leaver, as the extract says today."""

    person_id: int
    is_care_leaver: bool = False
    iro_id: int | None = None
    worker_id: int | None = None
    personal_adviser_id: int | None = None
    team: str = ""


# How councils name the team that finds homes for children.
FINDING_HOMES = ("placement", "commissioning")


@dataclass(frozen=True)
class Words:
    """One answer or submission, as far as deciding who may read it needs to know."""

    case: Case
    reach: Reach
    is_sent: bool = True
    is_raised: bool = False
    recorded_readers: frozenset[int] = field(default_factory=frozenset)
    hidden_from: frozenset[int] = field(default_factory=frozenset)


def is_lead(identity: StaffIdentity, case: Case) -> bool:
    """The child's IRO, or a care leaver's personal adviser; or the named deputy of either."""
    lead = case.personal_adviser_id if case.is_care_leaver else case.iro_id
    role = Role.PERSONAL_ADVISER if case.is_care_leaver else Role.IRO
    return role in identity.roles and identity.is_or_stands_in_for(lead)


def is_worker(identity: StaffIdentity, case: Case) -> bool:
    """The social worker or personal adviser who works with this person today."""
    return (
        Role.SOCIAL_WORKER in identity.roles and identity.is_or_stands_in_for(case.worker_id)
    ) or (
        Role.PERSONAL_ADVISER in identity.roles
        and identity.is_or_stands_in_for(case.personal_adviser_id)
    )


def is_team_manager(identity: StaffIdentity, case: Case) -> bool:
    """The manager of the team that the case belongs to."""
    return Role.MANAGER in identity.roles and bool(case.team) and identity.team == case.team


def is_duty_reader(identity: StaffIdentity, case: Case) -> bool:
    """Anybody on the duty desk, whatever the case."""
    return Role.DUTY_READER in identity.roles


def is_around(identity: StaffIdentity, case: Case) -> bool:
    """The child's own IRO, worker or personal adviser."""
    return is_lead(identity, case) or is_worker(identity, case)


def finds_homes(identity: StaffIdentity, case: Case) -> bool:
    """A manager of the team that finds homes for children."""
    team = identity.team.casefold()
    return Role.MANAGER in identity.roles and any(word in team for word in FINDING_HOMES)


def handles_paper(identity: StaffIdentity, case: Case) -> bool:
    """Those around the child, and the participation officer, who sees to paper for everybody."""
    return is_around(identity, case) or Role.PARTICIPATION_OFFICER in identity.roles


def reaches_out(identity: StaffIdentity, case: Case) -> bool:
    """Those around the child, the team's manager, and the participation officer, who sees to it
    that everybody is asked."""
    return handles_paper(identity, case) or is_team_manager(identity, case)


def always(identity: StaffIdentity, case: Case) -> bool:
    """No condition beyond the role."""
    return True
