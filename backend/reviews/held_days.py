"""Refuses a day, or a code, that cannot be those of a review that was held."""

from datetime import date, timedelta

from sqlmodel import Session

from backend.core import clock
from backend.placements import queries as placements
from backend.reviews import queries
from backend.reviews.limits import PATHWAY
from backend.reviews.models import Review

MOST_AGO = timedelta(days=366)


class ReviewRefused(Exception):
    """What was entered about a review cannot be; the message says why."""


def check_held(review: Review, held_on: date, code: str) -> None:
    """That a review may be confirmed as held on a day, with a code; raises ReviewRefused."""
    if review.cancelled_on is not None:
        raise ReviewRefused("Somebody cancelled this review. Confirm the one that took its place.")
    if held_on > clock.today():
        raise ReviewRefused("The day it was held is still to come. Enter a day up to today.")
    known = {one for one, _ in placements.participation_codes(review.due_on)}
    # A care leaver's pathway-plan review has no participation code: the return has no place for it.
    if code not in known and (code or review.kind != PATHWAY):
        raise ReviewRefused("Choose a participation code.")


def check_order(session: Session, review: Review, held_on: date, began_on: date) -> None:
    """That a review is not confirmed as held before the one before it, nor years ago; raises
    ReviewRefused."""
    if held_on < clock.today() - MOST_AGO:
        raise ReviewRefused("That is more than a year ago. Check the year.")
    if review.adjourned_on is not None and held_on < review.adjourned_on:
        raise ReviewRefused("It was adjourned after that. Enter the day it was completed.")
    before = queries.review_before(session, review) if review.held_on is None else None
    day = before.held_on if before is not None and before.kind == review.kind else None
    if day is not None and began_on < day:
        words = f"The review before was held on {day.day} {day:%B %Y}. Enter a later day."
        raise ReviewRefused(words)
