"""Who is asking: staff with roles, or a contributor with how far their door is open."""

from dataclasses import dataclass, field

from backend.core.access.permissions import Kind, Role


@dataclass(frozen=True)
class StaffIdentity:
    """A signed-in member of staff; `stands_in_for` are colleagues who named them as deputy."""

    staff_id: int
    name: str
    roles: frozenset[Role]
    team: str = ""
    stands_in_for: frozenset[int] = field(default_factory=frozenset)
    must_choose_password: bool = False

    @property
    def actor(self) -> str:
        """How audit names this identity."""
        return f"staff:{self.staff_id}"

    def is_or_stands_in_for(self, staff_id: int | None) -> bool:
        """Whether this is that colleague, or their named deputy."""
        return staff_id is not None and (
            staff_id == self.staff_id or staff_id in self.stands_in_for
        )


@dataclass(frozen=True)
class ContributorIdentity:
    """Somebody who came in by link or code; `is_known` after their own secret or an opening link.

    `reads_from` limits past words to those written at or after that moment (an ISO date-time),
    because a secret set without the worker or IRO opens only what is written after it.
    `let_in_by` is the member of staff whose opening link opened this page, or under whose link
    the secret was chosen: what was hidden from them stays shut, or they could read it from here.
    """

    contributor_id: int
    kind: Kind
    person_id: int | None
    is_known: bool
    session_id: int
    reads_from: str | None = None
    came_by_opening_link: bool = False
    let_in_by: int | None = None

    @property
    def actor(self) -> str:
        """How audit names this identity."""
        return f"contributor:{self.contributor_id}"

    @property
    def is_young_person(self) -> bool:
        """Whether this is the child or care leaver themselves."""
        return self.kind in (Kind.CHILD, Kind.CARE_LEAVER)


Identity = StaffIdentity | ContributorIdentity
