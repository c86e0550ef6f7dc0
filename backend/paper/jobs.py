"""What paper does once a day."""

from collections.abc import Callable

from sqlmodel import Session

from backend.paper.drafts import delete_old_drafts

DAILY: tuple[Callable[[Session], None], ...] = (delete_old_drafts,)
