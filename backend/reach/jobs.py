"""What reach does once a day."""

from collections.abc import Callable

from sqlmodel import Session

from backend.reach import service

DAILY: tuple[Callable[[Session], None], ...] = (service.freeze_half_years,)
