"""Which review a page is of and where the young person lives, and the moments that asking has."""

from dataclasses import dataclass
from datetime import date

from backend.core.access.permissions import Kind

BEFORE_REVIEW, OBSERVER, ANYTIME = "before_review", "observer", "anytime"
KEEP_IN_TOUCH = "keep_in_touch"
HOME_NOW = ("home_move", "home_first", "home")
FOR_A_REVIEW = (BEFORE_REVIEW, OBSERVER)
CARERS = (Kind.CARER, Kind.PROVIDER_STAFF)


@dataclass(frozen=True)
class Place:
    """Which review it is, and where the young person lives since when; None where not known.

    What belongs to another review or another home is then kept apart.
    """

    review_id: int | None = None
    home_id: int | None = None
    moved_on: date | None = None
