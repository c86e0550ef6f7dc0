"""How each home is seen from each side: mostly alike, in a fixed minority of homes apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.demo.borough.draws import Chance, stream
from backend.demo.borough.records import Home

YOUNG_PEOPLE = ("child_5_10", "child_11_17", "care_leaver")


@dataclass(frozen=True, slots=True)
class Story:
    """Levels, 1 very bad to 5 very good, at which each side sees one home."""

    name: str
    child: float
    adult: float
    worker: float

    @property
    def is_apart(self) -> bool:
        """Whether the child sees the home otherwise than the worker does."""
        return abs(self.child - self.worker) >= 2

    def level(self, audience: str) -> float:
        """The level at which that audience sees the home."""
        if audience in YOUNG_PEOPLE:
            return self.child
        return self.worker if audience == "social_worker" else self.adult


# Share of homes, story.
STORIES = (
    (0.10, Story("child low, adults high", 1.6, 4.5, 4.4)),
    (0.04, Story("child high, adults low", 4.5, 2.0, 1.9)),
    (0.07, Story("all low", 1.7, 2.0, 1.9)),
    (0.20, Story("all middling", 3.0, 3.2, 3.1)),
)
ALL_WELL = Story("all well", 4.4, 4.5, 4.3)


def tell_stories(homes: Iterable[Home], seed: int) -> dict[str, Story]:
    """A story for every home, by fixed shares over the homes in an order that chance sets."""
    shared = [home.home_id for home in homes if home.kind != "P2"]
    stream(seed, "stories").shuffle(shared)
    told = dict.fromkeys(shared, ALL_WELL)
    start = 0
    for share, story in STORIES:
        stop = start + round(share * len(shared))
        told |= dict.fromkeys(shared[start:stop], story)
        start = stop
    return told


def own_place_story(chance: Chance) -> Story:
    """How a care leaver sees a place of their own; nobody else is asked about it."""
    level = chance.choice((1.7, 2.3, 3.0, 3.6, 4.2, 4.6))
    return Story("own place", level, level, level)
