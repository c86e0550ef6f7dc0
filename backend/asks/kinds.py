"""The one table of asks: who owns each kind, in how many working days, and who else sees it."""

from dataclasses import dataclass
from enum import StrEnum


class AskKind(StrEnum):
    """What can be asked for; all but OTHER are buttons that carry no words."""

    SEE_WORKER = "see_worker"
    SEE_IRO = "see_iro"
    ADVOCATE = "advocate"
    RING_ME = "ring_me"
    NOBODY_CALLED = "nobody_called"  # asked for a call and none came: the manager's to put right
    PA_MANAGER = "pa_manager"
    COMPLAINT = "complaint"
    OTHER = "other"


class Owner(StrEnum):
    """Who answers an ask, as a part in the case and not as a name."""

    WORKER = "worker"  # a care leaver's personal adviser
    LEAD = "lead"  # the IRO; a care leaver's personal adviser
    MANAGER = "manager"
    PLACEMENTS = "placements"  # whoever finds homes
    COMPLAINTS = "complaints_manager"
    DUTY = "duty_reader"


class ContactHow(StrEnum):
    """How somebody first got in touch with a young person who asked for them."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    ARRANGED = "arranged"  # an advocate was found, and has said hello


class Outcome(StrEnum):
    """What the answer comes to."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Happened(StrEnum):
    """What the young person says came of it."""

    YES = "yes"
    NOT_YET = "not_yet"
    NO = "no"


@dataclass(frozen=True)
class Terms:
    """How one kind is handled; `days` are working days.

    `goes_past_lead`: the IRO (or PA) sees neither the ask nor the answer, because the ask may be
    about them. `worker_sees`: the social worker sees that it was asked though it is not theirs.
    """

    label: str
    owner: Owner
    days: int
    goes_past_lead: bool = False
    worker_sees: bool = False
    wants_contact: bool = False  # the days run until somebody got in touch, not until an answer


# First contact in 1 working day (product.md 2); complaints: stage 1 in 10 working days
# (The Children Act 1989 Representations Procedure (England) Regulations 2006, regulation 14).
TERMS: dict[AskKind, Terms] = {
    AskKind.SEE_WORKER: Terms(
        "See their social worker", Owner.WORKER, 1, worker_sees=True, wants_contact=True
    ),
    AskKind.SEE_IRO: Terms("Talk to their IRO", Owner.LEAD, 1, wants_contact=True),
    AskKind.ADVOCATE: Terms("An advocate", Owner.LEAD, 1, wants_contact=True),
    AskKind.RING_ME: Terms(
        "A call from their PA", Owner.WORKER, 1, worker_sees=True, wants_contact=True
    ),
    AskKind.NOBODY_CALLED: Terms(
        "Nobody has called them since", Owner.MANAGER, 1, worker_sees=True, wants_contact=True
    ),
    AskKind.PA_MANAGER: Terms(
        "Their PA's manager", Owner.MANAGER, 1, goes_past_lead=True, wants_contact=True
    ),
    AskKind.COMPLAINT: Terms("A complaint", Owner.COMPLAINTS, 10, goes_past_lead=True),
    AskKind.OTHER: Terms("In their words", Owner.WORKER, 5, worker_sees=True),
}
CHILD_BUTTONS = (AskKind.SEE_IRO, AskKind.SEE_WORKER, AskKind.ADVOCATE, AskKind.COMPLAINT)
LEAVER_BUTTONS = (AskKind.RING_ME, AskKind.PA_MANAGER, AskKind.ADVOCATE, AskKind.COMPLAINT)


def buttons_for(*, is_care_leaver: bool) -> tuple[AskKind, ...]:
    """The buttons that a child, or a care leaver, is offered."""
    return LEAVER_BUTTONS if is_care_leaver else CHILD_BUTTONS


OWNERS: dict[Owner, str] = {
    Owner.WORKER: "The social worker or PA",
    Owner.LEAD: "The IRO (or PA)",
    Owner.MANAGER: "The team manager",
    Owner.PLACEMENTS: "Whoever finds homes",
    Owner.COMPLAINTS: "The complaints manager",
    Owner.DUTY: "The duty desk",
}
# The same by whose the ask is: a care leaver has a PA and no IRO.
PARTS = {
    False: {Owner.WORKER: "The social worker", Owner.LEAD: "The IRO"},
    True: {Owner.WORKER: "The PA", Owner.LEAD: "The PA"},
}


def part_of(owner: Owner, *, is_care_leaver: bool) -> str:
    """Whose an ask is, in words that fit the young person who asked."""
    return PARTS[is_care_leaver].get(owner, OWNERS[owner])
