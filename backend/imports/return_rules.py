"""The checks that a return's rows are held against: rows that fail are flagged, never repaired.

Numbers are those of the Department for Education's validation rules; the others are Heard's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from backend.history.service import ChildKey
from backend.imports.csv_files import Row
from backend.placements import queries as placements

MEANINGS = {
    "142": "a new episode has started, but this earlier one has not ended",
    "146": "placement type is no code of that time's list",
    "167": "participation is no code of the list",
    "178": "placement provider is no code of the list",
    "213": "a temporary or other placement has a provider code",
    "385": "the episode ends after the year of the return",
    "399": "a review of a child who has only short breaks (V3, V4)",
    "440": "participation is PN0, but the child was over 4",
    "441": "participation is PN1 to PN7, but the child was under 4",
    "501": "the episode starts before the one before it has ended",
    "550": "provider is PR0, but the placement is not P1",
    "1009": "reason for placement change is no code of the list",
    "blank_home_postcode": "no home postcode",
    "blank_place_postcode": "no placement postcode",
    "child_not_in_header": "the child stands in this file and not in the header",
    "child_twice": "the same CHILD stands with two dates of birth",
    "child_without_episode": "the child stands in the header and has no episode",
    "end_before_start": "ends before it starts",
    "review_after_year_end": "the review is dated after the year of the return",
    "review_conflicting": "two reviews of the same child and date with different codes",
    "review_twice": "the same review stands twice",
}
SHORT_BREAKS = frozenset({"V3", "V4"})
NO_PROVIDER = ("T", "Z")
PAIRS = frozenset({"review_twice", "review_conflicting"})


@dataclass(slots=True)
class Episode:
    """An episode while it is being checked."""

    child: ChildKey
    row: Row
    started_on: date
    ended_on: date | None
    legal_status: str
    place: str
    provider: str
    reason_place_change: str
    flags: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        """The line of the file on which it begins."""
        return self.row.line


@dataclass(slots=True)
class Review:
    """A review while it is being checked."""

    child: ChildKey
    line: int
    reviewed_on: date
    code: str
    flags: set[str] = field(default_factory=set)


def fourth_birthday(date_of_birth: date) -> date:
    """The day on which somebody is four; from 29 February it can only be one too."""
    try:
        return date_of_birth.replace(year=date_of_birth.year + 4)
    except ValueError:
        return date(date_of_birth.year + 4, 3, 1)


def year_end_of(starts: Iterable[date]) -> date | None:
    """The 31 March on or after the newest start of an episode; None where none starts.

    A return names its year nowhere. Episodes that start after its year cannot stand in it, so the
    newest start lies in it; reviews and ends can be wrong or planned, and decide nothing.
    """
    newest = max(starts, default=None)
    if newest is None:
        return None
    return date(newest.year + (newest > date(newest.year, 3, 31)), 3, 31)


def check_episodes(episodes: Sequence[Episode], year_end: date) -> None:
    """Flag each episode by itself, then against the child's others."""
    by_child: dict[ChildKey, list[Episode]] = defaultdict(list)
    for episode in episodes:
        _check_codes(episode, year_end)
        if episode.ended_on is not None:
            if episode.ended_on < episode.started_on:
                episode.flags.add("end_before_start")
            if episode.ended_on > year_end:
                episode.flags.add("385")
        by_child[episode.child].append(episode)
    for mine in by_child.values():
        _check_order(sorted(mine, key=lambda one: (one.started_on, one.ended_on or date.max)))


def _check_codes(episode: Episode, year_end: date) -> None:
    first, last = episode.started_on, episode.ended_on or year_end
    if not placements.is_known_code("placement_type", episode.place, first, last):
        episode.flags.add("146")
    has_no_provider = episode.place.startswith(NO_PROVIDER)
    if has_no_provider and episode.provider:
        episode.flags.add("213")
    if (episode.provider or not has_no_provider) and not placements.is_known_code(
        "place_provider", episode.provider, first, last
    ):
        episode.flags.add("178")
    if episode.provider == "PR0" and episode.place != "P1":
        episode.flags.add("550")
    reason = episode.reason_place_change
    if reason and not placements.is_known_code("reason_place_change", reason, first, last):
        episode.flags.add("1009")


def _check_order(mine: Sequence[Episode]) -> None:
    for number, episode in enumerate(mine):
        if episode.ended_on is None and number + 1 < len(mine):
            episode.flags.add("142")
        if any(one.ended_on and one.ended_on > episode.started_on for one in mine[:number]):
            episode.flags.add("501")


def check_reviews(
    reviews: Sequence[Review], episodes: Sequence[Episode], year_end: date | None
) -> list[tuple[str, Review, Review]]:
    """Flag each review; returns the pairs of the same child and date, each with its rule."""
    only_short_breaks = _children_with_short_breaks_alone(episodes)
    for review in reviews:
        _check_review(review, year_end)
        if review.child in only_short_breaks:
            review.flags.add("399")
    return _check_pairs(reviews)


def _children_with_short_breaks_alone(episodes: Sequence[Episode]) -> set[ChildKey]:
    statuses: dict[ChildKey, set[str]] = defaultdict(set)
    for episode in episodes:
        statuses[episode.child].add(episode.legal_status)
    return {child for child, mine in statuses.items() if mine <= SHORT_BREAKS}


def _check_review(review: Review, year_end: date | None) -> None:
    if not placements.is_known_code("participation", review.code, review.reviewed_on):
        review.flags.add("167")
    elif review.child[1] is not None:
        birthday = fourth_birthday(review.child[1])
        if review.code == "PN0" and review.reviewed_on > birthday:
            review.flags.add("440")
        if review.code != "PN0" and review.reviewed_on < birthday:
            review.flags.add("441")
    if year_end is not None and review.reviewed_on > year_end:
        review.flags.add("review_after_year_end")


def _check_pairs(reviews: Sequence[Review]) -> list[tuple[str, Review, Review]]:
    first: dict[tuple[ChildKey, date], Review] = {}
    pairs = []
    for review in reviews:
        other = first.setdefault((review.child, review.reviewed_on), review)
        if other is review:
            continue
        rule = "review_twice" if other.code == review.code else "review_conflicting"
        other.flags.add(rule)
        review.flags.add(rule)
        pairs.append((rule, other, review))
    return pairs
