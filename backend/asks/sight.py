"""Who sees an ask: whoever owns it and whoever may read the words that it was made of."""

from dataclasses import dataclass, field
from enum import IntEnum

from backend.asks.kinds import TERMS, AskKind
from backend.core.access.identity import StaffIdentity
from backend.core.access.policy import may_read
from backend.core.access.predicates import (
    Case,
    Reach,
    Words,
    is_lead,
    is_team_manager,
    is_worker,
)


class Sight(IntEnum):
    """How much of an ask a member of staff sees."""

    NOTHING = 0
    FACT = 1  # that there is one, and its clock
    WORDS = 2


@dataclass(frozen=True)
class Source:
    """How far the answer travels from which an ask was made; the start for words of their own."""

    reach: Reach = Reach.ASK_FIRST
    hidden_from: frozenset[int] = field(default_factory=frozenset)
    may_be_said: bool = False
    is_taken_back: bool = False  # out of the meeting; those who read it already still may


def sight_of(
    viewer: StaffIdentity,
    kind: AskKind,
    case: Case,
    *,
    owners: list[int],
    source: Source | None,
    is_overdue: bool,
) -> Sight:
    """How much this viewer sees; `source` is None for a button, which carries no words."""
    if source is not None and viewer.staff_id in source.hidden_from:
        return Sight.NOTHING
    most = Sight.WORDS if _may_see_words(viewer, case, source) else Sight.FACT
    if any(viewer.is_or_stands_in_for(owner) for owner in owners):
        return most
    terms = TERMS[kind]
    if terms.goes_past_lead:
        return Sight.NOTHING
    is_around = is_lead(viewer, case) or (terms.worker_sees and is_worker(viewer, case))
    if is_around and most is Sight.WORDS:
        return most
    if is_overdue and terms.worker_sees and is_team_manager(viewer, case):
        return most if source is None or source.reach is not Reach.ONLY_IRO else Sight.NOTHING
    return Sight.NOTHING


def _may_see_words(viewer: StaffIdentity, case: Case, source: Source | None) -> bool:
    if source is None:
        return True
    # What the child ticked for the meeting is said there before everybody who can act on it.
    words = Words(case=case, reach=source.reach, hidden_from=source.hidden_from)
    return (source.may_be_said and source.reach is not Reach.ONLY_IRO) or may_read(viewer, words)
