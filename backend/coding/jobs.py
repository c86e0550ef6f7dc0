"""What coding leaves for later: learning from decisions, and coding anew with what was learnt."""

from collections.abc import Callable

from sqlmodel import Session

from backend.coding import discoveries, learning
from backend.core.jobs import Apart, Handler

HANDLERS: dict[str, Handler] = {
    learning.LEARN_JOB: Apart(learning.learn),
    learning.RECODE_JOB: Apart(learning.recode),
    discoveries.DISCOVER_JOB: Apart(discoveries.search),
}
DAILY: tuple[Callable[[Session], None], ...] = (
    learning.keep_up,
    discoveries.look_nightly,
)
