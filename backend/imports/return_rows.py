"""Turns a return's checked episodes and reviews into rows of history, as they were given."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from backend.history.service import ChildKey, EpisodeRow, ReviewRow
from backend.imports.return_rules import Episode, Review

# For these the URN is the home's own; a fostering URN is the agency's and makes no home.
HOMES_BY_URN = frozenset({"K1", "K2", "K3", "R1", "S1"})
NO_URN = frozenset({"", "XXXXXXX"})


def episode_rows(episodes: Sequence[Episode], year_end: date) -> list[EpisodeRow]:
    """Every episode; those of the same child and start are numbered in the file's order."""
    occurrences: Counter[tuple[ChildKey, date]] = Counter()
    rows = []
    for episode in episodes:
        occurrences[episode.child, episode.started_on] += 1
        row = episode.row
        rows.append(
            EpisodeRow(
                child=episode.child,
                started_on=episode.started_on,
                occurrence=occurrences[episode.child, episode.started_on],
                reason_started=row.get("RNE").upper(),
                legal_status=episode.legal_status,
                place=episode.place,
                place_provider=episode.provider,
                ended_on=episode.ended_on,
                reason_ended=row.get("REC").upper(),
                reason_place_change=episode.reason_place_change,
                home_postcode=row.get("HOME_POST").upper(),
                place_postcode=row.get("PL_POST").upper(),
                urn=row.get("URN").upper(),
                year_end=year_end,
                flags=",".join(sorted(episode.flags)),
            )
        )
    return rows


def review_rows(reviews: Sequence[Review]) -> list[ReviewRow]:
    """Every review; exact duplicates are numbered in the file's order."""
    occurrences: Counter[tuple[ChildKey, date, str]] = Counter()
    rows = []
    for review in reviews:
        key = (review.child, review.reviewed_on, review.code)
        occurrences[key] += 1
        flags = ",".join(sorted(review.flags))
        rows.append(ReviewRow(*key, occurrence=occurrences[key], flags=flags))
    return rows


def homes_by_urn(episodes: Sequence[Episode]) -> dict[str, str]:
    """Residential homes by URN with their placement type; the newest episode's, where several."""
    homes = {}
    for episode in sorted(episodes, key=lambda one: one.started_on):
        urn = episode.row.get("URN").upper()
        if episode.place in HOMES_BY_URN and urn not in NO_URN:
            homes[urn] = episode.place
    return homes
