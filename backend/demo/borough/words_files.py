"""Reads the words files: what children and adults say, on what, and whom a text would suit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.demo.borough.records import Person

FOLDER = Path(__file__).parent / "words"
FILES = {
    "child_5_10": "children_5_10.yaml",
    "child_11_17": "children_11_17.yaml",
    "care_leaver": "care_leavers.yaml",
    "carer": "carers.yaml",
    "provider_staff": "provider_staff.yaml",
    "parent": "parents.yaml",
    "social_worker": "social_workers.yaml",
}
# On these a young person who came alone says only what was written for one.
OWN_STORY_TOPICS = ("family", "identity")


@dataclass(frozen=True, slots=True)
class Saying:
    """One text with its topic and mood (1 very bad to 5 very good) and the limits of its use."""

    audience: str
    topic: str
    mood: int
    text: str
    ask: str | None
    answer: str | None
    where: str
    who: str
    sex: str
    from_age: int
    to_age: int

    def suits(self, person: Person, *, age: int, kind: str) -> bool:
        """Whether this person, at that age in a home of that PLACE code, might be its subject."""
        if self.who == "uasc" and not person.is_unaccompanied:
            return False
        if person.is_unaccompanied and self.topic in OWN_STORY_TOPICS and self.who != "uasc":
            return False
        is_place = not self.where or self.where in places_of(kind)
        is_sex = self.sex in ("", person.sex)
        return is_place and is_sex and self.from_age <= age <= self.to_age


def places_of(kind: str) -> tuple[str, ...]:
    """The words by which the files name a home of that PLACE code."""
    if kind == "K3":
        return ("staff", "supported")
    if kind in ("P1", "P2"):
        return {"P1": ("parents",), "P2": ("own",)}[kind]
    if kind in ("U1", "U2", "U3"):
        return ("foster", "kinship")
    return ("foster",) if kind[0] in "UA" else ("staff",)


@cache
def sayings(audience: str) -> tuple[Saying, ...]:
    """All ordinary texts of one audience, in the file's order."""
    topics = _read(FILES[audience])
    return tuple(
        _make_saying(audience, topic, mood, entry)
        for topic, moods in topics.items()
        for mood, entries in moods.items()
        for entry in entries
    )


@cache
def worries(kind: str) -> tuple[Saying, ...]:
    """The texts that hint at harm (`worrying`) or only sound alarming (`harmless`)."""
    return tuple(
        _make_saying(entry["audience"], entry["topic"], entry["mood"], entry)
        for entry in _read("worries.yaml")[kind]
    )


def forum_posts() -> Iterator[tuple[str, dict[str, str]]]:
    """Space and post, in the file's order; an absent answer is ''."""
    for space, posts in _read("forum.yaml").items():
        for post in posts:
            yield space, post


def _read(name: str) -> Any:
    # The base loader keeps every value as text: a child's "no" must not become a boolean.
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.BaseLoader)  # noqa: S506 - builds text alone


def _make_saying(audience: str, topic: str, mood: str, entry: str | dict[str, str]) -> Saying:
    limits = {"text": entry} if isinstance(entry, str) else entry
    return Saying(
        audience=audience,
        topic=topic,
        mood=int(mood),
        text=limits["text"],
        ask=limits.get("ask"),
        answer=limits.get("answer"),
        where=limits.get("where", ""),
        who=limits.get("who", ""),
        sex=limits.get("sex", ""),
        from_age=int(limits.get("min", 0)),
        to_age=int(limits.get("max", 25)),
    )
